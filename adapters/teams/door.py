"""The Teams door, put together from the settings: its route, its courier, and what `compact-bot doctor` looks at."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import aiohttp
from sqlalchemy import Engine
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Route

from adapters.answering import Answer
from adapters.door import Check
from adapters.teams.codec import PLATFORM
from adapters.teams.connector import Connector, Tokens
from adapters.teams.courier import TeamsCourier
from adapters.teams.files import Files
from adapters.teams.host import Host
from adapters.teams.invokes import Invokes
from adapters.teams.keys import Keys
from adapters.teams.sdk import Sdk
from adapters.teams.talk import PACE, Talk
from adapters.teams.trust import LOOPBACK, Trust
from adapters.this_machine import OnlyThisMachine
from compact_bot.deadlines.owners import owners_named
from compact_bot.lost_places import removed_place
from compact_bot.membership import installed
from compact_bot.nudges.couriers import Courier, DeliveryFailed
from compact_bot.nudges.stale import how_it_ended
from compact_bot.outbox.sending import Outbox, Pace
from compact_bot.settings import Settings
from compact_bot.store.references import References
from knowledge.search import Search

PATH = "/api/messages"
# Who issues tokens in the public cloud and in the sovereign ones, by the end of the address that publishes the keys.
ISSUERS = {".us": "https://api.botframework.us", ".cn": "https://api.botframework.azure.cn"}
PUBLIC_ISSUER = "https://api.botframework.com"


ABOUT = """\
Compact Bot answers questions about a Compact with its exact words, or says that it does not say. It tracks dates and
sends nudges before them. Its quotations are the agreement's own; what it works out from them is advice, not a ruling.

What is kept, in the database of whoever runs it, and read by your own organisation alone:

For as long as your organisation uses it, or until it is taken back there, or was over for the years or months that
whoever runs it has set:
- contacts that were set, with who set them and when;
- deadlines with their dates, owners and reasons, and who changed what and when;
- the nudges that were planned and sent;
- choices: where nudges go, when the digest comes, who leads, closed days;
- feedback with its history and, unless it is anonymous, who logged it;
- wordings that leads taught, with who taught them and when;
- how often in each month a question got no helpful answer, by clause and subject, and an answer helped; no words;
- addresses of calendars, by a hash of each, and e-mail addresses that nudges go to, until they are ended;
- of those who spoke to it or were named: id, name, how to reach them, the side they told, whether they lead, and the
  month in which they last spoke;
- addresses of calendars, by a hash of each, and e-mail addresses that nudges go to, until they are ended;
- who is signed in to the pages, by a hash of what their browser holds, for 12 hours;
- the places where it has posted, and how to reach the chats and channels it was added to, until it is removed there.

For a day: which messages were answered, by their ids; what each conversation was last about, which is the last
question, or what waits for a yes; answers that only their asker saw, so that they can be shared; lists that were
brought to be imported, until they are kept or left; and at most so long, answers that Teams has not taken yet.

For {days} days: the words of such questions, where others read them anyway or their asker passed them on; without
names, personal details and who asked.

Of anonymous feedback nothing is kept of who sent it, from where, or at what time of the day. Words of other people's
messages that it is asked about are not kept. Nothing else that people write is stored. The log holds the ids of
messages that failed and the kind of failure, never their words. Nothing is sent to anyone but Teams itself,
and to e-mail addresses whose owners asked for nudges.
Type "my data" in a chat with it to see what is kept of you, and "forget me" to have it deleted. Removing the app ends
its nudges and forgets how to reach the place it was removed from; {erase_days} days after it was removed everywhere,
all that is kept of your organisation is deleted. To have more deleted, ask whoever runs it for your organisation.
"""


def about(gaps_days: str, erase_days: str) -> Callable[[Request], Awaitable[PlainTextResponse]]:
    """What Teams shows as the app's website, its privacy statement and its terms."""

    async def shown(_: Request) -> PlainTextResponse:
        return PlainTextResponse(ABOUT.format(days=gaps_days, erase_days=erase_days))

    return shown


class TeamsDoor:
    platform = PLATFORM

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        searching: Callable[[str], Search],
        answer: Answer,
        clock: Callable[[], datetime],
        couriers: Mapping[str, Courier],
        pace: Pace = PACE,
    ) -> None:
        self._settings = settings
        self._open_session: aiohttp.ClientSession | None = None
        app_id, metadata_url = settings["MICROSOFT_APP_ID"], settings["TEAMS_OPENID_METADATA_URL"]
        host = urlsplit(metadata_url).hostname or ""
        issuer = next((issuer for end, issuer in ISSUERS.items() if host.endswith(end)), PUBLIC_ISSUER)
        self._keys = Keys(metadata_url, self._session)
        self._tokens = _tokens(settings, issuer, self._session) if app_id else None
        # Whoever lets a publisher on this machine say which tokens are good has answers posted on this machine too.
        local = LOOPBACK if host in LOOPBACK else ()
        trust = Trust(app_id, issuer, _tenants(settings), (*settings["TEAMS_SERVICE_HOSTS"].split(), *local))
        sdk = Sdk(app_id, issuer, self._keys, Connector(trust, self._tokens, self._session))
        references = References(engine, PLATFORM, clock)
        self.courier = TeamsCourier(references, sdk, partial(owners_named, engine, PLATFORM))
        talk = Talk(
            answer,
            clock,
            sdk,
            references,
            couriers,
            lambda talk: Outbox(engine, PLATFORM, talk.post, talk.to_the_asker, clock, pace),
            Files(trust, self._session),
            targets=bool(settings["TEAMS_TARGETED"]),
        )
        self.outbox = talk.outbox
        invokes = Invokes(talk, searching, partial(how_it_ended, engine))
        self._host = Host(
            trust, sdk, references, talk, invokes, partial(installed, engine), partial(removed_place, engine)
        )

    def _session(self) -> aiohttp.ClientSession:
        if self._open_session is None:
            self._open_session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        return self._open_session

    def routes(self) -> Sequence[BaseRoute]:
        local = [] if self._tokens else [Middleware(OnlyThisMachine)]
        return [
            Route(PATH, self._host.messages, methods=["POST"], middleware=local),
            Route(PATH, _only_posted, methods=["GET", "PUT", "PATCH", "DELETE"]),
            Route("/about", about(self._settings["COMPACT_GAPS_DAYS"], self._settings["COMPACT_ERASE_DAYS"])),
        ]

    @asynccontextmanager
    async def running(self, sends_only: bool = False) -> AsyncIterator[None]:  # noqa: ARG002  # nothing is fetched ahead
        try:
            yield
        finally:
            await self.outbox.finish()
            if self._open_session is not None:
                await self._open_session.close()
                self._open_session = None

    async def checks(self) -> list[Check]:
        if self._tokens is None:
            return [Check("Teams", True, "local: authentication is off, and only this machine is served")]
        public = self._settings["COMPACT_PUBLIC_URL"]
        is_public = public.startswith("https://")
        tenants = ", ".join(sorted(_tenants(self._settings)))
        endpoint = f"the messaging endpoint of the Azure Bot is {public.rstrip('/')}{PATH}"
        wanted = "set COMPACT_PUBLIC_URL to the https:// address under which Teams reaches this program"
        async with self.running():
            return [
                Check("Teams ids", True, f"app {self._settings['MICROSOFT_APP_ID']}, tenants {tenants}"),
                Check("Teams address", is_public, endpoint if is_public else wanted),
                await self._keys_check(),
                await self._secret_check(self._tokens),
            ]

    async def _keys_check(self) -> Check:
        is_reachable = await self._keys.are_reachable()
        says = "the keys that sign requests can be read"
        return Check(
            "Teams keys",
            is_reachable,
            says
            if is_reachable
            else "TEAMS_OPENID_METADATA_URL cannot be read from here; check that the way out is open",
        )

    async def _secret_check(self, tokens: Tokens) -> Check:
        try:
            await tokens.get()
        except DeliveryFailed:
            return Check(
                "Teams secret",
                False,
                "no token was given; check that MICROSOFT_APP_PASSWORD is the secret's value and has not run out, that "
                "MICROSOFT_APP_TENANT_ID is the registration's tenant, and that TEAMS_LOGIN_URL can be reached",
            )
        return Check("Teams secret", True, "the id, the secret and the tenant give a token")


async def _only_posted(_: Request) -> PlainTextResponse:
    """Said here, since a page that is mounted for everything else would answer instead."""
    return PlainTextResponse("only POST", 405, {"Allow": "POST"})


def _tenants(settings: Settings) -> frozenset[str]:
    named = f"{settings['MICROSOFT_APP_TENANT_ID']} {settings['TEAMS_TENANTS']}"
    return frozenset(named.casefold().split())


def _tokens(settings: Settings, scope: str, session: Callable[[], aiohttp.ClientSession]) -> Tokens:
    login, tenant = settings["TEAMS_LOGIN_URL"].rstrip("/"), settings["MICROSOFT_APP_TENANT_ID"]
    form = {
        "grant_type": "client_credentials",
        "client_id": settings["MICROSOFT_APP_ID"],
        "client_secret": settings["MICROSOFT_APP_PASSWORD"],
        "scope": f"{scope}/.default",
    }
    return Tokens(f"{login}/{tenant}/oauth2/v2.0/token", form, session)
