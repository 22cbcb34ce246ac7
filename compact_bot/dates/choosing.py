"""Choosing which of the phrases that were read are meant as dates, and which periods stand by themselves."""

from dataclasses import replace
from datetime import date, timedelta

from compact_bot.dates import relative
from compact_bot.dates.periods import Period, period_at
from compact_bot.dates.phrase import ITSELF, Phrase
from compact_bot.dates.text import Text
from compact_bot.dates.unread import with_doubt
from compact_bot.dates.vocabulary import (
    ASKING,
    BEFORE_WEEKDAYS,
    PERIOD_OPENS,
    PREPOSITIONS,
    REPEATING,
    UNITS,
)
from compact_bot.dates.written import OUT_OF_YEARS, Duration, Reading, Written, in_years

_YEAR_AFTER = frozenset("during by before throughout until".split())


class _Chosen:
    """A date that was chosen, with the tokens it covers."""

    __slots__ = ("end", "phrase", "start", "written")

    def __init__(self, t: Text, start: int, phrase: Phrase) -> None:
        self.start, self.end, self.phrase = start, phrase.end, phrase
        wrong = phrase.wrong or ("" if phrase.day and in_years(phrase.day) else OUT_OF_YEARS)
        self.written = Written(
            t.start[start],
            t.end[phrase.end - 1],
            None if wrong else phrase.day,
            wrong,
            phrase.other,
            phrase.whole and phrase.kind == "calendar" and not wrong,
            t.said(start, phrase.end) if phrase.unsure == ITSELF else phrase.unsure,
            phrase.part,
            phrase.until,
            phrase.base,
            phrase.yearless and not wrong,
        )


def choose(t: Text, dates: list[Phrase | None]) -> Reading:
    """The dates and periods, from the first token on; `dates` holds what was read at each."""
    chosen: list[_Chosen] = []
    lasting: list[tuple[int, Period]] = []
    i = 0
    while i < t.size:
        phrase = dates[i]
        if phrase and phrase.steps:
            phrase = _from_the_last(phrase, chosen)
        in_a_list = bool(chosen) and chosen[-1].end == i - 1
        if phrase and (phrase.day or phrase.wrong) and _asked_for(t, i, phrase, in_a_list):
            chosen += (_Chosen(t, i if one.start < 0 else one.start, one) for one in phrase.more or (phrase,))
            i = phrase.end
            continue
        if (period := _standing(t, i)) is not None:
            lasting.append((i, period))
            i = period.end
            continue
        i += 1
    taken = _taken(t, chosen, lasting)
    chosen = _one_day_said_twice(t, chosen)
    return Reading(
        tuple(with_doubt(t, one.written, one.start, one.end, taken) for one in chosen),
        tuple(_duration(t, start, period) for start, period in lasting if period.steps),
    )


def _from_the_last(phrase: Phrase, chosen: list[_Chosen]) -> Phrase | None:
    """ "8 weeks later", "the following Monday": counted from the date before it, if there is one."""
    base = chosen[-1].written.day if chosen else None
    number, unit = phrase.steps[0]
    if unit == "weekday":
        return _weekday_from_the_last(phrase, number, base)
    day = relative.gone(base, phrase.steps, 1) if base else None
    return phrase._replace(day=day, base=base, steps=()) if day else None


def _weekday_from_the_last(phrase: Phrase, weekday: int, base: date | None) -> Phrase | None:
    if base is None:
        return None
    day = base + timedelta(days=(weekday - base.weekday()) % 7 or 7)
    return phrase._replace(day=day, base=base, steps=())


def _asked_for(t: Text, i: int, phrase: Phrase, in_a_list: bool) -> bool:
    """Whether a phrase that may be another word ("sat", "March", "9/10 groups") is meant as a date.

    One that is joined to a date before it is ("on the 5th and 19th").
    """
    weak = phrase.weak
    if not weak:
        return True
    before = t.word[i - 1] if i else ""
    if in_a_list and before in _JOINS_A_LIST and weak in ("number", "ordinal", "weekday", "month"):
        return True
    if weak == "figures":
        return before in _YEAR_AFTER or (before == "in" and i == 1)
    if weak == "weekday":
        return before in BEFORE_WEEKDAYS or (_is_all(t, i, phrase) and t.word[i] != "sun")
    if weak in ("number", "wrong", "ordinal", "dash"):
        return before in ASKING or (weak in ("ordinal", "dash") and _is_all(t, i, phrase))
    if _is_all(t, i, phrase) and weak != "may":
        return True
    if weak == "month" and t.words[t.start[i]].islower() and before in _BEFORE_VERBS and t.word[i] in ("march", "may"):
        return False
    return before in PREPOSITIONS or (weak == "name" and before == "the") or (weak == "month" and before == "of")


_BEFORE_VERBS = frozenset(("to", "this", "of"))
_JOINS_A_LIST = frozenset(", and or & /".split())


def _is_all(t: Text, i: int, phrase: Phrase) -> bool:
    """Whether nothing but the phrase was said."""
    first = next((k for k in range(t.size) if t.word[k].isalnum()), 0)
    last = next((k for k in range(t.size - 1, -1, -1) if t.word[k].isalnum()), 0)
    return i <= first and last < phrase.end


def _standing(t: Text, i: int) -> Period | None:
    """A period that stands by itself; "twice a year" and "£200 a month" say how often."""
    if t.number[i] < 0 and t.word[i] not in PERIOD_OPENS:
        return None
    before = t.word[i - 1] if i else ""
    if t.word[i] in ("a", "an") and i and (t.number[i - 1] >= 0 or before in _HOW_OFTEN or before in UNITS):
        return None
    period = period_at(t, i)
    return period if period and period.steps[0][0] else None


_HOW_OFTEN = frozenset("once twice times hours what such quite k".split())


def _duration(t: Text, start: int, period: Period) -> Duration:
    number, unit = period.steps[0]
    doubt = period.doubt
    if len(period.steps) > 1:
        more, other = period.steps[1]
        doubt = f"{doubt} {more} {other}".strip()
    left = start - 1
    if left >= 0 and t.word[left] in REPEATING:
        doubt = t.word[left]
    joined = t.word[left] in ("-", "to", "/", "or") or (t.word[left] == "and" and t.word[left - 2] == "between")
    if left > 0 and joined and t.number[left - 1] >= 0:
        doubt = t.said(left - 1, left + 1)
    return Duration(t.start[start], t.end[period.end - 1], number, unit, doubt)


def _taken(t: Text, chosen: list[_Chosen], lasting: list[tuple[int, Period]]) -> list[str]:
    """For each token what it belongs to: "" for none, "date", or the words of a period."""
    taken = [""] * (t.size + 16)
    for one in chosen:
        taken[one.start : one.end] = ["date"] * (one.end - one.start)
    for start, period in lasting:
        taken[start : period.end] = [t.said(start, period.end)] * (period.end - start)
    return taken


def _one_day_said_twice(t: Text, chosen: list[_Chosen]) -> list[_Chosen]:
    """ "Lady Day (25 March 2027)", "tomorrow, 26 November": the same day said in two ways is one date."""
    kept: list[_Chosen] = []
    for one in chosen:
        before = kept[-1] if kept else None
        if before and _says_again(t, before, one):
            merged = one if one.phrase.kind == "calendar" else before
            written = replace(merged.written, start=before.written.start, end=one.written.end)
            written = replace(written, day=_day_of_both(before, one), yearless=False)
            closed = t.word[one.end] == ")"
            written = replace(written, end=t.end[one.end]) if closed else written
            merged.written, merged.start, merged.end = written, before.start, one.end + closed
            kept[-1] = merged
        else:
            kept.append(one)
    return kept


_NAMING_KINDS = frozenset(("named", "today", "counted", "weekday"))
_BETWEEN_SAME = ([","], ["("], [",", "the"], [",", "on"], ["(", "the"])


def _says_again(t: Text, before: _Chosen, one: _Chosen) -> bool:
    first, second = before.phrase, one.phrase
    between = t.word[before.end : one.start]
    if second.kind == "edge" and not between and first.day == second.day:
        return True  # "31 March year end"
    if between in _BETWEEN_SAME and {first.kind, second.kind} <= _NAMING_KINDS and first.day == second.day:
        return True  # "tomorrow, Thursday"
    calendar, named = (first, second) if first.kind == "calendar" else (second, first)
    if between not in _BETWEEN_SAME or calendar.kind != "calendar" or named.kind not in _NAMING_KINDS:
        return False
    if calendar.day is None or named.day is None or first.part or second.part or first.until or second.until:
        return False
    same = (calendar.day.month, calendar.day.day) == (named.day.month, named.day.day)
    return same and (calendar.yearless or named.kind == "named" or calendar.day == named.day)


def _day_of_both(before: _Chosen, one: _Chosen) -> date | None:
    calendar, named = (before, one) if before.phrase.kind == "calendar" else (one, before)
    return named.written.day if calendar.phrase.yearless else calendar.written.day
