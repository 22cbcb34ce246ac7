"""An Enterprise Grid whose workspaces are shut out and let in again: payloads as Slack sends them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import Engine, text

from compact_bot.bot import Bot
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.slack import workspace as slack
from tests.slack.conftest import Channel, slack_settings, talking
from tests.slack.test_installing import install
from tests.slack.test_places import send
from tests.slack.test_shared_channels import KEYS, heard_by
from tests.slack.workspace import AMINA, BEN, BOT, CHANNEL, Json, Workspace

GRID, FIRST, SECOND = "E00000001", "T00000031", "T00000032"
GRANT = 'track funding "Youth club grant" ends 31 March 2027'


def add_for_all(engine: Engine) -> None:
    whole = {"enterprise_id": GRID, "team_id": None, "is_enterprise_install": True}
    store = SQLAlchemyInstallationStore("111.222", engine)
    store.save(Installation(**KEYS, **whole, user_id=BEN, bot_token="xoxb-grid", bot_user_id=BOT))  # noqa: S106


@pytest.fixture
def grid(workspace: Workspace, engine: Engine, bot: Bot) -> Iterator[Channel]:
    workspace.tokens["xoxb-grid"] = FIRST
    add_for_all(engine)
    more = {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "111.222", "SLACK_CLIENT_SECRET": "hidden"}
    with talking(slack_settings(workspace, **more), workspace, engine, bot) as one:
        for team in (FIRST, SECOND):
            mention(one, GRANT, team)
        yield one


def mention(grid: Channel, said: str, team: str) -> str:
    before = len(grid.workspace.called("chat.postMessage"))
    event = slack.message(f"<@{BOT}> {said}", "app_mention", user=AMINA)
    assert grid.event(event, team=team, authorizations=heard_by(team, GRID, org_wide=True)).status_code == 200
    return str(grid.workspace.wait_for("chat.postMessage", before + 1)[before]["text"])


def access(grid: Channel, what: str, *teams: str) -> None:
    """The team that was shut out is in the event alone: outside stands the Grid."""
    whole = [{"team_id": None, "enterprise_id": GRID, "user_id": BOT, "is_enterprise_install": True}]
    said: Json = {"type": f"team_access_{what}", "team_ids": list(teams)}
    answer = grid.event(said, team=None, enterprise_id=GRID, authorizations=whole)
    assert answer.status_code == 200


def leaves(grid: Channel) -> list[str]:
    """What waits to be posted, posted."""
    before = len(grid.workspace.called("chat.postMessage"))
    assert grid.client.portal is not None
    grid.client.portal.call(grid.door.outbox.send_waiting)
    return [said["text"] for said in grid.workspace.called("chat.postMessage")[before:]]


def test_a_workspace_that_is_let_in_again_keeps_everything_and_hears_once_what_was_missed(
    grid: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    access(grid, "revoked", FIRST)
    access(grid, "revoked", FIRST)  # Slack may send it twice
    before = len(grid.workspace.called("chat.postMessage"))
    send(grid, engine, sutton, rules, 30)
    nudged = grid.workspace.called("chat.postMessage")[before:]
    assert len(nudged) == 1, "the other workspace alone"
    grid.now += timedelta(days=40)
    access(grid, "granted", FIRST)
    (back,) = leaves(grid)
    assert back.startswith("I am back. What you track is as it was, and nudges come again.")
    assert "D1, Youth club grant: Minimum notice, in writing" in back
    assert grid.workspace.called("chat.postMessage")[-1]["channel"] == CHANNEL
    access(grid, "granted", FIRST)
    assert leaves(grid) == []
    assert "D1, Youth club grant" in mention(grid, "deadlines", FIRST)
    with engine.connect() as connection:
        assert set(connection.scalars(text("select lost_at from organisation_settings"))) == {None}
        assert set(connection.scalars(text("select left_at from organisations"))) == {None}


def test_an_app_that_was_taken_out_of_the_whole_grid_and_added_again_goes_on_in_each_workspace(
    grid: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    whole = [{"team_id": None, "enterprise_id": GRID, "user_id": BOT, "is_enterprise_install": True}]
    grid.event({"type": "app_uninstalled"}, team=None, enterprise_id=GRID, authorizations=whole)
    before = len(grid.workspace.called("chat.postMessage"))
    send(grid, engine, sutton, rules, 30)
    assert len(grid.workspace.called("chat.postMessage")) == before
    grid.workspace.granted = {"is_enterprise_install": True, "enterprise": {"id": GRID, "name": "Grid"}, "team": None}
    assert install(grid) == 200
    access(grid, "granted", FIRST, SECOND)  # which Slack tells as well
    assert [said.partition(".")[0] for said in leaves(grid)] == ["I am back"] * 2


def test_a_workspace_that_nobody_spoke_from_is_neither_greeted_nor_kept(grid: Channel, engine: Engine) -> None:
    access(grid, "granted", "T00000099")
    access(grid, "revoked", "T00000099")
    assert leaves(grid) == []
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from organisations")) == 2
