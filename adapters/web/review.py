"""The yearly review as a page and as files."""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.review.page import review_page
from adapters.review.publisher import LABELS, MEDIA_TYPES, file_name, rendered
from adapters.web.house import HEADERS, House, Visitor
from compact_bot.feedback.periods import PeriodError, read_period
from compact_bot.feedback.records import load_review


def routes(house: House) -> Sequence[BaseRoute]:
    bot = house.bot

    async def page(request: Request, visitor: Visitor) -> Response:
        suffix, said = request.path_params.get("suffix", "html"), request.query_params.get("period", "")
        try:
            day = house.clock().astimezone(ZoneInfo(bot.timezone)).date()
            period = read_period(said, day)
        except PeriodError as problem:
            return PlainTextResponse(f"{problem} For example: /review?period=April 2026 to March 2027", 400)
        if suffix not in MEDIA_TYPES:
            return PlainTextResponse("There is no such file.", 404)
        review = await asyncio.to_thread(
            load_review, bot.engine, bot.search.agreement, bot.rules, visitor.who.organisation, period, day
        )
        if suffix == "html":
            query = f"?period={quote(period.code)}"
            return HTMLResponse(review_page(review, {name: f"/review.{s}{query}" for s, name in LABELS.items()}))
        content = await asyncio.to_thread(rendered, review, suffix)
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{file_name(review, suffix)}"'}
        return Response(content, media_type=MEDIA_TYPES[suffix], headers=headers)

    return Route("/review", house.shows(page)), Route("/review.{suffix:str}", house.shows(page))
