"""What a thing is called in a sentence that asks to keep it: the words left when dates and frames are taken out.

"Would you watch the Somali Mums grant? Finishes 11 June 2027" -> "Somali Mums grant".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compact_bot.understanding.commands.quoting import QUOTED, unquoted
from knowledge.words import STOP_WORDS

LONGEST_TITLE = 200
_CUT = "\x00"  # stands where a frame or a date was: no title runs across it

# How people ask for something to be kept, and what they wrap it in. Longest first within a line.
_FRAMES = (
    r"(?:please|pls|plz|kindly|ta|thanks?(?: you| u)?|cheers|thx)",
    r"(?:can|could|would|will|may|shall|should|might) (?:you|u|we|i|somebody|someone|it|this|that)(?:"
    r" (?:please|pls|kindly|just|also|be so (?:good|kind) as to|mind))*",
    r"(?:i|we)(?:'d|’d| would| should)? (?:be (?:glad|grateful) (?:to|if)|(?:like|love|prefer"
    r"|appreciate)(?: it if)?(?: you)?(?: to)?)",
    r"(?:i|we|you)(?:'ll|’ll| will| shall)? (?:do )?(?:want|need|have|must|should|has|ask|wish|got|gotta"
    r"|don't want|mustn't)(?: (?:to|that|you|not|never|us|me|an?|some|the))*",
    r"(?:to |and |then |so |also |just )*(?:be )?(?:remind(?:ed|s)?|warn(?:ed)?|nudged?|pok(?:e|ed)"
    r"|ping(?:ed)?|prompt(?:ed)?|alert(?:ed)?|chase|notify|notified|tell|told|prod(?:ded)?|nag(?:ged)?"
    r"|shout|wake|buzz)"
    r"(?: (?:to |for )?(?:me|us|him|her|them|everyone|everybody|all(?: of us)?|the (?:whole )?team|our"
    r" (?:team|trustees|board)|trustees))?"
    r"(?: (?:both|too|again|please|up))*(?: (?:about|of|that|to|when|before|ahead of|re|on|for|in time for|with))*",
    r"(?:an? |some |the |set |give me |give us |need |want )*(?:remi?nders?|alarms?|alerts?|nudges?"
    r"|heads?[- ]up|warnings?|prompts?|flags?|shout|bell|notifications?)(?: (?:on|for|about|of|re|to"
    r"|before|up|set|me|please))*",
    r"(?:to |and |then |also |just |start |begin |must |needs? to |should )*(?:be )?(?:track(?:ed|ing)?"
    r"|log(?:ged)?|add(?:ed)?|record(?:ed)?|register(?:ed)?|entered|enter|diar(?:y|ise|ize|ied)|note(?:"
    r" down)?|noted|bookmark|save(?:d)?|store|monitor|follow(?:ing)?|remember|calendar|schedule(?:d)?"
    r"|list|watch(?: over| out for)?|hold(?: on to)?|flag(?:ged)?(?: up)?|mark(?: down)?|jot(?: down)?"
    r"|pencil in|book in|set up)"
    r"(?: (?:me|us|it|this|that|these|those|them|one|both|in|down|up|on|for (?:me|us|the team)|as|a|an"
    r"|please|the (?:end )?dates?(?: (?:of|for))?|(?:a|the) deadlines?(?: (?:of|for))?|to (?:the|our|my)"
    r" (?:list|tracker|diary|calendar)))*",
    r"(?:to |and |then )*keep(?:ing)?(?: (?:an? |the )?(?:eye|tabs|watch|track|note|record|hold|sight"
    r"|look-?out)(?: (?:please|pls))?(?: (?:on|over|of|for|that))*| (?:me|us) (?:posted|informed|on (?:it"
    r"|track))| (?:it|this|that|these|them|in mind|for (?:me|us|the team)|please|on (?:the|my|our)"
    r" (?:radar|list|tracker)|in front of (?:me|us)|hold of|on)| (?:for me|for us))*",
    r"(?:to |and |then )*(?:put(?:ting)?|pop|stick|shove|whack|bung|chuck|get|have|take|set|place|drop"
    r"|enter|make|bring|write|leave)"
    r"(?: (?:it|this|that|these|those|them|me|us|one|both|down|in|up|on|an?|the|some)(?: please)?)*"
    r"(?: (?:in|on|onto|into|to|down)(?: (?:the|our|my|your|here|this))* ?(?:list|tracker|diary|calendar"
    r"|system|radar|board|register|schedule|log|sheet|memory|books?|here)?)?(?: (?:for (?:me|us)|please"
    r"|ta|down))*",
    r"(?:on|onto|in|into|to|for|from) (?:the |our |my |your )?(?:list|tracker|diary|calendar|radar"
    r"|register|board|system|watch ?list)(?: (?:for (?:me|us)|too|please|ta))*",
    r"(?:don'?t|do not|never|mustn'?t|must not|let'?s not|in case (?:i|we)|so (?:that )?(?:i|we|nobody|no"
    r" one|no-one) (?:don'?t|do not|won'?t|can'?t)?)(?: (?:let|allow) (?:me|us|this|it|anyone))?(?: (?:to"
    r" )?(?:forget|miss|lose|slip|overlook)s?)?(?: (?:about|it|this|one|that|the))*",
    r"(?:take|look after|take care of|see to|deal with|be aware of|mind|beware)(?: (?:care of|note of"
    r"|down|the dates? (?:of|for)))*",
    r"(?:new|another|next|two|three|first|last|one|a|an|an?other) (?:one|entry|item|deadline|date|dates"
    r"|thing|addition|endings?)(?: (?:for|to|on) (?:the|my|our) (?:list|tracker|diary))?(?: (?:to"
    r" )?(?:add|track|note))?(?: (?:for|of))?",
    r"(?:fyi|nb|n\.b\.|heads up|for (?:the|my|our) (?:diary|list|tracker|record|calendar|log)|for (?:me"
    r"|us)|on behalf of (?:the )?\w+|keep for me|you should know(?: that)?|(?:just )?so you know|as (?:we"
    r"|you) (?:discussed|know)|help)",
    r"(?:i|we) (?:promised|agreed|said|told|hear|heard|think|believe|know|understand|found out|learned"
    r"|learnt|have to|(?:ha)?ve (?:got )?to|are going to|will|intend to|plan to)(?: (?:that|to|you|them"
    r"|it))*",
    r"(?:they|council|the council|the funder|ccg|police)(?: have|'ve|’ve| has)? (?:told|said|wrote"
    r"|written|informed|confirmed|say|says|decided|announced|gave)(?: (?:to |by )?(?:us|me|our \w+))?(?:"
    r" (?:that|the))*",
    r"(?:well |long )?(?:in (?:good|plenty of) time|in advance|ahead|beforehand|before(?:hand)? (?:it'?s"
    r"|it is|that'?s) too late|before then|before that|by then|well ahead|nearer the (?:time|date)|when"
    r" (?:it|that) (?:comes|is due)|when time comes)(?: (?:for|of|to)(?: (?:notice|us|me))?)?",
    r"(?:weekly|monthly|daily|every (?:week|day|month|monday|tuesday|wednesday|thursday|friday"
    r"|quarter))(?: (?:please|pls))?(?: until| till)?[^,.;]*?(?=$|[,.;])",
)
# What is said of the thing and is not its name: that it ends, opens, is due; and for whom it matters.
_ENDINGS = (
    r"(?:which |that |who |it |it's |this |they |money |and |is |are |was |will be |has been |have been "
    r"|is being |are being |being |'s |due to |set to |going to |will |shall |would |to |should |must "
    r"|needs? to |has to |have to |only |just |now )*"
    r"(?:ends?|ended|ending|finish(?:es|ed|ing)?|stop(?:s|ped|ping)?|clos(?:es?|ed|ing)|shut(?:s|ting)?"
    r"|open(?:s|ed|ing)?|start(?:s|ed|ing)?|begin(?:s|ning)?|launch(?:es|ed|ing)?|runs?(?: out| till|"
    r" until| to| from)?|running(?: out| till| until)?|expir(?:es?|ed|ing|y)|laps(?:es?|ed|ing)|due"
    r"|overdue|ceas(?:es?|ing)|terminat(?:es?|ed|ing|ion)|cut(?: (?:by|in) \w+(?: a \w+)?| off)?"
    r"|withdrawn|pull(?:s|ed|ing)? out|com(?:es|e|ing) (?:to (?:an |its )?end|up|in|round|back)|go(?:es"
    r"|ing)? (?:live|out|away|in|on|back|off)|gone|tapers?|reduc(?:es?|ed|ing)|chang(?:es|ed|ing)"
    r"|fall(?:s|ing) due|dr(?:ies|ying) up|wind(?:s|ing) (?:up|down)|sent|submitted|signed|agreed|paid"
    r"|payable|expected|wanted|needed|required|delivered|handed in|returned|back|out|in|live|on|off|away"
    r"|over|up|confirmed|scheduled|planned|arrives?|arriving|lands?|hit|hits|reach(?:es)?|happens?"
    r"|happening|takes? place|is|are|was|were|be|been|has|have|had|must|should)"
    r"(?: (?:on|by|at|from|until|till|til|in|to|the|with effect from|wef|as of|for|before|only|till the"
    r"|no later than))*",
    rf"(?:on|by|until|till|til|from|wef|with effect from|as of|as at|before|after|between|since|around"
    rf"|about|for|to|upon|not later than|no later than)(?= ?(?:the )?{_CUT})",
    r"(?:end of|last day|final day|deadlines?|cop|cob|eod|owner|dated?|w/?e|w/?c)",
    r"(?:so|because|since|as|but|and|or|if|when|while|whenever|where|who|which|that|then|to see|to check)",
)
_TIME = (
    r"\b(?:at |by |before )?\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|noon)\b|\b(?:at )?(?:noon|midnight|midday"
    r"|morning|afternoon|evening|lunchtime)\b"
)
_FRAME = re.compile(rf"(?<![\w'’-])(?:{'|'.join(_FRAMES)})(?![\w'’-])", re.IGNORECASE)
_ENDING = re.compile(rf"(?<![\w'’-])(?:{'|'.join(_ENDINGS)})(?![\w'’-])", re.IGNORECASE)
_SPLIT = re.compile(rf"[{_CUT},.;:!?()\[\]\n=]+|\s[-–—+&]+\s|\s[-–—]|\s/\s")
_EDGE = frozenset(
    """a an the our my your their his her its this that these those of for to on in at by from with about into and or
    is are was be it we i you they he she us me them some any all both which who when as so then also just up off re
    regarding there here now not no too has have had will would should can could must do does did only within per via
    next last first one thing stuff matter item eh um er ok well really got get until till where""".split()
)
_ALONE_IS_NOTHING = frozenset(
    """council team everyone somebody funder money date dates deadline day days week weeks month months year time end
    notice people group groups charity organisation vco reminder reminders list tracker diary track watch board trustees
    morning afternoon owner them members half quarter early late term yes no soon least enough longer decision
    """.split()
)


@dataclass(frozen=True)
class Title:
    """A name as read; `sure` where it stood in quotation marks, or nothing else could be the name."""

    words: str
    sure: bool


def title_in(words: str, taken: Iterable[tuple[int, int]], things: Sequence[str]) -> Title:
    """The likeliest name, "" where none is left. `taken` are the spans of dates and other slots; `things` are words
    for what can be kept (grant, consultation, report), which speak for the piece they stand in."""
    if quoted := re.search(QUOTED, words):
        return Title(unquoted(quoted[0])[:LONGEST_TITLE], sure=True)
    kept = list(words)
    for start, end in taken:
        kept[start:end] = _CUT * (end - start)
    said = re.sub(_TIME, _blank, "".join(kept), flags=re.IGNORECASE)
    said = _ENDING.sub(_blank, _FRAME.sub(_blank, said))
    pieces = [trimmed for piece in _SPLIT.split(said) if (trimmed := _trimmed(piece))]
    weighed = sorted(((_weight(piece, things), piece) for piece in pieces), key=lambda one: -one[0])
    if not weighed or not weighed[0][0]:
        return Title("", sure=False)
    best = weighed[0][1]
    alone = len([weight for weight, _ in weighed if weight >= 1.0]) == 1  # "funding" alone names a kind, no thing
    return Title(best[0].upper() + best[1:LONGEST_TITLE], sure=alone)


def _blank(found: re.Match[str]) -> str:
    return _CUT * len(found[0])


def _trimmed(piece: str) -> str:
    """A piece without the small words at its edges."""
    words = piece.replace(_CUT, " ").split()
    while words and words[0].casefold().strip("'’\"*_") in _EDGE:
        words.pop(0)
    while words and words[-1].casefold().strip("'’\"*_") in _EDGE:
        words.pop()
    return " ".join(words).strip(" '’\"*_-–—/&")


def _weight(piece: str, things: Sequence[str]) -> float:
    """How much a piece looks like a name: telling words, capitals, and a word for what can be kept."""
    words = piece.split()
    telling = [word for word in words if word.casefold() not in STOP_WORDS and re.search(r"[A-Za-z]{2}", word)]
    if not telling or all(word.casefold() in _ALONE_IS_NOTHING for word in telling):
        return 0.0
    capitals = sum(word[:1].isupper() for word in words[1:]) + 0.5 * words[0][:1].isupper()
    thing = bool(re.search(rf"\b(?:{'|'.join(map(re.escape, things))})s?\b", piece, re.IGNORECASE)) if things else False
    if thing and len(telling) == 1:
        return 0.5
    return min(len(telling), 5) + 0.7 * min(capitals, 3) + 1.5 * thing - 0.4 * max(0, len(words) - 9)
