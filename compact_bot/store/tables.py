"""The tables. Every row belongs to one organisation, and is never read for another."""

from datetime import UTC, datetime
from typing import ClassVar

from sqlalchemy import DateTime, Dialect, ForeignKey, MetaData, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


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


class Organisation(Table):
    """A workspace, a tenant, or this machine: `name` is how its door knows it."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class ReceivedMessage(Table):
    """Flushed first in the transaction of its work, so that a message sent again is not acted on twice."""

    __tablename__ = "received_messages"
    __table_args__ = (UniqueConstraint("organisation_id", "platform", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(index=True)


class KnownPerson(Table):
    """What somebody told us of themselves: the side they are on ("" until they say)."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("organisation_id", "platform", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[str] = mapped_column(String(200))
    side: Mapped[str] = mapped_column(String(100), default="")


class Thread(Table):
    """What a conversation was last about, so that "and for VCOs?" is understood. Forgotten after a day."""

    __tablename__ = "threads"
    __table_args__ = (UniqueConstraint("organisation_id", "platform", "route"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    platform: Mapped[str] = mapped_column(String(20))
    route: Mapped[str] = mapped_column(String(400))
    question: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(String(40), default="")
    waiting_for_side: Mapped[str] = mapped_column(default="")
    spoken_at: Mapped[datetime] = mapped_column(index=True)


class Contact(Table):
    """A current contact that the organisation has set beside those printed in the agreement."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    details: Mapped[str]
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
