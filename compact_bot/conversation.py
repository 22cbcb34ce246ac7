"""What is said, on no platform: a message comes in, a reply goes out.

A reply has slots, not markup. Each door has one pure function that turns it into what its platform shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from compact_bot.tracing import new_trace
from compact_bot.understanding.acts import Act
from compact_bot.understanding.saying import says


@dataclass(frozen=True)
class Address:
    """A place. `route`, and `thread` for a conversation within it, are written and read only by the door's adapter."""

    platform: str
    route: str
    thread: str = ""


@dataclass(frozen=True)
class Person:
    """Who speaks: `id` is the platform's, unique within the organisation; `name` is how they are named in replies.

    `called` is a plain name, for pages and files, where `name` is a mention that only the platform can read; `direct`
    is where this person alone can be reached, when the door knows.
    """

    id: str
    name: str
    called: str = ""
    direct: Address | None = None


class Audience(StrEnum):
    """Who reads the answer: the sender in a place of their own, the sender alone where others are too, or all there."""

    ALONE = "alone"
    APART = "apart"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class Filled:
    """A form that somebody sent: values by the names of its fields; several choices are one a line."""

    form: str
    subject: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


class MessageKind(StrEnum):
    """How the words came to be. What the sender did not write, or did not mean as an order, can only ever ask:
    somebody else's message, a search box, the question box of a home page.
    """

    SAID = "said"
    ASKED_ABOUT = "asked about"
    PRESSED = "pressed"  # a button, or a shortcut of the platform
    FILLED = "filled"  # a form
    INSTALLED = "installed"  # the assistant was added, for the first time or again
    EDITED = "edited"  # a message that was answered before says something else now


@dataclass(frozen=True)
class Message:
    """`id` is unique for its platform and stays the same when the platform sends the message again.

    `about` are the words of a message that this one is about, and `link` leads back to it, where the platform has such
    links; `mentioned` are the people whom this one names; `pressed` is the value of a button that was pressed.
    `takes_files` says that the reply may hold files; `attached` are those that came with the message, and `unread` says
    in plain words why one that came could not be had; `with_files`, that some came at all. `way` is how the door gets
    an answer there that it has to post, in its own terms; None where it goes back with the request.
    A guest speaks, in a place shared with others, for an organisation that has not installed the assistant.
    `progress` is told how far something long is, of how much.
    `trace` leads from it to its reply and its nudges in the log.
    """

    id: str
    text: str
    sender: Person
    address: Address
    organisation: str
    sent_at: datetime
    audience: Audience = Audience.ALONE
    filled: Filled | None = None
    link: str = ""
    takes_files: bool = False
    mentioned: tuple[Person, ...] = ()
    kind: MessageKind = MessageKind.SAID
    about: str = ""
    pressed: str = ""
    with_files: bool = False
    is_guest: bool = False
    way: Mapping[str, Any] | None = None
    attached: tuple["File", ...] = ()
    unread: str = ""
    progress: Callable[[int, int], None] | None = field(default=None, compare=False, repr=False)
    trace: str = field(default_factory=new_trace, compare=False)

    @property
    def only_asks(self) -> bool:
        return self.kind is MessageKind.ASKED_ABOUT


@dataclass(frozen=True)
class Citation:
    """Exact words of the agreement: `quote` is always a substring of its text. `url` is where others read it too."""

    number: str
    heading: str
    party: str
    quote: str
    shortened: bool = False
    url: str = ""


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Button:
    """Carries an act, done by whoever presses it; with `url` it opens that page instead.

    `value` is what a door keeps and hands back as `Message.pressed`: written by the core when the reply leaves it.
    What is `aside` is shown small, after the others: whether an answer helped.
    """

    label: str
    act: Act | None = None
    url: str = ""
    value: str = ""
    aside: bool = False

    @property
    def says(self) -> str:
        """What to type instead of pressing."""
        return says(self.act) if self.act else ""


@dataclass(frozen=True)
class Row:
    """One thing in a table: a cell for each column, of a line or two, and what can be done with it.

    The last of `offers` opens it.
    """

    cells: tuple[str, ...]
    offers: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows under a heading, with a name for each column. Of few columns, so that phones hold them.

    What a row offers is behind a menu of its own; `opened` shows it as a row of buttons.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    heading: str = ""
    opened: bool = False

    def said(self, row: Row) -> str:
        """A row for those who see no columns: "Thursday 31 December 2026: D1, Youth club grant. Owner: Amina." """
        when, *others = (cell.split("\n") for cell in row.cells)
        cells = [", ".join(when), *(". ".join(line.rstrip(".") for line in cell) for cell in others)]
        first = ": ".join(filter(None, cells[:2]))
        more = (f"{name}: {cell}" for name, cell in zip(self.header[2:], cells[2:], strict=True) if cell)
        return " ".join(f"{part.rstrip('.')}." for part in (first, *more))


@dataclass(frozen=True)
class Pending:
    """What was asked back: the act as far as it is known, and what it lacks ("clauses", "title", the name of a date).

    The buttons of the same reply are the choices; each can be typed by its label or its number too. `sure`: whoever
    says yes was told whose it is.
    """

    act: Act
    missing: tuple[str, ...] = ()
    sure: bool = False


class FieldKind(StrEnum):
    LINE = "line"
    TEXT = "text"  # several lines
    DATE = "date"  # as 2027-03-31
    CHOICE = "choice"
    CHOICES = "choices"
    PERSON = "person"  # as in Person.name


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """`problem` says what is wrong with the value that was sent; it is shown beside the field."""

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    value: str = ""
    options: tuple[Option, ...] = ()
    optional: bool = False
    hint: str = ""
    problem: str = ""
    longest: int = 200


@dataclass(frozen=True)
class Form:
    """A list of fields. What it submits becomes one message, with `Filled`; `subject` is what it is about (D12).

    `says` stands once above the fields: who will read what they hold.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    submit: str = "Save"
    subject: str = ""
    says: str = ""


@dataclass(frozen=True)
class File:
    """A file that goes with a reply."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class SentNudge:
    """A message in a chat that is out of date, by the platform's reference; `left` is what it says that is still so.

    `by` is how whoever settled it is named there, where that is another organisation's; else as the door names them.
    """

    address: Address
    reference: str
    left: "Reply | None" = None
    by: str = ""


@dataclass(frozen=True)
class Reply:
    """Read in this order: text, citations, tables, facts, note, see_also, source, next_step, introduction, form,
    buttons. The first line of `text` is the answer. `typed` says what to type instead of pressing the buttons: it is
    shown only where nothing can be pressed, and read aloud everywhere.

    `pending` is what a next message may settle. `form` is offered, or offered again with its problems, and `opens` is
    the button for it, where a platform opens one only when something is pressed. `shared` asks the door to show the
    reply to everyone in the place, `private` to show it to nobody but the sender. `changed` says that something was
    saved; `settled` names the nudges that it made out of date. `act` names the family of what was understood. `files`
    are there only for a message that takes them. `letter` is the id under which it is kept until it is posted;
    one that is `untraced` may be kept nowhere. `token` is by what its question is used up once.
    `chose_place` says that nudges come from now on to where it was said.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    facts: tuple[Fact, ...] = ()
    note: str = ""
    see_also: tuple[Citation, ...] = ()
    source: str = ""
    next_step: str = ""
    buttons: tuple[Button, ...] = ()
    silent: bool = False
    introduction: str = ""
    form: Form | None = None
    shared: bool = False
    private: bool = False
    changed: bool = False
    settled: tuple[SentNudge, ...] = ()
    files: tuple[File, ...] = ()
    pending: Pending | None = None
    opens: Button | None = None
    act: str = ""
    chose_place: bool = False
    tables: tuple[Table, ...] = ()
    typed: str = ""
    token: str = ""
    letter: int = 0
    untraced: bool = False
