"""What whoever runs the program does to its data, and the same place from every folder."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import text

from compact_bot.__main__ import main
from compact_bot.store.database import migrate, open_database
from tests.conftest import ROOT

TRACK = 'track payment "Rent" due 1 March 2027'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that has learned already, since it is linked to what the tests have."""
    made = tmp_path / "home"
    made.mkdir()
    for learned in ("learned", "learned-acts"):
        (made / learned).symlink_to(ROOT / "var" / learned)
    monkeypatch.setenv("COMPACT_HOME", str(made))
    monkeypatch.delenv("COMPACT_DATABASE_URL", raising=False)
    return made


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def run(*arguments: str, cwd: Path, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "compact_bot", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


# ---- its place ----------------------------------------------------------------------------------------------------


def test_the_same_data_is_found_from_another_folder(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "say", TRACK, "--as", "Jo")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert "Rent" in said(capsys, "say", "D1", "--as", "Jo")
    assert list(elsewhere.iterdir()) == []
    assert (home / "compact.db").exists()


def test_without_a_home_set_the_checkout_keeps_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from compact_bot.place import database_of, home_of
    from compact_bot.settings import read_settings

    monkeypatch.chdir(tmp_path)
    settings = read_settings({})
    assert home_of(settings) == ROOT / "var"
    assert database_of(settings) == f"sqlite:///{ROOT / 'var' / 'compact.db'}"


def test_doctor_says_where_things_are_and_what_earlier_versions_left(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"good: Home: {home}." in said(capsys, "doctor")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "compact.db").touch()
    assert main(["doctor"]) == 1
    assert "was made by an earlier version. It is not used." in capsys.readouterr().out


def test_an_env_file_of_the_folder_started_in_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from compact_bot.settings import read_settings

    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("COMPACT_AGREEMENT=here\n")
    assert read_settings({})["COMPACT_AGREEMENT"] == "here"


@pytest.mark.parametrize("environment", [{"HOME": ""}, {"COLUMNS": "0"}, {"COLUMNS": "1"}, {"TERM": ""}])
def test_no_home_and_no_width_are_no_trouble(home: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    done = run("say", "3.4.4", "--as", "Jo", cwd=tmp_path, environment=environment)
    assert done.returncode == 0, done.stderr
    assert "3.4.4 is a Compact commitment" in done.stdout


def test_a_terminal_of_no_width_shows_the_whole_answer(home: Path, tmp_path: Path) -> None:
    """As a terminal inside an editor or a service has it: 0 columns."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "compact_bot", "chat", "--as", "Jo"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    process.communicate(b"3.4.4\nquit\n", timeout=60)
    shown = b""
    try:
        while more := os.read(ours, 65_536):
            shown += more
    except OSError:  # the other end is closed, and all is read
        pass
    os.close(ours)
    assert process.returncode == 0
    assert b"3.4.4 is a Compact commitment" in b" ".join(shown.split())


def test_a_home_that_cannot_be_written_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    done = run("say", "hi", "--as", "Jo", cwd=tmp_path, environment={"COMPACT_HOME": str(tmp_path / "file" / "home")})
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("compact-bot: cannot use ")
    assert "COMPACT_HOME" in done.stderr


# ---- organisations, keys, backups ---------------------------------------------------------------------------------


def test_an_organisation_is_erased_by_its_name_typed_twice(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "say", TRACK, "--as", "Zebedee")
    assert said(capsys, "organisation", "list") == "this machine\n"
    monkeypatch.setattr("builtins.input", lambda _: "that machine")
    assert main(["organisation", "erase", "this machine"]) == 2
    assert "nothing was erased" in capsys.readouterr().err
    monkeypatch.setattr("builtins.input", lambda _: "this machine")
    assert "Erased: this machine." in said(capsys, "organisation", "erase", "this machine")
    assert b"Zebedee" not in b"".join(file.read_bytes() for file in home.glob("compact.db*"))
    assert main(["organisation", "erase", "this machine", "--yes"]) == 2
    assert "there is no organisation 'this machine' here" in capsys.readouterr().err


def test_a_backup_moves_to_another_home(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "say", TRACK, "--as", "Jo")
    assert "Written: " in said(capsys, "export", str(tmp_path / "backup"))
    monkeypatch.setenv("COMPACT_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    assert "Brought back" in said(capsys, "import", str(tmp_path / "backup"))
    assert "Rent" in said(capsys, "say", "D1", "--as", "Jo")
    for wrong in (["import", str(tmp_path / "backup")], ["import", str(tmp_path)], ["export", str(tmp_path)]):
        assert main(wrong) == 2
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [["organisation"], ["organisation", "erase"]])
def test_half_a_command_gets_one_clear_line(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("command", ["export", "import"])
def test_without_a_file_or_folder_one_line_says_what_to_give(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command]) == 2
    assert capsys.readouterr().err.count("\n") == 1


OLD, NEW = "an old key of more than thirty-two characters".replace(" ", "-"), "n" * 40


def tokens(home: Path) -> list[str]:
    engine = open_database(f"sqlite:///{home / 'compact.db'}")
    with engine.connect() as connection:
        found = list(connection.scalars(text("select bot_token from slack_bots")))
    engine.dispose()
    return found


def test_tokens_are_sealed_and_the_key_can_be_changed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(f"sqlite:///{home / 'compact.db'}")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(
            text(
                "insert into slack_bots (client_id, app_id, team_id, bot_token, is_enterprise_install, installed_at)"
                " values ('1', 'A1', 'T1', 'xoxb-in-clear', false, '2026-11-01')"
            )
        )
    engine.dispose()
    assert main(["doctor"]) == 1
    assert "WRONG: Tokens: stand in clear in the database." in capsys.readouterr().out
    assert main(["rotate-key"]) == 2
    assert "COMPACT_SECRET_KEY is not set" in capsys.readouterr().err
    monkeypatch.setenv("COMPACT_SECRET_KEY", OLD)
    said(capsys, "say", "hi", "--as", "Jo")
    (sealed,) = tokens(home)
    assert sealed.startswith("sealed:")
    assert "xoxb" not in sealed
    monkeypatch.setenv("COMPACT_SECRET_KEY", NEW)
    assert main(["say", "hi", "--as", "Jo"]) == 2
    complaint = capsys.readouterr().err
    assert "COMPACT_SECRET_KEY: does not open the tokens that are kept." in complaint
    assert NEW not in complaint
    monkeypatch.setenv("COMPACT_SECRET_KEY", f"{NEW} {OLD}")
    assert "1 rows of tokens are sealed under the first key." in said(capsys, "rotate-key")
    monkeypatch.setenv("COMPACT_SECRET_KEY", NEW)
    said(capsys, "say", "hi", "--as", "Jo")
    assert tokens(home) != [sealed]
