"""Who acts, what their organisation has set, and who leads: what deadlines and feedback both stand on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, object_session

from compact_bot.closed_days import ClosedDays
from compact_bot.conversation import Address, Reply
from compact_bot.store.database import inserting
from compact_bot.store.tables import ClosedDay, KnownPerson, Organisation, OrganisationSettings
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Named

LONGEST_NAME = 100


@dataclass(frozen=True)
class Actor:
    """Who changes something, when, and from where."""

    name: str
    person_id: str
    address: Address
    at: datetime
    is_guest: bool = False


def actor(turn: Turn) -> Actor:
    message = turn.message
    return Actor(message.sender.name, message.sender.id, message.address, message.sent_at, message.is_guest)


def no_guest(turn: Turn) -> None:
    """Raises Refused for somebody whose organisation has not installed the assistant: there is nothing to choose."""
    if turn.message.is_guest:
        raise Refused(
            Reply(
                "Your own organisation has not added me, so this cannot be chosen for it. Nothing was changed.",
                next_step="Ask me anything, or log feedback; it is kept for your own organisation. "
                "For the rest, ask whoever looks after your chat to add me there.",
            )
        )


# ---- what an organisation has set -----------------------------------------------------------------------------------


def settings(turn: Turn) -> OrganisationSettings:
    return settings_of(turn.session, turn.organisation, turn.timezone)


def settings_of(session: Session, organisation: Organisation, zone: str) -> OrganisationSettings:
    found = session.get(OrganisationSettings, organisation.id)
    if found is None:
        new = inserting(session.connection().dialect.name, OrganisationSettings)
        new = new.values(organisation_id=organisation.id, timezone=zone, lead="")
        session.execute(new.on_conflict_do_nothing(index_elements=("organisation_id",)))  # another may be first
        found = session.get_one(OrganisationSettings, organisation.id)
    return found


def today(turn: Turn) -> date:
    return local_today(settings(turn), turn.message.sent_at)


def local_today(settings: OrganisationSettings, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.timezone)).date()


def closed_days_of(session: Session, organisation_id: int) -> ClosedDays:
    return ClosedDays(session.scalars(select(ClosedDay.day).where(ClosedDay.organisation_id == organisation_id)).all())


# ---- people ---------------------------------------------------------------------------------------------------------


def bare(name: str) -> str:
    return name.casefold().lstrip("@").strip()


def people_called(session: Session, organisation: Organisation, name: str) -> Sequence[KnownPerson]:
    """Those who spoke under a name: as the platform names them, which nobody chooses for themselves."""
    return session.scalars(select(KnownPerson).where(_called(organisation.id, name))).all()


def is_called_alone(person: KnownPerson) -> bool:
    """Whether nobody else on their platform has this person's name."""
    session = object_session(person)
    assert session is not None  # noqa: S101  # whoever is asked about was just read
    others = select(KnownPerson.id).where(_called(person.organisation_id, person.name), KnownPerson.id != person.id)
    return session.scalar(others.where(KnownPerson.platform == person.platform).limit(1)) is None


def _called(organisation_id: int, name: str) -> ColumnElement[bool]:
    return and_(
        KnownPerson.organisation_id == organisation_id,
        # SQLite lowers no letters beyond ASCII: "José Álvarez" is found as it is written.
        or_(
            func.lower(KnownPerson.name).in_((bare(name), f"@{bare(name)}", name.lower())),
            KnownPerson.name.in_((name.strip(), f"@{name.strip()}")),
        ),
    )


def names_for_pages(session: Session, organisation: Organisation) -> dict[str, str]:
    """Plain names of those whom their platform names by a mark that only it can read, as in "@U02AB"."""
    marked = select(KnownPerson.name, KnownPerson.called).where(
        KnownPerson.organisation_id == organisation.id, KnownPerson.called != "", KnownPerson.called != KnownPerson.name
    )
    return {row.name: row.called for row in session.execute(marked)}


def person_meant(turn: Turn, named: Named) -> KnownPerson | None:
    """The person whose id was given, else the only one who is called so; two of one name cannot be told apart."""
    if named.id:
        return turn.session.scalar(
            select(KnownPerson).where(
                KnownPerson.organisation_id == turn.organisation.id,
                KnownPerson.platform == turn.message.address.platform,
                KnownPerson.person_id == named.id,
            )
        )
    found = people_called(turn.session, turn.organisation, named.name)
    return found[0] if len(found) == 1 else None


def picked(turn: Turn, name: str) -> Named:
    """Whoever was picked in a form, or its sender, by their id where it is known."""
    known = (*turn.message.mentioned, turn.message.sender)
    return Named(name, next((one.id for one in known if one.name == name), ""))


# ---- who leads on the Compact ---------------------------------------------------------------------------------------


def leads_of(session: Session, organisation: Organisation) -> Sequence[KnownPerson]:
    return session.scalars(
        select(KnownPerson)
        .where(KnownPerson.organisation_id == organisation.id, KnownPerson.is_lead)
        .order_by(KnownPerson.id)
    ).all()


def is_lead(turn: Turn) -> bool:
    """Whether the person leads; one who was named as lead before they ever spoke is known by that name now."""
    if not turn.person.is_lead and _was_awaited(turn):
        turn.person.is_lead = True
        settings(turn).lead_id = turn.person.id
    return turn.person.is_lead


def _was_awaited(turn: Turn) -> bool:
    kept = turn.session.get(OrganisationSettings, turn.organisation.id)
    if kept is None or not kept.lead or kept.lead_id is not None or bare(kept.lead) != bare(turn.message.sender.name):
        return False
    return len(people_called(turn.session, turn.organisation, kept.lead)) == 1 and not any(
        bare(lead.name) == bare(kept.lead) for lead in leads_of(turn.session, turn.organisation)
    )


def only_leads(turn: Turn, what: str) -> None:
    """Raises Refused for somebody who does not lead, saying who does."""
    if is_lead(turn):
        return
    leads = leads_of(turn.session, turn.organisation)
    if not leads:
        raise Refused(
            Reply(
                f"Only a Compact lead can {what}, and nobody leads here yet. Nothing was changed.",
                next_step="To name the first one, type for example: lead Amina, or: lead me",
            )
        )
    raise Refused(
        Reply(
            f"Only a Compact lead can {what}. Here that is {', '.join(lead.name for lead in leads)}. "
            "Nothing was changed.",
            next_step="Ask one of them, or ask them to add you with: lead NAME",
        )
    )
