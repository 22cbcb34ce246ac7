"""What was edited, deleted, forwarded, sent as a file or with /me in a direct message to the bot."""

import pytest

from tests.slack import workspace as slack
from tests.slack.conftest import Channel
from tests.slack.workspace import AMINA, BOT, Json, wait_until

GRANT = 'track funding "Youth club grant" ends 31 March 2027'


def edit(before: Json, text: str, at: str = "9.000001") -> Json:
    now = {**before, "text": text, "edited": {"user": AMINA, "ts": at}}
    return {
        "type": "message",
        "subtype": "message_changed",
        "channel": "D00000001",
        "channel_type": "im",
        "ts": at,
        "message": now,
        "previous_message": before,
    }


def posted(channel: Channel) -> list[str]:
    return [said["text"] for said in channel.workspace.called("chat.postMessage")]


def direct(channel: Channel, **more: object) -> str:
    before = len(posted(channel))
    said = slack.message(str(more.pop("text", "")), channel="D00000001", channel_type="im", **more)
    assert channel.event(said).status_code == 200
    wait_until(lambda: len(posted(channel)) > before)
    return posted(channel)[before]


def test_an_edited_question_is_answered_anew_in_its_thread_once(channel: Channel) -> None:
    first = slack.message("3.4.4", channel="D00000001", channel_type="im", thread_ts="1.000001")
    channel.event(first)
    channel.workspace.wait_for("chat.postMessage")
    for _ in range(2):  # Slack sends it again
        channel.event(edit(first, "3.4.3"))
    anew = channel.workspace.wait_for("chat.postMessage", 2)[1]
    assert anew["text"].startswith("3.4.3 is a Compact commitment")
    assert "This answers your message as you edited it." in anew["text"]
    assert anew["thread_ts"] == "1.000001"
    channel.workspace.settle(0.2)
    assert len(posted(channel)) == 2


@pytest.mark.parametrize("now", [GRANT, "yes", "undo", "anonymous feedback 3.3.4 they paid late", "track"])
def test_an_edited_order_is_not_carried_out(channel: Channel, now: str) -> None:
    direct(channel, text='track payment "Q3" due 1 December 2026')
    direct(channel, text="remind us that the library consultation closes 3 March")
    before = slack.message("3.4.4", channel="D00000001", channel_type="im")
    channel.event(edit(before, now))
    assert channel.workspace.wait_for("chat.postMessage", 3)[2]["text"].startswith("You edited a message")
    listed = channel.command("deadlines").json()["text"]
    assert "D1, Q3" in listed
    assert "D2" not in listed
    assert "F1" not in channel.command("feedback").json()["text"]


def test_an_edited_mention_is_answered_anew_and_its_order_not_done_again(channel: Channel) -> None:
    """Slack fires app_mention again, with the same time stamp, and the edit beside it."""
    said = slack.message(f"<@{BOT}> {GRANT}", "app_mention")
    channel.event(said)
    channel.workspace.wait_for("chat.postMessage")
    for at, text in (("9.000001", GRANT.replace("Youth", "Art")), ("9.000002", "3.4.4")):
        for _ in range(2):  # Slack sends it again
            channel.event({**said, "text": f"<@{BOT}> {text}", "edited": {"user": AMINA, "ts": at}})
    order, question = [one["text"] for one in channel.workspace.wait_for("chat.postMessage", 3)[1:]]
    assert order.startswith("You edited a message")
    assert question.startswith("3.4.4 is a Compact commitment")
    channel.workspace.settle(0.2)
    assert len(posted(channel)) == 3
    assert "Art club" not in channel.command("deadlines").json()["text"]


def test_a_message_that_names_the_bot_only_since_its_edit_is_heard_as_any_other(channel: Channel) -> None:
    said = slack.message(f"<@{BOT}> {GRANT}", "app_mention", edited={"user": AMINA, "ts": "9.000001"})
    channel.event(said)
    assert channel.workspace.wait_for("chat.postMessage")[0]["text"].startswith("Saved as D1")


def test_what_slack_changes_by_itself_or_somebody_deletes_says_nothing(channel: Channel) -> None:
    before = slack.message("3.4.4", channel="D00000001", channel_type="im")
    channel.event(edit(before, "3.4.4"))  # a preview of a link was added
    channel.event({**edit(before, "x"), "subtype": "message_deleted"})
    channel.event({**edit({**before, "bot_id": "B1"}, "x"), "channel_type": "im"})
    channel.event({**edit(before, "3.4.3"), "channel_type": "channel"})
    channel.workspace.settle(0.2)
    assert posted(channel) == []


def test_me_asks_like_anything_else(channel: Channel) -> None:
    said = direct(channel, text="how much notice before a grant ends?", subtype="me_message")
    assert said.startswith("3.4.4 answers this")


def test_a_file_alone_is_said_not_to_be_read(channel: Channel) -> None:
    said = direct(channel, subtype="file_share", files=[{"id": "F1", "name": "grant.pdf"}])
    assert said.startswith("I cannot open files, so I have read nothing of it.")


def test_a_forwarded_message_is_looked_up(channel: Channel) -> None:
    shared = [{"is_share": True, "text": "can they end our grant with six weeks' notice?"}]
    assert "3.4.4" in direct(channel, attachments=shared)
