"""The only place where the parts meet."""

import os
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from adapters.door import Door
from adapters.local import LocalCourier
from compact_bot.bot import Bot
from compact_bot.conversation import Reply
from compact_bot.deadlines.couriers import Courier
from compact_bot.deadlines.nudges import Sender
from compact_bot.deadlines.queue import sent_lately
from compact_bot.deadlines.settled import how_it_ended
from compact_bot.settings import Settings
from compact_bot.store.database import migrate, open_database
from compact_bot.store.references import References
from knowledge.reader import find_folder
from knowledge.rules import open_rules
from knowledge.search import open_search

KEPT = Path("var")  # the database, what was learned, and the terminal's history


@dataclass(frozen=True)
class Program:
    settings: Settings
    engine: Engine
    bot: Bot
    clock: Callable[[], datetime]
    couriers: dict[str, Courier]
    doors: tuple[Door, ...]

    def sender(self) -> Sender:
        """What sends this program's nudges, with a courier for each door that can deliver here."""
        worker = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        return Sender(self.engine, self.bot.search.agreement, self.bot.rules, self.couriers, self.clock, worker)

    @asynccontextmanager
    async def open_doors(self) -> AsyncIterator[None]:
        """The doors' connections, for as long as this program sends."""
        async with AsyncExitStack() as stack:
            for door in self.doors:
                await stack.enter_async_context(door.running())
            yield

    def sent_nudges(self, organisation: str) -> list[Reply]:
        """The nudges that an organisation got lately, newest first."""
        return sent_lately(self.engine, self.bot.search.agreement, organisation)


@contextmanager
def assemble(
    settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC), migrating: bool = False
) -> Iterator[Program]:
    """A program ready to answer. A SQLite file is its own and is brought up to date; PostgreSQL only when `migrating`.

    Raises AgreementError, DatabaseTooNewError or DatabaseBehindError when it must not start.
    """
    folder = find_folder(settings["COMPACT_AGREEMENT"])
    search = open_search(folder, KEPT / "learned")
    rules = open_rules(folder, search.agreement)
    engine = open_database(settings["COMPACT_DATABASE_URL"])
    try:
        migrate(engine, own=migrating or engine.dialect.name == "sqlite")
        bot = Bot(engine, search, rules, settings["COMPACT_TIMEZONE"])
        couriers: dict[str, Courier] = {"console": LocalCourier(), "web": LocalCourier()}
        doors = _doors(settings, engine, bot, clock, couriers)
        couriers.update({door.platform: door.courier for door in doors})
        yield Program(settings, engine, bot, clock, couriers, doors)
    finally:
        engine.dispose()


def _doors(
    settings: Settings, engine: Engine, bot: Bot, clock: Callable[[], datetime], couriers: dict[str, Courier]
) -> tuple[Door, ...]:
    """The chat platforms that are set up; the others' libraries are never loaded."""
    doors: list[Door] = []
    if any(settings[name] for name in ("MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "TEAMS_LOCAL")):
        from adapters.teams.door import TeamsDoor, teams_settings

        if teams_settings(settings):
            ended = partial(how_it_ended, engine)
            doors.append(TeamsDoor(settings, References(engine, "teams"), ended, bot, clock, couriers))
    return tuple(doors)
