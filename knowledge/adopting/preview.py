"""What was read of an agreement, for the officer to check before anything is written."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from knowledge.adopting.adoption import Adoption
from knowledge.adopting.mending import Mend
from knowledge.adopting.parts import Aside, Part
from knowledge.adopting.pdf import PICTURE
from knowledge.laying import read_subjects

VERY_LONG = 250
SHOWN = 12
UNKNOWN = "nobody in particular, or both sides"


def preview(
    adoption: Adoption, whole: bool = False, laid: Mapping[str, Mapping[str, float]] = MappingProxyType({})
) -> str:
    """The preview as plain text, with the subjects to which clauses are `laid`; `whole` lists every clause in full."""
    read = adoption.read
    parts = [part for part in read.parts if part.text]
    lines = [f"{read.title}: {_counted(len(parts), 'clause')} read from {_counted(len(adoption.lines), 'line')}."]
    lines += ["", "Who is bound"]
    lines += [
        f"  {side or UNKNOWN}: {_counted(n, 'clause')}"
        for side, n in Counter(part.side for part in parts).most_common()
    ]
    if not any(part.side for part in parts):
        lines.append("  No side was told from the words. Where one is bound, say so by its lines: 40-44 binds Council")
    lines += ["", "Headings, with their clauses", *_headings(parts)]
    lines += ["", "Clauses"] if whole else []
    lines += (
        [
            f"  line {part.units[0].first.number}: {part.number} ({part.side or '-'}): {' '.join(part.text.split())}"
            + (f" [about {', '.join(laid[part.number])}]" if laid.get(part.number) else "")
            for part in parts
        ]
        if whole
        else []
    )
    for title, rows in (
        ("Not read: pages of pictures; for the words on them run text recognition (OCR) first", _pictures(adoption)),
        ("In no clause: titles, headings, lead-ins", _asides(adoption)),
        ("Left out", _left_out(adoption)),
        (f"Very long clauses (over {VERY_LONG} words)", _very_long(parts)),
        ("Numbers", [*read.notes, *_restarting(parts)]),
        ("Guessed", read.guesses),
        ("Subjects, with the clauses that are first of all about them", _subjects(laid)),
        (
            "Dates proposed for rules.toml, each to be accepted",
            [f"{d.clause}: {d.when} - “{d.sentence}”" for d in adoption.drafts],
        ),
        ("Mended", list(map(_mended, adoption.mends))),
    ):
        lines += _section(title, rows, whole)
    return "\n".join(lines)


def _subjects(laid: Mapping[str, Mapping[str, float]]) -> list[str]:
    titles = {name: subject.title for name, subject in read_subjects().items()}
    clauses: dict[str, list[str]] = {}
    for number, shares in laid.items():
        clauses.setdefault(max(shares, key=shares.__getitem__), []).append(number)
    return [f"{titles[name]} ({name}): {', '.join(clauses[name])}" for name in titles if name in clauses]


def _pictures(adoption: Adoption) -> list[str]:
    return [f"page {line.page}" for line in adoption.left_out if line.aside == PICTURE]


def _left_out(adoption: Adoption) -> list[str]:
    return [f"line {line.number}, {line.aside}: {line.text}" for line in adoption.left_out if line.aside != PICTURE]


def _mended(mend: Mend) -> str:
    if mend.about:
        return f"“{mend.words}” is about {', '.join(mend.about)}"
    return f"“{mend.words}” {'is ' + mend.kind if mend.kind else 'binds ' + mend.binds}"


def _section(title: str, rows: list[str], whole: bool) -> list[str]:
    if not rows:
        return []
    shown = rows if whole else rows[:SHOWN]
    more = [f"  and {len(rows) - len(shown)} more; --whole shows all"] if len(shown) < len(rows) else []
    return ["", title, *(f"  {row}" for row in shown), *more]


def _headings(parts: list[Part]) -> Iterator[str]:
    counted = Counter(part.heading for part in parts)
    for heading, number in counted.items():
        yield f"  {heading.rstrip(':') or '(no heading)'}: {number}"


def _asides(adoption: Adoption) -> list[str]:
    return [
        f"line {entry.unit.first.number}, {entry.kind}: {' '.join(entry.unit.text.split())}"
        for entry in adoption.read.entries
        if isinstance(entry, Aside)
    ]


def _very_long(parts: list[Part]) -> list[str]:
    sized = [(part.number, len(part.text.split())) for part in parts]
    return [f"{number}: {size} words; is a number missing in it?" for number, size in sized if size > VERY_LONG]


def _restarting(parts: list[Part]) -> list[str]:
    known = [part.number for part in parts if part.printed and re.match(r"\D{3,}\d", part.number)]
    if not known:
        return []
    return [f"{len(known)} numbers start again under their heading, so clauses are known as “{known[0]}”"]


def _counted(number: int, unit: str) -> str:
    return f"{number:,} {unit}" if number == 1 else f"{number:,} {unit}s"
