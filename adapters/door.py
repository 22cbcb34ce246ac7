"""What the program needs of a chat platform: its routes in the web process, its courier, and a check of its set-up."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import BaseRoute

from compact_bot.bot import Bot
from compact_bot.conversation import Message, Reply
from compact_bot.deadlines.couriers import Courier

Answer = Callable[[Message], Awaitable[Reply | None]]


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

    def routes(self) -> Sequence[BaseRoute]:
        """The paths of the web process that the platform calls."""
        ...

    def running(self, sends_only: bool = False) -> AbstractAsyncContextManager[None]:
        """Entered for as long as the process works: connections are open inside, and what was begun is finished.

        `sends_only` in a worker, which listens to nobody.
        """
        ...

    async def checks(self) -> list[Check]: ...


@contextmanager
def answering(bot: Bot, threads: int) -> Iterator[Answer]:
    """The one crossing from the doors, which are asynchronous, to the core, which is not."""
    with ThreadPoolExecutor(threads, thread_name_prefix="answer") as pool:

        async def answer(message: Message) -> Reply | None:
            return await asyncio.get_running_loop().run_in_executor(pool, bot.reply_to, message)

        yield answer
