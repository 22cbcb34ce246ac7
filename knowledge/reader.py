"""A source document (Markdown or plain text) -> clauses. Nothing printed is lost; every clause knows its line.

Understood: Markdown headings; in plain text, lines in capitals; numbers in the styles 1.1, 1.1.1, 4(a)(ii) and
"Clause 7"; lettered items below a numbered clause; headings or lead-ins that say who is bound ("Undertakings for
the VCOs", "The Council will:"); `<!-- part NAME: Title -->` before a part that has no number.
"""

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from knowledge.agreement import About, Agreement, AgreementError, Block, Clause, Party, Place, number_key
from knowledge.marked import is_marked, read_marked

FOLDER = Path(__file__).parent

_PART = re.compile(r"<!--\s*part\s+(?P<number>[\w.-]+)\s*:\s*(?P<title>.*?)\s*-->")
_COMMENT = re.compile(r"<!--.*?-->")
_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>.+?)\s*#*$")
_NUMBERED = re.compile(
    r"(?P<word>(?:clause|section|paragraph|article)\s+)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*(?:\([a-z]{1,5}\))*)(?P<mark>[.):]?)(?:\s+(?P<rest>\S.*))?$",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"\((?P<letter>[a-z]{1,5})\)\s+(?P<rest>\S.*)$")
_BULLET = re.compile(r"[-*•]\s+")
_BINDS = re.compile(
    r"(?:undertakings?|commitments?|responsibilit(?:y|ies)|dut(?:y|ies)|obligations?|promises)"
    r"\s+(?:for|of|by|on|from)\s+(?P<party>.+?):?$"
    r"|(?P<doer>.+?)\s+(?:will|shall|must|undertakes?(?:\s+to)?|agrees?(?:\s+to)?|commits?(?:\s+to)?)\s*:?$",
    re.IGNORECASE,
)
_LAST_STEP = re.compile(r"(\([a-z]+\)|\.?\d+)$")
_ROMAN = re.compile(r"[ivx]+$")


@dataclass
class _Draft:
    """A clause while its lines are still being read."""

    number: str
    title: str
    party: str
    parent: str
    place: Place
    level: int
    lines: list[str] = field(default_factory=list)

    def text(self) -> str:
        return re.sub(r"\n{2,}", "\n", "\n".join(self.lines)).strip()


class _Reading:
    def __init__(self, file: Path, parties: tuple[Party, ...]) -> None:
        self.file = file
        self.parties = parties
        self.plain = file.suffix != ".md"
        self.drafts: dict[str, _Draft] = {}
        self.order: list[_Draft | Block] = []
        self.current: _Draft | None = None
        self.headings: list[tuple[int, str, str]] = []  # level, number, text
        self.bound: tuple[int, str] = (0, "")  # the level that said who is bound, and who
        self.problems: list[str] = []

    def read(self, lines: list[str]) -> None:
        for index, raw in enumerate(lines, start=1):
            place = Place(self.file, index)
            line = raw.strip()
            if part := _PART.match(line):
                self.bound = (0, "")
                self._open(part["number"], part["title"], place, level=7)
            elif not (line := _COMMENT.sub("", line).strip()):
                self._continue("")
            elif heading := self._heading(line):
                self._take_heading(*heading, place)
            else:
                self._take_line(line, place)

    def _heading(self, line: str) -> tuple[int, str] | None:
        if marked := _HEADING.match(line):
            return len(marked["marks"]), marked["text"]
        bare = re.sub(r"^[\d.]+\s*", "", line)
        if self.plain and len(bare) > 3 and bare == bare.upper() and any(c.isalpha() for c in bare):
            numbered = _NUMBERED.match(line)
            return (number_depth(numbered["number"]) if numbered else 7), line
        if self.plain and not _BULLET.match(line) and (self._party_named(line)) and not _NUMBERED.match(line):
            return 7, line
        return None

    def _take_heading(self, level: int, text: str, place: Place) -> None:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        if level <= self.bound[0]:
            self.bound = (0, "")
        numbered = _NUMBERED.match(text)
        party = self._party_named(numbered["rest"] or "" if numbered else text)
        if party:
            self.bound = (level, party)
        if numbered:
            number, title = numbered["number"], (numbered["rest"] or "").strip()
            self.headings.append((level, number, title))
            self.order.append(Block("heading", text, level, number))
            self._open(number, title, place, level)
        else:
            self.headings.append((level, "", text))
            self.current = None
            self.order.append(Block("heading", text, level))

    def _take_line(self, line: str, place: Place) -> None:
        item = _BULLET.sub("", line, count=1)
        if (numbered := _NUMBERED.match(item)) and self._is_clause(numbered):
            rest = (numbered["rest"] or "").strip()
            title = rest if numbered["word"] and rest and not re.search(r"[.;:]$", rest) else ""
            self._open(numbered["number"], title, place, level=8)
            if title:
                self.order.append(Block("heading", f"{numbered['number']} {title}", 8, numbered["number"]))
            elif rest:
                self._continue(rest)
        elif (lettered := _LETTERED.match(item)) and self.current and self.current.number[0].isdigit():
            self._open(_lettered_number(self.current.number, lettered["letter"]), "", place, level=9)
            self._continue(lettered["rest"])
        elif self.current is None and (party := self._party_named(line)) and line.endswith(":"):
            self.bound = (9, party)
            self.order.append(Block("heading", line, 9))
        else:
            self._continue(line)

    def _is_clause(self, numbered: re.Match[str]) -> bool:
        """A lone integer opens a clause only with a mark after it or a word before it, and only in sequence."""
        if "." in numbered["number"] or "(" in numbered["number"]:
            return True
        if numbered["word"]:
            return True
        tops = [int(n) for n in self.drafts if n.isdigit()]
        expected = {int(numbered["number"])} if not tops else {max(tops) + 1}
        return bool(numbered["mark"]) and int(numbered["number"]) in expected

    def _open(self, number: str, title: str, place: Place, level: int) -> None:
        if earlier := self.drafts.get(number):
            self.problems.append(f"{place}: clause {number} stands twice; it is first on line {earlier.place.line}")
        parent = self._parent_of(number)
        party = self.bound[1]
        if not party and parent and (lead_in := self._party_named(self.drafts[parent].text())):
            party = lead_in
        draft = _Draft(number, title, party, parent, place, level)
        self.drafts.setdefault(number, draft)
        self.current = draft
        self.order.append(draft)

    def _parent_of(self, number: str) -> str:
        """The longest number already read that this one extends; "3.4.4" -> "3.4", "4(a)" -> "4"."""
        if not number[0].isdigit():
            return ""
        shorter = _LAST_STEP.sub("", number)
        while shorter and shorter not in self.drafts:
            shorter = _LAST_STEP.sub("", shorter)
        return shorter

    def _continue(self, line: str) -> None:
        if self.current is not None:
            self.current.lines.append(line)
        elif line:
            self.order.append(Block("text", line, 8))

    def _party_named(self, text: str) -> str:
        """The party that a heading or lead-in binds, or "" when it binds nobody or everybody."""
        found = _BINDS.match(text.strip().strip("*"))
        if not found:
            return ""
        named = re.sub(r"^the\s+", "", found["party"] or found["doer"], flags=re.IGNORECASE).strip()
        for party in self.parties:
            if named.casefold() in (word.casefold() for word in (party.name, *party.words)):
                return party.name
        return "" if self.parties or " and " in named or len(named.split()) > 6 else named

    def agreement(self, about: About) -> Agreement:
        clauses: dict[str, Clause] = {}
        blocks: list[Block] = []
        for entry in self.order:
            if isinstance(entry, Block):
                blocks.append(entry)
                continue
            text = entry.text()
            if text:
                blocks.append(Block("text", text, entry.level, entry.number))
            clauses.setdefault(
                entry.number, Clause(entry.number, entry.title, text, entry.party, entry.parent, entry.place)
            )
        for number, clause in clauses.items():
            clauses[number] = replace(clause, heading=_heading_of(clause, clauses))
        return Agreement(about, tuple(blocks), clauses)


def _lettered_number(before: str, letter: str) -> str:
    """The number of an item "(b)" or "(ii)" that follows clause `before`: 4(a) -> 4(b), 4(a)(i) or 4(a)(ii)."""
    steps = re.findall(r"\([a-z]+\)", before)
    stem = before[: len(before) - sum(map(len, steps))]
    last = steps[-1][1:-1] if steps else ""
    follows = len(letter) == len(last) == 1 and ord(letter) == ord(last) + 1
    if not steps:
        return f"{stem}({letter})"
    if len(steps) == 1:
        deeper = bool(_ROMAN.match(letter)) and not follows
        return f"{before}({letter})" if deeper else f"{stem}({letter})"
    deeper = bool(_ROMAN.match(letter)) and (bool(_ROMAN.match(last)) or not follows)
    return f"{stem}{steps[0]}({letter})" if deeper else f"{stem}({letter})"


def _heading_of(clause: Clause, clauses: dict[str, Clause]) -> str:
    while not clause.title and clause.parent:
        clause = clauses[clause.parent]
    return clause.title


def number_depth(number: str) -> int:
    return len(number_key(number))


def read_about(folder: Path) -> About:
    """The editor's notes on the document, or plain defaults where there are none.

    Raises AgreementError naming the file when about.toml is malformed.
    """
    file = folder / "about.toml"
    title = folder.name.replace("-", " ").title() + " Compact"
    if not file.exists():
        return About(title, title)
    text = read_text(file)
    try:
        data = tomllib.loads(text)
        parties = tuple(_party(p) for p in data.pop("party", ()))
        remarks = {number: r["text"] for r in data.pop("remark", ()) for number in r["clauses"]}
        data.setdefault("title", title)
        data.setdefault("source", data["title"])
        if edition := data.get("edition", ""):
            data["source"] = f"{data['source']}, edition {edition}"
        if wrong := next((name for name, value in data.items() if not isinstance(value, str)), ""):
            raise AgreementError(f"{file}:{_line_of(text, wrong)}: {wrong} must be words in quotation marks")
        return About(parties=parties, remarks=remarks, **data)
    except _WordsError as error:
        raise AgreementError(f"{file}:{_line_of(text, 'words', error.said)}: {error}") from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        line = found[1] if (found := re.search(r"at line (\d+)", str(error))) else "1"
        raise AgreementError(f"{file}:{line}: not readable as the editor's notes: {error}") from error


class _WordsError(ValueError):
    """The everyday words of a side are no list."""

    def __init__(self, said: object) -> None:
        super().__init__(f"words must be a list, such as words = [{str(said)!r}]")
        self.said = str(said)


def _party(fields: dict[str, Any]) -> Party:
    name, words = fields["name"], fields.get("words", ())
    if not isinstance(name, str) or not name.strip():
        raise TypeError("a party's name must be words in quotation marks")
    if not isinstance(words, list | tuple) or not all(isinstance(word, str) for word in words):
        raise _WordsError(words)
    return Party(name, tuple(words))


def _line_of(text: str, name: str, value: str = "") -> int:
    lines = enumerate(text.splitlines(), start=1)
    return next((n for n, line in lines if line.strip().startswith(name) and value in line), 1)


def document_of(folder: Path) -> Path:
    for name in ("agreement.md", "agreement.txt"):
        if (folder / name).exists():
            return folder / name
    raise AgreementError(f"{folder}: there is no agreement.md or agreement.txt")


def read_text(file: Path) -> str:
    """What stands in a file of the folder. Raises AgreementError naming the file when it is no text in UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise AgreementError(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise AgreementError(f"{file}:{line}: not text in UTF-8; take it in with: compact-bot adopt {file}") from error


def read_document(folder: Path) -> tuple[Agreement, list[str]]:
    """The agreement in a folder, with the problems that make it unfit to serve (duplicate numbers)."""
    about, file = read_about(folder), document_of(folder)
    text = read_text(file)
    if is_marked(text):
        return read_marked(text, file, about)
    reading = _Reading(file, about.parties)
    reading.read(text.splitlines())
    agreement = reading.agreement(about)
    if not agreement.parts:
        reading.problems.append(f"{file}:1: no clause was found; are the paragraphs numbered?")
    return agreement, reading.problems


def read_agreement(folder: Path) -> Agreement:
    """The agreement in a folder. Raises AgreementError with file and line when it is unfit to serve."""
    agreement, problems = read_document(folder)
    if problems:
        raise AgreementError("\n".join(problems))
    return agreement


def find_folder(name: str) -> Path:
    """An agreement by the name of its folder beside this file, or by a path. Raises AgreementError."""
    for folder in (FOLDER / name, Path(name)):
        if folder.is_dir():
            return folder
    raise AgreementError(f"there is no agreement called {name!r}: no such folder in knowledge/, and no such path")
