"""Forms in the terminal: asked line by line, sent as one message."""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from adapters import console
from adapters.console_form import fill_in
from compact_bot.__main__ import main
from compact_bot.bot import Bot
from compact_bot.conversation import Field, FieldKind, Filled, Form, Option
from tests.conftest import NOW, ROOT

OPTIONS = (Option("not kept", "Not kept"), Option("kept", "Kept well"))
FORM = Form(
    "feedback",
    "Log feedback",
    (
        Field("what", "What happened?", hint="In a sentence."),
        Field("kind", "Was it kept?", FieldKind.CHOICE, "not kept", OPTIONS),
        Field("parts", "Which parts?", FieldKind.CHOICES, options=OPTIONS, optional=True),
        Field("when", "When?", FieldKind.DATE, optional=True),
    ),
    subject="F1",
)


def answered(form: Form, *lines: str) -> tuple[Filled | None, str]:
    said: list[str] = []
    typed = iter(lines)
    return fill_in(form, lambda: next(typed), said.append), "\n".join(said)


def test_each_field_is_asked_with_its_hint_options_and_default() -> None:
    filled, said = answered(FORM, "Paid late", "2", "1, Kept well", "2026-11-02")
    assert filled == Filled(
        "feedback", "F1", {"what": "Paid late", "kind": "kept", "parts": "not kept\nkept", "when": "2026-11-02"}
    )
    for line in (
        "What happened?\n  In a sentence.",
        "Was it kept? [Not kept]\n  1  Not kept\n  2  Kept well",
        "[skip]",
    ):
        assert line in said


def test_an_empty_line_keeps_or_skips_and_a_bad_one_is_asked_again() -> None:
    filled, said = answered(FORM, "", "Paid late", "", "3", "", "soon", "")
    assert filled is not None
    assert filled.values == {"what": "Paid late", "kind": "not kept", "parts": "", "when": ""}
    assert "! Please fill in: what happened.\n" in said
    assert "! Please choose one of the list." in said
    assert "! This is not a date." in said


def test_stop_leaves_the_form() -> None:
    assert answered(FORM, "Paid late", "STOP")[0] is None


def test_of_a_form_that_comes_back_only_what_is_wrong_is_asked() -> None:
    fields = (replace(FORM.fields[0], value="Paid late"), *FORM.fields[1:3])
    again = replace(FORM, fields=(*fields, replace(FORM.fields[3], value="2027-01-01", problem="That is to come.")))
    filled, said = answered(again, "2026-11-02")
    assert filled is not None
    assert filled.values["what"] == "Paid late"
    assert filled.values["when"] == "2026-11-02"
    assert "! That is to come." in said
    assert "What happened?" not in said


def chat(monkeypatch: pytest.MonkeyPatch, bot: Bot, tmp_path: Path, lines: Sequence[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join((*lines, ""))))
    console.chat(bot.reply_to, "Jo", lambda: NOW, tmp_path / "history")


def test_a_conversation_logs_by_the_form_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, bot: Bot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = ["log feedback", "Paid five weeks late", "", "9.9.9", "", "", "2027-01-01", "", ""]
    chat(monkeypatch, bot, tmp_path, [*form, "3.3.4", "2026-11-02", "F1", "track", "stop", "deadlines", "quit"])
    said = capsys.readouterr().out
    assert "! There is no clause 9.9.9." in said
    assert "! Friday 1 January 2027 is still to come." in said
    assert "Logged as F1: not kept, 3.3.4." in said
    assert "F1 is not kept, 3.3.4, logged by Jo" in said
    assert "The form is left. Nothing was saved." in said
    assert "There are no open deadlines." in said


def test_the_form_of_tracking_is_asked_in_its_two_steps(
    monkeypatch: pytest.MonkeyPatch, bot: Bot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chat(monkeypatch, bot, tmp_path, ["track", "1", "Youth club grant", "2027-03-31", "", "", "drop D1", "Renewed"])
    said = capsys.readouterr().out
    assert 'Saved as D1: "Youth club grant".' in said
    assert "D1 is dropped, because Renewed." in said


def test_home_asks_nothing_since_the_prompt_is_its_form(
    monkeypatch: pytest.MonkeyPatch, bot: Bot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chat(monkeypatch, bot, tmp_path, ["home", "3.4.4"])
    assert "3.4.4 is a Compact commitment" in capsys.readouterr().out


def test_neither_anonymous_words_nor_a_forms_answers_stay_in_the_history(tmp_path: Path) -> None:
    lines = ["3.4.4", "anonymous feedback 3.3.4 telltale words", "log feedback", "telltale answer", "stop", "quit"]
    program = (
        "import sys; from pathlib import Path; from adapters import console\n"
        "from compact_bot.conversation import Field, Form, Reply\n"
        "from tests.conftest import NOW\n"
        "form = Form('feedback', 'Log', (Field('what', 'What?'), Field('more', 'More?')))\n"
        "answer = lambda m: Reply('Yes.', form=form if m.text == 'log feedback' else None)\n"
        "console.chat(answer, 'Jo', lambda: NOW, Path(sys.argv[1]))\n"
    )
    history = tmp_path / "history"
    subprocess.run(
        [sys.executable, "-c", program, str(history)], input="\n".join(lines), text=True, check=True, cwd=ROOT,
        capture_output=True, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    kept = history.read_text()
    assert "3.4.4" in kept
    assert "feedback" not in kept
    assert "telltale" not in kept


def test_say_json_gives_the_forms_fields(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COMPACT_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    assert main(["say", "log feedback", "--json"]) == 0
    form = json.loads(capsys.readouterr().out)["form"]
    assert form["name"] == "feedback"
    assert [field["name"] for field in form["fields"]] == [
        "what", "kind", "clauses", "about", "behalf", "when", "link", "anonymous",
    ]  # fmt: skip
    assert form["fields"][1]["options"][0] == {"value": "not kept", "label": "The Compact was not kept"}
    assert main(["say", "3.4.4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["form"] is None
