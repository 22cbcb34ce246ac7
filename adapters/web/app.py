"""The web process: what chat platforms call, and the pages, which are this machine's own or behind a way in."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import datetime

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from adapters.answering import Answering
from adapters.console import LOCAL
from adapters.this_machine import OnlyThisMachine
from adapters.web import (
    ask,
    board,
    calendars,
    exporting,
    feedback,
    full_text,
    importing,
    openid,
    review,
    settings,
    signing_in,
)
from adapters.web.house import House
from adapters.web.issuers import Issuer
from adapters.web.links import Links
from adapters.web.render import HERE
from compact_bot.bot import Bot
from compact_bot.conversation import Reply

# In the order of the navigation. A page is in it when it is served.
NAV = (
    ("/", "Ask"),
    ("/board", "Board"),
    ("/feedback", "Feedback"),
    ("/review", "Review"),
    ("/compact", "Full text"),
    ("/import", "Import"),
    ("/export", "Export"),
    ("/calendar", "Calendar"),
    ("/settings", "Settings"),
)
PAGES: tuple[Callable[[House], Sequence[BaseRoute]], ...] = (
    signing_in.routes,
    board.routes,
    feedback.routes,
    review.routes,
    importing.routes,
    exporting.routes,
    calendars.routes,
    settings.routes,
)


def web_app(
    bot: Bot,
    clock: Callable[[], datetime],
    sent_nudges: Callable[[str], list[Reply]],
    meanwhile: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    doors: Sequence[BaseRoute] = (),
    answering: Answering | None = None,
    public_url: str = "",
    secret_key: str = "",
    issuers: Sequence[Issuer] = (),
) -> Starlette:
    """The pages beside the doors; `meanwhile` is entered for as long as it runs (the worker that sends nudges)."""
    links = Links(public_url, secret_key, LOCAL)
    return doors_app([*doors, *pages(bot, clock, sent_nudges, links, answering, issuers)], meanwhile, answering)


def pages(
    bot: Bot,
    clock: Callable[[], datetime],
    sent_nudges: Callable[[str], list[Reply]],
    links: Links,
    answering: Answering | None = None,
    issuers: Sequence[Issuer] = (),
) -> Sequence[BaseRoute]:
    """All pages. Without a public address they answer this machine's own browser alone, and ask nobody who they are.

    With one, the full text is open to all; the rest is for those who are signed in, and closed where no key signs
    their links.
    """
    static = Mount("/static", StaticFiles(directory=HERE / "static"))
    house = House(bot, clock, links, answering, issuers=issuers)
    rooms = [*(route for room in PAGES for route in room(house)), *ask.routes(house, sent_nudges)]
    served = {route.path for route in (*rooms, *full_text.routes(house)) if isinstance(route, Route)}
    house.nav.extend(entry for entry in NAV if entry[0] in served)

    async def nowhere(request: Request) -> Response:
        return house.page("nowhere.html", request, await house.visitor(request), 404)

    rest = _Nowhere("/{rest:path}", nowhere, methods=["NONE"])
    if links.public_url and links.secret_key:
        return [*full_text.routes(house), *openid.routes(house), *rooms, static, rest]
    guard = [Middleware(OnlyThisMachine, public_url=links.public_url)]
    if links.public_url:
        return [*full_text.routes(house), static, Mount("/", routes=rooms, middleware=guard)]
    return [Mount("/", routes=[*full_text.routes(house), *rooms, static, rest], middleware=guard)]


class _Nowhere(Route):
    """What no other route knows. It takes no method, so that one which knows an address says which methods it takes."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


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
