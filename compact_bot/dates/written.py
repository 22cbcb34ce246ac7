"""What reading dates gives: dates and periods with the place where they stand, and the years of a pair."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

FIRST_YEAR, LAST_YEAR = 1990, 2100

OUT_OF_YEARS = f"that day is not in the years {FIRST_YEAR} to {LAST_YEAR}"

Part = Literal["", "from", "to"]


def in_years(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


@dataclass(frozen=True)
class Written:
    """A date found in some words, from `start` to `end`. `wrong` says why it cannot be one, and then `day` is None.

    `other` is another day that the same words can mean. `exact` tells that day, month and year were all written and
    that nothing beside them was left unread. `doubt` gives the words that were left unread next to the date and may
    change it, or those in it that can be read otherwise; such a date is read back and asked about, never saved in
    silence.

    `part` tells which end of a range it is ("7-21 December"). `until` is the last day where the words mean a span, such
    as a week or a month, and `day` is then the one most likely meant: its first, or its end for "end of next week".
    `base` is the day from which `day` was counted ("8 weeks before 31 March", "8 weeks later"). `yearless` tells that
    day and month were written without a year, so that `in_order` may choose another.
    """

    start: int
    end: int
    day: date | None
    wrong: str = ""
    other: date | None = None
    exact: bool = False
    doubt: str = ""
    part: Part = ""
    until: date | None = None
    base: date | None = None
    yearless: bool = False


@dataclass(frozen=True)
class Duration:
    """A period that stands by itself, "for 8 weeks": `unit` is day, working day, week, month or year.

    `doubt` says what beside it was left unread: the other number of "8 to 12 weeks", the days of "2 months and 3 days".
    """

    start: int
    end: int
    number: int
    unit: str
    doubt: str = ""


@dataclass(frozen=True)
class Reading:
    """The dates and the periods in some words, each in order."""

    dates: tuple[Written, ...]
    durations: tuple[Duration, ...]


def nearest(day_of: Callable[[int], date | None], today: date, back: bool = False) -> date | None:
    """The next day, today included, that comes once a year (or the last one, `back`); None when no year has it.

    `day_of` gives the day of a year, or None where that year has none: 29 February waits for a leap year.
    """
    step = -1 if back else 1
    for year in range(today.year - step, today.year + 9 * step, step):
        if FIRST_YEAR <= year <= LAST_YEAR and (day := day_of(year)) and (day <= today if back else day >= today):
            return day
    return None


def on(month: int, number: int) -> Callable[[int], date | None]:
    """The same day and month of any year, for `nearest`."""
    return lambda year: date(year, month, number) if number <= monthrange(year, month)[1] else None


def in_order(earlier: Written, later: Written, today: date) -> tuple[Written, Written]:
    """The same pair with the years that were left open chosen so that the later date follows the earlier one.

    "Notice given 3 November for 31 March" on 25 November 2026 is 3 November 2026 and 31 March 2027. The year of a
    date that was written with one never changes; a pair that cannot be put in order comes back as it was.
    """
    if earlier.day is None or later.day is None:
        return earlier, later
    if earlier.yearless and earlier.day > later.day and (earlier.day > today or not later.yearless):
        return _in_another_year(earlier, later.day, back=True), later
    if later.yearless:
        return earlier, _in_another_year(later, earlier.day, back=False)
    return earlier, later


def _in_another_year(written: Written, limit: date, back: bool) -> Written:
    if written.day is None:
        return written
    day = nearest(on(written.day.month, written.day.day), limit, back)
    if day is None:
        return written
    until = day.replace(day=monthrange(day.year, day.month)[1]) if written.until else None  # "in June"
    return replace(written, day=day, until=until)
