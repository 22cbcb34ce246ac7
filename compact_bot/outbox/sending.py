"""Posting answers: at once, at the pace that a channel allows, again when the platform was away, else to the person."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import Engine

from compact_bot.logs import logger, type_and_place
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.outbox import rows
from compact_bot.outbox.letters import Letter

# Seconds: somebody is waiting for it.
SHORTEST_RETRY, FIRST_RETRY, SOON, LONGEST_RETRY = 0.5, 1.0, 3.0, 900.0
TRIES_SOON = 20
MOST_UNKEPT = 24  # tries of a letter that leaves no trace: some two minutes
LONGEST_IN_LINE = 60.0  # seconds that a letter waits for its turn in memory, well below its lease
MOST_CHANNELS = 1_000

log = logger(__name__)


class Sent(Enum):
    NOW = "now"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True)
class Pace:
    """How fast a channel may be written to: one message in `seconds`, and `burst` of them at once."""

    seconds: float
    burst: int


@dataclass
class _Channel:
    """Letters to one channel leave in turn. `free_at` is when all that were posted would be at an even pace."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    in_line: int = 0


Post = Callable[[Letter], Awaitable[None]]
"""Posts a letter, without the parts that are there already. Raises DeliveryFailed."""
Instead = Callable[[Letter, str], Letter | None]
"""The letter to the person alone, where its place takes nothing; None where it went to them already."""


class Outbox:
    """One platform's answers."""

    def __init__(
        self, engine: Engine, platform: str, post: Post, instead: Instead, clock: Callable[[], datetime], pace: Pace
    ) -> None:
        self._engine = engine
        self._platform = platform
        self._post = post
        self._instead = instead
        self._clock = clock
        self._pace = pace
        self._channels: dict[str, _Channel] = {}
        self._in_line: dict[int, Letter] = {}
        self._looks: set[asyncio.Task[None]] = set()

    async def send(self, letter: Letter) -> Sent:
        """Post a letter now, if its place takes it; else it is kept, and sent when it does."""
        try:
            await self._in_turn(letter)
        except DeliveryFailed as failed:
            return await self._not_posted(replace(letter, posted=max(letter.posted, failed.posted)), failed)
        if letter.id:
            await asyncio.to_thread(rows.gone, self._engine, [letter.id])
        return Sent.NOW

    async def shown(self, letter: int) -> None:
        """What the letter says was shown in another way: nothing of it is to be sent any more."""
        if letter:
            await asyncio.to_thread(rows.gone, self._engine, [letter])

    async def send_waiting(self) -> None:
        """What could not be posted before, or what a process that died had in hand."""
        if not await asyncio.to_thread(rows.is_any_due, self._engine, self._platform, self._clock()):
            return
        letters = await asyncio.to_thread(rows.claim, self._engine, self._platform, self._clock())
        for sent in await asyncio.gather(*map(self.send, letters), return_exceptions=True):
            if isinstance(sent, BaseException):  # the others went out; this one is due again when its lease is over
                log.error("an answer on its way: %s", type_and_place(sent))

    async def finish(self) -> None:
        """Begin no more looks, and leave what is still in line to whichever process looks next."""
        for look in self._looks:
            look.cancel()
        for letter in list(self._in_line.values()):
            now = self._clock()
            await asyncio.to_thread(rows.keep, self._engine, letter, now, now, "the process stopped")

    async def _in_turn(self, letter: Letter) -> None:
        channel = self._channel(letter.address.route)
        ahead = channel.free_at - time.monotonic() + channel.in_line * self._pace.seconds
        if ahead > LONGEST_IN_LINE and not letter.leaves_no_trace:
            raise DeliveryFailed("too many answers at once", retry_after=ahead)
        channel.in_line += 1
        if not letter.leaves_no_trace:
            self._in_line[id(letter)] = letter
        try:
            async with channel.lock:
                wait = channel.free_at - time.monotonic() - (self._pace.burst - 1) * self._pace.seconds
                if wait > 0:
                    await asyncio.sleep(wait)
                self._in_line.pop(id(letter), None)
                try:
                    await self._post(letter)
                except DeliveryFailed as failed:
                    self._hold(channel, failed.retry_after or 0.0)
                    raise
                channel.free_at = max(channel.free_at, time.monotonic()) + self._pace.seconds
        finally:
            channel.in_line -= 1
            self._in_line.pop(id(letter), None)

    def _hold(self, channel: _Channel, seconds: float) -> None:
        """Nothing more in a channel for so long, as the platform asks."""
        if seconds:
            full = (self._pace.burst - 1) * self._pace.seconds
            channel.free_at = max(channel.free_at, time.monotonic() + seconds + full)

    def _channel(self, route: str) -> _Channel:
        if len(self._channels) >= MOST_CHANNELS:
            now = time.monotonic()
            self._channels = {r: c for r, c in self._channels.items() if c.in_line or c.free_at > now}
        return self._channels.setdefault(route, _Channel())

    async def _not_posted(self, letter: Letter, failed: DeliveryFailed) -> Sent:
        if failed.permanent:
            return await self._another_way(letter, failed)
        asked = failed.retry_after
        wait = _backoff(letter.attempts) if asked is None else max(asked, SHORTEST_RETRY)
        letter = replace(letter, attempts=letter.attempts + 1)
        if letter.leaves_no_trace:
            return self._again_from_memory(letter, failed, wait)
        log.warning("an answer could not be posted, and waits: %s", failed.reason)
        now = self._clock()
        due_at = now + timedelta(seconds=min(wait, LONGEST_RETRY))
        await asyncio.to_thread(rows.keep, self._engine, letter, now, due_at, failed.reason)
        self._look_again_in(wait)
        return Sent.LATER

    async def _another_way(self, letter: Letter, failed: DeliveryFailed) -> Sent:
        instead = self._instead(letter, failed.reason)
        if instead is not None:
            log.warning("an answer goes to its asker alone: %s", failed.reason)
            return await self.send(instead)
        log.warning("an answer could not be posted: %s", failed.reason)  # nor by its id: it may be anonymous
        await self.shown(letter.id)
        return Sent.NEVER

    def _again_from_memory(self, letter: Letter, failed: DeliveryFailed, wait: float) -> Sent:
        """Nothing of it may be stored, so it is lost when this process stops before the platform takes it."""
        if letter.attempts >= MOST_UNKEPT:
            log.warning("an answer could not be posted: %s", failed.reason)
            return Sent.NEVER

        async def again() -> None:
            await asyncio.sleep(wait)
            await self.send(letter)

        self._begin(again())
        return Sent.LATER

    def _look_again_in(self, seconds: float) -> None:
        async def look() -> None:
            await asyncio.sleep(seconds + 0.05)  # timers may be early by a little
            await self.send_waiting()

        self._begin(look())

    def _begin(self, work: "Awaitable[None]") -> None:
        look = asyncio.ensure_future(_logged(work))
        self._looks.add(look)
        look.add_done_callback(self._looks.discard)


async def _logged(work: "Awaitable[None]") -> None:
    try:
        await work
    except Exception as error:  # the next look is the clock's
        log.error("answers on their way: %s", type_and_place(error))


def _backoff(attempts: int) -> float:
    """Every few seconds for a minute, since somebody is waiting; then less and less often."""
    soon = min(FIRST_RETRY * 2.0 ** min(attempts, 10), SOON)
    doubled = soon * 2.0 ** max(0, min(attempts, TRIES_SOON + 10) - TRIES_SOON)
    return min(doubled, LONGEST_RETRY) * random.uniform(0.5, 1.0)  # noqa: S311
