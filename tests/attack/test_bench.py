"""`make bench` waits with a limit for what it starts, and stops what it started whatever happens."""

import os
import time
from pathlib import Path

import psutil
import pytest

from tests.bench import started as starting
from tests.bench.http_load import free_port, serving
from tests.bench.started import first_line, started, wait_until

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "READY_WITHIN", 0.6)
    monkeypatch.setattr(starting, "STOPS_WITHIN", 0.5)


def test_what_does_not_stop_is_killed() -> None:
    with started(["-c", DEAF], listened_to=True) as process:
        wait_until_up(process.pid)
        assert first_line(process) == "up\n"
    assert not psutil.pid_exists(process.pid)


def wait_until_up(pid: int) -> None:
    """It has its own name by now, and more than a moment's work behind it."""
    until = time.monotonic() + 10
    while sum(psutil.Process(pid).cpu_times()[:2]) < 0.01 and time.monotonic() < until:
        time.sleep(0.01)


def test_what_never_says_anything_is_waited_for_with_a_limit() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError), started(["-c", "import time; time.sleep(60)"], listened_to=True) as process:
        first_line(process)
    assert time.monotonic() - began < 10
    assert not psutil.pid_exists(process.pid)


def test_what_ends_before_it_is_ready_is_not_waited_for() -> None:
    with pytest.raises(RuntimeError, match="has ended with 3"), started(["-c", "raise SystemExit(3)"]) as process:
        wait_until(lambda: False, process)


def test_a_server_that_never_answers_stops_the_measurement(tmp_path: Path) -> None:
    port = free_port()
    with pytest.raises((TimeoutError, RuntimeError)), serving(["-c", "import time; time.sleep(60)"], {}, port, "/"):
        pytest.fail("it was measured")
    children = psutil.Process(os.getpid()).children()
    assert not [child for child in children if "time.sleep(60)" in " ".join(child.cmdline())]
