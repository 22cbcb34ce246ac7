"""A list that somebody sends in a personal chat: fetched from where Teams keeps it, and from nowhere else.

The address that Teams gives needs no token of ours, and none is sent.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import aiohttp

from adapters.teams.codec import Activity, part, words
from adapters.teams.trust import LOOPBACK, Trust
from compact_bot.conversation import File, Message
from compact_bot.sheets.reading import LARGEST_FILE, UnreadableFileError, check_size
from compact_bot.understanding.addressing import addressed
from compact_bot.understanding.commands.lists import asks_to_import

KIND = "application/vnd.microsoft.teams.file.download.info"
HOSTS = ("sharepoint.com", "sharepoint.us", "sharepoint-mil.us", "svc.ms")
LISTS = (".xlsx", ".csv")  # sent without a word, they are there to be imported
TIMEOUT = aiohttp.ClientTimeout(total=12, connect=3)
NOT_GOT = "I could not fetch the file from where Teams keeps it. Please send it again."


class Files:
    def __init__(self, trust: Trust, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._trust = trust
        self._session = session

    async def with_list(self, activity: Activity, message: Message) -> Message:
        """The message with the file that came with it, where it asks to import one; else as it is."""
        sent = _sent(activity)
        if sent is None:
            return message
        name, url = sent
        asks = asks_to_import(addressed(message.text).bare) if message.text else name.casefold().endswith(LISTS)
        if not asks:
            return message
        try:
            content = await self._fetched(url)
        except UnreadableFileError as problem:
            return replace(message, text="import", unread=str(problem))
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return replace(message, text="import", unread=NOT_GOT)
        return replace(message, text="import", attached=(File(name, "", content),))

    async def _fetched(self, url: str) -> bytes:
        """Raises ValueError for an address that is none of Teams', UnreadableFileError for a file that is too large."""
        if not is_theirs(url, self._trust):
            raise ValueError("not an address of Teams")
        async with self._session().get(url, timeout=TIMEOUT, allow_redirects=False) as answer:
            answer.raise_for_status()
            if answer.status != 200:
                raise ValueError("not the file")
            check_size(answer.content_length or 0)
            content = bytearray()
            async for piece in answer.content.iter_chunked(100_000):
                content += piece
                if len(content) > LARGEST_FILE:
                    check_size(len(content))
            return bytes(content)


def is_theirs(url: str, trust: Trust) -> bool:
    """Whether Teams keeps files there. Raises ValueError for what is no address."""
    where = urlsplit(url)
    host = where.hostname or ""
    if host in LOOPBACK:  # only where whoever set this up has Teams' stand-in on this machine
        return trust.is_service(url)
    return where.scheme == "https" and any(host == name or host.endswith(f".{name}") for name in HOSTS)


def _sent(activity: Activity) -> tuple[str, str] | None:
    """The name and the address of the first file that came with it."""
    attachments = activity.wire.get("attachments")
    for one in attachments if isinstance(attachments, list) else ():
        if isinstance(one, dict) and one.get("contentType") == KIND:
            name = re.sub(r"[\\/]", " ", words(one.get("name"), 100)) or "list"
            return name, words(part(one, "content").get("downloadUrl"), 4_000)
    return None
