"""Slack's requests over HTTP: what is too large, unsigned, stale or malformed is refused before anything reads it."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from adapters.bodies import received
from compact_bot.logs import logger

SSL_CHECK = b"ssl_check=1"  # sent unsigned now and then, only to see that the certificate is good
log = logger(__name__)

_TIMESTAMP, _SIGNATURE = re.compile("[0-9]{1,12}"), re.compile("v0=[0-9a-f]{64}")
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"


class Malformed(ValueError):  # noqa: N818  # it names what the request is
    """The body is not what Slack sends."""


def parsed(body: bytes, content_type: str) -> dict[str, Any]:
    """The body as bolt knows it from Socket Mode. Raises Malformed."""
    try:
        text = body.decode("utf-8")
        if content_type.startswith(JSON_TYPE):
            found = json.loads(text)
        elif content_type.startswith(FORM_TYPE):
            fields = dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
            found = json.loads(fields["payload"]) if "payload" in fields else fields
        else:
            raise Malformed
    except (ValueError, RecursionError) as error:  # RecursionError: a hundred thousand nested brackets
        raise Malformed from error
    if not isinstance(found, dict) or not isinstance(found.get("event", {}), dict) or not found:
        raise Malformed
    return found


def is_signed(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether Slack signed this within the last five minutes. The verifier trips over what is not in Slack's form."""
    timestamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not (_TIMESTAMP.fullmatch(timestamp) and _SIGNATURE.fullmatch(signature)):
        return False
    try:
        return verifier.is_valid(body, timestamp, signature)
    except UnicodeDecodeError:  # the verifier reads the body as UTF-8, which is all that Slack signs
        return False


class Host:
    def __init__(self, app: AsyncApp, signing_secret: str) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)

    async def receive(self, request: Request) -> Response:
        body = await received(request)
        if isinstance(body, Response):
            return body
        if body.startswith(SSL_CHECK):
            return Response(status_code=200)
        if not is_signed(self._verifier, body, request.headers):
            return PlainTextResponse("not signed", 401)
        try:
            payload = parsed(body, request.headers.get("content-type", ""))
        except Malformed:
            return PlainTextResponse("malformed", 400)
        # bolt is given what was verified and parsed here, as it is in Socket Mode: it must not do either again, since
        # it parses before it verifies and answers 500 to what it cannot parse.
        try:
            answer = await self._app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        except Exception as error:  # bolt trips over payloads that lack what Slack always sends
            log.error("a Slack request could not be read: %s", type(error).__name__)
            return PlainTextResponse("malformed", 400)
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())
