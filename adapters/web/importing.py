"""The page that takes a list: a file, what was read of it, its columns to correct, and only then kept."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.web.house import HEADERS, House, Visitor
from adapters.web.working import Job, Jobs
from compact_bot.conversation import File, Reply
from compact_bot.importing.handlers import XLSX
from compact_bot.importing.template import TEMPLATE, template
from compact_bot.sheets.reading import LARGEST_FILE
from compact_bot.understanding.acts import LeaveList

FORM_AROUND = 100_000  # bytes of a form beside its file
NO_FILE = Reply("No file came with that. Nothing was saved.", next_step="Choose a file, then press Read it.")
BUSY = Reply(
    "Another list of yours is at work just now, so this one was not looked at. Nothing was saved.",
    next_step="Wait a moment, then send it again.",
)
OVER = Reply(
    "What was at work here is over, or was begun elsewhere.", next_step="To see what came of it, look at the board."
)


def routes(house: House) -> Sequence[BaseRoute]:
    jobs = Jobs()

    def shown(request: Request, visitor: Visitor, reply: Reply | None = None, number: str = "") -> Response:
        return house.page(
            "import.html", request, visitor, reply=reply, listed=number, most=LARGEST_FILE,
            to=f"/import/{number}" if number else "/import",
        )  # fmt: skip

    def working(request: Request, visitor: Visitor, job: Job) -> Response:
        return house.page("working.html", request, visitor, job=job)

    async def page(request: Request, visitor: Visitor) -> Response:
        return shown(request, visitor)

    async def uploaded(request: Request, visitor: Visitor, form: FormData) -> Response:
        upload = form.get("file")
        if not isinstance(upload, UploadFile) or not upload.filename:
            return shown(request, visitor, NO_FILE)
        content = await upload.read()
        file = File(upload.filename.replace("\\", "/").rpartition("/")[2][-100:], upload.content_type or "", content)

        async def reads(progress: Callable[[int, int], None]) -> Reply:
            message = visitor.message(house.clock(), text="import", attached=(file,), progress=progress)
            return await house.answer(message)

        about = hashlib.sha256(content).hexdigest()
        job = await jobs.begin(visitor.key, reads, about)
        return _next(job, request, visitor) if job.about == about else shown(request, visitor, BUSY)

    def _next(job: Job, request: Request, visitor: Visitor) -> Response:
        """The list that was read, under an address of its own; else what was said, or that it is still at work."""
        if job.reply is None:
            return _to("/import/working")
        number = _waiting(job.reply)
        return _to(f"/import/{number}") if number else shown(request, visitor, job.reply)

    async def looked(request: Request, visitor: Visitor) -> Response:
        number = request.path_params["number"]
        return shown(request, visitor, await house.asked(visitor, f"read list {number}"), str(number))

    async def acted(request: Request, visitor: Visitor, form: FormData) -> Response:
        """A button of the preview, or its form; what is corrected comes back to the list's own address."""
        number = request.path_params["number"]

        async def does(progress: Callable[[int, int], None]) -> Reply:
            message = house.heard(visitor, form)
            return await house.answer(replace(message, progress=progress))

        about = f"list {number}"
        job = await jobs.begin(visitor.key, does, about)
        if job.about != about:
            return shown(request, visitor, BUSY)
        if job.reply is None:
            return _to("/import/working")
        if _waiting(job.reply) and "form" in form:
            return _to(f"/import/{number}")
        return shown(request, visitor, job.reply, str(number))

    async def at_work(request: Request, visitor: Visitor) -> Response:
        job = jobs.of(visitor.key)
        if job is None:
            return shown(request, visitor, OVER)
        return working(request, visitor, job) if job.reply is None else _next(job, request, visitor)

    async def empty_list(_: Request, visitor: Visitor) -> Response:
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{TEMPLATE}"'}
        return Response(template(house.served_to(visitor).rules), media_type=XLSX, headers=headers)

    return (
        Route("/import", house.shows(page)),
        Route("/import", house.acts(uploaded, LARGEST_FILE + FORM_AROUND, files=1), methods=["POST"]),
        Route("/import/working", house.shows(at_work)),
        Route("/import/template.xlsx", house.shows(empty_list)),
        Route("/import/{number:int}", house.shows(looked)),
        Route("/import/{number:int}", house.acts(acted), methods=["POST"]),
    )


def _waiting(reply: Reply) -> int:
    """The number of the list that a reply shows and that waits to be kept; 0 for any other reply."""
    return next((button.act.number for button in reply.buttons if isinstance(button.act, LeaveList)), 0)


def _to(address: str) -> Response:
    return Response(status_code=303, headers={**HEADERS, "Location": address})
