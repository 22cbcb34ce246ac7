"""Every reply is short at its source, and where one is not, each door cuts it and says so."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.console import as_json, for_terminal
from adapters.plain_text import LEFT_OUT, LONGEST, plain_text, within
from adapters.slack.blocks import MOST_MESSAGES, messages
from adapters.slack.views import home_view, reply_view
from adapters.teams import cards
from adapters.web.render import reply_html
from compact_bot.bot import Bot
from compact_bot.closed_days import ClosedDays
from compact_bot.conversation import Address, Button, Citation, Fact, Reply
from compact_bot.deadlines.planning import inside
from compact_bot.handling import ASK_FOR_LESS, MOST_LISTED
from compact_bot.nudges.queue import AboutEverything, Claimed, Mention, Team
from compact_bot.nudges.words import worded
from compact_bot.store.tables import Deadline, DeadlineState, Milestone, StepState
from compact_bot.understanding.acts import Help
from knowledge.agreement import Agreement
from knowledge.meanings import Meanings
from knowledge.phrasebook import Phrasebook
from knowledge.reader import read_agreement
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import ROOT, Chat
from tests.teams.conftest import Client

CHRISTMAS = "the Christmas and New Year weeks"
MOST_WORDS = 9_000  # characters of one reply: three screens, two messages in Slack


def test_a_consultation_of_two_centuries_is_summed_up(chat: Chat) -> None:
    reply = chat.say("check consultation 1 January 1990 to 31 December 2099")
    assert len(plain_text(reply)) < MOST_WORDS
    assert re.search(
        r"Inside it lie: \d{3} bank holidays, 111 Christmas breaks, 110 Easter weekends, 3410 days", reply.note
    )
    assert len(messages(reply)) == 1
    assert len(cards.messages(reply)) == 1


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2026, 12, 7), date(2027, 2, 1), ["Christmas Day (25 December 2026)", f"{CHRISTMAS} of 2026"]),
        (date(2026, 8, 30), date(2026, 9, 2), ["2 days of August"]),
        (date(2026, 6, 1), date(2026, 9, 1), ["31 days of August"]),
        (date(2027, 3, 1), date(2027, 3, 31), ["Good Friday (26 March 2027)", "Easter 2027"]),
    ],
)  # fmt: skip
def test_few_holidays_are_named(first: date, last: date, found: Sequence[str]) -> None:
    assert set(found) <= set(inside(first, last))


def test_the_history_of_a_deadline_is_its_last_changes(chat: Chat) -> None:
    chat.say('track funding "Youth club grant" ends 31 March 2027')
    for number in range(60):
        chat.say(f"rationale D1 because of reason {number} {'and more ' * 50}")
    reply = chat.say("D1 history")
    assert "Of 61 changes the last 20 are shown." in reply.note
    assert len(reply.facts) < 30


def test_the_closed_days_of_many_years_are_few_words(chat: Chat) -> None:
    for month in ("January", "March", "May", "July", "September", "November"):
        for day in range(1, 28, 6):
            chat.say(f"closed {day} {month} 2027 to {day + 2} {month} 2027")
    reply = chat.say("closed days")
    assert len(plain_text(reply)) < 2_000
    assert "Friday 1 January 2027 to Sunday 3 January 2027, " in reply.text
    assert reply.text.endswith(" 20 later ones are kept.")
    chat.now += timedelta(days=300)
    reply = chat.say("closed days")
    assert "Wednesday 22 September 2027" not in reply.text
    assert "Monday 1 November 2027 to Wednesday 3 November 2027" in reply.text
    assert " earlier ones are kept." in reply.text


def test_a_list_that_nothing_else_shortens_says_how_many_there_are(chat: Chat) -> None:
    for number in range(70):
        chat.say(f"set contact Officer {number}, officer{number}@example.org")
    reply = chat.say("contacts")
    assert len(reply.facts) == MOST_LISTED
    assert re.search(rf"The first {MOST_LISTED} of \d+ are shown\. {ASK_FOR_LESS}", reply.note)


def test_an_agreement_of_thousands_of_clauses_is_answered_in_few_words(
    tmp_path: Path, engine: Engine, rules: Rules, meanings: Meanings
) -> None:
    parts = [
        f"{n // 100 + 1}.{n % 100 + 1} {'The Council will give notice of each change in time. ' * 3}"
        for n in range(3_000)
    ]
    (tmp_path / "agreement.md").write_text("\n\n".join(parts))
    search = Search(read_agreement(tmp_path), Phrasebook((), ()), ROOT / "var" / "learned")
    chat = Chat(Bot(engine, search, rules, meanings, "Europe/London"))
    for said in ("contents", "1.1 to 30.100", "section 1", "how much notice", "what must the council do"):
        reply = chat.say(said)
        assert len(plain_text(reply)) < 2 * MOST_WORDS, said
        assert len(messages(reply)) <= MOST_MESSAGES


def test_a_digest_of_hundreds_is_a_digest(sutton: Agreement, rules: Rules) -> None:
    today = date(2026, 11, 25)
    due = [
        Deadline(number=n, title="x" * 100, owner="Amina", state=DeadlineState.OPEN, anchors={}, milestones=[
            Milestone(
                name="paid", title="Payment", clause="", state=StepState.OPEN,
                due_on=today + timedelta(days=n % 20 - 10),
            )
        ])
        for n in range(300)
    ]  # fmt: skip
    team = Team(1, today, ClosedDays(), "", "")
    digest = Mention(1, today, False, AboutEverything(tuple(due), frozenset(), ()))
    reply = worded(sutton, rules, Claimed(Address("test", "a place"), 1, team, (digest,)))
    assert reply is not None
    assert len(plain_text(reply)) < MOST_WORDS
    assert "Due within 2 weeks, the first 20 of 150\n" in plain_text(reply)


# ---- the last bound of each door -----------------------------------------------------------------------------------

ENDLESS = (
    Reply("x " * 200_000, buttons=(Button("Help", Help()),)),
    Reply("x" * 400_000),
    Reply("x", note="字" * 200_000),
    Reply("x", citations=(Citation("3.4.4", "A heading", "VCOs", "word " * 400),) * 500),
    Reply("x", facts=(Fact("label", "value"),) * 20_000, next_step="And then?", buttons=(Button("Help", Help()),)),
    Reply("x", see_also=(Citation("3.4.4", "A heading", "VCOs", "word " * 40),) * 5_000),
)


@pytest.mark.parametrize("reply", ENDLESS, ids=range(len(ENDLESS)))
def test_each_door_cuts_what_has_no_end_and_says_so(reply: Reply) -> None:
    in_slack = messages(reply)
    assert len(in_slack) == MOST_MESSAGES
    assert in_slack[-1].text.endswith(LEFT_OUT)
    assert LEFT_OUT in json.dumps(in_slack[-1].blocks)
    for view in (reply_view(reply), home_view(reply)):
        assert LEFT_OUT in json.dumps(view)
        assert len(view["blocks"]) <= 100
    in_teams = cards.messages(reply)
    assert len(in_teams) == cards.MOST_PARTS
    assert LEFT_OUT in json.dumps(in_teams[-1])
    assert all(len(json.dumps(one, ensure_ascii=False).encode()) < 80_000 for one in in_teams)
    alone = cards.card(cards.in_one(reply), in_dialog=True)
    assert len(json.dumps(alone, ensure_ascii=False).encode()) < 80_000
    assert LEFT_OUT in json.dumps(alone)
    for shown in (plain_text(within(reply)), for_terminal(reply, False, 100), as_json(reply), reply_html(reply)):
        assert len(shown) < 8 * LONGEST  # markup and all
        assert "".join(LEFT_OUT.split()) in "".join(shown.split())


@pytest.mark.parametrize("reply", ENDLESS, ids=range(len(ENDLESS)))
def test_what_can_be_pressed_stays(reply: Reply) -> None:
    offered = replace(reply, buttons=(Button("Help", Help()),))
    assert '"text": "Help"' in json.dumps(messages(offered)[-1].blocks)
    assert '"title": "Help"' in json.dumps(cards.messages(offered)[-1])
    assert ">Help</button>" in reply_html(offered)


def test_a_dialog_in_teams_holds_no_more_than_one_card(officer: Client) -> None:
    officer.say('track funding "Youth club grant" ends 31 March 2027')
    for number in range(22):
        officer.say(f"rationale D1 because of reason {number} {'and more ' * 100}")
    value = {"commandId": "ask", "data": {"says": "D1 history"}}
    shown = json.dumps(officer.invoke("composeExtension/submitAction", value))
    assert LEFT_OUT in shown
    assert len(shown) < 80_000


def test_a_reply_of_ordinary_length_is_left_whole(chat: Chat) -> None:
    for said in ("help", "what must VCOs do", "contents", "section 3.2"):
        reply = chat.say(said)
        assert within(reply) == reply
        assert cards.in_one(Reply("x", buttons=reply.buttons)) == Reply("x", buttons=reply.buttons)
        assert LEFT_OUT not in json.dumps([one.text for one in messages(reply)])
