"""Our Teams door with a real answer, beside a bare bot on the same SDK that says back what it hears."""

import asyncio
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

ROOT = Path(__file__).parent.parent.parent
SECONDS = 6.0
QUESTION = "how much notice before a grant ends?"
ROUNDS = 2


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
def running(kind: str, port: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TEAMS_LOCAL": "yes", "COMPACT_DATABASE_URL": f"sqlite:///{folder}/compact.db"}
        program = {"bare": ["tests.bench.lean_teams", str(port)], "ours": ["compact_bot", "run", "--port", str(port)]}
        command = [sys.executable, "-m", *program[kind]]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


async def ready(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(300):
            try:
                async with session.get(f"{url}/about") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise TimeoutError(url)


async def rate(url: str, service: str, at_once: int, seconds: float) -> tuple[float, float]:
    """Messages answered a second, and the 99th of 100 answers in milliseconds."""
    took: list[float] = []
    stop = time.perf_counter() + seconds

    async def one(http: aiohttp.ClientSession, who: int) -> None:
        while time.perf_counter() < stop:
            activity = {
                "type": "message",
                "id": f"{who}-{time.perf_counter_ns()}",
                "channelId": "msteams",
                "text": QUESTION,
                "serviceUrl": service,
                "from": {"id": f"29:{who}", "name": "An officer"},
                "recipient": {"id": "28:bot", "name": "Compact Bot"},
                "conversation": {"id": f"a:{who}", "conversationType": "personal", "tenantId": "t"},
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
    await ready(url)
    await rate(url, service, at_once, 1.0)
    return await rate(url, service, at_once, SECONDS)


def main() -> None:
    print(f"Teams: messages a second, {SECONDS:.0f} s each (goal: >= 0.8 of the bare bot at 8 at once)")
    port = multiprocessing.Value("i", 0)
    teams = multiprocessing.Process(target=connector, args=(port,), daemon=True)
    teams.start()
    while not port.value:
        time.sleep(0.05)
    service = f"http://127.0.0.1:{port.value}/"
    try:
        for at_once in (1, 8):
            best: dict[str, tuple[float, float]] = {}
            for turn in range(ROUNDS):
                for number, kind in enumerate(("bare", "ours")):
                    with running(kind, 26_300 + 10 * turn + number + 100 * at_once % 90) as url:
                        best[kind] = max(best.get(kind, (0.0, 0.0)), asyncio.run(measured(url, service, at_once)))
            (bare, _), (ours, p99) = best["bare"], best["ours"]
            print(f"  {at_once} at once: bare {bare:5.0f}/s, ours {ours:5.0f}/s = {ours / bare:4.2f}, p99 {p99:.1f} ms")
    finally:
        teams.terminate()


if __name__ == "__main__":
    main()
