"""The weekly digest as a nudge: when it comes next. What it says is in words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.deadlines.planning import due_at
from compact_bot.store.tables import Nudge, NudgeState, OrganisationSettings


def next_digest(settings: OrganisationSettings, after: datetime) -> date:
    """The local date of the first digest after a moment."""
    day = after.astimezone(ZoneInfo(settings.timezone)).date()
    while day.weekday() != settings.digest_weekday or due_at(day, settings.digest_at, settings.timezone) <= after:
        day += timedelta(days=1)
    return day


def plan_digest(session: Session, settings: OrganisationSettings, after: datetime) -> None:
    """See that exactly one digest waits for an organisation that wants it: a nudge of no milestone and no feedback."""
    if settings.digest_weekday is None:
        cancel_digest(session, settings, after)
        return
    day = next_digest(settings, after)
    when = due_at(day, settings.digest_at, settings.timezone)
    cancel_digest(session, settings, after)
    session.add(
        Nudge(
            organisation_id=settings.organisation_id,
            milestone_id=None,
            platform=settings.platform,
            route=settings.route,
            planned_for=day,
            due_at=when,
            state=NudgeState.WAITING,
        )
    )


def cancel_digest(session: Session, settings: OrganisationSettings, after: datetime | None = None) -> None:
    """No digest waits any more; with `after`, one that is due by then still goes out."""
    waiting = session.scalars(
        select(Nudge).where(
            Nudge.organisation_id == settings.organisation_id,
            Nudge.milestone_id.is_(None),
            Nudge.feedback_id.is_(None),
            Nudge.state == NudgeState.WAITING,
        )
    )
    for nudge in waiting:
        if after is None or nudge.due_at > after:
            nudge.state = NudgeState.CANCELLED
