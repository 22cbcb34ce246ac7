"""Dates: as people in the UK count them, and as they write them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact_bot.dates import (
    add_months,
    add_working_days,
    find_dates,
    last_of_month,
    months_and_days,
    months_before,
    period_in_words,
    spoken,
    weeks_in_words,
)

TODAY = date(2026, 11, 23)  # a Monday
FIFTY_YEARS = st.dates(date(2000, 1, 1), date(2049, 12, 31))
MONTHS = st.integers(1, 24)


@pytest.mark.parametrize(
    ("end", "months", "safe", "arguable"),
    [
        (date(2027, 3, 31), 3, date(2026, 12, 31), None),
        (date(2027, 3, 31), 6, date(2026, 9, 30), None),
        (date(2027, 5, 31), 3, date(2027, 2, 28), None),
        (date(2027, 5, 31), 6, date(2026, 11, 30), None),
        (date(2027, 6, 30), 3, date(2027, 3, 30), date(2027, 3, 31)),
        (date(2027, 2, 28), 3, date(2026, 11, 28), date(2026, 11, 30)),
        (date(2028, 2, 29), 3, date(2027, 11, 29), date(2027, 11, 30)),
        (date(2028, 5, 31), 3, date(2028, 2, 29), None),
    ],
)
def test_notice_of_months_is_safe_on_every_reading(end: date, months: int, safe: date, arguable: date | None) -> None:
    found = months_before(end, months)
    assert (found.day, found.arguable) == (safe, arguable)


@given(FIFTY_YEARS, MONTHS)
def test_safe_notice_reaches_the_end_and_a_day_after_the_arguable_one_does_not(end: date, months: int) -> None:
    found = months_before(end, months)
    assert add_months(found.day, months) <= end
    latest = found.arguable or found.day
    assert add_months(latest, months) <= end < add_months(latest + timedelta(days=1), months)
    assert found.day <= latest


@given(FIFTY_YEARS, st.integers(-600, 600))
def test_a_month_keeps_its_day_or_is_clipped_to_the_months_end(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert moved.day == day.day or (moved == last_of_month(moved.year, moved.month) and moved.day < day.day)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months


@given(FIFTY_YEARS, st.integers(0, 2000))
def test_months_and_days_add_up_to_the_end(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    months, days = months_and_days(start, end)
    assert add_months(start, months) + timedelta(days=days) == end
    assert 0 <= days <= 31


@given(FIFTY_YEARS, st.integers(-30, 30))
def test_working_days_never_land_on_a_closed_day(day: date, number: int) -> None:
    def closed(one: date) -> bool:
        return one.weekday() >= 5

    landed = add_working_days(day, number, closed)
    assert landed == day if number == 0 else not closed(landed)


def test_periods_in_words() -> None:
    assert period_in_words(date(2027, 1, 20), date(2027, 3, 31)) == "2 months 11 days"
    assert period_in_words(date(2027, 1, 20), date(2027, 1, 20)) == "0 days"
    assert weeks_in_words(56) == "8 weeks"
    assert weeks_in_words(80) == "11 weeks 3 days"
    assert spoken(date(2026, 12, 31)) == "Thursday 31 December 2026"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("31/3/27", date(2027, 3, 31)),
        ("1/2/2027", date(2027, 2, 1)),
        ("31.3.2027", date(2027, 3, 31)),
        ("2027-03-31", date(2027, 3, 31)),
        ("31 March", date(2027, 3, 31)),
        ("31st of March 2027", date(2027, 3, 31)),
        ("March 31 2027", date(2027, 3, 31)),
        ("Wednesday 31 March 2027", date(2027, 3, 31)),
        ("23 November", TODAY),
        ("22 November", date(2027, 11, 22)),
        ("29 Feb", date(2028, 2, 29)),
        ("end of March", date(2027, 3, 31)),
        ("end of November", date(2026, 11, 30)),
        ("end of the month", date(2026, 11, 30)),
        ("end of next month", date(2026, 12, 31)),
        ("end of the financial year", date(2027, 3, 31)),
        ("start of April", date(2027, 4, 1)),
        ("tomorrow", date(2026, 11, 24)),
        ("Friday", date(2026, 11, 27)),
        ("monday", date(2026, 11, 30)),
        ("in ten weeks", date(2027, 2, 1)),
        ("in 3 months' time", date(2027, 2, 23)),
        ("12 weeks from 7 December", date(2027, 3, 1)),
        ("a fortnight before 31 March 2027", date(2027, 3, 17)),
        ("two working days before 25 December", date(2026, 12, 23)),
        ("3 weeks ago", date(2026, 11, 2)),
    ],
)
def test_dates_as_people_write_them(words: str, day: date) -> None:
    found = find_dates(f"it ends {words}, we think", TODAY)
    assert [written.day for written in found] == [day]


def test_next_friday_gives_the_earlier_reading_and_names_the_other() -> None:
    (found,) = find_dates("next Friday", TODAY)
    assert (found.day, found.other) == (date(2026, 11, 27), date(2026, 12, 4))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("31 February 2027", "there is no 31 February 2027: that month has 28 days"),
        ("30/2", "there is no 30 February"),
        ("3/31/27", "there is no month 31; the day comes first, then the month"),
        ("Friday 31 December 2026", "31 December 2026 is a Thursday"),
    ],
)
def test_what_cannot_be_a_date_says_why(words: str, why: str) -> None:
    (found,) = find_dates(words, TODAY)
    assert found.day is None
    assert found.wrong == why


@pytest.mark.parametrize(
    "words", ["3.4.4", "£3.40 an hour", "may I ask", "version 2.1", "6 months notice", "24/7 help"]
)
def test_what_is_no_date_is_left_alone(words: str) -> None:
    assert [w.day for w in find_dates(words, TODAY) if w.day] == []


@given(FIFTY_YEARS)
def test_a_spoken_date_is_read_back_as_itself(day: date) -> None:
    (found,) = find_dates(spoken(day), TODAY)
    assert found.day == day
    assert found.exact
