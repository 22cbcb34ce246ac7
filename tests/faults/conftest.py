"""Each fault is tried on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from compact_bot.store.database import migrate, open_database


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = open_database(database)
    migrate(engine)
    yield engine
    engine.dispose()
