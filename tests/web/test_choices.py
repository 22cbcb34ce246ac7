"""The page of settings: what is chosen stands there, and each form or press does what its sentence does."""

import html
import re

from starlette.testclient import TestClient

from compact_bot.bot import Bot
from tests.conftest import NOW, Chat


def send(client: TestClient, **values: str) -> str:
    return client.post("/settings", data=values).text


def pressed(client: TestClient, label: str) -> str:
    page = client.get("/settings").text
    (words,) = re.findall(rf'name="text" value="([^"]*)"[^>]*>{re.escape(label)}<', page)
    return send(client, text=html.unescape(words))


def test_it_shows_what_is_chosen(filled: TestClient) -> None:
    page = filled.get("/settings").text
    for words in (
        "Nudges come to",
        "on working days at 09:30 (Europe/London)",
        "It comes on Mondays at 09:30.",
        "Thursday 24 December 2026 to Friday 1 January 2027",
        "<li>Amina Khan",
        "<li>Jo, jo@x.org",
        "Sutton Compact",
        "kept for 90 days",
    ):
        assert words in page, words


def test_each_form_does_what_its_sentence_does(filled: TestClient) -> None:
    client = filled
    client.cookies.set("called", "Amina%20Khan")
    assert "It comes on Thursdays at 08:15." in send(client, form="digest", **{".day": "3", ".at": "8:15"})
    assert "No digest comes." in send(client, form="digest", **{".day": "off", ".at": "08:15"})
    closed = send(client, form="closed", **{".first": "2027-03-25", ".last": ""})
    assert "<li>Thursday 25 March 2027" in closed
    assert "<li>Ben Okoro, once they speak to me" in send(client, form="lead", **{".who": "Ben Okoro"})
    assert "<li>Dee, dee@x.org" in send(client, form="contact", **{".details": "Dee, dee@x.org"})


def test_what_is_wrong_in_a_form_is_said_and_nothing_is_saved(filled: TestClient) -> None:
    filled.cookies.set("called", "Amina%20Khan")
    wrong = send(filled, form="closed", **{".first": "2027-03-25", ".last": "2027-03-01"})
    assert "This is before the first day." in wrong
    assert "<li>Thursday 25 March 2027" not in wrong
    assert "at a time such as 09:30" in send(filled, form="digest", **{".day": "1", ".at": "25:99"})
    assert "It comes on Mondays at 09:30." in filled.get("/settings").text


def test_each_press_takes_back_what_it_says(filled: TestClient) -> None:
    filled.cookies.set("called", "Amina%20Khan")
    assert "Your organisation has set none of its own." in pressed(filled, "Remove")
    assert "None are kept." in pressed(filled, "Open again")
    assert "No nudges come" in pressed(filled, "Stop all nudges")
    assert "Nudges come to this page" in pressed(filled, "Send them here")
    assert "is the only Compact lead" in pressed(filled, "Take off")


def test_only_a_lead_names_leads_here_too(filled: TestClient, filled_bot: Bot) -> None:
    filled.cookies.set("called", "Ben")
    assert "Only a Compact lead can name another" in send(filled, form="lead", **{".who": "Ben"})
    assert "Amina Khan" in Chat(filled_bot, "Ben", organisation="this machine", now=NOW).hear("leads")


def test_another_organisation_is_linked_and_left_at_the_page(filled: TestClient, local_bot: Bot) -> None:
    other = Chat(local_bot, "Ben Okoro", organisation="slack:TCARERS", now=NOW)
    other.say("lead me")
    other.say("partnership name Sutton Carers")
    filled.cookies.set("called", "Amina%20Khan")
    assert "You share with nobody." in filled.get("/settings").text
    send(filled, form="organisation", **{".called": "Sutton Council"})
    assert "A code has 8 letters." in send(filled, form="link", **{".code": "BKTM"})
    shown = send(filled, form="link", **{".code": other.say("link").text.split("code is ")[1][:9]})
    assert "This is the code of Sutton Carers (in Slack). Share one partnership with them?" in shown
    send(filled, text="join the partnership")
    page = filled.get("/settings").text
    assert "as Sutton Council, with:" in page
    assert "<li>Sutton Carers (in Slack)</li>" in page
    other.say('track payment "Rent" due 10 January 2027 owner Ben Okoro')
    assert "Owner: Ben Okoro (Sutton Carers)" in filled.get("/board?title=Rent&state=all").text
    assert "Nothing is changed yet." in pressed(filled, "Leave the partnership")
    send(filled, text="unlink for good")
    assert "You share with nobody." in filled.get("/settings").text
    assert "Sutton Carers" not in filled.get("/board?title=Rent&state=all").text
