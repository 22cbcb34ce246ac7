"""Nudges by e-mail: asked for and proved first, sent to a real server on this machine, ended from the e-mail itself."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from adapters.email.door import EmailDoor
from adapters.web.app import doors_app
from compact_bot.bot import Bot
from compact_bot.conversation import Fact, Reply
from compact_bot.forgetting import forget_old
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.nudges.sending import Sender
from compact_bot.settings import SettingsError, is_email_wanted, read_settings
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import ROOT, Chat
from tests.email.conftest import HOME, MailServer, email_settings

AMINA = "amina@example.org"
GRANT = 'track funding "Youth club grant" ends 31 March 2027'


@pytest.fixture
def bot(engine: Engine, search: Search, rules: Rules, meanings: Meanings) -> Bot:
    return Bot(engine, search, rules, meanings, "Europe/London", mails=True)


@pytest.fixture
def door(mail_server: MailServer, engine: Engine, chat: Chat) -> EmailDoor:
    return EmailDoor(email_settings(mail_server.port), engine, "Sutton Compact", lambda: chat.now)


def code_sent(door: EmailDoor, server: MailServer) -> str:
    asyncio.run(door.send_codes())
    found = re.search(r"Your code is (\d{8})", server.heard[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]
    assert found is not None
    return found[1]


def send_due(chat: Chat, door: EmailDoor) -> int:
    sender = Sender(
        chat.bot.engine, chat.bot.search.agreement, chat.bot.rules, {"email": door.courier}, lambda: chat.now, "worker"
    )
    return asyncio.run(sender.send_due()).sent


def words(server: MailServer) -> str:
    body = server.heard[-1].get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_nothing_goes_to_an_address_before_its_owner_has_sent_back_the_code(
    chat: Chat, door: EmailDoor, mail_server: MailServer
) -> None:
    asked = chat.say(f"email nudges to {AMINA}")
    chat.say(GRANT)
    assert asked.text.startswith(f"I am sending a code to {AMINA}.")
    assert asked.private
    code = code_sent(door, mail_server)
    assert mail_server.heard[-1]["to"] == AMINA
    asyncio.run(door.send_codes())
    assert len(mail_server.heard) == 1
    chat.now += timedelta(days=30)
    assert send_due(chat, door) == 0
    chat.now -= timedelta(days=30)
    assert chat.say(f"email code {code}").text == f"From now on nudges for what you own go to {AMINA}, too."
    chat.now += timedelta(days=30)
    assert send_due(chat, door) == 1


def test_a_nudge_is_whole_in_words_and_in_simple_html(chat: Chat, door: EmailDoor, mail_server: MailServer) -> None:
    chat.say('track funding "Café & <b>bold</b>" ends 31 March 2027')
    chat.say(f"email nudges to {AMINA}")
    chat.say(f"email code {code_sent(door, mail_server)}")
    chat.now += timedelta(days=30)
    assert send_due(chat, door) == 1
    message = mail_server.heard[-1]
    said = words(mail_server)
    assert message["subject"].startswith('Sutton Compact: D1, "Café & bold"')
    assert "To give a minimum of 3 months' notice in writing" in said
    assert "done D1" in said
    assert f"All deadlines: {HOME}/board" in said
    html = message.get_body(("html",))
    assert html is not None
    page = html.get_content()
    assert "Café &amp; bold" in page
    assert "<script" not in page
    assert "<img" not in page
    assert f'<a href="{HOME}/board">' in page
    assert message["auto-submitted"] == "auto-generated"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


def test_the_link_in_an_e_mail_ends_them_when_it_is_pressed_and_not_when_it_is_looked_at(
    chat: Chat, door: EmailDoor, mail_server: MailServer
) -> None:
    chat.say(GRANT)
    chat.say(f"email nudges to {AMINA}")
    chat.say(f"email code {code_sent(door, mail_server)}")
    chat.now += timedelta(days=30)
    send_due(chat, door)
    link = re.fullmatch(rf"<{HOME}(/email/stop/\S+)>", mail_server.heard[-1]["list-unsubscribe"])
    assert link is not None
    client = TestClient(doors_app(door.routes()))
    assert f"End all e-mails of Compact Bot to {AMINA}?" in client.get(link[1]).text
    assert client.post(link[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200
    chat.now += timedelta(days=100)
    assert send_due(chat, door) == 0
    assert client.post("/email/stop/forged.abc").status_code == 404
    assert chat.say("email stop").text == "I send you no e-mail. Nothing was changed."


def test_only_what_one_owns_comes_to_ones_own_mailbox(chat: Chat, door: EmailDoor, mail_server: MailServer) -> None:
    chat.say(f"email nudges to {AMINA}")
    chat.say(f"email code {code_sent(door, mail_server)}")
    chat.say('track payment "Ben\'s" due 4 January 2027 owner Ben')
    chat.now += timedelta(days=42)
    assert send_due(chat, door) == 0
    chat.now -= timedelta(days=42)
    chat.say("owner D1 Amina")
    chat.now += timedelta(days=42)
    assert send_due(chat, door) == 1


def test_the_teams_nudges_and_its_digest_can_go_by_e_mail(chat: Chat, door: EmailDoor, mail_server: MailServer) -> None:
    chat.say(GRANT)
    chat.say("email team nudges to compact@example.org")
    said = chat.say(f"email code {code_sent(door, mail_server)}").text
    assert said == "From now on your organisation's nudges and its weekly digest go to compact@example.org."
    chat.now += timedelta(days=8)
    assert send_due(chat, door) >= 1
    assert any("week" in str(one["subject"]) for one in mail_server.heard)
    assert {one["to"] for one in mail_server.heard} == {"compact@example.org"}


def test_where_somebody_leads_nobody_else_chooses_where_the_teams_nudges_go(chat: Chat) -> None:
    chat.say("lead me")
    ben = replace(chat, name="Ben", thread="his", heard=[])
    refused = ben.say("email team nudges to ben@example.org")
    assert refused.text.startswith("Only a Compact lead can choose where nudges go.")
    assert chat.say("email team nudges to compact@example.org").text.startswith("I am sending a code")


def test_a_wrong_code_is_no_use_and_after_a_few_the_right_one_is_none_either(
    chat: Chat, door: EmailDoor, mail_server: MailServer
) -> None:
    chat.say(f"email nudges to {AMINA}")
    code = code_sent(door, mail_server)
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for _ in range(5):
        assert chat.say(f"email code {wrong}").text.startswith("That is not the code that I sent")
    assert chat.say(f"email code {code}").text.startswith("That is not the code that I sent")
    ben = replace(chat, name="Ben", thread="his", heard=[])
    assert ben.say(f"email code {code}").text.startswith("No address of yours waits for a code.")


def test_nobodys_mailbox_is_filled_with_codes_and_an_unproved_address_is_forgotten(
    chat: Chat, door: EmailDoor, mail_server: MailServer, engine: Engine
) -> None:
    chat.say(f"email nudges to {AMINA}")
    code = code_sent(door, mail_server)
    assert chat.say("email nudges to other@example.org").text.startswith(f"A code is on its way to {AMINA}.")
    with engine.connect() as connection:
        assert code not in str(connection.execute(text("select * from mailboxes")).all())
    forget_old(engine, chat.now + timedelta(days=1, minutes=1), "Europe/London", 90)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from mailboxes")) == 0


def test_where_e_mail_is_not_set_up_it_says_so(
    engine: Engine, search: Search, rules: Rules, meanings: Meanings
) -> None:
    chat = Chat(Bot(engine, search, rules, meanings, "Europe/London"))
    assert chat.say(f"email nudges to {AMINA}").text.startswith("I cannot send e-mail here")


def test_headers_hold_one_line_whatever_a_title_holds(door: EmailDoor, mail_server: MailServer) -> None:
    from compact_bot.conversation import Address

    reply = Reply("A\r\nBcc: evil@example.org\r\n\r\nbody " + "é" * 300, facts=(Fact("a", "b"),))
    asyncio.run(door.courier.deliver(Address("email", AMINA), reply, "nudge-1"))
    (message,) = mail_server.heard
    assert message["bcc"] is None
    assert message["to"] == AMINA


def test_each_try_of_a_nudge_has_the_same_id_and_two_nudges_have_two(door: EmailDoor, mail_server: MailServer) -> None:
    from compact_bot.conversation import Address

    there = Address("email", AMINA)
    sent = [asyncio.run(door.courier.deliver(there, Reply("Due."), key)) for key in ("nudge-1", "nudge-1", "nudge-2")]
    assert sent[0] == sent[1] != sent[2]
    assert [str(one["message-id"]) for one in mail_server.heard] == sent


def test_the_doctor_says_what_is_wrong_with_the_server(
    door: EmailDoor, mail_server: MailServer, engine: Engine
) -> None:
    (good,) = asyncio.run(door.checks())
    assert good.good
    away = EmailDoor(email_settings(9), engine, "x", lambda: None)  # type: ignore[arg-type, return-value]
    (wrong,) = asyncio.run(away.checks())
    assert not wrong.good
    assert "check SMTP_HOST, SMTP_PORT and SMTP_SECURITY" in wrong.says


def test_a_server_that_cannot_encrypt_gets_no_mail(mail_server: MailServer, engine: Engine, chat: Chat) -> None:
    from compact_bot.conversation import Address

    door = EmailDoor(email_settings(mail_server.port, SMTP_SECURITY="starttls"), engine, "x", lambda: chat.now)
    with pytest.raises(DeliveryFailed) as failed:
        asyncio.run(door.courier.deliver(Address("email", AMINA), Reply("Due."), "nudge-1"))
    assert not failed.value.permanent
    assert mail_server.heard == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SMTP_HOST": "mail.example.org"}, "SMTP_FROM: missing"),
        ({"SMTP_FROM": "a@example.org"}, "SMTP_HOST: missing"),
        ({"SMTP_HOST": "m.example.org", "SMTP_FROM": "a@example.org", "SMTP_USER": "u"}, "SMTP_PASSWORD: missing"),
        ({"SMTP_HOST": "m.example.org", "SMTP_FROM": "a@example.org", "SMTP_SECURITY": "none"}, "must be this machine"),
    ],
)
def test_half_a_set_up_stops_the_start(given: dict[str, str], words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        is_email_wanted(read_settings(given, ROOT / "no.env"))


def test_several_dates_are_one_e_mail_that_speaks_of_nothing_to_press(
    chat: Chat, door: EmailDoor, mail_server: MailServer
) -> None:
    chat.say(f"email nudges to {AMINA}")
    chat.say(f"email code {code_sent(door, mail_server)}")
    for title in ("Rent", "Rates", "Heating"):
        chat.say(f'track payment "{title}" due 30 November 2026')
    chat.now += timedelta(days=7, hours=2)
    assert send_due(chat, door) == 1
    assert mail_server.heard[-1]["Subject"] == "Sutton Compact: 3 Compact deadlines: 3 today at the latest"
    said = words(mail_server)
    assert all(f"today: {named}. Payment made." in said for named in ("D1, Rent", "D2, Rates", "D3, Heating"))
    assert "press" not in said
    assert (
        "To say that something is done, tell Compact Bot in Slack, Teams or at its pages, for example: done D1" in said
    )


def test_an_address_that_the_server_refuses_may_be_put_right_at_once(
    chat: Chat, door: EmailDoor, mail_server: MailServer
) -> None:
    mail_server.refuses["amnia@example.org"] = "550 no such user"
    chat.say("email nudges to amnia@example.org")
    asyncio.run(door.send_codes())
    assert chat.say(f"email nudges to {AMINA}").text.startswith(f"I am sending a code to {AMINA}.")
    chat.say(f"email code {code_sent(door, mail_server)}")
    assert mail_server.heard[-1]["To"] == AMINA


@pytest.mark.parametrize("said", ["email nudges to a@x.org, b@y.org", "email me at a@x.org and b@y.org"])
def test_several_addresses_are_asked_about(chat: Chat, said: str) -> None:
    assert chat.say(said).text == "Nudges go to one address of yours, and I read several. Nothing was changed."


@pytest.mark.parametrize("said", ["please send my nudges by email to {}", "nudges by e-mail to {} please"])
def test_nudges_by_e_mail_are_asked_for_in_several_ways(chat: Chat, said: str) -> None:
    assert chat.say(said.format(AMINA)).text.startswith(f"I am sending a code to {AMINA}.")
