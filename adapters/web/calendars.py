"""Calendars for other programs: an address is all they have, so nothing but the address lets them in."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web.house import House, Visitor
from compact_bot.calendars.feed import Calendar
from compact_bot.calendars.ics import MEDIA_TYPE
from compact_bot.calendars.serving import Calendars

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_NOTHING = "There is nothing here."


def routes(house: House) -> Sequence[BaseRoute]:
    bot = house.bot
    calendars = Calendars(bot.engine, bot.search.agreement, bot.rules, bot.timezone, house.links.deadline, house.clock)

    async def feed(request: Request) -> Response:
        token = request.path_params["token"]
        if not _TOKEN.fullmatch(token):
            return PlainTextResponse(_NOTHING, 404)
        served = await asyncio.to_thread(calendars.read, token, lambda calendar: not _has(request, calendar))
        if served is None:
            return PlainTextResponse(_NOTHING, 404)
        headers = {
            "ETag": f'"{served.calendar.version}"',
            "Last-Modified": format_datetime(served.calendar.changed_at.astimezone(UTC), usegmt=True),
            "Cache-Control": "private, max-age=900",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        }
        if served.content is None:
            return Response(status_code=304, headers=headers)
        headers["Content-Disposition"] = 'inline; filename="compact.ics"'
        return Response(served.content, media_type=MEDIA_TYPE, headers=headers)

    async def page(request: Request, visitor: Visitor) -> Response:
        return house.page("calendar.html", request, visitor, reply=None, to="/calendar")

    async def said(request: Request, visitor: Visitor, form: FormData) -> Response:
        _, reply = await house.did(visitor, form)
        return house.page("calendar.html", request, visitor, reply=reply, to="/calendar")

    return (
        Route("/calendar/{token}.ics", feed),
        Route("/calendar", house.shows(page)),
        Route("/calendar", house.acts(said), methods=["POST"]),
    )


def _has(request: Request, calendar: Calendar) -> bool:
    """Whether who asks has this very version: by its tag where they send one, else by its date."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in (f'"{calendar.version}"', "*") for tag in tags.split(","))
    since = request.headers.get("if-modified-since")
    try:
        known = parsedate_to_datetime(since) if since else None
    except ValueError:
        return False
    return known is not None and _aware(known) >= calendar.changed_at.replace(microsecond=0)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
