"""A table is drawn as each door can draw one, and reads as sentences wherever nobody sees columns."""

import json
from datetime import date
from typing import Any

import pytest

from adapters.console import for_terminal, typed_options
from adapters.console_table import in_columns
from adapters.plain_text import plain_text
from adapters.slack.blocks import Said, messages, view_blocks
from adapters.teams import cards
from adapters.web.render import reply_html
from compact_bot.conversation import Button, Reply, Row, Table
from compact_bot.outbox.letters import from_stored, to_json
from compact_bot.pressing import new_token, sealed
from compact_bot.understanding.acts import Done, OpenForm, Show, Snooze
from tests.conftest import NOW
from tests.slack.test_rendering import within_limits

STEPS = Table(
    ("When", "Step"),
    (
        Row(("Thursday 31 December 2026\n5 weeks left", "Minimum notice, in writing, 3.4.4")),
        Row(("Wednesday 31 March 2027", "Funding ends\nThat is a day off.")),
    ),
)


def offered(number: int, value: str = '{"v":1}') -> tuple[Button, ...]:
    done, shown = Done((number,), "due"), Show((number,))
    return Button("Mark done", done, value=value), Button(f"Open D{number}", shown, value=value)


def due(number: int, owner: str = "Amina", value: str = '{"v":1}') -> Row:
    return Row(("Tuesday 1 December 2026", f"D{number}, A payment", "Payment due", owner), offered(number, value))


LIST = Table(("When", "What", "Step", "Owner"), (due(1), due(2)), "Overdue")
READ = """\
Overdue
Tuesday 1 December 2026: D1, A payment. Step: Payment due. Owner: Amina.
Tuesday 1 December 2026: D2, A payment. Step: Payment due. Owner: Amina."""


def of_type(shown: object, kind: str) -> list[dict[str, Any]]:
    found = [shown] if isinstance(shown, dict) and shown.get("type") == kind else []
    inner = shown.values() if isinstance(shown, dict) else shown if isinstance(shown, list) else ()
    return found + [one for part in inner for one in of_type(part, kind)]


def test_it_reads_as_sentences() -> None:
    assert plain_text(Reply("Late.", tables=(LIST,))) == f"Late.\n\n{READ}"
    assert plain_text(Reply("Soon.", tables=(STEPS,))) == (
        "Soon.\n\nThursday 31 December 2026, 5 weeks left: Minimum notice, in writing, 3.4.4.\n"
        "Wednesday 31 March 2027: Funding ends. That is a day off."
    )


# ---- the terminal -----------------------------------------------------------------------------------------------


def test_the_terminal_lines_its_columns_up() -> None:
    assert for_terminal(Reply("Soon.", tables=(STEPS,)), False, 100).splitlines()[2:] == [
        "When                       Step",
        "Thursday 31 December 2026  Minimum notice, in writing, 3.4.4",
        "5 weeks left",
        "Wednesday 31 March 2027    Funding ends",
        "                           That is a day off.",
    ]


@pytest.mark.parametrize("width", [20, 30, 45, 60, 80, 100])
def test_no_line_is_wider_than_the_window_and_a_narrow_one_gets_sentences(width: int) -> None:
    lines = for_terminal(Reply("Late.", tables=(LIST,)), False, width).splitlines()
    assert max(map(len, lines)) <= width
    assert (in_columns(LIST, width) == READ) == (width < 55)


def test_what_a_row_offers_can_be_typed() -> None:
    assert typed_options(Reply("Late.", tables=(LIST,))) == ["  Of a row, for example: done D1 due; D1"]


# ---- Slack --------------------------------------------------------------------------------------------------------


def only(reply: Reply) -> Said:
    (said,) = messages(reply)
    within_limits(said.blocks)
    within_limits(view_blocks(reply), 100)
    return said


def test_slack_shows_steps_as_fields_side_by_side_everywhere() -> None:
    (section,) = of_type(only(Reply("Soon.", tables=(STEPS,))).blocks, "section")
    assert [field["text"] for field in section["fields"]] == [
        "*Thursday 31 December 2026*\n5 weeks left",
        "Minimum notice, in writing, 3.4.4",
        "*Wednesday 31 March 2027*",
        "Funding ends\nThat is a day off.",
    ]


def test_slack_gives_each_row_a_menu_and_reads_it_aloud() -> None:
    said = only(Reply("Late.", tables=(LIST,)))
    assert said.text.split() == f"Late. {READ}".split()
    menus = of_type(said.blocks, "overflow")
    assert [[option["text"]["text"] for option in menu["options"]] for menu in menus] == [
        ["Mark done", "Open D1"],
        ["Mark done", "Open D2"],
    ]
    (heading,) = of_type(said.blocks, "header")
    assert heading["text"]["text"] == "Overdue"


def test_what_a_menu_of_slack_cannot_hold_is_a_row_of_buttons() -> None:
    table = Table(LIST.header, (due(1, value="x" * 151),))
    blocks = only(Reply("Late.", tables=(table,))).blocks
    assert not of_type(blocks, "overflow")
    assert [button["value"] for button in of_type(blocks, "button")] == ["x" * 151] * 2


def test_a_table_that_is_opened_shows_its_buttons() -> None:
    opened = Table(LIST.header, LIST.rows, "Overdue", opened=True)
    assert len(of_type(only(Reply("Late.", tables=(opened,))).blocks, "button")) == 4
    card = cards.card(Reply("Late.", tables=(opened,)))
    bars = of_type(card["body"], "ActionSet")
    assert [action.get("mode") for bar in bars for action in bar["actions"]] == [None] * 4
    assert "<details>" not in reply_html(Reply("Late.", tables=(opened,)))


def test_an_owner_is_mentioned_and_no_words_of_people_are_markup() -> None:
    table = Table(LIST.header, (due(1, "@U00000001"), due(2, "*Ben* <!channel>"), due(3, "@U00000001 and Ben")))
    said = only(Reply("Late.", tables=(table,)))
    marked = [one["text"] for one in of_type(said.blocks, "mrkdwn")]
    assert marked == ["*Tuesday 1 December 2026*", "<@U00000001>", "*Tuesday 1 December 2026*"]
    assert "&lt;!channel&gt;" in said.text
    assert [one["user_id"] for one in of_type(said.blocks, "user")] == ["U00000001"]


@pytest.mark.parametrize("first", ["<!channel>", "*a*", "`b`", "a.example", "@u00000001", ":smile:", "a_b_", "é"])
def test_a_first_cell_that_may_hold_markup_is_not_made_bold(first: str) -> None:
    for offers in ((), offered(1)):
        table = Table(("What", "Step"), (Row((first, "x"), offers),))
        assert of_type(only(Reply("Late.", tables=(table,))).blocks, "mrkdwn") == []


def test_rows_too_many_for_one_message_come_whole_in_several() -> None:
    table = Table(LIST.header, tuple(map(due, range(1, 61))), "Overdue")
    said = messages(Reply("Late.", tables=(table,)))
    assert 1 < len(said) <= 5
    for one in said:
        within_limits(one.blocks)
    assert all(f"D{number}, A payment" in "".join(one.text for one in said) for number in range(1, 61))


# ---- Teams --------------------------------------------------------------------------------------------------------


def test_teams_shows_a_table_of_two_columns_and_facts_where_there_are_no_tables() -> None:
    (table,) = of_type(cards.card(Reply("Soon.", tables=(STEPS,)))["body"], "Table")
    assert table["firstRowAsHeader"]
    assert table["firstRowAsHeaders"]
    assert len(table["columns"]) == 2
    assert len(table["rows"]) == 3
    assert [fact["title"] for fact in table["fallback"]["facts"]] == [
        "Thursday 31 December 2026, 5 weeks left",
        "Wednesday 31 March 2027",
    ]


def test_teams_hides_what_a_row_offers_behind_three_dots() -> None:
    card = cards.card(Reply("Late.", tables=(LIST,)))
    actions = [action for bar in of_type(card["body"], "ActionSet") for action in bar["actions"]]
    assert {action["mode"] for action in actions} == {"secondary"}
    assert [action["data"]["press"] for action in actions] == ['{"v":1}'] * 4
    dialog = cards.card(Reply("Late.", tables=(LIST,)), in_dialog=True)
    assert "Action.Execute" not in json.dumps(dialog)


def test_facts_of_teams_hold_no_markdown_of_what_people_wrote() -> None:
    row = Row(("Today", "[here](https://evil.example) *b*"))
    (table,) = of_type(cards.card(Reply("x", tables=(Table(("When", "What"), (row,)),)))["body"], "Table")
    assert table["fallback"]["facts"][0]["value"] == r"\[here\]\(https://evil.example\) \*b\*."


def test_no_card_is_larger_than_teams_takes() -> None:
    table = Table(LIST.header, tuple(map(due, range(1, 61))), "Overdue")
    parts = cards.messages(Reply("Late.", tables=(table,)))
    assert all(len(json.dumps(part["attachments"][0]["content"])) <= 28_000 for part in parts)
    assert all(f"D{number}, A payment" in "".join(part["summary"] for part in parts) for number in range(1, 61))


# ---- the page -----------------------------------------------------------------------------------------------------


def test_the_page_shows_a_table_with_named_columns() -> None:
    html = reply_html(Reply("Late.", tables=(LIST,)))
    assert "<caption>Overdue</caption>" in html
    assert html.count('scope="col"') == 4
    assert html.count("<details>") == 2
    assert 'aria-label="What can be done with D1, A payment"' in html


def test_what_a_row_of_a_list_offers_fits_a_menu_of_slack() -> None:
    """With the longest step and number that there may be, and a use of its own."""
    for act in (
        Done((123_456,), "best-practice-notice"),
        OpenForm("done", "D123456 best-practice-notice"),
        Snooze((123_456,), date(2027, 12, 31)),
        Show((123_456,)),
    ):
        value = sealed(Button("x", act), 123_456, NOW, new_token(NOW)).value
        assert len(value) <= 150


def test_an_answer_that_waits_to_be_sent_reads_the_same_when_it_leaves() -> None:
    reply = Reply("Late.", tables=(LIST, STEPS), next_step="Act.", typed="Type D1 to see it.")
    assert plain_text(from_stored(to_json(reply))) == plain_text(reply)
