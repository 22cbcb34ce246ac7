"""Where the review can be read: signed links that expire, the local page, files in a chat."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.review.page import review_page, style_policy
from adapters.review.sheets import csv_file, spreadsheet
from adapters.review.word import word_document
from compact_bot.conversation import File
from compact_bot.feedback.periods import Period, PeriodError, read_period
from compact_bot.feedback.review import Review
from compact_bot.settings import keys_in

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer

LINK_LASTS = timedelta(days=7)
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_RENDERERS: Mapping[str, Callable[[Review], bytes]] = {
    "html": lambda review: review_page(review).encode(),
    "docx": word_document,
    "xlsx": spreadsheet,
    "csv": csv_file,
}
_LABELS = {"docx": "Word document", "xlsx": "Spreadsheet", "csv": "Numbers as CSV"}
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src {style_policy()}; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
Load = Callable[[str, Period], Review]


def rendered(review: Review, suffix: str) -> bytes:
    return _RENDERERS[suffix](review)


def file_name(review: Review, suffix: str) -> str:
    return f"compact-review-{review.period.first}-to-{review.period.last}.{suffix}"


@dataclass(frozen=True)
class ReviewPublisher:
    """`load` reads and counts an organisation's review; `local` is the organisation of this machine's own page."""

    load: Load
    clock: Callable[[], datetime]
    public_url: str = ""
    secret_key: str = ""
    local: str = ""

    def files(self, review: Review) -> tuple[File, ...]:
        return tuple(
            File(file_name(review, suffix), MEDIA_TYPES[suffix], rendered(review, suffix)) for suffix in _LABELS
        )

    def link(self, organisation: str, period: Period, now: datetime) -> str:
        if organisation == self.local:
            return f"/review?period={quote(period.code)}"  # the local page's own; a terminal shows no links
        if not (self.public_url and self.secret_key):
            return ""
        ends = int((now + LINK_LASTS).timestamp())
        return f"{self.public_url.rstrip('/')}/review/{self._signer().dumps([organisation, period.code, ends])}"

    def _signer(self) -> "URLSafeSerializer":
        from itsdangerous import URLSafeSerializer

        keys = list(reversed(keys_in(self.secret_key)))  # the library signs with the last, and believes each
        return URLSafeSerializer(keys, salt="compact-bot review", signer_kwargs={"digest_method": sha256})

    def _opened(self, token: str) -> tuple[str, Period] | None:
        """The organisation and period of a link that was signed here and has not expired."""
        from itsdangerous import BadData

        try:
            organisation, period, ends = self._signer().loads(token)
        except BadData:
            return None
        now = self.clock()
        return (organisation, read_period(period, now.date())) if now.timestamp() < ends else None

    def routes(self) -> Sequence[BaseRoute]:
        """For the web process that others reach: the review behind a signed link, as a page and as files."""

        async def signed(request: Request) -> Response:
            token, suffix = _parted(request.path_params["token"])
            opened = self._opened(token) if self.secret_key and suffix in MEDIA_TYPES else None
            if opened is None:
                return PlainTextResponse("This link is wrong or has expired. Ask for a new one: review", 403)
            return await self._response(*opened, suffix, {s: f"{token}.{s}" for s in _LABELS})

        return (Route("/review/{token}", signed),)

    def local_routes(self) -> Sequence[BaseRoute]:
        """For the page that listens on this machine only: the local organisation's review, of any period."""

        async def local(request: Request) -> Response:
            suffix, words = request.path_params.get("suffix", "html"), request.query_params.get("period", "")
            try:
                period = read_period(words, self.clock().date())
            except PeriodError as problem:
                return PlainTextResponse(f"{problem} For example: /review?period=April 2026 to March 2027", 400)
            if suffix not in MEDIA_TYPES:
                return PlainTextResponse("There is no such file.", 404)
            query = f"?period={quote(period.code)}"
            return await self._response(self.local, period, suffix, {s: f"/review.{s}{query}" for s in _LABELS})

        return Route("/review", local), Route("/review.{suffix:str}", local)

    async def _response(self, organisation: str, period: Period, suffix: str, files: Mapping[str, str]) -> Response:
        def make() -> tuple[str, bytes]:
            review = self.load(organisation, period)
            if suffix == "html":
                named = {_LABELS[kind]: address for kind, address in files.items()}
                return file_name(review, suffix), review_page(review, named).encode()
            return file_name(review, suffix), rendered(review, suffix)

        name, content = await asyncio.to_thread(make)
        shown = "inline" if suffix == "html" else "attachment"
        headers = {**HEADERS, "Content-Disposition": f'{shown}; filename="{name}"'}
        return Response(content, media_type=MEDIA_TYPES[suffix], headers=headers)


def _parted(token: str) -> tuple[str, str]:
    """A link's token and the format after its last dot; a token holds dots of its own."""
    before, _, suffix = token.rpartition(".")
    return (before, suffix) if suffix in MEDIA_TYPES else (token, "html")
