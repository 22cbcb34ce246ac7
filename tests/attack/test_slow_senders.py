"""Requests that never end, over real sockets of this machine: nobody who means it well is shut out by them."""

import asyncio
import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from adapters import bodies
from adapters.web import arriving
from tests.conftest import ROOT

HALF = b"POST /read HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "


async def read(request: Request) -> Response:
    body = await bodies.received(request)
    return body if isinstance(body, Response) else PlainTextResponse(f"{len(body)} bytes")


async def unread(_: Request) -> Response:
    return PlainTextResponse("not read")


async def thoughtful(_: Request) -> Response:
    await asyncio.sleep(1)
    return PlainTextResponse("at last")


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server of our protocol whose limits are short."""
    for name, seconds in {"HEADERS_WITHIN": 0.4, "WHOLE_WITHIN": 0.8}.items():
        monkeypatch.setattr(arriving, name, seconds)
    monkeypatch.setattr(bodies, "BODY_WITHIN", 0.4)
    app = Starlette(
        routes=[
            Route("/read", read, methods=["POST"]),
            Route("/unread", unread, methods=["POST"]),
            Route("/thoughtful", thoughtful),
        ]
    )
    config = uvicorn.Config(app, port=0, http=arriving.Arriving, ws="none", log_level="warning", timeout_keep_alive=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()
    assert not arriving.Arriving.awaited


@contextlib.contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        yield one


def heard_until_closed(one: socket.socket, within: float) -> bytes:
    """What the other side says until it closes; fails when it does not."""
    heard, until = b"", time.monotonic() + within
    while True:
        one.settimeout(max(0.01, until - time.monotonic()))
        try:
            data = one.recv(65_536)
        except ConnectionError:
            return heard
        if not data:
            return heard
        heard += data


def trickle(one: socket.socket, drop: bytes, seconds: float) -> None:
    until = time.monotonic() + seconds
    with contextlib.suppress(OSError):
        while time.monotonic() < until:
            one.sendall(drop)
            time.sleep(0.05)


@pytest.mark.parametrize("beginning", [b"", b"P", HALF, b"\r\n", b"GET /thoughtful HTTP/1.1\r\n"])
def test_headers_that_do_not_end_are_not_waited_for(port: int, beginning: bytes) -> None:
    with connected(port) as one:
        one.sendall(beginning)
        assert heard_until_closed(one, 2) == b""


def test_headers_that_trickle_gain_no_time(port: int) -> None:
    with connected(port) as one:
        one.sendall(HALF)
        trickle(one, b"x", 1.5)
        assert heard_until_closed(one, 0.5) == b""


def test_a_connection_that_has_been_answered_may_not_stay_by_trickling(port: int) -> None:
    with connected(port) as one:
        one.sendall(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
        assert b"1 bytes" in one.recv(1_000)
        trickle(one, b"\r\n", 1.5)
        assert heard_until_closed(one, 0.5) == b""


def test_a_body_that_does_not_end_is_answered_with_408(port: int) -> None:
    with connected(port) as one:
        one.sendall(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx")
        trickle(one, b"x", 0.6)
        assert heard_until_closed(one, 2).startswith(b"HTTP/1.1 408 ")


def test_a_body_that_nobody_reads_is_not_waited_for_either(port: int) -> None:
    with connected(port) as one:
        one.sendall(b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx")
        trickle(one, b"x", 2)
        assert heard_until_closed(one, 0.5).startswith(b"HTTP/1.1 200 ")


def test_headers_without_end_are_refused(port: int) -> None:
    with connected(port) as one:
        with contextlib.suppress(OSError):
            one.sendall(HALF + b"x" * 200_000)
        assert heard_until_closed(one, 2)[:13] in (b"HTTP/1.1 400 ", b"")


def test_an_answer_that_takes_long_is_waited_for_and_the_next_request_too(port: int) -> None:
    with connected(port) as one:
        one.sendall(b"GET /thoughtful HTTP/1.1\r\nHost: x\r\n\r\nGET /thoughtful HTTP/1.1\r\nHost: x\r\n\r\n")
        heard = b""
        while heard.count(b"at last") < 2:
            heard += one.recv(1_000)
        one.sendall(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nwell")
        assert b"4 bytes" in one.recv(1_000)


def test_an_upgrade_that_is_not_ours_is_no_line_in_the_log(port: int, caplog: pytest.LogCaptureFixture) -> None:
    with connected(port) as one:
        one.sendall(b"GET /thoughtful HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        assert one.recv(1_000)
    assert caplog.records == []


def test_three_hundred_half_sent_requests_shut_nobody_out(tmp_path: Path) -> None:
    """The program itself, allowed 256 descriptors."""
    given = {**os.environ, "PORT": "0", "COMPACT_DATABASE_URL": f"sqlite:///{tmp_path}/compact.db"}
    command = ["/bin/sh", "-c", 'ulimit -n 256; exec "$0" -m compact_bot run', sys.executable]
    with subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, text=True) as process:
        half: list[socket.socket] = []
        try:
            assert process.stdout is not None
            address = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
            assert address
            assert httpx2.get(f"{address[0]}/healthz", timeout=10).text == "ok"
            half_a_body = (
                f"POST /say HTTP/1.1\r\nHost: 127.0.0.1:{address[1]}\r\nContent-Length: 1000\r\n\r\nx".encode()
            )
            for beginning in (HALF, half_a_body):
                for _ in range(300):
                    half.append(socket.create_connection(("127.0.0.1", int(address[1])), timeout=5))
                    with contextlib.suppress(OSError):
                        half[-1].sendall(beginning)
                for _ in range(5):
                    started = time.monotonic()
                    assert httpx2.get(f"{address[0]}/healthz", timeout=5).text == "ok"
                    assert time.monotonic() - started < 3
        finally:
            for one in half:
                one.close()
            process.terminate()
            process.wait(timeout=20)
