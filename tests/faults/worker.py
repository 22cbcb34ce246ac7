"""A worker process of its own, that ends when nothing is left to send.

python -m tests.faults.worker DATABASE STUB LEASE_SECONDS [START_AT]
Prints when it ended and the memory it used, in MB.
"""

import asyncio
import os
import sys
import time
from datetime import UTC, datetime, timedelta

import aiohttp
import psutil
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from adapters.clock import spare_loaded_code
from compact_bot.store.database import open_database
from compact_bot.store.tables import Nudge
from tests.faults.platform import PostingCourier, sender


async def work(database: str, stub: str, lease: float, start_at: float) -> None:
    engine = open_database(database)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        mine = sender(
            engine,
            PostingCourier(stub, session),
            f"worker-{os.getpid()}",
            clock=lambda: datetime.now(UTC),
            lease=timedelta(seconds=lease),
        )
        spare_loaded_code()
        await asyncio.sleep(max(0.0, start_at - time.time()))
        left, ended = 1, 0.0
        while left:
            try:
                await mine.send_due()
                ended = time.time()
                with engine.connect() as connection:
                    waiting = select(func.count()).select_from(Nudge).where(Nudge.state.in_(("waiting", "sending")))
                    left = connection.scalar(waiting) or 0
            except SQLAlchemyError:
                left = 1  # the database is away; ask again, as the clock does
            if left:
                await asyncio.sleep(0.2)
    engine.dispose()
    print(ended, psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], float(sys.argv[3]), float((sys.argv[4:] or ["0"])[0])))
