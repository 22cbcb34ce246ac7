"""Sums with dates, as people ask for them: by when, how early, whether it is enough."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from compact_bot.dates import Written, add_months, find_dates, in_order
from compact_bot.understanding.acts import ConsultationDates, ConsultationSum, NoticeDates, NoticeSum
from compact_bot.understanding.context import Context
from compact_bot.understanding.reading.parts import days_of, doubts_about, span_of, things_kept
from compact_bot.understanding.slots import Said, anchor_words, items_told, roles_of, says, word_lists
from compact_bot.understanding.titles import title_in
from compact_bot.understanding.understood import Understood
from knowledge.rules import Kind

_HAPPENED = re.compile(
    r"^.*\b(?P<verb>was|were|told|wrote|posted|gave|opened|started|launched|closed|ended"
    r"|stopped|finished|received|got|heard|announced|informed|notified|emailed|e-mailed|went|came|landed|began"
    r"|published"
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
    r"\b(?:because of|over|due to|with|despite|avoid(?:ing)?|across|during|includ(?:es|ing)|inc|spans?|past|beyond"
    r"|across|into|through) (?:the )?$",
    re.IGNORECASE,
)
_COUNTED_FROM = re.compile(r"\bcount(?:ing|ed)?(?: it)? from (?:the )?$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:slip(?:s|ped)?|mov(?:es?|ed|ing)|shift(?:s|ed)?|postponed?|delayed?|put back|brought forward|changed?)\b",
    re.IGNORECASE,
)
_ON_TOP = re.compile(r"\b(?:add(?:ing|ed)?|extra|on top|more|another|plus|further|longer)\b", re.IGNORECASE)
_ENOUGH = re.compile(
    r"\b(?:enough|in time|too late|ok|okay|fair|legit|long enough|sufficient|soon enough)\b", re.IGNORECASE
)
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


_CLOSES_WHEN = re.compile(
    r"\b(?:(?:when|how (?:long|soon|early|quickly)|what (?:day|date)|which (?:day|date)|first day|earliest"
    r"|soonest)\b[^.;!]*"
    r"|(?:until|till|before|b4) )\b(?:close|closed|closing|shut|end|ended|finish|finished|stop"
    r"|wrap(?:ped)? up)\b(?! by\b| on\b)",
    re.IGNORECASE,
)
_SET_UP = re.compile(
    r"\b(?:open(?:s|ed|ing)?|start(?:s|ed|ing)?|launch(?:es|ed|ing)?|begin(?:s|ning)?|go(?:es)? live)\b[^,;.]{0,16}$",
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
    for one in days_of(message.dates):
        before = message.words[max(0, one.start - 60) : one.start]
        phrase = message.words[one.start : one.end]
        if not re.search(r"\d", phrase) and (
            _MENTIONED_ONLY.search(before) or re.match(r"past\b", phrase, re.IGNORECASE)
        ):
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
        one = _one_notice_date(message, dates[0], roles[0], context)
        return _until_its_end(one, message, context, kind)
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
        told = [one for one, role in zip(dates, roles, strict=True) if role == "ends" and one.start > given[0].start]
        ended = (told or ending)[0] if len(ending) > 1 and told else ending[-1]
        pairs = [in_order(one, ended, context.today) for one in given]
        sums = tuple(NoticeSum("", first.day, last.day) for first, last in pairs)
        return Understood(NoticeDates(sums), doubts=doubts_about(dates))
    return Understood(NoticeDates(tuple(_row(message, one, context, before) for before, one in _each(dates))))


def _of_what_is_tracked(message: Said, context: Context) -> Understood:
    """ "Work out the notice date for the Harvest project": by the dates of what is tracked under that name."""
    numbers = items_told(message.words, context)
    named = [item for item in context.items() if item.number in numbers and item.dates]
    sums = tuple(NoticeSum(item.title, None, item.dates[0]) for item in named)
    return Understood(NoticeDates(sums), () if sums else ("ends",))


def _until_its_end(read: Understood, message: Said, context: Context, kind: Kind | None) -> Understood:
    """Notice for something tracked is counted to the end that is kept: "is 18 December enough for Riverside?" """
    act = read.act
    if not isinstance(act, NoticeDates) or kind is None or not act.sums:
        return read
    given = act.sums[0].given or act.sums[0].ends
    numbers = items_told(message.words, context)
    named = [item for item in context.items() if item.number in numbers and item.kind == kind.name and item.dates]
    if len(named) != 1 or given is None or given >= named[0].dates[0] or not _ENOUGH.search(message.words):
        return read
    return replace(read, act=NoticeDates((NoticeSum(named[0].title, given, named[0].dates[0]),)))


def _each(dates: Sequence[Written]) -> list[tuple[int, Written]]:
    """Each date with where the words before it begin."""
    return [(before.end if before else 0, one) for before, one in pairwise([None, *dates]) if one]


def _row(message: Said, one: Written, context: Context, begins: int) -> NoticeSum:
    words = message.words[begins : one.end]
    words = words[words.rfind("?") + 1 :]
    end = len(words)
    title = title_in(words, [(end - (one.end - one.start), end)], things_kept(context))
    return NoticeSum(title.words, None, one.day)


def _are_several(message: Said, dates: Sequence[Written]) -> bool:
    """Whether dates belong to groups of their own ("advocacy 30/4, mediation 31/7") rather than to one sum."""
    each = re.search(r"\beach\b|\ball of (?:these|them)\b|\bthese\b", message.words, re.IGNORECASE)
    between = [message.words[one.end : other.start] for one, other in pairwise(dates)]
    named = all(re.search(r"[A-Za-z]{3,}", words) and re.search(r"[,;&•-]|\band\b", words) for words in between)
    return named and (bool(each) or not says("given", message.words))


def _one_notice_date(message: Said, one: Written, role: str, context: Context) -> Understood:
    """From the end back, or from the day of the letter on. What was counted tells by its direction which it is."""
    title = title_in(message.words, [span_of(one)], things_kept(context))
    name = title.words if title.sure else ""
    backwards = one.base is not None and one.day is not None and one.base < one.day
    onwards = one.base is not None and one.day is not None and one.base > one.day
    letter = onwards or (not backwards and role != "ends" and (role == "given" or bool(_ON.search(message.words))))
    if letter and role != "given" and _BACK.search(message.words) and not onwards:
        letter = False
    sum_ = NoticeSum(name, one.day, None) if letter else NoticeSum(name, None, one.day)
    return Understood(NoticeDates((sum_,)), doubts=doubts_about([one]))


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
    asks_opening = bool(_OPENS_WHEN.search(message.words))
    if len(dates) > 1 and asks_opening and first not in roles and (last_days := _only(dates, roles, last)):
        dates, roles = last_days, [last]
    if len(dates) == 1:
        one = dates[0]
        begun = next((found.base for found in message.dates if found.start == one.start and found.day == one.day), None)
        counted = re.search(r"\b(?:from|after)\b", message.words[one.start : one.end], re.IGNORECASE)
        if begun and counted and one.day and begun < one.day and not _SET_UP.search(message.words[: one.start]):
            return Understood(ConsultationDates((ConsultationSum("", begun, one.day),)), doubts=doubts_about(dates))
        backwards = one.base is not None and one.day is not None and one.base < one.day
        onwards = one.base is not None and one.day is not None and one.base > one.day
        asks_closing = bool(_CLOSES_WHEN.search(message.words)) and not asks_opening
        closes = backwards or (not onwards and not asks_closing and (asks_opening or roles[0] == last))
        sum_ = ConsultationSum("", None, one.day, weeks) if closes else ConsultationSum("", one.day, None, weeks)
        return Understood(ConsultationDates((sum_,)), doubts=doubts_about(dates))
    opens = next((one for one, role in zip(dates, roles, strict=True) if role == first), dates[0])
    others = [one for one in dates if one is not opens]
    closing = next(
        (one for one, role in zip(dates, roles, strict=True) if role == last and one is not opens), others[-1]
    )
    opens, closing = in_order(opens, closing, context.today)
    if opens.day and closing.day and opens.day > closing.day:
        opens, closing = closing, opens
    return Understood(
        ConsultationDates((ConsultationSum("", opens.day, closing.day, weeks),)), doubts=doubts_about(dates)
    )


def _only(dates: Sequence[Written], roles: Sequence[str], role: str) -> list[Written]:
    """The one date of a role, where there is one and the others have none: "cabinet meets 21 June, done by 1 June"."""
    found = [one for one, its in zip(dates, roles, strict=True) if its == role]
    return found if len(found) == 1 else []


def _weeks_named(message: Said, kind: Kind) -> int:
    """How long somebody wants it to be: as said, or so much on top of what the rule asks for."""
    own = kind.length.when.number if kind.length else 0
    named = [one for one in message.durations if one.unit == "week"]
    said_weeks = next((one for one in named if one.number == own), named[0] if named else None)
    if said_weeks is None:
        return 0
    around = message.words[max(0, said_weeks.start - 14) : said_weeks.end + 10]
    return own + said_weeks.number if _ON_TOP.search(around) else said_weeks.number
