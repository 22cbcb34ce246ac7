"""Orders on names nobody knows, several owners, answers that are new orders: what is meant is asked about."""

from datetime import timedelta

import pytest

from compact_bot.conversation import Button, Reply
from tests.conftest import Chat

YOUTH = 'track funding "Youth club grant" ends 31 March 2027 owner Amina'


def labelled(reply: Reply, label: str) -> Button:
    return next(button for button in reply.buttons if button.label == label)


ON_AN_UNKNOWN_NAME = (
    "done the zebra project",
    "drop the zebra project because it folded",
    "move the zebra project to 3 May 2027",
    "snooze the zebra project 2 weeks",
    "owner zebra project Ben",
    "rename the zebra project Stripes",
    "the zebra grant letter has gone out",
    "please push the zebra report back to 3 May 2027",
    "we no longer need the zebra one, it was cancelled",
)


@pytest.mark.parametrize("said", ON_AN_UNKNOWN_NAME)
def test_an_order_on_a_name_nobody_knows_is_asked_about(said: str, chat: Chat) -> None:
    """Also where only one thing is tracked, which it might be but for its name."""
    chat.say(YOUTH)
    reply = chat.say(said)
    assert not reply.changed
    assert 'Nothing open here is called "zebra' in reply.text
    assert [button.label for button in reply.buttons] == ["D1, Youth club grant"]


@pytest.mark.parametrize(
    "said",
    [
        "the notice has gone out by letter",
        "snooze it for a week",
        "move the grant to 30 April 2027",
        "snooze that one 2 weeks",
    ],
)
def test_the_only_thing_tracked_needs_no_name(said: str, chat: Chat) -> None:
    chat.say(YOUTH)
    assert chat.say(said).changed


def test_a_new_order_is_no_answer_to_the_one_before(chat: Chat) -> None:
    chat.say(YOUTH)
    chat.say('track payment "Scouts invoice" due 15 January 2027')
    chat.say("owner zebra project Ben")
    reply = chat.say("owner youth club Carla Diaz")
    assert "Carla Diaz" in reply.text
    assert "Ben" not in reply.text


def test_which_one_is_answered_by_its_number(chat: Chat) -> None:
    chat.say(YOUTH)
    chat.say('track payment "Scouts invoice" due 15 January 2027')
    chat.say("snooze the zebra project 2 weeks")
    assert chat.say("D2").text.startswith("D2 is quiet until Monday 7 December 2026.")


def test_which_date_moves_is_answered_by_the_old_date(chat: Chat) -> None:
    """The day that chooses never takes the place of the new one."""
    chat.say('track monitoring "Allotments" starts 1 December 2026 reports 15 January 2027, 15 April 2027')
    asked = chat.say("move D1 reports 1 February 2027")
    assert "Which one moves to Monday 1 February 2027?" in asked.text
    assert chat.say("15 January 2027").text.startswith("D1 moved: ")
    steps = chat.hear("D1").partition("Report due")[2]
    assert "Monday 1 February 2027" in steps
    assert "Thursday 15 April 2027" in steps
    assert chat.say("undo").text.startswith("Taken back, D1: moved: ")


def test_a_day_that_is_none_of_its_dates_asks_again(chat: Chat) -> None:
    chat.say('track monitoring "Allotments" starts 1 December 2026 reports 15 January 2027, 15 April 2027')
    chat.say("move D1 reports 1 February 2027")
    reply = chat.say("16 January 2027")
    assert not reply.changed
    assert "It is one of these: Friday 15 January 2027, Thursday 15 April 2027." in reply.text
    assert chat.say("the April one").text.startswith("D1 moved: ")


# ---- what was saved is said -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["no", "leave it", "never mind", "yes", "save it"])
def test_a_yes_or_no_after_saving_says_what_stands(word: str, chat: Chat) -> None:
    chat.press(labelled(chat.say("remind us that the Harvest grant ends 30 June"), "Save"))
    reply = chat.say(word)
    assert reply.text == (
        "Nothing waits here. What you saved before stands, D1: tracked: Harvest grant. Nothing more was changed."
    )
    assert chat.press(labelled(reply, "Undo")).text.startswith("Taken back, D1")


def test_what_was_saved_long_ago_is_not_named(chat: Chat) -> None:
    chat.say(YOUTH)
    chat.now += timedelta(hours=1)
    assert chat.say("no").text == "Left as it was. Nothing was saved."


# ---- one owner ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("owners", ["Ben and Amina Khan", "Ben, Amina", "Ben & Carla Diaz", "ben/amina"])
def test_several_people_are_no_owner(owners: str, chat: Chat) -> None:
    chat.say(YOUTH)
    reply = chat.say(f"owner D1 {owners}")
    assert not reply.changed
    assert reply.text.startswith("One person sees to a deadline, and I read 2: ")


@pytest.mark.parametrize(
    "owner", ["Policy and Research team", "Arts & Leisure office", "José Álvarez", "O'Neill", "amina khan"]
)
def test_a_team_or_one_person_is(owner: str, chat: Chat) -> None:
    chat.say(YOUTH)
    assert chat.say(f"owner D1 {owner}").changed
    assert f"Owner: {owner}" in chat.hear("D1")


def test_of_two_owners_in_a_sentence_none_is_dropped_in_silence(chat: Chat) -> None:
    reply = chat.say("track the Tango grant, ends 30 April 2027, owner Ben and Amina Khan")
    assert not reply.changed
    assert "One person sees to it, so I leave out Amina Khan." in reply.text


# ---- asking back, in words that read well ---------------------------------------------------------------------------


def test_an_echo_says_its_date_once(chat: Chat) -> None:
    reply = chat.say("track the Tango grant, ends 30 April")
    assert reply.text.count("Friday 30 April 2027") == 1
    assert not reply.changed


def test_a_date_after_a_sum_puts_nothing_right(chat: Chat) -> None:
    """Nothing was shown to be saved there, so a date alone corrects nothing."""
    chat.say("check notice given 20 January 2027 for 31 March 2027")
    reply = chat.say("30 June 2027")
    assert not reply.text.startswith("Track ")
    assert not reply.changed


def test_weeks_from_a_day_begin_on_it(chat: Chat) -> None:
    spoken = chat.say("can we do a consultation in eight weeks from 11 January 2027?").text
    assert "From Monday 11 January 2027 to Monday 8 March 2027 is 8 weeks." in spoken
    assert (
        "it can close on Monday 1 March 2027"
        in chat.say("our consultation is up a week on monday, when may it close?").text
    )


def test_what_is_missing_is_asked_for_without_gaps_in_the_sentence(chat: Chat) -> None:
    for said in ("we need a reminder for the Tango grant", "track payment", "remind me of the Scouts invoice"):
        reply = chat.say(said)
        assert " ." not in reply.text
        assert ", ." not in reply.text
        assert "  " not in reply.text
        chat.say("no")


def test_a_kind_alone_is_asked_for_word_by_word(chat: Chat) -> None:
    chat.say("track payment")
    assert 'So far: "Scouts invoice", payment.' in chat.say("Scouts invoice").text
    assert chat.say("15 January 2027").text.startswith('Saved as D1: "Scouts invoice"')


@pytest.mark.parametrize("said", ["thanks", "what is overdue", "who leads on the Compact here?", "good morning"])
def test_what_is_no_name_is_not_taken_for_one(said: str, chat: Chat) -> None:
    chat.say("track payment")
    assert "So far" not in chat.say(said).text


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ('track payment "The "big" grant" due 15 January 2027', 'The "big" grant'),
        ("track payment “The “big” grant” due 15 January 2027", "The “big” grant"),
        ("track payment \"O'Neill's fund\" due 15 January 2027", "O'Neill's fund"),
        ('please track "The "very big" one" payment due 15 January 2027', 'The "very big" one'),
    ],
)
def test_a_quotation_inside_a_name_does_not_end_it(said: str, title: str, chat: Chat) -> None:
    chat.say(said)
    chat.say("yes")
    assert f'"{title}"' in chat.hear("D1")


@pytest.mark.parametrize(
    "said", ["feedback 2.1.1", "feedback on 9.9", "feedback 3.3.99", "show feedback on clause 7.1"]
)
def test_feedback_on_a_clause_that_is_not_there_says_so(said: str, chat: Chat) -> None:
    assert chat.say(said).text.startswith("There is no clause ")


@pytest.mark.parametrize("answer", ["both", "Both sides", "both sides please", "both of them"])
def test_both_sides_are_answered_for(answer: str, chat: Chat) -> None:
    chat.say("what must we do about monitoring?")
    numbers = {citation.number for citation in chat.say(answer).citations}
    assert {"3.3.5", "3.3.10"} <= numbers


@pytest.mark.parametrize(
    "said", ["84 days from 4/1/27", "what is 12 weeks from 4 January 2027", "6 weeks from 4/1/27?"]
)
def test_a_sum_is_reckoned_and_not_kept(said: str, chat: Chat) -> None:
    reply = chat.say(said)
    assert not reply.changed
    assert not reply.text.startswith("Track ")
