"""Who answers what people say of deadlines. Each returns None to let the next route try."""

import re
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from compact_bot.conversation import Button, Fact, Reply
from compact_bot.dates import NUMBERS, WEEKDAYS, find_dates, moved, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.digest import plan_digest
from compact_bot.deadlines.planning import PlanError, plan
from compact_bot.deadlines.sentences import Tracked, UnreadError, check_dates, kind_in, read_tracked, word_for
from compact_bot.deadlines.tracking import Actor, Tracker, deadline_numbered, settings_of
from compact_bot.store.tables import ClosedDay, Deadline, Milestone
from compact_bot.turn import Turn
from knowledge.rules import Kind, read_lead

ID = r"d(?P<id>\d{1,6})"
LONGEST_REASON = 1_000
_FUNDING = "funding-notice"
_CONSULTATION = "consultation"


def tracker(turn: Turn) -> Tracker:
    message = turn.message
    actor = Actor(message.sender.name, message.sender.id, message.address, message.sent_at)
    settings = settings_of(turn.session, turn.organisation, turn.timezone)
    return Tracker(turn.session, turn.organisation, settings, turn.rules, actor)


def unread(problem: UnreadError) -> Reply:
    return Reply(problem.says, next_step=f"For example: {problem.example}")


def unplanned(problem: PlanError, kind: Kind) -> Reply:
    dates = " ".join(f"{word_for(asked)} DATE" for asked in kind.asks)
    return Reply(f"{problem} Nothing was saved.", next_step=f'For example: track {kind.words[0]} "NAME" {dates}')


# ---- what if, and checks --------------------------------------------------------------------------------------------


def what_if(turn: Turn, found: re.Match[str]) -> Reply | None:
    """ "when funding ends 31 March 2027", and the same in a sentence; None when it holds no such date."""
    kind, keeper = turn.rules.kind(_FUNDING), tracker(turn)
    if kind is None:
        return None
    words = found["said"]
    dates = find_dates(words, keeper.today)
    if len(dates) != 1 or not _speaks_of(kind, words, dates[0].start):
        return None
    try:
        check_dates(dates, keeper.today)
        tracked = read_tracked(
            f"{kind.words[0]} {_titled(words, kind)} ends {words[dates[0].start :]}", turn.rules, keeper.today
        )
        tracked = replace(tracked, kind=kind, given={kind.asks[0].name: [dates[0].day or keeper.today]})
        if past := _past(tracked, keeper.today):
            return past
        planned = plan(tracked.kind, tracked.given, keeper.closed)
    except UnreadError as problem:
        return unread(problem)
    return replies.what_if(turn.agreement, tracked, planned, keeper.today)


def _speaks_of(kind: Kind, words: str, before: int) -> bool:
    """Whether a sentence names the kind's subject and, not far before its date, that it ends."""
    subject = re.search(rf"\b(?:{'|'.join(kind.words)}|funded)\b", words, re.IGNORECASE)
    verbs = [*kind.asks[0].words, "cut", "cutting", "withdraw", "terminate", "expires", "expire"]
    verbs.remove("for") if "for" in verbs else None
    verb = re.search(rf"\b(?:{'|'.join(verbs)})\b", words[:before], re.IGNORECASE)
    return bool(subject and verb)


def _titled(words: str, kind: Kind) -> str:
    """A quoted name for a what-if: the quoted words, what the sentence calls it, or what the kind is called."""
    quoted = re.search('["“”]([^"“”]+)["“”]', words)
    if quoted:
        return f'"{quoted[1]}"'
    named = re.match(
        r"(?:the |our )?(?P<what>(?:grant|funding|contract|money)[a-z ]*? (?:to|for|of|with) [a-z' ]+?)"
        r"\s+(?:ends?|stops?|changes?|finishes|is ending|will end)\b",
        words,
        re.IGNORECASE,
    )
    return f'"{named["what"][0].upper()}{named["what"][1:]}"' if named else f'"{kind.title}"'


def _past(tracked: Tracked, today: date) -> Reply | None:
    """A date that is past cannot be planned for, except where it is the past that matters."""
    for name, days in tracked.given.items():
        for day in days:
            if day < today and name not in ("found", "known", "opens", "starts"):
                return Reply(
                    f"{spoken(day)} is past, so there is nothing to plan for. Nothing was saved.",
                    next_step="Give a date that is still to come, with its year.",
                )
    return None


def check_notice(turn: Turn, found: re.Match[str]) -> Reply:
    kind, today = turn.rules.kind(_FUNDING), tracker(turn).today
    example = "check notice given 20 January 2027 for 31 March 2027"
    first = find_dates(found["rest"], today, prefer_past=False)
    try:
        check_dates(first, today)
    except UnreadError as problem:
        return unread(UnreadError(problem.says.replace(" Nothing was saved.", ""), example))
    if kind is None or len(first) != 2:
        return Reply(
            "I need two dates: when notice is given, and when funding ends.", next_step=f"For example: {example}"
        )
    given, end = (written.day or today for written in first)
    if given > end:
        return Reply(
            f"{spoken(given)} is after {spoken(end)}; notice comes first.", next_step=f"For example: {example}"
        )
    return replies.notice_checked(turn.agreement, kind, given, end)


def check_consultation(turn: Turn, found: re.Match[str]) -> Reply:
    kind, today = turn.rules.kind(_CONSULTATION), tracker(turn).today
    example = "check consultation 7 December 2026 to 1 March 2027"
    dates = find_dates(found["rest"], today)
    try:
        check_dates(dates, today)
    except UnreadError as problem:
        return unread(UnreadError(problem.says.replace(" Nothing was saved.", ""), example))
    if kind is None or len(dates) != 2:
        return Reply("I need two dates: when it opens and when it closes.", next_step=f"For example: {example}")
    opens, closes = (written.day or today for written in dates)
    if closes <= opens:
        return Reply(f"{spoken(closes)} is not after {spoken(opens)}.", next_step=f"For example: {example}")
    return replies.consultation_checked(turn.agreement, kind, opens, closes)


# ---- tracking -------------------------------------------------------------------------------------------------------


def track(turn: Turn, found: re.Match[str]) -> Reply | None:
    """Saved at once when every date is written out in full; otherwise the dates are echoed first.

    None when it is no such sentence at all ("track record of charities").
    """
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
    if past := _past(tracked, keeper.today):
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


def remind(turn: Turn, found: re.Match[str]) -> Reply | None:
    """ "remind us that the library consultation closes 3 March": read as tracking, and always echoed first."""
    return track(turn, found) if find_dates(found["rest"], tracker(turn).today) else None


def yes(turn: Turn, _: re.Match[str]) -> Reply | None:
    """Carries out what was echoed; None when nothing was."""
    said, turn.thread.waiting_for_yes = turn.thread.waiting_for_yes, ""
    again = re.fullmatch(r"(?P<verb>track|move d\d+) (?P<rest>.*)", said, re.IGNORECASE | re.DOTALL)
    if not again:
        return None
    if again["verb"].lower() == "track":
        return track(turn, again)
    moving = re.fullmatch(rf"move {ID} ?(?P<rest>.*)", said, re.IGNORECASE)
    return move(turn, moving) if moving else None


def no(turn: Turn, _: re.Match[str]) -> Reply | None:
    said, turn.thread.waiting_for_yes = turn.thread.waiting_for_yes, ""
    if not said:
        return None
    return Reply("Left as it was. Nothing was saved.", next_step="Say it again with other dates whenever you like.")


# ---- one deadline ---------------------------------------------------------------------------------------------------


def found_deadline(turn: Turn, found: re.Match[str]) -> Deadline | Reply:
    deadline = deadline_numbered(turn.session, turn.organisation, int(found["id"]))
    if deadline is None:
        return Reply(
            f"There is no D{found['id']} here. Nothing was changed.",
            next_step="Type deadlines to see those there are.",
        )
    return deadline


def open_deadline(turn: Turn, found: re.Match[str]) -> Deadline | Reply:
    deadline = found_deadline(turn, found)
    if isinstance(deadline, Deadline) and deadline.state != "open":
        return Reply(
            f"{replies.code(deadline)} is already {deadline.state}. Nothing was changed.",
            next_step=f"Type {replies.code(deadline)} to see its history.",
        )
    return deadline


def show(turn: Turn, found: re.Match[str]) -> Reply:
    deadline = found_deadline(turn, found)
    if isinstance(deadline, Reply):
        return deadline
    return replies.shown(
        turn.agreement, deadline, kind_of(turn, deadline), tracker(turn).today, ZoneInfo(turn.timezone)
    )


def kind_of(turn: Turn, deadline: Deadline) -> Kind:
    return turn.rules.kind(deadline.kind) or turn.rules.kinds[-1]


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
            return deadline.owner.casefold() == turn.message.sender.name.casefold()
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
            f'To which date? Nothing was changed. {number} is "{deadline.title}".', next_step=f"For example: {example}"
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
            next_step="Type deadlines to see those there are.",
        )
    deadline, what = taken_back
    return Reply(
        f"Taken back, {replies.code(deadline)}: {what}.",
        next_step=f"To see it, type {replies.code(deadline)}.",
    )


# ---- the organisation's choices -------------------------------------------------------------------------------------


def digest(turn: Turn, found: re.Match[str]) -> Reply:
    day = next((n for n, name in enumerate(WEEKDAYS) if name.startswith(found["day"].casefold()[:3])), None)
    hour, minute = int(found["hour"] or 9), int(found["minute"] or (30 if not found["hour"] else 0))
    if day is None or day > 4 or hour > 23 or minute > 59:
        return Reply(
            "I send the digest on a working day at a time such as 09:30. Nothing was changed.",
            next_step="For example: digest on Mondays 09:30",
        )
    settings = settings_of(turn.session, turn.organisation, turn.timezone)
    settings.digest_weekday, settings.digest_at = day, f"{hour:02}:{minute:02}"
    if settings.platform:
        plan_digest(turn.session, settings, turn.message.sent_at)
    return Reply(
        f"The digest comes on {WEEKDAYS[day].title()}s at {settings.digest_at}.",
        next_step="It lists what is due, what is overdue, and funding that ends within 6 months without a notice plan.",
    )


def nudges_here(turn: Turn, _: re.Match[str]) -> Reply:
    settings = settings_of(turn.session, turn.organisation, turn.timezone)
    settings.platform, settings.route = turn.message.address.platform, turn.message.address.route
    plan_digest(turn.session, settings, turn.message.sent_at)
    return Reply(
        "From now on nudges for new deadlines and the weekly digest come here.",
        next_step="To change the day of the digest, type: digest on Mondays 09:30",
    )


def set_lead(turn: Turn, found: re.Match[str]) -> Reply | None:
    """None when what follows is no name ("lead contractors")."""
    if not re.match(r"@|[A-Z]", found["name"]):
        return None
    settings = settings_of(turn.session, turn.organisation, turn.timezone)
    settings.lead = found["name"].strip().lstrip("@")[:100]
    return Reply(
        f"{settings.lead} is the Compact lead. When nobody has acted 2 working days before a minimum date, the nudge "
        "names them too.",
        next_step="To change it, say it again with another name.",
    )


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
            "Your organisation's own closed days: " + (", ".join(map(spoken, kept)) or "none") + ".",
            next_step=f"To add some, type for example: {example}",
        )
    try:
        check_dates(dates, today)
    except UnreadError as problem:
        return unread(UnreadError(problem.says, example))
    first, last = dates[0].day or today, dates[-1].day or today
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
