"""Deadlines to look at on a page: an organisation's and partners', sifted and by the page, and one of them whole."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Engine, Function, Select, and_, case, false, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from compact_bot.dates import spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.planning import PlanError, plan
from compact_bot.deadlines.steps import (
    binds,
    comes_by_itself,
    ended_on,
    headline,
    is_folded,
    is_late,
    kind_of,
    rule_of,
)
from compact_bot.deadlines.tracking import anchors_of
from compact_bot.organisation import closed_days_of, local_today, settings_of
from compact_bot.partnership.names import doer_said, owner_said, read_for, what_said
from compact_bot.store.records import deadline_numbered, organisation_called
from compact_bot.store.scope import shared
from compact_bot.store.tables import Deadline, DeadlineState, Milestone, Organisation, StepState
from knowledge.rules import Kind, MilestoneRule, Rules

SOON = timedelta(days=30)
ON_A_PAGE = 25
TO_PRINT = 1_000  # on one page, for paper
OWNERS_OFFERED = 100
STATES = ("open", "done", "dropped", "all")


class When(StrEnum):
    OVERDUE = "overdue"
    NEXT = "next"
    LATER = "later"
    OVER = "over"  # done, dropped, or ended by itself


ORDER = tuple(When)


@dataclass(frozen=True)
class Sifting:
    """What of the board is wanted; "" for everything."""

    when: str = ""
    owner: str = ""
    kind: str = ""
    state: str = "open"
    title: str = ""
    page: int = 1
    to_print: bool = False

    @property
    def at_once(self) -> int:
        return TO_PRINT if self.to_print else ON_A_PAGE


class Shape(StrEnum):
    """How a date is drawn: what is best, what binds, what is only advised, and the day that all is counted from."""

    BEST = "best practice"
    BINDS = "binding date"
    ADVISED = "advised"
    ITSELF = "the day itself"


@dataclass(frozen=True)
class Mark:
    title: str
    day: date
    shape: Shape
    is_settled: bool


@dataclass(frozen=True)
class Row:
    number: int
    title: str
    kind: str
    owner: str
    when: When
    said: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Board:
    """`counts` are those of the sifted deadlines in each part, on whichever page they stand."""

    today: date
    sifting: Sifting
    counts: Mapping[When, int]
    rows: tuple[Row, ...]
    owners: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]

    @property
    def total(self) -> int:
        """How many there are of what is listed."""
        wanted = self.sifting.when
        return sum(count for when, count in self.counts.items() if wanted in ("", when))

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.sifting.at_once))


def look_at_board(engine: Engine, name: str, rules: Rules, timezone: str, sifting: Sifting, now: datetime) -> Board:
    """The board of the organisation with this name. Sifted and counted by the database, of which a page is read."""
    with Session(engine) as session, session.begin():
        ours = organisation_called(session.connection(), name)
        read_for(session, ours.id, plainly=True)
        today = local_today(settings_of(session, ours, timezone), now)
        rows = session.execute(_page_of(_sifted(ours, rules, sifting, today), sifting)).all()
        parts = {row.number: When(row.part) for row in rows if row.number is not None}
        found = session.scalars(
            select(Deadline)
            .where(shared(Deadline.organisation_id, ours.id), Deadline.number.in_(parts))
            .options(selectinload(Deadline.milestones))
        )
        deadlines = {deadline.number: deadline for deadline in found}
        return Board(
            today,
            sifting,
            {when: getattr(rows[0], when.value) or 0 for when in ORDER},
            tuple(_row(deadlines[number], part, rules, today) for number, part in parts.items()),
            _owners(session, ours, sifting.owner),
            tuple((kind.name, kind.title) for kind in rules.kinds),
        )


def _sifted(ours: Organisation, rules: Rules, sifting: Sifting, today: date) -> Select[int, date | None, str]:
    """Numbers with the day and the part of the board: the headline of `steps.headline`, in the database."""
    waits, is_past = Milestone.state == StepState.OPEN, Milestone.due_on < today
    happens = _is_of(rules, lambda rule: rule.happens)
    binds_still = waits & ~_is_of(rules, lambda rule: not rule.binds) & ~(happens & is_past)

    def first(condition: ColumnElement[bool]) -> Function[date]:
        return func.min(case((condition, Milestone.due_on)), type_=Date)

    binding = first(binds_still)
    day = func.coalesce(binding, first(waits & ~is_past), first(waits), type_=Date)
    has_ended = (func.max(case((happens, 1), else_=0)) == 1) & (func.max(Milestone.due_on) < today)
    part = case(
        (or_(Deadline.state != DeadlineState.OPEN, has_ended), When.OVER.value),
        (binding < today, When.OVERDUE.value),
        (day <= today + SOON, When.NEXT.value),
        else_=When.LATER.value,
    )
    return (
        select(Deadline.number, day.label("day"), part.label("part"))
        .outerjoin(Milestone, Milestone.deadline_id == Deadline.id)
        .where(*_conditions(ours, sifting))
        .group_by(Deadline.id)
    )


def _page_of(sifted: Select[int, date | None, str], sifting: Sifting) -> Select[Any]:
    """The page that is wanted, each row with how many there are in each part; without a page, one row of these alone.

    In one statement, so that the database goes through the deadlines once.
    """
    all_of_them = sifted.cte("sifted")
    part = all_of_them.c.part
    counts = select(*(func.sum(case((part == when.value, 1), else_=0)).label(when.value) for when in ORDER)).subquery()
    rank = case({when.value: place for place, when in enumerate(ORDER)}, value=part).label("rank")
    page = select(all_of_them.c.number, part, all_of_them.c.day, rank)
    if sifting.when:
        page = page.where(part == sifting.when)
    page = page.order_by(rank, all_of_them.c.day.is_(None), all_of_them.c.day, all_of_them.c.number)
    wanted = page.limit(sifting.at_once).offset((sifting.page - 1) * sifting.at_once).subquery()
    together = select(counts, wanted.c.number, wanted.c.part).select_from(counts.outerjoin(wanted, true()))
    return together.order_by(wanted.c.rank, wanted.c.day.is_(None), wanted.c.day, wanted.c.number)


def _conditions(ours: Organisation, sifting: Sifting) -> list[ColumnElement[bool]]:
    wanted = [shared(Deadline.organisation_id, ours.id)]
    if sifting.state != "all":
        wanted.append(Deadline.state == DeadlineState(sifting.state))
    if sifting.owner:
        wanted.append(Deadline.owner == sifting.owner)
    if sifting.kind:
        wanted.append(Deadline.kind == sifting.kind)
    if sifting.title:
        wanted.append(Deadline.title.icontains(sifting.title, autoescape=True))
    return wanted


def _is_of(rules: Rules, wanted: Callable[[MilestoneRule], bool]) -> ColumnElement[bool]:
    """Whether a step's rule is one of those, by its kind and its name, as "report" is for "report-2"."""
    bare = func.rtrim(Milestone.name, "-0123456789")
    named = {kind.name: [rule.name for rule in kind.milestones if wanted(rule)] for kind in rules.kinds}
    return or_(
        false(),
        *(
            and_(Deadline.kind == kind, or_(Milestone.name.in_(names), bare.in_(names)))
            for kind, names in named.items()
            if names
        ),
    )


def _owners(session: Session, ours: Organisation, chosen: str) -> tuple[str, ...]:
    """Those of the organisation itself who see to most, by name, and whoever was asked for."""
    owned = (
        select(Deadline.owner)
        .where(Deadline.organisation_id == ours.id, Deadline.owner != "")
        .group_by(Deadline.owner)
        .order_by(func.count().desc())
        .limit(OWNERS_OFFERED)
    )
    return tuple(sorted({*session.scalars(owned), *([chosen] if chosen else [])}, key=str.casefold))


def _row(deadline: Deadline, when: When, rules: Rules, today: date) -> Row:
    kind = kind_of(rules, deadline)
    said = replies.one_line(deadline, kind, today).value
    owner = owner_said(deadline)
    said = said.removesuffix(f" {replies.owned(owner)}") if owner else said
    ended = ended_on(deadline, kind, today) if deadline.state is DeadlineState.OPEN else None
    said = f"Over since {spoken(ended)}, and not said to be done or renewed." if ended else said
    marks = tuple(_mark(kind, milestone) for milestone in deadline.milestones)
    return Row(deadline.number, deadline.title, kind.title, owner, when, said, marks)


def _mark(kind: Kind, milestone: Milestone) -> Mark:
    rule = rule_of(kind, milestone)
    shape = Shape.BINDS if binds(kind, milestone) else Shape.ADVISED
    if rule is not None and rule.best_practice_of:
        shape = Shape.BEST
    elif rule is not None and rule.when.number == 0:
        shape = Shape.ITSELF
    return Mark(milestone.title, milestone.due_on, shape, milestone.state is not StepState.OPEN)


# ---- one, whole -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    name: str
    title: str
    day: date
    said: str
    clause: str
    working: str
    advice: str
    is_open: bool
    is_late: bool


@dataclass(frozen=True)
class Happened:
    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class Whole:
    number: int
    title: str
    kind: str
    owner: str
    is_open: bool
    state: str
    next: str
    clause: str
    rationale: str
    note: str
    quiet_until: date | None
    today: date
    steps: tuple[Step, ...]
    marks: tuple[Mark, ...]
    history: tuple[Happened, ...]


def look_at_deadline(
    engine: Engine, name: str, rules: Rules, timezone: str, number: int, now: datetime
) -> Whole | None:
    """None where the organisation has none of this number."""
    with Session(engine) as session, session.begin():
        ours = organisation_called(session.connection(), name)
        read_for(session, ours.id, plainly=True)
        deadline = deadline_numbered(session, ours, number)
        if deadline is None:
            return None
        settings = settings_of(session, ours, timezone)
        today, zone = local_today(settings, now), ZoneInfo(settings.timezone)
        kind = kind_of(rules, deadline)
        is_open = deadline.state is DeadlineState.OPEN
        first = headline(deadline, kind, today) if is_open else None
        whose = deadline.organisation_id
        try:
            planned = {one.name: one for one in plan(kind, anchors_of(deadline), closed_days_of(session, whose))}
        except PlanError:  # the rules have changed since it was tracked
            planned = {}

        def step(milestone: Milestone) -> Step:
            one = planned.get(milestone.name)
            known = one is not None and one.day == milestone.due_on
            waits = is_open and milestone.state is StepState.OPEN
            return Step(
                milestone.name,
                milestone.title,
                milestone.due_on,
                _said(deadline, milestone, kind, today),
                milestone.clause,
                one.working.removesuffix(f"; clause {milestone.clause}") if one and known else "",
                one.advice if one and known else "",
                waits,
                waits and is_late(kind, milestone.name, milestone.due_on, today),
            )

        quiet = deadline.snoozed_until
        return Whole(
            deadline.number,
            deadline.title,
            kind.title,
            owner_said(deadline),
            is_open,
            deadline.state.value,
            replies.due(first, kind, today) if first else "",
            deadline.clause or (first.clause if first else ""),
            deadline.rationale,
            replies.shorter_consultation(deadline, kind),
            quiet if quiet and quiet > today and is_open else None,
            today,
            tuple(map(step, deadline.milestones)),
            tuple(_mark(kind, milestone) for milestone in deadline.milestones),
            tuple(
                Happened(one.at.astimezone(zone), doer_said(one), what_said(one)) for one in reversed(deadline.changes)
            ),
        )


def _said(deadline: Deadline, step: Milestone, kind: Kind, today: date) -> str:
    """What became of a step, or how far off it is."""
    match step.state:
        case StepState.DONE:
            late = "; its last day was before that" if step.done_on and step.done_on > step.due_on else ""
            note = f" ({step.done_note})" if step.done_note else ""
            return f"Done on {spoken(step.done_on)}{note}{late}" if step.done_on else "Done"
        case StepState.MISSED:
            return "Missed"
        case StepState.PASSED:
            return "Already past when it was tracked"
    if deadline.state is not DeadlineState.OPEN:
        return "Not needed any more"
    if step.due_on < today and comes_by_itself(kind, step.name):
        return "This day has come"
    if is_folded(deadline, kind, step, today) or (step.due_on < today and not binds(kind, step)):
        return "Past, and not said to be done"
    said = replies.urgency(step.due_on, today)
    return said[0].upper() + said[1:]
