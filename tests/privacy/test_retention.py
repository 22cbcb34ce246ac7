"""Each kind is kept for its time and no longer; who left is erased after a time that they were told of."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from compact_bot.bot import Bot
from compact_bot.conversation import Address, Person
from compact_bot.membership import installed, removed
from compact_bot.privacy.organisations import erase
from compact_bot.privacy.retention import Retention, delete_what_is_over
from compact_bot.store.references import References
from compact_bot.store.tables import (
    Change,
    Deadline,
    Feedback,
    KnownPerson,
    Milestone,
    Nudge,
    NudgeState,
    Organisation,
    QuestionCount,
    ReceivedMessage,
    Table,
)
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from knowledge.search import Search
from tests.conftest import NOW, Chat, every_table

YEAR = timedelta(days=366)
KEPT = Retention(6 * YEAR, 6 * YEAR, timedelta(days=365), timedelta(days=24 * 31), timedelta(days=30))
LATER = NOW + 8 * YEAR


@pytest.fixture
def chat(both: Engine, search: Search, rules: Rules, meanings: Meanings) -> Chat:
    return Chat(Bot(both, search, rules, meanings, "Europe/London"))


def count(engine: Engine, table: type[Table]) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def over(engine: Engine, now: datetime = LATER) -> None:
    delete_what_is_over(engine, now, "Europe/London", KEPT)


def test_a_closed_deadline_goes_after_its_years_with_all_that_is_part_of_it(both: Engine, chat: Chat) -> None:
    chat.say("nudges here")
    chat.say('track payment "Rent" due 1 March 2027')
    chat.say('track payment "Open" due 1 March 2027')
    chat.say("drop D1 and D2 because it was paid")
    chat.say("undo")
    chat.say("drop D1 because it was paid")
    over(both, NOW + 5 * YEAR)
    assert count(both, Deadline) == 2
    over(both)
    with Session(both) as session:
        (left,) = session.scalars(select(Deadline)).all()
        assert left.title == "Open"
        assert {m.deadline_id for m in session.scalars(select(Milestone))} == {left.id}
        changes = session.scalars(select(Change.what).where(Change.deadline_id == left.id).order_by(Change.id)).all()
    assert len(changes) == 3  # tracked, dropped and undone, though they were dropped together with what is gone


def test_a_deadline_that_somebody_changed_later_stays(both: Engine, chat: Chat) -> None:
    chat.say('track payment "Rent" due 1 March 2027')
    chat.say("drop D1 because it was paid")
    with Session(both) as session, session.begin():
        session.execute(update(Change).values(at=LATER - YEAR))
    over(both)
    assert count(both, Deadline) == 1


def test_settled_feedback_goes_after_its_years_and_open_feedback_stays(both: Engine, chat: Chat) -> None:
    chat.say("lead me")
    chat.say("feedback 3.3.4 the council paid us five weeks late")
    chat.say("feedback 3.2.2 nobody asked us")
    chat.say("resolve F1 because it was paid")
    chat.say("delete F2 for good")
    chat.say("feedback 3.2.2 nobody asked us at all")
    over(both, NOW + 5 * YEAR)
    assert count(both, Feedback) == 2
    over(both)
    with Session(both) as session:
        assert [one.what for one in session.scalars(select(Feedback))] == ["nobody asked us at all"]
        assert [one.what for one in session.scalars(select(Change))] == ["logged"]


def test_counts_of_questions_go_with_feedback(both: Engine, chat: Chat) -> None:
    chat.say("is there anything on zeppelins in there")
    before = count(both, QuestionCount)
    over(both, NOW + 5 * YEAR)
    assert count(both, QuestionCount) == before
    over(both)
    assert count(both, QuestionCount) == 0


def test_nudges_go_when_they_were_sent_long_ago(both: Engine, chat: Chat) -> None:
    chat.say("nudges here")
    chat.say('track payment "Rent" due 1 March 2027')
    with Session(both) as session, session.begin():
        first = session.scalars(select(Nudge).order_by(Nudge.due_at)).first()
        assert first is not None
        first.state, due = NudgeState.SENT, first.due_at
    waiting = count(both, Nudge) - 1
    over(both, due + timedelta(days=364))
    assert count(both, Nudge) == waiting + 1
    over(both, due + timedelta(days=366))
    assert count(both, Nudge) == waiting


@pytest.mark.parametrize(
    ("makes_them_stay", "stays"),
    [
        ("hello", False),
        ("lead me", True),
        ('track payment "Rent" due 1 March 2027', True),
    ],
)
def test_who_was_silent_for_months_is_forgotten_unless_they_are_counted_on(
    both: Engine, chat: Chat, makes_them_stay: str, stays: bool
) -> None:
    chat.say(makes_them_stay)
    with Session(both) as session:
        assert session.scalars(select(KnownPerson.seen_in)).one() == date(2026, 11, 1)
    over(both, NOW + timedelta(days=23 * 31))
    assert count(both, KnownPerson) == 1
    over(both, NOW + timedelta(days=26 * 31))
    assert count(both, KnownPerson) == stays


def test_speaking_again_in_another_month_is_noted(both: Engine, chat: Chat) -> None:
    chat.say("hello")
    chat.now += timedelta(days=40)
    chat.say("hello")
    with Session(both) as session:
        assert session.scalars(select(KnownPerson.seen_in)).one() == date(2027, 1, 1)


# ---- leaving ------------------------------------------------------------------------------------------------------

SLACK, TEAMS = "slack:T1", "teams:t"


def left_at(engine: Engine, name: str) -> datetime | None:
    with Session(engine) as session:
        return session.scalar(select(Organisation.left_at).where(Organisation.name == name))


def names(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Organisation.name).order_by(Organisation.name)))


def test_an_organisation_that_removed_the_app_is_erased_after_its_days(both: Engine, chat: Chat) -> None:
    chat.organisation = SLACK
    chat.say('track payment "Rent" due 1 March 2027')
    Chat(chat.bot, organisation="Another").say('track payment "Theirs" due 1 March 2027')
    removed(both, SLACK, "slack", NOW + timedelta(hours=1))
    over(both, NOW + timedelta(days=29))
    assert names(both) == ["Another", SLACK]
    over(both, NOW + timedelta(days=31))
    assert names(both) == ["Another"]
    assert count(both, Deadline) == 1


def came_back_by_installing(engine: Engine, _: Chat) -> None:
    installed(engine, SLACK, "slack", Person("U1", "@U1"))


def came_back_by_speaking(_: Engine, chat: Chat) -> None:
    chat.now += timedelta(days=29)
    chat.say("hello")


@pytest.mark.parametrize("comes_back", [came_back_by_installing, came_back_by_speaking])
def test_whoever_comes_back_in_time_keeps_everything(
    both: Engine, chat: Chat, comes_back: Callable[[Engine, Chat], None]
) -> None:
    chat.organisation = SLACK
    chat.say('track payment "Rent" due 1 March 2027')
    removed(both, SLACK, "slack", NOW + timedelta(hours=1))
    comes_back(both, chat)
    over(both, NOW + timedelta(days=31))
    assert names(both) == [SLACK]
    assert left_at(both, SLACK) is None


def test_a_tenant_has_left_with_the_last_place_it_removed_the_app_from(both: Engine, chat: Chat) -> None:
    chat.organisation = TEAMS
    chat.say('track payment "Rent" due 1 March 2027')
    with Session(both) as session, session.begin():
        session.execute(delete(ReceivedMessage))
    references = References(both, "teams", lambda: NOW)
    places = [Address("teams", route) for route in ("one", "two")]
    for place in places:
        references.keep(TEAMS, place, "", {"serviceUrl": "https://example.org"})
    references.shown_out(TEAMS, places[0], "")
    assert left_at(both, TEAMS) is None
    references.shown_out(TEAMS, places[1], "")
    assert left_at(both, TEAMS) == NOW
    references.keep(TEAMS, places[1], "", {"serviceUrl": "https://example.org"})
    over(both, NOW + timedelta(days=31))
    assert names(both) == [TEAMS]


def test_erasing_leaves_no_row_in_any_table_and_touches_nobody_else(both: Engine, chat: Chat) -> None:
    from tests.test_backup import lived_in

    def dump(engine: Engine) -> dict[str, int]:
        with engine.connect() as connection:
            tables = every_table().sorted_tables
            return {one.name: connection.scalar(select(func.count()).select_from(one)) or 0 for one in tables}

    other = Chat(chat.bot, "Zoe", organisation="Another")
    other.say('track payment "Theirs" due 1 March 2027')
    other.say("feedback 3.3.4 the council paid us five weeks late")
    before = dump(both)
    lived_in(both, chat.bot.search, chat.bot.rules, chat.bot.meanings)
    assert dump(both) != before
    erase(both, "Elsewhere", NOW)
    counts = erase(both, "Sutton Council", NOW)
    assert counts["deadlines"] == 2
    assert dump(both) == before
    assert erase(both, "Sutton Council", NOW) == {}


def test_the_moment_of_leaving_is_kept_with_its_zone(both: Engine, chat: Chat) -> None:
    chat.organisation = SLACK
    chat.say("hello")
    removed(both, SLACK, "slack", datetime(2026, 11, 24, tzinfo=UTC))
    assert left_at(both, SLACK) == datetime(2026, 11, 24, tzinfo=UTC)
