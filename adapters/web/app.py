"""The web process: what chat platforms call, and on this machine only, the chat page and the full text."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime
from ipaddress import ip_address

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.answering import Answering
from adapters.console import LOCAL
from adapters.web.render import HERE, agreement_page, chat_page, reply_html
from compact_bot.bot import APOLOGY, Bot
from compact_bot.conversation import Address, Filled, Message, Person, Reply

LARGEST_BODY = 100_000  # bytes; the longest message that gets an answer of its own is far below
VISITOR = "visitor"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def web_app(
    bot: Bot,
    clock: Callable[[], datetime],
    sent_nudges: Callable[[str], list[Reply]],
    meanwhile: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    doors: Sequence[BaseRoute] = (),
    pages: Sequence[BaseRoute] = (),
    answering: Answering | None = None,
) -> Starlette:
    """The local page beside the doors; `meanwhile` is entered for as long as it runs (the worker that sends nudges).

    `pages` are served on this machine only, beside the local page: the yearly review.
    """
    agreement = bot.search.agreement

    async def page(_: Request) -> Response:
        return HTMLResponse(chat_page(agreement), headers=HEADERS)

    async def full_text(_: Request) -> Response:
        return HTMLResponse(agreement_page(agreement), headers=HEADERS)

    async def say(request: Request) -> Response:
        if not _came_from_here(request):
            return PlainTextResponse("This form can only be sent from its own page.", 403)
        if int(request.headers.get("content-length") or LARGEST_BODY + 1) > LARGEST_BODY:
            return PlainTextResponse("That message is too large. Nothing was saved.", 413)
        form = await request.form()
        text, message_id, filled = form.get("text", ""), form.get("id", ""), _filled(form)
        visitor = request.cookies.get(VISITOR) or uuid.uuid4().hex
        message = Message(
            id=str(message_id)[:64] or uuid.uuid4().hex,
            text=str(text),
            sender=Person(visitor[:64], "a visitor of the local page"),
            address=Address("web", visitor[:64]),
            organisation=LOCAL,
            sent_at=clock(),
            filled=filled,
        )
        reply = await (answering(message) if answering else asyncio.to_thread(bot.reply_to, message)) or APOLOGY
        if "text/x-fragment" in request.headers.get("accept", ""):
            response = HTMLResponse(reply_html(reply, uuid.uuid4().hex[:8]), headers=HEADERS)
        else:
            said = str(text) if filled is None else "(the form)"
            response = HTMLResponse(chat_page(agreement, said, reply), headers=HEADERS)
        response.set_cookie(VISITOR, visitor, httponly=True, samesite="strict")
        return response

    async def nudges(_: Request) -> Response:
        replies = await asyncio.to_thread(sent_nudges, LOCAL)
        return HTMLResponse("".join(map(reply_html, replies)), headers=HEADERS)

    local = Mount(
        "/",
        routes=[
            Route("/", page),
            Route("/say", say, methods=["POST"]),
            Route("/compact", full_text),
            Route("/nudges", nudges),
            *pages,
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"]),
            Middleware(OnlyThisMachine),
        ],
    )
    return doors_app([*doors, local], meanwhile, answering)


def doors_app(
    doors: Sequence[BaseRoute],
    meanwhile: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    answering: Answering | None = None,
) -> Starlette:
    """Only what chat platforms call, and a sign of life: this may be open to the world."""

    async def healthy(_: Request) -> Response:
        if answering and answering.is_stuck:
            return PlainTextResponse("stuck: no thread has answered for a while", 503)
        return PlainTextResponse("ok")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with meanwhile():
            yield

    return Starlette(lifespan=lifespan, routes=[Route("/healthz", healthy), *doors])


class OnlyThisMachine:
    """The local page asks nobody who they are, so nobody from elsewhere may reach it, by a proxy either."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = (scope.get("client") or ("",))[0]
        forwarded = {name for name, _ in scope.get("headers", ())} & {b"forwarded", b"x-forwarded-for"}
        if scope["type"] == "http" and (forwarded or not _is_loopback(caller)):
            refused = PlainTextResponse("This page is only for the machine that it runs on.", 403)
            await refused(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _filled(form: FormData) -> Filled | None:
    """The form of a reply that somebody sent; its fields are named with a dot before."""
    name = form.get("form", "")
    if not name:
        return None
    names = {key[1:] for key in form if key.startswith(".")}
    values = {field: "\n".join(map(str, form.getlist(f".{field}"))) for field in names}
    return Filled(str(name), str(form.get("subject", "")), values)


def _came_from_here(request: Request) -> bool:
    """Another site's page must not speak to the local one: browsers send Origin with every such post."""
    origin = request.headers.get("origin")
    return origin is None or origin == f"{request.url.scheme}://{request.headers['host']}"
