"""Days of the calendar in words: "7, 14 and 21 December", "March 31st", "Thu 15th", "the 31st"."""

from collections.abc import Sequence
from datetime import date

from compact_bot.dates.counting import MONTHS, add_months, last_of_month
from compact_bot.dates.phrase import ITSELF, Phrase, calendar_day
from compact_bot.dates.surroundings import clock_end, completes
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import (
    AFTER_MAY,
    MONTH,
    ORDINALS,
    RANGE,
    SUFFIXES,
    TENS,
    UNITS,
    WEEKDAY,
    WHOLE,
    WORKING,
)
from compact_bot.dates.written import Part
from compact_bot.dates.years import Year, year_after

_LONGEST_LIST = 12


def day_number(t: Text, i: int, joined: bool = False) -> tuple[int, int, bool] | None:
    """A day of the month at token i: its number, where it ends, and whether it was said as an ordinal.

    A number that is `joined` to the one before it may touch its mark ("24/25 December").
    """
    number = t.number[i]
    if number >= 0:
        if t.digits(i) > 2 or not (joined or t.begins(i)):
            return None
        if t.glued[i + 1] and t.word[i + 1] in SUFFIXES:
            return number, i + 2, True
        if t.glued[i + 1] and (t.word[i + 1].isalpha() and t.word[i + 1] not in MONTH):
            return None
        return number, i + 1, False
    word = t.word[i]
    if word in ORDINALS:
        return ORDINALS[word], i + 1, True
    if word in ("twenty", "thirty"):
        j = i + 1 + (t.word[i + 1] == "-")
        ones = ORDINALS.get(t.word[j], 99)
        if ones < 10:
            return TENS[word] + ones, j + 1, True
    return None


def day_and_month(t: Text, i: int, weekday: int = -1) -> Phrase | None:
    """ "31 March 2027", "7-21 December", "Mon 7, Tues 8 and Wed 9 December", from the first day's number on."""
    day = day_number(t, i)
    if day is None:
        return None
    days, ways, j = [(i, *day, weekday)], [""], day[1]
    while len(days) <= _LONGEST_LIST:
        if month := _month_at(t, j, days[-1][3]):
            number, j = month
            break
        way, start = _joined(t, j)
        said, k = _weekday_before(t, start)
        day = day_number(t, k, joined=True) if way else None
        if day is None:
            return None
        days.append((start, *day, said))
        ways.append(way)
        j = day[1]
    else:
        return None
    if not _is_list(days, ways):
        return None
    if not days[0][3] and _verb_may(t, j - 1):
        return None
    year = year_after(t, j)
    j = year.end if year else j
    if len(days) == 1 and weekday < 0:
        weekday, after = _weekday_after(t, j)
        if weekday >= 0:
            days, j = [(*days[0][:4], weekday)], after
    return _several(t, [(s, e, n, number, w) for s, n, e, _, w in days], ways, year, j)


def _month_at(t: Text, j: int, ordinal: bool) -> tuple[int, int] | None:
    """The month that ends "31 March", "31st of March", "31-Mar", and the token after it."""
    if t.word[j] in ("-", "/", ".") and t.glued[j] and t.glued[j + 1]:
        j += 1
    elif t.word[j] == "of" or (t.word[j] == "day" and t.word[j + 1] == "of" and ordinal):
        j += 1 + (t.word[j] == "day")
        j += t.word[j] == "the"
    month = MONTH.get(t.word[j])
    if month is None:
        return None
    return month, after_month(t, j)


def after_month(t: Text, j: int) -> int:
    """Where a month's name ends, with the point of "Dec." """
    shortened = t.word[j] not in MONTHS and t.word[j + 1] == "." and t.glued[j + 1] and not t.glued[j + 2]
    return j + 1 + shortened


def _verb_may(t: Text, i: int) -> bool:
    return t.word[i] == "may" and t.words[t.start[i]] == "m" and t.word[i + 1] in AFTER_MAY


def _joined(t: Text, j: int) -> tuple[str, int]:
    """How a day is joined to the next of a list at token j, and where that one begins."""
    word = t.word[j]
    if word == "," and not (t.glued[j + 1] and t.digits(j + 1) > 2):
        j += 1
        if t.word[j] not in ("and", "or", "&"):
            return ",", j
        word = t.word[j]
    if word in RANGE:
        way = "to"
    elif word in ("and", "or", "&") or (word == "/" and t.glued[j] and t.glued[j + 1]):
        way = "and"
    else:
        return "", j
    return way, j + 1 + (t.word[j + 1] == "the")


def _weekday_before(t: Text, i: int) -> tuple[int, int]:
    weekday = WEEKDAY.get(t.word[i], -1)
    return weekday, i if weekday < 0 else after_weekday(t, i)


def after_weekday(t: Text, i: int) -> int:
    """Where the day that belongs to a weekday at token i begins: "Mon. 7th", "Monday, the 7th"."""
    j = i + 1
    if t.word[j] == "." and t.glued[j] and len(t.word[i]) <= 5:
        j += 1
    j += t.word[j] == ","
    return j + (t.word[j] == "the")


def _weekday_after(t: Text, j: int) -> tuple[int, int]:
    """ "Jul 18, Fri", "31 December 2026 (Thursday)" """
    if t.word[j] in (",", "("):
        weekday = WEEKDAY.get(t.word[j + 1], -1)
        closed = t.word[j + 2] == ")"
        if weekday >= 0 and (closed or (t.word[j] == "," and completes(t, j + 2) and t.word[j + 2] not in RANGE)):
            return weekday, j + 2 + closed
    return -1, j


def _is_list(days: Sequence[tuple[int, int, int, bool, int]], ways: Sequence[str]) -> bool:
    """Whether some days before one month belong together; "phase 2, 31 March" is no list of two."""
    if len(days) == 2 and ways[1] == "," and not all(ordinal for *_, ordinal, _ in days):
        return False
    return all(way != "to" or days[k - 1][1] < days[k][1] for k, way in enumerate(ways))


def _several(
    t: Text, days: Sequence[tuple[int, int, int, int, int]], ways: Sequence[str], year: Year | None, end: int
) -> Phrase:
    """The phrase of one or more days (from, to, number, month, weekday) that share a year."""
    ways = list(ways)
    if len(days) == 2 and ways[1] == "and" and t.word[days[0][0] - 1] == "between":
        ways[1] = "to"
    found = []
    for k, (start, stop, number, month, weekday) in enumerate(days):
        one = calendar_day(t, month, number, year, weekday)
        follows = k + 1 < len(ways) and ways[k + 1] == "to"
        part: Part = "to" if ways[k] == "to" else "from" if follows else ""
        found.append(one._replace(end=stop if k + 1 < len(days) else end, start=start, part=part, kind="calendar"))
    return found[0]._replace(end=end, more=tuple(found) if len(found) > 1 else ())


def month_and_day(t: Text, i: int, weekday: int = -1) -> Phrase | None:
    """ "March 31st, 2027", "July 13-15", "December 7, 14 and 21", from the month on."""
    month = MONTH.get(t.word[i])
    if month is None:
        return None
    j = after_month(t, i)
    if t.word[j] == "-" and t.glued[j] and t.glued[j + 1]:
        if t.digits(j + 1) == 2 and _a_year_soon(t, t.number[j + 1]):
            return None  # "Mar-27" is how a spreadsheet writes March 2027
        j += 1
    comma = t.word[j] == ","
    j += comma + (t.word[j + comma] == "the")
    day = _day_after_month(t, j)
    if day is None or (comma and not day[2]):
        return None
    days, ways, j = [(i, *day)], [""], day[1]
    while len(days) <= _LONGEST_LIST:
        way, k = _joined(t, j)
        day = _day_after_month(t, k) if way else None
        if day is None or (way == "," and not _more_follow(t, day[1])):
            break
        days.append((k, *day))
        ways.append(way)
        j = day[1]
    if not all(way != "to" or days[k - 1][1] < days[k][1] for k, way in enumerate(ways)):
        return None
    year = year_after(t, j)
    bare = not days[-1][3] and year is None
    weak = ""
    if bare and t.word[i] in ("may", "march") and t.words[t.start[i]].islower() and not completes(t, j):
        weak = "month"
    j = year.end if year else j
    if weekday < 0 and len(days) == 1:
        weekday, j = _weekday_after(t, j)
    found = _several(t, [(s, e, n, month, weekday) for s, n, e, _ in days], ways, year, j)
    if bare and len(days) == 1 and t.digits(j - 1) == 2 and _a_year_soon(t, days[0][1]):
        found = found._replace(unsure=ITSELF)  # "March 27" may be March 2027
    return found._replace(weak=weak)


def _day_after_month(t: Text, j: int) -> tuple[int, int, bool] | None:
    if t.glued[j] and t.number[j] >= 0 and t.word[j - 1] in MONTH:  # "Feb13"
        day = (t.number[j], j + 1, False) if t.digits(j) <= 2 and t.ends(j + 1) else None
    else:
        day = day_number(t, j)
    if day is None or not 1 <= day[0] <= 31 or clock_end(t, j) > j:
        return None
    after = t.word[day[1]]
    if after in UNITS or after in WORKING or after in WHOLE or not t.ends(day[1]):
        return None
    if after in MONTH or (after == "of" and t.word[day[1] + 1] in MONTH):
        return None  # "March 7 December": the 7 belongs to December
    return day


def _more_follow(t: Text, j: int) -> bool:
    return _joined(t, j)[0] != ""


def _a_year_soon(t: Text, number: int) -> bool:
    return t.today.year - 2 <= number + 2000 <= t.today.year + 20


def ordinal_alone(t: Text, i: int, weekday: int = -1) -> Phrase | None:
    """ "the 31st", "Thu 15th": the next such day, of that weekday where one is named."""
    day = day_number(t, i)
    if day is None or not day[2] or not 1 <= day[0] <= 31:
        return None
    if t.number[i] < 0 and weekday < 0:
        return None  # "the first", "the second" name other things
    if not completes(t, day[1]) or t.word[day[1]] in ("of", "in", "last", "next"):
        return None
    step = -1 if t.back else 1
    first: date | None = None
    for months in range(0, 14 * step, step):
        there = last_of_month_after(t.today, months)
        if day[0] > there.day:
            continue
        one = there.replace(day=day[0])
        if (one > t.today) if t.back else (one < t.today):
            continue
        first = first or one
        if weekday < 0 or one.weekday() == weekday:
            unsure = "" if one == first else ITSELF
            other = first if one != first else None
            weak = "ordinal" if weekday < 0 else ""
            return Phrase(day[1], one, other=other, unsure=unsure, weak=weak, kind="ordinal", weekday=weekday)
    return None


def last_of_month_after(today: date, months: int) -> date:
    there = add_months(today.replace(day=1), months)
    return last_of_month(there.year, there.month)
