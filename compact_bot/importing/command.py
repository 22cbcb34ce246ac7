"""A list by command, without a chat: read and shown, and kept unless it is only looked at."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from compact_bot.conversation import Person
from compact_bot.importing.importer import Importer, Kept
from compact_bot.importing.lines import Choices, Progress, Read
from compact_bot.organisation import Actor
from compact_bot.store.records import hold, organisation_called, person_called
from knowledge.agreement import Agreement
from knowledge.rules import Rules


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
    actor = command.actor
    with engine.connect() as connection, connection.begin() as transaction:
        organisation = organisation_called(connection, command.organisation)
        hold(connection, organisation.id)
        with Session(connection) as session:
            person = person_called(session, organisation, actor.address.platform, Person(actor.person_id, actor.name))
            lists = Importer(session, organisation, agreement, rules, timezone, actor, person)
            read = lists.read(command.name, command.content, command.choices, reading)
            if not command.keeps(read):
                transaction.rollback()
                return read, None
            brought = lists.bring(command.name, command.content)
            made = lists.keep(read, brought, command.leave_out, keeping)
            session.flush()
        return read, made
