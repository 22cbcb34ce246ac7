"""Somebody who does what they mean: acts on a real database, and sentences that are exact commands."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from adapters.plain_text import plain_text
from compact_bot.conversation import Address, Filled, Message, Pending, Person, Reply
from compact_bot.forms import submitted
from compact_bot.handling import respond
from compact_bot.importing.readings import Readings
from compact_bot.nudges.stale import stale_nudges
from compact_bot.rooms import FORMS
from compact_bot.store.changed import has_changed
from compact_bot.store.records import organisation_called
from compact_bot.store.talk import Talk
from compact_bot.turn import Refused, Transaction, Turn
from compact_bot.understanding.acts import Act, Given, Named, Track, Yes
from compact_bot.understanding.commands import read_command
from compact_bot.understanding.commands.table import COMMANDS
from compact_bot.understanding.context import Context
from compact_bot.understanding.understood import Understood
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search

Answering = Callable[[Turn], Reply]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
GRANT = Track("funding-notice", "Youth club grant", (Given("ends", (date(2027, 3, 31),)),), Named("Amina"))


@dataclass
class Officer:
    """One person in one place. It is Monday 23 November 2026, and every act comes a second later."""

    engine: Engine
    search: Search
    rules: Rules
    meanings: Meanings
    name: str = "Amina"
    place: str = "a thread"
    organisation: str = "Sutton Council"
    now: datetime = NOW
    direct: bool = False
    heard: list[Reply] = field(default_factory=list)
    pending: Pending | None = None

    def do(self, act: Act, *doubts: str, missing: tuple[str, ...] = ()) -> Reply:
        return self._answered(lambda turn: respond(turn, Understood(act, missing, doubts)), "")

    def say(self, said: str) -> Reply:
        """What an exact command does; "yes" does what waits."""
        sure = bool(self.pending and self.pending.sure)
        return self._answered(lambda turn: respond(turn, self._read(turn), sure), said)

    def fill(self, form: str, subject: str = "", **values: str) -> Reply:
        filled = Filled(form, subject, values)
        return self._answered(lambda turn: respond(turn, Understood(submitted(turn, FORMS[form], filled))), "", filled)

    def press(self, label: str) -> Reply:
        """The button of the last reply that is labelled so."""
        act = next(button.act for button in self.heard[-1].buttons if button.label == label)
        assert act is not None
        return self.do(act)

    def facts(self, said: str) -> dict[str, str]:
        """What a reply tells line by line; of D1 with its history."""
        told = [self.say(said)]
        if said.startswith("D"):
            told = [self.say(f"{said} history"), *told, self.say(said)]
        return {label: value for reply in told for label, value in told_by(reply).items()}

    def hear(self, said: str) -> str:
        return plain_text(self.say(said))

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    def count(self, what: str) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(text(f"select count(*) from {what}")) or 0  # noqa: S608  # our own words

    def _read(self, turn: Turn) -> Understood:
        context = Context(self.now.date(), turn.agreement, turn.rules, Named(self.name, self.name))
        read = read_command(turn.text, COMMANDS, context)
        assert read is not None, f"{turn.text!r} is no exact command"
        if isinstance(read.act, Yes) and self.pending:
            return Understood(self.pending.act)
        return read

    def _answered(self, answer: Answering, said: str, filled: Filled | None = None) -> Reply:
        self.now += timedelta(seconds=1)
        direct = Address("test", f"alone with {self.name}") if self.direct else None
        message = Message(
            uuid4().hex, said, Person(self.name, self.name, direct=direct), Address("test", self.place),
            self.organisation, self.now, filled=filled,
        )  # fmt: skip
        with self.engine.begin() as connection:
            organisation = organisation_called(connection, self.organisation)
            talk = Talk(connection, organisation.id, message.address, self.now)
            turn = Turn(
                message=message,
                search=self.search,
                transaction=Transaction(connection, organisation, "test", message.sender),
                organisation=organisation,
                thread=talk,
                rules=self.rules,
                meanings=self.meanings,
                readings=Readings(),
                timezone="Europe/London",
            )
            _ = turn.person
            try:
                reply = answer(turn)
            except Refused as refused:
                turn.session.flush()
                assert not has_changed(turn.session), "something was refused after it was changed"
                reply = refused.reply
            turn.session.flush()
            reply = replace(reply, changed=has_changed(turn.session), settled=stale_nudges(turn))
            talk.save()
        self.heard.append(reply)
        self.pending = reply.pending
        return reply


def told_by(reply: Reply) -> dict[str, str]:
    """The facts of a reply, and the steps of its tables by their titles."""
    steps = {}
    for row in (row for table in reply.tables for row in table.rows):
        title, *more = row.cells[1].split("\n")
        steps[re.sub(r" \(\d[^()]*\)$", "", title)] = ". ".join(
            [row.cells[0].replace("\n", ", "), *row.cells[2:], *more]
        )
    return {**{fact.label: fact.value for fact in reply.facts}, **steps}


@pytest.fixture
def amina(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Officer:
    return Officer(engine, search, rules, meanings)
