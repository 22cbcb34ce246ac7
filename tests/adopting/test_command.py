"""compact-bot adopt, as an officer and as a script use it."""

import json
from pathlib import Path

import pytest

import knowledge.evaluate
import knowledge.list
from compact_bot.__main__ import main
from knowledge.check import main as check
from knowledge.check import problems_in
from knowledge.laying import read_laid
from knowledge.reader import read_agreement
from knowledge.rules import open_rules
from tests.adopting.test_layouts import AGREEMENTS

RCT = AGREEMENTS / "rct" / "agreement.txt"
BANES = AGREEMENTS / "banes" / "agreement.txt"


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the officer types, one answer after another."""
    answers: list[str] = []
    monkeypatch.setattr("builtins.input", lambda _: answers.pop(0) if answers else "")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    return answers


def test_a_file_becomes_a_folder_that_lists_its_clauses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rct"
    assert main(["adopt", str(RCT), "--into", str(folder), "--yes"]) == 0
    assert sorted(file.name for file in folder.iterdir()) == [
        *("about.toml", "agreement.md", "left-out.md", "rules.toml", "source.txt", "subjects.toml")
    ]
    capsys.readouterr()
    assert knowledge.list.main([str(folder)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[10] == {
        "number": "6.1(b)",
        "heading": "UNDERTAKINGS OF PARTNERS",
        "party": "Council and Health Board",
        "text": "consult for 12 weeks on changes to services, except where the law sets another period;",
    }
    assert check([str(folder)]) == 0
    about = read_agreement(folder).about
    assert (about.title, about.short) == ("Rhyddwen Taf Compact", "Compact")
    assert [party.name for party in about.parties] == ["Third Sector", "Council and Health Board"]


def test_the_preview_says_what_was_read_what_was_left_out_and_what_was_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["adopt", str(RCT), "--into", str(tmp_path / "rct"), "--yes"]) == 0
    said = capsys.readouterr().out
    for words in (
        "THE RHYDDWEN TAF COMPACT: 20 clauses read from 49 lines.",
        "  Council and Health Board: 4 clauses",
        "  nobody in particular, or both sides: 13 clauses",
        "  UNDERTAKINGS OF PARTNERS: 9",
        "  line 15, page number: Page 2 of 32",
        "contents list: 2 WHAT IS THE RHYDDWEN TAF COMPACT?",
        "  the title: THE RHYDDWEN TAF COMPACT",
        "  6.1(c): 6 months before ends - “give at least 6 months written notice of an end to funding;”",
    ):
        assert words in said


def test_numbers_that_start_again_are_said_and_known_by_their_heading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "banes"
    assert main(["adopt", str(BANES), "--into", str(folder), "--yes"]) == 0
    assert "start again under their heading, so clauses are known as “Aim of the Document 1”" in capsys.readouterr().out
    agreement = read_agreement(folder)
    for typed in ("finance 2", "Finance (2)", "what does Finance 2 say?"):
        assert agreement.numbers_named(typed) == ["Finance 2"]
    assert agreement.clause("Consultation (local councils) 1").party == "Local Councils"


def test_every_line_that_stands_in_no_clause_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "rct"
    main(["adopt", str(RCT), "--into", str(folder), "--yes"])
    listed = (folder / "left-out.md").read_text()
    assert "- line 1, title page: THE RHYDDWEN TAF" in listed
    assert "- line 15, page number: Page 2 of 32" in listed


def test_an_officer_mends_lines_and_what_was_mended_is_kept_beside_the_text(
    tmp_path: Path, says: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "ours.txt", tmp_path / "ours"
    file.write_text(
        "Our Compact\n\nMoney\n\n1. Grants are paid early.\n2. Reports are short.\n\n"
        "Copy for members\n\n3. Rooms are free.\n"
    )
    says += ["what?", "99 heading", "show", "8 furniture", "5-6 binds Council", "yes"]
    assert main(["adopt", str(file), "--into", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "Say for example" in said
    assert "There are no words on line 99." in said
    assert "line 5: 1 (-): Grants are paid early." in said
    agreement = read_agreement(folder)
    assert {number: clause.party for number, clause in agreement.clauses.items()} == {
        "1": "Council",
        "2": "Council",
        "3": "",
    }
    assert agreement.clauses["3"].heading == "Money"
    assert '"Copy for members"' in (folder / "mended.toml").read_text()
    assert "1. Grants are paid early." in (folder / "agreement.md").read_text()

    main(["adopt", str(file), "--into", str(folder), "--yes"])
    assert read_agreement(folder).clauses["2"].party == "Council"


def test_the_subjects_of_clauses_are_shown_mended_and_kept(
    tmp_path: Path, says: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "rct"
    says += ["39 about no such thing", "39 about training, premises", "yes"]
    assert main(["adopt", str(RCT), "--into", str(folder), "--whole"]) == 0
    printed = capsys.readouterr().out
    assert "Subjects, with the clauses that are first of all about them" in printed
    assert "When money is paid (payment-time): 6.1(d)" in printed
    assert "“no such thing” is no subject." in printed
    assert "about = " in (folder / "mended.toml").read_text()
    laid = read_laid(folder).clauses
    assert next(iter(laid["6.1(d)"])) == "payment-time"
    assert {"training": 0.4, "premises": 0.4} in list(laid.values())
    assert problems_in(folder) == []


def test_bullets_can_be_made_clauses_of_their_own(tmp_path: Path, says: list[str]) -> None:
    file, folder = tmp_path / "ours.txt", tmp_path / "ours"
    file.write_text("Our Compact\n\n1. We share:\n- plans\n- rooms\n\n2. We meet.\n")
    says += ["4-5 clauses", "yes"]
    assert main(["adopt", str(file), "--into", str(folder)]) == 0
    assert [clause.text for clause in read_agreement(folder).parts] == ["We share:", "plans", "rooms", "We meet."]


def test_a_date_serves_only_when_the_officer_accepts_it(tmp_path: Path, says: list[str]) -> None:
    folder = tmp_path / "rct"
    says += ["yes", "no", "yes"]  # the agreement, the consultation, the notice; nothing to the others
    assert main(["adopt", str(RCT), "--into", str(folder)]) == 0
    rules = open_rules(folder, read_agreement(folder))
    assert [kind.name for kind in rules.kinds] == ["funding-notice", "other"]
    assert rules.kinds[0].milestones[0].clause == "6.1(c)"
    assert rules.summed("notice") == rules.kinds[0]
    assert "# 6.1(b): consult for 12 weeks" in (folder / "rules.toml").read_text()


@pytest.mark.parametrize("answer", ["no", ""])
def test_nothing_is_saved_without_a_yes(
    tmp_path: Path, says: list[str], capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    says.append(answer)
    assert main(["adopt", str(RCT), "--into", str(tmp_path / "rct")]) == 1
    assert "Nothing was saved." in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["adopt", *arguments]) == 2
    said = capsys.readouterr().err
    assert said.startswith("compact-bot: ")
    assert said.count("\n") == 1
    return said


def test_where_nobody_can_be_asked_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "add --yes" in refused(capsys, str(RCT), "--into", str(tmp_path / "rct"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert "holds files that adopt did not make" in refused(capsys, str(RCT), "--into", str(tmp_path), "--yes")
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_what_an_officer_wrote_is_kept_when_the_file_is_taken_in_again(tmp_path: Path) -> None:
    folder = tmp_path / "rct"
    main(["adopt", str(RCT), "--into", str(folder), "--yes"])
    (folder / "about.toml").write_text('title = "Ours"\n')
    main(["adopt", str(RCT), "--into", str(folder), "--yes"])
    assert read_agreement(folder).about.title == "Ours"


def test_a_file_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no such file" in refused(capsys, "/no/such.docx", "--into", str(tmp_path / "new"), "--yes")
    assert list(tmp_path.iterdir()) == []


def test_answers_are_judged_by_the_words_of_clauses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "rct", tmp_path / "out.jsonl"
    main(["adopt", str(RCT), "--into", str(folder), "--yes"])
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"q": "pay invoices", "gold": ["Pay invoices  within 30 days"]}\n{"q": "6.1b", "gold": ["6.1(b)"]}\n'
    )
    capsys.readouterr()
    assert knowledge.evaluate.main([str(questions), "--agreement", str(folder), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["all"]["hit@1"] == 1
    first = json.loads(out.read_text().splitlines()[0])
    assert first["top"][0] == "6.1(d)"
    assert first["texts"][0] == "pay invoices within 30 days."
    assert set(first) == {"q", "top", "texts", "silent"}
