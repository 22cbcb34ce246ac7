"""The page that chats, as somebody meets it with and without scripts: what was wrong with it once stays mended."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from adapters.web.app import web_app
from compact_bot.bot import Bot
from tests.conftest import NOW
from tests.web.browsing import is_covered
from tests.web.conftest import browsing

ASKED = "how much notice before a grant ends"


@pytest.fixture
def scriptless(browser: Browser, address: str) -> Iterator[Page]:
    yield from browsing(browser, address, java_script_enabled=False)


def ask(page: Page, words: str) -> None:
    page.get_by_label("Your question").fill(words)
    page.keyboard.press("Enter")


def test_without_scripts_a_question_is_answered_and_a_form_saved(scriptless: Page) -> None:
    scriptless.goto("/")
    ask(scriptless, ASKED)
    expect(scriptless.get_by_role("log")).to_contain_text("To give a minimum of 3 months' notice in writing")
    ask(scriptless, "log feedback")
    scriptless.get_by_label("What happened?").fill("Council paid us five weeks late")
    scriptless.get_by_label("Clause (optional)").fill("3.3.4")
    scriptless.get_by_role("button", name="Log it").click()
    expect(scriptless.get_by_role("log")).to_contain_text("Logged as F1")
    scriptless.get_by_role("button", name="Undo").click()
    expect(scriptless.get_by_role("log")).to_contain_text("Taken back")


def test_without_scripts_sending_a_page_again_says_the_same_and_does_nothing_twice(scriptless: Page) -> None:
    scriptless.goto("/")
    ask(scriptless, 'track payment "Q3" due 1 December 2026')
    expect(scriptless.get_by_role("log")).to_contain_text("Saved as D1")
    scriptless.reload()
    expect(scriptless.get_by_role("log")).to_contain_text("Saved as D1")
    ask(scriptless, "deadlines")
    expect(scriptless.get_by_role("log")).not_to_contain_text("D2")


def test_loading_the_page_again_keeps_the_conversation_until_it_is_cleared(page: Page) -> None:
    ask(page, ASKED)
    expect(page.get_by_role("log")).to_contain_text("3.4.4")
    ask(page, "deadlines")
    expect(page.get_by_role("log")).to_contain_text("There are no open deadlines.")
    page.goto("/compact")
    page.goto("/")
    for words in (ASKED, "To give a minimum of 3 months' notice in writing", "There are no open deadlines."):
        expect(page.get_by_role("log")).to_contain_text(words)
    page.get_by_role("button", name="Clear this conversation").click()
    expect(page.get_by_role("log")).to_have_text("")


def test_what_is_logged_anonymously_is_not_there_when_the_page_is_loaded_again(page: Page) -> None:
    ask(page, "anonymous feedback 3.3.4: the council paid us five weeks late")
    expect(page.get_by_role("log")).to_contain_text("It is anonymous.")
    page.reload()
    expect(page.get_by_role("log")).to_have_text("")


def test_another_browser_sees_nothing_of_it(page: Page, browser: Browser, address: str) -> None:
    ask(page, ASKED)
    expect(page.get_by_role("log")).to_contain_text("3.4.4")
    for other in browsing(browser, address):
        other.goto("/")
        expect(other.get_by_role("log")).to_have_text("")


def test_an_example_is_there_to_press(page: Page) -> None:
    page.get_by_role("button", name="3.4.4").click()
    expect(page.get_by_role("log")).to_contain_text("To give a minimum of 3 months' notice in writing")
    expect(page.get_by_text("Press one to try it")).to_have_count(0)


@pytest.mark.parametrize("height", [640, 900])
def test_the_bar_hides_neither_a_field_nor_its_button(page: Page, height: int) -> None:
    page.set_viewport_size({"width": 375, "height": height})
    ask(page, "log feedback")
    expect(page.get_by_label("What happened?")).to_be_focused()
    for _ in range(8):
        assert is_covered(page) == ""
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Log it").focus()
    assert is_covered(page) == ""


def test_whoever_sits_here_goes_by_a_name_and_owns_what_they_track(page: Page) -> None:
    page.get_by_label("You are here as").fill("Amina Khan")
    page.get_by_role("button", name="Change").click()
    expect(page.get_by_label("You are here as")).to_have_value("Amina Khan")
    ask(page, 'track payment "Q3" due 1 December 2026')
    expect(page.get_by_role("log")).to_contain_text("Owner: Amina Khan.")
    page.goto("/deadlines/D1")
    expect(page.get_by_role("main")).to_contain_text("Amina Khan: tracked: Q3")


@pytest.mark.parametrize("name", ["José Álvarez", "O'Neill; path=/x", "<b>Jo</b>", "日本 太郎", "x" * 300, '"a", b\\'])
def test_any_name_is_kept_as_written(bot: Bot, name: str) -> None:
    app = web_app(bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    client.post("/name", data={"name": name})
    saved = client.post("/say", data={"text": 'track payment "Q3" due 1 December 2026'})
    assert saved.status_code == 200
    assert "<b>Jo" not in saved.text
    assert "visitor" not in saved.text


def test_a_form_of_another_site_is_refused_without_its_token_too(bot: Bot) -> None:
    app = web_app(bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    own = {"origin": "http://127.0.0.1:8000"}
    for headers in (own, {"origin": "null"}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        for path in ("/say", "/board", "/settings", "/feedback", "/deadlines/D1", "/name", "/forget"):
            answer = client.post(path, data={"text": "lead me"}, headers=headers)
            assert answer.status_code == 403, (headers, path)
            assert "nothing was saved" in answer.text.lower()
    assert "Nobody is named" in client.post("/say", data={"text": "leads"}).text
