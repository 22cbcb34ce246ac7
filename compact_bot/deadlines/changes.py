"""Moved, renewed, snoozed, dropped, given to somebody else: what changes deadlines. All that are named, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from compact_bot.conversation import Button, Fact, Pending, Reply
from compact_bot.dates import add_working_days, moved, spoken, working_day_after
from compact_bot.deadlines import replies
from compact_bot.deadlines.finding import (
    check_clause,
    check_days,
    check_leads,
    check_reason,
    check_title,
    found,
    opened,
    owner_meant,
    refused,
    the_only,
    tracker,
)
from compact_bot.deadlines.planning import PlanError, continued, plan
from compact_bot.deadlines.steps import kind_of, next_binding
from compact_bot.deadlines.track import nudged
from compact_bot.deadlines.tracking import Tracker, anchors_of
from compact_bot.store.tables import Deadline, DeadlineState
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import (
    Drop,
    GiveRationale,
    Move,
    Rename,
    Renew,
    SetClause,
    SetKind,
    SetLeads,
    SetOwner,
    Snooze,
)
from compact_bot.understanding.saying import codes, written_out
from knowledge.rules import Asked, Kind

LONGEST_QUIET = 6  # months
_TAKE_BACK = "To take this back, type undo."


# ---- other dates ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Moving:
    deadline: Deadline
    asked: Asked
    given: dict[str, list[date]]
    what: str


def move(turn: Turn, act: Move) -> Reply:
    """One date of each deadline moves; later steps and nudges follow."""
    deadlines = opened(turn, act.numbers)
    keeper = tracker(turn, deadlines)
    check_days([act.to])
    named = codes(act.numbers)
    if act.to < keeper.today:
        raise refused(f"{spoken(act.to)} is past.", f"For example: move {named} 30 April 2027")
    moving = [_moving(turn, keeper, deadline, act) for deadline in deadlines]
    changed = [(one, keeper.move(one.deadline, one.given, one.what)) for one in moving]
    label = moving[0].asked.label
    notes = (replies.shorter_consultation(one.deadline, kind_of(turn.rules, one.deadline)) for one in moving)
    return Reply(
        f"{named} moved: {label} is now {spoken(act.to)}. {_nudges_follow(keeper, deadlines)}",
        facts=tuple(
            Fact(f"{one.deadline.code}, {title}" if len(moving) > 1 else title, f"from {spoken(old)} to {spoken(new)}")
            for one, steps in changed
            for title, old, new in steps
        ),
        note=" ".join(filter(None, dict.fromkeys(notes))),
        typed=f"{_TAKE_BACK} To see everything, type {named}.",
        buttons=replies.changed(deadlines, keeper.change),
    )


def _nudges_follow(keeper: Tracker, deadlines: Sequence[Deadline]) -> str:
    if keeper.settings.stopped:
        return nudged(keeper)
    return "Its nudges move with it." if len(deadlines) == 1 else "Their nudges move with them."


def _moving(turn: Turn, keeper: Tracker, deadline: Deadline, act: Move) -> _Moving:
    """What would move. Raises Refused before anything has."""
    kind, given = kind_of(turn.rules, deadline), anchors_of(deadline)
    asked = _date_meant(kind, given, act, deadline)
    held = given.get(asked.name, [])
    was = _which_of_several(held, asked, act, deadline)
    if was == act.to or (act.to in held and was is not None):
        raise refused(
            f"{deadline.code}: {asked.label} is {spoken(act.to)} already.", f"To see it, type {deadline.code}."
        )
    given[asked.name] = [act.to if day == was else day for day in held] if was else [*held, act.to]
    try:
        plan(kind, given, keeper.closed)
    except PlanError as error:
        raise refused(f"{deadline.code}: {error}", f"For example: move {deadline.code} 30 April 2027") from error
    before = f"from {spoken(was)} " if was else ""
    return _Moving(deadline, asked, given, f"{asked.label} {before}to {spoken(act.to)}")


def _date_meant(kind: Kind, given: dict[str, list[date]], act: Move, deadline: Deadline) -> Asked:
    """The date that a word names; without one, the one that is usually meant."""
    which = act.which.casefold()
    if which:
        asked = next((a for a in kind.asks if which == a.name), None)
        asked = asked or next((a for a in kind.asks if which in a.words), None)
        if asked is None:
            known = ", ".join(a.name for a in kind.asks)
            raise refused(f"{deadline.code} has no date called {which}.", f"Its dates are: {known}")
        return asked
    if act.was:
        holding = [a for a in kind.asks if act.was in given.get(a.name, ())]
        if len(holding) == 1:
            return holding[0]
    return kind.asks[0] if kind.asks[0].name in given else kind.asks[-1]


def _which_of_several(held: Sequence[date], asked: Asked, act: Move, deadline: Deadline) -> date | None:
    """Which of some days moves; None where there is none yet. Raises Refused, asking back, where several are meant."""
    if act.was is not None:
        if act.was not in held:
            known = ", ".join(map(spoken, held)) or "not given yet"
            raise refused(f"{deadline.code}: {asked.label} is not {spoken(act.was)}.", f"It is: {known}")
        return act.was
    if len(held) < 2:
        return held[0] if held else None
    word = asked.words[0] if asked.words else asked.name
    raise Refused(
        Reply(
            f"{deadline.code} has {len(held)} such dates: {asked.label}. Which one moves to {spoken(act.to)}? "
            "Nothing was changed.",
            facts=tuple(Fact(str(number), spoken(day)) for number, day in enumerate(held, start=1)),
            next_step="Press one, or type for example: "
            f"move {deadline.code} {word} {written_out(held[0])} to {written_out(act.to)}",
            buttons=tuple(
                Button(spoken(day), Move((deadline.number,), act.to, asked.name, day)) for day in sorted(held)[:10]
            ),
            pending=Pending(Move((deadline.number,), act.to, asked.name), ("was",)),
        )
    )


def renew(turn: Turn, act: Renew) -> Reply:
    """A grant goes on until a later end, its steps afresh; what recurs gets its next dates beside those it had."""
    (deadline,) = found(turn, (act.number,))
    if deadline.state is DeadlineState.DROPPED:
        raise refused(f"{deadline.code} was dropped.", "Track it again to go on with it.")
    keeper, kind, given = tracker(turn, [deadline]), kind_of(turn.rules, deadline), anchors_of(deadline)
    asked = next((a for a in kind.asks if a.renews), None)
    if asked is None:
        raise refused(
            f"{deadline.code} is {kind.title[0].lower()}{kind.title[1:]}, which is not renewed.",
            f"To move its dates, type: move {deadline.code} {written_out(act.until)}",
        )
    check_days([act.until])
    held = given.get(asked.name, [])
    if act.until < keeper.today or (held and act.until <= max(held)):
        last = f" It runs to {spoken(max(held))}." if held else ""
        raise refused(
            f"{spoken(act.until)} is no later date.{last}", f"For example: renew {deadline.code} until 31 March 2029"
        )
    given[asked.name] = continued(held, act.until) if asked.many else [act.until]
    try:
        planned = keeper.renew(deadline, given, act.until, afresh=not asked.many)
    except PlanError as error:
        raise refused(f"{deadline.code}: {error}", f"To see it, type {deadline.code}.") from error
    coming = [one for one in planned if one.day >= keeper.today]
    follow = "Nudges follow for what is new." if asked.many else "Its nudges follow."
    again = "" if asked.many else "Its steps are open again. "
    how = f"{again}{nudged(keeper) if keeper.settings.stopped else follow}"
    return Reply(
        f'{deadline.code}, "{deadline.title}", is renewed until {spoken(act.until)}. {how}',
        tables=replies.step_table(coming, keeper.today),
        typed=f"{_TAKE_BACK} To see everything, type {deadline.code}.",
        buttons=replies.changed([deadline], keeper.change),
    )


# ---- quiet, and the end ---------------------------------------------------------------------------------------------


def snooze(turn: Turn, act: Snooze) -> Reply:
    """Quiet until a day, but never past the next date that binds."""
    deadlines = opened(turn, act.numbers)
    keeper, named = tracker(turn, deadlines), codes(act.numbers)
    check_days([act.until])
    if act.until <= keeper.today:
        raise refused(f"{spoken(act.until)} is not ahead.", f"For example: snooze {named} 1 week")
    if act.until > moved(keeper.today, LONGEST_QUIET, "month"):
        raise refused("Six months is the longest.", f"For example: snooze {named} 1 month")
    wanted = act.until if not keeper.closed(act.until) else working_day_after(act.until, keeper.closed)
    until = [_quiet_until(turn, keeper, deadline, wanted) for deadline in deadlines]
    for deadline, day in zip(deadlines, until, strict=True):
        keeper.snooze(deadline, day)
    quiet = [f"{deadline.code} is quiet until {spoken(day)}." for deadline, day in zip(deadlines, until, strict=True)]
    stopped = [_stopped_at(turn, keeper, d) for d, day in zip(deadlines, until, strict=True) if day < act.until]
    return Reply(
        f"{' '.join(quiet)} {'Its dates stay' if len(deadlines) == 1 else 'Their dates stay'} as they are.",
        note=" ".join(stopped),
        typed=_TAKE_BACK,
        buttons=replies.changed(deadlines, keeper.change),
    )


def _quiet_until(turn: Turn, keeper: Tracker, deadline: Deadline, wanted: date) -> date:
    """The day, or two working days before the next date that binds. Raises Refused where that leaves no quiet."""
    coming = next_binding(deadline, kind_of(turn.rules, deadline), keeper.today)
    if coming is None or wanted < coming.due_on:
        return wanted
    before = add_working_days(coming.due_on, -2, keeper.closed)
    if before <= keeper.today:
        far = replies.how_far(coming.due_on, keeper.today)
        raise refused(
            f'{deadline.code}: "{coming.title}" is due {far}, on {spoken(coming.due_on)}, so I keep nudging.',
            f"When it is done, type: done {deadline.code}",
        )
    return before


def _stopped_at(turn: Turn, keeper: Tracker, deadline: Deadline) -> str:
    coming = next_binding(deadline, kind_of(turn.rules, deadline), keeper.today)
    if coming is None:
        return ""
    return (
        f'Not longer: "{coming.title}" of {deadline.code} is due on {spoken(coming.due_on)}, '
        "and I am never quiet past a date that binds."
    )


def drop(turn: Turn, act: Drop) -> Reply:
    deadlines = opened(turn, act.numbers)
    named = codes(act.numbers)
    reason = check_reason(
        act.reason,
        f"Why {'is' if len(deadlines) == 1 else 'are'} {named} not needed? A reason is kept.",
        f"drop {named} because the project ended early",
    )
    keeper = tracker(turn, deadlines)
    for deadline in deadlines:
        keeper.drop(deadline, reason)
    return Reply(
        f"{named} {'is' if len(deadlines) == 1 else 'are'} dropped, because {reason}. I will not nudge again.",
        typed=_TAKE_BACK,
        buttons=replies.changed(deadlines, keeper.change),
    )


# ---- what is written of it ------------------------------------------------------------------------------------------


def set_owner(turn: Turn, act: SetOwner) -> Reply:
    deadlines = opened(turn, act.numbers)
    keeper, owner, named = tracker(turn), owner_meant(turn, act.owner), codes(act.numbers)
    for deadline in deadlines:
        keeper.set_owner(deadline, owner)
    unknown = "" if owner.person else " I know nobody here by that name alone, so I cannot nudge them directly."
    return Reply(
        f"{owner.name} sees to {named} now.{unknown}",
        typed=_TAKE_BACK,
        buttons=replies.changed(deadlines, keeper.change),
    )


def rename(turn: Turn, act: Rename) -> Reply:
    deadline = the_only(turn, act.number)
    keeper, title = tracker(turn, [deadline]), check_title(act.title)
    keeper.rename(deadline, title)
    return _kept(keeper, deadline, f'{deadline.code} is called "{title}" now.')


def set_kind(turn: Turn, act: SetKind) -> Reply:
    """Another kind, whose dates are those it has under the same names, else its main one."""
    deadline = the_only(turn, act.number)
    keeper, kind = tracker(turn, [deadline]), turn.rules.kind(act.kind)
    if kind is None:
        raise refused(
            f"I do not know the kind {act.kind!r}.", f"Kinds are: {', '.join(k.words[0] for k in turn.rules.kinds)}"
        )
    if kind.name == deadline.kind:
        raise refused(f"{deadline.code} is of that kind already.", f"To see it, type {deadline.code}.")
    held = anchors_of(deadline)
    given = {asked.name: held[asked.name] for asked in kind.asks if asked.name in held}
    if not given:
        given = {next(a for a in kind.asks if not a.past).name: [next(iter(held.values()))[-1]]}
    try:
        planned = keeper.set_kind(deadline, kind, given)
    except PlanError as error:
        raise refused(str(error), f"Track it anew, for example: {replies.example_of(kind)}") from error
    reply = _kept(keeper, deadline, f"{deadline.code} is now {kind.title[0].lower()}{kind.title[1:]}.")
    return replace(reply, tables=replies.step_table(planned, keeper.today))


def set_clause(turn: Turn, act: SetClause) -> Reply:
    deadline = the_only(turn, act.number)
    check_clause(turn, act.clause)
    keeper = tracker(turn, [deadline])
    keeper.set_clause(deadline, act.clause)
    reply = _kept(keeper, deadline, f"{deadline.code} is about {act.clause} now.")
    return replace(reply, citations=replies.cited(turn.agreement, [act.clause]), source=turn.agreement.about.source)


def set_leads(turn: Turn, act: SetLeads) -> Reply:
    deadlines = opened(turn, act.numbers)
    named = codes(act.numbers)
    leads = check_leads(act.leads, f"nudge {named} 3 months, 1 month, 1 week before")
    keeper = tracker(turn, deadlines)
    for deadline in deadlines:
        keeper.set_leads(deadline, leads)
    said = {"the day": "on the day", "weekly": "weekly until it is done"}
    before = [said.get(lead, f"{lead} before") for lead in leads]
    return Reply(
        f"Nudges for each date of {named} come {', '.join(before)}.",
        note=nudged(keeper) if keeper.settings.stopped else "",
        typed=_TAKE_BACK,
        buttons=replies.changed(deadlines, keeper.change),
    )


def give_rationale(turn: Turn, act: GiveRationale) -> Reply:
    """Kept for an open deadline and for one that has ended: the review asks for both."""
    (deadline,) = found(turn, (act.number,))
    example = f"rationale {deadline.code} because the funder's own decision came late"
    rationale = check_reason(act.rationale, "What is the rationale?", example)
    keeper = tracker(turn, [deadline])
    keeper.explain(deadline, rationale)
    return _kept(keeper, deadline, f"Kept with {deadline.code}: {rationale}")


def _kept(keeper: Tracker, deadline: Deadline, said: str) -> Reply:
    return Reply(
        said,
        typed=f"{_TAKE_BACK} To see everything, type {deadline.code}.",
        buttons=replies.changed([deadline], keeper.change),
    )
