"""What is said of deadlines: dates with their working, in plain words. Advice, never a ruling."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from compact_bot.answers import cite
from compact_bot.conversation import Button, Citation, Fact, Reply
from compact_bot.dates import add_months, counted, period_in_words, spoken, weeks_in_words
from compact_bot.deadlines.planning import Planned, inside, notice_verdict, short
from compact_bot.deadlines.sentences import Tracked
from compact_bot.store.tables import Deadline, Milestone
from knowledge.agreement import Agreement
from knowledge.rules import Kind

SHOWN = 20  # deadlines in one list


def code(deadline: Deadline) -> str:
    return f"D{deadline.number}"


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


def what_if(agreement: Agreement, tracked: Tracked, planned: Sequence[Planned], today: date) -> Reply:
    """The dates that would follow; nothing is saved."""
    counted_back = [one for one in planned if not one.rule.advised and one.rule.when.number]
    lead = " ".join(
        f"{one.title}: by {spoken(one.day)}{', already past' if one.day < today else ''}."
        for one in sorted(counted_back, key=lambda one: -one.rule.when.number)
    )
    return Reply(
        f"{lead} Nothing is saved.",
        citations=cited(agreement, main_clauses(planned))[:1],
        facts=milestone_facts(planned, today),
        source=agreement.about.source,
        next_step=f"To track it with nudges, press Track, or type: {tracked.sentence()}",
        buttons=(Button("Track", tracked.sentence()),),
    )


def confirm(agreement: Agreement, tracked: Tracked, planned: Sequence[Planned], today: date) -> Reply:
    """The dates as read, echoed before anything is saved."""
    read = [f"{tracked.kind.asked(name).label} {spoken(day)}" for name, days in tracked.given.items() for day in days]
    other = " ".join(f"If you meant {spoken(day)}, say that date instead." for day in tracked.others.values())
    return Reply(
        f'I read that as "{tracked.title}": {"; ".join(read)}. Nothing is saved yet. {other}'.strip(),
        citations=cited(agreement, main_clauses(planned))[:1],
        facts=milestone_facts(planned, today),
        next_step="Type yes to save it, or no to leave it. To change it, say it again with another date.",
        buttons=(Button("Save", tracked.sentence()), Button("Leave it", "no")),
    )


def saved(agreement: Agreement, deadline: Deadline, planned: Sequence[Planned], kind: Kind, today: date) -> Reply:
    missed = [one for one in planned if one.day < today and not one.rule.advised]
    note = " ".join(f"{one.title} was due on {spoken(one.day)}, which is past." for one in missed)
    ask = ""
    if shortfall := shorter_consultation(deadline, kind):
        note = f"{note} {shortfall}".strip()
        ask = "" if deadline.rationale else f" Please give the rationale: rationale {code(deadline)} because ..."
    return Reply(
        f'Saved as {code(deadline)}: "{deadline.title}". {owned(deadline.owner)} '
        "I will nudge here before each date until someone says it is done.",
        citations=cited(agreement, main_clauses(planned))[:1],
        facts=milestone_facts(planned, today),
        note=note,
        source=agreement.about.source,
        next_step=f"When a step is done, type: done {code(deadline)}. To take this back, type undo.{ask}",
        buttons=(Button(f"Show {code(deadline)}", code(deadline)), Button("Undo", "undo")),
    )


def is_owner(deadline: Deadline, name: str) -> bool:
    return deadline.owner.casefold().lstrip("@") == name.casefold().lstrip("@")


def owned(owner: str) -> str:
    return f"Owner: {owner}." if owner else "It has no owner yet."


def shorter_consultation(deadline: Deadline, kind: Kind) -> str:
    """What to say when a consultation closes before the weeks that its clause names; "" when it does not."""
    rule = next((r for r in kind.milestones if r.when.unit == "week" and not r.advised), None)
    if rule is None or "opens" not in deadline.anchors or "closes" not in deadline.anchors:
        return ""
    opens, closes = (date.fromisoformat(deadline.anchors[name][0]) for name in ("opens", "closes"))
    days = (closes - opens).days
    if days >= rule.when.number * 7:
        return ""
    why = f" The rationale kept is: {deadline.rationale}" if deadline.rationale else ""
    return (
        f"It is open for {weeks_in_words(days)}, shorter than the {rule.when.number} weeks of {rule.clause}, which "
        f"asks for a clear explanation and rationale for a shorter one.{why}"
    )


def notice_checked(agreement: Agreement, kind: Kind, given: date, end: date) -> Reply:
    """How much notice lies between two dates, beside what the clause asks for."""
    verdicts = notice_verdict(kind, given, end)
    period = period_in_words(given, end)
    facts = []
    for rule, in_time in verdicts:
        months = -rule.when.number
        day = add_months(end, -months)
        facts.append(
            Fact(
                rule.title,
                f"{counted(months, 'month')} before {spoken(end)} is {spoken(day)}: "
                f"{'in time' if in_time else 'too late'}.",
            )
        )
    least = min(verdicts, key=lambda verdict: -verdict[0].when.number)
    short_of = not least[1]
    text = f"From {spoken(given)} to {spoken(end)} is {period}"
    text += (
        f": short of the minimum in {least[0].clause}." if short_of else f": it meets the minimum in {least[0].clause}."
    )
    ask = (
        'The clause allows for less only "in exceptional circumstances", and asks for "a clear rationale". '
        "What is the exception, and what is the rationale? "
        f'To keep them: track {kind.words[0]} "NAME" ends {short(end)} because ...'
        if short_of
        else f'To track it, type: track {kind.words[0]} "NAME" ends {short(end)}'
    )
    return Reply(
        text,
        citations=cited(agreement, [least[0].clause]),
        facts=tuple(facts),
        source=agreement.about.source,
        next_step=ask,
    )


def consultation_checked(agreement: Agreement, kind: Kind, opens: date, closes: date) -> Reply:
    rule = next(r for r in kind.milestones if r.when.unit == "week" and not r.advised)
    days, wanted = (closes - opens).days, rule.when.number * 7
    full = opens + timedelta(days=wanted)
    text = f"From {spoken(opens)} to {spoken(closes)} is {weeks_in_words(days)}"
    if days < wanted:
        text += f": {weeks_in_words(wanted - days)} short of the {rule.when.number} weeks in {rule.clause}."
    else:
        text += f": it meets the {rule.when.number} weeks in {rule.clause}."
    within = inside(opens, closes)
    note = ""
    if within:
        note = (
            f"Inside it lie: {', '.join(within)}. The {agreement.about.short} gives no extension for these, "
            "so this is only advice: think about allowing more time."
        )
    return Reply(
        text,
        citations=cited(agreement, [rule.clause]),
        facts=(
            Fact(f"{rule.when.number} weeks ({wanted} days) from {spoken(opens)}", spoken(full)),
            Fact("Days open", str(days)),
        ),
        note=note,
        source=agreement.about.source,
        next_step="A shorter one needs its rationale. To keep it, type: "
        f'track consultation "NAME" opens {short(opens)} '
        f"closes {short(closes)} because ..."
        if days < wanted
        else f'To track it, type: track consultation "NAME" opens {short(opens)} closes {short(closes)}',
    )


def next_open(deadline: Deadline) -> Milestone | None:
    return min((m for m in deadline.milestones if m.state == "open"), key=lambda m: m.due_on, default=None)


def how_far(day: date, today: date) -> str:
    """ "today", "tomorrow", "in 5 weeks 3 days", "4 days ago" """
    days = (day - today).days
    if days == 0:
        return "today"
    if days == 1:
        return "tomorrow"
    return f"in {weeks_in_words(days)}" if days > 0 else f"{weeks_in_words(-days)} ago"


def one_line(deadline: Deadline, today: date) -> Fact:
    upcoming = next_open(deadline)
    owner = f" Owner: {deadline.owner}." if deadline.owner else ""
    if deadline.state != "open" or upcoming is None:
        return Fact(f"{code(deadline)}, {deadline.title}", f"{deadline.state}.{owner}")
    late = "Overdue" if upcoming.due_on < today else "Next"
    return Fact(
        f"{code(deadline)}, {deadline.title}",
        f"{late}: {upcoming.title}, {spoken(upcoming.due_on)}, {how_far(upcoming.due_on, today)}.{owner}",
    )


def listed(deadlines: Sequence[Deadline], heading: str, today: date) -> Reply:
    more = f" The first {SHOWN} are shown." if len(deadlines) > SHOWN else ""
    if not deadlines:
        return Reply(
            f"There are no {heading}.",
            next_step='To track one, type for example: track funding "Youth club grant" ends 31 March 2027',
        )
    return Reply(
        f"{heading[0].upper()}{heading[1:]}: {len(deadlines)}.{more}",
        facts=tuple(one_line(deadline, today) for deadline in deadlines[:SHOWN]),
        next_step=f"Type a number such as {code(deadlines[0])} to see one with its history.",
        buttons=tuple(Button(f"Show {code(d)}", code(d)) for d in deadlines[:4]),
    )


def shown(agreement: Agreement, deadline: Deadline, kind: Kind, today: date, zone: ZoneInfo) -> Reply:
    """One deadline whole: its milestones, then its history."""
    facts = []
    for m in deadline.milestones:
        if m.state == "done":
            note = f" ({m.done_note})" if m.done_note else ""
            facts.append(Fact(m.title, f"done on {spoken(m.done_on)}{note}." if m.done_on else "done."))
        elif m.state == "passed":
            facts.append(Fact(m.title, f"{spoken(m.due_on)}, already past when it was tracked."))
        else:
            clause = f" Clause {m.clause}." if m.clause else ""
            facts.append(Fact(m.title, f"{spoken(m.due_on)}, {how_far(m.due_on, today)}.{clause}"))
    facts += [
        Fact(
            f"{spoken(change.at.astimezone(zone).date())} {change.at.astimezone(zone):%H:%M}, {change.who}",
            f"{change.what}, from {change.platform}",
        )
        for change in deadline.changes[-SHOWN:]
    ]
    rationale = f" Rationale: {deadline.rationale}" if deadline.rationale else ""
    number = code(deadline)
    return Reply(
        f'{number} is "{deadline.title}", {kind.title[0].lower()}{kind.title[1:]}: {deadline.state}. '
        f"{owned(deadline.owner)}{rationale}",
        citations=cited(agreement, [m.clause for m in deadline.milestones if m.state == "open"])[:1],
        facts=tuple(facts),
        note=f"{shorter_consultation(deadline, kind)} {last_shown(len(deadline.changes))}".strip(),
        source=agreement.about.source,
        next_step=f"Type done {number}, move {number} DATE, snooze {number} 1 week, or drop {number} because ...",
        buttons=buttons_for(number) if deadline.state == "open" else (),
    )


def last_shown(changes: int) -> str:
    return f"Of {changes} changes the last {SHOWN} are shown." if changes > SHOWN else ""


def buttons_for(code: str, milestone: str = "") -> tuple[Button, ...]:
    """What can be pressed on a deadline, and on one of its milestones by name."""
    return (
        Button("Mark done", f"done {code} {milestone}".strip()),
        Button("Snooze 1 week", f"snooze {code} 1 week"),
        Button("Change date", f"move {code}"),
        Button("Not needed", f"drop {code}"),
    )
