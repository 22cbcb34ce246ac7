"""Tables and migrations agree; a database that is newer than the program is refused."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from compact_bot.store.database import DatabaseTooNewError, migrate
from compact_bot.store.tables import Contact, Organisation
from tests.conftest import ROOT


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    migrate(engine)


def test_a_database_made_by_a_later_version_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(DatabaseTooNewError):
        migrate(engine)


def test_the_command_line_says_so_in_one_line(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    done = subprocess.run(
        [sys.executable, "-m", "compact_bot", "say", "hi"],
        env={"COMPACT_DATABASE_URL": f"sqlite:///{tmp_path / 'compact.db'}", "PATH": ""},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "made by a later version" in done.stderr
    assert "Traceback" not in done.stderr


def test_times_come_back_with_their_zone_and_never_go_in_without(engine: Engine) -> None:
    when = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    with Session(engine) as session:
        ours = Organisation(name="Ours")
        session.add(ours)
        session.flush()
        session.add(Contact(organisation_id=ours.id, details="Jo", set_by="Jo", set_at=when))
        session.commit()
        session.expire_all()
        assert session.query(Contact).one().set_at == when
        session.add(Contact(organisation_id=ours.id, details="Jo", set_by="Jo", set_at=when.replace(tzinfo=None)))
        with pytest.raises(Exception, match="without a zone"):
            session.flush()
