"""Whether all goes on, and how much of it: /readyz, /metrics and the log, which tell neither who nor what was said."""

import asyncio
import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from adapters.answering import Answering, answering
from adapters.web.app import doors_app
from adapters.web.watched import Metrics, watched_routes
from compact_bot import watching
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Reply
from compact_bot.logs import AsJson, Plain, events, set_up_log
from compact_bot.nudges import sending
from compact_bot.nudges.sending import Sender
from compact_bot.store.tables import Nudge, NudgeState
from compact_bot.watching import beat
from tests.attack.program import running
from tests.conftest import NOW, Chat

WORDS = "lunch club at Zeppelin Hall"
KEY = "m" * 40


class Watched:
    """The web process's own pages, at a time that the test sets."""

    def __init__(self, engine: Engine, key: str = "", public_url: str = "") -> None:
        self.now = NOW
        self.metrics = Metrics(engine, lambda: self.now)
        app = doors_app(watched_routes(engine, lambda: self.now, self.metrics, key, public_url))
        self.client = TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 5000))

    def ready(self) -> tuple[int, str]:
        answer = self.client.get("/readyz")
        return answer.status_code, answer.text

    def measured(self) -> str:
        answer = self.client.get("/metrics")
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def watched(engine: Engine) -> Watched:
    return Watched(engine)


@pytest.fixture
def answer(bot: Bot, watched: Watched) -> Iterator[Answering]:
    with answering(bot, threads=1, told=watched.metrics.answered) as one:
        yield one


def nudge(engine: Engine, chat: Chat) -> Nudge:
    """A nudge that waits, of a deadline that was just tracked."""
    chat.say("nudges here")
    chat.say("digest off")
    chat.say('track payment "Rent" due 1 March 2027')
    with Session(engine, expire_on_commit=False) as session:
        return session.scalars(select(Nudge).where(Nudge.milestone_id.is_not(None)).order_by(Nudge.due_at)).first()  # type: ignore[return-value]


# ---- /readyz ---------------------------------------------------------------------------------------------------------


def test_it_is_ready_while_somebody_sends_nudges(engine: Engine, watched: Watched) -> None:
    assert watched.ready() == (503, "not ready: nobody sends nudges: the last round was never\n")
    beat(engine, "one", NOW)
    beat(engine, "one", NOW + timedelta(seconds=20))
    watched.now = NOW + timedelta(seconds=30)
    status, words = watched.ready()
    assert status == 200
    assert "the last round of nudges was 10 seconds ago" in words
    watched.now = NOW + timedelta(minutes=5)
    assert watched.ready() == (503, "not ready: nobody sends nudges: the last round was 280 seconds ago\n")


def test_nudges_that_wait_too_long_are_said_so(engine: Engine, watched: Watched, chat: Chat) -> None:
    due = nudge(engine, chat).due_at
    watched.now = due + timedelta(minutes=10)
    beat(engine, "one", watched.now)
    assert watched.ready()[0] == 200
    watched.now = due + timedelta(minutes=20)
    beat(engine, "one", watched.now)
    status, words = watched.ready()
    assert status == 503
    assert re.search(r"nudges are late: the oldest was due \d+ seconds ago", words)


def test_a_database_that_is_away_is_said_so_in_words_of_ours(engine: Engine, watched: Watched) -> None:
    with engine.begin() as connection:
        connection.execute(text("drop table heartbeats"))
    assert watched.ready() == (503, "not ready: the database does not answer\n")
    assert "compact_database_up 0.0" in watched.measured()


def test_who_stopped_long_ago_is_forgotten(engine: Engine) -> None:
    beat(engine, "one", NOW)
    beat(engine, "two", NOW + timedelta(days=2))
    with engine.connect() as connection:
        assert list(connection.scalars(text("select worker from heartbeats"))) == ["two"]


def test_a_sender_that_stands_still_beats_no_more(bot: Bot, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Sender(engine, bot.search.agreement, bot.rules, {}, lambda: NOW, "one")
    assert sender.is_moving
    monkeypatch.setattr(sending, "STANDS_STILL", 0.0)  # no round and no message for that long
    assert not sender.is_moving


# ---- /metrics --------------------------------------------------------------------------------------------------------


def test_messages_are_counted_by_door_act_and_outcome(answer: Answering, watched: Watched, chat: Chat) -> None:
    async def say(*said: str) -> None:
        for words in said:
            await answer(chat.message(words))

    repeated = chat.message("3.4.4")
    asyncio.run(say("how much notice before a grant ends?", "is there anything on zeppelins in there"))
    asyncio.run(say('track payment "Rent" due 1 March 2027'))
    asyncio.run(answer(repeated))  # type: ignore[arg-type]
    asyncio.run(answer(repeated))  # type: ignore[arg-type]
    counted = watched.measured()
    for one in (
        'compact_messages_total{act="ask",door="test",outcome="answered"} 1.0',
        'compact_messages_total{act="ask",door="test",outcome="silent"} 1.0',
        'compact_messages_total{act="track-other",door="test",outcome="changed"} 1.0',
        'compact_messages_total{act="lookup",door="test",outcome="answered"} 1.0',
        'compact_messages_total{act="none",door="test",outcome="repeated"} 1.0',
        'compact_answer_seconds_count{door="test"} 5.0',
    ):
        assert one in counted
    assert "Amina" not in counted
    assert "Rent" not in counted


def test_anonymous_feedback_is_neither_counted_nor_logged_since_that_would_tell_when_it_came(
    answer: Answering, watched: Watched, chat: Chat, log: io.StringIO
) -> None:
    before = watched.measured()
    asyncio.run(answer(chat.message("anonymous feedback 3.3.4 they shouted at us")))  # type: ignore[arg-type]
    assert watched.measured() == before
    assert log.getvalue() == ""


def test_nudges_due_sent_late_and_failed_are_told_from_the_database(
    engine: Engine, watched: Watched, chat: Chat
) -> None:
    first = nudge(engine, chat)
    with Session(engine) as session, session.begin():
        waiting = session.scalars(select(Nudge).where(Nudge.milestone_id.is_not(None)).order_by(Nudge.due_at)).all()
        assert len(waiting) >= 3
        for one, (state, sent_after) in zip(
            waiting, [(NudgeState.SENT, 1), (NudgeState.SENT, 20), (NudgeState.GAVE_UP, 0)], strict=False
        ):
            one.state, one.due_at = state, first.due_at
            one.sent_at = first.due_at + timedelta(minutes=sent_after) if sent_after else None
    watched.now = first.due_at + timedelta(minutes=30)
    counted = watched.measured()
    assert "compact_nudges_sent_lately 2.0" in counted
    assert "compact_nudges_late_lately 1.0" in counted
    assert "compact_nudges_failed_lately 1.0" in counted


@pytest.mark.parametrize(
    ("key", "public_url", "headers", "status"),
    [
        ("", "", {}, 200),
        ("", "", {"x-forwarded-for": "10.0.0.1"}, 403),
        ("", "https://compact.example.org", {}, 403),
        (KEY, "https://compact.example.org", {"authorization": f"Bearer {KEY}"}, 200),
        (KEY, "https://compact.example.org", {"authorization": f"Bearer {KEY[:-1]}"}, 403),
        (KEY, "https://compact.example.org", {}, 403),
        ("", "https://compact.example.org", {"authorization": "Bearer "}, 403),
    ],
)
def test_metrics_are_for_this_machine_or_for_whoever_has_the_key(
    engine: Engine, key: str, public_url: str, headers: dict[str, str], status: int
) -> None:
    assert Watched(engine, key, public_url).client.get("/metrics", headers=headers).status_code == status


# ---- the log ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a program that logs as JSON writes to standard error; under pytest nothing reaches the handler of last
    resort."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(AsJson())
    logging.getLogger().addHandler(handler)
    set_up_log("json")
    yield written
    set_up_log()
    logging.getLogger().removeHandler(handler)


class Chatting:
    """A courier that delivers everything."""

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        return key

    async def shrink(self, sent: object, line: str) -> None:
        pass


def test_one_id_leads_from_a_message_to_its_answer_and_its_nudges(
    bot: Bot, engine: Engine, answer: Answering, chat: Chat, log: io.StringIO
) -> None:
    async def send(now: datetime) -> None:
        await Sender(engine, bot.search.agreement, bot.rules, {"test": Chatting()}, lambda: now, "w").send_due()

    chat.say("nudges here")
    message = chat.message(f'track payment "{WORDS}" due 1 March 2027')
    asyncio.run(answer(message))  # type: ignore[arg-type]
    with Session(engine) as session:
        rows = session.scalars(select(Nudge).where(Nudge.milestone_id.is_not(None)).order_by(Nudge.due_at)).all()
    assert {row.trace for row in rows} == {message.trace}
    asyncio.run(send(rows[0].due_at + timedelta(seconds=1)))
    logged = log.getvalue()
    told = [json.loads(line) for line in logged.splitlines()]
    ours = [one for one in told if one.get("trace") == message.trace]
    assert [one["event"] for one in ours] == ["message", "nudge"]
    assert (ours[0]["act"], ours[0]["outcome"], ours[0]["door"]) == ("track-other", "changed", "test")
    assert (ours[1]["outcome"], ours[1]["tries"]) == ("sent", 1)
    for secret in (WORDS, "Amina", "Rent"):
        assert secret not in logged


def test_what_fails_while_a_message_is_answered_is_logged_under_its_id(bot: Bot, chat: Chat, log: io.StringIO) -> None:
    broken = replace(chat.message("3.4.4"), sent_at=chat.now.replace(tzinfo=None))  # which cannot be stored
    bot.reply_to(broken)
    (line,) = log.getvalue().splitlines()
    told = json.loads(line)
    assert (told["level"], told["trace"]) == ("error", broken.trace)


def test_a_field_forges_no_line(caplog: pytest.LogCaptureFixture) -> None:
    events_log = logging.getLogger("compact_bot.events")
    events_log.setLevel(logging.INFO)
    try:
        events.info("message", door="a\nerror compact_bot: all is lost")
    finally:
        events_log.setLevel(logging.WARNING)
    (record,) = caplog.records
    for shape in (Plain(), AsJson()):
        assert "\n" not in shape.format(record)


def test_by_default_only_what_went_wrong_is_logged(bot: Bot, chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_log()
    with answering(bot, threads=1) as one:
        asyncio.run(one(chat.message("3.4.4")))  # type: ignore[arg-type]
    assert capsys.readouterr().err == ""


# ---- the program -----------------------------------------------------------------------------------------------------


def test_the_program_tells_that_it_is_ready_and_stops_when_told(tmp_path: Path) -> None:
    with running("run", f"sqlite:///{tmp_path / 'compact.db'}", tmp_path, {"COMPACT_LOG": "json"}) as program:
        for _ in range(100):
            answer = httpx2.get(f"{program.base}/readyz", timeout=15)
            if answer.status_code == 200:
                break
        assert answer.text.startswith("ready: ")
        httpx2.post(f"{program.base}/say", data={"text": WORDS, "id": "1"}, timeout=15)
        assert 'door="console"' in httpx2.get(f"{program.base}/metrics", timeout=15).text
        assert program.stop() < watching.BEATS_EVERY
        log = program.log()
    assert WORDS not in log
    assert any(json.loads(line)["event"] == "message" for line in log.splitlines())
