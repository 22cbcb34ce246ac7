"""What a button shows to be typed means what the button carries, whatever names and texts it carries."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compact_bot.turn import LONGEST_MESSAGE, tidied
from compact_bot.understanding import acts
from compact_bot.understanding.acts import Act, Ask, Given, Named, SetSide, Smalltalk, Track
from compact_bot.understanding.saying import says
from tests.understanding.acts_of_all_kinds import ACTS, HOSTILE
from tests.understanding.conftest import TODAY, Listener

FIXED_BUDGET = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def test_every_act_is_tried() -> None:
    assert set(ACTS) == set(acts.ACTS.values()) - {Ask}


@pytest.mark.parametrize("kind", [kind for kind in ACTS if kind is not Smalltalk], ids=lambda kind: kind.__name__)
@FIXED_BUDGET
@given(data=st.data())
def test_an_act_said_is_read_as_that_act(kind: type[Act], data: st.DataObject, amina: Listener) -> None:
    act = data.draw(ACTS[kind])
    assert amina.command(says(act)) == act


@pytest.mark.parametrize("what", ["greeting", "thanks", "farewell", "wrong", "nothing"])
def test_small_talk_said_is_understood(what: str, amina: Listener) -> None:
    assert amina.act(says(Smalltalk(what))) == Smalltalk(what)


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: words[:20])
def test_a_title_an_owner_and_a_reason_may_hold_any_words(words: str, amina: Listener) -> None:
    words = tidied(words)
    act = Track("funding-notice", words, (Given("ends", (TODAY,)),), Named(words), "3.4.4", words, ("1 week",))
    assert amina.command(says(act)) == act


def test_a_side_is_the_same_with_an_article(amina: Listener) -> None:
    assert amina.command(says(SetSide("the council"))) == SetSide("council")


def test_who_is_named_me_is_the_sender(amina: Listener) -> None:
    act = Track("payment", "Rent", (Given("due", (TODAY,)),), Named("me"))
    read = amina.command(says(act))
    assert isinstance(read, Track)
    assert read.owner == amina.context.sender


def test_a_mentioned_person_stays_that_person(amina: Listener) -> None:
    ben = Named("Ben Okoro", "U2")
    act = Track("payment", "Rent", (Given("due", (TODAY,)),), ben)
    assert amina.knowing(mentioned=(ben,)).command(says(act)) == act


@pytest.mark.parametrize("kind", [kind for kind in ACTS if kind is not Smalltalk], ids=lambda kind: kind.__name__)
@settings(FIXED_BUDGET, max_examples=10)
@given(data=st.data())
def test_an_act_said_as_a_message_means_that_act(kind: type[Act], data: st.DataObject, amina: Listener) -> None:
    said = says(act := data.draw(ACTS[kind]))
    if len(said) <= LONGEST_MESSAGE:
        assert amina.act(said) == act
