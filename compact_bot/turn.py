"""One message being answered, with everything that may be needed to answer it."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from compact_bot.conversation import Message
from compact_bot.store.records import person_called
from compact_bot.store.tables import KnownPerson, Organisation
from compact_bot.store.talk import Talk
from knowledge.agreement import Agreement, Party
from knowledge.rules import Rules
from knowledge.search import Search

LONGEST_MESSAGE = 2_000


@dataclass(frozen=True)
class Turn:
    message: Message
    search: Search
    connection: Connection
    organisation: Organisation
    thread: Talk
    rules: Rules
    timezone: str

    @cached_property
    def session(self) -> Session:
        """Mapped objects in this message's transaction. Most questions are answered without one."""
        return Session(self.connection)

    @property
    def has_session(self) -> bool:
        return "session" in vars(self)

    def saying(self, text: str) -> "Turn":
        """The same turn with other words: what they change is in the same session, and so is noticed and kept."""
        turn = replace(self, message=replace(self.message, text=text, filled=None))
        vars(turn)["session"] = self.session
        return turn

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
