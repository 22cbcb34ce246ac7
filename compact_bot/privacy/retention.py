"""How long each kind of record is kept, and deleting what is older: every night."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, and_, delete, exists, select, update
from sqlalchemy.orm import Session

from compact_bot.privacy.forgetting import forget
from compact_bot.privacy.organisations import erase_those_who_left
from compact_bot.privacy.subject import subject_of
from compact_bot.store.again import transaction
from compact_bot.store.database import compact_files
from compact_bot.store.records import hold
from compact_bot.store.tables import (
    Change,
    Deadline,
    DeadlineState,
    Feedback,
    KnownPerson,
    Milestone,
    Nudge,
    NudgeState,
    Organisation,
    QuestionCount,
)
from compact_bot.understanding.acts import FeedbackState

SOONEST_ERASED = timedelta(days=1)


@dataclass(frozen=True)
class Retention:
    """`deadlines` counts from when one was closed, `feedback` from its outcome, `people` from when they last spoke,
    and `organisations` from when they took the assistant out."""

    deadlines: timedelta
    feedback: timedelta
    nudges: timedelta
    people: timedelta
    organisations: timedelta


def delete_what_is_over(engine: Engine, now: datetime, timezone: str, kept: Retention) -> None:
    """Each kind is a transaction of its own, so that none holds up people who write."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    _delete_nudges(engine, now - kept.nudges)
    _delete_deadlines(engine, now - kept.deadlines, today - kept.deadlines)
    _delete_feedback(engine, now - kept.feedback, today - kept.feedback)
    _forget_people(engine, today - kept.people)
    erase_those_who_left(engine, now, max(kept.organisations, SOONEST_ERASED))
    compact_files(engine)


@transaction
def _delete_nudges(engine: Engine, before: datetime) -> None:
    """What was sent, given up or cancelled. A nudge of an open step that was sent says that it need not be again."""
    over = (NudgeState.SENT, NudgeState.GAVE_UP, NudgeState.CANCELLED)
    with engine.begin() as connection:
        connection.execute(delete(Nudge).where(Nudge.state.in_(over), Nudge.due_at < before))


@transaction
def _delete_deadlines(engine: Engine, before: datetime, last_day: date) -> None:
    """Done or dropped, with every date past and nothing changed since; with their milestones, history and nudges."""
    later_day = select(Milestone.id).where(Milestone.deadline_id == Deadline.id, Milestone.due_on >= last_day)
    later_change = select(Change.id).where(Change.deadline_id == Deadline.id, Change.at >= before)
    over = and_(
        Deadline.state != DeadlineState.OPEN,
        Deadline.created_at < before,
        ~exists(later_day),
        ~exists(later_change),
    )
    with Session(engine) as session, session.begin():
        theirs = select(Deadline.organisation_id).where(over).distinct().order_by(Deadline.organisation_id)
        for ours in session.scalars(theirs).all():
            hold(session.connection(), ours)
        gone = session.scalars(select(Deadline.id).where(over)).all()
        _part(session, before)
        session.execute(delete(Milestone).where(Milestone.deadline_id.in_(gone)))
        session.execute(delete(Deadline).where(Deadline.id.in_(gone)))


@transaction
def _delete_feedback(engine: Engine, before: datetime, last_day: date) -> None:
    """Settled, and not changed since; and what tells that some was deleted, or how often a question was in vain."""
    later = select(Change.id).where(Change.feedback_id == Feedback.id, Change.at >= before)
    settled = Feedback.state.in_((FeedbackState.RESOLVED, FeedbackState.NO_ACTION))
    over = and_(settled, Feedback.logged_on < last_day, ~exists(later))
    of_nothing = and_(Change.deadline_id.is_(None), Change.feedback_id.is_(None), Change.at < before)
    with Session(engine) as session, session.begin():
        _part(session, before)
        session.execute(delete(Feedback).where(over).execution_options(synchronize_session=False))
        session.execute(delete(Change).where(of_nothing))
        session.execute(delete(QuestionCount).where(QuestionCount.month < last_day.replace(day=1)))


def _part(session: Session, before: datetime) -> None:
    """What was changed together is only undone together for minutes; later it must not be deleted together."""
    session.execute(update(Change).where(Change.part_of.is_not(None), Change.at < before).values(part_of=None))


def _forget_people(engine: Engine, before: date) -> None:
    """Who has not spoken since, and neither leads, owns something open, nor asked for nudges of their own."""
    owns = select(Deadline.id).where(Deadline.owner_id == KnownPerson.id, Deadline.state == DeadlineState.OPEN)
    is_over = and_(
        KnownPerson.seen_in < before.replace(day=1), ~KnownPerson.is_lead, ~KnownPerson.nudged_directly, ~exists(owns)
    )
    with Session(engine) as session, session.begin():
        people = session.execute(select(KnownPerson.id, KnownPerson.organisation_id).where(is_over)).all()
    for person in people:
        _forget_one(engine, person.id, person.organisation_id, is_over)


@transaction
def _forget_one(engine: Engine, person_id: int, organisation_id: int, is_over: ColumnElement[bool]) -> None:
    """One at a time; somebody who spoke meanwhile stays."""
    with Session(engine) as session, session.begin():
        hold(session.connection(), organisation_id)
        found = session.scalar(select(KnownPerson).where(KnownPerson.id == person_id, is_over))
        if found is not None:
            forget(session, subject_of(session, session.get_one(Organisation, organisation_id), found))
