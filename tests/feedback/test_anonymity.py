"""Anonymity is real: the database's files and the log are read for whoever sent it."""

import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from compact_bot.bot import Bot
from compact_bot.conversation import Address, Audience, Filled, Message, Person, Reply
from compact_bot.feedback.nobody import leaves_no_trace, without_sender
from compact_bot.understanding.telling import asks_to_be_anonymous
from tests.conftest import NOW, Chat

TELLTALE = {
    "id": "U0SECRETID",
    "name": "Quentina Handle",
    "called": "quentina.plain",
    "message": "1732352400.000900-telltale",
    "route": "D0SECRETROUTE",
    "thread": "T0SECRETTHREAD",
    "direct": "D0DIRECTSECRET",
    "link": "https://chat.example/archives/telltale",
}
SAID = "anonymous feedback 3.3.4 council paid us five weeks late"


def nobodys(text: str, message: str = TELLTALE["message"]) -> Message:
    return Message(
        id=message,
        text=text,
        sender=Person(TELLTALE["id"], TELLTALE["name"], TELLTALE["called"], Address("test", TELLTALE["direct"])),
        address=Address("test", TELLTALE["route"], TELLTALE["thread"]),
        organisation="Sutton Council",
        sent_at=NOW.replace(hour=14, minute=37, second=21),
        link=TELLTALE["link"],
    )


def form(**values: str) -> Filled:
    empty = dict.fromkeys(("clauses", "about", "behalf", "when"), "")
    held = {"what": "Paid late", "kind": "not kept", **empty, "link": TELLTALE["link"], "anonymous": "anonymous"}
    return Filled("feedback", values={**held, **values})


def stored(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("compact.db*")))


def send(bot: Bot, message: Message) -> Reply:
    reply = bot.reply_to(message)
    assert reply is not None
    return reply


def test_nothing_of_who_sent_it_is_in_the_database_or_the_log(
    bot: Bot, engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    logged = send(bot, replace(nobodys(SAID), link=""))
    assert re.match(r"Logged as F\d{4}: not kept, 3\.3\.4\. It is anonymous\.", logged.text)
    assert "Your own words can still identify you" in logged.note
    proposed = send(bot, replace(nobodys("anonymous feedback: nobody was told", "another-telltale"), link=""))
    assert "Which clause is this about?" in proposed.text
    drawn = send(bot, nobodys(proposed.buttons[-1].says, "third-telltale")).form  # a message action, with a link
    assert drawn is not None
    assert {field.name: field.value for field in drawn.fields}["anonymous"] == "anonymous"
    assert TELLTALE["link"] not in str(drawn)
    send(bot, replace(nobodys(proposed.buttons[-1].says, "4-telltale"), link=""))
    assert "is anonymous" in send(bot, replace(nobodys("", "fifth-telltale"), filled=form(clauses="3.4.4"))).text
    apart = replace(nobodys("anonymous praise 3.2.2 twelve weeks", "6-telltale"), audience=Audience.APART, link="")
    assert not any(button.label == "Share with channel" for button in send(bot, apart).buttons)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"what {TELLTALE['name']} wrote")

    with monkeypatch.context() as patch:
        patch.setattr(bot.search, "find", broken)
        assert "Sorry" in send(bot, replace(nobodys("anonymous feedback: it broke", "7-telltale"), link="")).text
    for chat_export in ("feedback all", logged.buttons[0].says, "review"):
        send(bot, Chat(bot).message(chat_export))

    kept = stored(tmp_path)
    assert len(kept) > 100_000
    for what, words in TELLTALE.items():
        assert words.encode() not in kept, what
        assert words not in caplog.text, what
    assert b"telltale" not in kept
    assert "telltale" not in caplog.text
    assert "an anonymous message: RuntimeError" in caplog.text
    assert b"13:37" not in kept
    assert b"14:37" not in kept
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from feedback where anonymous")) == 4
        for column in ("who", "person_id", "platform", "route", "link"):
            used = f"select count(*) from feedback where {column} != '' or logged_at is not null"  # noqa: S608
            assert connection.scalar(text(used)) == 0
        assert connection.scalar(text("select count(*) from changes")) == 0


@pytest.mark.parametrize("filled", [None, form(clauses="3.3.4")])
def test_the_rest_of_the_program_gets_a_message_of_nobody(filled: Filled | None) -> None:
    mentioned = (Person("U0MENTIONED", "telltale"),)
    message = replace(nobodys(SAID), filled=filled, mentioned=mentioned, takes_files=True)
    assert leaves_no_trace(message)
    stripped = repr(without_sender(message, "Europe/London"))
    for words in (*TELLTALE.values(), "U0MENTIONED", "telltale", "14, 37"):
        assert words not in stripped


def test_a_person_who_is_known_already_is_left_untouched(bot: Bot, engine: Engine) -> None:
    with_hello = replace(nobodys("hello"), link="")
    send(bot, with_hello)

    def rows() -> list[object]:
        with engine.connect() as connection:
            return [
                list(connection.execute(text(f"select * from {table}")))  # noqa: S608  # our own words
                for table in ("people", "received_messages", "threads", "places", "changes")
            ]

    before = rows()
    send(bot, replace(nobodys(SAID, "second"), link="", sender=Person(TELLTALE["id"], "Another Name")))
    assert rows() == before


def test_the_same_words_of_one_day_count_once_though_nobody_is_known(bot: Bot, engine: Engine) -> None:
    message = replace(nobodys(SAID), link="")
    number = send(bot, message).buttons[0].says
    assert bot.reply_to(message) is None  # the platform sent it again
    assert f"logged today as {number}" in send(bot, replace(message, id="2")).text
    restarted = Bot(engine, bot.search, bot.rules, bot.meanings, bot.timezone)
    assert f"logged today as {number}" in send(restarted, message).text


def test_where_others_read_it_is_not_anonymous_and_not_saved(bot: Bot, engine: Engine, tmp_path: Path) -> None:
    reply = send(bot, replace(nobodys(SAID), audience=Audience.EVERYONE, link=""))
    assert "Others read this place" in reply.text
    assert TELLTALE["id"].encode() not in stored(tmp_path)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from feedback")) == 0


def test_personal_details_are_pointed_out_here_too_and_nothing_is_remembered(bot: Bot, tmp_path: Path) -> None:
    reply = send(bot, replace(nobodys("anonymous feedback 3.3.4 jo@example.org paid late"), link=""))
    assert "an email address (jo@example.org)" in reply.text
    assert b"jo@example.org" not in stored(tmp_path)
    assert all(button.says.startswith("anonymous feedback 3.3.4") for button in reply.buttons)


@pytest.mark.parametrize(
    "said",
    [
        SAID,
        "Anonymously log that the council paid us late",
        "anonymous: feedback paid late",
        "feedback anonymously: paid late",
        "feedback anonymous 3.3.4 paid late",
        "log this anonymously: paid late",
        "log anonymous feedback 3.3.4 paid late",
        "please log anonymously that they were late",
        "praise 3.2.2 a good talk, anonymously",
        "anonymous praise 3.2.2 a good talk",
        "feedback 3.3.4 paid late (anonymous)",
    ],
)
def test_the_ways_to_ask_for_it(said: str) -> None:
    assert asks_to_be_anonymous(said)


@pytest.mark.parametrize(
    "said", ["feedback 3.3.4 an anonymous caller rang", "can we take anonymous complaints?", "log that it was late"]
)
def test_what_does_not_ask_for_it(said: str) -> None:
    assert not asks_to_be_anonymous(said)
