"""One message in the core, understood and carried out on a database file, beside two that only look for words."""

import json
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import bm25s

from compact_bot.assemble import assemble
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Message, Person
from compact_bot.settings import read_settings
from knowledge.meanings import FOLDER, Meanings
from knowledge.phrasebook import read_labelled
from tests.bench.started import ROOT

QUESTIONS = ROOT / "tests" / "questions" / "a.jsonl"
SAID = ROOT / "tests" / "questions" / "said.jsonl"
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
ROUNDS = 3

KEYWORDS = (
    ("track", r"\b(?:track|remind|diary|nudge)\b"),
    ("done", r"\b(?:done|sent|paid|finished)\b"),
    ("list", r"\b(?:deadlines|overdue|due|list)\b"),
    ("move", r"\b(?:move|change|now)\b"),
    ("drop", r"\b(?:drop|cancel|delete)\b"),
    ("feedback", r"\b(?:feedback|log|complain)\b"),
)


def messages() -> list[str]:
    return [json.loads(row)["q"] for file in (QUESTIONS, SAID) for row in file.read_text("utf-8").splitlines()]


def timed(answer: Callable[[str], object], said: Sequence[str]) -> list[float]:
    """Milliseconds for each message, sorted."""
    times = []
    for message in said * ROUNDS:
        began = time.perf_counter()
        answer(message)
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times)


def in_the_core(bot: Bot) -> Callable[[str], object]:
    """Each message by one person in a thread of its own, so that none answers what another left waiting."""
    sent = 0

    def answer(text: str) -> object:
        nonlocal sent
        sent += 1
        address = Address("console", f"thread {sent}")
        at = NOW + timedelta(seconds=sent)
        return bot.reply_to(Message(f"{sent}", text, Person("amina", "Amina"), address, "Sutton", at))

    return answer


def with_bm25s() -> Callable[[str], object]:
    """The line of our ways of saying that is likest: no date, no name, nothing saved."""
    labels, lines = zip(*read_labelled(FOLDER), strict=True)
    index = bm25s.BM25()
    index.index(bm25s.tokenize(lines, stopwords="en", show_progress=False), show_progress=False)

    def label(text: str) -> object:
        tokens = bm25s.tokenize([text], stopwords="en", show_progress=False, return_ids=False)
        found, _ = index.retrieve(tokens, k=1, show_progress=False)
        return labels[found[0][0]]

    return label


def with_keywords() -> Callable[[str], object]:
    table = [(label, re.compile(pattern, re.IGNORECASE)) for label, pattern in KEYWORDS]
    return lambda text: next((label for label, pattern in table if pattern.search(text)), "ask")


def meant_alone(meanings: Meanings) -> Callable[[str], object]:
    return meanings.of


def main() -> None:
    said = messages()
    print(f"One message in the core, {len(said)} messages of any kind {ROUNDS} times (goal: p50 <= 1 ms)")
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"COMPACT_DATABASE_URL": f"sqlite:///{folder}/bench.db"}, Path(folder) / ".env")
        with assemble(settings, clock=lambda: NOW) as program:
            core = in_the_core(program.bot)
            timed(core, said[:20])
            rows = [
                ("ours: understood, carried out and saved", core),
                ("ours: the likeliest label alone", meant_alone(program.bot.meanings)),
                ("bm25s: the likest line alone", with_bm25s()),
                ("a bare keyword matcher: a label alone", with_keywords()),
            ]
            for name, answer in rows:
                times = timed(answer, said)
                print(f"  {name:42} p50 {median(times):6.2f} ms  p99 {times[int(len(times) * 0.99)]:7.2f} ms")


if __name__ == "__main__":
    main()
