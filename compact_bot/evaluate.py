"""How messages are understood: python -m compact_bot.evaluate FILE.jsonl, each "q" to an organisation of its own.

Through the real core and a database file of its own. With --out one line a message: what it was taken for, the days
that stand in the reply, and whether anything was saved. Without, the figures by act, what was confused, and the time.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adapters.plain_text import plain_text
from compact_bot.assemble import assemble
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Message, Person, Reply
from compact_bot.dates import MONTHS
from compact_bot.settings import read_settings

_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(name.title() for name in MONTHS)}) (\d{{4}})\b")
_ONE_FAMILY = {"track-notice": "track", "track-consultation": "track", "track-other": "track", "lookup": "ask"}
_CHANGES = ("done", "change-date", "snooze", "drop")
_READS = ("date-notice", "date-consultation", "list", "ask")


@dataclass(frozen=True)
class Answer:
    """One message and what became of it; `seconds` is the time in the core."""

    q: str
    act: str
    dates: tuple[str, ...]
    saved: bool
    text: str
    seconds: float


def days_in(text: str) -> tuple[str, ...]:
    """The days that stand written out in a reply, each once, in order, as ISO dates."""
    found = (date(int(year), MONTHS.index(month.casefold()) + 1, int(day)) for day, month, year in _DAY.findall(text))
    return tuple(dict.fromkeys(day.isoformat() for day in found))


def answers(bot: Bot, questions: Sequence[str], first: Sequence[str], now: datetime) -> Iterator[Answer]:
    for number, question in enumerate(questions):
        organisation = f"evaluation {number}"
        for before, sentence in enumerate(first):
            _say(bot, sentence, organisation, f"{number} first {before}", now - timedelta(minutes=30))
        begun = time.perf_counter()
        reply = _say(bot, question, organisation, f"{number}", now)
        seconds = time.perf_counter() - begun
        text = plain_text(reply)
        yield Answer(question, reply.act, days_in(text), reply.changed, text, seconds)


def _say(bot: Bot, text: str, organisation: str, name: str, now: datetime) -> Reply:
    person = Person("evaluator", "Amina", direct=Address("console", "evaluator"))
    address = Address("console", "evaluator")
    return bot.reply_to(Message(name, text, person, address, organisation, now)) or Reply("")


def figures(rows: Sequence[dict[str, object]], given: Sequence[Answer]) -> list[str]:
    """Families right, the days of sums said, what was saved by mistake, what was confused, and the time."""
    right, total, confused = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    said, sums, wrongly = 0, 0, 0
    for row, answer in zip(rows, given, strict=True):
        wanted = str(row.get("act", ""))
        family, got = _ONE_FAMILY.get(wanted, wanted), _ONE_FAMILY.get(answer.act, answer.act)
        total[family] += 1
        same = family == got or (wanted in _CHANGES and answer.act in _CHANGES)
        right[family] += same
        if not same:
            confused[wanted, answer.act] += 1
        dates = row.get("dates")
        if wanted.startswith("date-") and isinstance(dates, list):
            sums += 1
            said += set(dates) <= set(answer.dates)
        wrongly += wanted in _READS and answer.saved
    lines = [f"{family:20} {right[family]:4} of {count}" for family, count in sorted(total.items())]
    times = sorted(answer.seconds for answer in given)
    return [
        *lines,
        f"families right       {sum(right.values()) / max(1, len(given)):.3f}",
        f"days of sums said    {said / max(1, sums):.3f} of {sums}",
        f"saved by a question  {wrongly}",
        f"p50 {times[len(times) // 2] * 1e3:.2f} ms, p99 {times[int(len(times) * 0.99)] * 1e3:.2f} ms",
        "confused: " + ", ".join(f"{wanted} as {got} {count}" for (wanted, got), count in confused.most_common(12)),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m compact_bot.evaluate", description=__doc__)
    parser.add_argument("file", type=Path, help='JSON lines with "q", and "act" and "dates" where they are known')
    parser.add_argument("--now", default="2026-11-25", help="the day of the messages, as 2026-11-25")
    parser.add_argument("--first", type=Path, help="sentences said before each message, one a line")
    parser.add_argument("--out", type=Path, help="a file for one line a message")
    chosen = parser.parse_args(arguments)
    rows = [json.loads(line) for line in chosen.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    first = (
        [line.strip() for line in chosen.first.read_text(encoding="utf-8").splitlines() if line.strip()]
        if chosen.first
        else []
    )
    now = datetime.fromisoformat(chosen.now).replace(hour=10, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"COMPACT_DATABASE_URL": f"sqlite:///{folder}/evaluation.db"}, Path(folder) / ".env")
        with assemble(settings, clock=lambda: now) as program:
            given = list(answers(program.bot, [row["q"] for row in rows], first, now))
    if chosen.out:
        with chosen.out.open("w", encoding="utf-8") as out:
            for one in given:
                kept = {"q": one.q, "act": one.act, "dates": one.dates, "saved": one.saved, "text": one.text}
                out.write(json.dumps(kept, ensure_ascii=False) + "\n")
        return 0
    print("\n".join(figures(rows, given)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
