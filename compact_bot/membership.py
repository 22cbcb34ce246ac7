"""An organisation's coming and going on a platform, and who is looking at their home there."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from compact_bot.conversation import Person
from compact_bot.nudges.planning import REMOVED
from compact_bot.partnership.linking import leave_partnership
from compact_bot.signing_in import sign_out_all
from compact_bot.store.again import transaction
from compact_bot.store.database import inserting
from compact_bot.store.records import hold, organisation_called, person_called
from compact_bot.store.tables import (
    CalendarAddress,
    KnownPerson,
    Mailbox,
    Nudge,
    OpenHome,
    Organisation,
    OrganisationSettings,
)

STAYS_OPEN = timedelta(hours=1)  # no platform says when a home is closed
MOST_HOMES = 50


@transaction
def installed(engine: Engine, organisation: str, platform: str, person: Person) -> int:
    """Somebody installed the assistant: the first to do so leads on the Compact until they name others.

    The id of their organisation, which goes with the buttons of what they are told.
    """
    with Session(engine) as session, session.begin():
        ours = organisation_called(session.connection(), organisation)
        hold(session.connection(), ours.id)
        session.execute(update(Organisation).where(Organisation.id == ours.id).values(left_at=None))
        installer = person_called(session, ours, platform, person)
        session.flush()
        leads = select(KnownPerson.id).where(KnownPerson.organisation_id == ours.id, KnownPerson.is_lead)
        if session.scalar(leads.limit(1)) is None:
            installer.is_lead = True
        return ours.id


@transaction
def removed(engine: Engine, organisation: str, platform: str, now: datetime) -> None:
    """The assistant was taken out of a workspace: nudges stop until it is back, calendars and e-mails end.

    What was tracked is kept a while. Its partners go on without it, and are told.
    """
    with Session(engine) as session, session.begin():
        ours = organisation_called(session.connection(), organisation)
        hold(session.connection(), ours.id)
        leave_partnership(session, ours.id, now)
        sign_out_all(session, ours.id, platform)
        session.execute(delete(CalendarAddress).where(CalendarAddress.organisation_id == ours.id))
        session.execute(delete(Mailbox).where(Mailbox.organisation_id == ours.id))
        session.execute(update(Organisation).where(Organisation.id == ours.id).values(left_at=now))
        session.execute(
            update(OrganisationSettings)
            .where(OrganisationSettings.organisation_id == ours.id, OrganisationSettings.platform == platform)
            .where(OrganisationSettings.lost_because != REMOVED)
            .values(lost_at=now, lost_because=REMOVED)
        )
        session.execute(
            update(Nudge)
            .where(
                Nudge.organisation_id == ours.id,
                Nudge.platform.in_((platform, "email")),
                Nudge.state.in_(("waiting", "sending")),
            )
            .values(state="cancelled")
        )


def organisations_met(engine: Engine, platform: str) -> dict[str, str]:
    """Those that have a place or a person there, each with the way to one of them."""
    people = select(Organisation.name, KnownPerson.direct_route.label("route")).join(KnownPerson)
    places = select(Organisation.name, OrganisationSettings.route).join(OrganisationSettings)
    wanted = people.where(KnownPerson.platform == platform, KnownPerson.direct_route != "").union(
        places.where(OrganisationSettings.platform == platform)
    )
    with engine.connect() as connection:
        return {row.name: row.route for row in connection.execute(wanted)}


@transaction
def home_opened(engine: Engine, organisation: str, platform: str, person_id: str, now: datetime) -> None:
    with Session(engine) as session, session.begin():
        ours = organisation_called(session.connection(), organisation)
        key = {"organisation_id": ours.id, "platform": platform, "person_id": person_id}
        statement = inserting(session.connection().dialect.name, OpenHome).values(opened_at=now, **key)
        session.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"opened_at": now}))


def homes_open(engine: Engine, organisation: str, platform: str, now: datetime) -> list[str]:
    """The people of an organisation who may be looking at their home, the latest first."""
    with Session(engine) as session, session.begin():
        looking = (
            select(OpenHome.person_id)
            .join(Organisation)
            .where(Organisation.name == organisation, OpenHome.platform == platform)
            .where(OpenHome.opened_at > now - STAYS_OPEN)
            .order_by(OpenHome.opened_at.desc())
            .limit(MOST_HOMES)
        )
        return list(session.scalars(looking))
