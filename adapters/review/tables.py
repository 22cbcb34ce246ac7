"""The review as plain tables, which every format shows: what is counted, and the records behind each figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from compact_bot.feedback.review import Group, Review, opening
from compact_bot.feedback.summary import NOTICE_WORDS, PAYMENT_WORDS


@dataclass(frozen=True)
class References:
    """The records behind a row, such as F7 or D12."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.codes)


Cell: TypeAlias = str | int | date | References | None


@dataclass(frozen=True)
class Table:
    """`marks` tells that each row's first cell is what other tables refer to."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    marks: bool = False


FIGURES = ("Kept", "Not kept", "Suggestions", "Resolved", "No action", "Still open", "Records")


def tables_of(review: Review) -> tuple[Table, ...]:
    nothing = "No feedback was logged in this period."
    records = review.records
    return (
        Table("sections", "By section", ("Section", "Title", *FIGURES), _figures(review.sections), nothing),
        Table("clauses", "By clause", ("Clause", "Opening words", *FIGURES), _figures(review.clauses), nothing),
        Table(
            "sides",
            "By whom the commitment binds",
            ("Commitments", *FIGURES),
            tuple(row[1:] for row in _figures(review.sides)),
            nothing,
        ),
        Table(
            "bodies",
            "By body or VCO",
            ("Body or VCO", *FIGURES),
            tuple(row[1:] for row in _figures(review.bodies)),
            "No feedback names a body or VCO, or too little of it does.",
        ),
        Table(
            "months",
            "By month",
            ("Month", *FIGURES),
            tuple(row[1:] for row in _figures(review.months if review.total.total else ())),
            nothing,
        ),
        Table(
            "notices",
            "Notice before funding changes or ends",
            ("Deadline", "Title", "Ends", "Minimum", "Best practice", "Given", "Verdict", "Rationale"),
            tuple(
                (f"D{n.number}", n.title, n.ends, n.minimum, n.best, n.given, NOTICE_WORDS[n.verdict], n.rationale)
                for n in records.notices
            ),
            "No notice was given or due in this period, as far as deadlines were tracked.",
            marks=True,
        ),
        Table(
            "consultations",
            f"Consultations against {records.weeks} weeks" if records.weeks else "Consultations",
            ("Deadline", "Title", "Opened", "Closed", "Days", "Verdict", "Rationale"),
            tuple(
                (
                    f"D{c.number}",
                    c.title,
                    c.opens,
                    c.closes,
                    c.days,
                    f"{records.weeks} weeks or more" if c.long_enough else "shorter",
                    c.rationale or ("" if c.long_enough else "none kept"),
                )
                for c in records.consultations
            ),
            "No consultation opened in this period, as far as deadlines were tracked.",
            marks=True,
        ),
        Table(
            "payments",
            "Payments",
            ("Deadline", "Title", "Due", "Paid", "Verdict"),
            tuple((f"D{p.number}", p.title, p.due, p.paid, PAYMENT_WORDS[p.verdict]) for p in records.payments),
            "No payment was due in this period, as far as deadlines were tracked.",
            marks=True,
        ),
        Table(
            "gaps",
            "Asked about and not covered",
            ("Nearest clause", "Opening words", "Subject", "Times asked"),
            tuple(
                (gap.clause or "none", opening(review.agreement, gap.clause), gap.subject, gap.times)
                for gap in records.gaps
            ),
            "No question that the agreement does not cover was counted in this period.",
        ),
        _entries(review, nothing),
    )


def _figures(groups: Sequence[Group]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            group.name,
            group.title,
            group.tally.kept,
            group.tally.not_kept,
            group.tally.suggestions,
            group.tally.resolved,
            group.tally.no_action,
            group.tally.still_open,
            References(tuple(f"F{number}" for number in group.entries)),
        )
        for group in groups
    )


def _entries(review: Review, nothing: str) -> Table:
    return Table(
        "records",
        "The records",
        ("Number", "When", "Kind", "Clauses", "What happened", "About", "On behalf of", "Status", "Outcome"),
        tuple(
            (
                f"F{entry.number}",
                entry.happened_on,
                entry.kind,
                ", ".join(entry.clauses),
                entry.what,
                entry.about,
                entry.behalf,
                entry.state,
                entry.outcome,
            )
            for entry in review.entries
        ),
        nothing,
        marks=True,
    )
