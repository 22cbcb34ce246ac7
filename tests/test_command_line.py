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
from knowledge import laying as laying_module
from knowledge import meanings as meanings_module
from knowledge import search as search_module
from knowledge.laying import open_subjects
from knowledge.meanings import Meanings
from knowledge.search import Search
from tests.conftest import ROOT
from tests.importing.made import BROKEN, REGISTER, many


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


def test_learn_says_what_is_known_already(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, search: Search, meanings: Meanings
) -> None:
    open_subjects(ROOT / "var" / "learned")
    monkeypatch.setenv("COMPACT_HOME", str(ROOT / "var"))
    assert main(["learn"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:6] for line in lines] == ["1 of 3", "2 of 3", "3 of 3"]
    assert all("known already, from " in line for line in lines)


def test_learn_learns_what_is_not_known_and_says_where_it_cannot_be_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    few = [("1.1", "money for groups"), ("1.2", "notice in writing"), ("1.3", "how long we consult")] * 2
    monkeypatch.setattr(search_module, "examples", lambda *_: few)
    monkeypatch.setattr(meanings_module, "examples", lambda *_: few)
    monkeypatch.setattr(laying_module, "examples", lambda *_, **__: few)
    monkeypatch.setenv("COMPACT_HOME", str(tmp_path / "home"))
    assert main(["learn"]) == 0
    assert "6 lines to learn from." in capsys.readouterr().out
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv("COMPACT_HOME", str(tmp_path / "a file" / "home"))
    assert main(["learn"]) == 2
    assert "cannot keep what was learned" in capsys.readouterr().err


def test_set_up_learns_before_anybody_waits() -> None:
    """The release of a deployment and `make run`."""
    assert (ROOT / "Procfile").read_text().splitlines()[0] == "release: compact-bot migrate && compact-bot learn"
    recipe = (ROOT / "Makefile").read_text().partition("\nrun: ")[2].splitlines()[1:3]
    assert recipe == ["\t@$(BIN)/compact-bot learn", "\t@$(BIN)/compact-bot run"]


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


# ---- lists ----------------------------------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(arguments)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_list_is_looked_at_and_then_kept_and_taken_back(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "grants.csv"
    file.write_text(REGISTER)
    now = ("--now", "2026-11-23T09:00", "--as", "Amina")
    code, out, _ = run(capsys, "import", str(file), "--dry-run", *now)
    assert code == 0
    assert "Line 4, Youth club, Sutton Youth Trust: funding, ends Wednesday 31 March 2027." in out
    assert out.endswith("This was only a look. Nothing was saved.\n")
    assert "There are no open deadlines." in said(capsys, "deadlines", *now)
    code, out, _ = run(capsys, "import", str(file), *now)
    assert "Imported: D1 to D2. To take all of it back: compact-bot say undo --as 'Amina'" in out
    assert "Taken back: D1 to D2, imported from grants.csv." in said(capsys, "undo", *now)


def test_broken_lines_keep_a_list_out_until_they_are_left_out(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "grants.csv"
    file.write_text(REGISTER + BROKEN)
    arguments = ("import", str(file), "--now", "2026-11-23", "--as", "Amina")
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert 'Line 8, Hall, Bad Group: End date: "TBC" is no date.' in out
    assert err == (
        "compact-bot: grants.csv: 3 lines cannot be read, so none was kept. Nothing was saved. Mend them, or add "
        "--leave-out-broken.\n"
    )
    assert "There are no open deadlines." in said(capsys, "deadlines")
    code, out, _ = run(capsys, *arguments, "--leave-out-broken")
    assert (code, out.splitlines()[-1][:62]) == (0, "Imported: D1 to D2. 3 lines that cannot be read were left out.")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import",), "which file?"),
        (("import", "nowhere.csv"), "cannot read nowhere.csv"),
        (("import", "README.md"), "Nothing was saved."),
        (("import", "{file}", "--kind", "spaceship"), "kinds are: funding"),
        (("import", "{file}", "--column", "End date"), "must look like 'Grant end date=ends'"),
        (("import", "{file}", "--sheet", "Other"), 'There is no sheet "Other"'),
        (("export", "--out", "x.pdf"), "--out must end in .xlsx, .csv, .json"),
        (("export", "people", "--out", "x.csv"), "for example compact-bot export deadlines"),
        (("export", "--out", "x.csv", "--organisation", "Nobody"), "nothing yet of the organisation 'Nobody'"),
    ],
)
def test_a_wrong_import_or_export_gets_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: Sequence[str], words: str
) -> None:
    file = tmp_path / "grants.csv"
    file.write_text(REGISTER)
    code, _, err = run(capsys, *(argument.format(file=file) for argument in arguments))
    assert code == 2
    assert words in err
    assert err.count("\n") == 1


def test_a_template_is_written_and_what_is_exported_is_imported_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    template, out = tmp_path / "template.xlsx", tmp_path / "out.xlsx"
    assert run(capsys, "import", "--template", str(template))[0] == 0
    assert template.read_bytes().startswith(b"PK")
    said(capsys, 'track payment "Rent" due 4 January 2027', "--as", "Amina", "--now", "2026-11-23")
    code, told, _ = run(capsys, "export", "--out", str(out), "--now", "2026-11-23")
    assert (code, told) == (0, f"{out}: 1 deadlines.\n")
    assert (
        "1 tracked already" in run(capsys, "import", str(out), "--dry-run", "--now", "2026-11-23", "--as", "Amina")[1]
    )


def test_a_terminal_shows_how_far_an_import_is(tmp_path: Path) -> None:
    """In a terminal of its own, since a bar is drawn for nobody else."""
    import pty

    file = tmp_path / "grants.xlsx"
    file.write_bytes(many(1_500))
    reads, writes = pty.openpty()
    program = [sys.executable, "-m", "compact_bot", "import", str(file), "--as", "Amina", "--now", "2026-11-23"]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=writes, cwd=ROOT) as process:
        os.close(writes)
        shown = b""
        try:
            while piece := os.read(reads, 10_000):
                shown += piece
        except OSError:  # the terminal is closed
            pass
        assert process.wait(60) == 0
    os.close(reads)
    assert re.search(rb"Importing: \d+ of 1500 lines, \d+%", shown)
