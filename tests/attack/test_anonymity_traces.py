"""Anonymous means it: nothing that is kept, at any door, can be laid beside an entry to tell who sent it or when.

Each test reads the database file as it lies on the disk, with its write-ahead log, and every table as it is.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from compact_bot.__main__ import main
from compact_bot.bot import Bot
from compact_bot.conversation import Audience, Message
from compact_bot.feedback.log import MORE_NAMELESS, NAMELESS
from compact_bot.store.tables import Feedback, OrganisationSettings
from tests.conftest import NOW, ROOT, Chat
from tests.slack.conftest import Channel, button, channel, workspace  # noqa: F401
from tests.slack.test_talking import opened
from tests.teams.conftest import Client, client, door, teams  # noqa: F401

ZOE = "U00000055"
ENTRY = "paid five weeks late, said nobody"
MOMENT = NOW.replace(hour=14, minute=37)
LATE = "feedback 3.3.4 council paid us five weeks late"


def on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob("compact.db*")))


def tables(engine: Engine, *but: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for some tables."""
    with engine.connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(text(f"select * from {name}"))]  # noqa: S608
            for name in inspect(connection).get_table_names()
            if name not in but
        }


def times(engine: Engine) -> Iterator[tuple[str, str]]:
    """Every time of day that any table holds, with the table's name."""
    for name, rows in tables(engine).items():
        for row in rows:
            for value in row:
                if found := re.match(r"\d{4}-\d\d-\d\d[ T](\d\d:\d\d)", str(value)):
                    yield name, found[1]


OURS = ("feedback", "feedback_clauses", "organisations", "organisation_settings")  # where an entry itself is kept


# ---- Slack -----------------------------------------------------------------------------------------------------------


def send_by_form(channel: Channel, **more: str) -> str:  # noqa: F811
    """Zoe opens the form and sends it anonymously; what she is told."""
    assert channel.command("log feedback", user=ZOE).text == ""
    form, answered = opened(channel), len(channel.workspace.called("response_url"))
    values = {
        "what": {"type": "plain_text_input", "value": ENTRY},
        "kind": {"type": "static_select", "selected_option": {"value": "not kept"}},
        "clauses": {"type": "plain_text_input", "value": "3.3.4"},
        "anonymous": {"type": "static_select", "selected_option": {"value": "anonymous"}},
    }
    channel.submit(form, values, user=ZOE, **more)
    return str(channel.workspace.wait_for("response_url", answered + 1)[-1]["text"])


def test_in_slack_neither_the_form_nor_anybodys_home_tells_the_moment(
    channel: Channel,  # noqa: F811
    engine: Engine,
    tmp_path: Path,
) -> None:
    channel.now = MOMENT - timedelta(minutes=20)  # so that it is open still, and would be drawn again
    channel.event({"type": "app_home_opened", "user": "U00000001", "channel": "D00000001", "tab": "home"})
    channel.workspace.wait_for("views.publish")
    assert channel.command(LATE, user="U00000002").json()["text"].startswith("Logged as F1")
    channel.workspace.wait_for("views.publish", 2)
    channel.workspace.settle()
    before, channel.now = tables(engine, *OURS), MOMENT
    assert "It is anonymous." in send_by_form(channel)
    assert channel.command(f"anonymous feedback 3.4.4 {ENTRY}", user=ZOE).json()["text"].startswith("Logged as F")
    asked = channel.command(f"{ENTRY}, 3.4.4, and keep my name out of it", user=ZOE).json()
    assert asked["text"].startswith("Is nobody to know")
    assert "Share with channel" not in str(asked["blocks"])
    channel.direct(f"anonymous praise 3.2.2 {ENTRY}", user=ZOE)
    channel.interact(
        "message_action", callback_id="log_feedback", user=ZOE, channel={"id": "C00000001"},
        message={"ts": "9.000001", "text": ENTRY},
    )  # fmt: skip
    channel.workspace.wait_for("views.open", 2)
    channel.workspace.settle()
    assert tables(engine, *OURS) == before
    assert len(channel.workspace.called("views.publish")) == 2
    channel.now = MOMENT + timedelta(hours=1)
    assert (
        channel.command("feedback 3.4.4 council cut us off", user="U00000002").json()["text"].startswith("Logged as F2")
    )
    assert "14:37" not in {time for _, time in times(engine)}
    stored = on_disk(tmp_path)
    assert ENTRY.encode() in stored
    for trace in (ZOE, "14:37", str(int(MOMENT.timestamp()))[:8]):
        assert trace.encode() not in stored, trace


def test_a_form_with_a_name_is_kept_as_before(channel: Channel, engine: Engine) -> None:  # noqa: F811
    channel.command("log feedback", user=ZOE)
    values = {
        "what": {"type": "plain_text_input", "value": ENTRY},
        "kind": {"type": "static_select", "selected_option": {"value": "not kept"}},
        "clauses": {"type": "plain_text_input", "value": "3.3.4"},
        "anonymous": {"type": "static_select", "selected_option": {"value": "named"}},
    }
    channel.submit(opened(channel), values, user=ZOE)
    channel.workspace.wait_for("response_url")
    with engine.connect() as connection:
        assert connection.scalars(text("select person_id from feedback")).all() == [ZOE]


# ---- Teams -----------------------------------------------------------------------------------------------------------


def test_in_teams_a_first_message_leaves_no_reference_to_its_chat(
    client: Client,  # noqa: F811
    engine: Engine,
    tmp_path: Path,
) -> None:
    zoe = client.elsewhere("personal", id="29:zoe", name="Zoe", aadObjectId="00000000-0000-0000-0000-000000000055")
    zoe.post(zoe.activity("typing"))
    for said in (
        f"anonymous feedback 3.3.4 {ENTRY}",
        f"{ENTRY}, 3.4.4, and keep my name out of it",
        "log feedback",
        "I want to complain anonymously about Councillor X bullying our staff",
    ):
        assert len(zoe.say(said)) == 1
    assert not any(tables(engine, *OURS, "alembic_version").values())
    stored = on_disk(tmp_path)
    for trace in ("29:zoe", "000000000055", "Zoe", "bullying", zoe.activity()["conversation"]["id"]):
        assert trace.encode() not in stored, trace
    zoe.say("3.4.4")
    assert len(tables(engine)["conversation_references"]) == len(tables(engine)["people"]) == 1


# ---- the terminal ----------------------------------------------------------------------------------------------------


def test_in_the_terminal_no_name_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COMPACT_DATABASE_URL", f"sqlite:///{tmp_path / 'compact.db'}")
    for said in (
        f"feedback 3.3.4 {ENTRY}, anonymous",
        "I want to report something in confidence about 3.4.4",
        "log feedback",
    ):
        assert main(["say", said, "--as", "Zoe Telltale", "--now", "2026-11-25T14:37:21"]) == 0
    assert "It is anonymous." in capsys.readouterr().out
    stored = on_disk(tmp_path)
    assert ENTRY.encode() in stored
    assert b"Telltale" not in stored
    assert b"14:37" not in stored


# ---- the entry's own row ---------------------------------------------------------------------------------------------


def test_no_id_number_or_row_tells_between_which_others_an_entry_came(chat: Chat, engine: Engine) -> None:
    for number in range(12):
        chat.say(f"feedback 3.3.4, 3.4.4: paid late for the {number}. time")
        chat.say(f"anonymous feedback 3.3.4, 3.4.4: cut off for the {number}. time")
    with Session(engine) as session:
        entries = session.scalars(select(Feedback)).all()
        named = [entry for entry in entries if not entry.anonymous]
        nameless = [entry for entry in entries if entry.anonymous]
        assert sorted(entry.number for entry in named) == list(range(1, 13))
        assert all(entry.number in NAMELESS for entry in nameless)
        for kind, ordered in ((named, "paid late"), (nameless, "cut off")):
            by_words = {int(re.findall(r"(\d+)\. time", entry.what)[0]): entry for entry in kind}
            ids = [by_words[number].id for number in range(12)]
            assert ids != sorted(ids), ordered
        numbers = [
            one.number for one in sorted(nameless, key=lambda one: int(re.findall(r"(\d+)\. time", one.what)[0]))
        ]
        assert numbers != sorted(numbers)
        assert {(one.logged_on, one.happened_on, one.logged_at) for one in nameless} == {
            (date(2026, 11, 23),) * 2 + (None,)
        }
    with engine.connect() as connection, pytest.raises(DatabaseError, match="rowid"):
        connection.execute(text("select rowid from feedback_clauses"))


def test_a_list_puts_the_entries_of_a_day_by_number_and_nothing_else(chat: Chat) -> None:
    for number in range(6):
        chat.say(f"feedback 3.3.4 paid late for the {number}. time")
        chat.say(f"anonymous feedback 3.3.4 cut off for the {number}. time")
    pages = [chat.say(f"feedback all page {page}").tables[0] for page in (1, 2, 3)]
    listed = [int(row.cells[1].split(",")[0][1:]) for page in pages for row in page.rows]
    assert listed == sorted(listed, reverse=True)
    assert len(listed) == 12


def test_the_count_of_named_entries_leaves_the_other_numbers_out(chat: Chat, engine: Engine) -> None:
    chat.say(LATE)
    for last, then in ((998, "F999"), (999, "F10000"), (5_000, "F10000"), (10_000, "F10001")):
        with Session(engine) as session, session.begin():
            session.scalars(select(OrganisationSettings)).one().last_feedback = last
        assert chat.say(f"feedback 3.3.4 late after {last}").text.startswith(f"Logged as {then}:")
        chat.say("undo")
    with Session(engine) as session, session.begin():
        ours = session.scalars(select(OrganisationSettings)).one().organisation_id
        for number in NAMELESS[:4_500]:
            session.add(
                Feedback(
                    id=number, organisation_id=ours, number=number, kind="kept", what="x", happened_on=NOW.date(),
                    anonymous=True, logged_on=NOW.date(),
                )
            )  # fmt: skip
    number = int(chat.say("anonymous feedback 3.3.4 paid late").buttons[0].says[1:])
    assert number in MORE_NAMELESS
    assert chat.say(f"F{number}").text.startswith(f"F{number} is not kept")


# ---- what is kept of answers, and undo -------------------------------------------------------------------------------


def apart(chat: Chat, said: str) -> Message:
    return replace(chat.message(said), audience=Audience.APART)


def test_no_kept_answer_shows_when_an_entry_was_there_and_when_it_was_not(bot: Bot, chat: Chat, engine: Engine) -> None:
    chat.say("lead me")
    for said in (LATE, f"anonymous feedback 3.3.4 {ENTRY}"):
        reply = bot.reply_to(apart(chat, said))
        assert reply is not None
        number = reply.buttons[0].says
        for looked in ("feedback", "feedback all", "feedback 3.3.4", "feedback by clause", number, "review"):
            shown = bot.reply_to(apart(chat, looked))
            assert shown is not None
            assert "Share with channel" not in [one.label for one in shown.buttons], looked
    with engine.connect() as connection:
        kept = " ".join(connection.scalars(text("select answer from received_messages")))
    assert ENTRY not in kept
    assert number not in kept


def test_undo_after_an_anonymous_entry_takes_nothing_back(bot: Bot, chat: Chat, engine: Engine) -> None:
    chat.say('track funding "Youth club grant" ends 31 March 2027')
    chat.say(LATE)
    chat.say(f"anonymous feedback 3.3.4 {ENTRY}")
    before = tables(engine, "received_messages")
    for audience in (Audience.ALONE, Audience.APART, Audience.EVERYONE):
        reply = bot.reply_to(replace(chat.message("undo"), audience=audience))
        assert reply is not None
        assert reply.text.startswith("What you logged anonymously cannot be taken back")
        assert reply.private
    after = tables(engine, "received_messages")
    assert {name: rows for name, rows in after.items() if name != "places"} == {
        name: rows for name, rows in before.items() if name != "places"
    }
    with engine.connect() as connection:
        assert set(connection.scalars(text("select answer from received_messages"))) == {""}
    other = Chat(bot, name="Sam", now=chat.now)
    assert "nothing of yours" in other.say("undo").text
    chat.say('track funding "Lunch club grant" ends 31 March 2027')
    assert chat.say("undo").text.startswith("Taken back, D2")
    assert chat.say("undo").text.startswith("What you logged anonymously cannot be taken back")
    chat.now += timedelta(minutes=11)
    assert "nothing of yours" in chat.say("undo").text


def test_another_process_knows_nothing_of_it(bot: Bot, chat: Chat, engine: Engine) -> None:
    chat.say(f"anonymous feedback 3.3.4 {ENTRY}")
    elsewhere = Chat(Bot(engine, bot.search, bot.rules, bot.meanings, bot.timezone), now=chat.now)
    reply = elsewhere.say("undo")
    assert "nothing of yours" in reply.text
    assert reply.next_step.startswith("What is logged anonymously cannot be taken back")


# ---- logs ------------------------------------------------------------------------------------------------------------


def test_no_log_holds_words_or_sender(
    bot: Bot, chat: Chat, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    messages = [
        chat.message(said)
        for said in (
            f"anonymous feedback 3.3.4 {ENTRY}",
            f"{ENTRY}, and keep my name out of it",
            "I want to complain anonymously about Councillor X bullying our staff",
            "log feedback",
        )
    ]

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(ENTRY)

    bot.reply_to_all(messages)
    monkeypatch.setattr("compact_bot.bot.for_nobody", broken)
    replies = bot.reply_to_all([replace(message, id=f"again {message.id}") for message in messages])
    assert all(reply is not None and reply.text.startswith("Sorry") for reply in replies)
    for words in (ENTRY, "bullying", "Amina", *(message.id for message in messages)):
        assert words not in caplog.text, words


def test_a_time_is_never_kept_with_an_entry(chat: Chat, engine: Engine) -> None:
    chat.now = datetime.combine(NOW.date(), MOMENT.timetz())
    chat.say(f"anonymous feedback 3.3.4 {ENTRY}")
    assert list(times(engine)) == []
