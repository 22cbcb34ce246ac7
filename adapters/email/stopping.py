"""The link in each e-mail that ends them: whoever holds it got the e-mail, so nothing more is asked of them."""

import asyncio
import html
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.signing import opened, signed
from compact_bot.mail.mailboxes import stop_address

SALT = "compact-bot email"
PATH = "/email/stop"
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
_WRONG = "This link is wrong. Nothing was changed. To end e-mails, type in chat: email stop"


@dataclass(frozen=True)
class Stopping:
    engine: Engine
    public_url: str
    secret_key: str

    def link(self, address: str) -> str:
        """ "" where no page of ours can be reached."""
        if not (self.public_url and self.secret_key):
            return ""
        return f"{self.public_url.rstrip('/')}{PATH}/{signed(self.secret_key, SALT, address)}"

    def routes(self) -> Sequence[BaseRoute]:
        """A page that asks, since programs that look into mail follow links; only a press ends it."""
        if not (self.public_url and self.secret_key):
            return ()

        async def asks(request: Request) -> Response:
            address = opened(self.secret_key, SALT, request.path_params["sealed"])
            if address is None:
                return PlainTextResponse(_WRONG, 404)
            return _page(
                f"<p>End all e-mails of Compact Bot to {html.escape(address)}?</p>"
                '<form method="post"><button>End them</button></form>'
            )

        async def stops(request: Request) -> Response:
            address = opened(self.secret_key, SALT, request.path_params["sealed"])
            if address is None:
                return PlainTextResponse(_WRONG, 404)
            await asyncio.to_thread(stop_address, self.engine, address)
            return _page(f"<p>Done. Nothing goes to {html.escape(address)} any more.</p>")

        path = f"{PATH}/{{sealed}}"
        return Route(path, asks), Route(path, stops, methods=["POST"])


def _page(body: str) -> Response:
    return HTMLResponse(
        '<!doctype html>\n<html lang="en-GB">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>E-mails - Compact Bot</title></head>\n"
        f"<body>\n<main>\n<h1>E-mails of Compact Bot</h1>\n{body}\n</main>\n</body>\n</html>\n",
        headers=_HEADERS,
    )
