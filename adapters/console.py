"""The terminal: a conversation with history, and colours where the terminal has them."""

import contextlib
import json
import os
import re
import shutil
import sys
import textwrap
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from adapters.console_form import fill_in
from adapters.console_table import in_columns
from adapters.plain_text import citation_title, plain_text, quoted, within
from compact_bot.conversation import Address, Button, Citation, Filled, Message, MessageKind, Person, Reply, Table
from compact_bot.feedback.nobody import leaves_no_trace

LOCAL = "this machine"
PROMPT = "ask"  # the form that the terminal's own prompt already is
WIDEST = 100
BOLD, FAINT, CYAN = 1, 2, 36


def message(
    text: str, name: str, now: datetime, kind: MessageKind = MessageKind.SAID, filled: Filled | None = None
) -> Message:
    """What somebody typed on this machine; each name is a conversation of its own."""
    place = Address("console", name)
    return Message(str(uuid.uuid4()), text, Person(name, name), place, LOCAL, now, filled=filled, kind=kind)


def pressed(button: Button, name: str, now: datetime) -> Message:
    """The number of a button that was typed."""
    return replace(message("", name, now, MessageKind.PRESSED), pressed=button.value)


def as_json(reply: Reply) -> str:
    """`text` is the whole answer in plain words; the other fields are its parts."""
    reply = within(reply)

    def cited(citations: tuple[Citation, ...]) -> list[dict[str, object]]:
        return [{k: v for k, v in asdict(c).items() if k not in ("shortened", "url")} for c in citations]

    return json.dumps(
        {
            "text": plain_text(reply),
            "act": reply.act,
            "silent": reply.silent,
            "citations": cited(reply.citations),
            "see_also": cited(reply.see_also),
            "tables": [_rows(table) for table in reply.tables],
            "facts": [asdict(fact) for fact in reply.facts],
            "buttons": [_offered(button) for button in reply.buttons],
            "form": asdict(reply.form) if reply.form else None,
        },
        ensure_ascii=False,
        indent=2,
    )


def _rows(table: Table) -> dict[str, object]:
    rows = [{"cells": row.cells, "offers": [_offered(button) for button in row.offers]} for row in table.rows]
    return {"heading": table.heading, "header": table.header, "rows": rows}


def _offered(button: Button) -> dict[str, str]:
    """What a script can use: the label, the words to type instead, and the page that it opens if it opens one."""
    return {"label": button.label, "says": button.says} | ({"url": button.url} if button.url else {})


def has_colours(out: TextIO) -> bool:
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def for_terminal(reply: Reply, colours: bool, width: int) -> str:
    """The plain words, wrapped, tables in columns; with colours, the answer is bold and quotations stand out."""
    width = min(width, WIDEST)

    def wrap(words: str) -> str:
        lines = words.splitlines()
        return "\n".join(textwrap.fill(one, width, break_long_words=False, break_on_hyphens=False) for one in lines)

    reply = within(reply)
    shown = wrap(plain_text(reply, lambda table: in_columns(table, width)))
    if not colours:
        return shown

    def coloured(words: str, colour: int) -> str:
        return shown.replace(wrap(words), f"\033[{colour}m{wrap(words)}\033[0m", 1) if words else shown

    shown = coloured(reply.text.partition("\n")[0], BOLD)
    for before, citation in zip((None, *reply.citations), reply.citations, strict=False):
        shown = coloured(citation_title(citation, before), FAINT)
        shown = coloured(quoted(citation) if citation.quote else "", CYAN)
    return shown


def typed_options(reply: Reply) -> list[str]:
    """A numbered line for each button, since a terminal has none to press; then what the first row's menu offers."""
    numbered = [f"  {n}  {button.label}" for n, button in enumerate(reply.buttons, start=1)]
    first = next((row for table in reply.tables for row in table.rows if row.offers), None)
    typed = "; ".join(offer.says for offer in first.offers if offer.says) if first else ""
    return [*numbered, *([f"  Of a row, for example: {typed}"] if typed else [])]


def chat(reply_to: Callable[[Message], Reply | None], name: str, clock: Callable[[], datetime], history: Path) -> None:
    """Talk until "quit", end of input or Ctrl-C. A lone number presses the button of that number."""
    colours, offered = has_colours(sys.stdout), Reply("")
    with _line_history(history) as remember, contextlib.suppress(EOFError, KeyboardInterrupt):
        print(plain_text(Reply("Compact Bot.", next_step="Ask in your own words. Type help, or quit to leave.")))
        while True:
            typed = input("\n> ").strip()
            if typed.casefold() in ("quit", "exit", "q"):
                return
            said: Message | None = message(typed, name, clock())
            if re.fullmatch(r"[0-9]{1,3}", typed) and 1 <= int(typed) <= len(offered.buttons):
                said = pressed(offered.buttons[int(typed) - 1], name, clock())
                print(f"> {offered.buttons[int(typed) - 1].says}")
            while said is not None:
                if said.text and not leaves_no_trace(said):
                    remember(said.text)
                reply = reply_to(said)
                if reply is None:
                    break
                offered = reply
                _show(reply, colours)
                said = _filled_in(reply, name, clock)
    print()


def _show(reply: Reply, colours: bool) -> None:
    width = shutil.get_terminal_size((WIDEST, 24)).columns if sys.stdout.isatty() else WIDEST
    print("\n" + for_terminal(reply, colours, width))
    options = typed_options(reply)
    if options and sys.stdin.isatty():
        print(("\nOr type a number:\n" if reply.buttons else "\nOr type:\n") + "\n".join(options))


def _filled_in(reply: Reply, name: str, clock: Callable[[], datetime]) -> Message | None:
    """The reply's form, asked line by line. None where there is none, or somebody left it."""
    if reply.form is None or reply.form.name == PROMPT:
        return None
    filled = fill_in(reply.form, lambda: input("  : "), lambda line: print(f"\n{line}"))
    if filled is None:
        print("\nThe form is left. Nothing was saved.")
        return None
    return message("", name, clock(), MessageKind.FILLED, filled)


@contextlib.contextmanager
def _line_history(file: Path) -> Iterator[Callable[[str], None]]:
    """Arrow keys and a history across sessions, where Python was built with readline.

    Only what is remembered goes in: neither anonymous feedback nor the answers to a form.
    """
    try:
        import readline
    except ImportError:
        yield lambda _: None
        return
    with contextlib.suppress(OSError):
        readline.read_history_file(file)
    readline.set_history_length(500)
    readline.set_auto_history(False)
    try:
        yield readline.add_history
    finally:
        with contextlib.suppress(OSError):
            readline.write_history_file(file)
