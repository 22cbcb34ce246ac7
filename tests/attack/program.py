"""The program as a process of its own, as it runs on a server; on loopback, and ended afterwards whatever happens."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.conftest import ROOT
from tests.slack.workspace import SECRET, TOKEN, Workspace


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    base: str
    err: Path

    def log(self) -> str:
        return self.err.read_text(encoding="utf-8")

    def stop(self) -> float:
        """Ask it to stop as a server does; returns how many seconds that took."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=25)
        return time.monotonic() - started


def slack_environment(workspace: Workspace) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{workspace.url}api/"}


@contextmanager
def running(command: str, database: str, folder: Path, environment: dict[str, str]) -> Iterator[Running]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {**os.environ, "COMPACT_DATABASE_URL": database, "HOST": "127.0.0.1", "PORT": str(port), **environment}
    err = folder / f"{command}.log"
    with err.open("wb") as log:
        arguments = [sys.executable, "-m", "compact_bot", command]
        process = subprocess.Popen(arguments, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=log)
    one = Running(process, f"http://127.0.0.1:{port}", err)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"Compact Bot"), one.log()
        if command != "worker":
            _wait_until_served(one)
        yield one
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _wait_until_served(one: Running) -> None:
    for _ in range(200):
        try:
            if httpx2.get(f"{one.base}/healthz").status_code == 200:
                return
        except httpx2.ConnectError:
            time.sleep(0.05)
    raise AssertionError("it did not begin to serve")
