"""The weekly digest as a nudge: when it comes next. What it says is in words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.closed_days import ClosedDays
from compact_bot.deadlines.planning import due_at
from compact_bot.nudges.mornings import Mornings
from compact_bot.organisation import closed_days_of
from compact_bot.store.tables import Nudge, NudgePurpose, NudgeState, OrganisationSettings


def next_digest(settings: OrganisationSettings, closed: ClosedDays, after: datetime) -> date:
    """The local date of the first digest after a moment: its weekday, or the next working day of that week."""
    mornings = Mornings(settings, closed)
    day = after.astimezone(ZoneInfo(settings.timezone)).date()
    while not mornings.is_gathering(day) or due_at(day, settings.digest_at, settings.timezone) <= after:
        day += timedelta(days=1)
    return day


def plan_digest(session: Session, settings: OrganisationSettings, after: datetime) -> None:
    """See that exactly one digest waits for an organisation that wants it and has a place for it."""
    cancel_digest(session, settings, after)
    if settings.digest_weekday is None or not settings.platform or settings.stopped:
        return
    day = next_digest(settings, closed_days_of(session, settings.organisation_id), after)
    session.add(
        Nudge(
            organisation_id=settings.organisation_id,
            purpose=NudgePurpose.DIGEST,
            platform=settings.platform,
            route=settings.route,
            planned_for=day,
            due_at=due_at(day, settings.digest_at, settings.timezone),
            state=NudgeState.WAITING,
        )
    )


def cancel_digest(session: Session, settings: OrganisationSettings, after: datetime | None = None) -> None:
    """No digest waits any more; with `after`, one that is due by then still goes out."""
    waiting = session.scalars(
        select(Nudge).where(
            Nudge.organisation_id == settings.organisation_id,
            Nudge.purpose == NudgePurpose.DIGEST,
            Nudge.state == NudgeState.WAITING,
        )
    )
    for nudge in waiting:
        if after is None or nudge.due_at > after:
            nudge.state = NudgeState.CANCELLED
