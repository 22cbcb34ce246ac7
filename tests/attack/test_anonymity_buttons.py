"""A button that logs without a name is nobody's, and so is one that opens the form: who presses it leaves no trace."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from compact_bot.bot import Bot
from compact_bot.conversation import Audience, Button, Message, MessageKind, Reply
from compact_bot.feedback.anonymity import Wish
from compact_bot.feedback.nobody import leaves_no_trace, wish_of
from compact_bot.understanding.acts import (
    Act,
    Ask,
    EditFeedback,
    FeedbackKind,
    FeedbackState,
    LogFeedback,
    OpenForm,
    PassOn,
    SetStatus,
    to_json,
)
from compact_bot.understanding.waiting import Choice, Waiting
from tests.conftest import Chat

ENTRY = "the telltale officer shouted at our staff"
HINTED = f"I want to complain anonymously that {ENTRY}"
OURS = ("feedback", "feedback_clauses", "organisations", "organisation_settings", "alembic_version")
NAMED = LogFeedback(FeedbackKind.NOT_KEPT, ENTRY, ("3.3.4",))


def press(chat: Chat, button: Button, audience: Audience = Audience.ALONE) -> Reply:
    pressed = replace(chat.message(""), pressed=button.value, kind=MessageKind.PRESSED, audience=audience)
    reply = chat.bot.reply_to(pressed)
    assert reply is not None
    return reply


def button(reply: Reply, label: str) -> Button:
    return next(one for one in reply.buttons if one.label == label)


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """What is kept beside an entry itself."""
    with engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(text(f"select * from {name}"))]  # noqa: S608  # our own
            for name in inspect(connection).get_table_names()
            if name not in OURS
        }


@contextmanager
def nothing_is_kept(engine: Engine) -> Iterator[None]:
    before = rows(engine)
    yield
    assert rows(engine) == before


def test_pressed_anonymously_nothing_is_left_of_who_pressed(chat: Chat, engine: Engine, tmp_path: Path) -> None:
    with nothing_is_kept(engine):
        asked = chat.say(HINTED)
        clause = press(chat, button(asked, "Log it anonymously"))
        assert clause.text.startswith("Which clause is this about?")
        assert all(one.act is not None and '"anonymous":true' in one.value for one in clause.buttons)
        logged = press(chat, button(clause, "No clause"))
        assert "It is anonymous." in logged.text
    assert not any(rows(engine).values())
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("compact.db*"))
    assert ENTRY.encode() in stored
    for trace in (b"Amina", b"a thread", b"09:00"):
        assert trace not in stored


def test_what_was_asked_back_of_nobody_waits_nowhere(chat: Chat, engine: Engine, tmp_path: Path) -> None:
    for said in (HINTED, f"anonymous feedback: {ENTRY}", f"anonymous feedback 3.3.4 jo@example.org: {ENTRY}"):
        reply = chat.say(said)
        assert reply.buttons
        assert reply.pending is None
        chat.say("yes")
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("compact.db*"))
    assert b"telltale" not in stored


def test_pressed_twice_it_counts_once(chat: Chat, engine: Engine) -> None:
    anonymously = button(chat.say(f"feedback 3.3.4: {ENTRY}. Could this be anonymous?"), "Log it anonymously")
    number = press(chat, anonymously).buttons[0].label.removeprefix("Show ")
    assert f"logged today as {number}" in press(chat, anonymously).text


def test_with_a_name_it_is_logged_by_name_and_only_then(chat: Chat, engine: Engine) -> None:
    asked = chat.say(f"feedback 3.3.4: {ENTRY}, in confidence?")
    assert asked.text.startswith("Is nobody to know")
    assert press(chat, button(asked, "Log it with my name")).text.startswith("Logged as F1")
    with engine.connect() as connection:
        assert connection.scalars(text("select who from feedback")).all() == ["Amina"]


def test_a_named_button_pressed_after_the_wish_is_asked_about(chat: Chat, engine: Engine) -> None:
    offered = chat.say(f"log that {ENTRY}")
    chat.say("please keep what I tell you anonymous")
    assert press(chat, offered.buttons[-1]).text.startswith("Is nobody to know")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from feedback")) == 0


def test_where_others_read_pressing_saves_nothing(chat: Chat, engine: Engine) -> None:
    anonymously = button(chat.say(HINTED), "Log it anonymously")
    with nothing_is_kept(engine):
        assert press(chat, anonymously, Audience.EVERYONE).text.startswith("Others read this place")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from feedback")) == 0


def test_opening_the_form_by_a_button_leaves_no_row(chat: Chat, engine: Engine) -> None:
    log = button(chat.say("feedback"), "Log feedback")
    with nothing_is_kept(engine):
        assert press(chat, log).form is not None
        asked = chat.say("keep my name out of what I tell you")
        assert asked.form is not None
        assert asked.opens is not None
        form = press(chat, asked.opens).form
    assert form is not None
    assert {field.name: field.value for field in form.fields}["anonymous"] == "anonymous"


def test_a_button_of_another_organisation_or_of_last_week_logs_nothing(bot: Bot, chat: Chat, engine: Engine) -> None:
    anonymously = button(chat.say(HINTED), "Log it anonymously")
    theirs = Chat(bot, organisation="Theirs")
    assert press(theirs, anonymously).text.startswith("This button belongs to another organisation")
    chat.now += timedelta(days=7)
    assert press(chat, anonymously).text.startswith("This button is more than a day old")
    for broken in ('{"act":"LogFeedback","v":1,"anonymous":true}', '{"v":1', "[" * 3_000):
        assert press(chat, Button("", value=broken)).text.startswith(("I can no longer read", "I am not sure"))
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from feedback")) == 0


def pressed(act: Act | str) -> Message:
    value = act if isinstance(act, str) else json.dumps({**json.loads(to_json(act)), "of": 1})
    return replace(Chat(None).message(""), pressed=value, kind=MessageKind.PRESSED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("act", "wish"),
    [
        (replace(NAMED, anonymous=True), Wish.STATED),
        (NAMED, Wish.NONE),
        (replace(NAMED, what=f"{ENTRY}, keep my name out of it"), Wish.HINTED),
        (replace(NAMED, behalf="an anonymous donor"), Wish.HINTED),
        (replace(NAMED, what=f"{ENTRY}, keep my name out of it", with_name=True), Wish.NONE),
        (Ask("I want to report anonymously that the officer shouted"), Wish.HINTED),
        (Ask("what does it say about confidentiality"), Wish.NONE),
        (PassOn("what does it say about notice"), Wish.NONE),
        (SetStatus(7, FeedbackState.RESOLVED, "settled between us and the council"), Wish.NONE),
        (OpenForm("feedback", "", (("what", "keep my name out of it"),)), Wish.NONE),
        ("anonymous feedback 3.3.4: paid late", Wish.STATED),  # a button from before acts
        ("{damaged", Wish.NONE),
    ],
)
def test_the_wish_on_a_button(act: Act | str, wish: Wish) -> None:
    assert wish_of(pressed(act)) is wish


@pytest.mark.parametrize(
    ("act", "leaves_none"),
    [
        (OpenForm("feedback"), True),
        (replace(NAMED, anonymous=True), True),
        (NAMED, False),
        (OpenForm("track"), False),
        (EditFeedback(7, "paid late"), False),
    ],
)
def test_doors_are_told_before_they_keep_anything(act: Act, leaves_none: bool) -> None:
    assert leaves_no_trace(pressed(act)) is leaves_none


@pytest.mark.parametrize(
    "act", [replace(NAMED, anonymous=True), replace(NAMED, what=f"{ENTRY}, keep my name out of it")]
)
def test_no_other_way_logs_what_is_nobodys(act: LogFeedback, chat: Chat, engine: Engine) -> None:
    """Whatever waited in a conversation, say from a program that kept more than this one."""
    chat.say(f"log that {ENTRY}")
    waiting = Waiting(act, (), (Choice("Save", act),))
    with engine.begin() as connection:
        connection.execute(text("update threads set waiting = :waiting"), {"waiting": waiting.to_json()})
    assert chat.say("yes").text.startswith("Is nobody to know")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from feedback")) == 0
