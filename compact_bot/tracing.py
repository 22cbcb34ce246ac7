"""One id from a message to its reply and to the nudges that it planned; nothing of what was said, or by whom."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

TRACE = "trace"


def new_trace() -> str:
    return secrets.token_hex(6)


@contextmanager
def traced(trace: str) -> Iterator[None]:
    """Whatever is logged or planned meanwhile carries this id."""
    with structlog.contextvars.bound_contextvars(**{TRACE: trace}):
        yield


def current_trace() -> str:
    """The id of the message that is being answered; "" where there is none."""
    return str(structlog.contextvars.get_contextvars().get(TRACE, ""))
