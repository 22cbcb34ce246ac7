"""Sign in with Slack and with Microsoft, against an issuer on this machine: who is known comes in, nobody else does."""

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from adapters.web.app import web_app
from adapters.web.house import SESSION
from adapters.web.issuers import issuers_of, microsoft, slack
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Person
from compact_bot.settings import read_settings
from tests.conftest import NOW, ROOT, Chat
from tests.web.browsing import served

HOME = "https://compact.example"
SECRET = "a key of thirty-two characters and more"  # noqa: S105  # of these tests alone
CLIENT, TENANT = "a client", "a-tenant"
TEAM, USER = "https://slack.com/team_id", "https://slack.com/user_id"
NEW_KEY = rsa.generate_private_key(65537, 2048)


@dataclass
class Issuing:
    """An issuer of both kinds. Tests change what it says next."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    signs_with: rsa.RSAPrivateKey | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    answer: Response | None = None
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    nonce: str = ""
    challenge: str = ""
    address: str = ""

    def app(self) -> Starlette:
        async def metadata(_: Request) -> Response:
            at = self.address
            names = {"issuer": at, "jwks_uri": f"{at}/keys", "token_endpoint": f"{at}/token"}
            return JSONResponse({**names, "authorization_endpoint": f"{at}/authorize"})

        async def keys(_: Request) -> Response:
            public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
            return JSONResponse({"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]})

        async def token(request: Request) -> Response:
            form = parse_qs((await request.body()).decode())
            self.asked.append(form)
            if self.answer is not None:
                return self.answer
            verifier = hashlib.sha256(form["code_verifier"][0].encode()).digest()
            if base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() != self.challenge:
                return JSONResponse({"error": "invalid_grant"}, 400)
            now = jwt.api_jwt.datetime.now(tz=jwt.api_jwt.timezone.utc)
            said = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + timedelta(minutes=5)}
            said |= {"nonce": self.nonce, **self.claims}
            said = {name: value for name, value in said.items() if value is not None}
            key = self.signs_with or self.key
            return JSONResponse({"id_token": jwt.encode(said, key, "RS256", headers={"kid": "one"})})

        tokens = Route("/token", token, methods=["POST"])
        paths = ("/.well-known/openid-configuration", f"/{TENANT}/v2.0/.well-known/openid-configuration")
        return Starlette(routes=[*(Route(path, metadata) for path in paths), Route("/keys", keys), tokens])


@pytest.fixture
def issuer() -> Iterator[Issuing]:
    issuing = Issuing(claims={TEAM: "T1", USER: "U1", "tid": TENANT, "oid": "amina-id"})
    for address in served(issuing.app()):
        issuing.address = address
        yield issuing


@pytest.fixture
def client(bot: Bot, issuer: Issuing) -> TestClient:
    both = (slack(CLIENT, "secret", issuer.address), microsoft(CLIENT, "secret", TENANT, issuer.address))
    later = NOW + timedelta(minutes=1)  # than they were met
    app = web_app(bot, lambda: later, lambda _: [], public_url=HOME, secret_key=SECRET, issuers=both)
    return TestClient(app, base_url=HOME)


def met(bot: Bot, platform: str = "slack", organisation: str = "slack:T1", person: str = "U1") -> None:
    """Somebody who has spoken to the assistant in chat."""
    direct = Address(platform, f"T1/{person}")
    message = Chat(bot, organisation=organisation).message("hello")
    bot.reply_to(replace(message, sender=Person(person, f"@{person}", "Amina", direct), address=direct))


def begun(client: TestClient, issuer: Issuing, platform: str = "slack") -> dict[str, str]:
    """What the issuer is asked for when somebody presses the button, which it will answer."""
    answer = client.get(f"/sign-in-with/{platform}", follow_redirects=False)
    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == f"{issuer.address}/authorize"
    asked = {name: value for name, (value,) in parse_qs(where.query).items()}
    issuer.nonce, issuer.challenge = asked["nonce"], asked["code_challenge"]
    return asked


def back(client: TestClient, asked: dict[str, str], platform: str = "slack", **changed: str) -> Any:  # noqa: ANN401
    query = {"state": asked["state"], "code": "a code", **changed}
    return client.get(f"/sign-in-with/{platform}/back", params=query, follow_redirects=False)


@pytest.mark.parametrize(
    ("platform", "organisation", "person"), [("slack", "slack:T1", "U1"), ("teams", f"teams:{TENANT}", "amina-id")]
)
def test_somebody_whom_chat_knows_comes_in(
    bot: Bot, client: TestClient, issuer: Issuing, platform: str, organisation: str, person: str
) -> None:
    met(bot, platform, organisation, person)
    label = {"slack": "Slack", "teams": "Microsoft"}[platform]
    assert f'<a class="button" href="/sign-in-with/{platform}">Sign in with {label}</a>' in client.get("/board").text
    asked = begun(client, issuer, platform)
    assert asked["redirect_uri"] == f"{HOME}/sign-in-with/{platform}/back"
    answer = back(client, asked, platform)
    assert (answer.status_code, answer.headers["location"]) == (303, "/board")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION))
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Max-Age=43200"):
        assert part in cookie
    assert "Amina" in client.get("/board").text
    assert issuer.asked[0]["client_secret"] == ["secret"]


def test_whoever_never_spoke_in_chat_does_not(bot: Bot, client: TestClient, issuer: Issuing) -> None:
    met(bot, person="U2")
    met(bot, organisation="slack:T2")
    answer = back(client, begun(client, issuer))
    assert answer.status_code == 403
    assert "I have not met you in Slack yet" in answer.text
    assert client.get("/board").status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another client"}, {"iss": "https://evil.example"},
        {"exp": 1}, {"exp": None}, {TEAM: None}, {USER: None},
    ],
)  # fmt: skip
def test_a_token_for_anything_else_lets_nobody_in(
    bot: Bot, client: TestClient, issuer: Issuing, claims: dict[str, Any]
) -> None:
    met(bot)
    asked = begun(client, issuer)
    issuer.claims |= claims
    answer = back(client, asked)
    assert answer.status_code == 403
    assert "You could not be signed in there" in answer.text
    assert client.get("/board").status_code == 403


def test_a_token_signed_with_another_key_lets_nobody_in(bot: Bot, client: TestClient, issuer: Issuing) -> None:
    met(bot)
    asked = begun(client, issuer)
    issuer.signs_with = NEW_KEY
    assert back(client, asked).status_code == 403


@pytest.mark.parametrize(
    "answer",
    [
        Response("nothing", 500), Response("not JSON"), JSONResponse([]), JSONResponse({}),
        JSONResponse({"id_token": None}), JSONResponse({"id_token": "x.y.z"}), RedirectResponse("/keys"),
    ],
)  # fmt: skip
def test_an_issuer_that_answers_badly_lets_nobody_in(
    bot: Bot, client: TestClient, issuer: Issuing, answer: Response
) -> None:
    met(bot)
    asked = begun(client, issuer)
    issuer.answer = answer
    assert back(client, asked).status_code == 403


def test_an_answer_counts_only_in_the_browser_that_began(bot: Bot, client: TestClient, issuer: Issuing) -> None:
    """Else somebody could be signed in as whoever sends them a link."""
    met(bot)
    asked = begun(client, issuer)
    begun_here = client.cookies.get("__Host-compact-bot-begun")
    for held in (None, f"x{begun_here}", "", "."):
        client.cookies.clear()
        if held is not None:
            client.cookies.set("__Host-compact-bot-begun", held, domain="compact.example")
        assert back(client, asked).status_code == 403
    client.cookies.set("__Host-compact-bot-begun", begun_here, domain="compact.example")
    assert back(client, asked, state="another").status_code == 403
    assert back(client, asked, "teams").status_code == 403
    assert back(client, asked, code="").status_code == 403
    assert issuer.asked == []
    assert back(client, asked).status_code == 303


def test_while_the_issuer_is_away_that_is_said(bot: Bot) -> None:
    away = (slack(CLIENT, "secret", "http://127.0.0.1:9"),)
    app = web_app(bot, lambda: NOW, lambda _: [], public_url=HOME, secret_key=SECRET, issuers=away)
    answer = TestClient(app, base_url=HOME).get("/sign-in-with/slack", follow_redirects=False)
    assert answer.status_code == 403
    assert "Slack does not answer just now" in answer.text


def test_it_is_offered_only_where_its_settings_are_there_and_never_on_this_machine(bot: Bot) -> None:
    def labels(**given: str) -> list[str]:
        return [issuer.label for issuer in issuers_of(read_settings(given, ROOT / "no.env"))]

    guid = "00000000-0000-0000-0000-000000000000"
    assert labels() == labels(SLACK_CLIENT_ID="1") == []
    assert labels(SLACK_CLIENT_ID="1", SLACK_CLIENT_SECRET="2") == ["Slack"]  # noqa: S106
    teams = {"MICROSOFT_APP_ID": guid, "MICROSOFT_APP_PASSWORD": "x", "MICROSOFT_APP_TENANT_ID": guid}
    assert labels(**teams) == ["Microsoft"]
    app = web_app(bot, lambda: NOW, lambda _: [], issuers=(slack(CLIENT, "secret"),))
    here = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    assert here.get("/sign-in-with/slack").status_code == 404
