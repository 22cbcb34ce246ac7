"""Opening the database, and bringing its tables up to date."""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, create_engine, event, func, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.pool import ConnectionPoolEntry

from compact_bot.store.tables import Table

if TYPE_CHECKING:
    from alembic.config import Config

_HAS_TURN = "has its turn"
MIGRATIONS = Path(__file__).parent / "migrations"
GIVES_UP_AFTER = 8  # seconds for one statement or one lock: below the 20 after which a person is told
# A server that has vanished from the network is noticed, not waited for until the system gives up after minutes.
_NETWORK = {"connect_timeout": "5", "tcp_user_timeout": "10000", "keepalives_idle": "10"}


class DatabaseTooNewError(Exception):
    """The database was made by a later version of this program."""


class DatabaseBehindError(Exception):
    """The database waits for `compact-bot migrate`: one that is shared is never changed by a mere start."""


def open_database(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL. A SQLite file and its folder are made when missing, for their owner alone.

    What is written is kept out of errors, whose text may reach a log. The database gives up before the person does.
    """
    where = make_url(url.replace("postgres://", "postgresql://", 1))
    if where.get_backend_name() != "sqlite":
        engine = create_engine(
            where.set(drivername="postgresql+psycopg").update_query_dict(_NETWORK),
            pool_pre_ping=True,
            pool_timeout=GIVES_UP_AFTER,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if where.database and where.database != ":memory:":
        _make_privately(Path(where.database))
    engine = create_engine(where, hide_parameters=True)
    turns = _Turns()
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", turns.begin)
    event.listen(engine, "checkin", turns.end)
    return engine


def _make_privately(file: Path) -> None:
    """SQLite gives the files that it adds beside this one the same rights."""
    missing = [folder for folder in file.parents if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _prepare_postgresql(connection: object, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for limit in ("statement_timeout", "lock_timeout"):
        cursor.execute(f"SET {limit} = '{GIVES_UP_AFTER}s'")
    cursor.execute("SET idle_in_transaction_session_timeout = '20s'")  # of a thread that is stuck in between
    cursor.close()
    connection.commit()  # type: ignore[attr-defined]


def _prepare_sqlite(connection: object, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin late and let two writers deadlock; ours begin in _begin_immediately.
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    waits = f"busy_timeout={GIVES_UP_AFTER * 1000}"
    # What is deleted is overwritten, whatever the library's own default is: else it can be read in the file for years.
    for setting in (waits, "journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
        _patiently(partial(cursor.execute, f"PRAGMA {setting}"))
    cursor.close()


def _patiently(work: Callable[[], object]) -> None:
    """Try again what SQLite calls busy: of two processes that open one file at once, one was seen to fail."""
    gives_up_at = time.monotonic() + GIVES_UP_AFTER
    while True:
        try:
            work()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > gives_up_at:
                raise
            time.sleep(0.05)
        else:
            return


class _Turns:
    """SQLite has one writer, and lets whoever finds it at work sleep for up to a tenth of a second before it looks
    again: of eight messages at once most of the time was slept. The threads of one process take turns without that."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def begin(self, connection: Connection) -> None:
        """Another process may still be at work, or a thread that forgets to end: then SQLite waits and says so."""
        has_turn = _HAS_TURN in connection.info
        if not has_turn and self._turn.acquire(timeout=GIVES_UP_AFTER):
            connection.info[_HAS_TURN] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end(self, _: object, record: ConnectionPoolEntry) -> None:
        """However the transaction ended, its connection comes back."""
        if record.info.pop(_HAS_TURN, False):
            self._turn.release()


def compact_files(engine: Engine) -> None:
    """Empty SQLite's journal, where pages from before a deletion stand until others are written over them."""
    if engine.dialect.name != "sqlite":
        return
    with contextlib.closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()


def inserting(dialect: str, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what happens when the row is there already, which both databases know."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def among(dialect: str, column: InstrumentedAttribute[Any], values: Collection[object]) -> ColumnElement[bool]:
    """Whether a column is one of many values. PostgreSQL gets them as one array: as a parameter each they make a
    statement that is new each time, which took a fifth of what claiming nudges cost."""
    if dialect != "postgresql":
        return column.in_(values)
    array: ColumnElement[Any] = bindparam(None, list(values), type_=postgresql.ARRAY(column.type))
    return column == func.any(array)


def alembic_config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def version_of(connection: Connection) -> str:
    """The revision that its tables are of; "" where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def versions() -> list[str]:
    """The revisions that this program knows, oldest first, by the names of their files."""
    return sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(engine: Engine, own: bool = True) -> None:
    """Bring the tables to this program's version. Raises DatabaseTooNewError when they are ahead of it.

    With `own` false the tables are only looked at: raises DatabaseBehindError when they are not up to date.
    """
    known = versions()
    with engine.begin() as connection:
        current = version_of(connection)
        if current == known[-1]:
            return
        if current and current not in known:
            raise DatabaseTooNewError(current)
        if not own:
            raise DatabaseBehindError
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # 11 MB, which nearly every start can do without

    config = alembic_config()
    config.attributes["connection"] = connection
    if connection.dialect.name == "postgresql":  # nobody waits for this one, and large tables take their time
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    command.upgrade(config, "head")
