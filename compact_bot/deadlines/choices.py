"""What an organisation chooses: where nudges go, when the digest comes, who leads, when it is closed."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from compact_bot.conversation import Reply
from compact_bot.dates import WEEKDAYS, find_dates, spoken
from compact_bot.deadlines.at_hand import settings, tracker, unread
from compact_bot.deadlines.digest import plan_digest
from compact_bot.deadlines.sentences import UnreadError, check_dates
from compact_bot.store.tables import ClosedDay
from compact_bot.turn import Turn

MOST_ROWS = 20  # of closed days in one reply


def digest(turn: Turn, found: re.Match[str]) -> Reply:
    day = next((n for n, name in enumerate(WEEKDAYS) if name.startswith(found["day"].casefold()[:3])), None)
    hour, minute = int(found["hour"] or 9), int(found["minute"] or (30 if not found["hour"] else 0))
    if day is None or day > 4 or hour > 23 or minute > 59:
        return Reply(
            "I send the digest on a working day at a time such as 09:30. Nothing was changed.",
            next_step="For example: digest on Mondays 09:30",
        )
    kept = settings(turn)
    kept.digest_weekday, kept.digest_at = day, f"{hour:02}:{minute:02}"
    if kept.platform and not kept.stopped:
        plan_digest(turn.session, kept, turn.message.sent_at)
    return Reply(
        f"The digest comes on {WEEKDAYS[day].title()}s at {kept.digest_at}.",
        next_step="It lists what is due, what is overdue, and funding that ends within 6 months without a notice plan.",
    )


def nudges_here(turn: Turn, _: re.Match[str]) -> Reply:
    tracker(turn).send_nudges_here()
    return Reply(
        "From now on your organisation's nudges and its weekly digest come here.",
        next_step="To change the day of the digest, type: digest on Mondays 09:30. To stop, type: settings nudges stop",
    )


def nudges_stop(turn: Turn, _: re.Match[str]) -> Reply:
    tracker(turn).stop_nudges()
    return Reply(
        "Stopped: I send your organisation no nudges and no digest any more. Its deadlines stay as they are.",
        next_step="To start again, say where you want them: settings nudges here",
    )


def nudges_to_me(turn: Turn, found: re.Match[str]) -> Reply:
    """Nudges for what this person owns come to them alone too, beside the team's place."""
    if found["stop"]:
        tracker(turn).nudge_directly(turn.person, False)
        return Reply(
            "Stopped: I no longer nudge you directly. Your team's nudges stay as they are.",
            next_step="To start again, type: settings nudges me",
        )
    if not turn.person.direct_route:
        return Reply(
            "I cannot reach you directly here, so nothing was changed.",
            next_step="To have nudges here, type: settings nudges here",
        )
    tracker(turn).nudge_directly(turn.person, True)
    return Reply(
        f"From now on I nudge you directly, too, for every deadline whose owner is {turn.message.sender.name}.",
        next_step="To stop it, type: settings nudges me stop",
    )


def _days(kept: Sequence[date]) -> str:
    """Days in a row as one: "Thursday 24 December 2026 to Friday 1 January 2027"; the last rows when they are many."""
    rows: list[list[date]] = []
    for day in kept:
        if rows and day - rows[-1][-1] == timedelta(days=1):
            rows[-1].append(day)
        else:
            rows.append([day])
    said = [spoken(row[0]) + (f" to {spoken(row[-1])}" if len(row) > 1 else "") for row in rows]
    more = f"{len(said) - MOST_ROWS} more before, then " if len(said) > MOST_ROWS else ""
    return more + ", ".join(said[-MOST_ROWS:]) if said else "none"


def closed(turn: Turn, found: re.Match[str]) -> Reply | None:
    """ "closed 24 December 2026 to 1 January 2027": the organisation's own closed days. None when no day is named."""
    today = tracker(turn).today
    dates = find_dates(found["rest"], today)
    if found["rest"] and not dates:
        return None
    example = "closed 24 December 2026 to 1 January 2027"
    if not dates:
        kept = turn.session.scalars(
            select(ClosedDay.day).where(ClosedDay.organisation_id == turn.organisation.id).order_by(ClosedDay.day)
        ).all()
        return Reply(
            f"Your organisation's own closed days: {_days(kept)}.",
            next_step=f"To add some, type for example: {example}",
        )
    try:
        check_dates(dates, today)
    except UnreadError as problem:
        return unread(UnreadError(problem.says, example))
    if doubt := next((one.doubt for one in dates if one.doubt), ""):
        return Reply(
            f'I am not sure what "{doubt}" means there. Nothing was saved.', next_step=f"For example: {example}"
        )
    first, last = dates[0].day or today, dates[-1].until or dates[-1].day or today
    if len(dates) > 2 or last < first or (last - first).days > 60:
        return Reply(
            "Give one day, or a first and a last day at most 60 days apart. Nothing was saved.", next_step=example
        )
    have = set(turn.session.scalars(select(ClosedDay.day).where(ClosedDay.organisation_id == turn.organisation.id)))
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if day not in have:
            turn.session.add(ClosedDay(organisation_id=turn.organisation.id, day=day))
    return Reply(
        f"Kept as closed: {spoken(first)}" + (f" to {spoken(last)}." if last > first else "."),
        next_step="Deadlines tracked or moved from now on mind these days.",
    )
