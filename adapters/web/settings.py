"""What an organisation chooses, with a form for each choice, and the sign-ins of whoever looks."""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from adapters.web.house import House, Visitor
from compact_bot.chosen import look_at_settings
from compact_bot.understanding.acts import (
    Link,
    Named,
    NudgesHere,
    NudgesStop,
    NudgesToMe,
    OpenDays,
    OpenForm,
    RemoveContact,
    RemoveLead,
    Unlink,
)
from compact_bot.understanding.saying import says

FORMS = {
    "digest": "Change the digest",
    "closed": "Add closed days",
    "lead": "Name a lead",
    "contact": "Add a contact",
    "organisation": "Change what partners call you",
    "link": "Type another organisation's code",
}


def routes(house: House) -> Sequence[BaseRoute]:
    bot = house.bot

    async def page(request: Request, visitor: Visitor) -> Response:
        who = visitor.who
        chosen = await asyncio.to_thread(
            look_at_settings, bot.engine, who.organisation, bot.timezone, who.address.platform, who.person
        )
        wanted = request.query_params.get("do", "")
        reply = house.answered(request, visitor)
        if wanted in FORMS and reply is None:
            reply = await house.asked(visitor, says(OpenForm(wanted)))
        return house.page(
            "settings.html",
            request,
            visitor,
            chosen=chosen,
            forms=FORMS,
            gaps_days=bot.gaps_days,
            nudges_here=says(NudgesHere()),
            nudges_stop=says(NudgesStop()),
            nudges_me=says(NudgesToMe(not chosen.nudged_directly)),
            without_contact=lambda number: says(RemoveContact(number)),
            without_lead=lambda name: says(RemoveLead(Named(name))),
            get_code=says(Link()),
            unlink=says(Unlink()),
            opened=lambda first, last: says(OpenDays(first, last)),
            reply=reply,
            to="/settings",
        )

    return house.room("/settings", page)
