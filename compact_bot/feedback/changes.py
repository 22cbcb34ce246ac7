"""Following feedback through: its status, who sees to it, what it says; and telling whoever logged it."""

from collections.abc import Callable

from compact_bot.conversation import Reply
from compact_bot.feedback import log, replies
from compact_bot.feedback.finding import LONGEST_WHAT, found, only_its_own
from compact_bot.feedback.forms import outcome_form
from compact_bot.feedback.log import code
from compact_bot.feedback.news import outcome_said
from compact_bot.feedback.personal import personal_details
from compact_bot.feedback.told import tell_owner, tell_reporter
from compact_bot.history import keep_change
from compact_bot.organisation import LONGEST_NAME, actor, only_leads, person_meant
from compact_bot.partnership.names import is_partners
from compact_bot.store.tables import Change, Feedback
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import (
    DeleteFeedback,
    EditFeedback,
    FeedbackState,
    SetFeedbackKind,
    SetFeedbackOwner,
    SetStatus,
)
from compact_bot.understanding.saying import says

_NEEDS_OUTCOME = (FeedbackState.RESOLVED, FeedbackState.NO_ACTION)


def set_status(turn: Turn, act: SetStatus) -> Reply:
    """Resolved and no action say what came of it."""
    feedback = found(turn, act.number)
    only_leads(turn, "change the status of feedback")
    number, state, outcome = code(feedback), act.state, act.outcome.strip()
    if feedback.state == state and outcome in ("", feedback.outcome):
        raise Refused(
            Reply(f"{number} is {state} already. Nothing was changed.", next_step=f"To see it, type {number}.")
        )
    if (state in _NEEDS_OUTCOME and not outcome) or len(outcome) > LONGEST_WHAT:
        long = f" That has {len(outcome):,} characters; the most I keep is {LONGEST_WHAT:,}." if outcome else ""
        example = says(SetStatus(act.number, state, "the invoice was paid on 3 November"))
        raise Refused(
            Reply(
                f"What came of {number}?{long} The outcome is kept with it. Nothing was changed.",
                next_step=f"For example: {example}",
                form=outcome_form(turn, f"{number} {state}"),
            )
        )

    def become() -> None:
        feedback.state = state
        feedback.outcome = outcome or ("" if state is FeedbackState.OPEN else feedback.outcome)

    change = _changed(turn, feedback, f"{state}: {outcome}" if outcome else str(state), become)
    told = tell_reporter(turn, feedback)
    return _said(
        f"{number} is {state} now.{outcome_said(outcome)} {told}".rstrip(),
        feedback,
        change,
    )


def set_owner(turn: Turn, act: SetFeedbackOwner) -> Reply:
    feedback = found(turn, act.number)
    only_leads(turn, "give feedback an owner")
    if is_partners(feedback):
        raise Refused(replies.of_a_partner(feedback))
    owner, person = act.owner.name.strip(), person_meant(turn, act.owner)
    if not owner or len(owner) > LONGEST_NAME:
        raise Refused(
            Reply(
                f"Please give a name of at most {LONGEST_NAME} characters. Nothing was changed.",
                next_step=f"For example: owner {code(feedback)} Amina",
            )
        )

    def become() -> None:
        feedback.owner = owner

    change = _changed(turn, feedback, f"owner: {owner}", become)
    told = tell_owner(turn, feedback, person)
    return _said(f"{owner} sees to {code(feedback)} now. {told}".rstrip(), feedback, change)


def set_kind(turn: Turn, act: SetFeedbackKind) -> Reply:
    feedback = found(turn, act.number)
    only_its_own(turn, feedback, "change what feedback says")
    kind = replies.KINDS_SAID[act.kind]
    if feedback.kind == act.kind:
        raise Refused(
            Reply(f"{code(feedback)} is {kind} already. Nothing was changed.", next_step="Type feedback to see more.")
        )

    def become() -> None:
        feedback.kind = act.kind

    change = _changed(turn, feedback, f"is {kind}", become)
    return _said(f"{code(feedback)} is {kind} now.", feedback, change)


def edit(turn: Turn, act: EditFeedback) -> Reply:
    """What happened, in other words; the words of before stay in its history."""
    feedback = found(turn, act.number)
    only_its_own(turn, feedback, "change what feedback says")
    what = act.what.strip()
    if not what or len(what) > LONGEST_WHAT:
        long = f" That has {len(what):,} characters; the most I keep is {LONGEST_WHAT:,}." if what else ""
        raise Refused(
            Reply(
                f"What happened?{long} Nothing was changed.",
                next_step=f"For example: edit {code(feedback)}: paid four weeks late, not five",
            )
        )
    details = personal_details(what)
    if details and not act.as_written:
        return replies.personal_data_in_edit(act, details)
    if what == feedback.what:
        raise Refused(Reply(f"{code(feedback)} says that already. Nothing was changed.", next_step="Type feedback."))
    old = feedback.what

    def become() -> None:
        feedback.what = what

    change = _changed(turn, feedback, f'reworded, from "{old}"', become)
    return _said(f'{code(feedback)} says now: "{what}".', feedback, change)


def delete(turn: Turn, act: DeleteFeedback) -> Reply:
    """Shown first, since nothing brings it back."""
    feedback = found(turn, act.number)
    only_its_own(turn, feedback, "delete feedback")
    if not act.sure:
        return replies.delete_or_not(feedback)
    number = code(feedback)
    log.delete(turn.session, feedback, actor(turn))
    return Reply(
        f"{number} is deleted, with everything in it.",
        note="I keep that there was such an entry, who deleted it and when, and nothing of what it said.",
        next_step="To see the rest, type feedback.",
        private=True,
    )


# ---- what every change does -----------------------------------------------------------------------------------------


def _changed(turn: Turn, feedback: Feedback, what: str, become: Callable[[], None]) -> Change:
    """The change, kept with how it was before."""
    before = {name: getattr(feedback, name) for name in ("state", "outcome", "owner", "kind", "what")}
    become()
    return keep_change(turn.session, turn.organisation.id, actor(turn), feedback, what, before)


def _said(text: str, feedback: Feedback, change: Change) -> Reply:
    return Reply(
        text,
        typed=f"To take this back within 10 minutes, type undo. To see it, type {code(feedback)}.",
        buttons=replies.show_and_undo(feedback, change),
    )
