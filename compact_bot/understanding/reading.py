"""From a learned label and the parts of a sentence to an act, with what it lacks and what was not read for certain."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from compact_bot.dates import WEEKDAYS, Written, add_months, find_dates, in_order, moved, spoken
from compact_bot.understanding.acts import (
    About,
    Act,
    Ask,
    CloseDays,
    ConsultationDates,
    ConsultationSum,
    Contents,
    Digest,
    Done,
    Drop,
    FeedbackKind,
    Given,
    Help,
    Helped,
    List,
    Listed,
    ListFeedback,
    LogFeedback,
    Move,
    Named,
    NameLead,
    NoticeDates,
    NoticeSum,
    NudgesHere,
    NudgesStop,
    NudgesToMe,
    OpenForm,
    Rename,
    Renew,
    Review,
    SetClause,
    SetContact,
    SetKind,
    SetLeads,
    SetOwner,
    SetSide,
    Settings,
    Show,
    ShowClosedDays,
    ShowContacts,
    ShowFeedback,
    ShowLeads,
    Smalltalk,
    Snooze,
    Track,
    Undo,
    Which,
)
from compact_bot.understanding.context import Context, Item
from compact_bot.understanding.slots import (
    Said,
    anchor_words,
    any_of,
    clause_in,
    codes_in,
    items_named,
    lead_times_in,
    owner_in,
    reason_in,
    roles_of,
    says,
    step_named,
    word_lists,
)
from compact_bot.understanding.telling import is_no_log
from compact_bot.understanding.titles import title_in
from compact_bot.understanding.understood import Understood
from knowledge.numbers import numbers_asked
from knowledge.rules import Kind

Read = Callable[[Said, Context], Understood]

_REMINDS = re.compile(
    r"(?:remind|nudge|prompt|ping|poke|tell|warn|alert|wake|ask|chase|nag|buzz|prod)\w*(?: \w+){0,3}(?:"
    r" (?:on|at|by|in|from|the))*(?: the)? ?$",
    re.IGNORECASE,
)
_HAPPENED_NOT = re.compile(
    r"\b(?:not|never|n[o']t|hasn'?t|haven'?t|isn'?t|wasn'?t|didn'?t|nobody|no[- ]?one|no notice|yet to"
    r"|still to|will be|going to be|due to be|about to|to be)\b"
    r"(?: \w+){0,3}?(?: (?:yet|sent|given|done|gone|been|paid|out|back|received|finished|ready|started|go"
    r"|send))|\bnot yet\b|\byet to\b|\bno notice (?:was |has been |yet )?(?:given|sent|yet)",
    re.IGNORECASE,
)
_CLAUSE_NUMBERS = re.compile(r"\b\d{1,2}(?:\.\d{1,2}){1,3}\b")


def _span(written: Written) -> tuple[int, int]:
    return written.start, written.end


def _days(dates: Sequence[Written]) -> list[Written]:
    return [one for one in dates if one.day is not None]


def _date_doubts(dates: Sequence[Written]) -> tuple[str, ...]:
    """What to say of days that were worked out rather than written, and of what stands unread beside them."""
    doubts = [f"I read {spoken(one.day)}" for one in dates if one.day and not one.exact and not one.doubt]
    doubts += [
        f'I am not sure what "{one.doubt}" means beside {spoken(one.day)}' for one in dates if one.day and one.doubt
    ]
    doubts += [f"it may also mean {spoken(one.other)}" for one in dates if one.other]
    return tuple(dict.fromkeys(doubts))


def _things(context: Context) -> tuple[str, ...]:
    return tuple(word for kind in context.rules.kinds for word in kind.words)


# ---- sums ----------------------------------------------------------------------------------------------------------

_HAPPENED = re.compile(
    r"^.*\b(?P<verb>was|were|told|wrote|posted|gave|opened|started|launched|closed|ended"
    r"|stopped|finished|received|got|heard|announced|informed|notified|emailed|e-mailed|went|came|landed|began|published"
    r"|issued|served|found|has written|have written|had|dated|is dated)\b(?:(?!\bwill\b|\bwould\b"
    r"|\bends?\b|\bfor\b|[.;!?]).)*$",
    re.IGNORECASE | re.DOTALL,
)
_NOT_YET = re.compile(
    r"\b(?:(?:have|get|got|had) (?:it|this|that|them|(?:to )?(?:have|be)|the \w+)|be|being|to|want\w*"
    r"|need\w*|must|should|if (?:we|they|i|you|it)) *$",
    re.IGNORECASE,
)
_MENTIONED_ONLY = re.compile(
    r"\b(?:because of|over|due to|with|despite|avoid(?:ing)?|across|during|includ(?:es|ing)|inc|spans?"
    r"|across) (?:the )?$",
    re.IGNORECASE,
)
_COUNTED_FROM = re.compile(r"\bcount(?:ing|ed)?(?: it)? from (?:the )?$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:slip(?:s|ped)?|mov(?:es?|ed|ing)|shift(?:s|ed)?|postponed?|delayed?|put back|brought forward|changed?)\b",
    re.IGNORECASE,
)
_ON_TOP = re.compile(r"\b(?:add(?:ing|ed)?|extra|on top|more|another|plus|further|longer)\b", re.IGNORECASE)
_BACK = re.compile(
    r"\b(?:latest|last (?:day|date)|by when|by what|what date do|before (?:that|then)|work(?:ing)? back"
    r"|count(?:ing)? back|back from)\b",
    re.IGNORECASE,
)
_ON = re.compile(
    r"\b(?:earliest|soonest|first (?:day|date)|counting from|from (?:today|tomorrow|the letter|then)"
    r"|takes? (?:us|me|you) to|any sooner)\b",
    re.IGNORECASE,
)
_OPENS_WHEN = re.compile(
    r"\b(?:latest|last) (?:\w+ ){0,3}?(?:open|start|launch|go[- ]live|opening|begin)|open by"
    r"|count(?:ing)? back|work(?:ing)? back|opening for"
    r"|open(?:ing)? date|when (?:do|must|should|would) (?:we|they|i) (?:have to )?(?:open|start|launch)"
    r"|have to finish|has to finish"
    r"|must (?:close|finish|end|be shut)|open when",
    re.IGNORECASE,
)


def _as_told(message: Said, context: Context, kind: Kind | None) -> list[Written]:
    """The days that a sum starts from: those of the past where it is told in the past, and never both a day and what
    was counted from it.

    What was counted by the rule's own period ("12 weeks before that") is what the sum itself gives: there the day that
    it was counted from stays, with the other as its `base`, whose side tells which way was asked.
    """
    past = {one.start: one for one in find_dates(message.words, context.today, prefer_past=True)}
    days: list[Written] = []
    for one in _days(message.dates):
        before = message.words[max(0, one.start - 60) : one.start]
        if _MENTIONED_ONLY.search(before) and not any(map(str.isdigit, message.words[one.start : one.end])):
            continue
        told = _HAPPENED.search(before)
        if one.yearless and one.base is None and told and not _NOT_YET.search(before[: told.start("verb")]):
            days.append(past.get(one.start, one))
        else:
            days.append(one)
    own = {(abs(rule.when.number), rule.when.unit) for rule in kind.milestones} if kind else set()
    kept: list[Written] = []
    gone: set[date | None] = set()
    for one in days:
        if one.base and one.day and _is_own_period(one.day, one.base, own):
            kept.append(replace(one, day=one.base, base=one.day))
        else:
            gone.add(one.base)
            kept.append(replace(one, base=None))
    kept = [one for one in kept if one.base or one.day not in gone]
    if from_here := [one for one in kept if _COUNTED_FROM.search(message.words[: one.start])]:
        return from_here[-1:]
    unlike = {one.day: one for one in reversed(kept)}
    return [one for one in kept if unlike[one.day] is one]


def _is_own_period(day: date, base: date, own: set[tuple[int, str]]) -> bool:
    earlier, later = min(day, base), max(day, base)
    return any(
        (later - earlier).days == number * 7
        if unit == "week"
        else add_months(later, -number) == earlier or add_months(earlier, number) == later
        for number, unit in own
        if number and unit in ("week", "month")
    )


def notice_dates(message: Said, context: Context) -> Understood:
    """By when, how early, or whether it was enough; each group of several in a row of its own."""
    kind = context.rules.summed("notice")
    dates = _as_told(message, context, kind)
    if not dates:
        return _of_what_is_tracked(message, context)
    lists = word_lists()
    ends = lists["ends"] + (anchor_words(kind)[kind.asks[0].name] if kind else ())
    roles = roles_of(message.words, dates, {"given": lists["given"], "ends": ends})
    if len(dates) == 1:
        return _one_notice_date(message, dates[0], roles[0], context)
    if _are_several(message, dates):
        return Understood(NoticeDates(tuple(_row(message, one, context, before) for before, one in _each(dates))))
    given = [one for one, role in zip(dates, roles, strict=True) if role == "given"]
    ending = [one for one, role in zip(dates, roles, strict=True) if role != "given"]
    if len(dates) == 2 and (not given or not ending):
        given, ending = [dates[0]], [dates[1]]
        if (
            dates[0].day
            and dates[1].day
            and dates[0].day > dates[1].day
            and not (dates[0].yearless or dates[1].yearless)
        ):
            given, ending = ending, given
    if given and ending:
        ended = ending[-1]
        pairs = [in_order(one, ended, context.today) for one in given]
        sums = tuple(NoticeSum("", first.day, last.day) for first, last in pairs)
        return Understood(NoticeDates(sums), doubts=_date_doubts(dates))
    return Understood(NoticeDates(tuple(_row(message, one, context, before) for before, one in _each(dates))))


def _of_what_is_tracked(message: Said, context: Context) -> Understood:
    """ "Work out the notice date for the Harvest project": by the dates of what is tracked under that name."""
    numbers = items_named(message.words, replace(context, spoken_of=0))
    named = [item for item in context.items() if item.number in numbers and item.dates]
    sums = tuple(NoticeSum(item.title, None, item.dates[0]) for item in named)
    return Understood(NoticeDates(sums), () if sums else ("ends",))


def _each(dates: Sequence[Written]) -> list[tuple[int, Written]]:
    """Each date with where the words before it begin."""
    return [(before.end if before else 0, one) for before, one in pairwise([None, *dates]) if one]


def _row(message: Said, one: Written, context: Context, begins: int) -> NoticeSum:
    words = message.words[begins : one.end]
    words = words[words.rfind("?") + 1 :]
    end = len(words)
    title = title_in(words, [(end - (one.end - one.start), end)], _things(context))
    return NoticeSum(title.words, None, one.day)


def _are_several(message: Said, dates: Sequence[Written]) -> bool:
    """Whether dates belong to groups of their own ("advocacy 30/4, mediation 31/7") rather than to one sum."""
    each = re.search(r"\beach\b|\ball of (?:these|them)\b|\bthese\b", message.words, re.IGNORECASE)
    between = [message.words[one.end : other.start] for one, other in pairwise(dates)]
    named = all(re.search(r"[A-Za-z]{3,}", words) and re.search(r"[,;&•-]|\band\b", words) for words in between)
    return named and (bool(each) or not says("given", message.words))


def _one_notice_date(message: Said, one: Written, role: str, context: Context) -> Understood:
    """From the end back, or from the day of the letter on. What was counted tells by its direction which it is."""
    title = title_in(message.words, [_span(one)], _things(context))
    name = title.words if title.sure else ""
    backwards = one.base is not None and one.day is not None and one.base < one.day
    onwards = one.base is not None and one.day is not None and one.base > one.day
    letter = onwards or (not backwards and role != "ends" and (role == "given" or bool(_ON.search(message.words))))
    if letter and role != "given" and _BACK.search(message.words) and not onwards:
        letter = False
    sum_ = NoticeSum(name, one.day, None) if letter else NoticeSum(name, None, one.day)
    return Understood(NoticeDates((sum_,)), doubts=_date_doubts([one]))


def consultation_dates(message: Said, context: Context) -> Understood:
    kind = context.rules.summed("consultation")
    dates = _as_told(message, context, kind)
    if not dates or kind is None:
        return Understood(ConsultationDates(()), missing=("opens",))
    first, last = kind.asks[0].name, kind.asks[-1].name
    weeks = _weeks_named(message, kind)
    moved_on = _MOVED.search(message.words) if len(dates) > 1 else None
    if moved_on:
        dates = [replace(dates[-1], part="")]
    roles = roles_of(message.words[: moved_on.start()] if moved_on else message.words, dates, anchor_words(kind))
    roles = [{"from": first, "to": last}.get(one.part, role) for one, role in zip(dates, roles, strict=True)]
    if len(dates) == 1:
        one = dates[0]
        backwards = one.base is not None and one.day is not None and one.base < one.day
        onwards = one.base is not None and one.day is not None and one.base > one.day
        closes = backwards or (not onwards and (bool(_OPENS_WHEN.search(message.words)) or roles[0] == last))
        sum_ = ConsultationSum("", None, one.day, weeks) if closes else ConsultationSum("", one.day, None, weeks)
        return Understood(ConsultationDates((sum_,)), doubts=_date_doubts(dates))
    opens = next((one for one, role in zip(dates, roles, strict=True) if role == first), dates[0])
    others = [one for one in dates if one is not opens]
    closing = next(
        (one for one, role in zip(dates, roles, strict=True) if role == last and one is not opens), others[-1]
    )
    opens, closing = in_order(opens, closing, context.today)
    if opens.day and closing.day and opens.day > closing.day:
        opens, closing = closing, opens
    return Understood(
        ConsultationDates((ConsultationSum("", opens.day, closing.day, weeks),)), doubts=_date_doubts(dates)
    )


def _weeks_named(message: Said, kind: Kind) -> int:
    """How long somebody wants it to be: as said, or so much on top of what the rule asks for."""
    own = next((rule.when.number for rule in kind.milestones if rule.when.unit == "week" and not rule.advised), 0)
    named = [one for one in message.durations if one.unit == "week"]
    said_weeks = next((one for one in named if one.number == own), named[0] if named else None)
    if said_weeks is None:
        return 0
    around = message.words[max(0, said_weeks.start - 14) : said_weeks.end + 10]
    return own + said_weeks.number if _ON_TOP.search(around) else said_weeks.number


# ---- keeping something ---------------------------------------------------------------------------------------------


def track(message: Said, context: Context, kind: Kind, label_sure: bool) -> Understood:
    """Something to keep, with its dates, name and owner. Whatever was not read for certain is a doubt."""
    words = message.words
    dates, prompts = _without_prompts(message)
    owner = owner_in(words, context)
    leads, lead_spans = lead_times_in(words)
    clause, clause_span = clause_in(words)
    taken = [*map(_span, message.dates), *lead_spans, *((one.start, one.end) for one in message.durations)]
    taken += [(owner[1], owner[2])] if owner else []
    taken += [clause_span] if clause else []
    title = title_in(words, taken, _things(context))
    given, doubts = _given(message, dates, kind, context)
    due = next((days[0] for days in given.values() if days), None)
    for prompt in prompts:
        if prompt.day and due and prompt.day < due:
            leads += (f"{(due - prompt.day).days} days",)
    doubts += _date_doubts([*dates, *prompts]) + ((message.wrong,) if message.wrong else ())
    doubts += () if title.sure else ("the name is my guess",)
    doubts += () if label_sure and says("keeps", words) else ("I am not sure that you want this tracked",)
    missing: tuple[str, ...] = () if title.words else ("title",)
    missing += () if given else (kind.asks[0].name,)
    act = Track(
        kind.name,
        title.words or kind.title,
        tuple(Given(name, tuple(days)) for name, days in given.items()),
        owner[0] if owner else None,
        clause,
        reason_in(words),
        tuple(dict.fromkeys(leads)),
    )
    return Understood(act, missing, tuple(dict.fromkeys(doubts)))


def _without_prompts(message: Said) -> tuple[list[Written], list[Written]]:
    """The dates of the thing itself, and the days on which somebody wants to hear of it ("prompt me on the 14th")."""
    dates = _days(message.dates)
    days = {one.day for one in dates}
    prompts = [
        one
        for one in dates
        if _REMINDS.search(message.words[max(0, one.start - 40) : one.start])
        or (one.base in days and one.base and one.day and one.day < one.base)  # "flag it to me a month ahead"
    ]
    return ([one for one in dates if one not in prompts], prompts) if len(prompts) < len(dates) else (dates, [])


def _given(
    message: Said, dates: Sequence[Written], kind: Kind, context: Context
) -> tuple[dict[str, list[date]], tuple[str, ...]]:
    """Each date to what it is for: by the words around it, else to the first that the kind still lacks."""
    lists, doubts = word_lists(), tuple[str, ...]()
    words = anchor_words(kind)
    if kind is context.rules.summed("notice"):
        words = {name: own + lists["ends"] for name, own in words.items()}
        words |= {"": lists["given"], "began": lists["began"]}
    roles = roles_of(message.words, dates, {name or "told": own for name, own in words.items()})
    many = next((asked.name for asked in kind.asks if asked.many), "")
    if many:
        words = {many: words[many], **words}
    given: dict[str, list[date]] = {}
    for one, role in zip(dates, roles, strict=True):
        day = one.day
        if day is None:
            continue
        if role in ("told", "began") and len(dates) > 1:
            doubts += (f"I do not keep {spoken(day)}",)
            continue
        ends_of_range = {"from": kind.asks[0].name, "to": kind.asks[-1].name}
        name = ends_of_range.get(one.part, role if role in words else "") if len(kind.asks) > 1 else ""
        lacking = [asked.name for asked in kind.asks if asked.name not in given]
        name = name if name and (name in lacking or name == many) else (many or (lacking[0] if lacking else ""))
        if not name:
            doubts += (f"I do not keep {spoken(day)}",)
            continue
        given.setdefault(name, []).append(day)
    for duration in message.durations:
        first, last = kind.asks[0].name, kind.asks[-1].name
        if kind is context.rules.summed("consultation") and first in given and last not in given:
            given[last] = [moved(given[first][0], duration.number, duration.unit)]
            doubts += (f"it closes {duration.number} {duration.unit}s after it opens",)
    return given, doubts


def kind_meant(words: str, context: Context) -> Kind:
    """The kind that a sentence about some other date names by its words; else the last, for any date."""
    summed = (context.rules.summed("notice"), context.rules.summed("consultation"))
    found: list[tuple[int, int, Kind]] = []
    for kind in context.rules.kinds[:-1]:
        if kind in summed:
            continue
        matches = list(any_of((kind.name, *kind.words)).finditer(words))
        if matches:
            found.append((-max(len(match[0]) for match in matches), matches[0].start(), kind))
    return min(found, key=lambda one: one[:2])[2] if found else context.rules.kinds[-1]


# ---- what happens to a tracked item --------------------------------------------------------------------------------


def _items(message: Said, context: Context) -> tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...]]:
    """The items meant, what is missing, and what is in doubt about them."""
    numbers = items_named(message.words, context)
    if not numbers:
        return (), ("item",), ()
    if codes_in(message.words):
        return numbers, (), ()
    by_number = {item.number: item for item in context.items()}
    named = [by_number[number] for number in numbers if number in by_number]
    if len(named) > 1 and not says("all", message.words):
        return numbers, (), ("more than one may be meant",)
    return numbers, (), ()


def _item(number: int, context: Context) -> Item | None:
    return next((item for item in context.items() if item.number == number), None)


def done(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = _items(message, context)
    past = said_in_the_past(message, context)
    days = [one for one in past if one.day and one.day <= context.today] or [one for one in past if one.day]
    act_day = _day_of_the_act(message, days)
    step = ""
    if len(numbers) == 1 and (item := _item(numbers[0], context)):
        steps = step_named(message.words, item.steps, context.rules.kind(item.kind))
        step = steps[0] if len(steps) == 1 else ""
    if says("all", message.words) and not step:
        step = "all"
    if _HAPPENED_NOT.search(message.words):
        doubts += ("you say that it has not happened yet",)
    if act_day and act_day.day and act_day.day > context.today:
        doubts += (f"{spoken(act_day.day)} is still to come",)
    doubts += _date_doubts([act_day] if act_day and act_day.doubt else [])
    how = _how(message.words)
    return Understood(Done(numbers, step, act_day.day if act_day else None, how), missing, doubts)


def said_in_the_past(message: Said, context: Context) -> list[Written]:
    return list(said_past(message.words, context.today).dates)


def said_past(words: str, today: date) -> Said:
    return Said(words, tuple(find_dates(words, today, prefer_past=True)))


def _day_of_the_act(message: Said, days: Sequence[Written]) -> Written | None:
    """Of several days the one at which something was done: not the day for which it was, nor when funding ends."""
    lists = word_lists()
    ending = any_of(("for", "ending", "ends", "end", "until", "to end", "finishing", "due"))
    own = [one for one in days if not ending.search(message.words[max(0, one.start - 28) : one.start][-28:])]
    given = [one for one in own if any_of(lists["given"]).search(message.words[max(0, one.start - 40) : one.start])]
    return next(iter(given or own), None)


def _how(words: str) -> str:
    """How it was done, as it was said, without the command before it."""
    bare = re.sub(
        r"^(?:mark(?:ed)?|done|tick(?: off)?|close|complete)?[\s:,-]*(?:d\d{1,6}(?:[\s,&]|and)*)*(?:as "
        r"|is )?(?:done|complete)?[\s:,-]*",
        "",
        words,
        flags=re.IGNORECASE,
    )
    return bare.strip()[:1000]


def move(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = _items(message, context)
    item = _item(numbers[0], context) if numbers else None
    kind = context.rules.kind(item.kind) if item else None
    which = _which_date(message, kind)
    dates = _days(message.dates)
    new, was = _new_and_old(message, dates)
    if new is None and message.durations and item and item.dates:
        step = message.durations[0]
        back = says("sooner", message.words) and not says("later", message.words)
        day = moved(item.dates[-1], -step.number if back else step.number, step.unit)
        return Understood(Move(numbers, day, which), missing, (*doubts, f"that makes it {spoken(day)}"))
    if new is None or new.day is None:
        return Understood(Move(numbers, context.today, which), (*missing, "to"), doubts)
    kept_was = was.day if was and item and was.day in item.dates else None
    return Understood(Move(numbers, new.day, which, kept_was), missing, doubts + _date_doubts([new]))


def _which_date(message: Said, kind: Kind | None) -> str:
    if kind is None or len(kind.asks) < 2:
        return ""
    named = [asked.name for asked in kind.asks if any_of((asked.name, *asked.words)).search(message.words)]
    return named[0] if len(named) == 1 else ""


def _new_and_old(message: Said, dates: Sequence[Written]) -> tuple[Written | None, Written | None]:
    """The day it moves to, and the one it was: "not Tuesday, Thursday 14 Jan", "from 1 to 8 March"."""
    old_words = any_of(
        (
            "from",
            "not",
            "instead of",
            "rather than",
            "was",
            "than",
            "originally",
            "it said",
            "i said",
            "said",
            "isn't",
            "used to be",
        )
    )
    old = [
        one
        for one in dates
        if old_words.search(message.words[max(0, one.start - 22) : one.start]) or one.part == "from"
    ]
    new = [one for one in dates if one not in old]
    if not new and old:
        return old[-1], old[0] if len(old) > 1 else None
    return (new[-1] if new else None), (old[0] if old else None)


def renew(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = _items(message, context)
    dates = _days(message.dates)
    if dates and dates[-1].day:
        return Understood(
            Renew(numbers[0] if numbers else 0, dates[-1].day), missing, doubts + _date_doubts([dates[-1]])
        )
    item = _item(numbers[0], context) if numbers else None
    length = message.durations[0] if message.durations else None
    if item and item.dates and length:
        until = moved(item.dates[-1], length.number, length.unit)
        return Understood(Renew(item.number, until), missing, (*doubts, f"that makes it {spoken(until)}"))
    return Understood(Renew(numbers[0] if numbers else 0, context.today), (*missing, "until"), doubts)


def snooze(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = _items(message, context)
    dates = _days(message.dates)
    if dates and dates[0].day:
        unsure = [one for one in dates[:1] if one.doubt or one.other]
        return Understood(Snooze(numbers, dates[0].day), missing, doubts + _date_doubts(unsure))
    if message.durations:
        length = message.durations[0]
        return Understood(Snooze(numbers, moved(context.today, length.number, length.unit)), missing, doubts)
    if re.search(r"\b(?:later|hour|lunch|mo|min(?:ute)?s?|bit|this afternoon|tonight)\b", message.words, re.IGNORECASE):
        return Understood(Snooze(numbers, context.today), missing, doubts)
    return Understood(Snooze(numbers, context.today + timedelta(days=7)), (*missing, "until"), doubts)


def drop(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = _items(message, context)
    reason = reason_in(message.words)
    if not reason and says("over", message.words):
        reason = _how(message.words)
    doubts += () if codes_in(message.words) else ("ending it cannot be guessed at",)
    return Understood(Drop(numbers, reason), (*missing, *(() if reason else ("reason",))), doubts)


def edit(message: Said, context: Context) -> Understood:
    """Owner, name, kind, clause or lead times of something tracked; a form where none of these is read."""
    numbers, missing, doubts = _items(message, context)
    first = numbers[0] if numbers else 0
    words = message.words
    leads, _ = lead_times_in(words)
    renamed = re.search(
        r"\b(?:re-?name|call|re-?title|title|name)\b(?: (?:it|this|that|d\d+|the [\w ]+?))?(?: (?:to|as"
        r"|should be|is))? (?P<title>[\"“].+?[\"”]|[A-Z][^,.;]+)",
        words,
    )
    clause, _ = clause_in(words)
    kind = next(
        (
            kind
            for kind in context.rules.kinds
            if re.search(
                rf"\b(?:it'?s|its|is|make it|should be|as) (?:an?"
                rf" )?(?:{'|'.join(map(re.escape, (kind.name, *kind.words)))})\b",
                words,
                re.IGNORECASE,
            )
        ),
        None,
    )
    owner = owner_in(words, context) or _handed_to(words, context)
    if clause and not owner:
        return Understood(SetClause(first, clause), missing, doubts)
    if renamed and not owner:
        return Understood(Rename(first, renamed["title"].strip('"“” ')), missing, doubts)
    if leads:
        return Understood(SetLeads(numbers, leads), missing, doubts)
    if owner:
        sure = () if codes_in(words) else ("the owner changes",)
        return Understood(SetOwner(numbers, owner[0]), missing, doubts + sure)
    if kind:
        return Understood(SetKind(first, kind.name), missing, (*doubts, f"it becomes {kind.title.casefold()}"))
    return Understood(OpenForm("edit", f"D{first}" if first else ""))


def _handed_to(words: str, context: Context) -> tuple[Named, int, int] | None:
    """ "give D7 to Mo", "that's Lorna's now", "D4 isn't mine, it's Marcus"."""
    found = re.search(
        r"(?:\b(?:to|over to|put|make|its|it's|it’s|that's|that’s|under|goes to|is with|with|got|has)\b)"
        r" (?P<name>@?[A-Z][\w'’-]*(?: [A-Z][\w’'-]+)?|me|myself)(?:'s|’s)?\b"
        r"|^(?P<first>[A-Z][a-z]+)(?:'s|’s| has| got| takes| will)",
        words,
    )
    if not found:
        return None
    name = (found["name"] or found["first"]).removesuffix("'s").removesuffix("’s")
    return context.person(name), found.start(), found.end()


def list_items(message: Said, context: Context) -> Understood:
    """Everything, one's own, what is overdue or comes next; or the one item that the words name."""
    if codes := codes_in(message.words):
        return Understood(Show(codes))
    if says("overdue", message.words):
        return Understood(List(Which.OVERDUE))
    horizon = next((one for one in message.durations), None)
    if horizon:
        days = (moved(context.today, horizon.number, horizon.unit) - context.today).days
        return Understood(List(Which.NEXT, min(max(days, 1), 999)))
    until = [one.until or one.day for one in message.dates if one.day]
    if until and until[-1] and until[-1] >= context.today:
        return Understood(List(Which.NEXT, max((until[-1] - context.today).days, 1)))
    spoken_of = replace(context, spoken_of=0)
    numbers = items_named(message.words, spoken_of) if len(context.items()) > 1 else ()
    if numbers and len(numbers) < len(context.items()):
        return Understood(Show(numbers))
    if says("mine", message.words) and not re.search(
        r"\b(?:show|tell|give|send|let|for) me\b", message.words, re.IGNORECASE
    ):
        return Understood(List(Which.MINE))
    return Understood(List())


# ---- feedback ------------------------------------------------------------------------------------------------------


def feedback(message: Said, context: Context) -> Understood:
    """What happened, as it was told. It is shown back with the clauses it may be about before anything is kept."""
    words = message.words
    if is_no_log(words):
        return Understood(Ask(words))
    if says("suggests", words):
        kind = FeedbackKind.SUGGESTION
    elif says("praise", words) and not re.search(
        r"\b(?:not|n't|never|late|no|without|poor|bad|wasn't|didn't|isn't)\b", words, re.IGNORECASE
    ):
        kind = FeedbackKind.KEPT
    else:
        kind = FeedbackKind.NOT_KEPT
    numbers = tuple(number for number in numbers_asked(words, context.agreement) if context.agreement.clause(number))
    past = [one.day for one in said_in_the_past(message, context) if one.day and one.day <= context.today]
    behalf = re.search(r"\bon behalf of (?P<who>[A-Z][^,.;:()]{2,100}?)(?=[,.;:()]|$| that| about)", words)
    act = LogFeedback(
        kind,
        words,
        numbers,
        behalf=behalf["who"].strip() if behalf else "",
        when=past[0] if len(set(past)) == 1 else None,
    )
    return Understood(act, ("clauses",) if not numbers else (), ("this is how I read it",))


# ---- what an organisation chooses, and the assistant itself --------------------------------------------------------


def digest(message: Said, _: Context) -> Understood:
    if re.search(r"\b(?:off|stop|no|end|cancel|without|don'?t|kill|quit)\b", message.words, re.IGNORECASE):
        return Understood(Digest(None))
    day = next(
        (
            n
            for n, name in enumerate(WEEKDAYS)
            if re.search(rf"\b{name[:3]}(?:{name[3:]})?s?\b", message.words, re.IGNORECASE)
        ),
        None,
    )
    at = re.search(r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<half>am|pm)?\b", message.words, re.IGNORECASE)
    if day is None:
        return Understood(Settings())
    hour = int(at["hour"]) if at else 9
    hour += 12 if at and (at["half"] or "").casefold() == "pm" and hour < 12 else 0
    minute = int(at["minute"] or 0) if at else 30
    if hour > 23 or minute > 59:
        return Understood(Settings())
    return Understood(Digest(day, f"{hour:02}:{minute:02}"))


_ABOUT_US = re.compile(r"\b(?:days?|dates?|we|we're|our|us|office|shut|shutdown|holidays?)\b", re.IGNORECASE)


def closed_days(message: Said, _: Context) -> Understood:
    days = [one for one in message.dates if one.day]
    if not days and not _ABOUT_US.search(message.words):
        return Understood(Ask(message.words))
    if not days:
        return Understood(ShowClosedDays())
    first, last = days[0].day, days[-1].until or days[-1].day
    if first is None or last is None or last < first:
        return Understood(ShowClosedDays())
    return Understood(CloseDays(first, last), doubts=_date_doubts([one for one in days if one.doubt or one.other]))


def name_lead(message: Said, context: Context) -> Understood:
    for person in context.mentioned:
        return Understood(NameLead(person), doubts=("a lead may change what others may not",))
    if re.search(r"\b(?:i am|i'm|im|i’m|make me|me|i)\b", message.words, re.IGNORECASE):
        return Understood(NameLead(context.sender), doubts=("a lead may change what others may not",))
    found = re.search(
        r"\b(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})\b",
        re.sub(r"^\W*\w+", lambda m: m[0].lower(), message.words).replace("Compact", "compact"),
    )
    if not found:
        return Understood(ShowLeads())
    return Understood(NameLead(context.person(found["name"])), doubts=("a lead may change what others may not",))


def set_contact(message: Said, _: Context) -> Understood:
    found = re.search(
        r"(?:contact|contacts)\b[^:]*?(?:is|to|:|=|now|as|for us)\s+(?P<details>.+)", message.words, re.IGNORECASE
    )
    details = found["details"].strip() if found else ""
    return Understood(
        SetContact(details or message.words), () if details else ("details",), ("everyone here will see it",)
    )


def my_side(message: Said, context: Context) -> Understood:
    words = re.findall(r"[a-z']+", message.words.casefold())
    for length in (4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            who = " ".join(words[start : start + length])
            if context.agreement.party_called(who):
                return Understood(SetSide(who))
    return Understood(Ask(message.words))


def review(message: Said, context: Context) -> Understood:
    from compact_bot.feedback.periods import PeriodError, read_period

    year = re.search(
        r"(?:from .+ to .+|(?:19|20)\d\d(?: ?[-/–] ?\d\d(?:\d\d)?)?|last (?:12 months|year)|this year)",
        message.words,
        re.IGNORECASE,
    )
    try:
        read_period(year[0] if year else "", context.today)
    except PeriodError:
        return Understood(Review())
    return Understood(Review(year[0] if year else ""))


def list_feedback(message: Said, context: Context) -> Understood:
    if found := re.search(r"\bf(\d{1,7})\b", message.words, re.IGNORECASE):
        return Understood(ShowFeedback(int(found[1])))
    numbers = [number for number in numbers_asked(message.words, context.agreement) if context.agreement.clause(number)]
    if numbers:
        return Understood(ListFeedback(clause=numbers[0]))
    return Understood(
        ListFeedback(Listed.MINE if re.search(r"\b(?:my|mine|i)\b", message.words, re.IGNORECASE) else Listed.OPEN)
    )


FIXED: dict[str, Act] = {
    "undo": Undo(),
    "nudges-here": NudgesHere(),
    "nudges-stop": NudgesStop(),
    "nudges-me": NudgesToMe(),
    "show-leads": ShowLeads(),
    "show-contacts": ShowContacts(),
    "contents": Contents(),
    "help": Help(),
    "greeting": Smalltalk("greeting"),
    "thanks": Smalltalk("thanks"),
    "farewell": Smalltalk("farewell"),
    "wrong": Smalltalk("wrong"),
    "helped": Helped(),
}

READERS: dict[str, Read] = {
    "notice-date": notice_dates,
    "consultation-date": consultation_dates,
    "list": list_items,
    "done": done,
    "move": move,
    "renew": renew,
    "snooze": snooze,
    "drop": drop,
    "edit": edit,
    "feedback": feedback,
    "list-feedback": list_feedback,
    "review": review,
    "digest": digest,
    "closed-days": closed_days,
    "name-lead": name_lead,
    "set-contact": set_contact,
    "my-side": my_side,
}

_NAMED_KIND = re.compile(r"track (?:that )?(?:the |an? |our )?(?P<kind>[a-z][a-z-]+)\b", re.IGNORECASE)
CHANGES_AN_ITEM = ("done", "move", "renew", "snooze", "drop", "edit")
TRACKS = ("track-notice", "track-consultation", "track-other")


def read_as(label: str, message: Said, context: Context, sure: bool) -> Understood:
    """The act of a label. The dates, names and codes of the sentence fill it."""
    if label in FIXED:
        return Understood(FIXED[label])
    if label.startswith("about-"):
        return Understood(About(label.removeprefix("about-")))
    if label in TRACKS:
        summed = {"track-notice": "notice", "track-consultation": "consultation"}.get(label)
        named = _NAMED_KIND.match(message.words)
        kind = (context.rules.kind_called(named["kind"]) if named else None) or (
            (context.rules.summed(summed) if summed else None) or kind_meant(message.words, context)
        )
        return track(message, context, kind, sure)
    if label in READERS:
        return READERS[label](message, context)
    return Understood(Ask(message.words))
