"""What leaves for one place on one morning: a nudge, or all that is due together, and the digest with it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from compact_bot.answers import cite_opening
from compact_bot.conversation import Button, Reply, Row, Table
from compact_bot.dates import add_months, counted, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.steps import ended_on, headline, is_late, is_overdue, kind_of
from compact_bot.feedback.news import given_said, news_reply, news_said, waiting_rows
from compact_bot.nudges.queue import (
    AboutEverything,
    AboutFeedback,
    AboutStep,
    AboutWaiting,
    Claimed,
    Team,
)
from compact_bot.nudges.step_said import (
    first_date,
    is_last_working_day,
    lead_named,
    step_said,
    to_be_done,
    what_said,
    when_said,
)
from compact_bot.nudges.waiting import WaitingFeedback
from compact_bot.organisation import bare
from compact_bot.store.tables import Deadline, DeadlineState, Nudge, NudgePurpose, StepState
from compact_bot.understanding.acts import List, Listed, ListFeedback, Show, ShowFeedback, Which
from knowledge.agreement import Agreement
from knowledge.rules import Kind, Rules

DUE_WITHIN, HALF_A_YEAR = timedelta(days=14), timedelta(days=184)
_HEADER = ("When", "What")
WITH_BUTTONS = 10  # rows of one message, the most urgent; more would be a wall of buttons


def worded(agreement: Agreement, rules: Rules, claimed: Claimed) -> Reply | None:
    """A claimed message as it leaves; None where there is nothing to say, as for a digest in a quiet week."""
    reply = _reply(agreement, rules, claimed)
    if reply is None or not claimed.is_first_post:
        return reply
    return replace(reply, introduction=_introduction(agreement, claimed.team))


def _reply(agreement: Agreement, rules: Rules, claimed: Claimed) -> Reply | None:
    abouts = [mention.about for mention in claimed.mentions]
    steps = [about for about in abouts if isinstance(about, AboutStep)]
    feedback = [about for about in abouts if isinstance(about, AboutFeedback)]
    waiting = [about for about in abouts if isinstance(about, AboutWaiting) and (about.new or about.ageing)]
    digest = next((about for about in abouts if isinstance(about, AboutEverything)), None)
    week = _Week(digest, rules, claimed.team.today) if digest else None
    if week is None or week.is_quiet:
        if len(steps) == 1 and not feedback and not waiting:
            return nudge_reply(agreement, rules, steps[0], claimed)
        if len(feedback) == 1 and not steps and not waiting:
            return news_reply(feedback[0])
    if not steps and not feedback and not waiting and (week is None or week.is_quiet):
        return None
    said = {about.number for about in steps}
    tables = (
        *_by_owner(rules, steps, claimed.team),
        *_of_feedback(feedback, waiting, is_beside=bool(steps) or not (week is None or week.is_quiet)),
        *(week.tables(said) if week else ()),
    )
    return Reply(
        f"{week.said}" if week and not week.is_quiet else _counted(rules, steps, feedback, waiting, claimed.team),
        tables=tables,
        note=" ".join(filter(None, (_note(claimed), _left_out(steps)))),
        next_step=_next_step(steps, digest is not None),
        buttons=week.buttons if week else (),
    )


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
    kind, team = _kind(rules, about), claimed.team
    clause = agreement.under(about.edition).clauses.get(about.clause)
    given = " It is yours to see to now." if about.was_given else ""
    return Reply(
        f'D{about.number}, "{about.title}": {step_said(kind, about, team)}{given} '
        f"{replies.owned(about.owner)}{lead_named(kind, about, team)}",
        citations=(cite_opening(clause),) if clause else (),
        note=_note(claimed),
        next_step=f"When it is done, type: done D{about.number}",
        buttons=_buttons(kind, about, team),
    )


def _buttons(kind: Kind, about: AboutStep, team: Team) -> tuple[Button, ...]:
    return replies.step_buttons(about.number, to_be_done(kind, about, team.today).name, kind, team.today)


def _kind(rules: Rules, about: AboutStep) -> Kind:
    return rules.under(about.edition).kind(about.kind) or rules.kinds[-1]


def _note(claimed: Claimed) -> str:
    dated = [mention for mention in claimed.mentions if isinstance(mention.about, AboutStep | AboutFeedback)]
    late = sorted({mention.planned_for for mention in dated if mention.planned_for < claimed.team.today})
    several = len(dated) > 1
    notes = []
    if late:
        what = "Some of this is late; the earliest" if several else "This nudge is late; it"
        notes.append(f"{what} was meant for {spoken(late[0])}.")
    if any(mention.instead for mention in dated):
        what = "What could not" if several else "It could not"
        comes = "comes here" if several else "so it comes here"
        joined = " " if several else ", "
        notes.append(f"{what} be delivered where your team gets its nudges{joined}{comes}.")
    return " ".join(notes)


# ---- what is due together --------------------------------------------------------------------------------------------


def _by_owner(rules: Rules, steps: Sequence[AboutStep], team: Team) -> Iterable[Table]:
    """A table for each owner, and in it a row for each deadline; the most urgent first in both.

    Of many, those have buttons whose date can still be kept and comes soonest.
    """
    firsts = [(first_date(_kind(rules, about), about, team.today).due_on, about.number, about) for about in steps]
    urgent = sorted(firsts, key=lambda one: one[:2])
    given = [about for _, _, about in urgent if about.was_given]
    urgent = [one for one in urgent if one[2] not in given[WITH_BUTTONS:]]
    pressed = sorted(urgent, key=lambda one: (one[0] < team.today, one[:2]))[:WITH_BUTTONS]
    with_buttons = {number for _, number, _ in pressed}
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    names: dict[str, str] = {}
    for _, number, about in urgent:
        kind, owner = _kind(rules, about), bare(about.owner)
        names.setdefault(owner, about.owner)
        cells = (when_said(kind, about, team), f"D{number}, {about.title}\n{what_said(kind, about, team)}")
        groups[owner].append(Row(cells, _buttons(kind, about, team) if number in with_buttons else ()))
    return [
        Table(_HEADER, tuple(rows), names[owner] or "Without an owner", opened=True) for owner, rows in groups.items()
    ]


def _left_out(steps: Sequence[AboutStep]) -> str:
    """Of a whole list that somebody was given, the most urgent are shown: the rest would be a wall of lines."""
    more = sum(about.was_given for about in steps) - WITH_BUTTONS
    return (
        f"{more} more {'is' if more == 1 else 'are'} yours to see to now. To see all, type: deadlines mine"
        if more > 0
        else ""
    )


def still_due(rules: Rules, steps: Sequence[AboutStep], team: Team) -> Reply:
    """What is left of a message of which a part was settled; its text is said by whoever settled it."""
    return Reply("", tables=tuple(_by_owner(rules, steps, team)), next_step=_next_step(steps, is_digest=False))


def _of_feedback(
    feedback: Sequence[AboutFeedback], waiting: Sequence[AboutWaiting], is_beside: bool
) -> Iterable[Table]:
    """Under a heading where it stands beside something else."""
    news = [
        Row(
            (f"F{about.number}", given_said(about) if about.was_given else news_said(about)),
            (Button(f"Show F{about.number}", ShowFeedback(about.number)),),
        )
        for about in feedback
    ]
    rows = [*news, *(row for about in waiting for row in waiting_rows(about))]
    return [Table(("Number", "News"), tuple(rows), "Feedback" if is_beside else "", opened=True)] if rows else []


def _counted(
    rules: Rules,
    steps: Sequence[AboutStep],
    feedback: Sequence[AboutFeedback],
    waiting: Sequence[AboutWaiting],
    team: Team,
) -> str:
    """ "5 Compact dates: 1 overdue, 2 today, 2 later. Feedback: 1." """
    firsts = [(_kind(rules, about), first_date(_kind(rules, about), about, team.today)) for about in steps]
    late = sum(is_late(kind, first.name, first.due_on, team.today) for kind, first in firsts)
    now = sum(
        first.due_on == team.today or is_last_working_day(first.due_on, team.today, team.closed) for _, first in firsts
    )
    parts = ((late, "overdue"), (now, "today at the latest"), (len(steps) - late - now, "to come"))
    shown = ", ".join(f"{number} {what}" for number, what in parts if number)
    dates = f"{counted(len(steps), 'Compact deadline')}: {shown}." if steps else ""
    about = len(feedback) + sum(len(one.new) + len(one.ageing) for one in waiting)
    return f"{dates} {f'News of feedback: {about}.' if about else ''}".strip()


def _next_step(steps: Sequence[AboutStep], is_digest: bool) -> str:
    done = f"When one is done, press Mark done, or type its number: done D{steps[0].number}." if steps else ""
    day = "To change the day of this, type: digest on Mondays 09:30" if is_digest and not steps else ""
    return f"{done} {day}".strip()


def as_sent(agreement: Agreement, nudge: Nudge) -> Reply:
    """A nudge that was sent, as the local page lists it: with the day, and what became of it."""
    when = f"Sent on {spoken((nudge.sent_at or nudge.due_at).date())}. "
    if nudge.feedback is not None:
        was_given = nudge.purpose is NudgePurpose.GIVEN
        news = news_reply(AboutFeedback(nudge.feedback.number, nudge.feedback.state, nudge.feedback.outcome, was_given))
        return replace(news, text=f"{when}{news.text}")
    if nudge.milestone is None:
        what = "The weekly digest." if nudge.purpose is NudgePurpose.DIGEST else "What waits for Compact leads."
        return Reply(f"{when}{what}", next_step="Type deadlines to see what is tracked now.")
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


class _Week:
    """What stands in the digest: figures of all that is due, overdue or waiting. Advice that went by is neither."""

    def __init__(self, about: AboutEverything, rules: Rules, today: date) -> None:
        self._rules = rules
        self._today = today
        self._feedback = about.feedback
        self._lately = about.said_lately
        live = [(deadline, kind_of(rules, deadline)) for deadline in about.deadlines]
        live = [(deadline, kind) for deadline, kind in live if ended_on(deadline, kind, today) is None]
        self._overdue = [deadline for deadline, kind in live if is_overdue(deadline, kind, today)]
        firsts = [(first.due_on, d.number, d) for d, kind in live if (first := headline(d, kind, today))]
        self._due = [d for day, _, d in sorted(firsts, key=lambda one: one[:2]) if today <= day <= today + DUE_WITHIN]
        self._unplanned = [d for d, kind in live if _ends_without_notice(d, kind, today) is not None]

    @property
    def is_quiet(self) -> bool:
        return not (self._due or self._overdue or self._feedback)

    @property
    def said(self) -> str:
        figures = (
            (len(self._overdue), "overdue"),
            (len(self._due), "due within 2 weeks"),
            (len(self._unplanned), "with funding that ends within 6 months and no notice given"),
        )
        dates = ", ".join(f"{number} {what}" for number, what in figures if number)
        waits = _waiting_said(self._feedback)
        return f"{f'Compact deadlines this week: {dates}.' if dates else ''} {waits}".strip()

    def tables(self, said: set[int]) -> Sequence[Table]:
        """What is due and was said neither beside the digest nor lately. All else is counted, and a press away."""
        left = [d for d in self._due if d.number not in said | self._lately]
        shown = left[: replies.SHOWN]
        more = f", the first {len(shown)} of {len(left)}" if len(left) > len(shown) else ""
        rows = tuple(filter(None, map(self._row, shown)))
        return [Table(_HEADER, rows, f"Due within 2 weeks{more}")] if rows else []

    def _row(self, deadline: Deadline) -> Row | None:
        first = headline(deadline, kind_of(self._rules, deadline), self._today)
        if first is None:
            return None
        when = f"{spoken(first.due_on)}\n{replies.urgency(first.due_on, self._today)}"
        return Row((when, f"{deadline.code}, {deadline.title}\n{first.title}"))

    @property
    def buttons(self) -> tuple[Button, ...]:
        offered = (
            (self._overdue, Button("What is overdue", List(Which.OVERDUE))),
            (self._due, Button("Due within 2 weeks", List(Which.NEXT, DUE_WITHIN.days))),
            (self._unplanned, Button("Next 6 months", List(Which.NEXT, HALF_A_YEAR.days))),
            (self._feedback, Button("Open feedback", ListFeedback(Listed.OPEN))),
        )
        return tuple(button for any_of_it, button in offered if any_of_it)


def _waiting_said(feedback: Sequence[WaitingFeedback]) -> str:
    if not feedback:
        return ""
    oldest, one = feedback[0].logged_on, len(feedback) == 1
    waits = f"{counted(len(feedback), 'piece')} of feedback wait{'s' if one else ''}"
    return f"{waits}, {'' if one else 'the oldest '}since {spoken(oldest)}."


def _ends_without_notice(deadline: Deadline, kind: Kind, today: date) -> date | None:
    """When something ends within half a year for which the agreement dates a notice, and none was given."""
    notices = kind.notices
    days = deadline.anchors.get(notices[0].when.anchor) if notices else None
    if not days:
        return None
    ends, names = date.fromisoformat(days[0]), {rule.name for rule in notices}
    given = any(m.state is StepState.DONE for m in deadline.milestones if m.name in names)
    return ends if today <= ends <= add_months(today, 6) and not given else None
