"""A clock that is wrong for a moment: nothing is sent, cancelled or put off by it, and what it wrote heals."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import aiohttp
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.nudges.outcomes import Outcome, record
from compact_bot.nudges.queue import LEASE, claim
from compact_bot.nudges.steady import BELIEVED_AFTER, SteadyClock
from compact_bot.store.tables import Nudge, OrganisationSettings
from tests.faults.platform import NOW, PostingCourier, fill, sender
from tests.faults.stub import Stub, running

YEAR = timedelta(days=365)


def found(engine: Engine) -> list[Nudge]:
    with Session(engine, expire_on_commit=False) as session:
        return list(session.scalars(select(Nudge).order_by(Nudge.id)))


def digest(engine: Engine, due_at: datetime) -> None:
    with Session(engine) as session, session.begin():
        settings = session.scalars(select(OrganisationSettings)).one()
        settings.platform, settings.route = "stub", "team"
        session.add(
            Nudge(
                organisation_id=settings.organisation_id, platform="stub", route="team", planned_for=due_at.date(),
                due_at=due_at, state="waiting", purpose="digest",
            )
        )  # fmt: skip


def ticks(engine: Engine, stub: Stub, moments: list[datetime]) -> None:
    """One worker, which looks for what is due at these moments one after the other."""

    async def all_of_them() -> None:
        async with aiohttp.ClientSession() as session:
            told = iter(moments)
            now = [next(told)]
            one = sender(engine, PostingCourier(stub.url, session), "w", clock=lambda: now[0])
            await one.send_due()
            for moment in told:
                now[0] = moment
                await one.send_due()

    asyncio.run(all_of_them())


def test_one_tick_a_year_ahead_sends_cancels_and_puts_off_nothing(both: Engine) -> None:
    fill(both, 20, due_at=NOW + timedelta(days=30))
    monday = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    digest(both, monday)
    with Session(both) as session, session.begin():  # a second nudge of each, which would make the first one stale
        for nudge in session.scalars(select(Nudge).where(Nudge.milestone_id.is_not(None))).all():
            session.add(
                Nudge(
                    organisation_id=nudge.organisation_id, milestone_id=nudge.milestone_id, platform="stub",
                    route=nudge.route, planned_for=date(2026, 12, 30), due_at=NOW + timedelta(days=37), state="waiting",
                )
            )  # fmt: skip
    with running(Stub()) as stub:
        ticks(both, stub, [NOW, NOW + YEAR, NOW + timedelta(seconds=10), NOW - YEAR, NOW + timedelta(seconds=20)])
        assert stub.taken == {}
    after = found(both)
    assert Counter(nudge.state for nudge in after) == {"waiting": 41}
    assert [nudge.due_at for nudge in after if nudge.milestone_id is None] == [monday]


def test_a_retry_that_a_wrong_clock_put_off_by_a_year_is_tried_again(both: Engine) -> None:
    fill(both, 1)
    (due,) = claim(both, NOW, "w", 10)
    record(both, [Outcome(due.ids[0], "waiting", error="status 500", retry_in=30)], "w", NOW + YEAR)
    assert [one.ids for one in claim(both, NOW + timedelta(minutes=5), "w", 10)] == [due.ids]


def test_a_retry_that_is_waiting_its_turn_is_left_alone(both: Engine) -> None:
    fill(both, 1)
    (due,) = claim(both, NOW, "w", 10)
    record(both, [Outcome(due.ids[0], "waiting", error="status 500", retry_in=3600)], "w", NOW)
    assert claim(both, NOW + timedelta(minutes=50), "w", 10) == []
    assert len(claim(both, NOW + timedelta(minutes=61), "w", 10)) == 1


def test_a_lease_that_a_wrong_clock_gave_for_a_year_does_not_block(both: Engine) -> None:
    fill(both, 1, due_at=NOW)
    assert len(claim(both, NOW + YEAR, "dies", 10)) == 1
    assert len(claim(both, NOW + timedelta(minutes=1), "takes over", 10)) == 1
    assert claim(both, NOW + LEASE / 2, "waits", 10) == []


def test_what_a_wrong_clock_claimed_too_early_is_sent_on_its_day(both: Engine) -> None:
    fill(both, 1, due_at=NOW + timedelta(days=60))
    assert len(claim(both, NOW + YEAR, "dies", 10)) == 1
    assert claim(both, NOW + timedelta(minutes=1), "w", 10) == []
    assert len(claim(both, NOW + timedelta(days=60), "w", 10)) == 1


def test_a_digest_that_a_wrong_clock_put_off_by_a_year_comes_next_week(both: Engine) -> None:
    fill(both, 1, due_at=NOW + timedelta(days=60))
    digest(both, NOW + YEAR)
    assert claim(both, NOW, "w", 10) == []
    waiting = [one for one in found(both) if one.milestone_id is None and one.state == "waiting"]
    assert [one.due_at for one in waiting] == [datetime(2026, 11, 30, 9, 30, tzinfo=UTC)]


@pytest.mark.parametrize("leap", [YEAR, -YEAR, timedelta(hours=60)])
def test_a_leap_that_lasts_is_believed(leap: timedelta) -> None:
    """A machine that slept over the weekend is right in the end."""
    told, elapsed = [NOW], [0.0]
    clock = SteadyClock(lambda: told[0], lambda: elapsed[0])
    assert clock() == NOW
    for _ in range(3):
        told[0], elapsed[0] = NOW + leap + timedelta(seconds=elapsed[0] + 5), elapsed[0] + 5
        assert clock() == NOW + timedelta(seconds=elapsed[0])
    told[0], elapsed[0] = NOW + leap + timedelta(seconds=10 + BELIEVED_AFTER), 10 + BELIEVED_AFTER
    assert clock() == told[0]


def test_a_clock_that_is_set_right_by_minutes_is_believed_at_once() -> None:
    told = [NOW]
    clock = SteadyClock(lambda: told[0], lambda: 0.0)
    clock()
    told[0] += timedelta(minutes=20)
    assert clock() == told[0]
