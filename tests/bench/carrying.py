"""python -m tests.bench.carrying [FOLDER...]: how well questions of agreements without a phrasebook are answered.

Each agreement of tests/agreements with questions, the Sutton Compact without anything that was learned from it, and
each FOLDER (agreement.* and questions.jsonl) is held out in turn: what tells an answer from a silence is learned from
the others. Prints the figures, and the weights over all for knowledge/carried.py.
"""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
from sklearn.linear_model import LogisticRegression

from knowledge.adopting.adoption import adopt, files_of, write
from knowledge.agreement import Agreement
from knowledge.carried import Carried, Heard
from knowledge.evaluate import KEPT, Question, read_questions, words_only
from knowledge.laying import examples, lay, lending
from knowledge.learning import Model, learned
from knowledge.reader import read_agreement

ROOT = Path(__file__).parents[2]
SUTTON = ROOT / "knowledge" / "sutton"
NEAR_MISSES = 0.3  # what a question of the Compact weighs: its silences are near misses, written to be hard
CUT = 0.27  # a question is silent below this likelihood of an answer: a false silence costs more than a needless clause


@dataclass(frozen=True)
class Asked:
    agreement: str
    question: Question
    heard: Heard
    rank: int


def asked_of(name: str, agreement: Agreement, questions: Sequence[Question], model: Model) -> list[Asked]:
    carried = Carried(agreement, lay(agreement, model), model)
    texts = [words_only(clause.text) for clause in agreement.parts]
    rows = []
    for question in questions:
        heard = carried.heard(question.q)
        gold = {words_only(one) for one in question.gold}
        order = np.argsort(-heard.scores, kind="stable")
        fits = (p for p, i in enumerate(order, 1) if texts[i] in gold or agreement.parts[i].number in question.gold)
        rows.append(Asked(name, question, heard, next(fits, 0)))
    return rows


def gathered(folders: Sequence[Path]) -> list[Asked]:
    model = learned(examples(agreements=lending()), KEPT, what="the subjects of agreements")
    rows = []
    with tempfile.TemporaryDirectory() as made:
        for folder in folders:
            into = Path(made) / folder.name
            write(into, files_of(adopt(sorted(folder.glob("agreement.*"))[:1])))
            rows += asked_of(folder.name, read_agreement(into), read_questions(folder / "questions.jsonl"), model)
    without = learned(examples(), KEPT, what="the subjects alone")
    return rows + asked_of("sutton", read_agreement(SUTTON), read_questions(ROOT / "tests/questions/a.jsonl"), without)


def fitted(rows: Sequence[Asked], signs: Sequence[str]) -> tuple[np.ndarray, float]:
    signs_of = np.array([[row.heard.signs[name] for name in signs] for row in rows])
    answered = np.array([bool(row.question.gold) for row in rows])
    weigh = np.array([NEAR_MISSES if row.agreement == "sutton" else 1.0 for row in rows])
    middle, spread = signs_of.mean(axis=0), signs_of.std(axis=0)
    machine = LogisticRegression(C=1.0, class_weight="balanced").fit((signs_of - middle) / spread, answered, weigh)
    weights = machine.coef_[0] / spread
    return weights, float(machine.intercept_[0] - weights @ middle)


def figures(rows: Sequence[tuple[Asked, bool]]) -> str:
    answers = [(row, silent) for row, silent in rows if row.question.gold]
    silences = [silent for row, silent in rows if not row.question.gold]
    said = [
        f"hit@1 {mean(row.rank == 1 for row, _ in answers):.3f}",
        f"hit@3 {mean(1 <= row.rank <= 3 for row, _ in answers):.3f}",
        f"falsely silent {mean(silent for _, silent in answers):.3f}",
        f"rightly silent {mean(silences):.3f}" if silences else "",
    ]
    return "  ".join(said)


def main(arguments: Sequence[str]) -> None:
    here = [file.parent for file in sorted((ROOT / "tests" / "agreements").glob("*/questions.jsonl"))]
    rows = gathered([*here, *map(Path, arguments)])
    signs = tuple(rows[0].heard.signs)
    edge = float(np.log(CUT / (1 - CUT)))
    judged: list[tuple[Asked, bool]] = []
    for name in dict.fromkeys(row.agreement for row in rows):
        weights, even = fitted([row for row in rows if row.agreement != name], signs)
        held = [row for row in rows if row.agreement == name]
        judged += [(row, bool(weights @ [row.heard.signs[s] for s in signs] + even < edge)) for row in held]
        print(f"{name:14} {figures(judged[-len(held) :])}")
    print(f"{'family':14} {figures([one for one in judged if one[0].agreement != 'sutton'])}")
    for row, silent in judged:
        if bool(row.question.gold) == silent or (row.question.gold and row.rank != 1):
            print(f"  {row.agreement}: {row.question.q} | rank {row.rank} | {'silent' if silent else 'answered'}")
    weights, even = fitted(rows, signs)
    print("SIGNS =", {name: round(float(w), 2) for name, w in zip(signs, weights, strict=True)})
    print("EVEN =", round(edge - even, 2))


if __name__ == "__main__":
    main(sys.argv[1:])
