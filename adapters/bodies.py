"""Reading what a platform posts: never more than is allowed, whatever the request says of its size."""

import asyncio
import re

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

LARGEST_BODY = 1_000_000  # bytes; what a platform sends is far smaller
BODY_WITHIN = 10.0  # seconds for all of it; a platform sends it in one go
FILES_WITHIN = 60.0  # seconds: a file comes over whatever line somebody has
MOST_FIELDS = 100  # of a form; ours have a dozen
MOST_DISCARDED = 60_000_000
DISCARDING_FOR = 2.0  # seconds


async def body_of(request: Request, most: int = LARGEST_BODY) -> bytes | None:
    """The body, None as soon as it is known to be larger than allowed. Raises ClientDisconnect."""
    said = request.headers.get("content-length", "")
    if re.fullmatch("[0-9]{1,12}", said) and int(said) > most:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


async def received(request: Request) -> bytes | Response:
    """The body, or what to answer when it is too large, does not come, or its sender has gone."""
    try:
        async with asyncio.timeout(BODY_WITHIN):
            body = await body_of(request)
    except ClientDisconnect:
        return Response(status_code=400)
    except TimeoutError:
        return _too_slow()
    return TooLarge() if body is None else body


async def form_of(request: Request, most: int, files: int = 0) -> FormData | Response:
    """The form in a body that says how large it is, or what to answer instead. With `files` it may hold some."""
    said = request.headers.get("content-length", "")
    if not re.fullmatch("[0-9]{1,12}", said) or int(said) > most:
        if files:
            return TooLarge(f"That file is too large: the most I read is {most // 1_000_000} MB. Nothing was saved.")
        return PlainTextResponse("That message is too large. Nothing was saved.", 413)
    try:
        async with asyncio.timeout(FILES_WITHIN if files else BODY_WITHIN):
            return await request.form(max_files=files, max_fields=MOST_FIELDS)
    except (ClientDisconnect, HTTPException):
        return PlainTextResponse("That form could not be read. Nothing was saved.", 400)
    except TimeoutError:
        return _too_slow()


def _too_slow() -> Response:
    return PlainTextResponse("too slow", 408, headers={"Connection": "close"})


class TooLarge(PlainTextResponse):
    """413 at once. What is still coming is then thrown away for a moment: a connection that is closed under a sender
    is reset, and the sender never reads why."""

    def __init__(self, said: str = "too large") -> None:
        super().__init__(said, 413)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's signature
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": True})
        discarded, more = 0, True
        try:
            async with asyncio.timeout(DISCARDING_FOR):
                while more and discarded < MOST_DISCARDED:
                    message = await receive()
                    discarded += len(message.get("body", b""))
                    more = message.get("more_body", False)
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": b""})
