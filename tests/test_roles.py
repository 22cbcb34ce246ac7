"""Whose act it is: what an organisation chooses is its leads', another's deadline is asked about first."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Audience, Button, MessageKind, Person, Reply
from compact_bot.outbox.letters import from_stored
from compact_bot.store.tables import Outgoing
from compact_bot.understanding.acts import Done, OpenForm
from tests.conftest import Chat

GRANT = 'track funding "Youth club grant" ends 31 March 2027'
CHOICES = (
    "nudges here",
    "nudges stop",
    "digest on Fridays 16:00",
    "digest off",
    "closed 24 December 2026",
    "set contact Jo, jo@example.org",
    "remove contact 1",
)
CHANGES = (
    "done D1 notice given by letter 20 November 2026",
    "move D1 30 April 2027",
    "snooze D1 1 week",
    "drop D1 because it was renewed",
    "owner D1 Sam",
    "rename D1 Sports clubs",
    "nudge D1 1 week before",
    "rationale D1 because the funder was late",
    "renew D1 until 31 March 2029",
)


class Colleague(Chat):
    """Somebody whose own chat the bot can write to."""

    def message(self, text: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
        said = super().message(text)
        alone = Address("test", f"alone with {self.name}")
        return replace(said, sender=Person(self.name, self.name, direct=alone))


def told(engine: Engine) -> list[tuple[str, Reply]]:
    """What is on its way to other places, and to people alone."""
    with Session(engine) as session:
        return [(one.route, from_stored(one.reply)) for one in session.scalars(select(Outgoing).order_by(Outgoing.id))]


@pytest.fixture
def amina(chat: Chat) -> Colleague:
    return Colleague(chat.bot, "Amina", "a channel")


@pytest.fixture
def ben(amina: Colleague) -> Colleague:
    return Colleague(amina.bot, "Ben", "a channel")


def labelled(reply: Reply, label: str) -> Button:
    return next(button for button in reply.buttons if button.label == label)


# ---- choices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", CHOICES)
def test_where_somebody_leads_only_leads_choose(amina: Colleague, ben: Colleague, choice: str) -> None:
    amina.say("lead me")
    amina.say("set contact Al, al@example.org")
    refused = ben.say(choice)
    assert refused.text.startswith("Only a Compact lead can")
    assert "Here that is Amina. Nothing was changed." in refused.text
    assert not refused.changed
    assert not amina.say(choice).text.startswith("Only a Compact lead")


@pytest.mark.parametrize("choice", CHOICES)
def test_while_nobody_leads_anyone_chooses_and_it_is_said(amina: Colleague, ben: Colleague, choice: str) -> None:
    amina.say("set contact Al, al@example.org")
    assert "Nobody leads here yet, so anyone may choose this." in ben.say(choice).note


def test_what_is_chosen_in_private_while_nobody_leads_is_said_in_the_place(
    amina: Colleague, ben: Colleague, engine: Engine
) -> None:
    amina.say("nudges here")
    apart = replace(ben.message("nudges stop"), address=Address("test", "another"), audience=Audience.APART)
    reply = ben.bot.reply_to(apart)
    assert reply is not None
    assert reply.text.startswith("Stopped")
    ((route, said),) = told(engine)
    assert route == "a channel"
    assert said.text.startswith("Ben chose this for everyone here: Stopped: I send your organisation no nudges")


def test_choosing_another_place_is_said_in_both(amina: Colleague, ben: Colleague, engine: Engine) -> None:
    amina.say("nudges here")
    apart = replace(ben.message("nudges here"), address=Address("test", "another"), audience=Audience.APART)
    assert ben.bot.reply_to(apart) is not None
    assert [route for route, _ in told(engine)] == ["a channel", "another"]


def test_who_turned_nudges_off_is_said_when_something_is_tracked(amina: Colleague, ben: Colleague) -> None:
    amina.say("nudges here")
    ben.say("nudges stop")
    assert "I will not nudge: Ben turned nudges off on Monday 23 November 2026." in amina.say(GRANT).text


# ---- another's deadline ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES)
def test_anothers_deadline_is_asked_about_first_and_its_owner_is_told(
    amina: Colleague, ben: Colleague, engine: Engine, change: str
) -> None:
    amina.say(GRANT)
    asked = ben.say(change)
    assert "D1 is Amina's, who will be told." in f"{asked.text} {asked.note}"
    assert not asked.changed
    assert told(engine) == []
    done = ben.say("yes")
    if done.pending:  # that it was tracked only later is asked about, but not whose it is again
        assert "Amina's" not in done.text
        done = ben.say("yes")
    assert done.changed, done.text
    ((route, said),) = told(engine)
    assert route == "alone with Amina"
    assert said.text.startswith("Ben changed D1, which is yours: ")


def test_by_a_button_or_a_form_it_is_asked_about_too_and_done_once(
    amina: Colleague, ben: Colleague, engine: Engine
) -> None:
    amina.say(GRANT)
    snooze = labelled(ben.say("D1"), "Snooze 1 week")
    asked = ben.press(snooze)
    assert asked.text.startswith("D1 is Amina's, who will be told.")
    do_it = labelled(asked, "Do it")
    assert ben.press(do_it).text.startswith("D1 is quiet until")
    again = ben.press(do_it)
    assert again.text == "That was done already, so nothing was done again."
    assert again.note.startswith("D1 is quiet until")
    assert len(told(engine)) == 1


def test_a_button_forged_to_be_sure_is_still_ones_own_act(amina: Colleague, ben: Colleague, engine: Engine) -> None:
    """Its presser did it, and the owner is told: nothing is gained by forging it."""
    amina.say(GRANT)
    snooze = labelled(ben.say("D1"), "Snooze 1 week")
    forged = replace(snooze, value=snooze.value[:-1] + ',"sure":true}')
    assert ben.press(forged).changed
    assert [route for route, _ in told(engine)] == ["alone with Amina"]


@pytest.mark.parametrize("who", ["the owner", "whoever tracked it", "a lead"])
def test_the_owner_whoever_tracked_it_and_leads_are_not_asked(amina: Colleague, ben: Colleague, who: str) -> None:
    ben.say("hello")
    if who == "a lead":
        ben.say("lead me")
    (ben if who == "whoever tracked it" else amina).say(f"{GRANT} owner {'Ben' if who == 'the owner' else 'Amina'}")
    assert ben.say("snooze D1 1 week").text.startswith("D1 is quiet until")


def test_leaving_it_changes_nothing(amina: Colleague, ben: Colleague, engine: Engine) -> None:
    amina.say(GRANT)
    asked = ben.say("drop D1 because it was renewed")
    assert ben.press(labelled(asked, "Leave it")).text == "Left as it was. Nothing was saved."
    assert ben.press(labelled(asked, "Do it")).text == "That was left before, so nothing was saved."
    assert "D1, Youth club grant" in amina.hear("deadlines")
    assert told(engine) == []


def test_two_people_of_one_name_stay_two(amina: Colleague) -> None:
    """An owner who is known by id is not whoever else has their name."""
    one = Twin(amina.bot, "Amina Khan", "a channel", id="1")
    other = Twin(amina.bot, "Amina Khan", "a channel", id="2")
    other.say("hello")
    one.say(GRANT)
    assert other.say("snooze D1 1 week").text.startswith("D1 is Amina Khan's")
    assert one.say("snooze D1 1 week").text.startswith("D1 is quiet until")


class Twin(Chat):
    def __init__(self, bot, name: str, thread: str, id: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        super().__init__(bot, name, thread)
        self.id = id

    def message(self, text: str):  # type: ignore[no-untyped-def]  # noqa: ANN201
        return replace(super().message(text), sender=Person(self.id, self.name))


# ---- buttons, bound and used once ------------------------------------------------------------------------------------


def test_leave_it_after_save_says_what_is_saved(amina: Colleague) -> None:
    asked = amina.say("remind us that the library consultation closes 3 March")
    amina.press(labelled(asked, "Save"))
    after = amina.press(labelled(asked, "Change"))
    assert after.text == "That was saved already, so nothing was saved again."
    assert after.note.startswith('Saved as D1: "')
    only_asking = amina.press(labelled(asked, "I was only asking"))
    assert only_asking.text.startswith('That is done already: Saved as D1: "')
    assert not only_asking.changed


def test_save_after_i_was_only_asking_saves_nothing(amina: Colleague) -> None:
    asked = amina.say("remind us that the library consultation closes 3 March")
    amina.press(labelled(asked, "I was only asking"))
    assert amina.press(labelled(asked, "Save")).text == "That was left before, so nothing was saved."
    assert "D1" not in amina.hear("deadlines")


def test_leave_it_after_do_it_says_what_was_done(amina: Colleague, ben: Colleague) -> None:
    amina.say(GRANT)
    asked = ben.say("snooze D1 1 week")
    ben.press(labelled(asked, "Do it"))
    left = ben.press(labelled(asked, "Leave it"))
    assert left.text == "That is done already: D1 is quiet until Monday 30 November 2026."
    assert not left.changed


def test_save_pressed_after_a_typed_yes_saves_nothing_more(amina: Colleague) -> None:
    asked = amina.say("remind us that the library consultation closes 3 March")
    assert amina.say("yes").text.startswith("Saved as D1")
    assert amina.press(labelled(asked, "Save")).text == "That was saved already, so nothing was saved again."
    assert "D2" not in amina.hear("deadlines")


def test_a_button_is_over_when_the_dates_it_was_made_for_were_moved(amina: Colleague) -> None:
    amina.say(GRANT)
    shown = amina.say("D1")
    amina.say("move D1 30 June 2027")
    for label in ("Snooze 1 week",):
        reply = amina.press(labelled(shown, label))
        assert reply.text.startswith("D1 was changed since this button was made (Amina: moved:")
        assert not reply.changed
    assert amina.press(labelled(amina.say("D1"), "Snooze 1 week")).text.startswith("D1 is quiet until")


def test_renaming_does_not_end_a_button(amina: Colleague) -> None:
    amina.say(GRANT)
    shown = amina.say("D1")
    amina.say("rename D1 Sports clubs")
    assert amina.press(labelled(shown, "Snooze 1 week")).text.startswith("D1 is quiet until")


def test_a_form_that_anothers_nudge_opens_is_asked_about_when_it_is_sent(amina: Colleague, ben: Colleague) -> None:
    from compact_bot.conversation import Filled

    amina.say(GRANT)
    opens = labelled(ben.say("D1"), "Mark done")
    assert isinstance(opens.act, OpenForm)
    filled = Filled("done", opens.act.subject, {"on": "2026-11-20", "how": "by letter"})
    asked = ben.bot.reply_to(replace(ben.message(""), filled=filled, kind=MessageKind.FILLED))
    assert asked is not None
    assert asked.text.startswith("D1 is Amina's, who will be told.")
    assert asked.pending is not None
    assert isinstance(asked.pending.act, Done)
    assert ben.say("yes").text.startswith("Done on Friday 20 November 2026")
