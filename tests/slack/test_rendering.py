"""Every reply fits Slack's limits, its text is the whole answer, and what people wrote stays text."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block as SlackBlock

from adapters.plain_text import plain_text
from adapters.slack.blocks import Said, messages
from adapters.slack.views import Opened, errors, form_view, home_view, reply_view
from adapters.slack.wording import heard, written
from compact_bot.conversation import Button, Citation, Fact, Field, FieldKind, Form, Option, Reply, Row, Table
from compact_bot.understanding.acts import Ask
from compact_bot.understanding.commands.table import COMMANDS
from tests.conftest import Chat

WORDS = ["contents", "3.1 to 3.5", "section 3.2", "what must VCOs do", "what must the public sector do", "why", "D1"]


def within_limits(blocks: list[dict[str, Any]], most: int = 50) -> None:
    """Slack's published limits, and what its own models find wrong."""
    assert len(blocks) <= most
    for block in SlackBlock.parse_all(blocks):
        block.validate_json()
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids))
    for block in blocks:
        if block["type"] == "section":
            fields = block.get("fields", [])
            assert fields or 0 < len(block["text"]["text"]) <= 3_000
            assert len(fields) <= 10
            assert all(0 < len(field["text"]) <= 2_000 for field in fields)
            options = block.get("accessory", {}).get("options", [])
            assert len(options) <= 5
            assert all(len(option["value"]) <= 150 and len(option["text"]["text"]) <= 75 for option in options)
        if block["type"] == "header":
            assert 0 < len(block["text"]["text"]) <= 150
        if block["type"] == "context_actions":
            assert 0 < len(block["elements"]) <= 5
        if block["type"] == "rich_text":
            assert len(block["elements"]) > 0
            assert len(json.dumps(block, ensure_ascii=False)) < 12_000
        if block["type"] == "context":
            assert all(0 < len(element["text"]) <= 2_000 for element in block["elements"])
        if block["type"] == "actions":
            assert 0 < len(block["elements"]) <= 25
            assert len({element["action_id"] for element in block["elements"]}) == len(block["elements"])
            for element in block["elements"]:
                assert 0 < len(element["text"]["text"]) <= 75
                assert len(element.get("value", "")) <= 2_000


def check(reply: Reply) -> list[Said]:
    said = messages(reply)
    for one in said:
        within_limits(one.blocks)
        assert 0 < len(one.text) <= 4_000
    whole = re.sub(r"\W", "", "".join(one.text for one in said))
    for part in plain_text(reply).split():
        assert re.sub(r"\W", "", written(part)) in whole
    within_limits(reply_view(reply)["blocks"], 100)
    return said


@pytest.mark.parametrize("said", [command.example for command in COMMANDS if command.example] + WORDS)
def test_every_reply_that_the_bot_can_give_fits(chat: Chat, said: str) -> None:
    chat.say('track funding "Youth club grant" ends 31 March 2027')
    reply = chat.say(said)
    assert len(check(reply)) <= 5
    if reply.form:
        within_limits(form_view(reply.form, Opened("T1/C1"))["blocks"], 100)


def test_home_fits_with_a_hundred_deadlines(chat: Chat) -> None:
    for number in range(30):
        chat.say(f'track payment "{"long name " * 18}{number}" due 1 December 2026')
    within_limits(home_view(chat.say("home"))["blocks"], 100)
    check(chat.say("deadlines"))


HOSTILE = "<!channel> <@U00000001|x> & <https://evil.example|click> *bold* `code` :smile:"


@given(st.text(max_size=9_000), st.integers(0, 60))
def test_any_text_of_any_length_fits(text: str, number: int) -> None:
    check(
        Reply(
            text or "x",
            citations=(Citation("3.4.4", "A heading", "VCOs", text),) * (number // 10),
            tables=(Table(("a", "b", "c"), (Row((text[:300] or "x", text, "")),) * (number // 4), text[:400]),),
            facts=(Fact(text[:90] or "x", text[:500]),) * number,
            note=text[:5_000],
            source=text[:4_000],
            buttons=(Button(text[:200] or "x", Ask("?"), value=text[:3_000]),) * (number // 6),
        )
    )


def test_hostile_text_stays_text() -> None:
    everywhere = Reply(
        HOSTILE, (Citation("1", HOSTILE, HOSTILE, HOSTILE),), (Fact(HOSTILE, HOSTILE),), HOSTILE, (), HOSTILE, HOSTILE
    )
    (said,) = messages(everywhere)
    assert "<!channel>" not in said.text
    assert "<https" not in said.text
    marked = [found for found in re.findall(r'"type": "(\w+)"', json.dumps(said.blocks)) if found == "mrkdwn"]
    assert marked == []


def test_only_slack_itself_may_name_a_person() -> None:
    assert heard("tell <@U00000001|amina> now") == "tell @U00000001 now"
    assert heard("tell @U00000001 &lt;@U00000001&gt; now") == "tell @u00000001 <@u00000001> now"
    assert heard("<@U0000BOT1> ask <#C1|general> <https://x.example|3.4.4>", "U0000BOT1") == "ask #general 3.4.4"
    (said,) = messages(Reply("Owner: @U00000001."))
    assert said.text == "Owner: <@U00000001>."
    assert {"type": "user", "user_id": "U00000001"} in said.blocks[0]["elements"][0]["elements"]


def test_a_form_shows_labels_values_and_problems_beside_their_fields() -> None:
    options = (Option("a", "First"), Option("b", "Second"))
    form = Form(
        "track",
        "A title that is much longer than Slack allows",
        (
            Field("title", "Name", value="Youth club", hint="h" * 300),
            Field("day", "Day", FieldKind.DATE, "2027-03-31", problem="It is past. " * 40),
            Field("kind", "Kind", FieldKind.CHOICE, "b", options),
            Field("clauses", "Clauses", FieldKind.CHOICES, "a\nb", options, optional=True),
            Field("owner", "Owner", FieldKind.PERSON, "@U00000001"),
        ),
    )
    view = form_view(form, Opened("T1/C1", "https://hooks.slack.example/1"))
    within_limits(view["blocks"], 100)
    assert len(view["title"]["text"]) <= 24
    assert [block["label"]["text"] for block in view["blocks"]] == ["Name", "Day", "Kind", "Clauses", "Owner"]
    assert view["blocks"][2]["element"]["initial_option"]["value"] == "b"
    assert view["blocks"][4]["element"]["initial_user"] == "U00000001"
    assert Opened.of(view) == Opened("T1/C1", "https://hooks.slack.example/1", "track", "")
    assert len(errors(form)["day"]) <= 150
    assert list(errors(replace(form, fields=form.fields[:1]))) == []
