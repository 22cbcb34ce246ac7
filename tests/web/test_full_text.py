"""The full text: whole, open to everyone, with its contents, and a box that looks things up and keeps nothing."""

import html
import json
import re
import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from adapters.console import LOCAL
from adapters.plain_text import citation_title
from adapters.slack.blocks import messages
from adapters.teams import cards
from adapters.web.app import web_app
from adapters.web.full_text import parts_of
from adapters.web.links import Links
from compact_bot.bot import Bot
from knowledge.agreement import words_in_order
from tests.conftest import NOW, Chat


@pytest.fixture
def public(bot: Bot) -> TestClient:
    """Somebody whom nobody knows, at the public address."""
    app = web_app(bot, lambda: NOW, lambda _: [], public_url="https://compact.example", secret_key="k" * 32)
    return TestClient(app, base_url="https://compact.example")


def plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def test_every_word_of_the_agreement_stands_there_in_order(public: TestClient, bot: Bot) -> None:
    shown = iter(words_in_order([plain(public.get("/compact").text.partition('<div class="agreement">')[2])]))
    for block in bot.search.agreement.blocks[1:]:  # the title is the page's own
        for word in words_in_order([block.text]):
            assert word in shown, (block.number, word)


def test_the_contents_lead_to_every_section(public: TestClient) -> None:
    page = public.get("/compact").text
    contents = page.partition('<nav class="contents"')[2].partition("</nav>")[0]
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', contents)
    assert ("3.4", "3.4 Clear arrangements for managing changes to programmes and services") in [
        (anchor if not anchor.startswith("part-") else title.split()[0], title) for anchor, title in links
    ]
    for anchor, _ in links:
        assert page.count(f'id="{anchor}"') == 1


def test_lists_are_lists_and_each_commitment_says_whom_it_binds(public: TestClient) -> None:
    page = public.get("/compact").text
    assert "<li>Advocacy and self-help</li>" in page
    assert not re.search(r">\s*- ", page)
    assert re.search(r'<a href="#3.4.4">3.4.4</a> To give .*<span class="party">binds the public sector</span>', page)


def test_points_are_told_from_paragraphs() -> None:
    parts = parts_of("All of:\n- one\n- two - and a half\n\nThen more.\n* three")
    assert [(part.points, part.is_list) for part in parts] == [
        (("All of:",), False),
        (("one", "two - and a half"), True),
        (("Then more.",), False),
        (("three",), True),
    ]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("how much notice before a grant ends", "3.4.4 answers this"),
        ("3.3.4", "timely payment of funds"),
        ("3.3.5 to 3.3.7", "3.3.6"),
        ("9.9.9", "There is no clause 9.9.9"),
        ("parking permits", "does not say"),
        ("contacts", "Sutton Council"),
        ("<script>alert(1)</script>", "<h1>"),
        ("drop D1 because x", "<h1>"),
        ("\0", "<h1>"),
        ("x" * 9_000, "<h1>"),
    ],
)
def test_the_box_looks_up_as_chat_does(public: TestClient, words: str, answer: str) -> None:
    page = public.get("/compact", params={"q": words})
    assert page.status_code == 200
    assert answer in page.text
    assert "<script>alert" not in page.text
    assert '<button name="pressed"' not in page.text


def test_looking_something_up_keeps_nothing(public: TestClient, engine: Engine) -> None:
    for words in ("parking permits", "how much notice before a grant ends", "set contact Jo"):
        public.get("/compact", params={"q": words})
    with engine.connect() as connection:
        for table in ("received_messages", "people", "question_counts", "asked_questions", "threads", "organisations"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 0, table  # noqa: S608


def test_each_quotation_in_chat_leads_there_where_there_is_a_public_address(
    engine: Engine, bot: Bot, public: TestClient
) -> None:
    links = Links("https://compact.example/", "", LOCAL)
    chat = Chat(Bot(engine, bot.search, bot.rules, bot.meanings, bot.timezone, pages=links))
    reply = chat.say("how much notice before a grant ends")
    url = reply.citations[0].url
    assert url == "https://compact.example/compact#3.4.4"
    assert f'id="{url.partition("#")[2]}"' in public.get("/compact").text
    links_in_slack = [
        (element["url"], element["text"])
        for said in messages(reply)
        for block in said.blocks
        for part in block.get("elements", [])
        for element in part.get("elements", [])
        if element["type"] == "link"
    ]
    assert (url, citation_title(reply.citations[0])) in links_in_slack
    card = json.dumps(cards.messages(reply))
    assert f'"selectAction": {{"type": "Action.OpenUrl", "url": "{url}"}}' in card
    assert Chat(bot).say("3.4.4").citations[0].url == ""


def test_it_is_small_and_soon_there(public: TestClient) -> None:
    seconds = []
    for _ in range(10):
        begun = time.perf_counter()
        page = public.get("/compact")
        seconds.append(time.perf_counter() - begun)
    assert len(page.content) <= 100_000
    assert min(seconds) <= 0.02


def test_on_a_phone_it_is_a_few_screens_and_a_link_opens_its_section(house: Page) -> None:
    house.set_viewport_size({"width": 320, "height": 640})
    house.goto("/compact")
    assert house.evaluate("document.documentElement.scrollHeight") < 5_000
    clause = house.locator("[id='3.4.4']")
    expect(clause).not_to_be_visible()
    house.goto("/compact#3.4.4")
    expect(clause).to_be_in_viewport()


def test_on_paper_every_section_is_open(house: Page) -> None:
    house.goto("/compact")
    house.emulate_media(media="print")
    expect(house.locator("[id='3.4.4']")).to_be_visible()
    expect(house.get_by_label("Look something up in it")).not_to_be_visible()
