"""Who reads an answer: sharing what only its asker saw, and what the bot says of itself at a new place."""

from dataclasses import replace

from compact_bot.conversation import Address, Audience, Person, Reply
from tests.conftest import Chat


def say(chat: Chat, text: str, audience: Audience, **more: object) -> Reply:
    reply = chat.bot.reply_to(replace(chat.message(text), audience=audience, **more))  # type: ignore[arg-type]
    assert reply is not None
    return reply


def test_an_answer_for_its_asker_alone_can_be_shared_whole(chat: Chat) -> None:
    answer = say(chat, "how much notice before a grant ends", Audience.APART)
    share = answer.buttons[-1]
    assert share.label == "Share with channel"
    shared = say(chat, share.says, Audience.APART)
    assert shared.shared
    assert shared.text == f"Shared by Amina. {answer.text}"
    assert shared.citations == answer.citations
    assert "Share with channel" not in [button.label for button in shared.buttons]


def test_what_is_shared_is_what_was_read_even_when_things_have_changed(chat: Chat) -> None:
    before = say(chat, "deadlines", Audience.APART)
    chat.say('track payment "Q3" due 1 December 2026')
    assert say(chat, before.buttons[-1].says, Audience.APART).text == "Shared by Amina. There are no open deadlines."


def test_another_organisation_cannot_share_it(chat: Chat) -> None:
    share = say(chat, "3.4.4", Audience.APART).buttons[-1].says
    other = replace(chat, organisation="Merton")
    assert other.hear(share).startswith("I no longer have that answer, so nothing was shared.")
    assert "shares information" not in chat.hear("share good practice")


def test_the_bot_introduces_itself_once_at_each_place_that_others_read(chat: Chat) -> None:
    assert say(chat, "3.4.4", Audience.EVERYONE).introduction.startswith("This is my first post here.")
    assert say(chat, "3.4.4", Audience.EVERYONE).introduction == ""
    assert say(chat, "3.4.4", Audience.EVERYONE, address=Address("test", "another")).introduction
    assert chat.say("3.4.4").introduction == ""


def test_a_person_can_be_nudged_alone_and_stop_it(chat: Chat) -> None:
    me = Person("U1", "Amina", direct=Address("test", "amina alone"))
    assert "From now on I nudge you directly" in say(chat, "settings nudges me", Audience.ALONE, sender=me).text
    assert "I no longer nudge you directly" in say(chat, "settings nudges me stop", Audience.ALONE, sender=me).text
    nobody = Person("U2", "Ben")
    assert "I cannot reach you directly here" in say(chat, "nudge me", Audience.ALONE, sender=nobody).text
