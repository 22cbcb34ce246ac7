"""What a nudge says, when the lead is named, the digest, and how long a failed one waits."""

import asyncio
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.local import LocalCourier
from adapters.plain_text import plain_text
from compact_bot.conversation import Button, Reply
from compact_bot.nudges.outcomes import Outcome, backoff, record
from compact_bot.nudges.queue import claim, sent_lately
from compact_bot.nudges.sending import Sender
from compact_bot.nudges.words import as_sent, worded
from compact_bot.store.tables import KnownPerson, Nudge, OrganisationSettings
from compact_bot.understanding.acts import Done, Given, OpenForm, Snooze, Track
from tests.deadlines.conftest import GRANT, Officer

PAYMENT = Track("payment", "Q3", (Given("due", (date(2026, 12, 1),)),))


def claimed(officer: Officer, now: datetime) -> list[Reply]:
    """The messages of a moment."""
    worded_ = (worded(officer.search.agreement, officer.rules, one) for one in claim(officer.engine, now, "w", 100))
    return [reply for reply in worded_ if reply]


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=UTC)


def test_a_nudge_names_the_date_quotes_the_clause_in_one_line_and_has_four_buttons(amina: Officer) -> None:
    amina.do(GRANT)
    (nudge,) = [r for r in claimed(amina, at(2026, 11, 30)) if r.citations]
    assert nudge.text == (
        'D1, "Youth club grant": minimum notice, in writing, with a rationale by Thursday 31 December 2026, '
        "4 weeks 3 days left. Owner: Amina."
    )
    assert nudge.citations[0].number == "3.4.4"
    assert "\n" not in nudge.citations[0].quote
    assert nudge.buttons == (
        Button("Mark done", OpenForm("done", "D1 minimum-notice")),
        Button("Snooze 1 week", Snooze((1,), date(2026, 12, 7))),
        Button("Change date", OpenForm("move", "D1")),
        Button("Not needed", OpenForm("drop", "D1")),
    )
    assert nudge.note == ""


def test_every_button_of_a_nudge_does_something(amina: Officer) -> None:
    amina.do(GRANT)
    (nudge,) = [r for r in claimed(amina, at(2026, 11, 30)) if r.citations]
    begins = ['D1, "Youth club grant": minimum notice', "D1 is quiet until", "To which date?", "Why is D1 not needed?"]
    for button, start in zip(nudge.buttons, begins, strict=True):
        assert button.act is not None
        assert amina.do(button.act).text.startswith(start)


def test_what_needs_no_writing_is_done_by_one_press(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.say("digest off")
    (nudge,) = claimed(amina, at(2026, 12, 1))
    assert nudge.buttons[0] == Button("Mark done", Done((1,), "paid"))
    assert "payment made by Tuesday 1 December 2026, today." in nudge.text


def test_the_lead_is_named_from_two_working_days_before_a_minimum_date(amina: Officer) -> None:
    amina.do(GRANT)
    with Session(amina.engine) as session, session.begin():
        session.scalars(select(OrganisationSettings)).one().lead = "Priya Shah"
    (early,) = claimed(amina, at(2026, 12, 21))
    assert "Priya" not in plain_text(early)
    (late,) = claimed(amina, at(2026, 12, 29))
    assert "Minimum notice, in writing, with a rationale. Compact lead: Priya Shah." in plain_text(late)


def test_overdue_is_said_once_when_the_week_begins(amina: Officer) -> None:
    amina.do(PAYMENT)
    (nudge,) = claimed(amina, at(2026, 12, 7))
    assert "overdue since Tuesday 1 December 2026: D1, Q3. Payment made." in plain_text(nudge)
    assert amina.count("nudges where state = 'waiting' and milestone_id is not null") == 0


def test_a_change_on_the_day_keeps_the_nudge_that_says_it_is_overdue(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.now = datetime(2026, 12, 7, 7, 0, tzinfo=UTC)
    amina.say("owner D1 Ben Okoro")
    assert amina.count("nudges where state = 'waiting' and planned_for = '2026-12-07' and milestone_id > 0") == 1


def test_the_digest_says_how_much_is_due_overdue_and_without_notice(amina: Officer) -> None:
    amina.do(GRANT)
    amina.do(PAYMENT)
    (digest,) = claimed(amina, at(2026, 12, 7))
    assert digest.text == (
        "Compact deadlines this week: 1 overdue, 1 with funding that ends within 6 months and no notice given."
    )
    assert [button.label for button in digest.buttons] == ["What is overdue", "Next 6 months"]
    assert [row.cells[1].split("\n")[0] for table in digest.tables for row in table.rows] == [
        "D2, Q3",
        "D1, Youth club grant",
    ]
    with Session(amina.engine) as session:
        waiting = session.scalars(select(Nudge).where(Nudge.milestone_id.is_(None), Nudge.state == "waiting")).all()
    assert [nudge.planned_for.isoformat() for nudge in waiting] == ["2026-12-14"]


def test_a_digest_missed_for_weeks_comes_once(amina: Officer) -> None:
    amina.do(GRANT)
    for days in (0, 1):
        now = at(2027, 1, 20) + timedelta(days=days)
        due = claim(amina.engine, now, "w", 100)
        record(amina.engine, [Outcome(nudge, "sent") for one in due for nudge in one.ids], "w", now)
        replies = [worded(amina.search.agreement, amina.rules, one) for one in due]
        assert len([reply for reply in replies if reply and "this week" in reply.text]) == 1 - days


def test_the_digest_can_be_off_while_nudges_come(amina: Officer) -> None:
    amina.do(GRANT)
    assert amina.say("digest off").text.startswith("No weekly digest comes any more.")
    assert amina.count("nudges where state = 'waiting' and milestone_id is null") == 0
    amina.say("nudges here")
    assert amina.count("nudges where state = 'waiting' and milestone_id is null") == 0
    assert amina.count("nudges where state = 'waiting'") > 0
    amina.say("digest on Fridays 8:15")
    assert amina.count("nudges where state = 'waiting' and milestone_id is null") == 1


def test_nudges_to_an_owner_alone_go_to_who_that_is_and_not_to_a_namesake(amina: Officer) -> None:
    amina.direct = True
    amina.do(replace(GRANT, owner=None))
    with Session(amina.engine) as session, session.begin():
        owner = session.scalars(select(KnownPerson)).one()
        session.add(
            KnownPerson(
                organisation_id=owner.organisation_id, platform="test", person_id="another", name="Amina",
                direct_route="alone with another", nudged_directly=True,
            )
        )  # fmt: skip
    amina.say("nudges me")
    assert amina.count("nudges where state = 'waiting' and route = 'alone with Amina'") > 0
    assert amina.count("nudges where route = 'alone with another'") == 0


def test_what_was_sent_is_listed_for_its_own_organisation_only(amina: Officer) -> None:
    amina.do(GRANT)
    out = io.StringIO()
    agreement = amina.search.agreement
    sender = Sender(amina.engine, agreement, amina.rules, {"test": LocalCourier(out)}, lambda: at(2026, 11, 30), "w")
    asyncio.run(sender.send_due())
    assert 'Nudge (test):\nD1, "Youth club grant"' in out.getvalue()
    sent = [as_sent(agreement, nudge) for nudge in sent_lately(amina.engine, "Sutton Council")]
    (first, *_) = [reply for reply in sent if reply.citations]
    assert first.text.startswith('Sent on Monday 30 November 2026. D1, "Youth club grant"')
    assert sent_lately(amina.engine, "Another council") == []


def test_waiting_doubles_with_jitter_and_never_undercuts_the_platform() -> None:
    for attempt, most in ((1, 30), (2, 60), (5, 480), (30, 3600)):
        assert most / 2 <= backoff(attempt, None) <= most
    assert backoff(1, 120.0) >= 120
