"""The way in as somebody meets it in a browser, by HTTPS as it is in front of the pages."""

import datetime as dt
import ipaddress
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from adapters.console import LOCAL
from adapters.web.app import web_app
from adapters.web.links import Links
from compact_bot.bot import Bot
from compact_bot.conversation import Reply
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import NOW, Chat
from tests.web.browsing import served, violations
from tests.web.conftest import browsing

SECRET = "a key of thirty-two characters and more"  # noqa: S105  # of these tests alone


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "compact")])
    begins = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "key").write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))
    (folder / "certificate").write_bytes(made.public_bytes(pem))
    return {"ssl_keyfile": str(folder / "key"), "ssl_certfile": str(folder / "certificate")}


@pytest.fixture
def home() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"https://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def bot(engine: Engine, search: Search, rules: Rules, meanings: Meanings, home: str) -> Bot:
    return Bot(engine, search, rules, meanings, "Europe/London", pages=Links(home, SECRET, LOCAL))


@pytest.fixture
def now() -> list[dt.datetime]:
    return [NOW + timedelta(minutes=1)]


@pytest.fixture
def site(bot: Bot, home: str, certificate: dict[str, str], now: list[dt.datetime]) -> Iterator[str]:
    app = web_app(bot, lambda: now[0], lambda _: [], public_url=home, secret_key=SECRET)
    yield from served(app, port=int(home.rpartition(":")[2]), **certificate)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    yield from browsing(browser, site, ignore_https_errors=True)


def link_in(reply: Reply) -> str:
    (url,) = [button.url for button in reply.buttons if button.url]
    return url


def test_somebody_comes_in_from_chat_looks_around_and_signs_out(chat: Chat, page: Page) -> None:
    chat.say('track payment "Q3" due 1 December 2026')
    link = link_in(chat.say("board"))
    page.goto(link)
    assert violations(page) == []
    page.get_by_role("button", name="Sign in as Amina").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Deadlines")
    expect(page.get_by_role("main")).to_contain_text("D1, Q3")
    page.get_by_role("link", name="D1, Q3").click()
    page.get_by_role("button", name="Snooze 1 week").click()
    expect(page.get_by_role("main")).to_contain_text("quiet until")
    assert "Quiet until" in chat.hear("D1")
    assert "compact-bot" not in str(page.evaluate("document.cookie"))
    page.goto("/settings")
    assert violations(page) == []
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    assert violations(page) == []
    page.goto("/board")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in here, or no longer")
    assert violations(page) == []


def test_a_used_and_an_expired_link_say_so(
    chat: Chat, page: Page, browser: Browser, site: str, now: list[dt.datetime]
) -> None:
    link = link_in(chat.say("board"))
    page.goto(link)
    page.get_by_role("button", name="Sign in as Amina").click()
    for other in browsing(browser, site, ignore_https_errors=True):
        other.goto(link)
        expect(other.get_by_role("heading", level=1)).to_have_text("This link was used already: each opens once")
        late = link_in(chat.say("board"))
        now[0] = NOW + timedelta(minutes=30)
        other.goto(late)
        expect(other.get_by_role("heading", level=1)).to_contain_text("This link has expired")


def test_signing_out_everywhere_ends_the_other_browser_too(chat: Chat, page: Page, browser: Browser, site: str) -> None:
    for other in browsing(browser, site, ignore_https_errors=True):
        for one in (page, other):
            one.goto(link_in(chat.say("settings")))
            one.get_by_role("button", name="Sign in as Amina").click()
            expect(one.get_by_role("heading", level=1)).to_have_text("Settings")
        page.get_by_role("button", name="Sign out everywhere").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
        other.reload()
        expect(other.get_by_role("heading", level=1)).to_have_text("You are not signed in here, or no longer")


def test_the_link_of_another_organisation_shows_that_one_alone(chat: Chat, bot: Bot, page: Page) -> None:
    chat.say('track payment "Ours" due 1 December 2026')
    police = Chat(bot, "Ben", organisation="Police")
    police.say('track payment "Theirs" due 1 December 2026')
    page.goto(link_in(police.say("board")))
    page.get_by_role("button", name="Sign in as Ben").click()
    expect(page.get_by_role("main")).to_contain_text("Theirs")
    expect(page.get_by_role("main")).not_to_contain_text("Ours")


def test_a_page_of_another_site_can_send_nothing_in_their_name(chat: Chat, page: Page, site: str) -> None:
    page.goto(link_in(chat.say("board")))
    page.get_by_role("button", name="Sign in as Amina").click()
    evil = f'<form method="post" action="{site}/say"><input name="text" value="lead me"><button>x</button></form>'
    page.route("https://evil.example/", lambda route: route.fulfill(content_type="text/html", body=evil))
    page.goto("https://evil.example/")
    with page.expect_response("**/say") as answer:
        page.get_by_role("button").click()
    assert answer.value.status == 403
    assert "Nobody is named" in chat.hear("leads")
