"""What the program needs of a chat platform: its routes in the web process, its courier, and a check of its set-up."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import BaseRoute

from compact_bot.nudges.couriers import Courier
from compact_bot.outbox.sending import Outbox


@dataclass(frozen=True)
class Check:
    """One thing that `compact-bot doctor` looked at. `says` tells what was found and, when it is wrong, what to do."""

    name: str
    good: bool
    says: str


class Door(Protocol):
    platform: str

    @property
    def courier(self) -> Courier: ...

    @property
    def outbox(self) -> Outbox | None:
        """The answers that wait until this platform takes them; None where nobody is answered."""
        ...

    def routes(self) -> Sequence[BaseRoute]:
        """The paths of the web process that the platform calls."""
        ...

    def running(self, sends_only: bool = False) -> AbstractAsyncContextManager[None]:
        """Entered for as long as the process works: connections are open inside, and what was begun is finished.

        `sends_only` in a worker, which listens to nobody.
        """
        ...

    async def checks(self) -> list[Check]: ...
