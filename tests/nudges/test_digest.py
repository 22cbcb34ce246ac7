"""The digest: only when there is something to say, never on a closed day, without what is over, apart from nudges."""

from datetime import UTC, date, datetime, timedelta

from adapters.plain_text import plain_text
from compact_bot.nudges.outcomes import Outcome, record
from compact_bot.nudges.queue import claim
from compact_bot.nudges.words import worded
from compact_bot.understanding.acts import CloseDays, Given, OpenDays, Track
from tests.deadlines.conftest import GRANT, Officer

FAR = Track("payment", "Q4", (Given("due", (date(2027, 6, 30),)),))
PAYMENT = Track("payment", "Q3", (Given("due", (date(2026, 12, 9),)),))


def at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 9, 30, tzinfo=UTC)


def said(officer: Officer, now: datetime) -> list[str]:
    claimed = claim(officer.engine, now, "w", 100)
    record(officer.engine, [Outcome(nudge, "sent") for one in claimed for nudge in one.ids], "w", now)
    replies = [worded(officer.search.agreement, officer.rules, one) for one in claimed]
    return [plain_text(reply) for reply in replies if reply]


def digests(officer: Officer) -> list[str]:
    """The days for which a digest waits."""
    with officer.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "select planned_for from nudges where purpose = 'digest' and state = 'waiting' order by planned_for"
        )
        return [str(row[0]) for row in rows]


def test_none_comes_when_nothing_is_due_overdue_or_waiting(amina: Officer) -> None:
    amina.do(FAR)
    assert said(amina, at(11, 30)) == []
    assert digests(amina) == ["2026-12-07"]


def test_it_says_how_much_there_is_and_names_what_was_not_said_lately(amina: Officer) -> None:
    amina.pass_days(8)  # to Tuesday 1 December, when the nudges of two weeks and one week before are past
    amina.do(PAYMENT)
    (digest,) = said(amina, at(12, 7))
    assert digest.startswith("Compact deadlines this week: 1 due within 2 weeks.")
    assert digest.count("D1, Q3") == 1


def test_it_never_comes_on_a_closed_day(amina: Officer) -> None:
    amina.do(PAYMENT)
    assert digests(amina) == ["2026-11-23"]
    amina.now = at(11, 23) + timedelta(hours=1)
    amina.do(CloseDays(date(2026, 11, 30), date(2026, 11, 30)))
    assert digests(amina) == ["2026-11-23", "2026-12-01"]
    amina.do(OpenDays(date(2026, 11, 30), date(2026, 11, 30)))
    assert digests(amina)[-1] == "2026-11-30"


def test_one_that_was_missed_is_not_made_up_for_on_a_closed_day(amina: Officer) -> None:
    amina.do(PAYMENT)
    saturday = at(11, 28)
    assert said(amina, saturday) == []
    assert digests(amina) == ["2026-11-30"]


def test_off_it_leaves_the_nudges(amina: Officer) -> None:
    amina.do(PAYMENT)
    amina.say("digest off")
    (nudge,) = said(amina, at(12, 7))
    assert nudge.startswith('D1, "Q3": payment made by Wednesday 9 December 2026, 2 days left.')


def test_what_is_over_leaves_it(amina: Officer) -> None:
    amina.do(GRANT)
    (last,) = said(amina, at(3, 22, 2027))
    assert last.startswith("Compact deadlines this week: 1 overdue, 1 with funding that ends")
    assert said(amina, at(4, 5, 2027)) == []
    amina.now = at(4, 6, 2027)
    assert amina.say("overdue deadlines").text == "There are no overdue deadlines."


def test_another_day_for_it_moves_what_is_said_together_to_that_day(amina: Officer) -> None:
    amina.do(GRANT)
    amina.say("digest on Wednesdays 8:15")
    waiting = "nudges where milestone_id > 0 and state = 'waiting' and planned_for"
    assert amina.count(f"{waiting} = '2026-12-02' and due_at like '2026-12-02 08:15%'") == 1
    assert amina.count(f"{waiting} = '2026-11-30'") == 0
