"""The pages of this machine as the README shows them: asked, filled, and a list that was brought."""

from dataclasses import replace
from datetime import timedelta

from playwright.sync_api import Browser, Page

from adapters.console import LOCAL
from adapters.web.app import web_app
from compact_bot.bot import Bot
from compact_bot.conversation import Address
from tests.conftest import NOW, Chat
from tests.importing.made import BROKEN, REGISTER
from tests.pictures.screens import ROOT
from tests.web.browsing import served
from tests.web.conftest import CHOSEN, LOGGED, TRACKED

ASKED = "we're thinking of pulling the plug on the lunch club's money in six weeks, ok?"


def take_pages(browser: Browser, bot: Bot) -> None:
    """The page as it is first met, and the others once something is kept."""
    for address in served(web_app(bot, lambda: NOW, lambda _: [])):
        page = browser.new_context(viewport={"width": 1000, "height": 820}, base_url=address).new_page()
        page.goto("/")
        page.get_by_label("Your question").fill(ASKED)
        page.keyboard.press("Enter")
        page.get_by_text("3.4.4 answers this").wait_for()
        _take(page, "local-page")
        chat = Chat(bot, "Amina Khan", organisation=LOCAL, now=NOW - timedelta(days=100))
        for said in (*TRACKED, *LOGGED, *CHOSEN):
            bot.reply_to(replace(chat.message(said), address=Address("console", "a terminal")))
        page.goto("/board")
        _take(page, "board")
        page.goto("/deadlines/D1")
        _take(page, "deadline")
        page.goto("/import")
        list_ = {"name": "grants.csv", "mimeType": "text/csv", "buffer": (REGISTER + BROKEN).encode()}
        page.locator("input[type=file]").set_input_files(list_)  # type: ignore[arg-type]
        page.get_by_role("button", name="Read it").click()
        page.get_by_text("Cannot be read", exact=True).wait_for()
        _take(page, "import-preview", whole=True)
        page.context.close()


def _take(page: Page, name: str, whole: bool = False) -> None:
    page.screenshot(path=ROOT / ".pictures" / f"{name}.png", full_page=whole)
