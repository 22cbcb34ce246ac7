"""Add to Slack: the OAuth v2 installation, kept in our own database."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from adapters.answering import Answer
from adapters.signing import opened, signed
from adapters.slack.courier import SlackCourier
from adapters.slack.grid import Grid
from adapters.slack.installations import READS, Installations, quiet
from adapters.slack.places import PLATFORM, Place
from compact_bot.conversation import Button, Message, MessageKind, Reply
from compact_bot.lost_places import BACK
from compact_bot.membership import installed
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.pressing import with_values
from compact_bot.settings import Settings
from compact_bot.understanding.acts import Ask, Help

SCOPES = ("app_mentions:read", "chat:write", "commands", "im:history", "im:write")
WANTED = (*SCOPES, READS)  # what a workspace may take out again: lists come at the page then
SALT = "compact-bot add to Slack"
STATE_LASTS = 600  # seconds between "Add to Slack" and coming back

WELCOME = Reply(
    "Thank you for adding me. I answer questions about your agreement with its exact words, track its dates, and nudge "
    "your team before they pass.",
    next_step="Ask me something here. To have nudges in a channel, add me to it with /invite and type there: "
    "/compact settings nudges here. Its lead: you, until you name others. To stop me, remove the app; "
    "{days} days later all that I keep of your organisation is erased.",
    buttons=(
        Button("How much notice before a grant ends?", Ask("how much notice before a grant ends?")),
        Button("Help", Help()),
    ),
)


class _Saving(AsyncInstallationStore):
    """Slack's own store, which is synchronous like our database, called from a thread."""

    def __init__(self, installations: Installations) -> None:
        self._installations = installations

    async def async_save(self, installation: Installation) -> None:
        assert self._installations.store is not None  # noqa: S101  # these routes exist only where there is one
        await asyncio.to_thread(self._installations.store.save, installation)
        self._installations.changed()


class _States(AsyncOAuthStateStore):
    """A state is signed and says until when it holds, so that nothing is stored for whoever opens the page.

    bolt also wants it back from the same browser, as a cookie, and Slack takes its code once.
    """

    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        self._secret = secret
        self._clock = clock

    async def async_issue(self, *_: object, **__: object) -> str:
        ends = int(self._clock().timestamp()) + STATE_LASTS
        return signed(self._secret, SALT, [ends, secrets.token_urlsafe(16)])

    async def async_consume(self, state: str) -> bool:
        held = opened(self._secret, SALT, state)
        return held is not None and bool(self._clock().timestamp() < held[0])


class Installing:
    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        client: AsyncWebClient,
        installations: Installations,
        clock: Callable[[], datetime],
        answer: Answer,
    ) -> None:
        self._answer = answer
        self._settings = settings
        self._engine = engine
        self._client = client
        self._installations = installations
        self._clock = clock
        self._grid = Grid(engine, installations, answer, clock)
        self._states = _States(settings["SLACK_CLIENT_SECRET"], clock)

    async def page(self, request: Request) -> Response:
        return _answered(await self._flow(request).handle_installation(_bolt_request(request)))

    async def finish(self, request: Request) -> Response:
        return _answered(await self._flow(request).handle_callback(_bolt_request(request)))

    def _flow(self, request: Request) -> AsyncOAuthFlow:
        """One for each request: without COMPACT_PUBLIC_URL the address to come back to is the one that was called."""
        base = (self._settings["COMPACT_PUBLIC_URL"] or str(request.base_url)).rstrip("/")
        return AsyncOAuthFlow(
            client=self._client,
            logger=quiet,
            settings=AsyncOAuthSettings(
                client_id=self._settings["SLACK_CLIENT_ID"],
                client_secret=self._settings["SLACK_CLIENT_SECRET"],
                scopes=WANTED,
                redirect_uri=f"{base}/slack/oauth_redirect",
                installation_store=_Saving(self._installations),
                state_store=self._states,
                state_expiration_seconds=STATE_LASTS,
                callback_options=AsyncCallbackOptions(success=self._welcome, failure=_refused),
                logger=quiet,
            ),
        )

    async def _welcome(self, done: AsyncSuccessArgs) -> BoltResponse:
        """The installer leads until others are named, and hears by direct message how to go on."""
        added = done.installation
        place = Place(added.team_id or added.enterprise_id or "", added.user_id, added.enterprise_id or "")
        told = WELCOME.next_step.format(days=self._settings["COMPACT_ERASE_DAYS"])
        welcome = replace(WELCOME, next_step=told)
        if added.is_enterprise_install:  # each workspace is led from the first time that it speaks
            welcome = replace(welcome, buttons=())
            await self._grid.let_in(place.enterprise)
        else:
            person = place.person(added.user_id)
            organisation, now = f"slack:{place.team}", self._clock()
            ours = await asyncio.to_thread(installed, self._engine, organisation, PLATFORM, person)
            added_now = Message(
                id=f"installed:{added.user_id}:{now.timestamp()}",
                text="hello",
                sender=person,
                address=place.address(),
                organisation=organisation,
                sent_at=now,
                kind=MessageKind.INSTALLED,
            )
            again = await self._answer(added_now)
            welcome = again if again and again.act == BACK else with_values(welcome, ours, now)
        with contextlib.suppress(DeliveryFailed):  # the page that they see now says that it worked
            await SlackCourier(self._client, self._installations).post(place.address(), welcome)
        return await done.default.success(done)


async def _refused(failed: AsyncFailureArgs) -> BoltResponse:
    return await failed.default.failure(failed)


def _bolt_request(request: Request) -> AsyncBoltRequest:
    return AsyncBoltRequest(body="", query=request.url.query, headers=dict(request.headers))


def _answered(answer: BoltResponse) -> Response:
    response = Response(answer.body, answer.status, answer.first_headers_without_set_cookie())
    for cookie in answer.headers.get("set-cookie", []):
        response.headers.append("set-cookie", cookie)
    return response
