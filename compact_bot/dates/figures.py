"""Days in figures: "31/3/27", "31.3.2027", "31 10 2027", "2027-03-31", "30/6", "7-21/12"."""

from compact_bot.dates.calendar_days import day_number
from compact_bot.dates.phrase import Phrase, calendar_day
from compact_bot.dates.surroundings import completes
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import MONTH
from compact_bot.dates.years import Year, four_figures, sensible, two_figures, year_after

_REFERENCES = frozenset(
    "clause clauses section sections para paragraph schedule version v ref room option rule no number page".split()
)


def numeric(t: Text, i: int, after: Phrase | None, weekday: int = -1) -> Phrase | None:
    """The day in figures that begins at token i; `after` is the date that was read two tokens on."""
    if t.number[i] < 0 or not t.begins(i):
        return None
    if t.digits(i) == 4:
        return _year_first(t, i)
    if t.number[i + 2] < 0 or t.number[i + 1] >= 0:
        return _three_numbers(t, i, weekday)
    mark = t.word[i + 1]
    if t.digits(i) > 2 or mark not in ("/", "-", ".") or t.digits(i + 2) > 2:
        return None
    glued = t.glued[i + 1] and t.glued[i + 2]
    if not glued and (t.glued[i + 1] or t.glued[i + 2] or mark == "."):
        return None
    if t.word[i + 3] == mark and t.number[i + 4] >= 0 and t.glued[i + 3] == t.glued[i + 4] == glued:
        return _with_year(t, i, mark, weekday)
    if mark == "-" and after and after.kind == "calendar" and not after.more and t.word[i + 3] in ("/", "."):
        return _sharing(t, i, after)
    if mark == "." or not t.ends(i + 3):
        return None
    if mark == "-" and not (glued and t.number[i] > 12):
        return None  # "5-7" is from five to seven
    return _day_and_month_number(t, i, weekday)


def _with_year(t: Text, i: int, mark: str, weekday: int) -> Phrase | None:
    size = t.digits(i + 4)
    if not t.ends(i + 5) or size not in (2, 3, 4, 5) or (mark == "." and t.word[i - 1] in _REFERENCES and i):
        return None
    year = Year(0, *(two_figures(t, i + 4) if size == 2 else four_figures(t, i + 4)))
    month = t.number[i + 2]
    doubtful = size == 2 and mark in (".", "-")  # "3.4.12" is a clause, "4-4-2" a count
    if doubtful and (year.wrong or not 1 <= month <= 12 or abs(year.year - t.today.year) > 12):
        return None
    if not 1 <= month <= 12:
        return Phrase(i + 5, wrong=_no_month(month))
    return calendar_day(t, month, t.number[i], year, weekday)._replace(end=i + 5, kind="calendar")


def _no_month(month: int) -> str:
    return f"there is no month {month}; the day comes first, then the month"


def _sharing(t: Text, i: int, last: Phrase) -> Phrase | None:
    """ "7-21/12": the first day shares the month of the last."""
    if last.day is None or not 1 <= t.number[i] < last.day.day:
        return None
    first = last._replace(end=i + 1, day=last.day.replace(day=t.number[i]), start=i, part="from")
    return first._replace(end=last.end, more=(first, last._replace(start=i + 2, part="to")))


def _day_and_month_number(t: Text, i: int, weekday: int) -> Phrase | None:
    day, month, before = t.number[i], t.number[i + 2], t.word[i - 1] if i else ""
    if (day, month) == (24, 7) or t.word[i + 3] == "of" or before in _REFERENCES or not day or not month:
        return None
    year = year_after(t, i + 3) if t.digits(i + 3) == 4 else None
    end = year.end if year else i + 3
    weak = "" if completes(t, end) or weekday >= 0 or year else "number"
    if t.word[i + 1] == "-":
        weak = "dash"
    if month > 12 and weak == "dash":
        return None
    if month > 12:
        return Phrase(end, wrong=_no_month(month), weak=weak or "wrong")
    return calendar_day(t, month, day, year, weekday)._replace(end=end, weak=weak, kind="calendar")


def _year_first(t: Text, i: int) -> Phrase | None:
    mark = t.word[i + 1]
    if mark in MONTH:
        return _year_month_day(t, i, i + 1, i + 2)
    if mark in ("-", "/") and t.word[i + 2] in MONTH and t.glued[i + 1] and t.word[i + 3] == mark:
        return _year_month_day(t, i, i + 2, i + 4)
    if mark not in ("-", "/", ".") or t.word[i + 3] != mark or t.number[i + 4] < 0:
        return None
    if not all(t.glued[i + 1 : i + 5]) or t.digits(i + 2) > 2 or t.digits(i + 4) > 2:
        return None
    if not t.ends(i + 5) and t.word[i + 5] != "t":
        return None
    year, month = Year(0, *four_figures(t, i)), t.number[i + 2]
    if not 1 <= month <= 12:
        return Phrase(i + 5, wrong=f"there is no month {month}")
    return calendar_day(t, month, t.number[i + 4], year)._replace(end=i + 5, kind="calendar")


def _year_month_day(t: Text, i: int, month: int, day: int) -> Phrase | None:
    """ "2027 March 31", "2027-Mar-31" """
    number, (year, wrong) = day_number(t, day), four_figures(t, i)
    if number is None or wrong or not t.ends(number[1]):
        return None
    return calendar_day(t, MONTH[t.word[month]], number[0], Year(0, year))._replace(end=number[1], kind="calendar")


def _three_numbers(t: Text, i: int, weekday: int) -> Phrase | None:
    """ "31 10 2027": only with a whole year, so that a telephone number is none."""
    day, month, year = t.number[i], t.number[i + 1], t.number[i + 2]
    if not (1 <= day <= 31 and 1 <= month <= 12) or t.digits(i + 2) != 4 or not sensible(year, t.today):
        return None
    if t.digits(i) > 2 or t.digits(i + 1) > 2 or t.glued[i + 1] or t.glued[i + 2]:
        return None
    if not t.ends(i + 3) or t.number[i + 3] >= 0:
        return None
    return calendar_day(t, month, day, Year(0, year), weekday)._replace(end=i + 3, kind="calendar")
