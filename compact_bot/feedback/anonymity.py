"""What words say about not being named. Pure functions over text; they know nothing of what is logged or by whom.

Whoever asks that nobody is to know who they are is never named by mistake: what only may mean it is asked about.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from knowledge.words import fold


class Wish(StrEnum):
    """NONE also where it is the subject of an ordinary question; HINTED is to be asked about, with nothing kept."""

    NONE = "none"
    HINTED = "hinted"
    STATED = "stated"


WITH_NAME = "(with my name)"  # at the end of a sentence: the person was asked, and wants to be named

# ---- words, whatever they are typed like -----------------------------------------------------------------------------

# Letters of other alphabets that look like ours, and the blanks that are letters to Unicode.
_ALIKE = str.maketrans("аеіорсухѕмнтвкαεινοτυχρ", "aeiopcyxsmhtbkaeivotuxp") | dict.fromkeys(
    map(ord, "\u115f\u1160\u2800\u3164\uffa0")
)
_STOPS = re.compile(r"(?:[;:!?()\[\]|\n]|\.(?!\d)|\s[-–—]+\s)+")
_BREAKS = re.compile(r"((?:[,;:!?()\[\]{}|\n\"“”]|\.(?!\d)|\s[-–—]+\s)+)")
_MISSPELT = {
    "anonymous": 2, "anonymously": 2, "anonymity": 2, "confidential": 2, "confidentially": 2, "confidentiality": 2,
    "nameless": 1,
}  # fmt: skip
_SLIPS = {"nmae": "name", "naem": "name", "dnt": "dont", "recrod": "record", "menton": "mention"}
_MIXED, _DIGITS_FOR_LETTERS = re.compile(r"[a-z]+[0134][a-z0-9]+"), str.maketrans("0134", "oiea")
_ANON = re.compile(
    r"(?!synonym|anonymi[sz])(?:\w*anonym|an{1,2}[aeio]n{1,2}[aeiouy]m[aeiou]|\w{0,2}(?<!sy)nonym|ann?onn?y?s?$)"
)


@lru_cache(maxsize=10_000)
def _spelt(word: str) -> str:
    """ "annonymous", "anon" and "confidental" as they are meant; every other word as it is."""
    word = _SLIPS.get(word, word.translate(_DIGITS_FOR_LETTERS) if _MIXED.fullmatch(word) else word)
    if word in _MISSPELT or len(word) < 4:
        return word
    if _ANON.match(word):
        return "anonymously" if word.endswith(("ly", "li")) else "anonymity" if word.endswith("ty") else "anonymous"
    if word[:2] in ("an", "am", "on", "co", "na"):
        for right, most in _MISSPELT.items():
            if word[:1] in (right[0], "o") and DamerauLevenshtein.distance(word, right, score_cutoff=most) <= most:
                return right
    return word


def _words(text: str) -> list[str]:
    folded = fold(unicodedata.normalize("NFKC", text)).translate(_ALIKE).replace("'", "")
    return [_spelt(word) for word in re.findall(r"[a-z0-9]+", folded)]


def _sentences(text: str) -> str:
    """The words with one blank between and around them, and a full stop for each break but a comma."""
    return f" {' . '.join(' '.join(_words(part)) for part in _STOPS.split(text))} "


# ---- phrases ---------------------------------------------------------------------------------------------------------


def _any(phrases: str) -> str:
    """A pattern for any of some phrases, which commas part."""
    return f"(?:{'|'.join(' '.join(phrase.split()) for phrase in phrases.split(','))})"


def _phrases(*patterns: str) -> re.Pattern[str]:
    """Whole words within a sentence."""
    return re.compile(rf" (?:{'|'.join(patterns)}) ")


_POLITE = _any(
    "hi, hello, hey, please, pls, just, ok, so, also, and, but, sorry, quick, question, um, er, well, morning, [.]"
)
_HIDDEN = _any(
    """anonymous, anonymously, nameless, unnamed, unidentified, unknown, incognito, unsigned, confidential,
    confidentially, secret, private, quiet, off the record, between us, between you, between ourselves, unattributed,
    unattributable, under wraps, hush hush, yourself, schtum, shtum"""
)
_KEEP = _any(
    """remain, remaining, stay, stays, staying, be, keep, keeping, kept, make, making, treat, treated, treating, file,
    mark, marked, log, logged, record, recorded, handle, go, send, sent, post, as, hold, held"""
)
_KEPT_SO = _any(
    """me, us, this, it, that, all, everything, here, please, down, as, to be, being, is, to, completely, strictly,
    fully, totally, entirely, absolutely, very, be, in, what i said, my \\w+"""
)
# A wish of the speaker's own, whatever the shape of the sentence.
_STRONG = _phrases(
    rf"{_KEEP} (?:{_KEPT_SO} ){{0,5}}{_HIDDEN}",
    r"(?:keep|keeping|leave|leaving|count) (?:(?:me|myself) (?:\w+ )?out|(?:my|our) \w+ out of)",
    r"(?:keep|keeping|leave|leaving) us (?:\w+ )?out of (?:it|this)",
    r"stay(?:ing)? out of (?:it|this)",
    r"(?:hide|hiding|protect|protecting|shield) (?:me|us|who)|who(?:ever)? (?:i am|im|we are)",
    r"(?:(?:it|this|that) )?(?:was|is|its|wasnt|isnt) (?:me|mine)|back to (?:me|us)|from me|not (?:by|through) me",
    r"gets? back|trac\w+ (?:this|it|that) back|(?:to )?(?:not )?find out",
    r"(?:tell|telling|told) (?:no one|nobody|noone|not a soul)",
    r"(?:dont|do not|not|never|not to be) (?:tell|telling|told) (?:on|anyone|anybody|a soul|them|people|others)",
    r"(?:dont|not|do not|never) (?:let on|quote|out me|name me|name us|want credit|involve me)",
    r"non attributable|unattribut\w+",
    r"nameless|no names?|unnamed|un named|unsigned|incognito|a n other|an other person|pseudonym\w*|names? withheld",
    r"w o (?:(?:my|our|a|any) )?names?|well wisher|under your hats?|never here|signed (?:nobody|no one)",
    r"sender (?:[.] )?(?:withheld|unknown|nobody|none)|(?:as|from|by|signed) an? (?:concerned|undisclosed|anonymous)",
    r"(?:i|im|id|ill)(?: \w+){0,4} (?:anonymous|anonymously|anonymity|confidentiality)",
    r"anonymous(?:ly)?(?: \w+){0,2} (?:please|pls|thanks|thank you)",
)
# What nearly always asks for it, unless somebody asks about it.
_IDIOM = _phrases(
    r"between (?:us|you and me|you and i|ourselves|you me and|the two of us|these walls)(?! (?:and|who|what|which))",
    r"off (?:the )?records?|not (?:for|on) (?:the )?record|unofficially|under the radar|behind closed doors",
    r"in (?:the )?(?:(?:strict(?:est)?|full|total|complete) )?(?:confidence|secret)|in private",
    r"strictly (?:private|confidential)|private (?:and )?confidential|not for attribution",
    r"privately|confidentially|secretly|discreetly|anonymously|unattributably|chatham house|little bird",
    r"on the (?:quiet|qt|sly|hush)|hush hush|mums the word|for your (?:eyes|ears) only|eyes only",
    r"whistle ?blow\w*|blow(?:ing)? the whistle|entre nous|sub rosa",
)
# In a message that logs something, these are enough to ask.
_LOOSE = _phrases(
    r"(?:private|secret|hush|discreet|discreetly)(?: please| pls| thanks)?(?= (?:[.]|$))|with discretion",
    r"(?:be|being) discreet",
    r"reprisals?|repercussions?|retaliat\w+|in trouble|(?:an|my) alias|invisible|disguise me",
    r"need protection|keep me safe",
    r"names? (?:[.] )?(?:none|n a|na|nil|unknown|nobody|suppressed)|author (?:[.] )?unknown|otr|of the record|only you",
    r"(?:nobody|no one)(?: \w+)? needs? to know|not me|word about me|wasnt the one|associated with (?:this|it)",
    r"(?:dont|not|never) (?:connect|associate|tie|put) (?:this|it|me)(?: \w+)? (?:with|to|near|on) (?:me|it|this)",
    r"(?:dont|do not|not) (?:want|wish)(?: \w+){0,3} (?:in|on) (?:the|any|your) (?:records?|log|file)",
)
_WEAK = _phrases("anonymous|anonymity|confidential|confidentiality|nameless|unnamed")
_LOG_VERB = _any(
    """complain, complaining, log, logging, report, reporting, raise, raising, flag, flagging, tell, telling, note,
    record, register, lodge, submit, say, saying, speak, speaking, share, sharing, send, give, giving, leave, make,
    making, file, filing, praise, suggest, comment, disclose, mention, inform, let, write, talk, post, pass, put"""
)
_WILLING = _any(
    """would, want, need, wish, like, love, prefer, can, could, may, might, have, got, am, must, should, to, just,
    also, really, please, only, shall, do, going, hoping, trying, rather, wanna, wanting"""
)
# "I want to complain", "can you log", "is there a way to report": an act of the speaker's, though it may ask.
_ACT = re.compile(
    rf" (?:i|we|id|wed|ill|im|you) (?:{_WILLING} )*{_LOG_VERB} "
    rf"|^ (?:(?:{_POLITE}|can|could|would|will|you|i|we|someone|somebody|want|to) )*{_LOG_VERB} "
    rf"| (?:possible|way|able|allowed|okay|ok|how) to {_LOG_VERB} "
)
_ENTRY = _any(
    """complaint, report, feedback, tip, tip off, grievance, concern, comment, allegation, note, message, suggestion,
    disclosure, praise, entry, statement"""
)
_NOUN = _phrases(rf"(?:anonymous|confidential|nameless|unnamed|secret|private) (?:\w+ )?{_ENTRY}")
_ASKING = _any(
    """what, whats, which, who, whos, whom, whose, when, where, wheres, why, how, hows, is, are, was, were, do, does,
    did, can, could, may, might, must, shall, should, will, would, has, have, had, am, isnt, arent, doesnt, cant, any,
    anything, show, explain, define, find, look up, search, read, clause, clauses, section, wondering"""
)
_ASKS = re.compile(
    rf"^ (?:{_POLITE} )*(?:{_ASKING}|(?:tell me|let me know) (?:about|what|who|whether|if|where|how)"
    r"|(?:i|id|we|wed|im) (?:\w+ ){0,3}(?:know|ask|asking|understand|check|wonder|wondering|sure|question)) "
)
_ABOUT_THE_TEXT = re.compile(
    rf"^ (?:{_POLITE} )*(?:what|where|which|how|does|do|is|are|can|did|has|tell me|show me|anything|any) "
    r"(?:\w+ ){0,8}?"
    r"(?:says?|mentions?|covers?|states?|promises?|requires?|compact|agreement|clauses?) "
)
# What is done to a record, or asked of the assistant: their words are not feedback of the speaker's.
_COMMAND = re.compile(
    rf"^ (?:{_POLITE} |can you |could you )*"
    + _any(
        """track, remind us, remind me, digest, settings, closed, check notice, check the notice, check consultation,
        check the consultation, teach, untaught, set contact, add contact, not what i asked, pass on [.]"""
    )
    + " "
)
_RECORD = re.compile(
    rf"^ (?:{_POLITE} |can you |could you )*(?:(?:mark|status|show) )*"
    r"(?:(?:acknowledged?|resolved?|reopen|open|no action|on|owner|done|snooze|move|change|drop|leads|rationale) ){0,2}"
    r"[df]\d{1,7} "
)
_TELLS = re.compile(
    r" (?:(?!need|feed|speed|indeed|funded|based|shared|related|agreed|limited|untied)\w{2,}ed|harass\w*|"
    + _any(
        """paid, gave, given, got, was, were, did, didnt, had, hasnt, havent, wasnt, werent, never, late, told, took,
        sent, made, left, kept, held, cut, came, went, wont, refuses, keeps, ignores, bullies, bullying, lies, lying,
        lied, threatens, threatening, shouts, rude"""
    )
    + ") "
)
_I = _phrases("i|im|ive|id|ill|me|my|myself")
_SAYS = re.compile(
    rf"^ (?:(?:{_POLITE}|can|could|would|you|i|want|to|like|id) )*(?:anonymous(?:ly)? |confidential(?:ly)? )?"
    r"(?:feedback|praise|suggest|suggestion|log|report|complaint|complain) (?P<next>\S*)"
)
_ASKED_OF = frozenset(
    "on about from to for forms form after before at in when what how who of policy policies must as".split()
)
_BARE = _phrases("anonymous|anonymously|nameless")
# Of these alone, a piece of a sentence says nothing but the wish.
_ONLY = frozenset(
    """a absolutely all also an and anonymous anonymously any anyone anybody as attach be being but by can completely
    could do does dont everyone feedback file for from full fully give given have i id if ill im in include is it its
    keep kept know later leave like log logged made make mark me mention must my myself name nameless named names need
    never no nobody not note of off on one only or our out own please pls possible post prefer print publish put quote
    rather real record recorded remain report say send share should show sign so someone stay staying store strictly
    ta thank thanks that the there this to totally treat treated treating unnamed us use want wants was we who will
    wish with without would write you your""".split()
)


# ---- somebody's own name, in any phrasing ----------------------------------------------------------------------------

_OWN = frozenset("i im ive id ill me my mine myself we us our ours ourselves sender reporter source author".split())
_ONESELF = frozenset("i im ive id ill me my mine myself".split())
_HIDES = frozenset(
    """afraid avoid away blank cannot cant concealed conceal delete dont drop erase exclude fear forget hidden hide
    hiding hold instead mask refrain sooner suppress keep keeping kept leave leaving minus mustnt neednt never no
    nobody noone none nor not off omit omitted out prefer prevent private protect protected protecting rather redact
    refuse remain remove removed sans scared secret shouldnt stay strip unless unwilling withheld withhold withholding
    without wont worried wouldnt""".split()
)
_AFTER_A_NAME = frozenset(
    """anonymous away back cannot cant confidential dont hidden mustnt never none not off omitted out private
    protected removed safe secret shouldnt undisclosed unknown unsaid withheld wont""".split()
)
_TOLD_OF = frozenset("did does doesnt had has have was were".split())  # "was not named" tells; "do not name" asks
_PAST = re.compile(
    r"(?!need)\w{2,}ed|told|gave|said|got|paid|sent|came|went|knew|knows|heard|saw|made|took|had|was|were|did|cares|has"
)
_NAMES = re.compile(r"names?|identity|identities|identifiers?|details|signature|initials")
_BEFORE_ANY_NAME = frozenset("a any full giving putting real use using".split())
_NAMING = re.compile(
    r"named|naming|identif\w+|attribut\w+|credit(?:ed|ing)?|quot(?:e|ed|ing)|mention(?:ed|ing)?|trac(?:e|ed|eable|ing)"
    r"|recogni[sz]\w+|reveal\w*|disclos\w+|expos\w+|outed|linked|seen|sender|reporter|source|author"
)
_KNOWING = re.compile(
    r"know|knew|known|knowing|find|finding|found|guess|learn|learning|realise|hear|see|trace|work|suspect"
)
_TELLING = frozenset("say saying tell telling".split())
_TELLER = frozenset(
    "am do has i im is it me sent said that this told us was we wrote reported complained logged raised spoke".split()
)


def _asks_not_to_be_known(sentence: list[str], own: frozenset[str]) -> bool:
    """Whether words that hide, words that name, and the speaker stand close together, in whatever order and phrasing.

    What is told of others ("they did not tell us who decided") is left alone.
    """
    return any(
        _is_hidden(word, sentence[max(0, at - 8) : at], sentence[at + 1 : at + 7], own)
        for at, word in enumerate(sentence)
    )


def _is_hidden(word: str, before: list[str], after: list[str], own: frozenset[str]) -> bool:
    if _NAMES.fullmatch(word):
        theirs = bool(set(before[-3:]) & (own | {f"{who}s" for who in own})) or _is_anybodys(before, own)
        return theirs and (_hides(before) or _is_to_be_hidden(before, after))
    if _NAMING.fullmatch(word) and (own & {*before, *after, word} or {"be", "being"} & set(before[-2:])):
        return _hides(before)
    if _KNOWING.fullmatch(word):
        return bool(own & set(after) or "who" in after) and _hides(before) and not _is_ignorance(before)
    if word in _TELLING:
        return after[:1] in (["it"], ["this"], ["that"]) and bool(own & set(after)) and _hides(before)
    if word in ("who", "whom"):
        near = after[:3]
        return (not near or near[0] in _TELLER or bool(own & set(near))) and _hides(before)
    return word == "attribution" and _hides(before)


def _is_anybodys(before: list[str], own: frozenset[str]) -> bool:
    """ "no name", "without giving a name": of whom is not said, so of whoever speaks."""
    return own is _OWN and (not before or before[-1] in _HIDES or before[-1] in _BEFORE_ANY_NAME)


def _is_to_be_hidden(before: list[str], after: list[str]) -> bool:
    """ "my name must not appear", but not "our name was left off" or "they took our names off"."""
    away = next((at for at, word in enumerate(after) if word in _AFTER_A_NAME), None)
    return (
        away is not None and not _TOLD_OF & set(after[:away]) and not {"took", "crossed", "struck"} & set(before[-3:])
    )


def _hides(before: list[str]) -> bool:
    """Whether something is to be hidden, rather than told of: "was not", "never told", "nobody knows"."""
    for at, word in enumerate(before):
        if word not in _HIDES:
            continue
        rest = before[at + 2 :] if before[at : at + 2] == ["no", "one"] else before[at + 1 :]
        told = at > 0 and before[at - 1] in _TOLD_OF and not {"want", "wish", "like"} & set(rest[:1])
        tells = word in ("never", "nobody", "noone", "none", "no") and rest and _PAST.fullmatch(rest[0])
        if not told and not tells:
            return True
    return False


def _is_ignorance(before: list[str]) -> bool:
    """ "we do not know who decides"."""
    near = before[-4:]
    direct = near[-1:] in (["not"], ["dont"], ["cannot"], ["cant"], ["never"], ["to"])
    return (
        direct
        and bool({"we", "i", "us"} & set(near))
        and not {"them", "anyone", "anybody", "people", "they"} & set(near)
    )


# ---- what it amounts to ----------------------------------------------------------------------------------------------


class _Heard(NamedTuple):
    """Words as they are looked at: with commas left out, and with commas taken for stops."""

    said: str
    parted: str
    is_spaced_out: bool  # "a n o n y m o u s", "anony-mous", "A.N. Other"


def _heard(text: str) -> _Heard:
    said = _sentences(text)
    squeezed = said.replace(" ", "").replace(".", "")
    spaced_out = re.search(
        r"(?<!s)anonym(?!i[sz])|confidential|inconfiden[cs]e| an? (?:. )?n (?:. )?other ", f"{squeezed}{said}"
    )
    return _Heard(said, _sentences(text.replace(",", ";")) if "," in text else said, spaced_out is not None)


def smells(text: str) -> bool:
    """Whether words have anything to do with not being named, as a question about confidentiality has too."""
    return _smells(_heard(text))


def _smells(heard: _Heard) -> bool:
    if _IDIOM.search(heard.said) or _WEAK.search(heard.said) or heard.is_spaced_out or _wishes(heard):
        return True
    return _LOOSE.search(heard.parted) is not None and _logs(heard.said)


def _wishes(heard: _Heard, own: frozenset[str] = _OWN) -> bool:
    """Whether somebody does not want to be known."""
    sentences = {*heard.said.split(" . "), *heard.parted.split(" . ")}
    return bool(_STRONG.search(heard.said)) or any(_asks_not_to_be_known(one.split(), own) for one in sentences)


def is_order(text: str) -> bool:
    """Whether a message begins as an order about a record, or to the assistant, does: its words are not feedback."""
    said = _sentences(text)
    return bool(_COMMAND.search(said) or _RECORD.search(said))


def is_settled(text: str) -> bool:
    """Whether its sender was asked, and wants to be named."""
    return text.rstrip().casefold().endswith(WITH_NAME)


def wish_in(text: str) -> Wish:
    """What a message asks. NONE only where nothing smells of it, or where it asks about the thing."""
    if is_settled(text):
        return Wish.NONE
    heard = _heard(text)
    if not _smells(heard) or _RECORD.match(heard.said) or _COMMAND.match(heard.said):
        return Wish.NONE
    if "?" not in text and without_wish(text) != text:
        return Wish.STATED
    return Wish.HINTED if _may_mean_it(heard, "?" in text) else Wish.NONE


def _may_mean_it(heard: _Heard, has_question: bool) -> bool:
    said = heard.said
    acts, asks = _ACT.search(said), has_question or _ASKS.match(said)
    if _ABOUT_THE_TEXT.match(said) and not _ACT.match(said):
        return False
    idiom = _IDIOM.search(said) or (heard.is_spaced_out and not _WEAK.search(said))
    if _logs(said) or (acts and (idiom or _wishes(heard))):
        return True
    if asks:
        return bool(_I.search(said)) if _STRONG.search(said) else _wishes(heard, _ONESELF)
    return _wishes(heard) or bool(idiom or _NOUN.search(said) or _TELLS.search(said) or _I.search(said))


def _logs(said: str) -> bool:
    """Whether a sentence begins as one that logs something does; "feedback on confidential surveys" asks."""
    begun = (_SAYS.match(f" {sentence} ") for sentence in said.strip().split(" . "))
    return any(found is not None and found["next"] not in _ASKED_OF for found in begun)


def without_wish(text: str) -> str:
    """The words without what says nothing but the wish: pieces at their beginning and end, or behind the first word.

    In the middle it may be another who wants it: "the donor, anonymous, complained".
    """
    parts = _BREAKS.split(text)
    pieces = list(zip(parts[::2], [*parts[1::2], ""], strict=True))
    wishes = 0
    for end in (0, -1):
        while pieces and (not pieces[end][0].strip() or _only_wishes(pieces[end][0])):
            wishes += bool(pieces.pop(end)[0].strip())
    if len(pieces) > 2 and " " not in pieces[0][0].strip() and _only_wishes(pieces[1][0]):
        pieces[:2] = [(pieces[0][0], " ")]
        wishes += 1
    if not wishes or not pieces:
        return text
    return " ".join(("".join(piece + stop for piece, stop in pieces[:-1]) + pieces[-1][0]).split())


def _only_wishes(piece: str) -> bool:
    words = _words(piece)
    if not 0 < len(words) <= 20 or not set(words) <= _ONLY:
        return False
    heard = _heard(piece)
    return _wishes(heard) or bool(_BARE.search(heard.said))
