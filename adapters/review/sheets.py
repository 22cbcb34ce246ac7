"""The review's numbers as CSV and as a spreadsheet. Words that a spreadsheet would run as a formula stay words."""

import csv
import io
from datetime import date

from adapters.review.tables import Cell, References, tables_of
from compact_bot.feedback.review import Review

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, with the wide forms they read alike.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_000  # Excel keeps 32,767 characters in a cell


def neutral(text: str) -> str:
    """Words that no spreadsheet runs: an apostrophe before what looks like a formula, also after blanks."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text


def csv_file(review: Review) -> bytes:
    """Every table after the other, each under its title; with a mark that tells Excel it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((f"Review of the {neutral(review.agreement.about.title)}", neutral(str(review.period))))
    for table in tables_of(review):
        writer.writerow(())
        writer.writerow((table.title,))
        writer.writerow(table.columns)
        writer.writerows([_for_csv(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def _for_csv(cell: Cell) -> str | int:
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if isinstance(cell, int) else neutral(str(cell or ""))


def spreadsheet(review: Review) -> bytes:
    """A sheet for each table, its header frozen."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    book.properties.title = f"Review of the {review.agreement.about.title}, {review.period}"
    for table in tables_of(review):
        sheet = book.create_sheet(table.title[:31])
        sheet.freeze_panes = "A2"
        for number, name in enumerate(table.columns):
            sheet.column_dimensions[chr(65 + number)].width = max(12, min(60, 3 * len(name)))
        sheet.append([_words(sheet, name, Font(bold=True)) for name in table.columns])
        for row in table.rows:
            sheet.append([_for_sheet(sheet, cell) for cell in row])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _for_sheet(sheet: object, cell: Cell) -> object:
    if isinstance(cell, int | date) or cell is None:
        return cell
    return _words(sheet, str(cell)[:LONGEST_CELL]) if isinstance(cell, str | References) else cell


def _words(sheet: object, text: str, font: object = None) -> object:
    """A cell of text: told to be a string, since openpyxl makes a formula of what begins with "="."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", neutral(text)))
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell
