"""What whoever runs the program does to its data: organisations, keys, backups."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import make_url

from adapters.door import Check
from compact_bot.assemble import Program
from compact_bot.place import database_of, left_behind
from compact_bot.privacy.organisations import erase, organisations
from compact_bot.store.backup import BackupError, export_all, import_all
from compact_bot.store.sealing import Keys, are_clear, reseal_all

Parser = TypeVar("Parser", bound=argparse.ArgumentParser)


def add_commands(commands: "argparse._SubParsersAction[Parser]") -> None:
    organisation = commands.add_parser("organisation", help="list whose data is kept, or erase all of one")
    doing = organisation.add_subparsers(dest="doing", required=True, metavar="list|erase")
    doing.add_parser("list", help="the names, and who has left")
    erasing = doing.add_parser("erase", help="delete everything of one organisation, its tokens too")
    erasing.add_argument("name", help="as `compact-bot organisation list` shows it")
    erasing.add_argument("--yes", action="store_true", help="do not ask again")
    commands.add_parser("rotate-key", help="seal all tokens under the first key of COMPACT_SECRET_KEY")


def rotate_key(program: Program, _: argparse.Namespace) -> int:
    keys = Keys(program.settings.secret_keys)
    if not keys:
        return _refuse("COMPACT_SECRET_KEY is not set, so there is no key to seal tokens with.")
    print(f"{reseal_all(program.engine, keys)} rows of tokens are sealed under the first key. Keys behind it can go.")
    return 0


def organisation(program: Program, options: argparse.Namespace) -> int:
    if options.doing == "list":
        days = program.retention.organisations
        for one in organisations(program.engine):
            left = f" - left, and will be erased on {one.left_at + days:%d/%m/%Y}" if one.left_at else ""
            print(f"{one.name}{left}")
        return 0
    if options.name not in [one.name for one in organisations(program.engine)]:
        return _refuse(f"there is no organisation {options.name!r} here. Try: compact-bot organisation list")
    if not options.yes and _typed(f"This deletes everything of {options.name}. Type its name again: ") != options.name:
        return _refuse("that is another name, so nothing was erased.")
    counts = erase(program.engine, options.name, program.clock())
    print(f"Erased: {options.name}. Rows deleted: {sum(counts.values()):,}.")
    print("Backups made before still hold it: delete those too, or leave it out when one is brought back.")
    return 0


def back_up(program: Program, folder: Path) -> int:
    try:
        counts = export_all(program.engine, folder)
    except BackupError as error:
        return _refuse(str(error))
    print(f"Written: {folder}, {sum(counts.values()):,} rows of {len(counts)} tables. It holds what people wrote.")
    return 0


def bring_back(program: Program, folder: Path) -> int:
    """A backup into an empty database."""
    try:
        counts = import_all(program.engine, folder)
    except BackupError as error:
        return _refuse(str(error))
    print(f"Brought back from {folder}: {sum(counts.values()):,} rows of {len(counts)} tables, each as written.")
    return 0


# ---- what doctor says of all this -----------------------------------------------------------------------------------


def own_checks(program: Program) -> list[Check]:
    """Where things are kept, whether tokens are sealed, and who will be erased."""
    url = make_url(database_of(program.settings))
    shared = "on this machine alone" if url.get_backend_name() == "sqlite" else "on any machine"
    checks = [
        Check("Home", os.access(program.home, os.W_OK), _home_said(program)),
        Check("Database", True, f"{url.render_as_string()}; processes that share it run {shared}"),
    ]
    if stray := left_behind(program.settings):
        do = "It is not used. Set COMPACT_HOME to its folder to use it, or delete it"
        checks.append(Check("Another database", False, f"{stray} was made by an earlier version. {do}"))
    if are_clear(program.engine):
        do = "Set COMPACT_SECRET_KEY, and the next start seals them"
        checks.append(Check("Tokens", False, f"stand in clear in the database. {do}"))
    for one in organisations(program.engine):
        if one.left_at:
            day = one.left_at + program.retention.organisations
            checks.append(Check(one.name, True, f"has left; all of it will be erased on {day:%d/%m/%Y}"))
    return checks


def _home_said(program: Program) -> str:
    if os.access(program.home, os.W_OK):
        return str(program.home)
    return f"{program.home} cannot be written; what is learned is learned at every start. Set COMPACT_HOME to another"


COMMANDS: Mapping[str, Callable[[Program, argparse.Namespace], int]] = {
    "rotate-key": rotate_key,
    "organisation": organisation,
}


def _typed(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        return ""


def _refuse(line: str) -> int:
    print(f"compact-bot: {line}", file=sys.stderr)
    return 2
