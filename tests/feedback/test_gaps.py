"""What was asked in vain: counts for everybody, words for leads alone, and only those that may be kept."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from alembic import command
from sqlalchemy import Engine, text

from adapters.review.page import review_page
from adapters.review.sheets import csv_file, spreadsheet
from adapters.review.word import word_document
from compact_bot.bot import Bot
from compact_bot.conversation import Audience, Reply
from compact_bot.feedback.periods import Period
from compact_bot.feedback.personal import without_names
from compact_bot.feedback.records import load_review
from compact_bot.feedback.review import Review
from compact_bot.feedback.unanswered import is_asked_of_the_compact
from compact_bot.store.database import alembic_config, migrate, open_database
from knowledge.agreement import Agreement
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import Chat

CAR = "what colour is the mayor's car"


def where_others_read(chat: Chat, said: str) -> Reply:
    reply = chat.bot.reply_to(replace(chat.message(said), audience=Audience.EVERYONE))
    assert reply is not None
    return reply


def stored(engine: Engine) -> str:
    with engine.connect() as connection:
        return "\n".join(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]


def reviewed(chat: Chat, engine: Engine, sutton: Agreement, rules: Rules, period: Period | None = None) -> Review:
    year = period or Period(date(2026, 1, 1), date(2026, 12, 31))
    return load_review(engine, sutton, rules, chat.organisation, year, chat.now.date())


def test_a_question_in_a_direct_message_is_counted_and_its_words_stay_with_its_asker(
    chat: Chat, bot: Bot, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    chat.say("lead me")
    other = Chat(bot, name="Sam", now=chat.now)
    assert other.say(CAR).silent
    assert "1 question without a helpful answer; the words of 0 are kept" in chat.say("gaps").text
    made = reviewed(chat, engine, sutton, rules)
    assert [gap.times for gap in made.records.gaps] == [1]
    parts = [review_page(made), csv_file(made).decode("utf-8-sig"), other.hear("review"), chat.hear("review")]
    for packed in (word_document(made), spreadsheet(made)):
        archive = ZipFile(io.BytesIO(packed))
        parts += [archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()]
    for part in parts:
        assert "mayor" not in part
    assert "Asked about and not covered: 1 question: 1 near no clause" in chat.hear("review")


def test_words_asked_where_others_read_are_for_leads_alone_and_for_a_while(
    chat: Chat, bot: Bot, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    chat.say("lead me")
    where_others_read(chat, CAR)
    where_others_read(chat, "does the mayor's gardener get jo@example.org, 020 8770 5779?")
    gaps = chat.say("gaps")
    assert gaps.private
    without_details = "does the mayor's gardener get [email address left out], [telephone number left out]?"
    assert {fact.label for fact in gaps.facts} == {CAR, without_details}
    refused = Chat(bot, name="Sam", now=chat.now).say("gaps")
    assert "Only a Compact lead can read what was asked in vain" in refused.text
    assert refused.facts == ()
    assert "mayor" not in Chat(bot, name="Sam", now=chat.now).hear("review")
    chat.now += timedelta(days=91)
    chat.say("hello")
    assert "mayor" not in stored(engine)
    assert "2 questions without a helpful answer; the words of 0" in chat.say("gaps").text
    assert sum(gap.times for gap in reviewed(chat, engine, sutton, rules).records.gaps) == 2


def test_whoever_asked_alone_may_pass_the_question_on(chat: Chat, bot: Bot) -> None:
    chat.say("lead me")
    other = Chat(bot, name="Sam", now=chat.now)
    asked = other.say("Does Mary Smith of Sutton Carers get a parking permit for the mayor's car")
    (button,) = [button for button in asked.buttons if button.label == "Pass this question on?"]
    passed = other.say(button.says)
    kept = "Does [name left out] of Sutton Carers get a parking permit for the mayor's car"
    assert [fact.value for fact in passed.facts] == [kept]
    assert [fact.label for fact in chat.say("gaps").facts] == [kept]
    assert not [button for button in where_others_read(other, CAR).buttons if "Pass" in button.label]


def test_a_silence_that_did_not_help_is_one_question_and_not_two(chat: Chat) -> None:
    chat.say("can we keep bees on the allotment")
    assert "It is counted already" in chat.hear("not what I asked")
    chat.say("lead me")
    assert chat.hear("gaps").startswith("1 question without a helpful answer")


def test_an_answer_that_did_not_help_is_counted_and_may_be_passed_on(chat: Chat, engine: Engine) -> None:
    chat.say("lead me")
    button = chat.say("how much notice before a grant ends").buttons[-1]
    assert button.label == "Not what I asked"
    reply = chat.say(button.says)
    assert "I count it, without who asked it" in reply.text
    assert reply.buttons[0].label == "Pass this question on?"
    assert chat.say("this helped").text.startswith("Good to know.")
    gaps = chat.say("gaps")
    assert "1 question without a helpful answer; the words of 0 are kept. People said once that an answer" in gaps.text
    where_others_read(chat, button.says)
    assert [fact.label for fact in chat.say("gaps").facts] == ["how much notice before a grant ends"]


@pytest.mark.parametrize(
    "said",
    [
        "please show deadlines", "deadlines please", "mark D1 as done", "what became of F7?", "whats overdue",
        "undo please", "settings", "stop nudges", "show my feedback", "D12 moved to next week", "review please",
        "track", "learn",
    ],
)  # fmt: skip
def test_what_is_said_to_the_assistant_itself_is_no_gap(chat: Chat, engine: Engine, said: str) -> None:
    assert not is_asked_of_the_compact(said)
    where_others_read(chat, said)
    with engine.connect() as connection:
        for table in ("asked_questions", "question_counts"):
            assert connection.scalar(text(f"select count(*) from {table}")) == 0  # noqa: S608  # our own words


@pytest.mark.parametrize("said", [CAR, "what deadlines are there for answering a consultation", "who pays for parking"])
def test_what_is_asked_of_the_compact_is_one(said: str) -> None:
    assert is_asked_of_the_compact(said)


def test_what_speaks_of_not_being_named_is_never_kept_in_words(chat: Chat, engine: Engine) -> None:
    chat.say("lead me")
    for said in ("are the mayor's meetings off the record?", "is the mayor's gardener confidential?"):
        where_others_read(chat, said)
        assert not [button for button in chat.say(said).buttons if "Pass" in button.label]
        chat.say(f"not what i asked: {said}")
        chat.say(f"pass on: {said}")
    assert chat.say("gaps").facts == ()


def test_counts_belong_to_the_months_of_the_period(chat: Chat, engine: Engine, sutton: Agreement, rules: Rules) -> None:
    chat.say(CAR)
    for first, last, times in (((2026, 11, 10), (2026, 12, 1), 1), ((2026, 12, 1), (2027, 11, 30), 0)):
        made = reviewed(chat, engine, sutton, rules, Period(date(*first), date(*last)))
        assert sum(gap.times for gap in made.records.gaps) == times
    rows = list(csv.reader(io.StringIO(csv_file(made).decode("utf-8-sig"))))
    assert ["No question that the agreement does not cover was counted in this period."] not in rows
    assert "was counted in this period" in review_page(made)


KNOWN = frozenset("sutton carers council grant compact volunteers".split())


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Does Mary Smith get paid", "Does [name left out] get paid"),
        ("is Cllr Khan allowed to sit", "is [name left out] allowed to sit"),
        ("did mrs jones get her grant", "did [name left out] get her grant"),
        ("was Councillor X on the panel", "was [name left out] on the panel"),
        ("who is O'Neill", "who is [name left out]"),
        ("did Amina get the grant", "did [name left out] get the grant"),
        ("my name is jo bloggs, help", "[name left out], help"),
        ("ask @amina.k about it", "ask [name left out] about it"),
        ("ask U0123ABCD about it", "ask [id left out] about it"),
        ("is 29:1abcDEFghijk-lm in", "is [id left out] in"),
        ("she lives at 14 High Street now", "she lives at [address left out] now"),
        ("at SM1 1EA, QQ 12 34 56 C", "at [postcode left out], [National Insurance number left out]"),
        ("NHS number 943 476 5919 shared", "NHS number [number left out] shared"),
        ("born 3 May 1980, can she", "[birthday left out], can she"),
        ("see https://example.org/u/jo", "see [link left out]"),
        ("IS JOHN ON THE COUNCIL", "IS [name left out] ON THE COUNCIL"),
        ("what does Sutton Council pay", "what does Sutton Council pay"),
        ("can the NHS and a VCO share, by 31 March 2027", "can the NHS and a VCO share, by 31 March 2027"),
        ("section 106 money of 2026-2027", "section 106 money of 2026-2027"),
        (CAR, CAR),
    ],
)
def test_names_and_whatever_leads_to_a_person_are_left_out(said: str, kept: str) -> None:
    assert without_names(said, KNOWN.__contains__) == kept


def test_a_database_of_before_keeps_counts_and_forgets_words(
    database: str,
    search: Search,
    rules: Rules,
    meanings: Meanings,
) -> None:
    engine = open_database(database)
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        connection.execute(text("insert into organisations (id, name) values (900, 'Sutton Council')"))
        for number, (verdict, words, times, day) in enumerate(
            [("silent", CAR, 3, "2026-11-02"), ("silent", "x", 1, "2026-11-30"), ("helped", "", 2, "2026-10-01")]
        ):
            connection.execute(
                text("insert into asked_questions values (:id, 900, :verdict, :words, :times, :day)"),
                {"id": number + 1, "verdict": verdict, "words": words, "times": times, "day": date.fromisoformat(day)},
            )
        connection.execute(
            text(
                "insert into feedback (id, organisation_id, number, kind, what, about, behalf, happened_on, link,"
                " anonymous, logged_on, who, person_id, platform, route, content, state, outcome, owner) values"
                " (1, 900, 1, 'kept', 'x', '', '', '2026-11-02', '', false, '2026-11-02', '', '', '', '', '', 'open',"
                " '', '')"
            )
        )
        connection.execute(text("insert into feedback_clauses values (1, '3.3.4', 0)"))
    migrate(engine)
    chat = Chat(Bot(engine, search, rules, meanings, "Europe/London"))
    assert "4 questions" in chat.hear("review 2026")
    assert "3.3.4, kept" in chat.hear("feedback 3.3.4")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from asked_questions")) == 0
    engine.dispose()
