"""What may identify a person, in words that nobody would think of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compact_bot.feedback.personal import personal_details, without_details


@given(st.text(max_size=300))
def test_what_is_left_out_is_gone(words: str) -> None:
    assert "jo@example.org" not in without_details(f"{words} jo@example.org {words}")


@pytest.mark.parametrize(
    "words",
    [
        "paid £10,000,000 on 01/02/2026",
        "3.3.4 and 3.4.4",
        "12 weeks from 7 December 2026",
        "invoice 2026-11-0004",
        "D12 and F7",
        "in 2026-2027",
    ],
)
def test_money_dates_and_clauses_are_no_personal_details(words: str) -> None:
    assert personal_details(words) == []


@pytest.mark.parametrize("words", ["+44 20 8770 5779", "07700 900123", "0208 770 5779"])
def test_telephone_numbers_as_people_write_them(words: str) -> None:
    assert [detail.kind for detail in personal_details(f"ring {words} after six")] == ["a telephone number"]
