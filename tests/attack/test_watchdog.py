"""Nobody waits for ever: who waits too long is told so truly, and /healthz says when nothing is answered any more."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event, text
from starlette.testclient import TestClient

from adapters.answering import NOT_SAVED, PERHAPS_SAVED, Answering, answering
from adapters.web.app import doors_app
from compact_bot.assemble import ANSWERING
from compact_bot.bot import APOLOGY, Bot
from compact_bot.conversation import Reply
from compact_bot.patience import Patience
from compact_bot.store import database as store
from compact_bot.store.database import open_database
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import Chat
from tests.slack.workspace import wait_until

TRACK = 'track payment "Q3" due 1 December 2026'


@contextmanager
def held(engine: Engine) -> Iterator[Connection]:
    """Somebody else has what a message needs: the whole of SQLite, the organisation's row in PostgreSQL."""
    other = open_database(engine.url.render_as_string(hide_password=False))
    with other.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("select id from organisations for update"))
        yield connection
    other.dispose()


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("select count(*) from deadlines")) or 0)


def test_who_waits_too_long_is_told_that_nothing_was_saved_and_nothing_is(both: Engine, bot_on_both: Bot) -> None:
    chat = Chat(bot_on_both)
    chat.say("hello")
    said = chat.message(TRACK)

    async def ask(answer: Answering) -> tuple[Reply | None, Reply | None]:
        with held(both):
            started = time.monotonic()
            given_up = await answer(said)
            assert time.monotonic() - started < 2
        return given_up, await answer(chat.message("deadlines"))  # once the thread is free again

    with answering(bot_on_both, **ANSWERING[both.dialect.name], within=0.5) as answer:
        given_up, later = asyncio.run(ask(answer))
        assert given_up == NOT_SAVED
        assert later
    assert count(both) == 0
    again = bot_on_both.reply_to(said)  # the very same message: nothing of it was kept, so it counts
    assert again
    assert again.text.startswith("Saved as D1")


def test_who_waits_while_it_is_being_saved_is_not_told_that_nothing_was(both: Engine, bot_on_both: Bot) -> None:
    chat = Chat(bot_on_both)
    chat.say("hello")
    event.listen(both, "commit", lambda _: time.sleep(1))

    async def ask(answer: Answering) -> Reply | None:
        return await answer(chat.message(TRACK))

    with answering(bot_on_both, threads=1, within=0.5) as answer:
        assert asyncio.run(ask(answer)) == PERHAPS_SAVED
    assert count(both) == 1


def test_patience_is_over_or_the_work_is_saved_never_both() -> None:
    given_up, saved = Patience(), Patience()
    assert given_up.give_up()
    assert not given_up.may_save()
    assert saved.may_save()
    assert not saved.give_up()


def test_the_database_gives_up_before_the_person_does(
    both: Engine, search: Search, rules: Rules, meanings: Meanings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.GIVES_UP_AFTER < 20
    monkeypatch.setattr(store, "GIVES_UP_AFTER", 1)
    engine = open_database(both.url.render_as_string(hide_password=False))
    chat = Chat(Bot(engine, search, rules, meanings, "Europe/London"))
    chat.say("hello")
    with held(both):
        started = time.monotonic()
        assert chat.say(TRACK) == APOLOGY
        assert time.monotonic() - started < 5
    assert chat.say(TRACK).text.startswith("Saved as D1")
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            assert connection.scalar(text("show statement_timeout")) == "1s"
            assert connection.scalar(text("show idle_in_transaction_session_timeout")) == "20s"
    engine.dispose()


def test_healthz_says_when_the_answering_threads_are_stuck_and_when_they_are_free_again(
    both: Engine, bot_on_both: Bot
) -> None:
    chat = Chat(bot_on_both)
    chat.say("hello")
    how = ANSWERING[both.dialect.name]

    async def all_of_them(answer: Answering) -> list[Reply | None]:
        return list(await asyncio.gather(*(answer(chat.message(f"{TRACK} owner B{n}")) for n in range(how["threads"]))))

    with answering(bot_on_both, **how, within=0.5) as answer, TestClient(doors_app([], answering=answer)) as client:
        assert client.get("/healthz").status_code == 200
        with held(both):
            assert set(asyncio.run(all_of_them(answer))) == {NOT_SAVED}
            wait_until(lambda: client.get("/healthz").status_code == 503, 2)
        wait_until(lambda: client.get("/healthz").status_code == 200)


def test_a_thread_outlives_whatever_goes_wrong_in_it(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = Chat(bot)

    def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    async def ask(answer: Answering) -> tuple[Reply | None, Reply | None]:
        monkeypatch.setattr(bot, "reply_to_all", broken)
        first = await answer(chat.message("3.4.4"))
        monkeypatch.undo()
        return first, await answer(chat.message("3.4.4"))

    with answering(bot, threads=1, within=2) as answer:
        first, second = asyncio.run(ask(answer))
    assert first == APOLOGY
    assert second
    assert second.text.startswith("3.4.4")
