"""How people are named to whoever reads a partnership's records: with their organisation, and never by a mark of a
platform that the reader is not on.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, object_session

from compact_bot.conversation import Person
from compact_bot.store.scope import shared
from compact_bot.store.tables import Change, Deadline, Feedback, KnownPerson, Organisation, Table

SOMEBODY = "somebody"
_READER, _PLAINLY, _NAMES = "reader", "plainly", "names of partners"


@dataclass(frozen=True)
class Names:
    """`called` are an organisation and its partners by their ids, {} where it has none; `plain` are names of people
    whom their platform names by a mark that only it can read, "" where it has told no other."""

    reader: int
    called: Mapping[int, str]
    plain: Mapping[tuple[int, str], str]

    def person(self, name: str, organisation_id: int) -> str:
        """ "Amina (Sutton Council)", "somebody at Sutton Carers"; "" where there is no name."""
        if not name or not self.called:
            return name
        theirs = name if organisation_id == self.reader else name.lstrip("@")
        said = self.plain.get((organisation_id, name), theirs)
        organisation = self.called.get(organisation_id, "")
        if not said:
            return f"somebody at {organisation}" if organisation else SOMEBODY
        return f"{said} ({organisation})" if organisation and said != organisation else said


_ALONE = Names(0, {}, {})


def read_for(session: Session, organisation_id: int, plainly: bool = False) -> None:
    """Who reads what comes from this session; `plainly` on a page or in a file, where no mark of a platform is read.

    Nothing is asked of the database before a name is shown.
    """
    session.info[_READER], session.info[_PLAINLY] = organisation_id, plainly


def names_in(session: Session | None) -> Names:
    if session is None or (reader := session.info.get(_READER)) is None:
        return _ALONE
    if _NAMES not in session.info:
        session.info[_NAMES] = _read(session, reader, session.info[_PLAINLY])
    found: Names = session.info[_NAMES]
    return found


def read_anew(session: Session) -> None:
    """Partners came or went."""
    session.info.pop(_NAMES, None)


def _read(session: Session, reader: int, plainly: bool) -> Names:
    ours = select(Organisation.id, Organisation.called).where(shared(Organisation.id, reader))
    called = {row.id: row.called for row in session.execute(ours)}
    if len(called) < 2:
        return _ALONE
    is_mark = KnownPerson.name == "@" + KnownPerson.person_id
    marked = select(KnownPerson.organisation_id, KnownPerson.name, KnownPerson.called).where(
        KnownPerson.organisation_id.in_([one for one in called if plainly or one != reader]),
        or_(is_mark, and_(KnownPerson.called != "", KnownPerson.called != KnownPerson.name)),
    )
    plain = {
        (row.organisation_id, row.name): row.called
        for row in session.execute(marked)
        if row.called or row.organisation_id != reader
    }
    return Names(reader, called, plain)


def named_elsewhere(session: Session, person: Person) -> str:
    """How somebody of the reader's organisation is named where a partner reads it."""
    names, is_mark = names_in(session), person.name == f"@{person.id}"
    called = (person.called or ("" if is_mark else person.name)).lstrip("@")
    return names.person(called, names.reader) or f"Somebody at {names.called.get(names.reader, '')}"


def owner_said(deadline: Deadline) -> str:
    """Who owns it: among partners with their organisation, which is named too where a partner's has no owner."""
    names = names_in(object_session(deadline))
    if deadline.owner:
        return names.person(deadline.owner, deadline.organisation_id)
    is_theirs = names.called and deadline.organisation_id != names.reader
    return f"Nobody yet at {names.called[deadline.organisation_id]}" if is_theirs else ""


def feedback_owner_said(feedback: Feedback) -> str:
    """Whoever sees to it; of what is anonymous nothing that tells its organisation from a partner's."""
    names = names_in(object_session(feedback))
    if feedback.anonymous:
        return "" if names.called and feedback.organisation_id != names.reader else feedback.owner
    return names.person(feedback.owner, feedback.organisation_id)


def doer_said(change: Change) -> str:
    return names_in(object_session(change)).person(change.who, change.organisation_id)


def what_said(change: Change) -> str:
    """What was changed; of a partner's people no mark that only their platform can read."""
    names, said = names_in(object_session(change)), change.what
    for (organisation, mark), called in names.plain.items() if "@" in said else ():
        if organisation != names.reader and mark in said:
            said = (called or SOMEBODY).join(re.split(rf"{re.escape(mark)}(?!\w)", said))
    return said


def change_holder_said(change: Change) -> str:
    """The organisation of whoever changed something."""
    return names_in(object_session(change)).called.get(change.organisation_id, "") or "a partner"


def holder_said(record: Deadline | Feedback) -> str:
    """Whose record it is, among partners; "" where there are none, and for what is anonymous."""
    if isinstance(record, Feedback) and record.anonymous:
        return ""
    return names_in(object_session(record)).called.get(record.organisation_id, "")


def is_partners(record: Table) -> bool:
    """Whether it is another organisation's than its reader's."""
    session = object_session(record)
    reader = session.info.get(_READER) if session else None
    return reader is not None and getattr(record, "organisation_id", reader) != reader
