"""E-mail addresses that nudges go to: proved by a code, ended by their owner, without anybody signing in."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.orm import Session

from compact_bot.store.again import transaction
from compact_bot.store.tables import Mailbox, Nudge, NudgeState, OrganisationSettings

PLATFORM = "email"
CODE_LASTS = timedelta(days=1)
MOST_TRIES = 5
ASKED_AGAIN_AFTER = timedelta(minutes=5)  # nobody's mailbox is filled by asking again and again
_DIGITS = 8


@dataclass(frozen=True)
class CodeToSend:
    mailbox: int
    address: str
    code: str


@transaction
def codes_to_send(engine: Engine) -> list[CodeToSend]:
    """A new code for each address that waits for one; only its hash is kept. Whoever calls must send them."""
    with engine.begin() as connection:
        return list(_taken(connection))


def _taken(connection: Connection) -> Iterator[CodeToSend]:
    waiting = select(Mailbox.id, Mailbox.address).where(Mailbox.code == "", Mailbox.confirmed_at.is_(None))
    for row in connection.execute(waiting).all():
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        taking = update(Mailbox).where(Mailbox.id == row.id, Mailbox.code == "").values(code=_hashed(code), tries=0)
        if connection.execute(taking).rowcount == 1:  # another process may be first
            yield CodeToSend(row.id, row.address, code)


@transaction
def not_sent(engine: Engine, mailbox: int) -> None:
    """The code did not leave, so another will be sent."""
    with engine.begin() as connection:
        connection.execute(update(Mailbox).where(Mailbox.id == mailbox).values(code=""))


@transaction
def refused(engine: Engine, mailbox: int) -> None:
    """There is no such address: whoever asked may give another at once."""
    with engine.begin() as connection:
        connection.execute(delete(Mailbox).where(Mailbox.id == mailbox, Mailbox.confirmed_at.is_(None)))


def is_right(mailbox: Mailbox, code: str, now: datetime) -> bool:
    """Whether this is the code that was sent there, not too late, and not after too many wrong ones."""
    in_time = now - mailbox.asked_at < CODE_LASTS and mailbox.tries < MOST_TRIES
    return in_time and bool(mailbox.code) and hmac.compare_digest(mailbox.code, _hashed(code))


@transaction
def stop_address(engine: Engine, address: str) -> None:
    """Nothing goes to an address any more, whoever asked for it."""
    with Session(engine) as session, session.begin():
        session.execute(delete(Mailbox).where(Mailbox.address == address))
        teams = update(OrganisationSettings).where(
            OrganisationSettings.platform == PLATFORM, OrganisationSettings.route == address
        )
        session.execute(teams.values(stopped=True, stopped_by=address[:100]))
        waiting = update(Nudge).where(Nudge.platform == PLATFORM, Nudge.route == address)
        session.execute(waiting.where(Nudge.state == NudgeState.WAITING).values(state=NudgeState.CANCELLED))


def forget_unproved(connection: Connection, now: datetime) -> None:
    """Drop addresses whose code did not come back in time."""
    late = Mailbox.asked_at < now - CODE_LASTS
    connection.execute(delete(Mailbox).where(Mailbox.confirmed_at.is_(None), late))


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
