"""Finding or making the rows that a message needs."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Message
from compact_bot.store.tables import KnownPerson, Organisation, ReceivedMessage, Thread

REMEMBERED_FOR = timedelta(days=1)


def organisation_called(session: Session, name: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.name == name))
    if found is None:
        found = Organisation(name=name)
        session.add(found)
        session.flush()
    return found


def is_first_time(session: Session, organisation: Organisation, message: Message) -> bool:
    """Record the message under its unique key; False when it was recorded before (the session is then spent)."""
    session.add(
        ReceivedMessage(
            organisation_id=organisation.id,
            platform=message.address.platform,
            message_id=message.id,
            received_at=message.sent_at,
        )
    )
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        return False
    return True


def person_who_sent(session: Session, organisation: Organisation, message: Message) -> KnownPerson:
    platform, person_id = message.address.platform, message.sender.id
    found = session.scalar(
        select(KnownPerson).where(
            KnownPerson.organisation_id == organisation.id,
            KnownPerson.platform == platform,
            KnownPerson.person_id == person_id,
        )
    )
    if found is None:
        found = KnownPerson(organisation_id=organisation.id, platform=platform, person_id=person_id, side="")
        session.add(found)
    return found


def thread_at(session: Session, organisation: Organisation, address: Address, now: datetime) -> Thread:
    """The conversation at an address, blank when it is new or older than a day."""
    found = session.scalar(
        select(Thread).where(
            Thread.organisation_id == organisation.id,
            Thread.platform == address.platform,
            Thread.route == address.route,
        )
    )
    if found is None:
        found = Thread(organisation_id=organisation.id, platform=address.platform, route=address.route, spoken_at=now)
        session.add(found)
    if found.id is None or now - found.spoken_at > REMEMBERED_FOR:
        found.question = found.number = found.waiting_for_side = found.waiting_for_yes = ""
    found.spoken_at = now
    return found


def forget_old_talk(session: Session, now: datetime) -> None:
    """Drop what nobody can refer back to: threads and message identities older than a day."""
    session.execute(delete(Thread).where(Thread.spoken_at < now - REMEMBERED_FOR))
    session.execute(delete(ReceivedMessage).where(ReceivedMessage.received_at < now - REMEMBERED_FOR))
