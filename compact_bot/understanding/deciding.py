"""Which label is meant: the learned model's best, checked against the words that decide between neighbours.

Three things are said in nearly the same words: what is only asked, what is reckoned, and what is kept. A rule for each
pair of neighbours looks at the words that tell them apart, in the order of `_RULES`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from compact_bot.understanding.reading.table import CHANGES_AN_ITEM, TRACKS
from compact_bot.understanding.slots import Said, codes_in, says
from knowledge.meanings import ASK, Meant

# Chosen on held-out points of view, in scores of the learned model.
CLOSE = 0.12  # a question that leads by less is an act as often as not
NEIGHBOURS = 0.6  # labels that are nearer than this to the best may be meant instead, if a word says so
SUMS = ("notice-date", "consultation-date")
_TOO_SHORT_TO_KEEP = 5  # words and numbers: "notice" or "grant notice period" without a day asks, and keeps nothing
_LONGEST_GREETING = 10  # words
_FAR_AHEAD = timedelta(days=300)  # a day without its year that is farther ahead may as well have just passed

_WONDERS = re.compile(
    r"(?:and |so |but )?(?:what happens|who|when|why|how often|does|do|is there|must|should)\b", re.IGNORECASE
)
_ASKS_FIRST = re.compile(
    r"(?:and |so |but )?(?:what|who|when|why|how|which|where|does|do|did|is|are|must|should|has|have)\b", re.IGNORECASE
)
_OF_WHAT_IS_HELD = re.compile(r"(?:and |so )?(?:which|whose)\b", re.IGNORECASE)
_TELLS_OF_A_SUBJECT = re.compile(
    r"(?:tell (?:me|us)|explain|what) about (?!.*\b(?:deadlines?|dates?|due|open|overdue|mine|coming|tracked)\b)",
    re.IGNORECASE,
)
_WHAT_IT_SAYS = re.compile(
    r"\bwhat (?:does )?the (?:\w+ )?(?:compact|agreement) (?:says?|has to say|provides?|requires?) (?:about|on|of|to"
    r"|in|regarding)\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"(?P<track>track)\b(?! record)|check (?:the )?(?:(?P<notice>notice)|(?P<consultation>consultation))\b",
    re.IGNORECASE,
)
_TRACK_THAT = re.compile(
    r"\b(?:please|can you|could you|and|so|pls) track (?:that|this|it|them|both)\b"
    r"|\btrack (?:that|this|it)(?: please)?$",
    re.IGNORECASE,
)
_NOT_TO_KEEP = re.compile(
    r"\b(?:do(?:n'?t| not) (?:save|track|keep|note|log|add)|not (?:saving|tracking|to be (?:saved|tracked))"
    r"|nothing (?:saved|to save)|hypothetical)",
    re.IGNORECASE,
)
_KEEPS_NOTHING = re.compile(  # "put that in writing", "you needn't chase me any more"
    r"\b(?:put|putting) (?:it|this|that|them) (?:down )?in(?:to)? (?:writing|a letter|an e-?mail)\b"
    r"|\b(?:stop|needn'?t|need not|no need (?:to|for)|don'?t (?:need|have) to|no longer|can leave off|no more)"
    r" (?:\w+ ){0,3}?(?:chas|remind|nudg|nag|track|prompt|ping|watch)\w*",
    re.IGNORECASE,
)
_ORDERS = {
    "done": "done", "drop": "drop", "move": "move", "postpone": "move", "snooze": "snooze", "renew": "renew",
    "owner": "edit", "rename": "edit", "reassign": "edit",
}  # fmt: skip
_BARE_ORDER = re.compile(
    rf"(?P<verb>{'|'.join(_ORDERS)}) "
    r"(?!me\b|us\b|in\b|out\b|by\b|deal\b|occup|and\b|or\b|for\b|is\b|are\b|of\b)\w",
    re.IGNORECASE,
)
_OF_FEEDBACK = re.compile(r"\b(?:feedback|logged|complain\w*|complaints?|breach\w*|praise)\b", re.IGNORECASE)
_ABOUT_SOMETHING = re.compile(
    r"\b(?:about|abt|on|re|regarding|for) (?!me\b|us\b|every|any|all\b|now\b|this\b|here\b|good\b|ever\b|a \w+$"
    r"|(?:the|our) (?:(?:whole|entire|rest of the) )?(?:team|organisation|office|lot|charity|council|time being"
    r"|moment|channel)\b)\w",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Heard:
    """What the rules look at. `likely` are the best labels in order, `near` those that may be meant as well."""

    words: str
    ranked: tuple[Meant, ...]
    likely: tuple[str, ...]
    near: tuple[str, ...]
    has_day: bool
    is_coming: bool
    is_question: bool
    asks: bool
    keeps: bool


def label_of(message: Said, ranked: tuple[Meant, ...], today: date) -> str:
    """The likeliest label: kept, reckoned, or only asked?"""
    heard = _heard(message, ranked, today)
    if ordered := _ORDERED.match(heard.words):
        tracks = _first(heard.likely, TRACKS) or "track-other"
        label = tracks if ordered["track"] else "notice-date" if ordered["notice"] else "consultation-date"
        return label if message.dates or label not in SUMS else ASK
    label = ranked[0].label
    for rule in _RULES:
        label = rule(heard, label) or label
    return label


def _heard(message: Said, ranked: tuple[Meant, ...], today: date) -> _Heard:
    words = message.words
    is_question = words.rstrip().endswith("?")
    days = [one.day for one in message.dates if one.day and (not one.yearless or one.day < today + _FAR_AHEAD)]
    return _Heard(
        words,
        ranked,
        tuple(one.label for one in ranked),
        tuple(one.label for one in ranked if ranked[0].score - one.score < NEIGHBOURS),
        any(one.day for one in message.dates),
        any(day > today for day in days),
        is_question,
        is_question or says("sums", words),
        says("keeps", _KEEPS_NOTHING.sub(" ", words)),
    )


# ---- the rules: each gives another label, or "" ---------------------------------------------------------------------


def _ordered(heard: _Heard, _: str) -> str:
    """ "drop the zebra project": a bare order, whatever it is about."""
    order = _BARE_ORDER.match(heard.words)
    return _ORDERS[order["verb"].casefold()] if order and not heard.is_question else ""


def _hardly_asked(heard: _Heard, label: str) -> str:
    """A question that leads by little is the act beside it; so is one that orders, or asks which of ours."""
    if label != ASK or len(heard.near) < 2 or (second := heard.ranked[1]).label in SUMS:
        return ""
    close = heard.ranked[0].score - second.score < CLOSE
    orders = heard.keeps and second.label in TRACKS and not heard.is_question and not _ASKS_FIRST.match(heard.words)
    lists = second.label == "list" and _OF_WHAT_IS_HELD.match(heard.words)
    return second.label if close or orders or lists else ""


def _more_than_manners(heard: _Heard, label: str) -> str:
    """A long message that greets or thanks, and asks."""
    manners = label in ("greeting", "thanks", "farewell") and heard.is_question
    return ASK if manners and len(heard.words.split()) > _LONGEST_GREETING else ""


def _only_wondered(heard: _Heard, label: str) -> str:
    wonders = bool(_WONDERS.match(heard.words))
    if heard.is_question and wonders and label in ("review", "contents", "list-feedback"):
        return ASK
    if wonders and label == "set-contact" and ASK in heard.near:
        return ASK
    changes = label in ("feedback", *TRACKS, *CHANGES_AN_ITEM)
    return ASK if heard.is_question and ASK in heard.near and not heard.keeps and changes else ""


def _numbered(heard: _Heard, label: str) -> str:
    """ "section 106": a number that is no clause's, a statute's among them, is asked about."""
    return ASK if label == "contents" and re.search(r"\d", heard.words) else ""


def _list_of_feedback(heard: _Heard, label: str) -> str:
    listed = label == "list" and "list-feedback" in heard.likely and _OF_FEEDBACK.search(heard.words)
    return "list-feedback" if listed else ""


def _reckoned(heard: _Heard, label: str) -> str:
    """A day and a question about it make a sum, also where it could have been kept."""
    if label == ASK and heard.has_day and heard.asks:
        return _first(heard.near, SUMS)
    if label in TRACKS and heard.asks and not heard.keeps:
        return _first(heard.likely, SUMS)
    return ""


def _kept(heard: _Heard, label: str) -> str:
    """What is to be kept, though it could be reckoned, or tells of what happened."""
    if label in SUMS and heard.keeps and not _NOT_TO_KEEP.search(heard.words):
        return _first(heard.near, TRACKS)
    if label in ("done", "feedback") and heard.keeps and (heard.is_coming or _TRACK_THAT.search(heard.words)):
        return _first(heard.likely, TRACKS)
    return ""


def _moved(heard: _Heard, label: str) -> str:
    changed = label in TRACKS and says("changes", heard.words) and not heard.keeps
    return _first(heard.likely, ("move",)) if changed else ""


def _nothing_to_reckon(heard: _Heard, label: str) -> str:
    """Without a day there is no sum, and a word or two keep nothing."""
    if heard.has_day:
        return ""
    if label in SUMS and (ASK in heard.near or not heard.asks):
        return ASK
    short = len(heard.words.split()) <= _TOO_SHORT_TO_KEEP
    return ASK if label in TRACKS and not heard.keeps and short else ""


def _a_subject(heard: _Heard, _: str) -> str:
    return ASK if ASK in heard.near and _TELLS_OF_A_SUBJECT.match(heard.words) else ""


def _asks_the_compact(heard: _Heard, label: str) -> str:
    """A letter that tells of dates and asks what the Compact says of it asks that."""
    return ASK if label in (*SUMS, *TRACKS, "feedback", "done") and _WHAT_IT_SAYS.search(heard.words) else ""


def _for_the_record(heard: _Heard, label: str) -> str:
    reckons = label in SUMS and heard.asks
    return "feedback" if not reckons and "feedback" in heard.likely and says("logs", heard.words) else ""


def _one_nudge(heard: _Heard, label: str) -> str:
    """ "no more nudges about the hall" is about one thing tracked, not all of them."""
    return "drop" if label == "nudges-stop" and _ABOUT_SOMETHING.search(heard.words) else ""


def _of_an_item(heard: _Heard, label: str) -> str:
    """What names D12 is about that: told in the past it is done, else changed or asked about."""
    if label not in (ASK, *SUMS, *TRACKS, "feedback") or not codes_in(heard.words):
        return ""
    told = not heard.is_question and heard.has_day and "done" in heard.likely and says("happened", heard.words)
    return "done" if told else _first(heard.near, CHANGES_AN_ITEM) or ASK


_RULES: Sequence[Callable[[_Heard, str], str]] = (
    _ordered,
    _hardly_asked,
    _more_than_manners,
    _only_wondered,
    _numbered,
    _list_of_feedback,
    _reckoned,
    _kept,
    _moved,
    _nothing_to_reckon,
    _a_subject,
    _asks_the_compact,
    _for_the_record,
    _one_nudge,
    _of_an_item,
)


def _first(labels: Sequence[str], wanted: Sequence[str]) -> str:
    return next((label for label in labels if label in wanted), "")
