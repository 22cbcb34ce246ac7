"""What an organisation has chosen, to look at on a page, with the acts that take parts of it back."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.closed_days import spans_of
from compact_bot.conversation import Person
from compact_bot.dates import WEEKDAYS
from compact_bot.organisation import leads_of, settings_of
from compact_bot.partnership.linking import name_of, partners_of, where
from compact_bot.store.records import organisation_called
from compact_bot.store.tables import ClosedDay, Contact, KnownPerson, OrganisationSettings


@dataclass(frozen=True)
class Chosen:
    """`place` says where nudges go; "" for nowhere yet. Spans are of days after each other."""

    place: str
    stopped: str
    nudge_at: str
    digest: str
    timezone: str
    nudged_directly: bool
    can_be_nudged_directly: bool
    leads: tuple[tuple[str, str], ...]  # as they are kept, and as they are called
    awaited_lead: str
    contacts: tuple[str, ...]
    closed: tuple[tuple[date, date], ...]
    called: str  # as partners read it
    partners: tuple[str, ...]


def look_at_settings(engine: Engine, name: str, timezone: str, platform: str, person: Person) -> Chosen:
    with Session(engine) as session, session.begin():
        ours = organisation_called(session.connection(), name)
        kept = settings_of(session, ours, timezone)
        leads = [(lead.name, lead.called or lead.name) for lead in leads_of(session, ours)]
        days = session.scalars(
            select(ClosedDay.day).where(ClosedDay.organisation_id == ours.id).order_by(ClosedDay.day)
        )
        theirs = session.scalar(
            select(KnownPerson).filter_by(organisation_id=ours.id, platform=platform, person_id=person.id)
        )
        contacts = select(Contact.details).where(Contact.organisation_id == ours.id).order_by(Contact.id)
        return Chosen(
            _place(kept),
            kept.stopped_by or "somebody" if kept.stopped else "",
            kept.nudge_at,
            "" if kept.digest_weekday is None else f"{WEEKDAYS[kept.digest_weekday].title()}s at {kept.digest_at}",
            kept.timezone,
            bool(theirs and theirs.nudged_directly),
            bool(theirs and theirs.direct_route),
            tuple(leads),
            kept.lead if kept.lead and kept.lead_id is None and kept.lead not in dict(leads) else "",
            tuple(session.scalars(contacts)),
            tuple(spans_of(days.all())),
            name_of(session, ours),
            tuple(f"{one.called}{where(one)}" for one in partners_of(session, ours.id) if one.id != ours.id),
        )


def _place(kept: OrganisationSettings) -> str:
    if not kept.platform:
        return ""
    here = "this page, and the terminal where the program runs"
    where = {"web": here, "console": here}
    chosen = f", as {kept.set_up_by} chose" if kept.set_up_by else ""
    return f"{where.get(kept.platform) or f'a place in {kept.platform.title()}'}{chosen}"
