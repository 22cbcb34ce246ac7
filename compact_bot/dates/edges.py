"""The edges of spans, and the days within them.

"End of March", "mid-March", "year end", "first Monday in May", "last working day of March", "3rd of next month".
"""

from collections.abc import Callable
from datetime import date, timedelta

from compact_bot.dates.bank_holidays import closed_in_england
from compact_bot.dates.calendar_days import day_number
from compact_bot.dates.counting import (
    MONTHS,
    add_months,
    add_working_days,
    working_day_after,
    working_day_before,
)
from compact_bot.dates.phrase import Phrase
from compact_bot.dates.spans import Span, holding_today, month_of, months_from, two_years, year_name
from compact_bot.dates.surroundings import completes
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import EDGES, STEPS, UNITS, WEEKDAY, WORKING
from compact_bot.dates.written import nearest, on
from compact_bot.dates.years import year_after


def edge(t: Text, i: int, spans: list[Span | None]) -> Phrase | None:
    """ "end of March", "mid-March", "beginning of next week", "end of FY26/27", "year end", "month-end" """
    if t.word[i] in ("eom", "eoy"):
        kind = {"eom": "month", "eoy": "year"}[t.word[i]]
        return _edge_of(t, "end", holding_today(t, kind, i + 1))
    if t.word[i] == "fye":
        return _edge_of(t, "end", holding_today(t, "financial", i + 1))
    which = EDGES.get(t.word[i])
    if which is None:
        return _named_end(t, i, spans)
    j = i + 1
    j += t.word[j] == "-"
    of = t.word[j] == "of"
    j += of
    j += t.word[j] in ("the", "our", "around")
    span = spans[j]
    if span and span.kind == "financial" and span.weak == "year":
        span = span._replace(weak="holding")
    if span and not of and which in ("start", "end") and _may_be_a_verb(t, i, span):
        return None
    if span is None:
        span = _holding_today_at(t, j) if of else None
    return _edge_of(t, which, span)


def _may_be_a_verb(t: Text, i: int, span: Span) -> bool:
    """ "to end next week", "must start March" """
    if span.kind not in ("month", "financial", "quarter"):
        return True
    return span.month > 0 and i > 0 and t.word[i - 1] in ("to", "will", "must", "can", "could", "should")


def span_end(t: Text, span: Span) -> Phrase | None:
    """ "Q4 end", "2026/27 year end" """
    j = span.end + (UNITS.get(t.word[span.end]) == "year")
    j += t.word[j] == "-"
    if span.kind not in ("quarter", "financial") or t.word[j] != "end":
        return None
    return _edge_of(t, "end", span._replace(end=j + 1))


def _named_end(t: Text, i: int, spans: list[Span | None]) -> Phrase | None:
    """ "year end", "financial year end", "FY end 26/27", "month-end" """
    span, j = None, i
    named = year_name(t, i)
    if named:
        j, span = named[0], spans[i] or holding_today(t, "financial", named[0])
        j = span.end
    elif t.word[i] == "calendar" and t.word[i + 1] == "year":
        j, span = i + 2, holding_today(t, "year", i + 2)
    elif t.word[i] in ("year", "yr", "yrs", "years"):
        j, span = i + 1, holding_today(t, "financial", i + 1)
    elif t.word[i] in ("month", "quarter"):
        j, span = i + 1, holding_today(t, t.word[i], i + 1)
    j += t.word[j] == "-"
    if span is None or t.word[j] != "end":
        return None
    j += 1
    if span.kind == "financial":
        if both := two_years(t, j):
            span = months_from(both[0], span.first.replace(year=both[1]), 12, "financial")
            return _edge_of(t, "end", span)
        if t.digits(j) == 4 and (year := year_after(t, j)) and not year.wrong:
            return Phrase(year.end, span.last.replace(year=year.year), kind="edge")
    return _edge_of(t, "end", span._replace(end=j))


def _holding_today_at(t: Text, j: int) -> Span | None:
    """ "the month", "the year", "financial year", "the quarter" after "end of" """
    if named := year_name(t, j):
        return holding_today(t, "tax" if t.word[j] == "tax" else "financial", named[0])
    unit = UNITS.get(t.word[j], "")
    if unit == "year" and t.word[j + 1] == "-":
        return None
    return holding_today(t, unit, j + 1) if unit in ("week", "month", "quarter", "year") else None


_MIDDLES = {"week": (2, 2), "month": (14, 19), "quarter": (45, 60), "year": (151, 242), "financial": (151, 242)}
_STARTS = {"week": 2, "month": 9, "quarter": 29, "year": 89, "financial": 89}


def _edge_of(t: Text, which: str, span: Span | None) -> Phrase | None:
    """The day meant by the start, middle or end of a span; vague ones ("mid March") last until a later day."""
    if span is None or span.kind == "day":
        return None
    if span.wrong:
        return Phrase(span.end, wrong=span.wrong)
    if span.month:
        span = _month_for_edge(t, which, span)
    first, last = span.first, span.last
    if span.weak == "holding" and which == "start" and not t.back:
        months = {"month": 1, "quarter": 3, "year": 12, "financial": 12}.get(span.kind, 0)
        first = first if first >= t.today else add_months(first, months)
    found = Phrase(span.end, first, kind="edge")
    if which == "end" and span.kind == "week":
        return found._replace(day=last - timedelta(days=2), until=last)
    if which == "end":
        return found._replace(day=last)
    if span.kind not in _STARTS:
        return None
    if which == "start" and span.kind != "week":
        return found
    if which == "middle":
        day, until = _MIDDLES[span.kind]
        return found._replace(day=first + timedelta(days=day), until=first + timedelta(days=until))
    length = _STARTS[span.kind]
    if which == "late":
        back = {"week": 3, "month": 10}.get(span.kind, length)
        return found._replace(day=last - timedelta(days=back), until=last - timedelta(days=2 * (span.kind == "week")))
    return found._replace(until=first + timedelta(days=length))


def _month_for_edge(t: Text, which: str, span: Span) -> Span:
    """The month whose edge is still to come: on 25 November the start of November is next year's."""
    number = {"start": 1, "early": 1, "middle": 15}.get(which)
    if number is None:
        return span
    day = nearest(on(span.month, number), t.today, t.back)
    return month_of(day.year, span.month, span.end) if day else span


def nth(t: Text, i: int, spans: list[Span | None], dates: list[Phrase | None]) -> Phrase | None:
    """ "first Monday in May", "last day of October", "last working day of March", "3rd of next month" """
    found = _count(t, i)
    if found is None:
        return None
    number, j = found
    pick, k = _picked(t, number, j)
    if pick is None:
        return _of_month(t, number, j, spans) if number > 0 else None
    if t.word[k] in ("after", "before", "following") and (anchor := dates[k + 1 + (t.word[k + 1] == "the")]):
        return _from_anchor(t, number, j, k, anchor)
    if t.word[k] not in ("of", "in"):
        return None
    month = _some_month(t, k + 1, spans)
    if month is None:
        return None
    day, until = _next_that_fits(t, month, pick)
    return Phrase(month.end, day, until=until, kind="nth") if day else None


def _count(t: Text, i: int) -> tuple[int, int] | None:
    """ "first" as 1, "last" as -1, "second last" as -2, and where it ends."""
    if t.word[i] == "last":
        return -1, i + 1
    if t.word[i] == "penultimate":
        return -2, i + 1
    ordinal = day_number(t, i)
    if ordinal is None:
        return None
    if ordinal[2] and t.word[ordinal[1]] == "last":
        return -ordinal[0], ordinal[1] + 1
    return ordinal[0] if ordinal[2] or t.word[ordinal[1]] == "of" else 0, ordinal[1]


Pick = Callable[[Span], tuple[date, date | None] | None]


def _picked(t: Text, number: int, j: int) -> tuple[Pick | None, int]:
    word = t.word[j]
    if not number:
        return None, j
    if word in WEEKDAY:
        weekday = WEEKDAY[word]
        return lambda span: _nth_step(span, number, 7, lambda first: (weekday - first.weekday()) % 7), j + 1
    if word == "day":
        return lambda span: _nth_step(span, number, 1, lambda _: 0), j + 1
    if word in WORKING and t.word[j + 1] in ("day", "days"):
        return lambda span: _working(span, number), j + 2
    if word in ("week", "wk"):
        return lambda span: _weeks(span, number), j + 1
    return None, j


def _nth_step(span: Span, number: int, step: int, offset: Callable[[date], int]) -> tuple[date, None] | None:
    """The nth day of a span that falls every so many days, from the end when negative."""
    first = span.first + timedelta(days=offset(span.first))
    count = (span.last - first).days // step + 1
    index = number - 1 if number > 0 else count + number
    return (first + timedelta(days=index * step), None) if 0 <= index < count else None


def _weeks(span: Span, number: int) -> tuple[date, date] | None:
    """The nth week that begins in a span, Monday to Sunday."""
    found = _nth_step(span, number, 7, lambda first: -first.weekday() % 7)
    return (found[0], found[0] + timedelta(days=6)) if found else None


def _working(span: Span, number: int) -> tuple[date, None] | None:
    day = span.first - timedelta(days=1) if number > 0 else span.last + timedelta(days=1)
    for _ in range(min(abs(number), 31)):
        day = (working_day_after if number > 0 else working_day_before)(day, closed_in_england)
    return (day, None) if span.first <= day <= span.last else None


def _some_month(t: Text, j: int, spans: list[Span | None]) -> Span | None:
    """A month, a year or the like after "first Monday of"; "the month" is the one now or next."""
    j += t.word[j] == "the" and spans[j] is None
    if t.word[j] in ("month", "week", "year") and spans[j] is None:
        return holding_today(t, t.word[j], j + 1)
    return spans[j]


def _next_that_fits(t: Text, span: Span, pick: Pick) -> tuple[date | None, date | None]:
    """What is picked of a span, or of the same one next time where its year was left open and it has passed."""
    found = pick(span)
    months = 12 if span.month else 1 if span.weak == "holding" and span.kind == "month" else 0
    if not months:
        return found or (None, None)
    for times in range(-1, 3):
        first = add_months(span.first, times * months if not t.back else (1 - times) * months)
        there = month_of(first.year, first.month, span.end)
        found = pick(there)
        if found and ((found[0] <= t.today) if t.back else (found[0] >= t.today)):
            return found
    return None, None


def _from_anchor(t: Text, number: int, j: int, k: int, anchor: Phrase) -> Phrase | None:
    """ "third Tuesday after Christmas 2014", "last Friday before Easter", "first working day after 1 January" """
    if anchor.day is None or anchor.more or anchor.until or (number < 0 and t.word[k] != "before"):
        return None
    sign, count, day = -1 if t.word[k] == "before" else 1, abs(number), anchor.day
    if t.word[j] in WEEKDAY:
        days = sign * (WEEKDAY[t.word[j]] - day.weekday()) % 7 or 7
        day += timedelta(days=sign * (days + 7 * (count - 1)))
    elif t.word[j] in WORKING and count <= 31:
        day = add_working_days(day, sign * count, closed_in_england)
    else:
        return None
    return Phrase(anchor.end, day, base=anchor.day, kind="counted", counted=anchor.counted + 1)


def day_of_span(t: Text, span: Span) -> Phrase | None:
    """ "next month on the 5th" """
    j = span.end + (t.word[span.end] == "on")
    j += t.word[j] == "the"
    day = day_number(t, j)
    if span.kind != "month" or span.month or day is None or not day[2] or not completes(t, day[1]):
        return None
    fits = 1 <= day[0] <= span.last.day
    return Phrase(day[1], span.first.replace(day=day[0]), kind="nth") if fits and t.word[day[1]] != "of" else None


def _of_month(t: Text, number: int, j: int, spans: list[Span | None]) -> Phrase | None:
    """ "3rd of next month", "5th next month", "1st of the month", "the first of this month" """
    if t.word[j] == "day" and t.word[j + 1] == "of":
        j += 1
    of = t.word[j] == "of"
    if not of and t.word[j] not in STEPS:
        return None
    span = _some_month(t, j + of, spans)
    if span is None or span.kind != "month" or span.month or not completes(t, span.end):
        return None
    if number > 31:
        return None

    def same(month: Span) -> tuple[date, None] | None:
        return (month.first.replace(day=number), None) if number <= month.last.day else None

    day, _ = _next_that_fits(t, span, same)
    if day is None:
        name = MONTHS[span.first.month - 1].title()
        return Phrase(span.end, wrong=f"there is no {number} {name} {span.first.year}")
    return Phrase(span.end, day, kind="nth")
