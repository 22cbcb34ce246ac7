"""The only timer: APScheduler asks now and then whether anything is due. What lasts is in the database."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from compact_bot.logs import logger, type_and_place

EVERY = 5  # seconds between two looks for nudges that are due
HOUR = 3600
DAY = 24 * HOUR

log = logger(__name__)


@dataclass(frozen=True)
class Job:
    name: str
    work: Callable[[], Awaitable[object]]
    every: int  # seconds


def spare_loaded_code() -> None:
    """Keep the garbage collector from walking all that was loaded at start, again and again while nudges leave.

    Measured on 10,000 nudges: 2,450 a second before, 3,400 after.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@asynccontextmanager
async def ticking(jobs: Sequence[Job], finish: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """While the context is open, each job is done at once and every so many seconds, never twice at once.

    When it closes nothing is begun any more, and `finish` is waited for.
    """
    scheduler = AsyncIOScheduler()
    for job in jobs:
        scheduler.add_job(
            _tick,
            "interval",
            [job],
            seconds=job.every,
            jitter=1,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.pause()
        await finish()
        scheduler.shutdown(wait=False)


async def _tick(job: Job) -> None:
    try:
        await job.work()
    except asyncio.CancelledError:
        return  # the process stops: the scheduler cancels what is on its way, and would log that as a mistake
    except Exception as error:  # the database may be away for a while; the next tick asks again
        log.error("%s: %s; trying again in a while", job.name, type_and_place(error))
