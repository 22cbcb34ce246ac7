"""Finding the dates in some words: readers are tried from the last token to the first, and the longest reading is kept.

Reading backwards, whatever a phrase builds on further along ("30 days after ..." a date) has been read already, so that
the time grows only with the length of the text.
"""

from dataclasses import replace
from datetime import date, timedelta

from compact_bot.dates import edges, relative, spans
from compact_bot.dates.calendar_days import day_and_month, month_and_day, ordinal_alone
from compact_bot.dates.choosing import choose
from compact_bot.dates.figures import numeric
from compact_bot.dates.named_days import OPENING_WORDS
from compact_bot.dates.names import CLOSEST, closest, named_day, nth_closest
from compact_bot.dates.phrase import Phrase
from compact_bot.dates.spans import Span
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import (
    EDGES,
    MONTH,
    ORDINALS,
    PERIOD_OPENS,
    PREPOSITIONS,
    RANGE,
    STEPS,
    TENS,
    TODAY,
    WEEKDAY,
)
from compact_bot.dates.weekdays import stepped_at, today_at, weekday_at, weekday_in_span
from compact_bot.dates.written import Duration, Reading, Written, in_order, nearest, on

_SPAN_OPENS = frozenset(
    (*MONTH, *STEPS, "current", "upcoming", "fy", "financial", "tax", "calendar", "q", "quarter", "first", "second")
) | {"third", "fourth", "w", "wc", "week", "wk", "weeks", "the"}
_EDGE_OPENS = frozenset((*EDGES, "eom", "eoy", "fye", "year", "yr", "fy", "financial", "fin", "finance", "month"))
_EDGE_OPENS |= {"quarter", "calendar", "council", "tax", "years"}
# "the 31st", "the financial year", but not "the sun", "on the march", "the Q3 claim".
_WEAK_AFTER_THE = frozenset(("", "ordinal", "year", "name"))


def find_dates(words: str, today: date, prefer_past: bool = False) -> list[Written]:
    """The dates in some words, in order. Day before month; without a year the next such date, or the last one."""
    return list(read(words, today, prefer_past).dates)


def find_durations(words: str) -> list[Duration]:
    """The periods in some words that stand by themselves: "for 8 weeks", not "8 weeks before 31 March"."""
    return list(read(words, date(2000, 1, 1)).durations)


def read(words: str, today: date, prefer_past: bool = False) -> Reading:
    """The dates and the periods in some words, in one pass."""
    t = Text(words, today, prefer_past)
    found = choose(t, _read_all(t))
    if prefer_past or "since" not in t.word:
        return found
    return replace(found, dates=tuple(_since(words, one, today) for one in found.dates))


def _since(words: str, written: Written, today: date) -> Written:
    """What a thing has lasted since lies in the past: "since March", "since Easter"."""
    if written.exact or not words[: written.start].rstrip().lower().endswith("since"):
        return written
    past = read(words[written.start : written.end], today, prefer_past=True).dates
    return replace(written, day=past[0].day, until=past[0].until) if len(past) == 1 and past[0].day else written


def _read_all(t: Text) -> list[Phrase | None]:
    """What date each token begins, if any."""
    dates: list[Phrase | None] = [None] * (t.size + 16)
    found_spans: list[Span | None] = [None] * (t.size + 16)
    for i in range(t.size - 1, -1, -1):
        word = t.word[i]
        if t.number[i] >= 0 or word in _SPAN_OPENS:
            found_spans[i] = spans.span_at(t, i, dates)
        found = [one for one in _readings(t, i, word, dates, found_spans) if one]
        if not found:
            continue
        best = max(found, key=lambda one: one.end)
        dates[i] = _to_another(t, i, best, dates) or best
    return dates


def _readings(
    t: Text, i: int, word: str, dates: list[Phrase | None], found_spans: list[Span | None]
) -> list[Phrase | None]:
    """All readings of the phrase that begins at a token; of equally long ones the first counts."""
    if t.number[i] >= 0:
        span = found_spans[i]
        return [
            numeric(t, i, dates[i + 2]),
            day_and_month(t, i),
            (edges.span_end(t, span) or spans.whole_span(span)) if span else None,
            edges.nth(t, i, found_spans, dates),
            relative.relative(t, i, dates),
            ordinal_alone(t, i),
            nth_closest(t, i, dates),
        ]
    found: list[Phrase | None] = []
    if word in WEEKDAY:
        found.append(weekday_at(t, i, dates, found_spans))
    if word in MONTH:
        found.append(month_and_day(t, i))
    if word in ORDINALS or word in TENS or word in ("last", "penultimate"):
        found += (day_and_month(t, i), edges.nth(t, i, found_spans, dates), nth_closest(t, i, dates))
    if word in TODAY:
        found.append(today_at(t, i))
    if word in STEPS:
        found.append(stepped_at(t, i, dates))
    if word in _EDGE_OPENS:
        found.append(edges.edge(t, i, found_spans))
    if word in PERIOD_OPENS or word in ("day", "week", "working", "business"):
        found.append(relative.relative(t, i, dates))
    if word in CLOSEST:
        found.append(closest(t, 1, i + 1, dates))
    if word == "in":
        found.append(relative.in_a_period(t, i, dates))
    if word in OPENING_WORDS or word == "bank":
        found.append(named_day(t, i))
    if word == "the" and (after := dates[i + 1]) and after.weak in _WEAK_AFTER_THE:
        found.append(after._replace(start=i, weak="" if after.weak == "ordinal" else after.weak))
    if (span := found_spans[i]) and word != "the":
        within = weekday_in_span(t, span) or edges.day_of_span(t, span) or edges.span_end(t, span)
        found.append(within or spans.whole_span(span))
    return found


def _to_another(t: Text, i: int, first: Phrase, dates: list[Phrase | None]) -> Phrase | None:
    """ "7 Dec 26 - 1 Feb 27", "from Monday to Friday", "between 3 March and 4 May": two dates that belong together."""
    if first.more or first.day is None or first.steps:
        return None
    way = t.word[first.end]
    between = i > 0 and t.word[i - 1] == "between" and way == "and"
    if not (way in RANGE or between):
        return None
    j = first.end + 1 + (t.word[first.end + 1] == "the" and dates[first.end + 1] is None)
    last = dates[j]
    if last is None or last.more or last.day is None or last.steps or last.kind == "counted" or not t.word[j]:
        return None
    if last.weak in ("number", "dash"):
        return None
    start = first._replace(start=i if first.start < 0 else first.start, weak="", part="from", until=None)
    end = last._replace(start=j if last.start < 0 else last.start, weak="", part="to", end=last.end)
    start, end = _years_in_order(t, start, _last_of_span(end))
    if start.day and end.day and start.day > end.day:
        return None
    weak = "" if between or t.word[i - 1] in PREPOSITIONS else first.weak and last.weak
    return start._replace(end=last.end, weak=weak, more=(start._replace(end=first.end), end))


def _last_of_span(end: Phrase) -> Phrase:
    """ "to March" is to its last day."""
    if end.until and end.kind != "edge":
        return end._replace(day=end.until, until=None)
    return end


def _years_in_order(t: Text, start: Phrase, end: Phrase) -> tuple[Phrase, Phrase]:
    """The years of a range, and its weekday: "Monday to Friday" ends after it has begun."""
    if start.day is None or end.day is None:
        return start, end
    if end.kind == "weekday" and start.day >= end.day:
        return start, end._replace(day=start.day + timedelta(days=(end.weekday - start.day.weekday()) % 7 or 7))
    if start.kind == "month" and end.kind == "month" and start.yearless | end.yearless:
        return _months_in_order(start, end)
    if start.yearless and end.whole:
        return start._replace(day=nearest(on(start.day.month, start.day.day), end.day, back=True)), end
    pair = in_order(
        Written(0, 0, start.day, yearless=start.yearless), Written(0, 0, end.day, yearless=end.yearless), t.today
    )
    return start._replace(day=pair[0].day), end._replace(day=pair[1].day)


def _months_in_order(start: Phrase, end: Phrase) -> tuple[Phrase, Phrase]:
    """ "December to February", "Dec to Feb 2027": the open years so that the last month follows the first."""
    if start.day is None or end.day is None:
        return start, end
    if start.yearless and not end.yearless:
        year = end.day.year - (start.day.month > end.day.month)
        return start._replace(day=start.day.replace(year=year)), end
    if start.yearless and start.day > end.day:
        return start._replace(day=start.day.replace(year=start.day.year - 1)), end
    year = start.day.year + (end.day.month < start.day.month)
    return start, end._replace(day=spans.month_of(year, end.day.month, 0).last)
