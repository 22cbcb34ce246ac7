"""One date phrase as a reader finds it, and the day of the calendar that it names."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from compact_bot.dates.counting import MONTHS, WEEKDAYS
from compact_bot.dates.text import Text
from compact_bot.dates.written import Part, nearest, on
from compact_bot.dates.years import Year

ITSELF = "*"  # the phrase is in doubt as a whole


class Phrase(NamedTuple):
    """A date that ends before token `end`; `start` is set where it is not the token at which it was found.

    `weak` names why it is a date only after a word that asks for one ("sat", "March", "the 3rd"). `unsure` are words in
    it that may mean something else. `more` are all the dates of a range or a list. `counted` is how many relative
    phrases stand within it. `steps` are what to count from the date before it in the text ("8 weeks later").
    """

    end: int
    day: date | None = None
    wrong: str = ""
    other: date | None = None
    whole: bool = False
    unsure: str = ""
    until: date | None = None
    base: date | None = None
    yearless: bool = False
    weekday: int = -1
    weak: str = ""
    part: Part = ""
    start: int = -1
    kind: str = ""
    counted: int = 0
    steps: tuple[tuple[int, str], ...] = ()
    more: tuple["Phrase", ...] = ()


def calendar_day(t: Text, month: int, number: int, year: Year | None, weekday: int = -1) -> Phrase:
    """The phrase of a day and month, with its year or the nearest; its `end` is still to be set."""
    if year is None:
        return _nearest_day(t, month, number, weekday)
    if year.wrong:
        return Phrase(0, wrong=year.wrong)
    if not 1 <= number <= monthrange(year.year, month)[1]:
        return Phrase(0, wrong=_too_many(number, month, year.year))
    day = date(year.year, month, number)
    if weekday >= 0 and day.weekday() != weekday:
        return Phrase(0, wrong=_is_a(day))
    return Phrase(0, day, whole=year.told, unsure=year.unsure, weekday=weekday)


def _nearest_day(t: Text, month: int, number: int, weekday: int) -> Phrase:
    day = nearest(on(month, number), t.today, t.back) if number else None
    if day is None:
        return Phrase(0, wrong=_too_many(number, month, None))
    if weekday < 0 or day.weekday() == weekday:
        return Phrase(0, day, yearless=weekday < 0, weekday=weekday)
    lately = nearest(on(month, number), t.today, not t.back)
    if lately and lately.weekday() == weekday and abs((lately - t.today).days) < 183:
        return Phrase(0, lately, weekday=weekday)
    for step in (1, 2):
        next_one = nearest(on(month, number), date(day.year + (-step if t.back else step), 1, 1))
        if next_one and next_one.weekday() == weekday:
            return Phrase(0, next_one, other=day, unsure=ITSELF, weekday=weekday)
    return Phrase(0, wrong=_is_a(day))


def _is_a(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year} is a {WEEKDAYS[day.weekday()].title()}"


def _too_many(number: int, month: int, year: int | None) -> str:
    name = MONTHS[month - 1].title()
    if year is None:
        return f"there is no {number} {name}"
    return f"there is no {number} {name} {year}: that month has {monthrange(year, month)[1]} days"
