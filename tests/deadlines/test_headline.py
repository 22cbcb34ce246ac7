"""The next date that binds is the headline: in D12, lists, home, nudges and the digest. Tracked on 23 November 2026."""

from datetime import UTC, date, datetime

import pytest

from compact_bot.nudges.queue import claim
from compact_bot.nudges.words import worded
from compact_bot.understanding.acts import Given, Track
from tests.deadlines.conftest import Officer

GRANT = Track("funding-notice", "Advice line", (Given("ends", (date(2027, 9, 30),)),))
MINIMUM = "Minimum notice, in writing, with a rationale"


@pytest.fixture
def june(amina: Officer) -> Officer:
    """Sunday 27 June 2027: all that was advised for March was left undone, and the minimum is three days off."""
    amina.do(GRANT)
    amina.pass_days(216)
    return amina


def test_an_overdue_piece_of_advice_never_hides_it(june: Officer) -> None:
    line = f"Wednesday 30 June 2027, 3 days left. {MINIMUM}. Amina"
    assert june.facts("deadlines") == {"D1, Advice line": line}
    assert june.facts("home") == {"D1, Advice line": line}
    assert june.say("D1").text.startswith(f'D1, "Advice line": {MINIMUM}, Wednesday 30 June 2027, 3 days left.')


def test_advice_never_counts_as_overdue(june: Officer) -> None:
    assert june.say("overdue deadlines").text == "There are no overdue deadlines."
    assert june.facts("D1")["Impact assessed before deciding"] == "Tuesday 30 March 2027, past"


def test_what_is_only_advised_is_past_and_not_overdue(amina: Officer) -> None:
    amina.do(Track("end-plan", "Cafe", (Given("ends", (date(2027, 6, 30),)),)))
    amina.pass_days(150)  # to Thursday 22 April 2027
    assert amina.say("overdue deadlines").text == "There are no overdue deadlines."
    assert [table.heading for table in amina.say("deadlines").tables] == ["Next 30 days"]
    assert amina.facts("deadlines")["D1, Cafe"] == "Tuesday 30 March 2027, advised, past. Plan made. Amina"


def test_the_digest_counts_it_as_due(june: Officer) -> None:
    due = [
        worded(june.search.agreement, june.rules, one)
        for one in claim(june.engine, datetime(2027, 6, 28, 9, 0, tzinfo=UTC), "w", 500)
    ]
    (digest,) = [reply for reply in due if reply]
    assert digest.text.startswith("Compact deadlines this week: 1 due within 2 weeks")
    assert [row.cells for table in digest.tables for row in table.rows] == [
        ("Wednesday 30 June 2027\n2 days left", f"D1, Advice line\n{MINIMUM}")
    ]


def test_a_nudge_for_advice_names_the_date_that_binds_first(amina: Officer) -> None:
    amina.do(GRANT)
    (due,) = claim(amina.engine, datetime(2027, 3, 30, 9, 0, tzinfo=UTC), "w", 500)
    nudge = worded(amina.search.agreement, amina.rules, due)
    assert nudge is not None
    assert nudge.text == (
        'D1, "Advice line": minimum notice, in writing, with a rationale by Wednesday 30 June 2027, '
        "13 weeks 1 day left. Before it, talk to the VCO about it early, and consider its response; impact assessed "
        "before deciding; best-practice notice, in writing, with a rationale by Tuesday 30 March 2027, today. "
        "Owner: Amina."
    )


def test_what_binds_is_overdue_in_words_and_the_next_one_is_named_too(june: Officer) -> None:
    june.pass_days(5)
    assert june.facts("overdue deadlines")["D1, Advice line"] == f"Wednesday 30 June 2027. {MINIMUM}. Amina"
    assert june.say("D1").text.startswith(
        f'D1, "Advice line": {MINIMUM}, overdue since Wednesday 30 June 2027. '
        "Then: Funding changes or ends, Thursday 30 September 2027, 12 weeks 6 days left."
    )


def test_advice_whose_day_passed_before_a_later_step_was_met_is_folded(june: Officer) -> None:
    june.say("done D1 minimum-notice: by letter")
    assert june.facts("D1")["Impact assessed before deciding"] == (
        "Tuesday 30 March 2027, past, and not said to be done. It was advice."
    )
    june.say("done D1 ends")
    assert june.say("deadlines").text == "There are no open deadlines."


def test_nobody_is_nudged_about_advice_that_is_past(amina: Officer) -> None:
    amina.do(GRANT)
    overdue = "nudges join milestones m on m.id = milestone_id where due_on < planned_for and nudges.state = 'waiting'"
    assert amina.count(f"{overdue} and m.name in ('early-talk', 'impact', 'best-practice-notice')") == 0
    assert amina.count(f"{overdue} and m.name = 'minimum-notice'") == 1


def test_what_comes_by_itself_is_never_overdue(june: Officer) -> None:
    june.say("done D1 minimum-notice: by letter on 20 June 2027")
    june.pass_days(100)  # past Thursday 30 September 2027, when funding ended
    assert june.say("overdue deadlines").text == "There are no overdue deadlines."
    assert june.facts("deadlines") == {
        "D1, Advice line": "Thursday 30 September 2027, ended. Nothing is left to do. Amina"
    }


def test_what_ended_says_what_was_never_done_and_leaves_home(june: Officer) -> None:
    june.pass_days(100)
    assert june.facts("deadlines") == {
        "D1, Advice line": f"Thursday 30 September 2027, ended. Never said to be done: {MINIMUM}. Amina"
    }
    assert june.facts("home") == {}
