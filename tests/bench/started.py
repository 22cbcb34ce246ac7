"""Programs that a measurement starts: waited for with a limit, and stopped whatever happens."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
READY_WITHIN = 60.0  # seconds
STOPS_WITHIN = 15.0


@contextlib.contextmanager
def started(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None, listened_to: bool = False
) -> Iterator["subprocess.Popen[str]"]:
    """Our Python with these arguments, gone when the context is left; what it says is kept only if `listened_to`."""
    out = subprocess.PIPE if listened_to else subprocess.DEVNULL
    given = {**os.environ, **(environment or {})}
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=given, stdout=out, text=True)
    try:
        yield process
    finally:
        stop(process)


def stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()


def wait_until(is_ready: Callable[[], object], process: "subprocess.Popen[str] | None" = None) -> None:
    """Raises TimeoutError, or RuntimeError as soon as the process that is waited for has ended."""
    until = time.monotonic() + READY_WITHIN
    while not is_ready():
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{process.args} has ended with {process.returncode}")
        if time.monotonic() > until:
            raise TimeoutError("it was not ready in time")
        time.sleep(0.05)


def first_line(process: "subprocess.Popen[str]") -> str:
    """What it says first. Raises as wait_until does."""
    heard: list[str] = []
    assert process.stdout is not None
    threading.Thread(target=lambda: heard.append(process.stdout.readline()), daemon=True).start()  # type: ignore[union-attr]
    wait_until(lambda: heard, process)
    return heard[0]
