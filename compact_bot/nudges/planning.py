"""Which nudges wait for a deadline: rows with a due time, made anew in the transaction of every change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.closed_days import ClosedDays
from compact_bot.deadlines.planning import due_at, nudge_days
from compact_bot.deadlines.steps import kind_of, rule_of
from compact_bot.organisation import bare
from compact_bot.store.tables import (
    Deadline,
    DeadlineState,
    KnownPerson,
    Milestone,
    Nudge,
    NudgeState,
    OrganisationSettings,
    StepState,
)
from knowledge.rules import Lead, Rules, read_lead

REMOVED = "I was removed from there"  # the whole workspace: nobody can be reached, and nothing is planned, until then
REMOVED_FROM_PLACE = "I was removed from that place"  # its nudges go to people meanwhile
_Place = tuple[str, str]


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
        places = self._places(deadline)
        for milestone in deadline.milestones:
            days = self._wanted(deadline, milestone)
            wanted = {(place, day) for place in places for day in days}
            for nudge in self.session.scalars(select(Nudge).where(Nudge.milestone_id == milestone.id)).all():
                key = ((nudge.platform, nudge.route), nudge.planned_for)
                if nudge.state in (NudgeState.WAITING, NudgeState.SENDING) and key not in wanted:
                    nudge.state = NudgeState.CANCELLED
                elif nudge.state is NudgeState.CANCELLED and key in wanted:
                    nudge.state, nudge.attempts, nudge.due_at = NudgeState.WAITING, 0, self._due_at(nudge.planned_for)
                wanted.discard(key)
            self.session.add_all(self._nudge(milestone, place, day) for place, day in sorted(wanted))

    def _nudge(self, milestone: Milestone, place: _Place, day: date) -> Nudge:
        platform, route = place
        return Nudge(
            organisation_id=self.settings.organisation_id,
            milestone_id=milestone.id,
            platform=platform,
            route=route,
            planned_for=day,
            due_at=self._due_at(day),
            state=NudgeState.WAITING,
        )

    def _due_at(self, day: date) -> datetime:
        return due_at(day, self.settings.nudge_at, self.settings.timezone)

    def _places(self, deadline: Deadline) -> list[_Place]:
        """Where its nudges go: the team's place, and its owner alone where they asked for it."""
        team = self.settings.platform and not self.settings.stopped and self.settings.lost_because != REMOVED
        asking = self.session.scalars(
            select(KnownPerson).where(
                KnownPerson.organisation_id == self.settings.organisation_id, KnownPerson.nudged_directly
            )
        ).all()
        alone = [(p.platform, p.direct_route) for p in asking if owns(deadline, p)]
        # Two people of one name cannot be told apart, and a nudge must not go to the wrong one.
        return [(self.settings.platform, self.settings.route)] * bool(team) + (alone if len(alone) == 1 else [])

    def _wanted(self, deadline: Deadline, milestone: Milestone) -> set[date]:
        """The days on which to nudge; what a snooze holds back comes once, on the day it ends."""
        if deadline.state is not DeadlineState.OPEN or milestone.state is not StepState.OPEN:
            return set()
        kind = kind_of(self.rules, deadline)
        rule = rule_of(kind, milestone)
        days = nudge_days(milestone.due_on, leads_of(self.rules, deadline, milestone), self.closed)
        # Advice is never overdue, so nobody is nudged once its day is past.
        wanted = {
            day for day, lead in days.items() if (lead or rule is None or rule.binds) and self._due_at(day) > self.now
        }
        until = deadline.snoozed_until
        if until is None:
            return wanted
        held = {day for day in wanted if day < until}
        return wanted - held | ({until} if held and self._due_at(until) > self.now else set())


def owns(deadline: Deadline, person: KnownPerson) -> bool:
    """Whether a deadline is this person's: by who they are, or by name where its owner was only ever named."""
    if deadline.owner_id is not None:
        return deadline.owner_id == person.id
    return bool(person.name) and bare(deadline.owner) == bare(person.name)


def leads_of(rules: Rules, deadline: Deadline, milestone: Milestone) -> Sequence[Lead]:
    """The deadline's own lead times where it has some, else those of its rule."""
    if deadline.leads:
        return [read_lead(lead) for lead in deadline.leads.split(",")]
    rule = rule_of(kind_of(rules, deadline), milestone)
    return rules.leads if rule is None else rule.leads
