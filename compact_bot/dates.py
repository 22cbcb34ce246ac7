"""Months, weeks and working days as people in the UK count them, and dates as they write them. Pure functions.

A period of months ends on the corresponding date of the month in which it ends, or on that month's last day where it
has no such date (Dodds v Walker [1981] 1 WLR 1027).
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = "january february march april may june july august september october november december".split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
NUMBERS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "a couple of": 2, "couple of": 2, "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90}


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


# ---- dates as people write them -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A date found in some words, from `start` to `end`. `wrong` says why it cannot be one, and then `day` is None.

    `other` is another day that the same words can mean; `exact` tells that day, month and year were all written.
    """

    start: int
    end: int
    day: date | None
    wrong: str = ""
    other: date | None = None
    exact: bool = False


_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?" + (
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d{2}|'\d{2}))?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")"
_UNIT = r"(?P<unit>working days?|days?|weeks?|fortnights?|months?|years?)"
_FORMS = [
    ("relative", rf"(?:in )?{_COUNT} {_UNIT}(?:'s?)? (?P<way>from|after|before)(?: (?P<anchor>today|now|tomorrow))?"),
    (
        "relative",
        rf"in {_COUNT} {_UNIT}(?:'s?)?(?: time)?|{_COUNT.replace('count', 'count2')} "
        rf"{_UNIT.replace('unit', 'unit2')}(?:'s?)? (?P<ago>ago|time)",
    ),
    ("iso", r"(?P<year>\d{4})-(?P<monthno>\d{1,2})-(?P<day>\d{1,2})"),
    ("numbers", r"(?P<day>\d{1,2})\s?(?P<mark>[/.-])\s?(?P<monthno>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4}|\d{2})"),
    ("numbers", r"(?!24/7)(?P<day>\d{1,2})/(?P<monthno>\d{1,2})"),
    ("edge", rf"(?:the )?(?P<edge>end|start|beginning|middle) (?:of )?{_MONTH}{_YEAR}"),
    ("edge", r"(?:the )?(?P<edge>end|start|beginning) of (?:the |this )?(?P<which>next |this )?(?P<span>month|year)"),
    (
        "finance",
        r"(?:the )?(?P<edge>end|start|beginning) of (?:the |this )?(?P<which>next )?financial year|year[- ]end",
    ),
    ("day", rf"(?:{_WEEKDAY},? )?(?:the )?{_DAY}(?: of)? {_MONTH}{_YEAR}"),
    ("day", rf"(?:{_WEEKDAY},? )?{_MONTH} {_DAY}{_YEAR}"),
    ("word", r"(?P<word>today|tomorrow|yesterday)"),
    ("weekday", rf"(?P<which>next|this|coming|last|on)? ?{_WEEKDAY}"),
]
_PATTERNS = [(kind, re.compile(rf"(?<![\w£$.]){pattern}(?![\w/]|\.\d)", re.IGNORECASE)) for kind, pattern in _FORMS]


def find_dates(words: str, today: date, prefer_past: bool = False) -> list[Written]:
    """The dates in some words, in order. Day before month; without a year the next such date, or the last one."""
    found: list[Written] = []
    taken = [False] * len(words)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(words):
            if any(taken[match.start() : match.end()]):
                continue
            if written := _read(kind, match, words, today, prefer_past):
                found.append(written)
                taken[written.start : written.end] = [True] * (written.end - written.start)
    return sorted(found, key=lambda one: one.start)


def _read(kind: str, match: re.Match[str], words: str, today: date, prefer_past: bool) -> Written | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    start, end = match.span()
    if kind == "relative":
        return _relative(parts, start, end, words, today, prefer_past)
    if kind in ("iso", "numbers", "day"):
        return _calendar_day(parts, start, end, today, prefer_past)
    other = None
    if kind == "edge":
        day = _edge(parts, today, prefer_past)
    elif kind == "finance":
        day = _financial_year(parts, today)
    elif kind == "word":
        day = today + timedelta(days={"today": 0, "tomorrow": 1, "yesterday": -1}[parts["word"].lower()])
    else:
        day, other = _weekday(parts, today, prefer_past)
    return Written(start, end, day, other=other)


def _month_number(parts: dict[str, str]) -> int:
    if "monthno" in parts:
        return int(parts["monthno"])
    return next(n for n, name in enumerate(MONTHS, start=1) if name.startswith(parts["month"].lower().rstrip(".")[:3]))


def _year(text: str) -> int:
    number = int(text.lstrip("'"))
    return number + 2000 if number < 100 else number


def _calendar_day(parts: dict[str, str], start: int, end: int, today: date, prefer_past: bool) -> Written:
    month, number = _month_number(parts), int(parts["day"])
    if not 1 <= month <= 12:
        return Written(start, end, None, f"there is no month {month}; the day comes first, then the month")
    if "year" in parts:
        year = _year(parts["year"])
        if not 1 <= number <= monthrange(year, month)[1]:
            return Written(start, end, None, _too_many(number, month, year))
        day = date(year, month, number)
    else:
        if not 1 <= number <= monthrange(2028, month)[1]:  # 2028 has a 29 February
            return Written(start, end, None, _too_many(number, month, None))
        day = _nearest_year(month, number, today, prefer_past)
    wrong = ""
    if (said := parts.get("weekday")) and WEEKDAYS[day.weekday()][:3] != said.lower()[:3]:
        wrong = f"{day.day} {MONTHS[month - 1].title()} {day.year} is a {WEEKDAYS[day.weekday()].title()}"
    return Written(start, end, None if wrong else day, wrong, exact="year" in parts)


def _too_many(number: int, month: int, year: int | None) -> str:
    name = MONTHS[month - 1].title()
    if year is None:
        return f"there is no {number} {name}"
    return f"there is no {number} {name} {year}: that month has {monthrange(year, month)[1]} days"


def _nearest_year(month: int, number: int, today: date, prefer_past: bool) -> date:
    """The next (or last) such day; 29 February waits for a leap year."""
    step = -1 if prefer_past else 1
    year = today.year
    while True:
        if number <= monthrange(year, month)[1]:
            day = date(year, month, number)
            if (day <= today) if prefer_past else (day >= today):
                return day
        year += step


def _edge(parts: dict[str, str], today: date, prefer_past: bool) -> date:
    at_end = parts["edge"].lower() == "end"
    if "span" in parts:
        ahead = parts.get("which", "").strip().lower() == "next"
        if parts["span"].lower() == "year":
            year = today.year + ahead
            return date(year, 12, 31) if at_end else date(year if ahead else year + 1, 1, 1)
        base = add_months(today.replace(day=1), 1 if ahead or not at_end else 0)
        return last_of_month(base.year, base.month) if at_end else base
    month = _month_number(parts)
    number = 15 if parts["edge"].lower() == "middle" else 1
    if "year" in parts:
        year = _year(parts["year"])
        return last_of_month(year, month) if at_end else date(year, month, number)
    if at_end:
        this = last_of_month(today.year, month)
        if prefer_past:
            return this if this <= today else last_of_month(today.year - 1, month)
        return this if this >= today else last_of_month(today.year + 1, month)
    return _nearest_year(month, number, today, prefer_past)


def _financial_year(parts: dict[str, str], today: date) -> date:
    """The council year ends on 31 March and starts on 1 April."""
    ahead = 1 if parts.get("which") else 0
    if parts.get("edge", "end").lower() == "end":
        end = _nearest_year(3, 31, today, prefer_past=False)
        return end.replace(year=end.year + ahead)
    return _nearest_year(4, 1, today, prefer_past=False)


def _weekday(parts: dict[str, str], today: date, prefer_past: bool) -> tuple[date, date | None]:
    """The coming such day. "Next Friday" may mean the one after it, which is given as the other reading."""
    wanted = next(i for i, name in enumerate(WEEKDAYS) if name.startswith(parts["weekday"].lower()[:3]))
    which = parts.get("which", "").lower()
    if which == "last" or (prefer_past and which not in ("next", "this", "coming")):
        return today - timedelta(days=(today.weekday() - wanted) % 7 or (7 if which == "last" else 0)), None
    day = today + timedelta(days=(wanted - today.weekday()) % 7 or 7)
    return day, day + timedelta(days=7) if which == "next" else None


def _relative(
    parts: dict[str, str], start: int, end: int, words: str, today: date, prefer_past: bool
) -> Written | None:
    """ "in ten weeks", "12 weeks from 7 December", "3 months before 31 March 2027"."""
    count = (parts.get("count") or parts["count2"]).lower()
    number = int(count) if count.isdigit() else NUMBERS[count]
    unit = (parts.get("unit") or parts["unit2"]).lower()
    way = parts.get("way", "").lower()
    anchor = today
    if way and "anchor" not in parts:
        rest = next(iter(find_dates(words[end:], today, prefer_past)), None)
        if rest is None or rest.day is None or words[end : end + rest.start].strip(" ,the"):
            return None
        anchor, end = rest.day, end + rest.end
    elif parts.get("anchor", "").lower() == "tomorrow":
        anchor = today + timedelta(days=1)
    back = way == "before" or parts.get("ago", "").lower() == "ago"
    return Written(start, end, moved(anchor, -number if back else number, unit))


def moved(day: date, number: int, unit: str) -> date:
    """A day so many days, weeks, fortnights, months or years on; working days are Monday to Friday here."""
    unit = unit.removesuffix("s")
    if unit == "month":
        return add_months(day, number)
    if unit == "year":
        return add_months(day, 12 * number)
    if unit == "working day":
        return add_working_days(day, number, lambda one: one.weekday() >= 5)
    return day + timedelta(days=number * {"day": 1, "week": 7, "fortnight": 14}[unit])
