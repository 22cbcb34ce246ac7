"""A backup of every table as JSON lines, which either kind of database takes back.

One file for each table, and one that says what was written: how many rows of each, a hash of each file, and the
version of the tables. The rows are read in one transaction, so they belong together though people write meanwhile.
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
)

from compact_bot.store.database import version_of

CONTENTS = "contents.json"
FORMAT = 1
_ROWS_AT_ONCE = 1_000
_VERSION = "alembic_version"


class BackupError(Exception):
    """What is wrong with a folder, in a line that can be shown. Nothing was changed."""


def _tables(connection: Connection) -> list[Table]:
    """All that the database holds, parents before their children; the version of the tables is told apart."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _VERSION]


def export_all(engine: Engine, folder: Path) -> dict[str, int]:
    """How many rows of each table were written. Raises BackupError for a folder that is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder} is there and not empty. Name a new folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    contents: dict[str, Any] = {}
    with engine.connect() as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        version = version_of(connection)
        for table in _tables(connection):
            contents[table.name] = _write(connection, table, folder / f"{table.name}.jsonl")
    whole = {"format": FORMAT, "version": version, "tables": contents}
    _private(folder / CONTENTS, json.dumps(whole, indent=1).encode())
    return {name: written["rows"] for name, written in contents.items()}


def _private(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as opened:
        opened.write(content)


def _write(connection: Connection, table: Table, file: Path) -> dict[str, Any]:
    digest, rows = hashlib.sha256(), 0
    with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as opened:
        for line in _lines(connection, table):
            opened.write(line)
            digest.update(line)
            rows += 1
    return {"rows": rows, "sha256": digest.hexdigest()}


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Rows in the order of their keys, so that the same rows give the same bytes from either database."""
    ordered = [_in_bytes(connection, column) for column in table.primary_key.columns]
    for row in connection.execute(select(table).order_by(*ordered)).mappings():
        kept = {name: _plain(value) for name, value in sorted(row.items())}
        yield json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def _in_bytes(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """A key to sort by; words by their bytes, as SQLite does, and not as a server's language has it."""
    is_words = isinstance(column.type, String) and connection.dialect.name == "postgresql"
    return column.collate("C") if is_words else column


def _plain(value: object) -> object:
    """A value as JSON has it; a time in UTC without its zone, as SQLite gives it back."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def import_all(engine: Engine, folder: Path) -> dict[str, int]:
    """Bring a backup back into a database that holds nothing, all of it or nothing.

    Raises BackupError where the folder is damaged, of other tables than these, or the database holds something.
    """
    contents = _checked(folder)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        current = version_of(connection)
        if contents["version"] != current:
            raise BackupError(f"{folder} is of version {contents['version']} of the tables, this program has {current}")
        tables = _tables(connection)
        if {table.name for table in tables} != set(contents["tables"]):
            raise BackupError(f"{folder} is of other tables than this program's")
        for table in tables:
            if connection.execute(select(table).limit(1)).first() is not None:
                raise BackupError("the database is not empty. A backup comes back into a new one only")
        for table in tables:
            _read(connection, table, folder / f"{table.name}.jsonl")
        for table in tables:
            _check_written(connection, table, contents["tables"][table.name])
    return {name: written["rows"] for name, written in contents["tables"].items()}


def _checked(folder: Path) -> dict[str, Any]:
    """What the folder says it holds, once every file has been found to be as it was written."""
    try:
        contents: dict[str, Any] = json.loads((folder / CONTENTS).read_bytes())
        if contents["format"] != FORMAT:
            raise BackupError(f"{folder} was written by a later version. Update this program")
        for name, written in contents["tables"].items():
            if hashlib.sha256((folder / f"{name}.jsonl").read_bytes()).hexdigest() != written["sha256"]:
                raise BackupError(f"{folder / name}.jsonl is not as it was written, so nothing was brought back")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(
            f"{folder} is no whole backup: {type(error).__name__}. Name a folder that export wrote"
        ) from None
    return contents


def _read(connection: Connection, table: Table, file: Path) -> None:
    rows: list[dict[str, Any]] = []
    with file.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            kept = json.loads(line)
            rows.append({name: _typed(table.c[name], value) for name, value in kept.items()})
            if len(rows) == _ROWS_AT_ONCE:
                connection.execute(insert(table), rows)
                rows = []
    if rows:
        connection.execute(insert(table), rows)
    if connection.dialect.name == "postgresql" and "id" in table.c:
        _count_on(connection, table)


def _typed(column: Column[Any], value: Any) -> Any:  # noqa: ANN401  # whatever a column holds
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if column.type.timezone else moment
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _count_on(connection: Connection, table: Table) -> None:
    """Let new rows be numbered after those that were brought back: PostgreSQL counts by itself."""
    last = f"(SELECT COALESCE(MAX(id), 0) + 1 FROM {table.name})"  # noqa: S608  # a name of our own
    counter = f"pg_get_serial_sequence('{table.name}', 'id')"
    connection.exec_driver_sql(f"SELECT setval({counter}, {last}, false) WHERE {counter} IS NOT NULL")


def _check_written(connection: Connection, table: Table, written: dict[str, Any]) -> None:
    """What stands in the database now gives the very same lines."""
    digest, rows = hashlib.sha256(), 0
    for line in _lines(connection, table):
        digest.update(line)
        rows += 1
    if (rows, digest.hexdigest()) != (written["rows"], written["sha256"]):
        raise BackupError(f"{table.name} did not come back as it was written, so nothing was kept")
