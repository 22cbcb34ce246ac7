"""Which side each clause binds: its own sentences say it, else the lead-in above, else the heading."""

import re
from collections.abc import Mapping, Sequence

from knowledge.adopting.parts import Part
from knowledge.adopting.sides import Sides, settle, sides_in, subjects_of
from knowledge.adopting.units import is_lead_in

_PEOPLE = re.compile(
    r"(?:(?:senior|lead|ward|elected|named|its|their) )?"
    r"(?:officers|councillors|members|staff|managers|trustees|volunteers|funders|commissioners)$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:it|they) (?:will|shall|must|should|may)\b", re.IGNORECASE)


def bind(parts: Sequence[Part]) -> Sides:
    """Give each clause its side. Returns the sides with the forms in which the document prints them."""
    by_number = {part.number: part for part in parts}
    leading = {part.parent for part in parts} | {part.number for part in parts if part.leads}
    known = frozenset(part.inherited.casefold() for part in parts if part.inherited)
    said: list[str] = []
    for part in parts:
        above = [part.inherited] * 3  # headings and lead-ins name a side more carefully than sentences
        own = [sides_in(part.text)] * 3 if part.number in leading else []
        said += [side for side in (*above, *own, *subjects_of(part.text, known)) if side]
    sides = settle(said)
    before: Part | None = None
    for part in parts:
        part.side = _side_of(part, sides, by_number, part.number in leading, known)
        if before and _GOES_ON.match(part.text) and not part.side and before.heading == part.heading:
            part.side = before.side
        before = part if part.text else None
    return sides


def _side_of(part: Part, sides: Sides, by_number: Mapping[str, Part], leads: bool, known: frozenset[str]) -> str:
    if leads and part.text and _lead_in_side(part) is not None:
        return ""
    if part.units[0].binds is not None:
        return part.units[0].binds
    own = {sides.name(side) if side else "" for side in subjects_of(part.text, known) if side is not None}
    above = sides.name(_inherited(part, by_number) or "")
    if above and own and all(_PEOPLE.match(side) for side in own):
        return above
    if own:
        side = next(iter(own)) if len(own) == 1 else ""
        return "" if part.inherited == "" and " and " in side else side  # "The landlord and tenants will" under "Both"
    return above


def _inherited(part: Part, by_number: Mapping[str, Part]) -> str | None:
    """The side that a numbered lead-in above binds, else the one of lead-ins and headings where it stands."""
    above = by_number.get(part.parent)
    if above is None or not above.text or above.title:
        return part.inherited
    said = _lead_in_side(above) if is_lead_in(above.text) else None
    if said is not None:
        return said
    nothing_nearer = part.inherited is None or part.inherited == above.inherited
    return _inherited(above, by_number) if nothing_nearer else part.inherited


def _lead_in_side(part: Part) -> str | None:
    return sides_in(part.text.rsplit("\n", 1)[-1])
