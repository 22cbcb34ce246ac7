"""The crossing from the doors to the core: messages that wait together are answered together, each for itself."""

import asyncio
from dataclasses import replace

from adapters.answering import answering
from compact_bot.bot import APOLOGY
from compact_bot.conversation import Reply
from tests.conftest import Chat


def test_many_at_once_are_each_answered_in_their_own_conversation(chat: Chat) -> None:
    people = [replace(chat, name=f"Person {n}", thread=f"thread {n}") for n in range(40)]

    async def all_of_them() -> list[Reply | None]:
        with answering(chat.bot, threads=1) as answer:
            await asyncio.gather(*(answer(one.message("we want to end the grant")) for one in people))
            return list(await asyncio.gather(*(answer(one.message("and for VCOs?")) for one in people)))

    assert all(reply and "section 3.4" in reply.text for reply in asyncio.run(all_of_them()))


def test_one_that_fails_does_not_take_the_others_with_it(chat: Chat) -> None:
    good, other = chat.message('track payment "Q3" due 1 December 2026'), chat.message("3.4.4")
    broken = replace(chat.message("3.4.4"), sent_at=chat.now.replace(tzinfo=None))
    replies = chat.bot.reply_to_all([good, broken, other, good])
    assert [reply and reply.text[:11] for reply in replies] == ["Saved as D1", APOLOGY.text[:11], "3.4.4 is a ", None]
    assert "D1, Q3" in chat.hear("deadlines")
    assert "D2" not in chat.hear("deadlines")


def test_the_same_message_twice_among_those_that_wait_is_answered_once(chat: Chat) -> None:
    said = chat.message("3.4.4")
    first, second = chat.bot.reply_to_all([said, said])
    assert first is not None
    assert second is None
