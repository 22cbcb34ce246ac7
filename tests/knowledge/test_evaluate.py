"""python -m knowledge.evaluate, as somebody with a file of questions uses it."""

import json
from pathlib import Path

import pytest

from knowledge.evaluate import main

QUESTIONS = [
    {"q": "how much notice before a grant ends", "gold": ["3.4.4"], "also": [], "kind": "natural"},
    {"q": "best curry in Sutton", "gold": [], "kind": "none"},
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    file = tmp_path / "q.jsonl"
    file.write_text("".join(json.dumps(q) + "\n" for q in QUESTIONS))
    return file


def test_it_prints_the_figures_by_kind(questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(questions)]) == 0
    said = capsys.readouterr().out
    assert "hit@1 1" in said
    assert "silence_found 1" in said
    assert "natural" in said


def test_json_holds_the_same_figures(questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(questions), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["all"]["hit@1"] == 1
    assert set(found["by_kind"]) == {"natural", "none"}
    assert {"hit@3", "mrr", "false_silence", "p50_ms", "p99_ms"} <= set(found["all"])


def test_out_writes_one_line_a_question_in_the_files_order(questions: Path, tmp_path: Path) -> None:
    assert main([str(questions), "--out", str(tmp_path / "found.jsonl")]) == 0
    rows = [json.loads(line) for line in (tmp_path / "found.jsonl").read_text().splitlines()]
    assert [row["q"] for row in rows] == [q["q"] for q in QUESTIONS]
    assert rows[0]["top"][0] == "3.4.4"
    assert len(rows[0]["top"]) == 10
    assert [row["silent"] for row in rows] == [False, True]


def test_a_file_that_is_no_questions_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.jsonl").write_text('{"q": "fine"}\nnot json\n')
    assert main([str(tmp_path / "bad.jsonl")]) == 2
    assert "bad.jsonl:2" in capsys.readouterr().err
    assert main([str(tmp_path / "absent.jsonl")]) == 2
