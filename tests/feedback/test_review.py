"""The yearly review against the database: its figures, its files opened again by their libraries, its links."""

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from adapters.review.page import review_page
from adapters.review.publisher import ReviewPublisher
from adapters.review.sheets import csv_file, neutral, spreadsheet
from adapters.review.word import word_document
from compact_bot.__main__ import main
from compact_bot.bot import Bot
from compact_bot.feedback.periods import Period
from compact_bot.feedback.records import load_review
from compact_bot.feedback.review import Entry, Records, Review, make_review
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.conftest import NOW, ROOT, Chat

YEAR = Period(date(2026, 4, 1), date(2027, 3, 31))
IN_OCTOBER = ('track funding "Too late" ends 31 January 2027 owner Amina',)  # while the minimum date was still to come
HOSTILE = '=HYPERLINK("http://evil") < &amp;'


@pytest.fixture
def review(bot: Bot, engine: Engine, sutton: Agreement, rules: Rules) -> Review:
    """A year with everything in it, as people said it."""
    chat = Chat(bot)
    for said in (
        "lead me",
        "feedback 3.3.4: council paid us five weeks late (when: 1 October 2026)",
        "feedback 3.3.4, 3.4.4: council cut us off",
        "praise 3.2.2: the council gave twelve weeks",
        f"suggest 3.5: {HOSTILE} (about: @SUM)",
        "feedback no clause: nobody answers",
        "feedback 3.3.4: long ago (when: 1 March 2026)",
        "anonymous feedback 3.3.4: council paid somebody late",
        "anonymous feedback 3.5.1: alone in its group (about: the police)",
        "resolve F1 because it was paid",
        "no action F5 because -1+1",
        "acknowledge F2",
        'track funding "In good time" ends 30 June 2027 owner Amina',
        "done D1 notice given by letter today",
        *IN_OCTOBER,
        "done D2 notice given by letter today",
        'track funding "Nobody told" ends 31 January 2027 owner Amina',
        'track consultation "Long" opens 7 December 2026 closes 8 March 2027',
        'track consultation "Short" opens 7 December 2026 closes 1 February 2027 because the budget is in March',
        'track payment "Q3" due 1 December 2026',
        'track payment "Q4" due 2 December 2026',
        'track payment "Dropped" due 2 December 2026',
        "drop D8 because it was a mistake",
        "what colour is the mayor's car",
    ):
        chat.now += timedelta(days=-30 if said in IN_OCTOBER else 0)
        reply = chat.say(said)
        assert not reply.text.startswith(("Sorry", "Which")), said
        chat.now += timedelta(days=30 if said in IN_OCTOBER else 0)
    chat.now += timedelta(days=10)
    chat.say("done D6 paid 1 Dec")
    chat.say("done D7 paid 3 Dec")
    return load_review(engine, sutton, rules, "Sutton Council", YEAR, date(2026, 12, 3))


def figures(groups: object) -> dict[str, tuple[int, int, int]]:
    return {g.name: (g.tally.kept, g.tally.not_kept, g.tally.suggestions) for g in groups}  # type: ignore[attr-defined]


def test_the_figures_are_those_of_the_database(review: Review, engine: Engine) -> None:
    with engine.connect() as connection:
        kinds = dict(
            tuple(row)
            for row in connection.execute(
                text("select kind, count(*) from feedback where happened_on >= '2026-04-01' group by 1")
            )
        )
        by_clause = Counter(
            connection.scalars(
                text(
                    "select clause from feedback_clauses join feedback on feedback.id = feedback_id "
                    "where happened_on >= '2026-04-01' and what != 'alone in its group'"
                )
            )
        )
    total = review.total
    assert {"kept": total.kept, "not kept": total.not_kept, "suggestion": total.suggestions} == kinds
    assert {g.name: g.tally.total for g in review.clauses if g.name != "no clause"} == by_clause
    assert figures(review.sections) == {
        "3.2": (1, 0, 0), "3.3": (0, 3, 0), "3.4": (0, 1, 0), "3.5": (0, 0, 1), "no clause": (0, 1, 0),
    }  # fmt: skip
    assert (total.resolved, total.no_action, total.still_open) == (1, 1, 5)
    assert figures(review.sides)["public sector"] == (1, 4, 0)
    months = {group.title: group.tally.total for group in review.months}
    assert len(months) == 12
    assert (months["October 2026"], months["November 2026"]) == (1, 6)


def test_notices_consultations_and_payments_are_measured(review: Review) -> None:
    assert {n.title: n.verdict for n in review.records.notices} == {
        "In good time": "best practice", "Too late": "short", "Nobody told": "none given",
    }  # fmt: skip
    assert {(c.title, c.days, c.long_enough, c.rationale) for c in review.records.consultations} == {
        ("Long", 91, True, ""), ("Short", 56, False, "the budget is in March"),
    }  # fmt: skip
    assert {p.title: p.verdict for p in review.records.payments} == {"Q3": "in time", "Q4": "late"}
    assert [gap.times for gap in review.records.gaps] == [1]


def test_an_anonymous_entry_is_held_back_from_groups_smaller_than_three(review: Review) -> None:
    assert "3.5.1" not in figures(review.clauses)
    assert figures(review.sections)["3.5"] == (0, 0, 1)
    assert figures(review.clauses)["3.3.4"] == (0, 3, 0)
    assert figures(review.bodies) == {"@sum": (0, 0, 1), "council": (1, 3, 0)}
    assert review.held_back == 1
    assert "alone in its group" not in [entry.what for entry in review.entries]
    for made in (review_page(review).encode(), csv_file(review)):
        assert b"alone in its group" not in made
        assert b"the police" not in made


def entry(number: int, anonymous: bool, about: str = "") -> Entry:
    return Entry(number, "not kept", "x", about, "", date(2026, 5, number), anonymous, "open", "", ("3.3.4",))


@pytest.mark.parametrize(("named", "nobodys", "counted"), [(0, 2, 0), (2, 0, 2), (1, 1, 1), (1, 2, 3), (0, 3, 3)])
def test_a_group_counts_anonymous_entries_from_three_on(
    sutton: Agreement, named: int, nobodys: int, counted: int
) -> None:
    entries = [entry(n + 1, n >= named, "police") for n in range(named + nobodys)]
    made = make_review(sutton, YEAR, date(2026, 12, 1), Records(entries))
    for groups in (made.sections, made.clauses, made.sides, made.bodies):
        assert sum(group.tally.total for group in groups) == counted
    assert sum(group.tally.total for group in made.months) == counted
    assert len(made.entries) == counted
    assert made.total.total == named + nobodys


def test_an_anonymous_record_shows_no_day_or_body_of_a_small_group(sutton: Agreement) -> None:
    entries = [entry(1, False), entry(2, False), entry(3, True, "police")._replace(happened_on=date(2026, 6, 1))]
    made = make_review(sutton, YEAR, date(2026, 12, 1), Records(entries))
    third = next(entry for entry in made.entries if entry.number == 3)
    assert third.about == ""
    assert third.happened_on is None


def test_in_chat_it_is_a_summary_with_the_records_behind_each_figure(review: Review, bot: Bot) -> None:
    chat = Chat(bot, now=NOW + timedelta(days=10))
    reply = chat.say("review April 2026 to March 2027")
    assert reply.text == (
        "The review of Wednesday 1 April 2026 to Wednesday 31 March 2027: 7 entries of feedback, 1 kept, 5 not kept, "
        "1 suggestion. Of these, 1 resolved, 1 without action, 5 still open."
    )
    facts = {fact.label: fact.value for fact in reply.facts}
    assert re.fullmatch(r"3 not kept; 1 resolved, 2 still open \(F\d{4}, F2, F1\)\.", facts["3.3.4"])
    assert facts["Notices"] == ("1 met best practice (D1), 1 short of the minimum (D2), 1 not given in time (D3).")
    assert facts["Consultations"] == "1 of 12 weeks or more (D4), 1 shorter (D5), 1 of these with a rationale."
    assert facts["Payments"] == "1 in time (D6), 1 late (D7)."
    assert "held back" in reply.note
    assert "compact-bot review" in reply.next_step
    assert reply.files == ()


# ---- files ----------------------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_else_and_every_figure_leads_to_its_records(review: Review) -> None:
    page = review_page(review)
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "<script" not in page
    assert HOSTILE not in page
    assert "&lt; &amp;amp;" in page
    for target in re.findall(r'href="#([^"]+)"', page):
        assert page.count(f'id="{target}"') == 1, target
    for group in review.clauses:
        for number in group.entries:
            assert f'<a href="#F{number}">F{number}</a>' in page
    assert '<svg class="chart" role="img"' in page
    assert "Entries of feedback in each month: October 2026 1, November 2026 6." in page


def test_the_word_document_opens_again_with_headings_tables_and_words_for_its_picture(
    review: Review, engine: Engine
) -> None:
    import docx

    document = docx.Document(io.BytesIO(word_document(review)))
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert headings[:3] == ["By section", "By clause", "By whom the commitment binds"]
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr").startswith("Entries of feedback in each month: October 2026 1")
    tables = {table.rows[0].cells[0].text: table for table in document.tables}
    assert all(table.rows[0]._tr.trPr.xpath("w:tblHeader") for table in document.tables)
    with engine.connect() as connection:
        listed = connection.execute(
            text(
                "select number, what, state from feedback "
                "where happened_on >= '2026-04-01' and what != 'alone in its group'"
            )
        )
        wanted = {(f"F{row.number}", row.what, row.state) for row in listed}
    rows = [[cell.text for cell in row.cells] for row in tables["Number"].rows[1:]]
    assert {(row[0], row[4], row[7]) for row in rows} == wanted
    assert document.core_properties.title == "How the Sutton Compact was kept"


def test_the_spreadsheet_opens_again_and_holds_no_formula(review: Review, engine: Engine) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(spreadsheet(review)))
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if isinstance(cell.value, str) and cell.value[:1] in "=+-@" and cell.value]
    by_clause = {row[0]: row[2:8] for row in book["By clause"].iter_rows(min_row=2, values_only=True)}
    assert by_clause["3.3.4"] == (0, 3, 0, 1, 0, 2)
    records = {row[0]: row for row in book["The records"].iter_rows(min_row=2, values_only=True)}
    assert records["F4"][4] == f"'{HOSTILE}"
    assert records["F4"][5] == "'@SUM"
    assert records["F5"][8] == "'-1+1"
    assert records["F1"][1] == datetime(2026, 10, 1)  # noqa: DTZ001  # a sheet's days have no zone
    with engine.connect() as connection:
        assert len(records) == connection.scalar(
            text("select count(*) from feedback where happened_on >= '2026-04-01' and what != 'alone in its group'")
        )


def test_the_csv_holds_the_same_and_no_formula(review: Review) -> None:
    rows = list(csv.reader(io.StringIO(csv_file(review).decode("utf-8-sig"))))
    assert ["3.3.4", "The public sector will ensure the timely payment of funds to VCOs.", "0", "3"] in [
        row[:4] for row in rows
    ]
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t")]


@pytest.mark.parametrize("words", ["=1", "+1", "-1", "@A1", " =1", "\t=1", "\n=1", "|cmd", "%0A", "＝1", "\u00a0=1"])
def test_what_a_spreadsheet_would_run_stays_words(words: str) -> None:
    assert neutral(words) == f"'{words}"
    assert neutral(f"x{words}") == f"x{words}"


def test_files_come_only_where_they_are_taken(bot: Bot, engine: Engine, review: Review) -> None:
    publisher = ReviewPublisher(lambda _, __: review)
    ours = Bot(engine, bot.search, bot.rules, bot.meanings, bot.timezone, publisher=publisher)
    message = Chat(ours, now=NOW + timedelta(days=10)).message("review 2026")
    reply = ours.reply_to(replace(message, takes_files=True))
    assert reply is not None
    assert [file.name.rsplit(".")[-1] for file in reply.files] == ["docx", "xlsx", "csv"]
    assert "in the files" in reply.next_step


def test_the_command_writes_each_format_and_refuses_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COMPACT_DATABASE_URL", f"sqlite:///{tmp_path / 'cli.db'}")
    assert main(["say", "feedback 3.3.4 paid late", "--now", "2026-11-23"]) == 0
    for suffix in ("html", "docx", "xlsx", "csv"):
        out = tmp_path / f"review.{suffix}"
        assert main(["review", "--out", str(out), "--period", "2026"]) == 0
        assert "Entries of feedback: 1." in capsys.readouterr().out
        assert out.stat().st_size > 500
    assert main(["review", "--out", str(tmp_path / "review.pdf")]) == 2
    assert main(["review", "--out", str(tmp_path / "r.csv"), "--period", "Juniper"]) == 2
    assert main(["review", "--out", str(tmp_path / "no" / "r.csv")]) == 2
    assert capsys.readouterr().err.count("compact-bot: ") == 3
