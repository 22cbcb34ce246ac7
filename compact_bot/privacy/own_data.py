"""Everything that is kept of one person, as they may ask to see it: in plain lines, and as JSON for another program."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from compact_bot.conversation import File
from compact_bot.privacy.forgetting import traces_of
from compact_bot.privacy.subject import BY_ROUTE, NAMES, Subject, owner_of
from compact_bot.store.tables import (
    CalendarAddress,
    Change,
    Deadline,
    Feedback,
    Import,
    KnownPerson,
    Mailbox,
    Nudge,
    OpenHome,
    SignIn,
    Table,
)

# Says nothing of them, or opens a door.
_LEFT_OUT = {
    "before",
    "content",
    "organisation_id",
    "leased_by",
    "lease_until",
    "code",
    "fingerprint",
    "cookie",
    "link",
}


@dataclass(frozen=True)
class Section:
    """One kind of record: `lines` for reading, `rows` whole."""

    title: str
    lines: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]


def sections_of(session: Session, subject: Subject, zone: ZoneInfo) -> list[Section]:
    kinds: tuple[tuple[str, type[Table], ColumnElement[bool], Callable[[Any], str]], ...] = (
        ("Deadlines that you own", Deadline, subject.is_owner(), lambda one: f"{one.code} {one.title}"),
        (
            "What you changed",
            Change,
            subject.is_their(Change),
            lambda one: f"{one.at.astimezone(zone):%d/%m/%Y %H:%M}: {one.what}",
        ),
        (
            "Feedback that you logged by name",
            Feedback,
            subject.is_their(Feedback),
            lambda one: f"F{one.number}, {one.logged_on:%d/%m/%Y}: {one.what}",
        ),
        (
            "When you looked at your home",
            OpenHome,
            subject.is_their(OpenHome),
            lambda one: f"{one.opened_at:%d/%m/%Y}",
        ),
        (
            "E-mail addresses for nudges",
            Mailbox,
            subject.is_theirs(Mailbox),
            lambda one: f"{one.address}{'' if one.confirmed_at else ', not proved yet'}",
        ),
        (
            "Private addresses of your calendar",
            CalendarAddress,
            subject.is_theirs(CalendarAddress),
            lambda one: f"made on {one.made_at:%d/%m/%Y}",
        ),
        ("Sign-ins to the pages", SignIn, subject.is_theirs(SignIn), lambda one: f"{one.began_at:%d/%m/%Y}"),
        ("Lists that you brought", Import, subject.is_their(Import), lambda one: f"{one.file}, {one.at:%d/%m/%Y}"),
        (
            "Nudges to you alone",
            Nudge,
            subject.is_place(Nudge),
            lambda one: f"for {one.planned_for:%d/%m/%Y}: {one.state}",
        ),
    )
    made: list[Section | None] = [_section("You", [subject.person] if subject.person else [], _you)]
    made += [_section(title, _all(session, table, theirs), line) for title, table, theirs, line in kinds]
    for table in BY_ROUTE:
        if table is not Nudge:
            rows = _all(session, table, subject.is_place(table))
            made.append(
                _section(
                    f"Where you are reached alone ({table.__tablename__.replace('_', ' ')})",
                    rows,
                    lambda one: one.route,
                )
            )
    for column in NAMES:
        named_in = cast(type[Table], column.class_)
        times = len(
            _all(session, named_in, (owner_of(column) == subject.organisation_id) & subject.is_named_by(column))
        )
        title = f"Your name in {named_in.__tablename__.replace('_', ' ')}"
        made.append(
            Section(title, (f"as {column.key.replace('_', ' ')}: {times:,}",), ({column.key: times},))
            if times
            else None
        )
    written = traces_of(session, subject).mentioned_in
    named = Section("Records whose words hold your name", tuple(written), tuple({"record": one} for one in written))
    return [one for one in (*made, named) if one and one.lines]


def _all(session: Session, table: type[Table], condition: ColumnElement[bool]) -> list[Any]:
    return list(session.scalars(select(table).where(condition).order_by(*inspect(table).primary_key)))


def _section(title: str, rows: Sequence[Any], line: Callable[[Any], str]) -> Section:
    return Section(title, tuple(line(row) for row in rows), tuple(map(_whole, rows)))


def _you(person: KnownPerson) -> str:
    told = [
        f"named {person.called or person.name}",
        f"id {person.person_id} on {person.platform}",
        f"reached alone at {person.direct_route}" if person.direct_route else "",
        f"on the side of {person.side}" if person.side else "",
        "a Compact lead" if person.is_lead else "",
        "nudged directly" if person.nudged_directly else "",
        f"last here in {person.seen_in:%B %Y}" if person.seen_in else "",
    ]
    return "; ".join(filter(None, told))


def _whole(row: Table) -> dict[str, Any]:
    kept = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in _LEFT_OUT}
    return {name: str(value) if isinstance(value, date | datetime) else value for name, value in kept.items()}


def files_of(sections: list[Section], day: date) -> tuple[File, ...]:
    """The same twice: to be read, and to be taken elsewhere."""
    words = "\n".join(_read_aloud(sections, day))
    whole = {section.title: section.rows for section in sections}
    return (
        File("my-data.txt", "text/plain; charset=utf-8", words.encode()),
        File("my-data.json", "application/json", json.dumps(whole, ensure_ascii=False, indent=1).encode()),
    )


def _read_aloud(sections: list[Section], day: date) -> Iterator[str]:
    yield f"What Compact Bot keeps of you, on {day:%d/%m/%Y}."
    yield "What you logged anonymously is not here: nobody can tell that it is yours."
    for section in sections:
        yield f"\n{section.title}: {len(section.lines)}"
        yield from (f"- {line}" for line in section.lines)
