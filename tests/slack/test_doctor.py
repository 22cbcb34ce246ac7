"""`compact-bot doctor`: what is wrong with the set-up, and what to do about it."""

import asyncio

import pytest
from sqlalchemy import Engine

from adapters.door import Check
from compact_bot.__main__ import main
from compact_bot.bot import Bot
from tests.slack.conftest import Channel, slack_settings, talking
from tests.slack.workspace import SECRET, TOKEN, Workspace


def examined(channel: Channel) -> dict[str, Check]:
    return {check.name.split(" for ")[0]: check for check in asyncio.run(channel.door.checks())}


def test_a_good_set_up_is_said_to_be_good(channel: Channel) -> None:
    channel.mention("settings nudges here")
    found = examined(channel)
    assert list(found) == ["SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN", "Scopes", "Clock", "Nudges"]
    assert all(check.good for check in found.values())
    assert found["Scopes"].says.endswith("without files:read, lists come at the page instead of with a message")
    assert len(channel.workspace.called("chat.postMessage")) == 1
    assert len(channel.workspace.called("chat.deleteScheduledMessage")) == 1


def test_each_thing_that_is_wrong_says_what_to_do(channel: Channel) -> None:
    channel.mention("settings nudges here")
    channel.workspace.scopes = "commands,chat:write"
    channel.workspace.refuse["chat.scheduleMessage"] = "not_in_channel"
    found = examined(channel)
    assert not found["Scopes"].good
    assert "app_mentions:read, im:history, im:write" in found["Scopes"].says
    assert "/invite" in found["Nudges"].says
    channel.workspace.refuse["auth.test"] = "token_revoked"
    assert "Install the app again" in examined(channel)["SLACK_BOT_TOKEN"].says


def test_a_secret_of_the_wrong_shape_is_noticed(workspace: Workspace, engine: Engine, bot: Bot) -> None:
    settings = slack_settings(workspace, SLACK_SIGNING_SECRET="xoxb-not-a-secret", SLACK_APP_TOKEN="xapp-1")  # noqa: S106
    workspace.refuse["apps.connections.open"] = "invalid_auth"
    with talking(settings, workspace, engine, bot) as channel:
        found = examined(channel)
    assert not found["SLACK_SIGNING_SECRET"].good
    assert "connections:write" in found["SLACK_APP_TOKEN"].says


def test_the_command_prints_it_and_says_by_its_status_whether_all_is_well(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    monkeypatch.setenv("COMPACT_DATABASE_URL", f"sqlite:///{tmp_path}/compact.db")
    assert main(["doctor"]) == 0
    assert "Neither Slack nor Teams is set up." in capsys.readouterr().out
    monkeypatch.setenv("SLACK_BOT_TOKEN", TOKEN)
    assert main(["doctor"]) == 2
    assert "SLACK_SIGNING_SECRET: missing; or set SLACK_APP_TOKEN" in capsys.readouterr().err
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    monkeypatch.setenv("SLACK_API_URL", f"{workspace.url}api/")
    assert main(["doctor"]) == 0
    assert "good: SLACK_BOT_TOKEN: belongs to compactbot in Sutton." in capsys.readouterr().out
    workspace.refuse["auth.test"] = "invalid_auth"
    assert main(["doctor"]) == 1
    assert "WRONG: SLACK_BOT_TOKEN: Slack says invalid_auth." in capsys.readouterr().out
