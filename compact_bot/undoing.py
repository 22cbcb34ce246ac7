"""Taking back a change, of whichever room it was."""

from collections.abc import Sequence

from compact_bot.conversation import Button, Reply
from compact_bot.deadlines.finding import tracker
from compact_bot.feedback.log import take_back as take_back_feedback
from compact_bot.feedback.replies import cannot_be_undone
from compact_bot.feedback.told import untell
from compact_bot.history import takeable
from compact_bot.importing.handlers import importer
from compact_bot.importing.replies import taken_back
from compact_bot.organisation import actor
from compact_bot.store.tables import Change, Deadline, Feedback
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Show, Undo


def undo(turn: Turn, act: Undo) -> Reply:
    """Exactly the change with its id, or with 0 the person's last one; and what was changed together with it."""
    lists = importer(turn)
    if (imported := lists.undoable(act.change)) is not None:
        return taken_back(lists.take_back(imported), imported.file)
    changes = takeable(turn.session, turn.organisation.id, actor(turn), act.change)
    if not act.change and turn.nameless_at and (not changes or changes[-1].at <= turn.nameless_at):
        raise Refused(cannot_be_undone())  # what they logged anonymously is the last thing that they did
    if not changes:
        raise Refused(_nothing(act))
    said, numbers = [], []
    for change in reversed(changes):
        if change.feedback_id is not None:
            feedback = turn.session.get_one(Feedback, change.feedback_id)
            owner = feedback.owner
            said.append(take_back_feedback(turn.session, change, actor(turn)))
            if change.before is not None:
                untell(turn, feedback, change, owner)
            continue
        of = turn.session.get(Deadline, change.deadline_id) if change.deadline_id is not None else None
        deadline, what = tracker(turn, [of] if of else ()).take_back(change)
        said.append(f"{deadline.code}: {what}" if deadline else what)
        numbers += [deadline.number] if deadline else []
    return Reply(
        f"Taken back, {'; '.join(said)}.",
        next_step=_look_at(changes, tuple(sorted(numbers))),
        buttons=(Button(f"Show D{numbers[0]}", Show((numbers[0],))),) if len(numbers) == 1 else (),
    )


def what_stands(turn: Turn) -> Reply | None:
    """To a yes or a no where nothing waits: the person's last change, which stands. None where there is none lately."""
    changes = takeable(turn.session, turn.organisation.id, actor(turn))
    if not changes or (turn.nameless_at and changes[-1].at <= turn.nameless_at):
        return None
    last = changes[-1]
    deadline = turn.session.get(Deadline, last.deadline_id) if last.deadline_id else None
    feedback = turn.session.get(Feedback, last.feedback_id) if last.feedback_id else None
    code = f"{deadline.code}: " if deadline else f"F{feedback.number}: " if feedback else ""
    return Reply(
        f"Nothing waits here. What you saved before stands, {code}{last.what}. Nothing more was changed.",
        next_step="To take it back, type undo.",
        buttons=(Button("Undo", Undo(last.id)),),
    )


def _nothing(act: Undo) -> Reply:
    if act.change:
        return Reply(
            "That can no longer be taken back here: only your own change can, within 10 minutes, and while nobody has "
            "changed the same thing since. Nothing was changed.",
            next_step="Type deadlines or feedback to see what there is.",
        )
    return Reply(
        "There is nothing of yours from the last 10 minutes to take back. Nothing was changed.",
        next_step="What is logged anonymously cannot be taken back. Type deadlines to see those there are.",
    )


def _look_at(changes: Sequence[Change], numbers: tuple[int, ...]) -> str:
    if numbers:
        return f"To see it, type D{numbers[0]}." if len(numbers) == 1 else "To see them, type deadlines."
    return "To see the rest, type feedback." if changes[0].feedback_id else "To see them, type: closed"
