"""What takes long at a page: of two things of one visitor the second is never taken for the first."""

import asyncio
from collections.abc import Callable

import pytest

from adapters.web import working
from adapters.web.working import Jobs
from compact_bot.conversation import Reply


def test_a_second_list_is_told_from_the_one_at_work_and_the_same_is_not_begun_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(working, "SHOWN_AFTER", 0.01)
    begun: list[str] = []

    async def tried() -> None:
        jobs, goes_on = Jobs(), asyncio.Event()

        def long(name: str) -> Callable[[object], "asyncio.Task[Reply]"]:
            async def work() -> Reply:
                begun.append(name)
                await goes_on.wait()
                return Reply(name)

            return lambda _: asyncio.ensure_future(work())

        first = await jobs.begin("Amina", long("a"), "a")
        assert await jobs.begin("Amina", long("a again"), "a") is first
        assert (await jobs.begin("Amina", long("b"), "b")).about == "a"
        goes_on.set()
        await first.task
        assert (await jobs.begin("Amina", long("b"), "b")).reply == Reply("b")

    asyncio.run(tried())
    assert begun == ["a", "b"]
