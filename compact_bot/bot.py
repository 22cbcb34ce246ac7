"""One message, one transaction, one reply."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, select

from compact_bot import sharing
from compact_bot.agreements import Agreements
from compact_bot.beforehand import Beforehand
from compact_bot.conversation import Audience, Message, MessageKind, Reply
from compact_bot.feedback.anonymity import Wish
from compact_bot.feedback.handlers import for_nobody
from compact_bot.feedback.nobody import Lately, asks_for_the_form, without_sender
from compact_bot.feedback.publishing import Publisher
from compact_bot.forgetting import forget_old
from compact_bot.handling import NOT_DONE_ANEW, answer
from compact_bot.importing.readings import Readings
from compact_bot.invitations import Pages, linked
from compact_bot.its_words import in_its_words
from compact_bot.logs import logger, type_and_place
from compact_bot.lost_places import chose_a_place, spoke_again
from compact_bot.nudges.stale import stale_nudges
from compact_bot.outbox.letters import Letter
from compact_bot.outbox.rows import LEASE, put
from compact_bot.patience import Patience
from compact_bot.pressing import with_values
from compact_bot.store.again import once_more
from compact_bot.store.changed import has_changed
from compact_bot.store.records import (
    is_first_post,
    is_first_time,
    organisation_called,
    person_called,
)
from compact_bot.store.tables import Organisation
from compact_bot.store.talk import Talk
from compact_bot.tracing import traced
from compact_bot.turn import Transaction, Turn, tidied, without_marks
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from knowledge.served import Served

MOST_TRIES = 3  # of a message for which something has to be done first, which what changes meanwhile may undo
FORGETS_EVERY = timedelta(minutes=1)
MOST_REMEMBERED = 10_000  # people and places seen by this process; each costs one look at the database when forgotten
_WRITE_NO_MARKS = ("teams", "web", "console")

log = logger(__name__)

APOLOGY = Reply(
    "Sorry, something went wrong here, and nothing was saved.",
    next_step="Please send your message again. If it keeps happening, tell the person who runs this assistant.",
)


class GivenUpError(Exception):
    """The person was told that their message was given up, so its work is undone."""


class Bot:
    def __init__(
        self,
        engine: Engine,
        search: Search,
        rules: Rules,
        meanings: Meanings,
        timezone: str,
        gaps_days: int = 90,
        publisher: Publisher | None = None,
        pages: Pages | None = None,
        mails: bool = False,
        agreements: Agreements | None = None,
    ) -> None:
        self.engine = engine
        self.agreements = agreements or Agreements((Served(search, rules),))
        self.search = search
        self.rules = rules
        self.meanings = meanings
        self.timezone = timezone
        self.gaps_days = gaps_days
        self.publisher = publisher
        self.pages = pages
        self._mails = mails
        self._readings = Readings()
        self._organisations: dict[str, Organisation] = {}
        self._seen: set[object] = set()
        self._lately = Lately()
        self._forgot_at = datetime.min.replace(tzinfo=UTC)

    def reply_to(self, message: Message, patience: Patience | None = None) -> Reply | None:
        """The reply, or None when this very message was answered before.

        Whatever fails is logged under the message's id without the exception's text, which may hold what people
        wrote or a secret; the person gets an apology and nothing is kept. Nor is anything once `patience` is over.
        """
        patience = patience or Patience()
        for _ in range(MOST_TRIES):
            outcome = self._tried(message, patience)
            if not isinstance(outcome, Beforehand):
                return outcome
            try:
                outcome.work()
            except Exception as error:  # as below
                log.error("message %s: %s", message.id, type_and_place(error))
                break
        return APOLOGY

    def _tried(self, message: Message, patience: Patience) -> Reply | Beforehand | None:
        wish = self._lately.wish_of(message)
        if _is_nobodys(message, wish):
            if message.kind is MessageKind.EDITED:  # the first words were answered; these leave no trace either
                return NOT_DONE_ANEW
            return self._reply_to_nobody(message, wish, patience)
        try:
            return once_more(lambda: self._answered([message], [patience]))[0]
        except Beforehand as first:
            return first
        except Exception as error:  # the one broad catch: see above
            with traced(message.trace):
                log.error("message %s: %s", message.id, type_and_place(error))
            return APOLOGY

    def reply_to_all(
        self, messages: Sequence[Message], patience: Sequence[Patience] = ()
    ) -> list[Reply | Beforehand | None]:
        """The same for messages that wait together, which then share a transaction; alone again when one fails.

        A commit and what is around it cost SQLite a third of a short answer. Of a message for which something has to be
        done first that is handed back; it is answered when it is asked again after that.
        """
        patience = patience or [Patience() for _ in messages]
        if len(messages) > 1 and not any(_is_nobodys(one, self._lately.wish_of(one)) for one in messages):
            try:
                return [*self._answered(messages, patience)]
            except Exception as error:  # it is said of which message, and what
                log.info("%s messages are answered one by one: %s", len(messages), type(error).__name__)
        return [self._tried(message, waits) for message, waits in zip(messages, patience, strict=True)]

    def _answered(self, messages: Sequence[Message], patience: Sequence[Patience]) -> list[Reply | None]:
        organisations: list[Organisation] = []
        replies: list[Reply | None] = []
        with self._saving(patience) as connection:
            for message in messages:
                ours = self._organisations.get(message.organisation)
                organisations.append(ours or organisation_called(connection, message.organisation))
                replies.append(self._reply(connection, organisations[-1], message))
        for message, ours in zip(messages, organisations, strict=True):
            self._remember(message, ours)
        self._forget_now_and_then(messages[-1].sent_at)
        return replies

    def _forget_now_and_then(self, now: datetime) -> None:
        """In a transaction of its own, after the answer's: it goes through rows of every organisation."""
        if abs(now - self._forgot_at) > FORGETS_EVERY:
            self._forgot_at = now
            self._readings.forget_old(now)
            try:
                forget_old(self.engine, now, self.timezone, self.gaps_days)
            except Exception as error:  # the answer stands, and the next minute tries again
                log.error("what is old could not be deleted: %s", type_and_place(error))

    @contextmanager
    def _saving(self, patience: Sequence[Patience]) -> Iterator[Connection]:
        """A transaction that is undone when somebody was told meanwhile that nothing was saved."""
        if any(waits.is_over for waits in patience):
            raise GivenUpError
        with self.engine.begin() as connection:
            yield connection
            if not all(waits.may_save() for waits in patience):
                raise GivenUpError

    def _reply_to_nobody(self, message: Message, wish: Wish, patience: Patience) -> Reply | None:
        """The reply to what leaves no trace: only what is logged anonymously is kept, and nothing of who sent it.

        Whether it was answered before is known in this process's memory only; another one folds it by its words.
        """
        if self._lately.was_answered(message):
            return None
        try:
            reply = once_more(lambda: self._anonymously(message, wish, patience))
        except Exception as error:  # as in reply_to, and here the message's id is not logged either
            log.error("an anonymous message: %s", type_and_place(error))
            return APOLOGY
        self._lately.note(message, wish, reply.changed)
        return reply

    def _anonymously(self, message: Message, wish: Wish, patience: Patience) -> Reply:
        with self._saving([patience]) as connection:
            known = self._organisations.get(message.organisation)
            organisation = known or organisation_called(connection, message.organisation)
            turn = self._turn(connection, organisation, without_sender(message, self.timezone))
            reply = for_nobody(turn, wish, message.audience is Audience.EVERYONE)
            turn.session.flush()
            reply = in_its_words(replace(reply, changed=has_changed(turn.session), untraced=True), turn.agreement)
            return with_values(linked(reply, self.pages), organisation.id, turn.message.sent_at)

    def _remember(self, message: Message, organisation: Organisation) -> None:
        """Spare the next message a look at the database for what this one has just made sure of."""
        if len(self._seen) > MOST_REMEMBERED:
            self._seen.clear()
        self._organisations[message.organisation] = organisation
        self._seen.add(_person(organisation, message))
        if message.audience is Audience.EVERYONE:
            self._seen.add(_place(organisation, message))

    def _reply(self, connection: Connection, organisation: Organisation, message: Message) -> Reply | None:
        if not is_first_time(connection, organisation, message):
            return None
        with traced(message.trace):
            return self._answer(connection, organisation, message)

    def _answer(self, connection: Connection, organisation: Organisation, message: Message) -> Reply:
        turn = self._turn(connection, organisation, message)
        self._get_to_know(turn)
        if message.audience is Audience.EVERYONE:
            spoke_again(connection, organisation, message)
        reply = answer(turn)
        turn.thread.save()
        if turn.transaction.has_session:
            turn.session.flush()
            if has_changed(turn.session):
                settled = stale_nudges(turn)
                reply = replace(reply, changed=True, settled=settled, chose_place=chose_a_place(turn))
        reply = linked(in_its_words(self._for_its_audience(turn, reply), turn.agreement), self.pages)
        return self._kept_until_posted(turn, with_values(reply, organisation.id, message.sent_at))

    def _kept_until_posted(self, turn: Turn, reply: Reply) -> Reply:
        """What tells of a change is kept with it, so that neither a platform nor a process that is down loses it."""
        message = turn.message
        if message.way is None or not reply.changed:
            return reply
        letter = Letter(turn.organisation.name, message.address, message.way, reply)
        now = message.sent_at
        return replace(reply, letter=put(turn.connection, turn.organisation.id, letter, now, now + LEASE))

    def _get_to_know(self, turn: Turn) -> None:
        """Note how the sender, and whoever is mentioned, are named and reached."""
        platform = turn.message.address.platform
        if _person(turn.organisation, turn.message) not in self._seen:
            _ = turn.person
        for person in turn.message.mentioned:
            person_called(turn.session, turn.organisation, platform, person, turn.message.sent_at)

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

    def served_for(self, organisation: str) -> Served:
        """The agreement of an organisation, by the name that its door knows it by."""
        if len(self.agreements.served) == 1:
            return self.agreements.default
        with self.engine.connect() as connection:
            known = connection.execute(select(Organisation.id).where(Organisation.name == organisation)).scalar()
            return self.agreements.of(connection, known) if known else self.agreements.default

    def _turn(self, connection: Connection, organisation: Organisation, message: Message) -> Turn:
        served = self.agreements.of(connection, organisation.id)
        return Turn(
            message=_read(message),
            search=served.search,
            transaction=Transaction(
                connection, organisation, message.address.platform, message.sender, message.sent_at
            ),
            organisation=organisation,
            thread=Talk(connection, organisation.id, message.address, message.sent_at),
            rules=served.rules,
            agreements=self.agreements,
            timezone=self.timezone,
            meanings=self.meanings,
            readings=self._readings,
            publisher=self.publisher,
            pages=self.pages,
            mails=self._mails,
            nameless_at=self._lately.logged_at(message),
        )


def _is_nobodys(message: Message, wish: Wish) -> bool:
    """Words that only ask log nothing, so they are not the sender's feedback either."""
    return not message.only_asks and (wish is not Wish.NONE or asks_for_the_form(message))


def _read(message: Message) -> Message:
    message = replace(message, text=tidied(message.text))
    return without_marks(message) if message.address.platform in _WRITE_NO_MARKS else message


def _person(organisation: Organisation, message: Message) -> tuple[int, str, object, int, int]:
    """Noted once a month, which is how finely it is kept when somebody was here last."""
    return organisation.id, message.address.platform, message.sender, message.sent_at.year, message.sent_at.month


def _place(organisation: Organisation, message: Message) -> tuple[int, str, str]:
    return organisation.id, message.address.platform, message.address.route
