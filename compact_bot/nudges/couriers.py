"""How a nudge leaves: every door that can deliver one keeps this contract (tests/deadlines/test_couriers.py)."""

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from compact_bot.conversation import Address, Reply, SentNudge


class DeliveryFailed(Exception):  # noqa: N818  # named for what happened, as every door reads it
    """`permanent`: trying again is useless. `retry_after`: seconds that the platform asked to wait.

    `posted`: parts of a longer message that are there already.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, retry_after: float | None = None, posted: int = 0
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.posted = posted


class Courier(Protocol):
    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        """Deliver once and return the platform's reference of the message. Raises DeliveryFailed.

        `key` is the same each time one nudge is tried, so a platform that can may drop a repeat.
        """
        ...

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        """Put this in the place of a message that is out of date. Raises DeliveryFailed."""
        ...


async def redraw_settled(couriers: Mapping[str, Courier], reply: Reply, who: str) -> None:
    """Let the messages that a reply made out of date say in one line who did what, and under it what is left to do.

    One that cannot be reached stays as it is.
    """
    for sent in reply.settled:
        line = Reply(f"{sent.by or who}: {reply.text}")
        courier = couriers.get(sent.address.platform)
        if courier is not None:
            with contextlib.suppress(DeliveryFailed):
                await courier.redraw(sent, replace(sent.left, text=line.text) if sent.left else line)
