"""One message being answered, with everything that may be needed to answer it."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from compact_bot.conversation import Message, Person, Reply
from compact_bot.feedback.publishing import Publisher
from compact_bot.invitations import Pages
from compact_bot.partnership.names import read_for
from compact_bot.store.records import hold, person_called
from compact_bot.store.tables import KnownPerson, Organisation
from compact_bot.store.talk import Talk
from compact_bot.understanding.waiting import Waiting
from knowledge.agreement import Agreement, Party
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search

if TYPE_CHECKING:
    from compact_bot.agreements import Agreements
    from compact_bot.importing.readings import Readings

LONGEST_MESSAGE = 2_000
_TAG = r"<[!/a-zA-Z][^<>]*>"
# Whatever stands around it: something may be taken away before it, and a part may end anywhere after.
_LIKE_A_MARK = re.compile(r"@(?P<first>[UW])(?=[A-Z0-9]{6})")


class Refused(Exception):  # noqa: N818  # named for what happened, as every handler raises it
    """What was asked cannot be done; `reply` says why and what to do. Raised before anything is changed."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


class Transaction:
    """The one transaction of a message. Most questions are answered without mapped objects, which cost more.

    What is read once is kept in plain attributes: on Python 3.11 a cached_property holds one lock of the whole process
    while it reads, and a thread that waits there for a row which the next thread has locked waits for ever.
    """

    def __init__(
        self,
        connection: Connection,
        organisation: Organisation,
        platform: str,
        sender: Person,
        now: datetime | None = None,
    ) -> None:
        self.connection = connection
        self._organisation = organisation
        self._platform = platform
        self._sender = sender
        self._now = now
        self._session: Session | None = None
        self._person: KnownPerson | None = None

    @property
    def session(self) -> Session:
        """From its first use on, others of the same organisation wait for this transaction to end."""
        if self._session is None:
            hold(self.connection, self._organisation.id)
            self._session = Session(self.connection)
            read_for(self._session, self._organisation.id)
        return self._session

    @property
    def has_session(self) -> bool:
        return self._session is not None

    @property
    def person(self) -> KnownPerson:
        if self._person is None:
            self._person = person_called(self.session, self._organisation, self._platform, self._sender, self._now)
        return self._person


@dataclass(frozen=True)
class Turn:
    message: Message
    search: Search
    transaction: Transaction
    organisation: Organisation
    thread: Talk
    rules: Rules
    timezone: str
    meanings: Meanings
    readings: "Readings"
    publisher: Publisher | None = None
    pages: Pages | None = None
    mails: bool = False  # whether nudges can go by e-mail
    agreements: "Agreements | None" = None  # all that are served here
    nameless_at: datetime | None = None  # when this person logged something anonymously, as only this process knows

    @property
    def connection(self) -> Connection:
        return self.transaction.connection

    @property
    def session(self) -> Session:
        return self.transaction.session

    @property
    def person(self) -> KnownPerson:
        return self.transaction.person

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def agreement(self) -> Agreement:
        return self.search.agreement

    @property
    def waiting(self) -> Waiting | None:
        """What was asked back here, and not settled yet."""
        return Waiting.from_json(self.thread.waiting) if self.thread.waiting else None

    @property
    def side(self) -> Party | None:
        """The party that the person said they belong to."""
        return self.agreement.party(self.person.side)


def visible(text: str) -> str:
    """Text without the characters that nobody can see, such as zero-width spaces, which hide what words really say."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() or c.isspace() else "" for c in text if unicodedata.category(c) != "Cf")


def tidied(text: str) -> str:
    """One line of what was typed, without the characters nobody can see and without markup.

    In that order: a character that is taken out must not leave a tag behind. What looks like one only now that those
    within it are gone is broken up.
    """
    text = re.sub(_TAG, " ", visible(text))
    text = re.sub(rf"<(?={_TAG[1:]})", "< ", text)
    return re.sub(r"\s+", " ", text).strip()


def unmarked(text: str) -> str:
    """Text without anything that would turn into a mention where it is read: only Slack itself may name a person."""
    return _LIKE_A_MARK.sub(lambda found: f"@{found['first'].lower()}", text)


def without_marks(message: Message) -> Message:
    """What was typed where no mention is written so: a partner in Slack may read it."""
    filled = message.filled
    if filled is not None:
        filled = replace(filled, values={name: unmarked(value) for name, value in filled.values.items()})
    return replace(message, text=unmarked(message.text), about=unmarked(message.about), filled=filled)


def beginning(text: str, longest: int) -> tuple[str, bool]:
    """As much of a text as fits, cut between words, and whether that is all of it."""
    if len(text) <= longest:
        return text, True
    cut = text.rfind(" ", longest // 2, longest + 1)
    return text[: cut if cut > 0 else longest].rstrip(), False
