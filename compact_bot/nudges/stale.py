"""Which messages in chats a change has made out of date, so that their doors can draw them again."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Engine, Select, select, tuple_
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Reply, SentNudge
from compact_bot.dates import spoken
from compact_bot.deadlines.steps import binds, kind_of, open_steps
from compact_bot.nudges.queue import AboutStep, OpenStep, team_of
from compact_bot.nudges.words import still_due
from compact_bot.partnership.names import doer_said, named_elsewhere, read_for
from compact_bot.pressing import with_values
from compact_bot.store.scope import shared
from compact_bot.store.tables import (
    Deadline,
    DeadlineState,
    Milestone,
    Nudge,
    NudgeState,
    Organisation,
    StepState,
)
from compact_bot.turn import Turn

_STALE = "stale nudges"


def settle(session: Session, milestones: Iterable[Milestone]) -> None:
    """Remember, until this transaction ends, whose nudges a change makes out of date."""
    session.info.setdefault(_STALE, set()).update(milestone.id for milestone in milestones)


def stale_nudges(turn: Turn) -> tuple[SentNudge, ...]:
    """The messages that spoke of what was settled, with what else they say; what was settled is named once only."""
    settled = turn.session.info.get(_STALE)
    if not settled:
        return ()
    ours = shared(Nudge.organisation_id, turn.organisation.id)
    sent = select(Nudge).where(ours, Nudge.state == NudgeState.SENT, Nudge.message_ref != "")
    over = _over(turn, sent, settled)
    messages = sorted({(nudge.platform, nudge.route, nudge.message_ref) for nudge in over})
    place = tuple_(Nudge.platform, Nudge.route, Nudge.message_ref)
    others = turn.session.scalars(sent.where(place.in_(messages), ~Nudge.id.in_([n.id for n in over]))).all()
    named = []
    for message in messages:
        rest = [nudge for nudge in others if _is_in(nudge, message)]
        left = _left(turn, rest)
        platform, route, reference = message
        whose = next(nudge.organisation_id for nudge in over if _is_in(nudge, message))
        by = named_elsewhere(turn.session, turn.message.sender) if whose != turn.organisation.id else ""
        named.append(SentNudge(Address(platform, route), reference, left, by))
        for nudge in over if left else [*over, *rest]:
            nudge.message_ref = "" if _is_in(nudge, message) else nudge.message_ref
    turn.session.flush()
    return tuple(named)


def _over(turn: Turn, sent: Select[Nudge], settled: set[int]) -> list[Nudge]:
    """What was sent for the steps that are settled, and for later ones that were only named after them."""
    steps = turn.session.scalars(select(Milestone).where(Milestone.id.in_(settled))).all()
    until = {step.deadline_id: step.due_on for step in steps if binds(kind_of(turn.rules, step.deadline), step)}
    found = sent.join(Milestone).where(Milestone.deadline_id.in_([step.deadline_id for step in steps]))
    return [
        nudge
        for nudge in turn.session.scalars(found)
        if (step := nudge.milestone) and (step.id in settled or until.get(step.deadline_id, date.max) < step.due_on)
    ]


def _is_in(nudge: Nudge, message: tuple[str, str, str]) -> bool:
    return (nudge.platform, nudge.route, nudge.message_ref) == message


def _left(turn: Turn, nudges: Sequence[Nudge]) -> Reply | None:
    """The rows of a message that are still to be done, with new buttons; None where there are none."""
    steps = [nudge.milestone for nudge in nudges if nudge.milestone]
    abouts = [_about(step) for step in steps if step.state is StepState.OPEN and _is_open(step.deadline)]
    if not abouts:
        return None
    ours = nudges[0].organisation_id
    team = team_of(turn.session, ours, turn.message.sent_at)
    return with_values(still_due(turn.rules, abouts, team), ours, turn.message.sent_at)


def _is_open(deadline: Deadline) -> bool:
    return deadline.state is DeadlineState.OPEN


def _about(step: Milestone) -> AboutStep:
    deadline = step.deadline
    waiting = tuple(OpenStep(one.name, one.title, one.due_on) for one in open_steps(deadline))
    mine = OpenStep(step.name, step.title, step.due_on)
    return AboutStep(deadline.number, deadline.kind, deadline.title, deadline.owner, step.clause, mine, waiting)


def how_it_ended(engine: Engine, organisation: str, step: str) -> str:
    """What became of a step such as "D1 minimum-notice", and who saw to it; "" while it is open or unknown."""
    code, _, name = step.partition(" ")
    with Session(engine) as session:
        found = session.scalar(
            select(Milestone)
            .join(Deadline)
            .join(Organisation, Organisation.id == Deadline.organisation_id)
            .where(Organisation.name == organisation, Milestone.name == name)
            .where(Deadline.number == int(code[1:] if code[1:].isdigit() else 0))
        )
        if found is None or (found.state is StepState.OPEN and found.deadline.state is DeadlineState.OPEN):
            return ""
        read_for(session, found.deadline.organisation_id)
        who = next((doer_said(change) for change in reversed(found.deadline.changes) if not change.undone), "")
        what = f"Done on {spoken(found.done_on)}" if found.done_on else "No longer needed"
        return f'{who}: {what}: {code}, "{found.deadline.title}", {found.title}.'
