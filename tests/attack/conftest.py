"""What is attacked: a database of each kind, and the doors as they are tried elsewhere."""

import pytest
from sqlalchemy import Engine

from compact_bot.bot import Bot
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.slack.conftest import channel, workspace
from tests.teams.conftest import client as officer
from tests.teams.conftest import clock, door, teams

__all__ = ["channel", "clock", "door", "officer", "teams", "workspace"]


@pytest.fixture
def bot_on_both(both: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    return Bot(both, search, rules, meanings, "Europe/London")
