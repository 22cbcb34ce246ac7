"""What was asked back is answered in plain words; a question in between leaves the draft where it is."""

from dataclasses import replace
from datetime import date

import pytest

from compact_bot.understanding.acts import (
    Act,
    Ask,
    Done,
    Drop,
    DutiesOf,
    FeedbackKind,
    Given,
    Leave,
    List,
    LogFeedback,
    LookUp,
    Move,
    Named,
    OpenForm,
    Rename,
    Renew,
    SetOwner,
    Show,
    Snooze,
    Track,
    Undo,
)
from compact_bot.understanding.waiting import Choice, Waiting
from tests.understanding.conftest import Listener

MARCH = date(2027, 3, 31)
DRAFT = LogFeedback(FeedbackKind.NOT_KEPT, "council paid us five weeks late")
CLAUSES = (
    Choice("3.3.4", replace(DRAFT, clauses=("3.3.4",))),
    Choice("3.4.4", replace(DRAFT, clauses=("3.4.4",))),
    Choice("No clause", replace(DRAFT, no_clause=True)),
)
PERSONAL = (
    Choice("Leave it out", replace(DRAFT, what="council paid us late")),
    Choice("Keep it as written", replace(DRAFT, as_written=True)),
)
GRANT = Track("funding-notice", "Harvest project", (Given("ends", (MARCH,)),))
SAVE = (
    Choice("Save", GRANT),
    Choice("Change", OpenForm("track", "funding-notice")),
    Choice("I was only asking", Ask("harvest project ends 31 March 2027")),
)
STEPS = (
    Choice("Best-practice notice, in writing, with a rationale", Done((1,), "best-practice-notice")),
    Choice("Minimum notice, in writing, with a rationale", Done((1,), "minimum-notice")),
    Choice("Funding changes or ends", Done((1,), "ends")),
)


def answer(
    amina: Listener, text: str, act: Act, missing: tuple[str, ...] = (), choices: tuple[Choice, ...] = ()
) -> Act | None:
    """The act that an answer settles on; None where the message is something else and the question goes on waiting."""
    heard = replace(amina, waiting=Waiting(act, missing, choices)).hear(text)
    return heard.act if heard.answers else None


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("1", 0),
        ("2", 1),
        ("3", 2),
        ("yes", 0),
        ("Yes please", 0),
        ("yep", 0),
        ("ok", 0),
        ("the first one", 0),
        ("first", 0),
        ("the second one", 1),
        ("second please", 1),
        ("2nd", 1),
        ("the last one", 2),
        ("3.3.4", 0),
        ("3.4.4", 1),
        ("clause 3.4.4", 1),
        ("it's 3.4.4", 1),
        ("3.4.4 I think", 1),
        ("none", 2),
        ("none of these", 2),
        ("none of them, thanks", 2),
        ("no clause", 2),
        ("No clause.", 2),
        ("neither", 2),
    ],
)
def test_which_clause_is_answered(text: str, chosen: int, amina: Listener) -> None:
    assert answer(amina, text, DRAFT, ("clauses",), CLAUSES) == CLAUSES[chosen].act


def test_another_clause_than_those_proposed_is_taken(amina: Listener) -> None:
    assert answer(amina, "3.2.2", DRAFT, ("clauses",), CLAUSES) == replace(DRAFT, clauses=("3.2.2",))
    assert answer(amina, "3.2.2 and 3.2.3", DRAFT, ("clauses",), CLAUSES) == replace(DRAFT, clauses=("3.2.2", "3.2.3"))


@pytest.mark.parametrize("text", ["9.9.9", "4", "17", "0", "the fifth one", "3.3.44"])
def test_a_clause_or_a_choice_that_is_not_there_settles_nothing(text: str, amina: Listener) -> None:
    assert answer(amina, text, DRAFT, ("clauses",), CLAUSES) is None


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("leave it out", 0),
        ("Leave it out please", 0),
        ("leave that out", 0),
        ("1", 0),
        ("yes", 0),
        ("keep it as written", 1),
        ("keep it as is", 1),
        ("as written", 1),
        ("2", 1),
        ("the second", 1),
    ],
)
def test_personal_details_are_decided_in_plain_words(text: str, chosen: int, amina: Listener) -> None:
    assert answer(amina, text, DRAFT, (), PERSONAL) == PERSONAL[chosen].act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("yes", GRANT),
        ("yes please, save it", GRANT),
        ("Save", GRANT),
        ("save it", GRANT),
        ("ok go ahead", GRANT),
        ("👍", GRANT),
        ("1", GRANT),
        ("change", SAVE[1].act),
        ("2", SAVE[1].act),
        ("I was only asking", SAVE[2].act),
        ("just asking", SAVE[2].act),
        ("only wondering", SAVE[2].act),
        ("no", Leave()),
        ("no thanks", Leave()),
        ("nope", Leave()),
        ("cancel", Leave()),
        ("never mind", Leave()),
        ("don't", Leave()),
    ],
)
def test_an_echo_is_settled(text: str, act: Act, amina: Listener) -> None:
    assert answer(amina, text, GRANT, (), SAVE) == act


@pytest.mark.parametrize(
    "text",
    [
        "no, 30 April 2027",
        "No - 30 April 2027",
        "not that, 30 April 2027",
        "I meant 30 April 2027",
        "make it 30 April 2027",
        "actually 30 April 2027",
        "wrong, it's 30 April 2027",
        "no, 30 April",
        "30 April 2027",
        "sorry, 30 April 2027",
    ],
)
def test_a_wrong_date_is_corrected(text: str, amina: Listener) -> None:
    april = replace(GRANT, given=(Given("ends", (date(2027, 4, 30),)),))
    assert answer(amina, text, GRANT, (), SAVE) == april


def test_a_date_may_be_corrected_without_its_year(amina: Listener) -> None:
    heard = answer(amina, "no, 8 February", GRANT, (), SAVE)
    assert heard == replace(GRANT, given=(Given("ends", (date(2027, 2, 8),)),))


@pytest.mark.parametrize(
    "text",
    [
        "31 March 2027",
        "31/03/27",
        "it ends 31 March",
        "on 31 March 2027 please",
        "end of March 2027",
        "31st march 2027, thanks",
    ],
)
def test_a_missing_date_is_given(text: str, amina: Listener) -> None:
    assert answer(amina, text, replace(GRANT, given=()), ("ends",)) == GRANT


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Harvest project", "Harvest project"),
        ('"Harvest project"', "Harvest project"),
        ("O'Neill Trust", "O'Neill Trust"),
        ("José Álvarez fund.", "José Álvarez fund"),
        ("the 2027 games", "the 2027 games"),
        ("call it Harvest project", "Harvest project"),
        ("It's called Harvest project", "Harvest project"),
    ],
)
def test_a_missing_title_is_given(text: str, title: str, amina: Listener) -> None:
    assert answer(amina, text, replace(GRANT, title=""), ("title",)) == replace(GRANT, title=title)


def test_of_two_things_missing_one_is_given_and_the_other_asked_for(amina: Listener) -> None:
    draft = replace(GRANT, title="", given=())
    heard = amina.asked(draft, "title", "ends").hear("Harvest project")
    assert heard.act == replace(draft, title="Harvest project")
    assert heard.missing == ("ends",)


def test_of_two_things_missing_the_later_may_come_first(amina: Listener) -> None:
    draft = replace(GRANT, title="", given=())
    heard = amina.asked(draft, "title", "ends").hear("31 March 2027")
    assert heard.act == replace(GRANT, title="")
    assert heard.missing == ("title",)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("1", "best-practice-notice"),
        ("the second one", "minimum-notice"),
        ("minimum notice", "minimum-notice"),
        ("the minimum notice", "minimum-notice"),
        ("minimum-notice", "minimum-notice"),
        ("best practice", "best-practice-notice"),
        ("funding changes or ends", "ends"),
        ("it ended", "ends"),
        ("the last", "ends"),
        ("all", "all"),
        ("all of them", "all"),
    ],
)
def test_which_step_is_answered(text: str, step: str, amina: Listener) -> None:
    assert answer(amina, text, Done((1,)), ("step",), STEPS) == Done((1,), step)


LATER = date(2026, 12, 2)
REPORT = Move((4,), date(2027, 2, 1), "reports")


@pytest.mark.parametrize(
    ("asked", "missing", "text", "act"),
    [
        (Snooze((), LATER), "item", "the youth club one", Snooze((1,), LATER)),
        (Snooze((), LATER), "item", "D4", Snooze((4,), LATER)),
        (Done((), "paid"), "item", "D3 please", Done((3,), "paid")),
        (Move((), MARCH), "item", "woodcraft", Move((5,), MARCH)),
        (Renew(0, MARCH), "item", "woodcraft folk", Renew(5, MARCH)),
        (Drop((), "it fell through"), "item", "library hours", Drop((2,), "it fell through")),
        (SetOwner((), Named("Ben")), "item", "the carers centre one", SetOwner((3,), Named("Ben"))),
        (Rename(0, "Gardens"), "item", "allotment society", Rename(4, "Gardens")),
        (Drop((1,), ""), "reason", "because the project ended", Drop((1,), "the project ended")),
        (Drop((1,), ""), "reason", "It was renewed", Drop((1,), "It was renewed")),
        (Move((1,), date(2026, 11, 25)), "to", "31 March 2027", Move((1,), MARCH)),
        (Renew(1, date(2026, 11, 25)), "until", "until 31 March 2027", Renew(1, MARCH)),
        (Snooze((1,), LATER), "until", "7 December 2026", Snooze((1,), date(2026, 12, 7))),
        (Snooze((1,), LATER), "until", "two weeks", Snooze((1,), date(2026, 12, 9))),
        (REPORT, "was", "15 January 2027", replace(REPORT, was=date(2027, 1, 15))),
        (REPORT, "was", "the January one", replace(REPORT, was=date(2027, 1, 15))),
        (
            replace(DRAFT, clauses=("3.3.4",)),
            "when",
            "3 November",
            replace(DRAFT, clauses=("3.3.4",), when=date(2026, 11, 3)),
        ),
    ],
)
def test_what_is_missing_is_answered_in_a_word(asked: Act, missing: str, text: str, act: Act, amina: Listener) -> None:
    assert answer(amina, text, asked, (missing,)) == act


@pytest.mark.parametrize("text", ["a charity", "we're the council", "the police", "I'm from the council", "VCOs"])
def test_whose_side_somebody_is_on_is_answered(text: str, amina: Listener) -> None:
    asked = DutiesOf("we", "", "what must we do")
    assert isinstance(answer(amina, text, asked, ("who",)), DutiesOf)


@pytest.mark.parametrize(
    "text",
    [
        "what does 3.3.4 say?",
        "which clause is about late payment?",
        "how long have they got to pay?",
        "what is the notice period for grants",
        "who can see this?",
        "show me 3.4.4",
    ],
)
@pytest.mark.parametrize(
    ("act", "missing", "choices"),
    [
        (DRAFT, ("clauses",), CLAUSES),
        (DRAFT, (), PERSONAL),
        (GRANT, (), SAVE),
        (replace(GRANT, given=()), ("ends",), ()),
        (replace(GRANT, title=""), ("title",), ()),
        (Drop((1,), ""), ("reason",), ()),
        (Done((1,)), ("step",), STEPS),
    ],
    ids=["which clause", "personal details", "save?", "which date", "which name", "which reason", "which step"],
)
def test_a_question_in_between_settles_nothing(
    text: str, act: Act, missing: tuple[str, ...], choices: tuple[Choice, ...], amina: Listener
) -> None:
    assert answer(amina, text, act, missing, choices) is None


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("deadlines", List()),
        ("D2", Show((2,))),
        ("undo", Undo()),
        ("drop D4 because it is over", Drop((4,), "it is over")),
        ("done D3", Done((3,))),
    ],
)
def test_a_command_in_between_is_that_command(text: str, act: Act, amina: Listener) -> None:
    for waiting in (Waiting(replace(GRANT, title=""), ("title",)), Waiting(Drop((1,), ""), ("reason",))):
        heard = replace(amina, waiting=waiting).hear(text)
        assert heard.act == act
        assert not heard.answers


def test_a_new_thing_to_track_is_no_answer(amina: Listener) -> None:
    text = "remind us that the Kite Festival grant ends on 30 June 2027 and that Ben looks after it, thank you"
    assert answer(amina, text, DRAFT, ("clauses",), CLAUSES) is None


def test_a_clause_is_looked_up_where_none_was_asked_for(amina: Listener) -> None:
    heard = replace(amina, waiting=Waiting(GRANT, (), SAVE)).hear("3.4.4")
    assert heard.act == LookUp(("3.4.4",))


@pytest.mark.parametrize("text", ["yes", "no", "1", "save it"])
def test_assent_to_nothing_answers_nothing(text: str, amina: Listener) -> None:
    assert not amina.hear(text).answers
