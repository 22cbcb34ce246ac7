"""Feedback is reworded or deleted by whoever logged it for a day, by a lead always; its history names them to leads."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from compact_bot.bot import Bot
from compact_bot.conversation import Audience, Filled, MessageKind, Reply
from tests.conftest import Chat

LATE = "feedback 3.3.4 council paid us five weeks late"


@pytest.fixture
def sam(chat: Chat, bot: Bot) -> Chat:
    """A colleague; Amina has logged F1."""
    chat.say(LATE)
    return Chat(bot, name="Sam", now=chat.now)


def labels(reply: Reply) -> list[str]:
    return [button.label for button in reply.buttons]


def history(reply: Reply) -> list[str]:
    return [fact.value for fact in reply.facts if fact.label.endswith(tuple(f":{n:02}" for n in range(60)))]


def count(engine: Engine, what: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(text(f"select count(*) from {what}")) or 0  # noqa: S608  # our own words


# ---- reworded -------------------------------------------------------------------------------------------------------


def test_whoever_logged_it_rewords_it_for_a_day(chat: Chat, sam: Chat) -> None:
    assert "Reword" in labels(chat.say("F1"))
    assert chat.say("edit F1: paid four weeks late, not five").text == (
        'F1 says now: "paid four weeks late, not five".'
    )
    shown = chat.say("F1")
    assert ("What happened", "paid four weeks late, not five") in [(fact.label, fact.value) for fact in shown.facts]
    assert history(shown) == ["logged", 'reworded, from "council paid us five weeks late", by Amina']
    chat.now += timedelta(days=1, minutes=1)
    assert "Reword" not in labels(chat.say("F1"))
    refused = chat.say("edit F1: something else")
    assert "nobody leads here yet" in refused.text
    assert not refused.changed


def test_a_colleague_does_not_and_a_lead_always_may(chat: Chat, sam: Chat) -> None:
    for said in ("edit F1: nothing happened", "delete F1", "F1 is kept"):
        reply = sam.say(said)
        assert "or whoever logged it within a day of that" in reply.text
        assert not reply.changed
    assert "Delete" not in labels(sam.say("F1"))
    sam.say("lead me")
    sam.now += timedelta(days=30)
    assert sam.say("edit F1: paid late").changed
    assert sam.say("F1 is kept").text == "F1 is kept now."


def test_the_history_names_whoever_logged_it_to_leads_alone(chat: Chat, sam: Chat, bot: Bot) -> None:
    chat.say("edit F1: paid four weeks late")
    chat.say("F1 is kept")
    for reply in (sam.say("F1"), bot.reply_to(replace(chat.message("F1"), audience=Audience.EVERYONE))):
        assert reply is not None
        assert history(reply)[1:] == [
            'reworded, from "council paid us five weeks late", by whoever logged it', "is kept, by whoever logged it",
        ]  # fmt: skip
        assert "Amina" not in f"{reply.text} {reply.facts} {reply.note} {reply.next_step}"
    sam.say("lead me")
    assert history(sam.say("F1"))[2] == "is kept, by Amina"


def test_rewording_is_taken_back(chat: Chat, sam: Chat) -> None:
    chat.say("edit F1: paid four weeks late")
    assert chat.say("undo").text.startswith("Taken back, F1: reworded")
    assert "council paid us five weeks late" in [fact.value for fact in chat.say("F1").facts]


def test_the_form_rewords_what_it_shows(chat: Chat, sam: Chat, bot: Bot) -> None:
    form = chat.say("edit F1").form
    assert form is not None
    assert [field.value for field in form.fields] == ["council paid us five weeks late"]
    filled = Filled(form.name, form.subject, {"what": 'They said: "next week" (twice)'})
    reply = bot.reply_to(replace(chat.message(""), filled=filled))
    assert reply is not None
    assert reply.text == 'F1 says now: "They said: "next week" (twice)".'


def test_personal_details_in_new_words_are_pointed_out_first(chat: Chat, sam: Chat) -> None:
    reply = chat.say("edit F1: jo@example.org paid us late")
    assert reply.text.startswith("This holds what may identify a person: an email address (jo@example.org).")
    assert not reply.changed
    assert chat.say("leave it out").text == 'F1 says now: "[email address left out] paid us late".'
    chat.say("edit F1: jo@example.org paid us late")
    assert chat.say("keep it as written").text == 'F1 says now: "jo@example.org paid us late".'


@pytest.mark.parametrize(
    "said", ["edit F9: x", f"edit F1: {'x' * 1_200}", "edit F1: council paid us five weeks late", "F1 is not kept"]
)
def test_what_cannot_be_changed_so_is_refused(chat: Chat, sam: Chat, said: str) -> None:
    reply = chat.say(said)
    assert "Nothing was changed." in reply.text
    assert reply.next_step
    assert not reply.changed


# ---- deleted --------------------------------------------------------------------------------------------------------


def test_deleting_asks_first_and_keeps_only_that_there_was_one(chat: Chat, sam: Chat, engine: Engine) -> None:
    chat.say("edit F1: paid four weeks late, said the telltale")
    asked = chat.say("delete F1")
    assert asked.text == "Delete F1 for good? It cannot be brought back. Nothing was changed."
    assert count(engine, "feedback") == 1
    assert chat.say("no").text.startswith("Left as it was.")
    chat.say("delete F1")
    gone = chat.say("yes")
    assert gone.text == "F1 is deleted, with everything in it."
    assert gone.changed
    assert count(engine, "feedback") == count(engine, "feedback_clauses") == 0
    with engine.connect() as connection:
        (kept,) = connection.execute(text("select what, who, deadline_id, feedback_id from changes")).all()
    assert tuple(kept) == ("F1 deleted", "Amina", None, None)
    assert sam.say("F1").text == "F1 was deleted on Monday 23 November 2026. Nothing was changed."
    assert "Amina" not in sam.hear("F1")
    assert "nothing of yours" in chat.say("undo").text
    assert sam.say("praise 3.2.2 a good talk").text.startswith("Logged as F2")


def test_a_button_that_deletes_asks_too(chat: Chat, sam: Chat, bot: Bot, engine: Engine) -> None:
    delete = next(button for button in chat.say("F1").buttons if button.label == "Delete")
    reply = bot.reply_to(replace(chat.message(""), pressed=delete.value, kind=MessageKind.PRESSED))
    assert reply is not None
    assert labels(reply) == ["Delete it for good", "Leave it"]
    assert count(engine, "feedback") == 1


def test_news_of_deleted_feedback_goes_with_it(chat: Chat, sam: Chat, engine: Engine) -> None:
    sam.say("lead me")
    sam.say("acknowledge F1")
    assert count(engine, "nudges") == 1
    sam.say("delete F1 for good")
    assert count(engine, "nudges") == 0


def test_only_a_lead_deletes_an_anonymous_one(chat: Chat, sam: Chat, engine: Engine) -> None:
    number = chat.say("anonymous feedback 3.3.4 paid six weeks late").text.split()[2].rstrip(":")
    assert "or whoever logged it" in chat.say(f"delete {number} for good").text
    sam.say("lead me")
    assert sam.say(f"delete {number} for good").changed
    assert count(engine, "feedback") == 1


def test_another_organisations_feedback_was_never_there(chat: Chat, sam: Chat, bot: Bot) -> None:
    chat.say("delete F1 for good")
    theirs = Chat(bot, organisation="Theirs")
    assert theirs.say("F1").text == "There is no F1 here. Nothing was changed."
