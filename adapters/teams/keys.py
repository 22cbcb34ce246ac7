"""The keys that sign what Teams sends: fetched without blocking, kept for a day, and fetched anew for one unknown."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from jwt.algorithms import RSAAlgorithm

FRESH_FOR = 24 * 3600.0  # seconds
AT_MOST_EVERY = 5.0  # seconds; who posts unknown key ids must not make us fetch all day
TIMEOUT = aiohttp.ClientTimeout(total=5)


class UnknownKeyError(Exception):
    """A token names a key that is not published."""


@dataclass(frozen=True)
class Key:
    """`endorsements` are the channels that this key may sign for."""

    public_key: Any
    endorsements: list[str]


class Keys:
    def __init__(self, metadata_url: str, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._url = metadata_url
        self._session = session
        self._keys: dict[str, Key] = {}
        self._fetched_at = self._tried_at = -FRESH_FOR
        self._fetching = asyncio.Lock()

    async def get(self, key_id: str | None) -> Key:
        """Raises UnknownKeyError. While the publisher is away, known keys are used on."""
        if key_id not in self._keys or time.monotonic() - self._fetched_at > FRESH_FOR:
            await self._refresh(key_id)
        if key_id is None or key_id not in self._keys:
            raise UnknownKeyError
        return self._keys[key_id]

    async def _refresh(self, key_id: str | None) -> None:
        async with self._fetching:
            now = time.monotonic()
            is_fresh = now - self._fetched_at < FRESH_FOR
            if (is_fresh and key_id in self._keys) or now - self._tried_at < AT_MOST_EVERY:
                return
            self._tried_at = now
            try:
                self._keys = await self._fetched()
                self._fetched_at = now
            except (aiohttp.ClientError, TimeoutError, ValueError, KeyError):
                return

    async def _fetched(self) -> dict[str, Key]:
        async with self._session().get(self._url, timeout=TIMEOUT) as answer:
            answer.raise_for_status()
            where = (await answer.json(content_type=None))["jwks_uri"]
        async with self._session().get(where, timeout=TIMEOUT) as answer:
            answer.raise_for_status()
            listed = (await answer.json(content_type=None))["keys"]
        return {
            key["kid"]: Key(RSAAlgorithm.from_jwk(json.dumps(key)), key.get("endorsements") or [])
            for key in listed
            if key.get("kty") == "RSA"
        }

    async def are_reachable(self) -> bool:
        await self._refresh(None)
        return bool(self._keys)
