"""The rows of a list, each as the acts that would track it, or with what keeps it from being tracked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache

from compact_bot.closed_days import ClosedDays
from compact_bot.dates import spoken
from compact_bot.deadlines.finding import LONGEST_TITLE
from compact_bot.deadlines.planning import PlanError, Planned, already_over, plan
from compact_bot.importing.cells import day_of, month_first_in
from compact_bot.importing.columns import DATES, Layout, Role
from compact_bot.importing.kinds import asked_of, asking, kind_in, main_date
from compact_bot.organisation import LONGEST_NAME
from compact_bot.sheets.reading import Cell, Row, Unread
from compact_bot.turn import tidied
from compact_bot.understanding.acts import Given, Named, Track
from knowledge.agreement import Agreement
from knowledge.rules import Asked, Kind, Rules


class Found(StrEnum):
    """What is to be done with a line: kept, or why not."""

    NEW = "new"
    BROKEN = "broken"
    PAST = "past"
    OVER = "over"
    THERE = "there already"
    TWICE = "twice in the file"
    NOTE = "no entry"


@dataclass(frozen=True)
class Line:
    """`said` tells what is wrong with it, or what it is the same as. A broken one has no act and no kind."""

    number: int
    found: Found
    label: str
    said: str = ""
    act: Track | None = None
    kind: Kind | None = None
    planned: tuple[Planned, ...] = ()


@dataclass(frozen=True)
class Known:
    """What lines are read against."""

    agreement: Agreement
    rules: Rules
    closed: ClosedDays
    today: date


Same = tuple[str, str, frozenset[tuple[str, frozenset[date]]]]
"""Kind, name and dates: what two lines have in common that are about the same."""


def same(kind: str, title: str, given: Mapping[str, Sequence[date]]) -> Same:
    return kind, title.casefold(), frozenset((name, frozenset(days)) for name, days in given.items() if days)


_REVISED = re.compile(
    r"\b(?:revised|extended|extension|new|latest|current|amended|updated|renewed|actual)\b", re.IGNORECASE
)
_AT_FIRST = re.compile(r"\b(?:original|originally|old|previous|initial|first)\b", re.IGNORECASE)
_TOTAL = re.compile(r"^(?:grand |sub[ -]?)?totals?\b[\W\d]*$|\btotals?:?$", re.IGNORECASE)
_REMARK = re.compile(r"[*†‡]|(?:nb|note|notes|source|key)\b\W", re.IGNORECASE)
_YES = re.compile(r"y|yes|true|x|✓|✔", re.IGNORECASE)
_IS_OVER = re.compile(
    r"(?<!not )(?<!not yet )(?<!to be )(?<!being )"
    r"\b(?:done|dropped|closed|complete|completed|ended|finished|withdrawn|cancelled|canceled|expired|terminated|paid)\b"
    r"(?! (?:by|on|soon) )",
    re.IGNORECASE,
)


class RowReader:
    def __init__(self, layout: Layout, kind: Kind, known: Known) -> None:
        self._layout = layout
        self._kind = kind
        self._known = known
        self._places = {role: layout.places(role) for role in Role}
        self._names = {column.place: column.name or f"column {column.letter}" for column in layout.columns}
        dated = [place for role in DATES for place in self._places[role]]
        self._month_first = {place: month_first_in(_at(row, place) for row in layout.body) for place in dated}
        self._kind_in = cache(lambda said: kind_in(said, known.rules))
        self._seen: dict[Same, int] = {}

    def lines(self, row: Row) -> list[Line]:
        """What a row would track, each with a line of its own; where anything is wrong, only that."""
        if note := self._note(row):
            return [Line(row.number, Found.NOTE, "", note)]
        title, no_title = self._title(row)
        kind, no_kind = self._kind_of(row)
        parts, no_dates = self._parts(row, kind, title)
        owner, no_owner = self._owner(row)
        clause, no_clause = self._clause(row)
        if problem := no_title or no_kind or no_dates or no_owner or no_clause:
            return [Line(row.number, Found.BROKEN, title, problem)]
        weighed = []
        for part in parts:
            dates = tuple(Given(name, tuple(days)) for name, days in part.given.items())
            act = Track(part.kind.name, part.title, dates, owner, clause if part.kind is kind else "")
            weighed.append(self._weighed(row, act, part.kind, part.given))
        return [line for line in weighed if line.found is Found.BROKEN][:1] or weighed

    def _weighed(self, row: Row, act: Track, kind: Kind, given: Mapping[str, list[date]]) -> Line:
        """Whether there is anything to keep of a line that can be read."""
        number = row.number
        try:
            planned = tuple(plan(kind, given, self._known.closed))
        except PlanError as error:
            return Line(number, Found.BROKEN, act.title, str(error))
        line = Line(number, Found.NEW, act.title, "", act, kind, planned)
        if over := self._over(row):
            return replace(line, found=Found.OVER, said=over[:40])
        if over := next(iter(already_over(kind, given, self._known.today)), ""):
            return replace(line, found=Found.PAST, said=spoken(max(given[over])))
        key = same(kind.name, act.title, given)
        if first := self._seen.get(key):
            return replace(line, found=Found.TWICE, said=f"the same as line {first}")
        self._seen[key] = number
        return line

    def _note(self, row: Row) -> str:
        """The words of a row that is no entry: a total, a heading over rows, a remark under them; "" for any other.

        What stands alone in the column of names may be an entry whose dates are missing.
        """
        if any(_at(row, place) is not None for role in DATES for place in self._places[role]):
            return ""
        filled = [(place, cell) for place, cell in enumerate(row.cells) if cell is not None]
        words = [(place, cell) for place, cell in filled if isinstance(cell, str)]
        if total := next((cell for _, cell in words if _TOTAL.search(cell)), ""):
            return _short(total)
        named = {*self._places[Role.TITLE], *self._places[Role.ORGANISATION]}
        alone = words[0] if len(filled) == 1 and words else None
        is_remark = alone is not None and (alone[0] not in named or _REMARK.match(alone[1]))
        return _short(alone[1]) if alone and is_remark else ""

    def _over(self, row: Row) -> str:
        """What a column says that tells that it is over: "Closed", or under the name "Date paid" a day."""
        for place in self._places[Role.STATE]:
            cell, name = _at(row, place), self._names[place]
            if isinstance(cell, Unread):
                continue
            said = spoken(cell) if isinstance(cell, date) else tidied(str(cell or ""))
            named = _IS_OVER.search(name) and (_YES.fullmatch(said) or day_of(cell, self._known.today).day)
            if named or _IS_OVER.search(said):
                return f"{name}: {said}" if named else said
        return ""

    # ---- the parts of a line -----------------------------------------------------------------------------------------

    def _text(self, row: Row, role: Role) -> tuple[str, str]:
        """What stands in a column of words, tidied, and what is wrong with it."""
        for place in self._places[role]:
            cell = _at(row, place)
            if isinstance(cell, Unread):
                return "", f"{self._names[place]}: {cell.why}."
            if cell is not None:
                text = spoken(cell) if isinstance(cell, date) else f"{cell:g}" if isinstance(cell, float) else str(cell)
                return tidied(text), ""
        return "", ""

    def _title(self, row: Row) -> tuple[str, str]:
        parts = [self._text(row, Role.TITLE), self._text(row, Role.ORGANISATION)]
        named = list(dict.fromkeys(text for text, _ in parts if text))
        title, problem = ", ".join(named), next((wrong for _, wrong in parts if wrong), "")
        if not problem and not title:
            problem = "It has no name: nothing says what it is called or whom it is for."
        if not problem and len(title) > LONGEST_TITLE:
            problem = _too_long(title)
        return title, problem

    def _kind_of(self, row: Row) -> tuple[Kind, str]:
        text, problem = self._text(row, Role.KIND)
        if problem or not text:
            return self._kind, problem
        if (found := self._kind_in(text)) is not None:
            return found, ""
        known = ", ".join(kind.words[0] for kind in self._known.rules.kinds if kind.words)
        return self._kind, f'I do not know the kind "{text[:40]}". Kinds are: {known}.'

    def _owner(self, row: Row) -> tuple[Named | None, str]:
        text, problem = self._text(row, Role.OWNER)
        if len(text) > LONGEST_NAME:
            problem = f"The owner's name has {len(text)} characters; the most I keep is {LONGEST_NAME}."
        return Named(text) if text else None, problem

    def _clause(self, row: Row) -> tuple[str, str]:
        text, problem = self._text(row, Role.CLAUSE)
        if text and not self._known.agreement.clause(text):
            problem = f"There is no clause {text[:20]}."
        return text, problem

    def _parts(self, row: Row, kind: Kind, title: str) -> tuple[list["_Part"], str]:
        """The dates that the line's kind asks for; each other date as what asks for such a date, a payment for one.

        What is missing or cannot be read is said for the first such date.
        """
        own = _Part(kind, title)
        others: dict[tuple[str, str], _Part] = {}
        alone: list[tuple[str, date]] = []  # that nothing in the name of their column says what they are
        problem = unread = ""
        for role in DATES:
            asked = asked_of(kind, role)
            places, two = self._one_of(row, role) if role in (Role.STARTS, Role.ENDS) else (self._places[role], "")
            problem = problem or (two if asked or role is Role.ENDS else "")
            for place in places:
                name, read = self._names[place], day_of(_at(row, place), self._known.today, self._month_first[place])
                if read.problem and (asked or role is not Role.STARTS):
                    problem = problem or f"{name}: {read.problem}."
                elif read.problem:
                    unread = unread or f"{name}: {read.problem}."
                elif read.day and asked:
                    own.add(asked, read.day)
                elif read.day and role is Role.DATE:
                    alone.append((name, read.day))
                elif read.day and role is not Role.STARTS:
                    other, theirs = asking(role, self._known.rules)
                    called = title if theirs else f"{title}: {name}"
                    part = others.setdefault((other.name, called), _Part(other, called))
                    part.add(theirs or main_date(other), read.day)
        if not own.given and len(alone) == 1:
            own.add(main_date(kind), alone.pop()[1])
        any_date = self._known.rules.kinds[-1]
        for name, day in alone:
            others[name, ""] = _Part(any_date, f"{title}: {name}", {main_date(any_date).name: [day]})
        parts = [*([own] if own.given else []), *others.values()]
        if not problem and not parts:
            problem = unread or f"It has no date for {main_date(kind).label}."
        if not problem and (long := next((part for part in parts if len(part.title) > LONGEST_TITLE), None)):
            problem = _too_long(long.title)
        return parts, problem

    def _one_of(self, row: Row, role: Role) -> tuple[list[int], str]:
        """The column that tells when a row starts or ends: what was revised counts before what it was at first.

        Where several say different things, what is asked about.
        """
        filled = [place for place in self._places[role] if _at(row, place) is not None]
        revised = [place for place in filled if _REVISED.search(self._names[place])]
        filled = revised or [place for place in filled if not _AT_FIRST.search(self._names[place])] or filled
        if len({_at(row, place) for place in filled}) > 1:
            return (
                [],
                f"{' and '.join(self._names[place] for place in filled)} are different; keep the one that counts.",
            )
        return filled[:1], ""


@dataclass(frozen=True)
class _Part:
    """One deadline of a line."""

    kind: Kind
    title: str
    given: dict[str, list[date]] = field(default_factory=dict)

    def add(self, asked: Asked, day: date) -> None:
        self.given[asked.name] = sorted({*self.given.get(asked.name, []), day})


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _too_long(title: str) -> str:
    return f"Its name has {len(title)} characters; the most I keep is {LONGEST_TITLE}."


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else None
