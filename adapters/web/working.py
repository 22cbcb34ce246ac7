"""What takes longer than a moment at a page: done beside the request, with a page that shows how far it is."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from compact_bot.conversation import Reply

SHOWN_AFTER = 1.5  # seconds: what takes longer says so
MOST_KEPT = 200


@dataclass
class Job:
    """`done` of `of` are done; `reply` comes last. `about` tells it from another thing of the same visitor."""

    task: "asyncio.Task[Reply]"
    about: str = ""
    done: int = 0
    of: int = 0

    def progress(self, done: int, of: int) -> None:
        self.done, self.of = done, of

    @property
    def reply(self) -> Reply | None:
        return self.task.result() if self.task.done() else None


@dataclass
class Jobs:
    """The last long thing of each visitor, in this process's memory alone."""

    _kept: "OrderedDict[str, Job]" = field(default_factory=OrderedDict)

    async def begin(self, key: str, work: Callable[[Callable[[int, int], None]], Awaitable[Reply]], about: str) -> Job:
        """Begin it, and wait a moment: most things are done by then. One that is at work already is not begun twice."""
        job = self._kept.get(key)
        if job is None or job.task.done():
            told = Told()
            job = Job(asyncio.ensure_future(_awaited(work(told))), about)
            told.job = job
            self._kept[key] = job
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        await asyncio.wait({job.task}, timeout=SHOWN_AFTER)
        return job

    def of(self, key: str) -> Job | None:
        return self._kept.get(key)


class Told:
    """Hands on how far something is; called from whichever thread does it."""

    job: Job | None = None

    def __call__(self, done: int, of: int) -> None:
        if self.job is not None:
            self.job.progress(done, of)


async def _awaited(work: Awaitable[Reply]) -> Reply:
    return await work
