"""The screens, each a reply of the real bot on Wednesday 25 November 2026 to somebody who tracks fifteen things."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from compact_bot.bot import Bot
from compact_bot.conversation import Address, Audience, Message, Person, Reply
from compact_bot.nudges.queue import claim
from compact_bot.nudges.words import worded
from compact_bot.pressing import with_values
from compact_bot.store.database import migrate, open_database
from knowledge.meanings import open_meanings
from knowledge.reader import find_folder
from knowledge.rules import read_rules
from knowledge.search import open_search

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 30, 9, 45, tzinfo=UTC)  # when the digest has come

SAID = [
    'track funding "Youth club grant" ends 31 March 2027 owner Amina Khan',
    'track payment "Lunch club, quarter 3" due 20 November 2026 owner Ben Okoro',
    'track consultation "Library strategy" opens 7 December 2026 owner Amina Khan',
    'track monitoring "Advice line" starts 1 April 2027 reports 1 July 2027, 1 October 2027 owner Sam Lee',
    'track payment "Community transport" due 1 December 2026 owner Amina Khan',
    *(
        f'track funding "{name}" ends {day} 2027 owner {owner}'
        for name, day, owner in (
            ("Befriending service", "30 April", "Ben Okoro"),
            ("Carers' respite", "31 May", "Amina Khan"),
            ("Debt advice", "30 June", "Sam Lee"),
            ("Food bank van", "31 July", "Amina Khan"),
            ("Allotments for all", "31 August", "Ben Okoro"),
            ("Mental health drop-in", "30 September", "Amina Khan"),
        )
    ),
    'track early warning "New treasurer at the food bank" known 20 November 2026 owner Sam Lee',
    'track end plan "Cafe on the green" ends 30 September 2027 owner Amina Khan',
    'track improvement "Repairs scheme" found 1 December 2026 review 1 March 2027 owner Ben Okoro',
    'track "Compact annual meeting" on 3 May 2027 clause 3.4.3 owner Amina Khan',
    "feedback 3.3.4 council paid us five weeks late",
    "feedback 3.4.4 the hub had six weeks' notice",
    "praise 3.2.2 the strategy was open for fourteen weeks",
    "suggest 3.3.5 one form for all three funders",
]


@dataclass(frozen=True)
class Screen:
    name: str
    title: str
    says: str = ""


SCREENS = (
    Screen("answer", "An answer", "how much notice before a grant ends?"),
    Screen("silence", "Where the Compact does not say", "can a charity take the council to court?"),
    Screen("proposed", "A deadline before it is saved", "the garden project's grant stops 30 April 2027"),
    Screen("saved", "A deadline when it is saved", 'track funding "Music for all" ends 31 May 2027 owner me'),
    Screen("deadline", "A deadline", "D1"),
    Screen("working", "Its working", "D1 working"),
    Screen("history", "Its history", "D1 history"),
    Screen("list", "A list", "deadlines"),
    Screen("feedback", "Feedback", "feedback"),
    Screen("home", "Home", "home"),
    Screen("digest", "The digest"),
    Screen("help", "Help", "help"),
    Screen("review", "The yearly review", "review"),
    Screen("form", "A form", "log feedback"),
)


@dataclass
class Officer:
    bot: Bot
    name: str
    platform: str
    now: datetime = NOW
    id: str = ""

    def say(self, text: str) -> Reply:
        self.now += timedelta(seconds=1)
        sender = Person(self.id or self.name, self.name, called=self.name)
        place = Address(self.platform, f"{self.platform} alone with {self.name}")
        message = Message(uuid4().hex, text, sender, place, "Sutton Council", self.now, Audience.ALONE)
        reply = self.bot.reply_to(message)
        assert reply is not None
        return reply


@contextmanager
def officer(name: str = "Amina Khan", platform: str = "test") -> Iterator[Officer]:
    """Somebody to whom everything above was said already."""
    search = open_search(find_folder("sutton"), ROOT / "var" / "learned")
    meanings = open_meanings(search.phrasebook, ROOT / "var" / "learned-acts")
    rules = read_rules(find_folder("sutton"), search.agreement)[0]
    folder = Path(tempfile.mkdtemp())
    engine = open_database(f"sqlite:///{folder / 'pictures.db'}")
    try:
        migrate(engine)
        amina = Officer(Bot(engine, search, rules, meanings, "Europe/London"), name, platform)
        amina.now -= timedelta(days=20)
        for text in SAID:
            amina.say(text)
        amina.now = NOW
        yield amina
    finally:
        engine.dispose()
        shutil.rmtree(folder)


def shown(amina: Officer, screen: Screen) -> Reply:
    if screen.says:
        return amina.say(screen.says)
    bot = amina.bot
    claimed = claim(bot.engine, MONDAY, "pictures", 500)
    leaving = [reply for one in claimed if (reply := worded(bot.search.agreement, bot.rules, one))]
    return with_values(max(leaving, key=lambda reply: len(reply.tables)), 1, MONDAY)
