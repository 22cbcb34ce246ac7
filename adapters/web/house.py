"""What all pages share: who is there, what every answer carries, and forms that only our own pages can send."""

import asyncio
import getpass
import hmac
import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, cast
from urllib.parse import quote, unquote, urlencode, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.answering import Answering
from adapters.bodies import form_of
from adapters.console import LOCAL
from adapters.web.conversations import Conversations
from adapters.web.issuers import Issuer
from adapters.web.links import Links
from adapters.web.render import rendered, with_names
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Filled, Message, MessageKind, Person, Reply
from compact_bot.feedback.nobody import leaves_no_trace
from compact_bot.signing_in import SignedIn, signed_in
from compact_bot.turn import visible
from knowledge.agreement import Agreement
from knowledge.served import Served

LARGEST_BODY = 100_000  # bytes; the longest message that gets an answer of its own is far below
VISITOR = "visitor"  # the local page's cookie: which browser it is
CALLED = "called"  # and by what name somebody goes at it
SESSION = "__Host-compact-bot"  # the prefix has browsers refuse it from anywhere but this host, by HTTPS
SAID = "said"
TOKEN = "token"  # noqa: S105  # a form's field
LONGEST_NAME = 100
OF_PEOPLE = ("owner", "who")  # fields of forms that hold somebody's name
YEAR = 365 * 24 * 3600  # seconds
STALE = "This page is too old to send from, so nothing was saved. Go back, load it again, and send it once more."
ELSEWHERE = "This form can only be sent from its own page. Nothing was saved."
ANSWERED_BEFORE = Reply(
    "This very message was answered before, and was acted on once.",
    next_step="To see what came of it, look above, or type home.",
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers would then say of our own forms that they come from nowhere.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


@dataclass(frozen=True)
class Visitor:
    """Who is at a page. `token` is what each of their forms holds; `key` is what it was made of."""

    who: SignedIn
    key: str
    token: str
    is_local: bool = False

    def message(self, now: datetime, number: str = "", text: str = "", **more: Any) -> Message:  # noqa: ANN401
        """What they say, press or fill in, which is answered as in chat."""
        return Message(
            id=number or uuid.uuid4().hex,
            text=text,
            sender=self.who.person,
            address=self.who.address,
            organisation=self.who.organisation,
            sent_at=now,
            **more,
        )


Shows = Callable[[Request, Visitor], Awaitable[Response]]
Acts = Callable[[Request, Visitor, FormData], Awaitable[Response]]


@dataclass(frozen=True)
class House:
    """Where there is a public address, whoever comes has to be signed in; else the pages are this machine's own."""

    bot: Bot
    clock: Callable[[], datetime]
    links: Links
    answering: Answering | None = None
    nav: list[tuple[str, str]] = field(default_factory=list)
    issuers: Sequence[Issuer] = ()
    conversations: Conversations = field(default_factory=Conversations)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def is_local(self) -> bool:
        return not self.links.public_url

    # ---- who is there -----------------------------------------------------------------------------------------------

    async def visitor(self, request: Request) -> Visitor | None:
        """None for somebody who is not signed in, where that is asked for."""
        if self.is_local:
            key = visible(request.cookies.get(VISITOR, ""))[:64] or uuid.uuid4().hex
            name = visible(unquote(request.cookies.get(CALLED, "")))[:LONGEST_NAME].strip() or own_name()
            # As in this machine's terminal: whoever leads there leads here. Each browser talks for itself.
            who = SignedIn(LOCAL, Person(name, name), Address("console", name, key))
            return Visitor(who, key, self.token(key), is_local=True)
        held = request.cookies.get(SESSION, "")
        if not held:
            return None
        who_is = await asyncio.to_thread(signed_in, self.bot.engine, held, self.clock())
        return Visitor(who_is, held, self.token(held)) if who_is else None

    def token(self, key: str) -> str:
        """What a form holds so that it is known to be from a page that this visitor's browser was given."""
        secret = self.links.secret_key.encode() or self._secret
        return hmac.new(secret, b"form " + key.encode(), "sha256").hexdigest()

    # ---- pages and forms --------------------------------------------------------------------------------------------

    def shows(self, show: Shows) -> Callable[[Request], Awaitable[Response]]:
        """A page for whoever may be here."""

        async def shown(request: Request) -> Response:
            visitor = await self.visitor(request)
            return await show(request, visitor) if visitor else self.closed(request)

        return shown

    def acts(self, act: Acts, largest: int = LARGEST_BODY, files: int = 0) -> Callable[[Request], Awaitable[Response]]:
        """What a form does that was sent from one of our own pages."""

        async def acted(request: Request) -> Response:
            visitor = await self.visitor(request)
            if visitor is None:
                return self.closed(request)
            if not self.came_from_here(request):
                return PlainTextResponse(ELSEWHERE, 403)
            form = await form_of(request, largest, files)
            if isinstance(form, Response):
                return form
            try:
                if not self._is_token_good(request, visitor, form):
                    return PlainTextResponse(STALE, 403)
                return await act(request, visitor, form)
            finally:
                await form.close()  # a file that came with it

        return acted

    def came_from_here(self, request: Request) -> bool:
        """Another site's page must not speak to ours: browsers send Origin with every such post."""
        origin = request.headers.get("origin")
        own = {f"{request.url.scheme}://{request.headers.get('host', '')}"}
        if self.links.public_url:
            public = urlsplit(self.links.public_url)
            own.add(f"{public.scheme}://{public.netloc}")
        return origin is None or origin in own

    def _is_token_good(self, request: Request, visitor: Visitor, form: FormData) -> bool:
        """A program on this machine that is no browser, and so sends no Origin, is the local person as well."""
        if visitor.is_local and "origin" not in request.headers and "sec-fetch-site" not in request.headers:
            return True
        return hmac.compare_digest(words(form, TOKEN).encode(), visitor.token.encode())

    def served_to(self, visitor: Visitor | None) -> Served:
        """The agreement of the visitor's organisation; for somebody unknown the one that is served first."""
        return self.bot.served_for(visitor.who.organisation) if visitor else self.bot.agreements.default

    def agreement_of(self, visitor: Visitor | None) -> Agreement:
        return self.served_to(visitor).search.agreement

    def page(
        self, template: str, request: Request, visitor: Visitor | None, status: int = 200, **values: object
    ) -> Response:
        """A page of the house, with its navigation and its forms' token."""
        shared = {
            "nav": self.nav,
            "issuers": self.issuers,
            "here": request.url.path,
            "to": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "visitor": visitor,
            "token": visitor.token if visitor else "",
            "number": uuid.uuid4().hex,
            "about": self.agreement_of(visitor).about,
        }
        html = rendered(template, **{**shared, **values})
        response = HTMLResponse(html, status, headers=HEADERS)
        self.remember(response, visitor)
        return response

    def remember(self, response: Response, visitor: Visitor | None, name: str = "") -> None:
        """On this machine a browser is known again, and by what name somebody wants to go there."""
        if visitor and visitor.is_local:
            response.set_cookie(VISITOR, visitor.key, httponly=True, samesite="strict")
            if name:
                response.set_cookie(CALLED, quote(name), max_age=YEAR, httponly=True, samesite="strict")

    def closed(self, request: Request, why: str = "") -> Response:
        """What somebody sees who is not signed in: how to be."""
        return self.page("closed.html", request, None, 403, why=why or "You are not signed in here, or no longer")

    # ---- acts -------------------------------------------------------------------------------------------------------

    async def answer(self, message: Message) -> Reply:
        reply = await (self.answering(message) if self.answering else asyncio.to_thread(self.bot.reply_to, message))
        return reply or ANSWERED_BEFORE

    async def did(self, visitor: Visitor, form: FormData) -> tuple[Message, Reply]:
        """What a form of a reply or a page asks for, done as in chat."""
        message = self.heard(visitor, form)
        return message, await self.answer(message)

    def heard(self, visitor: Visitor, form: FormData) -> Message:
        """What a form says, presses or fills in, as a message."""
        filled, pressed = _as_kept(filled_in(form), visitor.who.names), words(form, "pressed")
        kind = MessageKind.PRESSED if pressed else MessageKind.FILLED if filled else MessageKind.SAID
        number = visible(words(form, "id"))[:64]
        return visitor.message(self.clock(), number, words(form, "text"), filled=filled, pressed=pressed, kind=kind)

    def does(self, show: Shows) -> Callable[[Request], Awaitable[Response]]:
        """The forms of a page: done as in chat, then the page again with what was answered on top.

        `show` finds it by `answered`. By another address, so that loading that again does nothing.
        """

        async def done(request: Request, visitor: Visitor, form: FormData) -> Response:
            message, reply = await self.did(visitor, form)
            if leaves_no_trace(message):
                request.state.reply = reply
                return await show(request, visitor)
            if reply is not ANSWERED_BEFORE:
                self.conversations.keep(visitor.key, message, reply, request.url.path)
            query = [(name, value) for name, value in request.query_params.multi_items() if name not in (SAID, "do")]
            address = f"{request.url.path}?{urlencode([*query, (SAID, message.id)])}#said"
            response = Response(status_code=303, headers={**HEADERS, "Location": address})
            self.remember(response, visitor)
            return response

        return self.acts(done)

    def answered(self, request: Request, visitor: Visitor) -> Reply | None:
        """What was answered to the form that led to this page."""
        if reply := getattr(request.state, "reply", None):
            return with_names(cast(Reply, reply), visitor.who.names)
        exchange = self.conversations.again(visitor.key, request.query_params.get(SAID, ""))
        return with_names(exchange.reply, visitor.who.names) if exchange else None

    def room(self, path: str, show: Shows) -> Sequence[BaseRoute]:
        """A page, and its forms, which go to its own address."""
        return Route(path, self.shows(show)), Route(path, self.does(show), methods=["POST"])

    async def asked(self, visitor: Visitor, text: str) -> Reply:
        """What chat says to some words of our own making."""
        reply = await self.answer(visitor.message(self.clock(), text=text))
        return with_names(reply, visitor.who.names)


def words(form: FormData | Mapping[str, Any], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def filled_in(form: FormData) -> Filled | None:
    """The form of a reply that somebody sent; its fields are named with a dot before."""
    name = words(form, "form")
    if not name:
        return None
    names = {key[1:] for key in form if key.startswith(".")}
    values = {one: "\n".join(v for v in form.getlist(f".{one}") if isinstance(v, str)) for one in names}
    return Filled(name, words(form, "subject"), values)


def _as_kept(filled: Filled | None, names: Mapping[str, str]) -> Filled | None:
    """A form with people as they are kept: it shows them by the names that `with_names` gave them."""
    marks = {name: mark for mark, name in names.items() if list(names.values()).count(name) == 1}
    if filled is None or not marks:
        return filled
    values = {field: marks.get(value, value) if field in OF_PEOPLE else value for field, value in filled.values.items()}
    return replace(filled, values=values)


@cache
def own_name() -> str:
    """Whoever runs this, by their full name where the machine knows it."""
    try:
        login = getpass.getuser()
    except (KeyError, OSError):
        return "somebody at this machine"
    try:
        import pwd

        full = pwd.getpwnam(login).pw_gecos.split(",")[0].strip()
    except (ImportError, KeyError):
        full = ""
    return (full or login)[:LONGEST_NAME]
