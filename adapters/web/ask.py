"""The page that chats: asks and answers in words, remembered in memory for as long as a browser comes back to them."""

import asyncio
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web.house import ANSWERED_BEFORE, HEADERS, LONGEST_NAME, House, Visitor, words
from adapters.web.render import reply_html
from compact_bot.conversation import Message, Reply
from compact_bot.feedback.nobody import leaves_no_trace
from compact_bot.its_words import with_its_numbers
from compact_bot.turn import visible

MOST_VISITORS = 200
MOST_EXCHANGES = 30
EXAMPLES = (
    "we're thinking of ending the lunch club's grant in six weeks, is that all right?",
    "3.4.4",
    "remind us that the library consultation closes on 3 March",
    "help",
)


@dataclass(frozen=True)
class Exchange:
    """What somebody said, and what they read; `number` is the message's."""

    number: str
    said: str
    reply: Reply


@dataclass(frozen=True)
class Conversations:
    """What was said lately in each browser, in this process's memory alone: reloading a page loses nothing.

    What leaves no trace is not among it.
    """

    _kept: "OrderedDict[str, deque[Exchange]]" = field(default_factory=OrderedDict)

    def of(self, key: str) -> Sequence[Exchange]:
        return tuple(self._kept.get(key, ()))

    def keep(self, key: str, exchange: Exchange) -> None:
        self._kept.setdefault(key, deque(maxlen=MOST_EXCHANGES)).append(exchange)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_VISITORS:
            self._kept.popitem(last=False)

    def again(self, key: str, number: str) -> Exchange | None:
        """What was answered to a message that a browser has sent again."""
        return next((one for one in self.of(key) if one.number == number), None)

    def forget(self, key: str) -> None:
        self._kept.pop(key, None)


def routes(house: House, sent_nudges: Callable[[str], list[Reply]]) -> Sequence[BaseRoute]:
    conversations = Conversations()

    async def page(request: Request, visitor: Visitor) -> Response:
        return whole(request, visitor, conversations.of(visitor.key))

    def whole(request: Request, visitor: Visitor, exchanges: Sequence[Exchange]) -> Response:
        return house.page(
            "ask.html",
            request,
            visitor,
            exchanges=exchanges,
            examples=[with_its_numbers(example, house.agreement_of(visitor)) for example in EXAMPLES],
            number=uuid.uuid4().hex,
            to="/say",
        )

    async def say(request: Request, visitor: Visitor, form: FormData) -> Response:
        message, reply = await house.did(visitor, form)
        exchange = Exchange(message.id, _said(message), reply)
        if reply is ANSWERED_BEFORE:
            exchange = conversations.again(visitor.key, message.id) or exchange
        elif not leaves_no_trace(message):
            conversations.keep(visitor.key, exchange)
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
        response = whole(request, visitor, conversations.of(visitor.key))
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


def _said(message: Message) -> str:
    return "(the form)" if message.filled else "(a button)" if message.pressed else message.text
