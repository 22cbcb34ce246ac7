"""Lists, menus and a deadline in Teams, pressed as Teams presses them."""

import json
from typing import Any

import pytest

from adapters.teams import cards
from tests.teams.conftest import Client, card_of
from tests.teams.test_pressing import press_data
from tests.test_tables import of_type

GRANT = 'track funding "Youth club grant" ends 31 March 2027 owner Amina'
PAYMENTS = [f'track payment "Payment {day}" due {day} December 2026 owner Amina' for day in range(1, 8)]


def bars(card: dict[str, Any]) -> list[dict[str, dict[str, Any]]]:
    """The menu of each row: what it holds by title."""
    return [
        {action["title"]: action["data"] for action in bar["actions"]} for bar in of_type(card["body"], "ActionSet")
    ]


@pytest.fixture
def listed(client: Client) -> dict[str, Any]:
    for said in PAYMENTS:
        client.say(said)
    (message,) = client.say("deadlines")
    return card_of(message)


def test_a_list_is_five_rows_with_a_menu_each(listed: dict[str, Any]) -> None:
    assert [list(bar) for bar in bars(listed)] == [
        ["Mark done", "Snooze 1 week", "Change date", f"Open D{number}"] for number in range(1, 6)
    ]
    assert [action["title"] for action in listed["actions"]] == ["Next"]
    assert len(json.dumps(listed)) <= cards.LARGEST_CARD


def test_an_entry_of_a_menu_does_what_it_says(client: Client, listed: dict[str, Any]) -> None:
    assert press_data(client, bars(listed)[0]["Mark done"]).startswith("Done on Monday 23 November 2026")
    assert press_data(client, bars(listed)[1]["Open D2"]).startswith('D2, "Payment 2": ')
    (following,) = [action["data"] for action in listed["actions"]]
    assert "Payment 7" in press_data(client, following)


def test_feedback_is_listed_in_rows_with_a_menu_and_as_facts_where_there_are_no_tables(client: Client) -> None:
    client.say("lead me")
    for weeks in range(2, 8):
        client.say(f"feedback 3.3.4 the council paid us {weeks} weeks late")
    card = card_of(client.say("feedback")[0])
    assert list(bars(card)[0]) == ["Acknowledge", "Resolve", "No action", "Give an owner", "Open F6"]
    (table,) = of_type(card["body"], "Table")
    when, *more = table["rows"][0]["cells"][0]["items"]
    assert when["inlines"][0]["text"] == "Monday 23 November 2026: F6, 3.3.4, not kept"
    assert more[0]["inlines"][0]["text"].startswith(
        "the council paid us 7 weeks late. Status: Open. Owner: Nobody yet."
    )
    assert len(table["fallback"]["facts"]) == 5
    assert press_data(client, bars(card)[0]["Open F6"]).startswith("F6 is not kept")


def test_where_each_row_offers_one_thing_it_is_a_button(client: Client) -> None:
    client.say("feedback 3.3.4 the council paid us late")
    card = card_of(client.elsewhere("channel").mention("feedback")[-1])
    (action,) = of_type(card["body"], "ActionSet")[0]["actions"]
    assert (action["title"], action.get("mode")) == ("Open F1", None)
    assert press_data(client, action["data"]).startswith("F1 is not kept")


def test_a_deadline_is_two_lines_a_table_and_buttons(client: Client) -> None:
    client.say(GRANT)
    card = card_of(client.say("D1")[0])
    assert [element["type"] for element in card["body"]] == [
        *["RichTextBlock"] * 2, "Table", "RichTextBlock", *["ActionSet"] * 3,
    ]  # fmt: skip
    (table,) = of_type(card["body"], "Table")
    assert len(table["rows"]) == 3
    assert len(table["columns"]) == 2
    pressing = bars(card)[2]
    assert "less 3 months, = 31 December 2026" in press_data(client, pressing["Show the working"])
    assert "minimum of 3 months' notice" in press_data(client, pressing["Read 3.4.4"])
    assert [action["title"] for action in card["actions"]] == ["History"]


def test_the_answer_is_bold_its_heading_quiet_and_whether_it_helped_behind_the_dots(client: Client) -> None:
    card = card_of(client.say("how much notice before a grant ends?")[0])
    lead, heading = (element["inlines"][0] for element in card["body"][:2])
    assert lead["weight"] == "Bolder"
    assert (heading["isSubtle"], heading["size"]) == (True, "Small")
    assert {action["title"] for action in card["actions"] if action.get("mode") == "secondary"} == {
        "This helped",
        "Not what I asked",
    }
