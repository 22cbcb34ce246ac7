"""A list that came with a message: whether it is one to import, and its content from where the platform keeps it."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import aiohttp

from compact_bot.conversation import File, Message
from compact_bot.sheets.reading import LARGEST_FILE, UnreadableFileError, check_size
from compact_bot.understanding.addressing import addressed
from compact_bot.understanding.commands.lists import asks_to_import

LISTS = (".xlsx", ".csv")  # sent without a word, they are there to be imported
TIMEOUT = aiohttp.ClientTimeout(total=12, connect=3)
SEVERAL = "Several files came with that, and I read one at a time. Please send them one by one."


class NotFetchedError(Exception):
    """A file could not be had; the message says why, in plain words."""


@dataclass(frozen=True)
class Sent:
    """A file as the platform names it. `key` is what it is fetched by."""

    name: str
    key: str


def file_name(told: str) -> str:
    """As a platform tells it. A file of which it tells no name is a list to whoever says "import" beside it."""
    return re.sub(r"[\\/]", " ", told)[:100] or "list"


async def with_list(message: Message, sent: Sequence[Sent], fetch: Callable[[Sent], Awaitable[bytes]]) -> Message:
    """The message with the file that came with it, where it asks to import one; else as it is.

    `fetch` raises NotFetchedError, or UnreadableFileError for a file that is too large.
    """
    lists = [one for one in sent if one.name.casefold().endswith(LISTS)]
    if not sent or not (asks_to_import(addressed(message.text).bare) if message.text else lists):
        return message
    if len(lists) > 1:
        return replace(message, text="import", unread=SEVERAL)
    one = lists[0] if lists else sent[0]
    try:
        content = await fetch(one)
    except (NotFetchedError, UnreadableFileError) as problem:
        return replace(message, text="import", unread=str(problem))
    return replace(message, text="import", attached=(File(one.name, "", content),))


async def downloaded(
    session: aiohttp.ClientSession, url: str, headers: Mapping[str, str], not_got: str, no_page: str = ""
) -> bytes:
    """What an address holds, which leads nowhere else. `no_page` is said of a web page in the place of the file."""
    try:
        async with session.get(url, headers=headers, timeout=TIMEOUT, allow_redirects=False) as answer:
            if no_page and (answer.status in (301, 302, 303, 307) or answer.content_type == "text/html"):
                raise NotFetchedError(no_page)
            if answer.status != 200:
                raise NotFetchedError(not_got)
            check_size(answer.content_length or 0)
            content = bytearray()
            async for piece in answer.content.iter_chunked(100_000):
                content += piece
                if len(content) > LARGEST_FILE:
                    check_size(len(content))
            return bytes(content)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise NotFetchedError(not_got) from None
