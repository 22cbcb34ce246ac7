"""Reading days that have a name: "Christmas Eve", "Easter 2027", "the nearest Friday to 31 March"."""

from datetime import timedelta

from compact_bot.dates.calendar_days import day_number
from compact_bot.dates.named_days import (
    BY_THE_MOON,
    FEASTS,
    LONGEST_NAME,
    NAMED_DAYS,
    bank_holiday_after,
)
from compact_bot.dates.periods import period_at
from compact_bot.dates.phrase import ITSELF, Phrase
from compact_bot.dates.surroundings import completes, is_a_name
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import ASKING, NAMING, NOT_BEFORE_NAMES, STEPS, UNITS, WEEKDAY
from compact_bot.dates.written import FIRST_YEAR, LAST_YEAR, nearest
from compact_bot.dates.years import Year, year_after

CLOSEST = frozenset(("closest", "nearest"))


def nth_closest(t: Text, i: int, dates: list[Phrase | None]) -> Phrase | None:
    ordinal = day_number(t, i)
    if ordinal is None or not 1 <= ordinal[0] <= 9 or t.word[ordinal[1]] not in CLOSEST:
        return None
    return closest(t, ordinal[0], ordinal[1] + 1, dates)


def closest(t: Text, number: int, i: int, dates: list[Phrase | None]) -> Phrase | None:
    """ "the nearest Friday to 31 March", "the second closest Monday to 5 October", "the nearest Easter to today" """
    weekday, name = WEEKDAY.get(t.word[i], -1), ""
    j = i + 1
    if weekday < 0:
        name, j = _name_at(t, i)
    anchor = dates[j + 1] if t.word[j] == "to" and (weekday >= 0 or name) else None
    if anchor is None or anchor.day is None or anchor.more or anchor.until:
        return None
    day = anchor.day
    if name:
        years = range(max(FIRST_YEAR, day.year - number), min(LAST_YEAR, day.year + number) + 1)
        days = [one for one in map(NAMED_DAYS[name], years) if one]
    else:
        days = [day + timedelta(days=n) for n in range(-7 * number, 7 * number + 1)]
        days = [one for one in days if one.weekday() == weekday]
    days.sort(key=lambda one: abs(one - day))
    return Phrase(anchor.end, days[number - 1], base=day, kind="counted", counted=anchor.counted + 1)


def named_day(t: Text, i: int, way: str = "") -> Phrase | None:
    """A day with a name, its year where one is said, else the next (or, after "last", the last) such day."""
    if t.word[i] == "bank" and t.word[i + 1] == "holiday":
        weekday = WEEKDAY.get(t.word[i + 2], -1)
        day = bank_holiday_after(t.today, t.back or way == "last", weekday)
        return Phrase(i + 2 + (weekday >= 0), day, kind="named", weak="" if way or weekday >= 0 else "name")
    name, end = _name_at(t, i)
    before = t.word[i - 1] if i else ""
    if not name or before in NOT_BEFORE_NAMES:
        return None
    if name in FEASTS and before.isalpha() and before not in ASKING and before not in STEPS:
        return None
    end += t.word[end] == "'"
    day_of = NAMED_DAYS[name]
    year = year_after(t, end) or _years_on(t, end)
    if year and year.wrong:
        return Phrase(year.end, wrong=year.wrong, kind="named")
    if year:
        day = day_of(year.year) if FIRST_YEAR <= year.year <= LAST_YEAR else None
        found = Phrase(year.end, day, kind="named", unsure=year.unsure, whole=True)
        return _by_the_moon(name, found) if day else None
    if t.word[end] in NAMING or t.word[end] in UNITS or t.word[end] in _SEASONAL or is_a_name(t, i, end):
        return None
    if " " not in name and not way and before not in ASKING and before != "the" and i and not completes(t, end):
        return None  # "staff Christmas quiz"
    back = t.back or way in ("last", "past", "previous")
    day = nearest(day_of, t.today - timedelta(days=1) if way == "last" else t.today, back)
    return _by_the_moon(name, Phrase(end, day, kind="named")) if day else None


def _by_the_moon(name: str, found: Phrase) -> Phrase:
    if name not in BY_THE_MOON or found.day is None:
        return found
    return found._replace(other=found.day + timedelta(days=1), unsure=ITSELF)


def _years_on(t: Text, i: int) -> Year | None:
    """ "Diwali in two years", "Easter three years from now" """
    ahead = t.word[i] == "in"
    period = period_at(t, i + ahead)
    if period is None or period.steps[0][1] != "year" or len(period.steps) > 1 or period.doubt:
        return None
    j = period.end
    if not ahead and t.word[j] != "hence" and (t.word[j], t.word[j + 1]) != ("from", "now"):
        return None
    return Year(j if ahead else j + 1 + (t.word[j] == "from"), t.today.year + period.steps[0][0])


_SEASONAL = frozenset("holiday holidays break period closure time season weekend bonus shutdown hours".split())


def _name_at(t: Text, i: int) -> tuple[str, int]:
    """The longest name that begins at a token; "St. David's" and "new years' eve" too."""
    pieces: list[str] = []
    best, end, j = "", i, i
    while len(pieces) < LONGEST_NAME:
        pieces.append(t.word[j])
        j += 1
        name = " ".join(pieces)
        if name in NAMED_DAYS:
            best, end = name, j
        if t.word[j] in (".", "'", "-") and t.word[j + 1].isalpha():
            j += 1
        if not t.word[j].isalpha():
            break
    return best, end
