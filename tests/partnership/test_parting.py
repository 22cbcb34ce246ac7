"""Parting: by `unlink`, by removing the app, by erasing; and what of a person stays with a partner."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Audience
from compact_bot.deadlines.board import Board, Sifting, look_at_board, look_at_deadline
from compact_bot.membership import removed
from compact_bot.privacy.organisations import erase
from compact_bot.store.references import References
from compact_bot.store.tables import Change, FormerNumber, Organisation, Partnership, Table
from knowledge.rules import Rules
from tests.partnership.conftest import Colleague, Hearing, linked


@pytest.fixture
def two(council: Colleague, carers: Colleague) -> tuple[Colleague, Colleague]:
    """D1 is the council's, changed by Ben of the carers; D2 is the carers', changed by Amina of the council."""
    linked(council, carers)
    council.say('track payment "Grant" due 10 February 2027')
    carers.say('track payment "Rent" due 10 March 2027')
    for one, order in ((carers, "move D1 20 February 2027"), (council, "move D2 20 March 2027")):
        one.say(order)
        one.say("yes")
    return council, carers


def parted(one: Colleague) -> None:
    one.say("unlink")
    one.say("yes")


def test_nothing_of_a_former_partner_is_read_or_pressed_any_more(
    two: tuple[Colleague, Colleague], engine: Engine, rules: Rules
) -> None:
    council, carers = two
    council.say("feedback 3.3.4 the charity told us late")
    shown, entry = carers.say("D1"), carers.say("F1")
    kept = replace(carers.message("D1"), audience=Audience.APART)
    offered = carers.bot.reply_to(kept)
    assert offered
    assert offered.buttons[-1].label == "Share with channel"
    parted(council)
    assert "I no longer have that answer" in carers.press(offered.buttons[-1]).text
    assert [row.title for row in board(engine, rules, carers).rows] == ["Rent"]
    assert look_at_deadline(engine, "slack:TCARERS", rules, "Europe/London", 1, carers.now) is None
    for offer in (*shown.buttons, *entry.buttons):
        said = carers.press(offer)
        if offer.label.startswith("Read "):  # a clause is nobody's
            continue
        assert "Grant" not in said.text, offer.label
        assert "late" not in said.text, offer.label
        assert "which you are no longer linked with" in said.text, offer.label
    for order in ("D1", "done D1 paid today", "move D1 1 March 2027", "acknowledge F1", "undo"):
        said = carers.hear(order)
        assert "Grant" not in said, order
        assert "charity" not in said, order
    assert '"Grant"' in council.hear("D1")
    assert "20 February 2027" in council.hear("D1")  # what partners changed stays as they left it


def board(engine: Engine, rules: Rules, one: Colleague) -> Board:
    return look_at_board(engine, one.organisation, rules, "Europe/London", Sifting(), one.now)


def test_histories_keep_what_partners_did_and_not_who(two: tuple[Colleague, Colleague], engine: Engine) -> None:
    council, carers = two
    parted(carers)
    said = council.hear("D1 history")
    assert "Sutton Carers: moved" in said
    assert "Ben" not in said
    with Session(engine) as session:
        for change in session.scalars(select(Change).where(Change.what.startswith("moved"))):
            assert change.person_id == ""
            assert change.who in ("Sutton Carers", "Sutton Council")
        assert session.scalar(select(Partnership.id)) is None


def test_a_removed_app_parts_first_and_the_others_are_told(
    two: tuple[Colleague, Colleague], mind: Colleague, engine: Engine, told: Hearing
) -> None:
    council, carers = two
    linked(carers, mind)
    removed(engine, "slack:TCARERS", "slack", carers.now)
    assert "Sutton Carers has left your partnership" in told("teams:council")[-1]
    assert "Sutton Carers has left your partnership" in told("slack:TMIND")[-1]
    assert "Rent" not in council.hear("deadlines")
    mind.say('track payment "Heating" due 12 December 2026')
    assert "Heating" in council.hear("deadlines")
    references = References(engine, "teams", lambda: council.now)
    references.shown_out("teams:council", Address("teams", "19:compact"), "")  # the last place of a tenant
    assert "Sutton Council has left your partnership" in told("slack:TMIND")[-1]


def test_an_erased_member_leaves_no_row_and_partners_lose_nothing(
    two: tuple[Colleague, Colleague], engine: Engine, told: Hearing
) -> None:
    council, carers = two
    before = council.say("D1 history").facts
    with Session(engine) as session:
        gone = session.scalars(select(Organisation.id).where(Organisation.name == "slack:TCARERS")).one()
    assert erase(engine, "slack:TCARERS", carers.now)["deadlines"] == 1
    assert "Sutton Carers has left your partnership" in told("teams:council")[-1]
    assert len(council.say("D1 history").facts) == len(before)
    with engine.connect() as connection:
        for table in Table.metadata.sorted_tables:
            if "organisation_id" in table.c:
                assert connection.execute(select(table).where(table.c.organisation_id == gone)).all() == [], table.name
        assert connection.execute(select(FormerNumber.holder_id)).scalars().all() == [None]
    assert "was of a partner, which you are no longer linked with" in council.hear("D2")
    assert "Saved as D3" in council.hear('track payment "New" due 10 April 2027')  # never theirs again


def test_forget_me_empties_a_name_at_partners_too(two: tuple[Colleague, Colleague], engine: Engine) -> None:
    council, carers = two
    council.say("D2")  # an answer that names Ben, kept for a day
    carers.say("forget me")
    carers.say("yes")
    for asked in ("D1 history", "D2 history", "deadlines"):
        assert "Ben" not in council.hear(asked), asked
    with engine.connect() as connection:
        for table in Table.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert "Ben Okoro" not in repr(row), table.name
                assert table.name != "changes" or "@U1" not in repr(row)  # nor what a partner's undoing brings back
    assert "by somebody who was forgotten" not in council.hear("D1")


def test_my_data_holds_what_one_changed_at_partners_and_nobody_elses(two: tuple[Colleague, Colleague]) -> None:
    _, carers = two
    said = carers.hear("my data")
    assert "moved: " in said
    assert "20 February 2027" in said  # what Ben changed of the council's D1
    assert "Amina" not in said


def test_colleagues_may_be_named_as_before_once_parted(two: tuple[Colleague, Colleague]) -> None:
    council, carers = two
    parted(council)
    assert "Owner: Amina Khan." in council.hear("D1")
    assert "Owner: @U1." in carers.hear("D2")
