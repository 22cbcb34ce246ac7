"""Slack as a door of the program: over HTTP, or by Socket Mode where no address is public."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine
from starlette.routing import BaseRoute, Route

from adapters.answering import Answer
from adapters.door import Check
from adapters.slack.app import bolt_app
from adapters.slack.courier import SlackCourier
from adapters.slack.doctor import checks
from adapters.slack.host import Host
from adapters.slack.installations import Installations, quiet
from adapters.slack.installing import Installing
from adapters.slack.places import PLATFORM
from adapters.slack.talking import Talking
from compact_bot.logs import logger
from compact_bot.nudges.couriers import Courier
from compact_bot.outbox.sending import Outbox, Pace
from compact_bot.settings import Settings

FINISH_WITHIN = 10.0  # seconds for answers on their way when the process stops
PACE = Pace(seconds=1.0, burst=3)  # of answers in one channel, as Slack asks
TIMEOUT = 25  # seconds for one call, below the nudges' own

log = logger(__name__)


class SlackDoor:
    platform = PLATFORM

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        answer: Answer,
        clock: Callable[[], datetime],
        couriers: Mapping[str, Courier],
        pace: Pace = PACE,
        finish_within: float = FINISH_WITHIN,
    ) -> None:
        self._finish_within = finish_within
        self._answer = answer
        self._settings = settings
        self._engine = engine
        self._clock = clock
        base = settings["SLACK_API_URL"]
        # What is opened, published and asked for waits as long as Slack says; nudges and answers have their own queues.
        patient = [AsyncRateLimitErrorRetryHandler(max_retry_count=3), AsyncConnectionErrorRetryHandler()]
        self._client = AsyncWebClient(base_url=base, timeout=TIMEOUT, logger=quiet, retry_handlers=patient)
        self._impatient = AsyncWebClient(base_url=base, timeout=TIMEOUT, logger=quiet, retry_handlers=[])
        self.installations = Installations(settings, engine, self._client)
        self._courier = SlackCourier(self._impatient, self.installations)
        self.outbox = Outbox(engine, PLATFORM, self._courier.answer, self._courier.to_the_asker, clock, pace)
        self._talking = Talking(answer, clock, engine, self._client, self.installations, couriers, self.outbox)
        self._app = bolt_app(self._client, self.installations, self._talking)

    @property
    def courier(self) -> Courier:
        return self._courier

    def routes(self) -> Sequence[BaseRoute]:
        routes: list[BaseRoute] = []
        if self._settings["SLACK_SIGNING_SECRET"]:
            host = Host(self._app, self._settings["SLACK_SIGNING_SECRET"])
            routes.append(Route("/slack/events", host.receive, methods=["POST"]))
        if self.installations.store:
            installing = Installing(
                self._settings, self._engine, self._client, self.installations, self._clock, self._answer
            )
            routes += [
                Route("/slack/install", installing.page, methods=["GET"]),
                Route("/slack/oauth_redirect", installing.finish, methods=["GET"]),
            ]
        return routes

    @asynccontextmanager
    async def running(self, sends_only: bool = False) -> AsyncIterator[None]:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            self._client.session = self._impatient.session = session
            socket = None if sends_only else await self._socket()
            try:
                yield
            finally:
                if socket:
                    await socket.close_async()  # type: ignore[no-untyped-call]
                await self._talking.finish(self._finish_within)
                await self.outbox.finish()
                self._client.session = self._impatient.session = None

    async def _socket(self) -> AsyncSocketModeHandler | None:
        """A connection that Slack's messages come by, where SLACK_APP_TOKEN is set."""
        if not self._settings["SLACK_APP_TOKEN"]:
            return None
        socket = AsyncSocketModeHandler(
            self._app, self._settings["SLACK_APP_TOKEN"], logger=quiet, web_client=self._client
        )
        connecting = asyncio.create_task(socket.connect_async())  # type: ignore[no-untyped-call]
        connecting.add_done_callback(_say_if_failed)
        return socket

    async def checks(self) -> list[Check]:
        return await checks(self._settings, self._engine, self._client, self.installations)


def _say_if_failed(connecting: "asyncio.Task[None]") -> None:
    if not connecting.cancelled() and (error := connecting.exception()):
        log.error("Slack's Socket Mode could not be reached: %s. Run: compact-bot doctor", type(error).__name__)
