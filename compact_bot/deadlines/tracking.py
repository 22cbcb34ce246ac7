"""Deadlines in the database: every change keeps who, when, what and from where, and plans its nudges with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from compact_bot.conversation import Address
from compact_bot.dates import spoken
from compact_bot.deadlines.planning import Anchors, Planned, plan
from compact_bot.deadlines.steps import act_of, is_finished, kind_of, rule_of
from compact_bot.history import Subject, change_row, keep_change
from compact_bot.nudges.at_once import PlannedAtOnce, Shape
from compact_bot.nudges.digest import cancel_digest, plan_digest
from compact_bot.nudges.planning import NudgePlanner
from compact_bot.nudges.stale import settle
from compact_bot.organisation import Actor, closed_days_of, local_today
from compact_bot.store.database import inserting
from compact_bot.store.scope import shared
from compact_bot.store.tables import (
    Change,
    ClosedDay,
    Deadline,
    DeadlineState,
    KnownPerson,
    Milestone,
    Nudge,
    NudgeState,
    Organisation,
    OrganisationSettings,
    StepState,
    Table,
)
from knowledge.rules import Kind, Rules, rule_name

_AT_ONCE = 500  # rows in one statement
_FIELDS = ("state", "kind", "title", "owner", "owner_id", "anchors", "leads", "clause", "rationale")


CHOSEN = "chosen a place of nudges"


@dataclass(frozen=True)
class Owner:
    """How somebody was named, and who that is where one known person is meant."""

    name: str
    person: KnownPerson | None = None


@dataclass(frozen=True)
class New:
    """A deadline to be tracked with others, and the milestones that its dates lead to."""

    kind: Kind
    title: str
    given: Anchors
    owner: Owner
    clause: str
    planned: Sequence[Planned]


def anchors_of(deadline: Deadline) -> dict[str, list[date]]:
    """The dates that people gave for it."""
    return {name: [date.fromisoformat(day) for day in days] for name, days in deadline.anchors.items()}


class Tracker:
    """Changes to one organisation's deadlines, in the caller's transaction. All that one changes is undone together.

    `by` is the organisation of whoever changes them, where that is a partner.
    """

    def __init__(
        self,
        session: Session,
        organisation: Organisation,
        settings: OrganisationSettings,
        rules: Rules,
        actor: Actor,
        by: Organisation | None = None,
    ) -> None:
        self._session = session
        self._organisation = organisation
        self._settings = settings
        self._rules = rules
        self._actor = actor
        self._by = (by or organisation).id
        self._first: Change | None = None
        self.today = local_today(settings, actor.at)
        self.closed = closed_days_of(session, organisation.id)

    @property
    def change(self) -> int:
        """The id under which everything changed so far can be taken back; 0 when nothing was."""
        return self._first.id if self._first else 0

    @property
    def settings(self) -> OrganisationSettings:
        return self._settings

    def all_open(self) -> Sequence[Deadline]:
        """Those of the organisation and its partners."""
        return self._open(shared(Deadline.organisation_id, self._organisation.id))

    def own_open(self) -> Sequence[Deadline]:
        """Those that are the organisation's own to plan: what it sets moves no partner's."""
        return self._open(Deadline.organisation_id == self._organisation.id)

    def _open(self, whose: ColumnElement[bool]) -> Sequence[Deadline]:
        wanted = select(Deadline).where(whose, Deadline.state == DeadlineState.OPEN)
        return self._session.scalars(wanted.order_by(Deadline.number)).all()

    def like(self, kind: Kind, title: str, given: Anchors) -> Deadline | None:
        """An open deadline of the same kind, title and dates."""
        wanted = {name: sorted(days) for name, days in given.items() if days}
        alike = (d for d in self.all_open() if d.kind == kind.name and d.title.casefold() == title.casefold())
        return next((d for d in alike if {name: sorted(days) for name, days in anchors_of(d).items()} == wanted), None)

    def track(
        self,
        kind: Kind,
        title: str,
        given: Anchors,
        owner: Owner,
        clause: str = "",
        rationale: str = "",
        leads: Sequence[str] = (),
    ) -> tuple[Deadline, list[Planned]]:
        """A new deadline with its milestones and nudges. Raises PlanError for dates that cannot be planned."""
        planned = plan(kind, given, self.closed)
        self._choose_first_place()
        deadline = self._new(self._next_number(), kind, title, given, owner, clause)
        deadline.leads, deadline.rationale = ", ".join(leads), rationale
        self._session.add(deadline)
        self._session.flush()
        self._place_milestones(deadline, planned)
        self._note(deadline, f"tracked: {title}", None)
        self._plan_nudges(deadline)
        self._give(deadline, owner)
        return deadline, planned

    def track_all(
        self, new: Sequence[New], what: str, progress: Callable[[int, int], None] = lambda _, __: None
    ) -> list[int]:
        """Thousands of new deadlines as one change, in rows at once; their numbers, in order."""
        self._choose_first_place()
        first = self._next_number(len(new)) - len(new) + 1
        numbers = list(range(first, first + len(new)))
        planner = NudgePlanner(self._session, self._settings, self._rules, self.closed, self._actor.at)
        planned = PlannedAtOnce(planner, self._is_me)
        for begins in range(0, len(new), _AT_ONCE):
            part = dict(zip(numbers[begins:], new[begins : begins + _AT_ONCE], strict=False))
            ids, steps = self._insert(part)
            self._note_all(list(ids.values()), what)
            nudges = [
                row
                for number, one in part.items()
                for row in planned.rows(one.owner.name, one.owner.person, self._shape(one), ids[number], steps)
            ]
            self._insert_rows(Nudge, nudges)
            progress(begins + len(part), len(new))
        return numbers

    def _shape(self, new: New) -> Shape:
        """What its nudges follow from. Lists hold many deadlines of the same kind and dates."""
        return new.kind, tuple((one.name, one.day, self._state(one)) for one in new.planned)

    def _state(self, planned: Planned) -> StepState:
        return StepState.OPEN if planned.day >= self.today else StepState.PASSED

    def _insert(self, new: Mapping[int, New]) -> tuple[dict[int, int], dict[tuple[int, str], int]]:
        """Write deadlines and their milestones, and return their ids: by number, and by deadline and name.

        As rows of plain values, since mapped objects cost three times as much. Ids are asked for afterwards: SQLite
        gives those of many rows back in no order, and of one row at a time ten times as slowly.
        """
        shared = _row(self._new(0, next(iter(new.values())).kind, "", {}, Owner(""), ""))
        self._insert_rows(
            Deadline,
            [
                {
                    **shared, "number": number, "kind": one.kind.name, "title": one.title, "clause": one.clause,
                    "owner": one.owner.name, "owner_id": one.owner.person.id if one.owner.person else None,
                    "anchors": _stored(one.given),
                }
                for number, one in new.items()
            ],
        )  # fmt: skip
        ours = (Deadline.organisation_id == self._organisation.id, Deadline.number.in_(list(new)))
        found = select(Deadline.number, Deadline.id).where(*ours).order_by(Deadline.number)
        ids = {row.number: row.id for row in self._session.execute(found)}
        self._insert_rows(
            Milestone,
            [
                {
                    "deadline_id": ids[number], "name": step.name, "title": step.title, "due_on": step.day,
                    "state": self._state(step), "clause": step.rule.clause or one.clause, "done_note": "",
                }
                for number, one in new.items()
                for step in one.planned
            ],
        )  # fmt: skip
        wanted = select(Milestone.id, Milestone.deadline_id, Milestone.name)
        rows = self._session.execute(wanted.where(Milestone.deadline_id.in_(list(ids.values()))))
        return ids, {(deadline_id, name): row for row, deadline_id, name in rows}

    def _insert_rows(self, table: type[Table], rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._session.connection().execute(insert(table.__table__), rows)  # type: ignore[arg-type]

    def _note_all(self, deadlines: Sequence[int], what: str) -> None:
        """A change for each, all part of the first."""
        rest = list(deadlines)
        if self._first is None:
            subject = self._session.get_one(Deadline, rest.pop(0))
            self._note(subject, what, None)
        if rest:
            assert self._first is not None  # noqa: S101  # just made
            row = change_row(self._by, self._actor, what, self._first.id)
            self._insert_rows(Change, [{**row, "deadline_id": number} for number in rest])

    def drop_all(self, deadlines: Sequence[int], what: str) -> None:
        """Deadlines by their ids that were new and are taken back, with their nudges and the change that made them."""
        for begins in range(0, len(deadlines), _AT_ONCE):
            ids = deadlines[begins : begins + _AT_ONCE]
            steps = select(Milestone.id).where(Milestone.deadline_id.in_(ids))
            waiting = (Nudge.milestone_id.in_(steps), Nudge.state.in_((NudgeState.WAITING, NudgeState.SENDING)))
            for changed in (
                update(Change).where(Change.deadline_id.in_(ids)).values(undone=True),
                update(Deadline).where(Deadline.id.in_(ids)).values(state=DeadlineState.DROPPED),
                update(Nudge).where(*waiting).values(state=NudgeState.CANCELLED),
            ):
                self._session.execute(changed.execution_options(synchronize_session=False))
            posted = select(Nudge.milestone_id).where(Nudge.state == NudgeState.SENT, Nudge.message_ref != "")
            nudged = select(Milestone).where(Milestone.deadline_id.in_(ids), Milestone.id.in_(posted))
            settle(self._session, self._session.scalars(nudged))
            row = change_row(self._by, self._actor, what, None)
            self._insert_rows(Change, [{**row, "deadline_id": one, "undone": True} for one in ids])

    def move(self, deadline: Deadline, given: Anchors, what: str) -> list[tuple[str, date, date]]:
        """New dates: every later milestone and nudge moves. Returns what changed. Raises PlanError."""
        planned = plan(kind_of(self._rules, deadline), given, self.closed)
        before = _snapshot(deadline)
        old = {milestone.id: milestone.due_on for milestone in deadline.milestones}
        deadline.anchors = _stored(given)
        self._place_milestones(deadline, planned)
        changed = [(m.title, old[m.id], m.due_on) for m in deadline.milestones if old.get(m.id, m.due_on) != m.due_on]
        settle(self._session, deadline.milestones)
        self._note(deadline, f"moved: {what}", before)
        self._plan_nudges(deadline)
        return changed

    def renew(self, deadline: Deadline, given: Anchors, until: date, afresh: bool) -> list[Planned]:
        """It goes on: with `afresh` every step is open again, as of a new term. Raises PlanError."""
        planned = plan(kind_of(self._rules, deadline), given, self.closed)
        before = _snapshot(deadline)
        settle(self._session, deadline.milestones)
        deadline.anchors, deadline.state, deadline.snoozed_until = _stored(given), DeadlineState.OPEN, None
        for milestone in deadline.milestones if afresh else ():
            milestone.state, milestone.done_on, milestone.done_note = StepState.OPEN, None, ""
        self._place_milestones(deadline, planned)
        self._note(deadline, f"renewed until {spoken(until)}", before)
        self._plan_nudges(deadline)
        return planned

    def done(
        self, deadline: Deadline, met: Sequence[Milestone], missed: Sequence[Milestone], on: date, how: str
    ) -> None:
        """Mark steps as done, keeping how and when, and those that the same act came too late for as missed."""
        before = _snapshot(deadline)
        for milestone in met:
            milestone.state, milestone.done_on, milestone.done_note = StepState.DONE, on, how
        for milestone in missed:
            milestone.state = StepState.MISSED
        if is_finished(deadline, kind_of(self._rules, deadline), self.today):
            deadline.state = DeadlineState.DONE
        settle(self._session, [*met, *missed])
        said = f"done on {spoken(on)}: {', '.join(m.title for m in met)}" + (f" ({how})" if how else "")
        said += f"; missed: {', '.join(m.title for m in missed)}" if missed else ""
        self._note(deadline, said, before)
        self._plan_nudges(deadline)

    def drop(self, deadline: Deadline, reason: str) -> None:
        settle(self._session, deadline.milestones)
        self._set(deadline, f"dropped because {reason}", state=DeadlineState.DROPPED)

    def snooze(self, deadline: Deadline, until: date) -> None:
        """No nudge before a day; what would have come before it comes once, on that day."""
        settle(self._session, deadline.milestones)
        self._set(deadline, f"snoozed until {spoken(until)}", snoozed_until=until)

    def set_owner(self, deadline: Deadline, owner: Owner) -> None:
        owner_id = owner.person.id if owner.person else None
        self._set(deadline, f"owner: {owner.name}, before: {deadline.owner}", owner=owner.name, owner_id=owner_id)
        self._give(deadline, owner)

    def rename(self, deadline: Deadline, title: str) -> None:
        self._set(deadline, f"renamed: {title}, before: {deadline.title}", title=title)

    def set_leads(self, deadline: Deadline, leads: Sequence[str]) -> None:
        self._set(deadline, f"nudges set to {', '.join(leads)} before each date", leads=", ".join(leads))

    def explain(self, deadline: Deadline, rationale: str) -> None:
        self._set(deadline, f"rationale: {rationale}", rationale=rationale)

    def set_clause(self, deadline: Deadline, clause: str) -> None:
        before = _snapshot(deadline)
        deadline.clause = clause
        kind = kind_of(self._rules, deadline)
        for milestone in deadline.milestones:
            rule = rule_of(kind, milestone)
            milestone.clause = (rule.clause if rule else "") or clause
        self._note(deadline, f"clause: {clause}", before)

    def set_kind(self, deadline: Deadline, kind: Kind, given: Anchors) -> list[Planned]:
        """Another kind, with the dates that it asks for and steps of its own. Raises PlanError."""
        planned = plan(kind, given, self.closed)
        before = _snapshot(deadline)
        settle(self._session, deadline.milestones)
        deadline.kind, deadline.anchors = kind.name, _stored(given)
        self._place_milestones(deadline, planned)
        self._note(deadline, f"kind: {kind.title}", before)
        self._plan_nudges(deadline)
        return planned

    # ---- what an organisation chooses ------------------------------------------------------------------------------

    def send_nudges_here(self) -> None:
        """The team's nudges come to where this is said from now on, those that wait already among them."""
        self._choose_place()
        self._plan_all()

    def resume(self) -> None:
        """Nudges and the digest go on, where the team's place can be reached again."""
        self.plan_again()
        plan_digest(self._session, self._settings, self._actor.at)

    def stop_nudges(self) -> None:
        """No nudges and no digest for the team until somebody says where they should come."""
        self._settings.stopped, self._settings.stopped_by = True, self._actor.name[:100]
        self._settings.stopped_on = self.today
        cancel_digest(self._session, self._settings)
        self._plan_all()

    def nudge_directly(self, person: KnownPerson, wanted: bool) -> None:
        """Whether a person gets the nudges for what they own by themselves, too."""
        person.nudged_directly = wanted
        self._plan_all()

    def plan_again(self) -> None:
        """The nudges of all that is open, after the places changed where they go."""
        self._session.flush()
        self._plan_all()

    def send_nudges_to(self, address: Address) -> None:
        """The team's nudges and digest come to this place from now on."""
        self._choose(address)
        self._plan_all()

    def set_digest(self, weekday: int | None, at: str) -> None:
        """When the digest comes; never, apart from the nudges, where `weekday` is None."""
        self._settings.digest_weekday = weekday
        if weekday is None:
            cancel_digest(self._session, self._settings)
        else:
            self._settings.digest_at = at
            plan_digest(self._session, self._settings, self._actor.at)
        self._plan_all()  # what is said together comes on that day

    def own_closed_days(self) -> set[date]:
        mine = select(ClosedDay.day).where(ClosedDay.organisation_id == self._organisation.id)
        return set(self._session.scalars(mine))

    def set_closed_days(self, days: Iterable[date], what: str) -> None:
        """Exactly these days are the organisation's own; every open deadline is planned anew around them."""
        before, after = self.own_closed_days(), set(days)
        self._keep_closed_days(after)
        self._note(None, what, {"closed": sorted(day.isoformat() for day in before)})
        self._plan_around_closed_days()

    def _keep_closed_days(self, days: set[date]) -> None:
        have = self.own_closed_days()
        ours = {"organisation_id": self._organisation.id}
        if gone := have - days:
            self._session.execute(delete(ClosedDay).filter_by(**ours).where(ClosedDay.day.in_(gone)))
        if new := sorted(days - have):
            adding = inserting(self._session.connection().dialect.name, ClosedDay)
            rows = [{**ours, "day": day} for day in new]
            # Somebody else may keep the same days at the same moment.
            self._session.execute(adding.values(rows).on_conflict_do_nothing())
        self.closed = closed_days_of(self._session, self._organisation.id)

    def _plan_around_closed_days(self) -> None:
        plan_digest(self._session, self._settings, self._actor.at)
        for deadline in self.own_open():
            planned = plan(kind_of(self._rules, deadline), anchors_of(deadline), self.closed)
            self._place_milestones(deadline, planned)
            self._plan_nudges(deadline)

    def _choose_first_place(self) -> None:
        """Where the first deadline is tracked, nudges come until somebody says otherwise."""
        if not self._settings.platform and not self._settings.stopped and not self._actor.is_guest:
            self._choose_place()

    def _choose_place(self) -> None:
        self._choose(self._actor.address)

    def _choose(self, address: Address) -> None:
        self._settings.platform, self._settings.route, self._settings.stopped = address.platform, address.route, False
        self._settings.set_up_by = self._actor.name[:100]
        self._settings.lost_at, self._settings.lost_because = None, ""
        self._session.info[CHOSEN] = True
        plan_digest(self._session, self._settings, self._actor.at)

    # ---- taking back -------------------------------------------------------------------------------------------------

    def take_back(self, change: Change) -> tuple[Deadline | None, str]:
        """Undo one change, which history allows to be taken back; the deadline it was of, None for closed days."""
        change.undone = True
        if change.deadline_id is None:
            self._keep_closed_days({date.fromisoformat(day) for day in (change.before or {}).get("closed", ())})
            self._note(None, f"undone: {change.what}", None, undone=True)
            self._plan_around_closed_days()
            return None, change.what
        deadline = self._session.get_one(Deadline, change.deadline_id)
        settle(self._session, deadline.milestones)
        if change.before is None:
            deadline.state = DeadlineState.DROPPED
        else:
            _restore(deadline, change.before)
        self._note(deadline, f"undone: {change.what}", None, undone=True)
        self._plan_nudges(deadline)
        return deadline, change.what

    # ---- what every change does --------------------------------------------------------------------------------------

    def _set(self, deadline: Deadline, what: str, **values: object) -> None:
        before = _snapshot(deadline)
        for name, value in values.items():
            setattr(deadline, name, value)
        self._note(deadline, what, before)
        self._plan_nudges(deadline)

    def _new(self, number: int, kind: Kind, title: str, given: Anchors, owner: Owner, clause: str) -> Deadline:
        return Deadline(
            organisation_id=self._organisation.id,
            number=number,
            kind=kind.name,
            title=title,
            owner=owner.name,
            owner_id=owner.person.id if owner.person else None,
            state=DeadlineState.OPEN,
            anchors=_stored(given),
            leads="",
            clause=clause,
            rationale="",
            platform=self._actor.address.platform,
            route=self._actor.address.route,
            created_at=self._actor.at,
            edition=self._rules.name,
        )

    def _next_number(self, many: int = 1) -> int:
        """The last of the next numbers; counted by the database, so that two who track at once get their own.

        Partners count together, each in its own row: so they stay level whoever leaves.
        """
        self._session.flush()
        ours = shared(OrganisationSettings.organisation_id, self._organisation.id)
        counting = (
            update(OrganisationSettings).where(ours).values(last_deadline=OrganisationSettings.last_deadline + many)
        )
        self._session.execute(counting.execution_options(synchronize_session=False))
        self._session.refresh(self._settings)
        return self._settings.last_deadline

    def _plan_all(self) -> None:
        for deadline in self.own_open():
            self._plan_nudges(deadline)

    def _plan_nudges(self, deadline: Deadline) -> None:
        self._planner().plan(deadline)

    def _planner(self) -> NudgePlanner:
        return NudgePlanner(self._session, self._settings, self._rules, self.closed, self._actor.at)

    def _give(self, deadline: Deadline, owner: Owner) -> None:
        """Whoever gave it to themselves knows."""
        self._planner().give(deadline, None if owner.person is None or self._is_me(owner.person) else owner.person)

    def _is_me(self, person: KnownPerson) -> bool:
        return (person.platform, person.person_id) == (self._actor.address.platform, self._actor.person_id)

    def _note(self, subject: Subject, what: str, before: dict[str, Any] | None, undone: bool = False) -> None:
        change = keep_change(self._session, self._by, self._actor, subject, what, before, undone, self._first)
        self._first = self._first or change

    def _place_milestones(self, deadline: Deadline, planned: Sequence[Planned]) -> None:
        """Make the milestones those planned. One that is there keeps what was done: found by its day, else by order."""
        rows = list(deadline.milestones)
        placed: dict[str, Milestone] = {}
        for is_its in (_has_its_day, _is_its_step):
            for one in planned:
                row = next((row for row in rows if is_its(row, one)), None) if one.name not in placed else None
                if row is not None:
                    placed[one.name] = row
                    rows.remove(row)
        for gone in rows:
            deadline.milestones.remove(gone)
        for one in planned:
            milestone = placed.get(one.name)
            if milestone is None:
                milestone = Milestone(name=one.name, state=StepState.OPEN, done_note="")
                deadline.milestones.append(milestone)
            milestone.name, milestone.title, milestone.due_on = one.name, one.title, one.day
            milestone.clause = one.rule.clause or deadline.clause
            if milestone.state in (StepState.OPEN, StepState.PASSED):
                milestone.state = StepState.OPEN if one.day >= self.today else StepState.PASSED
        self._weigh_again(deadline)
        self._session.flush()

    def _weigh_again(self, deadline: Deadline) -> None:
        """Whether best practice was met follows from its day, which may have moved since notice was given."""
        kind = kind_of(self._rules, deadline)
        by_name = {milestone.name: milestone for milestone in deadline.milestones}
        for rule in kind.milestones:
            best = by_name.get(rule.name)
            if not rule.best_practice_of or best is None:
                continue
            acts = [by_name[name] for name in act_of(kind, rule) if name in by_name]
            given = next((m for m in acts if m.state is StepState.DONE), None)
            if given is None or given.done_on is None or best.state not in (StepState.DONE, StepState.MISSED):
                continue
            in_time = given.done_on <= best.due_on
            best.state = StepState.DONE if in_time else StepState.MISSED
            best.done_on, best.done_note = (given.done_on, given.done_note) if in_time else (None, "")


def _row(made: Deadline | Milestone) -> dict[str, Any]:
    """What was set of an object that belongs to no session."""
    given = made.__dict__
    return {column.key: given[column.key] for column in type(made).__table__.columns if column.key in given}


def _has_its_day(row: Milestone, planned: Planned) -> bool:
    return _is_its_step(row, planned) and row.due_on == planned.day


def _is_its_step(row: Milestone, planned: Planned) -> bool:
    """Whether a row is of the planned one's rule: "report-2" and "report" are both of "report"."""
    return planned.rule.name in (row.name, rule_name(row.name))


def _stored(given: Mapping[str, Sequence[date]]) -> dict[str, list[str]]:
    return {name: [day.isoformat() for day in days] for name, days in given.items() if days}


def _snapshot(deadline: Deadline) -> dict[str, Any]:
    return {
        **{field: getattr(deadline, field) for field in _FIELDS},
        "snoozed_until": deadline.snoozed_until and deadline.snoozed_until.isoformat(),
        "milestones": [
            [m.name, m.title, m.clause, m.due_on.isoformat(), m.state, m.done_on and m.done_on.isoformat(), m.done_note]
            for m in deadline.milestones
        ],
    }


def _restore(deadline: Deadline, before: Mapping[str, Any]) -> None:
    """As it was. What a change of an earlier version did not keep stays as it is."""
    for field in _FIELDS:
        if field in before:
            setattr(deadline, field, before[field])
    deadline.state = DeadlineState(deadline.state)
    until = before.get("snoozed_until")
    deadline.snoozed_until = date.fromisoformat(until) if until else None
    have = {milestone.name: milestone for milestone in deadline.milestones}
    for name, title, clause, due_on, state, done_on, note in before["milestones"]:
        milestone = have.pop(name, None)
        if milestone is None:
            milestone = Milestone(name=name)
            deadline.milestones.append(milestone)
        milestone.title, milestone.clause, milestone.due_on = title, clause, date.fromisoformat(due_on)
        milestone.state, milestone.done_on = StepState(state), done_on and date.fromisoformat(done_on)
        milestone.done_note = note
    for gone in have.values():
        deadline.milestones.remove(gone)
