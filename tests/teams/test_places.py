"""The place of nudges in Teams: looked at when it is chosen, and told how the bot gets there where it is not."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from adapters.teams.codec import INPUT
from compact_bot.nudges.sending import Sender
from compact_bot.store.tables import KnownPerson, OrganisationSettings
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.teams.conftest import Client, Clock
from tests.teams.stand_in import CONVERSATIONS, TEAM

NOT_HERE = "I am not in this place yet, so nudges cannot come here. To let them, add the Compact Bot app to it:"
TWO = {"id": "19:two-people@unq.gbl.spaces", "conversationType": "personal"}  # which Teams calls so, too


def lost(engine: Engine) -> str:
    with Session(engine) as session:
        return session.get_one(OrganisationSettings, 1).lost_because


def tracked(where: Client, **more: object) -> str:
    """By the form of the message extension, which works where the bot is not; what is answered."""
    data = {"form": "track", "subject": "funding-notice", "people": "owner"}
    inputs = {"title": "Youth club grant", "ends": "2027-03-31", "owner": "Amina"}
    filled = {**data, **{f"{INPUT}{name}": value for name, value in inputs.items()}}
    value = {"commandId": "ask", "data": filled}
    task: dict[str, Any] = where.invoke("composeExtension/submitAction", value, **more)["task"]
    return str(task["value"]["card"]["content"]["fallbackText"])


def checked(client: Client) -> tuple[bool, str]:
    """What doctor says of the place of nudges."""
    assert client.http.portal is not None
    last = client.http.portal.call(client.door.checks)[-1]
    assert last.name.startswith("Nudges for ")
    return last.good, last.says


def send(client: Client, clock: Clock, engine: Engine, agreement: Agreement, rules: Rules) -> set[str]:
    """Where the nudges of the day go when the minimum notice is near, once it is known which places take none."""
    clock.now = clock.now.replace(month=11, day=30, hour=9, minute=31)
    client.teams.calls.clear()
    for _ in range(2):
        sender = Sender(engine, agreement, rules, {"teams": client.door.courier}, clock, "worker")
        assert client.http.portal is not None
        client.http.portal.call(sender.send_due)
    return {one["conversation"]["id"] for one in client.teams.sent()}


@pytest.mark.parametrize("where", ["channel", "group", "two people"])
def test_where_the_bot_is_not_it_says_so_and_nudges_go_to_the_owner_and_the_leads(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules, where: str
) -> None:
    client.install()  # in the personal chat, whose owner leads from then on
    place = TWO if where == "two people" else CONVERSATIONS[where]
    client.teams.without_us.add(str(place["id"]).partition(";")[0])
    there = client.elsewhere("channel" if where == "channel" else "group")
    assert NOT_HERE in tracked(there, conversation={**place, "tenantId": client.tenant})
    assert lost(engine) == "I was not added there yet"
    assert "Nudges cannot be posted where your team gets them" in client.say("D1")[0]["summary"]
    assert send(client, clock, engine, sutton, rules) == {"a:amina"}


def test_when_the_bot_is_added_to_the_team_nudges_come_there(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    there = client.elsewhere("channel")
    there.teams.without_us.add(TEAM["id"])
    tracked(there)
    assert checked(client) == (
        False,
        "the app is not in it. Add it there, or say in another place: settings nudges here",
    )
    there.teams.without_us.clear()
    there.install()
    assert lost(engine) == ""
    assert checked(client) == (True, "can be posted")
    assert TEAM["id"] in send(client, clock, engine, sutton, rules)


def test_a_place_that_was_unknown_and_has_the_bot_is_reached(
    client: Client, clock: Clock, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    assert NOT_HERE not in tracked(client.elsewhere("group"))
    assert CONVERSATIONS["group"]["id"] in send(client, clock, engine, sutton, rules)


def test_a_message_extension_in_the_chat_of_two_people_is_no_way_to_one_of_them(client: Client, engine: Engine) -> None:
    client.say("hello")
    payload = {"body": {"contentType": "html", "content": "how much notice?"}}
    value = {"commandId": "ask", "commandContext": "message", "messagePayload": payload}
    client.invoke("composeExtension/fetchTask", value, conversation={**TWO, "tenantId": client.tenant})
    with Session(engine) as session:
        (amina,) = session.query(KnownPerson).all()
        assert amina.direct_route.endswith("/a:amina")
