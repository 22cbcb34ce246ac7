"""Dates that move, what goes on, what is quiet, who owns it, and taking back. It is Monday 23 November 2026."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.store.tables import Deadline, Nudge
from compact_bot.understanding.acts import (
    CloseDays,
    Drop,
    Given,
    GiveRationale,
    Move,
    Named,
    OpenDays,
    OpenForm,
    Rename,
    Renew,
    SetClause,
    SetKind,
    SetLeads,
    SetOwner,
    Snooze,
    Track,
    Undo,
)
from tests.deadlines.conftest import GRANT, Officer

CONSULTATION = Track("consultation", "Library strategy", (Given("opens", (date(2026, 12, 7),)),))
REPORTS = Track(
    "monitoring",
    "Hub",
    (Given("starts", (date(2026, 12, 15),)), Given("reports", (date(2027, 4, 1), date(2027, 7, 1), date(2027, 10, 1)))),
)
PAYMENT = Track("payment", "Quarter 3", (Given("due", (date(2026, 12, 1),)),))


def waiting(officer: Officer, number: int = 1) -> list[date]:
    with Session(officer.engine) as session:
        nudges = session.scalars(select(Nudge).where(Nudge.state == "waiting", Nudge.milestone_id.is_not(None)))
        return sorted({n.planned_for for n in nudges if n.milestone and n.milestone.deadline.number == number})


def anchors(officer: Officer, number: int = 1) -> dict[str, list[str]]:
    with Session(officer.engine) as session:
        return session.scalars(select(Deadline).where(Deadline.number == number)).one().anchors


# ---- moving ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["closes", "CLOSES", "Closing"])
def test_the_closing_of_a_consultation_moves_in_any_letter_case(amina: Officer, word: str) -> None:
    amina.do(CONSULTATION)
    assert "when it closes is now Monday 29 March 2027" in amina.do(Move((1,), date(2027, 3, 29), word)).text
    assert anchors(amina) == {"opens": ["2026-12-07"], "closes": ["2027-03-29"]}


def test_a_consultation_that_becomes_too_short_is_said(amina: Officer) -> None:
    amina.do(CONSULTATION)
    reply = amina.say("move D1 closes 1 February 2027")
    assert "open for 8 weeks, shorter than the 12 weeks of 3.2.2" in reply.note


def test_which_of_several_reports_moves_is_asked_and_each_can(amina: Officer) -> None:
    amina.do(REPORTS)
    asked = amina.say("move D1 reports 8 July 2027")
    assert asked.text.startswith("D1 has 3 such dates: when each report is due. Which one moves")
    assert amina.press("Thursday 1 July 2027").facts[0].value == "from Thursday 1 July 2027 to Thursday 8 July 2027"
    amina.say("move D1 reports 1 October 2027 to 4 October 2027")
    assert anchors(amina)["reports"] == ["2027-04-01", "2027-07-08", "2027-10-04"]
    assert "not Friday 1 January 2027" in amina.do(Move((1,), date(2027, 5, 1), "reports", date(2027, 1, 1))).text


def test_several_move_together_or_none(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.do(GRANT)
    assert amina.say("move D1 and D9 to 15 December 2026").text == "There is no D9 here. Nothing was changed."
    amina.say("move D1, D2 to 30 April 2027")
    assert (anchors(amina, 1), anchors(amina, 2)) == ({"due": ["2027-04-30"]}, {"ends": ["2027-04-30"]})


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (Move((1,), date(2020, 3, 1)), "Sunday 1 March 2020 is past."),
        (Move((1,), date(9999, 3, 1)), "The year 9999 is too far off"),
        (Move((1,), date(2027, 4, 30), "party"), "D1 has no date called party."),
        (Move((1,), date(2027, 3, 31)), "is Wednesday 31 March 2027 already."),
        (Snooze((1,), date(2026, 11, 23)), "is not ahead"),
        (Snooze((1,), date(2035, 1, 1)), "Six months is the longest."),
        (Drop((1,), "  "), "Why is D1 not needed?"),
        (Drop((1,), "x" * 1_001), "the most I keep is 1,000"),
        (SetOwner((1,), Named("  ")), "Please give a name"),
        (SetOwner((1,), Named("x" * 101)), "Please give a name"),
        (Rename(1, "x" * 201), "the most I keep is 200"),
        (SetClause(1, "9.9.9"), "There is no clause 9.9.9."),
        (SetKind(1, "party"), "I do not know the kind"),
        (SetLeads((1,), ("soonish",)), "How long before each date?"),
        (Renew(1, date(2027, 1, 1)), "is no later date. It runs to Wednesday 31 March 2027."),
        (GiveRationale(1, ""), "What is the rationale?"),
        (Drop((1, 2), "x"), "There is no D2 here."),
        (Drop(tuple(range(1, 30)), "x"), "I do at most 20 at once."),
        (Drop((), "x"), "Which deadline?"),
    ],
)
def test_what_cannot_be_is_refused_with_a_way_on_and_changes_nothing(amina: Officer, act: object, says: str) -> None:
    amina.do(GRANT)
    reply = amina.do(act)  # type: ignore[arg-type]
    assert says in reply.text
    assert "Nothing was changed." in reply.text
    assert reply.next_step
    assert (amina.count("changes"), reply.changed) == (1, False)


# ---- what goes on ----------------------------------------------------------------------------------------------------


def test_a_renewed_grant_has_a_later_end_and_its_steps_are_open_again(amina: Officer) -> None:
    amina.do(GRANT)
    amina.say("done D1 minimum-notice: by letter")
    reply = amina.say("renew D1 until 31 March 2029")
    assert reply.text.startswith('D1, "Youth club grant", is renewed until Saturday 31 March 2029.')
    steps = amina.facts("D1")
    assert steps["Minimum notice, in writing, with a rationale"].startswith("Sunday 31 December 2028")
    assert any("renewed until Saturday 31 March 2029" in said for said in steps.values())


def test_quarterly_reports_go_on_by_quarters_and_what_was_received_stays(amina: Officer) -> None:
    amina.do(REPORTS)
    amina.say("done D1 report-1")
    amina.say("renew D1 until 30 June 2028")
    assert anchors(amina)["reports"] == ["2027-04-01", "2027-07-01", "2027-10-01", "2028-01-01", "2028-04-01"]
    assert amina.facts("D1")["Report due (1 of 5)"] == "done on Monday 23 November 2026."


def test_a_payment_that_was_made_is_renewed_to_its_next_date(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.say("done D1: paid")
    amina.say("renew D1 until 1 March 2027")
    steps = amina.facts("D1")
    assert steps["Payment made (1 of 2)"] == "done on Monday 23 November 2026 (paid)."
    assert steps["Payment made (2 of 2)"].startswith("Monday 1 March 2027")
    amina.say("undo")
    assert amina.say("deadlines").text == "There are no open deadlines."


# ---- quiet -----------------------------------------------------------------------------------------------------------


def test_a_snooze_never_passes_the_date_that_binds(amina: Officer) -> None:
    amina.do(GRANT)
    reply = amina.do(Snooze((1,), date(2027, 2, 1)))
    assert reply.text.startswith("D1 is quiet until Tuesday 29 December 2026.")
    assert "never quiet past a date that binds" in reply.note
    assert [day for day in waiting(amina) if day <= date(2026, 12, 31)] == [date(2026, 12, 29), date(2026, 12, 31)]


def test_there_is_no_quiet_two_days_before_the_date_that_binds(amina: Officer) -> None:
    amina.do(GRANT)
    amina.pass_days(36)  # to Tuesday 29 December 2026
    assert "is due in 2 days, on Thursday 31 December 2026, so I keep nudging." in amina.say("snooze D1 1 week").text


def test_other_changes_keep_a_snooze(amina: Officer) -> None:
    amina.do(GRANT)
    amina.say("snooze D1 2 weeks")
    quiet = waiting(amina)
    amina.say("rename D1 to Youth clubs")
    amina.say("owner D1 Ben Okoro")
    assert waiting(amina) == quiet
    assert min(quiet) == date(2026, 12, 7)


# ---- what is written of it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["José Álvarez", "amina khan", "O'Neill", "Finance team", 'The "big" one'])
def test_an_owner_keeps_the_whole_name(amina: Officer, name: str) -> None:
    amina.do(GRANT)
    assert amina.do(SetOwner((1,), Named(name))).text.startswith(f"{name} sees to D1 now.")
    assert f"Owner: {name}." in amina.say("D1").text


def test_owner_me_is_the_sender_and_nobody_of_the_same_name(amina: Officer) -> None:
    other = replace(amina, heard=[])
    amina.do(replace(GRANT, owner=Named("Amina", "Amina")))
    other.name, other.now = "Sam", amina.now
    other.do(replace(GRANT, title="Sam's", owner=None))
    assert list(amina.facts("deadlines mine")) == ["D1, Youth club grant"]
    assert list(other.facts("deadlines mine")) == ["D2, Sam's"]


def test_title_kind_and_clause_can_be_mended(amina: Officer) -> None:
    amina.do(Track("other", "AGM", (Given("date", (date(2027, 5, 3),)),)))
    amina.say("rename D1 to Annual meeting")
    assert amina.say("clause D1 3.4.3").citations[0].number == "3.4.3"
    amina.say("kind D1 payment")
    shown = amina.say("D1")
    assert shown.text.startswith('D1, "Annual meeting": Payment made, Monday 3 May 2027')
    amina.say("undo")
    assert "The date itself" in amina.facts("D1")


def test_several_are_given_away_and_dropped_together(amina: Officer) -> None:
    amina.do(GRANT)
    amina.do(PAYMENT)
    assert amina.say("owner D1 and D2 Ben Okoro").text.startswith("Ben Okoro sees to D1 and D2 now.")
    amina.say("drop D1, D2 because both were taken over")
    assert waiting(amina) == waiting(amina, 2) == []
    amina.say("undo")
    assert amina.say("deadlines").text == "Open deadlines: 2."


@pytest.mark.parametrize(
    ("what", "to", "says"),
    [
        ("title", "Youth clubs", 'D1 is called "Youth clubs" now.'),
        ("owner", "José Álvarez", "José Álvarez sees to D1 now."),
        ("kind", "end plan", "D1 is now planning for the end of funding."),
        ("clause", "3.4.3", "D1 is about 3.4.3 now."),
        ("leads", "3 weeks, the day", "Nudges for each date of D1 come 3 weeks before, on the day."),
        ("rationale", "the funder was late", "Kept with D1: the funder was late"),
    ],
)
def test_each_thing_of_a_deadline_can_be_mended_in_one_form(amina: Officer, what: str, to: str, says: str) -> None:
    amina.do(GRANT)
    assert amina.do(OpenForm("edit", "D1")).form is not None
    assert amina.fill("edit", "D1", what=what, to=to).text.startswith(says)
    amina.press("Undo")
    assert amina.say("D1").text.startswith('D1, "Youth club grant": Minimum notice')


# ---- taking back -----------------------------------------------------------------------------------------------------


def test_undo_takes_back_the_change_of_its_button_and_no_other(amina: Officer) -> None:
    amina.do(GRANT)
    first = amina.heard[-1].buttons[-1].act
    amina.do(PAYMENT)
    assert first == Undo(1)
    assert amina.do(Undo(1)).text == "Taken back, D1: tracked: Youth club grant."
    assert list(amina.facts("deadlines")) == ["D2, Quarter 3"]


def test_nobody_takes_back_anothers_change_or_one_that_was_overtaken(amina: Officer) -> None:
    amina.do(GRANT)
    amina.say("rename D1 to A")
    sam = replace(amina, name="Sam", heard=[])
    assert "only your own change can" in sam.do(Undo(2)).text
    sam.now = amina.now
    assert sam.say("rename D1 to B").text.startswith("D1 is Amina's")
    sam.say("yes")
    amina.now = sam.now
    assert "nobody has changed the same thing since" in amina.do(Undo(2)).text
    assert '"B"' in amina.say("D1").text


def test_nobody_takes_back_a_change_of_another_organisation(amina: Officer) -> None:
    amina.do(GRANT)
    stranger = replace(amina, organisation="Another council", heard=[])
    assert "can no longer be taken back" in stranger.do(Undo(1)).text
    assert amina.say("deadlines").text == "Open deadlines: 1."


def test_what_was_taken_back_or_is_older_than_ten_minutes_stays(amina: Officer) -> None:
    amina.do(GRANT)
    amina.do(Undo(1))
    assert "Nothing was changed." in amina.do(Undo(1)).text
    amina.do(GRANT)
    amina.pass_days(1)
    assert "nothing of yours from the last 10 minutes" in amina.say("undo").text


# ---- closed days -----------------------------------------------------------------------------------------------------


def test_closed_days_are_kept_listed_opened_and_taken_back(amina: Officer) -> None:
    amina.do(GRANT)
    reply = amina.say("closed 24 December 2026 to 1 January 2027")
    assert reply.facts[0].value.endswith("be done by Wednesday 23 December 2026.")
    assert date(2026, 12, 29) not in waiting(amina)
    assert "already" in amina.say("closed 31 December 2026").text
    amina.say("open 28 December 2026 to 29 December 2026")
    assert amina.say("closed").text == (
        "Your organisation's own closed days: Thursday 24 December 2026 to Sunday 27 December 2026, "
        "Wednesday 30 December 2026 to Friday 1 January 2027."
    )
    amina.say("undo")
    assert amina.say("closed").text == (
        "Your organisation's own closed days: Thursday 24 December 2026 to Friday 1 January 2027."
    )


def test_days_that_are_closed_already_are_added_to(amina: Officer) -> None:
    amina.do(CloseDays(date(2026, 12, 24), date(2026, 12, 28)))
    amina.do(CloseDays(date(2026, 12, 27), date(2026, 12, 30)))
    assert amina.count("closed_days") == 7
    assert "not among your own closed days" in amina.do(OpenDays(date(2027, 5, 4), date(2027, 5, 4))).text
    assert "at most 62 days apart" in amina.do(CloseDays(date(2026, 12, 24), date(2027, 12, 24))).text
