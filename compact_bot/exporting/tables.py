"""What an export holds: deadlines, which `import` reads again, their steps, and feedback without who logged it."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from compact_bot.deadlines.steps import headline, kind_of
from compact_bot.deadlines.tracking import anchors_of
from compact_bot.importing.columns import DATES, Role
from compact_bot.importing.kinds import asked_of
from compact_bot.partnership.names import feedback_owner_said, is_partners, owner_said
from compact_bot.sheets.writing import Table, Value
from compact_bot.store.scope import shared
from compact_bot.store.tables import Deadline, DeadlineState, Feedback
from knowledge.rules import Rules

_HEADERS = {
    Role.STARTS: "Start date", Role.ENDS: "End date", Role.DUE: "Due date", Role.REPORTS: "Report due",
    Role.DATE: "Date",
}  # fmt: skip
STEPS = ("Number", "Name", "Step", "Clause", "Due", "State", "Done on", "How it was done")
FEEDBACK = ("Number", "Kind", "What", "Clauses", "About", "On behalf of", "Happened on", "Status", "Outcome", "Owner")


def deadlines_of(session: Session, organisation_id: int) -> Sequence[Deadline]:
    wanted = select(Deadline).where(shared(Deadline.organisation_id, organisation_id)).order_by(Deadline.number)
    return session.scalars(wanted.options(selectinload(Deadline.milestones))).all()


def deadline_tables(deadlines: Sequence[Deadline], rules: Rules, today: date) -> list[Table]:
    """A line for each deadline with the dates that were given for it, and a line for each step."""
    dates = [_dates(deadline, rules) for deadline in deadlines]
    most = {role: max((len(found.get(role, ())) for found in dates), default=0) for role in DATES}
    headers = [
        f"{_HEADERS[role]} {place}" if place > 1 else _HEADERS[role]
        for role in DATES
        for place in range(1, most[role] + 1)
    ]
    columns = (
        "Number",
        "Name",
        "Kind",
        "Owner",
        "State",
        *headers,
        "Next step",
        "Next step by",
        "Clause",
        "Rationale",
    )
    rows = [_deadline(deadline, found, most, rules, today) for deadline, found in zip(deadlines, dates, strict=True)]
    return [Table("Deadlines", columns, rows), Table("Steps", STEPS, [row for d in deadlines for row in _steps(d)])]


def _dates(deadline: Deadline, rules: Rules) -> dict[Role, list[date]]:
    """What was given, under the column that `import` reads it from."""
    kind, given = kind_of(rules, deadline), anchors_of(deadline)
    found: dict[Role, list[date]] = {}
    for role in DATES:
        asked = asked_of(kind, role)
        if asked is not None and asked.name in given:
            found[role] = given.pop(asked.name)
    if given:
        found[Role.DATE] = sorted(day for days in given.values() for day in days)
    return found


def _deadline(
    deadline: Deadline, dates: dict[Role, list[date]], most: dict[Role, int], rules: Rules, today: date
) -> list[Value]:
    kind = kind_of(rules, deadline)
    first = headline(deadline, kind, today) if deadline.state is DeadlineState.OPEN else None
    days: list[Value] = []
    for role in DATES:
        held = dates.get(role, [])
        days += [*held, *[None] * (most[role] - len(held))]
    return [
        deadline.code, deadline.title, kind.name, owner_said(deadline), str(deadline.state), *days,
        first.title if first else "", first.due_on if first else None, deadline.clause, deadline.rationale,
    ]  # fmt: skip


def _steps(deadline: Deadline) -> Iterable[list[Value]]:
    for step in deadline.milestones:
        yield [
            deadline.code, deadline.title, step.title, step.clause, step.due_on, str(step.state), step.done_on,
            step.done_note,
        ]  # fmt: skip


def feedback_table(session: Session, organisation_id: int, names: bool) -> Table:
    """By number, which for anonymous ones says nothing of when; with `names` who logged the others."""
    wanted = select(Feedback).where(shared(Feedback.organisation_id, organisation_id)).order_by(Feedback.number)
    rows: list[list[Value]] = []
    for one in session.scalars(wanted):
        clauses = ", ".join(clause.clause for clause in one.clauses)
        row: list[Value] = [
            f"F{one.number}", str(one.kind), one.what, clauses, one.about, one.behalf, one.happened_on, str(one.state),
            one.outcome, feedback_owner_said(one),
        ]  # fmt: skip
        hidden = one.anonymous or is_partners(one)
        rows.append([*row, "" if hidden else one.who] if names else row)
    return Table("Feedback", (*FEEDBACK, "Logged by") if names else FEEDBACK, rows)
