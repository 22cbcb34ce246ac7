"""The place of nudges in Slack: looked at when it is chosen, said where people look, and back when it speaks again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from compact_bot.bot import Bot
from compact_bot.lost_places import lost_places
from compact_bot.nudges.sending import Sender
from compact_bot.store.tables import OrganisationSettings
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.slack.conftest import AMINA, Channel, slack_settings, talking
from tests.slack.test_installing import MERTON, install
from tests.slack.workspace import BEN, CHANNEL, Workspace, wait_until

GRANT = 'track funding "Youth club grant" ends 31 March 2027'
NOT_HERE = "I am not in this channel yet, so nudges cannot come here. To let them, type here: /invite @Compact Bot."


@pytest.fixture
def shared(workspace: Workspace, engine: Engine, bot: Bot) -> Iterator[Channel]:
    more = {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "111.222", "SLACK_CLIENT_SECRET": "hidden"}
    with talking(slack_settings(workspace, **more), workspace, engine, bot) as one:
        yield one


def send(channel: Channel, engine: Engine, agreement: Agreement, rules: Rules, day: int, month: int = 11) -> None:
    channel.now = channel.now.replace(month=month, day=day, hour=9, minute=31)
    sender = Sender(engine, agreement, rules, {"slack": channel.door.courier}, channel.clock, "worker")
    assert channel.client.portal is not None
    channel.client.portal.call(sender.send_due)


def lost(engine: Engine) -> str:
    with Session(engine) as session:
        return session.get_one(OrganisationSettings, 1).lost_because


@pytest.mark.parametrize("said", [GRANT, "nudges here"])
def test_where_the_bot_is_no_member_it_says_so_and_how_to_invite_it(
    channel: Channel, engine: Engine, said: str
) -> None:
    channel.workspace.refuse["chat.scheduleMessage"] = "not_in_channel"
    assert NOT_HERE in channel.command(said).json()["text"]
    assert lost(engine) == "Slack says not_in_channel"


def test_meanwhile_nudges_go_to_the_owner_and_the_leads_and_it_is_said_where_people_look(
    channel: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    channel.workspace.refuse["chat.scheduleMessage"] = "not_in_channel"
    channel.direct("lead me", user=BEN)
    channel.command(GRANT)
    channel.workspace.refuse["chat.postMessage"] = "not_in_channel"
    send(channel, engine, sutton, rules, 30)
    del channel.workspace.refuse["chat.postMessage"]
    before = len(channel.workspace.called("chat.postMessage"))
    send(channel, engine, sutton, rules, 30)
    nudged = [said["channel"] for said in channel.workspace.called("chat.postMessage")[before:]]
    assert {AMINA, BEN} <= set(nudged)
    for looked in ("D1", "home"):
        assert "Nudges cannot be posted where your team gets them" in channel.direct(looked)["text"], looked
    assert lost_places(engine) == [("slack:T00000001", "Slack says not_in_channel")]


def test_when_the_place_speaks_again_nudges_come_there(channel: Channel, engine: Engine) -> None:
    channel.workspace.refuse["chat.scheduleMessage"] = "not_in_channel"
    channel.command("nudges here")
    assert lost(engine)
    channel.mention("3.4.4")
    assert lost(engine) == ""
    assert "Nudges cannot be posted" not in channel.command(GRANT).json()["text"]


def test_a_nudge_that_arrives_ends_it(channel: Channel, engine: Engine, sutton: Agreement, rules: Rules) -> None:
    channel.workspace.refuse["chat.scheduleMessage"] = "channel_not_found"
    channel.command(GRANT)
    assert (
        "I will nudge its owner and the Compact leads" in channel.command(GRANT.replace("Youth", "Art")).json()["text"]
    )
    send(channel, engine, sutton, rules, 30)
    assert CHANNEL in [said["channel"] for said in channel.workspace.called("chat.postMessage")]
    assert lost(engine) == ""


def test_removed_and_added_again_it_keeps_what_was_tracked_and_its_place_and_says_once_what_was_missed(
    shared: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    install(shared)
    shared.command(GRANT, team=MERTON, user=BEN)
    assert shared.event({"type": "app_uninstalled"}, team=MERTON).status_code == 200
    before = len(shared.workspace.called("chat.postMessage"))
    send(shared, engine, sutton, rules, 30)
    shared.now += timedelta(days=40)
    assert len(shared.workspace.called("chat.postMessage")) == before
    assert install(shared) == 200
    wait_until(lambda: len(shared.workspace.called("chat.postMessage")) > before)
    told = shared.workspace.called("chat.postMessage")[-1]
    assert told["channel"] == BEN
    assert told["text"].startswith("I am back. What you track is as it was, and nudges come again.")
    assert "D1, Youth club grant: Minimum notice, in writing" in told["text"]
    assert shared.client.portal is not None
    shared.client.portal.call(shared.door.outbox.send_waiting)
    assert [said["channel"] for said in shared.workspace.called("chat.postMessage")[before + 1 :]] == [CHANNEL]
    assert lost(engine) == ""
    assert "D1, Youth club grant" in shared.command("deadlines", team=MERTON, user=BEN).json()["text"]
    assert install(shared) == 200  # once more, with nothing to say again
    assert shared.workspace.called("chat.postMessage")[-1]["text"].startswith("Thank you for adding me.")


def test_nudges_that_somebody_stopped_stay_stopped_after_a_removal(shared: Channel, engine: Engine) -> None:
    install(shared)
    shared.command(GRANT, team=MERTON, user=BEN)
    shared.command("nudges stop", team=MERTON, user=BEN)
    shared.event({"type": "app_uninstalled"}, team=MERTON)
    install(shared)
    assert "I will not nudge" in shared.command(GRANT.replace("Youth", "Art"), team=MERTON, user=BEN).json()["text"]
