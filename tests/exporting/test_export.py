"""Exports, opened again: nothing is lost, nothing runs, nobody is named who should not be."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from compact_bot.conversation import File, Reply
from tests.conftest import Chat
from tests.importing.test_chat import bring, button

HOSTILE = ("=cmd|' /C calc'!A0", "+44 20 8770", "-1", "@SUM(A1)", "  =1+1", "Ｈ＝")


def said_with_files(chat: Chat, said: str) -> Reply:
    reply = chat.bot.reply_to(replace(chat.message(said), takes_files=True))
    assert reply is not None
    return reply


def exported(chat: Chat, said: str = "export") -> File:
    (file,) = said_with_files(chat, said).files
    return file


def lines(file: File) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))


@pytest.fixture
def tracking(chat: Chat) -> Chat:
    chat.say('track funding "Youth club grant" ends 31 March 2027 owner "Amina Khan"')
    chat.say('track payment "Rent, hall" due 4 January 2027, 4 April 2027')
    chat.say('track consultation "Parks" opens 7 December 2026 closes 1 March 2027 because "it is \'urgent\'"')
    chat.say('track improvement "Hall" found 1 November 2026 review 1 March 2027')
    chat.say('track monitoring "Q3" starts 1 December 2026 reports 31 March 2027')
    chat.say("done D1 minimum-notice on 23 November 2026: by letter")
    chat.say("drop D4 because it is settled")
    return chat


def test_a_spreadsheet_holds_each_deadline_and_each_step(tracking: Chat) -> None:
    reply = said_with_files(tracking, "export")
    assert reply.text == "Here is a spreadsheet of 5 deadlines: compact-deadlines-2026-11-23.xlsx."
    book = load_workbook(io.BytesIO(reply.files[0].content))
    header, *rows = book["Deadlines"].iter_rows(values_only=True)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["Number"], one["Name"], one["State"]) for one in found][:2] == [
        ("D1", "Youth club grant", "open"), ("D2", "Rent, hall", "open"),
    ]  # fmt: skip
    assert found[0]["End date"] == datetime(2027, 3, 31)  # noqa: DTZ001
    assert found[0]["Owner"] == "Amina Khan"
    assert (found[1]["Due date"], found[1]["Due date 2"]) == (datetime(2027, 1, 4), datetime(2027, 4, 4))  # noqa: DTZ001
    header, *rows = book["Steps"].iter_rows(values_only=True)
    done = [row for row in rows if row[5] == "done"]
    assert ("D1", "3.4.4", "by letter") in [(row[0], row[3], row[7]) for row in done]


def test_csv_and_json_say_the_same(tracking: Chat) -> None:
    as_csv = lines(exported(tracking, "export as csv"))
    as_json = json.loads(exported(tracking, "export deadlines as json").content)
    assert [one["Name"] for one in as_csv] == [one["Name"] for one in as_json]
    assert as_csv[0]["End date"] == as_json[0]["End date"] == "2027-03-31"
    assert [step["Step"] for step in as_json[1]["Steps"]] == ["Payment made (1 of 2)", "Payment made (2 of 2)"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_is_imported_again_as_it_was(tracking: Chat, form: str) -> None:
    file = exported(tracking, f"export as {form}")
    merton = replace(tracking, organisation="Merton Council", heard=[])
    read = bring(merton, file.content, file.name)
    assert read.text == f"{file.name}: 5 lines: 4 new, 1 over. Nothing is saved yet."
    merton.press(button(read, "Import"))
    again = lines(exported(merton, "export as csv"))
    before = lines(exported(tracking, "export as csv"))
    alike = ("Name", "Kind", "Owner", "Start date", "End date", "Due date", "Due date 2", "Report due")
    still_open = [one for one in before if one["State"] == "open"]
    assert [[one[name] for name in alike] for one in again] == [[one[name] for name in alike] for one in still_open]


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_in_an_export_is_a_formula(chat: Chat, title: str) -> None:
    quoted = title.replace('"', '""')
    chat.say(f'track funding "{quoted}" ends 31 March 2027 owner "=evil()"')
    sheet = load_workbook(io.BytesIO(exported(chat).content))["Deadlines"]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "inlineStr", "d", "n"}
    name, owner = (lines(exported(chat, "export as csv"))[0][column] for column in ("Name", "Owner"))
    assert not name.lstrip().startswith(("=", "+", "-", "@"))
    assert owner == "'=evil()"


def test_feedback_names_nobody_but_to_leads(chat: Chat) -> None:
    chat.say("feedback 3.3.4 council paid us five weeks late")
    anonymous = chat.say("anonymous feedback 3.2.2: they closed it early, keep me out of it")
    assert "Logged as F" in anonymous.text
    ben = replace(chat, name="Ben", thread="his own", heard=[])
    rows = lines(exported(ben, "export feedback as csv"))
    assert "Logged by" not in rows[0]
    assert {row["Clauses"] for row in rows} == {"3.3.4", "3.2.2"}
    ben.say("lead me")
    named = said_with_files(ben, "export feedback as csv")
    assert "keep it among Compact leads" in named.text
    assert sorted(row["Logged by"] for row in lines(named.files[0])) == ["", "Amina"]


def test_each_organisation_gets_its_own(tracking: Chat) -> None:
    assert lines(exported(replace(tracking, organisation="Merton Council", heard=[]), "export as csv")) == []


def test_where_no_file_can_be_sent_it_says_how_to_get_one(tracking: Chat) -> None:
    reply = tracking.say("export feedback as json")
    assert reply.files == ()
    assert "compact-bot export feedback --out feedback.json" in reply.next_step


def test_days_are_days(tracking: Chat) -> None:
    sheet = load_workbook(io.BytesIO(exported(tracking).content))["Deadlines"]
    found = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, date)]
    assert found
    assert {cell.number_format for cell in found} == {"dd/mm/yyyy"}
