"""What is recorded as done is what was done: which step, on which day, how. It is Monday 23 November 2026."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from compact_bot.feedback.periods import Period
from compact_bot.feedback.records import read_records
from compact_bot.store.tables import Organisation
from compact_bot.understanding.acts import Done, Given, OpenForm, Snooze, Track
from tests.deadlines.conftest import GRANT, Officer

MINIMUM = "Minimum notice, in writing, with a rationale"
BEST = "Best-practice notice, in writing, with a rationale"
SEPTEMBER = Track("funding-notice", "Advice line", (Given("ends", (date(2027, 9, 30),)),))
PAYMENT = Track("payment", "Quarter 3", (Given("due", (date(2026, 12, 1),)),))
REPORTS = Track(
    "monitoring",
    "Hub",
    (Given("starts", (date(2026, 12, 15),)), Given("reports", (date(2027, 4, 1), date(2027, 7, 1)))),
)


def steps(officer: Officer, number: int = 1) -> dict[str, str]:
    return officer.facts(f"D{number}")


def test_notice_in_good_time_meets_the_minimum_and_best_practice_on_the_day_it_was_given(amina: Officer) -> None:
    amina.do(SEPTEMBER)
    reply = amina.do(Done((1,), "", date(2026, 11, 23), "notice given by letter"))
    assert reply.text.startswith(f"Done on Monday 23 November 2026: {BEST}; {MINIMUM}.")
    assert steps(amina)[MINIMUM] == "done on Monday 23 November 2026 (notice given by letter)."
    assert "Next: Funding changes or ends, Thursday 30 September 2027" in reply.text


def test_notice_too_late_for_best_practice_says_that_it_was_missed(amina: Officer) -> None:
    amina.do(SEPTEMBER)
    amina.pass_days(150)  # to Thursday 22 April 2027
    reply = amina.say("done D1: notice by letter")
    assert reply.text.startswith(
        f"Done on Thursday 22 April 2027: {MINIMUM}. {BEST} was missed: its day was Tuesday 30 March 2027."
    )
    assert steps(amina)[BEST] == "missed: its day was Tuesday 30 March 2027."


def test_the_review_does_not_count_missed_best_practice_as_met(amina: Officer) -> None:
    amina.do(SEPTEMBER)
    amina.pass_days(150)
    amina.say("done D1 best-practice-notice: by letter")
    with Session(amina.engine) as session:
        ours = session.query(Organisation).one()
        period = Period(date(2027, 1, 1), date(2027, 12, 31))
        (notice,) = read_records(session, ours.id, amina.rules, period, date(2027, 5, 1)).notices
    assert (notice.given, notice.verdict) == (date(2027, 4, 22), "minimum")


def test_notice_after_its_last_day_is_kept_as_late_with_what_the_clause_then_asks_for(amina: Officer) -> None:
    amina.do(GRANT)
    amina.pass_days(50)  # to Tuesday 12 January 2027
    reply = amina.say("done D1: notice by e-mail")
    assert reply.note == (
        "That is 12 days after Thursday 31 December 2026, the last day for it. "
        'Less is allowed only "in exceptional circumstances", with "a clear rationale". '
        "To keep why: rationale D1 because ..."
    )
    assert "Its last day was Thursday 31 December 2026." in steps(amina)[MINIMUM]


@pytest.mark.parametrize(
    "how",
    [
        "notice given verbally",
        "notice by phone",
        "told them in the meeting, notice",
        "notice over the phone",
        "rang them with the notice",
        "notice in person",
        "notice, not in writing",
        "spoke to the manager and gave notice",
    ],
)
def test_what_was_only_spoken_leaves_the_written_step_open(amina: Officer, how: str) -> None:
    amina.do(GRANT)
    reply = amina.do(Done((1,), "", None, how))
    assert '3.4.4 asks for notice "in writing"' in reply.text
    assert "Nothing was changed." in reply.text
    assert reply.citations[0].number == "3.4.4"
    assert "done" not in steps(amina)[MINIMUM]
    amina.do(Done((1,), "", None, how))
    assert amina.press("It went in writing too").text.startswith("Done on ")


@pytest.mark.parametrize(
    "how", ["notice told by e-mail", "notice letter handed over in person", "by letter and phone, notice"]
)
def test_what_was_written_too_is_written(amina: Officer, how: str) -> None:
    amina.do(GRANT)
    assert amina.do(Done((1,), "", None, how)).text.startswith("Done on ")


@pytest.mark.parametrize(
    "how",
    [
        "notice not sent yet",
        "notice will be sent next week",
        "no notice given",
        "notice hasn't gone",
        "notice has not been given",
        "going to send the notice tomorrow",
        "notice yet to go",
        "needs to be sent",
        "not done",
        "never sent notice",
    ],
)
def test_what_was_not_done_is_not_recorded(amina: Officer, how: str) -> None:
    amina.do(GRANT)
    for step in ("", "minimum-notice"):
        reply = amina.do(Done((1,), step, None, how))
        assert "as not done yet" in reply.text
        assert not reply.changed
    assert "done" not in steps(amina)[MINIMUM]


def test_a_day_to_come_is_a_plan_and_offers_to_be_quiet_until_then(amina: Officer) -> None:
    amina.do(GRANT)
    reply = amina.do(Done((1,), "minimum-notice", date(2026, 12, 3)))
    assert reply.text == "Thursday 3 December 2026 is still to come, so it cannot be done yet. Nothing was changed."
    assert reply.buttons[0].act == Snooze((1,), date(2026, 12, 3))


def test_a_day_before_it_was_tracked_is_shown_before_it_is_recorded(amina: Officer) -> None:
    amina.do(GRANT)
    asked = amina.say("done D1 minimum-notice on 12 November 2026: by letter")
    assert asked.text == (
        "Done on Thursday 12 November 2026? D1 was tracked later, on Monday 23 November 2026. Nothing is changed yet."
    )
    assert amina.say("yes").text.startswith("Done on Thursday 12 November 2026: Minimum notice")


def test_a_step_months_ahead_is_closed_only_by_its_name(amina: Officer) -> None:
    amina.do(GRANT)
    asked = amina.say("done D1")
    assert asked.text == 'Which step of D1, "Youth club grant", is done? Nothing is changed yet.'
    assert [button.act for button in asked.buttons] == [Done((1,), "minimum-notice"), Done((1,), "ends")]
    assert amina.press("Funding changes or ends").text.startswith("Done on Monday 23 November 2026: Funding changes")


def test_the_only_step_there_is_needs_a_word_when_it_is_months_ahead(amina: Officer) -> None:
    amina.do(Track("payment", "Quarter 4", (Given("due", (date(2027, 3, 15),)),)))
    assert amina.say("done D1").text.startswith("Which step of D1")
    assert amina.say("done D1: paid by BACS").text.startswith("Done on Monday 23 November 2026: Payment made.")


def test_the_only_step_that_is_due_soon_needs_no_name(amina: Officer) -> None:
    amina.do(PAYMENT)
    assert amina.say("done D1").text == (
        "Done on Monday 23 November 2026: Payment made. D1 is finished; I will not nudge again."
    )


def test_of_several_reports_the_first_that_is_open_was_received(amina: Officer) -> None:
    amina.do(REPORTS)
    assert "Report due (1 of 2)." in amina.do(Done((1,), "", None, "the report is in")).text
    assert "Report due (2 of 2)." in amina.say("done D1 report-2").text


def test_a_step_that_is_done_says_when(amina: Officer) -> None:
    amina.do(GRANT)
    amina.say("done D1 minimum-notice: by letter")
    assert amina.say("done D1 minimum-notice").text == (
        f"{MINIMUM} was already done on Monday 23 November 2026. Nothing was changed."
    )


def test_a_step_whose_day_was_past_before_it_was_tracked_cannot_be_met_now(amina: Officer) -> None:
    amina.do(GRANT)
    assert "was Wednesday 30 September 2026, which is past. Nothing was changed." in amina.say("done D1 impact").text


def test_several_are_done_together_and_taken_back_together(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.do(Track("payment", "Quarter 4", (Given("due", (date(2026, 12, 2),)),)))
    reply = amina.say("done D1 and D2")
    assert "D1, Payment made. D1 is finished" in reply.text
    assert "D2, Payment made. D2 is finished" in reply.text
    amina.press("Undo")
    assert amina.say("deadlines").text == "Open deadlines: 2."


def test_one_of_several_that_is_unclear_or_unknown_changes_none(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.do(GRANT)
    assert "None of D1 and D2 is changed yet." in amina.say("done D1 and D2").text
    assert amina.say("done D1 and D9").text == "There is no D9 here. Nothing was changed."
    assert amina.say("done D1: by phone, and not paid yet").text.endswith("Nothing was changed.")
    assert amina.say("deadlines").text == "Open deadlines: 2."


def test_marking_notice_as_done_asks_how_and_when_in_one_small_form(amina: Officer) -> None:
    amina.do(GRANT)
    marks = amina.say("D1").buttons[0]
    assert marks.act == OpenForm("done", "D1 minimum-notice")
    asked = amina.press("Mark done")
    assert asked.form is not None
    assert [field.name for field in asked.form.fields] == ["on", "how"]
    filled = amina.fill("done", "D1 minimum-notice", on="2026-11-20", how="by letter")
    assert filled.text.startswith("Done on Friday 20 November 2026: Minimum notice")
    assert filled.facts[0].value == "by letter"


def test_the_form_refuses_a_day_to_come_beside_its_field(amina: Officer) -> None:
    amina.do(GRANT)
    reply = amina.fill("done", "D1 minimum-notice", on="2026-12-20", how="by letter")
    assert reply.form is not None
    assert reply.form.fields[0].problem == "Sunday 20 December 2026 is still to come, so it cannot be done yet."


def test_everything_at_once_only_when_it_is_said(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.do(REPORTS)
    assert amina.say("done D2 all").text.endswith("D2 is finished; I will not nudge again.")
