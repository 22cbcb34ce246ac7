"""Tracking by sentence, and looking at what is tracked. Each returns None to let the next route try."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from compact_bot.conversation import Fact, Reply
from compact_bot.dates import find_dates, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.at_hand import ID, found_deadline, kind_of, tracker, unplanned, unread
from compact_bot.deadlines.changes import move
from compact_bot.deadlines.checks import refused_as_past
from compact_bot.deadlines.forms import track_form
from compact_bot.deadlines.planning import PlanError, plan
from compact_bot.deadlines.sentences import UnreadError, example_for, kind_in, read_tracked
from compact_bot.store.tables import Deadline
from compact_bot.turn import Turn


def track(turn: Turn, found: re.Match[str]) -> Reply | None:
    """Saved at once when every date is written out in full; otherwise the dates are echoed first.

    None when it is no such sentence at all ("track record of charities").
    """
    if asked := _form_asked(turn, found["rest"]):
        return asked
    keeper = tracker(turn)
    if found["rest"] and not re.search('["“”]', found["rest"]) and not find_dates(found["rest"], keeper.today):
        _, end = kind_in(found["rest"], turn.rules)
        if not end or not re.match(
            r"(?:the |a |an |our )?" + re.escape(found["rest"][:end].split()[-1]), found["rest"]
        ):
            return None
    try:
        tracked = read_tracked(found["rest"], turn.rules, keeper.today)
    except UnreadError as problem:
        return unread(problem)
    if past := refused_as_past(tracked, keeper.today):
        return past
    if tracked.clause and not turn.agreement.clause(tracked.clause):
        return Reply(f"There is no clause {tracked.clause}. Nothing was saved.", next_step="Name another, or none.")
    try:
        planned = plan(tracked.kind, tracked.given, keeper.closed)
        if not tracked.exact:
            turn.thread.waiting_for_yes = tracked.sentence()
            return replies.confirm(turn.agreement, tracked, planned, keeper.today)
        deadline, planned = keeper.track(
            tracked.kind,
            tracked.title,
            tracked.given,
            tracked.owner or turn.message.sender.name,
            tracked.clause,
            tracked.rationale,
        )
    except PlanError as error:
        return unplanned(error, tracked.kind)
    return replies.saved(turn.agreement, deadline, planned, tracked.kind, keeper.today)


def _form_asked(turn: Turn, rest: str) -> Reply | None:
    """ "track" and "track payment" alone: what to fill in, or what to type."""
    words = re.sub(r"^(?:a|an|the|our) | deadline$|^deadline$", "", rest.casefold())
    kind = next((kind for kind in turn.rules.kinds if words in (kind.name, *kind.words)), None)
    if not words:
        return Reply(
            "What would you like to track?",
            facts=tuple(Fact(f"track {kind.words[0]}", kind.title) for kind in turn.rules.kinds),
            next_step=f"Type one of these, or all at once: {example_for(turn.rules.kinds[0])}",
            form=track_form(turn, ""),
        )
    if kind is None:
        return None
    dates = ", and ".join(asked.label for asked in kind.asks)
    return Reply(
        f"{kind.title}. I need what it is called, and {dates}. Nothing was saved yet.",
        next_step=f"For example: {example_for(kind)}",
        form=track_form(turn, kind.name),
    )


def remind(turn: Turn, found: re.Match[str]) -> Reply | None:
    """ "remind us that the library consultation closes 3 March": read as tracking."""
    return track(turn, found) if find_dates(found["rest"], tracker(turn).today) else None


def yes(turn: Turn, _: re.Match[str]) -> Reply | None:
    """Carries out what was echoed. When nothing was: None for "ok", which may be thanks, and a word for "yes"."""
    said, turn.thread.waiting_for_yes = turn.thread.waiting_for_yes, ""
    again = re.fullmatch(r"(?P<verb>track|move d\d+) (?P<rest>.*)", said, re.IGNORECASE | re.DOTALL)
    if not again:
        if turn.text.casefold().startswith("ok"):
            return None
        return Reply(
            "There is nothing here that waits for a yes. Nothing was saved.",
            next_step="Say what you would like in a sentence, or type help.",
        )
    if again["verb"].lower() == "track":
        return track(turn, again)
    moving = re.fullmatch(rf"move {ID} ?(?P<rest>.*)", said, re.IGNORECASE)
    return move(turn, moving) if moving else None


def no(turn: Turn, _: re.Match[str]) -> Reply | None:
    said, turn.thread.waiting_for_yes = turn.thread.waiting_for_yes, ""
    if not said:
        return None
    return Reply("Left as it was. Nothing was saved.", next_step="Say it again with other dates whenever you like.")


def show(turn: Turn, found: re.Match[str]) -> Reply:
    deadline = found_deadline(turn, found)
    if isinstance(deadline, Reply):
        return deadline
    return replies.shown(
        turn.agreement, deadline, kind_of(turn, deadline), tracker(turn).today, ZoneInfo(turn.timezone)
    )


def list_deadlines(turn: Turn, found: re.Match[str]) -> Reply:
    keeper = tracker(turn)
    which = (found["which"] or found["before"] or "").strip().casefold()
    everything = turn.session.scalars(
        select(Deadline).where(Deadline.organisation_id == turn.organisation.id, Deadline.state == "open")
    ).all()
    horizon = keeper.today + timedelta(days=int(found["days"] or 30))

    def wanted(deadline: Deadline) -> bool:
        upcoming = replies.next_open(deadline)
        if which in ("mine", "my"):
            return replies.is_owner(deadline, turn.message.sender.name)
        if which == "overdue":
            return upcoming is not None and upcoming.due_on < keeper.today
        if which.startswith("next"):
            return upcoming is not None and upcoming.due_on <= horizon
        return True

    chosen = sorted(filter(wanted, everything), key=lambda d: m.due_on if (m := replies.next_open(d)) else date.max)
    heading = {"mine": "open deadlines of yours", "my": "open deadlines of yours", "overdue": "overdue deadlines"}.get(
        which, f"deadlines due by {spoken(horizon)}" if which.startswith("next") else "open deadlines"
    )
    return replies.listed(chosen, heading, keeper.today)
