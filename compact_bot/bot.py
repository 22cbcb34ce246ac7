"""One message, one transaction, one reply."""

import logging
import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from compact_bot import sharing
from compact_bot.conversation import Audience, Message, Reply
from compact_bot.deadlines.settled import has_changed, settled_nudges
from compact_bot.feedback.anonymity import Wish
from compact_bot.feedback.gaps import forget_old_gaps
from compact_bot.feedback.handlers import for_nobody
from compact_bot.feedback.nobody import Lately, asks_for_the_form, without_sender
from compact_bot.feedback.publishing import Publisher
from compact_bot.routes import answer
from compact_bot.store.records import (
    forget_old_talk,
    is_first_post,
    is_first_time,
    organisation_called,
    person_called,
)
from compact_bot.store.tables import Organisation
from compact_bot.store.talk import Talk
from compact_bot.turn import Transaction, Turn, tidied
from knowledge.rules import Rules
from knowledge.search import Search

FORGETS_EVERY = timedelta(minutes=1)
MOST_REMEMBERED = 10_000  # people and places seen by this process; each costs one look at the database when forgotten

log = logging.getLogger(__name__)

APOLOGY = Reply(
    "Sorry, something went wrong here, and nothing was saved.",
    next_step="Please send your message again. If it keeps happening, tell the person who runs this assistant.",
)


class Bot:
    def __init__(
        self,
        engine: Engine,
        search: Search,
        rules: Rules,
        timezone: str,
        gaps_days: int = 90,
        publisher: Publisher | None = None,
    ) -> None:
        self._engine = engine
        self.search = search
        self.rules = rules
        self.timezone = timezone
        self._gaps_days = gaps_days
        self.publisher = publisher
        self._organisations: dict[str, Organisation] = {}
        self._seen: set[object] = set()
        self._lately = Lately()
        self._forgot_at = datetime.min.replace(tzinfo=UTC)

    def reply_to(self, message: Message) -> Reply | None:
        """The reply, or None when this very message was answered before.

        Whatever fails is logged under the message's id without the exception's text, which may hold what people
        wrote or a secret; the person gets an apology and nothing is kept.
        """
        wish = self._lately.wish_of(message)
        if wish is not Wish.NONE or asks_for_the_form(message):
            return self._reply_to_nobody(message, wish)
        try:
            return self._answered([message])[0]
        except Exception as error:  # the one broad catch: see above
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.error("message %s: %s at %s:%s", message.id, type(error).__name__, where.name, where.lineno)
            return APOLOGY

    def reply_to_all(self, messages: Sequence[Message]) -> list[Reply | None]:
        """The same for messages that wait together, which then share a transaction; alone again when one fails.

        A commit and what is around it cost SQLite a third of a short answer.
        """
        if not any(map(self._is_nobodys, messages)):
            try:
                return self._answered(messages)
            except Exception as error:  # reply_to says of which message, and what
                log.info("%s messages are answered one by one: %s", len(messages), type(error).__name__)
        return [self.reply_to(message) for message in messages]

    def _is_nobodys(self, message: Message) -> bool:
        return self._lately.wish_of(message) is not Wish.NONE or asks_for_the_form(message)

    def _answered(self, messages: Sequence[Message]) -> list[Reply | None]:
        organisations: list[Organisation] = []
        replies: list[Reply | None] = []
        with self._engine.begin() as connection:
            for message in messages:
                ours = self._organisations.get(message.organisation)
                organisations.append(ours or organisation_called(connection, message.organisation))
                replies.append(self._reply(connection, organisations[-1], message))
        for message, ours in zip(messages, organisations, strict=True):
            self._remember(message, ours)
        return replies

    def _reply_to_nobody(self, message: Message, wish: Wish) -> Reply | None:
        """The reply to what leaves no trace: only what is logged anonymously is kept, and nothing of who sent it.

        Whether it was answered before is known in this process's memory only; another one folds it by its words.
        """
        if self._lately.was_answered(message):
            return None
        try:
            with self._engine.begin() as connection:
                known = self._organisations.get(message.organisation)
                organisation = known or organisation_called(connection, message.organisation)
                turn = self._turn(connection, organisation, without_sender(message, self.timezone))
                reply = for_nobody(turn, wish, message.audience is Audience.EVERYONE)
                turn.session.flush()
                reply = replace(reply, changed=has_changed(turn.session))
        except Exception as error:  # as in reply_to, and here the message's id is not logged either
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.error("an anonymous message: %s at %s:%s", type(error).__name__, where.name, where.lineno)
            return APOLOGY
        self._organisations[message.organisation] = organisation
        self._lately.note(message, wish, reply.changed)
        return reply

    def _remember(self, message: Message, organisation: Organisation) -> None:
        """Spare the next message a look at the database for what this one has just made sure of."""
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.clear()
        self._organisations[message.organisation] = organisation
        self._seen.add((organisation.id, message.address.platform, message.sender))
        if message.audience is Audience.EVERYONE:
            self._seen.add(_place(organisation, message))

    def _reply(self, connection: Connection, organisation: Organisation, message: Message) -> Reply | None:
        if not is_first_time(connection, organisation, message):
            return None
        if abs(message.sent_at - self._forgot_at) > FORGETS_EVERY:
            forget_old_talk(connection, message.sent_at)
            forget_old_gaps(connection, message.sent_at.date(), self._gaps_days)
            self._forgot_at = message.sent_at
        turn = self._turn(connection, organisation, message)
        self._get_to_know(turn)
        reply = answer(turn)
        turn.thread.save()
        if turn.transaction.has_session:
            turn.session.flush()
            if has_changed(turn.session):
                reply = replace(reply, changed=True, settled=settled_nudges(turn.session))
        return self._for_its_audience(turn, reply)

    def _get_to_know(self, turn: Turn) -> None:
        """Note how the sender, and whoever is mentioned, are named and reached."""
        platform = turn.message.address.platform
        if (turn.organisation.id, platform, turn.message.sender) not in self._seen:
            _ = turn.person
        for person in turn.message.mentioned:
            person_called(turn.session, turn.organisation, platform, person)

    def _for_its_audience(self, turn: Turn, reply: Reply) -> Reply:
        message = turn.message
        if message.audience is Audience.APART:
            return sharing.offered(turn, reply)
        if (
            message.audience is Audience.EVERYONE
            and _place(turn.organisation, message) not in self._seen
            and is_first_post(turn.connection, turn.organisation, message.address)
        ):
            return replace(reply, introduction=sharing.introduction(turn))
        return reply

    def _turn(self, connection: Connection, organisation: Organisation, message: Message) -> Turn:
        return Turn(
            message=replace(message, text=tidied(message.text)),
            search=self.search,
            transaction=Transaction(connection),
            organisation=organisation,
            thread=Talk(connection, organisation.id, message.address, message.sent_at),
            rules=self.rules,
            timezone=self.timezone,
            publisher=self.publisher,
            nameless_at=self._lately.logged_at(message),
        )


def _place(organisation: Organisation, message: Message) -> tuple[int, str, str]:
    return organisation.id, message.address.platform, message.address.route
