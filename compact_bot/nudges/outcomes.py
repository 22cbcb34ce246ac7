"""What became of nudges that were sent or tried: recorded, tried again later, or told another way."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, bindparam, insert, select, update

from compact_bot.organisation import bare
from compact_bot.store.again import transaction
from compact_bot.store.database import inserting
from compact_bot.store.tables import (
    Change,
    Deadline,
    KnownPerson,
    Milestone,
    Nudge,
    NudgePurpose,
    NudgeState,
    OrganisationSettings,
    Place,
)

FIRST_RETRY, LONGEST_RETRY = 30.0, 3600.0  # seconds


@dataclass(frozen=True)
class Outcome:
    """`state` is sent, waiting (again later), gave_up, or cancelled where there was nothing to say."""

    id: int
    state: str
    message_ref: str = ""
    error: str = ""
    retry_in: float = 0.0


_RECORD = (
    update(Nudge)
    .where(Nudge.id == bindparam("nudge"), Nudge.state == NudgeState.SENDING, Nudge.leased_by == bindparam("worker"))
    .values(
        state=bindparam("new_state"),
        message_ref=bindparam("new_ref"),
        last_error=bindparam("new_error"),
        sent_at=bindparam("new_sent_at"),
        lease_until=None,
    )
)
_RECORD_FOR_LATER = _RECORD.values(due_at=bindparam("new_due_at"))


@transaction
def record(engine: Engine, outcomes: Sequence[Outcome], worker: str, now: datetime) -> None:
    """Write what became of some nudges; one that was edited meanwhile keeps what the edit made of it."""
    outcomes = sorted(outcomes, key=lambda outcome: outcome.id)  # as edits go through them
    again = [o for o in outcomes if o.state == NudgeState.WAITING]
    final = [o for o in outcomes if o.state != NudgeState.WAITING]

    def row(outcome: Outcome) -> dict[str, object]:
        return {
            "nudge": outcome.id,
            "worker": worker,
            "new_state": outcome.state,
            "new_ref": outcome.message_ref[:400],
            "new_error": outcome.error[:200],
            "new_sent_at": now if outcome.state == NudgeState.SENT else None,
        }

    with engine.begin() as connection:
        if final:
            connection.execute(_RECORD, [row(o) for o in final])
        sent = [outcome.id for outcome in final if outcome.state == NudgeState.SENT]
        if sent:
            _note_places(connection, sent)
            _found_again(connection, sent)
        for outcome in final:
            if outcome.state == NudgeState.GAVE_UP:
                _lost(connection, outcome, now)
                _tell_another_way(connection, outcome.id, now)
        if again:
            later = [{**row(o), "new_due_at": now + timedelta(seconds=o.retry_in)} for o in again]
            connection.execute(_RECORD_FOR_LATER, later)


@transaction
def hand_back(engine: Engine, worker: str) -> int:
    """Let others send what a worker has claimed and not sent, at once; returns how many. They count as not tried."""
    mine = update(Nudge).where(Nudge.state == NudgeState.SENDING, Nudge.leased_by == worker)
    with engine.begin() as connection:
        return connection.execute(
            mine.values(state=NudgeState.WAITING, lease_until=None, leased_by="", attempts=Nudge.attempts - 1)
        ).rowcount


def _note_places(connection: Connection, nudges: Sequence[int]) -> None:
    """The bot has introduced itself where these were sent."""
    place = ("organisation_id", "platform", "route")
    new = (
        select(Nudge.organisation_id, Nudge.platform, Nudge.route)
        .distinct()
        .outerjoin(
            Place,
            (Place.organisation_id == Nudge.organisation_id)
            & (Place.platform == Nudge.platform)
            & (Place.route == Nudge.route),
        )
        .where(Nudge.id.in_(nudges), Place.id.is_(None))
    )
    statement = inserting(connection.dialect.name, Place).from_select(place, new)
    connection.execute(statement.on_conflict_do_nothing(index_elements=place))


def _lost(connection: Connection, outcome: Outcome, now: datetime) -> None:
    """The team's place takes nothing, since now if it was not known before."""
    place = select(Nudge.organisation_id, Nudge.platform, Nudge.route).where(Nudge.id == outcome.id)
    row = connection.execute(place).one()
    connection.execute(
        update(OrganisationSettings)
        .where(OrganisationSettings.organisation_id == row.organisation_id, OrganisationSettings.lost_at.is_(None))
        .where(OrganisationSettings.platform == row.platform, OrganisationSettings.route == row.route)
        .values(lost_at=now, lost_because=outcome.error[:200])
    )


def _found_again(connection: Connection, nudges: Sequence[int]) -> None:
    """A place that was lost has taken one of these."""
    lost = select(OrganisationSettings).where(OrganisationSettings.lost_at.is_not(None)).subquery()
    found = (
        select(Nudge.organisation_id)
        .join(lost, lost.c.organisation_id == Nudge.organisation_id)
        .where(Nudge.id.in_(nudges), Nudge.platform == lost.c.platform, Nudge.route == lost.c.route)
    )
    organisations = connection.scalars(found).all()
    if organisations:
        theirs = OrganisationSettings.organisation_id.in_(organisations)
        connection.execute(update(OrganisationSettings).where(theirs).values(lost_at=None, lost_because=""))


def _tell_another_way(connection: Connection, nudge_id: int, now: datetime) -> None:
    """Plan the same nudge for its owner alone, and for each Compact lead alone. Where its owner cannot be reached, it
    goes to whoever tracked it, else to where it was tracked."""
    lost = connection.execute(
        select(
            Nudge.organisation_id,
            Nudge.milestone_id,
            Nudge.planned_for,
            Nudge.platform,
            Nudge.route,
            Milestone.deadline_id,
            Deadline.owner,
            Deadline.owner_id,
            Deadline.platform.label("tracked_platform"),
            Deadline.route.label("tracked_route"),
        )
        .join(Milestone, Nudge.milestone_id == Milestone.id)
        .join(Deadline, Milestone.deadline_id == Deadline.id)
        .where(Nudge.id == nudge_id, ~Nudge.instead, Nudge.purpose == NudgePurpose.STEP)
    ).one_or_none()
    if lost is None:
        return
    people = connection.execute(
        select(
            KnownPerson.id,
            KnownPerson.platform,
            KnownPerson.person_id,
            KnownPerson.direct_route,
            KnownPerson.name,
            KnownPerson.is_lead,
        )
        .where(KnownPerson.organisation_id == lost.organisation_id, KnownPerson.direct_route != "")
        .order_by(KnownPerson.id)
    ).all()
    owners = [
        (p.platform, p.direct_route)
        for p in people
        if (bare(p.name) == bare(lost.owner) if lost.owner_id is None else p.id == lost.owner_id)
    ]
    leads = [(p.platform, p.direct_route) for p in people if p.is_lead]
    tracked = connection.execute(
        select(Change.platform, Change.person_id)
        .where(Change.deadline_id == lost.deadline_id)
        .order_by(Change.id)
        .limit(1)
    ).all()
    creators = [(p.platform, p.direct_route) for p in people if (p.platform, p.person_id) in map(tuple, tracked)]
    elsewhere = [(lost.tracked_platform, lost.tracked_route)]
    elsewhere = [one for one in elsewhere if one[0] and one != (lost.platform, lost.route)]
    others = dict.fromkeys([*(owners if len(owners) == 1 else creators or elsewhere), *leads])
    planned = select(Nudge.platform, Nudge.route).where(
        Nudge.milestone_id == lost.milestone_id, Nudge.planned_for == lost.planned_for
    )
    known = {(row.platform, row.route) for row in connection.execute(planned)}
    for platform, route in others:
        if (platform, route) == (lost.platform, lost.route) or not platform:
            continue
        if (platform, route) not in known:
            connection.execute(
                insert(Nudge).values(
                    organisation_id=lost.organisation_id,
                    milestone_id=lost.milestone_id,
                    planned_for=lost.planned_for,
                    platform=platform,
                    route=route,
                    due_at=now,
                    instead=True,
                )
            )


def backoff(attempts: int, retry_after: float | None) -> float:
    """Seconds until the next try: doubled each time, with jitter, and never before the platform allows."""
    doubled = FIRST_RETRY * 2.0 ** min(attempts - 1, 10)
    wait = min(doubled, LONGEST_RETRY) * random.uniform(0.5, 1.0)  # noqa: S311
    return max(wait, min(retry_after or 0.0, LONGEST_RETRY))


def retry_failed(engine: Engine, now: datetime) -> int:
    """Let every nudge that was given up be tried again; returns how many."""
    with engine.begin() as connection:
        return connection.execute(
            update(Nudge)
            .where(Nudge.state == NudgeState.GAVE_UP)
            .values(state=NudgeState.WAITING, attempts=0, due_at=now)
        ).rowcount
