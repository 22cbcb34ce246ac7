"""Nudges into Teams: delivered with a reference, shrunk when settled, and honest about what could not be done."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from adapters.teams.door import TeamsDoor
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Button, Reply, Row, SentNudge, Table
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.nudges.sending import Sender
from compact_bot.store.tables import ConversationReference, Nudge
from compact_bot.understanding.acts import Done, OpenForm
from tests.teams.conftest import Client, actions_of, card_of
from tests.teams.stand_in import TENANT, Fault, StandIn

AMINA = Address("teams", f"{TENANT}/a:amina")
CHANNEL = Address("teams", f"{TENANT}/19:team@thread.tacv2")
NUDGE = Reply(
    "D1 is due.",
    buttons=(Button("Mark done", Done((1,), "minimum-notice")), Button("Change date", OpenForm("move", "D1"))),
)


def deliver(client: Client, address: Address = AMINA, reply: Reply = NUDGE) -> str:
    assert client.http.portal is not None
    return client.http.portal.call(client.door.courier.deliver, address, reply, "nudge-1")


def test_a_nudge_is_a_new_post_with_its_buttons_and_gives_a_reference(client: Client) -> None:
    client.elsewhere("channel").mention("hello")
    reference = deliver(client, CHANNEL)
    assert reference
    call = client.teams.calls[-1]
    assert (call.method, call.path) == ("POST", "v3/conversations/19:team@thread.tacv2/activities")
    assert call.authorization == "Bearer token-1"
    card = card_of(call.body)
    assert card["refresh"]["action"]["data"] == {"refresh": "D1 minimum-notice"}
    assert [action["title"] for action in actions_of(card)] == ["Mark done", "Change date"]


def test_what_was_settled_becomes_one_line(client: Client) -> None:
    client.say("hello")
    assert client.http.portal is not None
    sent = SentNudge(AMINA, deliver(client))
    client.http.portal.call(client.door.courier.redraw, sent, Reply("Amina: Done on Friday."))
    (put,) = client.teams.put()
    assert put.path.endswith(f"/activities/{sent.reference}")
    assert put.body["text"] == "Amina: Done on Friday."
    assert "attachments" not in put.body


def test_what_is_left_of_a_message_stays_with_its_buttons(client: Client) -> None:
    client.say("hello")
    assert client.http.portal is not None
    sent = SentNudge(AMINA, deliver(client))
    rows = (Row(("today", "D2, Q3"), (Button("Mark done", Done((2,), "paid"), value="held"),)),)
    left = Reply("Amina: Done on Friday.", tables=(Table(("When", "What"), rows, "Ben", opened=True),))
    client.http.portal.call(client.door.courier.redraw, sent, left)
    (put,) = client.teams.put()
    shown = str(card_of(put.body)["body"])
    assert "Amina: Done on Friday." in shown
    assert "'press': 'held'" in shown


def test_a_place_that_never_was_or_was_left_is_permanent(client: Client) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        deliver(client)
    assert failed.value.permanent


@pytest.mark.parametrize("status", [403, 404])
def test_gone_is_permanent_tried_once_and_forgotten(client: Client, engine: Engine, status: int) -> None:
    client.say("hello")
    before = len(client.teams.calls)
    client.teams.faults = [Fault(status)] * 4
    with pytest.raises(DeliveryFailed, match=f"Teams answered {status}") as failed:
        deliver(client)
    assert failed.value.permanent
    assert len(client.teams.calls) == before + 1
    with Session(engine) as session:
        assert session.scalars(select(ConversationReference)).all() == []


@pytest.mark.parametrize("fault", [Fault(500), Fault(503), Fault(429, "30")], ids=str)
def test_trouble_is_for_later_as_long_as_teams_asks(client: Client, fault: Fault) -> None:
    client.say("hello")
    client.teams.faults = [fault] * 4
    with pytest.raises(DeliveryFailed) as failed:
        deliver(client)
    assert (failed.value.permanent, failed.value.retry_after) == (False, 30.0 if fault.retry_after else None)
    assert "secret" not in str(failed.value)


@pytest.mark.parametrize("status", [412, 429, 502, 504, 401])
def test_a_hiccup_is_tried_again_at_once(client: Client, status: int) -> None:
    client.say("hello")
    client.teams.faults = [Fault(status)]
    assert deliver(client)


def test_a_refused_token_is_asked_for_anew(client: Client) -> None:
    client.say("hello")
    client.teams.faults = [Fault(401)]
    deliver(client)
    assert [call.authorization for call in client.teams.calls][-2:] == ["Bearer token-1", "Bearer token-2"]


def test_a_connector_that_nobody_answers_is_for_later(client: Client, engine: Engine) -> None:
    nowhere = "http://127.0.0.1:9/"
    client.post({**client.activity(text="hello"), "serviceUrl": nowhere}, client.teams.token(serviceurl=nowhere))
    with pytest.raises(DeliveryFailed, match="cannot be reached") as failed:
        deliver(client)
    assert not failed.value.permanent


def test_one_token_serves_all_who_wait_for_it(client: Client) -> None:
    client.say("hello")
    assert client.http.portal is not None

    async def many() -> None:
        await asyncio.gather(*(client.door.courier.deliver(AMINA, NUDGE, str(n)) for n in range(20)))

    client.http.portal.call(many)
    assert client.teams.tokens_given == 1


def test_from_the_due_date_to_done_by_amina(client: Client, engine: Engine, bot: Bot) -> None:
    client.say('track funding "Youth club grant" ends 31 March 2027 owner Amina')
    now = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    couriers = {"teams": client.door.courier}
    sender = Sender(engine, bot.search.agreement, bot.rules, couriers, lambda: now, "w")
    assert client.http.portal is not None
    client.http.portal.call(sender.send_due)
    nudges = [body for body in client.teams.sent() if "minimum notice" in body["summary"].split(" is ")[0]]
    card = card_of(nudges[-1])
    refresh = {"action": card["refresh"]["action"], "trigger": "automatic"}
    assert client.invoke("adaptiveCard/action", refresh)["value"] == ""
    form = client.press(card, "Mark done", on="whatever")["value"]
    client.press(form, "Mark done", on="whatever", input_on="2026-11-23", input_how="by letter")
    (shrunk,) = client.teams.put()
    with Session(engine) as session:
        assert shrunk.path.rpartition("/")[2] not in session.scalars(select(Nudge.message_ref)).all()
    assert shrunk.body["text"].startswith("Amina: Done on Monday 23 November 2026: Minimum notice")
    over = client.invoke("adaptiveCard/action", refresh)["value"]
    assert over["fallbackText"].startswith('Amina: Done on Monday 23 November 2026: D1, "Youth club grant"')


def test_doctor_says_what_is_well_and_what_is_wrong(door: TeamsDoor, teams: StandIn) -> None:
    def checked() -> dict[str, bool]:
        return {check.name: check.good for check in asyncio.run(door.checks())}

    assert checked() == {"Teams ids": True, "Teams address": False, "Teams keys": True, "Teams secret": True}
    assert teams.tokens_given == 1
