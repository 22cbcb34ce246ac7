"""Who may do what with a partner's deadlines and feedback, and who hears of it."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.conversation import Address, Audience, Reply, SentNudge
from compact_bot.nudges.couriers import redraw_settled
from compact_bot.store.tables import Change, Nudge, NudgeState, Organisation
from tests.partnership.conftest import Colleague, Hearing, colleague_of, linked


@pytest.fixture
def two(council: Colleague, carers: Colleague) -> tuple[Colleague, Colleague]:
    """D1 is the council's, D2 the carers'."""
    linked(council, carers)
    council.say('track payment "Grant" due 10 February 2027')
    carers.say('track payment "Rent" due 10 March 2027')
    return council, carers


def test_a_partners_deadline_is_changed_after_a_question_and_its_owner_is_told_on_their_platform(
    two: tuple[Colleague, Colleague], told: Hearing, engine: Engine
) -> None:
    council, carers = two
    asked = carers.say("done D1 paid today")
    assert asked.text.startswith("D1 belongs to Amina Khan (Sutton Council), who will be told.")
    assert asked.text.endswith("Nothing is changed yet.")
    assert council.say("D1").tables
    carers.pressing(asked, "Do it")
    heard = told("teams:council")[-1]
    assert heard.startswith("teams teams:council/29:amina: Ben Okoro (Sutton Carers) changed D1, which is yours: Done")
    assert "Ben Okoro (Sutton Carers)" in council.hear("D1 history")
    carers.say("undo")
    assert "Taken back" in carers.heard[-1].text
    assert council.say("D1").tables  # open again
    with Session(engine) as session:
        doers = session.execute(select(Organisation.name, Change.person_id).join(Change).order_by(Change.id)).all()
        assert doers[-1] == ("slack:TCARERS", "U1")


def test_whoever_cannot_be_told_is_so_at_their_place_of_nudges(two: tuple[Colleague, Colleague], told: Hearing) -> None:
    council, carers = two
    council.say("owner D1 Finance team")
    carers.say("snooze D1 1 week")
    assert "belongs to Finance team (Sutton Council), who will be told" in carers.heard[-1].text
    carers.say("yes")
    assert told("teams:council")[-1].startswith("teams 19:compact: Ben Okoro (Sutton Carers) changed D1")


@pytest.mark.parametrize("order", ["owner D1 me", "owner D1 Cara Lee", "give D1 to Amina Khan"])
def test_who_sees_to_a_deadline_is_for_its_own_organisation_to_say(
    two: tuple[Colleague, Colleague], order: str
) -> None:
    council, carers = two
    assert "is for Sutton Council to say, whose it is. Nothing was changed." in carers.hear(order)
    assert "Owner: Amina Khan (Sutton Council)" in council.hear("D1")


def test_deadlines_of_two_organisations_are_not_changed_in_one_breath(two: tuple[Colleague, Colleague]) -> None:
    _, carers = two
    carers.say("snooze D1 and D2 1 week")
    assert "Those belong to different organisations. Nothing was changed." in carers.hear("yes")


def test_what_has_ended_at_a_partner_is_asked_about_too(two: tuple[Colleague, Colleague]) -> None:
    council, carers = two
    council.say("done D1 paid today")
    assert "D1 belongs to Amina Khan (Sutton Council)" in carers.hear("rationale D1 because the invoice came early")
    assert "Rationale" not in council.hear("D1")


def test_an_id_that_two_workspaces_share_is_not_one_person(two: tuple[Colleague, Colleague], mind: Colleague) -> None:
    """Cara is U1 in her workspace, as Ben is in his: she is neither owner, tracker nor reporter of what is his."""
    _, carers = two
    linked(carers, mind)
    carers.say("feedback 3.3.4 council paid us five weeks late")
    plain = colleague_of(mind, "Cara Lee", "U1")
    assert plain.say("drop D2 because it is over").text.startswith("D2 belongs to Ben Okoro (Sutton Carers)")
    plain.say("no")
    assert "There is nothing of yours" in plain.hear("undo")
    assert "There is no feedback of yours" in plain.hear("feedback mine")
    assert "There are no open deadlines of yours" in plain.hear("deadlines mine")
    assert "logged by somebody at Sutton Carers" in plain.hear("F1")
    assert "was not logged in your organisation, but at Sutton Carers" in plain.hear("edit F1: something else")
    assert "was not logged in your organisation" in plain.hear("delete F1")
    assert "logged by @U1 (Sutton Carers)" in carers.hear("F1")


def test_a_lead_of_one_is_no_lead_of_the_other(two: tuple[Colleague, Colleague]) -> None:
    _council, carers = two
    dan = colleague_of(carers, "Dan", "U2")
    assert "Amina" not in dan.hear("leads")
    assert "Only a Compact lead can" in dan.hear("digest on Fridays 10:00")
    assert dan.say("drop D1 because it is over").text.startswith("D1 belongs to")  # nor may a lead of theirs unasked


def test_leads_of_any_partner_answer_feedback_and_whoever_logged_it_hears(
    two: tuple[Colleague, Colleague], engine: Engine
) -> None:
    council, carers = two
    dan = colleague_of(carers, "Dan", "U2")
    dan.say("hello")
    in_a_channel = replace(dan, route="TCARERS/CGENERAL", audience=Audience.EVERYONE, heard=[])
    in_a_channel.say("feedback 3.3.4 council paid us five weeks late")
    assert "Only a Compact lead can change the status" in colleague_of(council, "Eve", "29:eve").hear("acknowledge F1")
    assert "I will tell its reporter" in council.hear("resolve F1 because it was paid on 3 November")
    with Session(engine) as session:
        news = session.scalars(select(Nudge).where(Nudge.purpose == "news")).one()
        theirs = session.scalars(select(Organisation.id).where(Organisation.name == "slack:TCARERS")).one()
        assert (news.organisation_id, news.platform, news.route) == (theirs, "slack", "slack:TCARERS/U2")
    said = carers.hear("F1")
    assert "by somebody at Sutton Council" in said
    assert "Amina" not in said
    council.say("undo")
    assert "Status: open" in carers.hear("F1")
    for order in ("owner F1 Amina Khan", "F1 is kept", "edit F1: paid in time", "delete F1"):
        assert "was not logged in your organisation, but at Sutton Carers" in council.hear(order), order


def test_what_a_partner_tracks_is_found_by_its_name_and_not_tracked_twice(two: tuple[Colleague, Colleague]) -> None:
    council, _ = two
    asked = council.say("push the rent back to 20 March 2027")
    assert "D2" in asked.text
    council.say("no")
    said = council.hear('track payment "Rent" due 10 March 2027')
    assert "This is tracked already, as D2" in said
    assert "Ben Okoro (Sutton Carers)" in said


def test_a_nudge_that_a_partner_settled_is_drawn_again_where_it_was_posted(
    two: tuple[Colleague, Colleague], engine: Engine
) -> None:
    council, carers = two
    with Session(engine) as session, session.begin():
        for nudge in session.scalars(select(Nudge).where(Nudge.platform == "teams", Nudge.purpose == "step")):
            nudge.state, nudge.message_ref, nudge.sent_at = NudgeState.SENT, "activity-7", council.now
    carers.say("done D1 paid today")
    reply = carers.say("yes")
    (drawn,) = reply.settled
    assert (drawn.address.platform, drawn.address.route, drawn.reference) == ("teams", "19:compact", "activity-7")
    assert drawn.by == "Ben Okoro (Sutton Carers)"
    assert drawn.left is None
    shown: list[str] = []

    class Redrawing:
        async def deliver(self, address: Address, reply: Reply, key: str) -> str:
            raise NotImplementedError

        async def redraw(self, sent: SentNudge, reply: Reply) -> None:
            shown.append(reply.text)

    asyncio.run(redraw_settled({"teams": Redrawing()}, reply, "@U1"))
    assert shown[0].startswith("Ben Okoro (Sutton Carers): Done on")
