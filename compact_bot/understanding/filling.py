"""What an act lacked, or had wrong, read out of an answer: which item, step or date, a name, a day."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from compact_bot.dates import MONTHS, find_dates, moved, spoken
from compact_bot.understanding.acts import (
    Act,
    ConsultationDates,
    ConsultationSum,
    Done,
    Drop,
    DutiesOf,
    Given,
    LogFeedback,
    Move,
    NoticeDates,
    NoticeSum,
    Renew,
    Snooze,
    Track,
)
from compact_bot.understanding.answers import answer_words
from compact_bot.understanding.context import Context
from compact_bot.understanding.reading.parts import item_numbered
from compact_bot.understanding.slots import Said, anchor_words, any_of, codes_in, items_told, said, says, step_named
from compact_bot.understanding.understood import Understood
from knowledge.numbers import numbers_asked

_AS_READ = ("this is how I read it",)
_DATE_AS_READ = ("this is how I read the date",)
_ASKS = re.compile(
    r"(?:what|where|how|why|when|who|which|whose|can|could|should|must|would|quote|tell|explain)\b"
    r"|(?:show|read|see|open|give)\b (?:me|us|the|that|clause|section|\d)"
    r"|(?:does|do|did|is|are|was|were|has|have|will) (?:the|a|an|i|we|you|they|it|he|she|there|this|that|anybody"
    r"|anyone|somebody|someone|any|our|my)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(
    r"(?:done|drop|move|postpone|snooze|renew|owner|assign|reassign|rename|track|mark|remind|log|add|kind|clause"
    r"|nudge|undo)\b",
    re.IGNORECASE,
)
_MISTAKEN = re.compile(
    r"\b(?:mistaken?|wrong|proper|right|correct|should (?:be|have been)|ought to (?:be|have been)|meant|instead"
    r"|not the)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:(?:yes|ok|okay|sure|yep|please)[\s,.]+)*(?:(?:track|save|keep|log|put|note|store|add) (?:it|that"
    r"|this)(?: down)? (?:as|under|called)"
    r"|call it|name it|it'?s called)\s+(?P<title>.+)",
    re.IGNORECASE,
)
_MOST_BESIDE = 4  # words beside a day that was asked for
_CAPITALS = re.compile(r"[A-Z][\w'’-]* [A-Z]")  # "Who Cares project" is a name, "who pays" a question
_WHO = re.compile(
    r"^(?:we|i)(?:'re|'m|’re|’m| are| am)?(?: work(?:ing)?)?(?: (?:from|at|for|on|in|with))?(?: the| an?)?\b",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"(?:no|not that|wrong|sorry|i mean|i meant?|make (?:it|that)|actually|change (?:it|that)?)\b[\s,:-]*",
    re.IGNORECASE,
)


def filled(words: str, act: Act, missing: Sequence[str], choices: Sequence[Act], context: Context) -> Understood | None:
    """The act with the first thing that it lacked; None where the words are no answer to that."""
    lacks, rest = missing[0], tuple(missing[1:])
    if lacks in _FREE and _ASKS.match(words) and not _CAPITALS.match(words):
        return None  # "show me 3.4.4" wants to read it first; "where can I get the PDF" is no name
    if isinstance(act, DutiesOf):
        return _side(words, act, context)
    read = _READERS.get(lacks)
    if read is not None:
        return read(words, act, rest, choices, context)
    message = said(words, context.today)
    return _with_dates(message, act, tuple(missing), context) if _is_mostly_dates(message) else None


def corrected(words: str, act: Act, was_shown: bool, context: Context) -> Understood | None:
    """What was read wrongly put right: by a day or an item after a no, or by a day alone where the act `was_shown`."""
    message = said(words, context.today)
    if isinstance(act, Track) and (called := _CALLED.fullmatch(words)):
        return Understood(replace(act, title=_named(called["title"])))
    wrong = _WRONG.match(words)
    if wrong and (numbers := codes_in(words)) and (meant := _with_items(act, numbers)):
        return Understood(meant, (), _AS_READ)
    days = [one for one in message.dates if one.day]
    mistaken = len(days) == 1 and _MISTAKEN.search(words)
    alone = was_shown and _is_only_dates(message) and not any(one.until for one in message.dates)
    if wrong or mistaken or alone:
        rest = words[wrong.end() :] if wrong else words
        return _with_dates(said(rest, context.today), act, (), context)
    return None


def _is_mostly_dates(message: Said) -> bool:
    """Whether few words stand beside the dates or periods of an answer; more say something of their own."""
    rest = list(message.words)
    spans = [(one.start, one.end) for one in message.dates] + [(one.start, one.end) for one in message.durations]
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    beside = answer_words().dating.sub(" ", "".join(rest))
    return len(re.findall(r"[\w'’]+", beside)) <= _MOST_BESIDE


def _is_only_dates(message: Said) -> bool:
    """Whether nothing but dates was said, with what people put around them: "sorry, 30 April 2027"."""
    rest = list(message.words)
    for one in reversed(message.dates):
        rest[one.start : one.end] = ","
    return bool(message.dates) and bool(answer_words().dating.fullmatch("".join(rest)))


# ---- what was missing, one by one: words, act, what else is missing, the acts of the choices, context ---------------

_Read = Callable[[str, Any, tuple[str, ...], Sequence[Act], Context], Understood | None]


def _item(words: str, act: Act, rest: tuple[str, ...], _: Sequence[Act], context: Context) -> Understood | None:
    """The item that is named; asked again where several may be meant. A new order is no answer."""
    if _ORDERS.match(words):
        return None
    numbers = items_told(words, context)
    if not numbers and context.spoken_of and re.fullmatch(r"(?:it|this|that)(?: one)?", words, re.IGNORECASE):
        numbers = (context.spoken_of,)
    if not numbers:
        return None
    meant = _with_items(act, numbers)
    if meant is None or (len(numbers) > 1 and not codes_in(words) and not says("all", words)):
        return Understood(act, ("item", *rest), ("more than one may be meant",))
    return Understood(meant, rest)


def _with_items(act: Act, numbers: tuple[int, ...]) -> Act | None:
    """The act for these items; None for an act that takes one where several are meant, or none at all."""
    change: dict[str, Any] = {"numbers": numbers}
    if hasattr(act, "number") and len(numbers) == 1:
        change = {"number": numbers[0]}
    elif not hasattr(act, "numbers"):
        return None
    return replace(act, **change)


def _step(words: str, act: Done, rest: tuple[str, ...], _: Sequence[Act], context: Context) -> Understood | None:
    if says("all", words):
        return Understood(replace(act, step="all"), rest)
    item = item_numbered(act.numbers[0], context) if act.numbers else None
    steps = step_named(words, item.steps, context.rules.kind(item.kind)) if item else ()
    return Understood(replace(act, step=steps[0]), rest) if len(steps) == 1 else None


def _was(words: str, act: Move, rest: tuple[str, ...], choices: Sequence[Act], context: Context) -> Understood | None:
    """Which of several dates moves. The day said chooses; it never takes the place of the new one."""
    item = item_numbered(act.numbers[0], context) if act.numbers else None
    offered = [choice.was for choice in choices if isinstance(choice, Move) and choice.was]
    days = offered or list(item.dates if item else ())
    fitting = list(dict.fromkeys(day for day in days if _tells_of(words, day, context)))
    if len(fitting) == 1:
        return Understood(replace(act, was=fitting[0]), rest)
    if fitting or _is_only_dates(said(words, context.today)):
        known = ", ".join(spoken(day) for day in dict.fromkeys(fitting or days))
        return Understood(act, ("was", *rest), (f"it is one of these: {known}",))
    return None


def _tells_of(words: str, day: date, context: Context) -> bool:
    """Whether some words may mean a day: whole, or by what they tell of it ("the January one", "the 15th")."""
    read = [one for one in find_dates(words, context.today) if one.day]
    if read:
        return any(
            one.day is not None
            and (one.day <= day <= (one.until or one.day) or (one.yearless and _same_day(one.day, day)))
            for one in read
        )
    months = [
        n for n, month in enumerate(MONTHS, 1) if re.search(rf"\b{month[:3]}(?:{month[3:]})?\b", words, re.IGNORECASE)
    ]
    numbers = [int(number) for number in re.findall(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", words)]
    return bool(months or numbers) and day.month in (months or [day.month]) and day.day in (numbers or [day.day])


def _same_day(one: date, other: date) -> bool:
    return (one.month, one.day) == (other.month, other.day)


def _title(words: str, act: Track, rest: tuple[str, ...], _: Sequence[Act], context: Context) -> Understood | None:
    """The name that was asked for, without what people put before it; a date alone is no name."""
    known = answer_words()
    if known.yes.fullmatch(words) or known.no.fullmatch(words):
        return None
    message = said(words, context.today)
    if _is_only_dates(message):
        return _with_dates(message, act, ("title", *rest), context)
    dates = [one for one in message.dates if one.day] if rest else []
    if dates and (dated := _with_dates(message, act, rest, context)) and isinstance(dated.act, Track):
        named = _named("".join((words[: dates[0].start], words[dates[-1].end :])))
        return Understood(replace(dated.act, title=named), dated.missing, (*_AS_READ, *dated.doubts))
    return Understood(replace(act, title=_named(words)), rest, _AS_READ)


def _named(words: str) -> str:
    bare = answer_words().naming.sub("", words.strip(), count=1) if answer_words().naming.match(words) else words
    return re.sub(r"[\s,;:-]+(?:ends?|ending|on|by|due|until|it ends)?[\s,;:-]*$", "", bare).strip(" \"“”‘’'")


def _reason(words: str, act: Drop, rest: tuple[str, ...], _: Sequence[Act], __: Context) -> Understood:
    return Understood(replace(act, reason=re.sub(r"^(?:because|as|since)\s+", "", words, flags=re.IGNORECASE)), rest)


def _clauses(
    words: str, act: LogFeedback, rest: tuple[str, ...], _: Sequence[Act], context: Context
) -> Understood | None:
    if _ASKS.match(words):
        return None
    if answer_words().none.fullmatch(words):
        return Understood(replace(act, no_clause=True), rest)
    numbers = tuple(n for n in numbers_asked(words, context.agreement) if context.agreement.clause(n))
    return Understood(replace(act, clauses=numbers), rest) if numbers else None


def _when(words: str, act: LogFeedback, rest: tuple[str, ...], _: Sequence[Act], context: Context) -> Understood | None:
    days = [one.day for one in find_dates(words, context.today, prefer_past=True)]
    return Understood(replace(act, when=days[0]), rest) if len(days) == 1 and days[0] else None


def _side(words: str, act: DutiesOf, context: Context) -> Understood | None:
    who = _WHO.sub("", words)
    party = context.agreement.party_called(who.strip().removesuffix(" side"))
    return Understood(replace(act, side=party.name)) if party else None


_FREE = ("title", "reason")  # any words may answer these, so a question must be told from an answer
_READERS: dict[str, _Read] = {
    "item": _item,
    "step": _step,
    "was": _was,
    "title": _title,
    "reason": _reason,
    "clauses": _clauses,
    "when": _when,
}


# ---- days -----------------------------------------------------------------------------------------------------------


def _with_dates(message: Said, act: Act, missing: tuple[str, ...], context: Context) -> Understood | None:
    """The act with the day that an answer names in the place of the one that was missing, or was read wrongly."""
    named = next((one for one in message.dates if one.day), None)
    day, doubts = (named.day, () if named.exact else _DATE_AS_READ) if named else (None, ())
    if day is None and (counted := _counted(message, act, context)):
        day, doubts = counted, (f"that makes it {spoken(counted)}",)
    if day is None:
        return None
    if isinstance(act, Track):
        return _with_date_of_its_own(act, day, missing, doubts, context)
    if isinstance(act, NoticeDates):
        given = says("given", message.words) and not says("ends", message.words)
        return Understood(NoticeDates((NoticeSum("", day, None) if given else NoticeSum("", None, day),)), (), doubts)
    if isinstance(act, ConsultationDates):
        kind = context.rules.summed("consultation")
        closes = kind is not None and bool(any_of(anchor_words(kind)[kind.asks[-1].name]).search(message.words))
        sum_ = ConsultationSum("", None, day) if closes else ConsultationSum("", day, None)
        return Understood(ConsultationDates((sum_,)), (), doubts)
    filled_with = {Move: "to", Snooze: "until", Renew: "until", Done: "on"}.get(type(act))
    if filled_with is None:
        return None
    change: dict[str, Any] = {filled_with: day}
    return Understood(replace(act, **change), tuple(one for one in missing if one != filled_with), doubts)


def _counted(message: Said, act: Act, context: Context) -> date | None:
    """The day that a period alone leads to: from today for what is to be quiet, from its last date for what goes on."""
    length = next(iter(message.durations), None)
    if length is None or length.doubt:
        return None
    if isinstance(act, Snooze):
        return moved(context.today, length.number, length.unit)
    number = act.number if isinstance(act, Renew) else act.numbers[0] if isinstance(act, Move) and act.numbers else 0
    item = item_numbered(number, context)
    if item is None or not item.dates:
        return None
    back = says("sooner", message.words) and not says("later", message.words)
    return moved(max(item.dates), -length.number if back else length.number, length.unit)


def _with_date_of_its_own(
    act: Track, day: date, missing: tuple[str, ...], doubts: tuple[str, ...], context: Context
) -> Understood:
    kind = context.rules.kind(act.kind)
    lacking = [name for name in missing if kind and any(asked.name == name for asked in kind.asks)]
    name = lacking[0] if lacking else act.given[0].anchor if act.given else kind.asks[0].name if kind else ""
    kept = tuple(one for one in act.given if one.anchor != name)
    return Understood(
        replace(act, given=(*kept, Given(name, (day,)))), tuple(one for one in missing if one != name), doubts
    )
