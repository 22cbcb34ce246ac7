"""What is pressed in a menu, in Slack's feedback buttons, and in a list: payloads as Slack sends them."""

import json

import pytest

from tests.slack.conftest import Channel, button
from tests.slack.test_pressing import pressed
from tests.slack.test_rendering import within_limits
from tests.slack.workspace import AMINA, BEN, Json

GRANT = 'track funding "Youth club grant" ends 31 March 2027 owner <@U00000001>'
PAYMENTS = [f'track payment "Payment {day}" due {day} December 2026 owner <@U00000001>' for day in range(1, 8)]


def menus(message: Json) -> list[Json]:
    return [block["accessory"] for block in message["blocks"] if "accessory" in block]


def chosen(menu: Json, label: str) -> Json:
    """An entry of an overflow menu, as Slack sends it back: the value is that of the option."""
    option = next(option for option in menu["options"] if option["text"]["text"] == label)
    return {"type": "overflow", "action_id": menu["action_id"], "selected_option": option}


@pytest.fixture
def listed(channel: Channel) -> Json:
    for said in PAYMENTS:
        channel.mention(said)
    return channel.mention("deadlines")


def test_a_list_is_five_rows_with_a_menu_each(listed: Json) -> None:
    assert listed["text"].startswith("Open deadlines: 7. Here are 1 to 5.\n\nNext 30 days\n")
    assert [[option["text"]["text"] for option in menu["options"]] for menu in menus(listed)] == [
        ["Mark done", "Snooze 1 week", "Change date", f"Open D{number}"] for number in range(1, 6)
    ]
    within_limits(listed["blocks"])
    assert len(listed["blocks"]) == 8, "the answer, a heading, five rows and a button"


def test_an_entry_of_a_menu_does_what_it_says(channel: Channel, listed: Json) -> None:
    first, second, *_ = menus(listed)
    assert pressed(channel, chosen(first, "Mark done"))["text"].startswith("Done on Monday 23 November 2026")
    assert pressed(channel, chosen(second, "Open D2"))["text"].startswith('D2, "Payment 2": ')


def test_change_in_a_menu_opens_its_form(channel: Channel, listed: Json) -> None:
    channel.press(chosen(menus(listed)[2], "Change date"))
    (opened,) = channel.workspace.wait_for("views.open")
    assert opened["view"]["title"]["text"] == "Change date"
    assert json.loads(opened["view"]["private_metadata"])["subject"] == "D3"


def test_next_shows_the_rest(channel: Channel, listed: Json) -> None:
    rest = pressed(channel, button(listed, "Next"))
    assert rest["text"].startswith("Open deadlines: 7. Here are 6 to 7.")
    assert len(menus(rest)) == 2


def test_feedback_is_listed_in_rows_with_a_menu_of_what_a_lead_does_with_it(channel: Channel) -> None:
    channel.mention("lead me")
    for weeks in range(2, 8):
        channel.mention(f"feedback 3.3.4 the council paid us {weeks} weeks late")
    listed = channel.mention("feedback")
    assert listed["text"].startswith(
        "Open feedback: 6 entries. Here are 1 to 5.\n\nMonday 23 November 2026: F6, 3.3.4,"
    )
    first, *_ = menus(listed)
    labels = [option["text"]["text"] for option in first["options"]]
    assert labels == ["Acknowledge", "Resolve", "No action", "Give an owner", "Open F6"]
    within_limits(listed["blocks"])
    assert pressed(channel, chosen(first, "Acknowledge"))["text"].startswith("F6 is acknowledged now.")
    channel.press(chosen(first, "Give an owner"))
    opened = channel.workspace.wait_for("views.open")[-1]
    assert json.loads(opened["view"]["private_metadata"])["subject"] == "F6"
    assert "F1, 3.3.4, not kept" in pressed(channel, button(listed, "Next"))["text"]


def test_where_a_row_offers_one_thing_it_is_a_button(channel: Channel) -> None:
    channel.mention("feedback 3.3.4 the council paid us late", user=BEN)
    listed = channel.mention("feedback")
    (only,) = menus(listed)
    assert (only["type"], only["text"]["text"]) == ("button", "Open F1")
    assert pressed(channel, only)["text"].startswith("F1 is not kept")


def test_a_deadline_is_two_lines_its_steps_and_a_row_of_buttons(channel: Channel) -> None:
    channel.mention(GRANT)
    shown = channel.mention("D1")
    kinds = [block["type"] for block in shown["blocks"]]
    assert kinds == ["rich_text", "rich_text", "section", "section", "actions", "actions"]
    assert [field["text"] for field in shown["blocks"][2]["fields"]] == [
        "*Thursday 31 December 2026*",
        "Minimum notice, in writing, with a rationale (3.4.4)",
        "*Wednesday 31 March 2027*",
        "Funding changes or ends (3.4.4)",
    ]
    working = pressed(channel, button(shown, "Show the working"))
    assert "31 March 2027, less 3 months, = 31 December 2026, a Thursday" in working["text"]
    assert "tracked" in pressed(channel, button(shown, "History"))["text"]
    assert "minimum of 3 months' notice" in pressed(channel, button(shown, "Read 3.4.4"))["text"]


def test_the_answer_is_bold_its_heading_quiet_and_whether_it_helped_small(channel: Channel) -> None:
    answer = channel.mention("how much notice before a grant ends?")
    lead, heading, quote, *_ = answer["blocks"]
    assert lead["elements"][0]["elements"][0]["style"] == {"bold": True}
    assert heading["type"] == "context"
    assert quote["elements"][0]["type"] == "rich_text_quote"
    assert answer["blocks"][-1]["type"] == "context_actions"
    (pair,) = answer["blocks"][-1]["elements"]
    said = {"type": "feedback_buttons", "action_id": pair["action_id"]}
    yes = pressed(channel, {**said, "value": pair["positive_button"]["value"]})
    assert yes["text"].startswith("Good to know.")
    no = pressed(channel, {**said, "value": pair["negative_button"]["value"]})
    assert no["text"].startswith("Sorry that did not help.")


def test_nothing_after_the_command_gets_help_on_one_screen(channel: Channel) -> None:
    helped = channel.command("").json()
    assert helped["text"].startswith("Say it in your own words. Five things I do:")
    (five,) = [block["elements"][0] for block in helped["blocks"] if block["type"] == "rich_text"][1:]
    assert len(five["elements"]) == 5
    shown = [block for block in helped["blocks"] if block["type"] != "actions"]
    assert len(json.dumps(shown)) < 3_000
    assert button(helped, "Deadlines")


def test_home_has_a_row_of_buttons_for_each_deadline_and_claims_what_was_only_named(channel: Channel) -> None:
    channel.mention(PAYMENTS[0])
    channel.mention('track payment "Named" due 2 December 2026 owner "Amina Khan"')
    channel.event({"type": "app_home_opened", "user": AMINA, "channel": "D00000001", "tab": "home"})
    home = channel.workspace.wait_for("views.publish")[-1]["view"]
    within_limits(home["blocks"], 100)
    assert "Due by Wednesday 23 December 2026: 1 of yours, 1 of your team." in json.dumps(home)
    channel.interact(
        "block_actions",
        container={"type": "view", "view_id": "V9"},
        view={"id": "V9", "type": "home"},
        actions=[{"type": "button", "block_id": "b", **button(home, "It is mine")}],
    )
    channel.workspace.wait_for("views.open")
    assert "Open deadlines of yours: 2." in channel.command("deadlines mine").json()["text"]
