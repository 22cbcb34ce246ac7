"""The nudges of thousands of new deadlines, as rows: what follows from the same kind and dates is planned once."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from compact_bot.nudges.planning import NudgePlanner, Place, is_told
from compact_bot.store.tables import Deadline, DeadlineState, KnownPerson, Milestone, NudgePurpose, StepState
from knowledge.rules import Kind

Shape: TypeAlias = tuple[Kind, tuple[tuple[str, date, StepState], ...]]
"""A kind, and the name, day and state of each milestone, in order of their days."""


class PlannedAtOnce:
    """`is_actor` tells whether somebody is who brought them, and so knows that they are theirs."""

    def __init__(self, planner: NudgePlanner, is_actor: Callable[[KnownPerson], bool]) -> None:
        self._planner = planner
        self._is_actor = is_actor
        self._alone = planner.alone()
        self._by_shape: dict[object, list[tuple[str, date, datetime]]] = {}
        self._by_owner: dict[tuple[str, int | None], list[Place]] = {}
        self._at = cache(planner.mornings.at)
        self._coming = planner.mornings.coming(planner.now)

    def rows(
        self,
        owner: str,
        person: KnownPerson | None,
        shape: Shape,
        deadline_id: int,
        steps: Mapping[tuple[int, str], int],
    ) -> Iterator[dict[str, Any]]:
        """`steps` has the ids of milestones by their deadline and name."""
        row = self._planner.row
        for name, day, due_at in self._days(shape):
            for place in self._places(owner, person):
                yield row(steps[deadline_id, name], place, day, due_at, NudgePurpose.STEP)
        first = next((name for name, _, state in shape[1] if state is StepState.OPEN), None)
        if first and person and not self._is_actor(person) and is_told(self._planner.settings, person):
            place, day = (person.platform, person.direct_route), self._coming
            yield row(steps[deadline_id, first], place, day, self._at(day), NudgePurpose.GIVEN)

    def _days(self, shape: Shape) -> list[tuple[str, date, datetime]]:
        kind, steps = shape
        key = kind.name, steps
        if key not in self._by_shape:
            deadline = Deadline(kind=kind.name, state=DeadlineState.OPEN, leads="", edition=self._planner.rules.name)
            deadline.milestones = [
                Milestone(id=place, name=name, due_on=day, state=state)
                for place, (name, day, state) in enumerate(steps)
            ]
            chosen = self._planner.one_a_day(deadline)
            self._by_shape[key] = [(step.name, day, self._at(day)) for day, step in chosen.items()]
        return self._by_shape[key]

    def _places(self, owner: str, person: KnownPerson | None) -> list[Place]:
        key = owner, person.id if person else None
        if key not in self._by_owner:
            self._by_owner[key] = self._planner.places(Deadline(owner=owner, owner_id=key[1]), self._alone)
        return self._by_owner[key]
