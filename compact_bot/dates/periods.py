"""Periods: "8 weeks", "a fortnight", "ten clear working days", "a year and a half"."""

from typing import NamedTuple

from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import (
    NUMBERS,
    ONES,
    TENS,
    UNITS,
    WHOLE,
    WORKING,
)


class Period(NamedTuple):
    """ "2 months and 3 days" has two steps; `doubt` is what of it cannot be counted ("8 to 12 weeks")."""

    end: int
    steps: tuple[tuple[int, str], ...]
    doubt: str = ""


def count_at(t: Text, i: int) -> tuple[int, int] | None:
    """A number in figures or words and where it ends: "12", "twenty-one", "a", "a couple of"."""
    number = t.number[i]
    if number >= 0:
        if t.digits(i) > 3 or not t.begins(i) or (t.word[i + 1] in (".", ",") and not t.ends(i + 1)):
            return None
        return number, i + 1
    word = t.word[i]
    if word in TENS:
        j = i + 1 + (t.word[i + 1] == "-" and t.word[i + 2] in ONES)
        ones = ONES.get(t.word[j], 0)
        return (TENS[word] + ones, j + 1) if 0 < ones < 10 else (TENS[word], i + 1)
    if word in ("a", "couple", "pair"):
        j = i + (word == "a")
        if t.word[j] in ("couple", "pair"):
            return 2, j + 1 + (t.word[j + 1] == "of")
    return (NUMBERS[word], i + 1) if word in NUMBERS else None


def period_at(t: Text, i: int) -> Period | None:
    """The period that begins at token i."""
    if t.word[i] == "half":
        j = i + 1 + (t.word[i + 1] in ("a", "an"))
        return Period(_after_unit(t, j), ((6, "month"),)) if UNITS.get(t.word[j]) == "year" else None
    if t.word[i] in ("fortnight", "a") and (t.word[i] == "fortnight" or t.word[i + 1] == "fortnight"):
        j = i + (t.word[i] == "a")
        return Period(_after_unit(t, j), ((2, "week"),))
    if in_clinic := _as_clinics_write(t, i):
        return in_clinic
    count = count_at(t, i)
    if count is None:
        return None
    number, j = count
    if t.word[j] == "and" and t.word[j + 1] == "a" and t.word[j + 2] == "half":
        return _and_a_half(t, number, j + 3)
    doubt = ""
    if t.number[i] >= 0 and t.word[j] in ("-", "to", "or", "/") and t.number[j + 1] >= 0:
        doubt, j = t.said(j, j + 2), j + 2
    unit, j = _unit(t, j)
    if not unit:
        return None
    if t.word[j] == "and" and t.word[j + 1] == "a" and t.word[j + 2] == "half" and unit == "year":
        return Period(j + 3, ((12 * number + 6, "month"),), doubt)
    return _with_more(t, Period(j, (_step(number, unit),), doubt))


def _step(number: int, unit: str) -> tuple[int, str]:
    if unit == "fortnight":
        return 2 * number, "week"
    return (3 * number, "month") if unit == "quarter" else (number, unit)


def _unit(t: Text, j: int) -> tuple[str, int]:
    """The unit at token j, "-week" and "clear working days" too, and where it ends."""
    j += t.word[j] == "-"
    j += t.word[j] in WHOLE
    if t.word[j] in WORKING:
        k = j + 1 + (t.word[j + 1] == "-")
        return ("working day", _after_unit(t, k)) if UNITS.get(t.word[k]) == "day" else ("", j)
    unit = UNITS.get(t.word[j], "")
    return (unit, _after_unit(t, j)) if unit else ("", j)


def _after_unit(t: Text, j: int) -> int:
    return j + 1 + (t.word[j + 1] == "'")


def _and_a_half(t: Text, number: int, j: int) -> Period | None:
    """ "one and a half years"; half a week or month is no whole number of days."""
    unit, j = _unit(t, j)
    return Period(j, ((12 * number + 6, "month"),)) if unit == "year" else None


def _with_more(t: Text, period: Period) -> Period:
    """ "1 year and 6 months" is 18 months; "2 months and 3 days" has two steps."""
    j = period.end + (t.word[period.end] in ("and", ","))
    count = count_at(t, j) if t.number[j] >= 0 or t.word[j] in ONES else None
    if count is None or t.word[period.end] == ",":
        return period
    unit, end = _unit(t, count[1])
    number, first = period.steps[0]
    if not unit or unit == first:
        return period
    more, second = _step(count[0], unit)
    if (first, second) == ("year", "month"):
        return Period(end, ((12 * number + more, "month"),), period.doubt)
    if (first, second) == ("week", "day"):
        return Period(end, ((7 * number + more, "day"),), period.doubt)
    if (first, second) in (("year", "week"), ("year", "day"), ("month", "week"), ("month", "day")):
        return Period(end, ((number, first), (more, second)), period.doubt)
    return period


def _as_clinics_write(t: Text, i: int) -> Period | None:
    """ "6/12 notice" is six months in the NHS, "4/52 notice" four weeks."""
    unit = {12: "month", 52: "week"}.get(t.number[i + 2]) if t.word[i + 1] == "/" and t.number[i] >= 0 else None
    if unit and t.glued[i + 1] and t.glued[i + 2] and t.begins(i) and t.word[i + 3] == "notice":
        return Period(i + 3, ((t.number[i], unit),))
    return None
