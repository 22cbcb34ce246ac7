"""Opening the database, and bringing its tables up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from compact_bot.store.tables import Table


class DatabaseTooNewError(Exception):
    """The database was made by a later version of this program."""


class DatabaseBehindError(Exception):
    """The database waits for `compact-bot migrate`: one that is shared is never changed by a mere start."""


def open_database(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL. A SQLite file's folder is made when it is missing."""
    where = make_url(url.replace("postgres://", "postgresql://", 1))
    if where.get_backend_name() != "sqlite":
        return create_engine(where.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if where.database and where.database != ":memory:":
        Path(where.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(where)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediately)
    return engine


def _prepare_sqlite(connection: object, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin late and let two writers deadlock; ours begin in _begin_immediately.
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for setting in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=ON", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def inserting(dialect: str, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what happens when the row is there already, which both databases know."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def migrate(engine: Engine, own: bool = True) -> None:
    """Bring the tables to this program's version. Raises DatabaseTooNewError when they are ahead of it.

    With `own` false the tables are only looked at: raises DatabaseBehindError when they are not up to date.
    """
    config = alembic_config()
    script = ScriptDirectory.from_config(config)
    with engine.begin() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current == script.get_current_head():
            return
        try:
            script.get_revision(current or "base")
        except CommandError as error:
            raise DatabaseTooNewError(current) from error
        if not own:
            raise DatabaseBehindError
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
