"""A wrong set-up, terminal or machine gets one clear line and exit status 2; the address is printed when it answers."""

import fcntl
import os
import pty
import re
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from compact_bot.__main__ import main
from compact_bot.settings import SettingsError, read_settings
from tests.conftest import ROOT
from tests.slack.workspace import wait_until


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COMPACT_DATABASE_URL", f"sqlite:///{tmp_path / 'compact.db'}")


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that somebody gets, with exit status 2."""
    try:
        status: object = main(arguments)
    except SystemExit as left:
        status = left.code
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    lines = said.err.removeprefix("compact-bot: cannot start.\n").splitlines()
    assert len(lines) == 1, said.err
    return lines[0]


STRANGE_NUMBERS = (
    "0",
    "65536",
    "99999",
    "-1",
    "80.5",
    "8e3",
    "http",
    "²",
    "８０００",
    "٨٠",
    "9" * 5_000,
    "0x50",
    "8 0",
)


@pytest.mark.parametrize("port", [*STRANGE_NUMBERS[1:], " ² "])
def test_a_port_that_is_none_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("PORT", port)
    assert refused(capsys, "web") == "PORT: must be a number from 1 to 65535"


@pytest.mark.parametrize("port", STRANGE_NUMBERS)
def test_a_port_that_is_asked_for_and_is_none_is_named(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert "is not a port; give a number from 1 to 65535" in refused(capsys, "run", f"--port={port}")


@pytest.mark.parametrize("host", ["10.255.255.1", "nowhere.invalid", "a" * 300, "::g", "not a host", "1.2.3.4.5"])
def test_a_host_that_is_not_this_machines_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("HOST", host)
    assert "HOST: " in refused(capsys, "web")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"COMPACT_AGREEMENT=sutton\n=broken line\n", ".env: line 2 cannot be read"),
        (b"COMPACT_AGREEMENT='sutton\n", ".env: line 1 cannot be read"),
        (b"COMPACT_AGREEMENT=\xff\xfe\n", ".env: is not text in UTF-8"),
        ("COMPACT_AGREEMENT=sutton\n".encode("utf-16"), ".env: is not text in UTF-8"),
        (b"COMPACT_AGREEMENT=sut\0ton\n", ".env: a line with a NUL character cannot be read"),
        (None, ".env: cannot be read"),
    ],
)
def test_an_env_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, says: str) -> None:
    file = tmp_path / ".env"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(SettingsError) as problem:
        read_settings({}, file)
    assert str(problem.value).startswith(says)
    assert len(str(problem.value).splitlines()) == 1


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_an_env_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("COMPACT_AGREEMENT=sutton\n")
    file.chmod(0)
    with pytest.raises(SettingsError, match=r"\.env: cannot be read \(Permission denied\)"):
        read_settings({}, file)


def test_an_env_file_may_begin_as_some_editors_begin_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfCOMPACT_AGREEMENT=from-file\r\n# a remark\r\n\r\nexport HOST=::1\r\n")
    settings = read_settings({}, tmp_path / ".env")
    assert (settings["COMPACT_AGREEMENT"], settings["HOST"]) == ("from-file", "::1")


@pytest.mark.parametrize("now", ["0001-01-01", "1989-12-31", "9999-12-31T23:59", "2101-01-01", "yesterday", "²"])
def test_a_date_that_is_none_of_ours_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, now: str) -> None:
    assert "--now" in refused(capsys, "review", "--out", str(tmp_path / "review.csv"), "--now", now)
    assert "--now" in refused(capsys, "nudges", "--now", now)


@pytest.mark.parametrize("period", ["0001", "2026-00", "31 February 2026 to 1 March", "²", "x" * 5_000, "to", "\0"])
def test_a_period_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path, period: str) -> None:
    assert "For example" in refused(capsys, "review", "--out", str(tmp_path / "review.csv"), "--period", period)


def test_a_user_without_a_name_is_asked_for_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 543_210)
    assert "--as NAME" in refused(capsys, "say", "3.4.4")
    assert main(["say", "3.4.4", "--as", "Jo"]) == 0
    assert "3.4.4" in capsys.readouterr().out


@pytest.mark.parametrize("columns", [0, 1, 5])
def test_a_terminal_without_width_still_holds_a_conversation(columns: int) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 0, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-m", "compact_bot", "chat", "--as", "Jo"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as chat:
        os.close(theirs)
        os.write(ours, b"3.4.4\nquit\n")
        said = b""
        try:
            while data := os.read(ours, 65_536):
                said += data
        except OSError:  # the other end is closed
            pass
        assert chat.wait(timeout=20) == 0
    os.close(ours)
    assert b"Traceback" not in said
    assert b"commitment" in said


# ---- listening -----------------------------------------------------------------------------------------------------


@contextmanager
def started(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, and its first line."""
    command: Sequence[str] = [sys.executable, "-m", "compact_bot", *arguments]
    given = {**os.environ, **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline()
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_address_that_is_printed_answers_at_once(host: str) -> None:
    with started("run", PORT="0", HOST=host) as (_, line):
        address = re.search(r"http://\S+", line)
        assert address
        assert ("[::1]:" in address[0]) == (host == "::1")
        assert httpx2.get(f"{address[0]}/healthz", timeout=10).text == "ok"
        assert httpx2.get(address[0], timeout=10).status_code == 200


def test_a_public_address_is_not_promised_the_local_page() -> None:
    with started("run", PORT="0", COMPACT_PUBLIC_URL="https://compact.example.org") as (_, line):
        assert "the local page" not in line
        address = re.search(r"http://\S+", line)
        assert address
        assert httpx2.get(address[0], timeout=10).status_code == 403


def test_of_two_that_want_one_port_at_once_one_leaves_with_one_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command, environment = [sys.executable, "-m", "compact_bot", "web"], {**os.environ, "PORT": str(port)}
    both = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    try:
        wait_until(lambda: any(one.poll() is not None for one in both), 20)
        (loser,) = [one for one in both if one.poll() is not None]
        assert loser.returncode == 2
        assert loser.stderr is not None
        (line,) = loser.stderr.read().splitlines()
        assert line.startswith(f"compact-bot: port {port} is in use")
    finally:
        for one in both:
            one.terminate()
            one.wait(timeout=20)
            assert one.stderr is not None
            one.stderr.close()
