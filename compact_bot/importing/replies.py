"""What is said of a list that was read: its columns, what is wrong, what would be kept, and what came of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from compact_bot.conversation import Button, Fact, Reply, Row, Table
from compact_bot.dates import counted, spoken
from compact_bot.deadlines.steps import is_binding
from compact_bot.importing.columns import Role
from compact_bot.importing.importer import Kept, TakenBack
from compact_bot.importing.lines import Read
from compact_bot.importing.rows import Found, Line
from compact_bot.understanding.acts import KeepList, LeaveList, List, OpenForm, ReadList, Undo

SAID: Mapping[Role, str] = {
    Role.TITLE: "its name",
    Role.ORGANISATION: "the organisation",
    Role.KIND: "its kind",
    Role.OWNER: "its owner",
    Role.CLAUSE: "its clause",
    Role.STATE: "whether it is over",
    Role.STARTS: "its start",
    Role.ENDS: "its end",
    Role.DUE: "the day it is due",
    Role.REPORTS: "the day a report is due",
    Role.ANOTHER: "another date",
    Role.DATE: "its date",
}
MOST_SHOWN = 40  # lines of a kind; the rest are counted
MOST_FOLDED = 10
UNSAVED = "Nothing is saved yet."


def preview(read: Read, file: str, number: int, most: int = MOST_SHOWN) -> Reply:
    """What was read of a list, before any of it is kept; at most so many lines that are new, and that are wrong."""
    broken, new = read.of(Found.BROKEN), read.of(Found.NEW)
    correct = Button("Correct the columns", OpenForm("list", str(number)))
    keep = (Button(f"Import {len(new)}", KeepList(number)),) if new and not broken else ()
    without = (
        (Button(f"Import {len(new)}, leave out {len(broken)}", KeepList(number, leave_out=True)),)
        if new and broken
        else ()
    )
    sheets = tuple(Button(f'Read "{name}" instead', ReadList(number, name)) for name in read.lists[:2])
    return Reply(
        f"{file}: {summary(read)} {UNSAVED}",
        tables=tuple(_tables(broken[:most], new[:most], read)),
        facts=(Fact("Read as", read_as(read)), *folded(read)),
        note=" ".join(filter(None, (*_not_read(read), _shown(len(broken), len(new), most)))),
        next_step=_next_step(len(new), len(broken)),
        buttons=(*keep, *without, correct, *sheets, Button("Leave it", LeaveList(number))),
        private=True,
    )


def _tables(broken: Sequence[Line], new: Sequence[Line], read: Read) -> Iterator[Table]:
    if broken:
        rows = tuple(Row((line_named(line), line.said)) for line in broken)
        yield Table(("Line", "What is wrong"), rows, "Cannot be read")
    if new:
        rows = tuple(Row((line_named(line), dates_said(line, read))) for line in new)
        yield Table(("Line", "What would be kept"), rows, "New")


def summary(read: Read) -> str:
    """ "40 lines. 35 are new, 2 are there already, 3 cannot be read." """
    said = {
        Found.NEW: "new",
        Found.THERE: "tracked already",
        Found.TWICE: "in the file twice",
        Found.PAST: "past",
        Found.OVER: "over",
    }
    counts = [f"{len(read.of(found))} {words}" for found, words in said.items() if read.of(found)]
    broken, notes = read.of(Found.BROKEN), len(read.of(Found.NOTE))
    counts += [f"{len(broken)} cannot be read"] if broken else []
    counts += [f"{notes} {'is no entry' if notes == 1 else 'are no entries'}"] if notes else []
    rows = len({line.number for line in read.lines})
    several = f" with {len(read.lines) - len(broken) - notes} deadlines" if len(read.lines) > rows else ""
    return f"{counted(rows, 'line')}{several}: {', '.join(counts)}."


def read_as(read: Read) -> str:
    """Which sheet, what kind of thing, and what each column holds."""
    used = [f'"{c.name}" is {SAID[c.role]}' if c.name else f"{c.letter} is {SAID[c.role]}"
            for c in read.layout.columns if c.role is not Role.UNUSED]  # fmt: skip
    unused = [f'"{c.name or c.letter}"' for c in read.layout.columns if c.role is Role.UNUSED]
    by_line = " unless a line says otherwise" if read.layout.places(Role.KIND) else ""
    parts = [
        f'sheet "{read.sheet.name}"' + (f" (not read: {', '.join(read.others)})" if read.others else ""),
        f"{read.kind.title[0].lower()}{read.kind.title[1:]}{by_line}",
        ", ".join(used),
        f"not used: {', '.join(unused)}" if unused else "",
    ]
    return "; ".join(filter(None, parts)) + "."


def line_named(line: Line) -> str:
    return f"Line {line.number}, {line.label}" if line.label else f"Line {line.number}"


def folded(read: Read) -> list[Fact]:
    """Lines that are left out without anything being wrong with them, a few words for each kind."""
    labels = {
        Found.PAST: "Past, left out",
        Found.OVER: "Over, left out",
        Found.THERE: "Tracked already, left out",
        Found.TWICE: "Twice, left out",
        Found.NOTE: "No entries, left out",
    }
    facts = []
    of_line: defaultdict[int, list[Line]] = defaultdict(list)
    for line in read.lines:
        of_line[line.number].append(line)
    for found, label in labels.items():
        if lines := read.of(found):
            said = [_left_said(line, len(of_line[line.number]) > 1) for line in lines]
            more = f" and {len(said) - MOST_FOLDED} more" if len(said) > MOST_FOLDED else ""
            facts.append(Fact(label, f"{', '.join(said[:MOST_FOLDED])}{more}."))
    return facts


def _left_said(line: Line, is_one_of_several: bool) -> str:
    kind = f"{line.kind.words[0]}, " if line.kind and is_one_of_several else ""
    return f"line {line.number} ({kind}{line.said})"


def dates_said(line: Line, read: Read) -> str:
    """What would be kept: the kind, the dates given, what comes first, what is past already, and whose it is."""
    assert line.act is not None and line.kind is not None  # noqa: S101, PT018  # it is no broken one
    kind, today = line.kind, read.today
    dates = ", ".join(f"{kind.asked(g.anchor).name} {' and '.join(map(spoken, g.days))}" for g in line.act.given)
    coming = [one for one in line.planned if one.day >= today]
    binding = next((one for one in coming if is_binding(kind, one.name)), next(iter(coming), None))
    first = f" Next: {binding.title}, {spoken(binding.day)}." if binding else ""
    past = [one for one in line.planned if one.day < today and is_binding(kind, one.name)]
    late = f" Past: {', '.join(one.title for one in past)}." if past else ""
    owner = f" Owner: {line.act.owner.name}." if line.act.owner else ""
    return f"{kind.words[0]}, {dates}.{first}{late}{owner}"


def _not_read(read: Read) -> Iterator[str]:
    """What may matter and is not looked at: dates that nobody can tell apart, and another sheet with a list."""
    if unused := read.layout.unused_dates:
        named = " and ".join(f'"{column.name or column.letter}"' for column in unused)
        yield f"There are dates in {named} that I make nothing of; if they matter, correct the columns."
    if read.lists:
        named = " and ".join(f'"{name}"' for name in read.lists)
        yield f"There is a list in {named} as well: bring the file again for each, and choose its sheet."


def _shown(broken: int, new: int, most: int) -> str:
    notes = [f"The first {most} of {broken:,} lines that cannot be read are shown."] if broken > most else []
    notes += [f"The first {most} of {new:,} new lines are shown."] if new > most else []
    return " ".join(notes)


def _next_step(new: int, broken: int) -> str:
    if broken and new:
        return "Mend these lines in your file and bring it again, or press the button that leaves them out."
    if broken:
        return "Mend these lines in your file and bring it again, or correct what the columns hold."
    if not new:
        return "There is nothing new to keep. If this is not what the file says, correct what the columns hold."
    return "If this is what your list says, press Import. Whatever is imported can be taken back within a day."


def kept(made: Kept, read: Read) -> Reply:
    """What came of it, with its numbers."""
    out = len(read.of(Found.BROKEN))
    left = f" {counted(out, 'line')} that could not be read {'was' if out == 1 else 'were'} left out." if out else ""
    return Reply(
        f"Imported: {span(made.numbers)}, {counted(len(made.numbers), 'deadline')}.{left}",
        next_step="To see them, type deadlines. To take all of it back within a day, press Undo.",
        buttons=(Button("All deadlines", List()), Button("Undo", Undo(made.change))),
    )


def taken_back(back: TakenBack, file: str) -> Reply:
    stay = f" {span(back.changed_since)} stay, since somebody has changed them meanwhile." if back.changed_since else ""
    gone = f"{span(back.numbers)}, imported from {file}" if back.numbers else "nothing"
    return Reply(f"Taken back: {gone}.{stay}", next_step="To see what is tracked, type: deadlines")


def span(numbers: Sequence[int]) -> str:
    """ "D3", "D1 to D35", "D1 to D4, D9" """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"D{first}" if first == last else f"D{first} to D{last}" for first, last in runs)
