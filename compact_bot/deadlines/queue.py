"""The queue of nudges in the database: what each one says, claiming due rows, and recording what became of them.

Each step is one short transaction. Whatever dies in between, a lapsed lease lets another worker take the row up again:
at least once, and twice only for what was in flight when a worker died.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session, joinedload, selectinload

from compact_bot.answers import cite_opening
from compact_bot.conversation import Address, Reply
from compact_bot.dates import add_working_days, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.closed_days import ClosedDays
from compact_bot.deadlines.digest import digest_reply, plan_digest
from compact_bot.deadlines.tracking import closed_days_of
from compact_bot.feedback.news import news_reply
from compact_bot.store.again import transaction
from compact_bot.store.database import inserting
from compact_bot.store.records import hold
from compact_bot.store.tables import (
    Deadline,
    Feedback,
    KnownPerson,
    Milestone,
    Nudge,
    Organisation,
    OrganisationSettings,
    Place,
)
from knowledge.agreement import Agreement
from knowledge.rules import Rules

LEASE = timedelta(minutes=10)  # outlives the longest send: a full channel at one a second, and its timeout
FIRST_RETRY, LONGEST_RETRY = 30.0, 3600.0
LONGEST_UNTIL_DIGEST = timedelta(days=8)
# Written as the partial index is, without parameters: else SQLite cannot see that the index serves the question.
PENDING = text("nudges.state IN ('waiting', 'sending')")


@dataclass(frozen=True)
class Due:
    """A claimed nudge, ready to leave."""

    id: int
    address: Address
    reply: Reply
    attempts: int


@dataclass(frozen=True)
class Outcome:
    id: int
    state: str  # sent, waiting (again later), gave_up
    message_ref: str = ""
    error: str = ""
    retry_in: float = 0.0


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
        Deadline.number,
        Deadline.kind,
        Deadline.title.label("deadline_title"),
        Deadline.owner,
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


@dataclass(frozen=True)
class Team:
    """What a nudge needs to know of its organisation."""

    settings: OrganisationSettings
    today: date
    closed: ClosedDays


def nudge_reply(agreement: Agreement, rules: Rules, row: Row[*tuple[Any, ...]], team: Team) -> Reply:
    """Which date it is, how far off, whose, the clause in one line, and what to press."""
    code, clause, today = f"D{row.number}", agreement.clauses.get(row.clause), team.today
    far = replies.how_far(row.due_on, today)
    when = f"is due {far}, on" if row.due_on >= today else f"is overdue: it was due {far}, on"
    return Reply(
        f'{code}, "{row.deadline_title}": {row.title[0].lower()}{row.title[1:]} {when} {spoken(row.due_on)}. '
        f"{replies.owned(row.owner)}{_lead_named(rules, row, team)}",
        citations=(cite_opening(clause),) if clause else (),
        note=_note(row, today),
        next_step=f"When it is done, type: done {code}",
        buttons=replies.buttons_for(code, row.name),
    )


def _note(row: Row[*tuple[Any, ...]], today: date) -> str:
    late = f"This nudge is late; it was meant for {spoken(row.planned_for)}." if row.planned_for < today else ""
    instead = "It could not be delivered where your team gets its nudges, so it comes here." if row.instead else ""
    return f"{late} {instead}".strip()


def _lead_named(rules: Rules, row: Row[*tuple[Any, ...]], team: Team) -> str:
    """The Compact lead too, from 2 working days before a minimum date that nobody has acted on."""
    kind = rules.kind(row.kind) if team.settings.lead else None
    rule = next((r for r in kind.milestones if r.name == row.name), None) if kind else None
    if not rule or not rule.names_lead:
        return ""
    two_before = add_working_days(row.due_on, -2, team.closed)
    return f" Compact lead: {team.settings.lead}." if team.today >= two_before else ""


@transaction
def claim(
    engine: Engine,
    agreement: Agreement,
    rules: Rules,
    now: datetime,
    worker: str,
    limit: int,
    lease: timedelta = LEASE,
) -> list[Due]:
    """Take up to `limit` due rows: waiting ones, and those whose worker let its lease lapse."""
    # No lease and no retry lies further ahead than these: what does was written by a clock that was wrong.
    takeable = or_(Nudge.state == "waiting", Nudge.lease_until < now, Nudge.lease_until > now + 2 * LEASE)
    strayed = and_(
        Nudge.state == "waiting", Nudge.attempts > 0, Nudge.due_at > now + timedelta(seconds=2 * LONGEST_RETRY)
    )
    chosen = (
        select(Nudge.id)
        .where(PENDING, or_(Nudge.due_at <= now, strayed), takeable)
        .order_by(Nudge.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with Session(engine) as session, session.begin():
        _mind_digests(session, now)
        taken = session.scalars(
            update(Nudge)
            .where(Nudge.id.in_(chosen))
            .values(state="sending", lease_until=now + lease, leased_by=worker, attempts=Nudge.attempts + 1)
            .returning(Nudge.id)
            .execution_options(synchronize_session=False)
        ).all()
        if not taken:
            return []
        rows = session.execute(_COLUMNS.where(Nudge.id.in_(taken))).all()
        return _ready(session, agreement, rules, rows, now)


def _mind_digests(session: Session, now: datetime) -> None:
    """Hold the organisations whose digest is due, since the next is planned with it, and who chooses its day does too;
    and plan anew the digest that is more than a week away."""
    strayed = Nudge.due_at > now + LONGEST_UNTIL_DIGEST
    rows = session.execute(
        select(Nudge.organisation_id, strayed.label("strayed"))
        .where(PENDING, Nudge.milestone_id.is_(None), Nudge.feedback_id.is_(None))
        .where(or_(Nudge.due_at <= now, and_(strayed, Nudge.state == "waiting")))
        .order_by(Nudge.organisation_id)
    ).all()
    for row in rows:
        hold(session.connection(), row.organisation_id)
        if row.strayed:
            plan_digest(session, session.get_one(OrganisationSettings, row.organisation_id), now)


def _ready(
    session: Session, agreement: Agreement, rules: Rules, rows: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> list[Due]:
    """The words of each; cancels what is settled, and all but the newest where several were missed together."""

    keys = [(row.milestone_id, row.feedback_id, row.organisation_id, row.platform, row.route) for row in rows]
    newest: dict[tuple[Any, ...], date] = {}
    for row, key in zip(rows, keys, strict=True):
        newest[key] = max(row.planned_for, newest.get(key, row.planned_for))
    teams: dict[int, Team] = {}
    introduced = _introduced(session, rows)
    due, cancelled = [], []
    for row, key in zip(rows, keys, strict=True):
        settled = row.milestone_id and (row.milestone_state != "open" or row.deadline_state != "open")
        if settled or row.planned_for < newest[key]:
            cancelled.append(row.id)
            continue
        if row.organisation_id not in teams:
            teams[row.organisation_id] = _team(session, row.organisation_id, now)
        team = teams[row.organisation_id]
        if row.feedback_id is not None:
            # News for one person, of something they did: the bot needs no introduction there.
            due.append(Due(row.id, Address(row.platform, row.route), _news(row), row.attempts))
            continue
        if row.milestone_id is None:
            reply = _digest(session, team)
            plan_digest(session, team.settings, now)
        else:
            reply = nudge_reply(agreement, rules, row, team)
        place = (row.organisation_id, row.platform, row.route)
        if place not in introduced:
            reply = replace(reply, introduction=_introduction(agreement, team))
            introduced.add(place)
        due.append(Due(row.id, Address(row.platform, row.route), reply, row.attempts))
    if cancelled:
        session.execute(update(Nudge).where(Nudge.id.in_(cancelled)).values(state="cancelled"))
    return due


def _news(row: Row[*tuple[Any, ...]]) -> Reply:
    return news_reply(row.feedback_number, row.feedback_state, row.outcome)


def _introduced(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> set[tuple[int, str, str]]:
    """The places of these rows where something was posted before, or where somebody who spoke is reached alone."""
    routes = {row.route for row in rows}
    posted = select(Place.organisation_id, Place.platform, Place.route).where(Place.route.in_(routes))
    alone = select(KnownPerson.organisation_id, KnownPerson.platform, KnownPerson.direct_route.label("route"))
    known = posted.union(alone.where(KnownPerson.direct_route.in_(routes)))
    return {(place.organisation_id, place.platform, place.route) for place in session.execute(known)}


def _introduction(agreement: Agreement, team: Team) -> str:
    """Said once at each place: what comes, who asked for it, how to stop it."""
    asked = f", as {team.settings.set_up_by} asked" if team.settings.set_up_by else ""
    return (
        f"This is my first post here. I am Compact Bot: I nudge your team here before the dates of the "
        f"{agreement.about.title}{asked}, and answer when somebody mentions me. To stop, say: settings nudges stop."
    )


def _team(session: Session, organisation_id: int, now: datetime) -> Team:
    settings = session.get_one(OrganisationSettings, organisation_id)
    today = now.astimezone(ZoneInfo(settings.timezone)).date()
    return Team(settings, today, closed_days_of(session, organisation_id))


def _digest(session: Session, team: Team) -> Reply:
    deadlines = session.scalars(
        select(Deadline)
        .where(Deadline.organisation_id == team.settings.organisation_id, Deadline.state == "open")
        .options(selectinload(Deadline.milestones))
        .order_by(Deadline.number)
    ).all()
    return digest_reply(deadlines, team.today)


def still_mine(engine: Engine, nudge_id: int, worker: str, now: datetime) -> bool:
    """Whether a claimed nudge may still be sent: nobody has finished, dropped, moved or snoozed it since."""
    with Session(engine) as session, session.begin():
        row = session.execute(
            select(Nudge.state, Nudge.leased_by, Nudge.lease_until).where(Nudge.id == nudge_id)
        ).one_or_none()
    return row is not None and row.state == "sending" and row.leased_by == worker and row.lease_until > now


_RECORD = (
    update(Nudge)
    .where(Nudge.id == bindparam("nudge"), Nudge.state == "sending", Nudge.leased_by == bindparam("worker"))
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
    again = [o for o in outcomes if o.state == "waiting"]
    final = [o for o in outcomes if o.state != "waiting"]

    def row(outcome: Outcome) -> dict[str, object]:
        return {
            "nudge": outcome.id,
            "worker": worker,
            "new_state": outcome.state,
            "new_ref": outcome.message_ref[:400],
            "new_error": outcome.error[:200],
            "new_sent_at": now if outcome.state == "sent" else None,
        }

    with engine.begin() as connection:
        if final:
            connection.execute(_RECORD, [row(o) for o in final])
        sent = [outcome.id for outcome in final if outcome.state == "sent"]
        if sent:
            _note_places(connection, sent)
        for outcome in final:
            if outcome.state == "gave_up":
                _tell_another_way(connection, outcome.id, now)
        if again:
            later = [{**row(o), "new_due_at": now + timedelta(seconds=o.retry_in)} for o in again]
            connection.execute(_RECORD_FOR_LATER, later)


@transaction
def hand_back(engine: Engine, worker: str) -> int:
    """Let others send what a worker has claimed and not sent, at once; returns how many. They count as not tried."""
    mine = update(Nudge).where(Nudge.state == "sending", Nudge.leased_by == worker)
    with engine.begin() as connection:
        return connection.execute(
            mine.values(state="waiting", lease_until=None, leased_by="", attempts=Nudge.attempts - 1)
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


def _tell_another_way(connection: Connection, nudge_id: int, now: datetime) -> None:
    """Plan the same nudge for another place: its owner alone, where it was tracked, or else a Compact lead alone."""
    lost = connection.execute(
        select(
            Nudge.organisation_id,
            Nudge.milestone_id,
            Nudge.planned_for,
            Nudge.platform,
            Nudge.route,
            Deadline.owner,
            Deadline.platform.label("tracked_platform"),
            Deadline.route.label("tracked_route"),
        )
        .join(Milestone, Nudge.milestone_id == Milestone.id)
        .join(Deadline, Milestone.deadline_id == Deadline.id)
        .where(Nudge.id == nudge_id, ~Nudge.instead)
    ).one_or_none()
    if lost is None:
        return
    people = connection.execute(
        select(KnownPerson.platform, KnownPerson.direct_route, KnownPerson.name, KnownPerson.is_lead)
        .where(KnownPerson.organisation_id == lost.organisation_id, KnownPerson.direct_route != "")
        .order_by(KnownPerson.id)
    ).all()
    owners = [(p.platform, p.direct_route) for p in people if p.name.casefold() == lost.owner.casefold()]
    leads = [(p.platform, p.direct_route) for p in people if p.is_lead]
    others = [*(owners if len(owners) == 1 else ()), (lost.tracked_platform, lost.tracked_route), *leads]
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
        return


def backoff(attempts: int, retry_after: float | None) -> float:
    """Seconds until the next try: doubled each time, with jitter, and never before the platform allows."""
    doubled = FIRST_RETRY * 2.0 ** min(attempts - 1, 10)
    wait = min(doubled, LONGEST_RETRY) * random.uniform(0.5, 1.0)  # noqa: S311
    return max(wait, min(retry_after or 0.0, LONGEST_RETRY))


def due_now(engine: Engine, now: datetime) -> list[Nudge]:
    """What a pass would send, without sending it."""
    return _with_deadlines(engine, (Nudge.due_at <= now) & Nudge.state.in_(("waiting", "sending")))


def failed(engine: Engine) -> list[Nudge]:
    return _with_deadlines(engine, Nudge.state == "gave_up")


def sent_lately(engine: Engine, agreement: Agreement, organisation: str, limit: int = 20) -> list[Reply]:
    """The last nudges that an organisation got, newest first, each with the day it was sent."""
    ours = select(Organisation.id).where(Organisation.name == organisation).scalar_subquery()
    sent = _with_deadlines(engine, (Nudge.state == "sent") & (Nudge.organisation_id == ours), limit)
    return [_as_sent(agreement, nudge) for nudge in sent]


def _as_sent(agreement: Agreement, nudge: Nudge) -> Reply:
    when = f"Sent on {spoken((nudge.sent_at or nudge.due_at).date())}. "
    if nudge.feedback is not None:
        news = news_reply(nudge.feedback.number, nudge.feedback.state, nudge.feedback.outcome)
        return replace(news, text=f"{when}{news.text}")
    if nudge.milestone is None:
        return Reply(f"{when}The weekly digest.", next_step="Type deadlines to see what is tracked now.")
    milestone, deadline = nudge.milestone, nudge.milestone.deadline
    clause, still = agreement.clause(milestone.clause), milestone.state == "open" and deadline.state == "open"
    settled = milestone.state if milestone.state != "open" else deadline.state
    return Reply(
        f'{when}{replies.code(deadline)}, "{deadline.title}": {milestone.title}, {spoken(milestone.due_on)}. '
        f"{replies.owned(deadline.owner) if still else f'Now {settled}.'}",
        citations=(cite_opening(clause),) if clause else (),
        next_step=f"Type {replies.code(deadline)} to see it.",
        buttons=replies.buttons_for(replies.code(deadline), milestone.name) if still else (),
    )


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


def retry_failed(engine: Engine, now: datetime) -> int:
    """Let every nudge that was given up be tried again; returns how many."""
    with engine.begin() as connection:
        return connection.execute(
            update(Nudge).where(Nudge.state == "gave_up").values(state="waiting", attempts=0, due_at=now)
        ).rowcount
