"""The page that chats."""

import asyncio
import uuid
from collections.abc import Callable, Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web.conversations import Exchange, said
from adapters.web.house import ANSWERED_BEFORE, HEADERS, LONGEST_NAME, House, Visitor, words
from adapters.web.render import reply_html
from compact_bot.conversation import Reply
from compact_bot.feedback.nobody import leaves_no_trace
from compact_bot.its_words import with_its_numbers
from compact_bot.turn import visible

EXAMPLES = (
    "we're thinking of ending the lunch club's grant in six weeks, is that all right?",
    "3.4.4",
    "remind us that the library consultation closes on 3 March",
    "help",
)


def routes(house: House, sent_nudges: Callable[[str], list[Reply]]) -> Sequence[BaseRoute]:
    conversations = house.conversations

    async def page(request: Request, visitor: Visitor) -> Response:
        return whole(request, visitor, conversations.at(visitor.key, "/"))

    def whole(request: Request, visitor: Visitor, exchanges: Sequence[Exchange]) -> Response:
        examples = [with_its_numbers(example, house.agreement_of(visitor)) for example in EXAMPLES]
        return house.page("ask.html", request, visitor, exchanges=exchanges, examples=examples)

    async def say(request: Request, visitor: Visitor, form: FormData) -> Response:
        message, reply = await house.did(visitor, form)
        exchange = Exchange(message.id, said(message), reply, "/")
        if reply is ANSWERED_BEFORE:
            exchange = conversations.again(visitor.key, message.id) or exchange
        elif not leaves_no_trace(message):
            conversations.keep(visitor.key, message, reply, "/")
        if "text/x-fragment" not in request.headers.get("accept", ""):
            return whole(request, visitor, [exchange])
        response = HTMLResponse(reply_html(reply, uuid.uuid4().hex[:8], visitor.token), headers=HEADERS)
        house.remember(response, visitor)
        return response

    async def forget(request: Request, visitor: Visitor, _: FormData) -> Response:
        conversations.forget(visitor.key)
        return whole(request, visitor, ())

    async def nudges(_: Request, visitor: Visitor) -> Response:
        replies = await asyncio.to_thread(sent_nudges, visitor.who.organisation)
        shown = (reply_html(reply, token=visitor.token) for reply in replies)
        return HTMLResponse("".join(shown), headers=HEADERS)

    async def named(request: Request, visitor: Visitor, form: FormData) -> Response:
        """How somebody at this machine wants to be called: the page has no other way to know."""
        name = visible(words(form, "name")).strip()[:LONGEST_NAME]
        response = whole(request, visitor, conversations.at(visitor.key, "/"))
        if name and visitor.is_local:
            response = Response(status_code=303, headers={**HEADERS, "Location": "/"})
            house.remember(response, visitor, name)
        return response

    local = (Route("/name", house.acts(named), methods=["POST"]), Route("/nudges", house.shows(nudges)))
    return (
        Route("/", house.shows(page)),
        Route("/say", house.acts(say), methods=["POST"]),
        Route("/forget", house.acts(forget), methods=["POST"]),
        *(local if house.is_local else ()),
    )
