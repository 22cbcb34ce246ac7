"""The timer: stopping while a job is on its way is no mistake."""

import asyncio

import pytest

from adapters.clock import HOUR, Job, ticking


def test_a_job_that_is_on_its_way_when_the_process_stops_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def takes_long() -> None:
        begun.set()
        await asyncio.sleep(60)

    async def nothing() -> None:
        pass

    async def live_and_stop() -> None:
        async with ticking([Job("long", takes_long, HOUR)], nothing):
            await asyncio.wait_for(begun.wait(), 10)
        await asyncio.sleep(0.1)

    asyncio.run(live_and_stop())
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
