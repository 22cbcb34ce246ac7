"""Finding the feedback that an act names, and who may see and change what of it."""

from dataclasses import replace
from datetime import timedelta

from compact_bot.conversation import Audience, Reply
from compact_bot.feedback import replies
from compact_bot.feedback.log import feedback_numbered, was_deleted
from compact_bot.organisation import is_lead, local_today, only_leads, settings
from compact_bot.partnership.names import is_partners
from compact_bot.partnership.numbers import renumbered_feedback
from compact_bot.store.tables import Feedback
from compact_bot.turn import Refused, Turn

LONGEST_WHAT = 1_000
LONGEST_LINK = 400
CHANGED_WITHIN = timedelta(days=1)  # by whoever logged it; by a lead at any time


def found(turn: Turn, number: int) -> Feedback:
    """The F7 of the organisation or a partner. Raises Refused where there is none, saying so where there was one."""
    feedback = feedback_numbered(turn.session, turn.organisation, number)
    if feedback is not None:
        return feedback
    if renumbered := renumbered_feedback(turn, number):
        raise Refused(renumbered)
    gone = was_deleted(turn.session, turn.organisation, number)
    if gone is not None:
        raise Refused(replies.deleted(number, local_today(settings(turn), gone)))
    raise Refused(replies.unknown(number))


def is_reporter(turn: Turn, feedback: Feedback) -> bool:
    sender, address = turn.message.sender, turn.message.address
    if feedback.anonymous or is_partners(feedback):
        return False
    return (feedback.person_id, feedback.platform) == (sender.id, address.platform)


def may_change(turn: Turn, feedback: Feedback) -> bool:
    """Whether the person may change what it says, or take it away."""
    if is_partners(feedback):
        return False
    logged = feedback.logged_at
    recent = logged is not None and turn.message.sent_at - logged <= CHANGED_WITHIN
    return (recent and is_reporter(turn, feedback)) or is_lead(turn)


def only_its_own(turn: Turn, feedback: Feedback, what: str) -> None:
    """Raises Refused for whoever may not change what it says.

    Of what is anonymous nobody but Compact leads is told so whether it was logged in their organisation or a partner's.
    """
    if may_change(turn, feedback):
        return
    if feedback.anonymous or not is_partners(feedback):
        only_leads(turn, f"{what}, or whoever logged it within a day of that")
    raise Refused(replies.of_a_partner(feedback))


def not_for_sharing(turn: Turn, reply: Reply) -> Reply:
    """For its asker alone where nobody reads along: an answer that can be shared is kept with the time, and two of
    them would tell between which hours an anonymous entry came."""
    return replace(reply, private=turn.message.audience is not Audience.EVERYONE)
