"""What is tracked and open, as a message may mean it by its everyday name."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from compact_bot.store.scope import shared
from compact_bot.store.tables import Deadline
from compact_bot.turn import Turn
from compact_bot.understanding.context import Item, Step


def open_items(turn: Turn) -> tuple[Item, ...]:
    """Every open deadline of the organisation and its partners with its open steps."""
    deadlines = turn.session.scalars(
        select(Deadline)
        .where(shared(Deadline.organisation_id, turn.organisation.id), Deadline.state == "open")
        .options(selectinload(Deadline.milestones))
        .order_by(Deadline.number)
    )
    return tuple(map(_item, deadlines))


def _item(deadline: Deadline) -> Item:
    steps = (Step(step.name, step.title, step.due_on) for step in deadline.milestones if step.state == "open")
    days = (date.fromisoformat(day) for given in deadline.anchors.values() for day in given)
    return Item(deadline.number, deadline.kind, deadline.title, deadline.owner, tuple(steps), tuple(days))
