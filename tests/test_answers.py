"""Three answers, as they are read: a clause answers, a topic is only mentioned, or the Compact is silent."""

import pytest

from compact_bot.conversation import Reply
from knowledge.agreement import Agreement
from tests.conftest import Chat


def quoted(reply: Reply, agreement: Agreement) -> bool:
    return all(c.quote in agreement.clauses[c.number].text for c in reply.citations)


def test_a_topic_that_is_only_mentioned_is_shown_with_its_sentences(chat: Chat, sutton: Agreement) -> None:
    reply = chat.say("is there anything on carers?")
    assert reply.text == "The Compact does not settle that. It mentions carers in 3.2.2 and 3.2.6:"
    assert [c.number for c in reply.citations] == ["3.2.2", "3.2.6"]
    assert all("carers" in c.quote for c in reply.citations)
    assert quoted(reply, sutton)
    assert not reply.silent


def test_many_mentions_are_counted_not_listed(chat: Chat, sutton: Agreement) -> None:
    reply = chat.say("where does it mention the fire service")
    assert len(reply.citations) <= 3
    assert quoted(reply, sutton)
    many = chat.say("does it mention sutton council?")
    assert "more" in many.text or len(many.citations) < 4
    assert quoted(many, sutton)


def test_a_slip_is_said_back_mended(chat: Chat) -> None:
    assert "mentions carers in" in chat.say("dose it mentoin carrers").text


def test_a_topic_that_a_clause_answers_is_answered(chat: Chat) -> None:
    assert chat.say("what does the compact say about a critical friend?").text.startswith("3.1.7 answers this")
    assert chat.say("anything on procurement rules?").text.startswith("3.2.8 answers this")


def test_printed_words_are_never_called_a_guess(chat: Chat) -> None:
    reply = chat.say("is there anything on the Metropolitan Police?")
    assert reply.text == "The Compact mentions metropolitan police in 1.2:"


def test_why_after_a_mention_names_the_words_that_stand_there(chat: Chat) -> None:
    first = chat.say("is there anything on carers?").citations[0].number
    reply = chat.say("why")
    assert first in reply.text
    assert reply.facts[0].value == "carers"


def test_what_is_looked_up_and_mentioned_is_no_unanswered_question(chat: Chat) -> None:
    chat.say("lead me")
    chat.say("is there anything on carers?")
    assert "carers" not in chat.hear("gaps")


def test_what_the_compact_is_comes_from_its_introduction(chat: Chat) -> None:
    reply = chat.say("what is the compact?")
    assert reply.text == "The Sutton Compact says what it is in 1.1, 1.2 and 1.3."
    assert [c.number for c in reply.citations] == ["1.1", "1.2", "1.3"]


@pytest.mark.parametrize(
    "asked", ["what must the police do under the compact", "what do the police have to do under this agreement?"]
)
def test_what_the_police_must_do_are_the_commitments_of_the_public_sector(
    chat: Chat, sutton: Agreement, asked: str
) -> None:
    assert chat.numbers(asked) == [clause.number for clause in sutton.bound("public sector")]


def test_what_is_missing_and_whom_to_ask_are_said_of_the_subject_asked_about(chat: Chat) -> None:
    said = chat.hear("tell me about parking fines")
    assert "It has nothing on roads, parking or travel." in said
    assert "For that, ask the council's highways team." in said


@pytest.mark.parametrize("asked", ["what time is it"])
def test_else_silence_is_said_plainly_and_nobody_is_sent_elsewhere(chat: Chat, asked: str) -> None:
    reply = chat.say(asked)
    assert reply.text == "The Compact does not say."
    assert "ask" not in reply.note


def test_questions_about_the_bot_itself_are_answered_of_it(chat: Chat) -> None:
    assert chat.say("where can I get the pdf").text.startswith("I hold the whole text of the Sutton Compact.")
    assert chat.say("who can see what I type").text.startswith("I read only what is said to me")


def test_a_statute_is_not_read_as_a_clause(chat: Chat) -> None:
    assert "no clause 106" not in chat.hear("can we spend section 106 money on this")
    for statute in ("section 106", "section 256", "Schedule 2"):
        assert chat.hear(statute).startswith("The Compact does not say."), statute
    assert chat.numbers("3.4.4/3.4.5") == ["3.4.4", "3.4.5"]


def test_an_email_about_two_things_gets_the_clause_for_each(chat: Chat, sutton: Agreement) -> None:
    reply = chat.say(
        "Hello. The council says that our funding will stop soon with no warning whatever. "
        "They have also been late paying our last instalment. What can we do? Thanks, Jo"
    )
    assert reply.text == "Your message is about two things. 3.4.4 and 3.3.4 answer them."
    assert [fact.label for fact in reply.facts] == ["Answered by 3.4.4", "Answered by 3.3.4"]
    assert quoted(reply, sutton)
