"""A CSV or Excel file to its sheets. Whatever is no such file, or more than anybody keeps in one, is refused in words.

Nothing in a file is ever run: of a formula the result is read that the spreadsheet program saved beside it.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

LARGEST_FILE = 10_000_000  # bytes; a register of 5,000 grants is a tenth of it
LARGEST_UNPACKED = 150_000_000  # bytes of an Excel file once it is unpacked
MOST_PARTS = 2_000  # files inside an Excel file
MOST_ROWS = 20_000
MOST_COLUMNS = 100
MOST_SHEETS = 30
LONGEST_CELL = 5_000  # characters
_DELIMITERS = ",;\t|"
_SAVE_AS = "Open it in your spreadsheet program and save it as .xlsx or .csv."


class UnreadableFileError(Exception):
    """A file that cannot be read; the message says why and what to do, in plain words."""


@dataclass(frozen=True)
class Unread:
    """A cell that holds no value: `why` says so in plain words."""

    why: str


Cell: TypeAlias = str | int | float | date | Unread | None


@dataclass(frozen=True)
class Row:
    """`number` is the one that a spreadsheet program shows beside it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[Row, ...]


def check_size(size: int) -> None:
    """Raises UnreadableFileError for a file that is too large, before anything of it is looked at."""
    if size > LARGEST_FILE:
        raise UnreadableFileError(
            f"The file has {size / 1e6:,.0f} MB; the most I read is {LARGEST_FILE // 1_000_000} MB. "
            "Keep only the list in it, without pictures and other sheets."
        )


def read_sheets(name: str, content: bytes) -> tuple[Sheet, ...]:
    """The sheets of a file that hold anything. Raises UnreadableFileError."""
    check_size(len(content))
    if not content.strip():
        raise UnreadableFileError("The file is empty.")
    if content.startswith(b"PK"):
        sheets = _excel_sheets(content)
    elif refused := _other_format(content):
        raise UnreadableFileError(refused)
    else:
        sheets = (Sheet(PurePath(name).stem, _at_most(_csv_rows(content))),)
    filled = tuple(sheet for sheet in sheets if sheet.rows)
    if not filled:
        raise UnreadableFileError("The file holds no lines.")
    return filled


def _at_most(rows: Iterator[Row]) -> tuple[Row, ...]:
    found = tuple(islice(rows, MOST_ROWS + 1))
    if len(found) > MOST_ROWS:
        raise UnreadableFileError(f"The list has more than {MOST_ROWS:,} lines. Cut it into files of fewer lines.")
    return found


def _other_format(content: bytes) -> str:
    """What a file is that is certainly no text; "" where it may be."""
    if content.startswith(b"%PDF"):
        return f"This is a PDF, whatever its name says. I read .xlsx and .csv. {_SAVE_AS}"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return f"This is an old .xls file, or one with a password. {_SAVE_AS}"
    if content.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc")):
        return f"This is a picture or a packed file, not a spreadsheet. {_SAVE_AS}"
    if re.match(rb"\s*<(?:!doctype|html|\?xml)", content[:200], re.IGNORECASE):
        return f"This is a web page, not a spreadsheet. {_SAVE_AS}"
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")) and re.search(rb"[\0-\x08\x0e-\x1f]", content):
        return f"This is not text, and not an Excel file either. {_SAVE_AS}"
    return ""


# ---- CSV ------------------------------------------------------------------------------------------------------------


def _csv_rows(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    declared = re.match(r"sep=(.)\r?\n", text)
    delimiter = declared[1] if declared else _delimiter(text)
    text = text[declared.end() :] if declared else text
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for number, cells in enumerate(lines, start=2 if declared else 1):
            if len(cells) == 1 and len(cells[0]) > LONGEST_CELL and "\n" in cells[0]:
                raise UnreadableFileError(f"A quotation mark opens in line {number} and never closes. {_SAVE_AS}")
            if row := _row(number, cells):
                yield row
    except csv.Error as error:
        raise UnreadableFileError(
            f"A cell in it is longer than any list has, or is never closed. {_SAVE_AS}"
        ) from error


def _decoded(content: bytes) -> str:
    """As UTF-8 or UTF-16 where it says or shows so, else as Windows writes English."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """What most lines are cut by into as many cells as the others."""
    sample = text[:50_000]

    def alike(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)][:200]
        wide = [width for width in widths if width > 1]
        usual = max(set(wide), key=wide.count) if wide else 0
        return wide.count(usual), usual

    try:
        return max(_DELIMITERS, key=alike)
    except csv.Error:
        return ","


# ---- Excel ----------------------------------------------------------------------------------------------------------


def _excel_sheets(content: bytes) -> tuple[Sheet, ...]:
    from openpyxl import load_workbook

    formulas = _check_parts(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"][:MOST_SHEETS]
        rows = _excel_rows_with_formats if _shows_months_alone(book) else _excel_rows
        sheets = tuple(Sheet(sheet.title, _at_most(rows(sheet))) for sheet in shown)
        if not formulas:
            return sheets
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        return tuple(_without_results(sheet, book[sheet.name]) for sheet in sheets)
    except UnreadableFileError:
        raise
    except Exception as error:  # openpyxl and the XML below it raise what they like for what others made wrong
        raise UnreadableFileError(
            f"This Excel file is damaged, or made in a way that I cannot read. {_SAVE_AS}"
        ) from error


def _check_parts(content: bytes) -> bool:
    """Whether it holds formulas. Raises UnreadableFileError for macros, and for what unpacks to more than is kept."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            names = {part.filename.casefold() for part in parts}
            if any(name.endswith("vbaproject.bin") for name in names):
                raise UnreadableFileError(
                    "This workbook holds macros, which I never open. Save it as .xlsx without them."
                )
            if "xl/workbook.xml" not in names:
                raise UnreadableFileError(f"This is a packed file of another kind, not an Excel file. {_SAVE_AS}")
            if any(part.flag_bits & 1 for part in parts):
                raise UnreadableFileError("This file has a password. Save it without one.")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise UnreadableFileError(
                    "This file unpacks to far more than a list has, so I left it shut. Copy the list into a new file."
                )
            sheets = [part for part in parts if part.filename.casefold().startswith("xl/worksheets/")]
            return any(_holds_formula(packed, part) for part in sheets)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise UnreadableFileError(f"This Excel file is damaged. {_SAVE_AS}") from error


def _holds_formula(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    end = b""
    with packed.open(part) as stream:
        while read := stream.read(1_000_000):
            if b"<f>" in end + read or b"<f " in end + read or b":f>" in end + read:
                return True
            end = read[-3:]
    return False


def _excel_rows(sheet: "ReadOnlyWorksheet") -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong, and is not needed
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=10 * MOST_ROWS, values_only=True)
    for number, values in enumerate(rows, start=1):
        if row := _row(number, values):
            yield row


def _shows_months_alone(book: "Workbook") -> bool:
    """Whether any cell may be a day of which Excel shows the month alone, as "Mar-27"."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    known = {**BUILTIN_FORMATS, **dict(enumerate(book._number_formats, BUILTIN_FORMATS_MAX_SIZE))}
    formats = (known.get(style.numFmtId, "General") for style in book._cell_styles)
    return any(_is_month_alone(one) for one in formats)


def _is_month_alone(number_format: str) -> bool:
    shown = re.sub(r'"[^"]*"|\\.|\[[^]]*\]', "", number_format).casefold()
    return "m" in shown and "y" in shown and "d" not in shown


def _excel_rows_with_formats(sheet: "ReadOnlyWorksheet") -> Iterator[Row]:
    """Who types "Mar-27" gets 1 March, of which Excel shows the month alone: that may not be what they mean."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=10 * MOST_ROWS), start=1):
        values = [f"{cell.value:%B %Y}" if _is_month(cell) else cell.value for cell in cells]
        if row := _row(number, values):
            yield row


def _is_month(cell: "ReadOnlyCell") -> bool:
    return isinstance(cell.value, date) and cell.value.day == 1 and _is_month_alone(cell.number_format)


def _without_results(sheet: Sheet, written: "ReadOnlyWorksheet") -> Sheet:
    """The sheet, with what holds a formula whose result was never saved marked as unread."""
    written.reset_dimensions()
    missing: dict[int, list[int]] = {}
    for number, cells in enumerate(written.iter_rows(max_col=MOST_COLUMNS, max_row=10 * MOST_ROWS), start=1):
        if found := [place for place, cell in enumerate(cells) if cell.data_type == "f"]:
            missing[number] = found
    rows = []
    for row in sheet.rows:
        cells = list(row.cells)
        for place in missing.get(row.number, ()):
            if place >= len(cells) or cells[place] is None:
                cells += [None] * (place + 1 - len(cells))
                cells[place] = Unread("it holds a formula whose result is not in the file; save the file in Excel once")
        rows.append(Row(row.number, tuple(cells)))
    return Sheet(sheet.name, tuple(rows))


# ---- cells ----------------------------------------------------------------------------------------------------------


def _row(number: int, values: Sequence[object]) -> Row | None:
    """None for a row in which nothing stands."""
    cells = [_cell(value) for value in values[:MOST_COLUMNS]]
    while cells and cells[-1] is None:
        cells.pop()
    return Row(number, tuple(cells)) if cells else None


def _cell(value: object) -> Cell:
    match value:
        case None | "":
            return None
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date()
        case date() | int() | float():
            return value
        case time():  # what Excel shows for the number 0 in a column of dates
            return Unread("it holds a time of day, and no date")
        case str() if len(value) > LONGEST_CELL:
            return Unread(f"it has {len(value):,} characters, and the most I read is {LONGEST_CELL:,}")
        case str():
            text = value.strip()
            if text.startswith("="):
                return Unread("it begins with =, as a formula does; put the words themselves there")
            if text.startswith("#") and text.rstrip("!?").isupper() and text[1:2].isalpha():
                return Unread(f"Excel says {text} there")
            return text or None
        case _:
            return str(value).strip() or None
