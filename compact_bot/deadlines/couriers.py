"""How a nudge leaves: every door that can deliver one keeps this contract (tests/deadlines/test_couriers.py)."""

from typing import Protocol

from compact_bot.conversation import Address, Reply


class DeliveryFailed(Exception):  # noqa: N818  # named for what happened, as every door reads it
    """`permanent`: trying again is useless. `retry_after`: seconds that the platform asked to wait."""

    def __init__(self, reason: str, *, permanent: bool = False, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after


class Courier(Protocol):
    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        """Deliver once and return the platform's reference of the message. Raises DeliveryFailed.

        `key` is the same each time one nudge is tried, so a platform that can may drop a repeat.
        """
        ...
