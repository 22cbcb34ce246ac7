"""What is kept on disk: for its owner alone where people wrote it, and never a reason to answer nobody."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from compact_bot import assemble
from compact_bot.__main__ import main
from compact_bot.store.database import migrate, open_database
from knowledge import learning
from knowledge.learning import learned
from knowledge.rules import Rules
from knowledge.search import Search
from knowledge.served import Served

EXAMPLES = [
    ("1.1", "grants and money"),
    ("1.2", "notice in writing"),
    ("1.3", "training for trustees"),
    ("", "parking"),
]


def rights(file: Path) -> str:
    return oct(stat.S_IMODE(file.stat().st_mode))


def test_the_database_and_what_sqlite_adds_beside_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        engine = open_database(f"sqlite:///{tmp_path / 'new' / 'var' / 'compact.db'}")
        migrate(engine)
        with engine.begin() as connection:
            connection.execute(text("insert into organisations (name) values ('Ours')"))
            made = {file.name: rights(file) for file in (tmp_path / "new" / "var").iterdir()}
    finally:
        os.umask(before)
    assert made == dict.fromkeys(("compact.db", "compact.db-wal", "compact.db-shm"), "0o600")
    assert rights(tmp_path / "new" / "var") == rights(tmp_path / "new") == "0o700"
    engine.dispose()


def test_a_first_run_makes_var_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, search: Search, rules: Rules, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMPACT_DATABASE_URL", raising=False)
    monkeypatch.setenv("COMPACT_HOME", str(tmp_path / "var"))
    monkeypatch.setattr(assemble, "open_served", lambda *_: (Served(search, rules),))  # learned already
    assert main(["say", "3.4.4"]) == 0
    assert "3.4.4 is a Compact commitment" in capsys.readouterr().out
    assert rights(tmp_path / "var") == "0o700"
    assert rights(tmp_path / "var" / "compact.db") == "0o600"


def test_what_was_learned_can_be_read_by_whoever_runs_the_program(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        learned(EXAMPLES, tmp_path / "learned")
    finally:
        os.umask(before)
    (folder,) = (tmp_path / "learned").iterdir()
    assert rights(folder) == "0o755"
    assert {rights(file) for file in folder.iterdir()} == {"0o644"}


@pytest.mark.parametrize(
    ("name", "damage"),
    [("weights.npy", "one byte"), ("weights.npy", "cut short"), ("rest.npz", "empty"), ("labels.json", "gone")],
)
def test_a_damaged_model_is_learned_anew(tmp_path: Path, name: str, damage: str) -> None:
    good = learned(EXAMPLES, tmp_path)
    (folder,) = tmp_path.iterdir()
    file, held = folder / name, (folder / name).read_bytes()
    file.unlink()  # a running program has the old one open, and goes on with it
    if damage != "gone":
        last = bytes([held[-1] ^ 1])
        file.write_bytes({"empty": b"", "cut short": held[: len(held) // 2], "one byte": held[:-1] + last}[damage])
    again = learned(EXAMPLES, tmp_path)
    assert again.scores("grants").tolist() == good.scores("grants").tolist()
    assert file.read_bytes() == held


def test_where_nothing_can_be_written_the_model_is_held_in_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = learned(EXAMPLES, tmp_path / "good")
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("not a folder")
    held = learned(EXAMPLES, in_the_way / "learned")
    assert held.scores("notice").tolist() == good.scores("notice").tolist()
    assert "cannot be kept" in capsys.readouterr().err


def test_where_learning_apart_fails_the_model_is_held_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise subprocess.CalledProcessError(1, "learning")  # as when the disk fills up

    monkeypatch.setattr(learning, "_learn_apart", full)
    assert learned(EXAMPLES, tmp_path / "learned").labels == ("", "1.1", "1.2", "1.3")
