"""The last few lists that were read, so that a list is read once: for its preview, each look at it, and its keeping."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from compact_bot.importing.lines import Choices, NoListError, Progress, Read, read_lines
from compact_bot.importing.rows import Known
from compact_bot.sheets.reading import UnreadableFileError, read_sheets

MOST_KEPT = 4  # a list of 5,000 lines is about 20 MB when it is read

Outcome: TypeAlias = Read | UnreadableFileError | NoListError
_Key: TypeAlias = tuple[object, ...]


@dataclass
class Readings:
    """In this process's memory alone. What a list is read against is part of what it is found by.

    Several threads use it, each for one thing that a dictionary does whole.
    """

    _kept: dict[_Key, tuple[Known, Outcome]] = field(default_factory=dict)

    def found(self, name: str, content: bytes, choices: Choices, known: Known) -> Read | None:
        """None for a list that is still to be read. Raises UnreadableFileError or NoListError, as reading it did."""
        _, outcome = self._kept.get(_key(name, content, choices, known), (None, None))
        if isinstance(outcome, Exception):
            raise type(outcome)(*outcome.args)  # a new one: it keeps what raised it
        return outcome

    def read(self, name: str, content: bytes, choices: Choices, known: Known, progress: Progress) -> None:
        try:
            outcome: Outcome = read_lines(read_sheets(name, content), name, choices, known, progress)
        except (UnreadableFileError, NoListError) as problem:
            outcome = type(problem)(*problem.args)
        self._kept[_key(name, content, choices, known)] = known, outcome
        for oldest in list(self._kept)[:-MOST_KEPT]:
            self._kept.pop(oldest, None)

    def forget_old(self, now: datetime) -> None:
        """The file itself is deleted after a day as well, where nobody keeps it."""
        for key, (known, _) in list(self._kept.items()):
            if known.today < (now - timedelta(days=1)).date():
                self._kept.pop(key, None)

    def forget(self, content: bytes) -> None:
        """A list that was kept or left is nobody's to look at any more."""
        mark = hashlib.sha256(content).digest()
        for key in list(self._kept):
            if key[0] == mark:
                self._kept.pop(key, None)


def _key(name: str, content: bytes, choices: Choices, known: Known) -> _Key:
    """The rules and the agreement are kept beside what is found, so no others can take their places."""
    columns = tuple(sorted(choices.columns.items()))
    against = (id(known.agreement), id(known.rules), known.closed.own, known.today)
    return hashlib.sha256(content).digest(), name, choices.sheet, choices.kind, columns, *against
