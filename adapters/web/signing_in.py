"""The way in from chat, and out again. A link is only looked at until somebody presses: what previews it or scans it
for harm uses nothing up."""

import asyncio
import secrets
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.bodies import form_of
from adapters.web.house import ELSEWHERE, HEADERS, SESSION, STALE, TOKEN, House, Visitor, words
from adapters.web.links import SIGN_IN
from compact_bot.signing_in import SESSION_LASTS, InvitationError, invited, sign_in, sign_out
from compact_bot.understanding.acts import SignOutEverywhere
from compact_bot.understanding.saying import says

KNOCKING = "__Host-compact-bot-knocking"  # which browser was shown the page of a link
WRONG = "This link is not one of ours"


def routes(house: House) -> Sequence[BaseRoute]:
    async def knock(request: Request) -> Response:
        """Who would be signed in; nothing is used up."""
        invitation = house.links.opened(request.path_params["sealed"])
        if invitation is None:
            return house.closed(request, WRONG)
        try:
            who = await asyncio.to_thread(invited, house.bot.engine, invitation, house.clock())
        except InvitationError as problem:
            already = await house.visitor(request)
            return RedirectResponse(invitation.to, 303, HEADERS) if already else house.closed(request, str(problem))
        key = request.cookies.get(KNOCKING, "") or secrets.token_urlsafe(16)
        response = house.page("sign_in.html", request, None, who=who, door=house.token(key), to=invitation.to)
        response.set_cookie(KNOCKING, key, max_age=600, secure=True, httponly=True, samesite="strict")
        return response

    async def enter(request: Request) -> Response:
        form = await form_of(request, 10_000)
        if isinstance(form, Response):
            return form
        if not house.came_from_here(request):
            return PlainTextResponse(ELSEWHERE, 403)
        key = request.cookies.get(KNOCKING, "")
        if not key or not secrets.compare_digest(words(form, TOKEN).encode(), house.token(key).encode()):
            return PlainTextResponse(STALE, 403)
        invitation = house.links.opened(request.path_params["sealed"])
        if invitation is None:
            return house.closed(request, WRONG)
        try:
            held = await asyncio.to_thread(sign_in, house.bot.engine, invitation, house.clock())
        except InvitationError as problem:
            return house.closed(request, str(problem))
        response = RedirectResponse(invitation.to, 303, HEADERS)
        lasts = int(SESSION_LASTS.total_seconds())
        response.set_cookie(SESSION, held, max_age=lasts, secure=True, httponly=True, samesite="lax")
        return response

    async def leave(request: Request, visitor: Visitor, form: object) -> Response:
        if words(form, "everywhere"):  # type: ignore[arg-type]
            await house.asked(visitor, says(SignOutEverywhere()))
        await asyncio.to_thread(sign_out, house.bot.engine, visitor.key)
        response = house.page("signed_out.html", request, None)
        response.delete_cookie(SESSION, secure=True, httponly=True, samesite="lax")
        return response

    return (
        Route(f"{SIGN_IN}/{{sealed}}", knock),
        Route(f"{SIGN_IN}/{{sealed}}", enter, methods=["POST"]),
        Route("/sign-out", house.acts(leave), methods=["POST"]),
    )
