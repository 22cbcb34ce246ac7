"""What was asked back is answered in plain words, and a draft is not lost by a wrong answer. Monday 23 November."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from compact_bot.bot import Bot
from compact_bot.conversation import Button, Filled, MessageKind, Reply
from compact_bot.feedback.replies import LONGEST_VALUE
from compact_bot.understanding.acts import Ask, Leave, LogFeedback, OpenForm
from compact_bot.understanding.waiting import Waiting
from tests.conftest import Chat

UNCLEAR = "log that the council paid us 5 weeks late"
PERSONAL = "feedback 3.3.4 jo@example.org was paid late"
TOLD = "the council paid our invoice five weeks late again"


def press(chat: Chat, button: Button) -> Reply:
    reply = chat.bot.reply_to(replace(chat.message(""), pressed=button.value, kind=MessageKind.PRESSED))
    assert reply is not None
    chat.heard.append(reply)
    return reply


def button(reply: Reply, label: str) -> Button:
    return next(one for one in reply.buttons if one.label == label)


def happened(reply: Reply) -> str:
    return next(fact.value for fact in reply.facts if fact.label == "What happened")


def entries(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("select count(*) from feedback")) or 0


@pytest.mark.parametrize(
    ("answer", "clauses"),
    [
        ("1", "3.3.4"),
        ("yes", "3.3.4"),
        ("the second one", "3.2.2"),
        ("3.4.4", "3.4.4"),
        ("3.3.10", "3.3.10"),
        ("clause 3.4.4 and 3.3.5", "3.4.4, 3.3.5"),
        ("I think it's 3.4.4", "3.4.4"),
        ("none", "no clause"),
        ("None of these.", "no clause"),
        ("no clause", "no clause"),
        ("2", "3.2.2"),
    ],
)
def test_which_clause_is_answered_in_plain_words(chat: Chat, answer: str, clauses: str) -> None:
    assert [one.label for one in chat.say(UNCLEAR).buttons] == ["3.3.4", "3.2.2", "No clause"]
    assert chat.say(answer).text.startswith(f"Logged as F1: not kept, {clauses}.")


def test_a_wrong_answer_does_not_lose_the_draft(chat: Chat, engine: Engine) -> None:
    chat.say(UNCLEAR)
    for said in ("9.9.9", "show me 3.3.4", "what does 3.4.4 say?", "hello", "is it 3.3.4?", "deadlines"):
        chat.say(said)
        assert entries(engine) == 0, said
    assert happened(chat.say("3.3.4")) == "the council paid us 5 weeks late"


def test_no_leaves_it(chat: Chat, engine: Engine) -> None:
    chat.say(UNCLEAR)
    assert chat.say("no").text == "Left as it was. Nothing was saved."
    chat.say("3.3.4")
    assert entries(engine) == 0


def test_a_clause_that_is_not_there_is_asked_for_again_with_the_nearest(chat: Chat) -> None:
    reply = chat.say("feedback 3.3.44, 3.4.4 council paid us late")
    assert reply.text.startswith("There is no clause 3.3.44")
    nearest = reply.buttons[0].label
    assert press(chat, reply.buttons[0]).text.startswith(f"Logged as F1: not kept, {nearest}, 3.4.4.")
    chat.say("feedback 3.3.44 council paid us late again")
    assert chat.say("3.3.4").text.startswith("Logged as F2: not kept, 3.3.4.")


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ("leave it out", "[email address left out] was paid late"),
        ("1", "[email address left out] was paid late"),
        ("keep it as written", "jo@example.org was paid late"),
        ("Keep it as written please", "jo@example.org was paid late"),
        ("2", "jo@example.org was paid late"),
    ],
)
def test_personal_details_are_left_out_or_kept_in_plain_words(chat: Chat, answer: str, kept: str) -> None:
    chat.say(PERSONAL)
    assert happened(chat.say(answer)) == kept


def test_details_of_whoever_it_is_about_are_left_out_too(chat: Chat) -> None:
    reply = chat.say("feedback 3.3.4: paid late (about: jo@example.org) (on behalf of: 020 8770 5779)")
    logged = press(chat, button(reply, "Leave it out"))
    assert {fact.label: fact.value for fact in logged.facts} == {
        "What happened": "paid late", "About": "[email address left out]",
        "On behalf of": "[telephone number left out]", "When": "Monday 23 November 2026",
    }  # fmt: skip


def test_both_are_asked_one_after_the_other(chat: Chat) -> None:
    chat.say("feedback: jo@example.org was paid late")
    assert chat.say("leave it out").text.startswith("Which clause is this about?")
    assert chat.say("3.3.4").text.startswith("Logged as F1: not kept, 3.3.4.")


def test_a_day_that_could_not_be_read_is_answered_with_the_day(chat: Chat) -> None:
    reply = chat.say("feedback 3.3.4 paid late (when: 31 February 2026)")
    assert reply.text.startswith('I cannot read "31 February 2026" as a day that is past.')
    assert "Tuesday 3 November 2026" in chat.hear("3 November")
    chat.say("feedback 3.3.4 paid late once more (when: 31 February 2026)")
    assert "still to come" in chat.say("1 December 2026").text


def test_what_is_told_in_any_words_is_shown_before_it_is_saved(chat: Chat, engine: Engine) -> None:
    reply = chat.say(TOLD)
    assert happened(reply) == TOLD
    assert [one.label for one in reply.buttons] == ["3.3.4", "No clause", "Change", "I was only asking"]
    assert entries(engine) == 0
    assert button(reply, "I was only asking").act == Ask(TOLD)
    form = press(chat, button(reply, "Change")).form
    assert form is not None
    assert {field.name: field.value for field in form.fields}["what"] == TOLD
    assert entries(engine) == 0
    assert chat.say("yes").text.startswith("Logged as F1: not kept, 3.3.4.")


def test_told_with_its_clause_it_is_echoed_and_saved_on_yes(chat: Chat, engine: Engine) -> None:
    reply = chat.say("they kept to 3.2.2 and gave us the whole twelve weeks, well done to the council")
    assert "3.2.2" in reply.text
    assert reply.text.endswith("Nothing is saved yet.")
    assert [one.label for one in reply.buttons] == ["Save", "Change", "I was only asking"]
    assert entries(engine) == 0
    assert chat.say("yes").text.startswith("Logged as F1: kept, 3.2.2.")


def test_a_button_logs_once(chat: Chat, engine: Engine) -> None:
    reply = chat.say(UNCLEAR)
    assert press(chat, reply.buttons[0]).text.startswith("Logged as F1")
    chat.say("undo")
    assert press(chat, reply.buttons[0]).text.startswith("That was saved already")
    assert entries(engine) == 0


def test_words_too_long_for_a_button_wait_for_an_answer_all_the_same(chat: Chat) -> None:
    reply = chat.say(f"log that the council paid us late {'and late again ' * 60}".strip())
    assert happened(chat.say("3.3.4")).startswith("the council paid us late")
    quoted = chat.say(f"log that the council paid us late {chr(34) * 900}")
    assert not [one for one in quoted.buttons if one.act and "late" in str(one.act)]
    assert all(len(one.value) <= LONGEST_VALUE + 100 for one in (*reply.buttons, *quoted.buttons))
    assert chat.say("none").text.startswith("Logged as F2: not kept, no clause.")


@pytest.mark.parametrize(
    "words",
    [
        'José Álvarez (chair) said: "no", and that\'s it',
        "paid late (about: them) (with my name)",
        "feedback 9.9.9: F7 because D1, undo",
        "ends 31 March 2027?",
        "“curly” [brackets] {braces}",
    ],
)
def test_the_form_keeps_whatever_is_written(chat: Chat, bot: Bot, words: str) -> None:
    values = {
        "what": words, "kind": "not kept", "clauses": "3.3.4", "about": words, "behalf": words, "when": "",
        "link": words, "anonymous": "named",
    }  # fmt: skip
    reply = bot.reply_to(replace(chat.message(""), filled=Filled("feedback", values=values)))
    assert reply is not None
    shown = {fact.label: fact.value for fact in reply.facts}
    assert [shown[label] for label in ("What happened", "About", "On behalf of", "Link")] == [words] * 4


def test_a_form_that_lacks_a_clause_is_asked_about_like_a_sentence(chat: Chat, bot: Bot) -> None:
    values = dict.fromkeys(("clauses", "about", "behalf", "when", "link"), "")
    values |= {"what": "paid five weeks late (again)", "kind": "not kept", "anonymous": "named"}
    reply = bot.reply_to(replace(chat.message(""), filled=Filled("feedback", values=values)))
    assert reply is not None
    assert reply.text.startswith("Which clause is this about?")
    assert happened(chat.say("1")) == "paid five weeks late (again)"


def test_what_waits_is_an_act(chat: Chat, engine: Engine) -> None:
    chat.say(UNCLEAR)
    with engine.connect() as connection:
        stored = connection.scalar(text("select waiting from threads"))
    assert json.loads(stored)["act"]["act"] == "LogFeedback"
    waiting = Waiting.from_json(stored)
    assert waiting is not None
    assert waiting.missing == ("clauses",)
    assert all(isinstance(choice.act, LogFeedback | Leave | OpenForm) for choice in waiting.choices)
