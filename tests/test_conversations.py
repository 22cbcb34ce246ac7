"""Conversations with the real bot over the real Compact, on a real database file."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from compact_bot.bot import APOLOGY, Bot
from compact_bot.conversation import Reply
from compact_bot.store.records import REMEMBERED_FOR
from knowledge.evaluate import read_questions
from knowledge.search import Search
from tests.conftest import ROOT, SUTTON, Chat

# ---- a question in any words --------------------------------------------------------------------------------------


def test_the_officers_question_gets_the_notice_clause_word_for_word(chat: Chat, search: Search) -> None:
    reply = chat.say("we're thinking of pulling the plug on the lunch club's money in six weeks, ok?")
    first = reply.citations[0]
    assert first.number == "3.4.4"
    assert first.party == "public sector"
    assert first.heading == "Clear arrangements for managing changes to programmes and services"
    assert first.quote == search.agreement.clauses["3.4.4"].text
    assert "Compact commitment" in reply.text
    assert not reply.silent


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("what does the Compact say about ending a grant?", "3.4.4"),
        ("WHAT DOES THE COMPACT SAY ABOUT ENDING A GRANT???", "3.4.4"),
        ("are charities allowed to campaign against us", "3.1.1"),
        ("do volunteers pay for their DBS checks", "3.1.4"),
        ("how long should a consultation run", "3.2.2"),
        ("consulation lenght", "3.2.2"),
        ("is it legally binding", "1.6"),
        ("when did it start", "1.1"),
        ("can we be paid up front", "3.3.7"),
        ("what is a VCO", "def-vco"),
        ("who signed up", "def-public-sector"),
        ("does the law come first", "1.6"),
    ],
)
def test_a_question_in_any_words_finds_its_clause(chat: Chat, said: str, number: str) -> None:
    assert chat.numbers(said)[0] == number


def test_a_reply_reads_in_order_with_its_source_and_one_next_step(chat: Chat) -> None:
    words = chat.hear("how much notice before a grant ends?")
    order = [
        "3.4.4 answers this",
        "binds the public sector",
        "“To give a minimum of 3 months' notice",
        "Source: Sutton",
    ]
    places = [words.index(piece) for piece in order]
    assert places == sorted(places)
    assert len(chat.heard[-1].see_also) <= 2


def test_health_is_said_to_be_tbc_in_one_place_and_signed_up_in_another(chat: Chat) -> None:
    for said in ("who signed up", "1.2", "is the CCG in or not, it says tbc"):
        assert '1.2 prints "(tbc)"' in chat.hear(said), said


def test_the_ten_principles_are_said_to_be_missing(chat: Chat) -> None:
    reply = chat.say("what are the ten compact principles?")
    assert reply.silent
    assert reply.text.startswith("The Compact does not say.")
    assert 'prints the heading "Ten Compact Principles" with nothing under it' in reply.text


# ---- silence ------------------------------------------------------------------------------------------------------


def test_silence_comes_first_then_what_is_nearby_and_missing_then_whom_to_ask(chat: Chat) -> None:
    reply = chat.say("how many days do they have to pay our invoice")
    assert reply.silent
    assert reply.text.startswith("The Compact does not say. The nearest is 3.3.4.")
    assert "no number of days" in reply.text
    assert reply.citations[0].quote == "The public sector will ensure the timely payment of funds to VCOs."
    assert reply.note.startswith("For that, ask ")


@pytest.mark.parametrize(
    "said",
    [
        "best curry in Sutton",
        "do we pay VAT on the grant",
        "what colour is the mayor's car",
        "how do I appeal a decision",
    ],
)
def test_what_the_compact_does_not_settle_is_answered_by_silence(chat: Chat, said: str) -> None:
    reply = chat.say(said)
    assert reply.silent
    assert reply.text.startswith("The Compact does not say.")
    assert reply.next_step or reply.typed


# ---- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("3.4.4", ["3.4.4"]),
        ("clause 3.4.4 please", ["3.4.4"]),
        ("what does 3.4.4 say?", ["3.4.4"]),
        ("3.3.5 to 3.3.7", ["3.3.5", "3.3.6", "3.3.7"]),
        ("3.3.5-7", ["3.3.5", "3.3.6", "3.3.7"]),
        ("clauses 3.4.2 and 3.4.4", ["3.4.2", "3.4.4"]),
        ("1.6", ["1.6"]),
        ("2", ["2"]),
        ("section 3.5", ["3.5", "3.5.1", "3.5.2", "3.5.3", "3.5.4", "3.5.5", "3.5.6"]),
        ("clause 3.4", ["3.4", *(f"3.4.{n}" for n in range(1, 8))]),
        ("3", ["3.1", "3.2", "3.3", "3.4", "3.5"]),
    ],
)
def test_a_number_shows_its_clauses_and_a_parent_lists_its_children(chat: Chat, said: str, numbers: list[str]) -> None:
    assert chat.numbers(said) == numbers


@pytest.mark.parametrize(
    "said",
    ["can they cut our grant by 3.5%", "end the grant on 31.3.2027", "we lose £3.40 an hour", "give 3 months notice?"],
)
def test_other_figures_are_not_taken_for_clauses(chat: Chat, said: str) -> None:
    assert "no clause" not in chat.say(said).text


def test_a_number_that_does_not_exist_names_the_nearest(chat: Chat) -> None:
    reply = chat.say("3.9.9")
    assert reply.text == "There is no clause 3.9.9 in the Sutton Compact. The nearest number is 3.5.6."
    assert "no clause 9" in chat.say("section 9").text
    assert "no clause 3.4.99" in chat.say("3.4.1 to 3.4.99").text


def test_contents_lists_every_section(chat: Chat) -> None:
    assert {"1", "2", "3", "3.1", "3.5", "contact"} <= set(chat.numbers("contents"))


# ---- one side -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("what must charities do about reporting", "3.3.10"),
        ("what has the council promised on consultation", "3.2.2"),
        ("commitments of the public sector on payment", "3.3.4"),
        ("what are VCOs expected to do about governance", "3.3.9"),
    ],
)
def test_one_sides_duties_on_a_subject(chat: Chat, said: str, number: str) -> None:
    assert chat.numbers(said)[0] == number
    assert chat.heard[-1].text.startswith("For the ")


def test_all_that_a_side_has_undertaken(chat: Chat, search: Search) -> None:
    expected = [clause.number for clause in search.agreement.bound("VCOs")]
    assert chat.numbers("what are the charities' commitments?") == expected


def test_we_is_asked_back_once_and_then_remembered(chat: Chat) -> None:
    asked = chat.say("what do we owe them?")
    assert asked.text.startswith("Which side are you on: public sector or VCOs?")
    assert [button.label for button in asked.buttons] == ["Public sector", "VCOs", "Both sides"]
    assert "22 commitments of the public sector" in chat.say(asked.buttons[0].says).text
    assert "22 commitments of the public sector" in chat.say("what do we owe them?").text
    assert "20 commitments of the VCOs" in chat.say("what do they owe us?").text


def test_an_answer_to_the_question_back_can_be_one_word(chat: Chat) -> None:
    chat.say("what do we have to do about reporting")
    assert chat.numbers("charity")[0] == "3.3.10"


@pytest.mark.parametrize("answer", ["we are the council", "1", "the first one", "Public sector"])
def test_what_they_owe_us_is_told_once_they_know_who_we_are(chat: Chat, answer: str) -> None:
    assert chat.say("what do they owe us?").text.startswith("Which side are you on")
    assert "20 commitments of the VCOs" in chat.say(answer).text
    assert "22 commitments of the public sector" in chat.say("what do we owe them?").text


def test_naming_a_side_in_another_question_is_not_the_answer(chat: Chat) -> None:
    chat.say("what do we owe them?")
    chat.say("what must the charities do about reporting")
    assert chat.say("what do we owe them?").text.startswith("Which side are you on")


def test_both_sides_is_an_answer_too(chat: Chat) -> None:
    chat.say("what are our obligations on equality")
    parties = {citation.party for citation in chat.say("both sides").citations}
    assert parties == {"public sector", "VCOs"}


def test_a_side_is_told_and_forgotten(chat: Chat) -> None:
    assert "the side of the VCOs" in chat.say("we are a small charity").text
    assert "20 commitments" in chat.say("what are our duties").text
    assert chat.say("forget my side").text.startswith("Done")
    assert "Which side" in chat.say("what are our duties").text


def test_another_question_instead_of_an_answer_is_answered(chat: Chat) -> None:
    chat.say("what do we owe them?")
    assert chat.numbers("how much notice before a grant ends") == ["3.4.4"]


# ---- going on -----------------------------------------------------------------------------------------------------


def test_and_for_vcos_goes_on_from_the_last_answer(chat: Chat) -> None:
    chat.say("can we end the grant to the youth club?")
    assert set(chat.numbers("and for VCOs?")) == {"3.4.5", "3.4.6", "3.4.7"}


def test_what_about_goes_on_from_the_last_question(chat: Chat) -> None:
    chat.say("our funding is being changed")
    assert chat.numbers("what about the notice?")[0] == "3.4.4"
    assert chat.numbers("and in an emergency?")[0] == "3.4.4"


def test_a_follow_up_with_nothing_before_it_asks_what_is_meant(chat: Chat) -> None:
    assert chat.say("and for VCOs?").text.startswith("About what?")


def test_a_follow_up_stays_in_its_own_thread(bot: Bot) -> None:
    Chat(bot, thread="one").say("we want to end the grant")
    assert Chat(bot, thread="two").say("and for VCOs?").text.startswith("About what?")


def test_what_was_said_is_forgotten_after_a_day(chat: Chat, engine: Engine) -> None:
    chat.say("we want to end the grant")
    chat.now += REMEMBERED_FOR + timedelta(minutes=1)
    assert chat.say("and for VCOs?").text.startswith("About what?")
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from threads where question like '%grant%'")) == 0


def test_why_names_the_words_and_the_phrasing(chat: Chat, search: Search) -> None:
    assert "no answer of mine here to explain" in chat.say("why?").text
    chat.say("can we stop the youth club's cash without warning")
    reply = chat.say("why?")
    assert "3.4.4" in reply.text
    facts = {fact.label: fact.value for fact in reply.facts}
    assert facts["Words that led there"]
    assert facts["Closest phrasing in the phrasebook"] in {p.words for p in search.phrasebook.phrasings}


# ---- contacts -----------------------------------------------------------------------------------------------------


def test_contacts_are_shown_as_printed(chat: Chat) -> None:
    words = chat.hear("who do I contact about the compact")
    assert "As printed in the Compact: Sutton Centre for the Voluntary Sector" in words
    assert "020 8770 5779 victoria.lawson@sutton.gov.uk" in words


def test_an_organisation_sets_and_removes_its_own_contacts(chat: Chat) -> None:
    assert chat.say("set contact Amina Khan, amina@example.org").text.startswith("Saved.")
    assert "Current contact, set by your organisation: Amina Khan, amina@example.org" in chat.hear("contacts")
    assert chat.say("remove contact 1").text == "Removed: Amina Khan, amina@example.org"
    assert "Amina" not in chat.hear("contacts")


def test_a_contact_that_cannot_be_kept_changes_nothing(chat: Chat) -> None:
    assert "Nothing was saved" in chat.say("set contact").text
    assert "Nothing was saved" in chat.say("set contact " + "x" * 400).text
    assert "nothing was removed" in chat.say("remove contact 1").text
    chat.say("set contact Jo, jo@example.org")
    assert "Nothing was removed" in chat.say("remove contact 9").text
    assert "Nothing was removed" in chat.say("remove contact").text
    assert "jo@example.org" in chat.hear("contacts")


def test_one_organisation_never_sees_anothers_contacts_or_talk(bot: Bot) -> None:
    ours, theirs = Chat(bot, organisation="Ours"), Chat(bot, organisation="Theirs")
    ours.say("set contact Jo, jo@example.org")
    ours.say("we want to end the grant")
    assert "jo@example.org" not in theirs.hear("contacts")
    assert theirs.say("and for VCOs?").text.startswith("About what?")
    assert "set no contact" in theirs.say("remove contact 1").text


# ---- small talk and bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("hi", "Hello."),
        ("Good morning team!", "Hello."),
        ("thanks so much", "You are welcome."),
        ("bye", "Goodbye."),
        ("who are you?", "I am Compact Bot, a program"),
        ("are you a robot", "I am Compact Bot, a program"),
        ("help", "Say it in your own words."),
        ("?", "Say it in your own words."),
        ("that's wrong", "Sorry that did not help."),
        ("", "Your message was empty."),
        ("   ", "Your message was empty."),
        ("\x00\u200b\u202e", "Your message was empty."),
        ("x" * 10_000, "That message has 10,000 characters"),
        ("🎉🎉🎉", "I found no words in that."),
        ("!!!", "I found no words in that."),
        ("مرحبا", "I can only read English"),
        ("<b></b>", "Your message was empty."),
        ("<!channel> hello", "Hello."),
    ],
)
def test_small_talk_and_bad_input_get_a_sensible_reply_and_a_way_on(chat: Chat, said: str, begins: str) -> None:
    reply = chat.say(said)
    assert reply.text.startswith(begins)
    assert reply.next_step or reply.typed


@pytest.mark.parametrize(
    "said", ["<script>x = 1</script> notice period", "<!channel> how much notice", "no\x00tice period"]
)
def test_markup_and_control_characters_are_read_past(chat: Chat, said: str) -> None:
    assert chat.numbers(said)[0] == "3.4.4"


def test_help_is_five_things_and_a_button_for_each_topic(chat: Chat) -> None:
    first = chat.say("help")
    assert len(first.facts) == 5
    assert [button.label for button in first.buttons] == [
        "Asking", "Deadlines", "Feedback", "For Compact leads", "Lists, calendars and e-mail", "Settings",
    ]  # fmt: skip
    for button in first.buttons:
        topic = chat.press(button)
        assert topic.text == f"{button.label}: what you can type. Your own words do as well."
        assert topic == chat.say(button.says)
        for example in topic.facts:
            assert not chat.say(example.label).silent, example.label


def test_bad_input_changes_nothing(chat: Chat, engine: Engine) -> None:
    for said in ("", "🎉", "x" * 10_000, "3.9.9", "set contact", "remove contact 1"):
        chat.say(said)
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from contacts")) == 0
        assert connection.scalar(text("select count(*) from people where side != ''")) == 0


# ---- every reply --------------------------------------------------------------------------------------------------


def every_kind_of_reply(chat: Chat) -> Iterator[Reply]:
    for question in read_questions(ROOT / "tests" / "questions" / "a.jsonl"):
        yield chat.say(question.q)
    yield from chat.heard
    for said in [*chat.bot.search.agreement.clauses, "contents", "section 3", "what must charities do", "help", "why"]:
        yield chat.say(said)


def test_every_quotation_is_a_slice_of_the_source_and_no_reply_is_a_dead_end(chat: Chat) -> None:
    source = " ".join(re.sub("</?u>", "", (SUTTON / "source.txt").read_text(encoding="utf-8")).split())
    for reply in every_kind_of_reply(chat):
        assert reply.text
        assert reply.next_step or reply.typed
        for citation in (*reply.citations, *reply.see_also):
            assert " ".join(citation.quote.split()) in source
        assert not re.search(r"\blaw(ful|s)?\b", reply.text, re.IGNORECASE)


def test_every_button_says_something_that_is_understood(chat: Chat) -> None:
    says = {button.says for reply in every_kind_of_reply(chat) for button in reply.buttons}
    for sentence in says:
        assert not chat.say(sentence).silent, sentence


# ---- once, and safely ---------------------------------------------------------------------------------------------


def test_a_message_sent_again_is_answered_once(bot: Bot, chat: Chat, engine: Engine) -> None:
    message = chat.message("set contact Jo, jo@example.org")
    assert bot.reply_to(message) is not None
    assert bot.reply_to(message) is None
    with engine.connect() as connection:
        assert connection.scalar(text("select count(*) from contacts")) == 1


def test_a_failure_apologises_keeps_nothing_and_lets_the_retry_through(
    bot: Bot, chat: Chat, engine: Engine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("token xoxb-secret and what Jo wrote")

    message = chat.message("how much notice before a grant ends")
    with monkeypatch.context() as patch:
        patch.setattr(bot.search, "find", broken)
        assert bot.reply_to(message) == APOLOGY
    assert message.id in caplog.text
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text
    retried = bot.reply_to(message)
    assert retried is not None
    assert retried.citations[0].number == "3.4.4"


def test_two_processes_can_share_one_database_file(bot: Bot, search: Search, engine: Engine, tmp_path: Path) -> None:
    from compact_bot.store.database import open_database

    other = open_database(f"sqlite:///{tmp_path / 'compact.db'}")
    message = Chat(bot).message("set contact Jo, jo@example.org")
    assert bot.reply_to(message) is not None
    assert Bot(other, search, bot.rules, bot.meanings, bot.timezone).reply_to(message) is None
    other.dispose()
