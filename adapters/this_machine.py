"""What asks nobody who they are, such as the local page, is only for the machine that it runs on."""

import re
from ipaddress import ip_address

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# Proxies and content networks put one of these on what they pass on; a browser on this machine sends none.
_FORWARDED = re.compile(
    rb"forwarded.*|via|cdn-loop|(?:true-)?client-ip|(?:cf|fly|fastly|akamai|proxy|wl-proxy)-.*"
    rb"|x-(?:forwarded|real|client|cluster|original|originating|remote|envoy|amzn?|azure|arr|appengine|cloud|google"
    rb"|proxy|proxyuser|host|scheme|url|rewrite|varnish|nginx|cdn|akamai|coming|prox)(?:-.*)?",
    re.IGNORECASE,
)
CLOSED = "This page is only for the machine that it runs on"


class OnlyThisMachine:
    """Answers 403 to whatever did not come from this machine, straight to the port that it listens at.

    `public_url` is set where others reach this process by a proxy. Then nothing tells a stranger from this machine: a
    proxy here need not say that it is one, so all of it is closed.
    """

    def __init__(self, app: ASGIApp, public_url: str = "") -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        why = self._closed_because(scope) if scope["type"] == "http" else ""
        if why:
            await PlainTextResponse(f"{CLOSED}: {why}.\n", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _closed_because(self, scope: Scope) -> str:
        caller = (scope.get("client") or ("",))[0]
        port = (scope.get("server") or ("", None))[1]
        if self._public_url:
            return "COMPACT_PUBLIC_URL is set, so others may reach this address. Without it the page is open"
        if not _is_loopback(caller):
            return "you come from another one"
        if scope.get("http_version") == "1.0" or any(_FORWARDED.fullmatch(name) for name, _ in scope["headers"]):
            return "your request came by a proxy"
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or hosts[0].lower() not in _own_names(port):
            return f"open it as http://127.0.0.1:{port}"
        return ""


def _own_names(port: int | None) -> set[bytes]:
    names = ("127.0.0.1", "localhost", "[::1]")
    return {f"{name}:{port}".encode() for name in names} | ({name.encode() for name in names} if port == 80 else set())


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
