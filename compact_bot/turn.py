"""One message being answered, with everything that may be needed to answer it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from compact_bot.conversation import Message
from compact_bot.feedback.publishing import Publisher
from compact_bot.store.records import person_called
from compact_bot.store.tables import KnownPerson, Organisation
from compact_bot.store.talk import Talk
from knowledge.agreement import Agreement, Party
from knowledge.rules import Rules
from knowledge.search import Search

LONGEST_MESSAGE = 2_000


class Transaction:
    """The one transaction of a message. Most questions are answered without mapped objects, which cost more."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def session(self) -> Session:
        return Session(self.connection)

    @property
    def has_session(self) -> bool:
        return "session" in vars(self)


@dataclass(frozen=True)
class Turn:
    message: Message
    search: Search
    transaction: Transaction
    organisation: Organisation
    thread: Talk
    rules: Rules
    timezone: str
    publisher: Publisher | None = None
    nameless_at: datetime | None = None  # when this person logged something anonymously, as only this process knows

    @property
    def connection(self) -> Connection:
        return self.transaction.connection

    @property
    def session(self) -> Session:
        return self.transaction.session

    @cached_property
    def person(self) -> KnownPerson:
        return person_called(self.session, self.organisation, self.message.address.platform, self.message.sender)

    @property
    def text(self) -> str:
        return self.message.text

    @property
    def agreement(self) -> Agreement:
        return self.search.agreement

    @property
    def side(self) -> Party | None:
        """The party that the person said they belong to."""
        return self.agreement.party(self.person.side)


def tidied(text: str) -> str:
    """One line of what was typed, without markup and the characters nobody can see."""
    text = re.sub(r"<[!/a-zA-Z][^<>]*>", " ", text)
    visible = (c if c.isprintable() or c.isspace() else "" for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", "".join(visible)).strip()
