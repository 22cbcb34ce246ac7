"""Reading what people say, and the periods they name, over words that nobody would think of."""

from datetime import date

import pytest
from compact_bot.feedback.sentences import KINDS, Said, read_said, when_of
from hypothesis import given
from hypothesis import strategies as st

from compact_bot.feedback.periods import Period, PeriodError, read_period
from compact_bot.feedback.personal import personal_details, without_details
from compact_bot.turn import tidied
from knowledge.agreement import Agreement

TODAY = date(2026, 11, 23)
WORDS = st.lists(st.sampled_from("council paid late us the on 3 November 5 weeks rude £10".split()), min_size=1).map(
    " ".join
)
NAMES = st.sampled_from(["", "Sutton Carers", "the police", "Women's Centre, Sutton"])


@given(
    kind=st.sampled_from(KINDS),
    what=WORDS,
    named=st.lists(st.sampled_from(["3.3.4", "3.2.2", "3.5"]), unique=True, min_size=1, max_size=3),
    about=NAMES,
    behalf=NAMES,
    when=st.sampled_from(["", "3 November 2026"]),
    anonymous=st.booleans(),
    as_written=st.booleans(),
)
def test_a_sentence_that_was_made_is_read_back_as_it_was(
    sutton: Agreement,
    kind: str,
    what: str,
    named: list[str],
    about: str,
    behalf: str,
    when: str,
    anonymous: bool,
    as_written: bool,
) -> None:
    said = Said(kind, what, tuple(named), False, about, behalf, when, "", anonymous, as_written)
    assert read_said(said.sentence(), sutton) == said


@given(st.text(max_size=200))
def test_no_words_are_too_odd_to_be_read(sutton: Agreement, words: str) -> None:
    for verb in ("feedback", "praise 3.2.2", "anonymous feedback", "log that", "suggest"):
        said = read_said(tidied(f"{verb} {words}"), sutton)
        if verb.startswith("anonymous"):
            assert said is None or said.anonymous


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


def test_a_month_or_a_week_named_in_passing_is_not_the_day_it_happened(sutton: Agreement) -> None:
    today = date(2026, 11, 25)
    for words, day in (
        ("council answered our letter of 3 November late", date(2026, 11, 3)),
        ("council asked us in June and never told us what came of it", today),
        ("council asked us last week and then forgot", today),
    ):
        said = read_said(f"feedback 3.2.2 {words}", sutton)
        assert said
        assert when_of(said, today) == day
