"""The steps for Microsoft's Playground, taken at the same endpoint, so that the file tells of today's screens."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from adapters.teams.codec import INPUT
from compact_bot.nudges.sending import Sender
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.teams.conftest import Client, Clock, actions_of
from tests.teams.test_extension import search

STEPS = Path(__file__).parent / "playground.txt"
PLACES = {"channel General": "channel", "thread": "channel", "group": "group"}


@dataclass
class Officer:
    """Who takes the steps; `cards` are what they have on their screen, the newest last."""

    client: Client
    heard: str = ""
    cards: list[Any] = field(default_factory=list)
    filled: dict[str, str] = field(default_factory=dict)

    def hears(self, *shown: object) -> None:
        """What came, as the Playground tells it: words and cards alike."""
        self.heard = json.dumps(shown, ensure_ascii=False).replace('\\"', '"')
        self.cards += [one for one in shown if actions_of(one)]

    def step(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word in ("@shot", "@wait"):
            return
        if word in ("@expect", "@see"):
            assert rest in self.heard or rest == "composeExtension/query" or word == "@see", line
        elif word == "@where":
            self.client = self.client.elsewhere(PLACES[rest])
            self.hears(*self.client.install())
        elif word == "@fill":
            label, _, value = rest.partition(" = ")
            named = [one["id"] for one in inputs_of(self.cards[-1]) if label in one["label"]]
            self.filled[named[-1]] = value
        elif word == "@click":
            before = len(self.client.teams.calls)
            card = next(one for one in reversed(self.cards) if rest in [a["title"] for a in actions_of(one)])
            filled, self.filled = {**held(card), **self.filled}, {}
            answer = self.client.press({"actions": actions_of(card)}, rest, **filled)
            self.hears(answer, *(call.body for call in self.client.teams.calls[before:]))
        elif word == "@search":
            self.hears(search(self.client, rest))
        elif word == "@mock":
            assert self.client.post(self.client.activity("installationUpdate", action="remove")).status_code == 200
        elif word == "@mention":
            self.hears(*self.client.mention(rest))
        else:
            assert not word.startswith("@"), line
            self.hears(*(self.client.say(line) if self.client.where == "personal" else ()))


def inputs_of(shown: Any) -> list[dict[str, Any]]:  # noqa: ANN401  # JSON
    if isinstance(shown, dict):
        below = [one for part in shown.values() for one in inputs_of(part)]
        return [shown] if str(shown.get("type")).startswith("Input.") else below
    return [one for part in shown for one in inputs_of(part)] if isinstance(shown, list) else []


def held(card: object) -> dict[str, str]:
    return {one["id"]: one.get("value", "") for one in inputs_of(card) if one["id"].startswith(INPUT)}


def test_each_step_for_the_playground_leads_where_it_says(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    officer = Officer(client.elsewhere(name="Alex Wilber"))  # as the Playground calls them
    officer.client.install()
    for line in filter(None, map(str.strip, STEPS.read_text(encoding="utf-8").splitlines())):
        if line.startswith("@wait"):
            before, at = len(client.teams.sent()), datetime(2027, 3, 31, 10, tzinfo=UTC)
            sender = Sender(engine, sutton, rules, {"teams": client.door.courier}, lambda: at, "worker")  # noqa: B023
            assert client.http.portal is not None
            client.http.portal.call(sender.send_due)
            officer.hears(*client.teams.sent()[before:])
        elif not line.startswith("#"):
            officer.step(line)
