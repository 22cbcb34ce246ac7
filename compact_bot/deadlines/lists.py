"""Looking at what is tracked: lists, and one with its history."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from compact_bot.conversation import Reply
from compact_bot.dates import spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.finding import found, tracker
from compact_bot.deadlines.planning import PlanError, Planned, plan
from compact_bot.deadlines.steps import headline, is_overdue, kind_of
from compact_bot.deadlines.tracking import Tracker, anchors_of
from compact_bot.nudges.planning import owned_by
from compact_bot.store.tables import Deadline
from compact_bot.turn import Turn
from compact_bot.understanding.acts import List, Part, Show, Which
from knowledge.rules import Kind

LONGEST_AHEAD = timedelta(days=3_660)


def show(turn: Turn, act: Show) -> Reply:
    """One with its steps, or that part of it which was asked for; several in a line each."""
    deadlines = found(turn, act.numbers)
    keeper = tracker(turn, deadlines[:1])
    if len(deadlines) > 1:
        return replies.listed(deadlines, turn.rules, "deadlines", keeper.today)
    (deadline,) = deadlines
    kind = kind_of(turn.rules, deadline)
    if act.part is Part.HISTORY:
        return replies.history(deadline, kind, keeper.today, ZoneInfo(turn.timezone))
    planned = _planned(keeper, deadline, kind)
    if act.part is Part.WORKING:
        return _under_its_edition(turn, deadline, replies.worked_out(deadline, planned, keeper.today))
    return _under_its_edition(turn, deadline, replies.shown(deadline, kind, planned, keeper.today))


def _under_its_edition(turn: Turn, deadline: Deadline, reply: Reply) -> Reply:
    """Said of a deadline that was made under another edition than the one in force, with its clauses' words."""
    made_under = turn.agreement.under(deadline.edition)
    if deadline.edition in ("", turn.agreement.name) or made_under is turn.agreement:
        return reply
    numbers = [step.clause for step in deadline.milestones]
    return replace(
        reply, citations=(*reply.citations, *replies.cited(made_under, numbers)[:1]), source=made_under.about.source
    )


def _planned(keeper: Tracker, deadline: Deadline, kind: Kind) -> list[Planned]:
    """Its dates as they are counted today; [] where the rules have changed so that they no longer can be."""
    try:
        return plan(kind, anchors_of(deadline), keeper.closed)
    except PlanError:
        return []


def list_deadlines(turn: Turn, act: List) -> Reply:
    keeper = tracker(turn)
    today = keeper.today
    horizon = today + min(timedelta(days=act.within), LONGEST_AHEAD)
    open_ones = keeper.all_open()
    first_days = {deadline.number: _first_day(turn, deadline, today) for deadline in open_ones}

    owns = owned_by(turn.person) if act.which is Which.MINE else None

    def is_wanted(deadline: Deadline) -> bool:
        if owns is not None:
            return owns(deadline)
        if act.which is Which.OVERDUE:
            return is_overdue(deadline, kind_of(turn.rules, deadline), today)
        return act.which is Which.ALL or first_days[deadline.number] <= horizon

    chosen = sorted(filter(is_wanted, open_ones), key=lambda one: (first_days[one.number], one.number))
    heading = {
        Which.ALL: "open deadlines",
        Which.MINE: "open deadlines of yours",
        Which.OVERDUE: "overdue deadlines",
        Which.NEXT: f"deadlines due by {spoken(horizon)}",
    }[act.which]
    reply = replies.listed(chosen, turn.rules, heading, today, act)
    if chosen or act.which is Which.ALL:
        return reply
    return Reply(reply.text, next_step="Type deadlines to see everything.", buttons=(replies.ALL_DEADLINES,))


def _first_day(turn: Turn, deadline: Deadline, today: date) -> date:
    """The day of its headline; one without any comes last."""
    first = headline(deadline, kind_of(turn.rules, deadline), today)
    return first.due_on if first else date.max
