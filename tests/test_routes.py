"""The table of what people can say keeps its promises: `help` is this table read aloud."""

import re

import pytest

from compact_bot.routes import ROUTES, Route
from tests.conftest import ROOT, Chat

TOLD = [route for route in ROUTES if route.example]


@pytest.mark.parametrize("route", TOLD, ids=lambda route: route.example)
def test_each_example_fits_its_route_and_is_answered(route: Route, chat: Chat) -> None:
    assert re.fullmatch(route.matches, route.example, re.IGNORECASE | re.DOTALL)
    reply = chat.say(route.example)
    assert reply.next_step
    assert not reply.silent


def test_help_reads_every_example(chat: Chat) -> None:
    assert [fact.label for fact in chat.say("help").facts] == [route.example for route in TOLD]


def test_yes_with_nothing_waiting_says_so(chat: Chat) -> None:
    assert chat.say("yes").text == "There is nothing here that waits for a yes. Nothing was saved."
    assert chat.say("ok").text == "You are welcome."


def test_the_readmes_first_question_gets_the_readmes_answer(chat: Chat) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    asked = re.search(r"^> (.+)$", readme, re.MULTILINE)
    shown = re.search(r"```text\n(.+?)\n```", readme, re.DOTALL)
    assert asked
    assert shown
    assert chat.hear(asked[1]).startswith(shown[1])
