"""Rows with buttons of their own: every door reads them in order, and shows each row's buttons under it."""

import json

from adapters.plain_text import plain_text, within
from adapters.slack.blocks import messages
from adapters.teams import cards
from adapters.web.render import reply_html
from compact_bot.conversation import Button, Group, Reply, Row
from compact_bot.pressing import with_values
from compact_bot.understanding.acts import Done
from tests.conftest import NOW

ROWS = tuple(Row(f"D{n}, Grant {n}", "3 days left.", (Button("Mark done", Done((n,))),)) for n in (1, 2))
REPLY = with_values(Reply("2 dates.", groups=(Group("Amina", ROWS),), next_step="Type deadlines."), 7, NOW)


def test_rows_are_read_under_their_heading_and_before_what_comes_next() -> None:
    assert plain_text(REPLY).split("\n\n") == [
        "2 dates.",
        "Amina:",
        "D1, Grant 1: 3 days left.",
        "D2, Grant 2: 3 days left.",
        "Type deadlines.",
    ]


def test_what_is_too_long_loses_its_last_rows_and_says_so() -> None:
    many = Reply("Many.", groups=(Group("Amina", ROWS * 100),))
    cut = within(many, 1_000)
    assert 0 < sum(len(group.rows) for group in cut.groups) < 200
    assert [group.heading for group in cut.groups][:2] == ["Amina", ""]
    assert "The rest is left out" in cut.note


def test_each_row_has_its_own_buttons_which_hold_their_acts_and_say_aloud_whose_they_are() -> None:
    (said,) = messages(REPLY)
    assert said.text == plain_text(REPLY)
    pressed = [block["elements"][0] for block in said.blocks if block["type"] == "actions"]
    assert [element["accessibility_label"] for element in pressed] == [
        "Mark done, D1, Grant 1",
        "Mark done, D2, Grant 2",
    ]
    assert [json.loads(element["value"])["numbers"] for element in pressed] == [[1], [2]]


def test_in_teams_they_are_sets_of_actions_in_the_card() -> None:
    shown = cards.card(REPLY)
    sets = [element for element in shown["body"] if element["type"] == "ActionSet"]
    assert [one["actions"][0]["tooltip"] for one in sets] == ["Mark done, D1, Grant 1", "Mark done, D2, Grant 2"]
    assert [json.loads(one["actions"][0]["data"]["press"])["of"] for one in sets] == [7, 7]
    assert len(cards.in_parts(Reply("Many.", groups=(Group("Amina", ROWS * 100),)))) > 1


def test_on_the_page_too() -> None:
    page = reply_html(REPLY)
    assert page.count('aria-label="Mark done, D') == 2
    assert page.index("<h3>Amina</h3>") < page.index("Grant 1") < page.index("Type deadlines.")
