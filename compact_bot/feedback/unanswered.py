"""What was asked in vain: counted for everybody, by clause and subject; its words for Compact leads, where they may be.

Words are kept only of a question that others read anyway, or that its asker passes on; never by whom, and without
names and personal details.
"""

import re
from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from compact_bot.answers import nearby_clauses
from compact_bot.assistant import not_helpful
from compact_bot.conversation import Audience, Button, Fact, Reply
from compact_bot.dates import spoken
from compact_bot.feedback.anonymity import smells
from compact_bot.feedback.personal import without_names
from compact_bot.organisation import only_leads
from compact_bot.store.database import inserting
from compact_bot.store.tables import AskedQuestion, QuestionCount
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Gaps, Helped, PassOn, ShowTaught, Unhelpful
from knowledge.search import Finding, Search
from knowledge.words import content_stems, words_of

SILENT, UNHELPFUL, HELPED = "silent", "unhelpful", "helped"
SHOWN = 20
_LONGEST = 500
_LONGEST_ON_A_BUTTON = 1_500
_SAID = {SILENT: "the Compact does not say", UNHELPFUL: "the answer did not help"}
_RECORD = re.compile(r"\b[df]\d{1,7}\b", re.IGNORECASE)
# Of these alone a message is about the assistant and what it keeps.
_OURS = frozenset(
    content_stems(
        "acknowledge all cancel change contact contacts deadline deadlines delete digest done drop due feedback gaps"
        " help home lead leads learn list log mark mine move next nudge nudges open ours overdue praise remind reminder"
        " reminders remove resolve review settings share show snooze start stop suggest taught teach team today"
        " tomorrow track undo unteach untaught whats week weekly month my yes no hello thanks"
    )
)


def is_asked_of_the_compact(question: str) -> bool:
    """Not of D12, of F7, or of the assistant."""
    return not _RECORD.search(question) and not set(content_stems(question)) <= _OURS


def count(turn: Turn, verdict: str, question: str, finding: Finding | None = None) -> None:
    """One more question with this verdict in this month, near the clause and on the subject that it is about."""
    found = finding or (turn.search.find(question) if question else None)
    clause, subject = _whereabouts(turn.search, question, found) if found else ("", "")
    day = _today(turn)
    key = {
        "organisation_id": turn.organisation.id,
        "month": day.replace(day=1),
        "verdict": verdict,
        "clause": clause,
        "subject": subject,
        "edition": turn.agreement.name,
    }
    statement = inserting(turn.connection.dialect.name, QuestionCount).values(**key, times=1)
    turn.connection.execute(
        statement.on_conflict_do_update(index_elements=list(key), set_={"times": QuestionCount.times + 1})
    )


def _whereabouts(search: Search, question: str, finding: Finding) -> tuple[str, str]:
    listed = search.silence(question)
    near = nearby_clauses(search.agreement, finding, listed)
    subject = listed.subject if listed and not search.agreement.clause(listed.subject) else ""
    return (near[0].number if near else ""), subject[:200]


def keep_words(turn: Turn, verdict: str, question: str) -> str:
    """Keep a question for leads, and return how they read it; "" where it is none to keep."""
    if smells(question) or not is_asked_of_the_compact(question):
        return ""
    known = _known_words(turn.search)
    words = without_names(question, lambda word: word in known)[:_LONGEST]
    row = {"organisation_id": turn.organisation.id, "verdict": verdict, "words": words, "times": 1}
    day = _today(turn)
    statement = inserting(turn.connection.dialect.name, AskedQuestion).values(**row, asked_on=day)
    turn.connection.execute(
        statement.on_conflict_do_update(
            index_elements=("organisation_id", "verdict", "words"),
            set_={"times": AskedQuestion.times + 1, "asked_on": day},
        )
    )
    return words


@lru_cache(maxsize=4)
def _known_words(search: Search) -> frozenset[str]:
    """Words of the agreement, and those in which people ask about it."""
    clauses = (f"{clause.title} {clause.text}" for clause in search.agreement.clauses.values())
    asked = (phrasing.words for phrasing in search.phrasebook.phrasings)
    return frozenset(word for text in (*clauses, *asked) for word in words_of(text))


def _today(turn: Turn) -> date:
    return turn.message.sent_at.astimezone(ZoneInfo(turn.timezone)).date()


def silence_met(turn: Turn, question: str, finding: Finding) -> tuple[Button, ...]:
    """A question got "does not say": it is counted; its words are kept where others read it, else may be passed on."""
    if not is_asked_of_the_compact(question):
        return ()
    count(turn, SILENT, question, finding)
    return _kept_or_offered(turn, SILENT, question)


def _kept_or_offered(turn: Turn, verdict: str, question: str) -> tuple[Button, ...]:
    if turn.message.audience is Audience.EVERYONE:
        keep_words(turn, verdict, question)
        return ()
    too_long = len(question) > _LONGEST_ON_A_BUTTON
    return () if smells(question) or too_long else (Button("Pass this question on?", PassOn(question)),)


def forget_old_questions(connection: Connection, day: date, days: int) -> None:
    connection.execute(delete(AskedQuestion).where(AskedQuestion.asked_on < day - timedelta(days=days)))


def verdict_buttons(question: str) -> tuple[Button, ...]:
    """Under an answer: each says which question it means, since a button may be pressed long after."""
    meant = question if len(question) <= _LONGEST_ON_A_BUTTON else ""
    return Button("This helped", Helped(), aside=True), Button("Not what I asked", Unhelpful(meant), aside=True)


def helped(turn: Turn, _: Helped) -> Reply:
    count(turn, HELPED, "")
    return Reply("Good to know. I count it, without who said so.", next_step="Ask another whenever you like.")


def unhelpful(turn: Turn, act: Unhelpful) -> Reply:
    """The question is counted where there was one; there may be none, as after "hello"."""
    question = act.question or turn.thread.question
    sorry = not_helpful(turn)
    if not question or not is_asked_of_the_compact(question):
        return sorry
    is_counted = turn.search.find(question).silent  # as a question of which the agreement does not say
    if is_counted:
        offered = () if turn.message.audience is Audience.EVERYONE else _kept_or_offered(turn, SILENT, question)
    else:
        count(turn, UNHELPFUL, question)
        offered = _kept_or_offered(turn, UNHELPFUL, question)
    kept = "I keep the question"
    if offered or smells(question):
        kept = "It is counted already" if is_counted else "I count it"
    return Reply(
        f"{sorry.text} {kept}, without who asked it, for your Compact leads.",
        next_step=sorry.next_step,
        buttons=(*offered, *sorry.buttons),
    )


def pass_on(turn: Turn, act: PassOn) -> Reply:
    words = keep_words(turn, SILENT, act.question)
    if not words:
        raise Refused(
            Reply(
                "I pass on only what is asked of the Compact, and nothing about not being named. Nothing was kept.",
                next_step="Ask in other words, or type contacts to ask a person.",
            )
        )
    return Reply(
        "Your Compact leads can read this question now, without your name.",
        facts=(Fact("They read", words),),
        next_step="Ask another whenever you like.",
        private=True,
    )


def words_kept(session: Session, organisation_id: int) -> list[tuple[str, str, int, date]]:
    """Words, verdict, how often and when last: the most asked first."""
    rows = session.execute(
        select(AskedQuestion.words, AskedQuestion.verdict, AskedQuestion.times, AskedQuestion.asked_on)
        .where(AskedQuestion.organisation_id == organisation_id)
        .order_by(AskedQuestion.times.desc(), AskedQuestion.asked_on.desc(), AskedQuestion.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def show_unanswered(turn: Turn, _: Gaps) -> Reply:
    only_leads(turn, "read what was asked in vain")
    ours = (QuestionCount.organisation_id == turn.organisation.id) & QuestionCount.edition.in_(turn.agreement.chain)
    counted = select(QuestionCount.verdict, func.sum(QuestionCount.times)).where(ours).group_by(QuestionCount.verdict)
    times = Counter({row[0]: row[1] for row in turn.session.execute(counted)})
    found, asked = words_kept(turn.session, turn.organisation.id), times[SILENT] + times[UNHELPFUL]
    thanks = f" People said {_times(times[HELPED])} that an answer helped." if times[HELPED] else ""
    if not asked and not found:
        return Reply(f"Nothing was asked in vain yet.{thanks}", next_step="Ask in your own words, or type help.")
    shown = f" The {SHOWN} most asked are shown." if len(found) > SHOWN else ""
    return Reply(
        f"{asked} {'question' if asked == 1 else 'questions'} without a helpful answer; "
        f"the words of {len(found)} are kept.{shown}{thanks}",
        facts=tuple(
            Fact(words, f"{_SAID[verdict]}; asked {_times(number)}, last on {spoken(day)}.")
            for words, verdict, number, day in found[:SHOWN]
        ),
        note="I keep words only where others read them or their asker passed them on, without who asked, without names "
        "and details, and for a while. To see how many were asked on what, type review.",
        next_step='Where a clause does answer one, teach it, for example: teach "lunch club money" 3.4.4',
        buttons=(Button("What was taught", ShowTaught()),),
        private=True,
    )


def _times(times: int) -> str:
    return "once" if times == 1 else f"{times} times"
