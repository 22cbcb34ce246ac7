"""Organisations come together and part: whose records are whose never changes, only who sees them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Reply
from compact_bot.history import keep_change
from compact_bot.organisation import Actor, leads_of, settings_of
from compact_bot.outbox.rows import tell
from compact_bot.partnership.names import read_anew
from compact_bot.partnership.numbers import Renumbered, keep_apart, settle_numbers
from compact_bot.pressing import with_values
from compact_bot.store.records import hold
from compact_bot.store.scope import of_others_people, shared
from compact_bot.store.tables import (
    Change,
    Deadline,
    Feedback,
    LinkCode,
    Organisation,
    OrganisationSettings,
    Partnership,
    ReceivedMessage,
)

PLATFORMS = {"slack": "in Slack", "teams": "in Teams"}
_SLACK_NAME = text("SELECT team_name FROM slack_installations WHERE team_id = :team AND team_name <> '' LIMIT 1")


def partners_of(session: Session, organisation_id: int) -> Sequence[Organisation]:
    """An organisation and its partners; itself alone where it has none."""
    wanted = select(Organisation).where(shared(Organisation.id, organisation_id)).order_by(Organisation.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def named(members: Sequence[Organisation], without: int) -> str:
    """ "Sutton Council, in Teams, and Sutton Carers, in Slack" """
    others = [f"{one.called}{where(one)}" for one in members if one.id != without]
    return " and ".join(filter(None, ["; ".join(others[:-1]), *others[-1:]]))


def where(organisation: Organisation) -> str:
    platform = organisation.name.partition(":")[0]
    return f" ({PLATFORMS[platform]})" if platform in PLATFORMS else ""


def name_of(session: Session, organisation: Organisation) -> str:
    """How partners know an organisation: as it said, as Slack names its workspace, or by its platform."""
    if organisation.called:
        return organisation.called
    platform, _, team = organisation.name.partition(":")
    if platform == "slack" and (found := session.execute(_SLACK_NAME, {"team": team}).scalar()):
        return str(found)[:100]
    return {"slack": "the Slack workspace", "teams": "the Teams organisation"}.get(platform, organisation.name[:100])


# ---- together --------------------------------------------------------------------------------------------------------


def join(session: Session, ours: Organisation, theirs: Organisation, zone: str, now: datetime) -> list[Renumbered]:
    """Both share from now on, with the partners of either; what was renumbered for it."""
    hold(session.connection(), theirs.id)
    one, other = ([member.id for member in partners_of(session, side.id)] for side in (theirs, ours))
    for member in (*one, *other):
        settings_of(session, session.get_one(Organisation, member), zone)
    session.flush()
    changed = settle_numbers(session, one, other)
    partnership = theirs.partnership_id or ours.partnership_id
    if partnership is None:
        begun = Partnership(began_at=now)
        session.add(begun)
        session.flush()
        partnership = begun.id
    session.execute(update(Organisation).where(Organisation.id.in_([*one, *other])).values(partnership_id=partnership))
    session.execute(delete(LinkCode).where(or_(LinkCode.organisation_id == theirs.id, LinkCode.typed_by == ours.id)))
    _see_anew(session)
    return changed


# ---- apart -----------------------------------------------------------------------------------------------------------


def leave_partnership(session: Session, organisation_id: int, now: datetime) -> Sequence[Organisation]:
    """Part an organisation from its partners, who are told; whom it had. Each keeps what its own people made."""
    session.flush()
    session.execute(
        delete(LinkCode).where(or_(LinkCode.organisation_id == organisation_id, LinkCode.typed_by == organisation_id))
    )
    members = partners_of(session, organisation_id)
    staying = [member for member in members if member.id != organisation_id]
    if not staying:
        return []
    leaving = session.get_one(Organisation, organisation_id)
    keep_apart(session, organisation_id, [member.id for member in staying])
    _name_nobody_of_others(session, organisation_id)
    # Answers that are kept to be shared may hold what was a partner's.
    kept = update(ReceivedMessage).where(shared(ReceivedMessage.organisation_id, organisation_id))
    session.execute(kept.values(answer="").execution_options(synchronize_session=False))
    partnership, gone = leaving.partnership_id, [leaving] if len(staying) > 1 else [leaving, *staying]
    for organisation in gone:
        organisation.partnership_id = None
    session.flush()
    if len(staying) == 1:
        session.execute(delete(Partnership).where(Partnership.id == partnership))
    for member in staying:
        note(session, member, f"{leaving.called} left the partnership", leaving.called, now)
        tell_all(session, member, lambda _: _has_left(leaving, len(staying)), now)
    _see_anew(session)
    return staying


def _has_left(leaving: Organisation, staying: int) -> Reply:
    on = "" if staying == 1 else " You go on with the others."
    return Reply(
        f"{leaving.called} has left your partnership: you no longer share deadlines, feedback and the review.{on}",
        note="Each organisation keeps what its own people made, before you were linked and since.",
        next_step="Type deadlines to see yours.",
    )


def _name_nobody_of_others(session: Session, organisation_id: int) -> None:
    """What partners' people changed stays in the history of whose it is, by their organisation and nobody's name."""
    called = {row.id: row.called for row in session.execute(select(Organisation.id, Organisation.called))}
    changes = session.execute(
        select(Change, func.coalesce(Deadline.organisation_id, Feedback.organisation_id))
        .outerjoin(Deadline, Deadline.id == Change.deadline_id)
        .outerjoin(Feedback, Feedback.id == Change.feedback_id)
        .where(of_others_people(organisation_id))
    ).all()
    for change, holder in changes:
        change.who, change.person_id = called.get(change.organisation_id) or "a former partner", ""
        change.organisation_id = holder
    session.flush()


def _see_anew(session: Session) -> None:
    """Rows were changed beside the session's own objects."""
    session.flush()
    session.expire_all()
    read_anew(session)


def note(session: Session, organisation: Organisation, what: str, by: str, now: datetime) -> None:
    """In an organisation's history, what another did: by its name, and nobody's."""
    whoever = Actor(by, "", Address("", ""), now)
    keep_change(session, organisation.id, whoever, None, what, None, undone=True)


# ---- told ------------------------------------------------------------------------------------------------------------


def tell_all(
    session: Session,
    organisation: Organisation,
    said: Callable[[Organisation], Reply],
    now: datetime,
    without: Address | None = None,
) -> None:
    """Say something where an organisation's nudges come, else to each of its Compact leads."""
    reply = with_values(said(organisation), organisation.id, now)
    for address in _places_of(session, organisation):
        if address != without:
            tell(session.connection(), organisation, address, reply, now)


def _places_of(session: Session, organisation: Organisation) -> list[Address]:
    kept = session.get(OrganisationSettings, organisation.id)
    if kept is not None and kept.platform and kept.lost_at is None:
        return [Address(kept.platform, kept.route)]
    return [Address(lead.platform, lead.direct_route) for lead in leads_of(session, organisation) if lead.direct_route]
