"""How many ways of writing a date are read: `python -m tests.bench.dates FILE [--now 2026-11-25]`, and how fast.

FILE holds one {"words", "days"} a line: the ISO days in order, ["refused"] for what cannot be a date, [] for none;
"2027-03" stands for any day of that month.
"""

import argparse
import json
import time
from datetime import date
from pathlib import Path

from compact_bot.dates import Written, find_dates

SENTENCE = "please track that the grant to the youth club ends on 31 March 2027, notice by Christmas"


def said(found: list[Written]) -> list[str]:
    return ["refused" if one.wrong else str(one.day) for one in found]


def agrees(found: list[Written], wanted: list[str]) -> bool:
    return len(found) == len(wanted) and all(one.startswith(day) for one, day in zip(said(found), wanted, strict=True))


def in_silence(found: list[Written], wanted: list[str]) -> bool:
    """Whether another day was read that a caller would save without asking."""
    return any(one.exact and str(one.day) not in wanted for one in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--now", type=date.fromisoformat, default=date(2026, 11, 25))
    asked = parser.parse_args()
    lines = [json.loads(line) for line in asked.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    right = other = silent = 0
    for line in lines:
        found = find_dates(line["words"], asked.now)
        if agrees(found, line["days"]):
            right += 1
            continue
        other += bool(found)
        silent += in_silence(found, line["days"])
        print(f"{line['words']!r}: wanted {line['days']}, read {said(found)}")
    print(f"{right} of {len(lines)} read; {other} as something else, {silent} of them without a doubt")
    started = time.process_time()
    for _ in range(1000):
        find_dates(SENTENCE, asked.now)
    print(f"{time.process_time() - started:.3f} ms for a sentence of {len(SENTENCE.split())} words")


if __name__ == "__main__":
    main()
