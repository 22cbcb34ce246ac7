"""One message a place a morning: what is due together, by owner, the most urgent first, each with its buttons."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.plain_text import plain_text
from compact_bot.closed_days import ClosedDays
from compact_bot.conversation import Button, Reply
from compact_bot.nudges.couriers import redraw_settled
from compact_bot.nudges.mornings import Mornings
from compact_bot.nudges.outcomes import Outcome, record
from compact_bot.nudges.queue import claim
from compact_bot.nudges.words import worded
from compact_bot.store.tables import OrganisationSettings
from compact_bot.understanding.acts import Given, Named, OpenForm, Track
from knowledge.rules import Lead, read_lead
from tests.deadlines.conftest import GRANT, Officer
from tests.nudges.conftest import Screen

PAYMENT = Track("payment", "Q3", (Given("due", (date(2026, 12, 31),)),), Named("Ben Okoro"))
LAST_DAY = datetime(2026, 12, 31, 9, 30, tzinfo=UTC)


def sent(officer: Officer, now: datetime) -> list[Reply]:
    """What leaves at a moment, recorded as sent with one reference for each message."""
    said = []
    for message in claim(officer.engine, now, "w", 100):
        reply = worded(officer.search.agreement, officer.rules, message)
        outcome = Outcome(0, "sent" if reply else "cancelled", message_ref=message.key if reply else "")
        record(officer.engine, [replace(outcome, id=nudge) for nudge in message.ids], "w", now)
        said += [reply] if reply else []
    return said


@pytest.fixture
def team(amina: Officer) -> Officer:
    """Two grants and a payment that are due on the same day, of two owners."""
    amina.say("digest off")
    amina.do(GRANT)
    amina.do(replace(GRANT, title="Advice line"))
    amina.do(PAYMENT)
    return amina


def test_what_is_due_together_is_one_message_grouped_by_owner_with_buttons_for_each(team: Officer) -> None:
    (message,) = sent(team, LAST_DAY)
    assert [table.heading for table in message.tables] == ["Amina", "Ben Okoro"]
    assert [row.cells[1].split("\n")[0] for table in message.tables for row in table.rows] == [
        "D1, Youth club grant",
        "D2, Advice line",
        "D3, Q3",
    ]
    assert all(table.opened for table in message.tables)
    offered = [[button.label for button in row.offers] for table in message.tables for row in table.rows]
    assert offered == [["Mark done", "Snooze 1 week", "Change date", "Not needed"]] * 3
    assert message.text == "3 Compact deadlines: 3 today at the latest."


def test_the_most_urgent_comes_first(team: Officer) -> None:
    team.do(replace(PAYMENT, title="Rent", given=(Given("due", (date(2026, 12, 14),)),)))
    (message,) = sent(team, datetime(2026, 12, 21, 9, 30, tzinfo=UTC))
    assert [table.heading for table in message.tables] == ["Ben Okoro", "Amina"]
    assert message.tables[0].rows[0].cells == ("overdue since Monday 14 December 2026", "D4, Rent\nPayment made")
    assert message.text == "4 Compact deadlines: 1 overdue, 3 to come."


def test_of_many_the_first_ten_have_buttons_and_all_are_named(amina: Officer) -> None:
    amina.say("digest off")
    for n in range(25):
        amina.do(replace(GRANT, title=f"Grant {n}"))
    (message,) = sent(amina, LAST_DAY)
    rows = [row for table in message.tables for row in table.rows]
    assert len(rows) == 25
    assert [bool(row.offers) for row in rows] == [True] * 10 + [False] * 15


def test_of_many_those_have_buttons_that_can_still_be_kept(amina: Officer) -> None:
    amina.say("digest off")
    for n in range(12):
        amina.do(replace(PAYMENT, title=f"Payment {n}", given=(Given("due", (date(2026, 12, 29),)),)))
    amina.do(replace(PAYMENT, given=(Given("due", (date(2027, 1, 5),)),)))
    (message,) = sent(amina, datetime(2027, 1, 4, 9, 30, tzinfo=UTC))
    rows = [row for table in message.tables for row in table.rows]
    assert rows[-1].cells[1] == "D13, Q3\nPayment made"
    assert rows[-1].offers
    assert sum(bool(row.offers) for row in rows) == 10


def test_the_buttons_are_for_the_step_that_is_named_first(amina: Officer) -> None:
    amina.do(GRANT)
    amina.say("digest off")
    (message,) = sent(amina, datetime(2027, 3, 22, 9, 30, tzinfo=UTC))  # of the end, with notice never given
    assert message.text.startswith(
        'D1, "Youth club grant": minimum notice, in writing, with a rationale: overdue since'
    )
    assert message.buttons[0] == Button("Mark done", OpenForm("done", "D1 minimum-notice"))


def test_what_was_named_beside_a_step_is_settled_with_it(amina: Officer) -> None:
    """In March the end is ahead and the notice overdue; the notice is what is to be done."""
    amina.do(GRANT)
    amina.say("digest off")
    sent(amina, datetime(2027, 3, 22, 9, 30, tzinfo=UTC))
    amina.now = datetime(2027, 3, 22, 9, 35, tzinfo=UTC)
    assert amina.say("done D1 early-talk").settled == ()
    assert len(amina.say("done D1 minimum-notice: by letter").settled) == 1


def test_a_deadline_is_spoken_of_once_a_day_whatever_steps_it_has(amina: Officer) -> None:
    amina.do(replace(GRANT, given=(Given("ends", (date(2027, 9, 30),)),)))
    with_steps = "select planned_for from nudges where milestone_id > 0 group by planned_for having count(*) > 1"
    assert amina.count(f"({with_steps}) as days") == 0
    (message,) = sent(amina, datetime(2027, 3, 30, 9, 0, tzinfo=UTC))
    assert plain_text(message).count("Advice line") + plain_text(message).count("D1,") == 1


def test_done_leaves_the_rest_of_a_message_to_be_done(team: Officer) -> None:
    sent(team, LAST_DAY)
    team.now = LAST_DAY + timedelta(minutes=5)
    screen = Screen()
    asyncio.run(redraw_settled({"test": screen}, team.say("done D3 paid"), "Ben"))
    (shown,) = screen.shown.values()
    assert shown.text.startswith("Ben: Done on Thursday 31 December 2026: Payment made.")
    assert [row.cells[1].split("\n")[0] for table in shown.tables for row in table.rows] == [
        "D1, Youth club grant",
        "D2, Advice line",
    ]
    assert all(button.value for table in shown.tables for row in table.rows for button in row.offers)


def test_when_all_of_it_is_done_a_message_is_one_line(team: Officer) -> None:
    sent(team, LAST_DAY)
    team.now = LAST_DAY + timedelta(minutes=5)
    screen = Screen()
    for said in ("done D3 paid", "done D1 minimum-notice: by letter", "drop D2 because it goes on"):
        asyncio.run(redraw_settled({"test": screen}, team.say(said), "Ben"))
    (shown,) = screen.shown.values()
    assert shown == Reply(shown.text)
    assert shown.text.startswith("Ben: D2")
    assert team.say("undo").settled == ()


def test_on_a_closed_date_the_last_working_day_says_that_it_is_the_last(amina: Officer) -> None:
    amina.do(replace(GRANT, given=(Given("ends", (date(2026, 8, 31) + timedelta(days=365),)),)))
    (message,) = sent(amina, datetime(2027, 5, 28, 9, 30, tzinfo=UTC))
    assert "Today is the last working day: the date is Monday 31 May 2027" in plain_text(message)


# ---- the days -------------------------------------------------------------------------------------------------------


def mornings(weekday: int | None = 0, *closed: date) -> Mornings:
    chosen = OrganisationSettings(timezone="Europe/London", nudge_at="09:30", digest_at="08:15", digest_weekday=weekday)
    return Mornings(chosen, ClosedDays(closed))


NOTICE = [read_lead(lead) for lead in ("1 month", "2 weeks", "1 week", "the day")]


def test_weeks_ahead_are_gathered_on_the_day_of_the_digest_and_the_last_day_is_its_own() -> None:
    assert sorted(mornings().before(date(2027, 5, 20), NOTICE)) == [
        date(2027, 4, 26),
        date(2027, 5, 10),
        date(2027, 5, 17),
        date(2027, 5, 20),
    ]
    assert date(2027, 5, 4) in mornings().before(date(2027, 5, 10), NOTICE)  # a Tuesday, after the bank holiday


def test_without_a_digest_they_are_gathered_on_mondays() -> None:
    assert mornings(None).before(date(2027, 6, 17), NOTICE) == mornings(0).before(date(2027, 6, 17), NOTICE)
    assert date(2027, 6, 10) not in mornings(2).before(date(2027, 6, 17), [Lead(1, "week")])


def test_with_a_digest_they_leave_at_its_hour_when_that_is_earlier() -> None:
    monday = date(2027, 6, 14)
    assert mornings().at(monday) == datetime(2027, 6, 14, 7, 15, tzinfo=UTC)
    assert mornings().at(monday + timedelta(days=1)) == datetime(2027, 6, 15, 8, 30, tzinfo=UTC)
    assert mornings(None).at(monday) == datetime(2027, 6, 14, 8, 30, tzinfo=UTC)


@given(
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    st.sampled_from([None, 0, 1, 2, 3, 4]),
    st.integers(-70, 10),
    st.integers(0, 62),
)
def test_a_minimum_date_is_said_four_times_the_last_on_the_last_working_day(
    due: date, weekday: int | None, shut_from: int, shut_for: int
) -> None:
    """Whatever its weekday, and though the organisation shuts for two months around it."""
    shut = [due + timedelta(days=shut_from + n) for n in range(shut_for)]
    calendar = mornings(weekday, *shut)
    days = sorted(calendar.before(due, NOTICE))
    assert len(days) == 4
    assert not any(map(calendar.closed, days))
    last = due
    while calendar.closed(last):
        last -= timedelta(days=1)
    assert days[-1] == last
    assert calendar.overdue(due) > due


def test_weekly_goes_on_until_it_is_done(amina: Officer) -> None:
    amina.say("digest off")
    amina.do(PAYMENT)
    assert amina.say("nudge D1 weekly until it has gone").text == (
        "Nudges for each date of D1 come weekly until it is done."
    )
    days = [datetime(2026, 12, 21, 9, 30, tzinfo=UTC) + timedelta(weeks=n) for n in (0, 1, 2, 3, 10)]
    said = [plain_text(message) for day in days for message in sent(amina, day + timedelta(days=1))]
    assert len(said) == 5
    assert "overdue since Thursday 31 December 2026" in said[-1]
    amina.say("done D1 paid")
    assert amina.count("nudges where state = 'waiting' and milestone_id > 0") == 0


def test_days_that_somebody_asked_for_are_kept_to_the_day(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.say("nudge D1 3 weeks, 6 days before")
    for day in ("2026-12-10", "2026-12-24", "2027-01-04"):  # the 25th is Christmas; the day after the 31st is a Monday
        assert amina.count(f"nudges where milestone_id > 0 and state = 'waiting' and planned_for = '{day}'") == 1


def test_advice_that_leaves_late_is_past_and_never_overdue(amina: Officer) -> None:
    amina.say("digest off")
    amina.do(Track("early-warning", "New treasurer", (Given("known", (date(2026, 11, 23),)),), Named("Amina")))
    (message,) = sent(amina, datetime(2026, 12, 7, 9, 30, tzinfo=UTC))
    said = plain_text(message)
    assert "which is past" in said
    assert "overdue" not in said
