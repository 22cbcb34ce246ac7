"""A council and a VCO in one channel (Slack Connect), and an Enterprise Grid: whose it is, who leads, who sees what."""

import json

import pytest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import Engine

from compact_bot.bot import Bot
from tests.slack import workspace as slack
from tests.slack.conftest import Channel, button, slack_settings, talking
from tests.slack.workspace import AMINA, BEN, BOT, CHANNEL, TEAM, Json, Workspace

COUNCIL, VCO = TEAM, "T00000077"
JO = "U00000077"  # of the VCO
KEYS: Json = {"app_id": "A00000001", "bot_id": "B00000077"}
GRANT = 'track funding "Lunch club grant" ends 31 March 2027'


def heard_by(team: str, enterprise: str | None = None, org_wide: bool = False) -> list[Json]:
    return [{"team_id": team, "enterprise_id": enterprise, "user_id": BOT, "is_enterprise_install": org_wide}]


def said_by_guest(channel: Channel, text: str, **more: object) -> str:
    def posted() -> list[Json]:
        return [call.said for call in channel.workspace.calls if call.method.startswith("chat.post")]

    before = len(posted())
    said = slack.message(f"<@{BOT}> {text}", "app_mention", user=JO, user_team=VCO)
    channel.event(said, is_ext_shared_channel=True, authorizations=heard_by(COUNCIL), **more)
    slack.wait_until(lambda: len(posted()) > before)
    return str(posted()[before]["text"])


def press_as_guest(channel: Channel, one: Json) -> Json:
    """What the guest alone is told."""
    before = len(channel.workspace.called("response_url"))
    body = {
        "user": {"id": JO, "username": "guest", "team_id": VCO},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": CHANNEL},
        "channel": {"id": CHANNEL},
        "response_url": f"{channel.workspace.url}response",
        "actions": [{"type": "button", "block_id": "b", **one}],
    }
    payload = json.dumps({**slack.interaction("block_actions"), **body})
    channel.post(slack.as_form({"payload": payload}), "application/x-www-form-urlencoded")
    return channel.workspace.wait_for("response_url", before + 1)[before]


def test_in_a_channel_that_the_other_side_made_the_workspace_that_heard_it_is_answered(channel: Channel) -> None:
    """The outer team_id is the workspace that made the channel, which never installed the app."""
    said = slack.message(f"<@{BOT}> {GRANT}", "app_mention", user_team=COUNCIL)
    channel.event(said, team=VCO, is_ext_shared_channel=True, authorizations=heard_by(COUNCIL))
    (answer,) = channel.workspace.wait_for("chat.postMessage")
    assert answer["text"].startswith("Saved as D1")
    assert "Lunch club grant" in channel.command("deadlines").json()["text"]


def test_a_guest_asks_and_logs_for_their_own_organisation_and_sees_nothing_of_the_hosts(channel: Channel) -> None:
    channel.mention(GRANT)
    channel.mention("feedback 3.3.4 council paid us nine weeks late")
    assert "3.4.4 answers this" in said_by_guest(channel, "how much notice before a grant ends?")
    for asked in ("D1", "deadlines", "F1", "feedback", "home", "review", "contacts"):
        said = said_by_guest(channel, asked)
        assert "Lunch club grant" not in said, asked
        assert "nine weeks late" not in said, asked
    assert said_by_guest(channel, "feedback 3.2.2 nobody asked us").startswith("Logged as F1")
    assert "nobody asked us" in said_by_guest(channel, "F1")
    assert "nine weeks late" in channel.command("F1").json()["text"]


@pytest.mark.parametrize("order", ["lead me", "lead Jo", f"lead <@{JO}>"])
def test_a_guest_never_leads_a_workspace_that_did_not_install(channel: Channel, order: str) -> None:
    assert said_by_guest(channel, order).startswith("Your own organisation has not added me")
    assert "Nobody is named as Compact lead" in said_by_guest(channel, "leads")
    assert "Nobody is named as Compact lead" in channel.command("leads").json()["text"]


@pytest.mark.parametrize("order", ["nudges here", "nudges stop", "digest on Fridays 16:00", "closed 24 December 2026"])
def test_a_guest_sends_no_nudges_to_the_hosts_channel(channel: Channel, order: str) -> None:
    assert said_by_guest(channel, order).startswith("Your own organisation has not added me")
    assert "I will not nudge" in said_by_guest(channel, GRANT)


def test_a_guest_who_presses_under_the_hosts_answer_is_refused_alone(channel: Channel) -> None:
    saved = channel.mention(GRANT)
    posted = len(channel.workspace.called("chat.postMessage"))
    for row in (block["elements"] for block in saved["blocks"] if block["type"] == "actions"):
        for one in row:
            answer = press_as_guest(channel, one)
            assert answer["response_type"] == "ephemeral"
            assert answer["text"].startswith("This button belongs to another organisation, so nothing was done.")
    assert len(channel.workspace.called("chat.postMessage")) == posted
    assert "Lunch club grant" in channel.command("deadlines").json()["text"]


def test_a_guest_whose_organisation_has_installed_it_too_chooses_for_their_own(
    channel: Channel, workspace: Workspace, engine: Engine, bot: Bot
) -> None:
    workspace.tokens["xoxb-vco"] = VCO
    store = SQLAlchemyInstallationStore("111.222", engine)
    store.save(Installation(**KEYS, team_id=VCO, user_id=JO, bot_token="xoxb-vco", bot_user_id="U0000BOT2"))  # noqa: S106
    more = {"SLACK_CLIENT_ID": "111.222", "SLACK_CLIENT_SECRET": "hidden"}
    with talking(slack_settings(workspace, **more), workspace, engine, bot) as both:
        assert "is a Compact lead now" in said_by_guest(both, "lead me")
        assert "Nobody is named as Compact lead" in both.command("leads").json()["text"]


def test_each_workspace_of_a_grid_is_led_by_whoever_installed_it_for_all(
    workspace: Workspace, engine: Engine, bot: Bot
) -> None:
    workspace.tokens["xoxb-grid"] = "T00000031"
    store = SQLAlchemyInstallationStore("111.222", engine)
    grid = {"enterprise_id": "E00000001", "team_id": None, "is_enterprise_install": True}
    store.save(Installation(**KEYS, **grid, user_id=BEN, bot_token="xoxb-grid", bot_user_id=BOT))  # noqa: S106
    more = {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "111.222", "SLACK_CLIENT_SECRET": "hidden"}
    with talking(slack_settings(workspace, **more), workspace, engine, bot) as grid:
        for number, team in enumerate(("T00000031", "T00000032"), start=1):
            said = slack.message(f"<@{BOT}> leads", "app_mention", user=AMINA)
            grid.event(said, team=team, authorizations=heard_by(team, "E00000001", org_wide=True))
            answer = workspace.wait_for("chat.postMessage", number)[-1]
            assert answer["text"].startswith(f"Compact lead here: <@{BEN}>."), team


def test_what_the_bot_does_not_know_is_acknowledged(channel: Channel) -> None:
    for kind in ("reaction_added", "channel_rename", "team_access_granted", "invented_next_year"):
        assert channel.event({"type": kind, "user": AMINA}).status_code == 200
    channel.mention("3.4.4")
    channel.workspace.settle(0.1)
    assert len(channel.workspace.called("chat.postMessage")) == 1


def test_undo_under_anothers_answer_is_theirs_alone(channel: Channel) -> None:
    saved = channel.mention(GRANT, user=AMINA)
    channel.mention('track payment "Q3" due 1 December 2026', user=BEN)
    before = len(channel.workspace.calls)
    channel.press(button(saved, "Undo"), user=BEN)
    channel.workspace.settle(0.3)
    assert len(channel.workspace.calls) > before
    listed = channel.command("deadlines").json()["text"]
    assert "D1, Lunch club grant" in listed
    assert "D2, Q3" in listed
