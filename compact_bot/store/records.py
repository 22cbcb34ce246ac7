"""Finding or making the rows that a message needs."""

import json
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Connection, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from compact_bot.conversation import Address, Citation, Fact, Message, Person, Reply, Row
from compact_bot.conversation import Table as RowTable
from compact_bot.store.database import inserting
from compact_bot.store.scope import shared
from compact_bot.store.tables import (
    Deadline,
    KnownPerson,
    LinkCode,
    Organisation,
    Place,
    ReceivedMessage,
    Table,
    Thread,
)

REMEMBERED_FOR = timedelta(days=1)
_MESSAGE = ("organisation_id", "platform", "message_id")
_KEPT = ("text", "citations", "facts", "note", "see_also", "source", "next_step", "typed")
_KEEPING = (
    update(ReceivedMessage)
    .where(*(getattr(ReceivedMessage, name) == bindparam(f"the_{name}") for name in _MESSAGE))
    .values(answer=bindparam("answer"))
)
_OURS = aliased(Organisation)
# "FOR NO KEY UPDATE": rows that merely refer to the organisation can still be added by those who do not hold it.
_THEIRS = select(_OURS.partnership_id).where(_OURS.id == bindparam("organisation")).scalar_subquery()
_HOLDING = (
    select(Organisation.id)
    .where(or_(Organisation.id == bindparam("organisation"), Organisation.partnership_id == _THEIRS))
    .order_by(Organisation.id)
    .with_for_update(key_share=True)
)


def organisation_called(connection: Connection, name: str) -> Organisation:
    """The organisation's row, made when it is new. It belongs to no session, so it can be kept."""
    connection.execute(_new(connection, Organisation, "name"), {"name": name})
    with Session(connection) as session:
        found = session.scalars(select(Organisation).where(Organisation.name == name)).one()
        session.expunge(found)
    return found


def hold(connection: Connection, organisation_id: int) -> None:
    """Let others who count, plan or change something of this organisation, or of its partners, wait until this
    transaction ends.

    Always taken before any row that is changed, so that two transactions cannot wait for each other. SQLite's
    transactions have the whole database to themselves anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_HOLDING, {"organisation": organisation_id})


def is_first_time(connection: Connection, organisation: Organisation, message: Message) -> bool:
    """Record the message under its unique key; False when it was recorded before, by another process too."""
    recorded = {**_key(organisation, message.address.platform, message.id), "received_at": message.sent_at}
    return connection.execute(_new(connection, ReceivedMessage, *_MESSAGE), recorded).rowcount == 1


def forget_message(connection: Connection, organisation: Organisation, message: Message) -> None:
    """As if it had never been recorded."""
    key = _key(organisation, message.address.platform, message.id)
    connection.execute(delete(ReceivedMessage).filter_by(**key))


@cache
def _new_row(dialect: str, table: type[Table], *key: str) -> "postgresql.Insert | sqlite.Insert":
    statement = inserting(dialect, table).on_conflict_do_nothing(index_elements=key)
    return statement.execution_options(preserve_rowcount=True)  # PostgreSQL's would else say -1


def _new(connection: Connection, table: type[Table], *key: str) -> "postgresql.Insert | sqlite.Insert":
    """A row that is only added when its key is new."""
    return _new_row(connection.dialect.name, table, *key)


def keep_answer(connection: Connection, organisation: Organisation, message: Message, reply: Reply) -> None:
    """Keep an answer that only its asker saw for as long as its message is remembered, so that it can be shared."""
    parts = {name: getattr(reply, name) for name in _KEPT}
    parts["tables"] = [
        {"header": one.header, "rows": [row.cells for row in one.rows], "heading": one.heading} for one in reply.tables
    ]
    kept = json.dumps(parts, default=vars)
    key = _key(organisation, message.address.platform, message.id)
    connection.execute(_KEEPING, {**{f"the_{name}": value for name, value in key.items()}, "answer": kept})


def answer_to(connection: Connection, organisation: Organisation, platform: str, message_id: str) -> Reply | None:
    """The answer that was kept for a message, as long as it is remembered."""
    key = _key(organisation, platform, message_id)
    kept = connection.scalar(select(ReceivedMessage.answer).filter_by(**key))
    if not kept:
        return None
    parts = json.loads(kept)
    for name, made in (("citations", Citation), ("facts", Fact), ("see_also", Citation)):
        parts[name] = tuple(made(**one) for one in parts[name])
    parts["tables"] = tuple(
        RowTable(tuple(one["header"]), tuple(Row(tuple(cells)) for cells in one["rows"]), one["heading"])
        for one in parts.get("tables", ())
    )
    return Reply(**parts)


def _key(organisation: Organisation, platform: str, message_id: str) -> dict[str, int | str]:
    return {"organisation_id": organisation.id, "platform": platform, "message_id": message_id}


def person_called(
    session: Session, organisation: Organisation, platform: str, person: Person, now: datetime | None = None
) -> KnownPerson:
    """The person's row, made when they are new, with how they are named and reached now, and the month of `now`.

    SQLite gives the number of a row that is gone to the next: no link of whoever was forgotten lets in who came after.
    """
    key = {"organisation_id": organisation.id, "platform": platform, "person_id": person.id}
    theirs = select(KnownPerson).filter_by(**key)
    found = session.scalar(theirs)
    if found is None:
        connection = session.connection()
        connection.execute(_new(connection, KnownPerson, *key), key)  # their other message may be first
        found = session.scalars(theirs).one()
        found.signed_out_at = now and now - timedelta(milliseconds=1)  # links are signed to the millisecond
    found.name, found.called = person.name[:100], person.called[:100] or found.called or ""
    if person.direct:
        found.direct_route = person.direct.route
    if now:
        found.seen_in = now.date().replace(day=1)
    return found


def is_first_post(connection: Connection, organisation: Organisation, address: Address) -> bool:
    """Whether nothing was posted at this place before; from now on something was."""
    place = {"organisation_id": organisation.id, "platform": address.platform, "route": address.route}
    return connection.execute(_new(connection, Place, *place), place).rowcount == 1


def forget_old_talk(connection: Connection, now: datetime) -> None:
    """Drop what nobody can refer back to: threads, message identities and link codes older than a day."""
    connection.execute(delete(Thread).where(Thread.spoken_at < now - REMEMBERED_FOR))
    connection.execute(delete(ReceivedMessage).where(ReceivedMessage.received_at < now - REMEMBERED_FOR))
    connection.execute(delete(LinkCode).where(LinkCode.made_at < now - REMEMBERED_FOR))


def deadline_numbered(session: Session, organisation: Organisation, number: int) -> Deadline | None:
    """The D12 of the organisation or a partner; anybody else's is as unknown as one that does not exist."""
    return session.scalar(
        select(Deadline).where(shared(Deadline.organisation_id, organisation.id), Deadline.number == number)
    )
