"""A place on which messages are drawn again."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from compact_bot.conversation import Address, Reply, SentNudge
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.deadlines.conftest import Officer


@dataclass
class Screen:
    """A courier that keeps what it shows, by the reference of each message."""

    shown: dict[str, Reply] = field(default_factory=dict)

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        self.shown[key] = reply
        return key

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        self.shown[sent.reference] = reply


@pytest.fixture
def amina(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Officer:
    return Officer(engine, search, rules, meanings)
