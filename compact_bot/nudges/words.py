"""What a nudge and the digest say: the date that binds first, how far off it is, whose, and what to press."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from compact_bot.answers import cite_opening
from compact_bot.conversation import Button, Fact, Reply
from compact_bot.dates import add_months, add_working_days, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.steps import headline, is_binding, is_overdue, kind_of
from compact_bot.feedback.news import news_reply
from compact_bot.nudges.queue import AboutEverything, AboutFeedback, AboutStep, Claimed, OpenStep, Team
from compact_bot.store.tables import Deadline, DeadlineState, Nudge, StepState
from compact_bot.understanding.acts import Show
from knowledge.agreement import Agreement
from knowledge.rules import Kind, Rules

DUE_WITHIN = timedelta(days=14)


def worded(agreement: Agreement, rules: Rules, claimed: Claimed) -> Reply:
    """A claimed nudge as it leaves."""
    about = claimed.about
    if isinstance(about, AboutFeedback):
        return news_reply(about.number, about.state, about.outcome)
    if isinstance(about, AboutEverything):
        reply = digest_reply(about.deadlines, rules, claimed.team.today)
    else:
        reply = nudge_reply(agreement, rules, about, claimed)
    return replace(reply, introduction=_introduction(agreement, claimed.team)) if claimed.is_first_post else reply


def _introduction(agreement: Agreement, team: Team) -> str:
    """Said once at each place: what comes, who asked for it, how to stop it."""
    asked = f", as {team.set_up_by} asked" if team.set_up_by else ""
    return (
        f"This is my first post here. I am Compact Bot: I nudge your team here before the dates of the "
        f"{agreement.about.title}{asked}, and answer when somebody mentions me. To stop, say: nudges stop."
    )


# ---- one step --------------------------------------------------------------------------------------------------------


def nudge_reply(agreement: Agreement, rules: Rules, about: AboutStep, claimed: Claimed) -> Reply:
    """The step, its date and the clause in one line. The date that binds comes first, whatever the step is."""
    kind = rules.under(about.edition).kind(about.kind) or rules.kinds[-1]
    today, clause = claimed.team.today, agreement.under(about.edition).clauses.get(about.clause)
    return Reply(
        f'D{about.number}, "{about.title}": {_due_said(kind, about, today)} '
        f"{replies.owned(about.owner)}{_lead_named(kind, about.step, claimed.team)}",
        citations=(cite_opening(clause),) if clause else (),
        note=_note(claimed, today),
        next_step=f"When it is done, type: done D{about.number}",
        buttons=replies.step_buttons(about.number, about.step.name, kind, today),
    )


def _due_said(kind: Kind, about: AboutStep, today: date) -> str:
    step = about.step
    if is_binding(kind, step.name):
        return f"{_by_when(step, today)}."
    bound = next((other for other in about.open_steps if is_binding(kind, other.name)), None)
    advised = f"{step.title[0].lower()}{step.title[1:]} by {spoken(step.due_on)}"
    if bound is None:
        return f"advised is {advised}, {replies.urgency(step.due_on, today)}."
    return f"{_by_when(bound, today)}. Before it, {advised}, {replies.urgency(step.due_on, today)}."


def _by_when(step: OpenStep, today: date) -> str:
    title = f"{step.title[0].lower()}{step.title[1:]}"
    if step.due_on < today:
        return f"{title} is {replies.urgency(step.due_on, today)}"
    return f"{title} by {spoken(step.due_on)}, {replies.urgency(step.due_on, today)}"


def _note(claimed: Claimed, today: date) -> str:
    meant = claimed.planned_for
    late = f"This nudge is late; it was meant for {spoken(meant)}." if meant < today else ""
    instead = "It could not be delivered where your team gets its nudges, so it comes here." if claimed.instead else ""
    return f"{late} {instead}".strip()


def _lead_named(kind: Kind, step: OpenStep, team: Team) -> str:
    """The Compact lead too, from 2 working days before a minimum date that nobody has acted on."""
    rule = kind.milestone(step.name)
    if not team.lead or rule is None or not rule.names_lead:
        return ""
    two_before = add_working_days(step.due_on, -2, team.closed)
    return f" Compact lead: {team.lead}." if team.today >= two_before else ""


def as_sent(agreement: Agreement, nudge: Nudge) -> Reply:
    """A nudge that was sent, as the local page lists it: with the day, and what became of it."""
    when = f"Sent on {spoken((nudge.sent_at or nudge.due_at).date())}. "
    if nudge.feedback is not None:
        news = news_reply(nudge.feedback.number, nudge.feedback.state, nudge.feedback.outcome)
        return replace(news, text=f"{when}{news.text}")
    if nudge.milestone is None:
        return Reply(f"{when}The weekly digest.", next_step="Type deadlines to see what is tracked now.")
    milestone, deadline = nudge.milestone, nudge.milestone.deadline
    clause = agreement.under(deadline.edition).clause(milestone.clause)
    still = milestone.state is StepState.OPEN and deadline.state is DeadlineState.OPEN
    became = milestone.state if milestone.state is not StepState.OPEN else deadline.state
    return Reply(
        f'{when}{deadline.code}, "{deadline.title}": {milestone.title}, {spoken(milestone.due_on)}. '
        f"{replies.owned(deadline.owner) if still else f'Now {became}.'}",
        citations=(cite_opening(clause),) if clause else (),
        next_step=f"Type {deadline.code} to see it.",
        buttons=(Button(f"Show {deadline.code}", Show((deadline.number,))),),
    )


# ---- the digest ------------------------------------------------------------------------------------------------------


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
    notices = kind.notices
    days = deadline.anchors.get(notices[0].when.anchor) if notices else None
    if not days:
        return None
    ends, names = date.fromisoformat(days[0]), {rule.name for rule in notices}
    given = any(m.state is StepState.DONE for m in deadline.milestones if m.name in names)
    return ends if today <= ends <= add_months(today, 6) and not given else None
