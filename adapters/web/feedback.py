"""How the agreement was kept, as it was logged: sifted lists, and each entry with what may be done about it."""

import asyncio
import re
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from adapters.web.house import House, Visitor
from adapters.web.sifting import address, one_of, page_in, words_in
from compact_bot.feedback.looking import Sifting, look_at_feedback
from compact_bot.feedback.replies import KINDS_SAID
from compact_bot.its_words import with_its_numbers
from compact_bot.understanding.acts import FeedbackKind, FeedbackState, ShowFeedback
from compact_bot.understanding.saying import says

EXAMPLE = "feedback 3.3.4 council paid us five weeks late"


def routes(house: House) -> Sequence[BaseRoute]:
    bot = house.bot

    async def listed(request: Request, visitor: Visitor) -> Response:
        sifting = sifting_of(request.query_params)
        found = await asyncio.to_thread(
            look_at_feedback, bot.engine, visitor.who.organisation, house.agreement_of(visitor), sifting
        )
        held = {name: getattr(sifting, name) for name in ("state", "kind", "clause", "words")}
        return house.page(
            "feedback.html",
            request,
            visitor,
            found=found,
            kinds=KINDS_SAID,
            agreement=house.agreement_of(visitor),
            link=lambda **changes: address("/feedback", held, **changes),
            example=with_its_numbers(EXAMPLE, house.agreement_of(visitor)),
            reply=house.answered(request, visitor),
        )

    async def one(request: Request, visitor: Visitor) -> Response:
        """What chat says of it, which knows who may see and change what."""
        code = request.path_params["code"]
        if not re.fullmatch(r"F[0-9]{1,7}", code):
            return house.page("missing.html", request, visitor, 404, what=code[:20], back="/feedback")
        shown = await house.asked(visitor, says(ShowFeedback(int(code[1:]))))
        reply = house.answered(request, visitor)
        return house.page("one_feedback.html", request, visitor, code=code, shown=shown, reply=reply)

    return *house.room("/feedback", listed), *house.room("/feedback/{code}", one)


def sifting_of(query: Mapping[str, str]) -> Sifting:
    return Sifting(
        state=one_of(query, "state", tuple(FeedbackState)),
        kind=one_of(query, "kind", tuple(FeedbackKind)),
        clause=words_in(query, "clause"),
        words=words_in(query, "words"),
        page=page_in(query),
    )
