"""A clock that is not believed at once when it leaps: a wrong hour sends, cancels and delays beyond undoing."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from compact_bot.logs import logger

LEAP = timedelta(hours=1)
BELIEVED_AFTER = 300.0  # seconds that a leap must last: a machine that slept is right, one bad reading is not

log = logger(__name__)


class SteadyClock:
    """Tells what `clock` tells, as long as that goes on as fast as `elapsed` seconds do."""

    def __init__(self, clock: Callable[[], datetime], elapsed: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._elapsed = elapsed
        self._trusted: tuple[datetime, float] | None = None
        self._leapt: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        told = self._clock(), self._elapsed()
        expected = _gone_on(self._trusted or told, told[1])
        if abs(told[0] - expected) <= LEAP:
            self._trusted, self._leapt = told, None
            return told[0]
        if self._leapt is None or abs(told[0] - _gone_on(self._leapt, told[1])) > LEAP:
            self._leapt = told
            log.warning("the clock leapt from %s to %s; waiting to see whether it stays", expected, told[0])
        elif told[1] - self._leapt[1] >= BELIEVED_AFTER:
            self._trusted, self._leapt = told, None
            return told[0]
        return expected


def _gone_on(since: tuple[datetime, float], elapsed: float) -> datetime:
    return since[0] + timedelta(seconds=elapsed - since[1])
