"""What people say of deadlines, with the real bot on a real database file. It is Monday 23 November 2026."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from compact_bot.bot import Bot
from compact_bot.store.tables import Deadline, Nudge
from tests.conftest import Chat
from tests.deadlines.conftest import told_by

GRANT = 'track funding "Youth club grant" ends 31 March 2027 owner Amina'


def facts(chat: Chat, said: str) -> dict[str, str]:
    return told_by(chat.say(said))


def count(engine: Engine, what: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(text(f"select count(*) from {what}")) or 0  # noqa: S608  # our own words


# ---- what if, and checks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "when funding ends 31 March 2027",
        "the grant ends 31.3.2027, what notice do we need?",
    ],
)
def test_when_funding_ends_gives_both_dates_the_clause_and_the_working(chat: Chat, engine: Engine, said: str) -> None:
    reply = chat.say(said)
    shown = {fact.label: fact.value for fact in reply.facts}
    assert reply.text.startswith("Minimum notice, in writing, with a rationale: by Thursday 31 December 2026.")
    assert "Wednesday 30 September 2026, already past" in reply.text
    assert reply.citations[0].number == "3.4.4"
    minimum = shown["Minimum notice, in writing, with a rationale"]
    assert "31 March 2027, less 3 months, = 31 December 2026, a Thursday; clause 3.4.4" in minimum
    assert reply.buttons[0].label == "Track"
    assert count(engine, "deadlines") == 0


@pytest.mark.parametrize(
    "said", ["grant to the youth club stops 31 March 2027", "our funding stops at the end of March"]
)
def test_an_end_that_is_only_told_is_shown_with_its_dates_before_it_is_saved(
    chat: Chat, engine: Engine, said: str
) -> None:
    reply = chat.say(said)
    shown = told_by(reply)
    assert "funding ends Wednesday 31 March 2027?" in reply.text
    assert reply.text.endswith("Nothing is saved yet.")
    assert "30 September 2026, which is past" in reply.note
    minimum = shown["Minimum notice, in writing, with a rationale"]
    assert minimum == "Thursday 31 December 2026. 31 March 2027, less 3 months"
    assert reply.buttons[0].label == "Save"
    assert count(engine, "deadlines") == 0


def test_the_track_button_tracks_what_was_shown(chat: Chat) -> None:
    button = chat.say("grant to the youth club stops 31 March 2027").buttons[0]
    assert button.says == 'track funding-notice "Grant to the youth club" ends 31 March 2027'
    assert chat.say(button.says).text.startswith('Saved as D1: "Grant to the youth club".')


def test_an_arguable_day_and_a_closed_day_are_said(chat: Chat) -> None:
    june = facts(chat, "when funding ends 30 June 2027")["Minimum notice, in writing, with a rationale"]
    assert "Tuesday 30 March 2027" in june
    assert "Wednesday 31 March 2027 is arguable" in june
    may = facts(chat, "when funding ends 31 May 2027")["Minimum notice, in writing, with a rationale"]
    assert "Sunday 28 February 2027" in may
    assert "be done by Friday 26 February 2027" in may


def test_short_notice_is_counted_and_asks_for_the_exception_and_rationale(chat: Chat) -> None:
    reply = chat.say("check notice given 20 Jan 2027 for 31 March 2027")
    assert reply.text.startswith("Not enough: 20 days short of the minimum in 3.4.4.")
    assert "is 2 months 11 days" in reply.text
    assert "What is the exception, and what is the rationale?" in reply.next_step
    assert "it meets the minimum" in chat.say("check notice given 31 Dec 2026 for 31 March 2027").text


def test_a_consultation_is_counted_in_weeks_and_days_with_what_lies_inside(chat: Chat) -> None:
    reply = chat.say("check consultation 7 Dec to 1 Feb")
    assert reply.text.startswith("Not long enough: 4 weeks short of the 12 weeks in 3.2.2.")
    assert "is 8 weeks" in reply.text
    assert "Christmas Day (25 December 2026)" in reply.note
    assert "The Compact gives no extension" in reply.note
    assert reply.facts[0].value == "Monday 1 March 2027"
    august = chat.say("check consultation 1 June 2027 to 1 September 2027")
    assert "it meets the 12 weeks" in august.text
    assert "31 days of August" in august.note


# ---- tracking -------------------------------------------------------------------------------------------------------


def test_tracking_a_grant_saves_it_with_its_nudges_in_one_go(chat: Chat, engine: Engine) -> None:
    reply = chat.say(GRANT)
    assert reply.text.startswith('Saved as D1: "Youth club grant". Owner: Amina.')
    assert "was due on Wednesday 30 September 2026, which is past" in reply.note
    with Session(engine) as session:
        planned = sorted(
            nudge.planned_for
            for nudge in session.scalars(select(Nudge))
            if nudge.milestone and nudge.milestone.name == "minimum-notice"
        )
    # a month, two weeks and a week before on the week's first working day; the day itself; and the week after
    assert planned == [
        date(2026, 11, 30),
        date(2026, 12, 21),
        date(2026, 12, 29),
        date(2026, 12, 31),
        date(2027, 1, 4),
    ]


def test_a_date_that_had_to_be_worked_out_is_echoed_before_it_is_saved(chat: Chat, engine: Engine) -> None:
    reply = chat.say('track consultation "Library strategy" opens 7 Dec')
    assert reply.text.startswith('Track "Library strategy", consultation opens Monday 7 December 2026?')
    assert "Nothing is saved yet." in reply.text
    assert count(engine, "deadlines") == 0
    assert chat.say("yes").text.startswith('Saved as D1: "Library strategy"')
    assert "Monday 1 March 2027" in facts(chat, "D1")["12 weeks completed"]


def test_no_leaves_it(chat: Chat, engine: Engine) -> None:
    chat.say('track consultation "Library strategy" opens next Friday')
    assert "Friday 4 December 2026" in chat.heard[-1].text
    assert chat.say("no").text.startswith("Left as it was.")
    assert chat.say("yes").text == "There is nothing here that waits for a yes. Nothing was saved."
    assert count(engine, "deadlines") == 0


def test_remind_us_in_a_sentence(chat: Chat) -> None:
    assert "Wednesday 3 March 2027" in chat.say("remind us that the library consultation closes 3 March").text
    assert chat.say("yes").text.startswith('Saved as D1: "Library consultation"')


@pytest.mark.parametrize(
    ("said", "milestones"),
    [
        ('track payment "Quarter 3" due 15 January 2027', ["Payment made"]),
        ('track end plan "Cafe" ends 30 September 2027', ["Plan made"]),
        ('track early warning "New treasurer" known 20 November 2026', ["Funder told"]),
        (
            'track improvement "Debt advice" found 1 December 2026 review 1 March 2027',
            ["Timetable of actions agreed", "Review, before any decision to end"],
        ),
        (
            'track monitoring "Hub" starts 1 April 2027 reports 1 July 2027, 1 October 2027',
            ["Measures agreed, before the agreement starts", "Report due (1 of 2)", "Report due (2 of 2)"],
        ),
        ('track "AGM" on 3 May 2027 clause 3.4.3', ["The date itself"]),
    ],
)
def test_every_kind_can_be_tracked(chat: Chat, said: str, milestones: list[str]) -> None:
    assert list(facts(chat, said)) == milestones


def test_a_shorter_consultation_asks_for_its_rationale_and_keeps_it(chat: Chat) -> None:
    reply = chat.say('track consultation "Short" opens 7 December 2026 closes 1 February 2027')
    assert "open for 8 weeks, shorter than the 12 weeks of 3.2.2" in reply.note
    assert "rationale D1 because" in reply.next_step
    chat.say("rationale D1 because the budget is set in March")
    assert "The rationale kept is: the budget is set in March" in chat.say("D1").note


def test_lists_are_mine_overdue_and_soon(chat: Chat, bot: Bot) -> None:
    chat.say(GRANT)
    chat.say('track payment "Q3" due 1 December 2026 owner Sam')
    assert chat.say("deadlines").text == "Open deadlines: 2."
    assert list(facts(chat, "deadlines mine")) == ["D1, Youth club grant"]
    assert list(facts(chat, "deadlines next 30 days")) == ["D2, Q3"]
    chat.now += timedelta(days=10)
    assert list(facts(chat, "overdue deadlines")) == ["D2, Q3"]


def test_done_keeps_how_and_when_once_the_day_before_it_was_tracked_is_confirmed(chat: Chat, engine: Engine) -> None:
    chat.say(GRANT)
    asked = chat.say("done D1 notice given by letter 12 Nov")
    assert asked.text.startswith("Done on Thursday 12 November 2026? D1 was tracked later")
    assert chat.say("yes").text.startswith("Done on Thursday 12 November 2026: Minimum notice")
    shown = facts(chat, "D1 history")
    assert (
        "done on Thursday 12 November 2026 (notice given by letter 12 Nov)"
        in shown["Minimum notice, in writing, with a rationale"]
    )
    assert any("Monday 23 November 2026 09:00, Amina" in label for label in shown)
    waiting = (
        "nudges join milestones m on m.id = milestone_id where nudges.state = 'waiting' and m.name = 'minimum-notice'"
    )
    assert count(engine, waiting) == 0


def test_which_step_is_done_is_asked_when_it_is_not_clear(chat: Chat) -> None:
    chat.say(GRANT)
    asked = chat.say("done D1")
    assert asked.text == 'Which step of D1, "Youth club grant", is done? Nothing is changed yet.'
    assert chat.say(asked.buttons[-1].says).text.startswith("Done on ")


def test_moving_moves_every_later_date_and_nudge_and_says_so(chat: Chat, engine: Engine) -> None:
    chat.say(GRANT)
    reply = chat.say("move D1 30 April 2027")
    moved = {fact.label: fact.value for fact in reply.facts}
    assert moved["Minimum notice, in writing, with a rationale"] == (
        "from Thursday 31 December 2026 to Saturday 30 January 2027"
    )
    assert count(engine, "nudges where planned_for = '2026-12-31' and state = 'waiting'") == 0
    assert count(engine, "nudges where planned_for = '2027-01-29' and state = 'waiting'") >= 1
    assert "Nothing is changed yet" in chat.say("move D1 end of May").text
    assert "is now Monday 31 May 2027" in chat.say("yes").text


def test_dropping_needs_a_reason_and_ends_the_nudges(chat: Chat, engine: Engine) -> None:
    chat.say(GRANT)
    assert "Nothing was changed" in chat.say("drop D1").text
    assert "because the grant was renewed" in chat.say("drop D1 because the grant was renewed").text
    assert count(engine, "nudges where state = 'waiting' and milestone_id is not null") == 0
    assert "already dropped" in chat.say("done D1").text


def test_snooze_holds_the_nudges_back_and_they_come_once(chat: Chat, engine: Engine) -> None:
    chat.say(GRANT)
    chat.say("snooze D1 2 weeks")
    assert (
        count(engine, "nudges where state = 'waiting' and planned_for < '2026-12-07' and milestone_id is not null") == 0
    )
    assert (
        count(engine, "nudges where state = 'waiting' and planned_for = '2026-12-07' and milestone_id is not null") == 1
    )


def test_leads_and_digest_are_the_teams_choice(chat: Chat, engine: Engine) -> None:
    chat.say(GRANT)
    chat.say("leads D1 3 weeks, 1 week")
    assert count(engine, "nudges where state = 'waiting' and planned_for = '2026-12-10'") == 1
    assert "Nothing was changed" in chat.say("leads D1 soonish").text
    assert chat.say("digest on Fridays 8:15").text == "The digest comes on Fridays at 08:15."
    assert count(engine, "nudges where state = 'waiting' and milestone_id is null") == 1
    assert "Nothing was changed" in chat.say("digest on Sundays").text


def test_undo_takes_back_ones_own_last_change_within_ten_minutes(chat: Chat, bot: Bot) -> None:
    chat.say(GRANT)
    chat.say("move D1 30 April 2027")
    assert "nothing of yours" in Chat(bot, name="Sam", now=chat.now).say("undo").text
    assert "Taken back, D1: moved" in chat.say("undo").text
    assert "Thursday 31 December 2026" in facts(chat, "D1")["Minimum notice, in writing, with a rationale"]
    chat.say("drop D1 because of a mistake")
    chat.now += timedelta(minutes=11)
    assert "nothing of yours" in chat.say("undo").text


def test_everything_that_changes_a_deadline_is_in_its_history(chat: Chat) -> None:
    chat.say(GRANT)
    for said in ("snooze D1 1 week", "move D1 30 April 2027", "leads D1 1 week", "done D1 notice", "drop D1 because x"):
        chat.say(said)
    history = [fact.value for fact in chat.say("D1 history").facts if "Amina" in fact.label]
    assert [line.split(" ", 1)[0].rstrip(":") for line in history] == [
        *("tracked", "snoozed", "moved", "nudges", "done", "dropped"),
    ]
    assert all(line.endswith("from test") for line in history)


def test_closed_days_of_the_organisation_are_minded(chat: Chat) -> None:
    assert "Kept as closed" in chat.say("closed 24 December 2026 to 1 January 2027").text
    minimum = facts(chat, "when funding ends 31 March 2027")["Minimum notice, in writing, with a rationale"]
    assert "a day your organisation is closed; be done by Wednesday 23 December 2026" in minimum


def test_each_organisation_counts_its_own_and_sees_only_its_own(bot: Bot) -> None:
    ours, theirs = Chat(bot, organisation="Ours"), Chat(bot, organisation="Theirs")
    ours.say(GRANT)
    unknown = theirs.say("D1")
    assert unknown == replace(theirs.say("done D1 notice"), act=unknown.act)
    assert unknown.text == "There is no D1 here. Nothing was changed."
    assert theirs.say("deadlines").text == "There are no open deadlines."
    assert 'Saved as D1: "Their grant"' in theirs.say('track funding "Their grant" ends 30 June 2027').text


def test_nudges_that_wait_move_to_the_place_that_is_chosen(chat: Chat, bot: Bot, engine: Engine) -> None:
    chat.say(GRANT)
    before = count(engine, "nudges where state = 'waiting'")
    elsewhere = Chat(bot, thread="the team's channel", now=chat.now)
    elsewhere.say("settings nudges here")
    assert count(engine, "nudges where state = 'waiting' and route = 'a thread'") == 0
    assert count(engine, "nudges where state = 'waiting' and route = 'the team''s channel'") == before
    elsewhere.say("move D1 30 April 2027")
    assert count(engine, "nudges where state = 'waiting' and planned_for = '2026-12-21' and milestone_id > 0") == 0


# ---- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        'track funding "x"',
        'track funding "x" ends 31 February 2027',
        'track funding "x" ends 1 March 2020',
        'track funding "x" ends 31 March 2027 ends 30 April 2027',
        'track consultation "x" opens 1 March 2027 closes 1 February 2027',
        'track consultation "x" opens Friday 1 March 2027',
        f'track funding "{"x" * 500}" ends 31 March 2027',
        "track funding ends 31 March 2027",
        'track funding "" ends 31 March 2027',
        'track "x" on 3 May 2027 clause 9.9.9',
        "check notice given 31 March 2027 for 20 Jan 2027",
        "check consultation 1 March 2027 to 1 February 2027",
        "done D99",
        "move D99 30 April 2027",
        "drop D99 because x",
        "snooze D99 1 week",
        "leads D99 1 week",
        "D0",
        "undo",
    ],
)
def test_bad_input_says_what_to_type_and_saves_nothing(chat: Chat, engine: Engine, said: str) -> None:
    reply = chat.say(said)
    assert reply.next_step or reply.typed
    assert not reply.citations
    for table in ("deadlines", "milestones", "nudges", "changes"):
        assert count(engine, table) == 0


def test_a_move_or_snooze_that_cannot_be_read_changes_nothing(chat: Chat, engine: Engine) -> None:
    chat.say(GRANT)
    before = count(engine, "changes")
    for said in (
        "move D1",
        "move D1 31 Feb 2027",
        "move D1 1 March 2020",
        "snooze D1",
        "snooze D1 9 years",
        "done D1 on 1 May 2027",
    ):
        reply = chat.say(said)
        assert reply.next_step or reply.typed, said
    assert count(engine, "changes") == before
    with Session(engine) as session:
        assert session.scalars(select(Deadline)).one().anchors == {"ends": ["2027-03-31"]}


@pytest.mark.parametrize(
    "said", ["track record of charities", "lead contractors", "closed groups", "when did it start"]
)
def test_questions_that_only_begin_like_a_command_are_questions(chat: Chat, said: str) -> None:
    assert chat.say(said).text[:12] not in ("I found no d", "Kept as clos")
    assert chat.heard[-1].citations or chat.heard[-1].silent


def test_the_word_lawful_is_never_said(chat: Chat) -> None:
    for said in ("when funding ends 31 March 2027", GRANT, "D1", "check notice given 20 Jan 2027 for 31 March 2027"):
        assert "lawful" not in chat.hear(said).casefold()
