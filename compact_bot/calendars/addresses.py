"""Private addresses of calendars: made, looked up, and ended. Only their fingerprints are kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from compact_bot.store.tables import CalendarAddress, KnownPerson, Organisation

MOST_ADDRESSES = 5  # of one person: work, phone, home; the oldest ends
_SIZE = 32  # bytes of chance


@dataclass(frozen=True)
class Found:
    """Whose calendar an address shows."""

    organisation: Organisation
    person: KnownPerson | None


def make(session: Session, organisation_id: int, person: KnownPerson | None, by: str, now: datetime) -> str:
    """A new address's secret part, which is nowhere kept."""
    ours = _of(organisation_id, person)
    kept = session.scalars(select(CalendarAddress.id).where(*ours).order_by(CalendarAddress.id.desc())).all()
    session.execute(delete(CalendarAddress).where(CalendarAddress.id.in_(kept[MOST_ADDRESSES - 1 :])))
    token = secrets.token_urlsafe(_SIZE)
    session.add(
        CalendarAddress(
            organisation_id=organisation_id,
            person_id=person.id if person else None,
            fingerprint=fingerprint(token),
            made_by=by[:100],
            made_at=now,
        )
    )
    session.flush()
    return token


def end_all(session: Session, organisation_id: int, person: KnownPerson | None) -> int:
    """How many addresses of that calendar show nothing any more."""
    ended = session.scalars(select(CalendarAddress).where(*_of(organisation_id, person))).all()
    for one in ended:
        session.delete(one)
    session.flush()
    return len(ended)


def _of(organisation_id: int, person: KnownPerson | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    mine = CalendarAddress.person_id == person.id if person else CalendarAddress.person_id.is_(None)
    return CalendarAddress.organisation_id == organisation_id, mine


def found(session: Session, token: str) -> Found | None:
    """Whose calendar a secret shows. The time it takes tells nothing of how near a guess is: hashes are compared."""
    wanted = fingerprint(token)
    kept = session.scalar(select(CalendarAddress).where(CalendarAddress.fingerprint == wanted))
    if kept is None or not hmac.compare_digest(kept.fingerprint, wanted):
        return None
    organisation = session.get_one(Organisation, kept.organisation_id)
    return Found(organisation, session.get_one(KnownPerson, kept.person_id) if kept.person_id else None)


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
