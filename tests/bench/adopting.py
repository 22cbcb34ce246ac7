"""Taking in a long PDF, and questions to an agreement without a phrasebook."""

import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from knowledge.evaluate import KEPT, figures, judge, read_questions
from knowledge.search import Search, open_search
from tests.adopting.made import as_pdf

ROOT = Path(__file__).parents[2]
LAYOUT = ROOT / "tests" / "agreements" / "wyrevale"
PAGES = 40


def long_text() -> str:
    """About 40 pages of numbered clauses under headings."""
    parts = ["Longdale Compact", ""]
    for section in range(1, 41):
        parts += [f"{section} PART {section}", "", "The Council will:", ""]
        for clause in range(1, 19):
            words = (
                f"give notice of change {clause} in part {section}, in writing and with reasons, to all whom it touches"
            )
            parts += [f"{section}.{clause} {words}, and answer what they say within 10 working days.", ""]
    return "\n".join(parts)


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        file = as_pdf(long_text(), Path(made) / "long.pdf")
        pages = file.read_bytes().count(b"/Type /Page\n")
        began = time.perf_counter()
        said = [sys.executable, "-m", "compact_bot", "adopt", str(file), "--into", f"{made}/long", "--yes"]
        subprocess.run(said, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=120)
        print(f"Taking in a PDF of {pages} pages: {time.perf_counter() - began:.1f} s (goal <= 20 s for {PAGES})")
        said = [sys.executable, "-m", "compact_bot", "adopt", f"{LAYOUT}/agreement.txt", "--into", f"{made}/w", "--yes"]
        subprocess.run(said, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=120)
        search = open_search(Path(made) / "w", KEPT)
        search.find("warm")
        found = figures(judge(search, read_questions(LAYOUT / "questions.jsonl")))
        print(f"A question without a phrasebook: p50 {found['p50_ms']:.2f} ms (goal <= 1.5 ms)")
        tracemalloc.start()
        Search(search.agreement, search.phrasebook, KEPT).find("warm")
        held = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        print(f"A further agreement: {held:.1f} MB (goal <= 10 MB)")


if __name__ == "__main__":
    main()
