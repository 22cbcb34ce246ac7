"""What holds for any day and any words: every usual form reads back, and reading never takes long."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compact_bot.dates import MONTHS, WEEKDAYS, find_dates, read, spoken
from compact_bot.dates.named_days import NAMED_DAYS

TODAY = date(2026, 11, 25)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def suffix(number: int) -> str:
    return "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def month(day: date) -> str:
    return MONTHS[day.month - 1].title()


FORMS: list[Callable[[date], str]] = [
    spoken,
    lambda d: f"{d.day} {month(d)} {d.year}",
    lambda d: f"{d.day}{suffix(d.day)} of {month(d).lower()} {d.year}",
    lambda d: f"the {d.day}{suffix(d.day)} {month(d)[:3]}, {d.year}",
    lambda d: f"{month(d)} {d.day}, {d.year}",
    lambda d: f"{WEEKDAYS[d.weekday()][:3].title()} {d.day} {month(d)[:3]} {d.year}",
    lambda d: f"{d.day}{month(d)[:3]}{d.year}",
    lambda d: f"{d.day:02}-{month(d)[:3]}-{d.year}",
    lambda d: f"{d.day}/{d.month}/{d.year}",
    lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    lambda d: f"{d.day:02}-{d.month:02}-{d.year}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d.year}/{d.month:02}/{d.day:02}",
    date.isoformat,
]


@settings(max_examples=150, deadline=None)
@given(DAYS, st.sampled_from(FORMS))
def test_every_way_of_writing_a_day_whole_reads_back(day: date, form: Callable[[date], str]) -> None:
    (found,) = find_dates(f"it stops on {form(day)}, they say", TODAY)
    assert (found.day, found.exact, found.doubt) == (day, True, "")


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2026, 11, 25), date(2027, 11, 24)), st.sampled_from(FORMS[:6]))
def test_without_its_year_a_day_is_the_next_such_day(day: date, form: Callable[[date], str]) -> None:
    words = form(day).replace(str(day.year), "").rstrip(" ,")
    (found,) = find_dates(words, TODAY)
    assert (found.day, found.exact) == (day, False)


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 365))
def test_both_ends_of_a_range_read_back(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    for join in (" to ", " - ", "–", " until "):
        found = find_dates(f"from {first.day} {month(first)} {first.year}{join}{spoken(last)}", TODAY)
        assert [(one.day, one.part) for one in found] == [(first, "from"), (last, "to")]


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 90), st.sampled_from(("day", "week")))
def test_a_day_counted_on_and_back_is_itself(day: date, number: int, unit: str) -> None:
    (on,) = find_dates(f"{number} {unit}s after {spoken(day)}", TODAY)
    assert on.day
    (back,) = find_dates(f"{number} {unit}s before {spoken(on.day)}", TODAY)
    assert back.day == day


_PIECES = st.sampled_from(
    """1 2 12 31 2027 27 st th / - . , ' ( ) : & the of a in on to from and next last this every week weeks month
    months year day days fortnight monday fri sat march may jan dec first second end mid early w/c fy q3 easter
    christmas bank holiday today tomorrow ago before after later half couple working twenty ² ٣ é ’ – 9999 0001 £5
    3.4.4 24/7 weekend current quarter q1 nearest""".split()
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_PIECES, st.sampled_from((" ", " ", "", "\n"))), max_size=25), DAYS, st.booleans())
def test_any_jumble_is_read_without_failing_and_in_order(
    pieces: list[tuple[str, str]], today: date, prefer_past: bool
) -> None:
    words = "".join(piece + space for piece, space in pieces)
    reading = read(words, today, prefer_past)
    for found in (reading.dates, reading.durations):
        places = [(one.start, one.end) for one in found]
        assert all(0 <= start < end <= len(words) for start, end in places)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))
    for one in reading.dates:
        assert (one.day is None) == bool(one.wrong)
        assert one.day is None or 1990 <= one.day.year <= 2100
        assert not (one.exact and (one.doubt or one.wrong))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_without_failing(words: str) -> None:
    read(words, TODAY)


def test_every_named_day_is_read_by_its_name() -> None:
    for name, day_of in NAMED_DAYS.items():
        (found,) = find_dates(f"by {name} 2028", TODAY)
        assert found.day == day_of(2028), name


REPEATED = """1 day from |1 day after the invoice of |999 working days before |12 weeks later |1 |1, |1-|1.1.|1/|1/2/
7, 14 and |31 march 2027 to |mon 7, tues 8, |march |may 1 |monday |fri jul 18 |wed 29 feb |thu 15th |first monday after
last |next week |end of |the |in 1 |a |half a |week of |w/c |q1 |fy |2026/27 |christmas |diwali |new year |twenty |and
closest monday to |two thousand and |3 fridays from |since march |'|/|-|9|a|²| """
HOSTILE = ["remind us " + "1 day from " * 28 + "x", "\n" * 2000]
HOSTILE += ["999 working days after 999 working days before " * 42 + "today", "1 day from " * 180 + "today"]
HOSTILE += [piece * (2000 // len(piece)) for line in REPEATED.split("\n") for piece in line.split("|")]


@pytest.mark.parametrize("words", HOSTILE, ids=[words[:12] for words in HOSTILE])
def test_two_thousand_characters_of_anything_are_read_in_no_time(words: str) -> None:
    find_dates("diwali, eid al-fitr, chinese new year, easter, 1 working day from today", TODAY)  # loads the calendars

    def taken() -> float:
        started = time.process_time()
        read(words, TODAY)
        return time.process_time() - started

    assert min(taken() for _ in range(3)) < 0.05
