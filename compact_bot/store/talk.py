"""What a conversation was last about, so that "and for VCOs?" is understood. Read and written only when needed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.conversation import Address
from compact_bot.store.database import inserting
from compact_bot.store.records import REMEMBERED_FOR
from compact_bot.store.tables import Thread

_PLACE = ("organisation_id", "platform", "route", "thread")


class _Remembered:
    """A column of the conversation's row: what was noted in this turn, else what is stored."""

    def __set_name__(self, _: type, name: str) -> None:
        self._name = name

    def __get__(self, talk: "Talk", _: type) -> str:
        if self._name not in talk.noted:
            talk.noted = {**talk.stored(), **talk.noted}
        return talk.noted[self._name]

    def __set__(self, talk: "Talk", value: str) -> None:
        talk.noted[self._name] = value


class Talk:
    question = _Remembered()
    number = _Remembered()
    waiting_for_side = _Remembered()
    waiting_for_yes = _Remembered()

    def __init__(self, session: Session, organisation_id: int, address: Address, now: datetime) -> None:
        self._session = session
        self._place = dict(zip(_PLACE, (organisation_id, address.platform, address.route, address.thread), strict=True))
        self._now = now
        self.noted: dict[str, str] = {}

    def stored(self) -> dict[str, str]:
        """What is stored, blank when there is nothing or it is older than a day."""
        columns = (Thread.question, Thread.number, Thread.waiting_for_side, Thread.waiting_for_yes)
        row = self._session.execute(
            select(*columns).filter_by(**self._place).where(Thread.spoken_at >= self._now - REMEMBERED_FOR)
        ).one_or_none()
        return {column.key: getattr(row, column.key, "") for column in columns}

    def save(self) -> None:
        """Keep what was noted in this turn; the rest of the row stays as it is."""
        if not self.noted:
            return
        noted: dict[str, Any] = {**self.noted, "spoken_at": self._now}
        blank = {"question": "", "number": "", "waiting_for_side": "", "waiting_for_yes": ""}
        statement = inserting(self._session, Thread).values({**blank, **noted, **self._place})
        self._session.connection().execute(statement.on_conflict_do_update(index_elements=_PLACE, set_=noted))
