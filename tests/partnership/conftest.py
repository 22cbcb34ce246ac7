"""A council in Teams and two charities' workspaces in Slack, in one database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from adapters.plain_text import plain_text
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Audience, Button, Message, Person, Reply
from compact_bot.outbox.letters import from_stored
from compact_bot.store.tables import Organisation, Outgoing
from tests.conftest import Chat


@dataclass
class Colleague(Chat):
    """Somebody with an id, a mark that their platform reads, and a place of their own; `route` is where they speak."""

    person: str = "U1"
    platform: str = "slack"
    route: str = ""
    audience: Audience = Audience.ALONE
    shown: list[str] = field(default_factory=list)

    def message(self, text: str) -> Message:
        said = super().message(text)
        alone = Address(self.platform, f"{self.organisation}/{self.person}")
        name = f"@{self.person}" if self.platform == "slack" else self.name
        return replace(
            said,
            sender=Person(self.person, name, self.name, alone),
            address=Address(self.platform, self.route or alone.route),
            audience=self.audience,
        )

    def say(self, text: str) -> Reply:
        reply = super().say(text)
        self.shown.append(f"> {text}\n{plain_text(reply)}")
        return reply

    def pressing(self, reply: Reply, label: str) -> Reply:
        return self.press(next(button for button in reply.buttons if button.label == label))


def button(reply: Reply, label: str) -> Button:
    return next(one for one in reply.buttons if one.label == label)


Hearing = Callable[[str], Sequence[str]]


@pytest.fixture
def council(bot: Bot) -> Colleague:
    """Amina leads at the council; its nudges come to its channel in Teams."""
    amina = Colleague(bot, "Amina Khan", organisation="teams:council", person="29:amina", platform="teams")
    return settled(amina, "Sutton Council", "19:compact")


@pytest.fixture
def carers(bot: Bot) -> Colleague:
    ben = Colleague(bot, "Ben Okoro", organisation="slack:TCARERS", person="U1")
    return settled(ben, "Sutton Carers", "TCARERS/CCOMPACT")


@pytest.fixture
def mind(bot: Bot) -> Colleague:
    """Another workspace, where another person has the id that Ben has in his."""
    cara = Colleague(bot, "Cara Lee", organisation="slack:TMIND", person="U1")
    return settled(cara, "Sutton Mind", "TMIND/CTEAM")


def settled(lead: Colleague, called: str, channel: str) -> Colleague:
    lead.say("lead me")
    lead.say(f'partnership name "{called}"')
    replace(lead, route=channel, audience=Audience.EVERYONE, heard=[]).say("nudges here")
    return lead


def colleague_of(lead: Colleague, name: str, person: str) -> Colleague:
    return replace(lead, name=name, person=person, heard=[], shown=[])


def code_of(lead: Colleague) -> str:
    return lead.say("link").text.split("code is ")[1][:9]


def linked(maker: Colleague, typer: Colleague) -> Reply:
    typer.now = maker.now
    typer.say(f"link {code_of(maker)}")
    return typer.say("yes")


@pytest.fixture
def told(engine: Engine) -> Hearing:
    """What is on its way to an organisation."""

    def hear(organisation: str) -> Sequence[str]:
        with Session(engine) as session:
            theirs = select(Outgoing).join(Organisation).where(Organisation.name == organisation)
            rows = session.scalars(theirs.order_by(Outgoing.id)).all()
            return [f"{row.platform} {row.route}: {plain_text(from_stored(row.reply))}" for row in rows]

    return hear
