"""A list that somebody sends in a personal chat: fetched from where Teams keeps it, and from nowhere else.

The address that Teams gives needs no token of ours, and none is sent.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp

from adapters.attached import NotFetchedError, Sent, downloaded, file_name, with_list
from adapters.teams.codec import Activity, part, words
from adapters.teams.trust import LOOPBACK, Trust
from compact_bot.conversation import Message

KIND = "application/vnd.microsoft.teams.file.download.info"
HOSTS = ("sharepoint.com", "sharepoint.us", "sharepoint-mil.us", "svc.ms")
NOT_GOT = "I could not fetch the file from where Teams keeps it. Please send it again."


class Files:
    def __init__(self, trust: Trust, session: Callable[[], aiohttp.ClientSession]) -> None:
        self._trust = trust
        self._session = session

    async def with_list(self, activity: Activity, message: Message) -> Message:
        """The message with the file that came with it, where it asks to import one; else as it is."""
        attachments = activity.wire.get("attachments")
        sent = [
            Sent(
                file_name(words(one.get("name"), 100)),
                words(part(one, "content").get("downloadUrl"), 4_000),
            )
            for one in (attachments if isinstance(attachments, list) else ())
            if isinstance(one, dict) and one.get("contentType") == KIND
        ]
        return await with_list(message, sent, self._fetched)

    async def _fetched(self, sent: Sent) -> bytes:
        if not is_theirs(sent.key, self._trust):
            raise NotFetchedError(NOT_GOT)
        return await downloaded(self._session(), sent.key, {}, NOT_GOT)


def is_theirs(url: str, trust: Trust) -> bool:
    """Whether Teams keeps files there."""
    try:
        where = urlsplit(url)
        host = where.hostname or ""
    except ValueError:
        return False
    if host in LOOPBACK:  # only where whoever set this up has Teams' stand-in on this machine
        return trust.is_service(url)
    return where.scheme == "https" and any(host == name or host.endswith(f".{name}") for name in HOSTS)
