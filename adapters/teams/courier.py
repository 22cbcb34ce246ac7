"""Writing to Teams unasked: nudges, and the one line that takes the place of one that is out of date."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from adapters.teams import cards
from adapters.teams.codec import PLATFORM
from adapters.teams.connector import GoneError
from adapters.teams.sdk import Sdk
from compact_bot.conversation import Address, Person, Reply, SentNudge
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.store.references import References
from compact_bot.understanding.acts import Done, OpenForm

LONGEST_LINE = 2_000


class TeamsCourier:
    def __init__(self, references: References, sdk: Sdk, owners: Callable[[str, Reply], list[Person]]) -> None:
        self._owners = owners
        self._references = references
        self._sdk = sdk

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:  # noqa: ARG002  # Teams drops no repeats
        """A new post in a channel, or a message in a chat."""
        reference = await self._reference(address)
        tenant = address.route.partition("/")[0]
        owners = await asyncio.to_thread(self._owners, f"{PLATFORM}:{tenant}", reply)
        sent = ""
        try:
            for one in cards.in_parts(reply):
                sent = await self._sdk.send(reference, cards.message(one, step_of(one), owners))
                owners = []  # once for each nudge
        except GoneError:
            await asyncio.to_thread(self._references.forget, address.route)
            raise
        return sent

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        reference = await self._reference(sent.address)
        shown = cards.in_one(replace(reply, text=reply.text[:LONGEST_LINE]))
        await self._sdk.update(reference, sent.reference, cards.message(shown, refresh=step_of(shown)))

    async def _reference(self, address: Address) -> dict[str, Any]:
        reference = await asyncio.to_thread(self._references.find, address.route)
        if reference is None:
            raise DeliveryFailed("the bot is not installed there any more", permanent=True)
        return reference


def step_of(reply: Reply) -> str:
    """The step that a nudge asks for, by its button: "D1 minimum-notice". "" for any other reply."""
    for button in reply.buttons:
        match button.act:
            case Done(numbers=(number,), step=step) if step:
                return f"D{number} {step}"
            case OpenForm(form="done", subject=subject):
                return subject
    return ""
