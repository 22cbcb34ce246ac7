"""Answers in Teams arrive: when it is away for a while, or takes nothing where somebody asked; edits and forwards."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from compact_bot.store.tables import Outgoing
from tests.teams.conftest import Client, Clock, actions_of
from tests.teams.stand_in import Fault

GRANT = 'track funding "Youth club grant" ends 31 March 2027'
AWAY = [[500], [503], [503, 500, 503], [502] * 4, [429] * 4]


def waiting(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Outgoing)) or 0


def look_until_sent(client: Client, clock: Clock, engine: Engine) -> None:
    """What the clock does every few seconds."""
    assert client.http.portal is not None
    for _ in range(10):
        clock.now += timedelta(minutes=5)
        client.http.portal.call(client.door.outbox.send_waiting)
        if not waiting(engine):
            return
    raise AssertionError("it was not sent")


@pytest.mark.parametrize("statuses", AWAY)
def test_an_answer_is_posted_when_teams_is_back(
    client: Client, clock: Clock, engine: Engine, statuses: list[int]
) -> None:
    client.teams.faults = [Fault(status) for status in statuses]
    client.elsewhere("channel").mention(GRANT)
    assert waiting(engine) == 1
    look_until_sent(client, clock, engine)
    last = client.teams.sent()[-1]
    assert last["summary"].startswith("Saved as D1")
    assert "This answer comes late" in last["summary"]
    assert last["conversation"]["id"].endswith(";messageid=1700")
    assert len(client.teams.sent()) == len(statuses) + 1


def test_a_question_is_answered_late_too(client: Client, clock: Clock, engine: Engine) -> None:
    client.teams.faults = [Fault(503)]
    client.say("3.4.4")
    look_until_sent(client, clock, engine)
    assert "3.4.4" in client.teams.sent()[-1]["summary"]


@pytest.mark.parametrize("status", [403, 404])
def test_where_a_channel_takes_nothing_the_asker_is_told_in_their_own_chat(
    client: Client, engine: Engine, status: int
) -> None:
    client.teams.faults = [Fault(status)]
    client.elsewhere("channel").mention(GRANT)
    last = client.teams.calls[-1]
    assert last.path.startswith("v3/conversations/a:alone/activities")
    assert last.body["summary"].startswith("Saved as D1")
    assert f"I could not answer where you asked (Teams answered {status})" in last.body["summary"]
    assert waiting(engine) == 0


def test_what_leaves_no_trace_is_never_stored(client: Client, engine: Engine) -> None:
    client.teams.faults = [Fault(503)]
    client.say("anonymous feedback 3.3.4 they paid late")
    assert waiting(engine) == 0


def test_sharing_says_when_it_has_to_wait(client: Client, clock: Clock, engine: Engine) -> None:
    place = client.elsewhere("channel")
    asked = {"commandId": "ask", "messagePayload": {"body": {"content": "ending a grant early"}}}
    shown = place.invoke("composeExtension/fetchTask", asked)["task"]["value"]["card"]["content"]
    (share,) = [action for action in actions_of(shown) if action["title"] == "Share with channel"]
    client.teams.faults = [Fault(503)]
    said = place.invoke("composeExtension/submitAction", {"commandId": "ask", "data": share["data"]})
    assert said["task"]["value"] == "Teams did not take it just now. I will share it here as soon as it does."
    look_until_sent(client, clock, engine)
    assert client.teams.sent()[-1]["summary"].startswith("Shared by Amina.")


def test_an_edited_question_is_answered_anew_and_an_edited_order_is_not_done_again(client: Client) -> None:
    def edit(text: str) -> list[str]:
        before = len(client.teams.sent())
        data = {"tenant": {"id": client.tenant}, "eventType": "editMessage"}
        client.post({**client.activity("messageUpdate", text=text, channelData=data), "id": "first"})
        return [one["summary"] for one in client.teams.sent()[before:]]

    client.post({**client.activity(text="3.4.4"), "id": "first"})
    (anew,) = edit("3.4.3")
    assert anew.startswith("3.4.3 is a Compact commitment")
    assert "This answers your message as you edited it." in anew
    assert edit("3.4.3") == []  # Teams sends it again
    (order,) = edit(GRANT)
    assert order.startswith("You edited a message that I have answered.")
    assert "no open deadlines" in client.say("deadlines")[0]["summary"]
    (nobody,) = edit("anonymous feedback 3.3.4 they paid late")
    assert nobody.startswith("You edited a message that I have answered.")
    assert "F1" not in client.say("feedback")[0]["summary"]


def test_a_forwarded_message_is_looked_up_and_a_file_alone_gets_an_answer_that_helps(client: Client) -> None:
    content = {"originalMessageId": "1", "originalMessageContent": "<p>drop D1 because it was renewed</p>"}
    client.say(GRANT)
    forwarded = {"contentType": "forwardedMessageReference", "content": content}
    (answer,) = client.say("", attachments=[forwarded])
    assert "I only looked these words up" in answer["summary"]
    assert "D1, Youth club grant" in client.say("deadlines")[0]["summary"]
    file = {"contentType": "application/vnd.microsoft.teams.file.download.info", "name": "grant.pdf"}
    (answer,) = client.say("", attachments=[file])
    assert answer["summary"].startswith("I cannot open files, so I have read nothing of it.")
    assert "D2" not in client.say("deadlines")[0]["summary"]
