"""Nudges on this machine: printed where the program runs; the local page lists them from the database."""

import sys
from typing import TextIO

from adapters.plain_text import plain_text
from compact_bot.conversation import Address, Reply, SentNudge
from compact_bot.nudges.couriers import DeliveryFailed


class LocalCourier:
    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        try:
            print(f"\nNudge ({address.platform}):\n{plain_text(reply)}\n", file=self._out or sys.stdout, flush=True)
        except (OSError, ValueError) as error:
            raise DeliveryFailed("the terminal is gone") from error
        return key

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        """What was printed stays as it is; the local page shows what became of it."""
