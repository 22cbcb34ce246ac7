"""Slack on loopback: it signs what it sends, keeps what it is told, and misbehaves when asked to."""

import asyncio
import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105  # of this loopback only
TOKEN = "xoxb-loopback"  # noqa: S105
TEAM, CHANNEL, AMINA, BEN, BOT = "T00000001", "C00000001", "U00000001", "U00000002", "U0000BOT1"

Json = dict[str, Any]
_numbers = itertools.count(1)


@dataclass
class Call:
    """One call of the Web API, or a post to a response_url."""

    method: str
    token: str
    said: Json


@dataclass
class Workspace:
    url: str = ""
    calls: list[Call] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)  # method -> error
    busy: dict[str, int] = field(default_factory=dict)  # method -> how often 429 before it works
    down: dict[str, list[int]] = field(default_factory=dict)  # method -> the statuses of its next calls
    granted: Json = field(default_factory=dict)  # what "Add to Slack" says otherwise
    strict: bool = False  # lets a channel have three messages at once, then one a second
    slow: dict[str, float] = field(default_factory=dict)  # method -> seconds until it answers what it has taken
    tokens: dict[str, str] = field(default_factory=lambda: {TOKEN: TEAM})
    scopes: str = "app_mentions:read,chat:write,commands,im:history,im:write"
    pushed: "asyncio.Queue[Json] | None" = None  # to the socket, once one is open
    acknowledged: list[Json] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None
    kept: dict[str, bytes] = field(default_factory=dict)  # files by name
    rooms: dict[str, tuple[float, float]] = field(default_factory=dict)  # channel -> messages it takes now, since when

    def called(self, method: str) -> list[Json]:
        return [call.said for call in self.calls if call.method == method]

    def wait_for(self, method: str, number: int = 1) -> list[Json]:
        """What was said by a method once it was called so often; fails after some seconds."""
        wait_until(lambda: len(self.called(method)) >= number)
        return self.called(method)

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing was called for a moment."""
        known = -1
        while known != len(self.calls):
            known = len(self.calls)
            time.sleep(quiet)

    # ---- what Slack answers ----------------------------------------------------------------------------------------

    async def api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        said = await _said(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(said.pop("token", ""))
        self.calls.append(Call(method, token, said))
        await asyncio.sleep(self.slow.get(method, 0))
        if self.busy.get(method, 0) > 0:
            self.busy[method] -= 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "0"})
        if self.down.get(method):
            status = self.down[method].pop(0)
            return web.Response(status=status, text="upstream connect error", headers={"Retry-After": "0"})
        if self.strict and method == "chat.postMessage" and not self._has_room(str(said["channel"])):
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        if method in self.refuse:
            return web.json_response({"ok": False, "error": self.refuse[method]})
        if method not in ("oauth.v2.access", "apps.connections.open") and token not in self.tokens:
            return web.json_response({"ok": False, "error": "invalid_auth"})
        answer = self._answers().get(method, lambda *_: {})(said, token)
        return web.json_response({"ok": True, **answer}, headers={"X-OAuth-Scopes": self.scopes})

    def _has_room(self, channel: str) -> bool:
        now = time.monotonic()
        room, at = self.rooms.get(channel, (3.0, now))
        room = min(3.0, room + now - at)
        self.rooms[channel] = (room - 1 if room >= 1 else room, now)
        return room >= 1

    def _answers(self) -> dict[str, Callable[[Json, str], Json]]:
        return {
            "auth.test": self._auth_test,
            "chat.postMessage": lambda said, _: {"channel": said["channel"], "ts": moment(), "message": {}},
            "chat.scheduleMessage": lambda said, _: {"channel": said["channel"], "scheduled_message_id": "Q1"},
            "conversations.open": lambda said, _: {"channel": {"id": f"D{said['users'][1:]}"}},
            "files.getUploadURLExternal": lambda *_: {
                "upload_url": f"{self.url}upload",
                "file_id": f"F{next(_numbers)}",
            },
            "files.completeUploadExternal": lambda said, _: {"files": said["files"]},
            "files.info": lambda said, _: {"file": self.file(str(said["file"]))},
            "oauth.v2.access": self._oauth_access,
            "apps.connections.open": lambda *_: {"url": f"{self.url.replace('http', 'ws')}socket"},
        }

    async def uploaded(self, request: web.Request) -> web.Response:
        form = await request.post() if request.content_type.startswith("multipart") else {}
        part = next(iter(form.values()), None)
        content = part.file.read() if isinstance(part, web.FileField) else await request.read()
        self.calls.append(Call("uploaded", "", {"content": content}))
        return web.Response(text="OK")

    def file(self, name: str) -> Json:
        """A file as an event names it."""
        url = f"{self.url}files-pri/{name}"
        return {"id": name, "name": name, "size": len(self.kept.get(name, b"")), "url_private_download": url}

    async def downloaded(self, request: web.Request) -> web.Response:
        """As Slack gives files: without the scope, a page to sign in at."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.calls.append(Call("downloaded", token, {"name": request.match_info["name"]}))
        if request.match_info["name"] == "away.csv":
            return web.Response(status=302, headers={"Location": f"{self.url}elsewhere"})
        if token not in self.tokens or "files:read" not in self.scopes:
            return web.Response(text="<!DOCTYPE html><title>Slack</title>", content_type="text/html")
        return web.Response(body=self.kept[request.match_info["name"]], content_type="text/csv")

    def _auth_test(self, _: Json, token: str) -> Json:
        team = self.tokens[token]
        return {"team_id": team, "team": "Sutton", "user": "compactbot", "user_id": BOT, "bot_id": "B00000001"}

    def _oauth_access(self, said: Json, _: str) -> Json:
        kind = said.get("grant_type", "new")
        token = f"xoxb-{kind}-{next(_numbers)}"
        self.tokens[token] = "T00000002"
        return {
            "access_token": token,
            "refresh_token": f"xoxe-{token}",
            "expires_in": 43_200,
            "token_type": "bot",
            "scope": self.scopes,
            "bot_user_id": BOT,
            "app_id": "A00000001",
            "team": {"id": "T00000002", "name": "Merton"},
            "authed_user": {"id": BEN},
            **self.granted,
        }

    async def responded(self, request: web.Request) -> web.Response:
        self.calls.append(Call("response_url", "", await request.json()))
        if self.down.get("response_url"):
            return web.Response(status=self.down["response_url"].pop(0), headers={"Retry-After": "1"})
        return web.Response(text="ok")

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        pushed = self.pushed = asyncio.Queue()

        async def push() -> None:
            while True:
                await socket.send_json(await pushed.get())

        pushing = asyncio.create_task(push())
        async for message in socket:
            self.acknowledged.append(json.loads(message.data))
        pushing.cancel()
        return socket


async def _said(request: web.Request) -> Json:
    if request.content_type == "application/json":
        return dict(await request.json())
    fields = {**request.query, **await request.post()}
    return {name: _parsed(str(value)) for name, value in fields.items()}


def _parsed(value: str) -> object:
    return json.loads(value) if value[:1] in "[{" else value


def wait_until(true: Callable[[], object], seconds: float = 8.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.005)


def moment() -> str:
    return f"{int(time.time())}.{next(_numbers):06}"


@contextmanager
def running(workspace: Workspace) -> Iterator[Workspace]:
    """The workspace on a free loopback port, in a thread of its own."""
    loop, started, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/api/{method}", workspace.api)
        app.router.add_post("/response", workspace.responded)
        app.router.add_post("/upload", workspace.uploaded)
        app.router.add_get("/files-pri/{name}", workspace.downloaded)
        app.router.add_get("/socket", workspace.socket)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        workspace.url, workspace.loop = f"http://127.0.0.1:{runner.addresses[0][1]}/", loop
        started.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait(10)
    try:
        yield workspace
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


# ---- what Slack sends ----------------------------------------------------------------------------------------------


def signed(body: bytes, content_type: str, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "content-type": content_type,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
    }


def trigger() -> str:
    return f"{next(_numbers)}.{next(_numbers)}.abcdef"


def event(said: Mapping[str, Any], team: str = TEAM, **more: Any) -> Json:  # noqa: ANN401
    return {
        "type": "event_callback",
        "team_id": team,
        "api_app_id": "A00000001",
        "event_id": f"Ev{next(_numbers)}",
        "event": dict(said),
        **more,
    }


def message(text: str, kind: str = "message", user: str = AMINA, channel: str = CHANNEL, **more: Any) -> Json:  # noqa: ANN401
    stamp = moment()
    return {"type": kind, "user": user, "text": text, "channel": channel, "ts": stamp, "event_ts": stamp, **more}


def command(text: str, response_url: str, user: str = AMINA, team: str = TEAM, channel: str = CHANNEL) -> Json:
    return {
        "command": "/compact",
        "text": text,
        "team_id": team,
        "channel_id": channel,
        "user_id": user,
        "user_name": "amina.khan",
        "trigger_id": trigger(),
        "response_url": response_url,
        "is_enterprise_install": "false",
    }


def interaction(kind: str, user: str = AMINA, team: str = TEAM, **more: Any) -> Json:  # noqa: ANN401
    return {
        "type": kind,
        "user": {"id": user, "username": "amina.khan", "team_id": team},
        "team": {"id": team, "domain": "sutton"},
        "trigger_id": trigger(),
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def as_form(fields: Mapping[str, Any]) -> bytes:
    return urlencode(fields).encode()
