"""What is for one alone is shown to them where they asked, where Teams can; else it goes to their own chat."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from adapters.answering import answering
from adapters.teams.door import TeamsDoor
from adapters.web.app import doors_app
from compact_bot.bot import Bot
from compact_bot.nudges.couriers import Courier
from compact_bot.settings import Settings
from tests.conftest import NOW
from tests.teams.conftest import Client, teams_settings
from tests.teams.stand_in import BOT, Fault, StandIn

TARGETED = {**BOT, "isTargeted": True}


@pytest.fixture
def client(teams: StandIn, engine: Engine, bot: Bot) -> Iterator[Client]:
    """In a channel, where targeted messages are wanted."""
    settings = teams_settings(teams)
    settings = replace(settings, values={**settings.values, "TEAMS_TARGETED": "yes"})
    assert isinstance(settings, Settings)
    couriers: dict[str, Courier] = {}
    with answering(bot, threads=1) as answer:
        door = TeamsDoor(settings, engine, bot.search, answer, lambda: NOW, couriers)
        couriers["teams"] = door.courier
        with TestClient(doors_app(door.routes(), door.running)) as http:
            yield Client(http, teams, door, "channel")


def test_what_is_private_is_shown_to_its_asker_alone_in_the_same_place(client: Client) -> None:
    (home,) = client.mention("home")
    assert home["summary"].startswith("Nothing is due by ")
    assert home["recipient"] == {"id": "29:amina", "name": "Amina", "isTargeted": True}
    assert client.teams.calls[-1].path.endswith("?isTargetedActivity=true")


def test_what_was_said_unseen_is_answered_unseen_and_can_be_shared(client: Client) -> None:
    (answer,) = client.say("how much notice before a grant ends?", recipient=TARGETED)
    assert answer["recipient"]["isTargeted"]
    actions = answer["attachments"][0]["content"]["actions"]
    assert "Share with channel" in [action["title"] for action in actions]
    (seen,) = client.mention("deadlines")
    assert "recipient" not in seen


def test_where_teams_cannot_it_goes_to_their_own_chat_as_before(client: Client) -> None:
    client.teams.faults = [Fault(400)]
    client.mention("home")
    alone, note = client.teams.sent()[-2:]
    assert alone["conversation"]["id"] == "a:alone"
    assert "recipient" not in alone
    assert note["text"] == "I have answered you in our own chat."


def test_a_mention_is_never_taken_for_unseen(client: Client) -> None:
    (answer,) = client.mention("how much notice before a grant ends?")
    assert "recipient" not in answer
    assert "isTargetedActivity" not in client.teams.calls[-1].path
