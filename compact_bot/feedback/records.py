"""Reading what a review is made from: feedback and deadlines of an organisation and its partners in one period, and
its own gaps: what its people asked in vain is theirs."""

import gc
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Engine, Row, func, select
from sqlalchemy.orm import Session

from compact_bot.agreements import own_agreement
from compact_bot.feedback.periods import Period
from compact_bot.feedback.review import Consultation, Entry, Gap, Notice, Payment, Records, Review, make_review
from compact_bot.feedback.unanswered import SILENT
from compact_bot.store.scope import shared
from compact_bot.store.tables import (
    Deadline,
    Feedback,
    FeedbackClause,
    Milestone,
    Organisation,
    QuestionCount,
)
from knowledge.agreement import Agreement
from knowledge.rules import Kind, Rules

_Milestone: TypeAlias = Row[*tuple[Any, ...]]


def load_review(
    engine: Engine, agreement: Agreement, rules: Rules, organisation: str, period: Period, today: date
) -> Review:
    """An organisation's review, by the name that its door knows it by; empty for one that is unknown."""
    with Session(engine) as session, session.begin():
        found = session.scalar(select(Organisation).where(Organisation.name == organisation))
        if found is not None:
            own = own_agreement(session.connection(), found.id, agreement)
            return review_of(session, found, own, rules.under(own.name), period, today)
    return make_review(agreement, period, today, Records())


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Spare the garbage collector what it cannot free: walking a hundred thousand new records again and again.

    Measured on them: 1.9 s with it, 1.3 s without.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_nothing_to_collect()
def review_of(
    session: Session,
    organisation: Organisation,
    agreement: Agreement,
    rules: Rules,
    period: Period,
    today: date,
) -> Review:
    records = read_records(session, organisation.id, rules, period, today, agreement.chain)
    return make_review(agreement, period, today, records)


def read_records(
    session: Session, organisation_id: int, rules: Rules, period: Period, today: date, editions: Sequence[str] = ("",)
) -> Records:
    """What was logged and tracked, by partners too, under these editions: another agreement's clauses have other
    numbers."""
    notice, consultation, payment = (rules.summed(what) for what in ("notice", "consultation", "payment"))
    summed = [kind.name for kind in (notice, consultation, payment) if kind]
    deadlines = _deadlines(session, organisation_id, summed, editions)
    weeks = consultation.length.when.number if consultation and consultation.length else 0
    return Records(
        entries=_entries(session, organisation_id, period, editions),
        notices=list(_notices(notice, _of(deadlines, notice), period, today)),
        consultations=list(_consultations(weeks, _of(deadlines, consultation), period)),
        payments=list(_payments(_of(deadlines, payment), period, today)),
        gaps=_gaps(session, organisation_id, period, editions),
        weeks=weeks,
    )


def _of(deadlines: dict[str, list[list[_Milestone]]], kind: Kind | None) -> list[list[_Milestone]]:
    return deadlines.get(kind.name, []) if kind else []


def _entries(session: Session, organisation_id: int, period: Period, editions: Sequence[str]) -> list[Entry]:
    """By number, which for anonymous ones says nothing of when.

    Plain columns, sorted here: with a hundred thousand rows both databases take longer over it.
    """
    mine = shared(Feedback.organisation_id, organisation_id) & Feedback.happened_on.between(period.first, period.last)
    mine &= Feedback.edition.in_(editions)
    connection = session.connection()
    named: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for feedback_id, place, clause in connection.execute(
        select(FeedbackClause.feedback_id, FeedbackClause.place, FeedbackClause.clause)
        .join(Feedback, Feedback.id == FeedbackClause.feedback_id)
        .where(mine)
    ).all():
        named[feedback_id].append((place, clause))
    rows = connection.execute(
        select(
            Feedback.number,
            Feedback.kind,
            Feedback.what,
            Feedback.about,
            Feedback.behalf,
            Feedback.happened_on,
            Feedback.anonymous,
            Feedback.state,
            Feedback.outcome,
            Feedback.id,
        ).where(mine)
    ).all()
    entries = [Entry(*row[:9], tuple([clause for _, clause in sorted(named.get(row[9], ()))])) for row in rows]
    return sorted(entries, reverse=True)


def _deadlines(
    session: Session, organisation_id: int, kinds: Sequence[str], editions: Sequence[str]
) -> dict[str, list[list[_Milestone]]]:
    """By kind, each deadline that was not dropped as the rows of its milestones."""
    rows = (
        session.connection()
        .execute(
            select(
                Deadline.number,
                Deadline.kind,
                Deadline.title,
                Deadline.rationale,
                Milestone.name,
                Milestone.due_on,
                Milestone.done_on,
                Milestone.state,
            )
            .join(Milestone, Milestone.deadline_id == Deadline.id)
            .where(
                shared(Deadline.organisation_id, organisation_id),
                Deadline.edition.in_(editions),
                Deadline.state != "dropped",
                Deadline.kind.in_(kinds),
            )
            .order_by(Deadline.number)
        )
        .all()
    )
    by_number: dict[int, list[_Milestone]] = {}
    for row in rows:
        by_number.setdefault(row.number, []).append(row)
    found: defaultdict[str, list[list[_Milestone]]] = defaultdict(list)
    for deadline in by_number.values():
        found[deadline[0].kind].append(deadline)
    return found


def _in(period: Period, day: date) -> bool:
    return period.first <= day <= period.last


def _notices(
    kind: Kind | None, deadlines: Sequence[Sequence[_Milestone]], period: Period, today: date
) -> Iterator[Notice]:
    """Notice that was given in the period, or that should have been."""
    counted = kind.notices if kind else []
    if not counted:
        return
    least, most = counted[0], counted[-1]
    for rows in deadlines:
        milestones = {row.name: row for row in rows}
        minimum, best = milestones.get(least.name), milestones.get(most.name)
        if minimum is None:
            continue
        days = [row.done_on for row in (minimum, best) if row is not None and row.done_on]
        given = min(days, default=None)
        if not _in(period, given or minimum.due_on):
            continue
        best_day = best.due_on if best is not None and most is not least else None
        verdict = _notice_verdict(given, minimum.due_on, best_day, today)
        end = milestones.get(least.when.anchor)
        ends = end.due_on if end is not None else None
        yield Notice(minimum.number, minimum.title, ends, minimum.due_on, best_day, given, verdict, minimum.rationale)


def _notice_verdict(given: date | None, minimum: date, best: date | None, today: date) -> str:
    if given is None:
        return "none given" if minimum < today else "not due"
    if best is not None and given <= best:
        return "best practice"
    return "minimum" if given <= minimum else "short"


def _consultations(weeks: int, deadlines: Sequence[Sequence[_Milestone]], period: Period) -> Iterator[Consultation]:
    """Consultations that opened in the period, against the weeks that their clause names."""
    for rows in deadlines if weeks else ():
        row, due = rows[0], {row.name: row.due_on for row in rows}
        if "opens" in due and "closes" in due and _in(period, due["opens"]):
            days = (due["closes"] - due["opens"]).days
            enough = days >= 7 * weeks
            yield Consultation(row.number, row.title, due["opens"], due["closes"], days, enough, row.rationale)


def _payments(deadlines: Sequence[Sequence[_Milestone]], period: Period, today: date) -> Iterator[Payment]:
    """Payments that fell due in the period."""
    for rows in deadlines:
        for row in rows:
            if _in(period, row.due_on):
                yield Payment(row.number, row.title, row.due_on, row.done_on, _payment_verdict(row, today))


def _payment_verdict(row: _Milestone, today: date) -> str:
    if row.done_on:
        return "late" if row.done_on > row.due_on else "in time"
    return "unpaid" if row.due_on < today else "not due"


def _gaps(session: Session, organisation_id: int, period: Period, editions: Sequence[str]) -> list[Gap]:
    """What was asked in the months of the period that the agreement does not say: counts alone, never words."""
    times = func.sum(QuestionCount.times)
    rows = session.execute(
        select(QuestionCount.clause, QuestionCount.subject, times)
        .where(
            QuestionCount.organisation_id == organisation_id,
            QuestionCount.verdict == SILENT,
            QuestionCount.edition.in_(editions),
            QuestionCount.month.between(period.first.replace(day=1), period.last),
        )
        .group_by(QuestionCount.clause, QuestionCount.subject)
        .order_by(times.desc(), QuestionCount.clause, QuestionCount.subject)
    )
    return [Gap(*row) for row in rows]
