"""Each fault is tried on SQLite and on a real PostgreSQL."""

import pytest
from sqlalchemy import Engine


@pytest.fixture
def engine(both: Engine) -> Engine:
    return both
