"""Tables to CSV, Excel and JSON. Words that a spreadsheet would run as a formula stay words."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeVar

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, with the wide forms they read alike.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_000  # Excel keeps 32,767 characters in a cell

Value: TypeAlias = str | int | date | None
AnyValue = TypeVar("AnyValue")


@dataclass(frozen=True)
class Table:
    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


def neutral(text: str) -> str:
    """Words that no spreadsheet runs: an apostrophe before what looks like a formula, also after blanks."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def csv_file(table: Table) -> bytes:
    """With a mark that tells Excel it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_for_csv(value) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _for_csv(value: Value) -> str | int:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else neutral(value or "")


def records(table: Table) -> list[dict[str, Any]]:
    """Each line by the names of its columns, for JSON; words are as they were written, since nothing runs them."""
    return [dict(zip(table.columns, map(_for_json, row), strict=True)) for row in table.rows]


def _for_json(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def spreadsheet(title: str, tables: Sequence[Table]) -> bytes:
    return book(title, ((table.title, table.columns, table.rows) for table in tables), _for_sheet)


def book(
    title: str,
    tables: Iterable[tuple[str, Sequence[str], Iterable[Sequence[AnyValue]]]],
    cell: Callable[[object, AnyValue], object],
) -> bytes:
    """A sheet for each table, of a title, columns and rows; its header frozen. `cell` makes what stands in a sheet."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    made = Workbook(write_only=True)
    made.properties.title = title
    for name, columns, rows in tables:
        sheet = made.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        for number, column in enumerate(columns):
            sheet.column_dimensions[chr(65 + number)].width = max(12, min(60, 3 * len(column)))
        sheet.append([words_cell(sheet, column, Font(bold=True)) for column in columns])
        for row in rows:
            sheet.append([cell(sheet, value) for value in row])
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def _for_sheet(sheet: object, value: Value) -> object:
    if isinstance(value, date):
        return _day_cell(sheet, value)
    return words_cell(sheet, value[:LONGEST_CELL]) if isinstance(value, str) else value


def _day_cell(sheet: object, day: date) -> object:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=day)
    cell.number_format = "dd/mm/yyyy"
    return cell


def words_cell(sheet: object, text: str, font: object = None) -> object:
    """A cell of text: told to be a string, since openpyxl makes a formula of what begins with "="."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", neutral(text)))
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell
