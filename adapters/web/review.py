"""The yearly review: in pictures and tables, each by the page, of any period, and as files."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.review.page import drawing
from adapters.review.publisher import LABELS, MEDIA_TYPES, file_name, rendered
from adapters.review.tables import Cell, References, Table, tables_of
from adapters.web.house import HEADERS, House, Visitor
from adapters.web.sifting import address, page_in
from compact_bot.feedback.periods import Period, PeriodError, read_period
from compact_bot.feedback.records import load_review
from compact_bot.feedback.review import Review
from compact_bot.feedback.summary import summed_up

AT_FIRST = 13  # rows of each table, where all stand
ON_A_PAGE = 100  # rows of one table alone
REFERRED = 8  # records named behind a figure
_CODE = re.compile(r"(?P<letter>[DF])[0-9]+")
_PAGES = {"D": "/deadlines/", "F": "/feedback/"}


@dataclass(frozen=True)
class Shown:
    """A table as far as it is shown: `rows` of `total`."""

    table: Table
    rows: Sequence[Sequence[Cell]]
    total: int


def routes(house: House) -> Sequence[BaseRoute]:
    bot = house.bot

    def today() -> date:
        return house.clock().astimezone(ZoneInfo(bot.timezone)).date()

    async def made(visitor: Visitor, period: Period) -> Review:
        parts = (bot.engine, bot.search.agreement, bot.rules, visitor.who.organisation, period, today())
        return await asyncio.to_thread(load_review, *parts)

    async def page(request: Request, visitor: Visitor) -> Response:
        query, day = request.query_params, today()
        try:
            period, problem = read_period(_said(query), day), ""
        except PeriodError as wrong:
            period, problem = read_period("", day), str(wrong)
        review = await made(visitor, period)
        alone = query.get("table", "")
        tables = [one for one in tables_of(review) if alone in ("", one.name)]
        alone = alone if tables else ""
        number = page_in(query)
        shown = [_shown(one, number if alone else 0) for one in tables or tables_of(review)]
        pages = max(1, -(-shown[0].total // ON_A_PAGE)) if alone else 1
        return house.page(
            "review_page.html",
            request,
            visitor,
            400 if problem else 200,
            review=review,
            problem=problem,
            period=period,
            periods=_periods(day),
            summary=summed_up(review),
            shown=shown,
            alone=alone,
            page=number,
            pages=pages,
            link=lambda **changes: address("/review", {"period": period.code, "table": alone}, **changes),
            files={label: f"/review.{suffix}?period={quote(period.code)}" for suffix, label in LABELS.items()},
            text=_text,
            leads_to=_leads_to,
            is_references=lambda cell: isinstance(cell, References),
            is_figure=lambda cell: isinstance(cell, int),
            referred=REFERRED,
            **drawing(review),
        )

    async def file(request: Request, visitor: Visitor) -> Response:
        suffix = request.path_params["suffix"]
        if suffix not in MEDIA_TYPES:
            return PlainTextResponse("There is no such file.", 404)
        try:
            period = read_period(_said(request.query_params), today())
        except PeriodError as problem:
            return PlainTextResponse(f"{problem} For example: ?period=April 2026 to March 2027", 400)
        review = await made(visitor, period)
        content = await asyncio.to_thread(rendered, review, suffix)
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{file_name(review, suffix)}"'}
        return Response(content, media_type=MEDIA_TYPES[suffix], headers=headers)

    return Route("/review", house.shows(page)), Route("/review.{suffix:str}", house.shows(file))


def _said(query: Mapping[str, str]) -> str:
    """The period by its two days, where a form gives them, or in words."""
    first, last = query.get("first", ""), query.get("last", "")
    return f"{first} to {last}" if first and last else query.get("period", "")


def _periods(day: date) -> dict[str, str]:
    """Those that people ask for, by what to call them."""
    year = day.year if day.month > 3 else day.year - 1  # the financial year that has begun
    return {
        "The last 12 months": "",
        f"{day.year}": f"{day.year}",
        f"{day.year - 1}": f"{day.year - 1}",
        f"April {year} to March {year + 1}": f"{year}/{year + 1}",
        f"April {year - 1} to March {year}": f"{year - 1}/{year}",
    }


def _shown(table: Table, page: int) -> Shown:
    begins = (page - 1) * ON_A_PAGE if page else 0
    return Shown(table, table.rows[begins : begins + (ON_A_PAGE if page else AT_FIRST)], len(table.rows))


def _text(cell: Cell) -> str:
    return f"{cell.day} {cell:%B %Y}" if isinstance(cell, date) else "" if cell is None else str(cell)


def _leads_to(cell: Cell) -> str:
    """The page of a record that a cell names; "" for any other."""
    found = _CODE.fullmatch(cell) if isinstance(cell, str) else None
    return f"{_PAGES[found['letter']]}{found[0]}" if found else ""
