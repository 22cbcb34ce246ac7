"""Lines -> units: one heading, numbered item, bullet or paragraph each, with wrapped lines joined again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from knowledge.adopting.labels import Label, labels_of
from knowledge.adopting.lines import BULLET, Line, bare, dangles, has_ended, is_wrapped, joined, starts_low
from knowledge.adopting.outline import Before, Outline, Placed, is_section
from knowledge.adopting.sides import only_a_side, sides_in

Kind = Literal["heading", "item", "bullet", "text"]
MOST_HEADING_WORDS = 12
_FINITE = re.compile(r"\b(?:will|shall|must|should|may|can|is|are|was|were|has|have)\b", re.IGNORECASE)


@dataclass(eq=False)
class Unit:
    kind: Kind
    text: str
    lines: list[Line]
    placed: Placed | None = None
    level: int = 0
    mark: str = ""  # the bullet as printed
    binds: str | None = None  # the side that an officer gave it
    apart: bool = False  # an officer said that it is a clause of its own
    contact: bool = False  # names and addresses at the end, whom to write to

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def column(self) -> str:
        return self.first.column


@dataclass
class _Reading:
    lines: list[Line]
    said: dict[int, str]
    wrapped: bool
    outline: Outline = field(default_factory=Outline)
    units: list[Unit] = field(default_factory=list)
    bound: bool = False  # the heading or lead-in above says who is bound, so each line may be a commitment
    width: int = 0  # of the longest line, where lines are wrapped
    rounds: bool = False  # "o" before a small letter is a bullet here
    items: frozenset[int] = frozenset()  # the lines of lists that lost their marks
    listing: bool = False  # the numbered item that stands open ends with a colon, so short lines are its list

    def read(self) -> list[Unit]:
        readings = [labels_of(line.text) for line in self.lines]
        labelled = [(i, found) for i, found in enumerate(readings) if found]
        place = 0
        for i, line in enumerate(self.lines):
            while place < len(labelled) and labelled[place][0] <= i:
                place += 1
            coming = [found for _, found in labelled[place : place + 6]]
            self._take(line, readings[i], coming, self.lines[i + 1] if i + 1 < len(self.lines) else None)
        return [piece for unit in self.units for piece in _listed(unit)]

    def _take(self, line: Line, readings: list[Label], coming: list[list[Label]], after: Line | None) -> None:
        last = self.units[-1] if self.units else None
        said = self.said.get(line.number, "")
        new_cell = bool(last and line.column != last.column)
        if last and last.text and last.kind == "text" and is_lead_in(last.text):
            self.outline.break_off("lead-in")
        before = self._before(last, line)
        if last and last.kind != "text":
            self.listing = last.kind == "item" and last.text.endswith(":")
        if line.number in self.items and not said:
            self.units.append(Unit("bullet", line.text, [line]))
        elif said:
            self._take_said(said, line, last)
        elif readings and (placed := self.outline.place(readings, before, coming)):
            self.units.append(Unit("item", placed.label.rest, [line], placed, line.heading))
        elif found := self._bullet(line.text, last):
            self.units.append(Unit("bullet", line.text[found.end() :], [line], mark=found["mark"]))
        elif line.heading:
            self._open("heading", line)
        elif last and (self._turns(last, line, after) or _REACHED_AT.match(line.text)):
            self._open("text", line)
        elif (last and last.kind == "item" and not last.text) or (
            last and not new_cell and self._goes_on(last, line, after)
        ):
            self._join(last, line)
        elif self._is_heading(line, before, after, coming):
            self._open("heading", line)
        elif last and self._same_paragraph(last, line) and not new_cell and not is_lead_in(line.text):
            last.text += "\n" + line.text
            last.lines.append(line)
        else:
            self._open("text", line)

    def _turns(self, last: Unit, line: Line, after: Line | None) -> bool:
        """Whether a list turns to another side: "and groups will", with more of the list below."""
        if after is None:
            return False
        listed = bool(self._bullet(after.text, last) or labels_of(after.text))
        joins = _AND.match(line.text) and is_lead_in(line.text) and bool(sides_in(line.text))
        both = (
            only_a_side(" ".join(last.text.split()[-1:])) is not None
        )  # "... before this the Council / and groups will:"
        return bool(joins) and listed and last.kind in ("item", "bullet") and not both

    def _same_paragraph(self, last: Unit, line: Line) -> bool:
        if line.column or (last.kind == "text" and not self.wrapped and (self.bound or has_ended(last.text))):
            return False
        if last.kind == "text" and self._broke_off(last, line):
            return False
        return last.kind != "heading" and not line.blank_before and not (last.kind == "item" and is_title(last))

    def _broke_off(self, last: Unit, line: Line) -> bool:
        """Whether a sentence ended where the next word would still have fitted: there the typist began a paragraph."""
        before = last.lines[-1]
        if before.full is not None or not has_ended(before.text):
            return False
        return len(before.text) + 1 + len(line.text.split()[0]) <= self.width

    def _take_said(self, said: str, line: Line, last: Unit | None) -> None:
        if said == "goes-on" and last:
            self._join(last, line)
        elif said == "clause" and (found := BULLET.match(line.text)):
            self.units.append(Unit("bullet", line.text[found.end() :], [line], mark=found["mark"], apart=True))
        else:
            self._open("heading" if said == "heading" else "text", line)
            self.units[-1].apart = said == "clause"

    def _open(self, kind: Kind, line: Line) -> None:
        if kind == "heading":
            self.outline.break_off()
            self.bound = bool(sides_in(line.text))
        elif line.text.rstrip().endswith(":"):
            self.bound = bool(sides_in(line.text))
        self.units.append(Unit(kind, line.text, [line], level=line.heading))

    def _join(self, unit: Unit, line: Line) -> None:
        unit.text = joined(unit.text, line.text)
        unit.lines.append(line)

    def _before(self, last: Unit | None, line: Line) -> Before:
        if last is None:
            return Before()
        titled = last.kind == "heading" or (last.kind == "item" and (not last.text or is_title(last)))
        new_cell = line.column != last.column
        return Before(
            last.text,
            line.blank_before or new_cell,
            titled or new_cell,
            last.kind != "heading" and is_lead_in(last.text),
        )

    def _goes_on(self, last: Unit, line: Line, after: Line | None) -> bool:
        """Whether a line goes on from the one before it in the middle of a sentence or paragraph."""
        previous = last.lines[-1]
        if last.kind == "heading":
            return not last.first.heading and not line.blank_before and dangles(last.text)
        if starts_low(line.text) and not (line.blank_before and has_ended(last.text)):
            return True
        if dangles(last.text) and not is_lead_in(last.text):
            return True
        if _COUNTS_ON.match(line.text) and not has_ended(last.text):
            return True
        if line.blank_before or line.column:
            return False
        if last.kind == "item" and _is_loud_title(last.text) and _is_loud_title(line.text) and not labels_of(line.text):
            return True
        if previous.full is not None:
            return previous.full and not (last.kind == "item" and is_title(last))
        if last.kind == "item" and is_title(last):
            return False
        return self.wrapped and not has_ended(last.text) and not _surely_heads(line, after)

    def _is_heading(self, line: Line, before: Before, after: Line | None, coming: Sequence[Sequence[Label]]) -> bool:
        text = line.text
        if after is None or not may_be_title(text) or is_lead_in(text) or line.column:
            return False
        if starts_low(after.text) and not self._bullet(after.text) and not labels_of(after.text):
            return False
        capitals = text.upper() == text
        loud = capitals or line.strong
        if self.listing and not loud and not (line.blank_before and self._goes_deeper(after)):
            return False
        if dangles(before.text) and not before.heading:
            return False
        if loud or line.blank_before:
            return True
        if before.heading:
            return not self._opens_paragraph(line, after)
        numbered_on = any(
            how == "next"
            and not (
                before.ended
                and (
                    label.begins_group
                    or sides_in(text) is not None
                    or self._comes_up(label)
                    or self._headed(label)
                    or self._list_is_closed()
                )
            )
            for label in labels_of(after.text)
            for how, _, _ in self.outline._choices(label, coming)
        )
        if _FINITE.search(text) and not text.endswith("?") and not asks(text):
            return False
        return not numbered_on and (before.ended or not self.wrapped or _surely_heads(line, after))

    def _list_is_closed(self) -> bool:
        """Whether the last item ends with a full stop and the one before it did not, as where a list ends."""
        items = [unit for unit in self.units[-2:] if unit.placed]
        closed = len(items) == 2 and items[1].text.endswith(".")
        return closed and items[0].text.rstrip().endswith((";", "; and", ","))

    def _comes_up(self, label: Label) -> bool:
        """Whether a number stands further out than the clause that is open: 5 after 4.1."""
        open_steps = len(self.outline.current.split(".")) + self.outline.current.count("(")
        return len(label.steps) < open_steps

    def _headed(self, label: Label) -> bool:
        """Whether each number of this kind so far stood right below a heading."""
        alike = [
            i
            for i, unit in enumerate(self.units)
            if unit.placed
            and (unit.placed.label.style, len(unit.placed.label.steps)) == (label.style, len(label.steps))
        ]
        return len(alike) > 1 and all(i and self.units[i - 1].kind == "heading" for i in alike)

    def _opens_paragraph(self, line: Line, after: Line) -> bool:
        """Whether a line right below a numbered heading is the first of a wrapped paragraph, and not a heading too."""
        last = self.units[-1] if self.units else None
        numbered = last is not None and last.kind == "item"
        goes_on = not after.blank_before and not labels_of(after.text) and not BULLET.match(after.text)
        return numbered and self.wrapped and goes_on and len(line.text) >= 40

    def _bullet(self, text: str, last: Unit | None = None) -> re.Match[str] | None:
        """A bullet; below another, "o" is one before a small letter too."""
        below = last is not None and (last.kind == "bullet" or last.text.endswith(":"))
        return BULLET.match(text) or (_ROUND.match(text) if below or self.rounds else None)

    def _goes_deeper(self, line: Line) -> bool:
        """Whether a line begins the first clause under the one that stands open: 3.1 after 3."""
        under = self.outline.current.split(".")
        return any(label.shown.split(".")[:-1] == under for label in labels_of(line.text))


def _is_loud_title(text: str) -> bool:
    """Whether words in capitals could be part of a title: "UNDERTAKINGS OF THE PRIMARY CARE" and "TRUST" below it."""
    return text.isupper() and not has_ended(text) and not text.rstrip().endswith(":")


def _surely_heads(line: Line, after: Line | None) -> bool:
    """Whether a line is a heading whatever is above it: the name of a usual section, or a side over its list."""
    if after is None:
        return False
    if _USUAL.match(line.text) and line.text[0].isupper() and not starts_low(after.text):
        return True
    if not may_be_title(line.text) or (not asks(line.text) and sides_in(line.text) is None):
        return False
    return bool(BULLET.match(after.text)) or any(label.is_first for label in labels_of(after.text))


def _listed(unit: Unit) -> list[Unit]:
    """The sentences of a list without marks, each begun on a line of its own; a paragraph breaks its lines anywhere."""
    pieces = unit.text.split("\n")
    if unit.kind != "text" or len(pieces) < 3 or not all(has_ended(p) and not _MID_SENTENCE.search(p) for p in pieces):
        return [unit]
    units, lines = [], list(unit.lines)
    for piece in pieces:
        held = [lines.pop(0)]
        while lines and len(bare(" ".join(line.text for line in held))) < len(bare(piece)):
            held.append(lines.pop(0))
        units.append(replace(unit, text=piece, lines=held))
    return units


_MID_SENTENCE = re.compile(r"[.;!?]['\"’”)]*\s+[A-Z]")


def _uses_rounds(lines: Sequence[Line]) -> bool:
    """Whether lines that begin with "o" stand one below another, as bullets do; Welsh has a word "o"."""
    return sum(bool(_ROUND.match(a.text) and _ROUND.match(b.text)) for a, b in pairwise(lines)) > 1


_ROUND = re.compile(r"(?P<mark>o)\s+(?=[a-z])")


_REACHED_AT = re.compile(r"(?:Contact|Telephone|Tel|E-?mail)\s*:|For (?:more|further) information\b")
_COUNTS_ON = re.compile(r"\d[\d.,]*(?:\s+[a-z]|$)")  # "... on day / 1 of the quarter", "... of December / 2010."
_USUAL = re.compile(
    r"(?:(?:our|the|shared|key|general) )?(?:foreword|introduction|preamble|background|purpose|scope|status|context"
    r"|summary|aims?|principles|vision|values|consultation|funding|finance|monitoring|disputes|complaints|review|contacts?)$",
    re.IGNORECASE,
)
_AND = re.compile(r"(?:and|while|whilst|but|in return,?|for (?:its|their) part,?)\s", re.IGNORECASE)
_SENTENCE_INSIDE = re.compile(r"[a-z]{3,}[.;] +[A-Z]")
_TRAILING = re.compile(r"\s*(?:…|\.{3,})\.?$")  # "When you use our services …"


def may_be_title(text: str) -> bool:
    words = text.split()
    if not words or len(words) > MOST_HEADING_WORDS or len(text) > 100:
        return False
    if dangles(text) and not text.isupper():
        return False
    if _SENTENCE_INSIDE.search(text) or (has_ended(_TRAILING.sub("", text)) and not text.endswith("?")):
        return False
    first = next((c for c in text if c.isalpha()), "")
    return first.isupper() and not re.search(r"\b(?:tel|telephone|email)\b[\s.:]*(?:\d|$)|@|\d{5}", text, re.IGNORECASE)


def is_title(unit: Unit) -> bool:
    """Whether a numbered line names what stands below it, rather than being a commitment itself."""
    text = unit.text
    if unit.level:
        return True
    if unit.placed and is_section(unit.placed.label.style) and len(text.split()) <= MOST_HEADING_WORDS:
        return "\n" not in text and not has_ended(text)
    if "\n" in text or not may_be_title(text):
        return False
    return text.upper() == text or text.endswith("?") or unit.first.strong or asks(text) or not _FINITE.search(text)


def asks(text: str) -> bool:
    """Whether words are the title of an answer: "What we promise", "How the Council will act"."""
    return bool(_ASKING.match(text)) and not has_ended(text)


_ASKING = re.compile(r"(?:what|how|who|why)\b", re.IGNORECASE)


def is_lead_in(text: str) -> bool:
    """Whether words lead to a list: "The Council will:", "both tiers agree"."""
    if text.rstrip().endswith(":"):
        return True
    if _PROMISED.search(text) or asks(text):
        return False
    return not has_ended(text) and len(text.split()) <= 40 and bool(_LEADS.search(text)) and sides_in(text) is not None


_PROMISED = re.compile(r"(?:['’]s?\s+(?i:promises|pledges)|\s(?:Promises|Pledges|PROMISES|PLEDGES))$")
_LEADS = re.compile(
    r"\b(?:will|shall|must|agrees?|undertakes?|commits?|pledges?|promises?)"
    r"(?: (?:to|that|also|each|both|therefore|always|jointly))*$",
    re.IGNORECASE,
)


def read_units(lines: Sequence[Line], said: dict[int, str] | None = None) -> list[Unit]:
    """The units of the lines that are part of the text. `said` is what an officer called a line by its number."""
    kept: list[Line] = []
    aside_between = False
    for line in lines:
        if line.aside:
            aside_between = True
            continue
        goes_on = aside_between and kept and not has_ended(kept[-1].text) and starts_low(line.text)
        kept.append(replace(line, blank_before=False) if goes_on else line)
        aside_between = False
    width = max((len(line.text) for line in kept), default=0)
    items = _unmarked_items(kept, width)
    wrapped = is_wrapped([line for line in kept if line.number not in items])
    return _Reading(kept, said or {}, wrapped, width=width, rounds=_uses_rounds(kept), items=items).read()


def _unmarked_items(lines: Sequence[Line], width: int) -> frozenset[int]:
    """The lines below a lead-in that each begin small and stop short, as a list does whose bullets were lost."""
    found: set[int] = set()
    for i, line in enumerate(lines):
        if not (line.text.rstrip().endswith(":") and is_lead_in(line.text)):
            continue
        listed: list[Line] = []
        for below in lines[i + 1 :]:
            plain = starts_low(below.text) and not labels_of(below.text) and not BULLET.match(below.text)
            if not plain or below.column or below.heading:
                break
            listed.append(below)
        short = all(_stops_short(a, b, width) for a, b in pairwise(listed))
        if len(listed) > 1 and short:
            found |= {below.number for below in listed}
    return frozenset(found)


def _stops_short(line: Line, after: Line, width: int) -> bool:
    """Whether a line ends where the next word would still have fitted, at no word that others must follow."""
    fits = len(line.text) + 1 + len(after.text.split()[0]) <= 0.8 * width
    return not dangles(line.text) and not line.full and (has_ended(line.text) or fits)
