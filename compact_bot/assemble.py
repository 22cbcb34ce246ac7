"""The only place where the parts meet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from compact_bot.bot import Bot
from compact_bot.settings import Settings
from compact_bot.store.database import migrate, open_database
from knowledge.reader import find_folder
from knowledge.search import open_search

KEPT = Path("var")  # the database, what was learned, and the terminal's history


@dataclass(frozen=True)
class Program:
    settings: Settings
    engine: Engine
    bot: Bot
    clock: Callable[[], datetime]


@contextmanager
def assemble(settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Iterator[Program]:
    """A program ready to answer, its own database brought up to date.

    Raises AgreementError or DatabaseTooNewError when it must not start.
    """
    search = open_search(find_folder(settings["COMPACT_AGREEMENT"]), KEPT / "learned")
    engine = open_database(settings["COMPACT_DATABASE_URL"])
    try:
        migrate(engine)
        yield Program(settings, engine, Bot(engine, search), clock)
    finally:
        engine.dispose()
