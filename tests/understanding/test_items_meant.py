"""Which of five things tracked is meant: by what tells it apart, by its kind, or asked about."""

from datetime import date

import pytest

from compact_bot.understanding.acts import (
    Act,
    Ask,
    Done,
    Drop,
    Move,
    NoticeDates,
    NoticeSum,
    Renew,
    SetLeads,
    SetOwner,
    Show,
    Snooze,
)
from compact_bot.understanding.context import Item, Step
from tests.understanding.conftest import Listener

RIVERSIDE = (
    Item(
        1,
        "funding-notice",
        "Riverside Carers grant",
        "Amina",
        (Step("minimum-notice", "Minimum notice, in writing, with a rationale", date(2026, 12, 31)),),
        (date(2027, 3, 31),),
    ),
    Item(
        2,
        "payment",
        "Instalment for the Riverside Carers",
        "Amina",
        (Step("paid", "Payment made", date(2027, 1, 4)),),
        (date(2027, 1, 4),),
    ),
)


@pytest.fixture
def riverside(amina: Listener) -> Listener:
    """Two things of one name, the first of them just spoken of."""
    return amina.knowing(items=lambda: RIVERSIDE, spoken_of=1)


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("the instalment slips to 11 January 2027", (2,)),
        ("payment moved to 11 January 2027", (2,)),
        ("Riverside letter posted by recorded delivery today", (1,)),
        ("snooze the Riverside grant for two weeks", (1,)),
        ("it slips to 30 June 2027", (1,)),
    ],
)
def test_a_word_for_its_kind_means_it_rather_than_what_was_spoken_of(
    said: str, numbers: tuple[int, ...], riverside: Listener
) -> None:
    assert getattr(riverside.act(said), "numbers", ()) == numbers


@pytest.mark.parametrize(
    "said", ["Committee has put Riverside back to 30 June 2027", "snooze the Riverside one two weeks"]
)
def test_of_several_alike_it_is_asked_which(said: str, riverside: Listener) -> None:
    heard = riverside.hear(said)
    assert "item" in heard.missing
    assert heard.doubts[0] == "D1 or D2 may be meant"


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("youth club and woodcraft: both letters posted 20 November", (1, 5)),
        ("the carers centre payment and the allotment report are done", (3, 4)),
        ("woodcraft, youth club - letters posted today", (1, 5)),
    ],
)
def test_several_named_in_a_row_are_all_meant(said: str, numbers: tuple[int, ...], amina: Listener) -> None:
    act = amina.act(said)
    assert isinstance(act, Done)
    assert act.numbers == numbers
    assert act.step == "", "both things are done, not every step of both"


def test_several_named_far_apart_are_asked_about(amina: Listener) -> None:
    heard = amina.hear("the youth club letter went out today, I had told them of it at our meeting about woodcraft")
    assert not isinstance(heard.act, Done) or "item" in heard.missing


@pytest.mark.parametrize(
    ("said", "act"),
    [
        (
            "carers money went through this morning",
            Done((3,), "paid", date(2026, 11, 25), "carers money went through this morning"),
        ),
        ("take me off the allotment one and put Priya on it", SetOwner),
        ("can you stop bothering us about the allotments until the new year", Snooze((4,), date(2027, 1, 1))),
        ("youth club is renewed for a year", Renew(1, date(2028, 3, 31))),
        (
            "carers instalment should have been 8 January not 18 December",
            Move((3,), date(2027, 1, 8), "", date(2026, 12, 18)),
        ),
        ("remind me about woodcraft a fortnight earlier", SetLeads((5,), ("2 weeks",))),
        ("kill D2, shelved", Drop((2,), "shelved")),
        ("D2 -> Chidi Obi", SetOwner),
        ("has the youth club letter gone yet?", Show((1,))),
        ("who's looking after the allotment report?", Show((4,))),
        ("when must we write to the youth club?", Show((1,))),
    ],
)
def test_everyday_names_are_understood(said: str, act: Act | type[Act], amina: Listener) -> None:
    heard = amina.act(said)
    assert isinstance(heard, act) if isinstance(act, type) else heard == act


@pytest.mark.parametrize(
    "said",
    [
        "has the council to give reasons?",
        "who has to pay on time?",
        "when must notice be given?",
        "did the police sign?",
    ],
)
def test_a_question_with_no_such_name_is_asked_of_the_compact(said: str, amina: Listener) -> None:
    assert type(amina.act(said)) is not Show
    assert isinstance(amina.act(said), Ask) or "must" in said or "has" in said


def test_notice_for_something_tracked_is_counted_to_its_end(amina: Listener) -> None:
    wanted = NoticeDates((NoticeSum("Youth club grant", date(2026, 12, 10), date(2027, 3, 31)),))
    assert amina.act("is 10 December soon enough for the youth club notice?") == wanted
