"""Feedback in the database: saved, folded when sent twice, numbered for its organisation, every change kept."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compact_bot import history
from compact_bot.organisation import Actor
from compact_bot.store.scope import shared
from compact_bot.store.tables import Change, Feedback, FeedbackClause, FormerNumber, Organisation, OrganisationSettings
from compact_bot.understanding.acts import FeedbackKind, FeedbackState, LogFeedback

LARGEST_ID = 2**31 - 1
# Named feedback is counted from 1. Anonymous feedback draws its number at random from those with four digits, so that
# no number tells between which others it came; the count leaves those out.
NAMELESS, MORE_NAMELESS = range(1_000, 10_000), range(1_000_000, 10_000_000)
_STATES: dict[str, type[FeedbackKind] | type[FeedbackState]] = {"kind": FeedbackKind, "state": FeedbackState}
FOLDED_WITHIN = timedelta(minutes=10)
OPEN_STATES = (FeedbackState.OPEN, FeedbackState.ACKNOWLEDGED)


def code(feedback: Feedback) -> str:
    return f"F{feedback.number}"


def feedback_numbered(session: Session, organisation: Organisation, number: int) -> Feedback | None:
    """The F7 of the organisation or a partner; anybody else's is as unknown as one that does not exist."""
    return session.scalar(
        select(Feedback).where(shared(Feedback.organisation_id, organisation.id), Feedback.number == number)
    )


def save(
    session: Session,
    settings: OrganisationSettings,
    act: LogFeedback,
    today: date,
    actor: Actor,
    edition: str = "",
) -> tuple[Feedback, Change | None, bool]:
    """The feedback, the change to undo, and whether it is new: the same within ten minutes is the one that is there.

    An anonymous one is compared by its words and its day alone.
    """
    number = _number(session, settings, act.anonymous)
    feedback = Feedback(
        id=_unused(lambda: secrets.randbelow(LARGEST_ID) + 1, lambda drawn: session.get(Feedback, drawn) is not None),
        organisation_id=settings.organisation_id,
        number=number,
        kind=act.kind,
        what=act.what,
        about=act.about,
        behalf=act.behalf,
        happened_on=act.when or today,
        anonymous=act.anonymous,
        logged_on=today,
        edition=edition,
        clauses=[FeedbackClause(clause=clause, place=place) for place, clause in enumerate(act.clauses)],
    )
    if act.anonymous:
        feedback.content = _content(feedback, act.clauses)
    else:
        feedback.logged_at, feedback.who, feedback.person_id = actor.at, actor.name[:100], actor.person_id
        feedback.platform, feedback.route = actor.address.platform, actor.address.route
        feedback.link = act.link
    before = _same_as(session, feedback, act.clauses)
    if before is not None:
        return before, None, False
    if not act.anonymous:
        _count_up_to(session, settings, number)
    session.add(feedback)
    session.flush()
    return (
        feedback,
        None
        if act.anonymous
        else history.keep_change(session, feedback.organisation_id, actor, feedback, "logged", None),
        True,
    )


def _number(session: Session, settings: OrganisationSettings, anonymous: bool) -> int:
    """A new number; the organisation's row stays locked, so that two submissions cannot miss each other."""
    session.flush()
    _count_up_to(session, settings, None)
    if not anonymous:
        number = settings.last_feedback + 1
        return NAMELESS.stop if number in NAMELESS else number
    return nameless(taken(session, settings.organisation_id))


def _count_up_to(session: Session, settings: OrganisationSettings, number: int | None) -> None:
    """Partners count together, each in its own row; with None nothing changes but that the rows are locked."""
    ours = shared(OrganisationSettings.organisation_id, settings.organisation_id)
    value = OrganisationSettings.last_feedback if number is None else number
    counting = update(OrganisationSettings).where(ours).values(last_feedback=value)
    session.execute(counting.execution_options(synchronize_session=False))
    session.refresh(settings)


def taken(session: Session, organisation_id: int) -> set[int]:
    """The numbers that no new anonymous feedback may have: of an organisation, its partners, and former ones."""
    held = shared(Feedback.organisation_id, organisation_id), shared(FormerNumber.organisation_id, organisation_id)
    live = select(Feedback.number).where(held[0], Feedback.number >= NAMELESS.start)
    former = select(FormerNumber.number).where(held[1], FormerNumber.letter == "F")
    return {*session.scalars(live), *session.scalars(former)}


def nameless(used: set[int]) -> int:
    """A random number, which says nothing of when."""
    few = sum(number in NAMELESS for number in used)
    numbers = NAMELESS if 2 * few < len(NAMELESS) else MORE_NAMELESS
    return _unused(lambda: secrets.choice(numbers), lambda drawn: drawn in used)


def _unused(draw: Callable[[], int], is_used: Callable[[int], bool]) -> int:
    while is_used(drawn := draw()):
        pass
    return drawn


def _same_as(session: Session, feedback: Feedback, clauses: Sequence[str]) -> Feedback | None:
    same = select(Feedback).where(
        Feedback.organisation_id == feedback.organisation_id,
        Feedback.anonymous == feedback.anonymous,
        Feedback.logged_on >= feedback.logged_on - timedelta(days=1),
    )
    if feedback.logged_at is None:
        same = same.where(Feedback.content == feedback.content, Feedback.logged_on == feedback.logged_on)
        return session.scalars(same.limit(1)).first()
    found = session.scalars(
        same.where(
            Feedback.person_id == feedback.person_id,
            Feedback.platform == feedback.platform,
            Feedback.logged_at >= feedback.logged_at - FOLDED_WITHIN,
            Feedback.kind == feedback.kind,
            Feedback.what == feedback.what,
            Feedback.about == feedback.about,
            Feedback.behalf == feedback.behalf,
        )
    )
    return next((one for one in found if [c.clause for c in one.clauses] == list(clauses)), None)


def _content(feedback: Feedback, clauses: Sequence[str]) -> str:
    parts = (feedback.kind, *clauses, feedback.what.casefold(), feedback.about, feedback.behalf)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def was_deleted(session: Session, organisation: Organisation, number: int) -> datetime | None:
    """When the F7 of an organisation was deleted, if it was."""
    return session.scalar(
        select(Change.at).where(
            shared(Change.organisation_id, organisation.id),
            Change.deadline_id.is_(None),
            Change.feedback_id.is_(None),
            Change.what == _deleted(number),
        )
    )


def delete(session: Session, feedback: Feedback, actor: Actor) -> None:
    """Gone for good, with its history: what is kept is that there was one, who deleted it, and when."""
    history.keep_change(session, feedback.organisation_id, actor, None, _deleted(feedback.number), None, undone=True)
    session.delete(feedback)
    session.flush()


def _deleted(number: int) -> str:
    return f"F{number} deleted"


def take_back(session: Session, change: Change, actor: Actor) -> str:
    """Undo a change, and say what was taken back. Feedback that was only just logged is gone for good."""
    feedback = session.get_one(Feedback, change.feedback_id)
    number = code(feedback)
    if change.before is None:
        session.delete(feedback)
        return f"{number}: it is deleted, with everything in it"
    for field, value in change.before.items():
        setattr(feedback, field, _STATES[field](value) if field in _STATES else value)
    change.undone = True
    history.keep_change(session, change.organisation_id, actor, feedback, f"undone: {change.what}", None, undone=True)
    return f"{number}: {change.what}"
