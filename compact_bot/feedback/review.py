"""The yearly review: from records of feedback, deadlines and questions to figures. Pure functions.

An anonymous entry is counted in a group only where that holds three entries or more, so that nobody is found out by
being alone in it; where it is held back its group shows the others alone, which tells nothing of it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import NamedTuple, TypeVar

from compact_bot.answers import cite_opening
from compact_bot.dates import MONTHS
from compact_bot.feedback.periods import Period
from knowledge.agreement import Agreement

SMALLEST_GROUP = 3
NO_CLAUSE = "no clause"


class Entry(NamedTuple):
    """One record of feedback. An anonymous one has no day where its month is held back, and likewise no body."""

    number: int
    kind: str
    what: str
    about: str
    behalf: str
    happened_on: date | None
    anonymous: bool
    state: str
    outcome: str
    clauses: tuple[str, ...]


class Notice(NamedTuple):
    """Notice for funding that changes or ends. `verdict` is best practice, minimum, short, none given, or not due."""

    number: int
    title: str
    ends: date | None
    minimum: date
    best: date | None
    given: date | None
    verdict: str
    rationale: str


class Consultation(NamedTuple):
    number: int
    title: str
    opens: date
    closes: date
    days: int
    long_enough: bool
    rationale: str


class Payment(NamedTuple):
    """`verdict` is in time, late, unpaid (and due), or not due."""

    number: int
    title: str
    due: date
    paid: date | None
    verdict: str


class Gap(NamedTuple):
    """How often something was asked that the agreement does not say: near which clause, on which listed subject."""

    clause: str
    subject: str
    times: int


@dataclass(frozen=True)
class Tally:
    kept: int = 0
    not_kept: int = 0
    suggestions: int = 0
    resolved: int = 0
    no_action: int = 0
    still_open: int = 0

    @property
    def total(self) -> int:
        return self.kept + self.not_kept + self.suggestions


@dataclass(frozen=True)
class Group:
    """What there is on one section, clause, side, body or month. `entries` are the numbers of what it counts."""

    name: str
    title: str
    tally: Tally
    entries: tuple[int, ...]


@dataclass(frozen=True)
class Records:
    """What a review is made from, as it was read. `weeks` are those that consultations are to last, at least."""

    entries: Sequence[Entry] = ()
    notices: Sequence[Notice] = ()
    consultations: Sequence[Consultation] = ()
    payments: Sequence[Payment] = ()
    gaps: Sequence[Gap] = ()
    weeks: int = 0


@dataclass(frozen=True)
class Review:
    agreement: Agreement
    period: Period
    made_on: date
    total: Tally
    sections: tuple[Group, ...]
    clauses: tuple[Group, ...]
    sides: tuple[Group, ...]
    bodies: tuple[Group, ...]
    months: tuple[Group, ...]
    entries: tuple[Entry, ...]  # what may be shown of each
    held_back: int  # anonymous entries that are in no group of clauses
    records: Records


# A review of a hundred thousand entries looks at each some ten times, so it does that by position and many at once.
_NUMBER, _COUNTED_BY = itemgetter(0), itemgetter(Entry._fields.index("kind"), Entry._fields.index("state"))
_CLAUSES, _ABOUT, _DAY = (itemgetter(Entry._fields.index(name)) for name in ("clauses", "about", "happened_on"))
Grouped = Mapping[str, Sequence[Entry]]
_STATES = {"resolved": "resolved", "no action": "no_action"}
_KINDS = {"kept": "kept", "not kept": "not_kept", "suggestion": "suggestions"}


def make_review(agreement: Agreement, period: Period, today: date, records: Records) -> Review:
    section = {number: _section_of(agreement, number) for number in agreement.clauses}
    party = {number: clause.party for number, clause in agreement.clauses.items()}
    entries = records.entries
    together = _parted(entries, _CLAUSES)
    by_clause = _gathered(together, lambda clauses: clauses or (NO_CLAUSE,))
    abouts = _parted(entries, _ABOUT)
    by_body = _gathered(abouts, lambda about: (_body(about),) if about else ())
    by_month = _gathered(_parted(entries, _DAY), lambda day: (_month(day),))
    shown = tuple(
        [
            _shown(entry, by_body, by_month) if entry.anonymous else entry
            for entry in entries
            if not entry.anonymous or _is_listed(entry, by_clause)
        ]
    )
    spelled = {_body(about): about for about in abouts}
    numbers = list(agreement.clauses)

    def printed(name: str) -> int:
        return numbers.index(name) if name in agreement.clauses else len(numbers)

    return Review(
        agreement=agreement,
        period=period,
        made_on=today,
        total=_tally(Counter(map(_COUNTED_BY, entries))),
        sections=_groups(
            _gathered(together, lambda clauses: {section.get(clause, clause) for clause in clauses} or (NO_CLAUSE,)),
            lambda name: agreement.clauses[name].title if name in agreement.clauses else "Not about one clause",
            printed,
        ),
        clauses=_groups(by_clause, lambda name: opening(agreement, name), printed),
        sides=_groups(
            _gathered(together, lambda clauses: {party.get(clause, "") for clause in clauses}),
            lambda name: f"Commitments that bind the {name}" if name else "Parts that bind nobody by name",
            lambda name: name,
        ),
        bodies=_groups(by_body, lambda name: spelled.get(name, name), lambda name: name),
        months=_months(period, by_month),
        entries=shown,
        held_back=len(entries) - len(shown),
        records=records,
    )


def _section_of(agreement: Agreement, number: str) -> str:
    """The titled part that a clause stands in, or itself where it is one."""
    clause = agreement.clauses[number]
    return number if clause.title or not clause.parent else _section_of(agreement, clause.parent)


def opening(agreement: Agreement, number: str) -> str:
    clause = agreement.clause(number)
    if clause is None:
        return "Not about one clause"
    if not clause.text:
        return clause.title
    citation = cite_opening(clause)
    return f"{citation.quote} ..." if citation.shortened else citation.quote


def _body(about: str) -> str:
    """ "The council" and "council" are one."""
    return about.casefold().removeprefix("the ")


def _month(day: date | None) -> str:
    return f"{day.year}-{day.month:02}" if day else ""


Key = TypeVar("Key")


def _parted(entries: Iterable[Entry], key: Callable[[Entry], Key]) -> dict[Key, list[Entry]]:
    """The entries by one of their values."""
    found: defaultdict[Key, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[key(entry)].append(entry)
    return found


def _gathered(parted: Mapping[Key, list[Entry]], names: Callable[[Key], Iterable[str]]) -> dict[str, list[Entry]]:
    """The entries by the names that each value stands for, which may be none or several."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for key, entries in parted.items():
        for name in names(key):
            found[name].extend(entries)
    return dict(found)


def _counted(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries of a group that may be counted in it."""
    if len(entries) >= SMALLEST_GROUP:
        return entries
    return [entry for entry in entries if not entry.anonymous]


def _is_listed(entry: Entry, by_clause: Grouped) -> bool:
    """Whether each clause of an anonymous entry is a group that it may be counted in."""
    return all(len(by_clause[name]) >= SMALLEST_GROUP for name in entry.clauses or (NO_CLAUSE,))


def _shown(entry: Entry, by_body: Grouped, by_month: Grouped) -> Entry:
    """An anonymous entry without what its small groups would tell of it."""
    about = entry.about if entry.about and len(by_body[_body(entry.about)]) >= SMALLEST_GROUP else ""
    day = entry.happened_on if len(by_month[_month(entry.happened_on)]) >= SMALLEST_GROUP else None
    return entry._replace(about=about, happened_on=day)


def _groups(grouped: Grouped, title: Callable[[str], str], order: Callable[[str], int | str]) -> tuple[Group, ...]:
    made = []
    for name in sorted(grouped, key=order):
        if counted := _counted(grouped[name]):
            made.append(_group(name, title(name), counted))
    return tuple(made)


def _group(name: str, title: str, entries: Sequence[Entry]) -> Group:
    numbers = sorted(map(_NUMBER, entries), reverse=True)
    return Group(name, title, _tally(Counter(map(_COUNTED_BY, entries))), tuple(numbers))


def _months(period: Period, by_month: Grouped) -> tuple[Group, ...]:
    """Every month of the period, those without any entry too."""
    made = []
    for month in period.months():
        name = _month(month)
        title = f"{MONTHS[month.month - 1].title()} {month.year}"
        made.append(_group(name, title, _counted(by_month.get(name, ()))))
    return tuple(made)


def _tally(counts: Counter[tuple[str, str]]) -> Tally:
    figures = dict.fromkeys(("kept", "not_kept", "suggestions", "resolved", "no_action", "still_open"), 0)
    for (kind, state), number in counts.items():
        figures[_KINDS[kind]] += number
        figures[_STATES.get(state, "still_open")] += number
    return Tally(**figures)
