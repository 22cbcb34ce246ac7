"""What is said of deadlines: dates with their working, in plain words. Advice, never a ruling."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from compact_bot.answers import cite
from compact_bot.conversation import Button, Citation, Fact, Reply, Row, Table
from compact_bot.dates import counted, spoken, weeks_in_words
from compact_bot.deadlines.planning import Planned
from compact_bot.deadlines.steps import (
    binds,
    ended_on,
    headline,
    is_folded,
    is_late,
    is_overdue,
    kind_of,
    next_binding,
    open_steps,
)
from compact_bot.partnership.names import doer_said, owner_said, what_said
from compact_bot.store.tables import Change, Deadline, DeadlineState, Milestone, StepState
from compact_bot.understanding.acts import Done, List, LookUp, OpenForm, Part, Show, Snooze, Undo, Which
from knowledge.agreement import Agreement
from knowledge.rules import Kind, Rules

SHOWN = 20  # changes of one deadline
ON_A_PAGE = 5  # deadlines of a list
MOST_STEPS = 8  # in the table of one deadline; its working holds them all
SOON_WITHIN = timedelta(days=30)
OVERDUE, SOON, LATER, ENDED = "Overdue", "Next 30 days", "Later", "Ended"
LIST_COLUMNS = ("When", "What", "Step", "Owner")
STEP_COLUMNS = ("When", "Step")
NOT_NEEDED = "Not needed"
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


def step_table(planned: Sequence[Planned], today: date) -> tuple[Table, ...]:
    """What would be tracked: each day to come with its step, what it is counted from, and what to mind about it."""
    coming = [one for one in planned if one.day >= today]
    rows = []
    for one in coming[:MOST_STEPS]:
        cell = _step_cell(one.title, one.rule.clause, one.rule.advised, one)
        rows.append(Row((spoken(one.day), f"{cell}\n{one.counted_from}".rstrip())))
    heading = f"The first {MOST_STEPS} of {len(coming)} steps" if len(coming) > MOST_STEPS else ""
    return (Table(STEP_COLUMNS, tuple(rows), heading),) if rows else ()


def advice_past(planned: Sequence[Planned], today: date) -> str:
    """How much of what is only advised is past as it is tracked; "" where nothing is."""
    past = [one for one in planned if one.day < today and one.rule.advised]
    return f"{counted(len(past), 'piece')} of advice would be past already." if past else ""


def saved(deadline: Deadline, planned: Sequence[Planned], kind: Kind, today: date, change: int) -> Reply:
    note = f"{already_past(planned, today)} {shorter_consultation(deadline, kind)}".strip()
    asks = not deadline.rationale and bool(shorter_consultation(deadline, kind))
    return Reply(
        f'Saved as {deadline.code}: "{deadline.title}". {owned(owner_said(deadline))}\n'
        f"Next: {_next_said(deadline, kind, today)}\n{_end_said(deadline, kind, today)}".rstrip(),
        tables=open_table(deadline, kind, planned, today),
        note=note,
        next_step=f"Please give the rationale: rationale {deadline.code} because ..." if asks else "",
        typed=f"When a step is done, type: done {deadline.code}. To take this back, type undo.",
        buttons=(*looking(deadline, kind, today), Button("Undo", Undo(change))),
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
    if is_late(kind, step.name, step.due_on, today):
        return f"{step.title}, {urgency(step.due_on, today)}"
    if binds(kind, step):
        return f"{step.title}, {spoken(step.due_on)}, which is past"
    return f"{step.title}, advised for {spoken(step.due_on)}, which is past"


# ---- one line each --------------------------------------------------------------------------------------------------


def one_line(deadline: Deadline, kind: Kind, today: date) -> Fact:
    """The date that binds first; then the next one where that is overdue, or what is advised before it."""
    label = f"{deadline.code}, {deadline.title}"
    owner = f" {owned(owner_said(deadline))}" if owner_said(deadline) else ""
    first = headline(deadline, kind, today)
    if deadline.state is not DeadlineState.OPEN or first is None:
        return Fact(label, f"{deadline.state}.{owner}")
    if ended := ended_on(deadline, kind, today):
        missed = [m.title for m in open_steps(deadline) if is_late(kind, m.name, m.due_on, today)]
        undone = f" Never said to be done: {'; '.join(missed)}." if missed else ""
        return Fact(label, f"Ended on {spoken(ended)}.{undone}{owner}")
    if first.due_on < today and binds(kind, first):
        coming = next_binding(deadline, kind, today)
        then = f" Next: {due(coming, kind, today)}." if coming else ""
        return Fact(label, f"Overdue since {spoken(first.due_on)}: {first.title}.{then}{owner}")
    before = next((m for m in open_steps(deadline) if today <= m.due_on < first.due_on), None)
    sooner = f" Before it: {before.title}, {spoken(before.due_on)}." if before else ""
    following = "Next: " if first.due_on >= today else ""
    return Fact(label, f"{following}{due(first, kind, today)}.{sooner}{owner}")


def row(deadline: Deadline, kind: Kind, today: date) -> Row:
    """One line of a list: the date that binds next, what it is, its step, whose it is, and what can be done."""
    owner = owner_said(deadline) or "Nobody yet"
    name, opens = f"{deadline.code}, {deadline.title}", Button(f"Open {deadline.code}", Show((deadline.number,)))
    first = headline(deadline, kind, today) if deadline.state is DeadlineState.OPEN else None
    if first is None:
        return Row((str(deadline.state).capitalize(), name, "", owner), (opens,))
    offers = [one for one in step_buttons(deadline.number, first.name, kind, today) if one.label != NOT_NEEDED]
    if ended := ended_on(deadline, kind, today):
        missed = [m.title for m in open_steps(deadline) if is_late(kind, m.name, m.due_on, today)]
        undone = f"Never said to be done: {'; '.join(missed)}" if missed else "Nothing is left to do"
        return Row((f"{spoken(ended)}\nended", name, undone, owner), (*offers, opens))
    when = spoken(first.due_on)
    if first.due_on < today and not binds(kind, first):
        when = f"{when}\nadvised, past"
    elif 0 <= (first.due_on - today).days <= DAYS_IN_WORDS:
        when = f"{when}\n{urgency(first.due_on, today)}"
    return Row((when, name, first.title, owner), (*offers, opens))


def in_sections(deadlines: Sequence[Deadline], rules: Rules, today: date) -> tuple[Table, ...]:
    """Rows under Overdue, Next 30 days and Later, in the order given."""
    sections: dict[str, list[Row]] = {OVERDUE: [], SOON: [], LATER: [], ENDED: []}
    for deadline in deadlines:
        kind = kind_of(rules, deadline)
        sections[_section(deadline, kind, today)].append(row(deadline, kind, today))
    return tuple(Table(LIST_COLUMNS, tuple(rows), heading) for heading, rows in sections.items() if rows)


def _section(deadline: Deadline, kind: Kind, today: date) -> str:
    first = headline(deadline, kind, today) if deadline.state is DeadlineState.OPEN else None
    if first is None or ended_on(deadline, kind, today):
        return ENDED
    if is_overdue(deadline, kind, today):
        return OVERDUE
    return SOON if first.due_on <= today + SOON_WITHIN else LATER


def listed(deadlines: Sequence[Deadline], rules: Rules, heading: str, today: date, act: List | None = None) -> Reply:
    """A page of a list, or all that were named one by one."""
    if not deadlines:
        return Reply(
            f"There are no {heading}.",
            next_step='To track one, type for example: track funding "Youth club grant" ends 31 March 2027',
        )
    pages = -(-len(deadlines) // ON_A_PAGE)
    page = min(max(act.page, 1), pages) if act else 1
    first = (page - 1) * ON_A_PAGE if act else 0
    shown = deadlines[first : first + ON_A_PAGE] if act else deadlines
    late = sum(is_overdue(deadline, kind_of(rules, deadline), today) for deadline in deadlines)
    overdue = f", {late} of them overdue" if late and act and act.which is not Which.OVERDUE else ""
    part = f" Here are {first + 1} to {first + len(shown)}." if len(shown) < len(deadlines) else ""
    coming = (Button("Next", replace(act, page=page + 1)),) if act and page < pages else ()
    following = f" For the next ones, type: {coming[0].says}" if coming else ""
    return Reply(
        f"{heading[0].upper()}{heading[1:]}: {len(deadlines)}{overdue}.{part}",
        tables=in_sections(shown, rules, today),
        typed=f"Type a number such as {shown[0].code} to see one.{following}",
        buttons=coming,
    )


# ---- one deadline ---------------------------------------------------------------------------------------------------


def shown(deadline: Deadline, kind: Kind, planned: Sequence[Planned], today: date) -> Reply:
    """What is next and the end, in two lines; then the steps that are still to come. The rest is a press away."""
    first = headline(deadline, kind, today) if deadline.state is DeadlineState.OPEN else None
    quiet = deadline.snoozed_until
    snoozed = f"Quiet until {spoken(quiet)}." if quiet and quiet > today and first else ""
    rationale = f"Rationale: {deadline.rationale}" if deadline.rationale else ""
    number, folded = deadline.code, len(_past_steps(deadline, kind, today))
    notes = (
        shorter_consultation(deadline, kind) or rationale,
        f"{counted(folded, 'past step')} folded away: see the history." if folded else "",
    )
    head = _next_said(deadline, kind, today) if first else f"{kind.title}, {deadline.state}."
    lines = (_end_said(deadline, kind, today) if first else "", owned(owner_said(deadline)), snoozed)
    return Reply(
        f'{number}, "{deadline.title}": {head}\n{" ".join(filter(None, lines))}',
        tables=open_table(deadline, kind, planned, today) if first else (),
        note=" ".join(filter(None, notes)),
        typed=f"Type done {number}, move {number} DATE, snooze {number} 1 week, or drop {number} because ... "
        f"For more, type {number} working, or {number} history."
        if first
        else f"Type {number} history, or deadlines to see what is open.",
        buttons=(
            *(step_buttons(deadline.number, first.name, kind, today) if first else ()),
            *looking(deadline, kind, today),
            Button("History", Show((deadline.number,), Part.HISTORY)),
        ),
    )


def worked_out(deadline: Deadline, planned: Sequence[Planned], today: date) -> Reply:
    """How each of its dates was counted."""
    clauses = list(dict.fromkeys(one.rule.clause for one in planned if one.rule.clause))
    reading = f", or a number such as {clauses[0]} to read a clause" if clauses else ""
    return Reply(
        f'{deadline.code}, "{deadline.title}": how its dates were counted.',
        facts=milestone_facts(planned, today),
        typed=f"Type {deadline.code} to see what is next{reading}.",
        buttons=(
            *(Button(f"Read {clause}", LookUp((clause,))) for clause in clauses[:3]),
            Button(f"Show {deadline.code}", Show((deadline.number,))),
        ),
    )


def history(deadline: Deadline, kind: Kind, today: date, zone: ZoneInfo) -> Reply:
    """The steps that are past, then who changed what and when."""
    past = _past_steps(deadline, kind, today)
    return Reply(
        f'{deadline.code}, "{deadline.title}": {"its past steps, and " if past else ""}who changed what.',
        facts=(
            *(Fact(m.title, _past_said(m)) for m in past),
            *(_change_said(change, zone) for change in deadline.changes[-SHOWN:]),
        ),
        note=last_shown(len(deadline.changes)),
        typed=f"Type {deadline.code} to see what is next.",
        buttons=(Button(f"Show {deadline.code}", Show((deadline.number,))),),
    )


def looking(deadline: Deadline, kind: Kind, today: date) -> tuple[Button, ...]:
    """What stands behind a deadline: how its dates were counted, and the clause of the next one."""
    first = headline(deadline, kind, today) or next(iter(deadline.milestones), None)
    clause = (Button(f"Read {first.clause}", LookUp((first.clause,))),) if first and first.clause else ()
    return (Button("Show the working", Show((deadline.number,), Part.WORKING)), *clause)


def _next_said(deadline: Deadline, kind: Kind, today: date) -> str:
    """What is next and by when; where that is overdue, what binds after it too."""
    first = headline(deadline, kind, today)
    if first is None:
        return ""
    coming = next_binding(deadline, kind, today) if first.due_on < today else None
    then = f" Then: {due(coming, kind, today)}." if coming and coming is not first else ""
    return f"{due(first, kind, today)}.{then}"


def _end_said(deadline: Deadline, kind: Kind, today: date) -> str:
    """The last of its steps, where that is not the next one too."""
    last = open_steps(deadline)[-1:]
    if not last or last[0] is headline(deadline, kind, today):
        return ""
    return f"Last: {last[0].title}, {spoken(last[0].due_on)}."


def open_table(deadline: Deadline, kind: Kind, planned: Sequence[Planned], today: date) -> tuple[Table, ...]:
    """The steps that still matter, in order of their days."""
    counted_as = {one.name: one for one in planned}
    rows = []
    for step in open_steps(deadline):
        if is_folded(deadline, kind, step, today):
            continue
        rule = kind.milestone(step.name)
        advised = bool(rule and rule.advised)
        past = "" if step.due_on >= today else "\noverdue" if binds(kind, step) else "\npast"
        cell = _step_cell(step.title, step.clause, advised, counted_as.get(step.name))
        rows.append(Row((f"{spoken(step.due_on)}{past}", cell)))
    heading = f"The next {MOST_STEPS} of {len(rows)} steps" if len(rows) > MOST_STEPS else ""
    return (Table(STEP_COLUMNS, tuple(rows[:MOST_STEPS]), heading),) if rows else ()


def _step_cell(title: str, clause: str, advised: bool, planned: Planned | None) -> str:
    """ "Minimum notice, in writing (3.4.4)", and below it what to mind: that its day is a day off."""
    told = ", ".join(filter(None, (clause, "advised" if advised else "")))
    mind = f"\n{planned.to_mind}" if planned and planned.to_mind else ""
    return f"{title} ({told}){mind}" if told else f"{title}{mind}"


def _past_steps(deadline: Deadline, kind: Kind, today: date) -> list[Milestone]:
    return [m for m in deadline.milestones if m.state is not StepState.OPEN or is_folded(deadline, kind, m, today)]


def last_shown(changes: int) -> str:
    return f"Of {changes} changes the last {SHOWN} are shown." if changes > SHOWN else ""


def _past_said(step: Milestone) -> str:
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
    return f"{spoken(step.due_on)}, past, and not said to be done. It was advice."


def _change_said(change: Change, zone: ZoneInfo) -> Fact:
    at = change.at.astimezone(zone)
    where = "this machine" if change.platform in ("console", "web") else change.platform
    return Fact(f"{spoken(at.date())} {at:%H:%M}, {doer_said(change)}", f"{what_said(change)}, from {where}")


def step_buttons(number: int, step: str, kind: Kind, today: date) -> tuple[Button, ...]:
    """What can be pressed on a deadline and one of its steps. How and when it went in writing is asked in a form."""
    rule = kind.milestone(step)
    marks = OpenForm("done", f"D{number} {step}") if rule and rule.written else Done((number,), step)
    return (
        Button("Mark done", marks),
        Button("Snooze 1 week", Snooze((number,), today + timedelta(weeks=1))),
        Button("Change date", OpenForm("move", f"D{number}")),
        Button(NOT_NEEDED, OpenForm("drop", f"D{number}")),
    )


ALL_DEADLINES = Button("All deadlines", List())
