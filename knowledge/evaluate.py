"""python -m knowledge.evaluate FILE: how well questions find their clause, and silence is told from answer.

FILE holds one JSON object a line: q (the question), gold (numbers or words of the clauses that answer it, best first;
empty when none does), and optionally also (acceptable beside them) and kind. With --views the phrasebook is judged by
itself instead: each point of view in turn is held out, and a model that never saw it answers.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from knowledge.agreement import AgreementError
from knowledge.phrasebook import Phrasebook
from knowledge.reader import find_folder
from knowledge.search import Finding, Search, open_search

KEPT = Path("var/learned")


@dataclass(frozen=True)
class Question:
    q: str
    gold: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True)
class Judged:
    question: Question
    finding: Finding
    seconds: float
    texts: tuple[str, ...]

    @property
    def rank(self) -> int:
        """The place of the first right clause, 1 for the best; 0 when none of them is listed."""
        gold = {words_only(one) for one in self.question.gold}
        found = enumerate(zip(self.finding.numbers, self.texts, strict=True), 1)
        return next((place for place, pair in found if not gold.isdisjoint(map(words_only, pair))), 0)


def words_only(text: str) -> str:
    """Words are compared without line breaks, marks and capitals: two editions of one clause are one."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def read_questions(file: Path) -> list[Question]:
    """The questions of a file. Raises ValueError naming the line that cannot be read."""
    questions = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            questions.append(Question(row["q"], tuple(row.get("gold", ())), row.get("kind", "")))
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file}:{number}: not a question as JSON with a field q") from error
    return questions


def judge(search: Search, questions: Iterable[Question]) -> list[Judged]:
    judged = []
    for question in questions:
        started = time.perf_counter()
        finding = search.find(question.q)
        seconds = time.perf_counter() - started
        texts = tuple(search.agreement.clauses[number].text for number in finding.numbers)
        judged.append(Judged(question, finding, seconds, texts))
    return judged


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """hit@1, hit@3 and MRR over the questions that have an answer; silence over the others; times in ms."""
    answered = [j for j in judged if j.question.gold]
    silent = [j for j in judged if not j.question.gold]
    times = sorted(j.seconds * 1000 for j in judged)
    found = {
        "questions": len(judged),
        "p50_ms": round(median(times), 3),
        "p99_ms": round(times[min(len(times) - 1, int(len(times) * 0.99))], 3),
    }
    if answered:
        found |= {
            "hit@1": round(mean(j.rank == 1 for j in answered), 3),
            "hit@3": round(mean(1 <= j.rank <= 3 for j in answered), 3),
            "mrr": round(mean(1 / j.rank if j.rank else 0 for j in answered), 3),
            "false_silence": round(mean(j.finding.silent for j in answered), 3),
        }
    if silent:
        found["silence_found"] = round(mean(j.finding.silent for j in silent), 3)
    return found


def by_kind(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    kinds = dict.fromkeys(j.question.kind for j in judged)
    return {kind: figures([j for j in judged if j.question.kind == kind]) for kind in kinds if kind}


def held_out_views(search: Search, kept_in: Path) -> dict[str, list[Judged]]:
    """Each point of view, answered by a model that learned from all the others."""
    book = search.phrasebook
    views = dict.fromkeys([p.view for p in book.phrasings] + [s.view for s in book.silences])
    results = {}
    for view in views:
        rest = Phrasebook(
            tuple(p for p in book.phrasings if p.view != view), tuple(s for s in book.silences if s.view != view)
        )
        asked = [Question(p.words, (p.number,), view) for p in book.phrasings if p.view == view]
        asked += [Question(q, (), view) for s in book.silences if s.view == view for q in s.questions]
        results[view] = judge(Search(search.agreement, rest, kept_in), asked)
        print(_line(view, figures(results[view])), flush=True)
    return results


def _line(name: str, values: dict[str, float]) -> str:
    return f"{name:45} " + "  ".join(f"{key} {value:g}" for key, value in values.items())


def _write(file: Path, judged: Sequence[Judged]) -> None:
    rows = (
        {"q": j.question.q, "top": j.finding.numbers[:10], "texts": j.texts[:10], "silent": j.finding.silent}
        for j in judged
    )
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m knowledge.evaluate", description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path, help="questions, one JSON object a line")
    parser.add_argument("--agreement", default="sutton", help="a folder in knowledge/, or the path of one")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--out", type=Path, help="write what was found for each question, one JSON object a line")
    parser.add_argument("--views", action="store_true", help="cross-validate over the phrasebook's points of view")
    options = parser.parse_args(arguments)
    if bool(options.file) == options.views:
        parser.error("give a FILE of questions, or --views")
    try:
        search = open_search(find_folder(options.agreement), KEPT)
        if options.views:
            judged = [j for view in held_out_views(search, KEPT).values() for j in view]
        else:
            questions = read_questions(options.file)
            search.find("the first question of a process also builds its list of known words")
            judged = judge(search, questions)
    except (AgreementError, OSError, ValueError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 2
    if not judged:
        print("evaluate: there is no question in that file", file=sys.stderr)
        return 2
    if options.out:
        _write(options.out, judged)
    if options.json:
        print(json.dumps({"all": figures(judged), "by_kind": by_kind(judged)}, indent=2))
    else:
        print(_line("all", figures(judged)))
        if not options.views:
            print("\n".join(_line(kind, values) for kind, values in by_kind(judged).items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
