"""The only timer: APScheduler asks every few seconds whether anything is due. What lasts is in the database."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler

EVERY = 5  # seconds

log = logging.getLogger(__name__)


def ticking(work: Callable[[], Awaitable[object]]) -> AbstractAsyncContextManager[None]:
    """While the context is open, do the work every few seconds, never twice at once."""

    async def tick() -> None:
        try:
            await work()
        except Exception as error:  # the database may be away for a while; the next tick asks again
            log.error("nudges: %s; trying again in a few seconds", type(error).__name__)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        scheduler = AsyncIOScheduler()
        scheduler.add_job(tick, "interval", seconds=EVERY, jitter=1, max_instances=1, coalesce=True)
        scheduler.start()
        await tick()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)

    return running()
