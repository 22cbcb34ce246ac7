"""What people say in Slack, and where they read the answer."""

import html
import json
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from adapters.slack.wording import written
from compact_bot.bot import Bot
from compact_bot.nudges.queue import failed
from compact_bot.nudges.sending import Sender
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.conftest import ROOT, Chat
from tests.slack import workspace as slack
from tests.slack.conftest import Channel, button, slack_settings, talking
from tests.slack.workspace import AMINA, BEN, BOT, CHANNEL, Workspace, wait_until

NOTICE = "To give a minimum of 3 months' notice in writing"
GRANT = 'track funding "Youth club grant" ends 31 March 2027 owner <@U00000001>'


# ---- ask ------------------------------------------------------------------------------------------------------------


def test_a_mention_is_answered_in_its_thread_with_the_whole_answer_as_text(channel: Channel) -> None:
    answer = channel.mention("what does it say about ending a grant?", ts="5.000001")
    assert answer["channel"] == CHANNEL
    assert answer["thread_ts"] == "5.000001"
    assert answer["text"].startswith("3.4.4 answers this")
    assert NOTICE in answer["text"]
    assert answer["unfurl_links"] is False


def test_the_first_post_in_a_channel_introduces_itself_once(channel: Channel) -> None:
    first, second = channel.mention("3.4.4"), channel.mention("3.4.4")
    assert "This is my first post here. I am Compact Bot, asked here by <@U00000001>." in first["text"]
    assert "Nudges come here only when somebody says: settings nudges here." in first["text"]
    assert "first post" not in second["text"]


def test_a_thread_goes_on_from_its_own_last_answer(channel: Channel) -> None:
    channel.mention("we want to end the grant", ts="7.000001")
    assert "section 3.4" in channel.mention("and for VCOs?", thread_ts="7.000001")["text"]
    assert "About what?" in channel.mention("and for VCOs?", thread_ts="8.000001")["text"]


def test_a_direct_message_is_answered_there(channel: Channel) -> None:
    answer = channel.direct("3.4.4")
    assert answer["channel"] == "D00000001"
    assert "thread_ts" not in answer
    assert "first post" not in answer["text"]


def test_a_command_is_answered_for_its_asker_alone(channel: Channel) -> None:
    answer = channel.command("how much notice before a grant ends").json()
    assert answer["response_type"] == "ephemeral"
    assert NOTICE in answer["text"]
    assert channel.workspace.called("chat.postMessage") == []


@pytest.mark.parametrize("text", ["", "help"])
def test_an_empty_command_gets_help(channel: Channel, text: str) -> None:
    said = channel.command(text).json()["text"]
    assert "Say it in your own words." in said
    assert "how much notice before a grant ends?" in said


def test_sharing_posts_the_whole_answer_and_names_who_shared(channel: Channel) -> None:
    answer = channel.command("3.4.4").json()
    assert channel.press(button(answer, "Share with channel"), ephemeral=True).status_code == 200
    (shared,) = channel.workspace.wait_for("response_url")
    assert shared["response_type"] == "in_channel"
    assert shared["replace_original"] is False
    assert shared["text"].startswith("Shared by <@U00000001>. 3.4.4 is a Compact commitment")
    assert NOTICE in shared["text"]


def test_only_what_is_said_to_the_bot_is_read(channel: Channel) -> None:
    for said in (
        slack.message("talking among ourselves about 3.4.4"),
        slack.message("3.4.4", channel="D00000001", channel_type="im", bot_id="B1"),
        slack.message("3.4.4", channel="D00000001", channel_type="im", subtype="message_changed"),
        slack.message(f"<@{BOT}> 3.4.4", "app_mention", bot_id="B00000001", user=BOT),
    ):
        assert channel.event(said).status_code == 200
    channel.mention("3.4.4")
    channel.workspace.settle()
    assert len(channel.workspace.called("chat.postMessage")) == 1


def test_retries_racing_retries_and_twins_are_answered_once_across_processes(
    channel: Channel, workspace: Workspace, engine: Engine, bot: Bot
) -> None:
    said = slack.message(f"<@{BOT}> 3.4.4", "app_mention")
    twin = {**said, "type": "message", "channel_type": "channel"}
    again = Bot(engine, bot.search, bot.rules, bot.meanings, bot.timezone)
    with talking(slack_settings(workspace), workspace, engine, again) as other:
        for one in (channel, other, channel, other):
            assert one.event(said).status_code == 200
            assert one.event(twin).status_code == 200
    channel.mention("3.4.5")
    workspace.settle()
    assert len(workspace.called("chat.postMessage")) == 2


def test_a_busy_slack_gets_the_answer_when_it_can(channel: Channel) -> None:
    channel.workspace.busy["chat.postMessage"] = 1
    channel.mention("3.4.4")
    assert len(channel.workspace.wait_for("chat.postMessage", 2)) == 2


def test_a_command_that_takes_long_is_acknowledged_and_answered_afterwards(channel: Channel, engine: Engine) -> None:
    with engine.begin():  # another process is writing
        assert channel.command("3.4.4").text == ""
    (late,) = channel.workspace.wait_for("response_url")
    assert late["text"].startswith("3.4.4 is a Compact commitment")
    assert late["response_type"] == "ephemeral"


def test_text_that_looks_like_markup_stays_text(channel: Channel) -> None:
    name = "&lt;!channel&gt; &lt;@U00000009&gt; *x*"
    answer = channel.mention(f'track payment "{name}" due 31 March 2027')
    shown = json.dumps(answer)
    assert "<!channel>" not in shown
    assert "<@U00000009>" not in shown
    assert channel.command("<https://evil.example|3.4.4>").json()["text"].startswith("3.4.4 is a")


def test_the_same_words_as_in_the_console(channel: Channel, chat: Chat) -> None:
    person = replace(chat, name=f"@{AMINA}", organisation="another", now=channel.now)
    for line in (ROOT / "tests" / "conversation.txt").read_text(encoding="utf-8").splitlines():
        before = len(channel.workspace.called("chat.postMessage"))
        channel.direct(html.escape(line, quote=False))
        channel.workspace.settle(0.05)
        said = "\n\n".join(m["text"] for m in channel.workspace.called("chat.postMessage")[before:])
        assert said == written(person.hear(line)).replace("from test", "from slack"), line


# ---- forms ----------------------------------------------------------------------------------------------------------


def opened(channel: Channel) -> slack.Json:
    return dict(channel.workspace.wait_for("views.open")[-1]["view"])


def test_tracking_by_form_says_what_is_wrong_beside_the_field_and_then_saves(channel: Channel) -> None:
    assert channel.command("track").text == ""
    kinds = opened(channel)
    chosen = {"kind": {"type": "static_select", "selected_option": {"value": "funding-notice"}}}
    form = channel.submit(kinds, chosen).json()["view"]
    assert [block["label"]["text"] for block in form["blocks"]][:2] == [
        "Name",
        "When funding changes or ends",
    ]
    values = {
        "title": {"type": "plain_text_input", "value": "Youth club grant"},
        "ends": {"type": "datepicker", "selected_date": "2020-03-31"},
        "owner": {"type": "users_select", "selected_user": BEN},
        "rationale": {"type": "plain_text_input", "value": None},
    }
    wrong = channel.submit(form, values).json()
    assert wrong["response_action"] == "errors"
    assert wrong["errors"]["ends"].startswith("Tuesday 31 March 2020 is past")
    values["ends"]["selected_date"] = "2027-03-31"
    assert channel.submit(form, values).text == ""
    (saved,) = channel.workspace.wait_for("response_url")
    assert saved["text"].startswith('Saved as D1: "Youth club grant". Owner: <@U00000002>.')
    assert saved["response_type"] == "ephemeral"


def test_the_global_shortcut_opens_the_form(channel: Channel) -> None:
    channel.interact("shortcut", callback_id="track_deadline")
    assert opened(channel)["title"]["text"] == "Track a deadline"


def test_the_message_shortcut_asks_about_a_message(channel: Channel) -> None:
    channel.interact(
        "message_action",
        callback_id="ask_about_message",
        channel={"id": CHANNEL},
        message={"ts": "9.000001", "text": "they are pulling the plug on the lunch club in six weeks"},
    )
    shown = opened(channel)
    assert shown["callback_id"] == "shown"
    assert NOTICE in json.dumps(shown)


def test_a_form_that_slack_will_not_open_is_answered_in_words(channel: Channel) -> None:
    channel.workspace.refuse["views.open"] = "expired_trigger_id"
    channel.command("track")
    (said,) = channel.workspace.wait_for("response_url")
    assert said["text"].startswith("What would you like to track?")


def test_a_mention_offers_the_form_as_a_button(channel: Channel) -> None:
    answer = channel.mention("track")
    channel.press(button(answer, "Open the form: Track a deadline"))
    assert opened(channel)["title"]["text"] == "Track a deadline"


# ---- nudges ---------------------------------------------------------------------------------------------------------


def send(channel: Channel, engine: Engine, sutton: Agreement, rules: Rules, day: int) -> None:
    channel.now = channel.now.replace(year=2026, month=11, day=day, hour=9, minute=31)
    sender = Sender(engine, sutton, rules, {"slack": channel.door.courier}, channel.clock, "worker")
    assert channel.client.portal is not None
    channel.client.portal.call(sender.send_due)


def test_a_nudge_names_the_owner_and_done_shrinks_it_to_one_line(
    channel: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    channel.mention(GRANT)
    send(channel, engine, sutton, rules, 30)
    nudge = next(m for m in channel.workspace.called("chat.postMessage") if "4 weeks 3 days left" in m["text"])
    assert nudge["channel"] == CHANNEL
    assert "thread_ts" not in nudge
    assert "Owner: <@U00000001>." in nudge["text"]
    assert nudge["metadata"]["event_payload"]["key"].startswith("nudge-")
    channel.press(button(nudge, "Mark done"))
    form = opened(channel)
    values = {
        "on": {"type": "datepicker", "selected_date": "2026-11-30"},
        "how": {"type": "plain_text_input", "value": "by letter"},
    }
    assert channel.submit(form, values).text == ""
    (shrunk,) = channel.workspace.wait_for("chat.update")
    assert shrunk["text"].startswith("<@U00000001>: Done on Monday 30 November 2026: Minimum notice")
    assert len(shrunk["blocks"]) == 1
    # That step is over: the same form sent again saves nothing.
    assert channel.submit(form, values).text == ""
    assert "was already done on Monday 30 November 2026" in channel.workspace.wait_for("response_url", 2)[-1]["text"]
    assert len(channel.workspace.called("chat.update")) == 1


def test_when_a_part_of_a_message_is_done_the_rest_stays_with_its_buttons(
    channel: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    channel.mention('track payment "Rent" due 30 November 2026')
    channel.mention('track payment "Q3" due 30 November 2026')
    send(channel, engine, sutton, rules, 30)
    (nudge,) = [m for m in channel.workspace.called("chat.postMessage") if "D1, Rent. Payment made." in m["text"]]
    channel.press(button(nudge, "Mark done"))
    (shown,) = channel.workspace.wait_for("chat.update")
    assert shown["text"].startswith("<@U00000001>: Done on Monday 30 November 2026: Payment made.")
    assert "Rent" not in shown["text"].removeprefix(shown["text"].split("\n")[0])
    assert "D2, Q3. Payment made." in shown["text"]
    channel.press(button(shown, "Mark done"))
    last = channel.workspace.wait_for("chat.update", 2)[-1]
    assert len(last["blocks"]) == 1


def test_a_nudge_to_a_gone_channel_reaches_its_owner_alone_and_is_listed(
    channel: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    channel.mention(GRANT)
    channel.workspace.refuse["chat.postMessage"] = "is_archived"
    send(channel, engine, sutton, rules, 30)
    assert "Slack says is_archived" in {nudge.last_error for nudge in failed(engine)}
    del channel.workspace.refuse["chat.postMessage"]
    send(channel, engine, sutton, rules, 30)
    last = channel.workspace.called("chat.postMessage")[-1]
    assert last["channel"] == AMINA
    assert "could not be delivered where your team gets its nudges" in last["text"]


def test_nudges_come_to_a_person_alone_on_request(
    channel: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    channel.mention(GRANT)
    assert "From now on I nudge you directly" in channel.direct("settings nudges me")["text"]
    send(channel, engine, sutton, rules, 30)
    nudged = [m["channel"] for m in channel.workspace.called("chat.postMessage") if "4 weeks 3 days left" in m["text"]]
    assert sorted(nudged) == [CHANNEL, AMINA]


def test_the_introduction_says_who_sent_nudges_there_and_how_to_stop_them(channel: Channel) -> None:
    chosen = channel.mention("settings nudges here", user=BEN)
    assert (
        "Your team's nudges come here, as <@U00000002> chose; to stop them, say: settings nudges stop."
        in chosen["text"]
    )


def test_all_that_is_due_is_one_message_a_place_and_introduces_the_bot_where_it_is_new(
    channel: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    channel.command(GRANT)
    channel.command('track payment "Q3" due 30 November 2026')
    channel.command("settings nudges me")
    send(channel, engine, sutton, rules, 30)
    posted = channel.workspace.called("chat.postMessage")
    nudges = [m for m in posted if "Youth club grant" in m["text"] and "Q3" in m["text"]]
    assert sorted(m["channel"] for m in nudges) == [CHANNEL, AMINA]
    assert [m["channel"] for m in posted if "first post here" in m["text"]] == [CHANNEL]


def test_nudges_stop_when_somebody_says_so(channel: Channel, engine: Engine, sutton: Agreement, rules: Rules) -> None:
    channel.mention(GRANT)
    channel.mention("settings nudges stop")
    before = len(channel.workspace.called("chat.postMessage"))
    send(channel, engine, sutton, rules, 30)
    assert len(channel.workspace.called("chat.postMessage")) == before


def test_change_date_on_a_nudge_opens_its_form(channel: Channel) -> None:
    answer = channel.mention(GRANT)
    channel.press(button(channel.mention("D1"), "Change date"))
    form = opened(channel)
    assert "Saved as D1" in answer["text"]
    values = {
        "which": {"type": "static_select", "selected_option": {"value": "ends 2027-03-31"}},
        "day": {"type": "datepicker", "selected_date": "2027-04-30"},
    }
    assert channel.submit(form, values).text == ""
    (moved,) = channel.workspace.wait_for("response_url")
    assert moved["text"].startswith("D1 moved: when funding changes or ends is now Friday 30 April 2027.")


# ---- App Home -------------------------------------------------------------------------------------------------------


def test_home_shows_what_is_due_for_me_and_for_us_and_is_drawn_again_when_something_changes(channel: Channel) -> None:
    channel.event({"type": "app_home_opened", "user": AMINA, "channel": "D00000001", "tab": "home"})
    (empty,) = channel.workspace.wait_for("views.publish")
    assert empty["user_id"] == AMINA
    assert "Nothing is due by" in json.dumps(empty)
    channel.mention('track payment "Q3" due 1 December 2026 owner <@U00000001>')
    channel.mention('track payment "Q4" due 2 December 2026 owner <@U00000002>', user=BEN)
    wait_until(lambda: "D2, Q4" in json.dumps(channel.workspace.called("views.publish")[-1]))
    drawn = json.dumps(channel.workspace.called("views.publish")[-1])
    order = [
        drawn.index(words) for words in ("1 of yours, 1 of your team", '"Yours"', "D1, Q3", "Your team's", "D2, Q4")
    ]
    assert order == sorted(order)


def test_the_ask_box_of_home_answers_in_a_modal(channel: Channel) -> None:
    channel.event({"type": "app_home_opened", "user": AMINA, "channel": "D00000001", "tab": "home"})
    (home,) = channel.workspace.wait_for("views.publish")
    asking = home["view"]["blocks"][0]
    assert asking["label"]["text"] == "Ask the Compact"
    channel.interact(
        "block_actions",
        container={"type": "view", "view_id": "V9"},
        view={"id": "V9", "type": "home"},
        actions=[{"type": "plain_text_input", "action_id": "ask", "block_id": "question", "value": "3.4.4"}],
    )
    assert NOTICE in json.dumps(opened(channel))


# ---- organisations apart --------------------------------------------------------------------------------------------


def test_each_workspace_sees_only_its_own(channel: Channel, workspace: Workspace, engine: Engine, bot: Bot) -> None:
    channel.mention(GRANT)
    workspace.tokens["xoxb-other"] = "T00000009"
    with talking(slack_settings(workspace, SLACK_BOT_TOKEN="xoxb-other"), workspace, engine, bot) as other:  # noqa: S106
        assert "There is no D1 here" in other.command("D1", team="T00000009").json()["text"]
        assert "There are no open deadlines" in other.command("deadlines", team="T00000009").json()["text"]


def test_a_guest_in_a_shared_channel_sees_only_their_own(channel: Channel) -> None:
    channel.mention(GRANT)
    said = slack.message(f"<@{BOT}> D1", "app_mention", user="U00000077", user_team="T00000077")
    channel.event(said, is_ext_shared_channel=True)
    wait_until(lambda: len(channel.workspace.called("chat.postMessage")) == 2)
    assert "There is no D1 here" in channel.workspace.called("chat.postMessage")[-1]["text"]


def test_removing_the_app_stops_its_nudges_and_keeps_the_data(
    channel: Channel, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    channel.mention(GRANT)
    assert channel.event({"type": "app_uninstalled"}).status_code == 200
    before = len(channel.workspace.called("chat.postMessage"))
    send(channel, engine, sutton, rules, 30)
    assert len(channel.workspace.called("chat.postMessage")) == before
    assert "Youth club grant" in channel.command("deadlines").json()["text"]


# ---- what takes long ------------------------------------------------------------------------------------------------


def test_a_thread_shows_that_an_answer_is_on_its_way_when_it_takes_long(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.talking.STATUS_AFTER", 60)
    channel.mention("help")
    assert channel.workspace.called("assistant.threads.setStatus") == []
    monkeypatch.setattr("adapters.slack.talking.STATUS_AFTER", 0)
    channel.workspace.refuse["assistant.threads.setStatus"] = "missing_scope"
    said = channel.mention("how much notice before a grant ends?")
    (status,) = channel.workspace.called("assistant.threads.setStatus")
    assert (status["thread_ts"], status["status"]) == (said["thread_ts"], "is looking it up ...")


def test_what_takes_long_says_that_it_is_worked_on_and_then_answers(
    channel: Channel, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.answering.WORKING_AFTER", 0.0)
    channel.direct("3.4.4")
    working, answer = workspace.wait_for("chat.postMessage", 2)
    assert working["text"].startswith("Working ...")
    assert NOTICE in answer["text"]
