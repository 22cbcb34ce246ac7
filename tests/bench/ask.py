"""Finding the clause beside rank_bm25's successor bm25s, SQLite FTS5 and rapidfuzz, on the same questions; growth;
cold start; memory of the running program."""

import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import bm25s
import httpx2
import psutil
from rapidfuzz import fuzz, process

from knowledge.agreement import Agreement
from knowledge.evaluate import Question, figures, judge, read_questions
from knowledge.phrasebook import Phrasebook, read_phrasebook
from knowledge.reader import FOLDER, read_agreement
from knowledge.search import Search, open_search
from knowledge.words import words_of
from tests.bench.http_load import free_port
from tests.bench.started import READY_WITHIN, ROOT, first_line, started

KEPT = ROOT / "var" / "learned"
QUESTIONS = ROOT / "tests" / "questions" / "a.jsonl"

Ranker = Callable[[str], list[str]]


def memory() -> float:
    return psutil.Process().memory_info().rss / 1e6


def documents(agreement: Agreement, phrasebook: Phrasebook | None) -> tuple[list[str], list[str]]:
    """Numbers, and for each one document: the clause's words and, with a phrasebook, everything said for it."""
    said: dict[str, list[str]] = {part.number: [part.text] for part in agreement.parts}
    for phrasing in phrasebook.phrasings if phrasebook else ():
        said[phrasing.number].append(phrasing.words)
    return list(said), ["\n".join(lines) for lines in said.values()]


def with_bm25s(numbers: Sequence[str], texts: Sequence[str]) -> Ranker:
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

    def rank(question: str) -> list[str]:
        tokens = bm25s.tokenize([question], stopwords="en", show_progress=False, return_ids=False)
        found, _ = index.retrieve(tokens, k=min(10, len(numbers)), show_progress=False)
        return [numbers[i] for i in found[0]]

    return rank


def with_fts5(numbers: Sequence[str], texts: Sequence[str]) -> Ranker:
    table = sqlite3.connect(":memory:")
    table.execute("create virtual table clause using fts5(text, tokenize='porter')")
    table.executemany("insert into clause(rowid, text) values (?, ?)", enumerate(texts, start=1))

    def rank(question: str) -> list[str]:
        match = " OR ".join(f'"{word}"' for word in words_of(question)) or '"-"'
        rows = table.execute("select rowid from clause where clause match ? order by rank limit 10", (match,))
        return [numbers[row - 1] for (row,) in rows]

    return rank


def with_rapidfuzz(numbers: Sequence[str], texts: Sequence[str]) -> Ranker:
    lines = [(number, line) for number, text in zip(numbers, texts, strict=True) for line in text.split("\n")]

    def rank(question: str) -> list[str]:
        found = process.extract(question, [line for _, line in lines], scorer=fuzz.token_set_ratio, limit=40)
        return list(dict.fromkeys(lines[i][0] for _, _, i in found))

    return rank


def measured(rank: Ranker, questions: Sequence[Question]) -> str:
    times, hit1, hit3 = [], 0, 0
    answered = [q for q in questions if q.gold]
    for question in answered:
        started = time.perf_counter()
        found = rank(question.q)
        times.append((time.perf_counter() - started) * 1000)
        hit1 += found[:1] != [] and found[0] in question.gold
        hit3 += any(number in question.gold for number in found[:3])
    times.sort()
    n = len(answered)
    return (
        f"hit@1 {hit1 / n:.3f}  hit@3 {hit3 / n:.3f}  p50 {median(times):7.2f} ms  p99 {times[int(n * 0.99)]:7.2f} ms"
    )


def beside_its_peers() -> None:
    print("Finding the clause: 140 dev questions, one process")
    agreement = read_agreement(FOLDER / "sutton")
    book, _ = read_phrasebook(FOLDER / "sutton", agreement)
    questions = read_questions(QUESTIONS)
    before, started = memory(), time.perf_counter()
    search = open_search(FOLDER / "sutton", KEPT)
    search.find("warm")
    opened, used = time.perf_counter() - started, memory() - before
    found = figures(judge(search, questions))
    print(
        f"  {'ours':34} hit@1 {found['hit@1']:.3f}  hit@3 {found['hit@3']:.3f}  p50 {found['p50_ms']:7.2f} ms  "
        f"p99 {found['p99_ms']:7.2f} ms  index {opened:5.2f} s {used:5.0f} MB  "
        f"silence found {found['silence_found']:.3f}, false {found['false_silence']:.3f}"
    )
    for name, make in (("bm25s", with_bm25s), ("SQLite FTS5", with_fts5), ("rapidfuzz", with_rapidfuzz)):
        for kind, phrasebook in (("clauses alone", None), ("with our phrasebook", book)):
            before, started = memory(), time.perf_counter()
            rank = make(*documents(agreement, phrasebook))
            opened, used = time.perf_counter() - started, memory() - before
            print(f"  {name + ', ' + kind:34} {measured(rank, questions)}  index {opened:5.2f} s {used:5.0f} MB")


def growth() -> None:
    print("Growth: an agreement of so many clauses; those over 57 have no phrasebook (goal: p50 <= 20 ms at 13,000)")
    words = words_of(" ".join(part.text for part in read_agreement(FOLDER / "sutton").parts))
    questions = read_questions(QUESTIONS)
    for size in (57, 1_000, 13_000):
        rng = random.Random(size)  # noqa: S311  # made-up text, no secrets
        with tempfile.TemporaryDirectory() as folder:
            if size == 57:
                search = open_search(FOLDER / "sutton", KEPT)
            else:
                lines = [f"{n // 100 + 1}.{n % 100 + 1} {' '.join(rng.choices(words, k=40))}." for n in range(size)]
                (Path(folder) / "agreement.md").write_text("\n\n".join(lines))
                started = time.perf_counter()
                search = Search(read_agreement(Path(folder)), Phrasebook((), ()), KEPT)
            search.find("warm")
            found = figures(judge(search, questions))
            print(f"  {size:6} clauses  p50 {found['p50_ms']:6.2f} ms  p99 {found['p99_ms']:6.2f} ms", end="")
            print("" if size == 57 else f"  read and indexed in {time.perf_counter() - started:.2f} s")


def cold_start() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COMPACT_DATABASE_URL": f"sqlite:///{folder}/compact.db"}
        times = []
        for _ in range(6):
            began = time.perf_counter()
            say = [sys.executable, "-m", "compact_bot", "say", "how much notice before a grant ends"]
            subprocess.run(say, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=READY_WITHIN)
            times.append(time.perf_counter() - began)
        print(f"Cold start to first answer: median {median(times[1:]):.2f} s (goal <= 2 s)")
        run = ["-m", "compact_bot", "run", "--port", str(free_port())]
        with started(run, environment, listened_to=True) as running:
            address = re.search(r"http://\S+", first_line(running))
            assert address is not None
            for question in [q.q for q in read_questions(QUESTIONS)]:
                httpx2.post(f"{address[0]}/say", data={"text": question}, timeout=30).raise_for_status()
            used = psutil.Process(running.pid).memory_info().rss / 1e6
        print(f"Memory of the running default after 140 questions: {used:.0f} MB (goal <= 150 MB)")


def main() -> None:
    beside_its_peers()
    growth()
    cold_start()
