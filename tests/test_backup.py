"""A backup: written from either kind of database, brought back into either, and every row the same."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

from compact_bot.bot import Bot
from compact_bot.store.backup import CONTENTS, BackupError, export_all, import_all
from compact_bot.store.database import migrate, open_database
from compact_bot.store.tables import Import, Organisation
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import NOW, Chat, every_table, postgres_url


def lived_in(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    """An organisation that has used most of it, with words that are hard to keep, and another one beside it."""
    bot = Bot(engine, search, rules, meanings, "Europe/London")
    chat = Chat(bot, "Amina")
    chat.say("lead me")
    chat.say('track funding "Jugendclub, “größer” \\n 日本" ends 31 March 2027 owner "Ben Okoro"')
    chat.say('track payment "Rent" due 1 December 2026, 1 March 2027')
    chat.say("done D1 notice given by letter 20 November 2026")
    chat.say("snooze D2 until 30 November 2026")
    chat.say("closed 24 December 2026 to 1 January 2027")
    chat.say("nudges here")
    chat.say("feedback 3.3.4 and 3.4.4 the council paid us five weeks late")
    chat.say("anonymous feedback 3.3.4 they shouted at us")
    chat.say("acknowledge F1")
    chat.say("is there anything on zeppelins in there")
    chat.say('teach "lunch club money" 3.4.4')
    with Session(engine) as session, session.begin():
        ours = session.scalars(select(Organisation).where(Organisation.name == "Sutton Council")).one().id
        brought = {"platform": "test", "person_id": "a", "who": "A", "at": NOW, "file": "a.xlsx"}
        session.add(Import(organisation_id=ours, **brought, content=b"\0\xff"))
    Chat(bot, "Zoe", organisation="Elsewhere").say('track payment "Theirs" due 1 March 2027')
    return bot


def rows_of(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
            for table in every_table().sorted_tables
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def another(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind, to bring a backup back into."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'another.db'}"
    else:
        server, name = request.getfixturevalue("postgres"), f"compact_{uuid4().hex[:8]}"
        admin = create_engine(postgres_url(server, "postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True)
        with admin.connect() as connection:
            connection.execute(text(f"create database {name}"))
        url = postgres_url(server, name)
    engine = open_database(url)
    migrate(engine)
    yield engine
    engine.dispose()
    if request.param == "postgresql":
        with admin.connect() as connection:
            connection.execute(text(f"drop database {name} with (force)"))
        admin.dispose()


def test_what_comes_back_is_what_was_written_and_life_goes_on(
    both: Engine, another: Engine, search: Search, rules: Rules, meanings: Meanings, tmp_path: Path
) -> None:
    lived_in(both, search, rules, meanings)
    counts = export_all(both, tmp_path / "backup")
    assert counts["deadlines"] == 3
    assert counts["changes"] > 5
    assert import_all(another, tmp_path / "backup") == counts
    assert rows_of(another) == rows_of(both)
    export_all(another, tmp_path / "again")
    for file in (tmp_path / "backup").iterdir():
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes(), file.name
    chat = Chat(Bot(another, search, rules, meanings, "Europe/London"), "Amina")
    assert "D3" in chat.hear('track payment "New" due 1 March 2028')
    assert "Ben Okoro" in chat.hear("D1")


def test_a_backup_is_for_its_owner_alone_and_never_writes_over_another(engine: Engine, tmp_path: Path) -> None:
    export_all(engine, tmp_path / "backup")
    assert {oct(file.stat().st_mode & 0o777) for file in (tmp_path / "backup").iterdir()} == {"0o600"}
    with pytest.raises(BackupError, match="not empty"):
        export_all(engine, tmp_path / "backup")


@pytest.mark.parametrize("damage", ["cut short", "one letter", "gone", "no contents", "strange contents", "later"])
def test_a_damaged_backup_brings_nothing_back(engine: Engine, tmp_path: Path, damage: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("insert into organisations (name) values ('Ours')"))
    folder = tmp_path / "backup"
    export_all(engine, folder)
    rows, contents = folder / "organisations.jsonl", folder / CONTENTS
    match damage:
        case "cut short":
            rows.write_bytes(rows.read_bytes()[:-5])
        case "one letter":
            rows.write_bytes(rows.read_bytes().replace(b"Ours", b"Hers"))
        case "gone":
            rows.unlink()
        case "no contents":
            contents.unlink()
        case "strange contents":
            contents.write_text("[]")
        case "later":
            contents.write_text(json.dumps({**json.loads(contents.read_text()), "format": 2}))
    another = open_database(f"sqlite:///{tmp_path / 'another.db'}")
    migrate(another)
    with pytest.raises(BackupError):
        import_all(another, folder)
    assert not any(rows_of(another).values())
    another.dispose()


def test_a_backup_comes_back_into_an_empty_database_only(engine: Engine, tmp_path: Path) -> None:
    export_all(engine, tmp_path / "backup")
    with engine.begin() as connection:
        connection.execute(text("insert into organisations (name) values ('Ours')"))
    with pytest.raises(BackupError, match="not empty"):
        import_all(engine, tmp_path / "backup")


def test_a_backup_of_other_tables_is_refused(engine: Engine, tmp_path: Path) -> None:
    export_all(engine, tmp_path / "backup")
    contents = tmp_path / "backup" / CONTENTS
    contents.write_text(json.dumps({**json.loads(contents.read_text()), "version": "0001"}))
    with pytest.raises(BackupError, match="of version 0001"):
        import_all(engine, tmp_path / "backup")


def test_a_sqlite_file_copied_while_people_write_is_whole(engine: Engine, tmp_path: Path, bot: Bot) -> None:
    """As README says: `sqlite3 var/compact.db ".backup copy.db"`, here by the same call of SQLite's own."""
    import sqlite3

    Chat(bot, "Amina").say('track payment "Rent" due 1 March 2027')
    with sqlite3.connect(tmp_path / "compact.db") as running, sqlite3.connect(tmp_path / "copy.db") as copy:
        running.backup(copy)
    running.close()
    copy.close()
    copied = open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    assert rows_of(copied) == rows_of(engine)
    copied.dispose()
