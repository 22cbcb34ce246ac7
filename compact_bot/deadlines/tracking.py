"""Deadlines in the database: every change keeps who, when, what and from where, and plans its nudges with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.conversation import Address
from compact_bot.deadlines.closed_days import ClosedDays
from compact_bot.deadlines.digest import cancel_digest, plan_digest
from compact_bot.deadlines.planning import Planned, due_at, nudge_days, plan
from compact_bot.deadlines.settled import note_change
from compact_bot.store.database import inserting
from compact_bot.store.tables import (
    Change,
    ClosedDay,
    Deadline,
    KnownPerson,
    Milestone,
    Nudge,
    Organisation,
    OrganisationSettings,
)
from knowledge.rules import Kind, Lead, Rules, read_lead

UNDO_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Actor:
    """Who changes something, when, and from where."""

    name: str
    person_id: str
    address: Address
    at: datetime


def settings_of(session: Session, organisation: Organisation, zone: str) -> OrganisationSettings:
    found = session.get(OrganisationSettings, organisation.id)
    if found is None:
        new = inserting(session.connection().dialect.name, OrganisationSettings)
        new = new.values(organisation_id=organisation.id, timezone=zone, lead="")
        session.execute(new.on_conflict_do_nothing(index_elements=("organisation_id",)))  # another may be first
        found = session.get_one(OrganisationSettings, organisation.id)
    return found


def closed_days_of(session: Session, organisation_id: int) -> ClosedDays:
    return ClosedDays(session.scalars(select(ClosedDay.day).where(ClosedDay.organisation_id == organisation_id)).all())


def local_today(settings: OrganisationSettings, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.timezone)).date()


def deadline_numbered(session: Session, organisation: Organisation, number: int) -> Deadline | None:
    """The organisation's own D12; another organisation's is as unknown as one that does not exist."""
    return session.scalar(
        select(Deadline).where(Deadline.organisation_id == organisation.id, Deadline.number == number)
    )


class Tracker:
    """Changes to one organisation's deadlines, in the caller's transaction."""

    def __init__(
        self,
        session: Session,
        organisation: Organisation,
        settings: OrganisationSettings,
        rules: Rules,
        actor: Actor,
    ) -> None:
        self._session = session
        self._organisation = organisation
        self._settings = settings
        self._rules = rules
        self._actor = actor
        self.closed = closed_days_of(session, organisation.id)
        self.today = local_today(settings, actor.at)

    def track(
        self, kind: Kind, title: str, given: dict[str, list[date]], owner: str, clause: str = "", rationale: str = ""
    ) -> tuple[Deadline, list[Planned]]:
        """A new deadline with its milestones and nudges. Raises PlanError for dates that cannot be planned."""
        planned = plan(kind, given, self.closed)
        if not self._settings.platform:
            self._choose_place()
        self._settings.last_deadline += 1
        deadline = Deadline(
            organisation_id=self._organisation.id,
            number=self._settings.last_deadline,
            kind=kind.name,
            title=title,
            owner=owner,
            state="open",
            anchors={name: [day.isoformat() for day in days] for name, days in given.items()},
            leads="",
            clause=clause,
            rationale=rationale,
            platform=self._actor.address.platform,
            route=self._actor.address.route,
            created_at=self._actor.at,
        )
        self._session.add(deadline)
        self._session.flush()
        self._place_milestones(deadline, planned)
        self._note(deadline, f"tracked: {title}", None)
        self._plan_nudges(deadline)
        return deadline, planned

    def move(self, deadline: Deadline, kind: Kind, given: dict[str, list[date]]) -> list[tuple[str, date, date]]:
        """New dates: every later milestone and nudge moves. Returns what changed. Raises PlanError."""
        planned = plan(kind, given, self.closed)
        before = _snapshot(deadline)
        old = {milestone.name: milestone.due_on for milestone in deadline.milestones}
        deadline.anchors = {name: [day.isoformat() for day in days] for name, days in given.items()}
        self._place_milestones(deadline, planned)
        changed = [(one.title, old[one.name], one.day) for one in planned if old.get(one.name, one.day) != one.day]
        note_change(self._session, deadline.milestones)
        self._note(deadline, "moved: " + "; ".join(f"{t} from {a} to {b}" for t, a, b in changed), before)
        self._plan_nudges(deadline)
        return changed

    def done(self, deadline: Deadline, milestones: Sequence[Milestone], on: date, note: str) -> None:
        """Mark milestones as done, keeping how and when; with the last one the deadline is done."""
        before = _snapshot(deadline)
        for milestone in milestones:
            milestone.state, milestone.done_on, milestone.done_note = "done", on, note
        if not any(milestone.state == "open" for milestone in deadline.milestones):
            deadline.state = "done"
        note_change(self._session, milestones)
        titles = ", ".join(milestone.title for milestone in milestones)
        self._note(deadline, f"done on {on}: {titles}" + (f" ({note})" if note else ""), before)
        self._plan_nudges(deadline)

    def drop(self, deadline: Deadline, reason: str) -> None:
        before = _snapshot(deadline)
        deadline.state = "dropped"
        note_change(self._session, deadline.milestones)
        self._note(deadline, f"dropped because {reason}", before)
        self._plan_nudges(deadline)

    def set_leads(self, deadline: Deadline, leads: Sequence[Lead]) -> None:
        before = _snapshot(deadline)
        deadline.leads = ", ".join(map(str, leads))
        self._note(deadline, f"nudges set to {deadline.leads} before each date", before)
        self._plan_nudges(deadline)

    def explain(self, deadline: Deadline, rationale: str) -> None:
        before = _snapshot(deadline)
        deadline.rationale = rationale
        self._note(deadline, f"rationale: {rationale}", before)

    def snooze(self, deadline: Deadline, until: date) -> None:
        """No nudge before a day; what would have come before it comes once, on that day."""
        before = _snapshot(deadline)
        note_change(self._session, deadline.milestones)
        self._note(deadline, f"snoozed until {until}", before)
        for milestone in deadline.milestones:
            held = [n for n in self._nudges(milestone) if n.state in ("waiting", "sending") and n.planned_for < until]
            for nudge in held:
                nudge.state = "cancelled"
            for place in {(nudge.platform, nudge.route) for nudge in held}:
                self._wait(milestone, place, until)

    def send_nudges_here(self) -> None:
        """The team's nudges come to where this is said from now on, those that wait already among them."""
        self._choose_place()
        self._plan_all()

    def stop_nudges(self) -> None:
        """No nudges and no digest for the team until somebody says where they should come."""
        self._settings.stopped = True
        cancel_digest(self._session, self._settings)
        self._plan_all()

    def nudge_directly(self, person: KnownPerson, wanted: bool) -> None:
        """Whether a person gets the nudges for what they own by themselves, too."""
        person.nudged_directly = wanted
        self._plan_all()

    def _choose_place(self) -> None:
        address = self._actor.address
        self._settings.platform, self._settings.route, self._settings.stopped = address.platform, address.route, False
        self._settings.set_up_by = self._actor.name
        plan_digest(self._session, self._settings, self._actor.at)

    def _plan_all(self) -> None:
        ours = select(Deadline).where(Deadline.organisation_id == self._organisation.id, Deadline.state == "open")
        for deadline in self._session.scalars(ours).all():
            self._plan_nudges(deadline)

    def last_change(self) -> Change | None:
        """This person's last change of the last ten minutes, when nobody has changed the same deadline since."""
        change = self._session.scalar(
            select(Change)
            .join(Deadline)
            .where(
                Deadline.organisation_id == self._organisation.id,
                Change.person_id == self._actor.person_id,
                Change.platform == self._actor.address.platform,
                Change.at >= self._actor.at - UNDO_WITHIN,
                ~Change.undone,
            )
            .order_by(Change.id.desc())
            .limit(1)
        )
        if change is None:
            return None
        latest = self._session.scalar(
            select(Change.id)
            .where(Change.deadline_id == change.deadline_id, ~Change.undone)
            .order_by(Change.id.desc())
            .limit(1)
        )
        return change if latest == change.id else None

    def undo(self) -> tuple[Deadline, str] | None:
        """Take back this person's last change, when it is no older than ten minutes. None when there is none."""
        change = self.last_change()
        if change is None:
            return None
        deadline = self._session.get_one(Deadline, change.deadline_id)
        change.undone = True
        if change.before is None:
            deadline.state = "dropped"
        else:
            _restore(deadline, change.before)
        self._session.add(self._change(deadline, f"undone: {change.what}", None, undone=True))
        note_change(self._session)
        self._plan_nudges(deadline)
        return deadline, change.what

    def _place_milestones(self, deadline: Deadline, planned: Sequence[Planned]) -> None:
        have = {milestone.name: milestone for milestone in deadline.milestones}
        for one in planned:
            milestone = have.pop(one.name, None)
            if milestone is None:
                deadline.milestones.append(
                    Milestone(
                        name=one.name,
                        title=one.title,
                        clause=one.rule.clause or deadline.clause,
                        due_on=one.day,
                        state=self._state_of(one.day),
                        done_note="",
                    )
                )
            elif milestone.state != "done":
                milestone.due_on, milestone.state = one.day, self._state_of(one.day)
        for gone in have.values():
            deadline.milestones.remove(gone)
        self._session.flush()

    def _state_of(self, day: date) -> str:
        """A date that is past already when it is planned is shown, but nobody is nudged for it."""
        return "open" if day >= self.today else "passed"

    def _plan_nudges(self, deadline: Deadline) -> None:
        """Make the waiting nudges of a deadline exactly those it wants now; sent ones stay as history."""
        self._session.flush()
        places = self._places(deadline)
        for milestone in deadline.milestones:
            days = self._wanted(deadline, milestone)
            wanted = {(place, day) for place in places for day in days}
            for nudge in self._nudges(milestone):
                key = ((nudge.platform, nudge.route), nudge.planned_for)
                if nudge.state in ("waiting", "sending") and key not in wanted:
                    nudge.state = "cancelled"
                elif nudge.state == "cancelled" and key in wanted:
                    self._wake(nudge)
                wanted.discard(key)
            for place, day in sorted(wanted):
                self._wait(milestone, place, day)

    def _places(self, deadline: Deadline) -> list[tuple[str, str]]:
        """Where its nudges go: the team's place, and its owner alone where they asked for it."""
        team = self._settings.platform and not self._settings.stopped
        asking = self._session.scalars(
            select(KnownPerson).where(KnownPerson.organisation_id == self._organisation.id, KnownPerson.nudged_directly)
        )
        alone = [(p.platform, p.direct_route) for p in asking if p.name.casefold() == deadline.owner.casefold()]
        # Two people of one name cannot be told apart, and a nudge must not go to the wrong one.
        return [(self._settings.platform, self._settings.route)] * bool(team) + (alone if len(alone) == 1 else [])

    def _wanted(self, deadline: Deadline, milestone: Milestone) -> set[date]:
        if deadline.state != "open" or milestone.state != "open":
            return set()
        days = nudge_days(milestone.due_on, leads_of(self._rules, deadline, milestone), self.closed)
        now = self._actor.at
        soonest = {day for day in days if due_at(day, self._settings.nudge_at, self._settings.timezone) > now}
        return soonest if milestone.due_on >= self.today else set()

    def _nudges(self, milestone: Milestone) -> Sequence[Nudge]:
        return self._session.scalars(select(Nudge).where(Nudge.milestone_id == milestone.id)).all()

    def _wake(self, nudge: Nudge) -> None:
        nudge.state, nudge.attempts = "waiting", 0
        nudge.due_at = due_at(nudge.planned_for, self._settings.nudge_at, self._settings.timezone)

    def _wait(self, milestone: Milestone, place: tuple[str, str], day: date) -> None:
        """One nudge at a place on a day: the one that is there already, or a new one."""
        for nudge in self._nudges(milestone):
            if nudge.planned_for == day and (nudge.platform, nudge.route) == place:
                self._wake(nudge)
                return
        platform, route = place
        self._session.add(
            Nudge(
                organisation_id=self._organisation.id,
                milestone_id=milestone.id,
                platform=platform,
                route=route,
                planned_for=day,
                due_at=due_at(day, self._settings.nudge_at, self._settings.timezone),
                state="waiting",
            )
        )
        self._session.flush()

    def _note(self, deadline: Deadline, what: str, before: dict[str, object] | None) -> None:
        self._session.add(self._change(deadline, what, before))
        note_change(self._session)

    def _change(self, deadline: Deadline, what: str, before: dict[str, object] | None, undone: bool = False) -> Change:
        return Change(
            deadline_id=deadline.id,
            who=self._actor.name,
            person_id=self._actor.person_id,
            platform=self._actor.address.platform,
            at=self._actor.at,
            what=what,
            before=before,
            undone=undone,
        )


def leads_of(rules: Rules, deadline: Deadline, milestone: Milestone) -> tuple[Lead, ...]:
    """The deadline's own leads where it has some, else those of its rule."""
    if deadline.leads:
        return tuple(read_lead(lead) for lead in deadline.leads.split(","))
    kind = rules.kind(deadline.kind)
    named = milestone.name.rpartition("-")[0] if milestone.name[-1:].isdigit() else milestone.name
    found = next((rule.leads for rule in kind.milestones if rule.name == named), None) if kind else None
    return rules.leads if found is None else found


def _snapshot(deadline: Deadline) -> dict[str, object]:
    return {
        "state": deadline.state,
        "anchors": deadline.anchors,
        "leads": deadline.leads,
        "rationale": deadline.rationale,
        "milestones": [
            [m.name, m.title, m.clause, m.due_on.isoformat(), m.state, m.done_on and m.done_on.isoformat(), m.done_note]
            for m in deadline.milestones
        ],
    }


def _restore(deadline: Deadline, before: dict[str, Any]) -> None:
    for field in ("state", "anchors", "leads", "rationale"):
        setattr(deadline, field, before[field])
    have = {milestone.name: milestone for milestone in deadline.milestones}
    for name, title, clause, due_on, state, done_on, note in before["milestones"]:
        milestone = have.pop(name, None)
        if milestone is None:
            milestone = Milestone(name=name)
            deadline.milestones.append(milestone)
        milestone.title, milestone.clause, milestone.due_on = title, clause, date.fromisoformat(due_on)
        milestone.state, milestone.done_on = state, done_on and date.fromisoformat(done_on)
        milestone.done_note = note
    for gone in have.values():
        deadline.milestones.remove(gone)
