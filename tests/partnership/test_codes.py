"""Codes: who gets one, who may type it, and what a wrong, old, used or guessed one comes to."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from compact_bot.partnership.codes import LENGTH, LETTERS
from compact_bot.store.tables import LinkCode, Organisation, Partnership
from tests.conftest import every_table
from tests.partnership.conftest import Colleague, code_of, colleague_of, linked

NOT_ONE = "That code is not one that I know, or it is over"


def is_linked(engine: Engine) -> bool:
    with Session(engine) as session:
        return session.scalar(select(Partnership.id)) is not None


def made_up(beginning: str) -> str:
    return f"{beginning}{LETTERS[0] * LENGTH}"[:LENGTH]


def test_only_a_compact_lead_gets_types_confirms_and_ends(
    council: Colleague, carers: Colleague, engine: Engine
) -> None:
    other, theirs = colleague_of(carers, "Dan", "U2"), colleague_of(council, "Eve", "29:eve")
    assert "Only a Compact lead can link" in other.hear("link")
    code = code_of(carers)
    assert "Only a Compact lead can link" in theirs.hear(f"link {code}")
    council.say(f"link {code}")
    assert "Only a Compact lead can link" in theirs.hear("join the partnership")
    assert not is_linked(engine)
    council.say("yes")
    assert is_linked(engine)
    assert "Only a Compact lead can leave" in other.hear("unlink for good")
    assert "Only a Compact lead can say" in other.hear("partnership name Ours")
    assert is_linked(engine)


def test_a_guest_links_nothing(carers: Colleague) -> None:
    guest = replace(carers.message("link"), is_guest=True)
    reply = carers.bot.reply_to(guest)
    assert reply
    assert "has not added me" in reply.text


@pytest.mark.parametrize(("after", "works"), [(timedelta(minutes=9), True), (timedelta(minutes=10), False)])
def test_a_code_lasts_ten_minutes_typed_and_confirmed(
    council: Colleague, carers: Colleague, engine: Engine, after: timedelta, works: bool
) -> None:
    code = code_of(carers)
    council.now = carers.now
    council.say(f"link {code}")
    council.now = carers.now + after
    council.say("yes")
    assert is_linked(engine) is works
    if not works:
        assert "No code waits here: each works once and for ten minutes" in council.heard[-1].text
        assert NOT_ONE in council.hear(f"link {code}")


def test_a_code_works_once_and_a_new_one_ends_the_one_before(
    council: Colleague, carers: Colleague, mind: Colleague
) -> None:
    first, code = code_of(carers), code_of(carers)
    assert NOT_ONE in council.hear(f"link {first}")
    council.say(f"link {code}")
    assert NOT_ONE in mind.hear(f"link {code}")  # held by the council until it says yes
    council.say("yes")
    assert NOT_ONE in mind.hear(f"link {code}")
    assert "shares with nobody" in mind.hear("our partnership")


def test_unlink_before_anybody_typed_it_ends_a_code(council: Colleague, carers: Colleague) -> None:
    code = code_of(carers)
    assert "Your code no longer works" in carers.hear("unlink")
    assert NOT_ONE in council.hear(f"link {code}")
    assert "linked with nobody" in carers.hear("unlink")


def test_whoever_guesses_waits_longer_and_longer(council: Colleague, carers: Colleague, engine: Engine) -> None:
    code = code_of(carers)
    council.now = carers.now
    for guess in ("B", "C"):
        assert NOT_ONE in council.hear(f"link {made_up(guess)}")
    assert "I look at no code from here before 09:01" in council.hear(f"link {made_up('D')}")
    assert "That makes too many wrong codes" in council.hear(f"link {code}")  # nor at the right one
    council.now += timedelta(minutes=1)
    assert "before 09:11" in council.hear(f"link {made_up('F')}")
    council.now += timedelta(minutes=10)
    assert "before 10:11" in council.hear(f"link {made_up('G')}")
    council.now += timedelta(hours=1)
    assert "before 11:11" in council.hear(f"link {made_up('H')}")
    assert not is_linked(engine)
    council.now += timedelta(days=1, minutes=1)
    assert NOT_ONE in council.hear(f"link {made_up('J')}")  # forgotten after a day without any


def test_no_code_stands_in_the_database(council: Colleague, carers: Colleague, engine: Engine) -> None:
    code = code_of(carers)
    council.say(f"link {code}")
    with engine.connect() as connection:
        for table in every_table().sorted_tables:
            for row in connection.execute(select(table)):
                assert code not in repr(row), table.name
                assert code.replace("-", "") not in repr(row), table.name
        assert connection.execute(text("select count(*) from link_codes")).scalar() == 1


def test_codes_are_of_letters_that_nobody_takes_for_others(carers: Colleague) -> None:
    code = code_of(carers)
    assert len(set(code) - {"-"} - set(LETTERS)) == 0
    assert not set(LETTERS) & set("AEIOULSY0158")


def test_nobody_links_with_themselves_with_a_partner_or_two_partnerships(
    council: Colleague, carers: Colleague, mind: Colleague
) -> None:
    assert "your own organisation's code" in carers.hear(f"link {code_of(carers)}")
    linked(council, carers)
    assert "linked with Sutton Council already" in carers.hear(f"link {code_of(council)}")
    fourth = replace(mind, organisation="slack:TFOURTH", person="U9", heard=[])
    fourth.say("lead me")
    fourth.say("partnership name Sutton Fourth")
    linked(mind, fourth)
    council.now = mind.now
    assert "in a partnership already" in council.hear(f"link {code_of(mind)}")


def test_two_organisations_of_one_name_say_first_which_is_which(council: Colleague, carers: Colleague) -> None:
    carers.say("partnership name Sutton council")
    said = council.say(f"link {code_of(carers)}")
    assert "would both be called Sutton Council" in said.text
    council.say("yes")
    assert "shares with nobody" in council.hear("our partnership")
    council.say("partnership name The Council")
    linked(carers, council)
    assert "A partner is called the council" in carers.hear("partnership name the council")
    assert "letters, digits, and signs" in carers.hear('partnership name "<!here> (x)"')


def test_a_code_is_gone_with_its_organisation(council: Colleague, carers: Colleague, engine: Engine) -> None:
    from compact_bot.membership import removed

    code = code_of(carers)
    removed(engine, "slack:TCARERS", "slack", carers.now)
    assert NOT_ONE in council.hear(f"link {code}")
    with Session(engine) as session:
        assert session.scalars(select(LinkCode)).all() == []
        assert session.scalars(select(Organisation).where(Organisation.name == "slack:TCARERS")).one().left_at
