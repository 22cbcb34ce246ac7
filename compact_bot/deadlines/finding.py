"""Finding the deadlines that an act names, and refusing what no deadline can be."""

from collections.abc import Iterable, Sequence
from datetime import date

from compact_bot.conversation import Reply
from compact_bot.deadlines.tracking import Owner, Tracker
from compact_bot.organisation import LONGEST_NAME, actor, person_meant, settings, settings_of
from compact_bot.partnership.numbers import renumbered_deadline
from compact_bot.store.records import deadline_numbered
from compact_bot.store.tables import Deadline, DeadlineState, Organisation
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Named
from compact_bot.understanding.people import people_in
from compact_bot.understanding.saying import codes
from knowledge.rules import read_lead

LONGEST_TITLE = 200
LONGEST_REASON = 1_000
MOST_AT_ONCE = 20  # deadlines in one message: more is a mistake, or nobody can read the answer
MOST_LEADS = 10  # lead times of one deadline
YEARS = range(1990, 2101)


def tracker(turn: Turn, deadlines: Sequence[Deadline] = ()) -> Tracker:
    """Of the person's own organisation, or of the partner whose these deadlines are. Raises Refused where they belong
    to several: each is planned by the closed days and the places that its own organisation has set."""
    whose = {deadline.organisation_id for deadline in deadlines} or {turn.organisation.id}
    if len(whose) > 1:
        raise refused("Those belong to different organisations.", "Say it for each by itself.")
    holder = whose.pop()
    if holder == turn.organisation.id:
        return Tracker(turn.session, turn.organisation, settings(turn), turn.rules, actor(turn))
    partner = turn.session.get_one(Organisation, holder)
    chosen = settings_of(turn.session, partner, turn.timezone)
    return Tracker(turn.session, partner, chosen, turn.rules, actor(turn), by=turn.organisation)


def found(turn: Turn, numbers: Sequence[int]) -> list[Deadline]:
    """The deadlines with these numbers, all of them. Raises Refused naming those that are not there."""
    if not numbers:
        raise Refused(Reply("Which deadline? Nothing was changed.", next_step="Type deadlines to see their numbers."))
    if len(numbers) > MOST_AT_ONCE:
        raise refused(f"That names {len(numbers)} deadlines; I do at most {MOST_AT_ONCE} at once.", "")
    deadlines = {number: deadline_numbered(turn.session, turn.organisation, number) for number in numbers}
    missing = tuple(number for number, deadline in deadlines.items() if deadline is None)
    if missing:
        if renumbered := renumbered_deadline(turn, missing[0]):
            raise Refused(renumbered)
        raise refused(f"There is no {codes(missing)} here.", "Type deadlines to see those there are.")
    if len(numbers) == 1:
        turn.thread.deadline = numbers[0]
    return [deadline for deadline in deadlines.values() if deadline is not None]


def opened(turn: Turn, numbers: Sequence[int]) -> list[Deadline]:
    """The same, when all of them are still open. Raises Refused naming one that is not."""
    deadlines = found(turn, numbers)
    for deadline in deadlines:
        if deadline.state is not DeadlineState.OPEN:
            raise refused(f"{deadline.code} is already {deadline.state}.", f"Type {deadline.code} to see its history.")
    return deadlines


def the_only(turn: Turn, number: int) -> Deadline:
    return opened(turn, (number,))[0]


def refused(problem: str, next_step: str, saying: str = "Nothing was changed.") -> Refused:
    """What stands in the way, and what to do about it."""
    return Refused(Reply(f"{problem} {saying}", next_step=next_step or "Type help to see what I can do."))


def check_days(days: Iterable[date], saying: str = "Nothing was changed.") -> None:
    """Raises Refused for a day so far off that it is a slip."""
    for day in days:
        if day.year not in YEARS:
            raise refused(
                f"The year {day.year} is too far off: I keep dates from {YEARS[0]} to {YEARS[-1]}.",
                "Say it again with the year you mean.",
                saying,
            )


def check_reason(reason: str, asked: str, example: str) -> str:
    """The reason, tidied. Raises Refused for none, and for one that is too long."""
    tidy = reason.strip()
    if not tidy or len(tidy) > LONGEST_REASON:
        long = f" That has {len(tidy):,} characters; the most I keep is {LONGEST_REASON:,}." if tidy else ""
        raise refused(f"{asked}{long}", f"For example: {example}")
    return tidy


def check_leads(leads: Sequence[str], example: str, saying: str = "Nothing was changed.") -> tuple[str, ...]:
    """Lead times as the rules write them, each once. Raises Refused for none, and for one that is no lead time."""
    try:
        read = tuple(dict.fromkeys(str(read_lead(lead)) for lead in leads))
    except ValueError:
        read = ()
    if not read or len(read) > MOST_LEADS:
        raise refused(f"How long before each date? I take up to {MOST_LEADS} times.", f"For example: {example}", saying)
    return read


def check_clause(turn: Turn, clause: str, saying: str = "Nothing was changed.") -> None:
    if clause and not turn.agreement.clause(clause):
        raise refused(f"There is no clause {clause}.", "Name another, or none.", saying)


def check_title(title: str, saying: str = "Nothing was changed.") -> str:
    tidy = title.strip()
    if not tidy:
        raise refused("What is it called?", "Say it again with its name.", saying)
    if len(tidy) > LONGEST_TITLE:
        raise refused(
            f"That name has {len(tidy)} characters; the most I keep is {LONGEST_TITLE}.",
            "Say it again with a shorter name.",
            saying,
        )
    return tidy


def owner_meant(turn: Turn, named: Named | None, saying: str = "Nothing was changed.") -> Owner:
    """The sender where nobody is named."""
    sender = turn.message.sender
    if named is None or named.id == sender.id:
        return Owner(sender.name[:LONGEST_NAME], turn.person)
    name = named.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise refused(
            f"Please give a name of at most {LONGEST_NAME} characters.", "For example: owner D12 Ben Okoro", saying
        )
    if (several := people_in(name)) and not named.id:
        raise refused(
            f"One person sees to a deadline, and I read {len(several)}: {', '.join(several)}.",
            f"Name one of them, such as {several[0]}, or a team.",
            saying,
        )
    person = person_meant(turn, named)
    return Owner(person.name if person and named.id else name, person)
