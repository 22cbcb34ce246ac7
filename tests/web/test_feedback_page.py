"""The pages of feedback: sifted lists, and one entry with what its reader may do about it."""

import html
import re

import pytest
from starlette.testclient import TestClient

from adapters.console import LOCAL, message
from adapters.web.app import web_app
from compact_bot.bot import Bot
from tests.conftest import NOW, Chat


def entries(page: str) -> list[str]:
    return re.findall(r'<a href="/feedback/F\d+">(F\d+)</a>:', page)


def named(client: TestClient, name: str) -> TestClient:
    client.cookies.set("called", name)
    return client


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["F3", "F2", "F1"]),
        ("kind=kept", ["F2"]),
        ("clause=3.3.4", ["F1"]),
        ("clause=3.2", ["F3", "F2"]),
        ("clause=9.9", []),
        ("words=FIVE+weeks", ["F1"]),
        ("words=100%25", []),
        ("state=resolved", []),
        ("state=nonsense&kind=nonsense&page=-1", ["F3", "F2", "F1"]),
        ("page=2", []),
    ],
)
def test_the_address_says_what_is_wanted(filled: TestClient, query: str, found: list[str]) -> None:
    assert entries(filled.get(f"/feedback?{query}").text) == found


def test_a_list_names_nobody_and_an_entry_only_to_those_who_may_see(filled: TestClient) -> None:
    assert "Amina" not in named(filled, "Ben").get("/feedback").text.partition("<main")[2]
    assert "logged by a colleague" in filled.get("/feedback/F1").text
    assert "logged by Amina Khan" in named(filled, "Amina%20Khan").get("/feedback/F1").text


def test_a_lead_changes_its_status_by_a_press_and_a_form(filled: TestClient) -> None:
    page = named(filled, "Amina%20Khan").get("/feedback/F1").text
    (press,) = re.findall(r'name="pressed" value="([^"]*)">Resolve', page)
    form = filled.post("/feedback/F1", data={"pressed": html.unescape(press)}).text
    (subject,) = re.findall(r'name="subject" value="([^"]*)"', form)
    sent = {"form": "outcome", "subject": subject, ".outcome": "the invoice was paid"}
    done = filled.post("/feedback/F1", data=sent).text
    assert "Status: resolved." in done
    assert "Resolved: the invoice was paid" in filled.get("/feedback?state=resolved").text


def test_whoever_leads_in_this_machines_terminal_leads_at_its_pages(local_bot: Bot, filled: TestClient) -> None:
    local_bot.reply_to(message("hello", "Priya", NOW))
    reply = local_bot.reply_to(message("lead Priya", "Amina Khan", NOW))
    assert reply is not None
    assert reply.text.startswith("Priya is a Compact lead now.")
    assert "Resolve" in named(filled, "Priya").get("/feedback/F1").text


def test_nobody_else_is_offered_that_or_may_do_it(filled: TestClient) -> None:
    page = named(filled, "Ben").get("/feedback/F1").text
    assert "Resolve" not in page.partition("<main")[2]
    refused = filled.post("/feedback/F1", data={"text": "resolve F1 because I say so"}).text
    assert "Only a Compact lead can" in refused


@pytest.mark.parametrize("code", ["F99", "F0", "x", "F1x", f"F{'9' * 5_000}", "F²"])
def test_an_entry_that_is_not_there_is_said_so(filled: TestClient, code: str) -> None:
    assert "There is no" in filled.get(f"/feedback/{code}").text


def test_what_is_logged_anonymously_is_shown_once_and_not_kept_for_a_second_look(filled: TestClient) -> None:
    named(filled, "Ben")
    values = {
        ".what": "Paid late again", ".kind": "not kept", ".clauses": "3.3.4", ".about": "", ".behalf": "",
        ".when": "", ".link": "", ".anonymous": "anonymous", "form": "feedback", "subject": "",
    }  # fmt: skip
    answer = filled.post("/feedback", data=values, follow_redirects=False)
    assert answer.status_code == 200  # at no address that would find it again
    assert "It is anonymous." in answer.text
    assert "It is anonymous." not in filled.get("/feedback").text
    assert len(entries(filled.get("/feedback").text)) == 4


def test_an_example_is_there_to_press_where_nothing_is_logged(local_bot: Bot) -> None:
    app = web_app(local_bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    (example,) = re.findall(r'name="text" value="(feedback [^"]+)"', client.get("/feedback").text)
    assert "Logged as F1" in client.post("/feedback", data={"text": example}).text


def test_long_lists_come_by_the_page(local_bot: Bot) -> None:
    chat = Chat(local_bot, organisation=LOCAL)
    for number in range(30):
        chat.say(f"feedback 3.3.4: invoice number {number} was paid late")
    app = web_app(local_bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    first, second = (entries(client.get(f"/feedback?page={page}").text) for page in (1, 2))
    assert (len(first), len(second)) == (25, 5)
    assert len({*first, *second}) == 30
