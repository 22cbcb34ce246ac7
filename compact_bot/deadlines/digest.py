"""The weekly digest: what is due, what is overdue, and funding that ends within 6 months without a notice plan."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from compact_bot.conversation import Fact, Reply
from compact_bot.dates import add_months, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.planning import due_at, notice_rules
from compact_bot.deadlines.steps import headline, is_overdue, kind_of
from compact_bot.store.tables import Deadline, Nudge, NudgeState, OrganisationSettings, StepState
from knowledge.rules import Kind, Rules

DUE_WITHIN = timedelta(days=14)


def next_digest(settings: OrganisationSettings, after: datetime) -> date:
    """The local date of the first digest after a moment."""
    day = after.astimezone(ZoneInfo(settings.timezone)).date()
    while day.weekday() != settings.digest_weekday or due_at(day, settings.digest_at, settings.timezone) <= after:
        day += timedelta(days=1)
    return day


def plan_digest(session: Session, settings: OrganisationSettings, after: datetime) -> None:
    """See that exactly one digest waits for an organisation that wants it: a nudge of no milestone and no feedback."""
    if settings.digest_weekday is None:
        cancel_digest(session, settings, after)
        return
    day = next_digest(settings, after)
    when = due_at(day, settings.digest_at, settings.timezone)
    cancel_digest(session, settings, after)
    session.add(
        Nudge(
            organisation_id=settings.organisation_id,
            milestone_id=None,
            platform=settings.platform,
            route=settings.route,
            planned_for=day,
            due_at=when,
            state=NudgeState.WAITING,
        )
    )


def cancel_digest(session: Session, settings: OrganisationSettings, after: datetime | None = None) -> None:
    """No digest waits any more; with `after`, one that is due by then still goes out."""
    waiting = session.scalars(
        select(Nudge).where(
            Nudge.organisation_id == settings.organisation_id,
            Nudge.milestone_id.is_(None),
            Nudge.feedback_id.is_(None),
            Nudge.state == NudgeState.WAITING,
        )
    )
    for nudge in waiting:
        if after is None or nudge.due_at > after:
            nudge.state = NudgeState.CANCELLED


def digest_reply(deadlines: Sequence[Deadline], rules: Rules, today: date) -> Reply:
    """By the date that binds next; advice that went by is neither due nor overdue."""
    due, overdue, unplanned = [], [], []
    for deadline in deadlines:
        kind = kind_of(rules, deadline)
        first = headline(deadline, kind, today)
        if is_overdue(deadline, kind, today):
            overdue.append(replies.one_line(deadline, kind, today))
        elif first and today <= first.due_on <= today + DUE_WITHIN:
            due.append(replies.one_line(deadline, kind, today))
        if (ends := _ends_without_notice(deadline, kind, today)) is not None:
            unplanned.append(Fact(f"{deadline.code}, {deadline.title}", f"ends on {spoken(ends)}."))
    if not (due or overdue or unplanned):
        return Reply(
            "This week nothing is due or overdue.", next_step="Type deadlines to see everything that is tracked."
        )
    lists = {
        "Overdue": overdue,
        "Due within 2 weeks": due,
        "Funding that ends within 6 months, no notice given": unplanned,
    }
    facts = [fact for label, found in lists.items() if found for fact in _listed(label, found)]
    return Reply(
        f"Compact deadlines this week: {len(overdue)} overdue, {len(due)} due within 2 weeks, "
        f"{len(unplanned)} with funding that ends within 6 months and no notice given.",
        facts=tuple(facts),
        next_step="Type a number such as D1 to see one. To change the day, type: digest on Mondays 09:30",
    )


def _listed(label: str, found: Sequence[Fact]) -> list[Fact]:
    more = f"{len(found)}, of which the first {replies.SHOWN} are shown" if len(found) > replies.SHOWN else len(found)
    return [Fact(label, str(more)), *found[: replies.SHOWN]]


def _ends_without_notice(deadline: Deadline, kind: Kind, today: date) -> date | None:
    """When something ends within half a year for which the agreement dates a notice, and none was given."""
    notices = notice_rules(kind)
    days = deadline.anchors.get(notices[0].when.anchor) if notices else None
    if not days:
        return None
    ends, names = date.fromisoformat(days[0]), {rule.name for rule in notices}
    given = any(m.state is StepState.DONE for m in deadline.milestones if m.name in names)
    return ends if today <= ends <= add_months(today, 6) and not given else None
