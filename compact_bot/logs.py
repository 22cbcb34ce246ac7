"""The log: one line for each record, with nothing in it that people wrote or that opens a door.

The text of an exception may hold either, whichever library raised it, so a record tells its type and its place only.
COMPACT_LOG says how much: what went wrong alone, or a line for each message and nudge too, plain or as JSON. `events`
are those lines: fields of constant kinds, with the id that leads from a message to its reply and its nudges.
"""

import json
import logging
import threading
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from compact_bot.tracing import TRACE, current_trace

OURS = ("compact_bot", "adapters", "knowledge")
# These say what happened in constant words, before the first line break or any value that is filled in.
HEARD = ("uvicorn", "asyncio", "apscheduler")


def one_line(text: str) -> str:
    """Without control characters: an id that holds a line break must not begin a line of its own."""
    return "".join(c if c.isprintable() else " " for c in text)


def type_and_place(error: BaseException) -> str:
    """ "OperationalError at connect:126, in hold:52": which exception, the line that raised it, our line before it."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return type(error).__name__
    ours = [frame for frame in frames if set(OURS) & set(Path(frame.filename).parts)]
    led_there = f", in {ours[-1].name}:{ours[-1].lineno}" if ours and ours[-1] is not frames[-1] else ""
    return f"{type(error).__name__} at {frames[-1].name}:{frames[-1].lineno}{led_there}"


class _OneLine(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = one_line(record.getMessage()), ()
        return True


def logger(name: str) -> logging.Logger:
    """The log of one of our modules: what is filled in, such as an id from outside, cannot forge a line."""
    found = logging.getLogger(name)
    if not any(isinstance(one, _OneLine) for one in found.filters):
        found.addFilter(_OneLine())
    return found


class Plain(logging.Formatter):
    """Our own words as they are; of a library's record only what it says in constant words, and of an exception its
    type and place."""

    def format(self, record: logging.LogRecord) -> str:
        said = self._said(record)
        error = record.exc_info[1] if record.exc_info else None
        where = f"{record.levelname.lower()} {record.name}: {said}"
        told = "".join(f" {name}={value}" for name, value in _fields(record).items())
        return where + told + (f" ({type_and_place(error)})" if error else "")

    def _said(self, record: logging.LogRecord) -> str:
        family = record.name.partition(".")[0]
        if family in OURS:
            return one_line(record.getMessage())
        if family in HEARD:
            return one_line(str(record.msg).strip().partition("\n")[0])
        return f"at {record.module}:{record.lineno}"


class AsJson(Plain):
    """The same, each record an object on a line of its own, for what gathers logs."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": self._said(record),
            **_fields(record),
        }
        return json.dumps(told | ({"error": type_and_place(error)} if error else {}), ensure_ascii=False)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """What an event tells beside its name, and the id of the message that it belongs to."""
    told: dict[str, object] = getattr(record, "told", {})
    trace = told.get(TRACE) or current_trace()
    return {**({TRACE: trace} if trace else {}), **told}


def _as_record(_: object, __: str, event: MutableMapping[str, Any]) -> tuple[tuple[str], dict[str, Any]]:
    """structlog's last step: our words as the record's message, the fields beside it."""
    said = str(event.pop("event"))
    told = {name: one_line(value) if isinstance(value, str) else value for name, value in event.items() if value != ""}
    return (said,), {"extra": {"told": told}}


_EVENTS = logging.getLogger("compact_bot.events")
events: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    _EVENTS,
    processors=[structlog.stdlib.filter_by_level, structlog.contextvars.merge_contextvars, _as_record],
    wrapper_class=structlog.stdlib.BoundLogger,
)
QUIET, PLAIN, JSON = "quiet", "plain", "json"


def set_up_log(how: str = QUIET) -> None:
    """Everything of note goes to standard error, whichever library it comes from; events only where they are wanted."""
    assert logging.lastResort is not None  # noqa: S101  # nobody takes it away
    logging.lastResort.setFormatter(AsJson() if how == JSON else Plain())
    logging.lastResort.setLevel(logging.WARNING if how == QUIET else logging.INFO)
    _EVENTS.setLevel(logging.WARNING if how == QUIET else logging.INFO)
    threading.excepthook = _from_a_thread


def _from_a_thread(raised: threading.ExceptHookArgs) -> None:
    if raised.exc_value is not None:
        logger(__name__).error("a thread ended: %s", type_and_place(raised.exc_value))
