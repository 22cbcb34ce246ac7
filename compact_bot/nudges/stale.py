"""Which nudges in chats a change has made out of date, so that their doors can shrink them to one line."""

from collections.abc import Iterable

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, SentNudge
from compact_bot.dates import spoken
from compact_bot.store.tables import Deadline, DeadlineState, Milestone, Nudge, NudgeState, Organisation, StepState

_STALE = "stale nudges"


def settle(session: Session, milestones: Iterable[Milestone]) -> None:
    """Remember, until this transaction ends, whose nudges a change makes out of date."""
    session.info.setdefault(_STALE, set()).update(milestone.id for milestone in milestones)


def stale_nudges(session: Session) -> tuple[SentNudge, ...]:
    """The nudges that were sent for what was settled; each is named once only."""
    settled = session.info.get(_STALE)
    if not settled:
        return ()
    sent = session.scalars(
        select(Nudge).where(Nudge.milestone_id.in_(settled), Nudge.state == NudgeState.SENT, Nudge.message_ref != "")
    ).all()
    named = tuple(SentNudge(Address(nudge.platform, nudge.route), nudge.message_ref) for nudge in sent)
    for nudge in sent:
        nudge.message_ref = ""
    session.flush()
    return named


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
        who = next((change.who for change in reversed(found.deadline.changes) if not change.undone), "")
        what = f"Done on {spoken(found.done_on)}" if found.done_on else "No longer needed"
        return f'{who}: {what}: {code}, "{found.deadline.title}", {found.title}.'
