"""Feedback that waits: a lead hears of what is new and of what has waited long, an owner of what was given to them."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from adapters.plain_text import plain_text
from compact_bot.conversation import Address, Reply, SentNudge
from compact_bot.nudges.sending import Sender
from compact_bot.store.tables import Feedback
from compact_bot.understanding.acts import FeedbackKind, LogFeedback, Named, SetFeedbackOwner, SetOwner
from tests.deadlines.conftest import GRANT, Officer

LATE = LogFeedback(FeedbackKind.NOT_KEPT, "the council paid us five weeks late", ("3.3.4",))
TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass
class Post:
    """A courier that keeps every message by its place."""

    posts: list[tuple[str, str]] = field(default_factory=list)

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        self.posts.append((address.route, plain_text(reply)))
        return key

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        raise AssertionError("nothing was settled")


def sent(officer: Officer, now: datetime) -> list[tuple[str, str]]:
    post = Post()
    sender = Sender(officer.engine, officer.search.agreement, officer.rules, {"test": post}, lambda: now, "w")
    asyncio.run(sender.send_due())
    return post.posts


@pytest.fixture
def lead(amina: Officer) -> Officer:
    """Priya leads on the Compact, and can be reached alone."""
    priya = replace(amina, name="Priya", direct=True, heard=[])
    priya.say("lead me")
    priya.say("digest off")
    return priya


def test_a_lead_hears_of_new_feedback_on_the_next_working_morning_alone_and_once(lead: Officer, amina: Officer) -> None:
    amina.do(LATE)
    assert sent(lead, TUESDAY - timedelta(hours=2)) == []
    ((place, said),) = sent(lead, TUESDAY)
    assert place == "alone with Priya"
    assert said.startswith("News of feedback: 1.\n\nF1: is new.")
    assert sent(lead, TUESDAY + timedelta(hours=1)) == []
    assert sent(lead, TUESDAY + timedelta(days=1)) == []


def test_what_comes_before_the_hour_of_nudges_is_told_on_the_next_morning(lead: Officer, amina: Officer) -> None:
    amina.now = TUESDAY - timedelta(hours=1)
    amina.do(LATE)
    assert sent(lead, TUESDAY) == []
    assert len(sent(lead, TUESDAY + timedelta(days=1))) == 1


def test_what_was_settled_by_then_is_not_told(lead: Officer, amina: Officer) -> None:
    amina.do(LATE)
    lead.say("resolve F1 because it was paid")
    assert not [said for place, said in sent(lead, TUESDAY) if place == "alone with Priya"]


def test_what_comes_on_a_friday_is_told_on_monday(lead: Officer, amina: Officer) -> None:
    amina.now = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    amina.do(LATE)
    assert sent(lead, datetime(2026, 11, 28, 9, 30, tzinfo=UTC)) == []
    assert len(sent(lead, datetime(2026, 11, 30, 9, 30, tzinfo=UTC))) == 1


def test_what_waits_for_two_weeks_is_told_once_when_the_week_begins(lead: Officer, amina: Officer) -> None:
    amina.do(LATE)
    with Session(lead.engine) as session, session.begin():
        session.query(Feedback).update({"logged_on": date(2026, 11, 18)})
    mornings = [datetime(2026, 11, 30, 9, 30, tzinfo=UTC) + timedelta(days=n) for n in range(28)]
    told = [(now.date(), said) for now in mornings for _, said in sent(lead, now)]
    ((day, said),) = told
    assert day == date(2026, 12, 7)
    assert "F1: is open since Wednesday 18 November 2026. Nobody sees to it yet." in said


def test_logging_plans_nothing_so_that_no_row_tells_when_it_was(lead: Officer, amina: Officer) -> None:
    before = lead.count("nudges")
    amina.do(replace(LATE, anonymous=True))
    assert lead.count("nudges") == before


def test_the_new_owner_of_feedback_is_told_alone_and_an_earlier_one_no_more(lead: Officer, amina: Officer) -> None:
    amina.do(LATE)
    for name in ("Ben", "Sam"):
        replace(amina, name=name, direct=True, heard=[]).say("leads")
    sent(lead, TUESDAY)
    lead.now = TUESDAY + timedelta(minutes=5)
    lead.do(SetFeedbackOwner(1, Named("Ben")))
    reply = lead.do(SetFeedbackOwner(1, Named("Sam")))
    assert "I will tell them on the next working morning." in reply.text
    told = dict(sent(lead, TUESDAY + timedelta(days=1)))
    assert told == {"alone with Sam": told["alone with Sam"]}
    assert told["alone with Sam"].startswith("F1 is yours to see to now. It is open.")


def test_the_new_owner_of_deadlines_is_told_of_all_in_one_message(amina: Officer) -> None:
    amina.say("digest off")
    replace(amina, name="Ben", direct=True, heard=[]).say("leads")
    amina.do(GRANT)
    amina.do(replace(GRANT, title="Advice line", owner=Named("Ben")))
    amina.do(SetOwner((1,), Named("Ben")))
    told = dict(sent(amina, TUESDAY))
    assert list(told) == ["alone with Ben"]
    assert told["alone with Ben"].count("It is yours to see to now.") == 2


def test_its_reporter_hears_of_it_in_the_one_message_of_the_next_working_morning(lead: Officer, amina: Officer) -> None:
    ben = replace(amina, name="Ben", direct=True, heard=[])
    ben.now = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)
    ben.do(LATE)
    lead.now = ben.now + timedelta(minutes=5)
    assert "I will tell its reporter on the next working morning." in lead.say("acknowledge F1").text
    lead.say("owner F1 Ben")
    monday = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    assert not sent(lead, monday - timedelta(days=2))
    told = [said for place, said in sent(lead, monday) if place == "alone with Ben"]
    assert len(told) == 1
    assert "F1: which you logged, is acknowledged now." in told[0]
    assert "F1: is yours to see to now." in told[0]


def test_what_was_taken_back_before_the_morning_is_no_news(lead: Officer, amina: Officer) -> None:
    ben = replace(amina, name="Ben", direct=True, heard=[])
    ben.do(LATE)
    sent(lead, TUESDAY)
    lead.now = TUESDAY + timedelta(hours=1)
    lead.say("resolve F1 because it was paid")
    lead.say("undo")
    assert not [said for place, said in sent(lead, TUESDAY + timedelta(days=1)) if place == "alone with Ben"]
    lead.now = TUESDAY + timedelta(days=2)
    lead.say("acknowledge F1")
    lead.say("resolve F1 because it was paid")
    lead.say("undo")
    told = dict(sent(lead, TUESDAY + timedelta(days=3)))
    assert "F1, which you logged, is acknowledged now." in told["alone with Ben"]


def test_feedback_that_waits_is_in_the_digest(amina: Officer) -> None:
    amina.say("nudges here")
    amina.do(LATE)
    amina.do(replace(LATE, what="and the grant was paid late, too"))
    ((_, said),) = sent(amina, datetime(2026, 11, 30, 9, 30, tzinfo=UTC))
    assert "2 pieces of feedback wait, the oldest since Monday 23 November 2026." in said
