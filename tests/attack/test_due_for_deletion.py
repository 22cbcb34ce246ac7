"""What is due for deletion is deleted though nobody writes."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Engine, text

from adapters.clock import Job, ticking
from compact_bot.bot import Bot
from compact_bot.conversation import Audience
from compact_bot.forgetting import forget_old
from compact_bot.membership import home_opened
from tests.attack.program import running
from tests.conftest import NOW, Chat
from tests.slack.workspace import wait_until

TABLES = ("threads", "received_messages", "open_homes", "slack_oauth_states", "asked_questions")


def left(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {table: connection.scalar(text(f"select count(*) from {table}")) or 0 for table in TABLES}  # noqa: S608


def filled(engine: Engine, bot: Bot, now: datetime) -> None:
    asked = replace(Chat(bot, now=now).message("what colour is the mayor's car"), audience=Audience.EVERYONE)
    bot.reply_to(asked)  # its words are kept only where others read them
    home_opened(engine, "slack:T1", "slack", "U1", now)
    SQLAlchemyOAuthStateStore(expiration_seconds=600, engine=engine).issue()


def test_each_kind_goes_when_its_time_has_come_and_not_before(both: Engine, bot_on_both: Bot) -> None:
    filled(both, bot_on_both, NOW)
    now = datetime.now(UTC)  # Slack's own store looks at the clock by itself
    forget_old(both, NOW + timedelta(minutes=50), "Europe/London", 90)
    assert all(number == 1 for name, number in left(both).items() if name != "slack_oauth_states")
    forget_old(both, NOW + timedelta(hours=2), "Europe/London", 90)
    assert left(both)["open_homes"] == 0
    forget_old(both, NOW + timedelta(hours=25), "Europe/London", 90)
    assert {name for name, number in left(both).items() if number} <= {"asked_questions", "slack_oauth_states"}
    forget_old(both, max(now, NOW) + timedelta(days=91), "Europe/London", 90)
    assert left(both) == dict.fromkeys(TABLES, 0)


def test_a_state_that_may_still_come_back_is_kept(both: Engine) -> None:
    states = SQLAlchemyOAuthStateStore(expiration_seconds=600, engine=both)
    state = states.issue()
    forget_old(both, datetime.now(UTC) + timedelta(seconds=300), "Europe/London", 90)
    assert states.consume(state)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("command", ["worker", "run"])
def test_the_program_does_it_by_itself(
    both: Engine, bot_on_both: Bot, database: str, tmp_path: Path, command: str
) -> None:
    filled(both, bot_on_both, datetime.now(UTC) - timedelta(days=100))
    with both.begin() as connection:
        connection.execute(text("update slack_oauth_states set expire_at = '2020-01-01 00:00:00.000000'"))
    assert all(left(both).values())
    with running(command, database, tmp_path, {}) as program:
        wait_until(lambda: left(both) == dict.fromkeys(TABLES, 0), 10)
        assert program.log() == ""


def test_a_job_that_fails_is_tried_again_and_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    async def fails() -> None:
        done.append("fails")
        raise RuntimeError("a secret")

    async def works() -> None:
        done.append("works")

    async def finish() -> None:
        done.append("finished")

    async def a_while() -> None:
        async with ticking([Job("one", fails, 1), Job("other", works, 1)], finish):
            until = time.monotonic() + 8
            while (done.count("fails") < 2 or done.count("works") < 2) and time.monotonic() < until:
                await asyncio.sleep(0.05)

    asyncio.run(a_while())
    assert done.count("fails") >= 2
    assert done.count("works") >= 2
    assert done[-1] == "finished"
    assert "one: RuntimeError at fails:" in caplog.text
    assert "a secret" not in caplog.text
