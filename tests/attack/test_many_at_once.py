"""A busy morning: many people at once, on both databases. Nobody waits for ever, nothing is lost or done twice."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from adapters.answering import answering
from compact_bot.assemble import ANSWERING
from compact_bot.bot import APOLOGY, Bot
from compact_bot.conversation import Address, Message, Person, Reply
from tests.conftest import NOW

FIRST_DAYS = [f"{day} {month} 2027" for month in ("April", "May", "June") for day in range(5, 25)]


@dataclass
class Colleague:
    """One person, who waits for each answer before saying the next thing."""

    name: str
    says: Sequence[str]
    heard: list[tuple[str, Reply | None]] = field(default_factory=list)

    def message(self, said: str) -> Message:
        place = Address("test", f"alone with {self.name}")
        return Message(uuid4().hex, said, Person(self.name, self.name, direct=place), place, "Sutton Council", NOW)


def talk(bots: Sequence[Bot], engine: Engine, people: Sequence[Colleague]) -> None:
    """Everybody speaks at once, through threads as the program has them, in as many processes as there are bots."""
    how = ANSWERING[engine.dialect.name]

    async def all_of_them() -> None:
        with answering(bots[0], **how) as one, answering(bots[-1], **how) as other:
            doors = [one, other]

            async def speaks(number: int, person: Colleague) -> None:
                for said in person.says:
                    person.heard.append((said, await doors[number % 2](person.message(said))))

            await asyncio.gather(*(speaks(number, person) for number, person in enumerate(people)))

    asyncio.run(asyncio.wait_for(all_of_them(), 60))


def values(engine: Engine, wanted: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.scalars(text(wanted)))


def deadlocks(engine: Engine) -> int:
    """How often PostgreSQL had to end one of two transactions that waited for each other; SQLite never has two."""
    if engine.dialect.name == "sqlite":
        return 0
    (count,) = values(engine, "select deadlocks from pg_stat_database where datname = current_database()")
    return int(str(count))


def test_four_new_people_with_three_messages_each_at_once_are_all_answered(both: Engine, bot_on_both: Bot) -> None:
    async def all_of_them() -> list[Reply | None]:
        with answering(bot_on_both, **ANSWERING[both.dialect.name], within=5) as answer:

            async def says(moment: int, name: str, words: str) -> Reply | None:
                await asyncio.sleep(moment / 1000)  # as they come over a network, not all in one go
                return await answer(Colleague(name, ()).message(words))

            replies: list[Reply | None] = []
            for round_ in range(5):
                people = [f"Person {round_}.{n}" for n in range(4)]
                words = [f"feedback 3.3.4 council paid us {n} weeks late" for n in range(round_ * 3, round_ * 3 + 3)]
                said = [(name, one) for one in words for name in people]
                replies += await asyncio.gather(*(says(moment, *one) for moment, one in enumerate(said)))
            return replies

    replies = asyncio.run(all_of_them())
    assert [reply for reply in replies if reply is None or not reply.text.startswith("Logged as F")] == []
    assert sorted(values(both, "select number from feedback")) == list(range(1, 61))  # type: ignore[type-var]


def mixed(person: int, rng: random.Random) -> list[str]:
    """Some of everything that changes something, in an order of one's own."""
    day = FIRST_DAYS[person]
    said = [
        f'track payment "Payment {person}" due {day}',
        f'track funding "Grant {person}" ends {day}',
        f"feedback 3.3.4 invoice {person} was paid late",
        f"praise 3.2.2 told early about plan {person}",
        f"anonymous feedback 3.4.4 no notice for group {person}",
        f'track consultation "Plan {person}" opens {day} closes 30 September 2027',
        "closed 24 December 2026 to 1 January 2027",
        f"set contact Officer {person}, officer{person}@example.org",
        "settings nudges here" if person % 4 == 0 else "taught",
        "digest on Tuesdays 09:30",
        "we are a charity",
        f"what colour is bus number {person}",
        "how much notice before a grant ends",
    ]
    rng.shuffle(said)
    return said[:12] + ["deadlines"] * (len(said) < 12)


def test_300_mixed_changes_by_24_people_at_once_lose_and_double_nothing(
    both: Engine, bot_on_both: Bot, search: object
) -> None:
    rng = random.Random(300)  # noqa: S311  # an order, not a secret
    people = [Colleague(f"Person {n}", [*mixed(n, rng), "home"][:13]) for n in range(24)]
    other = Bot(both, bot_on_both.search, bot_on_both.rules, bot_on_both.meanings, "Europe/London")  # a second process
    talk([bot_on_both, other], both, people)
    heard = [(said, reply) for person in people for said, reply in person.heard]
    assert len(heard) >= 300
    assert [said for said, reply in heard if reply is None or reply.text.startswith("Sorry")] == []
    tracked = [said for said, _ in heard if said.startswith("track")]
    logged = [said for said, _ in heard if re.match("feedback|praise|anonymous", said)]
    deadlines = sorted(values(both, "select number from deadlines"))  # type: ignore[type-var]
    assert deadlines == list(range(1, len(tracked) + 1))
    named = [said for said in logged if not said.startswith("anonymous")]
    assert sorted(values(both, "select number from feedback where not anonymous")) == list(range(1, len(named) + 1))
    assert len(set(values(both, "select number from feedback"))) == len(logged)
    said_numbers = [found[0] for _, reply in heard if reply and (found := re.match(r"Saved as D\d+", reply.text))]
    assert len(set(said_numbers)) == len(tracked)
    titles = Counter(values(both, "select title from deadlines"))
    assert set(titles.values()) == {1}
    digests = "select count(*) from nudges where milestone_id is null and feedback_id is null and state = 'waiting'"
    assert values(both, digests) == [1]
    assert values(both, "select count(*) from closed_days") == [9]
    contacts = [said for said, _ in heard if said.startswith("set contact")]
    assert values(both, "select count(*) from contacts") == [len(contacts)]
    assert deadlocks(both) == 0


def test_messages_of_several_organisations_that_wait_together_never_wait_for_each_other(
    both: Engine, bot_on_both: Bot
) -> None:
    """Transactions of many messages would take their organisations in any order, and lock each other out."""
    rng = random.Random(5)  # noqa: S311  # an order, not a secret

    async def all_of_them() -> list[Reply | None]:
        with answering(bot_on_both, **ANSWERING[both.dialect.name]) as answer:

            async def says(number: int) -> Reply | None:
                await asyncio.sleep(number / 2000)
                said = Colleague(f"Person {number}", ()).message(f'track payment "P {number}" due 5 April 2027')
                return await answer(replace(said, organisation=f"Council {rng.randrange(5)}"))

            return list(await asyncio.gather(*map(says, range(192))))

    replies = asyncio.run(asyncio.wait_for(all_of_them(), 60))
    assert [reply for reply in replies if reply is None or not reply.text.startswith("Saved as D")] == []
    assert deadlocks(both) == 0


@pytest.mark.parametrize("error", ["deadlock", "race"])
def test_what_lost_a_race_is_done_once_more_by_itself(both: Engine, bot_on_both: Bot, error: str) -> None:
    """The first try ends as the database would end it, after everything was written; the second counts."""
    from sqlalchemy import event
    from sqlalchemy.exc import IntegrityError, OperationalError

    class Original(Exception):  # noqa: N818
        sqlstate = "40P01"

    tries = []

    def lose(connection: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            made = OperationalError if error == "deadlock" else IntegrityError
            raise made("commit", {}, Original("a secret"))

    amina = Colleague("Amina", ())
    bot_on_both.reply_to(amina.message("hello"))  # with it goes what is old, in a transaction of its own
    event.listen(both, "commit", lose)
    said = amina.message('track payment "Q3" due 1 December 2026')
    reply = bot_on_both.reply_to(said)
    assert reply
    assert reply.text.startswith("Saved as D1")
    assert len(tries) == 2
    assert bot_on_both.reply_to(said) is None
    assert values(both, "select number from deadlines") == [1]


def test_what_fails_for_another_reason_is_not_tried_again(both: Engine, bot_on_both: Bot) -> None:
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    tries = []

    def fail(connection: object) -> None:
        tries.append(1)
        raise OperationalError("commit", {}, Exception("the disk is full"))

    event.listen(both, "commit", fail)
    assert bot_on_both.reply_to(Colleague("Amina", ()).message("3.4.4")) == APOLOGY
    assert len(tries) == 1
