"""The queue of nudges in the database: which are due, and who sends them. What they say is in words.

Each step is one short transaction. Whatever dies in between, a lapsed lease lets another worker take the row up again:
at least once, and twice only for what was in flight when a worker died.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    Row,
    Select,
    and_,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, joinedload, selectinload

from compact_bot.closed_days import ClosedDays
from compact_bot.conversation import Address
from compact_bot.nudges.digest import cancel_digest, plan_digest
from compact_bot.nudges.mornings import Mornings
from compact_bot.nudges.outcomes import LONGEST_RETRY
from compact_bot.nudges.waiting import WaitingFeedback, ageing_on, new_on, waiting_feedback
from compact_bot.organisation import closed_days_of, local_today
from compact_bot.store.again import transaction
from compact_bot.store.database import among
from compact_bot.store.records import hold
from compact_bot.store.tables import (
    Deadline,
    DeadlineState,
    Feedback,
    KnownPerson,
    Milestone,
    Nudge,
    NudgePurpose,
    NudgeState,
    Organisation,
    OrganisationSettings,
    Place,
    StepState,
)

SAID_LATELY = timedelta(days=15)  # two weeks, and what the digest may be early by
LEASE = timedelta(minutes=10)  # outlives the longest send: a full channel at one a second, and its timeout
LONGEST_UNTIL_DIGEST = timedelta(days=75)  # a week after the longest time that an organisation may be closed
# Written as the partial index is, without parameters: else SQLite cannot see that the index serves the question.
PENDING = text("nudges.state IN ('waiting', 'sending')")


@dataclass(frozen=True)
class Team:
    """What a nudge needs to know of its organisation; `id` goes with its buttons."""

    id: int
    today: date
    closed: ClosedDays
    lead: str
    set_up_by: str
    agreement: str = ""


@dataclass(frozen=True)
class OpenStep:
    name: str
    title: str
    due_on: date


@dataclass(frozen=True)
class AboutStep:
    """A step of a deadline that is due; `open_steps` are all that its deadline still has, this one among them.

    `was_given` says that it is told to somebody who sees to it from now on.
    """

    number: int
    kind: str
    title: str
    owner: str
    clause: str
    step: OpenStep
    open_steps: tuple[OpenStep, ...]
    edition: str = ""
    was_given: bool = False


@dataclass(frozen=True)
class AboutFeedback:
    """The status of some feedback: for whoever logged it, or for whom it `was_given` to."""

    number: int
    state: str
    outcome: str
    was_given: bool = False


@dataclass(frozen=True)
class AboutEverything:
    """The digest of all that is open; what was `said_lately` in the same place, by number, needs no naming."""

    deadlines: tuple[Deadline, ...]
    said_lately: frozenset[int]
    feedback: tuple[WaitingFeedback, ...]


@dataclass(frozen=True)
class AboutWaiting:
    """What waits for a Compact lead: feedback that came since the last working day, and some that has waited long."""

    new: tuple[WaitingFeedback, ...]
    ageing: tuple[WaitingFeedback, ...]


About = AboutStep | AboutFeedback | AboutEverything | AboutWaiting


@dataclass(frozen=True)
class Mention:
    """One thing to say, by its row in the queue. `trace` leads to the message that planned it, in the log."""

    id: int
    planned_for: date
    instead: bool
    about: About
    trace: str = ""


@dataclass(frozen=True)
class Claimed:
    """A message that this worker is to send: all that is due at one place together.

    `is_first_post` says that nothing was posted there before.
    """

    address: Address
    attempts: int
    team: Team
    mentions: tuple[Mention, ...]
    is_first_post: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(mention.id for mention in self.mentions)

    @property
    def key(self) -> str:
        """The same each time that the message is tried."""
        return f"nudge-{min(self.ids)}"


# Plain columns, not mapped objects: a pass over 10,000 nudges spends half its time on the latter.
_COLUMNS: Select[*tuple[Any, ...]] = (
    select(
        Nudge.id,
        Nudge.organisation_id,
        Nudge.milestone_id,
        Nudge.feedback_id,
        Nudge.purpose,
        Nudge.platform,
        Nudge.route,
        Nudge.planned_for,
        Nudge.attempts,
        Nudge.instead,
        Nudge.trace,
        Milestone.name,
        Milestone.title,
        Milestone.clause,
        Milestone.due_on,
        Milestone.state.label("milestone_state"),
        Milestone.deadline_id,
        Deadline.number,
        Deadline.kind,
        Deadline.title.label("deadline_title"),
        Deadline.owner,
        Deadline.edition,
        Deadline.state.label("deadline_state"),
        Feedback.number.label("feedback_number"),
        Feedback.state.label("feedback_state"),
        Feedback.outcome,
    )
    .outerjoin(Milestone, Nudge.milestone_id == Milestone.id)
    .outerjoin(Deadline, Milestone.deadline_id == Deadline.id)
    .outerjoin(Feedback, Nudge.feedback_id == Feedback.id)
    .order_by(Nudge.due_at, Nudge.id)
)


# Else two workers could each take a part of what is due at one place. SQLite has one writer anyway.
_ONE_CLAIM_AT_A_TIME = text("SELECT pg_advisory_xact_lock(3404)")


@transaction
def claim(engine: Engine, now: datetime, worker: str, limit: int, lease: timedelta = LEASE) -> list[Claimed]:
    """Take up to `limit` due rows, waiting ones and those whose worker let its lease lapse; and with them all others
    that are due at the same places, so that a place gets one message."""
    # No lease and no retry lies further ahead than these: what does was written by a clock that was wrong.
    takeable = or_(Nudge.state == NudgeState.WAITING, Nudge.lease_until < now, Nudge.lease_until > now + 2 * LEASE)
    strayed = and_(
        Nudge.state == NudgeState.WAITING,
        Nudge.attempts > 0,
        Nudge.due_at > now + timedelta(seconds=2 * LONGEST_RETRY),
    )
    due = and_(PENDING, or_(Nudge.due_at <= now, strayed), takeable)
    with Session(engine, expire_on_commit=False) as session, session.begin():
        _mind_digests(session, now)
        if engine.dialect.name == "postgresql":
            session.execute(_ONE_CLAIM_AT_A_TIME)
        taking = (
            update(Nudge)
            .values(state=NudgeState.SENDING, lease_until=now + lease, leased_by=worker, attempts=Nudge.attempts + 1)
            .returning(Nudge.id, Nudge.route)
            .execution_options(synchronize_session=False)
        )
        first = select(Nudge.id).where(due).order_by(Nudge.due_at).limit(limit).with_for_update(skip_locked=True)
        taken = session.execute(taking.where(Nudge.id.in_(first))).all()
        if len(taken) == limit:
            routes = {row.route for row in taken}
            there = among(engine.dialect.name, Nudge.route, routes)
            rest = select(Nudge.id).where(due, there).with_for_update(skip_locked=True)
            taken = [*taken, *session.execute(taking.where(Nudge.id.in_(rest)))]
        if not taken:
            return []
        mine = among(engine.dialect.name, Nudge.id, [row.id for row in taken])
        rows = session.execute(_COLUMNS.where(mine)).all()
        return _Claiming(session, rows, now).claimed()


def _mind_digests(session: Session, now: datetime) -> None:
    """Hold the organisations whose digest is due, since the next is planned with it, and who chooses its day does too;
    and plan anew the digest that is too far ahead, or due on a closed day."""
    strayed = Nudge.due_at > now + LONGEST_UNTIL_DIGEST
    rows = session.execute(
        select(Nudge.organisation_id, strayed.label("strayed"))
        .where(PENDING, Nudge.purpose == NudgePurpose.DIGEST)
        .where(or_(Nudge.due_at <= now, and_(strayed, Nudge.state == NudgeState.WAITING)))
        .order_by(Nudge.organisation_id)
    ).all()
    for row in rows:
        hold(session.connection(), row.organisation_id)
        chosen = session.get_one(OrganisationSettings, row.organisation_id)
        if closed_days_of(session, row.organisation_id)(local_today(chosen, now)):
            cancel_digest(session, chosen)  # what was missed on a working day is not made up for on a closed one
            plan_digest(session, chosen, now)
        elif row.strayed:
            plan_digest(session, chosen, now)


_Row = Row[*tuple[Any, ...]]
_Place = tuple[int, str, str]


class _Claiming:
    """Rows that were taken, with what is needed to word them; those out of date are cancelled instead."""

    def __init__(self, session: Session, rows: Sequence[_Row], now: datetime) -> None:
        self._session = session
        self._rows = rows
        self._now = now
        self._teams: dict[int, Team] = {}
        self._steps = _open_steps(session, {row.deadline_id for row in rows if row.deadline_id})

    def claimed(self) -> list[Claimed]:
        """A message for each place, without what is settled, and with each thing once: what was missed before is not
        said again with what is due now."""
        places: dict[_Place, dict[object, _Row]] = {}
        said: set[int] = set()
        for row in self._rows:
            if _is_settled(row):
                continue
            rows = places.setdefault((row.organisation_id, row.platform, row.route), {})
            other = rows.get(key := _subject(row))
            if other is None or row.planned_for >= other.planned_for:
                said.discard(other.id if other else 0)
                rows[key] = row
                said.add(row.id)
        if stale := [row.id for row in self._rows if row.id not in said]:
            self._session.execute(update(Nudge).where(Nudge.id.in_(stale)).values(state=NudgeState.CANCELLED))
        introduced = _introduced(self._session, places)
        return [self._message(place, list(rows.values()), introduced) for place, rows in places.items()]

    def _message(self, place: _Place, rows: Sequence[_Row], introduced: set[_Place]) -> Claimed:
        organisation, platform, route = place
        if organisation not in self._teams:
            self._teams[organisation] = team_of(self._session, organisation, self._now)
        # News for one person, of something they did, needs no introduction.
        is_first_post = place not in introduced and any(row.feedback_id is None for row in rows)
        return Claimed(
            Address(platform, route),
            max(row.attempts for row in rows),
            self._teams[organisation],
            tuple(Mention(row.id, row.planned_for, row.instead, self._about(row), row.trace) for row in rows),
            is_first_post,
        )

    def _about(self, row: _Row) -> About:
        match row.purpose:
            case NudgePurpose.NEWS | NudgePurpose.GIVEN if row.feedback_id is not None:
                was_given = row.purpose is NudgePurpose.GIVEN
                return AboutFeedback(row.feedback_number, row.feedback_state, row.outcome, was_given)
            case NudgePurpose.WAITING:
                return self._waiting(row)
            case NudgePurpose.DIGEST:
                settings = self._session.get_one(OrganisationSettings, row.organisation_id)
                plan_digest(self._session, settings, self._now)
                return AboutEverything(
                    _all_open(self._session, row.organisation_id),
                    _said_since(self._session, row, self._now - SAID_LATELY),
                    waiting_feedback(self._session, row.organisation_id),
                )
        step = OpenStep(row.name, row.title, row.due_on)
        steps = self._steps.get(row.deadline_id, (step,))
        was_given = row.purpose is NudgePurpose.GIVEN
        return AboutStep(
            row.number, row.kind, row.deadline_title, row.owner, row.clause, step, steps, row.edition, was_given
        )

    def _waiting(self, row: _Row) -> AboutWaiting:
        waiting, closed = waiting_feedback(self._session, row.organisation_id), self._teams[row.organisation_id].closed
        mornings = Mornings(self._session.get_one(OrganisationSettings, row.organisation_id), closed)
        return AboutWaiting(new_on(waiting, row.planned_for, closed), ageing_on(waiting, row.planned_for, mornings))


def team_of(session: Session, organisation_id: int, now: datetime) -> Team:
    settings = session.get_one(OrganisationSettings, organisation_id)
    return Team(
        organisation_id,
        local_today(settings, now),
        closed_days_of(session, organisation_id),
        settings.lead,
        settings.set_up_by,
        settings.agreement,
    )


def _subject(row: _Row) -> object:
    """What a row is about: of one deadline all is said together."""
    return row.deadline_id or (row.feedback_id, row.purpose)


def _is_settled(row: _Row) -> bool:
    return row.milestone_id is not None and (
        row.milestone_state != StepState.OPEN or row.deadline_state != DeadlineState.OPEN
    )


def _introduced(session: Session, places: Collection[_Place]) -> set[_Place]:
    """Those of some places where something was posted before, or where somebody who spoke is reached alone."""
    routes = {route for _, _, route in places}
    dialect = session.connection().dialect.name
    posted = select(Place.organisation_id, Place.platform, Place.route).where(among(dialect, Place.route, routes))
    alone = select(KnownPerson.organisation_id, KnownPerson.platform, KnownPerson.direct_route.label("route"))
    known = posted.union(alone.where(among(dialect, KnownPerson.direct_route, routes)))
    return {(place.organisation_id, place.platform, place.route) for place in session.execute(known)}


def _open_steps(session: Session, deadlines: set[int]) -> dict[int, tuple[OpenStep, ...]]:
    dialect = session.connection().dialect.name
    rows = session.execute(
        select(Milestone.deadline_id, Milestone.name, Milestone.title, Milestone.due_on)
        .where(among(dialect, Milestone.deadline_id, deadlines), Milestone.state == StepState.OPEN)
        .order_by(Milestone.due_on, Milestone.id)
    )
    steps: dict[int, tuple[OpenStep, ...]] = {}
    for row in rows:
        steps[row.deadline_id] = (*steps.get(row.deadline_id, ()), OpenStep(row.name, row.title, row.due_on))
    return steps


def _all_open(session: Session, organisation_id: int) -> tuple[Deadline, ...]:
    ours = (Deadline.organisation_id == organisation_id) & (Deadline.state == DeadlineState.OPEN)
    wanted = select(Deadline).where(ours).options(selectinload(Deadline.milestones)).order_by(Deadline.number)
    return tuple(session.scalars(wanted))


def _said_since(session: Session, row: _Row, since: datetime) -> frozenset[int]:
    """The numbers of the deadlines that were spoken of at the place of a nudge since a moment."""
    numbers = session.scalars(
        select(Deadline.number)
        .join(Milestone, Milestone.deadline_id == Deadline.id)
        .join(Nudge, Nudge.milestone_id == Milestone.id)
        .where(Deadline.organisation_id == row.organisation_id, Nudge.state == NudgeState.SENT)
        .where(Nudge.platform == row.platform, Nudge.route == row.route, Nudge.sent_at >= since)
    )
    return frozenset(numbers)


def still_mine(engine: Engine, nudges: Sequence[int], worker: str, now: datetime) -> set[int]:
    """Those of some claimed nudges that may still be sent: nobody has finished, moved or snoozed them since."""
    mine = select(Nudge.id).where(Nudge.id.in_(nudges), Nudge.state == NudgeState.SENDING, Nudge.leased_by == worker)
    with Session(engine) as session, session.begin():
        return set(session.scalars(mine.where(Nudge.lease_until > now)))


def due_now(engine: Engine, now: datetime) -> list[Nudge]:
    """What a pass would send, without sending it."""
    return _with_deadlines(engine, and_(Nudge.due_at <= now, PENDING))


def failed(engine: Engine) -> list[Nudge]:
    return _with_deadlines(engine, Nudge.state == NudgeState.GAVE_UP)


def sent_lately(engine: Engine, organisation: str, limit: int = 20) -> list[Nudge]:
    """The last nudges that an organisation got, newest first."""
    ours = select(Organisation.id).where(Organisation.name == organisation).scalar_subquery()
    return _with_deadlines(engine, (Nudge.state == NudgeState.SENT) & (Nudge.organisation_id == ours), limit)


def _with_deadlines(engine: Engine, condition: ColumnElement[bool], limit: int | None = None) -> list[Nudge]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        return list(
            session.scalars(
                select(Nudge)
                .where(condition)
                .options(joinedload(Nudge.milestone).joinedload(Milestone.deadline), joinedload(Nudge.feedback))
                .order_by(Nudge.due_at.desc() if limit else Nudge.due_at)
                .limit(limit)
            )
        )
