"""What a nudge says of one step: the date that binds first, how far off it is, and what is advised before it."""

from collections.abc import Sequence
from datetime import date

from compact_bot.closed_days import ClosedDays
from compact_bot.dates import add_working_days, spoken, working_day_before
from compact_bot.deadlines import replies
from compact_bot.deadlines.steps import comes_by_itself, is_binding, is_late
from compact_bot.nudges.queue import AboutStep, OpenStep, Team
from knowledge.rules import Kind


def first_date(kind: Kind, about: AboutStep, today: date) -> OpenStep:
    """The open step that binds and comes first, whatever step the nudge is for; that one where none binds."""
    return next((step for step in about.open_steps if _leads(kind, step, today)), about.step)


def to_be_done(kind: Kind, about: AboutStep, today: date) -> OpenStep:
    """The step that somebody is asked to do: what binds and comes first, unless the nudge is for what is advised."""
    first = first_date(kind, about, today)
    is_advice = not is_binding(kind, about.step.name) and not is_late(kind, first.name, first.due_on, today)
    return about.step if is_advice else first


def _leads(kind: Kind, step: OpenStep, today: date) -> bool:
    return is_binding(kind, step.name) and not (comes_by_itself(kind, step.name) and step.due_on < today)


def step_said(kind: Kind, about: AboutStep, team: Team) -> str:
    """In a sentence: "minimum notice by Thursday 31 December 2026, 3 days left. Before it, ..." """
    first = first_date(kind, about, team.today)
    advised = "" if is_binding(kind, first.name) else "advised is "
    more = [f"{part}." for part in _more(kind, about, first, team, shortly=False)]
    return " ".join([f"{advised}{_by_when(kind, first, team)}.", *more])


def when_said(kind: Kind, about: AboutStep, team: Team) -> str:
    """In a table, the date and how far off it is, or what is urgent about it."""
    first = first_date(kind, about, team.today)
    if urgent := _urgent(kind, first, team):
        return urgent
    return f"{spoken(first.due_on)}\n{_left(first.due_on, team)}"


def what_said(kind: Kind, about: AboutStep, team: Team) -> str:
    """In a table, the step of that date, and in further lines what else there is to do or to know."""
    first = first_date(kind, about, team.today)
    advised = "" if is_binding(kind, first.name) else "Advised: "
    lead = lead_named(kind, about, team).strip(" .")
    given = "It is yours to see to now" if about.was_given else ""
    lines = (f"{advised}{first.title}", *_more(kind, about, first, team, shortly=True), given, lead)
    return "\n".join(filter(None, lines))


def _more(kind: Kind, about: AboutStep, first: OpenStep, team: Team, shortly: bool) -> list[str]:
    """Beside the first date: the step that the nudge is for, and what is advised for the same time."""
    step, today = about.step, team.today
    if not is_binding(kind, first.name):
        return []
    if is_binding(kind, step.name):
        return [] if step == first else [f"Next, {_by_when(kind, step, team)}"]
    before = [
        one
        for one in about.open_steps
        if not is_binding(kind, one.name) and today <= one.due_on <= step.due_on and one.due_on < first.due_on
    ]
    return [_before(before, team, shortly)] if before else []


def _before(steps: Sequence[OpenStep], team: Team, shortly: bool) -> str:
    """All of one day together, which the agreement or we advise for it."""
    said = []
    for day in sorted({step.due_on for step in steps}):
        titles = [_small(step.title) for step in steps if step.due_on == day]
        what = f"{len(titles)} steps" if shortly and len(titles) > 1 else "; ".join(titles)
        said.append(f"{what} by {spoken(day)}, {_left(day, team)}")
    return f"Before it, {'; '.join(said)}"


def _by_when(kind: Kind, step: OpenStep, team: Team) -> str:
    title = _small(step.title)
    if urgent := _urgent(kind, step, team):
        return f"{title}{'.' if step.due_on > team.today else ':'} {urgent}"
    joined = "on" if comes_by_itself(kind, step.name) else "by"
    return f"{title} {joined} {spoken(step.due_on)}, {_left(step.due_on, team)}"


def _urgent(kind: Kind, step: OpenStep, team: Team) -> str:
    day = step.due_on
    if is_late(kind, step.name, day, team.today):
        return replies.urgency(day, team.today)
    if not comes_by_itself(kind, step.name) and is_last_working_day(day, team.today, team.closed):
        return f"Today is the last working day: the date is {spoken(day)}"
    return ""


def _left(day: date, team: Team) -> str:
    """How far off, and the working day before it where it is a closed day. Advice that went by is not overdue."""
    if day < team.today:
        return "which is past"
    left = replies.urgency(day, team.today)
    if day <= team.today or not team.closed(day):
        return left
    return f"{left}; the last working day is {spoken(working_day_before(day, team.closed))}"


def is_last_working_day(day: date, today: date, closed: ClosedDays) -> bool:
    """Whether a day that is closed has no working day before it but today."""
    return day > today and closed(day) and working_day_before(day, closed) <= today


def lead_named(kind: Kind, about: AboutStep, team: Team) -> str:
    """The Compact lead too, from 2 working days before a minimum date that nobody has acted on."""
    if not team.lead:
        return ""
    step = first_date(kind, about, team.today)
    rule = kind.milestone(step.name)
    if rule is None or not rule.names_lead:
        return ""
    two_before = add_working_days(step.due_on, -2, team.closed)
    return f" Compact lead: {team.lead}." if team.today >= two_before else ""


def _small(title: str) -> str:
    return f"{title[0].lower()}{title[1:]}"
