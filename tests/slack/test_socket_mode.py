"""By Socket Mode nothing needs a public address: Slack's messages come over a connection that we open."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from compact_bot.bot import Bot
from tests.slack import workspace as slack
from tests.slack.conftest import Channel, slack_settings, talking
from tests.slack.workspace import BOT, Workspace, wait_until


@pytest.fixture
def socket(workspace: Workspace, engine: Engine, bot: Bot) -> Iterator[Channel]:
    settings = slack_settings(workspace, SLACK_APP_TOKEN="xapp-loopback", SLACK_SIGNING_SECRET="")  # noqa: S106
    with talking(settings, workspace, engine, bot) as one:
        wait_until(lambda: workspace.pushed is not None)
        yield one


def push(workspace: Workspace, kind: str, payload: slack.Json) -> slack.Json:
    """Send an envelope as Slack does and return how it was acknowledged."""
    envelope = {"type": kind, "envelope_id": f"E{len(workspace.acknowledged)}", "payload": payload}
    known = len(workspace.acknowledged)
    assert workspace.pushed is not None
    assert workspace.loop is not None
    workspace.loop.call_soon_threadsafe(workspace.pushed.put_nowait, envelope)
    wait_until(lambda: len(workspace.acknowledged) > known)
    return workspace.acknowledged[known]


def test_a_mention_and_a_command_are_answered_over_the_socket(socket: Channel, workspace: Workspace) -> None:
    said = slack.event(slack.message(f"<@{BOT}> 3.4.4", "app_mention"))
    assert push(workspace, "events_api", said)["envelope_id"] == "E0"
    assert workspace.wait_for("chat.postMessage")[0]["text"].startswith("3.4.4 is a Compact commitment")
    answered = push(workspace, "slash_commands", slack.command("3.4.5", "http://127.0.0.1:9/none"))
    assert "3.4.5" in answered["payload"]["text"]
    push(workspace, "events_api", said)
    push(workspace, "slash_commands", slack.command("help", "http://127.0.0.1:9/none"))
    assert len(workspace.called("chat.postMessage")) == 1


def test_without_a_signing_secret_nothing_is_taken_over_http(socket: Channel) -> None:
    assert socket.client.post("/slack/events", content=b"{}").status_code == 404


def test_what_the_bot_does_not_know_is_acknowledged_over_the_socket(socket: Channel, workspace: Workspace) -> None:
    unknown = push(workspace, "events_api", slack.event({"type": "invented_next_year", "user": "U00000001"}))
    assert unknown["envelope_id"] == "E0"
    reaction = push(workspace, "events_api", slack.event({"type": "reaction_added", "user": "U00000001"}))
    assert reaction["envelope_id"] == "E1"
    assert workspace.called("chat.postMessage") == []
