"""Everything that is kept of one organisation: erased when its people wish, or some time after they left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, MetaData, column, delete, false, func, or_, select, table, update
from sqlalchemy.orm import Session

from compact_bot.partnership.linking import leave_partnership
from compact_bot.store.again import transaction
from compact_bot.store.database import compact_files
from compact_bot.store.records import hold
from compact_bot.store.tables import ConversationReference, Organisation, ReceivedMessage, Table

_SLACK = ("slack_bots", "slack_installations")
_TEAM = table("slack_installations", column("team_id"), column("enterprise_id"))


@dataclass(frozen=True)
class Kept:
    """An organisation in a list: `left_at` is when it took the assistant out everywhere."""

    name: str
    left_at: datetime | None


def organisations(engine: Engine) -> list[Kept]:
    with Session(engine) as session, session.begin():
        rows = session.execute(select(Organisation.name, Organisation.left_at).order_by(Organisation.name))
        return [Kept(row.name, row.left_at) for row in rows]


@transaction
def erase(engine: Engine, organisation: str, now: datetime) -> dict[str, int]:
    """Delete every row of an organisation, its tokens too; how many of each table. {} where there is no such one.

    It leaves its partnership first, so that partners keep the history of what is theirs.
    """
    with engine.begin() as connection:
        found = connection.scalar(select(Organisation.id).where(Organisation.name == organisation))
        if found is None:
            return {}
        hold(connection, found)
        with Session(connection) as session:
            leave_partnership(session, found, now)
            session.flush()
        counts: dict[str, int] = {}
        for one in reversed(Table.metadata.sorted_tables):
            counts[one.name] = connection.execute(delete(one).where(_belongs(Table.metadata, one.name, found))).rowcount
        platform, _, team = organisation.partition(":")
        for name in _SLACK if platform == "slack" and team else ():
            own = table(name, column("team_id"), column("enterprise_id"))
            theirs = or_(own.c.team_id == team, own.c.enterprise_id == team)
            counts[name] = connection.execute(delete(own).where(theirs)).rowcount
    compact_files(engine)
    return {name: count for name, count in counts.items() if count}


def _belongs(tables: MetaData, name: str, organisation_id: int) -> ColumnElement[bool]:
    """Which rows of a table are an organisation's: by its own column, or by the row that each is a part of."""
    one = tables.tables[name]
    if name == Organisation.__tablename__:
        return one.c.id == organisation_id
    if "organisation_id" in one.c:
        return one.c.organisation_id == organisation_id
    parts = [key for key in one.foreign_keys if key.column.table.name != name]
    if not parts:  # of the program itself, such as its heartbeats
        return false()
    (key,) = parts
    return key.parent.in_(select(key.column).where(_belongs(tables, key.column.table.name, organisation_id)))


def erase_those_who_left(engine: Engine, now: datetime, after: timedelta) -> Sequence[str]:
    """Erase who left so long ago and did not come back; their names."""
    _notice_who_came_back(engine)
    due = select(Organisation.name).where(Organisation.left_at < now - after)
    with Session(engine) as session, session.begin():
        names = session.scalars(due.order_by(Organisation.id)).all()
    return [name for name in names if erase(engine, name, now)]


@transaction
def _notice_who_came_back(engine: Engine) -> None:
    """Whoever was answered since, or can be reached again, has not left."""
    answered = select(func.max(ReceivedMessage.received_at)).where(ReceivedMessage.organisation_id == Organisation.id)
    reached = select(ConversationReference.id).where(ConversationReference.organisation_id == Organisation.id)
    back = or_(answered.scalar_subquery() > Organisation.left_at, reached.exists())
    with engine.begin() as connection:
        connection.execute(update(Organisation).where(Organisation.left_at.is_not(None), back).values(left_at=None))
