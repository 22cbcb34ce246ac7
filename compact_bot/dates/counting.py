"""Months, weeks and working days as people in the UK count them. Pure functions.

A period of months ends on the corresponding date of the month in which it ends, or on that month's last day where it
has no such date (Dodds v Walker [1981] 1 WLR 1027).
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from compact_bot.dates.bank_holidays import closed_in_england

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()


def spoken(day: date) -> str:
    """ "Thursday 31 December 2026" """
    return f"{WEEKDAYS[day.weekday()].title()} {day.day} {MONTHS[day.month - 1].title()} {day.year}"


def last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The corresponding date so many months on (or back, when negative), clipped to the month's end."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return min(last_of_month(years, month + 1), date(years, month + 1, 1) + timedelta(days=day.day - 1))


@dataclass(frozen=True)
class NoticeDate:
    """The last safe day to give notice; `arguable` is a later day that some would count, or None."""

    day: date
    arguable: date | None


def months_before(end: date, months: int) -> NoticeDate:
    """The last day on which notice of so many whole months can safely be given for an end.

    Counted back, the corresponding date is safe on every reading. Counted forward, a day late in a long month may still
    reach the end because the period is clipped (31 March + 3 months = 30 June); that day is arguable.
    """
    safe = add_months(end, -months)
    latest = safe
    while add_months(latest + timedelta(days=1), months) <= end:
        latest += timedelta(days=1)
    return NoticeDate(safe, latest if latest > safe else None)


def months_and_days(start: date, end: date) -> tuple[int, int]:
    """Whole months from start to end, and the days over; start must not be after end."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    return months, (end - add_months(start, months)).days


def counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def period_in_words(start: date, end: date) -> str:
    """ "2 months 11 days" """
    months, days = months_and_days(start, end)
    pieces = [counted(months, "month")] if months else []
    return " ".join(pieces + ([counted(days, "day")] if days or not months else []))


def weeks_in_words(days: int) -> str:
    """ "8 weeks", "11 weeks 3 days" """
    weeks, rest = divmod(days, 7)
    pieces = [counted(weeks, "week")] if weeks else []
    return " ".join(pieces + ([counted(rest, "day")] if rest or not weeks else []))


IsClosed = Callable[[date], bool]


def working_day_before(day: date, is_closed: IsClosed) -> date:
    """The last working day before a day."""
    day -= timedelta(days=1)
    while is_closed(day):
        day -= timedelta(days=1)
    return day


def working_day_after(day: date, is_closed: IsClosed) -> date:
    day += timedelta(days=1)
    while is_closed(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, number: int, is_closed: IsClosed) -> date:
    """So many working days on, or back when negative."""
    step = working_day_after if number > 0 else working_day_before
    for _ in range(abs(number)):
        day = step(day, is_closed)
    return day


_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_DAYS_IN = {"day": 1, "week": 7, "fortnight": 14}


def moved(day: date, number: int, unit: str) -> date:
    """A day so many days, weeks, fortnights, months or years on; working days are those of England."""
    unit = unit.removesuffix("s")
    if unit in _MONTHS_IN:
        return add_months(day, number * _MONTHS_IN[unit])
    if unit == "working day":
        return add_working_days(day, number, closed_in_england)
    return day + timedelta(days=number * _DAYS_IN[unit])
