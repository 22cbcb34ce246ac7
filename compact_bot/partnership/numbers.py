"""One series of numbers for all partners: a D1 of two organisations at once would lead to the wrong one.

Where both sides of a new link know the same number, whoever's it is gets a new one, and the old one leads to neither:
it says what became of it. So a number that somebody remembers, or an old button carries, never reaches another record.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from compact_bot.conversation import Button, Reply
from compact_bot.feedback.log import MORE_NAMELESS, NAMELESS, nameless
from compact_bot.store.scope import shared
from compact_bot.store.tables import Deadline, Feedback, FormerNumber, Organisation, OrganisationSettings, Thread
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Act, Show, ShowFeedback

TABLES: Mapping[str, type[Deadline] | type[Feedback]] = {"D": Deadline, "F": Feedback}


@dataclass(frozen=True)
class Renumbered:
    organisation_id: int
    letter: str
    old: int
    new: int


@dataclass(frozen=True)
class _Held:
    """A record by its number; `is_nameless` is feedback whose number says nothing of when."""

    id: int
    organisation_id: int
    number: int
    is_nameless: bool


def settle_numbers(session: Session, one: Sequence[int], other: Sequence[int]) -> list[Renumbered]:
    """Give new numbers to what both sides know by the same; from then on both count together."""
    changed = [renumbered for letter in TABLES for renumbered in _settle(session, letter, one, other)]
    _level(session, [*one, *other], changed)
    _forget_what_is_back(session, [*one, *other])
    return changed


def _settle(session: Session, letter: str, one: Sequence[int], other: Sequence[int]) -> list[Renumbered]:
    held = {side: _held(session, letter, side) for side in (tuple(one), tuple(other))}
    former = session.scalars(
        select(FormerNumber).where(FormerNumber.letter == letter, FormerNumber.organisation_id.in_([*one, *other]))
    ).all()
    clashing: list[_Held] = []
    for side, across in ((tuple(one), tuple(other)), (tuple(other), tuple(one))):
        there = {record.number for record in held[across]}
        known = {(row.number, row.holder_id) for row in former if row.organisation_id in across}
        meant = {number for number, _ in known}
        clashing += [
            record
            for record in held[side]
            if record.number in there
            or (record.number in meant and (record.number, record.organisation_id) not in known)
        ]
    used = {record.number for records in held.values() for record in records}
    used |= {number for row in former for number in (row.number, row.became)}
    fresh = _fresh(session, letter, [*one, *other], used)
    changed: list[tuple[_Held, int]] = []
    for record in clashing:
        new = nameless(used) if record.is_nameless else next(fresh)
        used.add(new)
        changed.append((record, new))
    return _renumber(session, letter, changed)


def _held(session: Session, letter: str, organisations: Sequence[int]) -> list[_Held]:
    table = TABLES[letter]
    rows = session.execute(
        select(table.id, table.organisation_id, table.number, *([Feedback.anonymous] if letter == "F" else []))
        .where(table.organisation_id.in_(organisations))
        .order_by(table.organisation_id, table.number)
    )
    return [_Held(row[0], row[1], row[2], letter == "F" and bool(row[3])) for row in rows]


def _fresh(session: Session, letter: str, organisations: Sequence[int], used: Iterable[int]) -> Iterator[int]:
    counter = OrganisationSettings.last_deadline if letter == "D" else OrganisationSettings.last_feedback
    counted = session.scalars(select(counter).where(OrganisationSettings.organisation_id.in_(organisations))).all()
    given = (number for number in used if letter == "D" or number < NAMELESS.start)
    first = max((*counted, *given), default=0) + 1
    return (number for number in count(first) if letter == "D" or number not in NAMELESS)


def _renumber(session: Session, letter: str, changed: Sequence[tuple[_Held, int]]) -> list[Renumbered]:
    if not changed:
        return []
    table, connection = TABLES[letter], session.connection()
    renumbering = update(table.__table__).where(table.__table__.c.id == bindparam("which"))  # type: ignore[arg-type]
    connection.execute(
        renumbering.values(number=bindparam("new")), [{"which": record.id, "new": new} for record, new in changed]
    )
    rows = [
        {
            "organisation_id": record.organisation_id,
            "letter": letter,
            "number": record.number,
            "holder_id": record.organisation_id,
            "became": new,
        }
        for record, new in changed
    ]
    olds = [{"ours": row["organisation_id"], "old": row["number"], "new": row["became"]} for row in rows]
    known = FormerNumber.__table__
    connection.execute(
        update(known)  # type: ignore[arg-type]
        .where(known.c.organisation_id == bindparam("ours"), known.c.letter == letter)
        .where(known.c.became == bindparam("old"))
        .values(became=bindparam("new")),
        olds,
    )
    connection.execute(insert(known), rows)  # type: ignore[arg-type]
    if letter == "D":
        spoken = Thread.__table__
        connection.execute(
            update(spoken)  # type: ignore[arg-type]
            .where(spoken.c.organisation_id == bindparam("ours"), spoken.c.deadline == bindparam("old"))
            .values(deadline=bindparam("new")),
            olds,
        )
    return [Renumbered(record.organisation_id, letter, record.number, new) for record, new in changed]


def _level(session: Session, organisations: Sequence[int], changed: Sequence[Renumbered]) -> None:
    """All count on from the same number, each in its own row."""
    theirs = OrganisationSettings.organisation_id.in_(organisations)
    for letter, counter in (("D", OrganisationSettings.last_deadline), ("F", OrganisationSettings.last_feedback)):
        new = [one.new for one in changed if one.letter == letter and (letter == "D" or not _is_nameless(one.new))]
        last = max((*session.scalars(select(counter).where(theirs)), *new), default=0)
        session.execute(
            update(OrganisationSettings)
            .where(theirs)
            .values({counter: last})
            .execution_options(synchronize_session=False)
        )


def _is_nameless(number: int) -> bool:
    """Whether a number of feedback is of those that are drawn at random, which nobody counts on from."""
    return number in NAMELESS or number in MORE_NAMELESS


def _forget_what_is_back(session: Session, organisations: Sequence[int]) -> None:
    """Numbers of a former partner that is one again lead there as before."""
    session.execute(
        delete(FormerNumber)
        .where(FormerNumber.became == 0, FormerNumber.organisation_id.in_(organisations))
        .where(FormerNumber.holder_id.in_(organisations))
        .execution_options(synchronize_session=False)
    )


def keep_apart(session: Session, leaving: int, staying: Sequence[int]) -> None:
    """What was each other's by its number is nothing's from now on: neither side gives it to something of its own."""
    for letter, table in TABLES.items():
        for knows, holds in [pair for one in staying for pair in ((leaving, one), (one, leaving))]:
            known = select(FormerNumber.number).where(
                FormerNumber.organisation_id == knows, FormerNumber.letter == letter
            )
            gone = select(table.number).where(table.organisation_id == holds, table.number.not_in(known))
            rows = [
                {"organisation_id": knows, "letter": letter, "number": number, "holder_id": holds, "became": 0}
                for number in session.scalars(gone.order_by(table.number))
            ]
            if rows:
                session.connection().execute(insert(FormerNumber.__table__), rows)  # type: ignore[arg-type]


# ---- said of a number that leads nowhere any more -------------------------------------------------------------------


def renumbered_deadline(turn: Turn, number: int) -> Reply | None:
    return _renumbered(turn, "D", number)


def renumbered_feedback(turn: Turn, number: int) -> Reply | None:
    return _renumbered(turn, "F", number)


def _renumbered(turn: Turn, letter: str, number: int) -> Reply | None:
    """What a number was before the organisations were linked, or parted; None where it was nothing. Of anonymous
    feedback it says no organisation."""
    rows = turn.session.execute(
        select(FormerNumber.organisation_id, FormerNumber.became, Organisation.called)
        .outerjoin(Organisation, Organisation.id == FormerNumber.holder_id)
        .where(shared(FormerNumber.organisation_id, turn.organisation.id))
        .where(FormerNumber.letter == letter, FormerNumber.number == number)
        .order_by(FormerNumber.became)
    ).all()
    became = {row.became: row.called for row in rows if row.became}
    if became:
        news = [(new, "" if letter == "F" and _is_nameless(new) else called) for new, called in became.items()]
        said = ", ".join(f"{f'that of {whose}' if whose else 'it'} is {letter}{new} now" for new, whose in news)
        return Reply(
            f"{letter}{number} has a new number, since organisations were linked that both had one: {said}. "
            "Nothing was changed.",
            next_step="Press one, or type its new number.",
            buttons=tuple(
                Button(f"Show {letter}{new}{f', {whose}' if whose else ''}"[:70], _show(letter, new))
                for new, whose in news
            ),
        )
    own = [row for row in rows if row.organisation_id == turn.organisation.id]
    if not own:
        return None
    whose = "" if letter == "F" and _is_nameless(number) else own[0].called
    return Reply(
        f"{letter}{number} was of {whose or 'a partner'}, which you are no longer linked with. Nothing was changed.",
        next_step="Type deadlines or feedback to see your own.",
    )


def _show(letter: str, number: int) -> Act:
    return Show((number,)) if letter == "D" else ShowFeedback(number)
