"""A browser, and this machine's own pages with something in them."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Engine
from starlette.testclient import TestClient

from adapters.console import LOCAL
from adapters.review.publisher import ReviewPublisher
from adapters.web.app import web_app
from adapters.web.links import Links
from compact_bot.bot import Bot
from compact_bot.conversation import Address
from compact_bot.feedback.records import load_review
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import NOW, Chat
from tests.web.browsing import CHROMIUM, served

TODAY = NOW.date()
TRACKED = (
    'track funding "Youth club grant" ends 31 March 2027 owner "Amina Khan"',
    'track funding "Lunch club" ends 15 January 2027 owner "Ben Okoro"',
    'track consultation "Library opening hours" opens 7 December 2026 closes 1 March 2027 owner "Amina Khan"',
    'track payment "Payment to Sutton Carers" due 1 November 2026 owner "Chris Lee"',
    'track other "Annual meeting" date 3 May 2027',
)
LOGGED = (
    "feedback 3.3.4: the council paid us five weeks late",
    "praise 3.2.2: a whole twelve weeks to answer the consultation",
    "suggest 3.2.8: send papers as plain text too",
)
CHOSEN = ("lead me", "closed 24 December 2026 to 1 January 2027", "set contact Jo, jo@x.org")


@pytest.fixture
def local_bot(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    publisher = ReviewPublisher(lambda name, period: load_review(engine, search.agreement, rules, name, period, TODAY))
    return Bot(engine, search, rules, meanings, "Europe/London", publisher=publisher, pages=Links(local=LOCAL))


@pytest.fixture
def filled_bot(local_bot: Bot) -> Bot:
    """With deadlines in every part of the board, and feedback, of some months ago."""
    chat = Chat(local_bot, "Amina Khan", organisation=LOCAL, now=NOW - timedelta(days=100))
    for said in (*TRACKED, *LOGGED, *CHOSEN):
        reply = local_bot.reply_to(replace(chat.message(said), address=Address("console", "a terminal")))
        assert reply is not None
        assert reply.changed, said
    return local_bot


@pytest.fixture
def filled(filled_bot: Bot) -> TestClient:
    """A program on this machine, which is no browser."""
    app = web_app(filled_bot, lambda: NOW, lambda _: [])
    return TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module: while it is open, its event loop runs in the way of tests that have one of their own."""
    if not CHROMIUM:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("no chromium on this machine, and REQUIRE_BROWSER is set")
        pytest.skip("no chromium on this machine: the page was not tried in a real browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def browsing(browser: Browser, address: str, **more: object) -> Iterator[Page]:
    """A page of its own window. It must end without an error of a script or of the policy that guards it."""
    context = browser.new_context(base_url=address, **more)  # type: ignore[arg-type]
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    assert errors == []
    context.close()


@pytest.fixture
def address(bot: Bot) -> Iterator[str]:
    yield from served(web_app(bot, lambda: NOW, lambda _: []))


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    for page in browsing(browser, address):
        page.goto("/")
        yield page


@pytest.fixture
def house(browser: Browser, filled_bot: Bot) -> Iterator[Page]:
    """A browser at this machine's own pages, which have something in them."""
    for address in served(web_app(filled_bot, lambda: NOW, lambda _: [])):
        yield from browsing(browser, address)
