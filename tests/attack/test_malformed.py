"""Whatever is posted to whichever route: refused with 4xx or taken, never a 500, with one line in the log at most."""

import copy
import json
import logging
import random
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from adapters.web.app import doors_app, web_app
from compact_bot.bot import Bot
from tests.conftest import NOW
from tests.slack import workspace as slack
from tests.slack.conftest import Channel, slack_settings, talking
from tests.slack.workspace import AMINA, BOT, CHANNEL, SECRET, Workspace
from tests.teams.conftest import Client
from tests.teams.stand_in import BOT as TEAMS_BOT

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
HEADER = st.binary(max_size=40).map(lambda raw: raw.translate(None, b"\r\n\0")) | st.sampled_from(
    [b"", b"-1", b"\xb2", "２０".encode(), b"9" * 400, b"1e9", b"0x10", b" 1", b"nan", b"9" * 5_000, b"v0=" + b"f" * 64]
)
DEEP = b'{"type":"event_callback","event":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 10**400, 1e308, "", "x", "x" * 5_000, "\0", "\ud800", "²", "<@U1>", "../..", [], {}, [None],
    [[]], {"id": None}, {"id": []}, {"": ""}, ["x"] * 50, {"text": {"text": {}}},
)  # fmt: skip


class Watched:
    """Posts to an application and counts what it writes into the log."""

    def __init__(self, client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
        self.client = client
        self._log = caplog
        self._requests = 0

    def request(self, method: str, path: str, **more: Any) -> Response:  # noqa: ANN401
        self._requests += 1
        answer: Response = self.client.request(method, path, **more)
        lines = [one for one in self._log.records if one.levelno >= logging.WARNING]
        assert len(lines) <= self._requests, [line.getMessage() for line in lines]
        assert not any(line.exc_info or "\n" in line.getMessage() for line in lines)
        assert answer.status_code < 500, (method, path, more)
        return answer


@pytest.fixture
def posts(channel: Channel, caplog: pytest.LogCaptureFixture) -> Watched:
    return Watched(quiet(channel.client), caplog)


def quiet(client: TestClient) -> TestClient:
    """Answers 500 where the application fails, as the real server does, rather than raising here."""
    client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    return client


# ---- Slack ---------------------------------------------------------------------------------------------------------


@BOUNDED
@given(body=st.binary(max_size=200), stamp=HEADER, signature=HEADER, kind=st.sampled_from([JSON, FORM, "", "x/y; é"]))
@example(body=DEEP, stamp=b"1", signature=b"v0=" + b"f" * 64, kind=JSON)
@example(body=b"{}", stamp="１２".encode(), signature=b"v0=" + b"f" * 64, kind=JSON)
@example(body=b"{}", stamp=b"\xb2", signature=b"v0=" + b"f" * 64, kind=JSON)
@example(body=b"{}", stamp=b"9" * 5_000, signature=b"v0=" + b"f" * 64, kind=JSON)
@example(body=b"{}", stamp=b"1", signature=b"v0=\xe9", kind=JSON)
def test_what_slack_did_not_sign(posts: Watched, body: bytes, stamp: bytes, signature: bytes, kind: str) -> None:
    headers = {
        b"x-slack-request-timestamp": stamp,
        b"x-slack-signature": signature,
        b"content-type": kind.encode("utf-8"),
    }
    answer = posts.request("POST", "/slack/events", content=body, headers=headers)
    assert answer.status_code == (200 if body.startswith(b"ssl_check=1") else 401)


@pytest.mark.parametrize("stamp", ["now", "²", "9" * 5_000])
@pytest.mark.parametrize("signature", ["é", "v0=é" + "f" * 63, "v0=" + "f" * 5_000])
def test_a_signature_or_time_in_other_letters_is_401_without_a_line(posts: Watched, stamp: str, signature: str) -> None:
    good = slack.signed(b"{}", JSON)
    for headers in (
        {**good, "x-slack-request-timestamp": stamp},
        {**good, "x-slack-signature": signature},
        {**good, "x-slack-request-timestamp": stamp, "x-slack-signature": signature},
    ):
        encoded = {name.encode(): value.encode("utf-8") for name, value in headers.items()}
        assert posts.request("POST", "/slack/events", content=b"{}", headers=encoded).status_code == 401
    assert posts._log.records == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (DEEP, JSON),
        (urlencode({"payload": "[" * 100_000 + "]" * 100_000}).encode(), FORM),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, JSON),
        (b'{"type":"event_callback","n":' + b"9" * 10_000 + b"}", JSON),
        (b"&" * 10_000, FORM),
        (b"%ff%fe=%zz", FORM),
    ],
    ids=range(6),
)
def test_signed_json_that_nobody_can_read_is_400_without_a_line(posts: Watched, body: bytes, kind: str) -> None:
    answer = posts.request("POST", "/slack/events", content=body, headers=slack.signed(body, kind))
    assert answer.status_code in (400, 404)
    assert len(posts._log.records) <= 1


def sent_by_slack(workspace: Workspace) -> list[tuple[dict[str, Any], bool]]:
    """What Slack sends of each kind, and whether it comes as a form's payload."""
    answer_at = f"{workspace.url}response"
    view = {"id": "V1", "type": "modal", "callback_id": "form", "private_metadata": '{"route": "T00000001/C00000001"}'}
    said = {"values": {"what": {"value": {"type": "plain_text_input", "value": "late"}}}}
    press = {"type": "button", "action_id": "say:0", "block_id": "b", "value": "3.4.4"}
    container = {"type": "message", "message_ts": "1.1", "channel_id": CHANNEL, "is_ephemeral": False}
    message = {"ts": "9.1", "text": "how much notice?"}
    about = {"channel": {"id": CHANNEL}, "message": message}
    return [
        (slack.event(slack.message(f"<@{BOT}> 3.4.4", "app_mention")), False),
        (slack.event(slack.message("3.4.4", channel="D1", channel_type="im")), False),
        (slack.event({"type": "app_home_opened", "user": AMINA, "channel": "D1", "tab": "home"}), False),
        (slack.event({"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}), False),
        (slack.interaction("block_actions", container=container, response_url=answer_at, actions=[press]), True),
        (slack.interaction("view_submission", view={**view, "state": said}), True),
        (slack.interaction("message_action", callback_id="ask_about_message", **about), True),
        (slack.interaction("message_action", callback_id="log_feedback", **about), True),
        (slack.interaction("shortcut", callback_id="track_deadline"), True),
        ({**slack.command("3.4.4", answer_at)}, False),
    ]


def places(found: object, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every way into a JSON value."""
    if way:
        yield way
    for key, value in found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ():
        yield from places(value, (*way, key))


def mutated(payload: Mapping[str, Any], chance: random.Random) -> dict[str, Any]:
    """The same with one to three of its values taken away or replaced by something strange."""
    changed: dict[str, Any] = copy.deepcopy(dict(payload))
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice(list(places(changed)) or [("x",)])
        inside: Any = changed
        for key in way:
            inside = inside[key]
        if isinstance(inside, dict) and chance.random() < 0.3:
            inside.pop(last, None)
        else:
            inside[last] = copy.deepcopy(chance.choice(STRANGE))
    return changed


@settings(BOUNDED, max_examples=250)
@given(seed=st.integers(0, 2**32))
def test_what_slack_signed_and_mangled(posts: Watched, channel: Channel, seed: int) -> None:
    channel.workspace.calls.clear()  # hypothesis writes the whole fixture down
    chance = random.Random(seed)  # noqa: S311  # no secrets
    payload, is_payload = chance.choice(sent_by_slack(channel.workspace))
    changed = mutated(payload, chance)
    if "command" in payload:
        body, kind = urlencode({name: str(value) for name, value in changed.items()}, errors="ignore").encode(), FORM
    elif is_payload:
        body, kind = urlencode({"payload": json.dumps(changed)}).encode(), FORM
    else:
        body, kind = json.dumps(changed).encode(), JSON
    posts.request("POST", "/slack/events", content=body, headers=slack.signed(body, kind))


@pytest.fixture
def adding(workspace: Workspace, engine: Engine, bot: Bot, caplog: pytest.LogCaptureFixture) -> Iterator[Watched]:
    more = {"SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "111.222", "SLACK_CLIENT_SECRET": SECRET}
    with talking(slack_settings(workspace, **more), workspace, engine, bot) as shared:
        yield Watched(quiet(shared.client), caplog)


QUERY = st.dictionaries(st.sampled_from(["code", "state", "error", "x"]), st.text(max_size=30), max_size=3)


@BOUNDED
@given(query=QUERY, cookie=st.text(max_size=20))
@example(query={"error": "<script>alert(1)</script>"}, cookie="")
def test_adding_to_slack(adding: Watched, engine: Engine, query: dict[str, str], cookie: str) -> None:
    encoded = urlencode(query, errors="ignore")
    headers = {"cookie": f"slack-app-oauth-state={quote(cookie, errors='ignore')}"}
    answer = adding.request("GET", f"/slack/oauth_redirect?{encoded}", headers=headers)
    assert answer.status_code >= 400 or "error" in query  # of which Slack's page of its own is shown
    assert "<script>" not in answer.text
    assert adding.request("GET", f"/slack/install?{encoded}").status_code == 200
    assert adding.request("POST", "/slack/install").status_code == 405
    with engine.begin() as connection:
        assert connection.scalar(text("select count(*) from slack_installations")) == 0


# ---- Teams ---------------------------------------------------------------------------------------------------------


def sent_by_teams(officer: Client) -> list[dict[str, Any]]:
    entity = {"type": "mention", "text": "<at>Compact Bot</at>", "mentioned": TEAMS_BOT}
    payload = {"body": {"contentType": "html", "content": "<p>late</p>"}, "linkToMessage": "https://teams.example/1"}
    asked = {"commandId": "ask", "commandContext": "message", "messagePayload": payload}
    search = {"commandId": "search", "parameters": [{"name": "words", "value": "notice"}]}
    press = {"action": {"type": "Action.Execute", "verb": "say", "data": {"says": "3.4.4"}}, "trigger": "manual"}
    refresh = {"action": {"data": {"refresh": "D1 minimum-notice"}}}
    form = {"form": "track", "subject": "funding-notice", "lists": "clauses", "own": True, "input_title": "x"}
    return [
        officer.activity(text="<at>Compact Bot</at> 3.4.4", entities=[entity]),
        officer.activity(value=form),
        officer.activity("conversationUpdate", membersAdded=[TEAMS_BOT]),
        officer.activity("conversationUpdate", membersRemoved=[TEAMS_BOT]),
        officer.activity("installationUpdate", action="add"),
        officer.activity("invoke", name="composeExtension/query", value=search),
        officer.activity("invoke", name="composeExtension/fetchTask", value=asked),
        officer.activity("invoke", name="composeExtension/submitAction", value={"commandId": "ask", "data": form}),
        officer.activity("invoke", name="adaptiveCard/action", value=press),
        officer.activity("invoke", name="adaptiveCard/action", value=refresh, replyToId="1"),
    ]


@settings(BOUNDED, max_examples=250)
@given(seed=st.integers(0, 2**32))
def test_what_teams_signed_and_mangled(officer: Client, caplog: pytest.LogCaptureFixture, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    watched = Watched(quiet(officer.http), caplog)
    changed = mutated(chance.choice(sent_by_teams(officer)), chance)
    headers = {"Authorization": f"Bearer {officer.teams.token()}", "Content-Type": "application/json"}
    answer = watched.client.post("/api/messages", content=json.dumps(changed), headers=headers)
    # 501 is what Teams expects for an invoke that a bot does not know
    assert answer.status_code < 500 or (answer.status_code == 501 and changed["type"] == "invoke"), changed
    assert not any(record.exc_info for record in caplog.records)


@BOUNDED
@given(body=st.binary(max_size=200), authorization=HEADER, kind=HEADER)
@example(body=DEEP, authorization=b"Bearer a.b.c", kind=b"application/json")
@example(body=b"{}", authorization=b"Bearer \xe9.\xe9.\xe9", kind=b"application/json")
@example(body=b'{"channelId": ["x"]}', authorization=b"Bearer " + b"a" * 5_000, kind=b"application/json")
def test_what_teams_did_not_sign(
    officer: Client, caplog: pytest.LogCaptureFixture, body: bytes, authorization: bytes, kind: bytes
) -> None:
    headers = {b"Authorization": authorization, b"Content-Type": kind}
    watched = Watched(quiet(officer.http), caplog)
    assert watched.request("POST", "/api/messages", content=body, headers=headers).status_code == 401


# ---- the page, and the review --------------------------------------------------------------------------------------


@pytest.fixture
def page(bot: Bot, caplog: pytest.LogCaptureFixture) -> Watched:
    app = web_app(bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000))
    return Watched(quiet(client), caplog)


NAMES = st.sampled_from(
    ["text", "id", "form", "subject", "kind", ".question", ".title", ".kind", ".which", ".day", ".what", "x"]
)
IN_PARTS = b"multipart/form-data; boundary=x"
VALUES = st.text(max_size=60) | st.sampled_from(
    [
        "track",
        "move",
        "drop",
        "ask",
        "feedback",
        "D1",
        "funding-notice",
        "2027-03-31",
        "²",
        "\0",
        "9" * 5_000,
        "pressed",
    ]
)


@settings(BOUNDED, max_examples=150)
@given(fields=st.lists(st.tuples(NAMES, VALUES), max_size=8), cookie=HEADER)
@example(fields=[("form", "move"), ("subject", "D²"), (".day", "2027-03-31")], cookie=b"")
@example(fields=[("form", "move"), ("subject", "D1"), (".which", "x"), (".day", "2027-03-31")], cookie=b"")
@example(fields=[("form", "track"), ("subject", "x"), (".kind", "x")], cookie=b"")
@example(fields=[("text", "x")] * 200, cookie=b"")
@example(fields=[("text", "D1"), ("id", "\0")], cookie=b"visitor=\xff\xfe")
def test_the_pages_forms(page: Watched, fields: list[tuple[str, str]], cookie: bytes) -> None:
    body = urlencode(fields, errors="ignore").encode()
    headers = {b"content-type": FORM.encode(), b"cookie": cookie}
    answer = page.request("POST", "/say", content=body, headers=headers)
    assert answer.status_code in (200, 400)
    assert "Sorry, something went wrong" not in answer.text


@BOUNDED
@given(
    body=st.binary(max_size=300),
    kind=HEADER | st.sampled_from([b"multipart/form-data", b"multipart/form-data; boundary=x"]),
)
@example(
    body=b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\n3.4.4\r\n--x--",
    kind=b"multipart/form-data; boundary=x",
)
@example(
    body=b"--x\r\nContent-Disposition: form-data; name=text; filename=a\r\n\r\nx",
    kind=b"multipart/form-data; boundary=x",
)
@example(body=b"x" * 100, kind=b"multipart/form-data; boundary=" + b"y" * 1_000)
def test_bodies_that_are_no_forms(page: Watched, body: bytes, kind: bytes) -> None:
    page.request("POST", "/say", content=body, headers={b"content-type": kind})


@pytest.mark.parametrize("length", [b"", b"-1", b"\xb2", b"x", b"9" * 5_000, b"1, 2", b"1e3", b"100001"])
def test_a_size_that_is_none_is_refused(page: Watched, length: bytes) -> None:
    answer = page.request(
        "POST", "/say", content=b"text=hi", headers={b"content-length": length, b"content-type": FORM.encode()}
    )
    assert answer.status_code == 413


@settings(BOUNDED, max_examples=100)
@given(st.text(max_size=30), st.sampled_from(["html", "docx", "csv", "exe", "", "²", "html.html"]))
@example("0000", "html")
@example("1900-01-01 to 2099-12-31", "html")
@example("9999-12-01 to 9999-12-31", "csv")
def test_any_period_of_the_review_and_any_address(page: Watched, words: str, suffix: str) -> None:
    period = quote(words, errors="ignore", safe="")
    for path in (f"/review?period={period}", f"/review.{suffix}?period={period}", f"/review/{period}.{suffix}"):
        page.request("GET", path)
    for path in (f"/{period}", f"/static/{period}", f"/compact/{period}", f"/nudges?{period}", f"/healthz?{period}"):
        page.request("GET", path)


METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW")
ADDRESSES = ("/", "/say", "/compact", "/nudges", "/review", "/review.csv", "/review/x", "/static/../app.py", "/healthz")


@pytest.mark.parametrize("method", METHODS)
def test_any_method_at_any_address(page: Watched, posts: Watched, officer: Client, method: str) -> None:
    for path in ADDRESSES:
        page.request(method, path, content=b"")
    posts.request(method, "/slack/events", content=b"")
    for path in ("/api/messages", "/about"):
        assert officer.http.request(method, path, content=b"").status_code < 500


def test_an_application_of_nothing_but_doors_has_no_page() -> None:
    assert TestClient(doors_app([])).get("/").status_code == 404
