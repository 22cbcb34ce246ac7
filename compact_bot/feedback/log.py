"""Feedback in the database: saved, folded when sent twice, numbered for its organisation, every change kept."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compact_bot.deadlines.settled import note_change
from compact_bot.deadlines.tracking import UNDO_WITHIN, Actor
from compact_bot.feedback.sentences import Said
from compact_bot.store.tables import Feedback, FeedbackChange, FeedbackClause, Organisation, OrganisationSettings

LARGEST_ID = 2**31 - 1
# Named feedback is counted from 1. Anonymous feedback draws its number at random from those with four digits, so that
# no number tells between which others it came; the count leaves those out.
NAMELESS, MORE_NAMELESS = range(1_000, 10_000), range(1_000_000, 10_000_000)
FOLDED_WITHIN = timedelta(minutes=10)
OPEN_STATES = ("open", "acknowledged")


def code(feedback: Feedback) -> str:
    return f"F{feedback.number}"


def feedback_numbered(session: Session, organisation: Organisation, number: int) -> Feedback | None:
    """The organisation's own F7; another organisation's is as unknown as one that does not exist."""
    return session.scalar(
        select(Feedback).where(Feedback.organisation_id == organisation.id, Feedback.number == number)
    )


def save(
    session: Session,
    settings: OrganisationSettings,
    said: Said,
    clauses: Sequence[str],
    happened_on: date,
    today: date,
    actor: Actor,
) -> tuple[Feedback, bool]:
    """The feedback, and whether it is new: the same submission within ten minutes is the one that is there already.

    An anonymous one is compared by its words and its day alone.
    """
    number = _number(session, settings, said.anonymous)
    feedback = Feedback(
        id=_unused(lambda: secrets.randbelow(LARGEST_ID) + 1, lambda drawn: session.get(Feedback, drawn) is not None),
        organisation_id=settings.organisation_id,
        number=number,
        kind=said.kind,
        what=said.what,
        about=said.about,
        behalf=said.behalf,
        happened_on=happened_on,
        anonymous=said.anonymous,
        logged_on=today,
        clauses=[FeedbackClause(clause=clause, place=place) for place, clause in enumerate(clauses)],
    )
    if said.anonymous:
        feedback.content = _content(feedback, clauses)
    else:
        feedback.logged_at, feedback.who, feedback.person_id = actor.at, actor.name[:100], actor.person_id
        feedback.platform, feedback.route = actor.address.platform, actor.address.route
        feedback.link = said.link
    before = _same_as(session, feedback, clauses)
    if before is not None:
        return before, False
    if not said.anonymous:
        settings.last_feedback = number
    session.add(feedback)
    session.flush()
    if not said.anonymous:
        keep_change(session, feedback, actor, "logged", None)
    note_change(session)
    return feedback, True


def _number(session: Session, settings: OrganisationSettings, anonymous: bool) -> int:
    """A new number; the organisation's row stays locked, so that two submissions cannot miss each other."""
    session.flush()
    ours = OrganisationSettings.organisation_id == settings.organisation_id
    session.execute(update(OrganisationSettings).where(ours).values(last_feedback=OrganisationSettings.last_feedback))
    session.refresh(settings)
    if not anonymous:
        number = settings.last_feedback + 1
        return NAMELESS.stop if number in NAMELESS else number
    ours = (Feedback.organisation_id == settings.organisation_id) & Feedback.number.between(NAMELESS[0], NAMELESS[-1])
    used = set(session.scalars(select(Feedback.number).where(ours)))
    numbers = NAMELESS if 2 * len(used) < len(NAMELESS) else MORE_NAMELESS
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


def keep_change(
    session: Session,
    feedback: Feedback,
    actor: Actor,
    what: str,
    before: dict[str, object] | None,
    undone: bool = False,
) -> None:
    session.add(
        FeedbackChange(
            feedback_id=feedback.id,
            who=actor.name[:100],
            person_id=actor.person_id,
            platform=actor.address.platform,
            at=actor.at,
            what=what,
            before=before,
            undone=undone,
        )
    )
    note_change(session)


def last_change(session: Session, organisation: Organisation, actor: Actor) -> FeedbackChange | None:
    """This person's last change of the last ten minutes, when nobody has changed the same feedback since."""
    change = session.scalar(
        select(FeedbackChange)
        .join(Feedback, Feedback.id == FeedbackChange.feedback_id)
        .where(
            Feedback.organisation_id == organisation.id,
            FeedbackChange.person_id == actor.person_id,
            FeedbackChange.platform == actor.address.platform,
            FeedbackChange.at >= actor.at - UNDO_WITHIN,
            ~FeedbackChange.undone,
        )
        .order_by(FeedbackChange.id.desc())
        .limit(1)
    )
    if change is None:
        return None
    latest = session.scalar(
        select(FeedbackChange.id)
        .where(FeedbackChange.feedback_id == change.feedback_id, ~FeedbackChange.undone)
        .order_by(FeedbackChange.id.desc())
        .limit(1)
    )
    return change if latest == change.id else None


def take_back(session: Session, change: FeedbackChange, actor: Actor) -> str:
    """Undo a change, and say what was taken back. Feedback that was only just logged is gone for good."""
    feedback = session.get_one(Feedback, change.feedback_id)
    number = code(feedback)
    if change.before is None:
        session.delete(feedback)
        note_change(session)
        return f"{number}: it is deleted, with everything in it"
    for field, value in change.before.items():
        setattr(feedback, field, value)
    change.undone = True
    keep_change(session, feedback, actor, f"undone: {change.what}", None, undone=True)
    return f"{number}: {change.what}"
