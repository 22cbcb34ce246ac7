"""Finding or making the rows that a message needs."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Citation, Fact, Message, Person, Reply
from compact_bot.store.database import inserting
from compact_bot.store.tables import KnownPerson, Organisation, Place, ReceivedMessage, Thread

REMEMBERED_FOR = timedelta(days=1)


def organisation_called(session: Session, name: str) -> Organisation:
    """The organisation's row, made when it is new. It stays readable after the session is closed."""
    session.connection().execute(
        inserting(session, Organisation).values(name=name).on_conflict_do_nothing(index_elements=("name",))
    )
    found = session.scalars(select(Organisation).where(Organisation.name == name)).one()
    session.expunge(found)
    return found


def is_first_time(session: Session, organisation: Organisation, message: Message) -> bool:
    """Record the message under its unique key; False when it was recorded before (the session is then spent)."""
    recorded = {
        "organisation_id": organisation.id,
        "platform": message.address.platform,
        "message_id": message.id,
        "received_at": message.sent_at,
    }
    try:
        session.connection().execute(insert(ReceivedMessage), recorded)
    except IntegrityError:
        session.rollback()
        return False
    return True


def keep_answer(session: Session, organisation: Organisation, message: Message, reply: Reply) -> None:
    """Keep an answer that only its asker saw for as long as its message is remembered, so that it can be shared."""
    parts = {
        "text": reply.text,
        "citations": [asdict(citation) for citation in reply.citations],
        "facts": [asdict(fact) for fact in reply.facts],
        "note": reply.note,
        "see_also": [asdict(citation) for citation in reply.see_also],
        "source": reply.source,
        "next_step": reply.next_step,
    }
    session.connection().execute(
        update(ReceivedMessage)
        .where(*_is_message(organisation, message.address.platform, message.id))
        .values(answer=json.dumps(parts))
    )


def answer_to(session: Session, organisation: Organisation, platform: str, message_id: str) -> Reply | None:
    """The answer that was kept for a message, as long as it is remembered."""
    kept = session.scalar(select(ReceivedMessage.answer).where(*_is_message(organisation, platform, message_id)))
    if not kept:
        return None
    parts = json.loads(kept)
    for name, made in (("citations", Citation), ("facts", Fact), ("see_also", Citation)):
        parts[name] = tuple(made(**one) for one in parts[name])
    return Reply(**parts)


def _is_message(organisation: Organisation, platform: str, message_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        ReceivedMessage.organisation_id == organisation.id,
        ReceivedMessage.platform == platform,
        ReceivedMessage.message_id == message_id,
    )


def person_called(session: Session, organisation: Organisation, platform: str, person: Person) -> KnownPerson:
    """The person's row, made when they are new, with how they are named and reached now."""
    found = session.scalar(
        select(KnownPerson).where(
            KnownPerson.organisation_id == organisation.id,
            KnownPerson.platform == platform,
            KnownPerson.person_id == person.id,
        )
    )
    if found is None:
        found = KnownPerson(organisation_id=organisation.id, platform=platform, person_id=person.id, side="")
        session.add(found)
    found.name, found.called = person.name[:100], person.called[:100] or found.called or ""
    if person.direct:
        found.direct_route = person.direct.route
    return found


def is_first_post(session: Session, organisation: Organisation, address: Address) -> bool:
    """Whether nothing was posted at this place before; from now on something was."""
    place = {"organisation_id": organisation.id, "platform": address.platform, "route": address.route}
    added = session.connection().execute(
        inserting(session, Place)
        .values(place)
        .on_conflict_do_nothing(index_elements=("organisation_id", "platform", "route"))
    )
    return added.rowcount == 1


def forget_old_talk(session: Session, now: datetime) -> None:
    """Drop what nobody can refer back to: threads and message identities older than a day."""
    session.execute(delete(Thread).where(Thread.spoken_at < now - REMEMBERED_FOR))
    session.execute(delete(ReceivedMessage).where(ReceivedMessage.received_at < now - REMEMBERED_FOR))
