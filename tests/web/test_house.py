"""Every page in every state: for screen readers, by keyboard, on a phone, enlarged, in the dark, in forced colours."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from adapters.web.app import web_app
from compact_bot.bot import Bot
from tests.conftest import NOW
from tests.web.browsing import is_covered, served, violations, width
from tests.web.conftest import browsing

FILLED = (
    "/",
    "/board",
    "/board?when=overdue&owner=Nobody",
    "/board?state=all&print",
    "/deadlines/D1",
    "/deadlines/D1?do=move",
    "/deadlines/D1?do=done",
    "/deadlines/D2?do=drop",
    "/deadlines/D99",
    "/feedback",
    "/feedback?clause=9.9",
    "/feedback/F1",
    "/review",
    "/review?period=Juniper",
    "/review?table=records",
    "/compact",
    "/compact?all",
    "/compact?q=how+much+notice+before+a+grant+ends",
    "/settings",
    "/settings?do=digest",
    "/settings?do=closed",
    "/nowhere",
)
EMPTY = ("/", "/board", "/feedback", "/review", "/settings")


@pytest.fixture
def empty(browser: Browser, local_bot: Bot) -> Iterator[Page]:
    for address in served(web_app(local_bot, lambda: NOW, lambda _: [])):
        yield from browsing(browser, address)


def test_axe_finds_nothing_wrong_with_any_page_in_light_and_dark(house: Page) -> None:
    for scheme in ("light", "dark"):
        house.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in FILLED:
            house.goto(path)
            assert violations(house) == [], (path, scheme)


def test_axe_finds_nothing_wrong_where_nothing_is_there_yet(empty: Page) -> None:
    for path in EMPTY:
        empty.goto(path)
        assert violations(empty) == [], path


def test_axe_finds_nothing_wrong_with_a_conversation_and_its_forms(house: Page) -> None:
    house.goto("/")
    said = (
        "log feedback",
        "deadlines",
        "D1",
        "we want to end the grant",
        "track",
        "help",
        "who is the mayor of Paris?",
    )
    for words in said:
        house.get_by_label("Your question").fill(words)
        house.keyboard.press("Enter")
        expect(house.get_by_label("Your question")).to_have_value("")
    assert violations(house) == []


def test_every_page_fits_a_narrow_phone(house: Page) -> None:
    house.set_viewport_size({"width": 320, "height": 640})
    for path in FILLED:
        house.goto(path)
        assert width(house) <= 320, path


def test_every_page_stands_text_of_twice_the_size(house: Page) -> None:
    house.set_viewport_size({"width": 640, "height": 800})
    for path in FILLED:
        house.goto(path)
        house.evaluate("document.documentElement.style.fontSize = '225%'")  # of the usual 112.5 %
        assert width(house) <= 640, path


def test_by_keyboard_everything_is_reached_and_seen(house: Page) -> None:
    """Nothing lies over what has the focus: not the bar at the bottom of Ask, either (2.4.11)."""
    house.set_viewport_size({"width": 375, "height": 640})
    for path in ("/", "/board", "/deadlines/D1?do=move", "/feedback/F1", "/settings", "/review", "/compact"):
        house.goto(path)
        if path == "/":
            house.get_by_label("Your question").fill("log feedback")
            house.keyboard.press("Enter")
            expect(house.get_by_label("What happened?")).to_be_focused()
        house.evaluate("scrollTo(0, 0); document.querySelector('.skip').focus()")
        wanted = house.evaluate(
            """[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
            .filter(one => one.checkVisibility()).length"""
        )
        reached = {"the way past the navigation"}
        for _ in range(wanted + 10):
            house.keyboard.press("Tab")
            if house.evaluate("document.activeElement === document.body"):
                break
            assert is_covered(house) == "", path
            reached.add(house.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        assert len(reached) >= wanted, path


def test_what_shows_by_colour_shows_in_forced_colours_too(house: Page) -> None:
    house.emulate_media(forced_colors="active")
    house.goto("/board")
    mark, ground = house.locator(".strip .binds").first, "getComputedStyle(document.body).backgroundColor"
    fill, ground = mark.evaluate(f"one => [getComputedStyle(one).fill, {ground}]")
    assert fill != ground
    assert violations(house) == []


def test_nothing_moves(house: Page) -> None:
    """So there is nothing to stop for those who ask for less of it."""
    for path in FILLED:
        house.goto(path)
        moving = house.evaluate("document.getAnimations().length")
        smooth = house.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
        assert (moving, smooth) == (0, "auto"), path


def test_every_page_is_light_and_from_here_alone(filled: TestClient) -> None:
    for path in FILLED:
        answer = filled.get(path)
        assert len(answer.content) < 50_000, path
        page = answer.text
        parts = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
        assert len(answer.content) + sum(len(filled.get(part).content) for part in parts) <= 60_000, path
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), path
        assert not re.search(r"<script(?! src)|<style| style=| on[a-z]+=", page), path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_the_navigation_names_every_page_and_where_one_is(filled: TestClient) -> None:
    page = filled.get("/board").text
    served = re.findall(r'<li><a href="([^"]+)"[^>]*>([^<]+)</a></li>', page.partition("</nav>")[0])
    wanted = [
        ("/", "Ask"),
        ("/board", "Board"),
        ("/feedback", "Feedback"),
        ("/review", "Review"),
        ("/compact", "Full text"),
    ]
    assert [one for one in served if one in wanted] == wanted
    assert '<a href="/board" aria-current="page">Board</a>' in page
    for path, _ in served:
        assert filled.get(path).status_code == 200
