"""Files as councils send them, made from plain lines: Word, PDF and web pages."""

import html
from pathlib import Path

from docx import Document
from fpdf import FPDF

FONT = "helvetica"
AS_PRINTED = str.maketrans({"…": "...", "•": "\x95", "’": "\x92", "‘": "\x91", "“": "\x93", "”": "\x94", "–": "\x96", "—": "\x97"})


def as_word(text: str, file: Path) -> Path:
    """Each line a paragraph without a style, as when text is opened in a word processor and saved."""
    document = Document()
    for line in text.splitlines():
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_before = 0
    document.save(str(file))
    return file


def as_pdf(text: str, file: Path) -> Path:
    """Lines set at 11 points, wrapped at the margin, one page after another."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(True, margin=20)
    pdf.core_fonts_encoding = "windows-1252"
    pdf.add_page()
    pdf.set_font(FONT, size=11)
    for line in text.splitlines():
        if line.strip():
            pdf.multi_cell(0, 5.2, line.replace("•", "\u2022"), align="L", new_x="LMARGIN", new_y="NEXT")
        else:
            pdf.ln(5.2)
    pdf.output(str(file))
    return file


def as_page(text: str, file: Path) -> Path:
    """Each paragraph a <p> between a website's own lines."""
    said = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.splitlines() if line.strip())
    file.write_text(
        "<!doctype html><html><head><title>Council</title><style>p{margin:0}</style></head><body>"
        "<nav><a href='/'>Home</a> <a href='/bins'>Bins</a></nav>"
        f"<main>{said}</main><footer>Accessibility statement</footer></body></html>",
        encoding="utf-8",
    )
    return file


