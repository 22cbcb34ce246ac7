"""Downloads: deadlines and feedback as files, and the dates of a deadline for a calendar."""

import re
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web.house import HEADERS, House, Visitor
from compact_bot.understanding.acts import CalendarFile, Export, Exported, ExportFormat
from compact_bot.understanding.saying import says


def routes(house: House) -> Sequence[BaseRoute]:
    async def page(request: Request, visitor: Visitor) -> Response:
        return house.page("export.html", request, visitor, what=Exported, forms=ExportFormat)

    async def download(request: Request, visitor: Visitor) -> Response:
        said = _said(request.path_params["name"], request.path_params["form"])
        if not said:
            return PlainTextResponse("There is no such file.", 404, headers=HEADERS)
        message = replace(visitor.message(house.clock(), text=said), takes_files=True)
        reply = await house.answer(message)
        if not reply.files:
            return PlainTextResponse(f"{reply.text} {reply.next_step}", 404, headers=HEADERS)
        file = reply.files[0]
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.content, media_type=file.media_type, headers=headers)

    return Route("/export", house.shows(page)), Route("/export/{name}.{form}", house.shows(download))


def _said(name: str, form: str) -> str:
    """What to type for a file; "" for one that nothing makes."""
    if name in Exported.__members__.values() and form in ExportFormat.__members__.values():
        return says(Export(Exported(name), ExportFormat(form)))
    if form == "ics" and re.fullmatch(r"D[0-9]{1,6}(-D[0-9]{1,6}){0,19}", name):
        return says(CalendarFile(tuple(int(code[1:]) for code in name.split("-"))))
    return ""
