"""compact-bot as somebody at a terminal, and a script, use it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx2
import pytest

from compact_bot.__main__ import main
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def own_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COMPACT_DATABASE_URL", f"sqlite:///{tmp_path / 'compact.db'}")


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["say", *arguments]) == 0
    return capsys.readouterr().out


def test_say_answers_one_message_in_plain_words(capsys: pytest.CaptureFixture[str]) -> None:
    words = said(capsys, "pulling the plug on the lunch club's money in six weeks, ok?")
    assert words.startswith("3.4.4 answers this")
    assert "“To give a minimum of 3 months' notice in writing" in words


def test_say_json_gives_the_parts(capsys: pytest.CaptureFixture[str]) -> None:
    reply = json.loads(said(capsys, "3.4.4", "--json"))
    assert {"text", "silent", "citations", "facts", "buttons"} <= set(reply)
    assert (reply["act"], reply["silent"]) == ("lookup", False)
    citation = reply["citations"][0]
    assert set(citation) == {"number", "heading", "party", "quote"}
    assert citation["quote"] in reply["text"]
    assert reply["buttons"][0] == {"label": "All of section 3.4", "says": "clause 3.4"}


def test_each_name_has_a_conversation_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "we want to end the grant", "--as", "Jo")
    assert "section 3.4" in said(capsys, "and for VCOs?", "--as", "Jo")
    assert "About what?" in said(capsys, "and for VCOs?", "--as", "Sam")


def test_now_can_be_pretended(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "we want to end the grant", "--as", "Jo", "--now", "2026-12-07")
    assert "About what?" in said(capsys, "and for VCOs?", "--as", "Jo", "--now", "2026-12-09T09:30")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["say"],
        ["say", "hi", "there"],
        ["say", "hi", "--now", "yesterday"],
        ["say", "hi", "--as", ""],
        ["run", "--port", "99999"],
        ["run", "--port", "x"],
        ["chat", "--loud"],
    ],
)
def test_unknown_input_gets_one_clear_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], arguments: Sequence[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    complaint = capsys.readouterr().err
    assert complaint.startswith("compact-bot: ")
    assert complaint.count("\n") == 1


def test_a_wrong_setting_or_agreement_stops_the_start_by_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPACT_TIMEZONE", "Mars/Base")
    assert main(["say", "hi"]) == 2
    assert "COMPACT_TIMEZONE: must be a time zone" in capsys.readouterr().err
    monkeypatch.setenv("COMPACT_TIMEZONE", "Europe/London")
    monkeypatch.setenv("COMPACT_AGREEMENT", "atlantis")
    assert main(["say", "hi"]) == 2
    assert "no agreement called 'atlantis'" in capsys.readouterr().err


def test_a_database_that_cannot_be_opened_is_said_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPACT_DATABASE_URL", "sqlite:////proc/nowhere/compact.db")
    assert main(["say", "hi"]) == 2
    assert "COMPACT_DATABASE_URL" in capsys.readouterr().err


def test_chat_holds_a_conversation_until_quit(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compact_bot", "chat", "--as", "Jo"],
        input="we want to end the grant\nand for VCOs?\n1\nquit\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "Type help, or quit to leave." in done.stdout
    assert "3.4.4 answers this" in done.stdout
    assert "For the VCOs, section 3.4" in done.stdout
    assert "> clause 3.4" in done.stdout  # the first button, pressed by its number
    assert "\033" not in done.stdout  # no colours where nobody sees them


def test_run_serves_the_page_and_prints_its_address() -> None:
    port = 18_000 + os.getpid() % 1000
    process = subprocess.Popen(
        [sys.executable, "-m", "compact_bot", "run", "--port", str(port)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address
        assert httpx2.get(f"{address[0]}/healthz").text == "ok"
        again = subprocess.run(
            [sys.executable, "-m", "compact_bot", "run", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert again.returncode == 2
        assert f"port {port} is in use" in again.stderr
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def test_web_serves_what_slack_calls_and_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    port = str(19_000 + os.getpid() % 1000)
    for name, value in {"HOST": "127.0.0.1", "PORT": port, "SLACK_BOT_TOKEN": "xoxb-1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    with subprocess.Popen(
        [sys.executable, "-m", "compact_bot", "web"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert f"at http://127.0.0.1:{port} for Slack" in process.stdout.readline()
        base = f"http://127.0.0.1:{port}"
        assert httpx2.get(f"{base}/healthz", headers={"host": "bot.example.org"}).text == "ok"
        assert httpx2.post(f"{base}/slack/events", content=b"{}").status_code == 401
        assert httpx2.get(base).status_code == 404
        process.terminate()


def test_nudges_go_out_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    track = 'track funding "Youth club grant" ends 31 March 2027 owner Amina'
    said(capsys, track, "--as", "Jo", "--now", "2026-11-23T09:00")
    assert main(["nudges", "--now", "2026-11-30T09:31", "--dry-run"]) == 0
    assert "D1 Youth club grant: Minimum notice" in capsys.readouterr().out
    assert main(["nudges", "--now", "2026-11-30T09:31"]) == 0
    printed = capsys.readouterr().out
    assert "Sent 1, to try again 0, given up 0." in printed  # the nudge and Monday's digest are one message
    assert "minimum notice, in writing, with a rationale by Thursday 31 December 2026" in printed
    assert main(["nudges", "--now", "2026-11-30T09:32"]) == 0
    assert "Sent 0" in capsys.readouterr().out
    assert main(["nudges", "--failed"]) == 0
    assert "No nudge has failed." in capsys.readouterr().out
    assert main(["nudges", "--retry"]) == 0


def test_migrate_brings_the_database_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0


def test_the_worker_sends_what_is_due_and_stops_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, 'track payment "Q3" due 1 December 2020', "--now", "2020-11-01T09:00")
    worker = subprocess.Popen(
        [sys.executable, "-m", "compact_bot", "worker"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert worker.stdout is not None
    lines = [worker.stdout.readline() for _ in range(6)]
    worker.terminate()
    assert worker.wait(timeout=20) == 0
    rest = worker.stdout.read()
    worker.stdout.close()
    assert "overdue since Tuesday 1 December 2020: D1, Q3. Payment made." in "".join(lines) + rest
