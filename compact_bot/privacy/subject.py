"""Whose data it is, and where in the tables they stand."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from compact_bot.mail.mailboxes import PLATFORM as EMAIL
from compact_bot.organisation import bare, people_called
from compact_bot.store.scope import of_its_records
from compact_bot.store.tables import (
    CalendarAddress,
    Change,
    Contact,
    ConversationReference,
    Deadline,
    Feedback,
    Import,
    KnownPerson,
    Mailbox,
    Milestone,
    Nudge,
    OpenHome,
    Organisation,
    OrganisationSettings,
    Outgoing,
    Place,
    SignIn,
    TaughtPhrasing,
    Thread,
)

# Rows that say by the platform's id whose they are.
BY_ID = (Change, Feedback, OpenHome, Import)
# Rows that point at theirs, and go with it: the addresses of their calendar, their e-mail, their sign-ins.
BY_PERSON = (CalendarAddress, Mailbox, SignIn)
# Rows about a place, which may be one where a person is reached alone.
BY_ROUTE = (Place, ConversationReference, Thread, Outgoing, Nudge)
# Columns that hold nothing but a name, of tables that do not say whose it is.
NAMES: tuple[InstrumentedAttribute[str], ...] = (
    Contact.set_by,
    TaughtPhrasing.taught_by,
    CalendarAddress.made_by,
    Feedback.owner,
    OrganisationSettings.set_up_by,
    OrganisationSettings.stopped_by,
    OrganisationSettings.lead,
)
# What people write in their own words: it may name anybody, so it is theirs to change.
WORDS: tuple[InstrumentedAttribute[str], ...] = (
    Deadline.title,
    Deadline.rationale,
    Milestone.done_note,
    Change.what,
    Feedback.what,
    Feedback.about,
    Feedback.behalf,
    Feedback.outcome,
    Contact.details,
    TaughtPhrasing.words,
)


@dataclass(frozen=True)
class Subject:
    """A person of an organisation, or only a name that others gave; `is_only` says that nobody else has that name."""

    organisation_id: int
    name: str
    person: KnownPerson | None = None
    is_only: bool = True
    addresses: tuple[str, ...] = ()  # of their e-mail

    @property
    def mention(self) -> str:
        """How only the platform writes them ("@U024BE7LH"), which stands for nobody else and nothing else; or ""."""
        return self.name if self.person and self.name == f"@{self.person.person_id}" else ""

    @property
    def names(self) -> tuple[str, ...]:
        """How others may have written them: as they are named, and the plain name that a page shows."""
        called = self.person.called if self.person else ""
        return tuple(dict.fromkeys(bare(name) for name in (self.name, called) if bare(name)))

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """Where they are reached alone, as platform and route: in a chat, and by e-mail."""
        chat = ((self.person.platform, self.person.direct_route),) if self.person and self.person.direct_route else ()
        return (*chat, *((EMAIL, address) for address in self.addresses))

    def is_called(self, name: str) -> bool:
        return self.is_only and bare(name) in self.names

    def is_named_by(self, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """Rows where a column holds their name alone; none where two share it, since it may be the other's."""
        if not self.is_only:
            return false()
        ways = [way for name in self.names for way in (name, f"@{name}")]
        # SQLite lowers no letters beyond ASCII, so the name is looked for as it is written, too.
        return or_(func.lower(column).in_(ways), column.in_([self.name.strip(), f"@{self.name.strip()}"]))

    def is_their(self, table: type[Change] | type[Feedback] | type[OpenHome] | type[Import]) -> ColumnElement[bool]:
        """Rows that say by their id that they did it."""
        if self.person is None:
            return false()
        return and_(
            table.organisation_id == self.organisation_id,
            table.platform == self.person.platform,
            table.person_id == self.person.person_id,
        )

    def is_owner(self) -> ColumnElement[bool]:
        named = and_(Deadline.owner_id.is_(None), self.is_named_by(Deadline.owner))
        theirs = or_(Deadline.owner_id == self.person.id, named) if self.person else named
        return and_(Deadline.organisation_id == self.organisation_id, theirs)

    def is_place(
        self,
        table: type[Place]
        | type[ConversationReference]
        | type[Thread]
        | type[Outgoing]
        | type[Nudge]
        | type[Deadline]
        | type[OrganisationSettings],
    ) -> ColumnElement[bool]:
        """Rows about a place where they are reached alone."""
        theirs = [and_(table.platform == platform, table.route == route) for platform, route in self.places]
        return and_(table.organisation_id == self.organisation_id, or_(false(), *theirs))

    def is_theirs(self, table: type[CalendarAddress] | type[Mailbox] | type[SignIn]) -> ColumnElement[bool]:
        """Rows that point at theirs."""
        return table.person_id == (self.person.id if self.person else None)


def subject_of(session: Session, organisation: Organisation, person: KnownPerson) -> Subject:
    shared = [one for one in people_called(session, organisation, person.name) if one.id != person.id]
    addresses = session.scalars(select(Mailbox.address).where(Mailbox.person_id == person.id)).all()
    return Subject(organisation.id, person.name, person, bool(person.name) and not shared, tuple(set(addresses)))


def is_of(column: InstrumentedAttribute[str], organisation_id: int) -> ColumnElement[bool]:
    """Rows of an organisation; a milestone is its deadline's, and so is a change."""
    if column.class_ is Milestone:
        return Milestone.deadline.has(Deadline.organisation_id == organisation_id)
    if column.class_ is Change:  # partners' people change an organisation's records too, and say whose they are
        return of_its_records(organisation_id)
    return owner_of(column) == organisation_id


def owner_of(column: InstrumentedAttribute[str]) -> InstrumentedAttribute[int]:
    """The column of the same table that says whose row it is."""
    found: InstrumentedAttribute[int] = column.class_.organisation_id
    return found
