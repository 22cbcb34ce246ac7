"""Days counted from a day: "30 days after 1 December", "a week on Friday", "two weeks today", "8 weeks later"."""

from datetime import date, timedelta

from compact_bot.dates.counting import moved
from compact_bot.dates.periods import Period, count_at, period_at
from compact_bot.dates.phrase import Phrase
from compact_bot.dates.surroundings import completes, ends_clause
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import TODAY, WEEKDAY, WEEKDAYS_MANY, WORKING
from compact_bot.dates.written import OUT_OF_YEARS, in_years

_DEEPEST = 3  # a day counted from a day counted from a day; nobody says more, and each costs time


def gone(day: date, steps: tuple[tuple[int, str], ...], sign: int) -> date | None:
    """The day so many steps on; None when it lies outside the years that are read."""
    try:
        for number, unit in steps:
            day = moved(day, sign * number, unit)
    except (ValueError, OverflowError):
        return None
    return day if in_years(day) else None


def counted(end: int, day: date, period: Period, sign: int, deep: int = 0) -> Phrase:
    found = gone(day, period.steps, sign)
    wrong = "" if found else OUT_OF_YEARS
    return Phrase(end, found, wrong, base=day, unsure=period.doubt, kind="counted", counted=deep + 1)


def coming(t: Text, weekday: int) -> date:
    """The next such weekday after today, or the last one, today included, when what is meant lies in the past."""
    if t.back:
        return t.today - timedelta(days=(t.today.weekday() - weekday) % 7)
    return t.today + timedelta(days=(weekday - t.today.weekday()) % 7 or 7)


_AFTER = frozenset("from after following since".split())
# "8 weeks later", "a week before": counted from the date before them in the text.
_FROM_BEFORE = {
    "later": 1,
    "thereafter": 1,
    "afterwards": 1,
    "afterward": 1,
    "after": 1,
    "earlier": -1,
    "beforehand": -1,
    "before": -1,
    "ahead": -1,
}
_ALONE = frozenset("later thereafter afterwards afterward earlier beforehand".split())
_LEADS_TO_DATE = frozenset(
    """of on dated from at by is ( ending ends opening opens closing closes starting starts due sent received published
    given made ended opened closed started until""".split()
)
_FARTHEST = 6


def relative(t: Text, i: int, dates: list[Phrase | None]) -> Phrase | None:
    """A period with the day from which it is counted, from token i on."""
    period = period_at(t, i)
    if period is None:
        return _weekdays(t, i, dates) or _named_unit(t, i, dates)
    j = period.end
    word = t.word[j]
    if word in ("back", "on") and t.word[j + 1] == "from" and dates[j + 2]:
        return _anchored(t, period, j + 2, -1 if word == "back" else 1, dates)
    if word in ("ago", "back"):
        return counted(j + 1, t.today, period, -1)
    if word == "hence":
        return counted(j + 1, t.today, period, 1)
    if word == "time" and t.word[j + 1] not in ("limit", "limits"):
        if t.word[j + 1] in _AFTER and (anchored := _anchored(t, period, j + 2, 1, dates)):
            return anchored
        return counted(j + 1, t.today, period, 1)
    if word in TODAY and period.steps[0][1] in ("week", "month", "year"):
        sign = -1 if TODAY[word] < 0 else 1
        return counted(j + 1, t.today + timedelta(days=TODAY[word]), period, sign)
    return _to_weekday(t, i, period) or _with_anchor(t, i, period, dates)


def _to_weekday(t: Text, i: int, period: Period) -> Phrase | None:
    """ "a week on Friday", "a fortnight next Monday", "a week last Tuesday"; "for 8 weeks on Friday" is none."""
    if period.steps[0][1] != "week" or (i and t.word[i - 1] == "for"):
        return None
    j = period.end + (t.word[period.end] in ("on", "from", "this", "come"))
    j += t.word[j] == "this"
    back = t.word[j] in ("last", "ago")
    j += back or (t.word[j] in ("next", "coming"))
    weekday = WEEKDAY.get(t.word[j])
    if weekday is None or (t.number[j + 1] >= 0 and t.begins(j + 1)) or t.word[j + 1] == "the":
        return None
    if back:
        return counted(j + 1, t.today - timedelta(days=(t.today.weekday() - weekday) % 7 or 7), period, -1)
    day = t.today + timedelta(days=(weekday - t.today.weekday()) % 7 or 7)
    return counted(j + 1, day, period, 1)


def _with_anchor(t: Text, i: int, period: Period, dates: list[Phrase | None]) -> Phrase | None:
    j = period.end
    word = t.word[j]
    if word in _AFTER:
        if word == "from" and i and t.word[i - 1] in ("for", "lasting", "lasts", "runs", "run", "running"):
            return None  # "for 8 weeks from 7 December" gives a start and how long it lasts
        k = j + 1 + (t.word[j + 1] == "right")
        if t.word[k] == "now":
            return counted(k + 1, t.today, period, 1)
        return _anchored(t, period, j + 1, 1, dates) or _from_before(t, period)
    if word == "before" or (word in ("prior", "ahead", "up") and t.word[j + 1] in ("to", "of")):
        return _anchored(t, period, j + 1 + (word != "before"), -1, dates) or _from_before(t, period)
    if word == "in" and t.word[j + 1] == "advance" and t.word[j + 2] == "of":
        return _anchored(t, period, j + 3, -1, dates)
    if word == "of" and i and t.word[i - 1] == "within":
        found = _anchored(t, period, j + 1, 1, dates)
        return found._replace(start=i - 1) if found else None
    return _from_before(t, period)


def _anchored(t: Text, period: Period, k: int, sign: int, dates: list[Phrase | None]) -> Phrase | None:
    anchor = anchor_at(t, k, dates)
    if anchor is None or anchor.counted >= _DEEPEST:
        return None
    if anchor.day is None:
        return Phrase(anchor.end, wrong=anchor.wrong, kind="counted")
    if anchor.kind == "named" and not anchor.whole and period.steps[0][1] == "year":
        return None  # a year after which Christmas?
    found = counted(anchor.end, anchor.day, period, sign, anchor.counted)
    return found._replace(unsure=found.unsure or anchor.unsure)


def anchor_at(t: Text, k: int, dates: list[Phrase | None]) -> Phrase | None:
    """The one date from which something is counted, past "the invoice of" and the like."""
    for step in range(_FARTHEST):
        found = dates[k + step]
        if found and not found.steps and (step == 0 or t.word[k + step - 1] in _LEADS_TO_DATE):
            return None if found.more else found
        if not t.word[k + step].isalpha() and t.word[k + step] != "(":
            return None
    return None


def _from_before(t: Text, period: Period) -> Phrase | None:
    word, j = t.word[period.end], period.end + 1
    sign = _FROM_BEFORE.get(word)
    if sign is None:
        return None
    said = t.word[j] in ("that", "then", "this")
    j += said
    if not (completes(t, j) if said or word in _ALONE else ends_clause(t, j)):
        return None
    steps = tuple((sign * number, unit) for number, unit in period.steps)
    return Phrase(j, kind="counted", steps=steps, unsure=period.doubt)


def _weekdays(t: Text, i: int, dates: list[Phrase | None]) -> Phrase | None:
    """ "3 Fridays from now", "two Thursdays ago", "in four Mondays' time" """
    count = count_at(t, i)
    weekday = WEEKDAYS_MANY.get(t.word[count[1]]) if count else None
    if count is None or weekday is None or not count[0]:
        return None
    number, j = count[0], count[1] + 1
    j += t.word[j] == "'"
    word = t.word[j]
    if word in ("ago", "back"):
        day = t.today - timedelta(days=((t.today.weekday() - weekday) % 7 or 7) + 7 * (number - 1))
        return _in_years(t, j + 1, day)
    base, end = t.today, j + 1
    if word in ("from", "after") and t.word[j + 1] != "now":
        anchor = dates[j + 1]
        if anchor is None or anchor.day is None or anchor.more:
            return None
        base, end = anchor.day, anchor.end
    elif word == "from":
        end = j + 2
    elif word not in ("hence", "time"):
        return None
    return _in_years(t, end, base + timedelta(days=((weekday - base.weekday()) % 7 or 7) + 7 * (number - 1)))


def _in_years(t: Text, end: int, day: date) -> Phrase:
    return Phrase(end, day, base=t.today, kind="counted", counted=1)


def _week_on(t: Text, i: int) -> Phrase | None:
    """ "week today", "week on Friday": people leave out "a"."""
    week = Period(i + 1, ((1, "week"),))
    if t.word[i + 1] in TODAY and TODAY[t.word[i + 1]] >= 0:
        return counted(i + 2, t.today + timedelta(days=TODAY[t.word[i + 1]]), week, 1)
    return _to_weekday(t, i, week) if t.word[i + 1] == "on" else None


def _named_unit(t: Text, i: int, dates: list[Phrase | None]) -> Phrase | None:
    """ "the day after tomorrow", "the week before Christmas", and "the day after" a date said before."""
    if t.word[i] == "week" and (soon := _week_on(t, i)):
        return soon
    working = t.word[i] in WORKING
    unit, way = t.word[i + working], t.word[i + working + 1]
    if working and unit == "day" and way in ("after", "before", "following"):
        return _anchored(t, Period(0, ((1, "working day"),)), i + 3, -1 if way == "before" else 1, dates)
    if (
        unit not in ("day", "week")
        or working
        or (i and t.word[i - 1] in WORKING)
        or way not in ("after", "before", "following")
    ):
        return None
    sign = -1 if way == "before" else 1
    anchor = anchor_at(t, i + 2, dates)
    if anchor is None or anchor.day is None or anchor.counted >= _DEEPEST:
        if unit == "day" and t.word[i - 1] == "the" and i and ends_clause(t, i + 2):
            return Phrase(i + 2, kind="counted", steps=((sign, "day"),))
        return None
    if unit == "day":
        return counted(anchor.end, anchor.day, Period(0, ((1, "day"),)), sign, anchor.counted)
    if anchor.until and way != "before":
        return None
    first = anchor.day - timedelta(days=7)
    if sign > 0:
        first = anchor.day + timedelta(days=7 - anchor.day.weekday())
    return Phrase(anchor.end, first, until=first + timedelta(days=6), base=anchor.day, kind="week", counted=1)


def in_a_period(t: Text, i: int, dates: list[Phrase | None]) -> Phrase | None:
    """ "in 6 weeks", "in 3 months' time", "in a fortnight"; "in 3 Fridays' time" is read from the number on."""
    period = period_at(t, i + 1)
    if period is None:
        found = dates[i + 1]
        return found._replace(start=i) if found and found.kind == "counted" and found.day else None
    if (found := dates[i + 1]) and found.end > period.end + 1:
        return found._replace(start=i)
    if t.word[period.end] in ("notice", "of", "s") or period.doubt:
        return None
    end = period.end + (t.word[period.end] == "time")
    found = counted(end, t.today, period, 1)
    return found._replace(start=i) if found.day else None  # "not one in 80 years" is no date
