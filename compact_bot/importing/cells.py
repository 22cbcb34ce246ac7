"""A cell to the day that it surely means, or what is wrong with it. A date is never guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from compact_bot.dates import FIRST_YEAR, LAST_YEAR, find_dates, spoken
from compact_bot.sheets.reading import Cell, Unread

_NONE = re.compile(r"(?:n/?a|none|nil|-+|–|—|\?+)", re.IGNORECASE)
_OPEN = re.compile(
    r"(?:tb[acd]|ongoing|rolling|open[- ]ended|unknown|not known|permanent|see .*|ask .*)\.?", re.IGNORECASE
)
_TIME = re.compile(r"[T\s]*(?:\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?\s*(?:am|pm|z)?", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})")
SERIALS = range(32_874, 73_416)  # Excel's numbers for the days from 1 January 1990 to 31 December 2100
_EXCEL_BEGINS = date(1899, 12, 30)


@dataclass(frozen=True)
class Day:
    """A cell as a day. `problem` says in plain words why it is none; neither where nothing stands."""

    day: date | None = None
    problem: str = ""


def day_of(cell: Cell, today: date, month_first: str = "") -> Day:
    """`month_first` is a date of the same column that can only be written month first: then none of them is sure."""
    match cell:
        case None:
            return Day()
        case Unread():
            return Day(problem=cell.why)
        case date():
            return _in_our_years(cell)
        case int() | float():
            return _serial(cell)
        case str():
            return _slashed_or_said(cell, today, month_first)


def _in_our_years(day: date) -> Day:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return Day(day)
    empty = " (which is how Excel shows an empty or wrong date)" if day.year in (1899, 1900, 1904) else ""
    return Day(problem=f"{spoken(day)}{empty} is no date from {FIRST_YEAR} to {LAST_YEAR}")


def _serial(number: int | float) -> Day:
    if int(number) in SERIALS:
        return Day(_EXCEL_BEGINS + timedelta(days=int(number)))
    return Day(problem=f"{number:g} is a number, and no date")


def _slashed_or_said(text: str, today: date, month_first: str) -> Day:
    slashed = _SLASHED.fullmatch(text.split(" ", maxsplit=1)[0])
    if month_first and slashed and int(slashed[1]) <= 12 and int(slashed[2]) <= 12 and slashed[1] != slashed[2]:
        return Day(problem=f"{text} can be two days: the same column has {month_first}, with the month first")
    return _said(text, today)


@lru_cache(20_000)
def _said(text: str, today: date) -> Day:
    if _NONE.fullmatch(text):
        return Day()
    if _OPEN.fullmatch(text):
        return Day(problem=f'"{text}" is no date')
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _serial(float(text))
    found = find_dates(text, today)
    if not found:
        return Day(problem=f'"{_short(text)}" is no date')
    one = found[0]
    if one.wrong:
        return Day(problem=f'"{_short(text)}": {one.wrong}')
    if len(found) > 1:
        return Day(problem=f'"{_short(text)}" holds two dates')
    rest = text[: one.start].strip() + text[one.end :].strip()
    if one.day is None or not one.exact or one.doubt or one.other:
        return Day(problem=f'"{_short(text)}" is not one sure day; write day, month and year, as in {example(today)}')
    if rest and not _TIME.fullmatch(rest):
        return Day(problem=f'"{_short(text)}" says more than a date')
    return _in_our_years(one.day)


def month_first_in(cells: Iterable[Cell]) -> str:
    """A date that can only be written month first, as in the United States; "" where there is none."""
    for cell in cells:
        found = _SLASHED.fullmatch(cell.split(" ")[0]) if isinstance(cell, str) else None
        if found and int(found[1]) <= 12 < int(found[2]) <= 31:
            return found[0]
    return ""


def example(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
