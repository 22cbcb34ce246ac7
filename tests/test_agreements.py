"""Several agreements in one process and database, and an agreement that is renewed."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from adapters.plain_text import citation_title
from compact_bot.agreements import Agreements
from compact_bot.bot import Bot
from compact_bot.calendars import addresses
from compact_bot.calendars.serving import Calendars
from compact_bot.conversation import Address
from compact_bot.feedback.periods import read_period
from compact_bot.feedback.records import load_review
from compact_bot.nudges.couriers import Courier
from compact_bot.nudges.queue import sent_lately
from compact_bot.nudges.sending import Sender
from compact_bot.nudges.words import as_sent
from compact_bot.store.database import open_database
from compact_bot.store.tables import Deadline, Feedback
from knowledge.adopting.adoption import adopt, files_of, write
from knowledge.agreement import AgreementError
from knowledge.meanings import Meanings
from knowledge.served import Served, folders_named, open_served
from tests.conftest import ROOT, SUTTON, Chat

LEARNED = ROOT / "var" / "learned"
RULES = """\
[[kind]]
name = "funding-notice"
title = "Notice before funding ends"
sum = "notice"
words = ["funding", "grant"]

[kind.asks.ends]
label = "when funding ends"
words = ["ends", "for"]

[[kind.milestone]]
name = "notice"
title = "Notice"
words = ["notice"]
clause = "2.1"
when = "{months} months before ends"
leads = ["2 weeks", "the day"]

[[kind.milestone]]
name = "ends"
title = "Funding ends"
words = ["ended"]
clause = "2.1"
when = "on ends"
"""


def written(folder: Path, text: str, about: str = "", months: int = 0) -> Path:
    folder.mkdir()
    (folder / "agreement.md").write_text(text)
    (folder / "about.toml").write_text(about)
    if months:
        (folder / "rules.toml").write_text(RULES.format(months=months))
    return folder


CHARTER = (
    "## 1 Talking\n\n1.1 The Council will answer letters within 10 working days.\n\n## 2 Money\n\n2.1 The Council will "
)


@pytest.fixture
def served(tmp_path: Path) -> tuple[Served, ...]:
    """The Compact; and a charter in its edition of 2026, which replaces that of 2019."""
    written(
        tmp_path / "barth-2019",
        f"{CHARTER}give four months' notice before a grant ends.\n\n2.2 Groups will send accounts.\n",
        'title = "Barth Charter"\nshort = "Charter"\nedition = "2019"\n',
        months=4,
    )
    written(
        tmp_path / "barth-2026",
        f"{CHARTER}give six months' notice before a grant ends.\n\n2.3 The Council will pay in advance.\n",
        'title = "Barth Charter"\nshort = "Charter"\nedition = "2026"\nreplaces = "barth-2019"\n',
        months=6,
    )
    return open_served([SUTTON, tmp_path / "barth-2026"], LEARNED)


@pytest.fixture
def bot(engine: Engine, served: tuple[Served, ...], meanings: Meanings) -> Bot:
    return made_bot(engine, served, meanings)


def made_bot(engine: Engine, served: tuple[Served, ...], meanings: Meanings) -> Bot:
    first = served[0]
    return Bot(engine, first.search, first.rules, meanings, "Europe/London", agreements=Agreements(served))


def test_each_organisation_has_its_own_agreement(bot: Bot) -> None:
    sutton, barth = Chat(bot), Chat(bot, "Ben", "there", "Barth Council")
    barth.say("lead me")
    assert "From now on your organisation uses the Barth Charter." in barth.hear("settings agreement barth-2026")
    ours, theirs = sutton.say("how much notice before a grant ends"), barth.say("how much notice before a grant ends")
    assert (ours.citations[0].number, theirs.citations[0].number) == ("3.4.4", "2.1")
    assert "six months" in theirs.citations[0].quote
    assert theirs.source == "Barth Charter, edition 2026"
    assert "3.4.4" not in barth.hear("contents")
    assert "There is no clause 3.4.4 in the Barth Charter" in barth.hear("3.4.4")


def test_what_is_taught_logged_and_reckoned_stays_with_its_agreement(bot: Bot, engine: Engine) -> None:
    sutton, barth = Chat(bot), Chat(bot, "Ben", "there", "Barth Council")
    barth.say("lead me")
    barth.say("settings agreement Barth Charter")
    assert "1 October 2026" in barth.hear("when funding ends 1 April 2027")
    assert "1 January 2027" in sutton.hear("when funding ends 1 April 2027")
    barth.say('teach "yellow brick road" 1.1')
    assert barth.numbers("tell me about the yellow brick road")[:1] == ["1.1"]
    assert sutton.numbers("tell me about the yellow brick road")[:1] != ["1.1"]
    barth.say("feedback 2.1 they told us a week before")
    review = load_review(
        engine,
        bot.search.agreement,
        bot.rules,
        "Barth Council",
        read_period("2026", date(2026, 11, 25)),
        date(2026, 11, 25),
    )
    assert review.agreement.about.title == "Barth Charter"
    assert [group.name for group in review.clauses] == ["2.1"]


def test_after_changing_the_agreement_nothing_of_the_old_one_is_taken_for_the_new(bot: Bot, engine: Engine) -> None:
    chat = Chat(bot)
    chat.say("lead me")
    chat.say('teach "yellow brick road" 1.1')
    assert "Your organisation taught me these words" in chat.hear("tell me about the yellow brick road")
    chat.say("feedback 3.3.4 they paid us late again")
    chat.say("settings agreement barth-2026")
    assert "taught me these words" not in chat.hear("tell me about the yellow brick road")
    assert "timely payment" in chat.hear("F1")  # it keeps the words under which it was logged
    period, day = read_period("2026", date(2026, 11, 25)), date(2026, 11, 25)
    review = load_review(engine, bot.search.agreement, bot.rules, chat.organisation, period, day)
    assert review.clauses == ()


def test_only_a_lead_chooses_and_only_what_is_served(bot: Bot) -> None:
    chat = Chat(bot)
    assert "Only a Compact lead can choose the agreement" in chat.hear("settings agreement barth-2026")
    chat.say("lead me")
    assert "No agreement called narnia is served here. Nothing was changed." in chat.hear("settings agreement narnia")
    shown = chat.say("settings agreement")
    assert "uses the Sutton Compact" in shown.text
    assert [fact.label for fact in shown.facts] == ["sutton", "barth-2026"]
    assert "uses the Barth Charter" in chat.press(shown.buttons[0]).text


def test_partners_keep_one_agreement(bot: Bot) -> None:
    sutton, barth = Chat(bot), Chat(bot, "Ben", "there", "Barth Council")
    for one in (sutton, barth):
        one.say("lead me")
    barth.say("settings agreement barth-2026")
    code = sutton.say("link").text.split("code is ")[1][:9]
    said = barth.hear(f"link {code}")
    assert "yours is “Barth Charter”, that of Sutton Council is “Sutton Compact”. Nothing was changed." in said
    assert "No code waits here" not in barth.hear("our partnership")
    assert "must have the same agreement" in barth.hear("join the partnership")
    barth.say("settings agreement sutton")
    barth.say(f"link {code}")
    assert "You share deadlines" in barth.hear("yes")
    assert "you are linked with Sutton Council. Nothing was changed." in barth.hear("settings agreement barth-2026")
    barth.say("unlink for good")
    assert "From now on your organisation uses the Barth Charter." in barth.hear("settings agreement barth-2026")


def test_with_one_agreement_there_is_nothing_to_choose(engine: Engine, meanings: Meanings) -> None:
    bot = made_bot(engine, open_served([SUTTON], LEARNED), meanings)
    assert "No other agreement is served here." in Chat(bot).hear("settings agreement")


def test_what_changed_is_shown_side_by_side(bot: Bot) -> None:
    chat = Chat(bot)
    assert "No earlier edition of the Sutton Compact is kept here" in chat.hear("what changed in 3.4.4?")
    chat.say("lead me")
    chat.say("settings agreement barth-2026")
    reply = chat.say("what changed in 2.1?")
    assert "2.1 changed: first edition 2019, then edition 2026." in reply.text
    assert ["four months" in reply.citations[0].quote, "six months" in reply.citations[1].quote] == [True, True]
    assert reply.source == "Barth Charter, edition 2019; Barth Charter, edition 2026"
    assert "has the same words in both editions" in chat.hear("what changed in 1.1")
    assert "2.2 stands in edition 2019 alone" in chat.hear("what has changed in clause 2.2")
    assert "2.3 stands in edition 2026 alone" in chat.hear("what's new in 2.3")
    everything = chat.say("what changed in the new edition")
    assert [(f.label, f.value) for f in everything.facts] == [
        ("Other words", "2.1"),
        ("New", "2.3"),
        ("No longer there", "2.2"),
    ]


def test_deadlines_and_feedback_keep_the_edition_under_which_they_were_made(
    engine: Engine, served: tuple[Served, ...], meanings: Meanings, tmp_path: Path
) -> None:
    old = open_served([tmp_path / "barth-2019"], LEARNED)
    chat = Chat(made_bot(engine, old, meanings))
    chat.say("nudges here")
    chat.say('track funding "Youth club" ends 1 April 2027')
    chat.say("feedback 2.2 the accounts came in time")
    renewed = open_served([tmp_path / "barth-2026"], LEARNED)
    chat.bot = made_bot(engine, renewed, meanings)
    assert "six months" in chat.hear("how much notice before a grant ends")
    shown = chat.say("D1")
    assert "four months" in shown.citations[0].quote
    assert shown.source == "Barth Charter, edition 2019"
    assert "send accounts" in chat.hear("F1")
    assert "1 December 2026" in chat.hear("D1")
    chat.say('track funding "Arts grant" ends 1 October 2027')
    assert "less 6 months" in chat.hear("D2 working")
    assert "less 4 months" in chat.hear("D1 working")
    with Session(engine) as session:
        assert [d.edition for d in session.query(Deadline).order_by(Deadline.number)] == ["barth-2019", "barth-2026"]
        assert [f.edition for f in session.query(Feedback)] == ["barth-2019"]
    sent: list[str] = []

    class Noted:
        async def deliver(self, _: Address, reply: object, __: str) -> str:
            sent.append(str(reply))
            return "1"

    couriers: dict[str, Courier] = {"test": Noted()}  # type: ignore[dict-item]
    one = renewed[0]
    clock = lambda: datetime(2026, 12, 1, 12, tzinfo=UTC)  # noqa: E731
    asyncio.run(Sender(engine, one.search.agreement, one.rules, couriers, clock, "w").send_due())
    assert sent
    told = [as_sent(one.search.agreement, nudge) for nudge in sent_lately(engine, chat.organisation)]
    assert any("four months" in citation.quote for reply in told for citation in reply.citations)
    assert not any("six months" in citation.quote for reply in told for citation in reply.citations)


def test_folders_are_named_with_commas_and_must_be_there(tmp_path: Path) -> None:
    written(tmp_path / "one", "1.1 One.\n")
    assert [f.name for f in folders_named(f"sutton, {tmp_path / 'one'}")] == ["sutton", "one"]
    with pytest.raises(AgreementError, match="no agreement called 'two'"):
        folders_named("sutton, two")
    (tmp_path / "elsewhere").mkdir()
    written(tmp_path / "elsewhere" / "one", "1.1 Two.\n")
    with pytest.raises(AgreementError, match="another agreement here has a folder called one"):
        open_served([tmp_path / "one", tmp_path / "elsewhere" / "one"], LEARNED)
    written(tmp_path / "new", "1.1 One.\n", 'replaces = "gone"\n')
    with pytest.raises(AgreementError, match="replaces gone, but there is no such folder"):
        open_served([tmp_path / "new"], LEARNED)


def test_editions_that_replace_each_other_in_a_ring_end(tmp_path: Path) -> None:
    written(tmp_path / "a", "1.1 One.\n", 'replaces = "b"\n')
    written(tmp_path / "b", "1.1 Two.\n", 'replaces = "a"\n')
    (one,) = open_served([tmp_path / "a"], LEARNED)
    assert one.search.agreement.chain == ("", "a", "b")


def test_a_second_process_sees_what_was_chosen(engine: Engine, served: tuple[Served, ...], meanings: Meanings) -> None:
    chat = Chat(made_bot(engine, served, meanings))
    chat.say("lead me")
    another = open_database(str(engine.url))
    try:
        bot = made_bot(another, served, meanings)
        assert bot.served_for(chat.organisation).name == "sutton"
        chat.say("settings agreement barth-2026")
        assert bot.served_for(chat.organisation).name == "barth-2026"
        assert bot.served_for("somebody unknown").name == "sutton"
    finally:
        another.dispose()


def test_who_chose_an_edition_that_was_renewed_goes_on_with_the_new_one(
    engine: Engine, served: tuple[Served, ...], meanings: Meanings, tmp_path: Path
) -> None:
    first = open_served([SUTTON, tmp_path / "barth-2019"], LEARNED)
    chat = Chat(made_bot(engine, first, meanings))
    chat.say("lead me")
    assert "uses the Barth Charter" in chat.hear("settings agreement barth-2019")
    chat.bot = made_bot(engine, served, meanings)
    assert chat.say("how much notice before a grant ends").source == "Barth Charter, edition 2026"
    day = date(2026, 11, 25)
    review = load_review(
        engine, served[0].search.agreement, served[0].rules, chat.organisation, read_period("2026", day), day
    )
    assert review.agreement.name == "barth-2026"


def test_a_calendar_is_that_of_its_organisations_own_agreement(engine: Engine, bot: Bot) -> None:
    chat = Chat(bot)
    chat.say("lead me")
    chat.say("settings agreement barth-2026")
    chat.say('track funding "Youth club" ends 1 April 2027')
    with Session(engine) as session, session.begin():
        token = addresses.make(session, session.query(Deadline).one().organisation_id, None, "Amina", chat.now)
    calendars = Calendars(engine, bot.search.agreement, bot.rules, "Europe/London", lambda _: "", lambda: chat.now)
    shown = calendars.read(token, lambda _: True)
    assert shown is not None
    assert shown.content is not None
    assert b"X-WR-CALNAME:Charter: everyone" in shown.content
    assert b"six months" in shown.content
    chat.say("settings agreement sutton")
    changed = calendars.read(token, lambda _: True)
    assert changed is not None
    assert changed.calendar.version != shown.calendar.version


def test_what_was_asked_in_vain_is_counted_for_the_agreement_that_was_asked(bot: Bot, engine: Engine) -> None:
    chat = Chat(bot)
    chat.say("lead me")
    chat.say("what is the hourly rate for a locum dentist")
    chat.say("settings agreement barth-2026")
    chat.say("which football club won the cup in 1966")
    chat.say("which football club won the cup in 1966")
    period, day = read_period("2026", date(2026, 11, 25)), date(2026, 11, 25)
    gaps = load_review(engine, bot.search.agreement, bot.rules, chat.organisation, period, day).records.gaps
    assert sum(gap.times for gap in gaps) == 2
    assert chat.hear("gaps").startswith("2 questions without a helpful answer")
    chat.say("settings agreement sutton")
    assert chat.hear("gaps").startswith("1 question without a helpful answer")


def test_clauses_with_letters_are_read_at_the_beginning_of_feedback_and_shown_by_their_number(
    engine: Engine, meanings: Meanings, tmp_path: Path
) -> None:
    found = tmp_path / "fell.txt"
    found.write_text(
        "Fell Parish Charter\n\nA. Money\nA1. The Council will pay the precept in April.\n"
        "A2. Parishes will say what they need by January.\nB. Talking\nB1. Both sides meet twice a year.\n"
        "B2. The Council will answer letters in 3 days.\nB3. Parishes will send their agendas to the Council.\n"
    )
    write(tmp_path / "fell", files_of(adopt([found])))
    chat = Chat(made_bot(engine, open_served([tmp_path / "fell"], LEARNED), meanings))
    reply = chat.say("feedback B2 they never answered")
    assert ("What happened", "they never answered") in [(fact.label, fact.value) for fact in reply.facts]
    assert citation_title(reply.citations[0]).startswith("B2, Talking")
    chat.say("praise B3, B2: both went well")
    assert [citation.number for citation in chat.say("F2").citations] == ["B3", "B2"]
