"""The contract that every courier keeps: it delivers, it redraws, and it says whether trying again is of use."""

import asyncio
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from adapters.email.door import EmailDoor
from adapters.local import LocalCourier
from adapters.slack.courier import SlackCourier
from adapters.slack.installations import Installations
from adapters.teams.door import TeamsDoor
from compact_bot.conversation import Address, Button, Reply, SentNudge
from compact_bot.nudges.couriers import Courier, DeliveryFailed
from compact_bot.store.references import References
from compact_bot.understanding.acts import Done
from tests.conftest import NOW
from tests.email.conftest import email_settings, mail_serving
from tests.slack.conftest import slack_settings
from tests.slack.workspace import Workspace, running
from tests.teams.conftest import teams_settings
from tests.teams.stand_in import BOT, TENANT, Fault, stand_in

NUDGE = Reply("D1 is due.", next_step="Type done D1", buttons=(Button("Mark done", Done((1,))),))


@dataclass
class Platform:
    """A courier, an address it knows, and ways to make the platform refuse."""

    courier: Courier
    address: Address
    refuse_for_now: Callable[[], object]
    refuse_for_good: Callable[[], object] | None = None
    waits: float | None = None  # seconds that the platform asks for when it is busy


@contextmanager
def local(_: Engine) -> Iterator[Platform]:
    out = io.StringIO()
    yield Platform(LocalCourier(out), Address("console", "Jo"), out.close)


@contextmanager
def slack(engine: Engine) -> Iterator[Platform]:
    with running(Workspace()) as workspace:
        settings = slack_settings(workspace)
        client = AsyncWebClient(base_url=settings["SLACK_API_URL"], retry_handlers=[])
        courier = SlackCourier(client, Installations(settings, engine, client))

        def busy() -> None:
            workspace.busy["chat.postMessage"] = 1

        def archived() -> None:
            workspace.refuse["chat.postMessage"] = "is_archived"

        yield Platform(courier, Address("slack", "T00000001/C1"), busy, archived, 0.0)


class Opened:
    """A courier whose connections are open for one call, since each test runs a loop of its own."""

    def __init__(self, door: TeamsDoor) -> None:
        self._door = door

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        async with self._door.running():
            return await self._door.courier.deliver(address, reply, key)

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        async with self._door.running():
            await self._door.courier.redraw(sent, reply)


@contextmanager
def teams(engine: Engine) -> Iterator[Platform]:
    with stand_in() as there:
        door = TeamsDoor(teams_settings(there), engine, None, None, None, {})  # type: ignore[arg-type]
        place = Address("teams", f"{TENANT}/a:amina")
        reference = {"serviceUrl": there.service, "bot": BOT, "conversation": {"id": "a:amina"}}
        References(engine, "teams", lambda: datetime(2026, 11, 23, tzinfo=UTC)).keep(
            f"teams:{TENANT}", place, "", reference
        )

        def busy() -> None:
            there.faults.append(Fault(429, "30"))

        def removed() -> None:
            there.faults.append(Fault(403))

        yield Platform(Opened(door), place, busy, removed, 30.0)


@contextmanager
def by_email(engine: Engine) -> Iterator[Platform]:
    with mail_serving() as server:
        courier = EmailDoor(email_settings(server.port), engine, "Sutton Compact", lambda: NOW).courier

        def busy() -> None:
            server.refuses["amina@example.org"] = "451 try again later"

        def gone() -> None:
            server.refuses["amina@example.org"] = "550 no such user"

        yield Platform(courier, Address("email", "amina@example.org"), busy, gone)


PLATFORMS = [local, slack, teams, by_email]


@pytest.fixture(params=PLATFORMS, ids=lambda one: one.__name__)
def platform(request: pytest.FixtureRequest, engine: Engine) -> Iterator[Platform]:
    with request.param(engine) as one:
        yield one


def failure(platform: Platform) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        asyncio.run(platform.courier.deliver(platform.address, NUDGE, "nudge-1"))
    return failed.value


def test_it_delivers_gives_a_reference_and_can_redraw_what_it_sent(platform: Platform) -> None:
    reference = asyncio.run(platform.courier.deliver(platform.address, NUDGE, "nudge-1"))
    assert reference
    assert len(reference) <= 400
    asyncio.run(platform.courier.redraw(SentNudge(platform.address, reference), Reply("Amina: done.")))


def test_what_may_work_later_is_not_called_permanent(platform: Platform) -> None:
    platform.refuse_for_now()
    failed = failure(platform)
    assert failed.permanent is False
    assert failed.retry_after == platform.waits


def test_what_can_never_work_is_called_permanent(platform: Platform) -> None:
    if platform.refuse_for_good is None:
        pytest.skip("nothing on this machine is ever gone for good")
    platform.refuse_for_good()
    assert failure(platform).permanent is True
