"""The answers that are on their way, in the database: put there with the change that they tell of, taken up again by
whichever process looks first, and deleted once they are there. Each step is one short transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Reply
from compact_bot.outbox.letters import Letter, from_stored, to_json
from compact_bot.store.again import transaction
from compact_bot.store.records import organisation_called
from compact_bot.store.tables import Organisation, Outgoing

LEASE = timedelta(minutes=2)  # for whoever has it in hand; after a crash another sends it then
KEPT_FOR = timedelta(days=1)
LATE_AFTER = timedelta(minutes=1)
BATCH = 50


def put(
    connection: Connection, organisation_id: int, letter: Letter, now: datetime, due_at: datetime, error: str = ""
) -> int:
    """Keep a letter in the caller's transaction; its id. Nobody takes it up before it is due."""
    row = {
        "organisation_id": organisation_id,
        "platform": letter.address.platform,
        "route": letter.address.route,
        "thread": letter.address.thread,
        "way": dict(letter.way),
        "reply": to_json(letter.reply),
        "due_at": due_at,
        "attempts": letter.attempts,
        "posted": letter.posted,
        "last_error": error[:200],
        "created_at": now,
    }
    return int(connection.scalar(insert(Outgoing).values(row).returning(Outgoing.id)) or 0)


def tell(connection: Connection, organisation: Organisation, address: Address, reply: Reply, now: datetime) -> None:
    """Say something in another place, or to somebody, once the caller's transaction is done."""
    put(connection, organisation.id, Letter(organisation.name, address, {}, reply), now, now)


@transaction
def keep(engine: Engine, letter: Letter, now: datetime, due_at: datetime, error: str) -> None:
    """Let it be tried again when it is due: where it is to go now, and what stood in the way."""
    with engine.begin() as connection:
        if not letter.id:
            put(connection, organisation_called(connection, letter.organisation).id, letter, now, due_at, error)
            return
        connection.execute(
            update(Outgoing)
            .where(Outgoing.id == letter.id)
            .values(
                platform=letter.address.platform,
                route=letter.address.route,
                thread=letter.address.thread,
                way=dict(letter.way),
                reply=to_json(letter.reply),
                due_at=due_at,
                attempts=letter.attempts,
                posted=letter.posted,
                last_error=error[:200],
            )
        )


@transaction
def claim(engine: Engine, platform: str, now: datetime) -> list[Letter]:
    """Take up what is due: it is due again only when its lease is over. What is older than a day is deleted."""
    due = (
        select(Outgoing.id)
        # Nothing waits longer than an hour: what does was written by a clock that was wrong.
        .where(Outgoing.platform == platform, or_(Outgoing.due_at <= now, Outgoing.due_at > now + timedelta(hours=2)))
        .order_by(Outgoing.due_at, Outgoing.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    with Session(engine) as session, session.begin():
        session.execute(delete(Outgoing).where(Outgoing.created_at < now - KEPT_FOR))
        taken = session.scalars(
            update(Outgoing)
            .where(Outgoing.id.in_(due))
            .values(due_at=now + LEASE, attempts=Outgoing.attempts + 1)
            .returning(Outgoing.id)
            .execution_options(synchronize_session=False)
        ).all()
        if not taken:
            return []
        rows = session.execute(
            select(Outgoing, Organisation.name)
            .join(Organisation)
            .where(Outgoing.id.in_(taken))
            .order_by(Outgoing.created_at, Outgoing.id)
        ).all()
        return [_letter(row, organisation, now) for row, organisation in rows]


def _letter(row: Outgoing, organisation: str, now: datetime) -> Letter:
    return Letter(
        organisation,
        Address(row.platform, row.route, row.thread),
        row.way,
        from_stored(row.reply),
        row.id,
        row.attempts,
        row.posted,
        is_late=now - row.created_at > LATE_AFTER,
    )


def is_any_due(engine: Engine, platform: str, now: datetime) -> bool:
    """Asked every few seconds, and hardly ever so: it only reads."""
    due = select(Outgoing.id).where(Outgoing.platform == platform, Outgoing.due_at <= now).limit(1)
    with engine.connect() as connection:
        return connection.scalar(due) is not None


@transaction
def gone(engine: Engine, letters: Sequence[int]) -> None:
    """They are there, or nobody can be reached: nothing of them is kept."""
    with engine.begin() as connection:
        connection.execute(delete(Outgoing).where(Outgoing.id.in_(letters)))
