"""While a long list is read and kept: others are answered, all of it or nothing is kept, and its owners hear of it."""

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from adapters.answering import answering
from adapters.plain_text import plain_text
from compact_bot.bot import APOLOGY
from compact_bot.conversation import Address, File, Message, MessageKind, Person, Reply
from compact_bot.nudges.sending import Sender
from tests.conftest import Chat
from tests.importing.made import REGISTER, many
from tests.importing.test_chat import bring, button
from tests.nudges.test_feedback import Post


def with_list(chat: Chat, content: bytes = REGISTER.encode()) -> Message:
    return replace(chat.message("import"), attached=(File("grants.csv", "", content),))


def test_somebody_else_is_answered_and_heard_while_a_list_is_read(chat: Chat) -> None:
    """By the one thread that SQLite has, and by the one writer that it takes."""
    is_read, goes_on = threading.Event(), threading.Event()

    def waits(_: int, __: int) -> None:
        is_read.set()
        assert goes_on.wait(10)

    ben = replace(chat, name="Ben", thread="his", heard=[])

    async def both() -> tuple[Reply | None, Reply | None]:
        with answering(chat.bot, threads=1) as answer:
            listed = asyncio.ensure_future(answer(replace(with_list(chat), progress=waits)))
            assert await asyncio.to_thread(is_read.wait, 10)
            said = await answer(ben.message('track payment "Rent" due 4 January 2027'))
            goes_on.set()
            return said, await listed

    said, listed = asyncio.run(both())
    assert said is not None
    assert listed is not None
    assert said.text.startswith("Saved as D1")
    assert listed.text.startswith("grants.csv: 4 lines: 2 new")


def test_what_was_read_is_not_read_again_to_be_looked_at_or_kept(chat: Chat) -> None:
    told: list[tuple[int, int]] = []
    reply = chat.bot.reply_to(replace(with_list(chat), progress=lambda *done: told.append(done)))
    assert reply is not None
    keep = button(reply, "Import")
    pressed = replace(chat.message(""), pressed=keep.value, kind=MessageKind.PRESSED)
    made = chat.bot.reply_to(replace(pressed, progress=lambda *done: told.append(done)))
    assert made is not None
    assert made.text.startswith("Imported: D1 to D2")
    assert told == [(4, 4), (2, 2)]  # lines read once, and deadlines kept


@pytest.mark.parametrize("then", ["Leave it", "Import 2", "nothing, for two days"])
def test_what_was_read_is_not_remembered_longer_than_its_file(chat: Chat, then: str) -> None:
    shown = bring(chat)
    if then.startswith("nothing"):
        chat.now += timedelta(days=2)
        chat.say("deadlines")
    else:
        chat.press(button(shown, then))
    assert not chat.bot._readings._kept  # nothing that is said tells


def test_a_day_that_is_closed_since_is_minded_when_a_list_is_kept(chat: Chat) -> None:
    """Measures are agreed a working day before an agreement starts."""
    content = b"Agreement,Kind,Start date,Report due\nHall,monitoring,04/01/2027,30/04/2027\n"
    keep = button(bring(chat, content), "Import")
    chat.say("closed 31 December 2026")
    chat.press(keep)
    assert "Wednesday 30 December 2026" in chat.hear("D1")


def test_what_fails_on_the_way_leaves_nothing_of_a_list(chat: Chat, engine: Engine) -> None:
    keep = button(bring(chat, many(600), "many.xlsx"), "Import 600")

    def fails(done: int, of: int) -> None:
        if done < of:
            raise OSError("the disk is full")

    pressed = replace(chat.message(""), pressed=keep.value, kind=MessageKind.PRESSED, progress=fails)
    assert chat.bot.reply_to(pressed) == APOLOGY
    with engine.connect() as connection:
        for table in ("deadlines", "milestones", "nudges", "changes"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 0, table  # noqa: S608
    assert chat.press(keep).text.startswith("Imported: D1 to D600")


@pytest.mark.parametrize("lines", [2, 25])
def test_whoever_is_given_lines_of_a_list_hears_of_them_once_the_next_morning(chat: Chat, lines: int) -> None:
    ben = Person("Ben", "Ben", direct=Address("test", "alone with Ben"))
    chat.bot.reply_to(replace(chat.message("hello"), sender=ben))
    chat.say("digest off")
    mine = "Amina's own,31/08/2027,Amina\n"
    rows = "".join(f"Group {n},31/08/2027,Ben\n" for n in range(lines))
    chat.press(button(bring(chat, f"Grant,End date,Officer\n{rows}{mine}"), "Import"))

    def told(morning: int) -> dict[str, str]:
        post, now = Post(), chat.now.replace(hour=10) + timedelta(days=morning)
        sender = Sender(chat.bot.engine, chat.bot.search.agreement, chat.bot.rules, {"test": post}, lambda: now, "w")
        asyncio.run(sender.send_due())
        return dict(post.posts)

    first = told(1)
    assert list(first) == ["alone with Ben"]
    assert first["alone with Ben"].count("It is yours to see to now") == min(lines, 10)
    assert f"{lines} Compact deadlines" in first["alone with Ben"]
    assert ("15 more are yours to see to now. To see all, type: deadlines mine" in first["alone with Ben"]) == (
        lines == 25
    )
    assert told(2) == {}


def test_an_owner_is_known_by_what_slack_calls_them(chat: Chat, engine: Engine) -> None:
    for number, handle in enumerate(("ben.okoro", "sam_lee", "sam.lee")):
        somebody = Person(f"U{number}", f"@U{number}", called=handle, direct=Address("test", f"alone with {handle}"))
        chat.bot.reply_to(replace(chat.message("hello"), sender=somebody))
    rows = "Hall,31/08/2027,Ben Okoro\nClub,31/08/2027,Sam Lee\n"
    chat.press(button(bring(chat, f"Grant,End date,Officer\n{rows}"), "Import"))
    with engine.connect() as connection:
        told = connection.scalars(text("select route from nudges where purpose = 'given'")).all()
    assert told == ["alone with ben.okoro"]  # of two Sam Lees neither is meant for sure


def test_what_was_taken_back_is_told_nobody(chat: Chat, engine: Engine) -> None:
    ben = Person("Ben", "Ben", direct=Address("test", "alone with Ben"))
    chat.bot.reply_to(replace(chat.message("hello"), sender=ben))
    made = chat.press(button(bring(chat), "Import"))
    assert "Ben" in plain_text(chat.say("D2"))
    chat.press(button(made, "Undo"))
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from nudges where state = 'waiting' and purpose = 'given'")) == 0
