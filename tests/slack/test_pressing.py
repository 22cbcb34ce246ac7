"""Buttons in Slack: acts that are done once, by their own organisation, and older buttons that hold a sentence."""

import pytest

from tests.slack import workspace as slack
from tests.slack.conftest import Channel, button
from tests.slack.workspace import BEN, Json

GRANT = 'track funding "Youth club grant" ends 31 March 2027 owner <@U00000001>'
REMIND = "remind us that the library consultation closes 3 March"


def pressed(channel: Channel, one: Json, **more: object) -> Json:
    """What is posted when a button of the channel is pressed, or said to the presser alone."""

    def answers() -> list[Json]:
        return [call.said for call in channel.workspace.calls if call.method in ("chat.postMessage", "response_url")]

    before = len(answers())
    assert channel.press(one, **more).status_code == 200  # type: ignore[arg-type]
    slack.wait_until(lambda: len(answers()) > before)
    return answers()[before]


def labels(message: Json) -> list[str]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row]


def modal(channel: Channel) -> Json:
    return dict(channel.workspace.wait_for("views.open")[-1]["view"])


def test_save_pressed_three_times_by_three_people_saves_once(channel: Channel) -> None:
    save = button(channel.mention(REMIND), "Save")
    said = [pressed(channel, save, user=user)["text"] for user in ("U00000001", BEN, "U00000003")]
    assert said[0].startswith("Saved as D1")
    assert said[1].startswith("That was saved already, so nothing was saved again.")
    assert said[2] == said[1]
    assert "D2" not in channel.command("deadlines").json()["text"]


def test_what_waits_is_answered_in_plain_words_in_its_thread(channel: Channel) -> None:
    channel.mention(REMIND, ts="6.000001")
    assert "nothing here that waits" in channel.mention("yes", thread_ts="7.000001")["text"]
    assert channel.mention("yes please", thread_ts="6.000001")["text"].startswith("Saved as D1")


def test_a_number_picks_a_choice(channel: Channel) -> None:
    asked = channel.direct("feedback council paid us five weeks late")
    assert "Which clause" in asked["text"]
    logged = channel.direct("1")["text"]
    assert logged.startswith("Logged as F1")
    assert labels(asked)[0].split()[0] in logged


def test_the_form_of_a_draft_holds_what_was_understood_and_saves_it_changed(channel: Channel) -> None:
    channel.press(button(channel.mention(REMIND), "Change"))
    form = modal(channel)
    held = {block["block_id"]: block["element"] for block in form["blocks"]}
    assert held["closes"]["initial_date"] == "2027-03-03"
    assert "ibrary consultation" in held["title"]["initial_value"]
    values = {
        "title": {"type": "plain_text_input", "value": "Library hours"},
        "closes": {"type": "datepicker", "selected_date": "2027-04-30"},
    }
    assert channel.submit(form, values).status_code == 200
    (saved,) = channel.workspace.wait_for("response_url")
    assert saved["text"].startswith('Saved as D1: "Library hours"')


def test_a_form_settles_what_waits_in_the_thread_where_it_was_opened(channel: Channel) -> None:
    asked = channel.mention(REMIND, ts="6.000001")
    channel.press(button(asked, "Change"), thread="6.000001")
    values = {
        "title": {"type": "plain_text_input", "value": "Library hours"},
        "closes": {"type": "datepicker", "selected_date": "2027-04-30"},
    }
    assert channel.submit(modal(channel), values).status_code == 200
    channel.workspace.wait_for("response_url")
    assert channel.mention("yes", thread_ts="6.000001")["text"].startswith("Nothing waits here.")
    again = pressed(channel, button(asked, "Save"))["text"]
    assert again.startswith("That was saved already, so nothing was saved again.")
    assert "D2" not in channel.command("deadlines").json()["text"]


def test_a_form_that_a_mention_offers_opens_with_what_was_already_said(channel: Channel) -> None:
    asked = channel.mention('track funding "Youth club grant"')
    (offered,) = [label for label in labels(asked) if label.startswith("Open the form")]
    assert labels(asked)[0] == offered
    channel.press(button(asked, offered))
    held = {block["block_id"]: block["element"] for block in modal(channel)["blocks"]}
    assert held["title"]["initial_value"] == "Youth club grant"


@pytest.mark.parametrize("value", ["{", '{"v":1}', "[]", "\u0000", "x" * 1_999, '{"v":1,"act":"Show","numbers":[]}'])
def test_a_value_that_is_none_of_ours_gets_a_clear_line(channel: Channel, value: str) -> None:
    known = button(channel.mention(GRANT), "Undo")
    said = pressed(channel, {**known, "value": value})["text"]
    assert "I can no longer read this button, so nothing was done." in said
    assert "Sorry" not in said
    assert "D1, Youth club grant" in channel.command("deadlines").json()["text"]


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
def test_an_older_button_does_the_sentence_that_it_holds(channel: Channel, says: str, begins: str) -> None:
    known = button(channel.mention(GRANT), "Undo")
    assert pressed(channel, {**known, "value": says})["text"].startswith(begins)


def test_an_older_button_still_opens_its_form(channel: Channel) -> None:
    known = button(channel.mention(GRANT), "Undo")
    channel.press({**known, "value": "move D1"})
    assert modal(channel)["title"]["text"] == "Change date"
