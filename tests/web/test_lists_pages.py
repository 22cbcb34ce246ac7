"""Import, export and calendar as pages: what somebody with a browser sees, presses and gets."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from starlette.testclient import TestClient

from adapters.web import working
from adapters.web.app import web_app
from adapters.web.links import Links
from compact_bot.bot import Bot
from compact_bot.sheets.reading import LARGEST_FILE
from tests.conftest import NOW, Chat
from tests.importing.made import BROKEN, REGISTER, many
from tests.web.browsing import violations, width

HOME = "https://compact.example.gov.uk"


@pytest.fixture
def client(filled_bot: Bot) -> TestClient:
    app = web_app(filled_bot, lambda: NOW, lambda _: [])
    return TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50_000), follow_redirects=True)


def upload(page: Page, content: bytes | str, tmp_path: Path, name: str = "grants.csv") -> None:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    page.goto("/import")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()


# ---- import ---------------------------------------------------------------------------------------------------------


def test_a_list_with_three_broken_lines_is_shown_corrected_and_kept(house: Page, tmp_path: Path) -> None:
    upload(house, REGISTER + BROKEN, tmp_path)
    expect(house.get_by_text("3 cannot be read.")).to_be_visible()
    wrong = house.get_by_role("table", name="Cannot be read")
    expect(wrong.get_by_role("row")).to_have_count(4)
    expect(wrong.get_by_role("rowheader", name="Line 8, Hall, Bad Group")).to_be_visible()
    expect(house.get_by_role("table", name="New").get_by_role("row")).to_have_count(3)
    assert violations(house) == []
    house.get_by_role("button", name="Correct the columns").click()
    assert violations(house) == []
    house.get_by_label("Column F, Officer").select_option("Not used")
    house.get_by_role("button", name="Read it again").click()
    expect(house.get_by_text('not used: "Grant amount", "Officer".')).to_be_visible()
    house.reload()
    house.get_by_role("button", name="Import 2, leave out 3").click()
    expect(house.get_by_text(re.compile(r"Imported: D\d+ to D\d+, 2 deadlines. 3 lines"))).to_be_visible()
    assert violations(house) == []
    house.get_by_role("button", name="Undo").click()
    expect(house.get_by_text("Taken back: ")).to_be_visible()


def test_what_takes_long_shows_how_far_it_is_until_it_is_done(
    house: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "SHOWN_AFTER", 0.2)
    upload(house, many(3_000), tmp_path, "many.xlsx")
    expect(house.get_by_role("button", name="Import 3000")).to_be_visible(timeout=30_000)
    house.get_by_role("button", name="Import 3000").click()
    expect(house.get_by_role("heading", name="Working ...")).to_be_visible()
    assert violations(house) == []
    expect(house.get_by_text(re.compile(r"Imported: D\d+ to D\d+, 3000 deadlines."))).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("content", [b"%PDF-1.7 not a list", b"", b"Grant,End date\n"])
def test_a_file_that_is_no_list_is_refused_on_the_page(house: Page, tmp_path: Path, content: bytes) -> None:
    upload(house, content, tmp_path)
    expect(house.get_by_text("Nothing was saved.").first).to_be_visible()
    expect(house.get_by_label("The file")).to_be_visible()


def test_fifty_megabytes_are_refused_before_they_are_sent_and_when_they_are_sent_anyway(
    house: Page, client: TestClient, tmp_path: Path
) -> None:
    upload(house, b"x" * 50_000_000, tmp_path)
    expect(house.get_by_role("alert")).to_have_text(
        "This file has 50 MB; the most that is read is 10 MB. Nothing was sent."
    )
    assert violations(house) == []
    sent = client.post("/import", files={"file": ("grants.csv", b"x" * (LARGEST_FILE + 200_000))})
    assert (sent.status_code, sent.text) == (
        413,
        "That file is too large: the most I read is 10 MB. Nothing was saved.",
    )


def test_without_scripts_a_list_is_brought_and_kept(client: TestClient) -> None:
    shown = client.post("/import", files={"file": ("../../grants.csv", REGISTER.encode())})
    assert re.search(r"/import/\d+$", str(shown.url))
    assert "grants.csv: 4 lines: 2 new" in shown.text
    value = re.search(r'name="pressed" value="([^"]+KeepList[^"]+)"', shown.text)
    assert value is not None
    kept = client.post(str(shown.url), data={"pressed": value[1].replace("&#34;", '"')})
    assert "Imported: D" in kept.text
    assert "imported already" in client.get(str(shown.url)).text
    assert "No file came with that." in client.post("/import", files={"other": ("a", b"b")}).text


def test_another_sites_form_brings_nothing(client: TestClient) -> None:
    sent = client.post(
        "/import", files={"file": ("g.csv", REGISTER.encode())}, headers={"Origin": "https://evil.example"}
    )
    assert sent.status_code == 403
    stale = client.post(
        "/import",
        files={"file": ("g.csv", REGISTER.encode())},
        headers={"Origin": "http://127.0.0.1:8000"},
        data={"token": "guessed"},
    )
    assert stale.status_code == 403


def test_the_template_is_downloaded_and_can_be_opened(client: TestClient) -> None:
    got = client.get("/import/template.xlsx")
    assert "attachment" in got.headers["content-disposition"]
    assert load_workbook(io.BytesIO(got.content)).sheetnames == ["Deadlines", "How to fill it in"]


# ---- export and calendar --------------------------------------------------------------------------------------------


def test_everything_on_the_export_page_downloads(house: Page) -> None:
    house.goto("/export")
    assert violations(house) == []
    for link in house.get_by_role("main").get_by_role("link", name=" as ").all():
        with house.expect_download() as download:
            link.click()
        assert re.fullmatch(
            r"compact-(deadlines|feedback)-2026-11-23\.(xlsx|csv|json)", download.value.suggested_filename
        )


def test_a_deadline_is_downloaded_for_a_calendar_and_what_is_not_there_is_not(client: TestClient) -> None:
    got = client.get("/export/D1.ics")
    assert got.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Youth club grant" in got.content
    for wrong in ("/export/D99.ics", "/export/people.csv", "/export/deadlines.exe", "/export/D1.csv"):
        assert client.get(wrong).status_code == 404, wrong


def test_an_address_is_given_works_and_is_taken_back(house: Page) -> None:
    house.goto("/calendar")
    assert violations(house) == []
    house.get_by_role("button", name="An address for what I own").click()
    said = house.get_by_text("Your address, which shows what you own").inner_text()
    where = re.search(r"http://\S+(/calendar/\S+\.ics)", said)
    assert where is not None
    assert violations(house) == []
    assert "BEGIN:VCALENDAR" in house.request.get(where[1]).text()
    house.get_by_role("button", name="New address").click()
    expect(house.get_by_text("1 address ended")).to_be_visible()
    assert house.request.get(where[1]).status == 404


def test_on_a_phone_nothing_is_wider_than_the_screen(house: Page, tmp_path: Path) -> None:
    house.set_viewport_size({"width": 320, "height": 640})
    for path in ("/import", "/export", "/calendar"):
        house.goto(path)
        assert width(house) <= 320, path
    upload(house, REGISTER + BROKEN, tmp_path)
    expect(house.get_by_text("3 cannot be read.")).to_be_visible()
    assert width(house) <= 320


# ---- signed in ------------------------------------------------------------------------------------------------------


@pytest.fixture
def abroad(bot: Bot) -> Iterator[TestClient]:
    """From elsewhere, at a public address."""
    links = Links(HOME, "s" * 32, "this machine")
    bot.pages = links
    app = web_app(
        bot, lambda: NOW + timedelta(minutes=1), lambda _: [], public_url=HOME, secret_key="s" * 32
    )  # a test's own
    with TestClient(app, base_url=HOME, client=("192.0.2.1", 50_000)) as client:
        yield client


def test_nobody_gets_in_without_signing_in_but_calendar_programs(bot: Bot, abroad: TestClient) -> None:
    for path in ("/import", "/import/1", "/import/working", "/export", "/export/deadlines.csv", "/calendar"):
        assert abroad.get(path).status_code == 403, path
    chat = Chat(bot)
    chat.say('track payment "Rent" due 4 January 2027')
    said = chat.say("calendar").text
    address = re.search(rf"{HOME}(/calendar/\S+\.ics)", said)
    assert address is not None
    assert b"SUMMARY:Rent" in abroad.get(address[1]).content
    invited = replace(chat.message("import"))
    reply = bot.reply_to(invited)
    assert reply is not None
    assert reply.buttons[0].url.startswith(f"{HOME}/sign-in/")
    assert reply.private


def test_what_somebody_imports_at_the_page_is_theirs(bot: Bot, abroad: TestClient) -> None:
    chat = Chat(bot)
    link = chat.say("import").buttons[0].url
    signing_in = abroad.get(link)
    token = re.search(r'name="token" value="([^"]+)"', signing_in.text)
    data = {"token": token[1]} if token else {}
    abroad.post(link, data=data, headers={"Origin": HOME}, follow_redirects=True)
    page = abroad.get("/import")
    assert page.status_code == 200
    token = re.search(r'name="token" value="([^"]+)"', page.text)
    assert token is not None
    shown = abroad.post(
        "/import",
        files={"file": ("g.csv", REGISTER.encode())},
        data={"token": token[1]},
        headers={"Origin": HOME},
        follow_redirects=True,
    )
    assert "g.csv: 4 lines: 2 new" in shown.text
    other = replace(chat, name="Ben", thread="his", heard=[])
    number = str(shown.url).rpartition("/")[2]
    assert "no such list of yours" in other.say(f"read list {number}").text
    assert chat.say(f"keep list {number}").text == "Imported: D1 to D2, 2 deadlines."
