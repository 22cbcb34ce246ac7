"""What most tests need: the real search over the real agreement, and a chat with a bot on a real database file."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Engine, MetaData

from adapters.plain_text import plain_text
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Message, Person, Reply
from compact_bot.store.database import migrate, open_database
from compact_bot.store.tables import Table
from knowledge.agreement import Agreement
from knowledge.reader import FOLDER
from knowledge.rules import Rules, read_rules
from knowledge.search import Search, open_search

ROOT = Path(__file__).parent.parent
SUTTON = FOLDER / "sutton"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


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


@pytest.fixture
def bot(engine: Engine, search: Search, rules: Rules) -> Bot:
    return Bot(engine, search, rules, "Europe/London")


@pytest.fixture
def chat(bot: Bot) -> Chat:
    return Chat(bot)
