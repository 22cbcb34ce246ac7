"""A worker process of its own: python -m tests.faults.worker DATABASE STUB LEASE_SECONDS. Ends when nothing is left."""

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta

import aiohttp
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from compact_bot.store.database import open_database
from compact_bot.store.tables import Nudge
from tests.faults.platform import PostingCourier, sender


async def work(database: str, stub: str, lease: float) -> None:
    engine = open_database(database)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        mine = sender(
            engine,
            PostingCourier(stub, session),
            f"worker-{os.getpid()}",
            clock=lambda: datetime.now(UTC),
            lease=timedelta(seconds=lease),
        )
        left = 1
        while left:
            try:
                await mine.send_due()
                with engine.connect() as connection:
                    waiting = select(func.count()).select_from(Nudge).where(Nudge.state.in_(("waiting", "sending")))
                    left = connection.scalar(waiting) or 0
            except SQLAlchemyError:
                left = 1  # the database is away; ask again, as the clock does
            if left:
                await asyncio.sleep(0.2)
    engine.dispose()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], float(sys.argv[3])))
