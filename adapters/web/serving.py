"""The server of the web process: what tells how the program is, the doors, and the pages where they can be reached."""

from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from adapters.web.app import pages
from adapters.web.arriving import Arriving
from adapters.web.guard import Guard
from adapters.web.issuers import issuers_of
from adapters.web.watched import watched_routes
from compact_bot.nudges.sending import Sender

if TYPE_CHECKING:
    from compact_bot.assemble import Program


def routes_of(program: "Program", with_page: bool) -> list[BaseRoute]:
    settings = program.settings
    key, public_url = settings["COMPACT_METRICS_KEY"], settings["COMPACT_PUBLIC_URL"]
    routes = [*watched_routes(program.engine, program.clock, program.metrics, key, public_url)]
    routes += [route for door in program.doors for route in door.routes()]
    if with_page or public_url:
        issuers = issuers_of(settings)
        routes += pages(program.bot, program.clock, program.sent_nudges, program.links, program.answer, issuers)
    return routes


def server_of(app: ASGIApp, sender: Sender, stops_within: int) -> uvicorn.Server:
    """`stops_within` are the seconds for requests that are being answered when the process stops."""

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            """Nudges stop being taken up at once, not only when the last request is answered."""
            sender.stop_claiming()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        Guard(app),
        http=Arriving,
        ws="none",
        log_level="warning",
        log_config=None,  # ours is plain: see compact_bot/logs.py
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=stops_within,
    )
    return Server(config)
