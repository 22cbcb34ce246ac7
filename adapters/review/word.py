"""The review as a Word document: headings, tables with repeated headers, a picture with words that stand in for it."""

import io
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from adapters.review.pictures import described, png
from adapters.review.tables import Cell, References, Table, tables_of
from compact_bot.dates import spoken
from compact_bot.feedback.review import Review
from compact_bot.feedback.summary import summed_up

if TYPE_CHECKING:
    from docx.document import Document

LISTED = 500  # rows of a table; Word grows slow beyond, and the spreadsheet has them all
REFERRED = 30  # records named behind a figure


def word_document(review: Review) -> bytes:
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Pt

    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(10)
    title = f"How the {review.agreement.about.title} was kept"
    document.core_properties.title, document.core_properties.language = title, "en-GB"
    document.core_properties.author = "Compact Bot"
    document.add_heading(title, 0)
    document.add_paragraph(f"Made on {spoken(review.made_on)}.")
    for line in summed_up(review):
        document.add_paragraph(line)
    for table in tables_of(review):
        document.add_heading(table.title, 1)
        if table.name == "months" and review.total.total:
            _picture(document, review)
        _table(document, table)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _picture(document: "Document", review: Review) -> None:
    from docx.shared import Cm

    shape = document.add_picture(io.BytesIO(png(review.months)), height=Cm(5))
    words = described(review.months)
    shape._inline.docPr.set("descr", words)
    shape._inline.docPr.set("title", "Months")
    document.add_paragraph(f"{words} Kept at the bottom, then not kept, then suggestions.")


def _table(document: "Document", table: Table) -> None:
    from docx.oxml import OxmlElement

    if not table.rows:
        document.add_paragraph(table.empty)
        return
    rows = table.rows[:LISTED]
    made = document.add_table(rows=len(rows) + 1, cols=len(table.columns), style="Light Grid Accent 1")
    header = made.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))  # Word repeats it on each page, and screen readers read it
    cells = list(made._cells)  # each look at row.cells walks the whole table
    for place, text in enumerate((*table.columns, *(_text(cell) for row in rows for cell in row))):
        cells[place].text = text
    if len(table.rows) > LISTED:
        document.add_paragraph(f"The first {LISTED} of {len(table.rows)}; the spreadsheet holds them all.")


def _text(cell: Cell) -> str:
    if isinstance(cell, References):
        return _some(cell.codes)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - REFERRED} more" if len(codes) > REFERRED else ""
    return ", ".join(codes[:REFERRED]) + more
