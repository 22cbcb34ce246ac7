"""Who is signed in to the pages: a private link signs its person in once, and every sign-in ends by itself."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Person, Reply
from compact_bot.invitations import Invitation
from compact_bot.organisation import names_for_pages
from compact_bot.store.again import transaction
from compact_bot.store.database import inserting
from compact_bot.store.tables import KnownPerson, Organisation, SignIn
from compact_bot.turn import Turn
from compact_bot.understanding.acts import SignOutEverywhere

LINK_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=12)


@dataclass(frozen=True)
class SignedIn:
    """Somebody at a page. What they do there counts as done by `person` at `address`.

    `names` are the plain names of colleagues whom their platform names by a mark that only it can read.
    """

    organisation: str
    person: Person
    address: Address
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> str:
        return self.person.called or self.person.name


class InvitationError(Exception):
    """Why a link lets nobody in, in plain words."""


@transaction
def invited(engine: Engine, invitation: Invitation, now: datetime) -> SignedIn:
    """Who would be signed in, with nothing used up. Raises InvitationError."""
    with Session(engine) as session, session.begin():
        return _invited(session, invitation, now)


@transaction
def sign_in(engine: Engine, invitation: Invitation, now: datetime) -> str:
    """Use the link up. What the person's browser is to hold from now on. Raises InvitationError."""
    with Session(engine) as session, session.begin():
        _invited(session, invitation, now)
        return _begun(session, invitation, now)


@transaction
def sign_in_known(engine: Engine, organisation: str, platform: str, person_id: str, now: datetime) -> str:
    """The same for somebody whose platform says who they are; "" for whoever never spoke to the assistant."""
    with Session(engine) as session, session.begin():
        found = session.scalar(
            select(KnownPerson)
            .join(Organisation, Organisation.id == KnownPerson.organisation_id)
            .where(Organisation.name == organisation)
            .where(KnownPerson.platform == platform, KnownPerson.person_id == person_id)
        )
        if found is None:
            return ""
        # Nobody who was only named, or cannot be reached alone, acts by a page: what they do counts as said somewhere.
        if not found.direct_route:
            return ""
        invitation = Invitation(found.organisation_id, found.id, found.direct_route, "", now)
        return _begun(session, invitation, now)


def _begun(session: Session, invitation: Invitation, now: datetime) -> str:
    """What a browser is to hold for a new sign-in. Raises InvitationError for a link that was used."""
    held = secrets.token_urlsafe(32)
    new = inserting(session.connection().dialect.name, SignIn).values(
        organisation_id=invitation.organisation_id,
        person_id=invitation.person_id,
        link=invitation.number,
        cookie=_hashed(held),
        route=invitation.route,
        began_at=now,
        ended=False,
    )
    made = session.connection().execute(
        new.on_conflict_do_nothing(index_elements=("link",)).execution_options(preserve_rowcount=True)
    )
    if made.rowcount != 1:
        raise InvitationError(_USED)
    return held


_USED = "This link was used already: each opens once"


def _invited(session: Session, invitation: Invitation, now: datetime) -> SignedIn:
    found = session.execute(
        select(KnownPerson, Organisation)
        .join(Organisation, Organisation.id == KnownPerson.organisation_id)
        .where(KnownPerson.id == invitation.person_id, Organisation.id == invitation.organisation_id)
    ).one_or_none()
    if found is None:
        raise InvitationError("This link is not one of ours")
    person, organisation = found
    if now - invitation.made_at >= LINK_LASTS:
        raise InvitationError("This link has expired: each is good for 10 minutes")
    if person.signed_out_at and invitation.made_at <= person.signed_out_at:
        raise InvitationError("You signed out everywhere since this link was made")
    if session.scalar(select(SignIn.id).where(SignIn.link == invitation.number)):
        raise InvitationError(_USED)
    return _signed_in(organisation, person, invitation.route)


def signed_in(engine: Engine, held: str, now: datetime) -> SignedIn | None:
    """Whose browser holds this; None for what is made up, over, or signed out."""
    with Session(engine) as session, session.begin():
        found = session.execute(
            select(SignIn, KnownPerson, Organisation)
            .join(KnownPerson, KnownPerson.id == SignIn.person_id)
            .join(Organisation, Organisation.id == SignIn.organisation_id)
            .where(SignIn.cookie == _hashed(held), ~SignIn.ended, SignIn.began_at > now - SESSION_LASTS)
        ).one_or_none()
        if found is None:
            return None
        one, person, organisation = found
        if person.signed_out_at and one.began_at <= person.signed_out_at:
            return None
        names = names_for_pages(session, organisation)
        return replace(_signed_in(organisation, person, one.route, one.id), names=names)


def _signed_in(organisation: Organisation, person: KnownPerson, route: str, number: int = 0) -> SignedIn:
    direct = Address(person.platform, person.direct_route) if person.direct_route else None
    who = Person(person.person_id, person.name, person.called, direct)
    return SignedIn(organisation.name, who, Address(person.platform, route, f"page {number}"))


@transaction
def sign_out(engine: Engine, held: str) -> None:
    """End one sign-in. Its link stays used."""
    with engine.begin() as connection:
        connection.execute(update(SignIn).where(SignIn.cookie == _hashed(held)).values(ended=True))


def sign_out_all(session: Session, organisation_id: int, platform: str) -> None:
    """End every sign-in of an organisation's people on a platform that it left."""
    people = select(KnownPerson.id).where(
        KnownPerson.organisation_id == organisation_id, KnownPerson.platform == platform
    )
    session.execute(delete(SignIn).where(SignIn.person_id.in_(people)))


def sign_out_everywhere(turn: Turn, _: SignOutEverywhere) -> Reply:
    turn.person.signed_out_at = turn.message.sent_at
    return Reply(
        "You are signed out of the pages on every device, and links that you have not used yet no longer work.",
        next_step="To sign in again, type for example: board",
    )


def _hashed(held: str) -> str:
    """A cookie cannot be read out of the database and used."""
    return hashlib.sha256(held.encode()).hexdigest()
