"""What must be known of a conversation to understand a message in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from compact_bot.understanding.acts import Named
from knowledge.agreement import Agreement
from knowledge.rules import Rules


@dataclass(frozen=True)
class Step:
    """One milestone of something tracked that is still open."""

    name: str
    title: str
    due_on: date


@dataclass(frozen=True)
class Item:
    """Something tracked: what may be meant by "the lunch club one"."""

    number: int
    kind: str
    title: str
    owner: str
    steps: tuple[Step, ...] = ()
    dates: tuple[date, ...] = ()


def nothing_tracked() -> Sequence[Item]:
    return ()


@dataclass(frozen=True)
class Context:
    """`items` asks the database, and only when it is called. `spoken_of` is the D12 of a nudge, or just named;
    `asks` tells that the message ends with a question mark, which may have been taken off its words.
    """

    today: date
    agreement: Agreement
    rules: Rules
    sender: Named
    mentioned: tuple[Named, ...] = ()
    items: Callable[[], Sequence[Item]] = field(default=nothing_tracked)
    spoken_of: int = 0
    asks: bool = False

    def person(self, said: str) -> Named:
        """Whom some words name: the sender, somebody mentioned, or a name as it stands."""
        name = said.strip()
        if name.casefold() in ("me", "myself", "i"):
            return self.sender
        return next((one for one in self.mentioned if one.name.casefold() == name.casefold()), Named(name))
