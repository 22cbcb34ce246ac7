"""A council in Teams and charities in Slack share one set of deadlines: on SQLite, and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from adapters.plain_text import plain_text
from compact_bot.bot import Bot
from compact_bot.calendars.feed import Source
from compact_bot.conversation import Audience
from compact_bot.deadlines.board import Sifting, look_at_board, look_at_deadline
from compact_bot.exporting.files import exported
from compact_bot.feedback.looking import Sifting as FeedbackSifting
from compact_bot.feedback.looking import look_at_feedback
from compact_bot.feedback.periods import Period
from compact_bot.feedback.records import load_review
from compact_bot.store.backup import export_all, import_all
from compact_bot.store.database import migrate, open_database
from compact_bot.store.tables import Change, Deadline, Feedback, Milestone, Nudge, Organisation
from compact_bot.understanding.acts import Exported, ExportFormat
from knowledge.agreement import Agreement
from knowledge.meanings import Meanings
from knowledge.rules import Rules
from tests.partnership.conftest import Colleague, Hearing, code_of, linked
from tests.test_backup import rows_of

ALL_2026 = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def engine(both: Engine) -> Engine:
    return both


def places_of_nudges(engine: Engine, number: int) -> set[tuple[str, str, str]]:
    with Session(engine) as session:
        rows = session.execute(
            select(Organisation.name, Nudge.platform, Nudge.route)
            .join(Organisation, Organisation.id == Nudge.organisation_id)
            .join(Milestone, Milestone.id == Nudge.milestone_id)
            .join(Deadline, Deadline.id == Milestone.deadline_id)
            .where(Deadline.number == number, Nudge.state == "waiting")
        )
        return set(map(tuple, rows))


def test_a_lead_in_slack_gets_a_code_that_a_lead_in_teams_types(
    council: Colleague, carers: Colleague, told: Hearing, engine: Engine
) -> None:
    council.say('track funding "Youth club grant" ends 31 March 2027')
    carers.say('track payment "Rent" due 10 December 2026')
    given = carers.say("link")
    assert given.private
    assert "It works once, until 09:1" in given.text
    code = given.text.split("code is ")[1][:9]
    council.now = carers.now

    shown = council.say(f"link {code}")
    assert shown.text.startswith("This is the code of Sutton Carers (in Slack). Share one partnership with them?")
    assert shown.text.endswith("Nothing is changed yet.")
    assert "of yours that is 1 deadline and 0 entries of feedback" in plain_text(shown)
    assert council.hear("deadlines").count("Owner:") == 1  # nothing is shared before the yes

    done = council.say(f"link {code}") and council.pressing(council.heard[-1], "Share one partnership")
    assert done.text.startswith("You share deadlines, feedback and the yearly review with Sutton Carers (in Slack)")
    said = council.hear("deadlines")
    assert "Youth club grant" in said
    assert "Owner: Amina Khan (Sutton Council)" in said
    assert "Owner: Ben Okoro (Sutton Carers)" in said
    assert "@U1" not in said  # a mark that only Slack reads
    assert "Owner: @U1 (Sutton Carers)" in carers.hear("deadlines")  # and does read
    (where_they_are,) = told("slack:TCARERS")
    assert where_they_are.startswith("slack TCARERS/CCOMPACT: You share deadlines")
    assert "with Sutton Council (in Teams)" in where_they_are
    assert any(one.startswith("teams 19:compact: You share") for one in told("teams:council"))
    council.say("unlink for good")
    assert "Sutton Council has left your partnership" in told("slack:TCARERS")[-1]
    with Session(engine) as session:
        kept = session.execute(
            select(Organisation.name, Change.who, Change.what)
            .join(Organisation, Organisation.id == Change.organisation_id)
            .where(Change.deadline_id.is_(None), Change.what.contains("link") | Change.what.contains("partnership"))
            .order_by(Change.id)
        )
        assert [tuple(row) for row in kept] == [
            ("slack:TCARERS", "@U1", "made a code to link with another organisation"),
            ("teams:council", "Amina Khan", "linked with Sutton Carers (in Slack)"),
            ("slack:TCARERS", "Sutton Council", "linked with Sutton Council (in Teams)"),
            ("slack:TCARERS", "Sutton Council", "Sutton Council left the partnership"),
            ("teams:council", "Amina Khan", "left the partnership with Sutton Carers (in Slack)"),
        ]


def test_all_that_is_common_is_seen_by_both_and_nothing_else(
    council: Colleague, carers: Colleague, engine: Engine, sutton: Agreement, rules: Rules
) -> None:
    council.say('track funding "Youth club grant" ends 31 March 2027')
    carers.say('track payment "Rent" due 10 December 2026')
    carers.say("feedback 3.3.4 council paid us five weeks late")
    carers.say("set contact The office, office@example.org")
    carers.say("yes")
    carers.say("closed 22 December 2026")
    carers.say("anything on zeppelins in there")
    linked(carers, council)

    assert "logged by somebody at Sutton Carers" in council.hear("F1")  # to a lead, too
    assert "Ben" not in council.hear("F1")
    assert "@U1" not in council.hear("F1")
    assert "Logged at Sutton Carers" in council.hear("feedback")
    for private in ("contacts", "closed", "leads", "gaps", "my data"):
        said = council.hear(private)
        for theirs in ("office@example.org", "22 December", "Ben", "@U1", "zeppelins"):
            assert theirs not in said, private

    now = council.now
    board = look_at_board(engine, "teams:council", rules, "Europe/London", Sifting(), now)
    assert {(row.title, row.owner) for row in board.rows} == {
        ("Youth club grant", "Amina Khan (Sutton Council)"),
        ("Rent", "Ben Okoro (Sutton Carers)"),
    }
    theirs = look_at_board(engine, "slack:TCARERS", rules, "Europe/London", Sifting(), now)
    assert {row.owner for row in theirs.rows} == {row.owner for row in board.rows}  # a page reads no mark either
    rent = next(row.number for row in board.rows if row.title == "Rent")
    whole = look_at_deadline(engine, "teams:council", rules, "Europe/London", rent, now)
    assert whole
    assert [one.who for one in whole.history] == ["Ben Okoro (Sutton Carers)"]
    (entry,) = look_at_feedback(engine, "teams:council", sutton, FeedbackSifting()).entries
    assert entry.holder == "Sutton Carers"
    for name in ("teams:council", "slack:TCARERS"):
        review = load_review(engine, sutton, rules, name, ALL_2026, now.date())
        assert [(one.what, one.number) for one in review.records.entries] == [("council paid us five weeks late", 1)]
        assert len(review.records.payments) == 1
    with Session(engine) as session:
        ours = session.scalars(select(Organisation).where(Organisation.name == "teams:council")).one()
        file, count = exported(session, ours.id, rules, now.date(), Exported.FEEDBACK, ExportFormat.CSV, names=True)
        assert count == 1
        assert "council paid us" in file.content.decode()
        assert "Ben" not in file.content.decode()
        assert "@U1" not in file.content.decode()
        source = Source(session, ours, None, sutton, rules, lambda _: "", now, now.date())
        calendar = source.file().decode().replace("\r\n ", "")
        assert "Rent: Payment made" in calendar
        assert "Ben Okoro (Sutton Carers)" in calendar


def test_each_nudge_goes_where_its_own_organisation_chose(
    council: Colleague, carers: Colleague, engine: Engine
) -> None:
    council.say('track payment "Grant" due 10 February 2027')
    carers.say('track payment "Rent" due 10 December 2026')
    linked(council, carers)
    grant = council.say("deadlines").tables[-1].rows[-1].cells[1][:2]
    carers.say(f"move {grant} 10 March 2027")
    carers.say("yes")
    assert places_of_nudges(engine, int(grant[1:])) == {("teams:council", "teams", "19:compact")}
    carers.say('track payment "Heating" due 10 January 2027')
    heating = carers.say("deadlines").tables[-1].rows[0].cells[1][:2]
    assert places_of_nudges(engine, int(heating[1:])) == {("slack:TCARERS", "slack", "TCARERS/CCOMPACT")}
    replace(council, route="19:other", audience=Audience.EVERYONE).say("nudges here")
    assert places_of_nudges(engine, int(grant[1:])) == {("teams:council", "teams", "19:other")}
    assert places_of_nudges(engine, int(heating[1:])) == {("slack:TCARERS", "slack", "TCARERS/CCOMPACT")}
    before = places_of_nudges(engine, int(heating[1:]))
    council.say("closed 11 January 2027")  # its own closed days move nothing of a partner's
    assert places_of_nudges(engine, int(heating[1:])) == before


def test_two_workspaces_and_a_tenant_share_at_once_and_each_keeps_its_own_when_one_leaves(
    council: Colleague, carers: Colleague, mind: Colleague, told: Hearing
) -> None:
    council.say('track payment "Grant" due 10 February 2027')
    carers.say('track payment "Rent" due 10 December 2026')
    linked(council, carers)
    mind.now = council.now
    mind.say(f"link {code_of(carers)}")  # any member's code leads into the partnership
    assert "with Sutton Council (in Teams) and Sutton Carers (in Slack)" in mind.heard[-1].text
    mind.say("yes")
    mind.say('track payment "Heating" due 12 December 2026')
    for one in (council, carers, mind):
        said = one.hear("deadlines")
        assert [title in said for title in ("Grant", "Rent", "Heating")] == [True] * 3
    assert "Sutton Mind (in Slack)" in told("teams:council")[-1]
    assert council.say("our partnership").facts[-2].label == "Sutton Mind (in Slack)"

    carers.say("unlink")
    assert "with Sutton Council (in Teams) and Sutton Mind (in Slack)? Nothing is changed yet." in carers.heard[-1].text
    assert carers.hear("deadlines").count("Owner:") == 3
    carers.say("unlink")
    carers.say("yes")
    assert "Rent" in carers.hear("deadlines")
    assert carers.hear("deadlines").count("Owner:") == 1
    for one in (council, mind):
        assert one.hear("deadlines").count("Owner:") == 2
    assert "Sutton Carers has left your partnership" in told("slack:TMIND")[-1]
    assert "You go on with the others" in told("teams:council")[-1]
    mind.say("unlink")
    mind.say("yes")
    assert council.hear("our partnership").startswith("Your organisation shares with nobody")
    assert "You go on" not in told("teams:council")[-1]


def test_colleagues_of_partners_are_named_with_their_organisation_in_nothing_but_what_is_shared(
    council: Colleague, carers: Colleague, bot: Bot
) -> None:
    linked(council, carers)
    assert "Amina" not in carers.hear('track payment "Rent" due 10 December 2026 owner Amina Khan').split("Owner")[0]
    said = carers.hear("D1")
    assert "Owner: Amina Khan (Sutton Carers)" in said  # a name alone is one of their own, whoever has it elsewhere
    assert "none of yours" in council.hear("home")
    assert "1 of your partners" in council.hear("home")
    assert "There are no open deadlines of yours" in council.hear("deadlines mine")


def test_a_backup_brings_a_partnership_back(
    council: Colleague, carers: Colleague, both: Engine, bot: Bot, meanings: Meanings, tmp_path: Path
) -> None:
    council.say('track payment "Grant" due 10 February 2027')
    carers.say('track payment "Rent" due 10 December 2026')
    linked(council, carers)
    code_of(carers)
    export_all(both, tmp_path / "backup")
    another = open_database(f"sqlite:///{tmp_path / 'another.db'}")
    migrate(another)
    import_all(another, tmp_path / "backup")
    assert rows_of(another) == rows_of(both)
    again = replace(council, bot=Bot(another, bot.search, bot.rules, meanings, "Europe/London"), heard=[])
    assert "Owner: Ben Okoro (Sutton Carers)" in again.hear("deadlines")
    assert "D1 has a new number" in again.hear("D1")
    another.dispose()


def test_partners_who_track_and_log_at_once_never_get_one_number_twice(
    council: Colleague, carers: Colleague, engine: Engine
) -> None:
    linked(council, carers)

    def busy(one: Colleague) -> None:
        for number in range(4):
            one.say(f'track payment "{one.name} {number}" due 10 March 2027')
            one.say(f"feedback 3.3.4 {one.name} was paid late for the {number}th time")

    with ThreadPoolExecutor(2) as at_once:
        list(at_once.map(busy, (council, carers)))
    with Session(engine) as session:
        for table in (Deadline, Feedback):
            assert sorted(session.scalars(select(table.number))) == list(range(1, 9))
