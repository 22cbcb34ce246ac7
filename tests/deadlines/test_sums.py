"""Sums with dates: the verdict first, nothing saved, and yes keeps it. It is Monday 23 November 2026."""

from datetime import date

import pytest

from compact_bot.understanding.acts import ConsultationDates, ConsultationSum, NoticeDates, NoticeSum, Track
from tests.deadlines.conftest import Officer


def notice(amina: Officer, **dates: date) -> str:
    return amina.do(NoticeDates((NoticeSum("", **dates),))).text


def consultation(amina: Officer, opens: date | None = None, closes: date | None = None, weeks: int = 0) -> str:
    return amina.do(ConsultationDates((ConsultationSum("", opens, closes, weeks),))).text


def test_an_end_gives_the_last_days_for_notice(amina: Officer) -> None:
    assert notice(amina, ends=date(2027, 9, 30)) == (
        "Minimum notice, in writing, with a rationale: by Wednesday 30 June 2027. "
        "Best-practice notice, in writing, with a rationale: by Tuesday 30 March 2027. Nothing is saved."
    )
    assert amina.heard[-1].citations[0].number == "3.4.4"
    assert "30 September 2027, less 3 months, = 30 June 2027, a Wednesday" in amina.heard[-1].facts[0].value


def test_an_arguable_day_is_said(amina: Officer) -> None:
    notice(amina, ends=date(2027, 6, 30))
    minimum = amina.heard[-1].facts[0].value
    assert "Tuesday 30 March 2027" in minimum
    assert "Wednesday 31 March 2027 is arguable" in minimum


def test_an_end_too_soon_gives_the_earliest_one_instead(amina: Officer) -> None:
    said = notice(amina, ends=date(2027, 1, 31))
    assert "by Saturday 31 October 2026, already past" in said
    assert "If notice goes today, the earliest end is Tuesday 23 February 2027." in said


def test_notice_given_gives_the_earliest_ends(amina: Officer) -> None:
    assert notice(amina, given=date(2027, 1, 20)) == (
        "With notice on Wednesday 20 January 2027 the earliest end is Tuesday 20 April 2027 (the minimum) "
        "or Tuesday 20 July 2027 (best practice). Nothing is saved."
    )


def test_an_earliest_end_is_safe_on_every_reading(amina: Officer) -> None:
    assert "Thursday 1 July 2027 (the minimum)" in notice(amina, given=date(2027, 3, 31))
    assert "Wednesday 30 June 2027 is arguable" in amina.heard[-1].facts[0].value


def test_short_notice_says_by_how_much_and_when_it_could_end_instead(amina: Officer) -> None:
    assert notice(amina, given=date(2027, 1, 20), ends=date(2027, 3, 31)) == (
        "Not enough: 20 days short of the minimum in 3.4.4. From Wednesday 20 January 2027 to Wednesday 31 March 2027 "
        "is 2 months 11 days. With notice on Wednesday 20 January 2027 it could end on Tuesday 20 April 2027 instead. "
        "Nothing is saved."
    )
    assert '"in exceptional circumstances"' in amina.heard[-1].next_step


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (date(2026, 9, 30), "Enough: it meets the minimum in 3.4.4 and best practice."),
        (date(2026, 12, 31), "Enough: it meets the minimum in 3.4.4."),
        (date(2027, 1, 1), "Not enough: 1 day short"),
        (date(2027, 3, 31), "Not enough: 90 days short"),
    ],
)
def test_notice_is_weighed_to_the_day(amina: Officer, given: date, verdict: str) -> None:
    assert notice(amina, given=given, ends=date(2027, 3, 31)).startswith(verdict)


def test_the_past_can_be_asked_about_and_is_not_tracked(amina: Officer) -> None:
    assert notice(amina, given=date(2025, 1, 20), ends=date(2025, 3, 31)).startswith("Not enough")
    assert amina.heard[-1].pending is None
    assert notice(amina, ends=date(2025, 3, 31)).startswith("Minimum notice")


def test_an_opening_gives_the_earliest_closing(amina: Officer) -> None:
    assert consultation(amina, opens=date(2026, 12, 7)).startswith(
        "Opened on Monday 7 December 2026, it can close on Monday 1 March 2027 at the earliest, after 12 weeks."
    )


def test_a_closing_gives_the_latest_opening(amina: Officer) -> None:
    assert consultation(amina, closes=date(2027, 3, 31)).startswith(
        "To close on Wednesday 31 March 2027 after 12 weeks, it has to open by Wednesday 6 January 2027."
    )
    assert "That is past: opened today, it can close on Monday 15 February 2027" in consultation(
        amina, closes=date(2027, 1, 15)
    )


@pytest.mark.parametrize(
    ("opens", "closes", "weeks"),
    [
        (date(2026, 12, 7), date(2027, 2, 1), 0),
        (date(2026, 12, 7), None, 8),
        (None, date(2027, 2, 1), 8),
    ],
)
def test_a_short_consultation_says_how_short(
    amina: Officer, opens: date | None, closes: date | None, weeks: int
) -> None:
    said = consultation(amina, opens, closes, weeks)
    assert said.startswith("Not long enough: 4 weeks short of the 12 weeks in 3.2.2.")
    assert "It could close on Monday 1 March 2027, or have opened by Monday 9 November 2026." in said
    assert "Christmas Day (25 December 2026)" in amina.heard[-1].note


def test_what_lies_inside_a_long_one_is_bounded(amina: Officer) -> None:
    consultation(amina, date(2027, 1, 1), date(2029, 1, 1))
    assert len(amina.heard[-1].note) < 500
    consultation(amina, date(1991, 1, 1), date(2099, 12, 31))
    assert len(amina.heard[-1].note) < 500


def test_several_sums_have_a_row_each(amina: Officer) -> None:
    reply = amina.do(
        NoticeDates((NoticeSum("Advocacy", ends=date(2027, 4, 30)), NoticeSum("Mediation", ends=date(2027, 7, 31))))
    )
    assert [fact.label for fact in reply.facts] == [
        "Advocacy, Friday 30 April 2027",
        "Mediation, Saturday 31 July 2027",
    ]
    assert "by Saturday 30 January 2027" in reply.facts[0].value
    assert "by Friday 30 April 2027" in reply.facts[1].value
    assert [button.label for button in reply.buttons] == ["Track Advocacy", "Track Mediation"]
    assert amina.press("Track Mediation").text.startswith('Saved as D1: "Mediation"')


def test_yes_tracks_it_under_the_name_in_the_sentence(amina: Officer) -> None:
    amina.do(NoticeDates((NoticeSum("Lunch club", ends=date(2027, 9, 30)),)))
    assert amina.count("deadlines") == 0
    assert amina.say("yes").text.startswith('Saved as D1: "Lunch club"')


def test_one_without_a_name_is_called_by_its_date(amina: Officer) -> None:
    notice(amina, ends=date(2027, 9, 30))
    track = amina.heard[-1].buttons[0].act
    assert isinstance(track, Track)
    assert track.title == "Funding ends 30 September 2027"


@pytest.mark.parametrize(
    "act",
    [
        NoticeDates(()),
        NoticeDates((NoticeSum(""),)),
        NoticeDates((NoticeSum("", date(2027, 4, 1), date(2027, 3, 1)),)),
        NoticeDates((NoticeSum("", None, date(1, 1, 1)),)),
        NoticeDates(tuple(NoticeSum(str(n), ends=date(2027, 3, 31)) for n in range(11))),
        ConsultationDates((ConsultationSum(""),)),
        ConsultationDates((ConsultationSum("", date(2027, 4, 1), date(2027, 3, 1)),)),
        ConsultationDates((ConsultationSum("", date(2027, 4, 1), None, 1_000_000),)),
        ConsultationDates((ConsultationSum("", date(9999, 4, 1)),)),
    ],
)
def test_a_sum_that_cannot_be_made_says_what_is_wanted(amina: Officer, act: NoticeDates | ConsultationDates) -> None:
    reply = amina.do(act)
    assert reply.next_step
    assert not reply.changed
    assert not reply.citations
