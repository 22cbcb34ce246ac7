"""Which nudges wait for a deadline: rows with a due time, made anew in the transaction of every change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.closed_days import ClosedDays
from compact_bot.dates import working_day_after
from compact_bot.deadlines.steps import kind_of, open_steps, rule_of
from compact_bot.nudges.mornings import Mornings
from compact_bot.organisation import bare, is_called_alone
from compact_bot.store.tables import (
    Deadline,
    DeadlineState,
    KnownPerson,
    Mailbox,
    Milestone,
    Nudge,
    NudgePurpose,
    NudgeState,
    OrganisationSettings,
    StepState,
)
from knowledge.rules import Kind, Rules, read_lead

REMOVED = "I was removed from there"  # the whole workspace: nobody can be reached, and nothing is planned, until then
REMOVED_FROM_PLACE = "I was removed from that place"  # its nudges go to people meanwhile
NEVER_ADDED = "I was not added there yet"
Place = tuple[str, str]
_Owns = Callable[[Deadline], bool]
Alone = Sequence[Sequence[tuple[_Owns, Place]]]


@dataclass(frozen=True)
class NudgePlanner:
    session: Session
    settings: OrganisationSettings
    rules: Rules
    closed: ClosedDays
    now: datetime

    def plan(self, deadline: Deadline) -> None:
        """Make the waiting nudges of a deadline exactly those it wants now; sent ones stay as history."""
        self.session.flush()
        places, chosen = self.places(deadline, self.alone()), self.one_a_day(deadline)
        for milestone in deadline.milestones:
            wanted = {(place, day) for place in places for day, step in chosen.items() if step is milestone}
            mine = select(Nudge).where(Nudge.milestone_id == milestone.id, Nudge.purpose == NudgePurpose.STEP)
            for nudge in self.session.scalars(mine).all():
                key = ((nudge.platform, nudge.route), nudge.planned_for)
                if nudge.state in (NudgeState.WAITING, NudgeState.SENDING) and key not in wanted:
                    nudge.state = NudgeState.CANCELLED
                elif nudge.state is NudgeState.CANCELLED and key in wanted:
                    nudge.state, nudge.attempts = NudgeState.WAITING, 0
                if nudge.state is NudgeState.WAITING and not nudge.attempts:
                    nudge.due_at = self.mornings.at(nudge.planned_for)
                wanted.discard(key)
            self.session.add_all(self._nudge(milestone, place, day) for place, day in sorted(wanted))

    def give(self, deadline: Deadline, owner: KnownPerson | None) -> None:
        """Let a new owner hear of it on the next working morning; who was to hear of it before does not."""
        given = select(Nudge).join(Milestone).where(Milestone.deadline_id == deadline.id)
        given = given.where(Nudge.purpose == NudgePurpose.GIVEN)
        for nudge in self.session.scalars(given.where(Nudge.state == NudgeState.WAITING)).all():
            nudge.state = NudgeState.CANCELLED
        waiting = open_steps(deadline)
        if owner is None or not waiting or not is_told(self.settings, owner):
            return
        morning = self.mornings.coming(self.now)
        there = (Nudge.milestone_id == waiting[0].id, Nudge.route == owner.direct_route, Nudge.planned_for == morning)
        nudge = self.session.scalar(given.where(*there)) or self._nudge(
            waiting[0], (owner.platform, owner.direct_route), morning, NudgePurpose.GIVEN
        )
        nudge.state = NudgeState.WAITING
        self.session.add(nudge)

    @property
    def mornings(self) -> Mornings:
        return Mornings(self.settings, self.closed)

    def one_a_day(self, deadline: Deadline) -> dict[date, Milestone]:
        """For each day on which to speak of a deadline, the step that matters most of those of that day."""
        kind = kind_of(self.rules, deadline)
        chosen: dict[date, Milestone] = {}
        for milestone in sorted(deadline.milestones, key=lambda step: _weight(kind, step), reverse=True):
            chosen |= dict.fromkeys(self._wanted(deadline, kind, milestone), milestone)
        return chosen

    def _nudge(self, milestone: Milestone, place: Place, day: date, purpose: NudgePurpose = NudgePurpose.STEP) -> Nudge:
        return Nudge(**self.row(milestone.id, place, day, self.mornings.at(day), purpose))

    def row(
        self, milestone_id: int, place: Place, day: date, due_at: datetime, purpose: NudgePurpose
    ) -> dict[str, Any]:
        platform, route = place
        return {
            "organisation_id": self.settings.organisation_id,
            "milestone_id": milestone_id,
            "purpose": purpose,
            "platform": platform,
            "route": route,
            "planned_for": day,
            "due_at": due_at,
            "state": NudgeState.WAITING,
        }

    def alone(self) -> Alone:
        """Who asked to be nudged by themselves, too, and where: in a chat, and by e-mail."""
        ours = KnownPerson.organisation_id == self.settings.organisation_id
        asking = self.session.scalars(select(KnownPerson).where(ours, KnownPerson.nudged_directly))
        proved = select(KnownPerson, Mailbox.address).join(Mailbox, Mailbox.person_id == KnownPerson.id)
        proved = proved.where(ours, Mailbox.confirmed_at.is_not(None), ~Mailbox.for_team)
        return (
            [(owned_by(person), (person.platform, person.direct_route)) for person in asking],
            [(owned_by(row[0]), ("email", row[1])) for row in self.session.execute(proved)],
        )

    def places(self, deadline: Deadline, alone: Alone) -> list[Place]:
        """Where its nudges go: the team's place, and its owner alone where they asked for it."""
        places = []
        kept = self.settings
        if kept.platform and not kept.stopped and kept.lost_because != REMOVED:
            places.append((kept.platform, kept.route))
        for asking in alone:
            theirs = [place for owns, place in asking if owns(deadline)]
            # Two people of one name cannot be told apart, and a nudge must not go to the wrong one.
            places += theirs if len(theirs) == 1 else []
        return places

    def _wanted(self, deadline: Deadline, kind: Kind, milestone: Milestone) -> set[date]:
        """The days on which to nudge; what a snooze holds back comes once, on the day it ends."""
        if deadline.state is not DeadlineState.OPEN or milestone.state is not StepState.OPEN:
            return set()
        days = {day for day in self._days(deadline, kind, milestone) if self._is_ahead(day)}
        until = deadline.snoozed_until
        if until is None:
            return days
        held = {day for day in days if day < until}
        return days - held | ({until} if held and self._is_ahead(until) else set())

    def _days(self, deadline: Deadline, kind: Kind, milestone: Milestone) -> set[date]:
        """Advice is never overdue, nor what comes by itself, so nobody is nudged once its day is past."""
        rule, due_on = rule_of(kind, milestone), milestone.due_on
        never_late = rule is not None and (not rule.binds or rule.happens)
        if deadline.leads:
            asked = self.mornings.as_asked(due_on, [read_lead(lead) for lead in deadline.leads.split(",")])
            late = {working_day_after(due_on, self.closed)}
            return {day for day in asked if day <= due_on} if never_late else asked | late
        days = self.mornings.before(due_on, self.rules.leads if rule is None else rule.leads)
        return days if never_late else {*days, self.mornings.overdue(due_on)}

    def _is_ahead(self, day: date) -> bool:
        return self.mornings.at(day) > self.now


def _weight(kind: Kind, step: Milestone) -> tuple[int, date, int]:
    """How much a step matters among those of one day, the least first: what binds, then what one act meets with it."""
    rule = rule_of(kind, step)
    rank = 0 if rule is None or rule.binds else 1 if rule.best_practice_of else 2
    return rank, step.due_on, step.id


def owned_by(person: KnownPerson) -> _Owns:
    """Whether a deadline is this person's: by who they are, or by name where its owner was only ever named, and nobody
    else on their platform is called so."""
    has_name_alone = cache(lambda: is_called_alone(person))

    def owns(deadline: Deadline) -> bool:
        if deadline.owner_id is not None:
            return deadline.owner_id == person.id
        if deadline.organisation_id != person.organisation_id:
            return False
        return bool(person.name) and bare(deadline.owner) == bare(person.name) and has_name_alone()

    return owns


def is_told(settings: OrganisationSettings, owner: KnownPerson) -> bool:
    """Whether somebody can hear, and may, that something is theirs now."""
    return bool(owner.direct_route) and not settings.stopped
