"""The numbers by which clauses are known where the print gives none, or gives the same one twice."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from knowledge.adopting.lines import dangles
from knowledge.adopting.units import Unit
from knowledge.agreement import typed_key

MOST_NAME_WORDS = 7
_LAST_STEP = r"(?:\([^()]*\)|\.?\d+)[. ]*$|(?<=\S)[. ]+$"


def qualified_runs(units: Sequence[Unit]) -> set[int]:
    """The lists whose numbers start again, or are letters, so that only with its heading is a number one clause's."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    sizes: Counter[int] = Counter()
    sections: defaultdict[int, set[int]] = defaultdict(set)
    section = 0
    for unit in units:
        section += unit.kind == "heading"
        if unit.placed and "(" not in unit.placed.number:
            numbers[unit.placed.number].add(unit.placed.run)
            sizes[unit.placed.run] += 1
            sections[unit.placed.run].add(section)
    lettered = {
        u.placed.run for u in units if u.placed and "(" not in u.placed.number and " lower" in u.placed.label.style
    }
    clashing = {run for runs in numbers.values() if len(runs) > 1 for run in runs} - lettered
    if not clashing:
        return lettered
    main = max(clashing, key=lambda run: (len(sections[run]), sizes[run]))
    return lettered | (clashing - {main} if len(sections[main]) > 1 else clashing)


def shorter_numbers(number: str) -> Iterator[str]:
    """The numbers above one, the nearest first: "3.4(a)" -> "3.4", "3.4.0", "3", "3.0"; "Money 1" -> "Money"."""
    shorter = re.sub(_LAST_STEP, "", number)
    while shorter and shorter != number:
        yield shorter
        yield f"{shorter}.0"
        number, shorter = shorter, re.sub(_LAST_STEP, "", shorter)


def short_name(text: str) -> str:
    """A heading as a name: without the colon, and not so long that nobody would type it."""
    words = re.sub(r"\s+", " ", text.strip(" :.*|")).split(" ")
    words = words if len(words) <= MOST_NAME_WORDS else words[: MOST_NAME_WORDS - 2]
    while len(words) > 1 and dangles(" ".join(words)):
        words = words[:-1]
    name = " ".join(words).rstrip(",;:")
    return name if typed_key(name) else "Clause"
