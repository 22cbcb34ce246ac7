"""Whose deadlines and feedback an organisation sees: its own, and those of its partners while it has any.

The only place that says so. What is asked of the database without it is an organisation's own and no other's:
its settings, places, leads, contacts, people and questions.
"""

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from compact_bot.store.tables import Change, Deadline, Feedback, Organisation


def members(organisation_id: int) -> Select[int]:
    """The ids of an organisation and its partners, as a part of another query."""
    ours = aliased(Organisation)
    with_ours = select(ours.partnership_id).where(ours.id == organisation_id).scalar_subquery()
    return select(Organisation.id).where(
        or_(Organisation.id == organisation_id, Organisation.partnership_id == with_ours)
    )


def shared(column: InstrumentedAttribute[int], organisation_id: int) -> ColumnElement[bool]:
    """Rows that an organisation shares with its partners: theirs and its own."""
    return column.in_(members(organisation_id))


def of_its_records(organisation_id: int) -> ColumnElement[bool]:
    """Changes of an organisation's own records, whoever made them, and all that its own people changed."""
    return or_(
        Change.organisation_id == organisation_id,
        Change.deadline_id.in_(select(Deadline.id).where(Deadline.organisation_id == organisation_id)),
        Change.feedback_id.in_(select(Feedback.id).where(Feedback.organisation_id == organisation_id)),
    )


def of_others_people(organisation_id: int) -> ColumnElement[bool]:
    """Changes that partners' people made to an organisation's records, and its own people to theirs."""
    of_deadline = select(Deadline.organisation_id).where(Deadline.id == Change.deadline_id).correlate(Change)
    of_feedback = select(Feedback.organisation_id).where(Feedback.id == Change.feedback_id).correlate(Change)
    holder = func.coalesce(of_deadline.scalar_subquery(), of_feedback.scalar_subquery())
    return and_(
        holder != Change.organisation_id, or_(Change.organisation_id == organisation_id, holder == organisation_id)
    )
