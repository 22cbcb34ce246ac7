"""The message extension: quoting a clause, asking about somebody's message, sharing the answer."""

from typing import Any

from adapters.teams.codec import INPUT
from tests.conftest import Chat
from tests.teams.conftest import Client, actions_of
from tests.teams.stand_in import Fault


def search(client: Client, words: str, name: str = "words") -> dict[str, Any]:
    value = {"commandId": "search", "parameters": [{"name": name, "value": words}], "queryOptions": {"skip": 0}}
    found: dict[str, Any] = client.invoke("composeExtension/query", value)["composeExtension"]
    return found


def about(client: Client, command: str, html: str) -> dict[str, Any]:
    payload = {"body": {"contentType": "html", "content": html}, "linkToMessage": "https://teams.example/l/message/1"}
    value = {"commandId": command, "commandContext": "message", "messagePayload": payload}
    dialog: dict[str, Any] = client.invoke("composeExtension/fetchTask", value)["task"]["value"]
    return dialog


def submit(client: Client, dialog: dict[str, Any], title: str, **inputs: str) -> dict[str, Any]:
    (action,) = [one for one in actions_of(dialog["card"]["content"]) if one["title"] == title]
    assert action["type"] == "Action.Submit"
    value = {"commandId": "ask", "data": {**action["data"], **inputs}}
    task: dict[str, Any] = client.invoke("composeExtension/submitAction", value)["task"]
    return task


def test_a_word_or_a_number_finds_clauses_and_inserts_exact_words(client: Client, chat: Chat) -> None:
    for words, first in (("3.4.4", "3.4.4"), ("notice", "3.4.4"), ("full cost recovery", "3.3.1")):
        found = search(client, words)["attachments"][0]
        clause = chat.bot.search.agreement.clauses[first]
        assert found["preview"]["content"]["title"].startswith(f"{first}, binds the ")
        assert clause.text in found["content"]["fallbackText"]
        assert "Sutton Compact" in found["content"]["fallbackText"]
    assert client.teams.calls == []


def test_what_the_compact_does_not_say_finds_nothing(client: Client) -> None:
    assert search(client, "zebra crossings")["text"] == "The Compact does not say. Try other words."
    assert search(client, "", "initialRun")["text"] == "Type a word, or a number such as 3.4.4."
    for value in (None, [], {"parameters": [5]}, {"parameters": {}}, {"parameters": [{"name": 1, "value": {}}]}):
        assert client.invoke("composeExtension/query", value)["composeExtension"]["type"] == "message"


def test_asking_about_a_message_answers_its_asker_alone_who_may_share_it(client: Client) -> None:
    channel = client.elsewhere("channel")
    dialog = about(channel, "ask", "<div><p>how much notice&nbsp;before a <b>grant</b> ends?</p></div>")
    assert dialog["title"] == "Ask about this"
    assert dialog["card"]["content"]["fallbackText"].startswith("3.4.4 answers this")
    assert client.teams.calls == []
    assert submit(channel, dialog, "Share with channel") == {"type": "message", "value": "Shared with everyone here."}
    (shared,) = client.teams.sent()
    assert shared["summary"].startswith("Shared by Amina. 3.4.4 answers this")


def test_sharing_where_the_bot_is_not_installed_says_so(client: Client) -> None:
    channel = client.elsewhere("channel")
    dialog = about(channel, "ask", "how much notice before a grant ends?")
    client.teams.faults = [Fault(403)]
    assert "nothing was shared" in submit(channel, dialog, "Share with channel")["value"]


def test_a_button_in_a_dialog_goes_on_in_it(client: Client) -> None:
    dialog = about(client, "ask", "how much notice before a grant ends?")
    task = submit(client, dialog, "All of section 3.4")
    assert task["type"] == "continue"
    assert "Section 3.4, Clear arrangements" in task["value"]["card"]["content"]["fallbackText"]


def test_logging_a_message_as_feedback_opens_a_dialog(client: Client) -> None:
    dialog = about(client, "feedback", "<p>They told us late.</p>")
    assert dialog["title"] == "Log as feedback"
    inputs = {one["id"].removeprefix(INPUT): one for one in dialog["card"]["content"]["body"] if "id" in one}
    assert inputs["what"]["value"] == "They told us late."
    assert inputs["link"]["value"] == "https://teams.example/l/message/1"
    given = {"what": "They told us late.", "kind": "not kept", "clauses": "3.2.2", "anonymous": "named"}
    logged = submit(client, dialog, "Log it", **{f"{INPUT}{name}": value for name, value in given.items()})
    assert logged["value"]["card"]["content"]["fallbackText"].startswith("Logged as F1: not kept, 3.2.2.")


def test_what_no_command_of_ours_sends_is_refused(client: Client) -> None:
    for name in ("composeExtension/fetchTask", "composeExtension/submitAction", "task/fetch"):
        answer = client.post(client.activity("invoke", name=name, value={"commandId": "other", "data": {}}))
        assert answer.status_code in (400, 501)
