"""The whole agreement, open to everyone."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.web.house import House


def routes(house: House) -> Sequence[BaseRoute]:
    async def full_text(request: Request) -> Response:
        visitor = await house.visitor(request)
        return house.page("agreement.html", request, visitor, agreement=house.agreement_of(visitor))

    return (Route("/compact", full_text),)
