"""A table in the terminal: columns as far as the window is wide enough, else its rows read one after the other."""

import textwrap
from itertools import zip_longest

from adapters.plain_text import table_said
from compact_bot.conversation import Table

GAP = "  "
NARROWEST = 14  # characters of a column that still reads well


def in_columns(table: Table, width: int) -> str:
    lines = [table.header, *(row.cells for row in table.rows)]
    longest = [[max(map(len, cell.split("\n"))) for cell in column] for column in zip(*lines, strict=True)]
    widths = _widths(longest, width)
    if widths is None:
        return table_said(table)
    shown = [line for cells in lines for line in _line(cells, widths)]
    return "\n".join([*([table.heading] if table.heading else []), *shown])


def _widths(lengths: list[list[int]], width: int) -> list[int] | None:
    """As wide as their cells, the widest made narrower until all fit; None where they cannot."""
    widths = [max(column) for column in lengths]
    while sum(widths) + len(GAP) * (len(widths) - 1) > width:
        widest = widths.index(max(widths))
        if widths[widest] <= NARROWEST:
            return None
        widths[widest] -= 1
    return widths


def _line(cells: tuple[str, ...], widths: list[int]) -> list[str]:
    wrapped = [
        [part for line in cell.split("\n") for part in textwrap.wrap(line, width, break_on_hyphens=False)]
        for cell, width in zip(cells, widths, strict=True)
    ]
    return [
        GAP.join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]
