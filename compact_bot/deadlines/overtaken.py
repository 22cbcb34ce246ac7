"""Whether a deadline has other dates than when something was offered about it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.partnership.names import doer_said
from compact_bot.store.records import deadline_numbered
from compact_bot.store.tables import Change, Organisation

_DATES = ("anchors", "kind")


def overtaken(session: Session, organisation: Organisation, number: int, since: datetime) -> str:
    """Who changed its dates since then, and how; "" where they are as they were. What is done says so itself."""
    deadline = deadline_numbered(session, organisation, number)
    if deadline is None:
        return ""
    later = session.scalars(
        select(Change).where(Change.deadline_id == deadline.id, Change.at > since, ~Change.undone).order_by(Change.id)
    ).all()
    was = next((change.before for change in later if change.before is not None), None)
    if was is None or all(was.get(name) == getattr(deadline, name) for name in _DATES if name in was):
        return ""
    return f"{doer_said(later[-1])}: {later[-1].what}"
