"""Tables as lines: a column under a side's name binds that side; other rows are read across."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from knowledge.adopting.labels import Label, labels_of
from knowledge.adopting.lines import Line
from knowledge.adopting.outline import follows
from knowledge.adopting.sides import only_a_side, sides_in

Cell = Sequence[Line]
HEAD = "head of a table"


def table_lines(rows: Sequence[Sequence[Cell]]) -> Iterator[Line]:
    """The lines of a table's cells, in reading order."""
    rows = [row for row in rows if any(line.text.strip() for cell in row for line in cell)]
    if not rows:
        return
    heads = [" ".join(line.text for line in cell) for cell in rows[0]]
    bound = [bool(head) and names_a_side(head) for head in heads]
    who = column_of_sides(heads, [[" ".join(line.text for line in cell) for cell in row] for row in rows[1:]])
    if who is not None:
        yield from (replace(line, aside=HEAD, column="") for cell in rows[0] for line in cell)
        for row in rows[1:]:
            side = " ".join(line.text for line in row[who]) if who < len(row) else ""
            others = [cell for place, cell in enumerate(row) if place != who]
            yield from (replace(line, column=side) for line in _row_across(others))
            yield from (replace(line, aside=HEAD, column="") for cell in row[who : who + 1] for line in cell)
    elif len(rows) > 1 and sum(bound) >= 1 and len(heads) > 1:
        yield from (replace(line, aside=HEAD, column="") for cell in rows[0] for line in cell)
        for row in rows[1:]:
            yield from _row_of_sides(row, heads, bound)
    else:
        for row in rows:
            yield from _row_across(row)


def column_of_sides(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    """Which column names the side of each row, under "By whom" or "Responsible"."""
    for place, head in enumerate(heads):
        named = [row[place] for row in rows if place < len(row) and row[place].strip()]
        known = sum(only_a_side(side) is not None for side in named)
        if _WHO.match(head.strip()) and 2 * known > len(named):
            return place
    return None


_WHO = re.compile(
    r"(?:by )?who(?:m)?\b|who is (?:bound|responsible)|(?:lead )?(?:partner|party|sector|organisation|body|agency)$"
    r"|responsib|lead$|owner$|for action by",
    re.IGNORECASE,
)


def names_a_side(head: str) -> bool:
    return bool(sides_in(head) or only_a_side(head))


def _row_of_sides(row: Sequence[Cell], heads: Sequence[str], bound: Sequence[bool]) -> Iterator[Line]:
    for place, cell in enumerate(row):
        column = heads[place] if place < len(heads) and bound[place] else ""
        for index, line in enumerate(line for line in cell if line.text.strip()):
            names_row = (
                not column and place == 0 and index == 0 and len(line.text.split()) <= 10 and not labels_of(line.text)
            )
            yield replace(line, column=column, blank_before=True, heading=3 if names_row else 0)


def _row_across(row: Sequence[Cell]) -> Iterator[Line]:
    filled = [[line for line in cell if line.text.strip()] for cell in row]
    filled = [cell for cell in filled if cell]
    if not filled:
        return
    if all(len(cell) == 1 for cell in filled[:-1]):
        first = " ".join(cell[0].text for cell in filled)
        yield replace(filled[-1][0], text=first, blank_before=True, strong=all(cell[0].strong for cell in filled))
        yield from filled[-1][1:]
        return
    for cell in filled:
        yield replace(cell[0], blank_before=True)
        yield from cell[1:]


_BESIDE = re.compile(r"\s*(?P<left>\S.*?\S)\s{3,}(?P<right>\S(?:.*\S)?)\s*$")


def columns_apart(lines: Sequence[Line]) -> Iterator[Line]:
    """Two columns set with spaces under the names of two sides, as in text taken from a PDF: one after the other."""
    i = 0
    while i < len(lines):
        found = _BESIDE.match(lines[i].text)
        if lines[i].aside or not (found and names_a_side(found["left"]) and names_a_side(found["right"])):
            yield lines[i]
            i += 1
            continue
        head, gutter = lines[i], found.start("right")
        rows = []
        i += 1
        while i < len(lines) and _keeps_apart(lines[i], gutter):
            rows.append(lines[i])
            i += 1
        for side in (found["left"], found["right"]):
            yield replace(head, text=side, aside=HEAD)
        for side, part in ((found["left"], slice(0, gutter)), (found["right"], slice(gutter, None))):
            cells = (replace(row, text=row.text[part], column=side, heading=0) for row in rows)
            yield from (cell for cell in cells if cell.text.strip())


def _keeps_apart(line: Line, gutter: int) -> bool:
    """Whether a line leaves the white between two columns free, and is no heading that stands below them."""
    free = not line.text[max(gutter - 2, 0) : gutter].strip()
    return free and (bool(line.text[gutter:].strip()) or not line.blank_before)


def numbered_down(lines: Sequence[Line]) -> Iterator[Line]:
    """The cells of a table whose numbers go on down each column, one column after the other."""
    for in_table, group in groupby(lines, key=lambda line: bool(line.column)):
        cells = list(group)
        columns = [[cell for cell in cells if cell.column == head] for head in dict.fromkeys(c.column for c in cells)]
        down = in_table and len(columns) > 1 and not _counts_on(cells) and all(map(_counts_on, columns))
        yield from (cell for column in columns for cell in column) if down else cells


def _counts_on(cells: Sequence[Line]) -> bool:
    """Whether the numbers at the start of lines, if any, go on from one another."""
    found = [labels for cell in cells if (labels := labels_of(cell.text.strip()))]
    return all(any(_comes_next(a, b) for a in before for b in after) for before, after in pairwise(found))


def _comes_next(before: Label, after: Label) -> bool:
    return before.style == after.style and follows(before.steps, after.steps)
