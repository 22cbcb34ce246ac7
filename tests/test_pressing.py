"""Buttons: each carries its act, for its own organisation, and what makes something new makes it once."""

import json
import random
import re
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from compact_bot.bot import APOLOGY
from compact_bot.conversation import Button, Filled, MessageKind, Reply
from compact_bot.understanding.acts import ACTS, Act
from tests.attack.test_words_of_others import kept
from tests.conftest import Chat

GRANT = 'track funding "Youth club grant" ends 31 March 2027'
REMIND = "remind us that the library consultation closes 3 March"
COMPLAINT = "feedback council paid us five weeks late"


def labelled(reply: Reply, label: str) -> Button:
    return next(button for button in reply.buttons if button.label == label)


def press_value(chat: Chat, value: str) -> Reply:
    return chat.press(Button("A button", value=value))


def fill(chat: Chat, reply: Reply, **values: str) -> Reply:
    assert reply.form is not None
    held = {field.name: field.value for field in reply.form.fields}
    filled = Filled(reply.form.name, reply.form.subject, {**held, **values})
    answer = chat.bot.reply_to(replace(chat.message(""), filled=filled, kind=MessageKind.FILLED))
    assert answer is not None
    return answer


# ---- once ----------------------------------------------------------------------------------------------------------


def test_save_pressed_three_times_saves_once(chat: Chat) -> None:
    save = labelled(chat.say(REMIND), "Save")
    saved, second, third = (chat.press(save) for _ in range(3))
    assert saved.text.startswith("Saved as D1")
    assert second.text == third.text == "That was saved already, so nothing was saved again."
    assert not second.changed
    assert "D2" not in chat.hear("deadlines")


def test_a_clause_chosen_three_times_logs_once(chat: Chat) -> None:
    choice = chat.say(COMPLAINT).buttons[0]
    assert "Logged as F1" in chat.press(choice).text
    for _ in range(2):
        assert chat.press(choice).text == "That was saved already, so nothing was saved again."
    assert "F2" not in chat.hear("feedback")


@pytest.mark.parametrize("label", ["Save", "I was only asking"])
def test_what_was_settled_by_a_button_no_longer_waits_for_a_yes(chat: Chat, label: str) -> None:
    chat.press(labelled(chat.say(REMIND), label))
    before = chat.hear("deadlines")
    assert chat.say("yes").text.startswith(("There is nothing here that waits for a yes.", "Nothing waits here."))
    assert chat.hear("deadlines") == before


def test_a_draft_that_was_changed_in_its_form_is_saved_once(chat: Chat) -> None:
    opened = chat.press(labelled(chat.say(REMIND), "Change"))
    assert opened.form is not None
    assert {field.name: field.value for field in opened.form.fields}["closes"] == "2027-03-03"
    saved = fill(chat, opened, title="Library hours", closes="2027-04-30")
    assert saved.text.startswith('Saved as D1: "Library hours"')
    assert chat.say("yes").text.startswith("Nothing waits here. What you saved before stands, D1: ")


def test_another_order_leaves_what_waits_waiting(chat: Chat) -> None:
    chat.say(REMIND)
    chat.say("set contact Jo, jo@example.org")
    assert chat.say("yes").text.startswith("Saved as D1")


def test_a_button_whose_act_was_refused_can_be_pressed_again(chat: Chat) -> None:
    """It made nothing, so nothing may be said to be saved."""
    carried = json.loads(labelled(chat.say(REMIND), "Save").value)
    carried["given"][0]["days"] = ["2200-01-01"]
    for _ in range(2):
        assert "too far off" in press_value(chat, json.dumps(carried)).text


def test_a_button_older_than_what_is_remembered_saves_nothing(chat: Chat) -> None:
    save = labelled(chat.say(REMIND), "Save")
    chat.now += timedelta(days=1)
    assert chat.press(save).text == "This button is more than a day old, so nothing was saved."
    assert "D1" not in chat.hear("deadlines")


def test_what_only_reads_can_be_pressed_as_often_as_one_likes(chat: Chat) -> None:
    why = labelled(chat.say("how much notice before a grant ends?"), "Why this clause?")
    assert [chat.press(why).text.startswith("Of all clauses, 3.4.4") for _ in range(3)] == [True] * 3


# ---- whose ---------------------------------------------------------------------------------------------------------


def test_another_organisations_button_is_refused_and_changes_nothing(chat: Chat, engine: Engine) -> None:
    said = (GRANT, "D1", REMIND, COMPLAINT)
    offered = [button for words in said for button in chat.say(words).buttons]
    theirs = replace(chat, organisation="Merton", name="Ben", thread="another", heard=[])
    theirs.say('track payment "Their own" due 1 December 2026')
    before = kept(engine)
    for button in offered:
        reply = theirs.press(button)
        assert reply.text == "This button belongs to another organisation, so nothing was done.", button.label
        assert (reply.changed, reply.form) == (False, None)
        assert reply.next_step
    assert kept(engine) == before


def test_undo_under_anothers_change_takes_nothing_else_back(chat: Chat) -> None:
    undo = labelled(chat.say(GRANT), "Undo")
    ben = replace(chat, name="Ben", thread="his own", heard=[])
    ben.say('track payment "Q3" due 1 December 2026')
    ben.press(undo)
    assert "D2, Q3" in chat.hear("deadlines")


# ---- stale, forged and garbage -------------------------------------------------------------------------------------


def test_a_stale_button_gets_a_clear_line(chat: Chat) -> None:
    tracked, shown = chat.say(GRANT), chat.say("D1")
    chat.say("drop D1 because it was renewed")
    for label in ("Mark done", "Snooze 1 week", "Change date", "Not needed"):
        reply = chat.press(labelled(shown, label))
        assert reply.text == "D1 is already dropped. Nothing was changed.", label
        assert reply.next_step
    chat.now += timedelta(minutes=11)
    assert "10 minutes" in chat.press(labelled(tracked, "Undo")).text


def test_a_snooze_whose_day_has_passed_changes_nothing(chat: Chat) -> None:
    chat.say(GRANT)
    snooze = labelled(chat.say("D1"), "Snooze 1 week")
    chat.now += timedelta(days=8)
    assert chat.press(snooze).text == "Monday 30 November 2026 is not ahead. Nothing was changed."


GARBAGE = (
    "{", "{}", "{]", '{"v":1}', '{"v":1,"act":"Nothing"}', '{"v":2,"act":"Help","topic":"","of":1}',
    '{"v":1,"act":"Show","numbers":"many","of":1}', '{"v":1,"act":"Show","numbers":[],"of":1}',
    '{"v":1,"act":"Move","numbers":[1],"to":"soon","of":1}', '{"v":1,"act":["Help"],"of":1}',
    '{"v":1,"act":"Show","numbers":[9223372036854775808],"of":1}', '{"v":1,"act":"Help","topic":"\\ud800","of":1}',
    '{"v":1,"act":"Help","topic":"\\u0000","of":1}', '{"v":1,"act":"LookUp","numbers":[],"last":"3.4","of":1}',
    "{" * 5_000, '{"v":' * 2_000, "[]", "press me", "💥", "\0", "x" * 5_000,
)  # fmt: skip


@pytest.mark.parametrize("value", GARBAGE, ids=range(len(GARBAGE)))
def test_a_value_that_no_button_of_ours_holds_gets_a_clear_line(chat: Chat, engine: Engine, value: str) -> None:
    chat.say(GRANT)
    before = kept(engine)
    reply = press_value(chat, value)
    assert reply.text == "I can no longer read this button, so nothing was done."
    assert reply.next_step == "Say what you would like in your own words, or type help."
    assert kept(engine) == before


VALUES = {
    "int": (0, 1, -1, 2**31 - 1, 2**31, 10**30),
    "str": ("", "\0", "\ud800", "x" * 3_000, "D1", "funding-notice", "3.4.4", "me", "Amina"),
    "bool": (True, False),
    "date": ("2027-03-31", "2026-11-01", "0001-01-01", "9999-12-31", "2026-02-30"),
    "Named": ({"name": "Amina", "id": ""}, {"name": "", "id": ""}, {"name": "me", "id": "\0"}),
    "tuple[int, ...]": ([], [1], [1, 1], [0], [10**30], ["1"]),
    "tuple[str, ...]": ([], ["3.4.4"], ["1 week"], [""], ["\ud800"]),
    "tuple[Given, ...]": ([], [{"anchor": "ends", "days": ["2027-03-31"]}], [{"anchor": "ends", "days": []}]),
}


def forged(act: type[Act], chance: random.Random) -> dict[str, Any]:
    carried: dict[str, Any] = {"v": 1, "act": act.__name__, "of": 1}
    carried["once"] = f"2026-11-23 {chance.randrange(16**12):012x}"
    for field in fields(act):
        named = re.sub(r"<class '|'>|datetime\.|[\w.]+acts\.| \| None", "", str(field.type))
        known = VALUES.get(named, (None, [], {}, "", 0))
        carried[field.name] = chance.choice(known if chance.random() < 0.9 else VALUES["str"])
    return carried


@pytest.mark.parametrize("act", ACTS.values(), ids=list(ACTS))
def test_a_forged_act_is_done_or_refused_in_plain_words(chat: Chat, act: type[Act]) -> None:
    """Whatever stands in its fields: an answer, never the apology that something went wrong."""
    chat.say(GRANT)
    chance = random.Random(act.__name__)  # noqa: S311  # the same values each time
    for _ in range(25):
        carried = forged(act, chance)
        reply = press_value(chat, json.dumps(carried))
        assert reply.text, carried
        assert reply.text != APOLOGY.text, carried


# ---- from before buttons carried acts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("says", "begins"),
    [
        ("D1", 'D1, "Youth club grant"'),
        ("deadlines", "Open deadlines: 1."),
        ("done D1 minimum-notice", "Done on Monday 23 November 2026: Minimum notice"),
        ("snooze D1 1 week", "D1 is quiet until"),
        ("move D1", "To which date? Nothing was changed."),
        ("drop D1", "Why is D1 not needed?"),
        ("undo", "Taken back, D1: tracked: Youth club grant."),
        ("section 3.4", "Section 3.4"),
        ("why", "There is no answer of mine here to explain yet."),
        ("we are the VCOs", "Noted: you are on the side of the VCOs."),
        ("how much notice before a grant ends?", "3.4.4 answers this"),
        ("contacts", "Here is whom to contact about the Sutton Compact."),
        ("track", "What would you like to track?"),
        ("log feedback", "What happened?"),
        ("yes", "Nothing waits here. What you saved before stands,"),
        ("help", "Say it in your own words."),
    ],
)
def test_an_older_button_still_does_the_sentence_that_it_holds(chat: Chat, says: str, begins: str) -> None:
    chat.say(GRANT)
    assert press_value(chat, says).text.startswith(begins)
