"""How long, and how large, a request may be until it has arrived. uvicorn waits for ever for one that never ends, so a
few hundred half-sent ones would take every connection that this process may have."""

import asyncio
import contextlib
from functools import cache
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEADERS_WITHIN = 10.0  # seconds from the connection, or from the last answer on it
WHOLE_WITHIN = 30.0  # seconds for the body too; a platform sends both in one go
IN_A_CROWD_WITHIN = 1.0  # seconds for newcomers, where half of those who may be awaited are
MOST_AWAITED = 2_000
LARGEST_HEADERS = 65_536  # bytes


@cache
def most_awaited() -> int:
    """Connections whose request may still be on its way: half of what this process may have open."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if allowed != resource.RLIM_INFINITY:
            return max(8, min(MOST_AWAITED, allowed // 2))
    return MOST_AWAITED


class Arriving(HttpToolsProtocol):
    """One connection, which is closed when its request does not arrive in time, or when too many others wait.

    The oldest goes then: who means it well has sent a request long before.
    """

    awaited: dict["Arriving", None] = {}  # noqa: RUF012  # of this process, by age: what is limited are its connections

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  # uvicorn's own
        super().__init__(*args, **more)
        self._limit: asyncio.TimerHandle | None = None
        self._size = 0  # bytes of headers so far
        self._in_headers = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.awaited) >= most_awaited():
            next(iter(self.awaited))._close()
        self._await(IN_A_CROWD_WITHIN if len(self.awaited) >= most_awaited() // 2 else HEADERS_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._arrived()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._limit is None and (self.cycle is None or self.cycle.response_complete):
            self._await(HEADERS_WITHIN)  # uvicorn stops its own clock for idle connections now
        self._size += len(data) if self._in_headers else 0
        super().data_received(data)
        if self._in_headers and self._size > LARGEST_HEADERS and not self.transport.is_closing():
            self.send_400_response("Too large headers.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_headers = True
        if self._limit is None:
            self._await(HEADERS_WITHIN)

    def on_headers_complete(self) -> None:
        self._in_headers, self._size = False, 0
        self._await(WHOLE_WITHIN)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_headers = True
        self._arrived()
        super().on_message_complete()

    def _await(self, seconds: float) -> None:
        self._arrived()
        self.awaited[self] = None
        self._limit = self.loop.call_later(seconds, self._close)

    def _arrived(self) -> None:
        self.awaited.pop(self, None)
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _close(self) -> None:
        """Without a word: who is this slow reads none."""
        self._arrived()
        self.transport.abort()

    def _unsupported_upgrade_warning(self) -> None:
        """Anybody may ask for an upgrade; uvicorn writes two lines into the log for each, which says nothing."""
