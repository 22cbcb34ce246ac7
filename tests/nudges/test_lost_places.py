"""A place that takes nothing any more: who hears of the nudge instead."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from compact_bot.conversation import Address, Reply, SentNudge
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.nudges.sending import Sender
from compact_bot.understanding.acts import Named
from tests.deadlines.conftest import GRANT, Officer

LAST_DAY = datetime(2026, 12, 31, 9, 30, tzinfo=UTC)


@dataclass
class Post:
    """A courier that reaches people alone, and no place."""

    reached: list[str] = field(default_factory=list)

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        if not address.route.startswith("alone"):
            raise DeliveryFailed("it is gone", permanent=True)
        self.reached.append(address.route)
        return key

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        raise AssertionError("nothing was settled")


def reached(officer: Officer) -> set[str]:
    post = Post()
    for _ in range(2):
        sender = Sender(officer.engine, officer.search.agreement, officer.rules, {"test": post}, lambda: LAST_DAY, "w")
        asyncio.run(sender.send_due())
    return set(post.reached)


@pytest.mark.parametrize(
    ("owner", "told"),
    [
        ("Ben", {"alone with Ben", "alone with Priya"}),
        ("Somebody of the funding team", {"alone with Amina", "alone with Priya"}),
    ],
)
def test_the_owner_else_whoever_tracked_it_and_the_leads_are_told(amina: Officer, owner: str, told: set[str]) -> None:
    people = [replace(amina, name=name, direct=True, heard=[]) for name in ("Amina", "Ben", "Priya")]
    people[1].say("leads")
    people[2].say("lead me")
    people[2].say("digest off")
    people[0].do(replace(GRANT, owner=Named(owner)))
    assert reached(amina) == told
