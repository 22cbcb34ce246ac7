"""Answers in Slack arrive: when it is busy, away, or takes nothing where somebody asked, and after a crash."""

import json
import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from adapters.slack.door import PACE
from compact_bot.bot import Bot
from compact_bot.outbox.rows import KEPT_FOR, LEASE
from compact_bot.outbox.sending import Pace
from compact_bot.store.tables import Outgoing
from tests.slack import workspace as slack
from tests.slack.conftest import AMINA, Channel, button, slack_settings, talking
from tests.slack.workspace import BOT, CHANNEL, Workspace, wait_until

GRANT = 'track funding "Youth club grant" ends 31 March 2027'
MENTION = f"<@{BOT}> {GRANT}"


def waiting(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Outgoing)) or 0


def was_refused(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.scalar(select(Outgoing.last_error)) not in (None, "")


def posted(channel: Channel, beginning: str) -> list[slack.Json]:
    return [said for said in channel.workspace.called("chat.postMessage") if said["text"].startswith(beginning)]


def say(channel: Channel, text: str = MENTION) -> None:
    assert channel.event(slack.message(text, "app_mention")).status_code == 200


def look(channel: Channel) -> None:
    """What the clock does every few seconds."""
    assert channel.client.portal is not None
    channel.client.portal.call(channel.door.outbox.send_waiting)


def look_until_sent(channel: Channel, engine: Engine) -> None:
    wait_until(lambda: was_refused(engine))
    for _ in range(20):
        channel.now += timedelta(minutes=3)
        look(channel)
        if not waiting(engine):
            return
    raise AssertionError("it was not sent")


@pytest.mark.parametrize("statuses", [[503], [500, 503], [429, 429, 429, 429, 429]])
def test_an_answer_is_posted_when_slack_is_back(channel: Channel, engine: Engine, statuses: list[int]) -> None:
    channel.workspace.down["chat.postMessage"] = list(statuses)
    say(channel)
    look_until_sent(channel, engine)
    assert len(channel.workspace.called("chat.postMessage")) == len(statuses) + 1
    assert len(posted(channel, "Saved as D1")) == len(channel.workspace.called("chat.postMessage"))
    assert channel.command("deadlines").json()["text"].count("Youth club grant") == 1


def test_slacks_own_error_loses_no_answer(channel: Channel, engine: Engine) -> None:
    channel.workspace.refuse["chat.postMessage"] = "internal_error"
    say(channel)
    wait_until(lambda: was_refused(engine))
    assert waiting(engine) == 1
    del channel.workspace.refuse["chat.postMessage"]
    channel.now += timedelta(minutes=5)
    look(channel)
    last = channel.workspace.called("chat.postMessage")[-1]
    assert last["text"].startswith('Saved as D1: "Youth club grant"')
    assert "This answer comes late: it could not be posted before." in last["text"]
    assert json.loads(button(last, "Undo")["value"])["act"] == "Undo"
    assert waiting(engine) == 0


def test_what_a_process_that_died_had_in_hand_is_sent_by_another(
    channel: Channel, workspace: Workspace, engine: Engine, bot: Bot
) -> None:
    workspace.slow["chat.postMessage"] = 0.4
    workspace.down["chat.postMessage"] = [503]
    say(channel)
    wait_until(lambda: waiting(engine) == 1)
    again = Bot(engine, bot.search, bot.rules, bot.meanings, bot.timezone)
    with talking(slack_settings(workspace), workspace, engine, again) as other:
        other.now = channel.now
        look(other)
        assert len(workspace.called("chat.postMessage")) == 1  # it is in hand
        other.now += LEASE + timedelta(minutes=1)
        look(other)
        assert waiting(engine) == 0
        assert len(posted(other, "Saved as D1")) >= 1


def test_the_answer_is_kept_in_the_transaction_of_its_change(channel: Channel, engine: Engine) -> None:
    channel.workspace.slow["chat.postMessage"] = 1.0
    say(channel)
    wait_until(lambda: channel.workspace.called("chat.postMessage"))
    assert waiting(engine) == 1
    wait_until(lambda: waiting(engine) == 0)


def test_a_question_leaves_no_row_when_slack_takes_its_answer(channel: Channel, engine: Engine) -> None:
    channel.workspace.slow["chat.postMessage"] = 0.5
    say(channel, f"<@{BOT}> 3.4.4")
    wait_until(lambda: channel.workspace.called("chat.postMessage"))
    assert waiting(engine) == 0


def test_twelve_mentions_at_once_lose_none_at_slacks_pace(workspace: Workspace, engine: Engine, bot: Bot) -> None:
    workspace.strict = True
    with talking(slack_settings(workspace), workspace, engine, bot, PACE) as channel:
        for number in range(12):
            say(channel, f'<@{BOT}> track payment "Invoice {number}" due {number + 1} March 2027')
        wait_until(lambda: len(workspace.called("chat.postMessage")) >= 12, 20)
        wait_until(lambda: waiting(engine) == 0, 20)
        codes = {said["text"].partition(":")[0] for said in workspace.called("chat.postMessage")}
        assert codes == {f"Saved as D{number}" for number in range(1, 13)}
        assert len(workspace.called("chat.postMessage")) == 12  # none was refused


def test_what_is_in_line_when_the_process_stops_is_posted_by_the_next(
    workspace: Workspace, engine: Engine, bot: Bot
) -> None:
    slow = Pace(seconds=30.0, burst=1)
    with talking(slack_settings(workspace), workspace, engine, bot, slow, finish_within=0.1) as channel:
        for number in range(4):
            say(channel, f"<@{BOT}> 3.4.{number + 1}")
        workspace.wait_for("chat.postMessage", 1)
        workspace.settle(0.5)
        assert len(workspace.called("chat.postMessage")) == 1
    assert waiting(engine) == 3
    with talking(slack_settings(workspace), workspace, engine, bot) as channel:
        for _ in range(3):  # the last in line was to wait for two minutes
            channel.now += timedelta(minutes=1)
            look(channel)
    assert len(workspace.called("chat.postMessage")) == 4


def test_other_channels_do_not_wait_for_a_busy_one(workspace: Workspace, engine: Engine, bot: Bot) -> None:
    with talking(slack_settings(workspace), workspace, engine, bot, PACE) as channel:
        for number in range(6):
            say(channel, f"<@{BOT}> 3.4.{number + 1}")
        before = time.monotonic()
        channel.direct("3.4.4")
        assert time.monotonic() - before < 1.5


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "is_archived"])
def test_where_a_channel_takes_nothing_the_asker_is_told_alone(channel: Channel, engine: Engine, error: str) -> None:
    channel.workspace.refuse["chat.postMessage"] = error
    say(channel)
    first, second = channel.workspace.wait_for("chat.postMessage", 2)
    assert (first["channel"], second["channel"]) == (CHANNEL, AMINA)
    assert second["text"].startswith("Saved as D1")
    assert f"I could not answer where you asked (Slack says {error}), so here is my answer." in second["text"]
    wait_until(lambda: waiting(engine) == 0)


@pytest.mark.parametrize("statuses", [[429], [500, 503]])
def test_a_response_url_that_fails_is_tried_again(channel: Channel, engine: Engine, statuses: list[int]) -> None:
    answer = channel.command("3.4.4").json()
    channel.workspace.down["response_url"] = list(statuses)
    channel.press(button(answer, "Share with channel"), ephemeral=True)
    look_until_sent(channel, engine)
    responded = channel.workspace.called("response_url")
    assert len(responded) == len(statuses) + 1
    assert {said["response_type"] for said in responded} == {"in_channel"}


def test_a_response_url_that_is_over_ends_in_a_direct_message(channel: Channel, engine: Engine) -> None:
    channel.command("track")
    view = channel.workspace.wait_for("views.open")[-1]["view"]
    chosen = {"kind": {"type": "static_select", "selected_option": {"value": "funding-notice"}}}
    form = channel.submit(view, chosen).json()["view"]
    values = {
        "title": {"type": "plain_text_input", "value": "Youth club grant"},
        "ends": {"type": "datepicker", "selected_date": "2027-03-31"},
    }
    channel.workspace.down["response_url"] = [404]
    assert channel.submit(form, values).text == ""
    (told,) = channel.workspace.wait_for("chat.postMessage")
    assert told["channel"] == AMINA
    assert told["text"].startswith("Saved as D1")
    wait_until(lambda: waiting(engine) == 0)


def test_what_leaves_no_trace_is_never_stored_and_arrives_all_the_same(channel: Channel, engine: Engine) -> None:
    channel.workspace.down["chat.postMessage"] = [503, 503]
    said = slack.message("anonymous feedback 3.3.4 they paid late", channel="D00000001", channel_type="im")
    channel.event(said)
    for number in (1, 2, 3):
        channel.workspace.wait_for("chat.postMessage", number)
        assert waiting(engine) == 0
    assert channel.workspace.called("chat.postMessage")[-1]["text"].startswith("Logged as F")


def test_what_nobody_takes_for_a_day_is_deleted(channel: Channel, engine: Engine) -> None:
    channel.workspace.refuse["chat.postMessage"] = "internal_error"
    say(channel)
    wait_until(lambda: was_refused(engine))
    channel.now += KEPT_FOR + timedelta(minutes=1)
    look(channel)
    assert waiting(engine) == 0
