"""The list in a file: its sheet, what it is about, and its lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from compact_bot.importing.columns import DATES, Layout, Role, columns_of
from compact_bot.importing.kinds import kind_of_all
from compact_bot.importing.rows import Found, Known, Line, RowReader, Same, same
from compact_bot.importing.template import EXPLAINED
from compact_bot.sheets.reading import Sheet
from knowledge.rules import Kind

MOST_LINES = 5_000  # that are kept at once
Progress = Callable[[int, int], None]
"""Told how many of how many lines are done."""


def unseen(_: int, __: int) -> None:
    """Where nobody looks at how far it is."""


@dataclass(frozen=True)
class Choices:
    """What somebody said about a file: which sheet, which kind all lines are of, what columns hold."""

    sheet: str = ""
    kind: str = ""
    columns: Mapping[str, Role] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """A whole list as it was read. `kind` is that of lines which do not say theirs.

    `others` are sheets that were not read, by name, and `lists` those of them that hold a list as well.
    """

    sheet: Sheet
    others: tuple[str, ...]
    lists: tuple[str, ...]
    layout: Layout
    kind: Kind
    lines: tuple[Line, ...]
    today: date

    def of(self, found: Found) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.found is found)


class NoListError(Exception):
    """No list can be made out in the file; the message says what is missing, in plain words."""


def read_lines(sheets: Sequence[Sheet], name: str, choices: Choices, known: Known, progress: Progress = unseen) -> Read:
    """The list in a file. Raises NoListError."""
    sheet, layout, lists = _chosen_sheet(sheets, choices)
    if not layout.body:
        raise NoListError(f'In the sheet "{sheet.name}" nothing stands below the names of the columns.')
    if len(layout.body) > MOST_LINES:
        raise NoListError(f"The list has {len(layout.body):,} lines; I keep at most {MOST_LINES:,} at once.")
    kind = known.rules.kind(choices.kind) or kind_of_all(name, sheet, layout, known.rules)
    reader = RowReader(layout, kind, known)
    lines: list[Line] = []
    for count, row in enumerate(layout.body, start=1):
        lines += reader.lines(row)
        if count % 100 == 0 or count == len(layout.body):
            progress(count, len(layout.body))
    others = tuple(other.name for other in sheets if other is not sheet)
    return Read(sheet, others, lists, layout, kind, tuple(lines), known.today)


def against(read: Read, open_ones: Mapping[Same, int]) -> Read:
    """The list beside the deadlines that are open, by their numbers: what is among them is there already."""

    def weighed(line: Line) -> Line:
        if line.act is None or line.found not in (Found.NEW, Found.TWICE):
            return line
        there = open_ones.get(
            same(line.act.kind, line.act.title, {given.anchor: given.days for given in line.act.given})
        )
        return replace(line, found=Found.THERE, said=f"as D{there}") if there else line

    return replace(read, lines=tuple(map(weighed, read.lines))) if open_ones else read


def _chosen_sheet(sheets: Sequence[Sheet], choices: Choices) -> tuple[Sheet, Layout, tuple[str, ...]]:
    """The sheet that was named, else the one in which most columns are known; and what other lists there are."""
    laid_out = [(sheet, columns_of(sheet, choices.columns)) for sheet in sheets if sheet.name != EXPLAINED]
    wanted = [one for one in laid_out if not choices.sheet or one[0].name.casefold() == choices.sheet.casefold()]
    if not wanted:
        raise NoListError(f'There is no sheet "{choices.sheet}" in the file.')
    best = max(wanted, key=lambda one: (_is_list(one[1]), sum(c.role is not Role.UNUSED for c in one[1].columns)))
    return *best, tuple(sheet.name for sheet, layout in laid_out if sheet is not best[0] and _is_list(layout))


def _is_list(layout: Layout) -> bool:
    roles = {column.role for column in layout.columns}
    return bool(roles & set(DATES)) and bool(roles & {Role.TITLE, Role.ORGANISATION}) and bool(layout.body)
