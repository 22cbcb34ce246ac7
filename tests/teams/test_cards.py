"""Every reply of a conversation as a card: small enough, one column, labelled, its text whole and only text."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from adapters.plain_text import plain_text
from adapters.teams import cards
from compact_bot.conversation import Button, Citation, Fact, Field, FieldKind, Form, Option, Reply
from compact_bot.understanding.acts import Help, Helped, Show, from_builtins
from tests.conftest import ROOT, Chat
from tests.teams.conftest import Client, actions_of

LINES = (ROOT / "tests" / "conversation.txt").read_text().splitlines()
LARGEST = 60_000  # bytes of a message, of which the card may take 28,000


def elements(card: object) -> Iterator[dict[str, Any]]:
    if isinstance(card, dict):
        yield card
        for name, value in card.items():
            if name not in ("data", "fallback"):
                yield from elements(value)
    elif isinstance(card, list):
        for one in card:
            yield from elements(one)


def words_of(card: dict[str, Any]) -> str:
    """Everything in the body of a card that can be read, without spaces."""
    runs = [e["text"] for e in elements(card["body"]) if e.get("type") == "TextRun"]
    return "".join("".join(runs).split())


def check(card: dict[str, Any]) -> None:
    assert card["version"] == "1.5"
    assert card["fallbackText"]
    assert len(card.get("actions", ())) <= cards.MOST_ACTIONS
    for element in elements(card):
        kind = element.get("type", "")
        assert kind not in ("ColumnSet", "Column", "TextBlock")
        if kind == "Table":
            assert element["fallback"]["type"] == "FactSet"
            assert len(element["columns"]) <= 3, "phones hold no more"
        if kind == "ActionSet":
            assert 0 < len(element["actions"]) <= cards.MOST_ACTIONS
        if kind.startswith("Input."):
            assert element["label"]
            assert element["isRequired"] in (False, bool(element.get("errorMessage")))
            assert "placeholder" not in element
    for action in card.get("actions", ()):
        assert action["title"]
        if action["type"] == "Action.Execute":
            assert action["fallback"]["type"] == "Action.Submit"
            assert action["fallback"]["data"] == action["data"]


def test_each_reply_of_a_conversation_is_a_good_card_and_whole(chat: Chat) -> None:
    for line in LINES:
        reply = chat.say(line)
        for message in cards.messages(reply):
            assert len(json.dumps(message).encode()) < LARGEST
            if "attachments" in message:
                (shown,) = message["attachments"]
                check(shown["content"])
                assert len(json.dumps(shown["content"]).encode()) <= cards.LARGEST_CARD
                if not reply.tables:  # which have columns instead of sentences
                    seen = message["summary"].removesuffix(f"\n\n{reply.typed}")
                    assert words_of(shown["content"]).startswith("".join(seen.split()))
        assert "\n\n".join(message["summary"] for message in cards.messages(reply)) == plain_text(reply)


def test_the_same_words_as_in_the_console(chat: Chat, client: Client) -> None:
    for line in LINES:
        said = "\n\n".join(message["summary"] for message in client.say(line))
        assert said == chat.hear(line).replace("from test", "from teams"), line


def test_every_button_carries_its_act_and_can_be_typed(chat: Chat) -> None:
    reply = chat.say("how much notice before a grant ends?")
    actions = actions_of(cards.card(reply))
    assert [(a["title"], a["data"]) for a in actions] == [(b.label, {"press": b.value}) for b in reply.buttons]
    assert all(b.value and b.says and from_builtins(json.loads(b.value)) == b.act for b in reply.buttons)
    assert {a["associatedInputs"] for a in actions} == {"none"}


def test_what_somebody_typed_stays_text() -> None:
    hostile = "[here](https://evil.example) **b** <b>x</b> <at>All</at> {{DATE(2027-01-01)}} ${x}"
    reply = Reply(hostile, facts=(Fact(hostile, hostile),), note=hostile, next_step=hostile)
    shown = cards.card(reply)
    runs = {element["text"] for element in elements(shown["body"]) if "text" in element}
    hostile = hostile.replace("<at>", "< at>").replace("</at>", "< /at>")  # which Teams makes mentions of, elsewhere
    assert runs == {hostile, f"{hostile}: "}
    assert {element["type"] for element in shown["body"]} == {"RichTextBlock"}


def test_a_bar_has_no_more_buttons_than_a_phone_holds_with_their_words_whole() -> None:
    labels = ("Mark done", "Snooze 1 week", "Change date", "Not needed", "Show the working", "Read 3.4.4", "History")
    buttons = (*(Button(label, Show((1,))) for label in labels), Button("This helped", Helped(), aside=True))
    shown = cards.card(Reply("Choose.", buttons=buttons))
    bars = [element["actions"] for element in shown["body"] if element["type"] == "ActionSet"] + [shown["actions"]]
    assert [[action["title"] for action in bar] for bar in bars] == [
        ["Mark done", "Snooze 1 week"],
        ["Change date", "Not needed"],
        ["Show the working", "Read 3.4.4"],
        ["History", "This helped"],
    ]
    many = cards.card(Reply("Choose.", buttons=tuple(Button("D", Show((n,))) for n in range(8))))
    assert len(many["body"][-1]["actions"]) == cards.MOST_ACTIONS


def test_a_page_is_opened_and_not_said() -> None:
    (action,) = cards.card(Reply("A page.", buttons=(Button("Open", url="https://example.org/"),)))["actions"]
    assert (action["type"], action["url"]) == ("Action.OpenUrl", "https://example.org/")


def test_a_form_has_labels_its_values_and_each_problem_beside_its_field() -> None:
    options = (Option("a", "Option A"), Option("b", "Option B"))
    fields = (
        Field("what", "What?", value="old", hint="For example: x", problem="Too short."),
        Field("why", "Why", FieldKind.TEXT, optional=True, hint="In short."),
        Field("day", "Day", FieldKind.DATE, "2027-03-31"),
        Field("one", "One", FieldKind.CHOICE, "a", options),
        Field("many", "Many", FieldKind.CHOICES, "a\nb", options),
    )
    shown = cards.card(Reply("Fill in.", form=Form("log", "Log", fields, "Send", "D1")))
    what, problem, why, day, one, many = shown["body"][1:]
    assert (what["label"], what["value"], what["isRequired"]) == ("What? For example: x", "old", True)
    assert "Too short." in problem["inlines"][0]["text"]
    assert (why["label"], why["isMultiline"], why["isRequired"]) == ("Why. In short.", True, False)
    assert (day["type"], day["value"]) == ("Input.Date", "2027-03-31")
    assert (one["isMultiSelect"], many["isMultiSelect"], many["value"]) == (False, True, "a,b")
    (send,) = shown["actions"]
    assert send["title"] == "Send"
    assert send["data"] == {"form": "log", "subject": "D1", "lists": "many", "own": False}


@pytest.mark.parametrize("letter", ["x", "é", "字", '"'])
def test_a_reply_too_long_for_one_message_comes_whole_in_several(letter: str) -> None:
    reply = Reply(
        "The start.",
        citations=tuple(Citation(f"3.{n}", "A heading", "council", f"{letter * 3_000} end {n}") for n in range(2)),
        facts=tuple(Fact(f"Fact {n}", letter * 500) for n in range(14)),
        note="A note.",
        next_step="What next.",
        buttons=(Button("Help", Help()),),
    )
    messages = cards.messages(reply)
    assert all(len(json.dumps(message, ensure_ascii=False).encode()) < LARGEST for message in messages)
    whole = "".join("".join(message["summary"].split()) for message in messages)
    assert whole.count(letter) == "".join(plain_text(reply).split()).count(letter)
    for end in (*(f"end{n}" for n in range(2)), "Fact13:", "Anote.", "Whatnext."):
        assert end in whole
    assert [bool(message["attachments"][0]["content"].get("actions")) for message in messages][-1]
    assert not any("actions" in message["attachments"][0]["content"] for message in messages[:-1])
