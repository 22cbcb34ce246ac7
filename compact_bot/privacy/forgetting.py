"""Forgetting a person. What was done stays in the history, who did it does not."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from compact_bot.privacy.subject import BY_PERSON, BY_ROUTE, NAMES, WORDS, Subject, is_of, owner_of
from compact_bot.store.scope import of_its_records, shared
from compact_bot.store.tables import (
    Change,
    Contact,
    Deadline,
    DeadlineState,
    Feedback,
    Import,
    Milestone,
    OpenHome,
    OrganisationSettings,
    Outgoing,
    ReceivedMessage,
    Table,
)

SOMEBODY = "somebody who was forgotten"
MENTION = "@somebody"  # in words, for a mention that only the platform makes
NO_OWNER = ""  # what a deadline says whose owner nobody knows
_NAMED_IN_HISTORY = ("owner: {name}", "before: {name}")
_SLACK_INSTALLER = text(
    "UPDATE slack_installations SET user_id = '', user_token = NULL, user_refresh_token = NULL WHERE user_id = :person"
)


@dataclass(frozen=True)
class Traces:
    """What an organisation keeps of somebody. `mentioned_in` names records whose words hold their name."""

    changes: int = 0
    feedback: int = 0
    owned: Sequence[str] = ()
    other_names: int = 0
    mentioned_in: Sequence[str] = ()

    @property
    def are_none(self) -> bool:
        return not (self.changes or self.feedback or self.owned or self.other_names or self.mentioned_in)


def traces_of(session: Session, subject: Subject) -> Traces:
    def count(*condition: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).where(*condition)) or 0

    open_first = select(Deadline).where(subject.is_owner()).order_by(Deadline.number)
    return Traces(
        changes=count(subject.is_their(Change)),
        feedback=count(subject.is_their(Feedback)),
        owned=[one.code for one in session.scalars(open_first) if one.state is DeadlineState.OPEN],
        other_names=sum(
            count(owner_of(column) == subject.organisation_id, subject.is_named_by(column)) for column in NAMES
        ),
        mentioned_in=_mentioned_in(session, subject),
    )


def _mentioned_in(session: Session, subject: Subject) -> list[str]:
    """Records whose own words hold the name: D12, F7, a contact, a taught wording."""
    found = []
    for column in WORDS:
        table: Any = column.class_
        holding = or_(*(func.lower(column).contains(name, autoescape=True) for name in subject.names))
        ours = select(table).where(is_of(column, subject.organisation_id), holding)
        for row in session.scalars(ours) if subject.names else ():
            if _names(getattr(row, column.key), subject):
                found.append(_record(session, row))
    return sorted(set(filter(None, found)))


def _names(words: str, subject: Subject) -> bool:
    """Whether the name stands in some words, beside what forgetting empties by itself."""
    words = _without_owner(words, subject).replace(subject.mention or "\0", "").casefold()
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in subject.names)


def _record(session: Session, row: Table) -> str:
    match row:
        case Deadline():
            return row.code
        case Milestone():
            return row.deadline.code
        case Feedback():
            return f"F{row.number}"
        case Change():
            if row.deadline_id is not None:
                return session.get_one(Deadline, row.deadline_id).code
            return f"F{session.get_one(Feedback, row.feedback_id).number}" if row.feedback_id is not None else ""
        case Contact():
            return "contacts"
    return "taught wordings"


def forget(session: Session, subject: Subject) -> None:
    """Every place where they stand is emptied. Their own words about the Compact stay, without who wrote them.

    The session's own objects are made anew afterwards, since rows are changed beside them.
    """
    ours = subject.organisation_id
    _forget_in_history(session, subject)
    _forget_mentions(session, subject)
    session.execute(
        update(Feedback).where(subject.is_their(Feedback)).values(who=SOMEBODY, person_id="", route="", link="")
    )
    session.execute(update(Deadline).where(subject.is_owner()).values(owner=NO_OWNER, owner_id=None))
    # Where it was tracked is the other way to its owner.
    session.execute(update(Deadline).where(subject.is_place(Deadline)).values(platform="", route=""))
    emptied = {"who": SOMEBODY, "person_id": "", "file": "", "content": None}
    session.execute(update(Import).where(subject.is_their(Import)).values(emptied))
    for column in NAMES:
        mine = (owner_of(column) == ours, subject.is_named_by(column))
        session.execute(update(column.class_).where(*mine).values({column.key: SOMEBODY}))
    _forget_answers(session, subject)
    _forget_as_lead(session, subject)
    _forget_places(session, subject)
    session.execute(delete(OpenHome).where(subject.is_their(OpenHome)))
    if subject.person is not None:
        if subject.person.platform == "slack":
            session.execute(_SLACK_INSTALLER, {"person": subject.person.person_id})
        for table in BY_PERSON:
            session.execute(delete(table).where(subject.is_theirs(table)))
        session.delete(subject.person)
    session.flush()
    session.expire_all()


def _forget_in_history(session: Session, subject: Subject) -> None:
    """Who made a change, and whom others' changes name as an owner; also in what an undoing would bring back."""
    named = select(Change).where(of_its_records(subject.organisation_id))
    for change in session.scalars(named):
        change.what = _without_owner(change.what, subject)
        if change.before:
            change.before = _restorable(change.before, subject)
            if subject.mention and subject.mention in (whole := json.dumps(change.before, ensure_ascii=False)):
                change.before = json.loads(whole.replace(subject.mention, MENTION))
    session.flush()
    theirs = update(Change).where(subject.is_their(Change))
    session.execute(theirs.values(who=SOMEBODY, person_id=""))


def _forget_mentions(session: Session, subject: Subject) -> None:
    for column in WORDS if subject.mention else ():
        holding = (is_of(column, subject.organisation_id), column.contains(subject.mention, autoescape=True))
        without = func.replace(column, subject.mention, MENTION)
        session.execute(update(column.class_).where(*holding).values({column.key: without}))


def _without_owner(what: str, subject: Subject) -> str:
    for name in {subject.name, *subject.names} if subject.is_only else ():
        for pattern in _NAMED_IN_HISTORY:
            said = re.escape(pattern.format(name="")) + f"@?{re.escape(name)}(?=,|$)"
            what = re.sub(said, pattern.format(name=SOMEBODY), what, flags=re.IGNORECASE)
    return what


def _restorable(before: dict[str, Any], subject: Subject) -> dict[str, Any]:
    """What a change keeps of before, without this owner: undoing must neither name them nor point to no row."""
    is_theirs = subject.person is not None and before.get("owner_id") == subject.person.id
    if is_theirs or (before.get("owner_id") is None and subject.is_called(str(before.get("owner") or ""))):
        return {**before, "owner": NO_OWNER, **({"owner_id": None} if "owner_id" in before else {})}
    return before


def _forget_answers(session: Session, subject: Subject) -> None:
    """Answers that are kept for a day name people, as the one that asked whether to forget them did; partners' name
    them by their plain name."""
    ours = subject.organisation_id
    called = subject.person.called if subject.person else ""
    for name in {subject.name, called, *subject.addresses} - {""}:
        answered = update(ReceivedMessage).where(shared(ReceivedMessage.organisation_id, ours))
        session.execute(answered.where(ReceivedMessage.answer.contains(name, autoescape=True)).values(answer=""))
        on_their_way = delete(Outgoing).where(shared(Outgoing.organisation_id, ours))
        session.execute(on_their_way.where(Outgoing.reply.contains(name, autoescape=True)))


def _forget_as_lead(session: Session, subject: Subject) -> None:
    settings = session.get(OrganisationSettings, subject.organisation_id)
    if settings is None:
        return
    session.refresh(settings)
    if settings.lead == SOMEBODY or (subject.person and settings.lead_id == subject.person.id):
        settings.lead, settings.lead_id = "", None
    if settings.stopped_by in subject.addresses:
        settings.stopped_by = SOMEBODY
    if (settings.platform, settings.route) in subject.places:  # their team's nudges too: somebody has to choose anew
        settings.platform, settings.route, settings.stopped = "", "", True
    session.flush()


def _forget_places(session: Session, subject: Subject) -> None:
    """Where they were reached alone, with what was to be sent there, and the news of what they had logged."""
    for table in BY_ROUTE:
        session.execute(delete(table).where(subject.is_place(table)))
    if subject.person is not None:  # an answer for them alone in a channel, which the platform has not taken yet
        for_them = cast(Outgoing.way, Text).contains(subject.person.person_id, autoescape=True)
        session.execute(delete(Outgoing).where(Outgoing.organisation_id == subject.organisation_id, for_them))
