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
PAGE, MARGIN = (29.7, 21.0), 1.5  # centimetres: A4, lying
SMALL = 8  # points, in tables
IN_TABLES = "Words in tables"
LETTER, CELL = 0.185, 0.42  # centimetres: of a wide letter in that size, and what a cell takes beside its words
LONGEST_WORD = 18  # letters; what is longer, such as an address, is broken anywhere


def word_document(review: Review) -> bytes:
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Cm, Pt

    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(PAGE[0]), Cm(PAGE[1])
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(10)
    small = document.styles.add_style(IN_TABLES, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style, small.font.size = style, Pt(SMALL)
    small.paragraph_format.space_after = Pt(0)
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

    shape = document.add_picture(io.BytesIO(png(review.months)), height=Cm(6.5))
    words = described(review.months)
    shape._inline.docPr.set("descr", words)
    shape._inline.docPr.set("title", "Months")
    document.add_paragraph(words)


def _table(document: "Document", table: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    if not table.rows:
        document.add_paragraph(table.empty)
        return
    rows = table.rows[:LISTED]
    made = document.add_table(rows=len(rows) + 1, cols=len(table.columns), style="Light Grid Accent 1")
    header = made.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))  # Word repeats it on each page, and screen readers read it
    words = [*table.columns, *(_text(cell) for row in rows for cell in row)]
    widths = [Cm(width) for width in widths_of(table.columns, words)]
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    cells = list(made._cells)  # each look at row.cells walks the whole table
    for place, text in enumerate(words):
        cells[place].width = widths[place % len(widths)]
        cells[place].text = text
        cells[place].paragraphs[0].style = document.styles[IN_TABLES]
    if len(table.rows) > LISTED:
        document.add_paragraph(f"The first {LISTED} of {len(table.rows)}; the spreadsheet holds them all.")


def widths_of(columns: Sequence[str], words: Sequence[str]) -> list[float]:
    """Centimetres for each column: enough for its longest word, and of the rest more where more is to be read."""
    texts = [words[place :: len(columns)] for place in range(len(columns))]
    longest = [max((len(word) for text in column for word in text.split()), default=1) for column in texts]
    least = [min(letters, LONGEST_WORD) * LETTER + CELL for letters in longest]
    wanted = [min(sum(map(len, column)) / len(column), 80) for column in texts]
    left = max(PAGE[0] - 2 * MARGIN - sum(least), 0)
    return [width + left * share / sum(wanted) for width, share in zip(least, wanted, strict=True)]


def _text(cell: Cell) -> str:
    if isinstance(cell, References):
        return _some(cell.codes)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - REFERRED} more" if len(codes) > REFERRED else ""
    return ", ".join(codes[:REFERRED]) + more
