"""What people really say: phrasings of each clause, and questions on which the agreement is silent.

Plain Markdown that an officer can edit. `phrasebook/*.md`, one file for each point of view: a heading with the
clause's number, then one phrasing a line. `silences/*.md`: a heading with a subject, or with the number of the
clause that comes nearest; under it optional `Nearby:`, `Missing:` and `Ask:` lines, then one question a line.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.agreement import Agreement, Place


@dataclass(frozen=True)
class Phrasing:
    number: str
    words: str
    view: str
    place: Place


@dataclass(frozen=True)
class Silence:
    """A subject that the agreement does not settle: what stands nearby, what is missing, whom to ask."""

    subject: str
    nearby: tuple[str, ...]
    missing: str
    ask: str
    questions: tuple[str, ...]
    view: str
    place: Place


@dataclass(frozen=True)
class Phrasebook:
    phrasings: tuple[Phrasing, ...]
    silences: tuple[Silence, ...]


@dataclass(frozen=True)
class _Section:
    heading: str
    fields: dict[str, str]
    lines: tuple[tuple[str, Place], ...]
    place: Place


def _sections(file: Path) -> Iterator[_Section]:
    heading, place, fields, lines = "", Place(file, 1), dict[str, str](), list[tuple[str, Place]]()
    for number, raw in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1):
        line = raw.strip()
        if line.startswith("## "):
            if heading:
                yield _Section(heading, fields, tuple(lines), place)
            heading, place, fields, lines = line[3:].strip(), Place(file, number), {}, []
        elif line.startswith("- ") and line[2:].strip():
            lines.append((line[2:].strip(), Place(file, number)))
        elif heading and ": " in line:
            name, value = line.split(": ", 1)
            fields[name] = value.strip()
    if heading:
        yield _Section(heading, fields, tuple(lines), place)


def read_labelled(folder: Path) -> list[tuple[str, str]]:
    """What people say, with the label it stands under, from a folder of files by point of view."""
    return [
        (section.heading, line)
        for file in sorted(folder.glob("*.md"))
        for section in _sections(file)
        for line, _ in section.lines
    ]


def read_phrasebook(folder: Path, agreement: Agreement) -> tuple[Phrasebook, list[str]]:
    """The phrasebook of an agreement's folder, and a line with file and line number for each thing wrong in it."""
    phrasings: list[Phrasing] = []
    silences: list[Silence] = []
    problems: list[str] = []
    for file in sorted((folder / "phrasebook").glob("*.md")):
        for section in _sections(file):
            if not agreement.clause(section.heading):
                problems.append(f"{section.place}: phrasings for clause {section.heading}, which does not exist")
            phrasings += (Phrasing(section.heading, line, file.stem, place) for line, place in section.lines)
    for file in sorted((folder / "silences").glob("*.md")):
        for section in _sections(file):
            silence = _silence(section, agreement)
            silences.append(silence)
            problems += (
                f"{section.place}: nearby clause {number}, which does not exist"
                for number in silence.nearby
                if not agreement.clause(number)
            )
    return Phrasebook(tuple(phrasings), tuple(silences)), problems


def _silence(section: _Section, agreement: Agreement) -> Silence:
    nearby = tuple(n.strip() for n in section.fields.get("Nearby", "").split(",") if n.strip())
    if agreement.clause(section.heading):
        nearby = nearby or (section.heading,)
    return Silence(
        subject=section.heading,
        nearby=nearby,
        missing=section.fields.get("Missing", ""),
        ask=section.fields.get("Ask", ""),
        questions=tuple(line for line, _ in section.lines),
        view=section.place.file.stem,
        place=section.place,
    )
