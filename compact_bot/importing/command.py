"""A list by command, without a chat: read and shown, and kept unless it is only looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from compact_bot.beforehand import Beforehand
from compact_bot.conversation import Person
from compact_bot.importing.importer import Importer, Kept
from compact_bot.importing.lines import Choices, Progress, Read
from compact_bot.importing.readings import Readings
from compact_bot.organisation import Actor
from compact_bot.store.records import hold, organisation_called, person_called
from knowledge.agreement import Agreement
from knowledge.rules import Rules

Result = TypeVar("Result")


@dataclass(frozen=True)
class Command:
    """`keeps` is asked once the list is read whether to keep it; `leave_out` the lines that cannot be read."""

    organisation: str
    actor: Actor
    name: str
    content: bytes
    choices: Choices
    keeps: Callable[[Read], bool]
    leave_out: bool = False


def import_list(
    engine: Engine,
    agreement: Agreement,
    rules: Rules,
    timezone: str,
    command: Command,
    reading: Progress,
    keeping: Progress,
) -> tuple[Read, Kept | None]:
    """Raises UnreadableFileError, NoListError or NotKeptError, with nothing saved, as where it is not kept."""
    actor, readings = command.actor, Readings()

    def read(lists: Importer) -> Read:
        return lists.read(command.name, command.content, command.choices, reading)

    def kept(lists: Importer) -> tuple[Read, Kept]:
        again = read(lists)
        return again, lists.keep(again, lists.bring(command.name, command.content), command.leave_out, keeping)

    def done(work: Callable[[Importer], Result], saves: bool) -> Result:
        """In a transaction that is short, whatever has to be done first."""
        while True:
            try:
                with engine.connect() as connection, connection.begin() as transaction:
                    organisation = organisation_called(connection, command.organisation)
                    hold(connection, organisation.id)
                    with Session(connection) as session:
                        who = Person(actor.person_id, actor.name)
                        person = person_called(session, organisation, actor.address.platform, who)
                        lists = Importer(session, organisation, agreement, rules, timezone, actor, person, readings)
                        result = work(lists)
                        session.flush()
                    if not saves:
                        transaction.rollback()
                    return result
            except Beforehand as first:
                first.work()

    looked_at = done(read, saves=False)
    return done(kept, saves=True) if command.keeps(looked_at) else (looked_at, None)
