"""Our Teams door with a real answer, beside a bare bot on the same SDK that says back what it hears."""

import asyncio
import itertools
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from aiohttp import web

from tests.bench.http_load import free_port, serving
from tests.bench.started import STOPS_WITHIN, wait_until

SECONDS = 6.0
QUESTION = "how much notice before a grant ends?"
ROUNDS = 2
PEOPLE = 400  # who take turns in each of those at once: in one chat Teams allows two messages a second


def connector(port: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
    """Teams' side, which takes every message at once."""

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"id": "1"}, status=201)

    async def serve() -> None:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port.value = runner.addresses[0][1]
        await asyncio.Event().wait()

    asyncio.run(serve())


@contextmanager
def running(kind: str) -> Iterator[str]:
    """Its address, once it answers."""
    port = free_port()
    program = {"bare": ["tests.bench.lean_teams", str(port)], "ours": ["compact_bot", "run", "--port", str(port)]}
    with serving(["-m", *program[kind]], {"TEAMS_LOCAL": "yes"}, port, "/about"):
        yield f"http://127.0.0.1:{port}"


async def rate(url: str, service: str, at_once: int, seconds: float) -> tuple[float, float]:
    """Messages answered a second, and the 99th of 100 answers in milliseconds."""
    took: list[float] = []
    stop = time.perf_counter() + seconds

    async def one(http: aiohttp.ClientSession, who: int) -> None:
        for turn in itertools.count():
            if time.perf_counter() > stop:
                break
            person = f"{who}-{turn % PEOPLE}"
            activity = {
                "type": "message",
                "id": f"{person}-{time.perf_counter_ns()}",
                "channelId": "msteams",
                "text": QUESTION,
                "serviceUrl": service,
                "from": {"id": f"29:{person}", "name": "An officer"},
                "recipient": {"id": "28:bot", "name": "Compact Bot"},
                "conversation": {"id": f"a:{person}", "conversationType": "personal", "tenantId": "t"},
                "channelData": {"tenant": {"id": "t"}},
            }
            started = time.perf_counter()
            async with http.post(f"{url}/api/messages", json=activity) as answer:
                assert answer.status == 200
            took.append(time.perf_counter() - started)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        await asyncio.gather(*(one(http, who) for who in range(at_once)))
    took.sort()
    return len(took) / seconds, took[int(len(took) * 0.99)] * 1000


async def measured(url: str, service: str, at_once: int) -> tuple[float, float]:
    await rate(url, service, at_once, 1.0)
    return await rate(url, service, at_once, SECONDS)


def main() -> None:
    print(f"Teams: messages a second, {SECONDS:.0f} s each (goal: >= 0.8 of the bare bot at 8 at once)")
    port = multiprocessing.Value("i", 0)
    teams = multiprocessing.Process(target=connector, args=(port,), daemon=True)
    teams.start()
    try:
        wait_until(lambda: port.value)
        service = f"http://127.0.0.1:{port.value}/"
        for at_once in (1, 8):
            best: dict[str, tuple[float, float]] = {}
            for _ in range(ROUNDS):
                for kind in ("bare", "ours"):
                    with running(kind) as url:
                        best[kind] = max(best.get(kind, (0.0, 0.0)), asyncio.run(measured(url, service, at_once)))
            (bare, _), (ours, p99) = best["bare"], best["ours"]
            print(f"  {at_once} at once: bare {bare:5.0f}/s, ours {ours:5.0f}/s = {ours / bare:4.2f}, p99 {p99:.1f} ms")
    finally:
        teams.terminate()
        teams.join(STOPS_WITHIN)


if __name__ == "__main__":
    main()
