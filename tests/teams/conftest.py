"""The real web app with the real Teams door, and Teams on loopback: an officer's client posts as Teams would."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import Engine
from starlette.testclient import TestClient

from adapters.answering import answering
from adapters.teams.door import PATH, TeamsDoor
from adapters.web.app import doors_app
from compact_bot.bot import Bot
from compact_bot.nudges.couriers import Courier
from compact_bot.outbox.sending import Pace
from compact_bot.settings import Settings, is_teams_wanted, read_settings
from tests.conftest import NOW, ROOT
from tests.teams.stand_in import APP, BOT, CONVERSATIONS, SECOND_TENANT, TEAM, TENANT, StandIn, stand_in

AT_ONCE = Pace(seconds=0.0, burst=1)
AMINA = {"id": "29:amina", "name": "Amina", "aadObjectId": "00000000-0000-0000-0000-000000000001"}


@dataclass
class Client:
    """Posts activities with a good token, and hands back what the bot posted meanwhile."""

    http: TestClient
    teams: StandIn
    door: TeamsDoor
    where: str = "personal"
    sender: dict[str, str] = field(default_factory=lambda: dict(AMINA))
    tenant: str = TENANT
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def elsewhere(self, where: str = "personal", **sender: str) -> "Client":
        """The same or another person in another place."""
        return replace(self, where=where, sender={**self.sender, **sender})

    def in_tenant(self, tenant: str) -> "Client":
        return replace(self, tenant=tenant)

    def activity(self, kind: str = "message", **more: object) -> dict[str, Any]:
        data = {"tenant": {"id": self.tenant}, **({"team": TEAM} if self.where == "channel" else {})}
        return {
            "type": kind,
            "id": f"activity-{next(self.numbers)}",
            "channelId": "msteams",
            "serviceUrl": self.teams.service,
            "from": self.sender,
            "recipient": BOT,
            "conversation": {**CONVERSATIONS[self.where], "tenantId": self.tenant},
            "channelData": data,
            **more,
        }

    def post(self, activity: object, token: str | None = None) -> Response:
        authorization = f"Bearer {self.teams.token() if token is None else token}"
        headers = {"Authorization": authorization, "Content-Type": "application/json; charset=utf-8"}
        return self.http.post(PATH, content=json.dumps(activity), headers=headers)

    def say(self, text: str, **more: object) -> list[dict[str, Any]]:
        """The messages that answer it."""
        before = len(self.teams.sent())
        assert self.post(self.activity(text=text, **more)).status_code == 200
        return self.teams.sent()[before:]

    def mention(self, text: str) -> list[dict[str, Any]]:
        entity = {"type": "mention", "text": "<at>Compact Bot</at>", "mentioned": BOT}
        return self.say(f"<at>Compact Bot</at> {text}", entities=[entity])

    def invoke(self, name: str, value: object, **more: object) -> dict[str, Any]:
        answer = self.post(self.activity("invoke", name=name, value=value, **more))
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    def press(self, card: dict[str, Any], title: str, on: str = "1", **inputs: str) -> dict[str, Any]:
        (action,) = [action for action in card["actions"] if action["title"] == title]
        pressed = {"type": action["type"], "verb": action["verb"], "data": {**action["data"], **inputs}}
        return self.invoke("adaptiveCard/action", {"action": pressed, "trigger": "manual"}, replyToId=on)

    def install(self) -> list[dict[str, Any]]:
        before = len(self.teams.sent())
        self.post(self.activity("conversationUpdate", membersAdded=[BOT]))
        self.post(self.activity("installationUpdate", action="add"))
        return self.teams.sent()[before:]


def card_of(message: dict[str, Any]) -> dict[str, Any]:
    card: dict[str, Any] = message["attachments"][0]["content"]
    return card


@pytest.fixture
def teams() -> Iterator[StandIn]:
    with stand_in() as teams:
        yield teams


def teams_settings(teams: StandIn) -> Settings:
    return read_settings(
        {
            "MICROSOFT_APP_ID": APP,
            "MICROSOFT_APP_PASSWORD": "a secret",
            "MICROSOFT_APP_TENANT_ID": TENANT,
            "TEAMS_TENANTS": SECOND_TENANT,
            "TEAMS_OPENID_METADATA_URL": f"{teams.base}/metadata",
            "TEAMS_LOGIN_URL": f"{teams.base}/login",
        },
        ROOT / "no.env",
    )


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(teams: StandIn, engine: Engine, bot: Bot, clock: Clock) -> Iterator[TeamsDoor]:
    settings = teams_settings(teams)
    assert is_teams_wanted(settings)
    couriers: dict[str, Courier] = {}
    with answering(bot, threads=1) as answer:
        made = TeamsDoor(settings, engine, lambda _: bot.search, answer, clock, couriers, AT_ONCE)
        couriers["teams"] = made.courier
        yield made


@pytest.fixture
def client(door: TeamsDoor, teams: StandIn) -> Iterator[Client]:
    with TestClient(doors_app(door.routes(), door.running)) as http:
        yield Client(http, teams, door)
