"""A council's year in which nobody acts: 40 grants, 12 consultations and 20 payments, and every message that comes."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from adapters.plain_text import plain_text
from compact_bot.conversation import Address, Reply, SentNudge
from compact_bot.dates import add_months
from compact_bot.deadlines.tracking import Owner, Tracker
from compact_bot.nudges.queue import PENDING
from compact_bot.nudges.sending import Sender
from compact_bot.organisation import Actor, settings_of
from compact_bot.store.records import organisation_called
from compact_bot.store.tables import Nudge
from knowledge.agreement import Agreement
from knowledge.rules import Rules

BEGINS = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
YEAR = (date(2027, 1, 4), date(2028, 1, 2))  # 52 weeks, from a Monday to a Sunday
UNTIL = date(2028, 12, 31)  # all of it is over by then
ZONE = ZoneInfo("Europe/London")
TEAM = Address("test", "the team's channel")
OWNERS = ("Amina Khan", "Ben Okoro", "Priya Shah", "")
GRANTS, CONSULTATIONS, PAYMENTS = 40, 12, 20


@dataclass(frozen=True)
class Post:
    at: datetime
    address: Address
    text: str

    @property
    def day(self) -> date:
        return self.at.astimezone(ZONE).date()

    def names(self, number: int) -> bool:
        return re.search(rf"\bD{number}\b", self.text) is not None


@dataclass
class Recorder:
    """A courier that keeps what it delivers."""

    now: datetime = BEGINS
    posts: list[Post] = field(default_factory=list)

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        self.posts.append(Post(self.now, address, plain_text(reply)))
        return key

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        """Nobody acts, so nothing is ever out of date."""


def ends_together(n: int) -> date:
    """Half of the grants at the end of the financial year, the others with its quarters."""
    return (date(2028, 3, 31), date(2027, 9, 30), date(2028, 3, 31), date(2027, 12, 31))[n % 4]


def ends_apart(n: int) -> date:
    """Every nine days another one, on any day of the week."""
    return date(2027, 7, 5) + timedelta(days=9 * n)


def fill_the_year(engine: Engine, rules: Rules, ends: Callable[[int], date]) -> dict[int, date]:
    """Track everything on one day; the last days for minimum notice, by the numbers of the grants."""
    minimum: dict[int, date] = {}
    with Session(engine) as session, session.begin():
        ours = organisation_called(session.connection(), "Sutton Council")
        settings = settings_of(session, ours, str(ZONE))
        tracker = Tracker(session, ours, settings, rules, Actor("Amina Khan", "U1", TEAM, BEGINS))

        def track(kind: str, title: str, n: int, **given: date) -> None:
            what = rules.kind(kind)
            assert what is not None
            days = {name: [day] for name, day in given.items()}
            deadline, planned = tracker.track(what, title, days, Owner(OWNERS[n % len(OWNERS)]))
            minimum.update((deadline.number, one.day) for one in planned if one.rule.name == "minimum-notice")

        for n in range(GRANTS):
            track("funding-notice", f"Grant {n + 1}", n, ends=ends(n))
        for n in range(CONSULTATIONS):
            track("consultation", f"Consultation {n + 1}", n, opens=add_months(date(2027, 2, 3), n) + timedelta(n))
        for n in range(PAYMENTS):
            track("payment", f"Payment {n + 1}", n, due=date(2027, 1, 14) + timedelta(days=17 * n))
    return minimum


def live_through(engine: Engine, agreement: Agreement, rules: Rules, until: date = UNTIL) -> list[Post]:
    """Every message that leaves, as the worker sends them, from one moment at which something is due to the next."""
    courier = Recorder()
    while (due := _next_due(engine)) and due.astimezone(ZONE).date() <= until:
        courier.now = max(due, courier.now)
        sender = Sender(engine, agreement, rules, {"test": courier}, lambda: courier.now, "worker")
        asyncio.run(sender.send_due())
    return courier.posts


def _next_due(engine: Engine) -> datetime | None:
    with Session(engine) as session:
        return session.scalar(select(func.min(Nudge.due_at)).where(PENDING))


@dataclass(frozen=True)
class Figures:
    posts: int  # in the year
    median_a_week: float
    most_a_day: int
    most_mentions: int  # of one grant in all its life

    def __str__(self) -> str:
        return (
            f"{self.posts:4} posts, median {self.median_a_week:g} a week, at most {self.most_a_day} a day and place, "
            f"at most {self.most_mentions} mentions of one grant"
        )


def figures(days: list[tuple[date, Address]], mentions: Counter[int]) -> Figures:
    first, last = YEAR
    in_year = [day for day, _ in days if first <= day <= last]
    weeks = Counter((day - first).days // 7 for day in in_year)
    return Figures(
        len(in_year),
        median([weeks[week] for week in range(52)]),
        max(Counter(days).values()),
        max(mentions[number] for number in range(1, GRANTS + 1)),
    )


def measured(posts: list[Post]) -> Figures:
    mentions = Counter(number for post in posts for number in range(1, GRANTS + 1) if post.names(number))
    return figures([(post.day, post.address) for post in posts], mentions)
