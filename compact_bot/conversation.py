"""What is said, on no platform: a message comes in, a reply goes out.

A reply has slots, not markup. Each door has one pure function that turns it into what its platform shows.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Address:
    """A place where one conversation goes on. `route` is written and read only by the platform's adapter."""

    platform: str
    route: str


@dataclass(frozen=True)
class Person:
    """Who speaks: `id` is the platform's, unique within the organisation."""

    id: str
    name: str


@dataclass(frozen=True)
class Message:
    """`id` is unique for its platform and stays the same when the platform sends the message again."""

    id: str
    text: str
    sender: Person
    address: Address
    organisation: str
    sent_at: datetime


@dataclass(frozen=True)
class Citation:
    """Exact words of the agreement: `quote` is always a substring of its text."""

    number: str
    heading: str
    party: str
    quote: str
    shortened: bool = False


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Button:
    """A shortcut for a sentence: pressing it says `says` as the person who pressed."""

    label: str
    says: str


@dataclass(frozen=True)
class Reply:
    """Read in this order: text, citations, facts, note, see_also, source, next_step, buttons."""

    text: str
    citations: tuple[Citation, ...] = ()
    facts: tuple[Fact, ...] = ()
    note: str = ""
    see_also: tuple[Citation, ...] = ()
    source: str = ""
    next_step: str = ""
    buttons: tuple[Button, ...] = ()
    silent: bool = False
