"""Buttons in Teams: acts that are done once, by their own organisation, and older cards that hold a sentence."""

from dataclasses import replace

import pytest

from tests.teams.conftest import Client, actions_of, card_of
from tests.teams.stand_in import SECOND_TENANT

GRANT = 'track funding "Youth club grant" ends 31 March 2027 owner Amina'
REMIND = "remind us that the library consultation closes 3 March"


def press_data(client: Client, data: dict[str, object]) -> str:
    """What is posted when a button that holds this data is pressed."""
    before = len(client.teams.sent())
    action = {"type": "Action.Execute", "verb": "say", "data": data}
    client.invoke("adaptiveCard/action", {"action": action, "trigger": "manual"})
    return "\n".join(one["summary"] for one in client.teams.sent()[before:])


def test_save_pressed_three_times_saves_once(client: Client) -> None:
    card = card_of(client.say(REMIND)[0])
    for _ in range(3):
        client.press(card, "Save")
    said = [one["summary"] for one in client.teams.sent()[-3:]]
    assert said[0].startswith("Saved as D1")
    assert said[1].startswith("That was saved already, so nothing was saved again.")
    assert said[2] == said[1]
    assert "D2" not in client.say("deadlines")[0]["summary"]


def test_what_waits_is_answered_in_plain_words(client: Client) -> None:
    client.say(REMIND)
    assert client.say("yes please")[0]["summary"].startswith("Saved as D1")


def test_the_form_of_a_draft_holds_what_was_understood_and_saves_it_changed(client: Client) -> None:
    form = client.press(card_of(client.say(REMIND)[0]), "Change")["value"]
    held = {item["id"]: item.get("value") for item in form["body"] if item["type"].startswith("Input.")}
    assert held["input_closes"] == "2027-03-03"
    client.press(form, "Save", input_title="Library hours", input_closes="2027-04-30")
    assert client.teams.sent()[-1]["summary"].startswith('Saved as D1: "Library hours"')


def test_another_tenant_presses_in_vain(client: Client) -> None:
    card = card_of(client.say(GRANT)[0])
    second = replace(client.elsewhere(), tenant=SECOND_TENANT)
    for action in actions_of(card):
        said = press_data(second, action["data"])
        assert said.startswith("This button belongs to another organisation, so nothing was done."), action["title"]
    assert "D1, Youth club grant" in client.say("deadlines")[0]["summary"]


@pytest.mark.parametrize(
    "value", ["{", '{"v":1}', "[]", "x" * 5_000, '{"v":1,"act":"Help","topic":"\\ud800","of":1}', "drop everything"]
)
@pytest.mark.parametrize("key", ["press", "says"])
def test_a_value_that_is_none_of_ours_gets_a_clear_line(client: Client, key: str, value: str) -> None:
    client.say(GRANT)
    assert press_data(client, {key: value}).startswith("I can no longer read this button, so nothing was done.")
    assert "D1, Youth club grant" in client.say("deadlines")[0]["summary"]


@pytest.mark.parametrize(
    ("says", "begins"),
    [
        ("D1", 'D1, "Youth club grant"'),
        ("done D1 minimum-notice", "Done on Monday 23 November 2026: Minimum notice"),
        ("snooze D1 1 week", "D1 is quiet until"),
        ("undo", "Taken back, D1"),
        ("how much notice before a grant ends?", "3.4.4 answers this"),
    ],
)
def test_an_older_card_does_the_sentence_that_it_holds(client: Client, says: str, begins: str) -> None:
    client.say(GRANT)
    assert press_data(client, {"says": says}).startswith(begins)


def test_an_older_card_still_opens_its_form(client: Client) -> None:
    client.say(GRANT)
    action = {"type": "Action.Execute", "verb": "say", "data": {"says": "move D1"}}
    form = client.invoke("adaptiveCard/action", {"action": action})["value"]
    assert form["actions"][0]["title"] == "Move"
