"""A courier that posts to the stub, and a table full of nudges that are due."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import aiohttp
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from adapters.plain_text import plain_text
from compact_bot.conversation import Address, Reply, SentNudge
from compact_bot.nudges.couriers import Courier, DeliveryFailed
from compact_bot.nudges.queue import LEASE
from compact_bot.nudges.sending import Sender
from compact_bot.store.tables import Deadline, Milestone, Nudge, Organisation, OrganisationSettings
from knowledge.reader import FOLDER, read_agreement
from knowledge.rules import read_rules

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class PostingCourier:
    """Posts each nudge as JSON; 429, 5xx and 410 mean what they mean on the real platforms."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self._url = url
        self._session = session

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        try:
            async with self._session.post(self._url, json={"key": key, "text": plain_text(reply)}) as answer:
                if answer.status == 200:
                    return str((await answer.json())["ref"])
                after = answer.headers.get("Retry-After")
                raise DeliveryFailed(
                    f"status {answer.status}",
                    permanent=answer.status == 410,
                    retry_after=float(after) if after else None,
                )
        except aiohttp.ClientError as error:
            raise DeliveryFailed("no connection") from error

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        raise DeliveryFailed("this platform changes nothing afterwards", permanent=True)


def sender(
    engine: Engine,
    courier: Courier,
    worker: str,
    clock: Callable[[], datetime] = lambda: NOW,
    lease: timedelta = LEASE,
) -> Sender:
    agreement = read_agreement(FOLDER / "sutton")
    rules, _ = read_rules(FOLDER / "sutton", agreement)
    return Sender(engine, agreement, rules, {"stub": courier}, clock, worker, lease)


def fill(engine: Engine, number: int, due_at: datetime = NOW, channels: int = 0) -> None:
    """So many deadlines, each with one nudge that falls due; each in a channel of its own unless told otherwise."""
    with Session(engine) as session, session.begin():
        ours = Organisation(name="Ours")
        session.add(ours)
        session.flush()
        session.add(OrganisationSettings(organisation_id=ours.id, timezone="Europe/London", lead=""))
        session.flush()
        day = due_at.date() + timedelta(days=14)
        for first in range(0, number, 1000):
            numbers = range(first + 1, min(first + 1000, number) + 1)
            session.execute(
                insert(Deadline),
                [
                    {
                        "id": n, "organisation_id": ours.id, "number": n, "kind": "payment", "title": f"Payment {n}",
                        "owner": "Amina", "state": "open", "anchors": {"due": [day.isoformat()]}, "leads": "",
                        "clause": "", "rationale": "", "platform": "stub", "route": f"owner {n}",
                        "created_at": due_at,
                    }
                    for n in numbers
                ],
            )  # fmt: skip
            session.execute(
                insert(Milestone),
                [
                    {
                        "id": n, "deadline_id": n, "name": "paid", "title": "Payment made", "clause": "3.3.4",
                        "due_on": day, "state": "open", "done_note": "",
                    }
                    for n in numbers
                ],
            )  # fmt: skip
            session.execute(
                insert(Nudge),
                [
                    {
                        "organisation_id": ours.id, "milestone_id": n, "platform": "stub",
                        "route": f"channel {n % channels if channels else n}", "planned_for": date(2026, 11, 23),
                        "due_at": due_at, "state": "waiting", "leased_by": "", "attempts": 0, "last_error": "",
                        "message_ref": "", "instead": False,
                    }
                    for n in numbers
                ],
            )  # fmt: skip
