"""The real bolt app in the real web application, told things by really signed requests."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from adapters.answering import answering
from adapters.slack.door import FINISH_WITHIN, SlackDoor
from adapters.web.app import doors_app
from compact_bot.bot import Bot
from compact_bot.nudges.couriers import Courier
from compact_bot.outbox.sending import Pace
from compact_bot.settings import Settings, read_settings
from tests.conftest import NOW
from tests.slack import workspace as slack
from tests.slack.workspace import AMINA, BOT, CHANNEL, SECRET, TEAM, TOKEN, Json, Workspace, running

AT_ONCE = Pace(seconds=0.0, burst=1)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with running(Workspace()) as one:
        yield one


def slack_settings(workspace: Workspace, **more: str) -> Settings:
    given = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{workspace.url}api/"}
    return read_settings({**given, **more}, Path("no .env"))


@dataclass
class Channel:
    """People in Slack, and what they see."""

    workspace: Workspace
    client: TestClient = field(init=False)
    door: SlackDoor = field(init=False)
    now: datetime = NOW

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def post(self, body: bytes, content_type: str, **signing: Any) -> Response:  # noqa: ANN401
        return self.client.post("/slack/events", content=body, headers=slack.signed(body, content_type, **signing))

    def event(self, said: Json, **more: Any) -> Response:  # noqa: ANN401
        return self.post(json.dumps(slack.event(said, **more)).encode(), "application/json")

    def mention(self, text: str, **more: Any) -> Json:  # noqa: ANN401
        """Mention the bot in the channel and return what it posts."""
        before = len(self.workspace.called("chat.postMessage"))
        assert self.event(slack.message(f"<@{BOT}> {text}", "app_mention", **more)).status_code == 200
        return self.workspace.wait_for("chat.postMessage", before + 1)[before]

    def direct(self, text: str, **more: Any) -> Json:  # noqa: ANN401
        before = len(self.workspace.called("chat.postMessage"))
        said = slack.message(text, channel="D00000001", channel_type="im", **more)
        assert self.event(said).status_code == 200
        return self.workspace.wait_for("chat.postMessage", before + 1)[before]

    def command(self, text: str, **more: Any) -> Response:  # noqa: ANN401
        said = slack.command(text, f"{self.workspace.url}response", **more)
        return self.post(slack.as_form(said), "application/x-www-form-urlencoded")

    def interact(self, kind: str, **more: Any) -> Response:  # noqa: ANN401
        said = slack.interaction(kind, **more)
        return self.post(slack.as_form({"payload": json.dumps(said)}), "application/x-www-form-urlencoded")

    def press(self, button: Json, *, ephemeral: bool = False, thread: str = "", **more: Any) -> Response:  # noqa: ANN401
        """Press a button of a message in the channel."""
        container = {"type": "message", "message_ts": "1.000001", "channel_id": CHANNEL, "is_ephemeral": ephemeral}
        container |= {"thread_ts": thread} if thread else {}
        return self.interact(
            "block_actions",
            container=container,
            channel={"id": CHANNEL},
            response_url=f"{self.workspace.url}response",
            actions=[{"type": "button", "block_id": "b", **button}],
            **more,
        )

    def submit(self, view: Json, values: dict[str, Json], **more: Any) -> Response:  # noqa: ANN401
        """Send a modal with values by the names of its blocks."""
        state = {"values": {name: {"value": value} for name, value in values.items()}}
        return self.interact("view_submission", view={"id": "V1", **view, "state": state}, **more)


def button(message: Json, label: str) -> Json:
    """A button of a message, a view or an acknowledgement."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return next(one for row in rows for one in row if one["text"]["text"] == label)


@pytest.fixture
def channel(workspace: Workspace, engine: Engine, bot: Bot) -> Iterator[Channel]:
    with talking(slack_settings(workspace), workspace, engine, bot) as one:
        yield one


class talking:  # noqa: N801  # reads as a word where it is used
    """A channel with a door on an engine; several may share one database, as several processes do."""

    def __init__(
        self,
        settings: Settings,
        workspace: Workspace,
        engine: Engine,
        bot: Bot,
        pace: Pace = AT_ONCE,
        finish_within: float = FINISH_WITHIN,
    ) -> None:
        self._answering = answering(bot, threads=1)
        answer = self._answering.__enter__()
        couriers: dict[str, Courier] = {}
        self._channel = Channel(workspace)
        door = self._channel.door = SlackDoor(
            settings, engine, answer, self._channel.clock, couriers, pace, finish_within
        )
        couriers["slack"] = door.courier
        self._channel.client = TestClient(doors_app(door.routes(), door.running))

    def __enter__(self) -> Channel:
        self._channel.client.__enter__()
        return self._channel

    def __exit__(self, *raised: object) -> None:
        self._channel.client.__exit__(None, None, None)
        self._answering.__exit__(None, None, None)


__all__ = ["AMINA", "TEAM", "Channel", "button", "slack_settings", "talking"]
