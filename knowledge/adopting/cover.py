"""The title page: what stands before the first heading with words under it, and what the document calls itself."""

import re
from collections.abc import Sequence

from knowledge.adopting.lines import bare, has_ended
from knowledge.adopting.sides import sides_in
from knowledge.adopting.units import Unit, is_lead_in, is_title

NAMED = re.compile(r"\b(?:compact|charter|covenant|concordat)\b", re.IGNORECASE)
_TITLE_WORDS = re.compile(
    r"\b(?:compact|charter|covenant|concordat|agreement|protocol|accord|partnership|statement|framework)\b",
    re.IGNORECASE,
)
_ISSUE = re.compile(r"\b(?:(?:19|20)\d\d|adopted|agreed|approved|between|version|edition)\b", re.IGNORECASE)
LONG_PREAMBLE = 25
FEWEST_SAID = 10
_SAYS = re.compile(r"\b(?:is|are|was|were|has|have|will|shall|sets?|means?)\b", re.IGNORECASE)


def cover_of(units: Sequence[Unit]) -> tuple[int, str]:
    """How many units the title page takes, and the document's title."""
    body = next((i for i in range(len(units)) if _begins_body(units, i)), len(units))
    titled = [u for u in units[body : body + 1] if u.kind == "heading" and is_the_title(units, u)]
    title = _title_of([*units[:body], *titled])
    return body, title or (units[0].text.split("\n")[0][:80] if units else "")


def _begins_body(units: Sequence[Unit], i: int) -> bool:
    unit = units[i]
    if unit.kind in ("item", "bullet") or unit.column or i + 1 == len(units):
        return True
    after = units[i + 1]
    if unit.kind == "text":
        return is_lead_in(unit.text) and after.kind in ("item", "bullet")
    if after.kind == "heading" and _names_one_side(unit.text) and not is_the_title(units, unit):
        return True
    if after.kind == "heading":  # "Money" over "Council Undertakings" heads the text; other headings are a cover's
        again = any(u is not after and u.kind == "heading" and bare(u.text) == bare(after.text) for u in units)
        return (again or bool(sides_in(after.text))) and not is_the_title(units, unit) and not NAMED.search(after.text)
    if (NAMED.search(unit.text) or _ISSUE.search(unit.text)) and after.kind == "item" and is_title(after):
        return False
    if is_the_title(units, unit):
        return not any(u.kind == "heading" or u.placed or u.kind == "bullet" for u in units[i + 1 :])
    return after.kind != "text" or bool(re.search(r"[.;:](?:\s|$)", after.text))


def _names_one_side(text: str) -> bool:
    """Whether a heading says who is bound below it; "Between the Council and the Sector" on a cover does not."""
    return bool(sides_in(text)) and not NAMED.search(text)


def is_the_title(units: Sequence[Unit], unit: Unit) -> bool:
    """Whether a heading is the document's own name rather than that of a section."""
    headings = [u for u in units if u.kind == "heading"]
    first = headings[0]
    if unit is first and unit is units[0]:
        return True
    if any(u is not unit and bare(u.text) == bare(first.text) == bare(unit.text) for u in units):
        return True
    named = next((u for u in headings if NAMED.search(u.text)), None)
    return unit is named and len(unit.text.split()) <= 10 and not unit.text.endswith("?")


def is_preamble(text: str) -> bool:
    """Whether words on the title page say enough to be asked for."""
    sentences = bool(re.search(r"[.;]\s", text.rstrip()))
    if len(text.split()) >= LONG_PREAMBLE:
        return sentences or has_ended(text)
    says = len(text.split()) >= FEWEST_SAID and bool(_SAYS.search(text))
    return (sentences or says) and text.rstrip().endswith(".")


def _title_of(cover: Sequence[Unit]) -> str:
    """What the document calls itself: the fullest line on its cover that says Compact, Charter or Covenant."""
    lines = [re.sub(r"\s+", " ", line.text) for unit in cover for line in unit.lines][:20]
    for pattern in (NAMED, _TITLE_WORDS):
        named = [_with_line_before(lines, i) for i, text in enumerate(lines) if pattern.search(text)]
        if fitting := [title for title in named if len(title.split()) <= 14]:
            return max(fitting, key=lambda title: min(len(title.split()), 3))
    return lines[0] if lines else ""


def _with_line_before(lines: list[str], i: int) -> str:
    """ "Lees Compact" with the line that it goes on from."""
    short = len(lines[i].split()) <= 2 and i and not has_ended(lines[i - 1])
    return f"{lines[i - 1]} {lines[i]}" if short and bare(lines[i - 1]) != bare(lines[i]) else lines[i]
