"""Words that somebody else wrote, and question boxes, only ever ask: orders are tried at each door, nothing changes."""

import json
from collections.abc import Callable
from copy import copy
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from starlette.testclient import TestClient

from adapters.slack.views import MOST_IN_INPUT
from adapters.teams.codec import INPUT
from adapters.web.app import web_app
from compact_bot.bot import Bot
from compact_bot.conversation import Audience, Filled, MessageKind
from compact_bot.feedback.finding import LONGEST_WHAT
from compact_bot.store.tables import Table
from compact_bot.turn import LONGEST_MESSAGE
from compact_bot.understanding.acts import Help, to_json
from compact_bot.understanding.commands.table import COMMANDS
from tests.conftest import NOW, Chat
from tests.slack.conftest import AMINA, Channel
from tests.slack.workspace import CHANNEL
from tests.slack.workspace import message as slack_message
from tests.teams.conftest import Client, card_of

GRANT = 'track funding "Youth club grant" ends 31 March 2027'
BEFORE = (
    "lead me",
    GRANT,
    "set contact Jo, jo@example.org",
    "feedback 3.3.4 council paid us five weeks late",
    'teach "lunch club money" 3.4.4',
    "remind us that the library consultation closes 3 March",
)
ORDERS = (
    "drop D1 because the grant was renewed",
    "settings nudges stop",
    "settings nudges here",
    "undo",
    'teach "lunch club cash" 3.3.5',
    "untaught 1",
    "lead @guest",
    "lead Mallory",
    "remove lead me",
    "yes",
    "no",
    "done D1",
    "done D1 notice given by letter 20 November 2026",
    "snooze D1 1 year",
    "move D1 30 April 2027",
    "leads D1 1 week",
    "rationale D1 because we said so",
    'track payment "Q3" due 1 December 2026',
    "remind us that rent is due 1 December 2026",
    "feedback 3.3.4 council paid us five weeks late again",
    "feedback 3.3.4 council paid us late (link: https://example.org/1)",
    "anonymous feedback 3.3.4 the chair bullied our staff",
    "I want to complain anonymously about a councillor",
    "praise 3.2.2 they consulted early",
    "resolve F1 because it was paid",
    "owner F1 Mallory",
    "closed 24 December 2026 to 1 January 2027",
    "digest on Fridays 16:00",
    "set contact Mallory, mallory@example.org",
    "remove contact 1",
    "we are a charity",
    "forget my side",
    "this helped",
    "not what I asked: how much is a zebra crossing",
    "share 123",
    "what do we owe them",
    "zebra crossings and their maintenance by moonlight",
    "3.4.4",
)


def kept(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row but the notes that a message was answered, which hold none of its words."""
    tables = {name: table for name, table in Table.metadata.tables.items() if name != "received_messages"}
    with engine.connect() as connection:
        return {name: sorted(map(tuple, connection.execute(select(t))), key=repr) for name, t in tables.items()}


def test_the_core_carries_out_nothing_of_what_it_is_only_asked_about(chat: Chat, engine: Engine) -> None:
    for said in BEFORE:
        chat.say(said)
    before = kept(engine)
    examples = [command.example for command in COMMANDS if command.example]
    for order in (*ORDERS, *examples, "x " * 3_000, ""):
        for audience in (Audience.ALONE, Audience.APART):
            message = replace(chat.message(order), kind=MessageKind.ASKED_ABOUT, audience=audience)
            reply = chat.bot.reply_to(message)
            assert reply is not None
            assert (reply.changed, reply.shared, reply.form, reply.settled) == (False, False, None, ()), order
    assert kept(engine) == before
    assert "Saved" in chat.say("yes").text  # what waits for the person's own yes still waits


def test_no_form_acts_in_words_that_only_ask(chat: Chat, engine: Engine) -> None:
    chat.say(GRANT)
    before = kept(engine)
    drop = Filled("drop", "D1", {"reason": "the grant was renewed"})
    ask = Filled("ask", values={"question": "drop D1 because the grant was renewed"})
    chat.bot.reply_to(replace(chat.message(""), filled=drop, kind=MessageKind.ASKED_ABOUT))
    chat.bot.reply_to(replace(chat.message(""), filled=ask, kind=MessageKind.FILLED))
    assert kept(engine) == before


def test_an_order_in_words_of_others_is_said_to_have_done_nothing(chat: Chat) -> None:
    chat.say(GRANT)
    asked = replace(chat.message("drop D1 because it was renewed"), kind=MessageKind.ASKED_ABOUT)
    reply = chat.bot.reply_to(asked)
    assert reply is not None
    assert "nothing was done or saved" in reply.note
    question = chat.bot.reply_to(replace(chat.message("when must we consult?"), kind=MessageKind.ASKED_ABOUT))
    assert question is not None
    assert "nothing was done" not in question.note


# ---- Slack ---------------------------------------------------------------------------------------------------------


def shortcut(channel: Channel, callback: str, text: str) -> dict[str, object]:
    opened = len(channel.workspace.called("views.open"))
    message = {"ts": "9.000001", "text": text, "user": "U00000077"}
    channel.interact("message_action", callback_id=callback, channel={"id": CHANNEL}, message=message)
    return dict(channel.workspace.wait_for("views.open", opened + 1)[opened]["view"])


def home_box(channel: Channel, text: str) -> dict[str, object]:
    opened = len(channel.workspace.called("views.open"))
    channel.interact(
        "block_actions",
        container={"type": "view", "view_id": "V9"},
        view={"id": "V9", "type": "home"},
        actions=[{"type": "plain_text_input", "action_id": "ask", "block_id": "question", "value": text}],
    )
    return dict(channel.workspace.wait_for("views.open", opened + 1)[opened]["view"])


def passed_on(channel: Channel, text: str) -> None:
    """A colleague's message that somebody forwarded to the bot, without a word of their own."""
    posted = len(channel.workspace.called("chat.postMessage"))
    shared = [{"is_share": True, "author_id": "U00000077", "text": text}]
    channel.event(slack_message("", channel="D00000001", channel_type="im", attachments=shared))
    channel.workspace.wait_for("chat.postMessage", posted + 1)


def used(channel: Channel, engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    for said in BEFORE:
        channel.direct(said)
    shortcut(channel, "ask_about_message", "3.4.4")
    channel.event({"type": "app_home_opened", "user": AMINA, "channel": "D00000001", "tab": "home"})
    channel.workspace.settle()
    return kept(engine)


@pytest.mark.parametrize(
    "ask",
    [
        lambda channel, order: shortcut(channel, "ask_about_message", order),
        lambda channel, order: shortcut(channel, "log_feedback", order),
        home_box,
        passed_on,
    ],
    ids=["Ask about this", "Log as feedback", "the question box of App Home", "forwarded"],
)
def test_in_slack(channel: Channel, engine: Engine, ask: Callable[[Channel, str], object]) -> None:
    before = used(channel, engine)
    for order in ORDERS:
        ask(channel, order)
    assert kept(engine) == before


def test_a_long_message_in_slack_fills_a_field_to_its_limit_and_says_so(channel: Channel) -> None:
    view = shortcut(channel, "log_feedback", "late again " * 500)
    (what,) = [block for block in view["blocks"] if block.get("block_id") == "what"]  # type: ignore[attr-defined]
    assert len(what["element"]["initial_value"]) <= what["element"]["max_length"] <= min(LONGEST_WHAT, MOST_IN_INPUT)
    asked = json.dumps(shortcut(channel, "ask_about_message", "notice before a grant ends " * 500))
    assert "the rest was left out" in asked
    assert "3.4.4" in asked


# ---- Teams ---------------------------------------------------------------------------------------------------------


def action(officer: Client, command: str, content: str) -> dict[str, object]:
    payload = {"body": {"contentType": "text", "content": content}, "linkToMessage": "https://teams.example/l/1"}
    value = {"commandId": command, "commandContext": "message", "messagePayload": payload}
    return officer.invoke("composeExtension/fetchTask", value)


def searched(officer: Client, content: str) -> dict[str, object]:
    value = {"commandId": "search", "parameters": [{"name": "words", "value": content}]}
    return officer.invoke("composeExtension/query", value)


def forwarded(officer: Client, content: str) -> object:
    original = {"originalMessageId": "1", "originalMessageContent": content}
    attached = [{"contentType": "forwardedMessageReference", "content": original}]
    return officer.post(officer.activity(text="", attachments=attached))


def asked_at_home(officer: Client, content: str) -> dict[str, object]:
    (home,) = officer.say("home")
    return officer.press(card_of(home), "Ask", **{f"{INPUT}question": content})


def submitted_at_home(officer: Client, content: str) -> object:
    """As clients do that do not know Action.Execute."""
    data = {"form": "ask", "subject": "", "lists": "", "own": True, f"{INPUT}question": content}
    return officer.post(officer.activity(value=data))


@pytest.mark.parametrize(
    "ask",
    [
        lambda officer, order: action(officer, "ask", order),
        lambda officer, order: action(officer, "feedback", order),
        searched,
        forwarded,
        asked_at_home,
        submitted_at_home,
    ],
    ids=["Ask about this", "Log as feedback", "search", "forwarded", "home", "home, submitted"],
)
def test_in_teams(officer: Client, engine: Engine, ask: Callable[[Client, str], object]) -> None:
    for said in BEFORE:
        officer.say(said)
    before = kept(engine)
    for order in ORDERS:
        ask(officer, order)
    assert kept(engine) == before


def test_a_long_message_in_teams_fills_a_field_to_its_limit_and_says_so(officer: Client) -> None:
    shown = json.dumps(action(officer, "feedback", "late again " * 500))
    assert "the rest was left out" in shown
    assert "late again " * 100 not in shown
    shown = json.dumps(action(officer, "ask", "<p>" + "notice before a grant ends " * 500 + "</p>"))
    assert f"the first {LONGEST_MESSAGE:,} characters; the rest was left out" in shown


# ---- the local page ------------------------------------------------------------------------------------------------


def test_in_the_question_box_of_the_local_pages_home(bot: Bot, engine: Engine) -> None:
    page = TestClient(web_app(bot, lambda: NOW, lambda _: []), base_url="http://127.0.0.1:8000", client=("::1", 50_000))
    for said in BEFORE:
        page.post("/say", data={"text": said})
    before = kept(engine)
    for order in ORDERS:
        assert page.post("/say", data={"form": "ask", ".question": order}).status_code == 200
    assert kept(engine) == before


def test_what_is_pressed_and_typed_at_the_local_page_is_told_apart(bot: Bot) -> None:
    heard = []

    class Listening(Bot):
        def reply_to(self, message):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            heard.append(message.kind)
            return bot.reply_to(message)

    listening = copy(bot)
    listening.__class__ = Listening
    page = TestClient(
        web_app(listening, lambda: NOW, lambda _: []), base_url="http://127.0.0.1:8000", client=("::1", 5)
    )
    for data in ({"text": "home"}, {"pressed": to_json(Help())}, {"form": "ask", ".question": "3.4.4"}):
        page.post("/say", data=data)
    assert heard == [MessageKind.SAID, MessageKind.PRESSED, MessageKind.FILLED]
