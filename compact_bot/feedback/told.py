"""Who is told of feedback when something changes: whoever logged it, and whoever sees to it now."""

from sqlalchemy import select

from compact_bot.feedback.finding import is_reporter
from compact_bot.nudges.mornings import Mornings
from compact_bot.organisation import closed_days_of, settings, today
from compact_bot.store.tables import Feedback, KnownPerson, Nudge, NudgePurpose, NudgeState
from compact_bot.turn import Turn


def tell_reporter(turn: Turn, feedback: Feedback) -> str:
    """Plan the news for whoever logged it, to them alone where that can be; the latest replaces what still waits."""
    if feedback.anonymous:
        return "It is anonymous, so I can tell nobody; its reporter can look it up."
    if not feedback.person_id:
        return "Its reporter was forgotten, so I can tell nobody."
    if is_reporter(turn, feedback):
        return ""
    _cancel(turn, feedback, NudgePurpose.NEWS)
    direct = turn.session.scalar(
        select(KnownPerson.direct_route).where(
            KnownPerson.organisation_id == feedback.organisation_id,
            KnownPerson.platform == feedback.platform,
            KnownPerson.person_id == feedback.person_id,
        )
    )
    turn.session.add(
        Nudge(
            organisation_id=feedback.organisation_id,
            feedback_id=feedback.id,
            purpose=NudgePurpose.NEWS,
            platform=feedback.platform,
            route=direct or feedback.route,
            planned_for=today(turn),
            due_at=turn.message.sent_at,
            state=NudgeState.WAITING,
        )
    )
    return "I will tell its reporter."


def tell_owner(turn: Turn, feedback: Feedback, owner: KnownPerson | None) -> str:
    """Plan that its new owner hears of it with what else is for them on the next working morning."""
    _cancel(turn, feedback, NudgePurpose.GIVEN)
    if owner is None or not owner.direct_route or owner.id == turn.person.id:
        return ""
    mornings = Mornings(settings(turn), closed_days_of(turn.session, turn.organisation.id))
    morning = mornings.coming(turn.message.sent_at)
    turn.session.add(
        Nudge(
            organisation_id=turn.organisation.id,
            feedback_id=feedback.id,
            purpose=NudgePurpose.GIVEN,
            platform=owner.platform,
            route=owner.direct_route,
            planned_for=morning,
            due_at=mornings.at(morning),
        )
    )
    return "I will tell them on the next working morning."


def _cancel(turn: Turn, feedback: Feedback, purpose: NudgePurpose) -> None:
    """What was to be said and is no longer so."""
    waiting = (Nudge.feedback_id == feedback.id, Nudge.purpose == purpose, Nudge.state == NudgeState.WAITING)
    for nudge in turn.session.scalars(select(Nudge).where(*waiting)):
        nudge.state = NudgeState.CANCELLED
