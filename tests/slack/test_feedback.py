"""Feedback and the yearly review, as people in Slack meet them."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine

from adapters.review.publisher import ReviewPublisher
from compact_bot.bot import Bot
from compact_bot.feedback.periods import Period
from compact_bot.feedback.records import load_review
from compact_bot.feedback.review import Review
from compact_bot.nudges.sending import Sender
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import NOW
from tests.slack import workspace as slack
from tests.slack.conftest import Channel, button, slack_settings, talking
from tests.slack.test_talking import opened
from tests.slack.workspace import BOT, CHANNEL, Json, Workspace

LATE = "feedback 3.3.4 council paid us five weeks late"


@pytest.fixture
def publishing(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    def load(organisation: str, period: Period) -> Review:
        return load_review(engine, search.agreement, rules, organisation, period, NOW.date())

    return Bot(engine, search, rules, meanings, "Europe/London", publisher=ReviewPublisher(load))


def test_a_line_of_feedback_is_logged_and_answered_for_its_sender_alone(channel: Channel) -> None:
    logged = channel.command(LATE).json()
    assert logged["text"].startswith("Logged as F1")
    assert "F1" in channel.command("feedback").json()["text"]


def test_what_is_due_for_me_is_for_me_alone_in_a_channel_too(channel: Channel) -> None:
    channel.event(slack.message(f"<@{BOT}> home", "app_mention", ts="5.000001"))
    (whispered,) = channel.workspace.wait_for("chat.postEphemeral")
    assert whispered["user"] == "U00000001"
    assert whispered["thread_ts"] == "5.000001"
    assert channel.workspace.called("chat.postMessage") == []


def test_who_logged_something_is_shown_to_them_without_a_way_to_share_it(channel: Channel) -> None:
    channel.command(LATE)
    shown = channel.command("F1").json()
    assert "logged by <@U00000001>" in shown["text"]
    assert "Share with channel" not in str(shown["blocks"])
    assert "logged by a colleague" in channel.command("F1", user="U00000002").json()["text"]


def test_the_message_shortcut_fills_in_the_words_and_the_link(channel: Channel) -> None:
    channel.interact(
        "message_action",
        callback_id="log_feedback",
        channel={"id": CHANNEL},
        message={"ts": "9.000001", "text": "they paid us five weeks late"},
    )
    form = opened(channel)
    fields = {
        block["block_id"]: block["element"].get("initial_value") for block in form["blocks"] if "element" in block
    }
    assert fields["what"] == "they paid us five weeks late"
    assert fields["link"] == f"https://sutton.slack.com/archives/{CHANNEL}/p9000001"


def test_home_opens_the_feedback_form(channel: Channel) -> None:
    channel.event({"type": "app_home_opened", "user": "U00000001", "channel": "D00000001", "tab": "home"})
    (home,) = channel.workspace.wait_for("views.publish")
    view = {"id": "V9", "type": "home"}
    container = {"type": "view", "view_id": "V9"}
    action = {"type": "button", "block_id": "b", **button(home["view"], "Log feedback")}
    channel.interact("block_actions", container=container, view=view, actions=[action])
    assert "what" in [block.get("block_id") for block in opened(channel)["blocks"]]


def review_files(workspace: Workspace) -> tuple[list[bytes], Json]:
    uploaded = workspace.wait_for("uploaded", 3)
    return [one["content"] for one in uploaded], workspace.wait_for("files.completeUploadExternal")[0]


def test_the_review_comes_as_files_where_they_may_be_posted(
    workspace: Workspace, engine: Engine, publishing: Bot
) -> None:
    workspace.scopes += ",files:write"
    with talking(slack_settings(workspace), workspace, engine, publishing) as channel:
        channel.command(LATE)
        answer = channel.mention("review", ts="5.000001")
        contents, done = review_files(workspace)
    assert "in the files" in answer["text"]
    assert done["channel_id"] == CHANNEL
    assert done["thread_ts"] == "5.000001"
    assert any("word/document.xml" in ZipFile(io.BytesIO(c)).namelist() for c in contents if c.startswith(b"PK"))


def test_without_that_scope_no_file_is_sent(channel: Channel) -> None:
    channel.command(LATE)
    assert "in the files" not in channel.mention("review")["text"]
    channel.workspace.settle()
    assert channel.workspace.called("files.getUploadURLExternal") == []


def test_anonymous_feedback_by_form_leaves_no_trace_of_who_sent_it(channel: Channel, engine: Engine) -> None:
    channel.command("log feedback")
    form = opened(channel)
    values = {
        "what": {"type": "plain_text_input", "value": "paid five weeks late"},
        "kind": {"type": "static_select", "selected_option": {"value": "not kept"}},
        "clauses": {"type": "plain_text_input", "value": "3.3.4"},
        "anonymous": {"type": "static_select", "selected_option": {"value": "anonymous"}},
    }
    channel.submit(form, values, user="U00000055")
    (logged,) = channel.workspace.wait_for("response_url")
    assert "It is anonymous" in logged["text"]
    with engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert "paid five weeks late" in dump
    assert "U00000055" not in dump


def test_a_lead_named_by_mention_follows_through_and_its_reporter_is_told(
    channel: Channel, engine: Engine, search: Search, rules: Rules, meanings: Meanings
) -> None:
    channel.command(LATE)
    assert "<@U00000002> is a Compact lead now" in channel.command("lead <@U00000002|ben>").json()["text"]
    refused = channel.command("resolve F1 because it was paid", user="U00000003").json()["text"]
    assert refused.startswith("Only a Compact lead can change the status of feedback")
    resolved = channel.command("resolve F1 because it was paid", user="U00000002").json()["text"]
    assert resolved.startswith("F1 is resolved now. Outcome: it was paid.")
    morning = channel.clock() + timedelta(days=1)
    sender = Sender(engine, search.agreement, rules, {"slack": channel.door.courier}, lambda: morning, "worker")
    assert channel.client.portal is not None
    channel.client.portal.call(sender.send_due)
    (told,) = channel.workspace.called("chat.postMessage")
    assert told["channel"] == "U00000001"
    assert told["text"].startswith("F1, which you logged, is resolved now. Outcome: it was paid.")
