"""The periods that people name for a review."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact_bot.feedback.periods import Period, PeriodError, read_period

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("", (2025, 11, 24), (2026, 11, 23)),
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        ("last year", (2025, 1, 1), (2025, 12, 31)),
        ("April 2026 to March 2027", (2026, 4, 1), (2027, 3, 31)),
        ("from Apr 2026 until Mar 2027", (2026, 4, 1), (2027, 3, 31)),
        ("2026-27", (2026, 4, 1), (2027, 3, 31)),
        ("2026/2027", (2026, 4, 1), (2027, 3, 31)),
        ("1 April 2026 to 15 May 2026", (2026, 4, 1), (2026, 5, 15)),
        ("February 2028", (2028, 2, 1), (2028, 2, 29)),
        ("2025 to 2026", (2025, 1, 1), (2026, 12, 31)),
    ],
)
def test_periods(said: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    period = read_period(said, TODAY)
    assert period == Period(date(*first), date(*last))
    assert read_period(period.code, TODAY) == period


@pytest.mark.parametrize("said", ["Juniper", "2027 to 2026", "1990 to 2026", "31 February 2026 to 2027", "2026-29"])
def test_what_is_no_period_is_refused(said: str) -> None:
    with pytest.raises(PeriodError):
        read_period(said, TODAY)


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 1500))
def test_every_month_of_a_period_is_named_once(first: date, days: int) -> None:
    period = Period(first, date.fromordinal(first.toordinal() + days))
    months = period.months()
    assert len(set(months)) == len(months)
    assert months[0] <= period.first
    assert (months[-1].year, months[-1].month) == (period.last.year, period.last.month)
