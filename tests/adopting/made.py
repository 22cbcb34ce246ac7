"""Files as councils send them, made from plain lines: Word, PDF and web pages."""

import html
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from fpdf import FPDF

FONT = "helvetica"
AS_PRINTED = str.maketrans(
    {"…": "...", "•": "\x95", "’": "\x92", "‘": "\x91", "“": "\x93", "”": "\x94", "–": "\x96", "—": "\x97"}
)


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


class _Printed(FPDF):
    def header(self) -> None:
        self.set_font(FONT, size=8)
        self.cell(0, 6, "Hexley Compact 2021", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(FONT, size=8)
        self.cell(0, 6, str(self.page_no()), align="C")


def printed_pdf(file: Path) -> Path:
    """A PDF as a designer sets it: large headings, a table with a column for each side, heads and page numbers."""
    pdf = _Printed()

    def heading(text: str, size: int = 14) -> None:
        pdf.ln(4)
        pdf.set_font(FONT, "B", size)
        pdf.cell(0, 9, text, new_x="LMARGIN", new_y="NEXT")
        pdf.set_font(FONT, size=11)

    def paragraph(text: str, label: str = "") -> None:
        if label:
            pdf.cell(12, 5.5, label)
        pdf.multi_cell(160, 5.5, text, new_x="LMARGIN", new_y="NEXT", align="L")
        pdf.ln(3)

    pdf.add_page()
    heading("Hexley Compact", 22)
    heading("Introduction")
    paragraph(
        "This Compact was made after a long year of talks between people from every part of the district. It is no law."
    )
    heading("Money")
    with pdf.table(col_widths=(90, 90), line_height=6) as table:
        for left, right in (
            ("The Council will", "Voluntary groups will"),
            (
                "Give at least three months' notice in writing before it ends or cuts a grant, with reasons.",
                "Tell the Council early when they cannot do what the grant was given for.",
            ),
            (
                "Pay invoices within 20 working days.",
                "Send in a report each quarter and keep receipts for six years after.",
            ),
        ):
            row = table.row()
            row.cell(left)
            row.cell(right)
    pdf.add_page()
    heading("Consultation")
    paragraph(
        "The Council will allow eight weeks for every consultation, and not count the last two of December.", "1."
    )
    paragraph("Groups will reply in time.", "2.")
    pdf.add_page()
    heading("Volunteers")
    paragraph("The Council will lend its vans to groups at weekends.")
    paragraph("Volunteers will be insured by the groups that they help.")
    pdf.output(str(file))
    return file


def numbered_word(file: Path) -> Path:
    """A Word document whose numbers Word counts by itself, with headings by style, a table of sides and a header."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Draft for Cabinet"
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_LEVELS))
    numbering.append(parse_xml(f'<w:num {_W} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))

    def counted(text: str, level: int) -> None:
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {_W}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )

    document.add_heading("Selby Vale Compact", 0)
    counted("Funding", 0)
    counted("The Council will:", 1)
    counted("give six months' notice;", 2)
    counted("pay in 30 days.", 2)
    counted("Grants are public.", 1)
    counted("Volunteering", 0)
    counted("Volunteers are never paid.", 1)
    document.add_heading("Working together", 1)
    table = document.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells),
        ("The Council will", "Voluntary organisations will", "Share its plans.", "Share what they hear."),
        strict=True,
    ):
        cell.text = text
    paragraph = document.add_paragraph("The Compact is ")
    paragraph._p.append(parse_xml(f"<w:ins {_W} w:id='1' w:author='A'><w:r><w:t>reviewed </w:t></w:r></w:ins>"))
    paragraph._p.append(
        parse_xml(f"<w:del {_W} w:id='2' w:author='A'><w:r><w:delText>thrown </w:delText></w:r></w:del>")
    )
    paragraph.add_run("each year.")
    document.save(str(file))
    return file


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_LEVELS = f"""<w:abstractNum {_W} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum>"""
