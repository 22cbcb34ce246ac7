"""Spans of days: weeks, months, quarters, years and financial years.

"March 2027", "next week", "w/c 7 December", "Q3 2026/27", "FY26/27".
"""

from datetime import date, timedelta
from typing import NamedTuple

from compact_bot.dates.calendar_days import after_month, day_number, month_and_day
from compact_bot.dates.counting import add_months, last_of_month
from compact_bot.dates.phrase import ITSELF, Phrase
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import MONTH, UNITS
from compact_bot.dates.written import FIRST_YEAR, LAST_YEAR
from compact_bot.dates.years import four_figures, two_figures, year_after


class Span(NamedTuple):
    """From a first to a last day. `month` is set where a month was named without a year, so that the next is meant.

    `weak` names why it is a date only after a word that asks for one.
    """

    end: int
    first: date
    last: date
    kind: str
    weak: str = ""
    month: int = 0
    wrong: str = ""
    unsure: str = ""
    other: date | None = None


_STEP = {
    "this": 0,
    "current": 0,
    "coming": 1,
    "upcoming": 1,
    "next": 1,
    "following": 1,
    "last": -1,
    "past": -1,
    "previous": -1,
}
_WEEK_BEGINS = frozenset("commencing beginning starting of".split())


def span_at(t: Text, i: int, dates: list[Phrase | None]) -> Span | None:
    """The span that begins at token i; `dates` holds what was read further on."""
    word = t.word[i]
    if word == "the":
        return _stepped(t, i + 1) or span_at(t, i + 1, dates) if t.word[i + 1] in _OPENING_SPANS else None
    if word in MONTH:
        return _month(t, i)
    if word in _STEP:
        return _stepped(t, i)
    if t.number[i] >= 0:
        return _in_figures(t, i)
    if word in ("fy", "financial", "tax", "calendar"):
        return _named_year(t, i)
    if word in ("q", "quarter", "first", "second", "third", "fourth"):
        return _quarter(t, i)
    if word in ("w", "wc", "week", "wk", "weeks"):
        return _week(t, i, dates)
    return None


_OPENING_SPANS = frozenset((*_STEP, "week", "month", "financial", "tax", "fy", "first", "second", "third", "fourth"))


def month_of(year: int, month: int, end: int, free: int = 0, weak: str = "") -> Span:
    return Span(end, date(year, month, 1), last_of_month(year, month), "month", weak, free)


def _month(t: Text, i: int) -> Span | None:
    """ "March 2027", "Mar-27", "March '27"; without a year the next such month."""
    month, j = MONTH[t.word[i]], after_month(t, i)
    if month_and_day(t, i):
        return None
    year = year_after(t, j)
    if year and year.wrong:
        return Span(year.end, t.today, t.today, "month", wrong=year.wrong)
    if year:
        return month_of(year.year, month, year.end)
    if t.word[j] == "in" and t.word[j + 1] in ("a", "one", "1") and t.word[j + 2] in ("year", "years"):
        return month_of(t.today.year + 1, month, j + 3)
    found = _free_month(t, month, j, "month")
    if t.word[j] == "after" and t.word[j + 1] == "next":
        return month_of(found.first.year + 1, month, j + 2)
    return found


def _free_month(t: Text, month: int, end: int, weak: str) -> Span:
    """The month that is not over yet, or the last that has begun when what is meant lies in the past."""
    year = t.today.year
    if t.back:
        year -= month > t.today.month
    else:
        year += month < t.today.month
    return month_of(year, month, end, month, weak)


def week_of(day: date, end: int, weak: str = "") -> Span:
    monday = day - timedelta(days=day.weekday())
    return Span(end, monday, monday + timedelta(days=6), "week", weak)


def _stepped(t: Text, i: int) -> Span | None:
    """ "next week", "this month", "the following quarter", "last financial year", "next March", "week after next" """
    if t.word[i] in UNITS:
        return _after_next(t, i)
    step = _STEP.get(t.word[i])
    if step is None:
        return None
    j = i + 1 + (t.word[i + 1] == "coming")
    unit, today = t.word[j], t.today
    if unit in MONTH:
        return _stepped_month(t, MONTH[unit], step, j)
    if unit == "weekend":
        saturday = today + timedelta(days=5 - today.weekday() + 7 * (step if t.word[j - 1] != "coming" else 0))
        return Span(j + 1, saturday, saturday + timedelta(days=1), "weekend")
    kind = UNITS.get(unit) if unit[-1:] != "s" else None  # "the last months of a grant"
    j += 1 + (t.word[j + 1] == "'")
    if kind == "week":
        return week_of(today + timedelta(days=7 * step), j)
    if kind == "month":
        there = add_months(today.replace(day=1), step)
        return month_of(there.year, there.month, j)
    if kind == "quarter":
        first = add_months(date(today.year, 1 + 3 * ((today.month - 1) // 3), 1), 3 * step)
        return months_from(j, first, 3, "quarter")
    if kind == "year":
        return months_from(j, date(today.year + step, 1, 1), 12, "year")._replace(weak="year")
    if named := year_name(t, j - 1):
        end, month, number = named
        return months_from(end, _year_begins(today, month, number, step), 12, "financial")
    return None


def _stepped_month(t: Text, month: int, step: int, j: int) -> Span | None:
    if month_and_day(t, j):
        return None
    if step < 0:
        year = t.today.year - (month >= t.today.month)
    else:
        year = t.today.year + (month < t.today.month or (month == t.today.month and step > 0))
    verb = step == 0 and t.word[j] == "may" and t.words[t.start[j]] == "m"  # "this may help"
    return month_of(year, month, j + 1, weak="may" if verb else "")


def _after_next(t: Text, i: int) -> Span | None:
    """ "week after next", "month before last" """
    steps = {("after", "next"): 2, ("before", "last"): -2}.get((t.word[i + 1], t.word[i + 2]))
    unit = UNITS[t.word[i]]
    if steps is None or unit not in ("week", "month", "year"):
        return None
    if unit == "week":
        return week_of(t.today + timedelta(days=7 * steps), i + 3)
    there = add_months(t.today.replace(day=1), steps * (1 if unit == "month" else 12))
    if unit == "month":
        return month_of(there.year, there.month, i + 3)
    return months_from(i + 3, there.replace(month=1), 12, "year")


def months_from(end: int, first: date, count: int, kind: str) -> Span:
    return Span(end, first, add_months(first, count) - timedelta(days=1), kind)


def _year_begins(today: date, month: int, number: int, step: int) -> date:
    """The first day of the financial or tax year that holds today, so many years on."""
    this = date(today.year, month, number)
    return this.replace(year=today.year - (this > today) + step)


def year_name(t: Text, i: int) -> tuple[int, int, int] | None:
    """ "financial year", "FY", "tax year": where it ends, and the month and day on which such a year begins."""
    word = t.word[i]
    if word == "fy":
        return i + 1, 4, 1
    if word in ("financial", "fin", "finance", "council", "tax") and UNITS.get(t.word[i + 1]) == "year":
        return i + 2 + (t.word[i + 2] == "'"), 4, 6 if word == "tax" else 1
    return None


def _named_year(t: Text, i: int) -> Span | None:
    """ "FY26/27", "FY 2026-27", "financial year 2026/27"; "financial year" alone is the one that holds today."""
    if t.word[i] == "calendar":
        return _calendar_year(t, i)
    named = year_name(t, i)
    if named is None:
        return None
    j, month, number = named
    if both := two_years(t, j):
        return months_from(both[0], date(both[1], month, number), 12, "financial")
    return months_from(j, _year_begins(t.today, month, number, 0), 12, "financial")._replace(weak="year")


def _calendar_year(t: Text, i: int) -> Span | None:
    if UNITS.get(t.word[i + 1]) != "year":
        return None
    if t.digits(i + 2) == 4 and not four_figures(t, i + 2)[1]:
        return months_from(i + 3, date(t.number[i + 2], 1, 1), 12, "year")
    return months_from(i + 2, date(t.today.year, 1, 1), 12, "year")._replace(weak="year")


def two_years(t: Text, i: int) -> tuple[int, int] | None:
    """ "2026/27", "26/27", "2026-2027": where it ends and its first year."""
    mark = t.word[i + 1]
    if t.number[i] < 0 or mark not in ("/", "-") or t.number[i + 2] < 0 or not t.ends(i + 3):
        return None
    if not (t.glued[i + 1] and t.glued[i + 2]) or t.digits(i) not in (2, 4) or t.digits(i + 2) not in (2, 4):
        return None
    year, wrong = four_figures(t, i) if t.digits(i) == 4 else two_figures(t, i)
    return None if wrong or (year + 1) % 100 != t.number[i + 2] % 100 else (i + 3, year)


def _in_figures(t: Text, i: int) -> Span | None:
    """ "2026/27", "2027-03", "03/2027", "2027", "the 4th quarter" """
    if not t.begins(i):
        return None
    if t.glued[i + 1] and t.word[i + 1] in ("st", "nd", "rd", "th"):
        return _quarter(t, i)
    if t.digits(i) == 4:
        if both := two_years(t, i):
            return months_from(both[0], date(both[1], 4, 1), 12, "financial")
        return _year_and_month(t, i)
    month, mark = t.number[i], t.word[i + 1]
    glued = t.glued[i + 1] and t.glued[i + 2] and t.digits(i) <= 2
    if mark in ("/", "-") and glued and t.digits(i + 2) == 4 and 1 <= month <= 12 and t.ends(i + 3):
        year, wrong = four_figures(t, i + 2)
        return None if wrong else month_of(year, month, i + 3)
    return None


def _year_and_month(t: Text, i: int) -> Span | None:
    year, month = t.number[i], t.number[i + 2]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if t.word[i + 1] in ("-", "/") and t.glued[i + 1] and t.glued[i + 2]:
        fits = 1 <= month <= 12 and t.digits(i + 2) == 2 and t.ends(i + 3) and t.word[i + 3] != t.word[i + 1]
        return month_of(year, month, i + 3) if fits else None
    return months_from(i + 1, date(year, 1, 1), 12, "year")._replace(weak="figures") if t.ends(i + 1) else None


def _quarter(t: Text, i: int) -> Span | None:
    """ "Q3", "Q3 2026/27", "third quarter of 2027": of the council's year, which begins in April."""
    if t.digits(i + 1) == 1 and (t.word[i] == "quarter" or (t.word[i] == "q" and t.glued[i + 1])):
        number, j = t.number[i + 1], i + 2
    else:
        ordinal = day_number(t, i)
        if ordinal is None or UNITS.get(t.word[ordinal[1]]) != "quarter":
            return None
        number, j = ordinal[0], ordinal[1] + 1
    if not 1 <= number <= 4:
        return None
    k = j + (t.word[j] in ("of", "in")) + (t.word[j + 1] == "fy")
    if both := two_years(t, k):
        return months_from(both[0], add_months(date(both[1], 4, 1), 3 * number - 3), 3, "quarter")
    if year := year_after(t, j):
        if year.wrong:
            return None
        council = months_from(year.end, add_months(date(year.year, 4, 1), 3 * number - 3), 3, "quarter")
        return council._replace(other=date(year.year, 3 * number - 2, 1), unsure=ITSELF)
    first = add_months(_year_begins(t.today, 4, 1, 0), 3 * number - 3)
    if not t.back and add_months(first, 3) <= t.today:
        first = add_months(first, 12)
    return months_from(j, first, 3, "quarter")._replace(weak="quarter")


def _week(t: Text, i: int, dates: list[Phrase | None]) -> Span | None:
    """ "w/c 7 December", "week commencing 7 December", "the week of 7 December" """
    j = _after_week_word(t, i)
    if not j:
        return _after_next(t, i) if t.word[i] in ("week", "wk") else None
    ending = t.word[j - 1] in ("e", "ending", "end")
    day = _day_at(t, j, dates)
    if day is None or day.day is None:
        return None
    if ending:
        return Span(day.end, day.day, day.day, "day", day.weak)
    if t.word[j - 1] == "of":
        return week_of(day.day, day.end)
    return Span(day.end, day.day, day.day + timedelta(days=6), "week")


def _after_week_word(t: Text, i: int) -> int:
    if t.word[i] == "w" and t.word[i + 1] == "/" and t.word[i + 2] in ("c", "b", "e"):
        return i + 3
    if t.word[i] == "w" and t.word[i + 1 : i + 4] == [".", "c", "."]:
        return i + 4
    if t.word[i] == "wc":
        return i + 1
    if t.word[i] in ("week", "weeks", "wk") and (t.word[i + 1] in _WEEK_BEGINS or t.word[i + 1] == "ending"):
        return i + 2
    return 0


def _day_at(t: Text, j: int, dates: list[Phrase | None]) -> Phrase | None:
    j += t.word[j] in (":", "the")
    found = dates[j]
    return found if found and not found.more and not found.until else None


def holding_today(t: Text, kind: str, end: int) -> Span:
    today = t.today
    if kind == "week":
        return week_of(today, end)
    if kind == "month":
        return month_of(today.year, today.month, end)._replace(weak="holding")
    if kind == "quarter":
        first = date(today.year, 1 + 3 * ((today.month - 1) // 3), 1)
        return months_from(end, first, 3, "quarter")._replace(weak="holding")
    if kind == "year":
        return months_from(end, date(today.year, 1, 1), 12, "year")._replace(weak="holding")
    number = 6 if kind == "tax" else 1
    return months_from(end, _year_begins(today, 4, number, 0), 12, "financial")._replace(weak="holding")


def whole_span(span: Span) -> Phrase:
    """A span as a date: its first day, and the last as `until`."""
    until = None if span.kind == "day" else span.last
    day = None if span.wrong else span.first
    found = Phrase(span.end, day, span.wrong, until=until, weak=span.weak, kind=span.kind)
    return found._replace(unsure=span.unsure, other=span.other, yearless=span.month > 0)
