"""Which step of a deadline matters now. What the agreement dates binds; advice and best practice never hide it."""

from datetime import date

from compact_bot.store.tables import Deadline, Milestone, StepState
from knowledge.rules import Kind, MilestoneRule, Rules


def kind_of(rules: Rules, deadline: Deadline) -> Kind:
    """Its kind; the last of the rules, which fits anything, where the rules no longer know it."""
    return rules.under(deadline.edition).kind(deadline.kind) or rules.kinds[-1]


def rule_of(kind: Kind, milestone: Milestone) -> MilestoneRule | None:
    return kind.milestone(milestone.name)


def is_binding(kind: Kind, name: str) -> bool:
    """Whether the step of this name binds; one that the rules no longer know is not taken lightly."""
    rule = kind.milestone(name)
    return rule is None or rule.binds


def binds(kind: Kind, milestone: Milestone) -> bool:
    return is_binding(kind, milestone.name)


def open_steps(deadline: Deadline) -> list[Milestone]:
    return sorted((m for m in deadline.milestones if m.state is StepState.OPEN), key=lambda m: (m.due_on, m.id or 0))


def is_folded(deadline: Deadline, kind: Kind, milestone: Milestone, today: date) -> bool:
    """Whether an open step no longer matters: only advised, its day past, and a later step was met."""
    return (
        milestone.state is StepState.OPEN
        and not binds(kind, milestone)
        and milestone.due_on < today
        and any(m.state is StepState.DONE and m.due_on > milestone.due_on for m in deadline.milestones)
    )


def comes_by_itself(kind: Kind, name: str) -> bool:
    """Whether the day of this step comes without anybody's doing: funding ends, a consultation closes."""
    rule = kind.milestone(name)
    return rule is not None and rule.happens


def headline(deadline: Deadline, kind: Kind, today: date) -> Milestone | None:
    """The first open step that binds; where none is left, the next that is advised."""
    waiting = [m for m in open_steps(deadline) if not is_folded(deadline, kind, m, today)]
    binding = [m for m in waiting if binds(kind, m) and not (comes_by_itself(kind, m.name) and m.due_on < today)]
    coming = [m for m in waiting if m.due_on >= today]
    return next(iter(binding or coming or waiting), None)


def is_overdue(deadline: Deadline, kind: Kind, today: date) -> bool:
    """Only what binds can be overdue, and nothing once the whole is over."""
    first = headline(deadline, kind, today)
    late = first is not None and is_late(kind, first.name, first.due_on, today)
    return late and ended_on(deadline, kind, today) is None


def is_late(kind: Kind, name: str, due_on: date, today: date) -> bool:
    return due_on < today and is_binding(kind, name) and not comes_by_itself(kind, name)


def ended_on(deadline: Deadline, kind: Kind, today: date) -> date | None:
    """The day on which something ended by itself, once all its days are past; None before, and where nothing ends."""
    ends = [m.due_on for m in deadline.milestones if comes_by_itself(kind, m.name)]
    return max(ends) if ends and all(m.due_on < today for m in deadline.milestones) else None


def next_binding(deadline: Deadline, kind: Kind, today: date) -> Milestone | None:
    """The first open step that binds and is not past."""
    return next((m for m in open_steps(deadline) if binds(kind, m) and m.due_on >= today), None)


def is_finished(deadline: Deadline, kind: Kind, today: date) -> bool:
    return all(is_folded(deadline, kind, m, today) for m in open_steps(deadline))


def act_of(kind: Kind, rule: MilestoneRule) -> set[str]:
    """The names of the steps that one act meets: notice serves its best-practice and its minimum date."""
    least = rule.best_practice_of or rule.name
    return {least, *(other.name for other in kind.milestones if other.best_practice_of == least)}
