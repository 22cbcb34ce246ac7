"""What was asked in vain, kept without who asked, so that Compact leads see what the answers lack."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from compact_bot import smalltalk
from compact_bot.conversation import Button, Fact, Reply
from compact_bot.dates import spoken
from compact_bot.feedback.personal import without_details
from compact_bot.feedback.roles import only_leads
from compact_bot.store.database import inserting
from compact_bot.store.tables import AskedQuestion
from compact_bot.turn import LONGEST_MESSAGE, Turn

SILENT, UNHELPFUL, HELPED = "silent", "unhelpful", "helped"
SHOWN = 20
_LONGEST = 500
_SAID = {SILENT: "the Compact does not say", UNHELPFUL: "the answer did not help"}


def keep(turn: Turn, verdict: str, question: str) -> None:
    """Count a question: its words without personal details, and the day. "Helped" keeps no words at all."""
    words = without_details(question)[:_LONGEST] if verdict != HELPED else ""
    row = {"organisation_id": turn.organisation.id, "verdict": verdict, "words": words, "times": 1}
    day = turn.message.sent_at.astimezone(ZoneInfo(turn.timezone)).date()
    statement = inserting(turn.connection.dialect.name, AskedQuestion).values(**row, asked_on=day)
    turn.connection.execute(
        statement.on_conflict_do_update(
            index_elements=("organisation_id", "verdict", "words"),
            set_={"times": AskedQuestion.times + 1, "asked_on": day},
        )
    )


def forget_old_gaps(connection: Connection, day: date, days: int) -> None:
    connection.execute(delete(AskedQuestion).where(AskedQuestion.asked_on < day - timedelta(days=days)))


def verdict_buttons(question: str) -> tuple[Button, ...]:
    """Under an answer: each says which question it means, since a button may be pressed long after."""
    unhelpful = f"not what i asked: {question}"
    if len(unhelpful) > LONGEST_MESSAGE:
        unhelpful = "not what i asked"
    return Button("This helped", "this helped"), Button("Not what I asked", unhelpful)


HELPED_WORDS = (
    r"(?:yes,? )?(?:this|that|it) (?:really )?(?:helped|helps|was helpful|is helpful)(?: thanks?| thank you)?"
)
UNHELPFUL_WORDS = rf"not what i asked: *(?P<question>.+)|{smalltalk.WRONG}"


def helped(turn: Turn, _: re.Match[str]) -> Reply:
    keep(turn, HELPED, "")
    return Reply("Good to know. I count it, without who said so.", next_step="Ask another whenever you like.")


def unhelpful(turn: Turn, found: re.Match[str]) -> Reply:
    """The question is kept where there was one; there may be none, as after "hello"."""
    question = found["question"] or turn.thread.question
    sorry = smalltalk.not_helpful(turn, found)
    if not question:
        return sorry
    keep(turn, UNHELPFUL, question)
    return Reply(
        f"{sorry.text} I keep the question without who asked it, for your Compact leads to look at.",
        next_step=sorry.next_step,
        buttons=sorry.buttons,
    )


def gaps_of(session: Session, organisation_id: int) -> list[tuple[str, str, int, date]]:
    """Words, verdict, how often and when last: the most asked first."""
    rows = session.execute(
        select(AskedQuestion.words, AskedQuestion.verdict, AskedQuestion.times, AskedQuestion.asked_on)
        .where(AskedQuestion.organisation_id == organisation_id, AskedQuestion.verdict != HELPED)
        .order_by(AskedQuestion.times.desc(), AskedQuestion.asked_on.desc(), AskedQuestion.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def show_gaps(turn: Turn, _: re.Match[str]) -> Reply:
    if refused := only_leads(turn, "see what was asked in vain"):
        return refused
    found = gaps_of(turn.session, turn.organisation.id)
    helped_times = turn.session.scalar(
        select(func.sum(AskedQuestion.times)).where(
            AskedQuestion.organisation_id == turn.organisation.id, AskedQuestion.verdict == HELPED
        )
    )
    thanks = f" People said {_times(helped_times)} that an answer helped." if helped_times else ""
    if not found:
        return Reply(f"Nothing was asked in vain lately.{thanks}", next_step="Ask in your own words, or type help.")
    more = f" The {SHOWN} most asked are shown." if len(found) > SHOWN else ""
    return Reply(
        f"{len(found)} {'question' if len(found) == 1 else 'questions'} without a helpful answer.{more}{thanks}",
        facts=tuple(
            Fact(words, f"{_SAID[verdict]}; asked {_times(times)}, last on {spoken(day)}.")
            for words, verdict, times, day in found[:SHOWN]
        ),
        note="I keep the words without who asked, and forget them after a while.",
        next_step='Where a clause does answer one, teach it, for example: teach "lunch club money" 3.4.4',
        buttons=(Button("What was taught", "taught"),),
    )


def _times(times: int) -> str:
    return "once" if times == 1 else f"{times} times"
