"""Importing 5,000 lines, beside bare openpyxl reading the same file; a calendar of 1,000 events at first and again."""

import io
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from compact_bot.calendars.feed import Source
from compact_bot.calendars.ics import _written
from compact_bot.conversation import Address
from compact_bot.importing.command import Command, import_list
from compact_bot.importing.lines import Choices, unseen
from compact_bot.organisation import Actor
from compact_bot.store.database import migrate, open_database
from compact_bot.store.records import organisation_called
from knowledge.agreement import Agreement
from knowledge.reader import FOLDER, read_agreement
from knowledge.rules import Rules, read_rules
from tests.bench.nudges import databases
from tests.importing.made import many

LINES, EVENTS = 5_000, 1_000
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOW.date()
RUNS = 5


def imported(engine: Engine, agreement: Agreement, rules: Rules, content: bytes, organisation: str) -> None:
    who = Actor("Amina", "U1", Address("slack", "T1/C1"), NOW)
    command = Command(organisation, who, "grants.xlsx", content, Choices(), lambda _: True)
    _, made = import_list(engine, agreement, rules, "Europe/London", command, unseen, unseen)
    assert made is not None


def bare_reading(content: bytes) -> int:
    """What anybody would write: every cell of every line, and nothing made of it."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(1 for row in book.active.iter_rows(values_only=True) if row)


def calendar(engine: Engine, agreement: Agreement, rules: Rules) -> tuple[bytes, int]:
    """The file, and how many events it holds."""
    with engine.connect() as connection:
        organisation = organisation_called(connection, "Ours")
        with Session(connection) as session:
            page_of: Callable[[int], str] = "https://compact.example.gov.uk/deadlines/D{}".format
            content = Source(session, organisation, None, agreement, rules, page_of, NOW, TODAY).file()
    return content, content.count(b"BEGIN:VEVENT")


@contextmanager
def transactions(engine: Engine) -> Iterator[list[float]]:
    """How long each transaction took, in seconds: for as long SQLite takes nobody else's words."""
    begun, taken = [0.0], list[float]()

    def begins(_: object) -> None:
        begun[0] = time.perf_counter()

    def ends(_: object) -> None:
        taken.append(time.perf_counter() - begun[0])

    event.listen(engine, "begin", begins)
    event.listen(engine, "commit", ends)
    yield taken
    event.remove(engine, "begin", begins)
    event.remove(engine, "commit", ends)


def best(work: Callable[[], object], runs: int = RUNS) -> float:
    """Seconds of the fastest run: what else the machine does only ever adds."""
    taken = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


@contextmanager
def empty_database() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate(engine)
        yield engine
        engine.dispose()


def main() -> None:
    agreement = read_agreement(FOLDER / "sutton")
    rules, _ = read_rules(FOLDER / "sutton", agreement)
    content = many(LINES)
    print(f"A list of {LINES:,} lines imported: read, planned, kept with its nudges (goal: <= 20 s)")
    bare = best(lambda: bare_reading(content))
    print(f"  openpyxl     {bare:5.2f} s only to read the cells")
    with databases() as kinds:
        for kind, database in kinds.items():
            engine = open_database(database)
            migrate(engine)
            names = iter(range(100))
            with transactions(engine) as locked:
                taken = best(lambda: imported(engine, agreement, rules, content, f"Team {next(names)}"), 2)  # noqa: B023
            engine.dispose()
            waits = f"{max(locked):.2f} s of it others wait"
            print(f"  {kind:12} {taken:5.2f} s, {taken / bare:.1f} times bare reading; {waits}")
    print(f"A calendar of {EVENTS:,} events from the database (goal: <= 100 ms)")
    with empty_database() as engine:
        imported(engine, agreement, rules, many(EVENTS * 2 // 5), "Ours")
        events = calendar(engine, agreement, rules)[1]
        _written.cache_clear()
        first = best(lambda: calendar(engine, agreement, rules), 1) * EVENTS / events
        again = best(lambda: calendar(engine, agreement, rules)) * EVENTS / events
    print(f"  at first     {1000 * first:5.0f} ms, each event written by icalendar ({events} events, as of {EVENTS:,})")
    print(f"  and again    {1000 * again:5.0f} ms, {first / again:.1f} times as fast")


if __name__ == "__main__":
    main()
