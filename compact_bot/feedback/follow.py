"""Following feedback through: who sees to it, what became of it, and telling its reporter. Only leads change status."""

import re

from sqlalchemy import select

from compact_bot.conversation import Button, Field, FieldKind, Filled, Form, Reply
from compact_bot.deadlines import changes
from compact_bot.deadlines.at_hand import actor, tracker
from compact_bot.feedback import replies
from compact_bot.feedback.at_hand import ID, LONGEST_WHAT, found_feedback, is_reporter, today
from compact_bot.feedback.log import code, feedback_numbered, keep_change, last_change, take_back
from compact_bot.feedback.news import outcome_said
from compact_bot.feedback.roles import only_leads
from compact_bot.forms import FormKind
from compact_bot.store.tables import Feedback, KnownPerson, Nudge
from compact_bot.turn import Turn

STATES = {
    "open": "open", "reopen": "open", "reopened": "open",
    "acknowledge": "acknowledged", "acknowledged": "acknowledged",
    "resolve": "resolved", "resolved": "resolved",
    "no action": "no action", "no action on": "no action",
}  # fmt: skip
_STATE = r"(?P<state>reopen(?:ed)?|open|acknowledged?|resolved?|no action(?: on)?)"
STATUS = (
    rf"(?:mark |status )?(?:{_STATE} {ID}|{ID.replace('id', 'id2')}(?: is)? {_STATE.replace('state', 'state2')})"
    r"\b[ :,]*(?P<rest>.*)"
)
_NEEDS_OUTCOME = ("resolved", "no action")


def set_status(turn: Turn, found: re.Match[str]) -> Reply:
    """ "resolve F7 because the invoice was paid": resolved and no action say what came of it."""
    feedback = feedback_numbered(turn.session, turn.organisation, int(found["id"] or found["id2"]))
    if feedback is None:
        return replies.unknown(found["id"] or found["id2"])
    if refused := only_leads(turn, "change the status of feedback"):
        return refused
    state = STATES[(found["state"] or found["state2"]).casefold()]
    outcome = re.sub(r"^(?:because|as|since|with|that)\b[: ]*", "", found["rest"].strip(), flags=re.IGNORECASE)
    number = code(feedback)
    if feedback.state == state and outcome in ("", feedback.outcome):
        return Reply(f"{number} is {state} already. Nothing was changed.", next_step=f"To see it, type {number}.")
    if (state in _NEEDS_OUTCOME and not outcome) or len(outcome) > LONGEST_WHAT:
        return Reply(
            f"What came of {number}? The outcome is kept with it. Nothing was changed.",
            next_step=f"For example: {_word(state)} {number} because the invoice was paid on 3 November",
            form=outcome_form(turn, f"{number} {state}"),
        )
    before = _snapshot(feedback)
    feedback.state, feedback.outcome = state, outcome or ("" if state == "open" else feedback.outcome)
    said = f"{state}: {outcome}" if outcome else state
    keep_change(turn.session, feedback, actor(turn), said, before)
    told = _tell_reporter(turn, feedback)
    return Reply(
        f"{number} is {state} now.{outcome_said(outcome)} {told}".rstrip(),
        next_step=f"To take this back within 10 minutes, type undo. To see it, type {number}.",
        buttons=(Button(f"Show {number}", number), Button("Undo", "undo")),
    )


def _word(state: str) -> str:
    return "resolve" if state == "resolved" else state


def _snapshot(feedback: Feedback) -> dict[str, object]:
    return {name: getattr(feedback, name) for name in ("state", "outcome", "owner", "kind")}


def _tell_reporter(turn: Turn, feedback: Feedback) -> str:
    """Plan the news for whoever logged it, to them alone where that can be; the latest replaces what still waits."""
    if feedback.anonymous:
        return "It is anonymous, so I can tell nobody; its reporter can look it up."
    if is_reporter(turn, feedback):
        return ""
    waiting = select(Nudge).where(Nudge.feedback_id == feedback.id, Nudge.state == "waiting")
    for nudge in turn.session.scalars(waiting):
        nudge.state = "cancelled"
    direct = turn.session.scalar(
        select(KnownPerson.direct_route).where(
            KnownPerson.organisation_id == turn.organisation.id,
            KnownPerson.platform == feedback.platform,
            KnownPerson.person_id == feedback.person_id,
        )
    )
    turn.session.add(
        Nudge(
            organisation_id=turn.organisation.id,
            feedback_id=feedback.id,
            platform=feedback.platform,
            route=direct or feedback.route,
            planned_for=today(turn),
            due_at=turn.message.sent_at,
            state="waiting",
        )
    )
    return "I will tell its reporter."


def set_owner(turn: Turn, found: re.Match[str]) -> Reply:
    feedback = found_feedback(turn, found)
    if isinstance(feedback, Reply):
        return feedback
    if refused := only_leads(turn, "give feedback an owner"):
        return refused
    name = found["name"].strip()[:100]
    owner = turn.message.sender.name[:100] if name.casefold() in ("me", "myself") else name
    before = _snapshot(feedback)
    feedback.owner = owner
    keep_change(turn.session, feedback, actor(turn), f"owner: {owner}", before)
    number = code(feedback)
    return Reply(
        f"{owner} sees to {number} now.",
        next_step=f"To take this back, type undo. To see it, type {number}.",
        buttons=(Button(f"Show {number}", number), Button("Undo", "undo")),
    )


def set_kind(turn: Turn, found: re.Match[str]) -> Reply:
    """ "F7 is kept": its reporter may say so for as long as they could undo it, a lead at any time."""
    feedback = found_feedback(turn, found)
    if isinstance(feedback, Reply):
        return feedback
    who, just_logged = actor(turn), last_change(turn.session, turn.organisation, actor(turn))
    own = just_logged is not None and just_logged.feedback_id == feedback.id and is_reporter(turn, feedback)
    if not own and (refused := only_leads(turn, "change what feedback says")):
        return refused
    kind = re.sub(r"^an? ", "", found["kind"].casefold())
    before = _snapshot(feedback)
    feedback.kind = kind
    keep_change(turn.session, feedback, who, f"is {replies.KINDS_SAID[kind]}", before)
    number = code(feedback)
    return Reply(
        f"{number} is {replies.KINDS_SAID[kind]} now.",
        next_step=f"To take this back, type undo. To see it, type {number}.",
        buttons=(Button(f"Show {number}", number), Button("Undo", "undo")),
    )


def undo(turn: Turn, found: re.Match[str]) -> Reply:
    """Take back this person's last change, whether of a deadline or of feedback."""
    change = last_change(turn.session, turn.organisation, actor(turn))
    deadline = tracker(turn).last_change()
    latest = max((one.at for one in (change, deadline) if one is not None), default=None)
    if turn.nameless_at is not None and (latest is None or latest <= turn.nameless_at):
        return replies.cannot_be_undone()
    if change is None or (deadline is not None and deadline.at > change.at):
        return changes.undo(turn, found)
    return Reply(
        f"Taken back, {take_back(turn.session, change, actor(turn))}.", next_step="To see the rest, type feedback."
    )


def outcome_form(_: Turn, subject: str) -> Form:
    number = subject.split(" ", 1)[0]
    what = Field("outcome", f"What came of {number}?", FieldKind.TEXT, longest=LONGEST_WHAT)
    return Form("outcome", "Outcome", (what,), subject=subject)


def _outcome(_: Turn, filled: Filled) -> str:
    number, __, state = filled.subject.partition(" ")
    return f"{_word(state)} {number} because {filled.values['outcome']}"


FOLLOW_FORMS = {"outcome": FormKind(outcome_form, _outcome)}
