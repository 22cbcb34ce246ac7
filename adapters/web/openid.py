"""Sign in with Slack, or with Microsoft: OpenID Connect for those whom the assistant has met in chat.

The authorisation code flow with PKCE. What was begun is kept in a cookie of the browser that began it, signed, for ten
minutes; whoever comes back with another's answer is refused.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import aiohttp
import jwt
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.web.house import HEADERS, SESSION, House
from adapters.web.issuers import PATH, Issuer
from compact_bot.logs import logger
from compact_bot.signing_in import SESSION_LASTS, sign_in_known

BEGUN = "__Host-compact-bot-begun"
LASTS = 600  # seconds between beginning and coming back
TIMEOUT = aiohttp.ClientTimeout(total=10)
LARGEST_ANSWER = 1_000_000  # bytes
REFUSED = "You could not be signed in there"

log = logger(__name__)


class OpenIdError(Exception):
    """What came back does not prove who somebody is. The message is for the log: it holds nothing of theirs."""


def routes(house: House) -> Sequence[BaseRoute]:
    """For the public pages alone: on this machine nobody is asked who they are."""
    known = {issuer.platform: issuer for issuer in house.issuers}
    back = f"{house.links.public_url.rstrip('/')}{PATH}/{{}}/back"

    async def begin(request: Request) -> Response:
        issuer = known.get(request.path_params["platform"])
        if issuer is None:
            return house.closed(request, REFUSED)
        kept: dict[str, Any] = {"platform": issuer.platform, "until": house.clock().timestamp() + LASTS}
        kept |= {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        try:
            where = await _metadata(issuer)
        except OpenIdError as problem:
            log.warning("sign in with %s: %s", issuer.platform, problem)
            return house.closed(request, f"{issuer.label} does not answer just now")
        asked = {
            "response_type": "code",
            "scope": "openid profile",
            "client_id": issuer.client_id,
            "redirect_uri": back.format(issuer.platform),
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": _unpadded(hashlib.sha256(kept["verifier"].encode()).digest()),
            "code_challenge_method": "S256",
        }
        response = RedirectResponse(f"{where['authorization_endpoint']}?{urlencode(asked)}", 303, HEADERS)
        # Lax: whoever comes back comes from the issuer's page.
        response.set_cookie(BEGUN, _sealed(house, kept), LASTS, secure=True, httponly=True, samesite="lax")
        return response

    async def end(request: Request) -> Response:
        issuer, kept = known.get(request.path_params["platform"]), _opened(house, request.cookies.get(BEGUN, ""))
        state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
        if issuer is None or kept is None or not code:
            return house.closed(request, REFUSED)
        is_its_own = kept["platform"] == issuer.platform and kept["until"] > house.clock().timestamp()
        if not is_its_own or not hmac.compare_digest(state.encode(), kept["state"].encode()):
            return house.closed(request, REFUSED)
        try:
            claims = await _claims(issuer, code, kept, back.format(issuer.platform))
        except OpenIdError as problem:
            log.warning("sign in with %s: %s", issuer.platform, problem)
            return house.closed(request, REFUSED)
        organisation = f"{issuer.platform}:{claims[issuer.organisation]}"
        who = (organisation, issuer.platform, str(claims[issuer.person]))
        held = await asyncio.to_thread(sign_in_known, house.bot.engine, *who, house.clock())
        if not held:
            return house.closed(request, f"I have not met you in {issuer.label} yet: say hello to me there first")
        response = RedirectResponse("/board", 303, HEADERS)
        lasts = int(SESSION_LASTS.total_seconds())
        response.set_cookie(SESSION, held, lasts, secure=True, httponly=True, samesite="lax")
        response.delete_cookie(BEGUN, secure=True, httponly=True, samesite="lax")
        return response

    return (Route(f"{PATH}/{{platform}}", begin), Route(f"{PATH}/{{platform}}/back", end)) if known else ()


# ---- what the issuer says -------------------------------------------------------------------------------------------


async def _metadata(issuer: Issuer) -> dict[str, Any]:
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        return await _json(session, "GET", issuer.metadata_url)


async def _claims(issuer: Issuer, code: str, kept: Mapping[str, Any], back: str) -> dict[str, Any]:
    """The claims of a token that the issuer signed for us, for what was begun here. Raises OpenIdError."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": issuer.client_id,
        "client_secret": issuer.client_secret,
        "code_verifier": kept["verifier"],
    }
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        where = await _json(session, "GET", issuer.metadata_url)
        given = await _json(session, "POST", where.get("token_endpoint", ""), data=form)
        keys = await _json(session, "GET", where.get("jwks_uri", ""))
    try:
        token = given["id_token"]
        key_id = jwt.get_unverified_header(token).get("kid")
        key = next(key for key in jwt.PyJWKSet.from_dict(keys).keys if key.key_id == key_id)
        required = ["exp", "iat", "aud", "iss", "nonce", issuer.organisation, issuer.person]
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=issuer.client_id,
            issuer=where["issuer"],
            leeway=60,
            options={"require": required},
        )
    except (jwt.PyJWTError, KeyError, StopIteration, TypeError, AttributeError) as error:
        raise OpenIdError(f"the token is not good ({type(error).__name__})") from error
    if not hmac.compare_digest(str(claims["nonce"]).encode(), kept["nonce"].encode()):
        raise OpenIdError("the token is of another sign-in")
    return claims


async def _json(session: aiohttp.ClientSession, method: str, url: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    try:
        async with session.request(method, url, allow_redirects=False, **more) as answer:
            body = await answer.content.read(LARGEST_ANSWER)
            said = json.loads(body) if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise OpenIdError(f"no good answer ({type(error).__name__})") from error
    if not isinstance(said, dict):
        raise OpenIdError("no good answer")
    return said


# ---- what was begun --------------------------------------------------------------------------------------------------


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _sealed(house: House, kept: Mapping[str, Any]) -> str:
    held = _unpadded(json.dumps(kept).encode())
    return f"{held}.{house.token(f'begun {held}')}"


def _opened(house: House, sealed: str) -> dict[str, Any] | None:
    """None for what was not sealed here."""
    held, _, mark = sealed.partition(".")
    if not hmac.compare_digest(mark.encode(), house.token(f"begun {held}").encode()):
        return None
    opened: dict[str, Any] = json.loads(base64.urlsafe_b64decode(held + "=" * (-len(held) % 4)))
    return opened
