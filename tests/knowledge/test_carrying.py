"""Agreements without a phrasebook: what was learned of shared subjects serves them, and silence stays honest."""

import json
import shutil
import time
from pathlib import Path
from statistics import mean, median

import pytest

from knowledge import laying
from knowledge.adopting.adoption import adopt, files_of, write
from knowledge.check import problems_in
from knowledge.evaluate import Question, judge, read_questions
from knowledge.laying import examples, lay, lending, open_laid, open_subjects, read_laid, read_subjects
from knowledge.learning import SILENT
from knowledge.reader import read_agreement
from knowledge.search import OwnWords, Search, open_search
from knowledge.words import content_stems
from tests.bench.carrying import fitted, gathered
from tests.conftest import ROOT, SUTTON

LEARNED = ROOT / "var" / "learned"
AGREEMENTS = ROOT / "tests" / "agreements"
ASKED = [file.parent for file in sorted(AGREEMENTS.glob("*/questions.jsonl"))]
SMALL = "1.1 Pay grants on time.\n\n1.2 Give three months' notice in writing before funding ends.\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Search]:
    """Each agreement that has questions, adopted without a hand."""
    made = tmp_path_factory.mktemp("adopted")
    for folder in ASKED:
        write(made / folder.name, files_of(adopt(list(folder.glob("agreement.*")))))
    return {folder.name: open_search(made / folder.name, LEARNED) for folder in ASKED}


def test_agreements_without_a_phrasebook_are_answered_and_not_denied(served: dict[str, Search]) -> None:
    judged = [j for f in ASKED for j in judge(served[f.name], read_questions(f / "questions.jsonl"))]
    answered = [j for j in judged if j.question.gold]
    assert mean(j.rank == 1 for j in answered) >= 0.87
    assert mean(1 <= j.rank <= 3 for j in answered) >= 0.95
    assert mean(j.finding.silent for j in answered) <= 0.05
    assert mean(j.finding.silent for j in judged if not j.question.gold) >= 0.93
    assert median(j.seconds for j in judged) <= 0.0015


def test_what_tells_silence_from_answer_holds_for_agreements_held_out() -> None:
    rows = gathered(ASKED[::4])
    signs = tuple(rows[0].heard.signs)
    weights, even = fitted([row for row in rows if row.agreement != ASKED[0].name and row.agreement != "sutton"], signs)
    held = [row for row in rows if row.agreement == ASKED[0].name]
    answers = [bool(weights @ [row.heard.signs[s] for s in signs] + even > 0) for row in held]
    assert mean(said == bool(row.question.gold) for said, row in zip(answers, held, strict=True)) >= 0.8


def test_no_line_of_data_repeats_a_question_that_measures_it() -> None:
    files = [*(f / "questions.jsonl" for f in ASKED), ROOT / "tests" / "questions" / "a.jsonl"]
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line]
    asked = [stems for row in rows if len(stems := frozenset(content_stems(row["q"]))) > 1]
    subjects = read_subjects().values()
    lines = {line for s in subjects for line in (*s.asked, *s.worded, *s.unsettled)}
    for line in lines | {text for label, text in examples({}, ()) if label == SILENT}:
        stems = frozenset(content_stems(line))
        assert not any(len(stems & one) >= 0.6 * len(stems | one) for one in asked), line


def test_each_subject_says_how_people_ask_and_how_agreements_word_it() -> None:
    subjects = read_subjects()
    assert len(subjects) >= 80
    assert all(len(s.asked) >= 5 and len(s.worded) >= 2 and s.title for s in subjects.values())


def test_a_phrasebook_lends_what_people_say_of_clauses_about_one_subject() -> None:
    lent = examples({"payment-time": read_subjects()["payment-time"]}, lending())
    own = examples({"payment-time": read_subjects()["payment-time"]}, ())
    assert sum(label == "payment-time" for label, _ in lent) - sum(label == "payment-time" for label, _ in own) >= 100
    assert sum(label == SILENT for label, _ in lent) > sum(label == SILENT for label, _ in own) + 500


def test_without_any_other_agreement_it_still_answers_and_is_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(laying, "lending", list)
    (tmp_path / "agreement.md").write_text(SMALL)
    search = open_search(tmp_path, tmp_path / "kept")
    assert search.find("how long before our grant is cut off").numbers[0] == "1.2"
    assert search.find("which film is on tonight").silent


def test_without_any_subjects_its_own_words_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "read_subjects", dict)
    (tmp_path / "agreement.md").write_text(SMALL)
    search = open_search(tmp_path, tmp_path / "kept")
    assert isinstance(search._voice, OwnWords)
    assert search.find("three months' notice").numbers[0] == "1.2"
    assert search.find("best curry in town").silent


def test_clauses_are_laid_to_subjects_and_what_a_person_says_of_them_wins(tmp_path: Path) -> None:
    (tmp_path / "agreement.md").write_text("1.1 The Council will send a cake.\n\n1.2 Groups will sing.\n")
    model = open_subjects(LEARNED)
    assert model is not None
    assert set(lay(read_agreement(tmp_path), model)) == {"1.1", "1.2"}
    before = open_search(tmp_path, LEARNED).find("are we paid up front").ranked
    (tmp_path / "subjects.toml").write_text('"1.2" = ["payment-in-advance"]\n')
    after = open_search(tmp_path, LEARNED).find("are we paid up front")
    assert after.numbers[0] == "1.2"
    assert dict(after.ranked)["1.2"] > dict(before)["1.2"] + 0.2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('"1.1" = ["no-such-thing"]', "no-such-thing is no subject"),
        ('"9.9" = ["training"]', "lays clause 9.9"),
        ('"1.1" = "training"', "cannot be read as subjects"),
        ('"1.1" = ["training much"]', "cannot be read as subjects"),
        ("[silences]\nx = 3", "cannot be read as subjects"),
        ("= =", "cannot be read as subjects"),
    ],
)
def test_what_is_wrong_in_subjects_toml_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "agreement.md").write_text(SMALL)
    (tmp_path / "subjects.toml").write_text(text)
    assert any(says in problem for problem in problems_in(tmp_path))


def test_the_compact_is_laid_to_subjects_that_exist() -> None:
    laid = read_laid(SUTTON)
    agreement = read_agreement(SUTTON)
    named = {name for shares in laid.clauses.values() for name in shares} | set(laid.silences.values())
    assert named <= read_subjects().keys()
    assert laid.clauses.keys() == {clause.number for clause in agreement.parts}


def test_what_people_say_elsewhere_is_no_slip_of_the_keys(tmp_path: Path) -> None:
    (tmp_path / "agreement.md").write_text(SMALL)
    mended = open_search(tmp_path, LEARNED).mend("a corporal rings the bells at the summit for grnats")
    assert mended == "a corporal rings the bells at the summit for grants"


def test_a_copy_of_an_agreement_without_its_phrasebook_is_still_answered(tmp_path: Path) -> None:
    for name in ("agreement.md", "about.toml"):
        shutil.copy(SUTTON / name, tmp_path)
    search = open_search(tmp_path, LEARNED)
    assert search.find("how many months' notice when a grant is stopped").numbers[0] == "3.4.4"


def test_a_further_agreement_takes_little_memory_and_time(served: dict[str, Search]) -> None:
    import tracemalloc

    folder = ASKED[0]
    search = served[folder.name]
    search.find("warm")
    tracemalloc.start()
    another = Search(search.agreement, search.phrasebook, LEARNED)
    another.find("how much notice before funding ends")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held <= 10_000_000
    questions = [Question(q.q, ()) for q in read_questions(folder / "questions.jsonl")]
    started = time.perf_counter()
    judge(another, questions)
    assert (time.perf_counter() - started) / len(questions) <= 0.02


def test_nothing_wrong_is_found_where_there_is_no_file(tmp_path: Path) -> None:
    assert open_laid(tmp_path)[1] == []
