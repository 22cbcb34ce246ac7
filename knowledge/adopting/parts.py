"""What is read of an agreement: its clauses, and the words that stand in none but stay in the document."""

from dataclasses import dataclass, field

from knowledge.adopting.sides import Sides
from knowledge.adopting.units import Unit


@dataclass(eq=False)
class Part:
    """A clause as read. `printed` is its number on the page, "" where it has none; `heading` what it stands under."""

    number: str
    printed: str
    title: str
    heading: str
    units: list[Unit]
    text: str = ""
    side: str = ""
    inherited: str | None = None
    parent: str = ""
    leads: bool = False
    run: int = 0
    depth: int = 1


@dataclass(eq=False)
class Aside:
    """Words that stand in no clause but stay in the document: its title, its headings, its lead-ins."""

    kind: str
    unit: Unit
    level: int = 2


@dataclass
class Read:
    title: str
    entries: list[Part | Aside]
    sides: Sides
    guesses: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def parts(self) -> list[Part]:
        return [entry for entry in self.entries if isinstance(entry, Part)]
