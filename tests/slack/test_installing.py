"""Add to Slack in many workspaces: installed, refreshed before tokens expire, forgotten when removed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from compact_bot.bot import Bot
from compact_bot.store.tables import KnownPerson
from tests.conftest import every_table
from tests.slack.conftest import Channel, button, slack_settings, talking
from tests.slack.workspace import BEN, TOKEN, Workspace, wait_until

MERTON = "T00000002"


@pytest.fixture
def shared(workspace: Workspace, engine: Engine, bot: Bot) -> Iterator[Channel]:
    more = {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "111.222", "SLACK_CLIENT_SECRET": "hidden"}
    with talking(slack_settings(workspace, **more), workspace, engine, bot) as one:
        yield one


def install(channel: Channel, state: str = "", after: timedelta = timedelta()) -> int:
    """Go through "Add to Slack" as a browser does, taking some time over it; returns the last page's status."""
    page = channel.client.get("/slack/install")
    link = page.text.partition('href="https://slack.com')[2].partition('"')[0].replace("&amp;", "&")
    asked = parse_qs(urlsplit(link).query)
    assert asked["scope"] == ["app_mentions:read,chat:write,commands,im:history,im:write,files:read"]
    assert asked["redirect_uri"] == ["http://testserver/slack/oauth_redirect"]
    cookie = page.headers["set-cookie"].partition(";")[0]
    channel.now += after
    given = {"code": "abc", "state": state or asked["state"][0]}
    return channel.client.get("/slack/oauth_redirect", params=given, headers={"cookie": cookie}).status_code


def test_installing_makes_the_installer_lead_and_tells_them_how_to_go_on(shared: Channel, engine: Engine) -> None:
    shared.command("3.4.4", team=MERTON)
    (refused,) = shared.workspace.wait_for("response_url")
    assert refused["text"].startswith("I am not installed in this workspace")
    assert install(shared) == 200
    (welcome,) = shared.workspace.wait_for("chat.postMessage")
    assert welcome["channel"] == BEN
    assert "settings nudges here" in welcome["text"]
    with Session(engine) as session:
        (lead,) = session.scalars(select(KnownPerson).where(KnownPerson.is_lead))
    assert lead.person_id == BEN
    assert "3.4.4 is a Compact" in shared.command("3.4.4", team=MERTON).json()["text"]
    shared.press(button(welcome, "How much notice before a grant ends?"), user=BEN, team=MERTON, ephemeral=True)
    assert shared.workspace.wait_for("response_url", 2)[-1]["text"].startswith("3.4.4 answers this")


@pytest.mark.parametrize("state", ["forged", "WzE3OTU0Mjk2NTAsIngiXQ.abc", "é", "a" * 10_000, "\0", ".", "[1]"])
def test_a_forged_state_installs_nothing(shared: Channel, engine: Engine, state: str) -> None:
    assert 400 <= install(shared, state=state) < 500
    with engine.begin() as connection:
        assert connection.scalar(text("select count(*) from slack_installations")) == 0


def test_a_state_holds_for_ten_minutes_in_the_browser_that_asked_for_it(shared: Channel, engine: Engine) -> None:
    assert install(shared, after=timedelta(minutes=11)) == 401
    page = shared.client.get("/slack/install")
    state = page.headers["set-cookie"].partition("=")[2].partition(";")[0]
    shared.client.cookies.clear()
    assert shared.client.get("/slack/oauth_redirect", params={"code": "abc", "state": state}).status_code == 400
    with engine.begin() as connection:
        assert connection.scalar(text("select count(*) from slack_installations")) == 0
    assert install(shared, after=timedelta(minutes=9)) == 200


def test_whoever_opens_the_page_leaves_nothing_behind(shared: Channel, engine: Engine) -> None:
    states = {shared.client.get("/slack/install").headers["set-cookie"] for _ in range(20)}
    assert len(states) == 20
    with engine.begin() as connection:
        for table in every_table().tables:
            assert connection.scalar(text(f"select count(*) from {table}")) in (0, 1), table  # noqa: S608
        assert connection.scalar(text("select count(*) from slack_oauth_states")) == 0


def test_a_workspace_that_did_not_install_gets_no_answer_of_another(shared: Channel) -> None:
    install(shared)
    assert shared.command("3.4.4", team="T00000003").text == ""
    assert shared.workspace.wait_for("response_url")[0]["text"].startswith("I am not installed")


def test_tokens_are_refreshed_before_they_expire_from_the_courier_too(
    shared: Channel, engine: Engine, workspace: Workspace
) -> None:
    install(shared)
    store = SQLAlchemyInstallationStore("111.222", engine)
    soon = datetime.now().astimezone().replace(tzinfo=None) + timedelta(minutes=30)
    with engine.begin() as connection:
        for table in (store.installations, store.bots):
            connection.execute(table.update().values(bot_token_expires_at=soon))
    shared.door.installations.changed()
    shared.command("settings nudges here", team=MERTON)
    refreshed = workspace.called("oauth.v2.access")[-1]
    assert refreshed["grant_type"] == "refresh_token"
    kept = store.find_installation(enterprise_id=None, team_id=MERTON)
    assert kept is not None
    assert str(kept.bot_token).startswith("xoxb-refresh_token")


def test_tokens_are_sealed_in_the_database_and_still_answer(workspace: Workspace, engine: Engine, bot: Bot) -> None:
    more = {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "111.222", "SLACK_CLIENT_SECRET": "hidden"}
    settings = slack_settings(workspace, **more, COMPACT_SECRET_KEY="k" * 40)
    with talking(settings, workspace, engine, bot) as channel:
        assert install(channel) == 200
        channel.door.installations.changed()
        assert "3.4.4 is a Compact" in channel.command("3.4.4", team=MERTON).json()["text"]
    with engine.connect() as connection:
        for table in ("slack_installations", "slack_bots"):
            (row,) = connection.execute(text(f"select * from {table}")).mappings()  # noqa: S608
            assert "xox" not in str(dict(row))
            assert row["bot_token"].startswith("sealed:")


def test_who_installs_is_told_when_all_is_erased_after_removing(shared: Channel) -> None:
    install(shared)
    (welcome,) = shared.workspace.wait_for("chat.postMessage")
    assert "remove the app; 30 days later all that I keep of your organisation is erased." in welcome["text"]


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}])
def test_removing_the_app_forgets_its_tokens(shared: Channel, engine: Engine, event: dict[str, object]) -> None:
    install(shared)
    assert shared.event(event, team=MERTON).status_code == 200
    with engine.begin() as connection:
        for table in ("slack_installations", "slack_bots"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 0  # noqa: S608
    assert shared.command("3.4.4", team=MERTON).text == ""


def test_the_token_of_the_settings_answers_only_in_its_own_workspace(channel: Channel) -> None:
    assert channel.command("3.4.4", team="T00000003").text == ""
    (refused,) = channel.workspace.wait_for("response_url")
    assert refused["text"].startswith("I am not installed")


def test_whose_token_it_is_is_asked_once_and_not_for_each_request(channel: Channel) -> None:
    for _ in range(3):
        channel.command("3.4.4")
    assert len(channel.workspace.called("auth.test")) == 1
    wait_until(lambda: all(call.token in ("", TOKEN) for call in channel.workspace.calls))
