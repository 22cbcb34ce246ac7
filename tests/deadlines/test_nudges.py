"""What a nudge says, when the lead is named, the digest, and the contract that every courier keeps."""

import asyncio
import io
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from adapters.local import LocalCourier
from compact_bot.conversation import Button, Reply
from compact_bot.nudges.outcomes import Outcome, backoff, record
from compact_bot.nudges.queue import claim, sent_lately
from compact_bot.nudges.sending import Sender
from compact_bot.store.tables import Nudge
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.conftest import Chat

GRANT = 'track funding "Youth club grant" ends 31 March 2027 owner Amina'


def claimed(engine: Engine, sutton: Agreement, rules: Rules, now: datetime) -> list[Reply]:
    return [due.reply for due in claim(engine, sutton, rules, now, "w", 100)]


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=UTC)


def test_a_nudge_names_the_date_quotes_the_clause_in_one_line_and_has_four_buttons(
    chat: Chat, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    chat.say(GRANT)
    (nudge,) = [r for r in claimed(engine, sutton, rules, at(2026, 11, 30)) if r.citations]
    assert nudge.text == (
        'D1, "Youth club grant": minimum notice, in writing, with a rationale is due in 4 weeks 3 days, '
        "on Thursday 31 December 2026. Owner: Amina."
    )
    assert nudge.citations[0].number == "3.4.4"
    assert "\n" not in nudge.citations[0].quote
    assert nudge.buttons == (
        Button("Mark done", "done D1 minimum-notice"),
        Button("Snooze 1 week", "snooze D1 1 week"),
        Button("Change date", "move D1"),
        Button("Not needed", "drop D1"),
    )
    assert nudge.note == ""


def test_every_button_of_a_nudge_is_understood(chat: Chat, engine: Engine, sutton: Agreement, rules: Rules) -> None:
    chat.say(GRANT)
    (nudge,) = [r for r in claimed(engine, sutton, rules, at(2026, 11, 30)) if r.citations]
    begins = ["Done on ", "D1 is quiet until", "To which date?", "Why is D1 not needed?"]
    for button, start in zip(nudge.buttons, begins, strict=True):
        assert chat.say(button.says).text.startswith(start)


def test_the_lead_is_named_from_two_working_days_before_a_minimum_date(
    chat: Chat, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    chat.say(GRANT)
    chat.say("lead Priya Shah")
    (early,) = [r for r in claimed(engine, sutton, rules, at(2026, 12, 17)) if "minimum" in r.text]
    assert "Priya" not in early.text
    (late,) = [r for r in claimed(engine, sutton, rules, at(2026, 12, 29)) if "minimum" in r.text]
    assert late.text.endswith("Compact lead: Priya Shah.")


def test_overdue_is_said_once(chat: Chat, engine: Engine, sutton: Agreement, rules: Rules) -> None:
    chat.say('track payment "Q3" due 1 December 2026')
    (nudge,) = [r for r in claimed(engine, sutton, rules, at(2026, 12, 2)) if r.citations]
    assert "is overdue: it was due 1 day ago, on Tuesday 1 December 2026" in nudge.text
    with Session(engine) as session:
        waiting = "select count(*) from nudges where state = 'waiting' and milestone_id is not null"
        assert session.scalar(text(waiting)) == 0


def test_the_digest_lists_due_overdue_and_funding_without_notice(
    chat: Chat, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    chat.say(GRANT)
    chat.say('track payment "Q3" due 1 December 2026')
    (digest,) = [r for r in claimed(engine, sutton, rules, at(2026, 12, 7)) if r.text.startswith("Compact deadlines")]
    assert digest.text.startswith("Compact deadlines this week: 1 overdue, 0 due within 2 weeks, 1 with funding")
    assert "D2, Q3" in [fact.label for fact in digest.facts]
    with Session(engine) as session:
        waiting = session.scalars(select(Nudge).where(Nudge.milestone_id.is_(None), Nudge.state == "waiting")).all()
    assert [nudge.planned_for.isoformat() for nudge in waiting] == ["2026-12-14"]


def test_a_digest_missed_for_weeks_comes_once(chat: Chat, engine: Engine, sutton: Agreement, rules: Rules) -> None:
    chat.say(GRANT)
    for days in (0, 1):
        now = at(2027, 1, 20) + timedelta(days=days)
        due = claim(engine, sutton, rules, now, "w", 100)
        record(engine, [Outcome(one.id, "sent") for one in due], "w", now)
        assert len([one for one in due if "this week" in one.reply.text]) == 1 - days


def test_what_was_sent_is_listed_for_its_own_organisation_only(
    chat: Chat, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    chat.say(GRANT)
    out = io.StringIO()
    sender = Sender(engine, sutton, rules, {"test": LocalCourier(out)}, lambda: at(2026, 11, 30), "w")
    asyncio.run(sender.send_due())
    assert 'Nudge (test):\nD1, "Youth club grant"' in out.getvalue()
    (first, *_) = [r for r in sent_lately(engine, sutton, "Sutton Council") if r.citations]
    assert first.text.startswith('Sent on Monday 30 November 2026. D1, "Youth club grant"')
    assert sent_lately(engine, sutton, "Another council") == []


def test_waiting_doubles_with_jitter_and_never_undercuts_the_platform() -> None:
    for attempt, most in ((1, 30), (2, 60), (5, 480), (30, 3600)):
        assert most / 2 <= backoff(attempt, None) <= most
    assert backoff(1, 120.0) >= 120
