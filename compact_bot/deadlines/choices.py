"""What an organisation chooses: where nudges go, when the digest comes, when it is closed."""

import re
from datetime import date, timedelta

from compact_bot.closed_days import spans_of
from compact_bot.conversation import Button, Fact, Reply
from compact_bot.dates import WEEKDAYS, spoken, working_day_before
from compact_bot.deadlines.finding import check_days, refused, tracker
from compact_bot.deadlines.steps import open_steps
from compact_bot.deadlines.track import turned_off
from compact_bot.deadlines.tracking import Tracker
from compact_bot.turn import Turn
from compact_bot.understanding.acts import (
    CloseDays,
    Digest,
    NudgesHere,
    NudgesStop,
    NudgesToMe,
    OpenDays,
    ShowClosedDays,
    Undo,
)

LONGEST_CLOSED = 62  # days at once: a summer break
MOST_SHOWN = 10
_EXAMPLE = "closed 24 December 2026 to 1 January 2027"


def digest(turn: Turn, act: Digest) -> Reply:
    keeper = tracker(turn)
    if act.weekday is None:
        keeper.set_digest(None, act.at)
        nudges = turned_off(keeper.settings) or "Nudges before each date come as before."
        return Reply(
            f"No weekly digest comes any more. {_capital(nudges)}",
            next_step="To have it again, type for example: digest on Mondays 09:30",
            buttons=(Button("Digest on Mondays", Digest(0)),),
        )
    clock = re.fullmatch(r"(?P<hour>\d{2}):(?P<minute>\d{2})", act.at)
    if not 0 <= act.weekday <= 4 or not clock or int(clock["hour"]) > 23 or int(clock["minute"]) > 59:
        raise refused(
            "I send the digest once a week, on a working day, at a time such as 09:30.",
            "For example: digest on Mondays 09:30. To end it: digest off",
        )
    keeper.set_digest(act.weekday, act.at)
    chosen = f"on {WEEKDAYS[act.weekday].title()}s at {act.at}"
    if off := turned_off(keeper.settings):
        here = Button("Send nudges here", NudgesHere())
        return Reply(f"The digest would come {chosen}, but none comes: {off}", buttons=(here,))
    return Reply(
        f"The digest comes {chosen}.",
        next_step="It lists what is due, what is overdue, and funding that ends within 6 months without a notice plan.",
    )


def nudges_here(turn: Turn, _: NudgesHere) -> Reply:
    keeper = tracker(turn)
    keeper.send_nudges_here()
    if keeper.settings.digest_weekday is None:
        return Reply(
            "From now on your organisation's nudges come here. The weekly digest is off.",
            next_step="To have it, type: digest on Mondays 09:30. To stop nudges, type: nudges stop",
        )
    return Reply(
        "From now on your organisation's nudges and its weekly digest come here.",
        next_step="To change the day of the digest, type: digest on Mondays 09:30. To stop, type: nudges stop",
    )


def nudges_stop(turn: Turn, _: NudgesStop) -> Reply:
    tracker(turn).stop_nudges()
    return Reply(
        "Stopped: I send your organisation no nudges and no digest any more. Its deadlines stay as they are.",
        next_step="To start again, say where you want them: nudges here",
        buttons=(Button("Send nudges here", NudgesHere()),),
    )


def nudges_to_me(turn: Turn, act: NudgesToMe) -> Reply:
    """Nudges for what this person owns come to them alone too, beside the team's place."""
    if not act.wanted:
        tracker(turn).nudge_directly(turn.person, False)
        return Reply(
            "Stopped: I no longer nudge you directly. Your team's nudges stay as they are.",
            next_step="To start again, type: nudges me",
        )
    if not turn.person.direct_route:
        raise refused("I cannot reach you directly here.", "To have nudges here, type: nudges here")
    tracker(turn).nudge_directly(turn.person, True)
    return Reply(
        f"From now on I nudge you directly, too, for every deadline whose owner is {turn.message.sender.name}.",
        next_step="To stop it, type: nudges me stop",
    )


# ---- closed days ----------------------------------------------------------------------------------------------------


def show_closed_days(turn: Turn, _: ShowClosedDays) -> Reply:
    """Those that come next: days that have passed are shown only while all are few."""
    keeper = tracker(turn)
    spans = spans_of(sorted(keeper.own_closed_days()))
    passed = sum(last < keeper.today for _, last in spans)
    begins = max(0, min(passed, len(spans) - MOST_SHOWN))
    shown, later = spans[begins : begins + MOST_SHOWN], len(spans) - begins - MOST_SHOWN
    said = f"Your organisation's own closed days: {', '.join(_said(*span) for span in shown) or 'none'}."
    said += f" {begins} earlier ones are kept." if begins else ""
    said += f" {later} later ones are kept." if later > 0 else ""
    return Reply(
        said,
        next_step=f"To add some, type for example: {_EXAMPLE}. To take some away: open 31 December 2026",
        buttons=tuple(Button(f"Open: {_said(*span)}"[:70], OpenDays(*span)) for span in spans[passed : passed + 4]),
    )


def close_days(turn: Turn, act: CloseDays) -> Reply:
    keeper = tracker(turn)
    days = _days(act.first, act.last)
    have = keeper.own_closed_days()
    span = _said(act.first, act.last)
    if days <= have:
        raise refused(f"{_capital(span)} {_is(act)} kept as closed already.", "To see them all, type: closed")
    keeper.set_closed_days(have | days, f"closed: {span}")
    affected = _steps_on(keeper, days)
    return Reply(
        f"Kept as closed: {span}. {_planned_anew(affected)}",
        facts=tuple(affected[:MOST_SHOWN]),
        next_step="To see them all, type: closed. To take this back, type undo.",
        buttons=(Button("Undo", Undo(keeper.change)),),
    )


def open_days(turn: Turn, act: OpenDays) -> Reply:
    keeper = tracker(turn)
    have = keeper.own_closed_days()
    gone = _days(act.first, act.last) & have
    span = _said(act.first, act.last)
    if not gone:
        raise refused(
            f"{_capital(span)} {_is(act)} not among your own closed days.",
            "To see them, type: closed. Weekends and bank holidays are always closed.",
        )
    keeper.set_closed_days(have - gone, f"open again: {span}")
    return Reply(
        f"No longer closed: {span}. Nudges mind it from now on.",
        next_step="To see what is still closed, type: closed. To take this back, type undo.",
        buttons=(Button("Undo", Undo(keeper.change)),),
    )


def _days(first: date, last: date) -> set[date]:
    check_days((first, last), "Nothing was saved.")
    if last < first or (last - first).days >= LONGEST_CLOSED:
        raise refused(
            f"Give one day, or a first and a last day at most {LONGEST_CLOSED} days apart.",
            f"For example: {_EXAMPLE}",
            "Nothing was saved.",
        )
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


def _said(first: date, last: date) -> str:
    return spoken(first) + (f" to {spoken(last)}" if last > first else "")


def _is(act: CloseDays | OpenDays) -> str:
    return "are" if act.last > act.first else "is"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _steps_on(keeper: Tracker, days: set[date]) -> list[Fact]:
    """The open steps whose date is now a closed day, and the working day before it."""
    return [
        Fact(
            f"{deadline.code}, {deadline.title}",
            f"{step.title} is on {spoken(step.due_on)}; "
            f"be done by {spoken(working_day_before(step.due_on, keeper.closed))}.",
        )
        for deadline in keeper.own_open()
        for step in open_steps(deadline)
        if step.due_on in days
    ]


def _planned_anew(affected: list[Fact]) -> str:
    if not affected:
        return "No open deadline falls on it; nudges mind it from now on."
    which = "this date falls" if len(affected) == 1 else f"these {len(affected)} dates fall"
    return f"Nudges mind it from now on, and {which} on it:"
