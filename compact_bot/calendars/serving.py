"""What a calendar program gets for an address: the calendar, that it has not changed, or nothing at all."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from compact_bot.agreements import own_agreement
from compact_bot.calendars.addresses import fingerprint, found
from compact_bot.calendars.feed import Address, Calendar, Source
from knowledge.agreement import Agreement
from knowledge.rules import Rules

MOST_GUESSES = 60  # wrong addresses in a minute that are looked up; the rest are not
WITHIN = timedelta(minutes=1)
MOST_REMEMBERED = 10_000


class Changed(Protocol):
    """Asked whether who has a calendar of this version wants it again."""

    def __call__(self, calendar: Calendar) -> bool: ...


@dataclass(frozen=True)
class Served:
    """`content` is None for a calendar that has not changed."""

    calendar: Calendar
    content: bytes | None


@dataclass
class Calendars:
    """Guessing costs the database nothing after a while, and keeps nobody out whose address was good before."""

    engine: Engine
    agreement: Agreement
    rules: Rules
    timezone: str
    page_of: Address
    clock: Callable[[], datetime]
    _good: "OrderedDict[str, None]" = field(default_factory=OrderedDict)
    _wrong: list[datetime] = field(default_factory=list)

    def read(self, token: str, is_wanted: Changed) -> Served | None:
        """None for an address that shows nothing: never made, ended, or one guess too many."""
        now, mark = self.clock(), fingerprint(token)
        self._wrong = [at for at in self._wrong if at > now - WITHIN]
        if mark not in self._good and len(self._wrong) >= MOST_GUESSES:
            return None
        with Session(self.engine) as session, session.begin():
            whose = found(session, token)
            if whose is None:
                self._good.pop(mark, None)
                self._wrong.append(now)
                return None
            self._remember(mark)
            today = now.astimezone(ZoneInfo(self.timezone)).date()
            own = own_agreement(session.connection(), whose.organisation.id, self.agreement)
            rules = self.rules.under(own.name)
            source = Source(session, whose.organisation, whose.person, own, rules, self.page_of, now, today)
            calendar = source.calendar()
            return Served(calendar, source.file() if is_wanted(calendar) else None)

    def _remember(self, mark: str) -> None:
        self._good[mark] = None
        self._good.move_to_end(mark)
        if len(self._good) > MOST_REMEMBERED:
            self._good.popitem(last=False)
