"""The board of deadlines, and each deadline whole with the forms that change it."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from adapters.web.house import House, Visitor
from adapters.web.sifting import address, one_of, page_in, words_in
from compact_bot.dates import add_months, last_of_month
from compact_bot.deadlines.board import (
    STATES,
    Board,
    Mark,
    Shape,
    Sifting,
    When,
    Whole,
    look_at_board,
    look_at_deadline,
)
from compact_bot.understanding.acts import OpenForm, Snooze
from compact_bot.understanding.saying import says, written_out

HEADINGS = {
    When.OVERDUE: "Overdue",
    When.NEXT: "In the next 30 days",
    When.LATER: "Later",
    When.OVER: "Done, dropped or over",
}
GONE_BY = 2  # months
WORKS_AT = {"done": "Mark done", "move": "Change a date", "owner": "Change the owner", "edit": "Change something else"}


def routes(house: House) -> Sequence[BaseRoute]:
    bot = house.bot

    async def board(request: Request, visitor: Visitor) -> Response:
        sifting, rules = sifting_of(request.query_params), house.served_to(visitor).rules
        shown = await asyncio.to_thread(
            look_at_board,
            bot.engine,
            visitor.who.organisation,
            rules,
            bot.timezone,
            sifting,
            house.clock(),
        )
        return house.page(
            "board.html",
            request,
            visitor,
            board=shown,
            parts=[(when, tuple(rows)) for when, rows in groupby(shown.rows, lambda row: row.when)],
            headings=HEADINGS,
            shapes=Shape,
            states=STATES,
            year=Year(shown.today),
            link=lambda **changes: address_of(shown, **changes),
            example=_example(shown.today),
            reply=house.answered(request, visitor),
        )

    async def deadline(request: Request, visitor: Visitor) -> Response:
        code = request.path_params["code"]
        number = int(code[1:]) if re.fullmatch(r"D[0-9]{1,6}", code) else 0
        rules = house.served_to(visitor).rules
        shown = await asyncio.to_thread(
            look_at_deadline,
            bot.engine,
            visitor.who.organisation,
            rules,
            bot.timezone,
            number,
            house.clock(),
        )
        if shown is None:
            return house.page("missing.html", request, visitor, 404, what=code[:20], back="/board")
        wanted = request.query_params.get("do", "")
        reply = house.answered(request, visitor)
        if wanted and reply is None and shown.is_open:
            reply = await house.asked(visitor, says(_form(shown, wanted)))
        return house.page(
            "deadline.html",
            request,
            visitor,
            deadline=shown,
            shapes=Shape,
            year=Year(shown.today),
            snooze=says(Snooze((number,), shown.today + timedelta(weeks=1))),
            works=WORKS_AT,
            reply=reply,
            to=request.url.path,
        )

    return *house.room("/board", board), *house.room("/deadlines/{code}", deadline)


def sifting_of(query: Mapping[str, str]) -> Sifting:
    return Sifting(
        when=one_of(query, "when", tuple(When)),
        owner=words_in(query, "owner"),
        kind=words_in(query, "kind"),
        state=one_of(query, "state", STATES, "open"),
        title=words_in(query, "title"),
        page=page_in(query),
        to_print="print" in query,
    )


def address_of(board: Board, **changes: str | int) -> str:
    one = board.sifting
    state = "" if one.state == "open" else one.state
    held = {"when": one.when, "owner": one.owner, "kind": one.kind, "state": state, "title": one.title}
    return address("/board", held, **changes)


def _form(deadline: Whole, wanted: str) -> OpenForm:
    """ "done minimum-notice" asks for that step's form."""
    form, _, step = wanted.partition(" ")
    known = form if form in (*WORKS_AT, "drop") else "edit"
    named = step if any(step == one.name for one in deadline.steps) else ""
    return OpenForm(known, f"D{deadline.number} {named}".strip())


def _example(today: date) -> str:
    """A sentence to try where nothing is tracked yet."""
    later = add_months(today.replace(day=1), 9)
    return f'track funding "Youth club grant" ends {written_out(last_of_month(later.year, later.month))}'


class Year:
    """A strip of twelve months, two of them gone by, and where a day lies in it."""

    def __init__(self, today: date) -> None:
        self.first = add_months(today.replace(day=1), -GONE_BY)
        self.today = today
        self._days = (add_months(self.first, 12) - self.first).days

    @property
    def months(self) -> list[tuple[float, str]]:
        firsts = [add_months(self.first, number) for number in range(12)]
        return [(self.place(day), f"{day:%b}") for day in firsts]

    def place(self, day: date) -> float:
        """Percent of the strip's width."""
        return round(100 * (day - self.first).days / self._days, 1)

    def within(self, marks: Sequence[Mark]) -> list[Mark]:
        return [mark for mark in marks if 0 <= (mark.day - self.first).days < self._days]
