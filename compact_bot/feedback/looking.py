"""Feedback to look at on a page: sifted and by the page. What it shows of each is what every colleague may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Engine, func, select
from sqlalchemy.orm import Session

from compact_bot.feedback.log import code
from compact_bot.feedback.replies import KINDS_SAID, clause_names
from compact_bot.partnership.names import holder_said, read_for
from compact_bot.store.records import organisation_called
from compact_bot.store.scope import shared
from compact_bot.store.tables import Feedback, FeedbackClause, Organisation
from compact_bot.understanding.acts import FeedbackKind, FeedbackState
from knowledge.agreement import Agreement

ON_A_PAGE = 25


@dataclass(frozen=True)
class Sifting:
    """What feedback is wanted; "" for any."""

    state: str = ""
    kind: str = ""
    clause: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class Entry:
    code: str
    what: str
    kind: str
    clauses: str
    about: str
    happened_on: date
    state: str
    outcome: str
    holder: str  # the organisation where it was logged, among partners


@dataclass(frozen=True)
class Found:
    """`counts` are those of the sifted entries in each state, on whichever page they stand."""

    sifting: Sifting
    counts: Mapping[str, int]
    entries: tuple[Entry, ...]

    @property
    def total(self) -> int:
        return sum(count for state, count in self.counts.items() if self.sifting.state in ("", state))

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // ON_A_PAGE))


def look_at_feedback(engine: Engine, name: str, agreement: Agreement, sifting: Sifting) -> Found:
    """Of the organisation with this name and its partners, the newest first; by the day alone, which says nothing of
    who sent it."""
    with Session(engine) as session, session.begin():
        ours = organisation_called(session.connection(), name)
        read_for(session, ours.id)
        wanted = _conditions(ours, agreement, sifting)
        counted = select(Feedback.state, func.count()).where(*wanted).group_by(Feedback.state)
        counts = {FeedbackState(state): count for state, count in session.execute(counted)}
        page = select(Feedback).where(*wanted)
        if sifting.state:
            page = page.where(Feedback.state == FeedbackState(sifting.state))
        page = page.order_by(Feedback.logged_on.desc(), Feedback.number.desc())
        found = session.scalars(page.limit(ON_A_PAGE).offset((sifting.page - 1) * ON_A_PAGE))
        return Found(sifting, {state.value: counts.get(state, 0) for state in FeedbackState}, tuple(map(_entry, found)))


def _entry(feedback: Feedback) -> Entry:
    return Entry(
        code(feedback),
        feedback.what,
        KINDS_SAID[feedback.kind],
        clause_names(feedback),
        feedback.about,
        feedback.happened_on,
        feedback.state.value,
        feedback.outcome,
        holder_said(feedback),
    )


def _conditions(ours: Organisation, agreement: Agreement, sifting: Sifting) -> list[ColumnElement[bool]]:
    wanted = [shared(Feedback.organisation_id, ours.id)]
    if sifting.kind:
        wanted.append(Feedback.kind == FeedbackKind(sifting.kind))
    if sifting.words:
        wanted.append(
            Feedback.what.icontains(sifting.words, autoescape=True)
            | Feedback.about.icontains(sifting.words, autoescape=True)
        )
    if sifting.clause:
        clause = agreement.clause(sifting.clause)
        under = [clause.number, *(one.number for one in agreement.descendants(clause.number))] if clause else []
        named = select(FeedbackClause.feedback_id).where(FeedbackClause.clause.in_(under))
        wanted.append(Feedback.id.in_(named))
    return wanted
