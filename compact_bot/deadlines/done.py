"""What is done: which step, on which day, how, and what was met by it. Nothing is recorded that did not happen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from compact_bot.conversation import Button, Fact, Pending, Reply
from compact_bot.dates import counted, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.finding import LONGEST_REASON, check_days, opened, refused, tracker
from compact_bot.deadlines.how import is_not_done, is_only_spoken
from compact_bot.deadlines.steps import act_of, binds, headline, kind_of, open_steps, rule_of
from compact_bot.deadlines.track import exception_said
from compact_bot.store.tables import Deadline, Milestone, StepState
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Done, Leave, Show, Snooze, Undo
from compact_bot.understanding.saying import codes
from knowledge.rules import Kind, rule_name

SOON = timedelta(days=30)  # a step further ahead is closed only by name


@dataclass(frozen=True)
class _Met:
    """What one act did for one deadline: the steps it met, and the best practice it came too late for."""

    deadline: Deadline
    kind: Kind
    met: Sequence[Milestone]
    missed: Sequence[Milestone]


def done(turn: Turn, act: Done) -> Reply:
    """All of the deadlines named, or none of them."""
    deadlines = opened(turn, act.numbers)
    keeper = tracker(turn, deadlines)
    on = act.on or keeper.today
    _check(turn, act, on, keeper.today, deadlines)
    kinds = [kind_of(turn.rules, deadline) for deadline in deadlines]
    chosen = _chosen(act, deadlines, kinds, keeper.today)
    _check_written(turn, act, deadlines, kinds, chosen)
    work = [
        _met(deadline, kind, steps, on, act.step)
        for deadline, kind, steps in zip(deadlines, kinds, chosen, strict=True)
    ]
    for one in work:
        keeper.done(one.deadline, one.met, one.missed, on, act.how.strip())
    return _said(work, act, on, keeper.today, keeper.change)


def _check(turn: Turn, act: Done, on: date, today: date, deadlines: Sequence[Deadline]) -> None:
    named = codes(act.numbers)
    check_days([on])
    if len(act.how) > LONGEST_REASON:
        raise refused(f"The most I keep of how it was done is {LONGEST_REASON:,} characters.", "Say it more shortly.")
    if on > today:
        raise Refused(
            Reply(
                f"{spoken(on)} is still to come, so it cannot be done yet. Nothing was changed.",
                next_step=f"Type done {named} when it is. To be quiet until then: snooze {named} until {spoken(on)}",
                buttons=(Button("Remind me then", Snooze(act.numbers, on)), Button("Leave it", Leave())),
            )
        )
    if is_not_done(act.how):
        raise refused(
            f'I read "{act.how}" as not done yet.',
            f"When it is done, type: done {named}. If it is done already, say how and when, such as: by letter",
        )
    zone = ZoneInfo(turn.timezone)
    early = [d for d in deadlines if on < d.created_at.astimezone(zone).date()]
    if early and not act.sure:
        tracked = early[0].created_at.astimezone(zone).date()
        sure = replace(act, on=on, sure=True)
        raise Refused(
            Reply(
                f"Done on {spoken(on)}? {early[0].code} was tracked later, on {spoken(tracked)}. "
                "Nothing is changed yet.",
                next_step="Type yes if that is the day it was done. Else say the day, such as: "
                f"done {named} on {spoken(today)}",
                buttons=(Button("Yes, that day", sure), Button("Leave it", Leave())),
                pending=Pending(sure),
            )
        )


# ---- which step -----------------------------------------------------------------------------------------------------


def _chosen(act: Done, deadlines: Sequence[Deadline], kinds: Sequence[Kind], today: date) -> list[list[Milestone]]:
    chosen = [_meant(deadline, kind, act, today) for deadline, kind in zip(deadlines, kinds, strict=True)]
    unclear = [deadline for deadline, steps in zip(deadlines, chosen, strict=True) if not steps]
    if unclear:
        raise Refused(_which_step(act, unclear))
    return chosen


def _meant(deadline: Deadline, kind: Kind, act: Done, today: date) -> list[Milestone]:
    """The open steps that an act is about; [] when that is not clear. Raises Refused for one that is closed."""
    waiting = open_steps(deadline)
    if act.step in ("all", "everything"):
        return waiting
    if act.step:
        return _named(deadline, kind, act, waiting)
    by_words = [m for m in _told(kind, waiting, act.how) if not _is_a_day_ahead(kind, m, act.on or today)]
    if by_words:
        return by_words
    soon = [m for m in waiting if m.due_on <= today + SOON]
    binding = [m for m in soon if binds(kind, m)]
    likely = binding or soon
    # The words told nothing, or of several: only the one step that is due can be meant.
    return likely if len(likely) == 1 and len(_same_act(kind, likely[0], waiting)) == 1 and len(soon) == 1 else []


def _is_a_day_ahead(kind: Kind, milestone: Milestone, on: date) -> bool:
    """Whether a step is the end that notice is for, and far off: no word but its name closes it before."""
    rule = rule_of(kind, milestone)
    return bool(kind.notices) and rule is not None and not rule.when.number and milestone.due_on > on + SOON


def _named(deadline: Deadline, kind: Kind, act: Done, waiting: Sequence[Milestone]) -> list[Milestone]:
    named = [m for m in deadline.milestones if m.name == act.step or rule_name(m.name) == act.step]
    if not named:
        return _told(kind, waiting, act.step.replace("-", " "))
    still = [m for m in named if m.state is StepState.OPEN]
    if still:
        return still if len(still) == 1 or still[0].name == act.step else []
    gone = named[0]
    if gone.state is StepState.DONE and gone.done_on:
        raise refused(
            f"{gone.title} was already done on {spoken(gone.done_on)}.", f"To see everything, type {deadline.code}."
        )
    raise refused(
        f"The day for {gone.title[0].lower()}{gone.title[1:]} was {spoken(gone.due_on)}, which is past.",
        f"To see what is open, type {deadline.code}.",
    )


def _told(kind: Kind, waiting: Sequence[Milestone], words: str) -> list[Milestone]:
    """The steps that some words tell of: one, or those that one act meets, or the first of several reports."""
    said = words.casefold()
    scores: dict[str, int] = {}
    for milestone in waiting:
        rule = rule_of(kind, milestone)
        known = {word for word in rule.words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said)} if rule else set()
        if re.search(rf"(?<![\w-]){re.escape(milestone.name)}(?![\w-])", said):
            return [milestone]
        scores[rule_name(milestone.name)] = len(known)
    best = max(scores.values(), default=0)
    names = [name for name, score in scores.items() if score == best] if best else []
    told = [m for m in waiting if rule_name(m.name) in names]
    if not told:
        return []
    family = _same_act(kind, told[0], told)
    rest = [m for m in told if m not in family]
    if rest and {rule_name(m.name) for m in rest} == {rule_name(m.name) for m in family}:
        return family[:1]  # of several reports the one that is due first
    return [] if rest else family


def _same_act(kind: Kind, milestone: Milestone, among: Sequence[Milestone]) -> list[Milestone]:
    rule = rule_of(kind, milestone)
    names = act_of(kind, rule) if rule and milestone.name == rule.name else {milestone.name}
    return [m for m in among if m.name in names]


def _which_step(act: Done, unclear: Sequence[Deadline]) -> Reply:
    """Each step that could be meant, for all deadlines of the act where they share one."""
    first = unclear[0]
    waiting = open_steps(first)
    together = len(act.numbers) == 1 or all(
        {m.name for m in waiting} == {m.name for m in open_steps(other)} for other in unclear
    )
    numbers = act.numbers if together else (first.number,)
    more = "" if len(act.numbers) == 1 else f" None of {codes(act.numbers)} is changed yet."
    return Reply(
        f'Which step of {first.code}, "{first.title}", is done? Nothing is changed yet.{more}',
        facts=tuple(Fact(f"done {codes(numbers)} {m.name}", f"{m.title}, {spoken(m.due_on)}") for m in waiting[:10]),
        next_step=f"Press one, type its number, or: done {codes(numbers)} all",
        buttons=tuple(Button(m.title[:70], replace(act, numbers=numbers, step=m.name)) for m in waiting[:5]),
        pending=Pending(act, ("step",)),
    )


def _check_written(
    turn: Turn, act: Done, deadlines: Sequence[Deadline], kinds: Sequence[Kind], chosen: Sequence[Sequence[Milestone]]
) -> None:
    """Raises Refused where a step that has to be in writing was only spoken of."""
    if not is_only_spoken(act.how):
        return
    for deadline, kind, steps in zip(deadlines, kinds, chosen, strict=True):
        for milestone in steps:
            rule = rule_of(kind, milestone)
            if rule and rule.written:
                raise Refused(
                    Reply(
                        f'{rule.clause} asks for notice "{rule.written}", so "{milestone.title}" of {deadline.code} '
                        f'stays open: I read "{act.how.strip()}" as only spoken. Nothing was changed.',
                        citations=replies.cited(turn.agreement, [rule.clause]),
                        source=turn.agreement.about.source,
                        next_step=f"When it has gone {rule.written}, type for example: done {deadline.code}: by letter",
                        buttons=(
                            Button(
                                f"It went {rule.written} too",
                                replace(act, step=act.step or milestone.name, how=rule.written),
                            ),
                            Button("Leave it open", Leave()),
                        ),
                    )
                )


# ---- what was met ---------------------------------------------------------------------------------------------------


def _met(deadline: Deadline, kind: Kind, steps: Sequence[Milestone], on: date, named: str) -> _Met:
    """Notice meets each of its dates that it is in time for; too late for best practice, that one is missed."""
    everything = list(dict.fromkeys(m for step in steps for m in _same_act(kind, step, open_steps(deadline))))
    if named in ("all", "everything"):
        everything = list(steps)
    late = [m for m in everything if _is_best_practice(kind, m) and m.due_on < on]
    if len(late) == len(everything):
        raise refused(
            f"{late[0].title}: its day was {spoken(late[0].due_on)}, before {spoken(on)}.",
            f"To see what is open, type {deadline.code}.",
        )
    return _Met(deadline, kind, [m for m in everything if m not in late], late)


def _is_best_practice(kind: Kind, milestone: Milestone) -> bool:
    rule = rule_of(kind, milestone)
    return bool(rule and rule.best_practice_of)


def _said(work: Sequence[_Met], act: Done, on: date, today: date, change: int) -> Reply:
    several = len(work) > 1
    told = [_one_said(one, today, several) for one in work]
    notes = [note for one in work if (note := _late_said(one, on))]
    how = (Fact("How", act.how.strip()),) if act.how.strip() else ()
    named = codes(act.numbers)
    return Reply(
        f"Done on {spoken(on)}: {' '.join(told)}",
        facts=how,
        note=" ".join(dict.fromkeys(notes)),
        typed=f"To take this back, type undo. To see everything, type {named}.",
        buttons=(Button(f"Show {named}", Show(act.numbers)), Button("Undo", Undo(change))),
    )


def _one_said(one: _Met, today: date, several: bool) -> str:
    code = f"{one.deadline.code}, " if several else ""
    met = "; ".join(m.title for m in one.met)
    missed = "".join(f" {m.title} was missed: its day was {spoken(m.due_on)}." for m in one.missed)
    left = headline(one.deadline, one.kind, today)
    if left is None or one.deadline.state == "done":
        return f"{code}{met}.{missed} {one.deadline.code} is finished; I will not nudge again."
    return f"{code}{met}.{missed} Next: {left.title}, {spoken(left.due_on)}, {replies.urgency(left.due_on, today)}."


def _late_said(one: _Met, on: date) -> str:
    """By how much notice came too late, and what the clause then asks for."""
    late = next((m for m in one.met if m.due_on < on and (rule := rule_of(one.kind, m)) and rule.exception), None)
    if late is None:
        return ""
    days = counted((on - late.due_on).days, "day")
    ask = "" if one.deadline.rationale else f" To keep why: rationale {one.deadline.code} because ..."
    return f"That is {days} after {spoken(late.due_on)}, the last day for it. {exception_said(one.kind)}{ask}"


def ask_which(turn: Turn, act: Done) -> Reply:
    """The steps that are open, where which is done has still to be said."""
    return _which_step(act, opened(turn, act.numbers))
