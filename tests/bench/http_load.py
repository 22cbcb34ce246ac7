"""A closed loop of requests over connections that stay open, with as little work on this side as can be."""

import asyncio
import contextlib
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import httpx2
import psutil

from tests.bench.started import started, wait_until

LOADS_WITHIN = 300.0  # seconds
Request = Callable[[int], tuple[bytes, Mapping[str, str]]]
"""A number -> a body and its headers."""


@dataclass(frozen=True)
class Load:
    """`p50` and `p99` in ms, `rate` in answers a second, `cpu` in ms of the server's processor time an answer."""

    rate: float
    p50: float
    p99: float
    cpu: float


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def serving(command: list[str], environment: Mapping[str, str], port: int, path: str) -> Iterator[psutil.Process]:
    """A server in a process of its own, once it answers at a path."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"COMPACT_DATABASE_URL": f"sqlite:///{folder}/compact.db", **environment}

        def answers() -> bool:
            with contextlib.suppress(httpx2.TransportError):
                httpx2.get(f"http://127.0.0.1:{port}{path}", timeout=5)
                return True
            return False

        with started(command, given) as process:
            wait_until(answers, process)
            yield psutil.Process(process.pid)


async def _one_connection(port: int, path: str, request: Request, numbers: Iterator[int], took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        body, headers = request(number)
        lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        started = time.perf_counter()
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head[:20]:
            raise RuntimeError(head[:100].decode())
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.split(b":")[1]))
        took.append(time.perf_counter() - started)
    writer.close()


async def _load(port: int, path: str, request: Request, number: int, at_once: int) -> tuple[list[float], float]:
    took: list[float] = []
    numbers = iter(range(number))
    began = time.perf_counter()
    async with asyncio.timeout(LOADS_WITHIN):
        await asyncio.gather(*(_one_connection(port, path, request, numbers, took) for _ in range(at_once)))
    return sorted(took), time.perf_counter() - began


def load(server: psutil.Process, port: int, path: str, request: Request, number: int, at_once: int) -> Load:
    asyncio.run(_load(port, path, request, 200, at_once))  # warm
    before = sum(server.cpu_times()[:2])
    took, wall = asyncio.run(_load(port, path, request, number, at_once))
    used = sum(server.cpu_times()[:2]) - before
    return Load(number / wall, took[number // 2] * 1000, took[int(number * 0.99)] * 1000, used / number * 1000)
