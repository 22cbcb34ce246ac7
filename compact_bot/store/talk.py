"""What a conversation was last about, so that "and for VCOs?" is understood. Read and written only when needed."""

from datetime import datetime
from functools import cache
from typing import Generic, TypeVar, cast

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from compact_bot.conversation import Address
from compact_bot.store.database import inserting
from compact_bot.store.records import REMEMBERED_FOR
from compact_bot.store.tables import Thread

Kept = TypeVar("Kept", str, int)

_PLACE = ("organisation_id", "platform", "route", "thread")
_BLANK: dict[str, str | int] = {"question": "", "number": "", "waiting": "", "deadline": 0}
_REMEMBERED = tuple(_BLANK)
_STORED = select(*(getattr(Thread, name) for name in _REMEMBERED)).where(
    *(getattr(Thread, name) == bindparam(name) for name in _PLACE), Thread.spoken_at >= bindparam("since")
)


class _Remembered(Generic[Kept]):
    """A column of the conversation's row: what was noted in this turn, else what is stored."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, talk: "Talk", _: type) -> Kept:
        return cast(Kept, talk.noted[self._name] if self._name in talk.noted else talk.stored()[self._name])

    def __set__(self, talk: "Talk", value: Kept) -> None:
        talk.noted[self._name] = value


class Talk:
    question = _Remembered[str]()
    number = _Remembered[str]()
    waiting = _Remembered[str]()
    deadline = _Remembered[int]()

    def __init__(self, connection: Connection, organisation_id: int, address: Address, now: datetime) -> None:
        self._connection = connection
        place = (organisation_id, address.platform, address.route, address.thread)
        self._place = dict(zip(_PLACE, place, strict=True))
        self._now = now
        self._stored: dict[str, str | int] | None = None
        self.noted: dict[str, str | int] = {}
        self._is_forgotten = False

    def stored(self) -> dict[str, str | int]:
        """What is stored, blank when there is nothing or it is older than a day. Looked up once."""
        if self._stored is None:
            since = self._now - REMEMBERED_FOR
            row = self._connection.execute(_STORED, {**self._place, "since": since}).one_or_none()
            self._stored = {name: getattr(row, name, blank) for name, blank in _BLANK.items()}
        return self._stored

    def forget(self) -> None:
        """Keep nothing of this conversation, nor of this turn."""
        self._connection.execute(delete(Thread).filter_by(**self._place))
        self._is_forgotten = True

    def save(self) -> None:
        """Keep what was noted in this turn; the rest of the row stays as it is."""
        if self.noted and not self._is_forgotten:
            row = {**_BLANK, **self.noted, **self._place, "spoken_at": self._now}
            self._connection.execute(_saving(self._connection.dialect.name, frozenset(self.noted)), row)


@cache
def _saving(dialect: str, noted: frozenset[str]) -> "postgresql.Insert | sqlite.Insert":
    """A new row, or these columns of the one that is there: built once, since building costs more than running it."""
    statement = inserting(dialect, Thread)
    kept = {name: statement.excluded[name] for name in (*noted, "spoken_at")}
    return statement.on_conflict_do_update(index_elements=_PLACE, set_=kept)
