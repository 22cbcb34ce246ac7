"""What is said of deadlines: dates with their working, in plain words. Advice, never a ruling."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from compact_bot.answers import cite
from compact_bot.conversation import Button, Citation, Fact, Reply
from compact_bot.dates import counted, spoken, weeks_in_words
from compact_bot.deadlines.planning import Planned
from compact_bot.deadlines.steps import binds, headline, is_folded, kind_of, next_binding, open_steps
from compact_bot.store.tables import Change, Deadline, DeadlineState, Milestone, StepState
from compact_bot.understanding.acts import Done, List, OpenForm, Show, Snooze, Undo
from knowledge.agreement import Agreement
from knowledge.rules import Kind, Rules

SHOWN = 20  # deadlines in one list
DAYS_IN_WORDS = 14  # up to here "10 days left"; further off, weeks say more


def cited(agreement: Agreement, numbers: Sequence[str]) -> tuple[Citation, ...]:
    """Each clause once, in the order given."""
    found = (agreement.clause(number) for number in dict.fromkeys(numbers) if number)
    return tuple(cite(clause) for clause in found if clause)


def main_clauses(planned: Sequence[Planned]) -> list[str]:
    """The clauses that print a date first: they are what the person must keep."""
    return [one.rule.clause for one in sorted(planned, key=lambda one: one.rule.advised)]


def milestone_facts(planned: Sequence[Planned], today: date) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            one.title,
            f"{spoken(one.day)}{', already past' if one.day < today else ''}. "
            f"Working: {one.working}.{' ' + one.advice if one.advice else ''}",
        )
        for one in planned
    )


def already_past(planned: Sequence[Planned], today: date) -> str:
    """What is to mind of dates of the agreement's own that are past as they are tracked; "" where none is."""
    missed = (one for one in planned if one.day < today and not one.rule.advised)
    return " ".join(f"{one.title} was due on {spoken(one.day)}, which is past." for one in missed)


def example_of(kind: Kind) -> str:
    """A sentence that tracks one of a kind, with a date for each that it needs."""
    wanted = [asked for asked in kind.asks if not asked.optional] or list(kind.asks[:1])
    examples = ("31 March 2027", "30 June 2027")
    dates = [
        f"{asked.words[0] if asked.words else asked.name} {day}" for asked, day in zip(wanted, examples, strict=False)
    ]
    return f'track {kind.words[0]} "NAME" {" ".join(dates)}'


def saved(
    agreement: Agreement, deadline: Deadline, planned: Sequence[Planned], kind: Kind, today: date, change: int
) -> Reply:
    note = already_past(planned, today)
    ask = ""
    if shortfall := shorter_consultation(deadline, kind):
        note = f"{note} {shortfall}".strip()
        ask = "" if deadline.rationale else f" Please give the rationale: rationale {deadline.code} because ..."
    return Reply(
        f'Saved as {deadline.code}: "{deadline.title}". {owned(deadline.owner)}',
        citations=cited(agreement, main_clauses(planned))[:1],
        facts=milestone_facts(planned, today),
        note=note,
        source=agreement.about.source,
        next_step=f"When a step is done, type: done {deadline.code}. To take this back, type undo.{ask}",
        buttons=(Button(f"Show {deadline.code}", Show((deadline.number,))), Button("Undo", Undo(change))),
    )


def changed(deadlines: Sequence[Deadline], change: int) -> tuple[Button, ...]:
    """What can be pressed after a change: to look at it, and to take it back."""
    numbers = tuple(deadline.number for deadline in deadlines)
    named = deadlines[0].code if len(deadlines) == 1 else "them"
    return Button(f"Show {named}", Show(numbers)), Button("Undo", Undo(change))


def owned(owner: str) -> str:
    return f"Owner: {owner}." if owner else "It has no owner yet."


def shorter_consultation(deadline: Deadline, kind: Kind) -> str:
    """What to say when a consultation closes before the weeks that its clause names; "" when it does not."""
    rule = kind.length
    opens, closes = deadline.anchors.get(kind.opening), deadline.anchors.get(kind.closing)
    if rule is None or not opens or not closes:
        return ""
    days = (date.fromisoformat(closes[0]) - date.fromisoformat(opens[0])).days
    if days >= rule.when.number * 7:
        return ""
    why = f" The rationale kept is: {deadline.rationale}" if deadline.rationale else ""
    asks = f', which asks for "{rule.reason}"' if rule.reason else ""
    return (
        f"It is open for {weeks_in_words(days)}, shorter than the {rule.when.number} weeks of {rule.clause}{asks}.{why}"
    )


# ---- how far off ----------------------------------------------------------------------------------------------------


def how_far(day: date, today: date) -> str:
    """ "today", "tomorrow", "in 5 weeks 3 days", "4 days ago" """
    days = (day - today).days
    if days == 0:
        return "today"
    if days == 1:
        return "tomorrow"
    return f"in {weeks_in_words(days)}" if days > 0 else f"{weeks_in_words(-days)} ago"


def urgency(day: date, today: date) -> str:
    """ "today", "tomorrow", "3 days left", "5 weeks 3 days left", "overdue since Monday 23 November 2026" """
    days = (day - today).days
    if days < 0:
        return f"overdue since {spoken(day)}"
    if days < 2:
        return ("today", "tomorrow")[days]
    return f"{counted(days, 'day') if days <= DAYS_IN_WORDS else weeks_in_words(days)} left"


def due(step: Milestone, kind: Kind, today: date) -> str:
    """A step with its day and what that means today; advice is never called overdue."""
    if step.due_on >= today:
        return f"{step.title}, {spoken(step.due_on)}, {urgency(step.due_on, today)}"
    if binds(kind, step):
        return f"{step.title}, {urgency(step.due_on, today)}"
    return f"{step.title}, advised for {spoken(step.due_on)}, which is past"


# ---- one line each --------------------------------------------------------------------------------------------------


def one_line(deadline: Deadline, kind: Kind, today: date) -> Fact:
    """The date that binds first; then the next one where that is overdue, or what is advised before it."""
    label = f"{deadline.code}, {deadline.title}"
    owner = f" {owned(deadline.owner)}" if deadline.owner else ""
    first = headline(deadline, kind, today)
    if deadline.state is not DeadlineState.OPEN or first is None:
        return Fact(label, f"{deadline.state}.{owner}")
    if first.due_on < today and binds(kind, first):
        coming = next_binding(deadline, kind, today)
        then = f" Next: {due(coming, kind, today)}." if coming else ""
        return Fact(label, f"Overdue since {spoken(first.due_on)}: {first.title}.{then}{owner}")
    before = next((m for m in open_steps(deadline) if today <= m.due_on < first.due_on), None)
    sooner = f" Before it: {before.title}, {spoken(before.due_on)}." if before else ""
    following = "Next: " if first.due_on >= today else ""
    return Fact(label, f"{following}{due(first, kind, today)}.{sooner}{owner}")


def listed(deadlines: Sequence[Deadline], rules: Rules, heading: str, today: date) -> Reply:
    more = f" The first {SHOWN} are shown." if len(deadlines) > SHOWN else ""
    if not deadlines:
        return Reply(
            f"There are no {heading}.",
            next_step='To track one, type for example: track funding "Youth club grant" ends 31 March 2027',
        )
    return Reply(
        f"{heading[0].upper()}{heading[1:]}: {len(deadlines)}.{more}",
        facts=tuple(one_line(deadline, kind_of(rules, deadline), today) for deadline in deadlines[:SHOWN]),
        next_step=f"Type a number such as {deadlines[0].code} to see one with its history.",
        buttons=tuple(Button(f"Show {d.code}", Show((d.number,))) for d in deadlines[:4]),
    )


# ---- one deadline, whole --------------------------------------------------------------------------------------------


def shown(agreement: Agreement, deadline: Deadline, kind: Kind, today: date, zone: ZoneInfo) -> Reply:
    """One deadline whole: what is next, its milestones, then its history."""
    agreement = agreement.under(deadline.edition)
    first = headline(deadline, kind, today) if deadline.state is DeadlineState.OPEN else None
    rationale = f" Rationale: {deadline.rationale}" if deadline.rationale else ""
    quiet = deadline.snoozed_until
    snoozed = f" Quiet until {spoken(quiet)}." if quiet and quiet > today and first else ""
    head = f"{due(first, kind, today)}. " if first else ""
    number = deadline.code
    return Reply(
        f'{number}, "{deadline.title}": {head}{kind.title}, {deadline.state}. '
        f"{owned(deadline.owner)}{snoozed}{rationale}",
        citations=cited(agreement, [first.clause] if first else [])[:1],
        facts=(
            *(Fact(m.title, _step_said(deadline, m, kind, today)) for m in deadline.milestones),
            *(_change_said(change, zone) for change in deadline.changes[-SHOWN:]),
        ),
        note=f"{shorter_consultation(deadline, kind)} {last_shown(len(deadline.changes))}".strip(),
        source=agreement.about.source,
        next_step=f"Type done {number}, move {number} DATE, snooze {number} 1 week, or drop {number} because ..."
        if first
        else "Type deadlines to see what is open.",
        buttons=step_buttons(deadline.number, first.name, kind, today) if first else (),
    )


def last_shown(changes: int) -> str:
    return f"Of {changes} changes the last {SHOWN} are shown." if changes > SHOWN else ""


def _step_said(deadline: Deadline, step: Milestone, kind: Kind, today: date) -> str:
    if step.state is StepState.DONE:
        note = f" ({step.done_note})" if step.done_note else ""
        late = ""
        if step.done_on and step.done_on > step.due_on:
            late = f" Its last day was {spoken(step.due_on)}."
        return f"done on {spoken(step.done_on)}{note}.{late}" if step.done_on else "done."
    if step.state is StepState.MISSED:
        return f"missed: its day was {spoken(step.due_on)}."
    if step.state is StepState.PASSED:
        return f"{spoken(step.due_on)}, already past when it was tracked."
    if is_folded(deadline, kind, step, today):
        return f"{spoken(step.due_on)}, past, and not said to be done. It was advice."
    clause = f" Clause {step.clause}." if step.clause else ""
    said = due(step, kind, today).removeprefix(f"{step.title}, ")
    return f"{said}.{clause}"


def _change_said(change: Change, zone: ZoneInfo) -> Fact:
    at = change.at.astimezone(zone)
    return Fact(f"{spoken(at.date())} {at:%H:%M}, {change.who}", f"{change.what}, from {change.platform}")


def step_buttons(number: int, step: str, kind: Kind, today: date) -> tuple[Button, ...]:
    """What can be pressed on a deadline and one of its steps. How and when it went in writing is asked in a form."""
    rule = kind.milestone(step)
    marks = OpenForm("done", f"D{number} {step}") if rule and rule.written else Done((number,), step)
    return (
        Button("Mark done", marks),
        Button("Snooze 1 week", Snooze((number,), today + timedelta(weeks=1))),
        Button("Change date", OpenForm("move", f"D{number}")),
        Button("Not needed", OpenForm("drop", f"D{number}")),
    )


ALL_DEADLINES = Button("All deadlines", List())
