"""What people do in Teams: asking in chats and threads, forms, buttons, installing and removing."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.store.tables import ConversationReference, KnownPerson, Nudge, OrganisationSettings
from tests.teams.conftest import Client, actions_of, card_of
from tests.teams.stand_in import BOT, SECOND_TENANT, TEAM, TENANT, Fault

GRANT = 'track funding "Youth club grant" ends 31 March 2027 owner Amina'


def test_a_question_in_a_personal_chat(client: Client) -> None:
    (answer,) = client.say("how much notice before a grant ends?")
    assert answer["summary"].startswith("3.4.4 answers this")
    assert client.teams.calls[-1].path == "v3/conversations/a:amina/activities/activity-0"


def test_a_mention_in_a_channel_is_answered_in_its_thread_and_goes_on_there(client: Client) -> None:
    channel = client.elsewhere("channel")
    (answer,) = channel.mention("how much notice before a grant ends?")
    assert answer["summary"].startswith("3.4.4 answers this")
    assert "This is my first post here. I am Compact Bot, asked here by Amina." in answer["summary"]
    assert client.teams.calls[-1].path.startswith("v3/conversations/19:team@thread.tacv2;messageid=1700/activities/")
    (answer,) = channel.mention("and for VCOs?")
    assert answer["summary"].startswith("For the VCOs")


def test_only_the_mention_of_the_bot_is_taken_out(client: Client) -> None:
    def mention(person: dict[str, str]) -> dict[str, object]:
        return {"type": "mention", "text": f"<at>{person['name']}</at>", "mentioned": person}

    ann = {"id": "29:ann", "name": "Ann"}
    text = '<at>Compact Bot</at>&nbsp;track funding "Grant of Compact Bot" ends 31 March 2027 owner <at>Ann</at>\n'
    (answer,) = client.elsewhere("group").say(text, entities=[mention(ann), mention(BOT)])
    assert answer["summary"].startswith('Saved as D1: "Grant of Compact Bot". Owner: Ann.')


def test_what_is_for_one_alone_is_answered_in_their_own_chat(client: Client) -> None:
    alone, note = client.elsewhere("channel").mention("home")
    assert alone["summary"].startswith("Nothing is due by ")
    assert alone["conversation"]["id"] == "a:alone"
    assert note["text"] == "I have answered you in our own chat."
    client.teams.faults = [Fault(403)]
    (note,) = client.elsewhere("channel").mention("home")
    assert "I cannot write to you alone yet" in note["summary"]


def test_a_form_is_filled_in_and_everyone_reads_what_was_saved(client: Client) -> None:
    (asked,) = client.say("track funding")
    card = card_of(asked)
    wrong = client.press(card, "Save", input_title="Youth club grant", input_ends="2020-01-01", input_owner="Amina")
    assert wrong["type"] == "application/vnd.microsoft.card.adaptive"
    assert "Please mend this" in str(wrong["value"]["body"])
    assert "Youth club grant" in str(wrong["value"]["body"])
    saved = client.press(wrong["value"], "Save", input_title="Youth club grant", input_ends="2027-03-31")
    assert 'Saved as D1: "Youth club grant"' in str(saved["value"]["body"])
    assert client.teams.sent()[-1]["summary"].startswith("Saved as D1")
    assert client.teams.put() == []
    client.press(card, "Save", on="7", input_title="Library grant", input_ends="2027-03-31")
    (over,) = client.teams.put()
    assert over.path.endswith("/activities/7")
    assert over.body["text"].startswith('Saved as D2: "Library grant".')


def test_a_button_says_its_sentence_and_the_answer_is_posted(client: Client) -> None:
    (answer,) = client.say("how much notice before a grant ends?")
    pressed = client.press(card_of(answer), "Why this clause?")
    assert (pressed["type"], pressed["value"]) == ("application/vnd.microsoft.activity.message", "My answer is below.")
    assert client.teams.sent()[-1]["summary"].startswith("Of all clauses, 3.4.4 came first")


def test_clients_without_action_execute_submit_the_same(client: Client) -> None:
    (asked,) = client.say("track funding")
    data = actions_of(card_of(asked))[0]["fallback"]["data"]
    filled = {**data, "input_title": "Youth club grant", "input_ends": "2027-03-31"}
    (saved,) = client.say("", value=filled, replyToId="1")
    assert saved["summary"].startswith("Saved as D1")
    (shown,) = client.say("", value=actions_of(card_of(saved))[0]["fallback"]["data"])
    assert shown["summary"].startswith('D1, "Youth club grant": how its dates were counted.')
    assert "Thursday 31 December 2026" in shown["summary"]


def test_a_button_that_no_card_of_ours_has_is_refused_politely(client: Client) -> None:
    for action in ({}, {"type": "Action.Execute", "verb": "x", "data": [1]}, {"data": {"says": 5}}):
        answer = client.invoke("adaptiveCard/action", {"action": action})
        assert (answer["statusCode"], answer["value"]["message"]) == (400, "No such button.")
    assert client.post(client.activity("invoke", name="adaptiveCard/action")).json()["statusCode"] == 400
    assert client.post(client.activity("invoke", name="unknown")).status_code == 501


def test_a_button_pressed_twice_in_one_post_is_answered_once(client: Client) -> None:
    value = {"action": {"type": "Action.Execute", "verb": "say", "data": {"says": GRANT}}}
    twice = client.activity("invoke", name="adaptiveCard/action", value=value)
    assert client.post(twice).json()["value"] == "My answer is below."
    assert client.post(twice).json()["value"] == "This was answered before."
    assert len(client.teams.sent()) == 1


def test_installing_introduces_the_bot_once_and_its_installer_leads(client: Client, engine: Engine) -> None:
    client.sender.pop("name")
    (hello,) = client.install()
    assert hello["summary"].startswith("Hello. I answer questions about the Sutton Compact")
    (hello,) = client.elsewhere("channel").install()
    assert "asked here by Amina" in hello["summary"]
    client.elsewhere("group", aadObjectId="00000000-0000-0000-0000-000000000002", name="Ben").install()
    with Session(engine) as session:
        people = session.scalars(select(KnownPerson).order_by(KnownPerson.id))
        assert [(person.name, person.is_lead) for person in people] == [
            ("Amina", True),
            ("Ben", False),
        ]


def test_removed_from_a_team_the_bot_forgets_the_way_and_notes_that_nudges_cannot_come_there(
    client: Client, engine: Engine
) -> None:
    channel = client.elsewhere("channel")
    client.install()
    channel.install()
    channel.mention(GRANT)
    channel.mention("settings nudges here")
    left = channel.activity("conversationUpdate", membersRemoved=[BOT])
    assert client.post(left).status_code == 200
    with Session(engine) as session:
        assert session.scalars(select(ConversationReference.route)).all() == [f"{TENANT}/a:amina"]
        assert session.scalars(select(OrganisationSettings.lost_because)).all() == ["I was removed from that place"]
        assert "waiting" in set(session.scalars(select(Nudge.state)))
    assert "D1, Youth club grant" in client.say("deadlines")[0]["summary"]
    (again,) = channel.install()
    assert again["summary"].startswith("I am back.")


def test_a_deleted_channel_is_forgotten_and_the_rest_of_its_team_is_not(client: Client, engine: Engine) -> None:
    channel = client.elsewhere("channel")
    channel.install()
    gone = channel.activity("conversationUpdate")
    gone["channelData"] |= {"eventType": "channelDeleted", "channel": {"id": "19:other@thread.tacv2"}}
    client.post(gone)
    with Session(engine) as session:
        assert session.scalars(select(ConversationReference.within)).all() == [TEAM["id"]]


def test_a_reference_follows_the_address_that_teams_names_last(client: Client, engine: Engine) -> None:
    client.say("hello")
    moved = f"{client.teams.base}/teams/emea/"
    token = client.teams.token(serviceurl=moved)
    client.post({**client.activity(text="hello"), "serviceUrl": moved}, token)
    with Session(engine) as session:
        (reference,) = session.scalars(select(ConversationReference.reference))
    assert reference["serviceUrl"] == moved


def test_two_tenants_never_see_each_others_data(client: Client, engine: Engine) -> None:
    client.say(GRANT)
    second = replace(client.elsewhere(), tenant=SECOND_TENANT)
    assert second.say("D1")[0]["summary"].startswith("There is no D1 here.")
    assert second.say("deadlines")[0]["summary"].startswith("There are no open deadlines.")
    with Session(engine) as session:
        assert session.scalars(select(ConversationReference.route)).all() == [
            f"{TENANT}/a:amina",
            f"{SECOND_TENANT}/a:amina",
        ]


def test_what_takes_long_says_that_it_is_worked_on_and_then_answers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.answering.WORKING_AFTER", 0.0)
    working, answer = client.say("how much notice before a grant ends?")
    assert (working.get("summary") or working["text"]).startswith("Working ...")
    assert answer["summary"].startswith("3.4.4 answers this")
