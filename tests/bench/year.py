"""A year of 40 grants, 12 consultations and 20 payments in which nobody acts: what a team's channel gets, and what it
would get with every date in a message of its own, as it was before."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.closed_days import ClosedDays
from compact_bot.dates import add_working_days, moved, working_day_after, working_day_before
from compact_bot.store.database import migrate, open_database
from compact_bot.store.tables import Milestone
from knowledge.reader import FOLDER, read_agreement
from knowledge.rules import Rules, read_lead, read_rules
from tests.nudges.year import (
    BEGINS,
    TEAM,
    UNTIL,
    Figures,
    ends_apart,
    ends_together,
    figures,
    fill_the_year,
    live_through,
    measured,
)

LEADS = ("1 month", "2 weeks", "2 working days", "the day")
NOTICE_LEADS = ("3 months", *LEADS)
CLOSED = ClosedDays()


def main() -> None:
    agreement = read_agreement(FOLDER / "sutton")
    rules, _ = read_rules(FOLDER / "sutton", agreement)
    print("A year in which nobody acts (goal: at most 1 post a day and place, median <= 2 a week, <= 8 mentions)")
    for name, ends in (("ends of quarters", ends_together), ("ends on any day", ends_apart)):
        with tempfile.TemporaryDirectory() as folder:
            engine = open_database(f"sqlite:///{folder}/compact.db")
            migrate(engine)
            fill_the_year(engine, rules, ends)
            print(f"  {name:16} each by itself  {each_by_itself(engine, rules)}")
            print(f"  {name:16} said together   {measured(live_through(engine, agreement, rules))}")
            engine.dispose()


def each_by_itself(engine: Engine, rules: Rules) -> Figures:
    """A message for each lead of each step and one when it is overdue, and a digest each Monday, whatever was in it."""
    days, mentions = [], Counter[int]()
    with Session(engine) as session:
        for step in session.scalars(select(Milestone)):
            for day in _days(step, rules):
                days.append((day, TEAM))
                mentions[step.deadline.number] += 1
    first, last = BEGINS.date().toordinal(), UNTIL.toordinal()
    mondays = (date.fromordinal(n) for n in range(first, last))
    days += [(day, TEAM) for day in mondays if not day.weekday()]
    return figures(days, mentions)


def _days(step: Milestone, rules: Rules) -> Iterator[date]:
    kind = rules.kind(step.deadline.kind)
    rule = kind.milestone(step.name) if kind else None
    is_notice = rule is not None and rule.written
    for lead in map(read_lead, NOTICE_LEADS if is_notice else LEADS):
        if lead.unit == "working day":
            day = add_working_days(step.due_on, -lead.number, CLOSED)
        else:
            day = moved(step.due_on, -lead.number, lead.unit)
            day = working_day_before(day, CLOSED) if CLOSED(day) else day
        if day > BEGINS.date():
            yield day
    if rule is None or rule.binds:
        yield working_day_after(step.due_on, CLOSED)
