"""Done, moved, snoozed, dropped: what people say to change one deadline."""

import re
from datetime import date

from compact_bot.conversation import Button, Fact, Reply
from compact_bot.dates import NUMBERS, find_dates, moved, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.at_hand import LONGEST_REASON, found_deadline, kind_of, open_deadline, tracker, unread
from compact_bot.deadlines.forms import drop_form, move_form
from compact_bot.deadlines.planning import PlanError
from compact_bot.deadlines.sentences import UnreadError, check_dates, word_for
from compact_bot.store.tables import Milestone
from compact_bot.turn import Turn
from knowledge.rules import read_lead


def done(turn: Turn, found: re.Match[str]) -> Reply:
    """ "done D12 notice given by letter 12 Dec": which milestone is asked when it is not clear."""
    deadline = open_deadline(turn, found)
    if isinstance(deadline, Reply):
        return deadline
    keeper, number = tracker(turn), replies.code(deadline)
    said = (found["rest"] or "").strip()
    dates = find_dates(said, keeper.today, prefer_past=True)
    try:
        check_dates(dates, keeper.today)
    except UnreadError as problem:
        return unread(problem)
    on = dates[-1].day if dates and dates[-1].day else keeper.today
    if on > keeper.today:
        return Reply(
            f"{spoken(on)} is still to come, so it cannot be done yet. Nothing was changed.",
            next_step=f"Type done {number} when it is.",
        )
    waiting = [m for m in deadline.milestones if m.state != "done"]
    before = next((m for m in deadline.milestones if m.state == "done" and m.name == said.casefold()), None)
    if before is not None and before.done_on is not None:
        return Reply(
            f"{before.title} was already done on {spoken(before.done_on)}. Nothing was changed.",
            next_step=f"To see everything, type {number}.",
        )
    chosen = waiting if said.casefold() in ("all", "everything") else _meant(waiting, said)
    if not chosen:
        return Reply(
            f"Which step of {number} is done? Nothing is changed yet.",
            facts=tuple(Fact(f"done {number} {m.name}", f"{m.title}, {spoken(m.due_on)}") for m in waiting),
            next_step=f"Type one of these, or: done {number} all",
            buttons=tuple(
                Button(m.title[:70], f"done {number} {m.name}{' ' + said if said else ''}") for m in waiting[:5]
            ),
        )
    keeper.done(deadline, chosen, on, _note(said, chosen))
    left = replies.next_open(deadline)
    rest = f"Next: {left.title}, {spoken(left.due_on)}." if left else f"{number} is finished; I will not nudge again."
    return Reply(
        f"Done on {spoken(on)}: {'; '.join(m.title for m in chosen)}. {rest}",
        facts=tuple(Fact("How", m.done_note) for m in chosen[:1] if m.done_note),
        next_step=f"To take this back, type undo. To see everything, type {number}.",
        buttons=(Button(f"Show {number}", number), Button("Undo", "undo")),
    )


def _meant(waiting: list[Milestone], said: str) -> list[Milestone]:
    """The milestones that some words name. Notice that was given serves the best-practice and the minimum date."""
    words = said.casefold()
    named = [m for m in waiting if re.search(rf"(?<![\w-]){re.escape(m.name)}(?![\w-])", words)]
    if named or len(waiting) == 1:
        return named or waiting
    if re.search(r"\bnotice\b", words):
        return [m for m in waiting if m.name.endswith("notice")]
    telling = [set(re.findall(r"[a-z]{4,}", m.title.casefold())) for m in waiting]
    shared = [len(title & set(re.findall(r"[a-z]{4,}", words))) for title in telling]
    best = max(shared, default=0)
    return [m for m, n in zip(waiting, shared, strict=True) if n == best] if best and shared.count(best) == 1 else []


def _note(said: str, chosen: list[Milestone]) -> str:
    """How it was done, without the milestone's own name."""
    for milestone in chosen:
        said = re.sub(rf"(?<![\w-]){re.escape(milestone.name)}(?![\w-])", "", said, flags=re.IGNORECASE)
    return "" if said.casefold() in ("all", "everything") else said.strip()[:LONGEST_REASON]


def move(turn: Turn, found: re.Match[str]) -> Reply:
    """The last date of what was given moves, or the one that a word names; later dates and nudges follow."""
    deadline = open_deadline(turn, found)
    if isinstance(deadline, Reply):
        return deadline
    keeper, number, kind = tracker(turn), replies.code(deadline), kind_of(turn, deadline)
    words = found["rest"].strip()
    dates = find_dates(words, keeper.today)
    example = f"move {number} 30 April 2027"
    try:
        check_dates(dates, keeper.today)
    except UnreadError as problem:
        return unread(UnreadError(problem.says.replace("saved", "changed"), example))
    if len(dates) != 1 or dates[0].day is None:
        return Reply(
            f'To which date? Nothing was changed. {number} is "{deadline.title}".',
            next_step=f"For example: {example}",
            form=move_form(turn, number),
        )
    day = dates[0].day
    asked = next((a for a in kind.asks if re.search(rf"\b(?:{'|'.join(a.words)})\b", words[: dates[0].start])), None)
    name = asked.name if asked else kind.asks[0].name if kind.asks[0].name in deadline.anchors else kind.asks[-1].name
    given = {n: [date.fromisoformat(d) for d in days] for n, days in deadline.anchors.items()}
    given[name] = [*given.get(name, [])[:-1], day]
    if day < keeper.today:
        return Reply(f"{spoken(day)} is past. Nothing was changed.", next_step=f"For example: {example}")
    if not dates[0].exact:
        turn.thread.waiting_for_yes = f"move {number} {word_for(kind.asked(name))} {day.isoformat()}"
        return Reply(
            f"I read that as {spoken(day)} for {number}. Nothing is changed yet.",
            next_step="Type yes to move it, or no to leave it.",
            buttons=(Button("Move it", turn.thread.waiting_for_yes), Button("Leave it", "no")),
        )
    try:
        changed = keeper.move(deadline, kind, given)
    except PlanError as error:
        return Reply(f"{error} Nothing was changed.", next_step=f"For example: {example}")
    return Reply(
        f"{number} moved: {kind.asked(name).label} is now {spoken(day)}. Its nudges move with it.",
        facts=tuple(Fact(title, f"from {spoken(old)} to {spoken(new)}") for title, old, new in changed),
        next_step=f"To take this back, type undo. To see everything, type {number}.",
        buttons=(Button(f"Show {number}", number), Button("Undo", "undo")),
    )


def snooze(turn: Turn, found: re.Match[str]) -> Reply:
    deadline = open_deadline(turn, found)
    if isinstance(deadline, Reply):
        return deadline
    keeper, number = tracker(turn), replies.code(deadline)
    size = re.fullmatch(
        r"(?:for )?(?P<n>\d{1,3}|[a-z]+) (?P<unit>working day|day|week|month)s?", found["rest"].casefold()
    )
    count = (int(size["n"]) if size["n"].isdigit() else NUMBERS.get(size["n"], 0)) if size else 0
    if not size or not count:
        return Reply("For how long? Nothing was changed.", next_step=f"For example: snooze {number} 1 week")
    until = moved(keeper.today, count, size["unit"])
    if until > moved(keeper.today, 6, "month"):
        return Reply(
            "Six months is the longest. Nothing was changed.", next_step=f"For example: snooze {number} 1 month"
        )
    keeper.snooze(deadline, until)
    return Reply(
        f"{number} is quiet until {spoken(until)}. Its dates stay as they are.",
        next_step="To take this back, type undo.",
        buttons=(Button("Undo", "undo"),),
    )


def drop(turn: Turn, found: re.Match[str]) -> Reply:
    deadline = open_deadline(turn, found)
    if isinstance(deadline, Reply):
        return deadline
    reason = re.sub(r"^(?:because|as|since)\b[: ]*", "", found["rest"].strip(), flags=re.IGNORECASE)
    number = replies.code(deadline)
    if not reason or len(reason) > LONGEST_REASON:
        return Reply(
            f"Why is {number} not needed? A reason is kept with it. Nothing was changed.",
            next_step=f"For example: drop {number} because the grant was renewed",
            form=drop_form(turn, number),
        )
    tracker(turn).drop(deadline, reason)
    return Reply(
        f"{number} is dropped, because {reason}. I will not nudge again.",
        next_step="To take this back, type undo.",
        buttons=(Button("Undo", "undo"),),
    )


def set_leads(turn: Turn, found: re.Match[str]) -> Reply:
    deadline = open_deadline(turn, found)
    if isinstance(deadline, Reply):
        return deadline
    number = replies.code(deadline)
    try:
        leads = [read_lead(lead) for lead in re.split(r",| and ", found["rest"]) if lead.strip()]
    except ValueError:
        leads = []
    if not leads:
        return Reply(
            "How long before each date? Nothing was changed.",
            next_step=f"For example: leads {number} 3 months, 1 month, 1 week, the day",
        )
    tracker(turn).set_leads(deadline, leads)
    return Reply(
        f"{number} will be nudged {', '.join(map(str, leads))} before each of its dates.",
        next_step="To take this back, type undo.",
    )


def rationale(turn: Turn, found: re.Match[str]) -> Reply:
    deadline = found_deadline(turn, found)
    if isinstance(deadline, Reply):
        return deadline
    reason = re.sub(r"^(?:because|is)\b[: ]*", "", found["rest"].strip(), flags=re.IGNORECASE)
    number = replies.code(deadline)
    if not reason or len(reason) > LONGEST_REASON:
        return Reply(
            "What is the rationale? Nothing was changed.", next_step=f"For example: rationale {number} because ..."
        )
    tracker(turn).explain(deadline, reason)
    return Reply(
        f"Kept with {number}: {reason}", next_step=f"To see everything, type {number}. To take it back, type undo."
    )


def undo(turn: Turn, _: re.Match[str]) -> Reply:
    taken_back = tracker(turn).undo()
    if taken_back is None:
        return Reply(
            "There is nothing of yours from the last 10 minutes to take back. Nothing was changed.",
            next_step="What is logged anonymously cannot be taken back. Type deadlines to see those there are.",
        )
    deadline, what = taken_back
    return Reply(
        f"Taken back, {replies.code(deadline)}: {what}.",
        next_step=f"To see it, type {replies.code(deadline)}.",
    )
