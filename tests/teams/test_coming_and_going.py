"""Added, upgraded, removed and added again in Teams; whose tenant it is; who is reached is known to the database."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from adapters.teams.courier import TeamsCourier
from compact_bot.nudges.sending import Sender
from compact_bot.store.references import References
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.teams.conftest import Client, Clock
from tests.teams.stand_in import OTHER_TENANT, SECOND_TENANT, TEAM, TENANT, Fault

GRANT = 'track funding "Youth club grant" ends 31 March 2027'
CHANNEL = f"{TENANT}/{TEAM['id']}"


def update(client: Client, action: str) -> list[str]:
    before = len(client.teams.sent())
    assert client.post(client.activity("installationUpdate", action=action)).status_code == 200
    return [one["summary"] for one in client.teams.sent()[before:]]


def send(client: Client, clock: Clock, engine: Engine, agreement: Agreement, rules: Rules) -> list[str]:
    """The nudges of the day when the minimum notice is near."""
    clock.now = clock.now.replace(year=2026, month=11, day=30, hour=9, minute=31)
    courier: TeamsCourier = client.door.courier
    sender = Sender(engine, agreement, rules, {"teams": courier}, clock, "worker")
    before = len(client.teams.sent())
    assert client.http.portal is not None
    client.http.portal.call(sender.send_due)
    return [one["summary"] for one in client.teams.sent()[before:]]


def test_an_upgrade_ends_nothing_and_greets_nobody(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    place = client.elsewhere("channel")
    assert len(place.install()) == 1
    place.mention("nudges here")
    place.mention(GRANT)
    assert update(place, "remove-upgrade") == []
    assert update(place, "add-upgrade") == []
    assert [said for said in send(client, clock, engine, sutton, rules) if "Youth club grant" in said]


def test_removed_and_added_again_nudges_go_on_and_what_was_missed_is_said_once(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    place = client.elsewhere("channel")
    client.install()
    place.install()
    place.mention("nudges here")
    place.mention(GRANT)
    assert update(place, "remove") == []
    assert send(client, clock, engine, sutton, rules) == []  # first it is found out that the place takes nothing
    alone = send(client, clock, engine, sutton, rules)
    assert [said for said in alone if "Youth club grant" in said]
    assert {one["conversation"]["id"] for one in client.teams.sent()[-len(alone) :]} == {"a:amina"}
    assert "Nudges cannot be posted where your team gets them" in client.say("D1")[0]["summary"]
    clock.now += timedelta(days=40)
    client.teams.calls.clear()
    (back,) = [one["summary"] for one in place.install()]
    assert back.startswith("I am back. What you track is as it was, and nudges come again.")
    assert "D1, Youth club grant: Minimum notice, in writing" in back
    assert place.install() == []
    assert "D1, Youth club grant" in place.mention("deadlines")[0]["summary"]


def test_a_place_that_a_worker_forgot_is_known_again_as_soon_as_it_speaks(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    place = client.elsewhere("channel")
    place.install()
    place.mention("nudges here")
    place.mention(GRANT)
    client.teams.faults = [Fault(403)]
    send(client, clock, engine, sutton, rules)
    references = References(engine, "teams", clock)
    assert references.find(CHANNEL) is None
    assert "3.4.4" in place.mention("3.4.4")[0]["summary"]
    assert references.find(CHANNEL) is not None


@pytest.mark.parametrize(
    ("of_the_token", "status", "organisation"),
    [(TENANT, 200, TENANT), (SECOND_TENANT, 200, SECOND_TENANT), (OTHER_TENANT, 403, "")],
)
def test_where_two_tenants_are_named_the_tokens_own_settles_it(
    client: Client, of_the_token: str, status: int, organisation: str
) -> None:
    said = client.activity(text=GRANT)
    said["conversation"] = {**said["conversation"], "tenantId": TENANT}
    said["channelData"] = {"tenant": {"id": SECOND_TENANT}}
    assert client.post(said, client.teams.token(tid=of_the_token)).status_code == status
    for tenant in (TENANT, SECOND_TENANT):
        (listed,) = client.elsewhere().in_tenant(tenant).say("deadlines")
        assert ("D1, Youth club grant" in listed["summary"]) == (tenant == organisation)


def test_where_no_token_tells_the_tenant_of_the_channel_data_is_taken(client: Client) -> None:
    said = client.activity(text=GRANT)
    said["channelData"] = {"tenant": {"id": SECOND_TENANT}}
    assert client.post(said).status_code == 200
    assert "D1, Youth club grant" in client.elsewhere().in_tenant(SECOND_TENANT).say("deadlines")[0]["summary"]
