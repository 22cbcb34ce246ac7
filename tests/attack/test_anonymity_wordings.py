"""Anonymous means it: what logs something and smells of the wish is never logged by name, in whatever wording.

`wishes.txt` are messages that ask for it, `no_wishes.txt` messages that only speak of such things, one a line.
"""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from compact_bot.bot import Bot
from compact_bot.conversation import Address, Audience, Filled, Message, Person, Reply
from compact_bot.feedback.anonymity import Wish, wish_in, without_wish
from compact_bot.feedback.nobody import wish_of
from tests.conftest import NOW, Chat

HERE = Path(__file__).parent
WISHES = (HERE / "wishes.txt").read_text(encoding="utf-8").splitlines()
NO_WISHES = (HERE / "no_wishes.txt").read_text(encoding="utf-8").splitlines()
ASKED = "Is nobody to know that this comes from you? Nothing is saved yet"
TO_FILL_IN = "What happened? Nothing is saved yet."
EMPTY = ("received_messages", "people", "threads", "places", "asked_questions", "question_counts", "changes")


def rows(engine: Engine, what: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(text(f"select count(*) from {what}")) or 0  # noqa: S608  # our own words


def button(reply: Reply, label: str) -> str:
    return next(one.says for one in reply.buttons if one.label == label)


def test_there_are_enough_of_both() -> None:
    assert len(WISHES) >= 180
    assert len(NO_WISHES) >= 120


def test_no_wish_is_logged_by_name_or_leaves_a_row(bot: Bot, engine: Engine) -> None:
    for number, said in enumerate(WISHES):
        reply = Chat(bot, name=f"Person {number}").say(said)
        anonymous = reply.changed and "It is anonymous." in reply.text
        folded = reply.text.startswith("The same was logged today")
        clause_next = "Which clause" in reply.text and all("nonymous" in one.says for one in reply.buttons)
        details_next = reply.text.startswith("This holds what may identify a person")
        asked = reply.text.startswith((ASKED, TO_FILL_IN))
        assert anonymous or folded or clause_next or details_next or asked, said
    assert rows(engine, "feedback where not anonymous") == 0
    assert rows(engine, "feedback where anonymous") > 0
    for table in EMPTY:
        assert rows(engine, table) == 0, table


def test_whoever_is_asked_decides(bot: Bot, engine: Engine) -> None:
    decided = 0
    for number, said in enumerate(WISHES):
        chat = Chat(bot, name=f"Person {number}")
        reply = chat.say(said)
        if not reply.text.startswith(ASKED):
            continue
        before = rows(engine, "feedback where not anonymous")
        nameless = chat.say(button(reply, "Log it anonymously"))
        assert not nameless.text.startswith(ASKED), said
        assert rows(engine, "feedback where not anonymous") == before, said
        named = chat.say(button(reply, "Log it with my name"))
        if named.text.startswith("Which clause"):
            named = chat.say(named.buttons[-1].says)
        assert named.text.startswith("Logged as F"), said
        assert "anonymous" not in named.text, said
        decided += 1
    assert decided > 60


@pytest.mark.parametrize("said", NO_WISHES)
def test_what_only_speaks_of_it_is_left_alone(said: str) -> None:
    assert wish_in(said) is Wish.NONE


def test_questions_about_it_get_answers(chat: Chat) -> None:
    for said in ("what does the compact say about confidentiality", "are the meetings off the record?"):
        reply = chat.say(said)
        assert reply.citations or reply.silent, said
        assert not reply.text.startswith(ASKED)


def test_a_complaint_in_ones_own_words_is_no_gap_and_in_no_memory(bot: Bot, engine: Engine, tmp_path: Path) -> None:
    said = "I want to complain anonymously about Councillor X bullying our staff"
    chat = Chat(bot)
    reply = bot.reply_to(replace(chat.message(said), audience=Audience.APART))
    assert reply is not None
    assert reply.text.startswith(ASKED)
    assert [fact.value for fact in reply.facts] == ["Councillor X bullying our staff"]
    assert not [one for one in reply.buttons if "Share" in one.label]
    assert "bullying" not in chat.hear("why")
    assert "bullying" not in chat.hear("review")
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("compact.db*"))
    assert b"bullying" not in stored
    assert chat.say(button(reply, "Log it anonymously")).text.startswith("Which clause")


def test_where_others_read_nothing_is_saved_either_way(bot: Bot, engine: Engine) -> None:
    for said in WISHES:
        reply = bot.reply_to(replace(Chat(bot).message(said), audience=Audience.EVERYONE))
        assert reply is not None
        assert reply.text.startswith("Others read this place"), said
    for table in ("feedback", *EMPTY):
        assert rows(engine, table) == 0, table


def filled(what: str, anonymous: str = "named") -> Filled:
    empty = dict.fromkeys(("about", "behalf", "when", "link"), "")
    return Filled(
        "feedback", values={"what": what, "kind": "not kept", "clauses": "3.3.4", "anonymous": anonymous, **empty}
    )


def test_a_form_with_a_name_whose_words_ask_for_none_is_asked_about(bot: Bot, engine: Engine) -> None:
    chat = Chat(bot)
    for what in ("Paid late. Keep my name out of it", "Paid late, in confidence", "an anonymous caller rang"):
        reply = bot.reply_to(replace(chat.message(""), filled=filled(what)))
        assert reply is not None
        assert reply.text.startswith(ASKED), what
    home = Filled("ask", values={"question": "I want to report anonymously that the officer shouted at us"})
    reply = bot.reply_to(replace(chat.message(""), filled=home))
    assert reply is not None
    assert reply.text.startswith(ASKED)
    for table in ("feedback", *EMPTY):
        assert rows(engine, table) == 0, table
    assert chat.say(button(reply, "Log it with my name")).text.startswith("Which clause")


def test_a_wish_in_a_message_of_its_own_holds_for_the_next(bot: Bot, engine: Engine) -> None:
    chat, other = Chat(bot), Chat(bot, name="Sam")
    assert chat.say("please keep what I tell you anonymous").text.startswith(TO_FILL_IN)
    reply = chat.say("feedback 3.3.4 council paid us five weeks late")
    assert reply.text.startswith(ASKED)
    assert rows(engine, "feedback") == 0
    assert other.say("feedback 3.3.4 council paid us five weeks late").text.startswith("Logged as F1: not kept")
    assert chat.say(button(reply, "Log it with my name")).text.startswith("Logged as F2")
    assert chat.say("feedback 3.4.4 council cut us off").text.startswith("Logged as F3")


def test_a_wish_that_was_not_seen_at_the_door_is_asked_about_where_it_would_be_logged(
    chat: Chat, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compact_bot.feedback.nobody.wish_of", lambda _: Wish.NONE)
    assert chat.say("feedback 3.3.4 paid late, strictly confidential").text.startswith(ASKED)
    assert rows(engine, "feedback") == 0


def test_with_the_wish_taken_off_the_matter_is_left() -> None:
    for said in (
        "feedback 3.3.4 paid late, anonymous",
        "feedback (anonymous) 3.3.4 paid late",
        "Please keep my name out of it. feedback 3.3.4 paid late",
        "feedback 3.3.4 paid late. Do not record my name.",
    ):
        assert wish_in(said) is Wish.STATED
        assert without_wish(said).rstrip(" .") == "feedback 3.3.4 paid late"
    for said in ("feedback 3.3.4 the donor, anonymous, rang us", "feedback 3.3.4 paid late. Could this be anonymous?"):
        assert wish_in(said) is Wish.HINTED


# ---- any place, any spelling -----------------------------------------------------------------------------------------

LOGS = (
    "feedback 3.3.4 council paid us five weeks late",
    "praise 3.2.2 they gave us the whole twelve weeks",
    "suggest 3.2.2: publish a calendar of consultations",
    "log that the council paid us 5 weeks late under 3.3.4",
    "report 3.4.4 our grant was cut",
    "please log that 3.3.4 was not kept",
    "I want to complain about 3.4.4, they cut us off",
    "can you log 3.3.4: council paid us late",
)
PHRASES = (
    "anonymous", "anonymously", "anon", "please keep this anonymous", "keep my name out of it", "leave my name off",
    "do not record my name", "without my name", "confidential", "strictly confidential", "off the record",
    "in confidence", "don't say who", "don't tell anyone it was me", "between us", "between you and me",
    "nobody must know it was me", "I'd rather not say who I am", "I do not want to be named", "annonymous please",
    "anonimously", "confidental", "no names please", "nameless", "I wish to remain anonymous", "not to be named",
    "my name must not appear", "keep it between us", "don't mention me", "name withheld", "whoever I am stays unknown",
)  # fmt: skip
PLACES = (
    "{wish}: {log}", "{wish}, {log}", "{wish}. {log}", "{log}, {wish}", "{log}. {wish}", "{log} ({wish})",
    "{log} - {wish}", "{log} {wish}", "{log}\n{wish}", "({wish}) {log}", "hi, {log}; {wish}, thanks",
    "{log}. {wish}!!! Thank you", "[{wish}] {log}",
)  # fmt: skip


@given(
    log=st.sampled_from(LOGS),
    wish=st.sampled_from(PHRASES).flatmap(lambda wish: st.sampled_from((wish, wish.upper(), wish.title()))),
    place=st.sampled_from(PLACES),
    invisible=st.sampled_from(("", "\u200b", "\u00ad", "\u2060", "\ufeff", "\u034f", "\u3164")),
    at=st.integers(1, 30),
)
@settings(max_examples=500, deadline=None, derandomize=True)
def test_no_place_or_spelling_gets_past(log: str, wish: str, place: str, invisible: str, at: int) -> None:
    said = place.format(log=log, wish=wish[:at] + invisible + wish[at:])
    message = Message("1", said, Person("U1", "Amina"), Address("test", "a place"), "Sutton Council", NOW)
    assert wish_of(message) is not Wish.NONE


@pytest.mark.parametrize(
    "piece",
    [
        "keep ", "not ", "anonymous ", "a n o n ", "i ", ", ", "do not ", "( ", "my name ", "nobody must ", "- ", ".",
        "dont want ", "can you please ", "keep my ", "who ", "log log ", "please ", "between us ", "i want to ", "an",
        "\u3164",
    ],
)  # fmt: skip
def test_reading_takes_no_longer_for_words_made_to_take_long(piece: str) -> None:
    said = (piece * 2_000)[:2_000]
    wish_in(said)
    begun = time.perf_counter()
    for _ in range(3):
        wish_in(said)
        without_wish(said)
    assert (time.perf_counter() - begun) / 3 < 0.05
