"""Whose token to use: the one from the settings, or one from an installation, refreshed before it expires."""

import asyncio
import logging
import time
from collections import defaultdict
from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import Engine

from compact_bot.logs import logger
from compact_bot.settings import Settings
from compact_bot.store.sealing import TOKENS, Keys, Sealed

KEPT_FOR = 600.0  # seconds; a token taken away elsewhere is noticed by then
KEPT_AFTER_FAILURE = 20.0
FILES = "files:write"  # a scope that a workspace may grant, so that the review comes as files
READS = "files:read"  # and one so that a list can be attached
ROTATED_BEFORE = 120  # minutes before it expires

log = logger(__name__)
quiet = logging.getLogger("compact_bot.quiet")  # Slack's own libraries log exceptions and payloads: none of it is kept
quiet.setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True)
class Installed:
    """The app in one workspace. `bot_user` is "" as long as Slack could not be asked.

    `installer` is who added it for a whole Enterprise Grid.
    """

    token: str
    team: str = ""
    bot_user: str = ""
    bot_id: str = ""
    takes_files: bool = False
    installer: str = ""
    reads_files: bool = False


def header(answer: AsyncSlackResponse, name: str) -> str:
    return next((str(value) for key, value in answer.headers.items() if key.casefold() == name), "")


def _store(settings: Settings, engine: Engine) -> SQLAlchemyInstallationStore:
    """Slack's own store, whose tokens are sealed in the database."""
    store = SQLAlchemyInstallationStore(settings["SLACK_CLIENT_ID"], engine, logger=quiet)
    keys = Keys(settings.secret_keys)
    for tokens in (store.bots, store.installations):
        for name in TOKENS[tokens.name]:
            tokens.c[name].type = Sealed(keys)
    return store


class Installations:
    def __init__(self, settings: Settings, engine: Engine, client: AsyncWebClient) -> None:
        self._own_token = settings["SLACK_BOT_TOKEN"]
        self._own_team = ""  # once Slack has said whose token it is
        self._client = client
        self._cached: dict[tuple[str, str], tuple[float, Installed | None]] = {}
        # One for each workspace: while Slack is slow to refresh the token of one, nobody else waits.
        self._asking: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)
        self.store: SQLAlchemyInstallationStore | None = None
        if settings["SLACK_CLIENT_ID"]:
            self.store = _store(settings, engine)
            self._rotator = AsyncTokenRotator(
                client_id=settings["SLACK_CLIENT_ID"], client_secret=settings["SLACK_CLIENT_SECRET"], client=client
            )

    async def installed(self, team: str, enterprise: str = "") -> Installed | None:
        """The app in a workspace, None where it is not installed. Asked of the database once in ten minutes."""
        until, found = self._cached.get((team, enterprise), (0.0, None))
        if time.monotonic() < until:
            return found
        async with self._asking[team, enterprise]:
            until, found = self._cached.get((team, enterprise), (0.0, None))
            if time.monotonic() < until:
                return found
            found = await self._stored(team, enterprise) or await self._own(team)
            known = found is not None and bool(found.bot_user)
            self._cached[team, enterprise] = (time.monotonic() + (KEPT_FOR if known else KEPT_AFTER_FAILURE), found)
            return found

    async def _stored(self, team: str, enterprise: str) -> Installed | None:
        installation = await asyncio.to_thread(self._find, team, enterprise) if self.store else None
        if installation is None or not installation.bot_token:
            return None
        installation = await self._refreshed(installation)
        return Installed(
            installation.bot_token or "",
            team,
            installation.bot_user_id or "",
            installation.bot_id or "",
            FILES in (installation.bot_scopes or ()),
            installation.user_id if installation.is_enterprise_install else "",
            READS in (installation.bot_scopes or ()),
        )

    def _find(self, team: str, enterprise: str) -> Installation | None:
        """The workspace's own installation, else the one for its whole Enterprise Grid."""
        store = self.store
        assert store is not None  # noqa: S101  # asked only where there is one
        found = store.find_installation(enterprise_id=enterprise or None, team_id=team)
        if found is None and enterprise:
            found = store.find_installation(enterprise_id=enterprise, team_id=None, is_enterprise_install=True)
        return found

    async def _refreshed(self, installation: Installation) -> Installation:
        """With a new token when the old one is about to expire; with that of another process which was quicker."""
        try:
            rotated = await self._rotator.perform_token_rotation(
                installation=installation, minutes_before_expiration=ROTATED_BEFORE
            )
        except (SlackApiError, SlackTokenRotationError, ClientError, TimeoutError) as error:
            log.warning("a Slack token could not be refreshed: %s", type(error).__name__)
            again = await asyncio.to_thread(self._find, installation.team_id or "", installation.enterprise_id or "")
            return again or installation
        if rotated is None:
            return installation
        await asyncio.to_thread(self.store.save, rotated)  # type: ignore[union-attr]
        return rotated

    async def _own(self, team: str) -> Installed | None:
        """The token from the settings, for its own workspace only."""
        if not self._own_token or (self._own_team and team != self._own_team):
            return None
        try:
            tested = await self._client.auth_test(token=self._own_token)
        except (SlackApiError, ClientError, TimeoutError, ValueError) as error:
            log.warning("Slack did not say whose token this is: %s", type(error).__name__)
            return Installed(self._own_token, team) if self.store is None else None
        self._own_team = str(tested["team_id"])
        if self._own_team != team:
            return None
        scopes = header(tested, "x-oauth-scopes").replace(" ", "").split(",")
        return Installed(
            self._own_token,
            team,
            tested["user_id"],
            tested.get("bot_id") or "",
            FILES in scopes,
            reads_files=READS in scopes,
        )

    async def forget(self, team: str, enterprise: str = "") -> None:
        """Delete the tokens of a workspace that has removed the app."""
        self._cached.pop((team, enterprise), None)
        if self.store:
            await asyncio.to_thread(self.store.delete_all, enterprise_id=enterprise or None, team_id=team or None)

    def changed(self) -> None:
        """Look again next time: the app was just installed somewhere."""
        self._cached.clear()
