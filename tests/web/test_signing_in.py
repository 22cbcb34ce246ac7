"""The way in from chat: a private link is looked at, pressed once, and lasts; nobody else comes in by it."""

import html
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from starlette.testclient import TestClient

from adapters.console import LOCAL
from adapters.web.app import web_app
from adapters.web.house import SESSION
from adapters.web.links import Links
from compact_bot.bot import Bot
from compact_bot.conversation import Audience, Person, Reply
from compact_bot.membership import removed
from compact_bot.signing_in import InvitationError, sign_in
from compact_bot.store.tables import SignIn
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import NOW, Chat

HOME = "https://compact.example"
SECRET = "a key of thirty-two characters and more"  # noqa: S105  # of these tests alone
Browser = Callable[[], TestClient]


@pytest.fixture
def bot(both: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    return Bot(both, search, rules, meanings, "Europe/London", pages=Links(HOME, SECRET, LOCAL))


@pytest.fixture
def now() -> list[datetime]:
    return [NOW + timedelta(minutes=1)]


@pytest.fixture
def browser(bot: Bot, now: list[datetime]) -> Browser:
    app = web_app(bot, lambda: now[0], lambda _: [], public_url=HOME, secret_key=SECRET)
    return lambda: TestClient(app, base_url=HOME, headers={"origin": HOME})


def link_in(reply: Reply) -> str:
    (url,) = [button.url for button in reply.buttons if button.url]
    assert url.startswith(f"{HOME}/sign-in/")
    return url.removeprefix(HOME)


def token_in(page: str) -> str:
    return html.unescape(re.findall(r'name="token" value="([^"]+)"', page)[0])


def pressed(client: TestClient, link: str) -> str:
    """What somebody reads who opens a link and presses its button."""
    shown = client.get(link)
    assert shown.status_code == 200, shown.text
    return client.post(link, data={"token": token_in(shown.text)}).text


def test_a_link_from_chat_signs_its_person_in_by_a_press(chat: Chat, browser: Browser) -> None:
    client, link = browser(), link_in(chat.say("board"))
    for _ in range(3):  # previews and scanners look at links
        shown = client.get(link).text
        assert "<h1>Sign in as Amina</h1>" in shown
    answer = client.post(link, data={"token": token_in(shown)}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/board")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION))
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert part in cookie
    assert "Amina" in client.get("/").text


def test_each_of_the_pages_has_a_link(chat: Chat, browser: Browser) -> None:
    for said, to in (
        ("board", "/board"),
        ("review 2026", "/review?period=2026-01-01%20to%202026-12-31"),
        ("settings", "/settings"),
    ):
        reply = chat.say(said)
        assert reply.private
        client, link = browser(), link_in(reply)
        token = token_in(client.get(link).text)
        assert client.post(link, data={"token": token}, follow_redirects=False).headers["location"] == to


def test_a_used_link_lets_nobody_in_again(chat: Chat, browser: Browser) -> None:
    link = link_in(chat.say("board"))
    first, second = browser(), browser()
    waiting = token_in(second.get(link).text)
    pressed(first, link)
    refused = second.post(link, data={"token": waiting})
    assert refused.status_code == 403
    assert "This link was used already: each opens once" in refused.text
    assert "This link was used already" in second.get(link).text
    assert second.get("/").status_code == 403
    assert first.get(link, follow_redirects=False).headers["location"] == "/board"  # who is in already goes on


def test_of_many_who_press_at_once_one_comes_in(chat: Chat, bot: Bot) -> None:
    links = bot.pages
    assert isinstance(links, Links)
    invitation = links.opened(link_in(chat.say("board")).rpartition("/")[2])
    assert invitation is not None

    def press(_: int) -> str:
        try:
            return sign_in(bot.engine, invitation, NOW + timedelta(minutes=1))
        except InvitationError as problem:
            return str(problem)

    with ThreadPoolExecutor(8) as threads:
        came = list(threads.map(press, range(8)))
    assert came.count("This link was used already: each opens once") == 7


def test_a_link_expires_after_ten_minutes_and_a_sign_in_after_twelve_hours(
    chat: Chat, browser: Browser, now: list[datetime]
) -> None:
    link, client = link_in(chat.say("board")), browser()
    now[0] = NOW + timedelta(minutes=9, seconds=59)
    pressed(client, link)
    late = link_in(chat.say("board"))
    now[0] = NOW + timedelta(minutes=10, seconds=3)
    expired = browser().get(late)
    assert expired.status_code == 403
    assert "This link has expired: each is good for 10 minutes" in expired.text
    now[0] = NOW + timedelta(hours=12, minutes=9)
    assert client.get("/").status_code == 200
    now[0] = NOW + timedelta(hours=12, minutes=10)
    assert client.get("/").status_code == 403


@pytest.mark.parametrize("change", [lambda link: link[:-1], lambda link: f"{link}x", lambda _: "/sign-in/x"])
def test_a_link_that_was_not_made_here_lets_nobody_in(
    chat: Chat, browser: Browser, change: Callable[[str], str]
) -> None:
    answer = browser().get(change(link_in(chat.say("board"))))
    assert answer.status_code == 403
    assert "This link is not one of ours" in answer.text


def test_without_a_link_there_is_no_page_but_the_full_text(browser: Browser) -> None:
    client = browser()
    for path in ("/", "/review"):
        assert "send it <strong>board</strong>" in client.get(path).text
        assert client.get(path).status_code == 403
    assert client.post("/say", data={"text": "deadlines"}).status_code == 403
    client.cookies.set(SESSION, "made up", domain="compact.example")
    assert client.get("/").status_code == 403
    assert client.get("/compact").status_code == 200


def test_what_somebody_does_at_a_page_is_theirs_in_chat(chat: Chat, browser: Browser, bot: Bot) -> None:
    client = browser()
    pressed(client, link_in(chat.say("board")))
    token = token_in(client.get("/").text)
    said = client.post("/say", data={"text": 'track payment "Q3" due 1 December 2026', "token": token}).text
    assert "Saved as D1" in said
    assert "Owner: Amina." in chat.hear("D1")
    assert "Q3" not in Chat(bot, organisation="Police").hear("deadlines")


def test_nobody_sees_the_pages_of_another_organisation(bot: Bot, chat: Chat, browser: Browser) -> None:
    chat.say('track payment "Q3" due 1 December 2026')
    client = browser()
    pressed(client, link_in(Chat(bot, "Ben", organisation="Police").say("board")))
    token = token_in(client.get("/").text)
    assert "Q3" not in client.post("/say", data={"text": "deadlines", "token": token}).text


def test_a_form_from_another_site_or_without_its_token_changes_nothing(chat: Chat, browser: Browser) -> None:
    client = browser()
    pressed(client, link_in(chat.say("board")))
    track = {"text": 'track payment "Q3" due 1 December 2026'}
    token = token_in(client.get("/").text)
    for origin, sent in (
        ("https://evil.example", {**track, "token": token}),
        ("null", {**track, "token": token}),
        (HOME, track),
        (HOME, {**track, "token": token[::-1]}),
    ):
        answer = client.post("/say", data=sent, headers={"origin": origin})
        assert answer.status_code == 403
        assert "nothing was saved" in answer.text.lower()
    assert "There are no open deadlines" in chat.hear("deadlines")


def test_the_press_counts_only_in_the_browser_that_was_shown_the_page(chat: Chat, browser: Browser) -> None:
    """Else another site could sign somebody in as whoever made it."""
    link = link_in(chat.say("board"))
    token = token_in(browser().get(link).text)
    assert browser().post(link, data={"token": token}).status_code == 403
    assert browser().post(link).status_code == 403


def test_signing_out_ends_this_sign_in_alone(chat: Chat, browser: Browser) -> None:
    here, there = browser(), browser()
    pressed(here, link_in(chat.say("board")))
    pressed(there, link_in(chat.say("board")))
    held = here.cookies[SESSION]
    assert "You are signed out" in here.post("/sign-out", data={"token": token_in(here.get("/").text)}).text
    here.cookies.set(SESSION, held, domain="compact.example")
    assert here.get("/").status_code == 403
    assert there.get("/").status_code == 200


def test_sign_out_everywhere_ends_all_of_them_and_every_link(chat: Chat, browser: Browser, bot: Bot) -> None:
    here, there, bens = browser(), browser(), browser()
    pressed(here, link_in(chat.say("board")))
    pressed(there, link_in(chat.say("board")))
    pressed(bens, link_in(Chat(bot, "Ben").say("board")))
    unused = link_in(chat.say("board"))
    chat.now = NOW + timedelta(minutes=2)
    assert "You are signed out of the pages on every device" in chat.hear("sign out everywhere")
    assert here.get("/").status_code == there.get("/").status_code == 403
    assert bens.get("/").status_code == 200
    assert "You signed out everywhere since this link was made" in here.get(unused).text
    pressed(here, link_in(chat.say("board")))


def test_where_others_read_there_is_no_link(bot: Bot, chat: Chat) -> None:
    for said in ("board", "review 2026", "settings"):
        reply = bot.reply_to(replace(chat.message(said), audience=Audience.EVERYONE))
        assert reply is not None
        assert not [button for button in reply.buttons if button.url], said


@pytest.mark.parametrize("links", [None, Links("", SECRET, LOCAL), Links(HOME, "", LOCAL)])
def test_where_there_are_no_pages_the_board_says_so(
    both: Engine, search: Search, rules: Rules, meanings: Meanings, links: Links | None
) -> None:
    reply = Chat(Bot(both, search, rules, meanings, "Europe/London", pages=links)).say("board")
    assert reply.text.startswith("There are no pages here")
    assert not [button for button in reply.buttons if button.url]


def test_an_organisation_that_left_its_platform_is_signed_out(
    chat: Chat, browser: Browser, bot: Bot, both: Engine
) -> None:
    client = browser()
    pressed(client, link_in(chat.say("board")))
    removed(both, "Sutton Council", "test", NOW)
    assert client.get("/").status_code == 403


def test_what_is_kept_of_a_sign_in_opens_nothing_and_is_deleted(
    chat: Chat, browser: Browser, bot: Bot, both: Engine
) -> None:
    client = browser()
    pressed(client, link_in(chat.say("board")))
    with both.connect() as connection:
        kept = connection.execute(select(SignIn.cookie, SignIn.link)).one()
    for value in kept:
        stranger = browser()
        stranger.cookies.set(SESSION, value, domain="compact.example")
        assert stranger.get("/").status_code == 403
    chat.now = NOW + timedelta(hours=12, minutes=2)
    chat.say("hello")
    with both.connect() as connection:
        assert connection.execute(text("select count(*) from sign_ins")).scalar() == 0


def test_a_colleague_is_shown_by_name_in_a_form_too_and_stays_who_they_are(
    chat: Chat, browser: Browser, both: Engine
) -> None:
    """Slack's own names are ids, as in "@U02AB"."""
    ben = Person("U02AB", "@U02AB", called="Ben Okoro")
    assert chat.bot.reply_to(replace(chat.message("hello"), sender=ben)) is not None
    chat.say('track payment "Rent" due 4 January 2027')
    client = browser()
    pressed(client, link_in(chat.say("board")))
    token = token_in(client.get("/deadlines/D1?do=owner").text)
    given = {"form": "owner", "subject": "D1", ".owner": "Ben Okoro", "token": token, "id": "once"}
    answer = client.post("/deadlines/D1", data=given).text
    assert "Owner</dt><dd>Ben Okoro" in answer
    with both.connect() as connection:
        assert connection.scalar(text("select owner from deadlines")) == "@U02AB"
    form = client.get("/deadlines/D1?do=owner").text
    assert 'value="Ben Okoro"' in form
    assert "@U02AB" not in form


def test_an_address_that_is_none_leads_on(chat: Chat, browser: Browser) -> None:
    client = browser()
    shown = client.get("/borad")
    assert shown.status_code == 404
    assert "There is no such page" in shown.text
    assert "Ask Compact Bot for a link" in shown.text
    assert client.post("/borad", data={"text": "board"}).status_code == 404
    pressed(client, link_in(chat.say("board")))
    assert "Choose one of the pages above" in client.get("/borad").text
