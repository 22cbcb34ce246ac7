"""What this room does with each of its acts, and with a message whose sender is left out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from compact_bot.asking_back import ask_back
from compact_bot.assistant import too_long
from compact_bot.conversation import Reply
from compact_bot.feedback import changes, entry, lists, replies, summary, taught, unanswered
from compact_bot.feedback.anonymity import Wish
from compact_bot.feedback.forms import FEEDBACK_FORMS, draft_in
from compact_bot.feedback.nobody import ANONYMOUS, FIELD, FORM, pressed_act
from compact_bot.forms import form_button, submitted
from compact_bot.leads import name_lead, remove_lead, show_leads
from compact_bot.organisation import today
from compact_bot.pressing import carried
from compact_bot.turn import LONGEST_MESSAGE, Refused, Turn, tidied
from compact_bot.understanding import acts
from compact_bot.understanding.acts import READING, Act, FeedbackKind, LogFeedback, Named, OpenForm
from compact_bot.understanding.commands import read_command
from compact_bot.understanding.commands.feedback import LOGGING
from compact_bot.understanding.context import Context
from compact_bot.understanding.saying import says
from compact_bot.understanding.telling import any_words, without_verb
from compact_bot.understanding.understood import Understood

HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {
    acts.LogFeedback: entry.log,
    acts.ListFeedback: lists.list_feedback,
    acts.ShowFeedback: lists.show,
    acts.SetStatus: changes.set_status,
    acts.SetFeedbackOwner: changes.set_owner,
    acts.SetFeedbackKind: changes.set_kind,
    acts.EditFeedback: changes.edit,
    acts.DeleteFeedback: changes.delete,
    acts.Review: summary.review,
    acts.Gaps: unanswered.show_unanswered,
    acts.Teach: taught.teach,
    acts.ShowTaught: taught.show_taught,
    acts.Untaught: taught.untaught,
    acts.Helped: unanswered.helped,
    acts.Unhelpful: unanswered.unhelpful,
    acts.PassOn: unanswered.pass_on,
    acts.NameLead: name_lead,
    acts.RemoveLead: remove_lead,
    acts.ShowLeads: show_leads,
}

ASKS_BACK: Mapping[type[Act], Callable[[Turn, Understood], Reply]] = {
    **{act: ask_back for act in HANDLERS if act not in READING},
    acts.LogFeedback: entry.ask_back,
}

FORMS = FEEDBACK_FORMS


# ---- nobody's messages ----------------------------------------------------------------------------------------------


def for_nobody(turn: Turn, wish: Wish, among_others: bool) -> Reply:
    """The answer to a message whose sender was left out: it logs anonymously, asks whether to, or opens the form.

    Nothing of it waits for an answer: what was asked back is in the buttons alone.
    """
    try:
        reply = _answered(turn, wish, among_others)
    except Refused as refused:
        reply = refused.reply
    return replace(reply, pending=None, act="feedback", opens=form_button(reply.form) if reply.form else None)


def _answered(turn: Turn, wish: Wish, among_others: bool) -> Reply:
    filled, act = turn.message.filled, pressed_act(turn.message)
    if isinstance(act, OpenForm):
        return _opened(turn, carried(turn))
    if filled is not None and filled.form == FORM:
        nameless = replace(filled, values={**filled.values, FIELD: ANONYMOUS})
        act = submitted(turn, FORMS[FORM], nameless)
    elif act is not None:
        act = carried(turn)
    if isinstance(act, LogFeedback):
        # What a link led to was looked at in the form, or before the button was offered.
        turn = replace(turn, message=replace(turn.message, link=""))
        return _logged_by_nobody(turn, Understood(act), wish, among_others)
    text = says(act) if act else turn.text or turn.message.pressed
    text = "\n".join(filled.values.values()) if filled is not None else text
    if len(text) > LONGEST_MESSAGE:
        return too_long(turn)
    return _said_by_nobody(turn, tidied(text), wish, among_others)


def _opened(turn: Turn, act: Act) -> Reply:
    """The form, holding what its button carries."""
    assert isinstance(act, OpenForm)  # noqa: S101  # looked at before
    reply = entry.to_fill_in(turn, draft_in(act.subject) or LogFeedback(FeedbackKind.NOT_KEPT, ""))
    return replace(reply, form=reply.form and entry.filled(reply.form, act.values))


def _said_by_nobody(turn: Turn, text: str, wish: Wish, among_others: bool) -> Reply:
    context = Context(today(turn), turn.agreement, turn.rules, Named(turn.message.sender.name))
    read = read_command(text, LOGGING, context)
    if wish is Wish.NONE:
        return entry.to_fill_in(turn, _feedback_in(read) or LogFeedback(FeedbackKind.NOT_KEPT, without_verb(text)))
    if read is None or wish is Wish.HINTED or not (said := _feedback_in(read)) or not said.anonymous:
        read = Understood(replace(any_words(text, context), anonymous=True))
        wish = Wish.HINTED
    return _logged_by_nobody(turn, read, wish, among_others)


def _feedback_in(read: Understood | None) -> LogFeedback | None:
    return read.act if read is not None and isinstance(read.act, LogFeedback) else None


def _logged_by_nobody(turn: Turn, read: Understood, wish: Wish, among_others: bool) -> Reply:
    """Logged where it is stated that nobody is to know, with nothing left to read; asked about first elsewhere."""
    act = _feedback_in(read)
    assert act is not None  # noqa: S101  # as read or pressed
    if among_others:
        return replies.read_by_others(act)
    if turn.message.link or not act.what:
        return entry.to_fill_in(turn, replace(act, anonymous=True))
    if wish is not Wish.STATED:
        return replies.anonymous_or_not(act)
    return entry.ask_back(turn, read) if read.missing else entry.log(turn, act)
