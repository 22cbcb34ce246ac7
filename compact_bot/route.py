"""One thing that people can say, and who answers it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from compact_bot.conversation import Reply
from compact_bot.turn import Turn


@dataclass(frozen=True)
class Route:
    """`example` and `does` are what `help` reads aloud; a handler returns None to let the next route try.

    `only_asks` says that it does no more than read the agreement aloud, whoever wrote the words.
    """

    matches: str
    handler: Callable[[Turn, re.Match[str]], Reply | None]
    example: str = ""
    does: str = ""
    only_asks: bool = False
