"""Teams on loopback: the connector that takes what the bot posts, the issuer of its requests' tokens, and Entra's."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

APP = "11111111-1111-1111-1111-111111111111"
TENANT = "22222222-2222-2222-2222-222222222222"
SECOND_TENANT = "44444444-4444-4444-4444-444444444444"  # allowed, too
OTHER_TENANT = "33333333-3333-3333-3333-333333333333"
BOT = {"id": "28:bot", "name": "Compact Bot"}
TEAM = {"id": "19:team@thread.tacv2", "name": "Funding"}
CONVERSATIONS = {
    "personal": {"id": "a:amina", "conversationType": "personal"},
    "group": {"id": "19:group@thread.v2", "conversationType": "groupChat", "isGroup": True},
    "channel": {"id": f"{TEAM['id']};messageid=1700", "conversationType": "channel", "isGroup": True},
}
# Two people of one name, by either of their ids.
KHANS = [
    {"id": f"29:khan-{n}", "aadObjectId": f"00000000-0000-0000-0000-00000000001{n}", "name": "Amina Khan"}
    for n in (1, 2)
]
MEMBERS = {one[key]: one for one in KHANS for key in ("id", "aadObjectId")}
FIRST_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Call:
    method: str
    path: str
    authorization: str
    body: dict[str, Any]


@dataclass
class Fault:
    status: int
    retry_after: str = ""


@dataclass
class StandIn:
    """`calls` are what the bot did; `faults` are answered first, one a call."""

    base: str = ""
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)
    tokens_given: int = 0
    metadata_read: int = 0
    posted: int = 0
    without_us: set[str] = field(default_factory=set)  # conversations in which the bot is not

    @property
    def service(self) -> str:
        return f"{self.base}/teams/"

    def new_key(self, name: str) -> None:
        self.keys[name] = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def token(self, kid: str = "first", key: rsa.RSAPrivateKey | None = None, **claims: object) -> str:
        """A good one; a claim of None is left out."""
        now = int(time.time())
        good = {"iss": "https://api.botframework.com", "aud": APP, "exp": now + 600, "serviceurl": self.service}
        wanted = {name: value for name, value in {**good, **claims}.items() if value is not None}
        return jwt.encode(wanted, key or self.keys[kid], algorithm="RS256", headers={"kid": kid})

    def sent(self) -> list[dict[str, Any]]:
        """The messages that the bot posted."""
        return [call.body for call in self.calls if call.method == "POST" and "/activities" in call.path]

    def put(self) -> list[Call]:
        return [call for call in self.calls if call.method == "PUT"]

    def answer(self, method: str, path: str, authorization: str, body: bytes) -> tuple[int, dict[str, Any], str]:
        if path.startswith("/keys"):
            return 200, {"keys": [self._published(name) for name in self.keys]}, ""
        if path.startswith("/metadata"):
            self.metadata_read += 1
            return 200, {"jwks_uri": f"{self.base}/keys"}, ""
        if path.startswith("/login"):
            self.tokens_given += 1
            return 200, {"access_token": f"token-{self.tokens_given}", "expires_in": 3600}, ""
        self.calls.append(Call(method, unquote(path.removeprefix("/teams/")), authorization, json.loads(body or b"{}")))
        if self.faults:
            fault = self.faults.pop(0)
            return fault.status, {"error": {"message": "a secret"}}, fault.retry_after
        if None in self.calls[-1].body.values():
            return 400, {"error": {"message": "Invalid input"}}, ""
        self.posted += 1
        if "/pagedmembers" in path:
            is_there = not any(one in unquote(path) for one in self.without_us)
            return (200, {"members": []}, "") if is_there else (403, {}, "")
        if "/members/" in path:
            return 200, MEMBERS.get(unquote(path.rpartition("/")[2]), {"id": "29:amina", "name": "Amina"}), ""
        return 201, {"id": f"{'a:alone' if path.endswith('v3/conversations') else self.posted}"}, ""

    def _published(self, name: str) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[name].public_key()))
        return {**public, "kid": name, "endorsements": ["msteams"]}


@contextmanager
def stand_in() -> Iterator[StandIn]:
    teams = StandIn(keys={"first": FIRST_KEY})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            authorization = self.headers.get("authorization", "")
            status, answer, retry_after = teams.answer(self.command, self.path, authorization, body)
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if retry_after:
                self.send_header("Retry-After", retry_after)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = _handle  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    teams.base = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield teams
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
