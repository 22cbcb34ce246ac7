"""Weekdays and days near today: "Friday week", "Friday of next week", "next Friday", "tomorrow", "last Christmas"."""

from datetime import timedelta

from compact_bot.dates import relative
from compact_bot.dates.calendar_days import after_weekday, day_and_month, month_and_day, ordinal_alone
from compact_bot.dates.figures import numeric
from compact_bot.dates.named_days import OPENING_WORDS
from compact_bot.dates.names import named_day
from compact_bot.dates.periods import Period, period_at
from compact_bot.dates.phrase import ITSELF, Phrase
from compact_bot.dates.spans import Span
from compact_bot.dates.surroundings import OTHER_WORDS, completes, is_a_name
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import MONTH, NAMING, NUMBERS, PARTS_OF_DAY, TODAY, WEEKDAY, WORKING
from compact_bot.dates.years import year_after


def weekday_at(t: Text, i: int, dates: list[Phrase | None], found_spans: list[Span | None]) -> Phrase | None:
    """ "Friday 31 December", "Thu 15th", "Friday week", "Friday of next week", "Friday before Easter", "Friday" """
    weekday = WEEKDAY[t.word[i]]
    j = after_weekday(t, i)
    for at in (j, j + (t.word[j] == "(")):
        for found in (
            day_and_month(t, at, weekday),
            month_and_day(t, at, weekday),
            numeric(t, at, None, weekday),
            ordinal_alone(t, at, weekday),
        ):
            if found and not (found.weak and found.weak != "ordinal"):
                return _with_start(found, i, t)
    return _weekday_alone(t, i, weekday, dates, found_spans)


def _with_start(found: Phrase, i: int, t: Text) -> Phrase:
    end = found.end + (t.word[found.end] == ")" and t.word[i + 1] == "(")
    if found.more:
        first = found.more[0]._replace(start=i)
        return found._replace(start=i, end=end, more=(first, *found.more[1:]))
    return found._replace(start=i, end=end)


def _weekday_alone(
    t: Text, i: int, weekday: int, dates: list[Phrase | None], found_spans: list[Span | None]
) -> Phrase | None:
    day, j = relative.coming(t, weekday), i + 1
    forward = t.today + timedelta(days=(weekday - t.today.weekday()) % 7 or 7)
    found = Phrase(j, day, kind="weekday", weekday=weekday)
    if len(t.word[i]) <= 5 and t.word[j] == "." and t.glued[j]:
        j += 1
    word, after = t.word[j], t.word[j + 1]
    if word in ("week", "fortnight") and after not in ("ending", "commencing", "beginning", "starting", "of"):
        return found._replace(end=j + 1, day=forward + timedelta(days=7 if word == "week" else 14), kind="counted")
    k = j + (word in ("of", "in", "from", "on", ","))
    k += t.word[k] == "the" and found_spans[k] is None
    span = found_spans[k]
    if span and span.kind == "week":
        return found._replace(end=span.end, day=span.first + timedelta(days=weekday), kind="counted")
    if word == "after" and after == "next":
        return found._replace(end=j + 2, day=forward + timedelta(days=7), kind="counted")
    back = t.today - timedelta(days=(t.today.weekday() - weekday) % 7 or 7)
    if word == "before" and after == "last":
        return found._replace(end=j + 2, day=back - timedelta(days=7), kind="counted")
    if word == "just" and after in ("gone", "past"):
        return found._replace(end=j + 2, day=back, kind="counted")
    if word in ("gone", "last") and completes(t, j + 1):
        return found._replace(end=j + 1, day=back, kind="counted")
    if word == "next" and completes(t, j + 1):
        return found._replace(end=j + 1)
    if word in ("before", "after", "following") and (anchor := relative.anchor_at(t, j + 1, dates)) and anchor.day:
        if t.word[j + 1] in WEEKDAY or anchor.kind == "weekday":
            return found
        days = (anchor.day.weekday() - weekday) if word == "before" else (weekday - anchor.day.weekday())
        step = timedelta(days=days % 7 or 7)
        one = anchor.day - step if word == "before" else anchor.day + step
        return Phrase(anchor.end, one, base=anchor.day, kind="counted", counted=anchor.counted + 1)
    if (t.number[j] >= 0 and t.digits(j) == 4) or word == "of" or (word in ("two", "twenty") and year_after(t, j)):
        return None  # "Lazarus Saturday 2028", "Monday of the Holy Spirit" are names
    if t.word[j] in PARTS_OF_DAY and t.word[j] not in NAMING:
        return None if is_a_name(t, i, j + 1) else found._replace(end=j + 1)
    if is_a_name(t, i, j):
        return None
    return found._replace(weak="weekday" if t.word[i] in OTHER_WORDS else "", end=j)


def today_at(t: Text, i: int) -> Phrase:
    days, j = TODAY[t.word[i]], i + 1
    if t.word[j] in PARTS_OF_DAY:
        j += 1
    if t.word[j] in ("week", "fortnight") and days >= 0:
        days += 7 if t.word[j] == "week" else 14
        j += 1
    return Phrase(j, t.today + timedelta(days=days), kind="today")


def stepped_at(t: Text, i: int, dates: list[Phrase | None]) -> Phrase | None:
    """ "next Friday", "this coming Monday", "last Tuesday", "this afternoon", "next 3 days", "last Christmas" """
    way, j = t.word[i], i + 1
    if way == "this" and t.word[j] in ("coming", "past"):
        way, j = t.word[j], j + 1
    if t.word[j] in PARTS_OF_DAY and (way == "this" or (way, t.word[j]) == ("last", "night")):
        return Phrase(j + 1, t.today - timedelta(days=way == "last"), kind="today")
    if t.word[j] in WEEKDAY:
        return _stepped_weekday(t, i, j, way)
    if t.word[j] in WORKING and t.word[j + 1] == "day" and way == "next":
        found = relative.relative(t, j, dates)
        return found or relative.counted(j + 2, t.today, Period(0, ((1, "working day"),)), 1)
    if t.word[j] in OPENING_WORDS or t.word[j] == "bank":
        return named_day(t, j, way)
    period = period_at(t, j) if t.number[j] >= 0 or t.word[j] in NUMBERS else None
    if period and way in ("next", "last", "past", "coming"):
        sign = -1 if way in ("last", "past") else 1
        far = relative.gone(t.today, period.steps, sign)
        if far is None:
            return None
        first, last = (t.today + timedelta(days=1), far) if sign > 0 else (far, t.today - timedelta(days=1))
        return Phrase(period.end, first, until=last, kind="span", unsure=period.doubt) if first <= last else None
    return None


def weekday_in_span(t: Text, span: Span) -> Phrase | None:
    """ "next week Friday", "next week on Friday", "last week's Sunday" """
    if span.kind != "week":
        return None
    j = span.end + (t.word[span.end] in ("on", "'"))
    weekday = WEEKDAY.get(t.word[j])
    if weekday is None or t.number[j + 1] >= 0 or t.word[j + 1] in MONTH:
        return None
    return Phrase(j + 1, span.first + timedelta(days=weekday), kind="counted")


def _stepped_weekday(t: Text, i: int, j: int, way: str) -> Phrase | None:
    weekday = WEEKDAY[t.word[j]]
    end = j + 1 + (t.word[j + 1] in PARTS_OF_DAY)
    if is_a_name(t, i, j + 1):
        return None
    found = Phrase(end, kind="weekday", weekday=weekday)
    if way in ("last", "past", "previous"):
        return found._replace(day=t.today - timedelta(days=(t.today.weekday() - weekday) % 7 or 7), kind="counted")
    if way == "following":
        return found._replace(steps=((weekday, "weekday"),))
    day = t.today + timedelta(days=(weekday - t.today.weekday()) % 7 or 7)
    if way != "next" or day - timedelta(days=day.weekday()) > t.today:
        return found._replace(day=day)
    other = day + timedelta(days=7)
    return found._replace(day=day, other=other, unsure=ITSELF)
