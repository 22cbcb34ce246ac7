"""Units -> clauses: a number by which each is known, its heading, who is bound, and its words as printed."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.adopting.lines import bare, dangles, has_ended
from knowledge.adopting.outline import is_section
from knowledge.adopting.sides import Sides, only_a_side, settle, sides_in, subjects_of
from knowledge.adopting.units import Unit, is_lead_in, is_title

TITLE_WORDS = re.compile(
    r"\b(?:compact|charter|covenant|concordat|agreement|protocol|accord|partnership|statement|framework)\b",
    re.IGNORECASE,
)
NAMED = re.compile(r"\b(?:compact|charter|covenant|concordat)\b", re.IGNORECASE)
_CONTACTS = re.compile(r"contacts?\b|contact us\b", re.IGNORECASE)
_COVER = re.compile(r"\b(?:(?:19|20)\d\d|adopted|agreed|approved|between|version|edition)\b", re.IGNORECASE)
LONG_PREAMBLE = 25
MOST_NAME_WORDS = 7


@dataclass(eq=False)
class Part:
    """A clause as read. `printed` is its number on the page, "" where it has none; `heading` what it stands under."""

    number: str
    printed: str
    title: str
    heading: str
    units: list[Unit]
    text: str = ""
    side: str = ""
    inherited: str | None = None
    parent: str = ""
    leads: bool = False
    run: int = 0
    depth: int = 1


@dataclass(eq=False)
class Aside:
    """Words that stand in no clause but stay in the document: its title, its headings, its lead-ins."""

    kind: str
    unit: Unit
    level: int = 2


@dataclass
class Read:
    title: str
    entries: list[Part | Aside]
    sides: Sides
    guesses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def parts(self) -> list[Part]:
        return [entry for entry in self.entries if isinstance(entry, Part)]


@dataclass(eq=False)
class _Heading:
    level: float
    text: str
    side: str | None
    part: Part | None = None
    real: bool = True
    aside: Aside | None = None
    heads: bool = False  # another heading stands right below it


@dataclass
class _LeadIn:
    text: str
    side: str | None
    run: int = -1
    steps: int = 0


class _Assembling:
    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = list(units)
        self.entries: list[Part | Aside] = []
        self.headings: list[_Heading] = []
        self.lead_in: _LeadIn | None = None
        self.current: Part | None = None
        self.counts: Counter[str] = Counter()
        self.qualified = qualified_runs(self.units)
        self.by_number: dict[str, Part] = {}
        self.known: dict[str, str] = {}  # the number by which a printed one goes, where it starts again
        self.parents: set[str] = set()
        self.guesses: list[str] = []
        self.notes: list[str] = []
        self.bullets: list[tuple[int, Part]] = []

    def assemble(self) -> Read:
        start, title = self._front()
        for i in range(start, len(self.units)):
            self._take(i, self.units[i])
        self.parents = {part.parent for part in self.parts()}
        self._untitle()
        self.entries = [self._without_words(entry) for entry in self.entries]
        sides = self._settle_sides()
        return Read(title, self.entries, sides, self.guesses, self.notes)

    # ---- the title page ------------------------------------------------------------------------------------------

    def _front(self) -> tuple[int, str]:
        """Everything before the first heading with words under it: the cover, whose lines stand in no clause."""
        body = next((i for i in range(len(self.units)) if self._begins_body(i)), len(self.units))
        cover = self.units[:body]
        title = _title_of(
            [*cover, *(u for u in self.units[body : body + 1] if u.kind == "heading" and self._is_title(u))]
        )
        for unit in cover:
            if unit.kind == "text" and _is_preamble(unit.text):
                self._open_text(unit, "Preamble")
            else:
                self.entries.append(Aside("title page", unit, 1))
        self.headings, self.current = [], None
        if not title:
            title = self.units[0].text.split("\n")[0][:80] if self.units else ""
        self.guesses.append(f"the title: {title}")
        return body, title

    def _begins_body(self, i: int) -> bool:
        unit = self.units[i]
        if unit.kind in ("item", "bullet") or unit.column:
            return True
        after = self.units[i + 1] if i + 1 < len(self.units) else None
        if after is None:
            return True
        if unit.kind == "text" and is_lead_in(unit.text) and after.kind in ("item", "bullet"):
            return True
        if unit.kind != "heading":
            return False
        if after.kind == "heading":  # "Money" over "Council Undertakings" heads the text; other headings are a cover's
            again = any(u is not after and u.kind == "heading" and bare(u.text) == bare(after.text) for u in self.units)
            return (again or bool(sides_in(after.text))) and not self._is_title(unit) and not NAMED.search(after.text)
        if (NAMED.search(unit.text) or _COVER.search(unit.text)) and after.kind == "item" and is_title(after):
            return False
        if self._is_title(unit):
            return not any(u.kind == "heading" or u.placed or u.kind == "bullet" for u in self.units[i + 1 :])
        return after.kind != "text" or bool(re.search(r"[.;:](?:\s|$)", after.text))

    def _is_title(self, unit: Unit) -> bool:
        """Whether a heading is the document's own name rather than that of a section."""
        first = next((u for u in self.units if u.kind == "heading"), unit)
        if unit is first and unit is self.units[0]:
            return True
        repeated = any(u is not unit and bare(u.text) == bare(first.text) == bare(unit.text) for u in self.units)
        named = [u for u in self.units if u.kind == "heading" and NAMED.search(u.text)]
        return repeated or (
            bool(named) and unit is named[0] and len(unit.text.split()) <= 10 and not unit.text.endswith("?")
        )

    # ---- unit by unit --------------------------------------------------------------------------------------------

    def _take(self, i: int, unit: Unit) -> None:
        after = self.units[i + 1] if i + 1 < len(self.units) else None
        if unit.kind == "heading":
            self._take_heading(unit)
        elif unit.kind == "item":
            self._take_item(unit, after)
        elif unit.kind == "bullet":
            self._take_bullet(unit, after)
        elif after and self._leads(unit, after) and self._take_lead_in(unit, after):
            pass
        else:
            self._take_text(unit, i)

    def _leads(self, unit: Unit, after: Unit) -> bool:
        if not is_lead_in(unit.text):
            return False
        listed = after.kind == "text" and unit.text.rstrip().endswith(":") and bool(sides_in(unit.text))
        return after.kind in ("item", "bullet") or listed

    def _take_heading(self, unit: Unit) -> None:
        level = unit.level or self._level_of(unit)
        if not self.entries or (
            all(isinstance(e, Aside) and e.kind == "title page" for e in self.entries) and self._is_title(unit)
        ):
            self.entries.append(Aside("title page", unit, 1))
            return
        aside = Aside("heading", unit, min(int(level) + 1, 6))
        place = self.units.index(unit) + 1
        heads = place < len(self.units) and self.units[place].kind == "heading"
        self._push(_Heading(level, unit.text.replace("\n", " "), _heading_side(unit), aside=aside, heads=heads))
        self.entries.append(aside)
        self.current, self.lead_in, self.bullets = None, None, []

    def _level_of(self, unit: Unit) -> float:
        """The level of a heading for which the file gives none.

        One that stands right above another heads it. Below one that says who is bound, those up to the next such heading
        stand under it; after the last, only where the numbers run on.
        """
        numbered = max((h.level for h in self.headings if h.part and h.part.printed), default=0)
        top, below = numbered + 0.5, numbered + 0.75
        over = next((h for h in self.headings if h.level == top and h.real), None)
        place = self.units.index(unit)
        after = self.units[place + 1] if place + 1 < len(self.units) else None
        if over is None or not over.heads or (after and after.kind == "heading" and not after.level):
            return top
        side = _heading_side(unit)
        if over.side is None:
            return below if side is not None else top
        if side is not None:
            return top
        if any(u.kind == "heading" and _heading_side(u) for u in self.units[place + 1 :]):
            return below
        return below if after and after.placed and after.placed.how == "next" else top

    def _push(self, heading: _Heading) -> None:
        while self.headings and self.headings[-1].level >= heading.level:
            self.headings.pop()
        self.headings.append(heading)

    def _take_lead_in(self, unit: Unit, after: Unit) -> bool:
        side = unit.binds if unit.binds is not None else sides_in(unit.text)
        words = len(unit.text.split())
        if (
            self.current
            and self.current.text
            and not self.current.title
            and side is None
            and not self._in_list_layout()
        ):
            return False
        heads = (
            not self._real_heading()
            or (bool(side) and self._under_lead_in())
            or (not side and after.kind == "bullet" and words <= 12)
        )
        if not heads and not side:
            if self.headings and self._section_is_bare():
                self._open_intro(unit)
                self.lead_in = _LeadIn(unit.text, side, *_reach(after))
                return True
            return False
        if heads and words <= 20:
            aside = Aside("heading", unit, 3)
            self._push(_Heading(self._lead_level(), unit.text.replace("\n", " "), side, real=False, aside=aside))
            self.entries.append(aside)
            self.current = None
        else:
            self.entries.append(Aside("lead-in", unit, 0))
        self.lead_in = _LeadIn(unit.text, side, *_reach(after))
        self.bullets = []
        return True

    def _lead_level(self) -> float:
        return next(
            (h.level for h in self.headings if not h.real), max((h.level for h in self.headings), default=0) + 0.25
        )

    def _real_heading(self) -> bool:
        return any(h.real for h in self.headings)

    def _under_lead_in(self) -> bool:
        return bool(self.headings) and not self.headings[-1].real and self.current is None

    def _section_is_bare(self) -> bool:
        return self.current is None

    def _in_list_layout(self) -> bool:
        return bool(self.current and self.current.run in self.qualified)

    def _take_item(self, unit: Unit, after: Unit | None) -> None:
        placed = unit.placed
        assert placed is not None
        self._end_lead_in(unit)
        title = is_title(unit) and after is not None and self._heads(unit, after)
        depth = len(placed.number.split(".")) + placed.number.count("(")
        number = self._number_of(unit)
        if title:
            tops = placed.label.steps[-1:] == (0,) and len(placed.label.steps) == 2
            level = unit.level or (0.5 if is_section(placed.label.style) else 1 if tops else depth)
            self._push(heading := _Heading(level, unit.text, _heading_side(unit)))
            self.lead_in = None
            heading.part = part = self._add(number, placed.label.printed, unit.text, unit.text, unit)
        else:
            part = self._add(number, placed.label.printed, "", self._heading_for(unit), unit)
            part.text = unit.text
        part.run, part.depth = placed.run, depth
        part.parent = self._parent_of(number, placed.run)
        if placed.how in ("gap", "again"):
            self.notes.append(f"line {unit.first.number}: {placed.label.shown} does not follow the number before it")
        self.current, self.bullets = part, []

    def _heads(self, unit: Unit, after: Unit) -> bool:
        """Whether what comes next stands under this line: words, bullets or a number further in."""
        assert unit.placed is not None
        label = unit.placed.label
        if after.kind in ("text", "bullet") or is_section(label.style) or label.style.startswith("word"):
            return True
        if len(label.steps) == 2 and label.steps[1] == 0:  # 1.0, 2.0: the section's own number
            return True
        if after.kind == "heading" or not after.placed or not unit.placed:
            return bool(unit.level)
        mine, next_one = unit.placed, after.placed
        return next_one.run != mine.run or len(next_one.label.steps) > len(mine.label.steps) or (unit.level > 0)

    def _number_of(self, unit: Unit) -> str:
        placed = unit.placed
        assert placed is not None
        base, _, _ = placed.number.rpartition("(")
        if placed.run in self.qualified and not base:
            number = self._unique(f"{self._section()} {placed.label.shown}", placed.label.shown)
        elif base:
            number = self._unique(f"{self.known.get(base, base)}({placed.label.shown})", placed.label.shown)
        else:
            number = self._unique(placed.number, placed.label.shown)
        self.known[placed.number] = number
        return number

    def _unique(self, number: str, shown: str) -> str:
        if number not in self.by_number:
            return number
        section = self._section()
        side = self.lead_in.side if self.lead_in else next((h.side for h in reversed(self.headings) if h.side), None)
        choices = [f"{section} ({side}) {shown}"] if side else []
        choices += [f"{section} {shown}", *(f"{section} ({n}) {shown}" for n in range(2, 1000))]
        return next(choice for choice in choices if choice not in self.by_number)

    def _section(self) -> str:
        """The name of the section that stands open, by which its clauses are known."""
        if not self.headings:
            return "Clause"
        heading = self.headings[-1]
        if len(self.headings) > 1 and heading.side is not None and heading.real and not heading.part:
            above = self.headings[-2]  # "Money" over "Council Undertakings" and "Voluntary Sector Undertakings"
            heading = above if above.side is None and above.heads else heading
        if heading.part is None:
            self._make_section(heading)
        assert heading.part is not None
        return heading.part.number if heading.aside else _short(heading.text)

    def _make_section(self, heading: _Heading) -> None:
        """A heading becomes a clause without words of its own, under which those named after it stand."""
        assert heading.aside is not None
        name = heading.side if heading.side and not heading.real else _short(heading.text)
        name = "contact" if _CONTACTS.match(heading.text) else name
        choices = [
            name,
            *(f"{name} ({h.side})" for h in self.headings[:-1] if h.side),
            *(f"{name} ({n})" for n in range(2, 1000)),
        ]
        number = next(choice for choice in choices if choice not in self.by_number)
        above = [h.part.number for h in self.headings[:-1] if h.part]
        part = Part(
            number,
            "",
            heading.text,
            heading.text,
            [heading.aside.unit],
            parent=above[-1] if above else "",
            depth=heading.aside.level,
        )
        part.inherited = heading.side
        heading.part = self.by_number[number] = part
        self.entries[self.entries.index(heading.aside)] = part

    def _heading_for(self, unit: Unit) -> str:
        steps = len(unit.placed.number.split(".")) + unit.placed.number.count("(") if unit.placed else 99
        fitting = [h for h in self.headings if h.part is None or not h.part.printed or h.level < steps]
        return fitting[-1].text if fitting else ""

    def _parent_of(self, number: str, run: int) -> str:
        for shorter in shorter_numbers(number):
            if shorter in self.by_number and shorter != number:
                return shorter
        held = [h.part for h in self.headings if h.part and h.part.number != number]
        return held[-1].number if held and run != held[-1].run else ""

    def _take_bullet(self, unit: Unit, after: Unit | None) -> None:
        depth = unit.first.depth
        marks = [held.units[0].mark for _, held in self.bullets]
        inner = unit.mark not in marks and bool(marks) and self.bullets[-1][1].text.endswith(":")
        while self.bullets and self.bullets[-1][0] >= depth and not inner:
            self.bullets.pop()
        if self.bullets and sides_in(self.bullets[-1][1].text) is None:
            self._append(self.bullets[-1][1], unit)
            return
        if self.bullets:
            held = self.bullets[-1][1]
            part = self._add(self._next_in(held.number), unit.mark, "", held.heading, unit)
            part.parent, held.leads = held.number, True
        elif self.current and self.current.units[0].placed and not self._splits(self.current):
            self._append(self.current, unit)
            return
        elif self.current and self.current.units[0].placed and not self.lead_in_heads():
            part = self._add(
                self._next_in(self.current.number), unit.mark, "", self.current.title or self.current.heading, unit
            )
            part.parent = self.current.number
            self.current.leads = not self.current.title
        else:
            part = self._add(self._next_in(self._section()), unit.mark, "", self._section_heading(), unit)
            part.parent = self._section_parent()
        part.text = unit.text
        self.bullets.append((depth, part))

    def lead_in_heads(self) -> bool:
        return bool(self.headings) and not self.headings[-1].real

    def _splits(self, part: Part) -> bool:
        """Whether the bullets under a numbered clause are commitments of their own."""
        if self.lead_in or (part.title and not part.text):
            return True
        last = part.text.rsplit("\n", 1)[-1]
        return is_lead_in(last) and sides_in(last) is not None

    def _next_in(self, name: str) -> str:
        while True:
            self.counts[name] += 1
            n = self.counts[name]
            number = f"{name}({n})" if (name in self.by_number and name[:1].isdigit()) or "(" in name else f"{name} {n}"
            if number not in self.by_number:
                return number

    def _section_heading(self) -> str:
        return self.headings[-1].text if self.headings else ""

    def _section_parent(self) -> str:
        part = self.headings[-1].part if self.headings else None
        return part.number if part else ""

    def _take_text(self, unit: Unit, i: int) -> None:
        if self.current and self._belongs_to_current(unit):
            self._append(self.current, unit)
        elif self._leads_a_list(i) or (self.headings and _CONTACTS.match(self.headings[-1].text)):
            self._open_intro(unit)
        else:
            self._open_text(unit, self._section())
            self.lead_in = None
        self.bullets = []

    def _belongs_to_current(self, unit: Unit) -> bool:
        current = self.current
        assert current is not None
        if unit.column != current.units[-1].column:
            return False
        if current.units[0].placed:
            return current.run not in self.qualified or bool(current.title)
        return current.title != "" and bool(self.headings) and current is self.headings[-1].part

    def _leads_a_list(self, i: int) -> bool:
        """Whether bullets or numbers follow before the section ends, so that this paragraph introduces them."""
        if self.units[i].column:
            return False
        for unit in self.units[i + 1 :]:
            if unit.kind == "heading":
                return False
            if unit.kind in ("item", "bullet"):
                return True
        return False

    def _open_intro(self, unit: Unit) -> None:
        """Words between a heading and its list stand under the heading itself."""
        if not self.headings:
            self._open_text(unit, "Clause")
            return
        self._section()
        part = self.headings[-1].part
        assert part is not None
        if part.text and self.current is not part:
            self._open_text(unit, self._section())
            return
        self._append(part, unit)
        part.leads = is_lead_in(part.text)
        self.current = part

    def _open_text(self, unit: Unit, name: str) -> None:
        part = self._add(self._next_in(name), "", "", self._section_heading(), unit)
        part.text, part.parent = unit.text, self._section_parent()
        self.current = part

    def _append(self, part: Part, unit: Unit) -> None:
        line = f"{unit.mark} {unit.text}" if unit.kind == "bullet" else unit.text
        part.text = f"{part.text}\n{line}" if part.text else line
        part.units.append(unit)

    def _add(self, number: str, printed: str, title: str, heading: str, unit: Unit) -> Part:
        part = Part(number, printed, title, heading, [unit])
        part.inherited = self._bound_here(unit)
        self.by_number[number] = part
        self.entries.append(part)
        return part

    # ---- who is bound --------------------------------------------------------------------------------------------

    def _bound_here(self, unit: Unit) -> str | None:
        if unit.binds is not None:
            return unit.binds
        if unit.column:
            said = sides_in(unit.column)
            return only_a_side(unit.column) if said is None else said
        if self.lead_in and self.lead_in.side is not None:
            return self.lead_in.side
        return next((h.side for h in reversed(self.headings) if h.side is not None), None)

    def _end_lead_in(self, unit: Unit) -> None:
        placed = unit.placed
        if self.lead_in and placed:
            deeper = placed.run > self.lead_in.run or (
                placed.run == self.lead_in.run and len(placed.label.steps) >= self.lead_in.steps
            )
            if self.lead_in.run == 0 or not deeper:
                self.lead_in = None

    def _settle_sides(self) -> Sides:
        said: list[str] = []
        for part in self.parts():
            above = [part.inherited] * 3  # headings and lead-ins name a side more carefully than sentences
            said += [side for side in (*above, *subjects_of(part.text)) if side]
            if part.leads or self._has_children(part):
                said += [side for side in [sides_in(part.text)] * 3 if side]
        sides = settle(said)
        for part in self.parts():
            part.side = self._side_of(part, sides)
        return sides

    def _side_of(self, part: Part, sides: Sides) -> str:
        if (
            (part.leads or self._has_children(part))
            and part.text
            and sides_in(part.text.rsplit("\n", 1)[-1]) is not None
        ):
            return ""
        if part.units[0].binds is not None:
            return part.units[0].binds
        own = {sides.name(side) if side else "" for side in subjects_of(part.text) if side is not None}
        if own:
            return next(iter(own)) if len(own) == 1 else ""
        return sides.name(self._inherited(part) or "")

    def _inherited(self, part: Part) -> str | None:
        """The side that a numbered lead-in above binds, else the one of lead-ins and headings where it stands."""
        above = self.by_number.get(part.parent)
        if above and above.text and not above.title and above is not part:
            said = sides_in(above.text.rsplit("\n", 1)[-1]) if is_lead_in(above.text) else None
            if said is not None:
                return said
            return (
                self._inherited(above)
                if part.inherited is None or part.inherited == above.inherited
                else part.inherited
            )
        return part.inherited

    def _has_children(self, part: Part) -> bool:
        return part.number in self.parents

    def parts(self) -> list[Part]:
        return [entry for entry in self.entries if isinstance(entry, Part)]

    def _without_words(self, entry: Part | Aside) -> Part | Aside:
        """A number with nothing after it is no clause."""
        if isinstance(entry, Aside) or entry.text or entry.title or self._has_children(entry):
            return entry
        entry.units[0].text = entry.printed
        return Aside("number without words", entry.units[0], 0)

    def _untitle(self) -> None:
        """A short numbered line that heads nothing is a clause itself."""
        over = Counter(part.heading for part in self.parts())
        for part in self.parts():
            if part.title and not part.text and not self._has_children(part) and part.units[0].placed:
                if over[part.title] <= (part.heading == part.title):
                    part.text, part.title = part.title, ""


def shorter_numbers(number: str) -> Iterator[str]:
    """The numbers above one, the nearest first: "3.4(a)" -> "3.4", "3.4.0", "3", "3.0"; "Money 1" -> "Money"."""
    shorter = re.sub(_LAST_STEP, "", number)
    while shorter and shorter != number:
        yield shorter
        yield f"{shorter}.0"
        number, shorter = shorter, re.sub(_LAST_STEP, "", shorter)


_LAST_STEP = r"(?:\([^()]*\)|\.?\d+)[. ]*$|(?<=\S)[. ]+$"


def _is_preamble(text: str) -> bool:
    return text.rstrip().endswith(".") and (
        len(text.split()) >= LONG_PREAMBLE or bool(re.search(r"[.;]\s", text.rstrip()))
    )


def _reach(after: Unit) -> tuple[int, int]:
    return (after.placed.run, len(after.placed.label.steps)) if after.placed else (0, 0)


def _heading_side(unit: Unit) -> str | None:
    if unit.binds is not None:
        return unit.binds
    return sides_in(unit.text)


def _short(text: str) -> str:
    """A heading as a name: without the colon, and not so long that nobody would type it."""
    words = re.sub(r"\s+", " ", text.strip(" :.*|")).split(" ")
    words = words if len(words) <= MOST_NAME_WORDS else words[: MOST_NAME_WORDS - 2]
    while len(words) > 1 and dangles(" ".join(words)):
        words = words[:-1]
    return " ".join(words).rstrip(",;:") or "Clause"


def _title_of(cover: Sequence[Unit]) -> str:
    """What the document calls itself: the fullest line on its cover that says Compact, Charter or Covenant."""
    lines = [re.sub(r"\s+", " ", line.text) for unit in cover for line in unit.lines][:20]
    for pattern in (NAMED, TITLE_WORDS):
        named = [_with_line_before(lines, i) for i, text in enumerate(lines) if pattern.search(text)]
        if fitting := [title for title in named if len(title.split()) <= 14]:
            return max(fitting, key=lambda title: min(len(title.split()), 3))
    return lines[0] if lines else ""


def _with_line_before(lines: list[str], i: int) -> str:
    """ "Lees Compact" with the line that it goes on from."""
    short = len(lines[i].split()) <= 2 and i and not has_ended(lines[i - 1])
    return f"{lines[i - 1]} {lines[i]}" if short and bare(lines[i - 1]) != bare(lines[i]) else lines[i]


def assemble(units: Sequence[Unit]) -> Read:
    return _Assembling(units).assemble()


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
