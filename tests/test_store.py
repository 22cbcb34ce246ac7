"""Tables and migrations agree; a database that is newer than the program is refused."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from compact_bot.store.database import DatabaseTooNewError, migrate, open_database
from compact_bot.store.tables import (
    Change,
    Contact,
    Deadline,
    KnownPerson,
    Organisation,
    OrganisationSettings,
)
from tests.conftest import ROOT, every_table


def revisions(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("select version_num from alembic_version")))


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    before = (revisions(engine), inspect(engine).get_table_names())
    with engine.begin() as connection:
        connection.execute(text("insert into organisations (name) values ('Ours')"))
    migrate(engine)
    assert (revisions(engine), inspect(engine).get_table_names()) == before
    with engine.connect() as connection:
        assert connection.scalars(text("select name from organisations")).all() == ["Ours"]


def test_the_migrations_make_the_tables_that_the_program_knows(database: str) -> None:
    engine = open_database(database)
    migrate(engine)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), every_table())
    engine.dispose()
    assert [one for one in found if not _is_of_slacks_own(one)] == []


def _is_of_slacks_own(difference: object) -> bool:
    """Slack's own stores bring their tables along, and describe their times in a way of their own."""
    return "slack_" in str(difference)


def test_what_was_kept_before_one_history_is_kept_with_it(database: str) -> None:
    engine = open_database(database)
    _upgrade(engine, BEFORE_ONE_HISTORY)
    with engine.begin() as connection:
        for statement in KEPT_BEFORE.split(";"):
            if statement.strip():
                connection.execute(text(statement))
    migrate(engine)
    with Session(engine) as session, session.begin():
        amina, priya, _, __ = session.scalars(select(KnownPerson).order_by(KnownPerson.id)).all()
        first, second, third = session.scalars(select(Deadline).order_by(Deadline.number)).all()
        assert [d.owner_id for d in (first, second, third)] == [amina.id, None, None]
        assert [m.name for m in first.milestones] == ["minimum-notice"]
        assert session.scalars(select(OrganisationSettings)).one().lead_id == priya.id
        changes = session.scalars(select(Change).order_by(Change.id)).all()
        assert [(c.what, c.deadline_id, c.feedback_id) for c in changes] == [
            ("tracked: Club", first.id, None),
            ("dropped because x", second.id, None),
            ("logged", None, 7),
        ]
        assert [(c.before or {}).get("state") for c in changes] == [None, "open", None]
        new = Change(
            organisation_id=first.organisation_id, deadline_id=first.id, who="A", person_id="A", platform="test",
            at=datetime(2026, 11, 23, tzinfo=UTC), what="new", before=None,
        )  # fmt: skip
        session.add(new)
        session.flush()
        assert new.id > max(change.id for change in changes)
    engine.dispose()


BEFORE_ONE_HISTORY = "0006"
KEPT_BEFORE = """
insert into organisations (id, name) values (1, 'Ours');
insert into people (id, organisation_id, platform, person_id, side, name) values
  (1, 1, 'test', 'a', '', 'Amina'), (2, 1, 'test', 'p', '', 'Priya'), (3, 1, 'test', 's1', '', 'Sam'),
  (4, 1, 'test', 's2', '', 'Sam');
insert into organisation_settings
  (organisation_id, timezone, nudge_at, digest_weekday, digest_at, platform, route, lead, last_deadline)
  values (1, 'Europe/London', '09:30', 0, '09:30', '', '', 'priya', 3);
insert into deadlines
  (id, organisation_id, number, kind, title, owner, state, anchors, leads, clause, rationale, platform, route,
   created_at)
  values (1, 1, 1, 'funding-notice', 'Club', 'amina', 'open', '{"ends": ["2027-03-31"]}', '', '', '', '', '',
          '2026-11-01 09:00:00'),
         (2, 1, 2, 'other', 'Sams', 'Sam', 'dropped', '{"date": ["2027-03-31"]}', '', '', '', '', '',
          '2026-11-01 09:00:00'),
         (3, 1, 3, 'other', 'Nobodys', 'Finance team', 'open', '{"date": ["2027-03-31"]}', '', '', '', '', '',
          '2026-11-01 09:00:00');
insert into milestones (id, deadline_id, name, title, clause, due_on, state, done_note)
  values (1, 1, 'minimum-notice', 'Minimum notice', '3.4.4', '2026-12-31', 'open', '');
insert into changes (id, deadline_id, who, person_id, platform, at, what, before, undone) values
  (3, 1, 'Amina', 'a', 'test', '2026-11-01 09:00:00', 'tracked: Club', 'null', false),
  (4, 2, 'Sam', 's1', 'test', '2026-11-01 09:01:00', 'dropped because x', '{"state": "open"}', false);
insert into feedback
  (id, organisation_id, number, kind, what, about, behalf, happened_on, link, anonymous, logged_on, who, person_id,
   platform, route, content, state, outcome, owner)
  values (7, 1, 1, 'kept', 'Good', '', '', '2026-11-01', '', false, '2026-11-01', 'Amina', 'a', 'test', '', '', 'open',
          '', '');
insert into feedback_changes (id, feedback_id, who, person_id, platform, at, what, before, undone)
  values (1, 7, 'Amina', 'a', 'test', '2026-11-01 09:02:00', 'logged', 'null', false);
insert into threads (organisation_id, platform, route, thread, question, number, waiting_for_side, spoken_at)
  values (1, 'test', 'a', '', '', '', '', '2026-11-01 09:02:00')
"""


def _upgrade(engine: Engine, revision: str) -> None:
    """The tables as they were at an earlier revision."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "compact_bot" / "store" / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


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
