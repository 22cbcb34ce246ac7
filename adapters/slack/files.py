"""A list attached in Slack: fetched from Slack alone, since the bot's token goes with the question.

What Slack is known to do decides details here: without the scope files:read it answers with a page to sign in at,
by 302 or as the file itself with 200; and of a file from another organisation, in a channel shared with it, it tells
the id alone.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.attached import NotFetchedError, Sent, downloaded, file_name, with_list
from adapters.slack.installations import Installed
from compact_bot.conversation import Message
from compact_bot.sheets.reading import check_size

HOSTS = ("files.slack.com", "files.slack-gov.com")
NOT_GOT = "I could not fetch the file from Slack. Please send it again."
NOT_ALLOWED = "I am not allowed to open files in this Slack: that takes the scope files:read."
ELSEWHERE = "That file is not kept in Slack itself, so I cannot open it."


class Files:
    def __init__(self, client: AsyncWebClient, session: Callable[[], aiohttp.ClientSession | None]) -> None:
        self._client = client
        self._session = session

    async def with_list(self, files: Sequence[Any], message: Message, installed: Installed | None) -> Message:
        """The message with the file that came with it, where it asks to import one; else as it is."""
        known = {str(one["id"]): one for one in files if isinstance(one, dict) and one.get("id")}
        sent = [Sent(file_name(str(one.get("name") or "")), identity) for identity, one in known.items()]
        return await with_list(message, sent, partial(self._fetched, known, installed))

    async def _fetched(self, known: Mapping[str, Mapping[str, Any]], installed: Installed | None, sent: Sent) -> bytes:
        session = self._session()
        if installed is None or session is None or not installed.reads_files:
            raise NotFetchedError(NOT_ALLOWED)
        file = known[sent.key]
        url = _address(file) or _address(await self._told(sent.key, installed.token))
        size = file.get("size")
        check_size(size if isinstance(size, int) else 0)
        if not is_theirs(url, self._client.base_url):
            raise NotFetchedError(ELSEWHERE if url else NOT_GOT)
        authorization = {"Authorization": f"Bearer {installed.token}"}
        return await downloaded(session, url, authorization, NOT_GOT, no_page=NOT_ALLOWED)

    async def _told(self, identity: str, token: str) -> Mapping[str, Any]:
        """What Slack says of a file of which the event tells nothing but its id."""
        try:
            answer = await self._client.files_info(file=identity, token=token)
        except SlackApiError as error:
            refused = error.response.get("error") if isinstance(error.response.data, dict) else ""
            raise NotFetchedError(NOT_ALLOWED if refused == "missing_scope" else NOT_GOT) from None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            raise NotFetchedError(NOT_GOT) from None
        file = answer.get("file")
        return file if isinstance(file, dict) else {}


def _address(file: Mapping[str, Any]) -> str:
    return str(file.get("url_private_download") or file.get("url_private") or "")[:4_000]


def is_theirs(url: str, api: str) -> bool:
    """Whether Slack keeps files there: on its own hosts, or where its Web API is for this program."""
    try:
        where, slack = urlsplit(url), urlsplit(api)
        if (where.scheme, where.netloc) == (slack.scheme, slack.netloc):
            return True
        return where.scheme == "https" and where.hostname in HOSTS and where.port in (None, 443)
    except ValueError:
        return False
