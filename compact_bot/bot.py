"""One message, one transaction, one reply."""

import logging
import traceback
from dataclasses import replace

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from compact_bot.conversation import Message, Reply
from compact_bot.routes import answer
from compact_bot.store.records import (
    forget_old_talk,
    is_first_time,
    organisation_called,
    person_who_sent,
    thread_at,
)
from compact_bot.turn import Turn, tidied
from knowledge.rules import Rules
from knowledge.search import Search

log = logging.getLogger(__name__)

APOLOGY = Reply(
    "Sorry, something went wrong here, and nothing was saved.",
    next_step="Please send your message again. If it keeps happening, tell the person who runs this assistant.",
)


class Bot:
    def __init__(self, engine: Engine, search: Search, rules: Rules, timezone: str) -> None:
        self._engine = engine
        self.search = search
        self.rules = rules
        self.timezone = timezone

    def reply_to(self, message: Message) -> Reply | None:
        """The reply, or None when this very message was answered before.

        Whatever fails is logged under the message's id without the exception's text, which may hold what people
        wrote or a secret; the person gets an apology and nothing is kept.
        """
        try:
            with Session(self._engine) as session, session.begin():
                return self._reply(session, replace(message, text=tidied(message.text)))
        except Exception as error:  # the one broad catch: see above
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.error("message %s: %s at %s:%s", message.id, type(error).__name__, where.name, where.lineno)
            return APOLOGY

    def _reply(self, session: Session, message: Message) -> Reply | None:
        organisation = organisation_called(session, message.organisation)
        if not is_first_time(session, organisation, message):
            return None
        forget_old_talk(session, message.sent_at)
        turn = Turn(
            message=message,
            search=self.search,
            session=session,
            organisation=organisation,
            person=person_who_sent(session, organisation, message),
            thread=thread_at(session, organisation, message.address, message.sent_at),
            rules=self.rules,
            timezone=self.timezone,
        )
        return answer(turn)
