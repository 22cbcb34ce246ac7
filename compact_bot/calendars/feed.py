"""The events of an organisation or of one person: each open step a day, what is done or dropped cancelled."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from compact_bot.calendars.ics import Event, calendar_file
from compact_bot.dates import spoken
from compact_bot.deadlines.steps import is_binding, kind_of
from compact_bot.nudges.planning import owned_by
from compact_bot.partnership.names import owner_said, read_for
from compact_bot.store.scope import members, shared
from compact_bot.store.tables import (
    Change,
    Deadline,
    DeadlineState,
    KnownPerson,
    Milestone,
    Organisation,
    StepState,
)
from knowledge.agreement import Agreement
from knowledge.rules import Rules

CANCELLED_FOR = timedelta(days=30)  # as long, whoever looks seldom still hears that something is over
SHOWN_BACK = timedelta(days=366)
LONGEST_QUOTE = 300
_Step = Row[*tuple[Any, ...]]
Address = Callable[[int], str]
"""The page of the deadline with this number; "" where nobody reaches it."""


@dataclass(frozen=True)
class Calendar:
    """`version` is the same as long as nothing in it has changed; `changed_at` is when that was."""

    version: str
    changed_at: datetime


@dataclass(frozen=True)
class Source:
    session: Session
    organisation: Organisation
    person: KnownPerson | None
    agreement: Agreement
    rules: Rules
    page_of: Address
    now: datetime
    today: date

    def _is_ours(self, table: type[Deadline] | type[Change]) -> ColumnElement[bool]:
        """Partners' too, as everywhere that deadlines are shown."""
        return shared(table.organisation_id, self.organisation.id)

    def calendar(self) -> Calendar:
        """What tells whether it must be read again: cheap, since most who ask have it already."""
        last, at = self.session.execute(
            select(func.max(Change.id), func.max(Change.at)).where(self._is_ours(Change))
        ).one()
        who = f"{self.person.id} {self.person.name}" if self.person else ""
        ours = sorted(self.session.scalars(members(self.organisation.id)))
        said = f"1 {self.organisation.id} {ours} {who} {last} {self.today} {self.page_of(0)} {self.agreement.name}"
        return Calendar(hashlib.sha256(said.encode()).hexdigest()[:32], at or self.now)

    def file(self) -> bytes:
        name = self.agreement.about.short
        whose = f"{name}: {self.person.called or self.person.name.lstrip('@')}" if self.person else f"{name}: everyone"
        return calendar_file(whose, f"What the {self.agreement.about.title} asks for, and when.", self._events())

    def file_of(self, deadlines: Sequence[Deadline]) -> bytes:
        """Some deadlines, to be added by hand; only what is still open."""
        events = (event for event in self._events([one.id for one in deadlines]) if not event.cancelled)
        return calendar_file(", ".join(one.code for one in deadlines), self.agreement.about.title, events)

    def _events(self, only: Sequence[int] = ()) -> Iterator[Event]:
        read_for(self.session, self.organisation.id, plainly=True)
        lately = select(Change.deadline_id).where(self._is_ours(Change), Change.at >= self.now - CANCELLED_FOR)
        wanted = select(Deadline).where(
            self._is_ours(Deadline),
            or_(Deadline.state == DeadlineState.OPEN, Deadline.id.in_(lately)),
        )
        if only:
            wanted = wanted.where(Deadline.id.in_(only))
        is_for_all = self.person is None or bool(only)
        owns = owned_by(self.person) if self.person else None
        deadlines = {one.id: one for one in self.session.scalars(wanted) if is_for_all or (owns and owns(one))}
        changes = self._changes()
        for step in self._steps():
            if (deadline := deadlines.get(step.deadline_id)) is not None:
                yield self._event(deadline, step, *changes[deadline.id])

    def _steps(self) -> Sequence[_Step]:
        return self.session.execute(
            select(
                Milestone.id, Milestone.deadline_id, Milestone.name, Milestone.title, Milestone.clause,
                Milestone.due_on, Milestone.state, Milestone.done_on,
            )
            .join(Deadline, Deadline.id == Milestone.deadline_id)
            .where(
                self._is_ours(Deadline),
                Milestone.state != StepState.PASSED,
                Milestone.due_on >= self.today - SHOWN_BACK,
            )
            .order_by(Milestone.due_on, Milestone.id)
        ).all()  # fmt: skip

    def _changes(self) -> dict[int, tuple[int, datetime]]:
        """How often each deadline was changed, and when last; closed days count for all, which may move days."""
        rows = self.session.execute(
            select(Change.deadline_id, func.count(), func.max(Change.at))
            .where(self._is_ours(Change), Change.feedback_id.is_(None))
            .group_by(Change.deadline_id)
        ).all()
        of_all = next((count for deadline_id, count, _ in rows if deadline_id is None), 0)
        return {deadline_id: (count - 1 + of_all, at) for deadline_id, count, at in rows if deadline_id is not None}

    def _event(self, deadline: Deadline, step: _Step, sequence: int, changed_at: datetime) -> Event:
        over = _over(deadline, step)
        title = f"{deadline.title}: {step.title} ({deadline.code})"
        return Event(
            uid=f"step-{step.id}-{hashlib.sha256(self.organisation.name.encode()).hexdigest()[:16]}@compact-bot",
            day=step.due_on,
            title=f"{over}: {title}" if over else title,
            description=self._description(deadline, step, over),
            url=self.page_of(deadline.number),
            sequence=sequence,
            changed_at=changed_at,
            cancelled=bool(over),
        )

    def _description(self, deadline: Deadline, step: _Step, over: str) -> str:
        clause, page = self.agreement.under(deadline.edition).clause(step.clause), self.page_of(deadline.number)
        advice = "" if is_binding(kind_of(self.rules, deadline), step.name) else "This is advice; no date is printed."
        said = [
            f"{over} on {spoken(step.done_on)}." if over and step.done_on else f"{over}." if over else "",
            advice if not over else "",
            f"Clause {step.clause}: “{_short(clause.text)}”" if clause else "",
            f"Owner: {owner}." if (owner := owner_said(deadline)) else "",
            f"When it is done, tell Compact Bot: done {deadline.code} {step.name}" if not over else "",
            page,
        ]
        return "\n".join(filter(None, said))


def _over(deadline: Deadline, step: _Step) -> str:
    """Why nobody waits for a step any more; "" while somebody does."""
    if step.state == StepState.OPEN and deadline.state is DeadlineState.OPEN:
        return ""
    if deadline.state is DeadlineState.DROPPED:
        return "Dropped"
    return "Missed" if step.state == StepState.MISSED else "Done"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[: text.rfind(' ', 0, LONGEST_QUOTE)]} …"
