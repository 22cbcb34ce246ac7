"""agreement.md as `compact-bot adopt` writes it: before each clause a note with its number and what is known of it.

    <!-- clause 3.1.3 | printed 3.1.3. | under Funding | in 3.1 | binds Statutory Sector -->
    3.1.3. To give not less than six months notice of any reduction in funding, together with reasons.

The words and numbers below a note are as printed. A line that begins with # is the clause's title. Words that stand in
no clause have a note too: <!-- no clause: lead-in -->. Nothing is guessed here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.agreement import About, Agreement, Block, Clause, Place, typed_key

_NOTE = re.compile(r"<!--\s*(?:clause\s+(?P<fields>.+?)|no clause:\s*(?P<kind>.+?))\s*-->\s*$")
_MARKED = re.compile(r"^<!--\s*clause\s", re.MULTILINE)
_TITLE = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>.+)$")
_FIELDS = ("printed", "under", "in", "binds")


@dataclass
class _Noted:
    number: str
    known: dict[str, str]
    place: Place
    kind: str = ""
    lines: list[str] = field(default_factory=list)


def is_marked(text: str) -> bool:
    return bool(_MARKED.search(text))


def note(number: str, known: Mapping[str, str]) -> str:
    """The note that stands before a clause; fields without a value are left out."""
    fields = [number, *(f"{name} {known[name]}" for name in _FIELDS if known.get(name))]
    return f"<!-- clause {' | '.join(map(_safe, fields))} -->"


def no_clause(kind: str) -> str:
    return f"<!-- no clause: {kind} -->"


def as_words(line: str) -> str:
    """A printed line so that it is read as words, though it begins like a title or a note."""
    return re.sub(r"^(?=#|<!--|\\)", r"\\", line)


def _safe(value: str) -> str:
    """A value in which nothing ends a field or a note."""
    return re.sub(r"\s+", " ", re.sub(r"[\\|]|(?<=--)>", r"\\\g<0>", value))


def _unsafe(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)


def read_marked(text: str, file: Path, about: About) -> tuple[Agreement, list[str]]:
    """The agreement that a text with notes holds, with the problems that make it unfit to serve."""
    clauses: dict[str, Clause] = {}
    blocks: list[Block] = []
    problems: list[str] = []
    for noted in _noted(text, file):
        title, level, words = _title_and_words(noted)
        if noted.kind:
            kind: str = "heading" if title else "text"
            blocks.append(Block("heading" if kind == "heading" else "text", title or words, level))
            continue
        if not typed_key(noted.number):
            problems.append(f"{noted.place}: a clause without a number or a name")
            continue
        if earlier := clauses.get(noted.number):
            problems.append(
                f"{noted.place}: clause {noted.number} stands twice; it is first on line {earlier.place.line}"
            )
            continue
        known = noted.known
        if title:
            blocks.append(Block("heading", f"{known.get('printed', '')} {title}".strip(), level, noted.number))
        if words:
            blocks.append(Block("text", words, 8, noted.number))
        heading = title or known.get("under", "")
        side, parent = known.get("binds", ""), known.get("in", "")
        clauses[noted.number] = Clause(noted.number, title, words, side, parent, noted.place, heading)
    names = {party.name for party in about.parties}
    for clause in clauses.values():
        if clause.parent and clause.parent not in clauses:
            problems.append(f"{clause.place}: clause {clause.number} stands in {clause.parent}, which does not exist")
        if names and clause.party and clause.party not in names:
            problems.append(
                f"{clause.place}: clause {clause.number} binds {clause.party}, which about.toml does not name"
            )
    return Agreement(about, tuple(blocks), clauses), problems


def _noted(text: str, file: Path) -> list[_Noted]:
    found: list[_Noted] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _NOTE.match(line):
            place = Place(file, number)
            if match["kind"]:
                found.append(_Noted("", {}, place, match["kind"]))
            else:
                name, *fields = map(_unsafe, match["fields"].split(" | "))
                known = dict(f.split(" ", 1) for f in fields if f.split(" ", 1)[0] in _FIELDS and " " in f)
                found.append(_Noted(name.strip(), known, place))
        elif found and line.strip():
            found[-1].lines.append(line.strip())
    return found


def _title_and_words(noted: _Noted) -> tuple[str, int, str]:
    """The title, its level and the words below a note, without the printed number."""
    lines, printed = noted.lines, noted.known.get("printed", "")
    if lines and (found := _TITLE.match(lines[0])):
        title, level, lines = _without(found["text"], printed), len(found["marks"]), [_said(line) for line in lines[1:]]
    else:
        title, level, lines = "", 8, [_said(line) for line in lines]
        lines[:1] = [_without(line, printed) for line in lines[:1]]
    return title, level, "\n".join(line for line in lines if line)


def _said(line: str) -> str:
    return line.removeprefix("\\")


def _without(line: str, printed: str) -> str:
    return line[len(printed) :].strip() if printed and line.startswith(printed) else line
