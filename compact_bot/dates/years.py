"""The year that stands beside a day and a month: "2027", "'27", "next year", "twenty twenty-seven"."""

from datetime import date
from typing import NamedTuple

from compact_bot.dates.surroundings import clock_end
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import FUNCTION_WORDS, MONTH, ONES, TENS, UNITS, WHOLE, WORKING
from compact_bot.dates.written import FIRST_YEAR, LAST_YEAR


class Year(NamedTuple):
    """A year that ends before a token. `told` says that it was named and not reckoned, as "next year" is."""

    end: int
    year: int = 0
    wrong: str = ""
    unsure: str = ""
    told: bool = True


def year_after(t: Text, i: int) -> Year | None:
    """The year that stands after a day and a month at token i, if any; it may be one that cannot be."""
    comma = t.word[i] == ","
    i += comma
    linked = t.word[i] in ("of", "in")
    i += linked
    if not (comma or linked) and t.word[i] in ("-", "/", ".") and t.glued[i] and t.glued[i + 1]:
        i += 1
    if t.word[i] == "'" and t.number[i + 1] >= 0 and t.digits(i + 1) == 2 and t.glued[i + 1] and t.ends(i + 2):
        return Year(i + 2, *two_figures(t, i + 1))
    if t.number[i] >= 0:
        return _figures(t, i, comma or linked)
    return _said(t, i)


def _figures(t: Text, i: int, linked: bool) -> Year | None:
    number, size, after = t.number[i], t.digits(i), t.word[i + 1]
    if not t.ends(i + 1) or clock_end(t, i) > i or after in UNITS or after in WHOLE or after in WORKING:
        return None
    if size in (4, 5):
        return Year(i + 1, *four_figures(t, i))
    if size != 2 or linked or after in MONTH or not _likely(number + 2000, t.today):
        return None
    if after == "of" and t.word[i + 2] in MONTH:
        return None
    counts = after.isalpha() and after not in FUNCTION_WORDS
    return Year(i + 1, number + 2000, "", t.word[i] if counts else "")


def _said(t: Text, i: int) -> Year | None:
    """ "next year", "this year", "twenty twenty-seven", "two thousand and twenty seven" """
    step = {"next": 1, "this": 0, "last": -1}.get(t.word[i])
    if step is not None and t.word[i + 1] in ("year", "yr"):
        return Year(i + 2, t.today.year + step, told=False)
    if t.word[i] == "two" and t.word[i + 1] == "thousand":
        j = i + 2 + (t.word[i + 2] == "and")
        century = 2000
    elif t.word[i] == "twenty":
        j, century = i + 1, 2000
    else:
        return None
    tens = TENS.get(t.word[j], 0)
    j += bool(tens)
    j += t.word[j] == "-"
    ones = ONES.get(t.word[j], 0)
    if not tens and ones < 10 and t.word[i] == "twenty":
        return None
    return Year(j + bool(ones), century + tens + ones)


def four_figures(t: Text, i: int) -> tuple[int, str]:
    """A year written in full, or why it cannot be one."""
    if t.digits(i) == 4 and FIRST_YEAR <= t.number[i] <= LAST_YEAR:
        return t.number[i], ""
    return 0, f"I read years from {FIRST_YEAR} to {LAST_YEAR}, and {t.word[i]} is none of them"


def two_figures(t: Text, i: int) -> tuple[int, str]:
    """ "27" as 2027; one that may be of another century is asked for in full."""
    year = t.number[i] + 2000
    if sensible(year, t.today):
        return year, ""
    return 0, f"I cannot tell which year {t.word[i]} is; write it with four figures, such as {t.today.year}"


def sensible(year: int, today: date) -> bool:
    """Whether two figures are likely to mean that year: funding is spoken of a few years back and a lease ahead."""
    return today.year - 26 <= year <= today.year + 30 and year <= LAST_YEAR


def _likely(year: int, today: date) -> bool:
    """Whether two figures alone after a month are a year at all: "5 Jan 10-12" is a time."""
    return today.year - 4 <= year <= today.year + 20
