"""Buttons of the local page as plain requests: the value that the page holds is what it hands back."""

import html
import re

import pytest
from starlette.testclient import TestClient

from adapters.web.app import web_app
from compact_bot.bot import Bot
from tests.conftest import NOW

REMIND = "remind us that the library consultation closes 3 March"


@pytest.fixture
def client(bot: Bot) -> TestClient:
    app = web_app(bot, lambda: NOW, lambda _: [])
    return TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000))


def said(client: TestClient, text: str) -> str:
    return client.post("/say", data={"text": text}).text


def pressed(client: TestClient, page: str, label: str) -> str:
    (value,) = re.findall(rf'<button name="pressed" value="([^"]*)">{re.escape(label)}</button>', page)
    return client.post("/say", data={"pressed": html.unescape(value)}).text


def test_save_pressed_three_times_saves_once(client: TestClient) -> None:
    asked = said(client, REMIND)
    assert "Saved as D1" in pressed(client, asked, "Save")
    for _ in range(2):
        assert "That was saved already, so nothing was saved again." in pressed(client, asked, "Save")
    assert "D2" not in said(client, "deadlines")


def test_what_waits_is_answered_in_plain_words(client: TestClient) -> None:
    said(client, REMIND)
    assert "Saved as D1" in said(client, "yes please")


def test_the_form_of_a_draft_holds_what_was_understood(client: TestClient) -> None:
    form = pressed(client, said(client, REMIND), "Change")
    assert re.search(r'<input[^>]*name="\.closes"[^>]*value="2027-03-03"', form)


def test_quotation_marks_in_a_value_survive_the_page(client: TestClient) -> None:
    asked = said(client, 'track payment "O\'Neill & Sons" due 3 March')
    assert "Saved as D1: &#34;O&#39;Neill &amp; Sons&#34;" in pressed(client, asked, "Save")


@pytest.mark.parametrize("value", ["{", '{"v":1}', "x" * 5_000, "drop everything", '{"v":1,"act":"Show","numbers":[]}'])
def test_a_value_that_is_none_of_ours_gets_a_clear_line(client: TestClient, value: str) -> None:
    said(client, 'track payment "Q3" due 1 December 2026')
    answer = client.post("/say", data={"pressed": value})
    assert answer.status_code == 200
    assert "I can no longer read this button, so nothing was done." in answer.text
    assert "D1, Q3" in said(client, "deadlines")
