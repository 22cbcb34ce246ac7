"""Where a platform can be written to unasked: kept as the platform said it last, and forgotten when it shows us out."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, or_, select, update
from sqlalchemy.orm import Session

from compact_bot.conversation import Address
from compact_bot.nudges.planning import REMOVED_FROM_PLACE
from compact_bot.partnership.linking import leave_partnership
from compact_bot.store.again import transaction
from compact_bot.store.database import inserting
from compact_bot.store.records import hold, organisation_called
from compact_bot.store.tables import ConversationReference, Organisation, OrganisationSettings


class References:
    """One platform's references. Each call is a transaction of its own, and none is open while something is sent."""

    def __init__(self, engine: Engine, platform: str, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._platform = platform
        self._clock = clock

    def is_kept(self, address: Address, reference: Mapping[str, Any]) -> bool:
        """Whether exactly this is stored, as only the database knows: another process may have forgotten it."""
        return self.find(address.route) == reference

    @transaction
    def keep(self, organisation: str, address: Address, within: str, reference: Mapping[str, Any]) -> bool:
        """Store how a place is reached now. True when it was not known before."""
        key = {"platform": self._platform, "route": address.route}
        values = {"within": within, "reference": dict(reference)}
        with self._engine.begin() as connection:
            owner = organisation_called(connection, organisation)
            new = inserting(connection.dialect.name, ConversationReference).on_conflict_do_nothing(index_elements=key)
            added = connection.execute(new, {**key, **values, "organisation_id": owner.id})
            if not added.rowcount:
                connection.execute(update(ConversationReference).filter_by(**key).values(**values))
        return bool(added.rowcount)

    def find(self, route: str) -> dict[str, Any] | None:
        """Read from the database each time: another process may have stored a newer one, or forgotten it."""
        with Session(self._engine) as session:
            return session.scalar(
                select(ConversationReference.reference).filter_by(platform=self._platform, route=route)
            )

    def forget(self, route: str) -> None:
        """The platform says that this place is gone."""
        with Session(self._engine) as session, session.begin():
            session.execute(delete(ConversationReference).filter_by(platform=self._platform, route=route))

    @transaction
    def shown_out(self, organisation: str, address: Address, within: str) -> None:
        """Uninstalled from a place, or from a whole team: forget how to reach it; its nudges go to people meanwhile.

        What was tracked stays for a while: with its last place the whole organisation has left.
        """
        with Session(self._engine) as session, session.begin():
            owner = organisation_called(session.connection(), organisation)
            hold(session.connection(), owner.id)
            here = ConversationReference.route == address.route
            theirs = (
                ConversationReference.organisation_id == owner.id,
                ConversationReference.platform == self._platform,
                or_(here, ConversationReference.within == within) if within else here,
            )
            routes = {address.route, *session.scalars(select(ConversationReference.route).where(*theirs))}
            session.execute(delete(ConversationReference).where(*theirs))
            reached = select(ConversationReference.id).where(ConversationReference.organisation_id == owner.id)
            if session.scalar(reached.limit(1)) is None:
                session.execute(update(Organisation).where(Organisation.id == owner.id).values(left_at=self._clock()))
                leave_partnership(session, owner.id, self._clock())
            settings = session.get(OrganisationSettings, owner.id)
            if settings and settings.platform == self._platform and settings.route in routes:
                settings.lost_at, settings.lost_because = settings.lost_at or self._clock(), REMOVED_FROM_PLACE
