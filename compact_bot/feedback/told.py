"""Who is told of feedback when something changes: whoever logged it, and whoever sees to it now.

It can wait, so it comes with what else is for that person or place on the next working morning.
"""

from sqlalchemy import func, select

from compact_bot.feedback.finding import is_reporter
from compact_bot.nudges.mornings import Mornings
from compact_bot.organisation import closed_days_of, settings_of
from compact_bot.store.tables import Change, Feedback, KnownPerson, Nudge, NudgePurpose, NudgeState, Organisation
from compact_bot.turn import Turn

_THEN = "on the next working morning."


def tell_reporter(turn: Turn, feedback: Feedback) -> str:
    """Plan the news for whoever logged it, to them alone where that can be; the latest replaces what still waits."""
    if feedback.anonymous:
        return "It is anonymous, so I can tell nobody; its reporter can look it up."
    if not feedback.person_id:
        return "Its reporter was forgotten, so I can tell nobody."
    if is_reporter(turn, feedback):
        return ""
    direct = turn.session.scalar(
        select(KnownPerson.direct_route).where(
            KnownPerson.organisation_id == feedback.organisation_id,
            KnownPerson.platform == feedback.platform,
            KnownPerson.person_id == feedback.person_id,
        )
    )
    _tell(turn, feedback, NudgePurpose.NEWS, feedback.platform, direct or feedback.route)
    return f"I will tell its reporter {_THEN}"


def tell_owner(turn: Turn, feedback: Feedback, owner: KnownPerson | None) -> str:
    """Plan that its new owner hears of it; an earlier one hears of it no more."""
    if owner is None or not owner.direct_route or owner.id == turn.person.id:
        _cancel(turn, feedback, NudgePurpose.GIVEN)
        if owner is None:
            return "I know nobody here by that name alone, so I cannot tell them."
        return "" if owner.id == turn.person.id else "I cannot write to them alone, so please tell them."
    _tell(turn, feedback, NudgePurpose.GIVEN, owner.platform, owner.direct_route)
    return f"I will tell them {_THEN}"


def untell(turn: Turn, feedback: Feedback, change: Change, owner: str) -> None:
    """After a change was taken back: its reporter hears only of what stands and was not told before; and whoever
    was its `owner` until then hears of it no more."""
    if owner != feedback.owner:
        _cancel(turn, feedback, NudgePurpose.GIVEN)
    _cancel(turn, feedback, NudgePurpose.NEWS)
    told_at = turn.session.scalar(
        select(func.max(Nudge.sent_at)).where(Nudge.feedback_id == feedback.id, Nudge.purpose == NudgePurpose.NEWS)
    )
    earlier = [one for one in feedback.changes if not one.undone and (told_at is None or one.at > told_at)]
    changed_since = any(one.before and one.before["state"] != feedback.state for one in earlier)
    if changed_since or (told_at is not None and told_at >= change.at):
        tell_reporter(turn, feedback)


def _tell(turn: Turn, feedback: Feedback, purpose: NudgePurpose, platform: str, route: str) -> None:
    """By the mornings of the organisation that logged it, whose people hear of it; a partner may have changed it."""
    _cancel(turn, feedback, purpose)
    theirs = turn.session.get_one(Organisation, feedback.organisation_id)
    chosen = settings_of(turn.session, theirs, turn.timezone)
    mornings = Mornings(chosen, closed_days_of(turn.session, theirs.id))
    morning = mornings.coming(turn.message.sent_at)
    turn.session.add(
        Nudge(
            organisation_id=theirs.id,
            feedback_id=feedback.id,
            purpose=purpose,
            platform=platform,
            route=route,
            planned_for=morning,
            due_at=mornings.at(morning),
        )
    )


def _cancel(turn: Turn, feedback: Feedback, purpose: NudgePurpose) -> None:
    """What was to be said and is no longer so."""
    waiting = (Nudge.feedback_id == feedback.id, Nudge.purpose == purpose, Nudge.state == NudgeState.WAITING)
    for nudge in turn.session.scalars(select(Nudge).where(*waiting)):
        nudge.state = NudgeState.CANCELLED
