"""A list to deadlines: read against what is open already, kept all at once or not at all, taken back within a day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select
from sqlalchemy.orm import Session

from compact_bot.beforehand import Beforehand
from compact_bot.deadlines.planning import Planned
from compact_bot.deadlines.tracking import New, Owner, Tracker
from compact_bot.importing.lines import Choices, Progress, Read, against, unseen
from compact_bot.importing.readings import Readings
from compact_bot.importing.rows import Found, Known, Same, same
from compact_bot.organisation import Actor, people_called, settings_of
from compact_bot.store.scope import shared
from compact_bot.store.tables import Change, Deadline, DeadlineState, Import, KnownPerson, Organisation
from compact_bot.understanding.acts import Named, Track
from knowledge.agreement import Agreement
from knowledge.rules import Kind, Rules

UNDO_WITHIN = timedelta(days=1)
KEPT_FOR = timedelta(days=1)  # a file that was brought and neither kept nor left


class NotKeptError(Exception):
    """What was read cannot be kept; the message says why, in plain words. Nothing was saved."""


@dataclass(frozen=True)
class Kept:
    """What an import made: the numbers of its deadlines, and the change under which they can be taken back."""

    numbers: tuple[int, ...]
    change: int


@dataclass(frozen=True)
class TakenBack:
    """`changed_since` are the numbers of deadlines that stay, because somebody has changed them meanwhile."""

    numbers: tuple[int, ...]
    changed_since: tuple[int, ...]


class Importer:
    """Lists of one organisation, in the caller's transaction."""

    def __init__(
        self,
        session: Session,
        organisation: Organisation,
        agreement: Agreement,
        rules: Rules,
        timezone: str,
        actor: Actor,
        person: KnownPerson | None,
        readings: Readings,
    ) -> None:
        self._session = session
        self._organisation = organisation
        self._agreement = agreement
        self._rules = rules
        self._actor = actor
        self._person = person
        self._readings = readings
        self._tracker = Tracker(session, organisation, settings_of(session, organisation, timezone), rules, actor)

    @property
    def tracker(self) -> Tracker:
        return self._tracker

    # ---- reading -----------------------------------------------------------------------------------------------------

    def read(self, name: str, content: bytes, choices: Choices, progress: Progress = unseen) -> Read:
        """Raises UnreadableFileError or NoListError, and Beforehand for a list that is still to be read."""
        known = Known(self._agreement, self._rules, self._tracker.closed, self._tracker.today)
        read = self._readings.found(name, content, choices, known)
        if read is None:
            raise Beforehand(lambda: self._readings.read(name, content, choices, known, progress))
        return against(read, self._open_ones())

    def _open_ones(self) -> dict[Same, int]:
        open_ones = select(Deadline.number, Deadline.kind, Deadline.title, Deadline.anchors).where(
            shared(Deadline.organisation_id, self._organisation.id), Deadline.state == DeadlineState.OPEN
        )
        rows = self._session.execute(open_ones.order_by(Deadline.number.desc())).all()
        return {same(row.kind, row.title, _days(row.anchors)): row.number for row in rows}

    # ---- files that wait for a yes -----------------------------------------------------------------------------------

    def bring(self, name: str, content: bytes) -> Import:
        """Keep a file until its owner has looked at what was read in it. Only their last one waits."""
        waiting = select(Import).where(*self._theirs(), Import.content.is_not(None))
        for earlier in self._session.scalars(waiting):
            self._session.delete(earlier)
        brought = Import(
            organisation_id=self._organisation.id,
            platform=self._actor.address.platform,
            person_id=self._actor.person_id,
            who=self._actor.name[:100],
            at=self._actor.at,
            file=name[-200:],
            content=content,
            choices={},
        )
        self._session.add(brought)
        self._session.flush()
        return brought

    def leave(self, brought: Import) -> None:
        self._readings.forget(brought.content or b"")
        self._session.delete(brought)

    def brought(self, number: int) -> Import | None:
        """A list of this very person, which waits or was kept."""
        return self._session.scalar(select(Import).where(*self._theirs(), Import.id == number))

    def _theirs(self) -> Sequence[ColumnElement[bool]]:
        return (
            Import.organisation_id == self._organisation.id,
            Import.platform == self._actor.address.platform,
            Import.person_id == self._actor.person_id,
        )

    # ---- keeping and taking back -------------------------------------------------------------------------------------

    def keep(self, read: Read, brought: Import, leave_out: bool = False, progress: Progress = unseen) -> Kept:
        """Track every new line. Raises NotKeptError for nothing new, and for broken lines unless they are left out."""
        broken, new = read.of(Found.BROKEN), read.of(Found.NEW)
        if broken and not leave_out:
            raise NotKeptError(f"{len(broken)} lines cannot be read, so none was kept.")
        if not new:
            raise NotKeptError("No line holds anything new.")
        owner = cache(self._owner_named)
        entries = [
            _entry(line.act, line.kind, owner(line.act.owner), line.planned) for line in new if line.act and line.kind
        ]
        numbers = self._tracker.track_all(entries, f"imported from {brought.file}", progress)
        self._readings.forget(brought.content or b"")
        brought.content, brought.change_id, brought.at = None, self._tracker.change, self._actor.at
        self._session.flush()
        return Kept(tuple(numbers), self._tracker.change)

    def _owner_named(self, named: Named | None) -> Owner:
        """The sender where nobody is named; a known person where one alone is called so."""
        if named is None:
            return Owner(self._actor.name[:100], self._person)
        found = people_called(self._session, self._organisation, named.name) or self._called(named.name)
        return Owner(named.name, found[0] if len(found) == 1 else None)

    def _called(self, name: str) -> Sequence[KnownPerson]:
        """Those whom their platform names by a mark, as in "@U02AB", and calls so: "ben.okoro" is Ben Okoro."""
        ours = select(KnownPerson).where(KnownPerson.organisation_id == self._organisation.id, KnownPerson.called != "")
        return [one for one in self._session.scalars(ours) if _plain(one.called) == _plain(name)]

    def undoable(self, change: int = 0) -> Import | None:
        """The import that made a change, or with 0 the person's last change, while it may be taken back."""
        mine = select(Change).where(
            Change.organisation_id == self._organisation.id,
            Change.platform == self._actor.address.platform,
            Change.person_id == self._actor.person_id,
            ~Change.undone,
        )
        found = self._session.scalar(
            mine.where(Change.id == change) if change else mine.order_by(Change.id.desc()).limit(1)
        )
        if found is None:
            return None
        first = found.part_of or found.id
        since = self._actor.at - UNDO_WITHIN
        kept = select(Import).where(*self._theirs(), Import.change_id == first, Import.at >= since, ~Import.undone)
        return self._session.scalar(kept)

    def take_back(self, kept: Import) -> TakenBack:
        """Drop what an import made; what somebody has changed since stays as it is."""
        made = or_(Change.id == kept.change_id, Change.part_of == kept.change_id)
        ours = select(Change.deadline_id).where(made)
        later = select(Change.deadline_id).where(Change.deadline_id.in_(ours)).group_by(Change.deadline_id)
        changed = set(self._session.scalars(later.having(func.count() > 1)))
        rows = self._session.execute(
            select(Deadline.id, Deadline.number).where(Deadline.id.in_(ours)).order_by(Deadline.number)
        ).all()
        gone = [row for row in rows if row.id not in changed]
        self._tracker.drop_all([row.id for row in gone], f"undone: imported from {kept.file}")
        kept.undone = True
        self._session.flush()
        return TakenBack(tuple(row.number for row in gone), tuple(row.number for row in rows if row.id in changed))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _entry(act: Track, kind: Kind, owner: Owner, planned: Sequence[Planned]) -> New:
    return New(kind, act.title, {given.anchor: given.days for given in act.given}, owner, act.clause, planned)


def _days(anchors: Mapping[str, Sequence[str]]) -> dict[str, list[date]]:
    return {name: [date.fromisoformat(day) for day in days] for name, days in anchors.items()}


def forget_old_lists(connection: Connection, now: datetime) -> None:
    """Drop files that nobody kept, and what is remembered of those that can no longer be taken back."""
    connection.execute(delete(Import).where(Import.at < now - KEPT_FOR))
