"""Lists at the command line: what is imported, with a line that shows how far it is, and exported."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.console import LOCAL
from adapters.plain_text import plain_text
from compact_bot.conversation import Address, Reply
from compact_bot.exporting.files import export_by_command
from compact_bot.importing import replies
from compact_bot.importing.columns import Role
from compact_bot.importing.command import Command, import_list
from compact_bot.importing.importer import NotKeptError
from compact_bot.importing.lines import Choices, NoListError, Progress, Read
from compact_bot.importing.rows import Found
from compact_bot.importing.template import template
from compact_bot.organisation import Actor
from compact_bot.sheets.reading import UnreadableFileError, check_size
from compact_bot.understanding.acts import Exported, ExportFormat

if TYPE_CHECKING:
    from compact_bot.assemble import Program

EXPORTED = tuple(str(what) for what in Exported)


class ListError(Exception):
    """One clear line about what is wrong."""


def add_import(parser: argparse.ArgumentParser, name: Callable[[str], str]) -> None:
    parser.add_argument("file", type=Path, nargs="?", help="an .xlsx or .csv file; or a folder, which is a backup")
    parser.add_argument("--dry-run", action="store_true", help="show what would be kept, keep nothing")
    parser.add_argument("--sheet", default="", help="which sheet of the file; else the one that looks like a list")
    parser.add_argument("--kind", default="", help="what the lines are, such as grant, consultation or payment")
    parser.add_argument(
        "--column", action="append", default=[], metavar="NAME=ROLE",
        help=f"what a column holds, by its name or letter: {', '.join(Role)}",
    )  # fmt: skip
    parser.add_argument("--leave-out-broken", action="store_true", help="keep the rest where some lines cannot be read")
    parser.add_argument(
        "--template", type=Path, metavar="FILE", help="write an empty list to fill in, and import nothing"
    )
    parser.add_argument(
        "--as", dest="name", type=name, default=None, help="who imports; the owner where a line has none"
    )
    parser.add_argument("--organisation", default="", help="as its chat platform names it; else this machine's own")
    parser.add_argument("--now", help="pretend that it is this date or time")


def run_import(program: "Program", options: argparse.Namespace, name: Callable[[], str]) -> None:
    """Print what was read, then what came of it. Raises ListError with nothing saved."""
    if options.template:
        _write(options.template, template(program.bot.served_for(options.organisation or LOCAL).rules))
        print(f"Written: {options.template}. Fill in the first sheet, then: compact-bot import {options.template}")
        return
    if options.file is None:
        raise ListError("import: which file? For example: compact-bot import grants.xlsx --dry-run")
    who = options.name or name()

    def looks(read: Read) -> bool:
        print(_preview(read, options.file.name))
        return not options.dry_run

    with _line("Reading") as reading, _line("Importing") as keeping:
        try:
            command = Command(
                options.organisation or LOCAL,
                Actor(who, who, Address("console", who), program.clock()),
                options.file.name,
                _content(options.file),
                _choices(options, program),
                looks,
                options.leave_out_broken,
            )
            bot, served = program.bot, program.bot.served_for(options.organisation or LOCAL)
            read, made = import_list(
                program.engine, served.search.agreement, served.rules, bot.timezone, command, reading, keeping
            )
        except (UnreadableFileError, NoListError) as problem:
            raise ListError(f"{options.file.name}: {problem} Nothing was saved.") from problem
        except NotKeptError as problem:
            leave = " Mend them, or add --leave-out-broken." if "cannot be read" in str(problem) else ""
            raise ListError(f"{options.file.name}: {problem} Nothing was saved.{leave}") from problem
    if made is None:
        print("\nThis was only a look. Nothing was saved.")
        return
    out = len(read.of(Found.BROKEN))
    left = f" {out} lines that cannot be read were left out." if out else ""
    print(f"\nImported: {replies.span(made.numbers)}.{left} To take all of it back: compact-bot say undo --as {who!r}")


def add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", default=Exported.DEADLINES,
        help="deadlines or feedback; or a new folder, for a backup of the whole database",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, help="a file that ends in .xlsx, .csv or .json")
    parser.add_argument("--organisation", default="", help="as its chat platform names it; else this machine's own")
    parser.add_argument("--now", help="pretend that it is this date or time")


def run_export(program: "Program", options: argparse.Namespace) -> None:
    """Write the file and say what it holds. Raises ListError."""
    if options.out is None or options.what not in EXPORTED:
        raise ListError(f"export: for example compact-bot export {Exported.DEADLINES} --out deadlines.xlsx")
    suffix = options.out.suffix.lower().lstrip(".")
    if suffix not in ExportFormat.__members__.values():
        raise ListError(f"--out must end in .{', .'.join(ExportFormat)}; for example --out deadlines.xlsx")
    today = program.clock().astimezone(program.settings.timezone).date()
    organisation = options.organisation or LOCAL
    what, form = Exported(options.what), ExportFormat(suffix)
    made = export_by_command(
        program.engine, program.bot.served_for(organisation).rules, organisation, today, what, form
    )
    if made is None:
        raise ListError(f"there is nothing yet of the organisation {organisation!r}")
    _write(options.out, made[0].content)
    print(f"{options.out}: {made[1]} {what if what is Exported.DEADLINES else 'entries of feedback'}.")


def _preview(read: Read, name: str) -> str:
    shown = replies.preview(read, name, 0, most=len(read.lines))
    return plain_text(Reply(shown.text, tables=shown.tables, facts=shown.facts, note=shown.note))


def _choices(options: argparse.Namespace, program: "Program") -> Choices:
    columns: dict[str, Role] = {}
    for said in options.column:
        column, _, role = said.rpartition("=")
        if not column or role not in Role.__members__.values():
            raise ListError(f"--column {said!r} must look like 'Grant end date=ends'; it can be: {', '.join(Role)}")
        columns[column] = Role(role)
    rules = program.bot.served_for(options.organisation or LOCAL).rules
    kind = rules.kind_called(options.kind) if options.kind else None
    if options.kind and kind is None:
        words = ", ".join(kind.words[0] for kind in rules.kinds)
        raise ListError(f"--kind {options.kind!r} is none that I know; kinds are: {words}")
    return Choices(options.sheet, kind.name if kind else "", columns)


def _content(file: Path) -> bytes:
    try:
        check_size(file.stat().st_size)
        return file.read_bytes()
    except OSError as error:
        raise ListError(f"cannot read {file}: {error.strerror}") from error


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ListError(f"cannot write {file}: {error.strerror}") from error


@contextmanager
def _line(what: str) -> Iterator[Progress]:
    """A line that shows how far something is, where somebody looks at a terminal; gone when it is done."""
    from tqdm import tqdm

    bar = tqdm(
        desc=what,
        file=sys.stderr,
        leave=False,
        disable=not sys.stderr.isatty(),
        delay=0.5,  # what is done sooner needs no line
        ncols=80,
        nrows=20,  # a terminal that does not say its size would be shown nothing
        bar_format="{desc}: {n_fmt} of {total_fmt} lines, {percentage:.0f}% {bar}",
    )

    def progress(done: int, of: int) -> None:
        bar.total = of
        bar.update(done - bar.n)

    with bar:
        yield progress
