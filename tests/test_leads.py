"""Who leads: people by who they are, not by what they are called."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.bot import Bot
from compact_bot.conversation import Person, Reply
from compact_bot.store.tables import KnownPerson, OrganisationSettings
from tests.conftest import Chat


def say_as(chat: Chat, person: Person, said: str, *mentioned: Person) -> Reply:
    reply = chat.bot.reply_to(replace(chat.message(said), sender=person, mentioned=mentioned))
    assert reply is not None
    return reply


AMINA, BEN, OTHER_BEN = Person("U1", "Amina"), Person("U2", "Ben"), Person("U3", "Ben")


def leads(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(KnownPerson.person_id).where(KnownPerson.is_lead).order_by(KnownPerson.id)))


def last_named(engine: Engine) -> tuple[str, str]:
    """The name kept in the settings, and the id of the person behind it."""
    with Session(engine) as session:
        kept = session.scalars(select(OrganisationSettings)).one()
        person = session.get(KnownPerson, kept.lead_id) if kept.lead_id else None
        return kept.lead, person.person_id if person else ""


def test_a_mention_means_that_person_among_two_of_one_name(chat: Chat, engine: Engine) -> None:
    say_as(chat, AMINA, "lead me")
    say_as(chat, OTHER_BEN, "hello")
    assert say_as(chat, AMINA, "lead Ben", BEN).text.startswith("Ben is a Compact lead now.")
    assert leads(engine) == ["U1", "U2"]
    assert last_named(engine) == ("Ben", "U2")
    say_as(chat, AMINA, "lead Ben", OTHER_BEN)
    assert say_as(chat, AMINA, "remove lead Ben", BEN).text == "Ben is no Compact lead any more."
    assert leads(engine) == ["U1", "U3"]


def test_a_name_that_two_share_names_nobody(chat: Chat, engine: Engine) -> None:
    say_as(chat, BEN, "hello")
    say_as(chat, OTHER_BEN, "hello")
    reply = say_as(chat, AMINA, "lead Ben")
    assert "2 people here are called Ben. Nothing was changed." in reply.text
    assert leads(engine) == []


def test_whoever_is_removed_is_no_longer_the_one_who_is_nudged(chat: Chat, engine: Engine) -> None:
    say_as(chat, AMINA, "lead me")
    say_as(chat, BEN, "hello")
    say_as(chat, AMINA, "lead Ben")
    say_as(chat, AMINA, "remove lead Ben")
    assert last_named(engine) == ("Amina", "U1")
    assert "is the only Compact lead" in say_as(chat, AMINA, "remove lead me").text
    assert "does not lead here" in say_as(chat, AMINA, "remove lead Zed").text


def test_one_who_is_awaited_is_known_when_they_first_speak(chat: Chat, engine: Engine) -> None:
    say_as(chat, AMINA, "lead me")
    say_as(chat, AMINA, "lead Ben")
    assert last_named(engine) == ("Ben", "")
    assert "Ben" in say_as(chat, BEN, "leads").text
    assert last_named(engine) == ("Ben", "U2")


@pytest.mark.parametrize("name", ["José Álvarez", "O'Neill", "amina khan", "Anne-Marie (Finance)"])
def test_any_name_may_lead(chat: Chat, engine: Engine, name: str) -> None:
    person = Person("U9", name)
    say_as(chat, person, "hello")
    assert say_as(chat, AMINA, f'lead "{name}"').text.startswith(f"{name} is a Compact lead now.")
    assert leads(engine) == ["U9"]


def test_a_lead_named_in_passing_is_asked_about_first(chat: Chat, bot: Bot, engine: Engine) -> None:
    say_as(chat, BEN, "hello")
    asked = say_as(chat, AMINA, "can you put Ben down as our Compact lead")
    assert asked.text.startswith("Make Ben a Compact lead?")
    assert leads(engine) == []
    assert say_as(chat, AMINA, "yes").text.startswith("Ben is a Compact lead now.")
