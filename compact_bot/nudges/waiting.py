"""Feedback that waits: what a Compact lead hears of it on a working morning, alone.

It is looked up on that morning, never when somebody logs something: of an anonymous entry nothing may tell the time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.closed_days import ClosedDays
from compact_bot.dates import working_day_before
from compact_bot.nudges.mornings import Mornings
from compact_bot.organisation import closed_days_of, local_today
from compact_bot.store.again import transaction
from compact_bot.store.tables import Feedback, KnownPerson, Nudge, NudgePurpose, OrganisationSettings
from compact_bot.understanding.acts import FeedbackState

AGEING, WEEK = timedelta(weeks=2), timedelta(weeks=1)
UNSETTLED = (FeedbackState.OPEN, FeedbackState.ACKNOWLEDGED)


@dataclass(frozen=True)
class WaitingFeedback:
    number: int
    state: str
    logged_on: date
    owner: str


def waiting_feedback(session: Session, organisation_id: int) -> tuple[WaitingFeedback, ...]:
    """An organisation's feedback that is not settled, the oldest first."""
    rows = session.execute(
        select(Feedback.number, Feedback.state, Feedback.logged_on, Feedback.owner)
        .where(Feedback.organisation_id == organisation_id, Feedback.state.in_(UNSETTLED))
        .order_by(Feedback.logged_on, Feedback.number)
    )
    return tuple(WaitingFeedback(*row) for row in rows)


def new_on(waiting: Sequence[WaitingFeedback], day: date, closed: ClosedDays) -> tuple[WaitingFeedback, ...]:
    """What came since the last working day."""
    since = working_day_before(day, closed)
    return tuple(one for one in waiting if since <= one.logged_on < day)


def ageing_on(waiting: Sequence[WaitingFeedback], day: date, mornings: Mornings) -> tuple[WaitingFeedback, ...]:
    """On the day of the week when things are gathered, what has waited for two weeks by then: each is named once."""
    if not mornings.is_gathering(day):
        return ()
    before = next(day - timedelta(days=n) for n in range(1, 100) if mornings.is_gathering(day - timedelta(days=n)))
    return tuple(one for one in waiting if before - AGEING < one.logged_on <= day - AGEING)


@transaction
def plan_for_leads(engine: Engine, now: datetime) -> None:
    """See that each lead who can be reached alone hears this morning of what is new or has waited long."""
    with Session(engine) as session, session.begin():
        leads = session.scalars(
            select(KnownPerson).where(KnownPerson.is_lead, KnownPerson.direct_route != "").order_by(KnownPerson.id)
        ).all()
        for organisation_id in sorted({lead.organisation_id for lead in leads}):
            chosen = session.get(OrganisationSettings, organisation_id)
            ours = [lead for lead in leads if lead.organisation_id == organisation_id]
            if chosen is not None and not chosen.stopped:
                _plan(session, chosen, ours, now)


def _plan(session: Session, chosen: OrganisationSettings, leads: Sequence[KnownPerson], now: datetime) -> None:
    today, closed = local_today(chosen, now), closed_days_of(session, chosen.organisation_id)
    if closed(today):
        return
    mornings = Mornings(chosen, closed)
    waiting = waiting_feedback(session, chosen.organisation_id)
    if not new_on(waiting, today, closed) and not ageing_on(waiting, today, mornings):
        return
    planned = session.execute(
        select(Nudge.platform, Nudge.route).where(
            Nudge.organisation_id == chosen.organisation_id,
            Nudge.purpose == NudgePurpose.WAITING,
            Nudge.planned_for == today,
        )
    ).all()
    for lead in leads:
        if (lead.platform, lead.direct_route) not in [tuple(row) for row in planned]:
            session.add(
                Nudge(
                    organisation_id=chosen.organisation_id,
                    purpose=NudgePurpose.WAITING,
                    platform=lead.platform,
                    route=lead.direct_route,
                    planned_for=today,
                    due_at=mornings.at(today),
                )
            )
