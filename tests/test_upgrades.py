"""A database of every earlier version, with something in each of its tables, is brought up to date and keeps it all."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from compact_bot.bot import Bot
from compact_bot.store.database import alembic_config, migrate, open_database, versions
from compact_bot.store.tables import Change, Table
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import ROOT, Chat

REVISIONS = [one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()][::-1]
# What a column must hold to mean something; any other holds something of its type.
MEANINGFUL: dict[tuple[str, str], object] = {
    ("organisations", "name"): "Sutton Council",
    ("organisation_settings", "timezone"): "Europe/London",
    ("organisation_settings", "nudge_at"): "09:30",
    ("organisation_settings", "digest_at"): "09:30",
    ("deadlines", "kind"): "payment",
    ("deadlines", "state"): "open",
    ("deadlines", "anchors"): {"due": ["2027-03-01"]},
    ("deadlines", "leads"): "",
    ("milestones", "state"): "open",
    ("milestones", "name"): "paid",
    ("nudges", "state"): "waiting",
    ("nudges", "purpose"): "step",
    ("feedback", "kind"): "kept",
    ("feedback", "state"): "open",
    ("changes", "before"): None,
    ("feedback_changes", "before"): None,
}
MOVED = {"feedback_changes": "changes"}  # tables whose rows are another's now
EMPTIED = {"0006": {"asked_questions"}}  # 0007 made counts of words whose hearers were not known


def upgrade(engine: Engine, revision: str) -> None:
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def something(column: Column[Any]) -> object:
    match column.type:
        case Boolean():
            return False
        case Integer():
            return 1
        case DateTime():
            return datetime(2026, 11, 1, 9, 0, tzinfo=UTC if column.type.timezone else None)
        case Date():
            return date(2026, 12, 1)
        case JSON():
            return {}
        case LargeBinary():
            return b"\0"
    return f"of {column.name}"[: getattr(column.type, "length", None) or 100]


def fill(engine: Engine) -> dict[str, int]:
    """A row in every table; how many there are now."""
    tables = MetaData()
    tables.reflect(engine)
    filled = [table for table in tables.sorted_tables if table.name != "alembic_version"]
    with engine.begin() as connection:
        for table in filled:
            row = {c.name: MEANINGFUL.get((table.name, c.name), something(c)) for c in table.columns}
            row = {name: value for name, value in row.items() if name not in ("id", "part_of", "lease_until")}
            connection.execute(insert(table), row)
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in filled}


def counted(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Table.metadata.sorted_tables
        }


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_of_an_earlier_version_loses_nothing(
    database: str, revision: str, search: Search, rules: Rules, meanings: Meanings
) -> None:
    engine = open_database(database)
    upgrade(engine, revision)
    before = {table: rows for table, rows in fill(engine).items() if table not in EMPTIED.get(revision, ())}
    migrate(engine)
    after = counted(engine)
    for table, rows in before.items():
        now = MOVED.get(table, table)
        expected = rows + sum(before.get(moved, 0) for moved, to in MOVED.items() if to == table)
        if now in after and table not in MOVED:
            assert after[table] == expected, table
        else:
            assert table in MOVED or table.startswith("slack_"), f"{table} is gone"
    with Session(engine) as session:  # every row can be read as what it is today
        for mapper in Table.registry.mappers:
            session.scalars(select(mapper.class_)).all()
    chat = Chat(Bot(engine, search, rules, meanings, "Europe/London"))
    if "deadlines" in before:
        assert "D1" in chat.hear("deadlines")
        assert "Saved as D2" in chat.hear('track payment "New" due 1 March 2028')
    else:
        assert "Saved as D1" in chat.hear('track payment "New" due 1 March 2028')
    if "changes" in before:
        with Session(engine) as session:
            assert session.scalar(select(Change.who).order_by(Change.id).limit(1)) == "of who"
    engine.dispose()


def test_somebody_at_the_pages_of_a_machine_and_in_its_terminal_becomes_one_person(database: str) -> None:
    engine = open_database(database)
    upgrade(engine, "0014")
    people = Table.metadata.tables["people"]
    rows = [("web", "Priya", True), ("console", "Priya", False), ("web", "Ben", True), ("slack", "Ben", False)]
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO organisations (id, name) VALUES (1, 'this machine')"))
        connection.execute(
            insert(people), [
                {"organisation_id": 1, "platform": platform, "person_id": who, "name": who, "is_lead": leads}
                for platform, who, leads in rows
            ],
        )  # fmt: skip
    migrate(engine)
    with engine.connect() as connection:
        found = connection.execute(select(people.c.platform, people.c.person_id, people.c.is_lead)).all()
    assert {("console", "Priya", True), ("console", "Ben", True), ("slack", "Ben", False)} <= {
        tuple(row) for row in found
    }
    engine.dispose()


def version(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(text("select version_num from alembic_version")))


def test_a_migration_that_fails_halfway_leaves_everything_as_it_was_and_runs_again(database: str) -> None:
    engine = open_database(database)
    upgrade(engine, "0006")
    before = fill(engine)
    with engine.begin() as connection:  # the last of what is to come finds this in its way, when much was done already
        connection.execute(text("create table earlier_changes (id integer)"))
    with pytest.raises(DBAPIError):
        migrate(engine)
    assert version(engine) == "0006"
    with engine.begin() as connection:
        assert connection.scalar(text("select count(*) from feedback_changes")) == before["feedback_changes"]
        connection.execute(text("drop table earlier_changes"))
    migrate(engine)
    assert version(engine) == REVISIONS[-1]
    engine.dispose()


KILLED = """
import os, sys
from alembic import command
from compact_bot.store.database import alembic_config, open_database
engine, config = open_database(sys.argv[1]), alembic_config()
with engine.begin() as connection:
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    os._exit(9)
"""


def test_a_migration_that_is_killed_before_it_is_done_runs_again(database: str) -> None:
    engine = open_database(database)
    upgrade(engine, "0007")
    fill(engine)
    engine.dispose()
    killed = subprocess.run([sys.executable, "-c", KILLED, database], cwd=ROOT, env={**os.environ}, check=False)
    assert killed.returncode == 9
    assert version(engine) == "0007"
    migrate(engine)
    assert version(engine) == REVISIONS[-1]
    engine.dispose()


def test_the_names_of_the_migrations_are_their_revisions_in_order() -> None:
    assert versions() == REVISIONS
