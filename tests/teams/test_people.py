"""People in Teams are ids, whatever they are called: in mentions, in forms, and where an owner is notified."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.nudges.sending import Sender
from compact_bot.store.tables import Deadline, KnownPerson
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.teams.conftest import Client, Clock, card_of
from tests.teams.stand_in import BOT, KHANS

FIRST, SECOND = KHANS


def owner_of(engine: Engine, number: int) -> str:
    with Session(engine) as session:
        deadline = session.scalars(select(Deadline).where(Deadline.number == number)).one()
        return session.get_one(KnownPerson, deadline.owner_id).person_id


def say_naming(client: Client, text: str, person: dict[str, str]) -> str:
    tag = f"<at>{person['name']}</at>"
    bot = {"type": "mention", "text": "<at>Compact Bot</at>", "mentioned": BOT}
    named = {"type": "mention", "text": tag, "mentioned": {"id": person["id"], "name": person["name"]}}
    said = f"<at>Compact Bot</at> {text.format(tag)}"
    return str(client.elsewhere("channel").say(said, entities=[bot, named])[-1]["summary"])


def picker(card: dict[str, object]) -> dict[str, object]:
    body = card["body"]
    assert isinstance(body, list)
    return next(item for item in body if item.get("id") == "input_owner")


def test_two_people_called_alike_are_told_apart_by_a_mention(client: Client, engine: Engine) -> None:
    for number, person in enumerate(KHANS, start=1):
        said = say_naming(client, f'track payment "Q{number}" due 1 March 2027 owner {{}}', person)
        assert said.startswith(f"Saved as D{number}"), said
    assert [owner_of(engine, 1), owner_of(engine, 2)] == [FIRST["aadObjectId"], SECOND["aadObjectId"]]
    first = client.elsewhere(**{"id": FIRST["id"], "name": "Amina Khan", "aadObjectId": FIRST["aadObjectId"]})
    mine = first.say("deadlines mine")[0]["summary"]
    assert "Q1" in mine
    assert "Q2" not in mine
    assert first.say("snooze D2 1 week")[0]["summary"].startswith("D2 is Amina Khan's")


def test_a_name_that_two_people_have_makes_it_neithers_and_is_said(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    for person in KHANS:
        chat = {"id": f"a:{person['id']}", "conversationType": "personal", "tenantId": client.tenant}
        client.elsewhere(**person).say("nudges me" if person is FIRST else "hello", conversation=chat)
    (saved,) = client.say('track payment "Q3" due 1 December 2026 owner Amina Khan')
    assert "Several people here are called Amina Khan: name the one you mean with @" in saved["summary"]
    for person in KHANS:
        mine = client.elsewhere("channel", **person)
        assert mine.mention("deadlines mine")[-1]["summary"].startswith("There are no open deadlines of yours.")
    clock.now += timedelta(days=8)
    client.teams.calls.clear()
    sender = Sender(engine, sutton, rules, {"teams": client.door.courier}, clock, "worker")
    assert client.http.portal is not None
    client.http.portal.call(sender.send_due)
    assert {one["conversation"]["id"] for one in client.teams.sent()} == {"a:amina"}  # where it was tracked


@pytest.mark.parametrize("person", KHANS, ids=["first", "second"])
def test_a_form_lets_a_person_be_picked_and_keeps_who_it_is(
    client: Client, engine: Engine, person: dict[str, str]
) -> None:
    form = card_of(client.say("track funding")[0])
    field = picker(form)
    assert field["type"] == "Input.ChoiceSet"
    assert field["choices.data"] == {
        "type": "Data.Query",
        "dataset": "graph.microsoft.com/users?scope=currentContext",
    }
    assert field["value"] == "Amina"  # whoever fills it in
    client.press(form, "Save", input_title="Grant", input_ends="2027-03-31", input_owner=person["aadObjectId"])
    assert "Owner: Amina Khan." in client.teams.sent()[-1]["summary"]
    assert owner_of(engine, 1) == person["aadObjectId"]


def test_a_nudge_really_notifies_its_owner(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    place = client.elsewhere("channel")
    place.install()
    place.mention("nudges here")
    say_naming(client, 'track funding "Youth club grant" ends 31 March 2027 owner {}', FIRST)
    before = len(client.teams.sent())
    clock.now += timedelta(days=7, minutes=31)
    sender = Sender(engine, sutton, rules, {"teams": client.door.courier}, clock, "worker")
    assert client.http.portal is not None
    client.http.portal.call(sender.send_due)
    nudges = [one for one in client.teams.sent()[before:] if "Youth club grant" in one["summary"]]
    assert nudges
    cards = [card for card in map(card_of, nudges) if "msteams" in card]
    assert cards
    for card in cards:
        (entity,) = card["msteams"]["entities"]
        assert entity["mentioned"] == {"id": FIRST["aadObjectId"], "name": "Amina Khan"}
        assert entity["text"] in card["body"][-1]["text"]


def test_a_name_that_looks_like_markup_is_no_link_where_somebody_is_mentioned() -> None:
    from adapters.teams import cards
    from compact_bot.conversation import Person, Reply

    shown = cards.message(Reply("Due."), notified=[Person("1", "[Amina](https://evil.example)<at>x</at>")])
    card = card_of(shown)
    assert card["body"][-1]["text"] == f"For {card['msteams']['entities'][0]['text']}"
    assert "](" not in card["body"][-1]["text"]
    assert card["body"][-1]["text"].count("<at>") == 1
