"""What comes as a file: read as it is meant, or refused in plain words before anything is believed."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook

from compact_bot.sheets.reading import (
    LARGEST_FILE,
    LARGEST_UNPACKED,
    MOST_ROWS,
    Unread,
    UnreadableFileError,
    check_size,
    read_sheets,
)
from tests.importing.made import packed, saved, with_part, workbook


def cells(content: bytes, name: str = "list.csv") -> list[tuple[object, ...]]:
    return [row.cells for row in read_sheets(name, content)[0].rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_is_read_whatever_cuts_its_cells_and_however_it_is_encoded(delimiter: str, encoding: str) -> None:
    text = "Name,End\r\nCafé Zoë’s £5,31/03/2027\r\n".replace(",", delimiter)
    assert cells(text.encode(encoding)) == [("Name", "End"), ("Café Zoë’s £5", "31/03/2027")]


def test_a_cell_may_hold_what_cuts_others_and_ends_of_lines() -> None:
    assert cells(b'Name,End\n"Hall, and\ngarden",31/03/2027\n')[1] == ("Hall, and\ngarden", "31/03/2027")


def test_excels_own_line_of_the_delimiter_is_no_line_of_the_list() -> None:
    rows = read_sheets("a.csv", b"sep=;\nName;End\nHall;1/4/27\n")[0].rows
    assert [(row.number, row.cells) for row in rows] == [(2, ("Name", "End")), (3, ("Hall", "1/4/27"))]


def test_lines_are_numbered_as_a_spreadsheet_shows_them() -> None:
    rows = read_sheets("a.xlsx", workbook(["Name"], [], ["Hall"]))[0].rows
    assert [row.number for row in rows] == [1, 3]


def test_excels_dates_are_days_and_hidden_sheets_are_not_read() -> None:
    book = Workbook()
    book.active.append(["Hall", datetime(2027, 3, 31), 3.5, True])  # noqa: DTZ001
    book.create_sheet("Secret").sheet_state = "hidden"
    book["Secret"].append(["no"])
    sheets = read_sheets("a.xlsx", saved(book))
    assert [sheet.name for sheet in sheets] == ["Sheet"]
    assert sheets[0].rows[0].cells == ("Hall", date(2027, 3, 31), 3.5, "yes")


def test_a_formula_counts_by_the_result_that_was_saved_with_it() -> None:
    book = Workbook()
    book.active.append(["Hall", "=DATE(2027,3,31)"])
    content = saved(book)
    assert isinstance(read_sheets("a.xlsx", content)[0].rows[0].cells[1], Unread)
    sheet = b'<row r="1"><c r="A1" t="str"><v>A</v></c><c r="B1"><f>DATE(2027,3,31)</f><v>46477</v></c></row>'
    whole = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    assert cells(with_part(content, "xl/worksheets/sheet1.xml", whole % sheet)) == [("A", 46477)]


@pytest.mark.parametrize("said", ["=cmd|' /C calc'!A0", "#REF!", "#N/A", "#DIV/0!"])
def test_what_is_no_value_is_said_to_be_none(said: str) -> None:
    assert isinstance(cells(f"Name,End\n{said},1/4/27\n".encode())[1][0], Unread)


REFUSED = {
    "nothing": (b"", "is empty"),
    "blanks": (b" \r\n \n", "is empty"),
    "a pdf called .csv": (b"%PDF-1.7\nName,End\n", "a PDF"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old .xls"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
    "a page": (b"<!DOCTYPE html><table><tr><td>Name", "web page"),
    "no text": (b"Name,End\n\x00\x01\x02,1/4/27", "not text"),
    "another packed file": (packed(**{"word/document.xml": b"<x/>"}), "another kind"),
    "half a workbook": (workbook(["Name", "End"])[:300], "damaged"),
    "macros": (with_part(workbook(["Name"]), "xl/vbaProject.bin", b"x"), "macros"),
    "a bomb": (with_part(workbook(["Name"]), "xl/bomb.xml", b"0" * (LARGEST_UNPACKED + 1)), "unpacks to far more"),
    "a quotation mark that never closes": (b'Name,End\n"Hall,1/4/27\n' + b"x,1/4/27\n" * 900, "never closes"),
    "one cell without end": (b"Name,End\n" + b'"' + b"x" * 200_000 + b'",1\n', "longer than any list"),
    "more lines than anybody keeps": (b"Name,End\n" + b"Hall,1/4/27\n" * (MOST_ROWS + 1), "more than"),
}


@pytest.mark.parametrize("named", REFUSED)
def test_what_is_no_list_is_refused_in_plain_words(named: str) -> None:
    content, words = REFUSED[named]
    with pytest.raises(UnreadableFileError, match=words) as refused:
        read_sheets("list.csv", content)
    assert str(refused.value).endswith(".")


def test_fifty_megabytes_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(UnreadableFileError, match="50 MB; the most I read is 10 MB"):
        read_sheets("list.csv", b"x" * 50_000_000)
    check_size(LARGEST_FILE)


def test_entities_that_grow_without_end_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    sheet = (
        bomb + b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    )
    sheet += b'<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    with pytest.raises(UnreadableFileError, match="damaged"):
        read_sheets("a.xlsx", with_part(workbook(["Name"]), "xl/worksheets/sheet1.xml", sheet))
