"""Codes that link two organisations: short enough to be read out, of no use after ten minutes, and kept as hashes.

Whoever guesses waits longer after each wrong one; with letters alone that are no vowels, none is a word and none looks
like a digit.
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from compact_bot.store.tables import LinkCode, Organisation

LASTS = timedelta(minutes=10)
LETTERS, LENGTH = "BCDFGHJKMNPQRTVWXZ", 8
# After so many wrong ones; the last for all that follow, and forgotten after a day without any.
PAUSES = (timedelta(0), timedelta(0), timedelta(0), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
FORGOTTEN_AFTER = timedelta(days=1)


def new_code(session: Session, organisation_id: int, now: datetime) -> str:
    """The only one of its organisation that counts."""
    session.execute(delete(LinkCode).where(or_(LinkCode.organisation_id == organisation_id, _is_over(now))))
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    session.add(LinkCode(organisation_id=organisation_id, fingerprint=_hashed(code), made_at=now))
    session.flush()
    return code


def as_shown(code: str) -> str:
    """ "BKTM-WXZR" """
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def as_typed(said: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", said.upper())


def pause_until(organisation: Organisation, now: datetime) -> datetime | None:
    """Until when no code is looked at, because of wrong ones; None where one may be typed now."""
    last = organisation.wrong_code_at
    if last is None or now - last >= FORGOTTEN_AFTER:
        return None
    until = last + PAUSES[min(organisation.wrong_codes, len(PAUSES) - 1)]
    return until if until > now else None


def note_wrong(organisation: Organisation, now: datetime) -> None:
    last = organisation.wrong_code_at
    lately = organisation.wrong_codes if last is not None and now - last < FORGOTTEN_AFTER else 0
    organisation.wrong_codes, organisation.wrong_code_at = lately + 1, now


def take(session: Session, organisation: Organisation, code: str, now: datetime) -> LinkCode | None:
    """The code, the only one held for this organisation from now on; None where it is none, over, used, or held by
    another."""
    row = session.scalar(select(LinkCode).where(LinkCode.fingerprint == _hashed(code), ~_is_over(now)))
    if row is None or row.organisation_id == organisation.id:
        return row
    mine = or_(LinkCode.typed_by.is_(None), LinkCode.typed_by == organisation.id)
    taking = update(LinkCode).where(LinkCode.id == row.id, mine).values(typed_by=organisation.id)
    if not session.connection().execute(taking).rowcount:
        return None
    others = update(LinkCode).where(LinkCode.typed_by == organisation.id, LinkCode.id != row.id)
    session.connection().execute(others.values(typed_by=None))
    session.expire_all()
    return row


def held_by(session: Session, organisation_id: int, now: datetime) -> LinkCode | None:
    """The code that was typed here last and still waits for a yes."""
    return session.scalar(select(LinkCode).where(LinkCode.typed_by == organisation_id, ~_is_over(now)))


def _is_over(now: datetime) -> ColumnElement[bool]:
    return LinkCode.made_at <= now - LASTS


def _hashed(code: str) -> str:
    """Slowly, since a short code is soon guessed from a quick hash by whoever reads the table within its minutes."""
    return hashlib.scrypt(code.encode(), salt=b"compact-bot link code", n=2**14, r=8, p=1, dklen=32).hex()
