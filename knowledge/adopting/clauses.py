"""Units -> clauses: a number by which each is known, its heading, who is bound, and its words as printed."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.adopting.binding import bind
from knowledge.adopting.cover import cover_of, is_preamble, is_the_title
from knowledge.adopting.lines import bare, has_ended
from knowledge.adopting.naming import qualified_runs, short_name, shorter_numbers
from knowledge.adopting.outline import Placed, is_section
from knowledge.adopting.parts import Aside, Part, Read
from knowledge.adopting.sides import family, legible, only_a_side, sides_in, subjects_of
from knowledge.adopting.units import Unit, is_lead_in, is_title, may_be_title

_CONTACTS = re.compile(r"contacts?\b|contact us\b", re.IGNORECASE)

_DOES = re.compile(
    r"(?!(?:a|an|the|each|every|any|all|this|these|it|they|there|where|when|if|both|no|nobody|everybody|everyone"
    r"|those|people)\b)"
    r"(?:to |not to |will |shall |must )?[A-Za-z]+ (?!is\b|are\b|will\b|shall\b|must\b|may\b)",
    re.IGNORECASE,
)
_WE = re.compile(r"(?:in return,?\s+)?we\b", re.IGNORECASE)
_REACHED = re.compile(  # a telephone number, an address, a website
    r"\b(?:tel|telephone|phone|fax|e-?mail)\b[ .:]|\S@\S+\.\w|\bwww\.|https?:|\b0\d{2,4} ?\d{5,6}\b"
    r"|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b",
    re.IGNORECASE,
)
_ENQUIRIES = re.compile(
    r"(?:for (?:more|further) (?:information|details|about|on)|to find out more|if you (?:have any|would like|need) "
    r"|copies of this|tel(?:ephone)?\b[ .:]|e-?mail[ :]|this document is available)\b",
    re.IGNORECASE,
)


@dataclass(eq=False)
class _Heading:
    level: float
    unit: Unit
    side: str | None
    part: Part | None = None
    real: bool = True
    aside: Aside | None = None
    heads: bool = False  # another heading stands right below it

    @property
    def text(self) -> str:
        return self.unit.text.replace("\n", " ")


@dataclass
class _LeadIn:
    text: str
    side: str | None
    run: int = -1
    steps: int = 0


class _Assembling:
    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = _contacts_together(units)
        self.entries: list[Part | Aside] = []
        self.headings: list[_Heading] = []
        self.lead_in: _LeadIn | None = None
        self.current: Part | None = None
        self.counts: Counter[str] = Counter()
        self.qualified = qualified_runs(self.units)
        self.by_number: dict[str, Part] = {}
        self.known: dict[str, str] = {}  # the number by which a printed one goes, where it starts again
        self.parents: set[str] = set()
        self.notes: list[str] = []
        self.bullets: list[tuple[int, Part]] = []
        self.named = _sides_that_head(self.units)

    def assemble(self) -> Read:
        start, title = cover_of(self.units)
        self._take_cover(self.units[:start])
        for i in range(start, len(self.units)):
            self._take(i, self.units[i])
        self.parents = {part.parent for part in self.parts()}
        self._untitle()
        self.entries = [self._without_words(entry) for entry in self.entries]
        return Read(title, self.entries, bind(self.parts()), [f"the title: {title}"], self.notes)

    def _take_cover(self, cover: Sequence[Unit]) -> None:
        for unit in cover:
            if unit.kind == "text" and is_preamble(unit.text):
                self._open_text(unit, "Preamble")
            else:
                self.entries.append(Aside("title page", unit, 1))
        self.current = None

    def _take(self, i: int, unit: Unit) -> None:
        after = self.units[i + 1] if i + 1 < len(self.units) else None
        if unit.kind == "heading":
            self._take_heading(unit)
        elif unit.placed:
            self._take_item(unit, unit.placed, after)
        elif unit.kind == "bullet":
            self._take_bullet(unit)
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
        self.headings = [heading for heading in self.headings if heading.real]  # a heading ends what a lead-in leads
        level = unit.level or self._level_of(unit)
        if not self.entries or (
            all(isinstance(e, Aside) and e.kind == "title page" for e in self.entries)
            and is_the_title(self.units, unit)
        ):
            self.entries.append(Aside("title page", unit, 1))
            return
        aside = Aside("heading", unit, min(int(level) + 1, 6))
        place = self.units.index(unit) + 1
        heads = place < len(self.units) and self.units[place].kind == "heading"
        self._push(_Heading(level, unit, self._heading_side(unit), aside=aside, heads=heads))
        self.entries.append(aside)
        self.current, self.lead_in, self.bullets = None, None, []

    def _level_of(self, unit: Unit) -> float:
        """The level of a heading for which the file gives none.

        One that stands right above another heads it. Below one that says who is bound, those up to the next such
        heading stand under it; after the last, those that look or are called like ones before, or where the numbers
        run on. After the last number, a heading stands beside the numbered ones ("Contacts"). Where one that says who
        is bound stands over numbered sections, so does the next.
        """
        numbered = max((h.level for h in self.headings if h.part and h.part.printed), default=0)
        top, below = numbered + 0.5, numbered + 0.75
        over = next((h for h in self.headings if h.level == top and h.real), None)
        place = self.units.index(unit)
        if numbered and self._heading_side(unit) is None and not any(u.placed for u in self.units[place + 1 :]):
            return min(h.level for h in self.headings if h.part and h.part.printed)
        after = self.units[place + 1] if place + 1 < len(self.units) else None
        if over is None and after and after.placed and len(after.placed.label.steps) == 1 and is_title(after):
            outer = [h for h in self.headings if h.real and not h.part and h.side is not None and h.level < numbered]
            if outer and self._heading_side(unit) is not None:
                return outer[-1].level
        if over is None or not over.heads or (after and after.kind == "heading" and not after.level):
            return top
        side = self._heading_side(unit)
        if over.side is None:
            return below if side is not None else top
        if side is not None:
            return top
        if unit.text.isupper() != over.text.isupper():
            return top if unit.text.isupper() else below
        called = Counter(u.text.casefold() for u in self.units if u.kind == "heading")
        under = (
            self.headings[-1] is over and self.current is None,
            any(u.kind == "heading" and self._heading_side(u) for u in self.units[place + 1 :]),
            called[unit.text.casefold()] > 1,
            bool(after and after.placed and after.placed.how == "next"),
        )
        return below if any(under) else top

    def _push(self, heading: _Heading) -> None:
        while self.headings and self.headings[-1].level >= heading.level:
            self.headings.pop()
        self.headings.append(heading)

    def _take_lead_in(self, unit: Unit, after: Unit) -> bool:
        side = unit.binds if unit.binds is not None else self._said_side(unit.text)
        words = len(unit.text.split())
        inside = self.current and self.current.text and not self.current.title and not self._in_list_layout()
        if inside and side is None:
            return False
        heads = (
            not self._real_heading()
            or (bool(side) and self._under_lead_in())
            or (not side and after.kind == "bullet" and words <= 12 and not (side == "" and self._opens_real_heading()))
        )
        ends = side == "" and (
            self.lead_in is not None or self._lead_in_heads()
        )  # "Together they will" after "Groups will"
        heads = heads or (ends and self._lead_in_heads())
        if not heads and not side and not ends:
            if self.headings and self.current is None:
                self._open_intro(unit)
                self.lead_in = _LeadIn(unit.text, side, *_reach(after))
                return True
            return False
        if heads and words <= 20:
            aside = Aside("heading", unit, 3)
            self._push(_Heading(self._lead_level(), unit, side, real=False, aside=aside))
            self.entries.append(aside)
            self.current = None
        else:
            self.entries.append(Aside("lead-in", unit, 0))
        self.lead_in = _LeadIn(unit.text, side, *_reach(after))
        self.bullets = []
        return True

    def _said_side(self, text: str) -> str | None:
        """The side of a lead-in; "We will:" is said by the side that the heading above names."""
        side = sides_in(text)
        if side != "" or not _WE.match(text):
            return side
        return next((h.side for h in reversed(self.headings) if h.real and h.side is not None), side)

    def _heads(self, unit: Unit, placed: Placed, after: Unit) -> bool:
        """Whether a numbered line has something under it, at once or below headings: "3: Policy" over "The Council"."""
        if after.kind == "heading":
            below = self.units[self.units.index(unit) + 1 :]
            first = next((u.placed for u in below if u.kind != "heading"), None)
            deeper = first and first.run == placed.run and len(first.label.steps) > len(placed.label.steps)
            return bool(deeper) or _heads(unit, placed, after)
        return _heads(unit, placed, after)

    def _lead_level(self) -> float:
        return next(
            (h.level for h in self.headings if not h.real), max((h.level for h in self.headings), default=0) + 0.25
        )

    def _real_heading(self) -> bool:
        return any(h.real for h in self.headings)

    def _opens_real_heading(self) -> bool:
        """Whether a heading stands right above."""
        if not self.headings or not self.headings[-1].real:
            return False
        part = self.headings[-1].part
        return self.current is None or (self.current is part and not part.text)

    def _under_lead_in(self) -> bool:
        return bool(self.headings) and not self.headings[-1].real and self.current is None

    def _in_list_layout(self) -> bool:
        return bool(self.current and self.current.run in self.qualified)

    def _take_item(self, unit: Unit, placed: Placed, after: Unit | None) -> None:
        self._end_lead_in(placed)
        title = (
            after is not None and (is_title(unit) or self._is_titled(unit, placed)) and self._heads(unit, placed, after)
        )
        depth = _depth(placed.number)
        number = self._number_of(placed)
        if title:
            tops = placed.label.steps[-1:] == (0,) and len(placed.label.steps) == 2
            worded = is_section(placed.label.style) or placed.label.style.startswith("word")
            level = unit.level or (0.5 if worded else 1 if tops else depth)
            self._push(heading := _Heading(level, unit, self._heading_side(unit)))
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

    def _is_titled(self, unit: Unit, placed: Placed) -> bool:
        """Whether a numbered line heads what is below it, though it reads like a sentence.

        "4 When the Compact is broken" over 4.1; "2: The Council agrees to" after "1: Purpose".
        """
        place = self.units.index(unit) + 1
        below = self.units[place].placed if place < len(self.units) else None
        over = below and below.run == placed.run and below.label.steps[: len(placed.label.steps)] == placed.label.steps
        if (over or placed.label.steps[1:] == (0,)) and may_be_title(unit.text) and not is_lead_in(unit.text):
            return True
        if len(placed.label.steps) > 1 or "(" in placed.number or not is_lead_in(unit.text) or "\n" in unit.text:
            return False
        beside = [u for u in self.units if u is not unit and u.placed and u.placed.run == placed.run]
        level = [u for u in beside if u.placed and len(u.placed.label.steps) == 1 and not is_lead_in(u.text)]
        return bool(level) and all(is_title(u) for u in level)

    def _number_of(self, placed: Placed) -> str:
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
        choices = [f"{section} ({legible(side)}) {shown}"] if side else []
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
        part = heading.part or self._make_section(heading)
        return part.number if heading.aside else short_name(heading.text)

    def _make_section(self, heading: _Heading) -> Part:
        """A heading becomes a clause without words of its own, under which those named after it stand."""
        name = heading.side if heading.side and not heading.real else short_name(heading.text)
        name = "contact" if _CONTACTS.match(heading.text) else name
        choices = [
            name,
            *(f"{name} ({legible(h.side)})" for h in self.headings[:-1] if h.side),
            *(f"{name} ({n})" for n in range(2, 1000)),
        ]
        number = next(choice for choice in choices if choice not in self.by_number)
        above = [h.part.number for h in self.headings[:-1] if h.part]
        part = Part(
            number,
            "",
            heading.text,
            heading.text,
            [heading.unit],
            parent=above[-1] if above else "",
            depth=heading.aside.level if heading.aside else 1,
        )
        part.inherited = heading.side
        heading.part = self.by_number[number] = part
        if heading.aside:
            self.entries[self.entries.index(heading.aside)] = part
        return part

    def _heading_for(self, unit: Unit) -> str:
        steps = _depth(unit.placed.number) if unit.placed else 99
        run = unit.placed.run if unit.placed else 0
        fitting = [
            h
            for h in self.headings
            if h.part is None or not h.part.printed or min(h.level, h.part.depth) < steps or (run and h.part.run != run)
        ]
        return fitting[-1].text if fitting else ""

    def _parent_of(self, number: str, run: int) -> str:
        for shorter in shorter_numbers(number):
            if shorter in self.by_number and shorter != number:
                return shorter
        held = [h.part for h in self.headings if h.part and h.part.number != number]
        return held[-1].number if held and run != held[-1].run else ""

    def _take_bullet(self, unit: Unit) -> None:
        depth = unit.first.depth
        if self.bullets and self.bullets[-1][1].units[0].column != unit.column:
            self.bullets = []
        marks = [held.units[0].mark for _, held in self.bullets]
        inner = unit.mark not in marks and bool(marks) and self.bullets[-1][1].text.endswith(":")
        while self.bullets and self.bullets[-1][0] >= depth and not inner:
            self.bullets.pop()
        if self.bullets and sides_in(self.bullets[-1][1].text) is None and not unit.apart:
            self._append(self.bullets[-1][1], unit)
            return
        if self.bullets:
            held = self.bullets[-1][1]
            part = self._add(self._next_in(held.number), unit.mark, "", held.heading, unit)
            part.parent, held.leads = held.number, True
        elif self.current and self.current.units[0].placed and not (unit.apart or self._splits(self.current)):
            self._append(self.current, unit)
            return
        elif self.current and self.current.units[0].placed and not self._lead_in_heads():
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

    def _lead_in_heads(self) -> bool:
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
            number = f"{name}({n})" if re.search(r"^\d|\d\(\w+\)$", name) else f"{name} {n}"
            if number not in self.by_number:
                return number

    def _section_heading(self) -> str:
        return self.headings[-1].text if self.headings else ""

    def _section_parent(self) -> str:
        part = self.headings[-1].part if self.headings else None
        return part.number if part else ""

    def _take_text(self, unit: Unit, i: int) -> None:
        if (_ENQUIRIES.match(unit.text) or unit.contact) and "contact" not in self.by_number:
            heading = self._section_heading()
            heading = "" if unit.contact and not _CONTACTS.match(heading) else heading
            self.current = self._add("contact", "", "", heading, unit)
            self.current.text = unit.text
        elif self.current and self._belongs_to(self.current, unit):
            self._append(self.current, unit)
        elif self._leads_a_list(i) or (self.headings and _CONTACTS.match(self.headings[-1].text)):
            self._open_intro(unit)
        else:
            self._open_text(unit, self._section())
            self.lead_in = None
        self.bullets = []

    def _belongs_to(self, current: Part, unit: Unit) -> bool:
        if unit.apart or unit.column != current.units[-1].column:
            return False
        if current.title and current.text and _bind_others(current.text, unit.text):
            return False
        if current.units[0].placed:
            return current.run not in self.qualified or bool(current.title)
        return current.title != "" and bool(self.headings) and current is self.headings[-1].part

    def _leads_a_list(self, i: int) -> bool:
        """Whether bullets or numbers follow before the section ends, so that this paragraph introduces them."""
        if self.units[i].column:
            return False
        for unit in self.units[i + 1 :]:
            if unit.kind == "heading" or (unit.placed and is_title(unit)):
                return False
            if unit.kind in ("item", "bullet"):
                return True
        return False

    def _open_intro(self, unit: Unit) -> None:
        """Words between a heading and its list stand under the heading itself."""
        if not self.headings:
            self._open_text(unit, "Clause")
            return
        part = self.headings[-1].part or self._make_section(self.headings[-1])
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

    def _heading_side(self, unit: Unit) -> str | None:
        side = _heading_side(unit)
        return _named_in(unit.text) if side is None and bare(unit.text) in self.named else side

    def _end_lead_in(self, placed: Placed) -> None:
        if self.lead_in:
            deeper = placed.run > self.lead_in.run or (
                placed.run == self.lead_in.run and len(placed.label.steps) >= self.lead_in.steps
            )
            if self.lead_in.run == 0 or not deeper:
                self.lead_in = None

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
            heads = part.text or self._has_children(part) or over[part.title] > (part.heading == part.title)
            if part.title and part.units[0].placed and not heads:
                part.text, part.title = part.title, ""


def _contacts_together(units: Sequence[Unit]) -> list[Unit]:
    """The units with the names, addresses and numbers at a document's end as one, whom to write to."""
    start = len(units)
    while start > 1 and _may_be_contact(units[start - 1]):
        start -= 1
    while start < len(units) and units[start].kind == "heading" and _CONTACTS.match(units[start].text):
        start += 1
    found = list(units[start:])
    reached = next((i for i, unit in enumerate(found) if _REACHED.search(unit.text)), None)
    if reached is None:
        return list(units)
    if start and not _CONTACTS.match(units[start - 1].text):
        start, found = start + max(reached - 1, 0), found[max(reached - 1, 0) :]
    text = "\n".join(unit.text for unit in found)
    return [*units[:start], Unit("text", text, [line for unit in found for line in unit.lines], contact=True)]


def _may_be_contact(unit: Unit) -> bool:
    plain = unit.kind in ("heading", "text") and not unit.placed and not unit.column and not unit.apart
    return plain and len(unit.text.split()) <= 20 and not has_ended(unit.text)


def _bind_others(first: str, second: str) -> bool:
    """Whether two paragraphs bind two sides, so that they are no one clause."""
    mine, others = (set(filter(None, subjects_of(text))) for text in (first, second))
    return bool(mine) and bool(others) and not mine & others


def _reach(after: Unit) -> tuple[int, int]:
    return (after.placed.run, len(after.placed.label.steps)) if after.placed else (0, 0)


def _heading_side(unit: Unit) -> str | None:
    if unit.binds is not None:
        return unit.binds
    return sides_in(unit.text)


def _named_in(text: str) -> str | None:
    """The side of a heading that only names it: "The Council", "For the voluntary sector"."""
    return only_a_side(re.sub(r"^for\s+(?=the |all |each |both )", "", text, flags=re.IGNORECASE))


def _depth(number: str) -> int:
    """How far in a number stands: 2 for "3.4" and "B2", 3 for "3.4(a)"."""
    return len(number.split(".")) + number.count("(") + bool(re.match(r"[A-Z]\d", number))


def _with_what_is_below(units: Sequence[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Each unit with what stands below it: "The Council" with "1.1.1 Give notice", though "1.1 Funding" is between."""
    for place, unit in enumerate(units[:-1]):
        below = units[place + 1 : place + 3]
        first, second = below[0].placed, below[-1].placed
        deeper = first and second and first.run == second.run and len(second.label.steps) > len(first.label.steps)
        yield unit, below[-1] if deeper and is_title(below[0]) else below[0]


def _sides_that_head(units: Sequence[Unit]) -> set[str]:
    """The headings that are only a side's name, where those of two sides or more stand over lists of what each does."""
    found = {
        bare(unit.text): side
        for unit, after in _with_what_is_below(units)
        if (unit.kind == "heading" or (unit.placed and is_title(unit))) and after.kind != "heading"
        if sides_in(unit.text) is None and (side := _named_in(unit.text)) is not None
        if _DOES.match(after.text)
        or is_lead_in(after.text)
        or subjects_of(after.text)[:1] == [side]
        or _WE.match(after.text)
        if after.kind != "text" or len(after.text.split()) <= 40
    }
    return set(found) if len({family(side) or side for side in found.values() if side}) > 1 else set()


def _heads(unit: Unit, placed: Placed, after: Unit) -> bool:
    """Whether what comes next stands under a numbered line: words, bullets or a number further in."""
    label = placed.label
    if after.kind in ("text", "bullet") or is_section(label.style) or label.style.startswith("word"):
        return True
    if label.steps[1:] == (0,):  # 1.0, 2.0: the section's own number
        return True
    if after.placed is None:
        return unit.level > 0
    return after.placed.run != placed.run or len(after.placed.label.steps) > len(label.steps) or unit.level > 0


def assemble(units: Sequence[Unit]) -> Read:
    return _Assembling(units).assemble()
