"""Hostile, malformed and too large requests are refused before anything reads them; logs say nothing of them."""

import asyncio
import json
import logging
import time

import pytest
from starlette.requests import Request
from starlette.types import Message

from adapters.bodies import LARGEST_BODY, body_of
from tests.slack import workspace as slack
from tests.slack.conftest import Channel
from tests.slack.workspace import BOT, SECRET, TOKEN

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MENTION = json.dumps(slack.event(slack.message(f"<@{BOT}> 3.4.4", "app_mention"))).encode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        slack.signed(MENTION, JSON, secret="another"),  # noqa: S106
        slack.signed(MENTION, JSON, at=time.time() - 600),
        slack.signed(MENTION, JSON, at=time.time() + 86_400),
        slack.signed(MENTION + b" ", JSON),
        {**slack.signed(MENTION, JSON), "x-slack-request-timestamp": "abc"},
        {**slack.signed(MENTION, JSON), "x-slack-signature": ""},
        {**slack.signed(MENTION, JSON), "x-slack-signature": "v1=00"},
    ],
)
def test_what_slack_did_not_sign_just_now_is_refused(channel: Channel, headers: dict[str, str]) -> None:
    assert channel.client.post("/slack/events", content=MENTION, headers=headers).status_code == 401
    assert channel.workspace.called("chat.postMessage") == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON),
        (b'{"type":"event_callback","event":', JSON),
        (b"[1,2,3]", JSON),
        (b'"text"', JSON),
        (b'{"type":"event_callback","event":"x"}', JSON),
        (b"payload=%7Bnot+json", FORM),
        (b"payload=%5B1%5D", FORM),
        (b"", FORM),
        (b"hello", "text/plain"),
    ],
)
def test_what_is_malformed_is_refused(channel: Channel, body: bytes, content_type: str) -> None:
    assert channel.post(body, content_type).status_code == 400


def test_what_is_not_utf8_is_refused(channel: Channel) -> None:
    assert channel.post(b'{"x":"\xff\xfe"}', JSON).status_code == 401


def test_what_is_too_large_is_refused_before_it_is_read(channel: Channel) -> None:
    body = b"x" * (LARGEST_BODY + 1)
    assert channel.post(body, JSON).status_code == 413
    in_parts = channel.client.post("/slack/events", content=iter([body[:600_000], body[600_000:]]))
    assert in_parts.status_code == 413


def test_what_calls_itself_too_large_is_not_read_at_all() -> None:
    async def receive() -> Message:
        raise AssertionError("it was read")

    headers = [(b"content-length", str(LARGEST_BODY + 1).encode())]
    assert asyncio.run(body_of(Request({"type": "http", "method": "POST", "headers": headers}, receive))) is None


def test_slack_proves_the_address_and_checks_the_certificate(channel: Channel) -> None:
    challenge = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert "abc" in channel.post(challenge, JSON).text
    assert channel.client.post("/slack/events", content=b"ssl_check=1&token=x").status_code == 200


def test_a_failure_says_nothing_of_tokens_words_or_exceptions(
    channel: Channel, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    channel.workspace.refuse["chat.postMessage"] = "fatal_error"
    channel.mention("the secret plan for 3.4.4")
    slack.wait_until(lambda: "could not be posted" in caplog.text)
    view = {"type": "modal", "callback_id": "form", "private_metadata": '{"secret plan": 1}', "state": {}}
    assert channel.interact("view_submission", view=view).status_code == 400
    assert channel.interact("view_submission", view={"callback_id": "form"}).status_code == 400
    ours = "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith(("asyncio", "httpx", "httpcore")))
    said = ours + "".join(capsys.readouterr())
    assert "Slack says fatal_error" in said
    for secret in (TOKEN, SECRET, "secret plan", "Traceback"):
        assert secret not in said
