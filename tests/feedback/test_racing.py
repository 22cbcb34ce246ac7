"""Two processes at once, on both databases: numbers stay apart, and the same submission counts once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from compact_bot.bot import Bot
from compact_bot.conversation import Audience
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import Chat

AT_ONCE = 8


@pytest.fixture
def engine(both: Engine) -> Engine:
    return both


def column(engine: Engine, wanted: str) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(text(wanted)))


def test_racing_submissions_get_numbers_of_their_own_and_the_same_counts_once(
    engine: Engine, search: Search, rules: Rules, meanings: Meanings
) -> None:
    bots = [Bot(engine, search, rules, meanings, "Europe/London") for _ in range(AT_ONCE)]
    anonymous = Chat(bots[0]).message("anonymous feedback 3.3.4 council paid us five weeks late")
    own = [Chat(bot, name=f"Person {n}").message("feedback 3.4.4 cut off") for n, bot in enumerate(bots)]
    chat = Chat(bots[0])
    again = [replace(chat.message("feedback 3.2.2 told too late"), id=f"m{n}") for n in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as together:
        for messages in ([anonymous] * AT_ONCE, own, again):
            replies = list(together.map(lambda pair: pair[0].reply_to(pair[1]), zip(bots, messages, strict=True)))
            assert not [reply for reply in replies if reply is None or reply.text.startswith("Sorry")]
    assert sorted(column(engine, "select number from feedback where not anonymous")) == list(range(1, AT_ONCE + 2))
    assert column(engine, "select count(*) from feedback where anonymous") == [1]


def test_a_year_is_reviewed_and_gaps_are_counted(
    engine: Engine, search: Search, rules: Rules, meanings: Meanings
) -> None:
    chat = Chat(bot := Bot(engine, search, rules, meanings, "Europe/London"))
    for said in ("lead me", "feedback 3.3.4 paid late", "resolve F1 because it was paid", "praise 3.2.2 a good talk"):
        assert chat.say(said).changed, said
    for n in range(2):
        bot.reply_to(replace(chat.message("what colour is the mayor's car"), id=f"q{n}", audience=Audience.EVERYONE))
    assert "asked 2 times" in chat.say("gaps").facts[0].value
    assert "2 questions" in chat.say("review").facts[-1].value
    assert "2 entries of feedback, 1 kept, 1 not kept. Of these, 1 resolved, 1 still open." in chat.say("review").text
    assert chat.say("undo").text.startswith("Taken back, F2")
