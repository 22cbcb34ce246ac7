"""Somebody is forgotten: what was done stays, who they were does not, in no table and in no byte of the file."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from adapters.plain_text import plain_text
from compact_bot.bot import Bot
from compact_bot.conversation import Address, Audience, Message, Person, Reply
from compact_bot.privacy.forgetting import SOMEBODY
from compact_bot.store.database import compact_files
from compact_bot.store.tables import (
    CalendarAddress,
    Change,
    Contact,
    Deadline,
    Feedback,
    Import,
    KnownPerson,
    Mailbox,
    Nudge,
    Organisation,
    OrganisationSettings,
    Outgoing,
    SignIn,
    Table,
)
from tests.conftest import Chat, every_table

NAME, ID = "Zebedee Quill", "UZEB00001"


class Somebody(Chat):
    """A chat whose person has an id and a place of their own, as on a platform."""

    def message(self, text: str) -> Message:
        said = super().message(text)
        person_id = ID if self.name == NAME else f"U{self.name.upper()}"
        alone = Address("test", f"alone with {person_id}")
        sender = Person(person_id, self.name, self.name, alone)
        return replace(said, sender=sender, address=replace(said.address, route=alone.route))


@pytest.fixture
def zebedee(bot: Bot) -> Somebody:
    return Somebody(bot, NAME)


@pytest.fixture
def lead(bot: Bot) -> Somebody:
    one = Somebody(bot, "Priya")
    one.say("lead me")
    return one


def everything_done(zebedee: Somebody) -> None:
    """A trace in every table that can hold one."""
    zebedee.say("how much notice before a grant ends?")
    zebedee.say("we are a charity")
    zebedee.say('track funding "Youth club grant" ends 31 March 2027')
    zebedee.say("owner D1 Amina")
    zebedee.say("owner D1 me")
    zebedee.say("nudges here")
    zebedee.say("nudges me")
    zebedee.say("set contact The office, office@example.org")
    zebedee.say("yes")
    zebedee.say("feedback 3.3.4 the council paid us five weeks late")
    zebedee.say("praise 3.2.2 a good talk about the plan")
    zebedee.say("home")


def brought_along(engine: Engine, now: datetime) -> None:
    """What other rooms keep of Zebedee: an e-mail address, calendars, a list, a sign-in, an answer on its way."""
    address = "zebedee.quill@example.org"
    with Session(engine) as session, session.begin():
        person = session.scalars(select(KnownPerson).where(KnownPerson.person_id == ID)).one()
        ours = {"organisation_id": person.organisation_id}
        theirs = {**ours, "person_id": person.id}
        session.get_one(OrganisationSettings, person.organisation_id).stopped_by = address
        session.add_all(
            [
                Mailbox(**theirs, address=address, asked_at=now, confirmed_at=now),
                CalendarAddress(**theirs, fingerprint="f" * 64, made_by=NAME, made_at=now),
                CalendarAddress(**ours, fingerprint="e" * 64, made_by=NAME, made_at=now),
                SignIn(**theirs, link="1", cookie="c" * 64, route=f"alone with {ID}", began_at=now),
                Import(**ours, platform="test", person_id=ID, who=NAME, at=now, file="mine.csv", content=ID.encode()),
                Nudge(**ours, platform="email", route=address, planned_for=now.date(), due_at=now),
                Outgoing(
                    **ours, platform="test", route="a channel", way={"user": ID}, reply=f"For {NAME}",
                    due_at=now, created_at=now,
                ),
            ]
        )  # fmt: skip


def dump(engine: Engine) -> str:
    with engine.connect() as connection:
        return "\n".join(
            f"{table.name}: {tuple(row)}"
            for table in every_table().sorted_tables
            for row in connection.execute(select(table))
        )


def sure(reply: Reply, chat: Chat) -> Reply:
    return chat.press(next(button for button in reply.buttons if button.label.startswith("Forget")))


def test_forget_me_shows_first_what_goes_and_what_stays(zebedee: Somebody, engine: Engine) -> None:
    everything_done(zebedee)
    before = dump(engine)
    shown = zebedee.say("forget me")
    words = plain_text(shown)
    assert "Nothing brings it back. Nothing is changed yet." in words
    assert "Feedback logged by name" in words
    assert "D1; they stay, without an owner" in words
    assert dump(engine).count(NAME) == before.count(NAME)
    assert plain_text(zebedee.say("no")).startswith("Left as it was")


def test_after_forget_me_nothing_in_any_table_tells_who_it_was(zebedee: Somebody, bot: Bot, engine: Engine) -> None:
    everything_done(zebedee)
    brought_along(engine, zebedee.now)
    assert NAME in dump(engine)
    assert ID in dump(engine)
    done = sure(zebedee.say("forget me"), zebedee)
    assert done.text == "You are forgotten here. D1 has no owner now."
    assert done.changed
    left = dump(engine)
    assert NAME.casefold() not in left.casefold()
    assert ID not in left
    assert "zebedee" not in left.casefold()
    with Session(engine) as session:
        history = session.scalars(select(Change).order_by(Change.id)).all()
        assert {change.who for change in history} == {SOMEBODY}
        assert any(change.what.startswith("tracked") for change in history)
        assert history[-1].what == "a person had themselves forgotten"
        assert len(session.scalars(select(Feedback)).all()) == 2
        assert session.scalars(select(Contact)).one().set_by == SOMEBODY
    assert "It has no owner yet" in Somebody(bot, "Priya").hear("D1")


def test_a_yes_leaves_nothing_of_the_conversation_either(zebedee: Somebody, engine: Engine) -> None:
    zebedee.say("forget me")
    assert zebedee.say("yes").text == "You are forgotten here."
    assert ID not in dump(engine)


def test_no_byte_of_the_files_tells_who_it_was(zebedee: Somebody, engine: Engine, tmp_path: Path) -> None:
    everything_done(zebedee)
    sure(zebedee.say("forget me"), zebedee)
    compact_files(engine)
    for file in tmp_path.glob("compact.db*"):
        held = file.read_bytes()
        assert NAME.encode() not in held, file.name
        assert ID.encode() not in held, file.name


def test_typed_whole_it_is_done_at_once(zebedee: Somebody, engine: Engine) -> None:
    zebedee.say("lead me")
    assert "nobody would lead here any more" in zebedee.hear("forget me")
    assert "You are forgotten here." in zebedee.hear("forget me for good")
    assert NAME not in dump(engine)


def test_a_lead_has_a_colleague_forgotten_and_the_history_keeps_the_act(
    zebedee: Somebody, lead: Somebody, engine: Engine
) -> None:
    everything_done(zebedee)
    shown = lead.say(f"forget @{NAME}")
    assert f"Forget {NAME}: name, id, how to reach them" in shown.text
    done = sure(shown, lead)
    assert done.text == "That person is forgotten here. D1 has no owner now."
    assert NAME not in dump(engine)
    assert ID not in dump(engine)
    with Session(engine) as session:
        last = session.scalars(select(Change).order_by(Change.id.desc())).first()
    assert last is not None
    assert (last.who, last.what) == ("Priya", "had a person forgotten")


def test_only_a_lead_has_others_forgotten(zebedee: Somebody, lead: Somebody, bot: Bot, engine: Engine) -> None:
    everything_done(zebedee)
    refused = Somebody(bot, "Mallory").say(f"forget @{NAME}")
    assert refused.text.startswith("Only a Compact lead can have a colleague forgotten.")
    assert NAME in dump(engine)


def test_of_two_who_share_a_name_only_the_one_who_asks_is_forgotten(
    zebedee: Somebody, lead: Somebody, engine: Engine
) -> None:
    zebedee.say('track payment "Rent" due 1 March 2027')
    with Session(engine) as session, session.begin():
        ours = session.scalars(select(Organisation)).one()
        session.add(
            KnownPerson(organisation_id=ours.id, platform="test", person_id="U2", name=NAME, called="", direct_route="")
        )
        session.add(
            Deadline(
                organisation_id=ours.id, number=7, kind="payment", title="Other", owner=NAME, anchors={},
                created_at=zebedee.now,
            )
        )  # fmt: skip
    assert "More than one person here is called" in lead.hear(f"forget @{NAME}")
    zebedee.say("forget me for good")
    with Session(engine) as session:
        assert [(d.title, d.owner) for d in session.scalars(select(Deadline).order_by(Deadline.number))] == [
            ("Rent", ""),
            ("Other", NAME),
        ]
        assert [p.person_id for p in session.scalars(select(KnownPerson)) if p.name == NAME] == ["U2"]


def test_a_name_that_only_others_gave_can_be_forgotten_too(lead: Somebody, engine: Engine) -> None:
    lead.say(f'track payment "Rent" due 1 March 2027 owner "{NAME}"')
    lead.say('owner D1 "Priya"')
    lead.say(f'owner D1 "{NAME}"')
    assert "That person is forgotten here. D1 has no owner now." in lead.hear(f'forget "{NAME}" for good')
    assert NAME not in dump(engine)
    assert "I keep nothing of anybody called" in lead.hear(f'forget "{NAME}"')


def test_undoing_brings_no_forgotten_owner_back(zebedee: Somebody, lead: Somebody, engine: Engine) -> None:
    zebedee.say('track payment "Rent" due 1 March 2027')
    lead.say("owner D1 Amina")
    zebedee.say("forget me for good")
    assert "Taken back" in lead.hear("undo")
    with Session(engine) as session:
        deadline = session.scalars(select(Deadline)).one()
    assert (deadline.owner, deadline.owner_id) == ("", None)


def test_words_that_people_wrote_are_named_not_rewritten(zebedee: Somebody, lead: Somebody) -> None:
    zebedee.say("hello")
    lead.say(f'track payment "Rent for {NAME}" due 1 March 2027')
    lead.say('track payment "Quillington" due 1 March 2027')
    lead.say(f"done D2 paid by {NAME}")
    lead.say(f"feedback 3.3.4 {NAME} was not paid")
    lead.say("edit F1: somebody was not paid")
    shown = lead.hear(f"forget @{NAME}")
    assert "3 records still hold the name in words: D1, D2, F1." in shown


def test_a_mention_that_only_the_platform_writes_goes_from_words_too(lead: Somebody, engine: Engine) -> None:
    class Slack(Somebody):
        def message(self, text: str) -> Message:
            said = super().message(text)
            return replace(said, sender=replace(said.sender, name=f"@{ID}", called="zeb"))

    zebedee = Slack(lead.bot, NAME)
    zebedee.say("hello")
    lead.say(f'track payment "Rent for @{ID}" due 1 March 2027 owner "@{ID}"')
    lead.say(f"rename D1 Rent for @{ID} and co")
    lead.say(f"drop D1 because @{ID} left")
    assert "still hold" not in lead.hear(f"forget @{ID}")
    lead.say(f"forget @{ID} for good")
    assert ID not in dump(engine)
    assert "Rent for @somebody and co" in lead.hear("D1")


def test_the_reporter_who_was_forgotten_is_told_nothing(zebedee: Somebody, lead: Somebody) -> None:
    zebedee.say("feedback 3.3.4 the council paid us five weeks late")
    zebedee.say("forget me for good")
    assert "Its reporter was forgotten" in lead.hear("acknowledge F1")
    assert SOMEBODY in lead.hear("F1")


def test_whoever_speaks_again_is_somebody_new(zebedee: Somebody, engine: Engine) -> None:
    zebedee.say("we are a charity")
    zebedee.say("forget me for good")
    zebedee.say("nudges me")
    with Session(engine) as session:
        person = session.scalars(select(KnownPerson)).one()
    assert (person.name, person.side, person.seen_in) == (NAME, "", date(2026, 11, 1))
    assert person.signed_out_at  # no private link from before lets in whoever has the number of the row now


@pytest.mark.parametrize("words", ["forget it", "forget my side", "forget about it", "forget that"])
def test_other_things_are_forgotten_as_before(zebedee: Somebody, words: str) -> None:
    assert "Forget " not in zebedee.say(words).text


# ---- my data ---------------------------------------------------------------------------------------------------------


def test_my_data_shows_what_is_kept_of_whoever_asks(zebedee: Somebody, engine: Engine) -> None:
    everything_done(zebedee)
    brought_along(engine, zebedee.now)
    words = zebedee.hear("my data")
    assert "f" * 64 not in words
    for kept in (
        "zebedee.quill@example.org",
        "mine.csv",
        "Private addresses of your calendar",
        ID,
        "D1 Youth club grant",
        "F1",
        "paid us five weeks late",
        "on the side of VCOs",
        "as set by: 1",
    ):
        assert kept in words, kept


def test_where_a_chat_takes_files_they_hold_all_of_it(zebedee: Somebody, bot: Bot) -> None:
    everything_done(zebedee)
    reply = bot.reply_to(replace(zebedee.message("my data"), takes_files=True))
    assert reply is not None
    read, whole = reply.files
    assert (read.name, whole.name) == ("my-data.txt", "my-data.json")
    assert "- F1, 23/11/2026: the council paid us five weeks late" in read.content.decode()
    assert '"person_id": "UZEB00001"' in whole.content.decode()


def test_my_data_is_shown_nowhere_but_alone(zebedee: Somebody, bot: Bot) -> None:
    everything_done(zebedee)
    for audience in (Audience.EVERYONE, Audience.APART):
        reply = bot.reply_to(replace(zebedee.message("my data"), audience=audience))
        assert reply is not None
        assert reply.text.startswith("What I keep of you is for you alone")
        assert not reply.facts


def test_nobody_sees_anothers_data(zebedee: Somebody, lead: Somebody) -> None:
    everything_done(zebedee)
    assert NAME not in lead.hear("my data")


def test_every_column_that_holds_a_name_an_id_or_a_place_is_known_to_forgetting() -> None:
    """A new column of people must be added to compact_bot/privacy/subject.py, or be told apart here."""
    from compact_bot.privacy.subject import BY_ID, BY_PERSON, BY_ROUTE, NAMES

    known = {(c.class_.__tablename__, c.key) for c in NAMES}
    known |= {(t.__tablename__, c) for t in BY_ID for c in ("who", "person_id")}
    known |= {(t.__tablename__, "route") for t in BY_ROUTE}
    known |= {("people", c) for c in ("name", "called", "person_id", "direct_route")}
    known |= {("deadlines", "owner"), ("deadlines", "route"), ("feedback", "route"), ("organisation_settings", "route")}
    suspicious = {"who", "owner", "lead", "name", "called", "person_id", "route", "direct_route", "user_id"}
    found = {
        (table.name, column.name)
        for table in Table.metadata.sorted_tables
        for column in table.columns
        if column.name in suspicious or column.name.endswith("_by")
    }
    not_people = {("organisations", "name"), ("milestones", "name"), ("nudges", "leased_by")}
    not_people |= {("organisations", "called"), ("link_codes", "typed_by")}  # organisations
    known |= {(t.__tablename__, c) for t in BY_PERSON for c in ("person_id", "route")}
    assert found - not_people <= known
