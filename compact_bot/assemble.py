"""The only place where the parts meet."""

import contextlib
import os
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from adapters.answering import Answering, answering
from adapters.console import LOCAL
from adapters.door import Door
from adapters.local import LocalCourier
from adapters.review.publisher import ReviewPublisher
from adapters.web.links import Links
from adapters.web.watched import Metrics
from compact_bot.agreements import Agreements
from compact_bot.bot import Bot
from compact_bot.conversation import Reply
from compact_bot.feedback.records import load_review
from compact_bot.forgetting import forget_old
from compact_bot.nudges.couriers import Courier
from compact_bot.nudges.queue import sent_lately
from compact_bot.nudges.sending import Sender
from compact_bot.nudges.words import as_sent
from compact_bot.place import database_of, home_of
from compact_bot.pressing import with_values
from compact_bot.privacy.retention import Retention, delete_what_is_over
from compact_bot.settings import Name, Settings, SettingsError, is_email_wanted, is_slack_wanted, is_teams_wanted
from compact_bot.store.database import migrate, open_database
from compact_bot.store.sealing import Keys, UnopenedError, reseal_all
from knowledge.meanings import open_meanings
from knowledge.search import Search
from knowledge.served import folders_named, fullest, open_served

CLAUSES_LEARNED, ACTS_LEARNED = "learned", "learned-acts"  # folders of what was learned

# SQLite takes one writer at a time; a second thread would only sleep until the first is done. On PostgreSQL threads
# work beside each other, and answering together would lock what the others need.
ANSWERING = {"sqlite": {"threads": 1}, "postgresql": {"threads": 8, "together": 1}}


@dataclass(frozen=True)
class Program:
    settings: Settings
    home: Path
    engine: Engine
    bot: Bot
    clock: Callable[[], datetime]
    publisher: ReviewPublisher
    answer: Answering
    doors: tuple[Door, ...]
    couriers: Mapping[str, Courier]
    metrics: Metrics
    links: Links

    def sender(self) -> Sender:
        """What sends this program's nudges, with a courier for each door that can deliver here."""
        worker = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        parts = (self.engine, self.bot.search.agreement, self.bot.rules, self.couriers, self.clock, worker)
        return Sender(*parts, pages=self.links)

    @property
    def retention(self) -> Retention:
        kinds: tuple[Name, ...] = (
            "COMPACT_DEADLINES_YEARS",
            "COMPACT_FEEDBACK_YEARS",
            "COMPACT_NUDGES_DAYS",
            "COMPACT_PEOPLE_MONTHS",
            "COMPACT_ERASE_DAYS",
        )
        return Retention(*map(self.settings.days, kinds))

    def delete_what_is_over(self, now: datetime) -> None:
        """What was kept long enough, of each kind; asked for every night."""
        delete_what_is_over(self.engine, now, self.settings["COMPACT_TIMEZONE"], self.retention)

    def forget_old(self, now: datetime) -> None:
        """Delete what is due for deletion."""
        days = int(self.settings["COMPACT_GAPS_DAYS"])
        forget_old(self.engine, now, self.settings["COMPACT_TIMEZONE"], days)

    def sent_nudges(self, organisation: str) -> list[Reply]:
        """The nudges that an organisation got lately, newest first."""
        agreement = self.bot.served_for(organisation).search.agreement
        sent = sent_lately(self.engine, organisation)
        return [with_values(as_sent(agreement, one), one.organisation_id, one.sent_at or one.due_at) for one in sent]


@contextmanager
def assemble(
    settings: Settings,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    migrating: bool = False,
    with_doors: bool = False,
) -> Iterator[Program]:
    """A program ready to answer. A SQLite file is its own and is brought up to date; PostgreSQL only when `migrating`.

    `with_doors` loads the chat platforms that are set up; half a set-up is refused either way.
    Raises AgreementError, SettingsError, DatabaseTooNewError or DatabaseBehindError when it must not start.
    """
    folders, home = folders_named(settings["COMPACT_AGREEMENT"]), home_of(settings)
    with contextlib.suppress(OSError):  # where nothing can be written, what is learned is held in memory
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = open_database(database_of(settings))  # first: what is wrong with it is said at once, not after learning
    try:
        migrate(engine, own=migrating or engine.dialect.name == "sqlite")
        _seal_tokens(engine, settings)
        agreements = Agreements(open_served(folders, home / CLAUSES_LEARNED))
        search, rules = agreements.default.search, agreements.default.rules
        meanings = open_meanings(fullest([one.search.phrasebook for one in agreements.served]), home / ACTS_LEARNED)
        publisher = ReviewPublisher(
            lambda organisation, period: load_review(
                engine, search.agreement, rules, organisation, period, clock().astimezone(settings.timezone).date()
            )
        )
        links = Links(settings["COMPACT_PUBLIC_URL"], settings["COMPACT_SECRET_KEY"], LOCAL, _here(settings))
        days = int(settings["COMPACT_GAPS_DAYS"])
        zone, mails = settings["COMPACT_TIMEZONE"], is_email_wanted(settings)
        bot = Bot(engine, search, rules, meanings, zone, days, publisher, links, mails, agreements)
        metrics = Metrics(engine, clock)
        with answering(bot, **ANSWERING[engine.dialect.name], told=metrics.answered) as answer:
            couriers: dict[str, Courier] = {"console": LocalCourier(), "web": LocalCourier()}
            wanted = {
                "slack": is_slack_wanted(settings),
                "teams": is_teams_wanted(settings),
                "email": mails,
            }
            platforms = [name for name in wanted if wanted[name] and with_doors]
            doors = _doors(
                platforms,
                settings,
                engine,
                lambda name: bot.served_for(name).search,
                search.agreement.about.short,
                answer,
                clock,
                couriers,
            )
            couriers.update({door.platform: door.courier for door in doors})
            yield Program(settings, home, engine, bot, clock, publisher, answer, doors, couriers, metrics, links)
    finally:
        engine.dispose()


def _seal_tokens(engine: Engine, settings: Settings) -> None:
    """Tokens from before there was a key are sealed with it. Raises SettingsError where it does not open another."""
    try:
        reseal_all(engine, Keys(settings.secret_keys), only_clear=True)
    except UnopenedError:
        raise SettingsError(
            "COMPACT_SECRET_KEY: does not open the tokens that are kept. Put the key of before behind the new one, "
            "with a space between, and run: compact-bot rotate-key"
        ) from None


def _doors(
    platforms: Sequence[str],
    settings: Settings,
    engine: Engine,
    searching: Callable[[str], Search],
    short: str,
    answer: Answering,
    clock: Callable[[], datetime],
    couriers: Mapping[str, Courier],
) -> tuple[Door, ...]:
    """The chat platforms; their libraries load only here."""
    doors: list[Door] = []
    if "slack" in platforms:
        from adapters.slack.door import SlackDoor

        doors.append(SlackDoor(settings, engine, answer, clock, couriers))
    if "teams" in platforms:
        from adapters.teams.door import TeamsDoor

        doors.append(TeamsDoor(settings, engine, searching, answer, clock, couriers))
    if "email" in platforms:
        from adapters.email.door import EmailDoor

        doors.append(EmailDoor(settings, engine, short, clock))
    return tuple(doors)


def _here(settings: Settings) -> str:
    """Where this machine's own pages are, for programs of this machine."""
    host = settings["HOST"] if settings["HOST"] not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104  # not listened at
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
