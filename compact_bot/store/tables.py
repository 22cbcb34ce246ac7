"""The tables. Every row belongs to one organisation, and is never read for another."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from compact_bot.tracing import current_trace
from compact_bot.understanding.acts import FeedbackKind, FeedbackState


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC: SQLite gives datetimes back without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DeadlineState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class StepState(StrEnum):
    """`PASSED`: its day was past before it was tracked. `MISSED`: it could have been met, and was not."""

    OPEN = "open"
    DONE = "done"
    PASSED = "passed"
    MISSED = "missed"


class NudgePurpose(StrEnum):
    """What a nudge is about: a step, the weekly digest, the status of feedback for whoever logged it, something that
    was given to somebody, or the feedback that waits for a Compact lead."""

    STEP = "step"
    DIGEST = "digest"
    NEWS = "news"
    GIVEN = "given"
    WAITING = "waiting"


class NudgeState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GAVE_UP = "gave_up"
    CANCELLED = "cancelled"


def _kept_as_words(states: type[StrEnum], length: int = 10) -> Enum:
    """A column of plain words, so that a new state needs no new type in the database."""
    return Enum(states, native_enum=False, length=length, values_callable=lambda kind: [str(state) for state in kind])


class Table(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime, str: Text}


class Partnership(Table):
    """Organisations that share their deadlines, feedback and review; each names it in its own row."""

    __tablename__ = "partnerships"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]


class Organisation(Table):
    """A workspace, a tenant, or this machine: `name` is how its door knows it, `called` how its partners know it.

    `left_at` is when it took the assistant out everywhere; what it kept is erased some time after that. `wrong_codes`
    are those that its people typed lately, the last one at `wrong_code_at`.
    """

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    left_at: Mapped[datetime | None]
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnerships.id"), index=True)
    called: Mapped[str] = mapped_column(String(100), default="", server_default="")
    wrong_codes: Mapped[int] = mapped_column(default=0, server_default="0")
    wrong_code_at: Mapped[datetime | None]


class LinkCode(Table):
    """A code that a Compact lead asked for, to be typed by one in another organisation; only its hash is kept.

    `typed_by` is the organisation where it was typed and that has still to say yes: no other can use it then.
    """

    __tablename__ = "link_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)


class FormerNumber(Table):
    """A number that no longer leads to what it did: the 1 of a D1 ("D") or F1 ("F"), as an organisation knew it.

    Its record, of the organisation `holder_id`, is now number `became`; 0 where that organisation is a partner no more.
    """

    __tablename__ = "former_numbers"
    __table_args__ = (UniqueConstraint("organisation_id", "letter", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    letter: Mapped[str] = mapped_column(String(1))
    number: Mapped[int]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="SET NULL"), index=True)
    became: Mapped[int] = mapped_column(default=0, server_default="0")


class Heartbeat(Table):
    """When a process that sends nudges last did its round: what tells that nudges have stopped."""

    __tablename__ = "heartbeats"

    worker: Mapped[str] = mapped_column(String(80), primary_key=True)
    beat_at: Mapped[datetime]


class ReceivedMessage(Table):
    """Flushed first in the transaction of its work, so that a message sent again is not acted on twice."""

    __tablename__ = "received_messages"
    __table_args__ = (UniqueConstraint("organisation_id", "platform", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(default="", server_default="")  # kept where its reader may share it


class KnownPerson(Table):
    """Somebody who spoke: how they are named and reached, the side they are on ("" until they say), and their role.

    `seen_in` is the first day of the month in which they last spoke by their name: no finer, since it is only kept to
    know when they can be forgotten.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("organisation_id", "platform", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str] = mapped_column(String(200))
    side: Mapped[str] = mapped_column(String(100), default="", server_default="")
    name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    called: Mapped[str] = mapped_column(String(100), default="", server_default="")
    direct_route: Mapped[str] = mapped_column(String(400), default="", server_default="")
    nudged_directly: Mapped[bool] = mapped_column(default=False, server_default=false())
    signed_out_at: Mapped[datetime | None]  # everywhere: no link or session from before counts any more
    is_lead: Mapped[bool] = mapped_column(default=False, server_default=false())
    seen_in: Mapped[date | None]


class SignIn(Table):
    """Somebody signed in to the pages by the private link with this number, which opens nothing twice.

    `cookie` is a hash of what their browser holds; `route` is where they asked for the link: what they do at a page
    counts as said there.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    link: Mapped[str] = mapped_column(String(40), unique=True)
    cookie: Mapped[str] = mapped_column(String(64), unique=True)
    route: Mapped[str] = mapped_column(String(400))
    began_at: Mapped[datetime] = mapped_column(index=True)
    ended: Mapped[bool] = mapped_column(default=False)


class OpenHome(Table):
    """Somebody who opened their page of what is due, which is drawn again when something changes."""

    __tablename__ = "open_homes"
    __table_args__ = (UniqueConstraint("organisation_id", "platform", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str] = mapped_column(String(200))
    opened_at: Mapped[datetime]


class Place(Table):
    """A place where the bot has posted, and so introduced itself."""

    __tablename__ = "places"
    __table_args__ = (UniqueConstraint("organisation_id", "platform", "route"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(400))


class ConversationReference(Table):
    """How a platform's place is reached, as the platform said it last; `within` is the team that it belongs to."""

    __tablename__ = "conversation_references"
    __table_args__ = (UniqueConstraint("platform", "route"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    platform: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(400))
    within: Mapped[str] = mapped_column(String(200), default="", server_default="")
    reference: Mapped[dict[str, Any]] = mapped_column(JSON)


class Outgoing(Table):
    """An answer that is on its way to a chat; deleted when it is there, or after a day.

    `way` is the door's own: for whom it is, and how it gets there. Whoever has it in hand moves `due_at` on.
    """

    __tablename__ = "outgoing"
    __table_args__ = (Index("ix_outgoing_platform_due_at", "platform", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(400))
    thread: Mapped[str] = mapped_column(String(200), default="", server_default="")
    way: Mapped[dict[str, Any]] = mapped_column(JSON)
    reply: Mapped[str]  # as compact_bot/outbox/letters.py writes it
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    posted: Mapped[int] = mapped_column(default=0, server_default="0")  # parts of it that are there already
    last_error: Mapped[str] = mapped_column(String(200), default="", server_default="")
    created_at: Mapped[datetime]


class Thread(Table):
    """What a conversation was last about, so that "and for VCOs?" is understood. Forgotten after a day."""

    __tablename__ = "threads"
    __table_args__ = (UniqueConstraint("organisation_id", "platform", "route", "thread"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(400))
    thread: Mapped[str] = mapped_column(String(200), default="", server_default="")
    question: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(String(40), default="")
    waiting: Mapped[str] = mapped_column(default="", server_default="")  # what was asked back: acts, as JSON
    deadline: Mapped[int] = mapped_column(default=0, server_default="0")  # the 12 of the D12 spoken of last
    spoken_at: Mapped[datetime] = mapped_column(index=True)


class Contact(Table):
    """A current contact that the organisation has set beside those printed in the agreement."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    details: Mapped[str]
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]


class OrganisationSettings(Table):
    """What an organisation chose: where nudges go, when, and who leads on the Compact.

    No digest comes where `digest_weekday` is None, and nothing at all while it is `stopped`. `lead` is the name of
    whoever was named last; `lead_id` is that person, once they are known.
    """

    __tablename__ = "organisation_settings"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    timezone: Mapped[str] = mapped_column(String(60))
    nudge_at: Mapped[str] = mapped_column(String(5), default="09:30")
    digest_weekday: Mapped[int | None] = mapped_column(default=0)
    digest_at: Mapped[str] = mapped_column(String(5), default="09:30")
    platform: Mapped[str] = mapped_column(String(20), default="")
    route: Mapped[str] = mapped_column(String(400), default="")
    set_up_by: Mapped[str] = mapped_column(String(100), default="", server_default="")  # who chose that place
    stopped: Mapped[bool] = mapped_column(default=False, server_default=false())  # no nudges until somebody asks
    stopped_by: Mapped[str] = mapped_column(String(100), default="", server_default="")
    stopped_on: Mapped[date | None]
    lost_at: Mapped[datetime | None]  # since when that place takes nothing: nudges go to people meanwhile
    lost_because: Mapped[str] = mapped_column(String(200), default="", server_default="")
    lead: Mapped[str] = mapped_column(String(200), default="")
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    last_deadline: Mapped[int] = mapped_column(default=0)
    last_feedback: Mapped[int] = mapped_column(default=0, server_default="0")
    agreement: Mapped[str] = mapped_column(String(100), default="", server_default="")  # "": the first that is served


class ClosedDay(Table):
    """A day on which the organisation is shut, beside weekends and bank holidays."""

    __tablename__ = "closed_days"
    __table_args__ = (UniqueConstraint("organisation_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    day: Mapped[date]


class Deadline(Table):
    """Something with dates that the organisation tracks; `number` is the 12 of D12, counted per organisation, and
    for all partners together while it has any.

    `owner` is how the owner was named; `owner_id` is that person, where one known person is meant. `edition` is the
    agreement under which it was made, whose clauses and periods it keeps.
    """

    __tablename__ = "deadlines"
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    owner: Mapped[str] = mapped_column(String(100))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    state: Mapped[DeadlineState] = mapped_column(_kept_as_words(DeadlineState), default=DeadlineState.OPEN)
    anchors: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    leads: Mapped[str] = mapped_column(String(200), default="")
    snoozed_until: Mapped[date | None]
    clause: Mapped[str] = mapped_column(String(40), default="")
    rationale: Mapped[str] = mapped_column(default="")
    platform: Mapped[str] = mapped_column(String(20), default="")  # where it was tracked: the other way to its owner
    route: Mapped[str] = mapped_column(String(400), default="")
    created_at: Mapped[datetime]
    edition: Mapped[str] = mapped_column(String(100), default="", server_default="")
    milestones: Mapped[list["Milestone"]] = relationship(
        back_populates="deadline", order_by="Milestone.due_on, Milestone.id", cascade="all, delete-orphan"
    )
    changes: Mapped[list["Change"]] = relationship(order_by="Change.id", cascade="all, delete-orphan")

    @property
    def code(self) -> str:
        return f"D{self.number}"


class Milestone(Table):
    """One date of a deadline. `done_note` keeps how it was done, `done_on` when."""

    __tablename__ = "milestones"

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    clause: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date]
    state: Mapped[StepState] = mapped_column(_kept_as_words(StepState), default=StepState.OPEN)
    done_on: Mapped[date | None]
    done_note: Mapped[str] = mapped_column(default="")
    deadline: Mapped[Deadline] = relationship(back_populates="milestones")


class Change(Table):
    """Who changed a deadline or feedback, when, what, and from where; `before` is enough to undo it.

    `organisation_id` is whose the person is, who may have changed what is a partner's.

    With neither, it changed the organisation's closed days. Logging anonymous feedback is never one. What was changed
    together with others in one message names the first of them as `part_of`, and is undone with it.
    """

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id", ondelete="CASCADE"), index=True)
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    part_of: Mapped[int | None] = mapped_column(ForeignKey("changes.id", ondelete="CASCADE"))
    who: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[str] = mapped_column(String(200))
    platform: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    what: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    undone: Mapped[bool] = mapped_column(default=False)


class Nudge(Table):
    """One thing to say at a place and a time; all that is due at one place together leaves as one message.

    It is about a milestone or some feedback, or about no single thing. `due_at` comes from a local date, the
    organisation's hour and its zone.
    """

    __tablename__ = "nudges"
    __table_args__ = (
        UniqueConstraint("milestone_id", "platform", "route", "planned_for", "purpose"),
        Index(
            "ix_nudges_due",
            "due_at",
            sqlite_where=text("state IN ('waiting', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        Index(
            "ix_nudges_place",
            "route",
            sqlite_where=text("state IN ('waiting', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id", ondelete="CASCADE"))
    feedback_id: Mapped[int | None] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    purpose: Mapped[NudgePurpose] = mapped_column(
        _kept_as_words(NudgePurpose), default=NudgePurpose.STEP, server_default=NudgePurpose.STEP
    )
    platform: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(400))
    planned_for: Mapped[date]
    due_at: Mapped[datetime]
    state: Mapped[NudgeState] = mapped_column(_kept_as_words(NudgeState), default=NudgeState.WAITING)
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str] = mapped_column(String(80), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(200), default="")
    instead: Mapped[bool] = mapped_column(default=False)  # stands in for one that could not be delivered
    message_ref: Mapped[str] = mapped_column(String(400), default="")
    sent_at: Mapped[datetime | None]
    trace: Mapped[str] = mapped_column(String(16), default=current_trace, server_default="")  # of the planning message
    milestone: Mapped[Milestone | None] = relationship()
    feedback: Mapped["Feedback | None"] = relationship()


class Feedback(Table):
    """How the Compact was kept, as somebody logged it; `number` is the 7 of F7, counted as those of deadlines are.

    An anonymous one has nothing here of who sent it, from where or at what time: `logged_at`, `who`, `person_id`,
    `platform`, `route` and `link` stay empty. Nor does anything tell where it stands among the others: `id` is drawn
    at random for all, `number` for anonymous ones. `content` is a hash of what an anonymous one says, so that the same
    words of the same day count once without knowing whose they are.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("organisation_id", "number"),
        Index("ix_feedback_happened", "organisation_id", "happened_on"),
        Index("ix_feedback_person", "organisation_id", "platform", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int]
    kind: Mapped[FeedbackKind] = mapped_column(_kept_as_words(FeedbackKind, 12))
    what: Mapped[str]
    about: Mapped[str] = mapped_column(String(200), default="")
    behalf: Mapped[str] = mapped_column(String(200), default="")
    happened_on: Mapped[date]
    link: Mapped[str] = mapped_column(String(1000), default="")
    anonymous: Mapped[bool] = mapped_column(default=False)
    logged_on: Mapped[date]
    logged_at: Mapped[datetime | None]
    who: Mapped[str] = mapped_column(String(100), default="")
    person_id: Mapped[str] = mapped_column(String(200), default="")
    platform: Mapped[str] = mapped_column(String(20), default="")  # where its reporter is told of changes
    route: Mapped[str] = mapped_column(String(400), default="")
    content: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[FeedbackState] = mapped_column(_kept_as_words(FeedbackState, 12), default=FeedbackState.OPEN)
    outcome: Mapped[str] = mapped_column(default="")
    owner: Mapped[str] = mapped_column(String(100), default="")
    edition: Mapped[str] = mapped_column(String(100), default="", server_default="")
    clauses: Mapped[list["FeedbackClause"]] = relationship(
        order_by="FeedbackClause.place", cascade="all, delete-orphan", lazy="selectin"
    )
    changes: Mapped[list[Change]] = relationship(order_by="Change.id", cascade="all, delete-orphan")


class FeedbackClause(Table):
    """A clause that feedback is about; `place` keeps the order in which they were named."""

    __tablename__ = "feedback_clauses"
    __table_args__ = ({"sqlite_with_rowid": False},)  # SQLite's own row numbers would tell the order of entries

    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), primary_key=True)
    clause: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[int] = mapped_column(default=0)


class QuestionCount(Table):
    """How often in a month a question got a verdict (silent, unhelpful or helped), without its words or who asked.

    `clause` is the one that comes nearest, `subject` the listed silence that it is about; either may be "".
    """

    __tablename__ = "question_counts"
    __table_args__ = (
        UniqueConstraint(
            "organisation_id", "month", "verdict", "clause", "subject", "edition", name="uq_question_counts_of_a_month"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    month: Mapped[date]  # its first day
    verdict: Mapped[str] = mapped_column(String(12))
    clause: Mapped[str] = mapped_column(String(40), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    edition: Mapped[str] = mapped_column(String(100), default="", server_default="")  # of which it was asked
    times: Mapped[int] = mapped_column(default=1)


class AskedQuestion(Table):
    """A question in vain whose words may be kept for leads: asked where others read along, or passed on by its asker.

    Its words are without names and personal details, never by whom, and no longer than COMPACT_GAPS_DAYS.
    """

    __tablename__ = "asked_questions"
    __table_args__ = (UniqueConstraint("organisation_id", "verdict", "words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    verdict: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(String(500))
    times: Mapped[int] = mapped_column(default=1)
    asked_on: Mapped[date] = mapped_column(index=True)  # the last time


class TaughtPhrasing(Table):
    """A wording that an organisation's lead tied to a clause, for this organisation alone."""

    __tablename__ = "taught_phrasings"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    words: Mapped[str] = mapped_column(String(200))
    clause: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(100), default="", server_default="")  # whose clause it is
    taught_by: Mapped[str] = mapped_column(String(100))
    taught_at: Mapped[datetime]


class Import(Table):
    """A list that somebody brought: the file as it came, until it is kept or left, a day at most.

    `choices` is what they said about its columns. `change_id` is the first change of what was kept, under which all of
    it can be taken back.
    """

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    platform: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str] = mapped_column(String(200))
    who: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(index=True)
    file: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("changes.id", ondelete="SET NULL"), index=True)
    undone: Mapped[bool] = mapped_column(default=False, server_default=false())


class CalendarAddress(Table):
    """The private address of a calendar: a person's own deadlines, or with no person all of the organisation's.

    The address itself is nowhere: `fingerprint` is its hash, so that nobody who reads this table can read a calendar.
    """

    __tablename__ = "calendar_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]


class Mailbox(Table):
    """An e-mail address that a person gets nudges at, or wants their team's to go to; `code` proves that it is theirs.

    None go there before the code came back. It is a hash of what was sent there, "" while it still has to be; `tries`
    are those that were wrong.
    """

    __tablename__ = "mailboxes"
    __table_args__ = (UniqueConstraint("organisation_id", "person_id", "for_team"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    for_team: Mapped[bool] = mapped_column(default=False, server_default=false())
    address: Mapped[str] = mapped_column(String(254), index=True)
    asked_at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(64), default="", server_default="")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    confirmed_at: Mapped[datetime | None]
