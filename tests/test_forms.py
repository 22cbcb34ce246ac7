"""Forms: drawn, checked, and turned into the act that somebody could have said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compact_bot.conversation import Filled, Form, Reply
from compact_bot.dates import spoken
from tests.conftest import NOW, Chat


def send(chat: Chat, form: Form, values: dict[str, str]) -> Reply:
    message = replace(chat.message(""), filled=Filled(form.name, form.subject, values))
    reply = chat.bot.reply_to(message)
    assert reply is not None
    return reply


def form_of(chat: Chat, said: str) -> Form:
    form = chat.say(said).form
    assert form is not None
    return form


def problems(reply: Reply) -> dict[str, str]:
    assert reply.form is not None
    return {field.name: field.problem for field in reply.form.fields if field.problem}


def test_tracking_asks_for_the_kind_and_then_for_what_that_kind_needs(chat: Chat) -> None:
    kinds = form_of(chat, "track")
    assert [field.name for field in kinds.fields] == ["kind"]
    asked = send(chat, kinds, {"kind": "consultation"}).form
    assert asked is not None
    assert [field.name for field in asked.fields] == ["title", "opens", "closes", "owner", "rationale"]


def test_a_filled_form_saves_what_the_sentence_would(chat: Chat) -> None:
    values = {"title": 'The "big" grant', "ends": "2027-03-31", "owner": "Amina Khan", "rationale": "as agreed"}
    saved = send(chat, form_of(chat, "track funding"), values)
    assert saved.text.startswith('Saved as D1: "The "big" grant". Owner: Amina Khan.')
    assert saved.changed
    assert "Rationale: as agreed" in chat.hear("D1")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"title": ""}, "Please fill in: name."),
        ({"title": "x" * 300}, "This has 300 characters; the most I keep is 200."),
        ({"ends": "soon"}, "This is not a date. Write it as year, month, day: 2027-03-31."),
        (
            {"ends": "2020-01-01"},
            "Wednesday 1 January 2020 is past, so there is nothing to plan for.",
        ),
        ({"owner": "x" * 101}, "This has 101 characters; the most I keep is 100."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    chat: Chat, wrong: dict[str, str], problem: str
) -> None:
    values = {"title": "Grant", "ends": "2027-03-31", "owner": "", "rationale": "", **wrong}
    reply = send(chat, form_of(chat, "track funding"), values)
    assert problems(reply) == {next(iter(wrong)): problem}
    assert reply.form is not None
    assert {field.name: field.value for field in reply.form.fields} == values
    assert "There are no open deadlines" in chat.hear("deadlines")


def test_dates_that_contradict_are_said_beside_the_last(chat: Chat) -> None:
    values = {"title": "Library", "opens": "2027-03-01", "closes": "2027-01-01"}
    assert "is before" in problems(send(chat, form_of(chat, "track consultation"), values))["closes"]


def test_change_date_and_not_needed_have_forms(chat: Chat) -> None:
    chat.say('track funding "Grant" ends 31 March 2027')
    moved = send(chat, form_of(chat, "move D1"), {"which": "ends 2027-03-31", "day": "2027-04-30"})
    assert moved.text.startswith("D1 moved: when funding changes or ends is now Friday 30 April 2027.")
    assert problems(send(chat, form_of(chat, "move D1"), {"which": "no", "day": ""})) == {
        "which": "Please choose one of the list.",
        "day": "Please fill in: new date.",
    }
    dropped = send(chat, form_of(chat, "drop D1"), {"reason": "the grant was renewed"})
    assert dropped.text.startswith("D1 is dropped, because the grant was renewed.")


def test_a_form_of_another_organisations_deadline_changes_nothing(chat: Chat) -> None:
    chat.say('track funding "Grant" ends 31 March 2027')
    form = form_of(chat, "move D1")
    other = replace(chat, organisation="Merton")
    assert "There is no D1 here" in send(other, form, {"which": "", "day": "2027-04-30"}).text
    assert send(chat, replace(form, name="unknown"), {}).text == "I do not know that form. Nothing was saved."


def test_the_ask_form_asks(chat: Chat) -> None:
    assert send(chat, form_of(chat, "home"), {"question": "3.4.4"}).citations[0].number == "3.4.4"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(min_size=1, max_size=60), rationale=st.text(max_size=60), days=st.integers(1, 900))
def test_any_words_in_a_form_are_saved_with_the_right_date_or_refused(
    chat: Chat, title: str, rationale: str, days: int
) -> None:
    day = NOW.date() + timedelta(days=days)
    values = {"title": title, "due": day.isoformat(), "owner": "", "rationale": rationale}
    reply = send(chat, form_of(chat, "track payment"), values)
    if reply.changed:
        assert spoken(day) in reply.text
        assert reply.text.startswith("Saved as D")
    elif reply.text.startswith("This is tracked already, as D"):
        assert "Nothing was saved." in reply.text
        assert spoken(day) in reply.facts[0].value
    else:
        assert reply.form is not None
        assert problems(reply)


def test_home_counts_what_is_mine_and_what_is_ours(chat: Chat) -> None:
    chat.say('track payment "Q3" due 1 December 2026')
    chat.say('track payment "Q4" due 2 December 2026 owner Ben')
    chat.say(f'track payment "Later" due {date(2027, 6, 1):%d %B %Y}')
    home = chat.say("home")
    assert home.text == "Due by Wednesday 23 December 2026: 1 of yours, 1 of your team."
    assert [(table.heading, row.cells[1]) for table in home.tables for row in table.rows] == [
        ("Yours", "D1, Q3"),
        ("Owner known by name only: is one yours?", "D2, Q4"),
    ]
