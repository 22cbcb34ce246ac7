"""The yearly review as a page: any period, pictures with their figures, tables by the page, and files."""

import io
import re
from datetime import timedelta
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, update
from starlette.testclient import TestClient

from adapters.console import LOCAL
from adapters.review.pictures import chart_of
from adapters.review.tables import tables_of
from adapters.review.word import LONGEST_WORD, widths_of, word_document
from adapters.web.app import web_app
from compact_bot.bot import Bot
from compact_bot.feedback.periods import Period
from compact_bot.feedback.records import load_review
from compact_bot.feedback.review import Group, Tally
from compact_bot.forgetting import forget_old
from compact_bot.store.tables import Organisation
from tests.bench.review import TODAY as YEARS_END
from tests.bench.review import YEAR, fill
from tests.conftest import NOW, Chat

TITLE = "How the Sutton Compact was kept"


def test_a_period_is_chosen_by_its_days_in_words_or_from_a_list(filled: TestClient) -> None:
    for query in ("first=2026-01-01&last=2026-12-31", "period=2026", "period=January+2026+to+December+2026"):
        assert "Thursday 1 January 2026 to Thursday 31 December 2026." in filled.get(f"/review?{query}").text
    page = filled.get("/review").text
    usual = re.findall(r'<li><a href="(/review[^"]*)">([^<]+)</a></li>', page.partition("Usual periods")[2])
    assert [label for _, label in usual] == [
        "The last 12 months", "2026", "2025", "April 2026 to March 2027", "April 2025 to March 2026",
    ]  # fmt: skip
    for address, label in usual:
        assert filled.get(address).status_code == 200, label
    assert "Wednesday 1 April 2026 to Wednesday 31 March 2027." in filled.get(usual[3][0]).text


@pytest.mark.parametrize("query", ["period=Juniper", "first=2026-12-31&last=2026-01-01", "period=1990+to+2100"])
def test_a_period_that_is_none_is_said_and_the_usual_one_shown(filled: TestClient, query: str) -> None:
    answer = filled.get(f"/review?{query}")
    assert answer.status_code == 400
    assert "This is the review of the last 12 months instead." in answer.text
    assert TITLE in answer.text


def test_it_has_a_way_back_and_every_record_has_its_page(filled: TestClient) -> None:
    page = filled.get("/review?period=2026").text
    assert '<a href="/board">Board</a>' in page
    records = set(re.findall(r'href="(/(?:feedback/F|deadlines/D)\d+)"', page))
    assert {"/feedback/F1", "/deadlines/D2", "/deadlines/D4"} <= records
    for address in records:
        assert filled.get(address).status_code == 200


def test_one_table_alone_comes_by_the_page(local_bot: Bot) -> None:
    chat = Chat(local_bot, organisation=LOCAL)
    for number in range(20):
        chat.say(f"feedback 3.3.4: invoice number {number} was paid late")
    app = web_app(local_bot, lambda: NOW, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    page = client.get("/review").text
    (more,) = re.findall(r'<a href="([^"]+)">All 20 of: the records</a>', page)
    alone = client.get(more.replace("&amp;", "&")).text
    assert alone.count("was paid late") == 20
    assert "By section" not in alone
    assert "There is no page 7 of it." in client.get(f"{more.replace('&amp;', '&')}&page=7").text
    assert "By section" in client.get("/review?table=nonsense").text


@pytest.mark.slow
def test_a_hundred_thousand_entries_are_a_light_page(engine: Engine, local_bot: Bot) -> None:
    fill(engine)
    bot = local_bot
    with engine.begin() as connection:
        connection.execute(update(Organisation).values(name=LOCAL))
    app = web_app(bot, lambda: NOW + timedelta(days=129), lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    page = client.get(f"/review?period={YEAR.code}")
    assert "100,000" in page.text
    assert len(page.content) < 60_000
    for table in ("records", "clauses", "notices", "bodies"):
        alone = client.get(f"/review?period={YEAR.code}&table={table}")
        assert len(alone.content) < 100_000, table
    review = load_review(engine, bot.search.agreement, bot.rules, LOCAL, YEAR, YEARS_END)
    assert len(next(one for one in tables_of(review) if one.name == "records").rows) > 90_000  # in the files


# ---- pictures and paper ---------------------------------------------------------------------------------------------


def month(title: str, kept: int, not_kept: int, suggestions: int = 0) -> Group:
    return Group(title, title, Tally(kept, not_kept, suggestions), ())


@pytest.mark.parametrize(
    ("most", "figures"),
    [
        (0, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (9, ["0", "5", "10"]),
        (77, ["0", "20", "40", "60", "80"]),
        (8_000, ["0", "2,000", "4,000", "6,000", "8,000"]),
    ],
)
def test_the_chart_has_round_figures_at_its_side(most: int, figures: list[str]) -> None:
    assert [line.text for line in chart_of([month("May 2026", most, 0)]).lines] == figures


def test_the_chart_names_its_months_years_and_colours(filled: TestClient) -> None:
    chart = chart_of([month("December 2026", 1, 2), month("January 2027", 0, 0, 4)])
    assert [label.text for label in chart.months] == ["Dec", "Jan"]
    assert [label.text for label in chart.years] == ["2026", "2027"]
    assert [label.text for label in chart.key] == ["kept", "not kept", "suggestions"]
    assert {piece.what for piece in chart.pieces} == {"kept", "not kept", "suggestions"}
    for text in ("Aug", "2026", "kept", "not kept"):
        assert f">{text}</text>" in filled.get("/review?period=2026").text


def test_the_picture_in_word_has_the_same_words_drawn_in_it(filled_bot: Bot) -> None:
    from PIL import Image

    period = Period(NOW.date().replace(month=1, day=1), NOW.date())
    review = load_review(filled_bot.engine, filled_bot.search.agreement, filled_bot.rules, LOCAL, period, NOW.date())
    with ZipFile(io.BytesIO(word_document(review))) as file:
        (name,) = [name for name in file.namelist() if name.endswith(".png")]
        image = Image.open(io.BytesIO(file.read(name))).convert("L")
    wide, high = image.size
    sides = {"at its side": (0, 0, wide // 14, high * 3 // 4), "below": (0, high * 3 // 4, wide, high)}
    for where, box in sides.items():
        assert image.crop(box).getextrema()[0] < 80, f"nothing dark is drawn {where}"


def test_no_word_of_a_table_in_word_is_wider_than_its_column(filled_bot: Bot) -> None:
    import docx

    period = Period(NOW.date().replace(month=1, day=1), NOW.date())
    review = load_review(filled_bot.engine, filled_bot.search.agreement, filled_bot.rules, LOCAL, period, NOW.date())
    document = docx.Document(io.BytesIO(word_document(review)))
    assert document.tables
    for table in document.tables:
        for column in table.columns:
            words = [word for cell in column.cells for word in cell.text.split() if len(word) <= LONGEST_WORD]
            longest = max(words, key=len)
            room = column.cells[0].width.cm - 0.38  # what Word keeps free beside a cell's words
            assert room >= len(longest) * 0.18, (longest, room)  # as wide as wide letters of 8 points are
        assert sum(column.cells[0].width.cm for column in table.columns) <= 26.8  # of the page's 29.7
        widths = {column.cells[0].text: column.cells[0].width for column in table.columns}
        if "Opening words" in widths and "Kept" in widths:
            assert widths["Opening words"] > 3 * widths["Kept"]  # room goes where there is more to read


def test_a_long_address_does_not_push_the_others_off_the_page() -> None:
    widths = widths_of(("Number", "What"), ["Number", "What", "F1", "https://example.org/" + "x" * 400])
    assert sum(widths) < 26.8


# ---- what was asked --------------------------------------------------------------------------------------------------


def test_what_was_asked_in_vain_is_counted_all_year_and_its_words_are_not_kept(local_bot: Bot) -> None:
    chat = Chat(local_bot, organisation=LOCAL)
    chat.say("pass on: what about parking permits for volunteers?")
    chat.say("what about parking permits for volunteers?")
    later = NOW + timedelta(days=300)
    forget_old(local_bot.engine, later, "Europe/London", 90)
    app = web_app(local_bot, lambda: later, lambda _: [])
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 1))
    page = client.get("/review").text
    asked = page.partition("Asked about and not covered")[2].partition("The records")[0]
    assert "No question that the agreement does not cover" not in asked
    assert '<td class="figure">1</td>' in asked
    assert "parking" not in client.get("/review.csv").text.lower()
    with local_bot.engine.connect() as connection:
        assert connection.exec_driver_sql("select count(*) from asked_questions").scalar() == 0


# ---- in a real browser ----------------------------------------------------------------------------------------------


def test_the_review_is_downloaded(house: Page) -> None:
    house.goto("/review?period=2026")
    for label, suffix in (("Word document", "docx"), ("Spreadsheet", "xlsx"), ("Numbers as CSV", "csv")):
        with house.expect_download() as download:
            house.get_by_role("link", name=label).click()
        assert download.value.suggested_filename == f"compact-review-2026-01-01-to-2026-12-31.{suffix}"
        assert download.value.path().stat().st_size > 500


def test_another_period_is_chosen_by_keyboard(house: Page) -> None:
    house.goto("/review")
    house.get_by_label("From").fill("2026-08-01")
    house.get_by_label("To").fill("2026-08-31")
    house.get_by_role("button", name="Show").press("Enter")
    expect(house.get_by_role("main")).to_contain_text("Saturday 1 August 2026 to Monday 31 August 2026")
