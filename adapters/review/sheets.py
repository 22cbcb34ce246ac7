"""The review's numbers as CSV and as a spreadsheet. Words that a spreadsheet would run as a formula stay words."""

import csv
import io
from datetime import date

from adapters.review.tables import Cell, References, tables_of
from compact_bot.feedback.review import Review
from compact_bot.sheets.writing import LONGEST_CELL, book, neutral, words_cell


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
    title = f"Review of the {review.agreement.about.title}, {review.period}"
    return book(title, ((table.title, table.columns, table.rows) for table in tables_of(review)), _for_sheet)


def _for_sheet(sheet: object, cell: Cell) -> object:
    if isinstance(cell, int | date) or cell is None:
        return cell
    return words_cell(sheet, str(cell)[:LONGEST_CELL]) if isinstance(cell, str | References) else cell
