"""The queue of nudges in the database: which are due, and who sends them. What they say is in words.

Each step is one short transaction. Whatever dies in between, a lapsed lease lets another worker take the row up again:
at least once, and twice only for what was in flight when a worker died.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

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
from compact_bot.nudges.digest import plan_digest
from compact_bot.nudges.outcomes import LONGEST_RETRY
from compact_bot.organisation import closed_days_of
from compact_bot.store.again import transaction
from compact_bot.store.records import hold
from compact_bot.store.tables import (
    Deadline,
    DeadlineState,
    Feedback,
    KnownPerson,
    Milestone,
    Nudge,
    NudgeState,
    Organisation,
    OrganisationSettings,
    Place,
    StepState,
)

LEASE = timedelta(minutes=10)  # outlives the longest send: a full channel at one a second, and its timeout
LONGEST_UNTIL_DIGEST = timedelta(days=8)
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
    """A step of a deadline that is due; `open_steps` are all that its deadline still has, this one among them."""

    number: int
    kind: str
    title: str
    owner: str
    clause: str
    step: OpenStep
    open_steps: tuple[OpenStep, ...]
    edition: str = ""


@dataclass(frozen=True)
class AboutFeedback:
    """The status of some feedback, for whoever logged it."""

    number: int
    state: str
    outcome: str


@dataclass(frozen=True)
class AboutEverything:
    """The digest of all that is open."""

    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True)
class Claimed:
    """A nudge that this worker is to send. `is_first_post` says that nothing was posted at its place before."""

    id: int
    address: Address
    attempts: int
    planned_for: date
    instead: bool
    team: Team
    about: AboutStep | AboutFeedback | AboutEverything
    is_first_post: bool = False


# Plain columns, not mapped objects: a pass over 10,000 nudges spends half its time on the latter.
_COLUMNS: Select[*tuple[Any, ...]] = (
    select(
        Nudge.id,
        Nudge.organisation_id,
        Nudge.milestone_id,
        Nudge.feedback_id,
        Nudge.platform,
        Nudge.route,
        Nudge.planned_for,
        Nudge.attempts,
        Nudge.instead,
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


@transaction
def claim(engine: Engine, now: datetime, worker: str, limit: int, lease: timedelta = LEASE) -> list[Claimed]:
    """Take up to `limit` due rows: waiting ones, and those whose worker let its lease lapse."""
    # No lease and no retry lies further ahead than these: what does was written by a clock that was wrong.
    takeable = or_(Nudge.state == NudgeState.WAITING, Nudge.lease_until < now, Nudge.lease_until > now + 2 * LEASE)
    strayed = and_(
        Nudge.state == NudgeState.WAITING,
        Nudge.attempts > 0,
        Nudge.due_at > now + timedelta(seconds=2 * LONGEST_RETRY),
    )
    chosen = (
        select(Nudge.id)
        .where(PENDING, or_(Nudge.due_at <= now, strayed), takeable)
        .order_by(Nudge.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with Session(engine, expire_on_commit=False) as session, session.begin():
        _mind_digests(session, now)
        taken = session.scalars(
            update(Nudge)
            .where(Nudge.id.in_(chosen))
            .values(state=NudgeState.SENDING, lease_until=now + lease, leased_by=worker, attempts=Nudge.attempts + 1)
            .returning(Nudge.id)
            .execution_options(synchronize_session=False)
        ).all()
        if not taken:
            return []
        rows = session.execute(_COLUMNS.where(Nudge.id.in_(taken))).all()
        return _Claiming(session, rows, now).claimed()


def _mind_digests(session: Session, now: datetime) -> None:
    """Hold the organisations whose digest is due, since the next is planned with it, and who chooses its day does too;
    and plan anew the digest that is more than a week away."""
    strayed = Nudge.due_at > now + LONGEST_UNTIL_DIGEST
    rows = session.execute(
        select(Nudge.organisation_id, strayed.label("strayed"))
        .where(PENDING, Nudge.milestone_id.is_(None), Nudge.feedback_id.is_(None))
        .where(or_(Nudge.due_at <= now, and_(strayed, Nudge.state == NudgeState.WAITING)))
        .order_by(Nudge.organisation_id)
    ).all()
    for row in rows:
        hold(session.connection(), row.organisation_id)
        if row.strayed:
            plan_digest(session, session.get_one(OrganisationSettings, row.organisation_id), now)


class _Claiming:
    """Rows that were taken, with what is needed to word them; those out of date are cancelled instead."""

    def __init__(self, session: Session, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> None:
        self._session = session
        self._rows = rows
        self._now = now
        self._teams: dict[int, Team] = {}
        self._introduced = _introduced(session, rows)
        self._steps = _open_steps(session, {row.deadline_id for row in rows if row.deadline_id})

    def claimed(self) -> list[Claimed]:
        """Without what is settled, and of several that were missed together only the newest."""
        keys = [(row.milestone_id, row.feedback_id, row.organisation_id, row.platform, row.route) for row in self._rows]
        newest: dict[tuple[Any, ...], date] = {}
        for row, key in zip(self._rows, keys, strict=True):
            newest[key] = max(row.planned_for, newest.get(key, row.planned_for))
        taken, cancelled = [], []
        for row, key in zip(self._rows, keys, strict=True):
            if _is_settled(row) or row.planned_for < newest[key]:
                cancelled.append(row.id)
            else:
                taken.append(self._one(row))
        if cancelled:
            stale = update(Nudge).where(Nudge.id.in_(cancelled))
            self._session.execute(stale.values(state=NudgeState.CANCELLED))
        return taken

    def _one(self, row: Row[*tuple[Any, ...]]) -> Claimed:
        if row.organisation_id not in self._teams:
            self._teams[row.organisation_id] = self._team(row.organisation_id)
        place = (row.organisation_id, row.platform, row.route)
        # News for one person, of something they did, needs no introduction.
        is_first_post = row.feedback_id is None and place not in self._introduced
        if is_first_post:
            self._introduced.add(place)
        return Claimed(
            row.id,
            Address(row.platform, row.route),
            row.attempts,
            row.planned_for,
            row.instead,
            self._teams[row.organisation_id],
            self._about(row),
            is_first_post,
        )

    def _about(self, row: Row[*tuple[Any, ...]]) -> AboutStep | AboutFeedback | AboutEverything:
        if row.feedback_id is not None:
            return AboutFeedback(row.feedback_number, row.feedback_state, row.outcome)
        if row.milestone_id is None:
            plan_digest(self._session, self._session.get_one(OrganisationSettings, row.organisation_id), self._now)
            return AboutEverything(_all_open(self._session, row.organisation_id))
        step = OpenStep(row.name, row.title, row.due_on)
        steps = self._steps.get(row.deadline_id, (step,))
        return AboutStep(row.number, row.kind, row.deadline_title, row.owner, row.clause, step, steps, row.edition)

    def _team(self, organisation_id: int) -> Team:
        settings = self._session.get_one(OrganisationSettings, organisation_id)
        today = self._now.astimezone(ZoneInfo(settings.timezone)).date()
        return Team(
            organisation_id,
            today,
            closed_days_of(self._session, organisation_id),
            settings.lead,
            settings.set_up_by,
            settings.agreement,
        )


def _is_settled(row: Row[*tuple[Any, ...]]) -> bool:
    return row.milestone_id is not None and (
        row.milestone_state != StepState.OPEN or row.deadline_state != DeadlineState.OPEN
    )


def _introduced(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> set[tuple[int, str, str]]:
    """The places of these rows where something was posted before, or where somebody who spoke is reached alone."""
    routes = {row.route for row in rows}
    posted = select(Place.organisation_id, Place.platform, Place.route).where(Place.route.in_(routes))
    alone = select(KnownPerson.organisation_id, KnownPerson.platform, KnownPerson.direct_route.label("route"))
    known = posted.union(alone.where(KnownPerson.direct_route.in_(routes)))
    return {(place.organisation_id, place.platform, place.route) for place in session.execute(known)}


def _open_steps(session: Session, deadlines: set[int]) -> dict[int, tuple[OpenStep, ...]]:
    rows = session.execute(
        select(Milestone.deadline_id, Milestone.name, Milestone.title, Milestone.due_on)
        .where(Milestone.deadline_id.in_(deadlines), Milestone.state == StepState.OPEN)
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


def still_mine(engine: Engine, nudge_id: int, worker: str, now: datetime) -> bool:
    """Whether a claimed nudge may still be sent: nobody has finished, dropped, moved or snoozed it since."""
    with Session(engine) as session, session.begin():
        row = session.execute(
            select(Nudge.state, Nudge.leased_by, Nudge.lease_until).where(Nudge.id == nudge_id)
        ).one_or_none()
    return row is not None and row.state == NudgeState.SENDING and row.leased_by == worker and row.lease_until > now


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
