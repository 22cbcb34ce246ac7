"""A platform on loopback that takes nudges: counts each key, and misbehaves when told to."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiohttp import web

Behave = Callable[[str, int], tuple[int, float]]
"""key, how often it came before -> HTTP status, seconds to wait before answering"""


class Stub:
    def __init__(self, behave: Behave | None = None, delay: float = 0.0) -> None:
        self.taken: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.behave = behave
        self.delay = delay
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        key = (await request.json())["key"]
        status, wait = self.behave(key, self.asked[key]) if self.behave else (200, self.delay)
        self.asked[key] += 1
        if status == 200:
            self.taken[key] += 1
        await asyncio.sleep(wait)
        return web.json_response({"ref": key}, status=status, headers={"Retry-After": "2"} if status == 429 else {})


@contextmanager
def running(stub: Stub) -> Iterator[Stub]:
    """The stub on a free loopback port, in a thread of its own."""
    loop, started = asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        app = web.Application()
        app.router.add_post("/", stub.take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        stub.url = runner.addresses and f"http://127.0.0.1:{runner.addresses[0][1]}/"
        stop.append(asyncio.Event())
        started.set()
        await stop[0].wait()
        await runner.cleanup()

    stop: list[asyncio.Event] = []
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait(10)
    try:
        yield stub
    finally:
        loop.call_soon_threadsafe(stop[0].set)
        thread.join(10)
        loop.close()


if __name__ == "__main__":
    import sys
    import time

    with running(Stub(delay=float(sys.argv[1]))) as serving:
        print(serving.url, flush=True)
        time.sleep(600)
