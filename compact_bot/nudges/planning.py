"""Which nudges wait for a deadline: rows with a due time, made anew in the transaction of every change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
    Mailbox,
    Milestone,
    Nudge,
    NudgeState,
    OrganisationSettings,
    StepState,
)
from knowledge.rules import Lead, Rules, read_lead

_Place = tuple[str, str]
_Alone = Sequence[Sequence[tuple[KnownPerson, _Place]]]


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
        places = self._places(deadline, self._alone())
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

    def rows_of_new(self, deadlines: Sequence[Deadline]) -> Iterator[dict[str, Any]]:
        """The waiting nudges of deadlines that have none yet, as rows: thousands at once need no mapped objects."""
        alone = self._alone()
        for deadline in deadlines:
            places = self._places(deadline, alone)
            for milestone in deadline.milestones:
                for day in sorted(self._wanted(deadline, milestone)):
                    yield from (self._row(milestone, place, day) for place in places)

    def _nudge(self, milestone: Milestone, place: _Place, day: date) -> Nudge:
        return Nudge(**self._row(milestone, place, day))

    def _row(self, milestone: Milestone, place: _Place, day: date) -> dict[str, Any]:
        platform, route = place
        return {
            "organisation_id": self.settings.organisation_id,
            "milestone_id": milestone.id,
            "platform": platform,
            "route": route,
            "planned_for": day,
            "due_at": self._due_at(day),
            "state": NudgeState.WAITING,
        }

    def _due_at(self, day: date) -> datetime:
        return due_at(day, self.settings.nudge_at, self.settings.timezone)

    def _alone(self) -> _Alone:
        """Who asked to be nudged by themselves, too, and where: in a chat, and by e-mail."""
        ours = KnownPerson.organisation_id == self.settings.organisation_id
        asking = self.session.scalars(select(KnownPerson).where(ours, KnownPerson.nudged_directly))
        proved = select(KnownPerson, Mailbox.address).join(Mailbox, Mailbox.person_id == KnownPerson.id)
        proved = proved.where(ours, Mailbox.confirmed_at.is_not(None), ~Mailbox.for_team)
        return (
            [(person, (person.platform, person.direct_route)) for person in asking],
            [(row[0], ("email", row[1])) for row in self.session.execute(proved)],
        )

    def _places(self, deadline: Deadline, alone: _Alone) -> list[_Place]:
        """Where its nudges go: the team's place, and its owner alone where they asked for it."""
        places = []
        if self.settings.platform and not self.settings.stopped:
            places.append((self.settings.platform, self.settings.route))
        for asking in alone:
            theirs = [place for person, place in asking if owns(deadline, person)]
            # Two people of one name cannot be told apart, and a nudge must not go to the wrong one.
            places += theirs if len(theirs) == 1 else []
        return places

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
