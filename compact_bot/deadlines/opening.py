"""Showing a form: what it asks, for those who see it drawn, and what to type, for those who would rather."""

from collections.abc import Callable, Mapping

from compact_bot.conversation import Button, Reply
from compact_bot.deadlines.finding import the_only, tracker
from compact_bot.deadlines.forms import done_form, drop_form, edit_form, move_form, number_of, owner_form
from compact_bot.deadlines.track import what_to_track
from compact_bot.store.tables import DeadlineState
from compact_bot.turn import Turn
from compact_bot.understanding.acts import OpenForm

MOST_CHOICES = 5


def _move(turn: Turn, subject: str) -> Reply:
    deadline = the_only(turn, number_of(subject))
    return Reply(
        f'To which date? Nothing was changed. {deadline.code} is "{deadline.title}".',
        next_step=f"For example: move {deadline.code} 30 April 2027",
        form=move_form(turn, subject),
    )


def _done(turn: Turn, subject: str) -> Reply:
    deadline = the_only(turn, number_of(subject))
    step = subject.partition(" ")[2]
    title = next((m.title for m in deadline.milestones if m.name == step), "")
    said = f": {title[0].lower()}{title[1:]}" if title else ""
    return Reply(
        f'{deadline.code}, "{deadline.title}"{said}. When was it done, and how? Nothing was changed.',
        next_step=f"For example: done {subject} on 24 November 2026: by letter",
        form=done_form(turn, subject),
    )


def _drop(turn: Turn, subject: str) -> Reply:
    deadline = the_only(turn, number_of(subject))
    return Reply(
        f"Why is {deadline.code} not needed? A reason is kept with it. Nothing was changed.",
        next_step=f"For example: drop {deadline.code} because the project ended early",
        form=drop_form(turn, subject),
    )


def _owner(turn: Turn, subject: str) -> Reply:
    deadline = the_only(turn, number_of(subject))
    return Reply(
        f"Who sees to {deadline.code}? Nothing was changed.",
        next_step=f"For example: owner {deadline.code} Ben Okoro",
        form=owner_form(turn, subject),
    )


def _edit(turn: Turn, subject: str) -> Reply:
    if not subject:
        return _edit_which(turn)
    deadline = the_only(turn, number_of(subject))
    number = deadline.code
    return Reply(
        f'What of {number}, "{deadline.title}", changes? Nothing was changed.',
        next_step=f"For example: rename {number} Youth clubs, owner {number} Ben Okoro, nudge {number} 1 month before",
        form=edit_form(turn, subject),
    )


def _edit_which(turn: Turn) -> Reply:
    """What changes was said of nothing in particular."""
    items = [item for item in tracker(turn).all_open() if item.state is DeadlineState.OPEN][:MOST_CHOICES]
    if not items:
        return Reply(
            "No deadline is open here, so there is nothing to change.", next_step="To see all, type deadlines."
        )
    return Reply(
        "Which deadline do you want to change, and how? Nothing was changed.",
        next_step=f"Press one, or say it in full, such as: rename {items[0].code} Youth clubs",
        buttons=tuple(Button(f"{one.code}, {one.title}"[:70], OpenForm("edit", one.code)) for one in items),
    )


OPENERS: Mapping[str, Callable[[Turn, str], Reply]] = {
    "track": what_to_track,
    "move": _move,
    "done": _done,
    "drop": _drop,
    "owner": _owner,
    "edit": _edit,
}
