"""Posting to Teams: one session, a token kept until it runs out, and another try where Teams asks for one."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from adapters.teams.trust import Trust
from compact_bot.nudges.couriers import DeliveryFailed

TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
TRY_AGAIN = (412, 429, 502, 504)  # as Teams documents: busy, or a hiccup between its own servers
GONE = (403, 404, 410)
NEVER = (400, 413, *GONE)
TRIES = 4
LONGEST_WAIT = 3.0  # seconds; a nudge that must wait longer waits in its queue
RENEWED_BEFORE = 300.0  # seconds before a token runs out


class GoneError(DeliveryFailed):
    """The bot was removed from there, or the place is no more."""


class Tokens:
    """The bot's own token for Teams: one request for all who wait for it."""

    def __init__(self, url: str, form: Mapping[str, str], session: Callable[[], aiohttp.ClientSession]) -> None:
        self._url = url
        self._form = form
        self._session = session
        self._token, self._good_until = "", 0.0
        self._asking = asyncio.Lock()

    async def get(self) -> str:
        """Raises DeliveryFailed; the answer's text is never shown, it may quote the secret."""
        async with self._asking:
            if time.monotonic() >= self._good_until:
                await self._ask()
            return self._token

    def forget(self) -> None:
        self._good_until = 0.0

    async def _ask(self) -> None:
        try:
            async with self._session().post(self._url, data=self._form, timeout=TIMEOUT) as answer:
                given = await answer.json(content_type=None)
                lifetime = float(given["expires_in"])
                self._token = str(given["access_token"])
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise DeliveryFailed("Teams gives the bot no token") from error
        self._good_until = time.monotonic() + max(lifetime - RENEWED_BEFORE, lifetime / 2)


class Connector:
    """`tokens` is None where authentication is off."""

    def __init__(self, trust: Trust, tokens: Tokens | None, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._trust = trust
        self._tokens = tokens
        self._session = session

    async def call(
        self, method: str, service_url: str, path: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """The answer's JSON. Raises DeliveryFailed: permanent when Teams says that it will never take this."""
        if not self._trust.is_service(service_url):
            raise DeliveryFailed("the address for answers is not one of Teams'", permanent=True)
        url = f"{service_url.rstrip('/')}/{path}"
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "ignore")
        for attempt in range(TRIES):
            status, wait, answer = await self._once(method, url, data)
            if status < 300:
                return answer
            if status == 401 and self._tokens:
                self._tokens.forget()
            if status not in (*TRY_AGAIN, 401) or (status == 401 and attempt) or attempt == TRIES - 1:
                break
            wait = wait or 0.25 * 2**attempt * random.uniform(1, 1.5)  # noqa: S311
            if wait > LONGEST_WAIT:
                break
            await asyncio.sleep(wait)
        failure = GoneError if status in GONE else DeliveryFailed
        raise failure(f"Teams answered {status}", permanent=status in NEVER, retry_after=wait)

    async def _once(self, method: str, url: str, data: bytes | None) -> tuple[int, float | None, dict[str, Any]]:
        """Status, seconds that Teams asks to wait, and the answer."""
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self._tokens:
            headers["Authorization"] = f"Bearer {await self._tokens.get()}"
        try:
            async with self._session().request(
                method, url, data=data, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                raw = await response.read()
                return response.status, _seconds(response.headers.get("Retry-After")), _object(raw)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise DeliveryFailed("Teams cannot be reached") from error


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isdigit() else None


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
