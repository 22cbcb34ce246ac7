"""The history of deadlines, feedback and closed days in one table, and which change may be taken back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from compact_bot.organisation import Actor
from compact_bot.store.tables import Change, Deadline, Feedback

UNDO_WITHIN = timedelta(minutes=10)

Subject = Deadline | Feedback | None
"""What was changed; None for the organisation's closed days."""


def keep_change(
    session: Session,
    organisation_id: int,
    actor: Actor,
    subject: Subject,
    what: str,
    before: dict[str, Any] | None,
    undone: bool = False,
    part_of: Change | None = None,
) -> Change:
    """Write a change down, by somebody of this organisation; `before` None says that its subject was new.

    An undoing is kept as `undone` itself.
    """
    change = Change(
        **change_row(organisation_id, actor, what, part_of.id if part_of else None),
        deadline_id=subject.id if isinstance(subject, Deadline) else None,
        feedback_id=subject.id if isinstance(subject, Feedback) else None,
        before=before,
    )
    change.undone = undone
    session.add(change)
    session.flush()
    return change


def change_row(organisation_id: int, actor: Actor, what: str, part_of: int | None) -> dict[str, Any]:
    """What every change keeps: who, when, what and from where, and what it was part of."""
    return {
        "organisation_id": organisation_id,
        "part_of": part_of,
        "who": actor.name[:100],
        "person_id": actor.person_id,
        "platform": actor.address.platform,
        "at": actor.at,
        "what": what,
        "undone": False,
    }


def takeable(session: Session, organisation_id: int, actor: Actor, change_id: int = 0) -> Sequence[Change]:
    """The change with this id and what was changed together with it; with 0, this person's last. () when it may not be.

    It may be when it is the person's own, no older than ten minutes, and nobody has changed the same thing since.
    """
    mine = select(Change).where(
        Change.organisation_id == organisation_id,
        Change.person_id == actor.person_id,
        Change.platform == actor.address.platform,
        Change.at >= actor.at - UNDO_WITHIN,
        ~Change.undone,
    )
    found = session.scalar(
        mine.where(Change.id == change_id) if change_id else mine.order_by(Change.id.desc()).limit(1)
    )
    if found is None:
        return ()
    first = found.part_of or found.id
    together = session.scalars(mine.where(or_(Change.id == first, Change.part_of == first)).order_by(Change.id)).all()
    return together if not any(_overtaken(session, change) for change in together) else ()


def _overtaken(session: Session, change: Change) -> bool:
    return session.scalar(select(Change.id).where(_same(change), Change.id > change.id, ~Change.undone)) is not None


def _same(change: Change) -> ColumnElement[bool]:
    """Changes of the same thing."""
    is_of_closed_days = change.deadline_id is None and change.feedback_id is None
    return and_(
        Change.organisation_id == change.organisation_id if is_of_closed_days else true(),
        Change.deadline_id.is_(change.deadline_id)
        if change.deadline_id is None
        else Change.deadline_id == change.deadline_id,
        Change.feedback_id.is_(change.feedback_id)
        if change.feedback_id is None
        else Change.feedback_id == change.feedback_id,
    )
