"""compact-bot adopt --page: the source on the left, the clauses on the right, and each line mended where it stands.

It serves this machine alone, until the officer writes the folder or leaves it.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.bodies import form_of
from adapters.this_machine import OnlyThisMachine
from adapters.web.render import HERE, rendered
from knowledge.adopting.adoption import Adoption, files_of, read_lines, write
from knowledge.adopting.errors import AdoptError
from knowledge.adopting.lines import Line
from knowledge.adopting.mending import KINDS, mends_said
from knowledge.adopting.parts import Aside, Part
from knowledge.adopting.preview import UNKNOWN, preview
from knowledge.laying import read_subjects
from knowledge.learning import Model

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
MOST_SAID = 200_000  # bytes of one form
SAID_AS = {"goes-on": "goes on"}


class AdoptingPage:
    """One agreement being looked through. `done` is called when the folder is written or left."""

    def __init__(self, adoption: Adoption, folder: Path, subjects: Model | None, done: Callable[[bool], None]) -> None:
        self.adoption = adoption
        self._folder = folder
        self._subjects = subjects
        self._done = done
        self._token = secrets.token_urlsafe(24)

    def app(self) -> Starlette:
        routes = [
            Route("/", self._page),
            Route("/mend", self._mend, methods=["POST"]),
            Route("/finish", self._finish, methods=["POST"]),
            Route("/page.css", self._style),
        ]
        return Starlette(routes=routes, middleware=[Middleware(OnlyThisMachine)])

    async def _page(self, _: Request) -> Response:
        return await asyncio.to_thread(self._shown, "")

    async def _style(self, _: Request) -> Response:
        return Response(style(), media_type="text/css", headers=HEADERS)

    def html(self, problem: str = "") -> str:
        laid = self.adoption.laid(self._subjects)
        return rendered(
            "adopting.html",
            title=self.adoption.read.title,
            folder=str(self._folder),
            rows=rows_of(self.adoption, laid),
            kinds={SAID_AS.get(kind, kind): said for kind, said in KINDS.items()},
            sides=[side for side in self.adoption.read.sides.all() if side],
            subjects=list(read_subjects().values()),
            dates=list(enumerate(self.adoption.drafts)),
            report=preview(self.adoption, False, laid),
            problem=problem,
            token=self._token,
        )

    def _shown(self, problem: str, status: int = 200) -> Response:
        return HTMLResponse(self.html(problem), status, headers=HEADERS)

    async def _mend(self, request: Request) -> Response:
        """One line called what it is, with the same words as in the terminal: "12 heading"."""
        given = await self._trusted(request)
        if given is None:
            return PlainTextResponse("Open the page anew; this form is not from it.", 403)
        line, kind, side, about = (given.get(name, "").strip() for name in ("line", "kind", "side", "about"))
        said = given.get("said", "").strip() or next(
            (
                f"{line} {words}"
                for words in (kind, f"binds {side}" if side else "", f"about {about}" if about else "")
                if words
            ),
            "",
        )
        try:
            mends = mends_said(said, self.adoption.lines)
            lines, before = list(self.adoption.lines), list(self.adoption.mends)
            self.adoption = await asyncio.to_thread(read_lines, lines, [*before, *mends])
        except (ValueError, AdoptError) as problem:
            return await asyncio.to_thread(self._shown, str(problem), 400)
        return RedirectResponse(f"/#line-{line or mends[0].which}", 303, headers=HEADERS)

    async def _finish(self, request: Request) -> Response:
        given = await self._trusted(request)
        if given is None:
            return PlainTextResponse("Open the page anew; this form is not from it.", 403)
        if given.get("do") != "write":
            self._done(False)
            return PlainTextResponse("Nothing was saved. You can close this page.")
        accepted = frozenset(place for place in range(len(self.adoption.drafts)) if given.get(f"date-{place}"))
        try:
            files = files_of(self.adoption, accepted, self.adoption.laid(self._subjects))
            await asyncio.to_thread(write, self._folder, files)
        except AdoptError as problem:
            return await asyncio.to_thread(self._shown, str(problem), 400)
        self._done(True)
        return PlainTextResponse(f"Written: {self._folder}. You can close this page and go on in the terminal.")

    async def _trusted(self, request: Request) -> Mapping[str, str] | None:
        form = await form_of(request, MOST_SAID)
        if isinstance(form, Response):
            return None
        given = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        return given if hmac.compare_digest(given.get("token", "").encode(), self._token.encode()) else None


def style() -> str:
    return "\n".join((HERE / "static" / name).read_text(encoding="utf-8") for name in ("page.css", "adopting.css"))


class Row:
    """One line of the source, with what was made of it; `part` is set on the first line of a clause."""

    def __init__(self, line: Line, what: str, part: Part | None, about: str) -> None:
        self.line = line
        self.what = what
        self.part = part
        self.side = (part.side or UNKNOWN) if part and part.text else ""
        self.about = about


def rows_of(adoption: Adoption, laid: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """Every line of the source in its order, beside the clause that begins on it, or why it is in none."""
    held: dict[int, tuple[str, Part | None]] = {}
    for entry in adoption.read.entries:
        units = [entry.unit] if isinstance(entry, Aside) else entry.units
        for place, line in enumerate(line for unit in units for line in unit.lines):
            if isinstance(entry, Aside):
                held[line.number] = (entry.kind, None)
            else:
                held[line.number] = ("", entry) if not place else (f"goes on in {entry.number}", None)
    rows = []
    for line in adoption.lines:
        what, part = (f"left out: {line.aside}", None) if line.aside else held.get(line.number, ("", None))
        titles = read_subjects()
        named = laid.get(part.number, {}) if part else {}
        about = ", ".join(titles[name].title for name in named if name in titles)
        rows.append(Row(line, what, part, about))
    return rows
