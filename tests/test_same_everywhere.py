"""One conversation at the terminal and on the page, word for word. Slack's and Teams' own tests hold it there."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from adapters import console
from adapters.plain_text import plain_text, within
from adapters.web.app import web_app
from compact_bot.bot import Bot
from compact_bot.conversation import Reply
from tests.conftest import NOW, ROOT, Chat

LINES = (ROOT / "tests" / "conversation.txt").read_text(encoding="utf-8").splitlines()
UNREAD = {"button", "form", "summary", "thead", "h2", "style"}


class Page(HTMLParser):
    """What an answer on the page says, without its buttons and fields; the names of columns before their cells."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self._unread = 0
        self._column = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        self._column = 0 if tag == "tr" else self._column + (tag in ("td", "th"))
        name = dict(attributes).get("data-name")
        if tag == "td" and name and self._column > 2:
            self.words += f" {name} "

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        self.words += f" {data}" if not self._unread else ""


def words_of(text: str) -> list[str]:
    """ "See also" is said once on the page, and before each of them elsewhere."""
    return re.findall(r"\w+", re.sub(r"\bsee also\b", "", text, flags=re.IGNORECASE))


def seen(reply: Reply) -> str:
    """All that is shown beside buttons and forms: what to type instead of pressing is not."""
    reply = replace(within(reply), form=None)
    return plain_text(reply).replace(f"\n\n{reply.typed}", "") if reply.typed else plain_text(reply)


def test_the_page_says_what_the_terminal_says(bot: Bot) -> None:
    app = web_app(bot, lambda: NOW, lambda _: [])
    http = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000))
    assert http.post("/name", data={"name": "Amina"}, follow_redirects=False).status_code == 303
    for line in LINES:
        answer = http.post("/say", data={"text": line}, headers={"accept": "text/x-fragment"})
        said = bot.reply_to(replace(console.message(line, "Amina", NOW), organisation="of the terminal"))
        assert said is not None
        assert words_of(Page(answer.text).words) == words_of(seen(said)), line


@pytest.mark.parametrize("line", ["deadlines", "D1", "how much notice before a grant ends?"])
def test_what_to_type_is_said_where_nothing_can_be_pressed(chat: Chat, line: str) -> None:
    chat.say('track funding "Youth club grant" ends 31 March 2027')
    reply = chat.say(line)
    assert reply.typed
    assert reply.typed in plain_text(reply)
    assert reply.typed not in seen(reply)
