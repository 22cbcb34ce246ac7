"""Dates as people in the UK count them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact_bot.dates import (
    add_months,
    add_working_days,
    bank_holidays,
    easter,
    last_of_month,
    months_and_days,
    months_before,
    moved,
    period_in_words,
    spoken,
    weeks_in_words,
)

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
    there = add_months(day, months)
    assert there.day == day.day or (there == last_of_month(there.year, there.month) and there.day < day.day)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months


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
    ("start", "number", "unit", "there"),
    [
        (date(2026, 12, 24), 1, "working day", date(2026, 12, 29)),  # Boxing Day, a Saturday, is kept on Monday
        (date(2027, 3, 30), -1, "working day", date(2027, 3, 25)),  # back over Easter
        (date(2027, 1, 31), 1, "month", date(2027, 2, 28)),
        (date(2027, 1, 31), 1, "quarter", date(2027, 4, 30)),
        (date(2028, 2, 29), 1, "year", date(2029, 2, 28)),
        (date(2026, 12, 24), 2, "fortnights", date(2027, 1, 21)),
    ],
)
def test_a_day_so_many_units_on(start: date, number: int, unit: str, there: date) -> None:
    assert moved(start, number, unit) == there


@pytest.mark.parametrize(
    ("year", "day"), [(2024, date(2024, 3, 31)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))]
)
def test_easter_is_the_day_before_its_bank_holiday(year: int, day: date) -> None:
    assert easter(year) == day
    assert bank_holidays(year)[day + timedelta(days=1)] == "Easter Monday"
