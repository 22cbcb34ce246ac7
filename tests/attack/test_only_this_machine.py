"""What asks nobody who they are answers this machine alone: no proxy, no other name, no other machine."""

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Engine
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Message

from adapters.answering import answering
from adapters.teams.door import PATH, TeamsDoor
from adapters.this_machine import OnlyThisMachine
from adapters.web.app import doors_app, web_app
from compact_bot.bot import Bot
from compact_bot.settings import SettingsError, is_teams_wanted, read_settings
from tests.conftest import NOW, ROOT

FORWARDING = (
    "Forwarded",
    "X-Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Server",
    "X-Real-IP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-Original-Forwarded-For",
    "X-Original-Host",
    "X-Remote-IP",
    "X-ProxyUser-Ip",
    "X-Envoy-External-Address",
    "X-Azure-ClientIP",
    "X-ARR-SSL",
    "X-Amz-Cf-Id",
    "X-Amzn-Trace-Id",
    "X-Cloud-Trace-Context",
    "X-Host",
    "X-Scheme",
    "Via",
    "CDN-Loop",
    "CF-Connecting-IP",
    "CF-Ray",
    "True-Client-IP",
    "Client-IP",
    "Fly-Client-IP",
    "Fastly-Client-IP",
    "Proxy-Connection",
)
OTHER_HOSTS = (
    "127.0.0.1",
    "localhost",
    "127.0.0.1:80",
    "127.0.0.1:8001",
    "localhost:443",
    "127.0.0.2:8000",
    "0.0.0.0:8000",
    "compact.example.org",
    "127.0.0.1:8000.evil.example",
    "127.0.0.1.evil.example:8000",
    "localhost.evil.example:8000",
    "evil.example:8000",
    "[::1]",
    "::1:8000",
    "127.0.0.1:8000, evil.example",
    "",
)
PATHS = ("/", "/compact", "/nudges", "/review", "/static/page.css", "/nowhere")


def visit(bot: Bot, caller: str = "127.0.0.1", public_url: str = "") -> TestClient:
    app = web_app(bot, lambda: NOW, lambda _: [], public_url=public_url)
    return TestClient(app, base_url="http://127.0.0.1:8000", client=(caller, 50_000))


def is_closed(client: TestClient, headers: dict[str, str], paths: Sequence[str] = PATHS) -> None:
    for path in paths:
        answer = client.get(path, headers=headers)
        assert answer.status_code == 403, path
        assert answer.text.startswith("This page is only for the machine that it runs on: ")
    assert client.post("/say", data={"text": "3.4.4"}, headers=headers).status_code == 403


@pytest.mark.parametrize("name", FORWARDING)
def test_any_header_of_a_proxy_closes_the_page(bot: Bot, name: str) -> None:
    is_closed(visit(bot), {name: "1"})
    is_closed(visit(bot), {name.upper(): ""})


@pytest.mark.parametrize("host", OTHER_HOSTS)
def test_any_name_but_this_machines_own_with_its_port_closes_the_page(bot: Bot, host: str) -> None:
    is_closed(visit(bot), {"host": host})


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST:8000", "[::1]:8000"])
def test_this_machine_is_served(bot: Bot, host: str) -> None:
    for caller in ("127.0.0.1", "127.0.0.53", "::1"):
        assert visit(bot, caller).get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("caller", ["10.0.0.7", "192.168.1.4", "2001:db8::1", "0.0.0.0", "", "testclient"])  # noqa: S104
def test_another_machine_is_not(bot: Bot, caller: str) -> None:
    is_closed(visit(bot, caller), {})


def test_a_public_address_closes_the_page_and_says_why(bot: Bot) -> None:
    client = visit(bot, public_url="https://compact.example.org")
    is_closed(client, {}, ("/", "/review", "/nowhere"))
    assert "COMPACT_PUBLIC_URL is set" in client.get("/").text
    assert client.get("/compact").status_code == 200  # which is open to everyone
    assert client.get("/healthz").text == "ok"


def test_what_speaks_as_proxies_do_by_default_is_none_of_this_machines_browsers() -> None:
    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    headers = [(b"host", b"127.0.0.1:8000"), (b"connection", b"close")]
    scope = {"type": "http", "http_version": "1.0", "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8000)}
    asyncio.run(OnlyThisMachine(PlainTextResponse("open"))({**scope, "headers": headers}, send, send))  # type: ignore[arg-type]
    assert said[0]["status"] == 403


def test_what_calls_from_elsewhere_may_still_see_that_it_is_alive(bot: Bot) -> None:
    forwarded = {"X-Forwarded-For": "10.0.0.7", "host": "compact.example.org"}
    assert visit(bot, "10.0.0.7").get("/healthz", headers=forwarded).text == "ok"


# ---- TEAMS_LOCAL ---------------------------------------------------------------------------------------------------


@pytest.fixture
def local_teams(engine: Engine, bot: Bot) -> Iterator[TestClient]:
    settings = read_settings({"TEAMS_LOCAL": "yes"}, ROOT / "no.env")
    with answering(bot, threads=1) as answer:
        door = TeamsDoor(settings, engine, lambda _: bot.search, answer, lambda: NOW, {})
        app = doors_app(door.routes(), door.running)
        with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000)) as client:
            yield client


ACTIVITY = {
    "type": "typing",
    "id": "1",
    "serviceUrl": "http://127.0.0.1:9/",
    "from": {"id": "29:amina"},
    "recipient": {"id": "28:bot"},
    "conversation": {"id": "a:1", "tenantId": "t"},
}


def test_teams_without_authentication_answers_this_machine_alone(local_teams: TestClient) -> None:
    assert local_teams.post(PATH, json=ACTIVITY).status_code == 200
    for name in FORWARDING:
        assert local_teams.post(PATH, json=ACTIVITY, headers={name: "1"}).status_code == 403, name
    for host in OTHER_HOSTS:
        assert local_teams.post(PATH, json=ACTIVITY, headers={"host": host}).status_code == 403, host


def test_teams_without_authentication_does_not_start_beside_a_public_address() -> None:
    given = {"TEAMS_LOCAL": "yes", "COMPACT_PUBLIC_URL": "https://compact.example.org"}
    with pytest.raises(SettingsError, match="cannot be set beside COMPACT_PUBLIC_URL"):
        is_teams_wanted(read_settings(given, ROOT / "no.env"))
