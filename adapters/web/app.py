"""The web process: what chat platforms call, and on this machine only, the chat page and the full text."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.answering import Answering
from adapters.bodies import form_of
from adapters.console import LOCAL
from adapters.this_machine import OnlyThisMachine
from adapters.web.render import HERE, agreement_page, chat_page, reply_html
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Filled, Message, MessageKind, Person, Reply
from compact_bot.turn import visible

LARGEST_BODY = 100_000  # bytes; the longest message that gets an answer of its own is far below
VISITOR = "visitor"
ANSWERED_BEFORE = Reply(
    "This very message was answered before, and was acted on once.",
    next_step="To see what came of it, look above, or type home.",
)
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
    public_url: str = "",
) -> Starlette:
    """The local page beside the doors; `meanwhile` is entered for as long as it runs (the worker that sends nudges).

    `pages` are served on this machine only, beside the local page: the yearly review. Where there is a `public_url`
    they are closed.
    """
    agreement = bot.search.agreement

    async def page(_: Request) -> Response:
        return HTMLResponse(chat_page(agreement), headers=HEADERS)

    async def full_text(_: Request) -> Response:
        return HTMLResponse(agreement_page(agreement), headers=HEADERS)

    async def say(request: Request) -> Response:
        if not _came_from_here(request):
            return PlainTextResponse("This form can only be sent from its own page.", 403)
        form = await form_of(request, LARGEST_BODY)
        if isinstance(form, Response):
            return form
        text, filled, pressed = _words(form, "text"), _filled(form), _words(form, "pressed")
        visitor = visible(request.cookies.get(VISITOR, ""))[:64] or uuid.uuid4().hex
        message = Message(
            id=visible(_words(form, "id"))[:64] or uuid.uuid4().hex,
            text=text,
            sender=Person(visitor, "a visitor of the local page"),
            address=Address("web", visitor),
            organisation=LOCAL,
            sent_at=clock(),
            filled=filled,
            pressed=pressed,
            kind=MessageKind.PRESSED if pressed else MessageKind.FILLED if filled else MessageKind.SAID,
        )
        reply = await (answering(message) if answering else asyncio.to_thread(bot.reply_to, message))
        reply = reply or ANSWERED_BEFORE
        if "text/x-fragment" in request.headers.get("accept", ""):
            response = HTMLResponse(reply_html(reply, uuid.uuid4().hex[:8]), headers=HEADERS)
        else:
            said = "(the form)" if filled else "(a button)" if pressed else text
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
            Middleware(OnlyThisMachine, public_url=public_url),
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


def _words(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _filled(form: FormData) -> Filled | None:
    """The form of a reply that somebody sent; its fields are named with a dot before."""
    name = _words(form, "form")
    if not name:
        return None
    names = {key[1:] for key in form if key.startswith(".")}
    values = {field: "\n".join(v for v in form.getlist(f".{field}") if isinstance(v, str)) for field in names}
    return Filled(name, _words(form, "subject"), values)


def _came_from_here(request: Request) -> bool:
    """Another site's page must not speak to the local one: browsers send Origin with every such post."""
    origin = request.headers.get("origin")
    return origin is None or origin == f"{request.url.scheme}://{request.headers['host']}"
