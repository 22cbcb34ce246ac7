"""Nobody acts for a year: the team is told little, and the last day for notice is never missed."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine

from compact_bot.closed_days import ClosedDays
from compact_bot.dates import spoken, working_day_before
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.nudges.year import ends_apart, ends_together, fill_the_year, live_through, measured

CLOSED = ClosedDays()


@pytest.mark.parametrize("ends", [ends_together, ends_apart])
def test_a_year_of_40_grants_is_quiet_and_no_minimum_date_is_missed(
    engine: Engine, sutton: Agreement, rules: Rules, ends: Callable[[int], date]
) -> None:
    minimum = fill_the_year(engine, rules, ends)
    posts = live_through(engine, sutton, rules)
    year = measured(posts)
    assert year.most_a_day == 1
    assert year.median_a_week <= 2
    assert year.most_mentions <= 8
    assert not [post.day for post in posts if CLOSED(post.day)]
    for number, day in minimum.items():
        before = [post for post in posts if post.names(number) and post.day <= day]
        assert len(before) >= 3
        last = working_day_before(day, CLOSED) if CLOSED(day) else day
        assert before[-1].day == last
        line = next(line for line in before[-1].text.split("\n") if f"D{number}," in line)
        assert (f"last working day: the date is {spoken(day)}" if CLOSED(day) else f"{spoken(day)}, today") in line
    assert Counter(post.day.weekday() for post in posts)[0] >= 40
