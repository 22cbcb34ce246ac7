"""What people say when they log feedback, read into parts: "feedback 3.3.4 council paid us five weeks late"."""

import re
from dataclasses import dataclass, replace
from datetime import date

from compact_bot.dates import find_dates
from compact_bot.feedback.anonymity import WITH_NAME, Wish, is_settled, wish_in, without_wish
from knowledge.agreement import Agreement
from knowledge.numbers import numbers_asked
from knowledge.words import content_stems

KEPT, NOT_KEPT, SUGGESTION = "kept", "not kept", "suggestion"
KINDS = (KEPT, NOT_KEPT, SUGGESTION)
_VERBS = {KEPT: "praise", NOT_KEPT: "feedback", SUGGESTION: "suggest"}

_OPENING = r"(?:please |can you |could you |can i |i want to |i'd like to |i would like to )*"
SAYS = (
    rf"{_OPENING}(?:(?P<first>anonymous(?:ly)?)[ :,]+)?(?P<verb>feedback|praise|suggest(?:ion)?|log|report)"
    r"(?![\w'’-])(?P<rest>.*)"
)
_SAYS = re.compile(SAYS, re.IGNORECASE | re.DOTALL)
_SAID_AFTER = re.compile(
    r"^[ :,]*(?:this |it |that |an |some |feedback |praise |suggestion )*anonymous(?:ly)?\b[ :,]*(?:feedback\b[ :,]*)?",
    re.IGNORECASE,
)
_SAID_LAST = re.compile(r"[,.;]? *(?:\banonymously|\(anonymous(?:ly)?\)|\bas anonymous)[ .!]*$", re.IGNORECASE)

_NUMBER = r"\d{1,3}(?:\.\d{1,3})+(?:\([a-z]{1,5}\))*"
_NUMBERS = re.compile(
    r"(?:(?:of|against|on|about|under) )?(?:(?:clauses?|sections?) )?"
    rf"(?P<numbers>{_NUMBER}(?:\s*(?:,|and|&)\s*{_NUMBER})*)"
    rf"(?![\w.]|\s*(?:%|percent|k\b|m\b))[\s:,-]*",
    re.IGNORECASE,
)
_NO_CLAUSE = re.compile(r"(?:no clause|none of these)[\s:,-]*", re.IGNORECASE)
_KIND = re.compile(r"(?P<kind>not kept|kept|suggestion)\b[\s:,-]*", re.IGNORECASE)
_NAMED_KIND = re.compile(
    r"[\s:,-]*(?:(?:some|an?|the) )?(?:(?P<what>feedback|praise|suggestion|breach|success)\b)?[\s:,-]*"
    r"(?:(?:that|how|which is that)\b[\s:,-]*)?",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\s*\((?:(?P<label>about|on behalf of|when|link): (?P<value>[^()]*)|(?P<flag>as written|with my name))\)\s*$",
    re.IGNORECASE,
)
_BEHALF_LAST = re.compile(r"[,;]?\s*\bon behalf of (?P<behalf>[^,.;:()]{2,100})[.!]?$", re.IGNORECASE)
_BEHALF_FIRST = re.compile(r"^on behalf of (?P<behalf>[^,.;:()]{2,100})[,:]\s*", re.IGNORECASE)

# "I want to complain anonymously about", "could you log": what comes before the matter itself.
_ACT_FIRST = re.compile(
    r"^(?:(?:hi|hello|please|can|could|would|may|you|i|we|i'd|i’d|want|wish|need|like|have|to|just|also|must)[ ,]+)*"
    r"(?:complain|report|raise|log|note|record|flag|tell you|say|make|register|lodge|submit|share|disclose|pass on)\b"
    r"(?:[ ,]+(?:anonymously|confidentially|privately|in confidence|in private|off the record|to you|you|an?|this|it"
    r"|something|anonymous|confidential|concern|complaint|report|feedback|issue|matter)\b)*"
    r"[ ,]*(?:about|that|against|regarding|how)?[ :,]*",
    re.IGNORECASE,
)

# "feedback on a consultation" asks; "feedback council paid us late" tells.
_ASKS = frozenset(
    """about after again all and any are as at before between by can could do does during every following for from go
    goes has have how if in into is it's its legally must need of on or over procedure required requirements should
    than that these to under until via what when where which who why will with within without would you""".split()
)
_TELLS = re.compile(
    r"\b(?:(?!need|feed|speed|indeed)\w{2,}ed|paid|gave|given|got|was|were|did|didn't|didn’t|had|hasn't|haven't|wasn't|weren't|never|not|late"
    r"|told|took|sent|made|left|kept|held|cut|came|went|won't|refuses|keeps|ignores)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """Feedback as it was said. `named` are clause numbers that may not exist; `settled` that "no clause" was meant.

    `as_written` says that its personal details may stay, `with_name` that its sender was asked and wants to be named.
    """

    kind: str
    what: str
    named: tuple[str, ...] = ()
    settled: bool = False
    about: str = ""
    behalf: str = ""
    when: str = ""
    link: str = ""
    anonymous: bool = False
    as_written: bool = False
    with_name: bool = False

    def sentence(self) -> str:
        """The same as a sentence that a button or a form can say."""
        clauses = ", ".join(self.named) if self.named else "no clause" if self.settled else ""
        pieces = ["anonymous"] if self.anonymous else []
        pieces += [f"{_VERBS[self.kind]} {clauses}".strip() + ":", self.what]
        parts = {"about": self.about, "on behalf of": self.behalf, "when": self.when, "link": self.link}
        pieces += [f"({label}: {value})" for label, value in parts.items() if value]
        flags = ["(as written)"] * self.as_written + [WITH_NAME] * self.with_name
        return " ".join(pieces + flags)


def asks_to_be_anonymous(text: str) -> bool:
    """Whether a message logs something and says, at its beginning or end, that nobody is to know who did."""
    found = _SAYS.fullmatch(text.strip())
    if not found or is_settled(text):
        return False
    return bool(found["first"] or _SAID_AFTER.match(found["rest"]) or _SAID_LAST.search(found["rest"]))


def logs_something(text: str) -> bool:
    """Whether a message begins as one that logs something does, though it may turn out to ask."""
    return _SAYS.fullmatch(text.strip()) is not None


def opens_the_form(text: str) -> bool:
    """ "log feedback", "praise": a message that has nothing to log yet."""
    found = _SAYS.fullmatch(text.strip(" .!"))
    if found is None or (found["verb"].lower() == "feedback" and not found["first"]):
        return found is not None and found["rest"].strip().lower() == "form"
    rest = _without_opening(found["verb"], _SAID_AFTER.sub("", found["rest"]))
    for beginning in (_KIND, _NO_CLAUSE, _NUMBERS, _KIND):
        rest = rest[told.end() :] if (told := beginning.match(rest)) else rest
    return not rest.strip(" :,-")


def any_words(text: str, agreement: Agreement) -> Said:
    """Words that may be meant as feedback, as what they would log; `what` is empty where they hold no matter."""
    bare = without_wish(text)
    said = read_said(bare, agreement)
    if said is None:
        bare = _ACT_FIRST.sub("", bare)
        said = _parts(NOT_KEPT, bare, agreement, anonymous=True)
    return said if set(content_stems(said.what)) - _OF_THE_WISH else replace(said, what="")


_OF_THE_WISH = frozenset(
    content_stems(
        "anonymous anonymously anonymity anon confidential confidentially confidence name named names record log report"
        " complain complaint feedback private privately say tell stay remain keep kept know secret give make treat use"
        " please possible"
    )
)


def read_said(text: str, agreement: Agreement) -> Said | None:
    """Feedback in some words, read; None when they ask about feedback rather than log it."""
    found = _SAYS.fullmatch(text.strip())
    if not found:
        return None
    anonymous, rest = asks_to_be_anonymous(text), found["rest"]
    if not anonymous and wish_in(text) is Wish.STATED:
        return _nameless(without_wish(text), agreement)
    if anonymous:
        rest = _SAID_LAST.sub("", _SAID_AFTER.sub(" ", rest))
    said = _parts(_kind(found["verb"], rest), _without_opening(found["verb"], rest), agreement, anonymous)
    return said if anonymous or _tells(found["verb"], found["rest"], said, text) else None


def _nameless(text: str, agreement: Agreement) -> Said | None:
    said = read_said(text, agreement)
    return replace(said, anonymous=True) if said else None


def _kind(verb: str, rest: str) -> str:
    named = _NAMED_KIND.match(rest)
    word = (named and named["what"]) or verb
    return {"praise": KEPT, "success": KEPT}.get(
        word.lower(), SUGGESTION if word.lower()[:7] == "suggest" else NOT_KEPT
    )


def _without_opening(verb: str, rest: str) -> str:
    opening = _NAMED_KIND.match(rest) if verb.lower() in ("log", "report") else None
    return rest[opening.end() :] if opening else rest.strip(" :,-")


def _parts(kind: str, rest: str, agreement: Agreement, anonymous: bool) -> Said:
    given: dict[str, str] = {}
    while part := _PART.search(rest):
        given.setdefault((part["flag"] or part["label"]).lower(), (part["value"] or "").strip())
        rest = rest[: part.start()]
    if told := _KIND.match(rest):
        kind, rest = told["kind"].lower(), rest[told.end() :]
    none, numbers = _NO_CLAUSE.match(rest), _NUMBERS.match(rest)
    named: tuple[str, ...] = ()
    if numbers:
        named = tuple(dict.fromkeys(number.lower() for number in re.findall(_NUMBER, numbers["numbers"])))
        rest = rest[numbers.end() :]
    elif none:
        rest = rest[none.end() :]
    if told := _KIND.match(rest):
        kind, rest = told["kind"].lower(), rest[told.end() :]
    behalf = _BEHALF_FIRST.search(rest) or _BEHALF_LAST.search(rest)
    if behalf and not given.get("on behalf of"):
        given["on behalf of"] = behalf["behalf"].strip()
        rest = rest[: behalf.start()] + rest[behalf.end() :]
    what = rest.strip(" :,-")
    if not named and not none:
        named = tuple(number for number in numbers_asked(what, agreement) if agreement.clause(number))
    return Said(
        kind,
        what,
        named,
        bool(none),
        given.get("about", ""),
        given.get("on behalf of", ""),
        given.get("when", ""),
        given.get("link", ""),
        anonymous,
        "as written" in given,
        "with my name" in given,
    )


def _tells(verb: str, rest: str, said: Said, text: str) -> bool:
    """Whether these words tell of something that happened, rather than ask."""
    if said.named or said.settled or said.as_written or re.match(r"\s*:", rest):
        return True
    words = said.what.casefold().split()
    if text.rstrip().endswith("?") or not words:
        return not words
    if verb.lower() == "log" and re.match(r"\s*(?:that|a|an|some|feedback|praise|how)\b", rest, re.IGNORECASE):
        return True
    if verb.lower() == "praise":
        return len(words) > 1
    if verb.lower() == "suggestion":
        return False  # "suggestion box": what is meant to be logged has a colon or a clause
    if verb.lower() == "suggest":
        return len(words) > 2 and words[0] not in _ASKS - {"that", "the", "a", "we", "our", "all", "every"}
    return verb.lower() != "report" and len(words) > 2 and words[0] not in _ASKS and bool(_TELLS.search(said.what))


def when_of(said: Said, today: date) -> date | None:
    """The day it happened: as given, or the one past date in its words; None when a given one is no past date."""
    if said.when:
        dates = find_dates(said.when, today, prefer_past=True)
        return dates[0].day if len(dates) == 1 and dates[0].day and dates[0].day <= today else None
    dates = find_dates(said.what, today, prefer_past=True)
    days = {written.day for written in dates if written.day and not written.until}  # "in June" names no day
    past = [day for day in days if day <= today]
    return past[0] if len(days) == 1 and past else today


def about_of(said: Said, agreement: Agreement, party: str) -> str:
    """Whom it is about: as given, or the first words where they name the side that the clause binds."""
    words = said.what.split()
    for length in (4, 3, 2, 1) if not said.about else ():
        name = " ".join(words[:length]).strip(" ,:;")
        called = agreement.party_called(name)
        if called and called.name == party and len(words) > length:
            return name
    return said.about
