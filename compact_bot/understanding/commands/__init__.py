"""Exact commands: the words in help, read at once and always the same. The first that matches wins."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from compact_bot.understanding.acts import Act
from compact_bot.understanding.context import Context
from compact_bot.understanding.understood import Understood

Read = Callable[[re.Match[str], Context], Act | Understood | None]


@dataclass(frozen=True)
class Command:
    """`example` and `does` are what help reads aloud under a topic; `reads` returns None to let the next one try."""

    matches: re.Pattern[str]
    reads: Read
    topic: str = ""
    example: str = ""
    does: str = ""


def command(matches: str, reads: Read | Act, topic: str = "", example: str = "", does: str = "") -> Command:
    """A command by its pattern; an act alone where the words leave nothing to read."""
    always = reads if callable(reads) else lambda _, __: reads
    return Command(re.compile(matches, re.IGNORECASE | re.DOTALL), always, topic, example, does)


def read_command(text: str, commands: Iterable[Command], context: Context) -> Understood | None:
    for one in commands:
        found = one.matches.fullmatch(text)
        if found and (read := one.reads(found, context)) is not None:
            return read if isinstance(read, Understood) else Understood(read)
    return None
