"""What is tracked, what is asked first, and what is said of nudges. It is Monday 23 November 2026."""

from dataclasses import replace
from datetime import date

import pytest

from compact_bot.understanding.acts import Ask, Given, Named, OpenForm, SetOwner, Track
from tests.deadlines.conftest import GRANT, Officer


def test_an_open_deadline_like_it_is_not_kept_twice(amina: Officer) -> None:
    amina.do(GRANT)
    reply = amina.do(replace(GRANT, title="YOUTH club grant", owner=None))
    assert reply.text == ('This is tracked already, as D1: "Youth club grant". Owner: Amina. Nothing was saved.')
    assert amina.count("deadlines") == 1
    amina.say("drop D1 because of a mistake")
    assert amina.do(GRANT).text.startswith("Saved as D2")


def test_a_change_is_one_and_a_look_is_none(amina: Officer) -> None:
    assert amina.do(GRANT).changed
    assert not amina.say("deadlines").changed
    assert not amina.say("check notice for 31 March 2027").changed
    assert amina.say("nudges stop").changed


def test_who_turned_nudges_off_is_said_instead_of_promising_them(amina: Officer) -> None:
    amina.say("nudges stop")
    reply = amina.do(GRANT)
    assert "I will not nudge: Amina turned nudges off on Monday 23 November 2026." in reply.text
    amina.press("Send nudges here")
    assert "I will nudge" in amina.do(replace(GRANT, title="Other")).text


@pytest.mark.parametrize("said", ["move D1 30 April 2027", "renew D1 until 30 April 2028", "nudge D1 3 weeks before"])
def test_no_change_promises_nudges_that_somebody_turned_off(amina: Officer, said: str) -> None:
    amina.do(GRANT)
    amina.say("nudges stop")
    assert "Amina turned nudges off on Monday 23 November 2026." in amina.hear(said)


def test_the_digest_and_nudges_never_promise_each_other(amina: Officer) -> None:
    amina.say("nudges here")
    amina.say("nudges stop")
    assert "as before" not in amina.hear("digest off")
    assert "but none comes: Amina turned nudges off" in amina.hear("digest on Mondays")
    amina.say("digest off")
    assert "The weekly digest is off." in amina.hear("nudges here")


def test_the_sender_owns_what_nobody_else_does(amina: Officer) -> None:
    assert "Owner: Amina." in amina.do(replace(GRANT, owner=None)).text


def test_where_the_minimum_is_past_the_earliest_end_is_counted(amina: Officer) -> None:
    reply = amina.do(replace(GRANT, given=(Given("ends", (date(2027, 1, 31),)),)))
    assert reply.text.startswith("Saved as D1")
    assert (
        "If notice goes today, the earliest end is Tuesday 23 February 2027: 23 November 2026, plus 3 months"
        in reply.note
    )
    assert '"in exceptional circumstances"' in reply.note


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (replace(GRANT, given=(Given("ends", (date(2020, 3, 31),)),)), "is past, so there is nothing to plan for."),
        (replace(GRANT, given=(Given("ends", (date(20, 3, 31),)),)), "The year 20 is too far off"),
        (replace(GRANT, given=(Given("ends", (date(2027, 3, 31), date(2027, 4, 1))),)), "I read two dates"),
        (replace(GRANT, given=()), "I need a date for when funding changes or ends."),
        (replace(GRANT, given=(Given("opens", (date(2027, 3, 31),)),)), "asks for no date called opens"),
        (replace(GRANT, kind="party"), "I do not know the kind 'party'."),
        (replace(GRANT, title=" "), "What is it called?"),
        (replace(GRANT, title="x" * 201), "the most I keep is 200"),
        (replace(GRANT, owner=Named("x" * 101)), "at most 100 characters"),
        (replace(GRANT, leads=("soonish",)), "How long before each date?"),
        (replace(GRANT, clause="9.9.9"), "There is no clause 9.9.9."),
        (replace(GRANT, rationale="x" * 1_001), "1,000 characters"),
        (
            Track(
                "consultation",
                "x",
                (Given("opens", (date(2027, 3, 1),)), Given("closes", (date(2027, 2, 1),))),
            ),
            "is before",
        ),
        (
            Track("payment", "x", (Given("due", tuple(date(2027, 1, n) for n in range(1, 32)) * 1),)),
            "Saved as D1",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused_and_not_saved(amina: Officer, act: Track, says: str) -> None:
    reply = amina.do(act)
    assert says in reply.text
    assert reply.next_step or reply.typed
    if not says.startswith("Saved"):
        assert "Nothing was saved." in reply.text
        for table in ("deadlines", "milestones", "nudges", "changes"):
            assert amina.count(table) == 0


def test_what_was_not_read_for_certain_is_asked_in_a_line(amina: Officer) -> None:
    reply = amina.do(GRANT, "I read 31 March as next year")
    assert reply.text == (
        'Track "Youth club grant", funding ends Wednesday 31 March 2027, owner Amina? '
        "I read 31 March as next year. Nothing is saved yet."
    )
    assert [button.label for button in reply.buttons] == ["Save", "Change", "I was only asking"]
    assert amina.count("deadlines") == 0
    assert amina.say("yes").text.startswith("Saved as D1")


def test_change_opens_the_form_with_what_was_read(amina: Officer) -> None:
    amina.do(GRANT, "I am not sure")
    form = amina.press("Change").form
    assert form is not None
    assert {field.name: field.value for field in form.fields} == {
        "title": "Youth club grant", "ends": "2027-03-31", "owner": "Amina", "rationale": "",
    }  # fmt: skip


def test_what_is_missing_is_asked_for_with_the_form_filled_as_far_as_it_goes(amina: Officer) -> None:
    reply = amina.do(replace(GRANT, title=""), missing=("title",))
    assert reply.text.startswith(
        "I still need what it is called. So far: funding ends Wednesday 31 March 2027, owner Amina."
    )
    assert reply.pending is not None
    assert reply.pending.missing == ("title",)
    assert reply.form is not None
    assert reply.form.fields[1].value == "2027-03-31"


def test_only_asking_asks(amina: Officer) -> None:
    amina.do(GRANT)
    reply = amina.do(SetOwner((1,), Named("Ben")), "I am not sure whom you mean")
    assert reply.text == "Give D1 to Ben? I am not sure whom you mean. Nothing is changed yet."
    assert reply.buttons[1].act == OpenForm("owner", "D1")
    assert not isinstance(reply.buttons[0].act, Ask)
    assert not reply.changed


def test_which_deadline_is_meant_is_asked_with_those_that_are_open(amina: Officer) -> None:
    amina.do(GRANT)
    reply = amina.do(SetOwner((), Named("Ben")), missing=("item",))
    assert reply.buttons[0].act == SetOwner((1,), Named("Ben"))


@pytest.mark.parametrize("owner", ["José Álvarez", "O'Neill", "amina khan", "Finance team", 'The "big" one, really'])
def test_the_form_keeps_any_name_and_title(amina: Officer, owner: str) -> None:
    reply = amina.fill(
        "track", "funding-notice", title=f'{owner}: "x" ends 1 May', ends="2027-03-31", owner=owner, rationale=""
    )
    assert reply.text.startswith(f'Saved as D1: "{owner}: "x" ends 1 May". Owner: {owner}.')


def test_the_form_says_beside_the_date_what_is_wrong_with_it(amina: Officer) -> None:
    reply = amina.fill("track", "funding-notice", title="x", ends="2020-03-31", owner="", rationale="")
    assert reply.form is not None
    assert "is past" in reply.form.fields[1].problem
