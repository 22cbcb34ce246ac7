"""The period of a review: the last 12 months, a year, or from one month or day to another."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from compact_bot.dates import MONTHS, add_months, find_dates, last_of_month, spoken

LONGEST_MONTHS = 60
EXAMPLE = "review April 2026 to March 2027"
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in MONTHS)
_ONE_MONTH = re.compile(rf"(?P<month>{_MONTH})\.? (?P<year>(?:19|20)\d\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?:the year )?(?P<year>(?:19|20)\d\d)")
_FINANCIAL = re.compile(r"(?P<year>(?:19|20)\d\d) ?[-/–] ?(?P<next>\d\d|(?:19|20)\d\d)")
_BOUNDS = re.compile(r"(?:from |between )?(?P<first>.+?) (?:to|until|till|and|-|–) (?P<last>.+)", re.IGNORECASE)
BEGINS = re.compile(rf"(?:from |between |the year )?(?:\d|(?:{_MONTH})\b)|last year|this year", re.IGNORECASE)


class PeriodError(Exception):
    """The period cannot be read; the message says why in plain words."""


@dataclass(frozen=True)
class Period:
    """From a first day to a last one, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{spoken(self.first)} to {spoken(self.last)}"

    @property
    def code(self) -> str:
        """ "2026-04-01 to 2027-03-31", which `read_period` reads back."""
        return f"{self.first.isoformat()} to {self.last.isoformat()}"

    def months(self) -> list[date]:
        """The first day of each month that it touches."""
        start = self.first.replace(day=1)
        count = (self.last.year - start.year) * 12 + self.last.month - start.month + 1
        return [add_months(start, number) for number in range(count)]


def read_period(words: str, today: date) -> Period:
    """Raises PeriodError for what is no period."""
    words = " ".join(words.split()).strip(" ,.")
    period = _named(words.casefold(), today) or _bounded(words, today)
    if period is None:
        raise PeriodError(f'I cannot read "{words[:60]}" as a period.')
    if period.last < period.first:
        raise PeriodError(f"{spoken(period.last)} is before {spoken(period.first)}.")
    if len(period.months()) > LONGEST_MONTHS:
        raise PeriodError(f"That is longer than {LONGEST_MONTHS // 12} years.")
    return period


def _named(words: str, today: date) -> Period | None:
    if words in ("", "last 12 months", "the last 12 months", "last twelve months"):
        return Period(add_months(today, -12) + timedelta(days=1), today)
    if words in ("last year", "this year"):
        year = today.year - (words == "last year")
        return Period(date(year, 1, 1), date(year, 12, 31))
    if found := _YEAR.fullmatch(words):
        return Period(date(int(found["year"]), 1, 1), date(int(found["year"]), 12, 31))
    found = _FINANCIAL.fullmatch(words)
    if found and (int(found["year"]) + 1) % 100 == int(found["next"]) % 100:
        return Period(date(int(found["year"]), 4, 1), date(int(found["year"]) + 1, 3, 31))
    return _month(words)


def _month(words: str) -> Period | None:
    found = _ONE_MONTH.fullmatch(words)
    if not found:
        return None
    month = next(n for n, name in enumerate(MONTHS, start=1) if name.startswith(found["month"].lower()[:3]))
    year = int(found["year"])
    return Period(date(year, month, 1), last_of_month(year, month))


def _bounded(words: str, today: date) -> Period | None:
    found = _BOUNDS.fullmatch(words)
    if not found:
        return None
    first, last = _edge(found["first"], today), _edge(found["last"], today)
    return Period(first.first, last.last) if first and last else None


def _edge(words: str, today: date) -> Period | None:
    """A month, a year or a day, as a period of its own."""
    if named := _month(words.casefold()):
        return named
    if year := _YEAR.fullmatch(words):
        return Period(date(int(year["year"]), 1, 1), date(int(year["year"]), 12, 31))
    dates = find_dates(words, today)
    day = dates[0].day if len(dates) == 1 and dates[0].exact else None
    return Period(day, day) if day else None
