"""Who owns the deadlines that a message is about, as people whom their platform can notify."""

from collections.abc import Sequence

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.conversation import Button, Person, Reply
from compact_bot.store.tables import Deadline, KnownPerson, Organisation
from compact_bot.understanding.acts import OpenForm


def owners_named(engine: Engine, platform: str, organisation: str, reply: Reply) -> list[Person]:
    """The owners of the deadlines that a nudge's buttons are about; one who is known by a name alone is nobody here."""
    numbers = _numbers(reply)
    if not numbers:
        return []
    with Session(engine) as session:
        people = session.scalars(
            select(KnownPerson)
            .join(Deadline, Deadline.owner_id == KnownPerson.id)
            .join(Organisation, Organisation.id == Deadline.organisation_id)
            .where(Organisation.name == organisation, Deadline.number.in_(numbers), KnownPerson.platform == platform)
            .distinct()
        ).all()
        return [Person(person.person_id, person.name) for person in people]


def _numbers(reply: Reply) -> Sequence[int]:
    offered = [*reply.buttons, *(one for table in reply.tables for row in table.rows for one in row.offers)]
    return sorted({number for button in offered for number in _of(button)})


def _of(button: Button) -> tuple[int, ...]:
    if isinstance(button.act, OpenForm):
        code = button.act.subject.partition(" ")[0]
        return (int(code[1:]),) if code[:1] == "D" and code[1:].isdigit() else ()
    return tuple(getattr(button.act, "numbers", ()))
