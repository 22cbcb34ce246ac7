"""What each kind of file carries besides its words, and files that cannot be taken in."""

import io
import random
from contextlib import suppress
from pathlib import Path

import pytest
from docx import Document
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from knowledge.adopting.adoption import adopt, files_of, write
from knowledge.adopting.errors import AdoptError
from knowledge.adopting.preview import preview
from knowledge.check import problems_in
from knowledge.reader import read_document
from tests.adopting.made import numbered_word, printed_pdf


def clauses(file: Path) -> dict[str, tuple[str, str]]:
    """The side and the words of each clause, by number."""
    return {part.number: (part.side, part.text) for part in adopt([file]).read.parts if part.text}


def left_out(file: Path) -> list[str]:
    return [line.text for line in adopt([file]).left_out]


def test_numbers_that_word_counts_by_itself_are_read_as_it_prints_them(tmp_path: Path) -> None:
    file = numbered_word(tmp_path / "selby.docx")
    assert clauses(file) == {
        "1.1": ("", "The Council will:"),
        "1.1(a)": ("Council", "give six months' notice;"),
        "1.1(b)": ("Council", "pay in 30 days."),
        "1.2": ("", "Grants are public."),
        "2.1": ("", "Volunteers are never paid."),
        "Working together 1": ("Council", "Share its plans."),
        "Working together 2": ("Voluntary organisations", "Share what they hear."),
        "Working together 3": ("", "The Compact is reviewed each year."),
    }


def test_headers_and_footers_of_word_are_left_out_and_named(tmp_path: Path) -> None:
    assert "Draft for Cabinet" in left_out(numbered_word(tmp_path / "selby.docx"))


def test_a_printed_pdf_is_read_by_size_column_and_place(tmp_path: Path) -> None:
    file = printed_pdf(tmp_path / "hexley.pdf")
    assert clauses(file) == {
        "Introduction 1": (
            "",
            "This Compact was made after a long year of talks between people from every part of the district. "
            "It is no law.",
        ),
        "Money 1": (
            "Council",
            "Give at least three months' notice in writing before it ends or cuts a grant, with reasons.",
        ),
        "Money 2": ("Council", "Pay invoices within 20 working days."),
        "Money 3": ("Voluntary groups", "Tell the Council early when they cannot do what the grant was given for."),
        "Money 4": ("Voluntary groups", "Send in a report each quarter and keep receipts for six years after."),
        "1": (
            "Council",
            "The Council will allow eight weeks for every consultation, and not count the last two of December.",
        ),
        "2": ("Voluntary groups", "Groups will reply in time."),
        "Volunteers 1": ("Council", "The Council will lend its vans to groups at weekends."),
        "Volunteers 2": ("", "Volunteers will be insured by the groups that they help."),
    }
    assert {"1", "2", "3", "Hexley Compact 2021", "The Council will"} <= set(left_out(file))


def test_a_web_page_is_read_without_the_websites_own_lines(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        """<html><head><title>Council</title><script>var x = 1;</script></head><body>
        <nav><ul><li>Home</li><li>Bins</li></ul></nav><header>Find a councillor</header>
        <h1>Askrigg Charter</h1><h2>Money</h2>
        <p>The <b>Parish</b> Council will:</p>
        <ol type="a"><li>set its precept<br>by 15 January;</li><li>publish it.</li></ol>
        <h2>Rules</h2><table><tr><th>The County Council will</th><th>The Parish Council will</th></tr>
        <tr><td><p>pay</p></td><td><ul><li>mow</li><li>sweep</li></ul></td></tr></table>
        <footer>Accessibility</footer></body></html>"""
    )
    assert clauses(file) == {
        "Money a": ("Parish Council", "set its precept by 15 January;"),
        "Money b": ("Parish Council", "publish it."),
        "Rules 1": ("Council", "pay"),
        "Rules 2": ("Parish Council", "mow"),
        "Rules 3": ("Parish Council", "sweep"),
    }
    assert {"Home", "Find a councillor", "Accessibility"} <= set(" ".join(left_out(file)).split()) | set(left_out(file))


def made(tmp_path: Path, name: str) -> Path:
    """A file that cannot be taken in."""
    file = tmp_path / name
    if name == "scan.pdf":
        pdf = FPDF()
        pdf.add_page()
        pdf.rect(10, 10, 50, 50)
        pdf.output(str(file))
    elif name == "locked.pdf":
        pdf = FPDF()
        pdf.set_encryption("owner", "user")
        pdf.add_page()
        pdf.set_font("helvetica")
        pdf.cell(0, 10, "Secret")
        pdf.output(str(file))
    elif name == "long.pdf":
        pdf = FPDF()
        for _ in range(2_000):
            pdf.add_page()
        pdf.output(str(file))
    elif name in ("figures.xlsx", "renamed.docx"):
        Workbook().save(file)
    elif name == "locked.docx":
        file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"))
    elif name == "old.docx":
        file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"))
    elif name == "picture.pdf":
        file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(600))
    elif name == "folder":
        file.mkdir()
    elif name == "empty.txt":
        file.write_text(" \n\n")
    elif name == "empty.docx":
        Document().save(str(file))
    elif name != "missing.docx":
        noise = random.Random(7)  # noqa: S311 - the same noise each time
        file.write_bytes(noise.randbytes(3_000))
    return file


def test_pages_of_pictures_among_pages_of_text_are_named(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_font("helvetica")
    for words in ("1. Money\n\n1.1 The Council will pay.\n\n1.2 Groups will say thanks.", "", "1.3 Both will be fair."):
        pdf.add_page()
        pdf.multi_cell(0, 8, words) if words else pdf.rect(10, 10, 100, 100)
    pdf.output(str(tmp_path / "mixed.pdf"))
    adoption = adopt([tmp_path / "mixed.pdf"])
    assert [part.number for part in adoption.read.parts if part.text] == ["1.1", "1.2", "1.3"]
    assert "run text recognition (OCR) first\n  page 2\n" in preview(adoption)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("scan.pdf", "a scan, pictures without text; run text recognition"),
        ("locked.pdf", "asks for a password; open it, take the password off"),
        ("long.pdf", "more than 400 pages; save the pages of the agreement"),
        ("figures.xlsx", "a spreadsheet; copy the agreement's words"),
        ("renamed.docx", "a spreadsheet; copy the agreement's words"),
        ("locked.docx", "asks for a password"),
        ("old.doc", "an old Word file; open it in Word and save it as .docx"),
        ("picture.png", "a picture; its words must be typed"),
        ("folder", "a folder; give the agreement's file"),
        ("missing.docx", "there is no such file"),
        ("empty.txt", "the file is empty"),
        ("empty.docx", "the file is empty"),
        ("old.docx", "an old Office file; open it in Word and save it as .docx"),
        ("picture.pdf", "a picture; its words must be typed"),
        ("noise.docx", "damaged, or no .docx file"),
        ("noise.pdf", "damaged, or no .pdf file"),
        ("noise.txt", "not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_line_that_says_what_to_do(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(AdoptError, match=says) as refused:
        adopt([made(tmp_path, name)])
    assert "\n" not in str(refused.value)


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    for whole in (numbered_word(tmp_path / "a.docx"), printed_pdf(tmp_path / "a.pdf")):
        data = whole.read_bytes()
        file = tmp_path / f"cut{whole.suffix}"
        file.write_bytes(data[: len(data) // 3])
        with pytest.raises(AdoptError, match=r"damaged|scan"):
            adopt([file])


WORDS = st.sampled_from(
    [
        *"1. 1.1 2.3 (a) (b) (i) a) ii. A1 B2.2 Section Commitment 4: Money will: The Council agree to".split(),
        *"7.30 per cent Page 4 of 12 Contents ..... • - * # ## ** | Signed 12 weeks. notice; <!-- --> clause".split(),
        *("\n", "\n\n", "\t", "\f", ""),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.lists(WORDS, max_size=60).map(" ".join), st.text(max_size=200)),
    st.sampled_from([".txt", ".md", ".html"]),
)
def test_any_text_is_taken_in_or_refused_and_nothing_of_it_is_lost(
    tmp_path_factory: pytest.TempPathFactory, text: str, suffix: str
) -> None:
    from tests.adopting.test_layouts import nothing_is_lost

    file = tmp_path_factory.mktemp("any") / f"any{suffix}"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        adoption = adopt([file])
    except AdoptError:
        return
    nothing_is_lost(adoption)
    folder = file.parent / "folder"
    write(folder, files_of(adoption))
    agreement, problems = read_document(folder)
    assert problems == []
    read = [(p.number, p.title or p.heading, p.side, p.text) for p in adoption.read.parts]
    assert [(c.number, c.heading, c.party, c.text) for c in agreement.clauses.values()] == read
    problems_in(folder)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=40), st.sampled_from(["docx", "pdf"]))
def test_a_file_with_some_bytes_changed_is_taken_in_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, put: bytes, kind: str
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    whole = WHOLE.setdefault(kind, _whole(folder, kind))
    file = folder / f"changed.{kind}"
    place = at * len(whole) // 2_000
    file.write_bytes(whole[:place] + put + whole[place + len(put) :])
    with suppress(AdoptError):
        adopt([file])


WHOLE: dict[str, bytes] = {}


def _whole(folder: Path, kind: str) -> bytes:
    make = numbered_word if kind == "docx" else printed_pdf
    return make(folder / f"whole.{kind}").read_bytes()


def test_bytes_are_taken_as_the_encoding_that_they_are_in(tmp_path: Path) -> None:
    said = "1. The Council’s grants – “all” of them – cost £5.\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"):
        file = tmp_path / f"{encoding}.txt"
        file.write_bytes(said.encode(encoding))
        assert clauses(file)["1"][1] == said[3:].strip(), encoding


def test_a_stream_of_words_is_not_needed_to_be_a_file_of_its_name(tmp_path: Path) -> None:
    """People rename files: what it is shows in its first bytes."""
    stream = io.BytesIO(numbered_word(tmp_path / "a.docx").read_bytes())
    file = tmp_path / "agreement.txt"
    file.write_bytes(stream.getvalue())
    assert clauses(file)["1.2"] == ("", "Grants are public.")


def test_a_hyphen_at_the_end_of_a_line_stays_in_its_word(tmp_path: Path) -> None:
    file = tmp_path / "ours.txt"
    file.write_text("1. We work with co-\noperatives and well-\nrun groups.\n2. We meet.\n")
    assert clauses(file)["1"] == ("", "We work with co-operatives and well-run groups.")


@pytest.mark.parametrize(
    ("before", "figure"),
    [
        ("The hall opens at", "2. on Sundays it stays shut."),
        ("It rests on section", "2 of the Act."),
        ("Costs rise by inflation plus", "2.5 per cent."),
        ("Notice is at least", "2 months for all."),
        ("The list is printed on page", "2. It is short."),
    ],
)
def test_a_line_that_begins_with_a_number_in_running_text_opens_no_clause(
    tmp_path: Path, before: str, figure: str
) -> None:
    file = tmp_path / "ours.txt"
    file.write_text(f"1. We share rooms. {before}\n{figure}\n2. We meet each month, and keep notes of it.\n")
    assert list(clauses(file)) == ["1", "2"]
    assert clauses(file)["1"][1] == f"We share rooms. {before} {figure}"


def test_a_heading_is_read_back_as_printed_whatever_signs_it_has(tmp_path: Path) -> None:
    file = tmp_path / "ours.txt"
    file.write_text("Our Compact\n\nRooms | halls --> all\n\n- One is free.\n- Others cost little.\n")
    write(tmp_path / "ours", files_of(adopt([file])))
    agreement, problems = read_document(tmp_path / "ours")
    assert problems == []
    assert {clause.heading for clause in agreement.parts} == {"Rooms | halls --> all"}


def test_a_folder_where_a_file_should_be_is_named_by_check(tmp_path: Path) -> None:
    write(tmp_path / "selby", files_of(adopt([numbered_word(tmp_path / "selby.docx")])))
    (tmp_path / "selby" / "rules.toml").unlink()
    (tmp_path / "selby" / "rules.toml").mkdir()
    (problem,) = problems_in(tmp_path / "selby")
    assert problem.endswith("rules.toml: a folder; a file of this name is expected")


def test_what_markdown_shows_is_read_rather_than_its_marks(tmp_path: Path) -> None:
    file = tmp_path / "fell.md"
    file.write_text(
        "---\ntitle: Fell Accord\n---\n\n# Fell Accord\n\n## Money\n\n1. Grants are public.\n1. Bills are paid.\n\n"
        "## Groups will:\n\n- [ ] write to <grants@fell.example>\n- [x] see [fell.example](https://fell.example)\n"
    )
    assert clauses(file) == {
        "1": ("", "Grants are public."),
        "2": ("", "Bills are paid."),
        "Groups will 1": ("Groups", "write to <grants@fell.example>"),
        "Groups will 2": ("Groups", "see fell.example"),
    }
    assert left_out(file) == ["title: Fell Accord"]


def test_a_page_pasted_without_its_breaks_is_taken_apart_at_its_numbers(tmp_path: Path) -> None:
    file = tmp_path / "flat.txt"
    file.write_text(
        "A Compact for Colne Money 1.1 Grants are made for three years, and all who bid are told of the outcome and "
        "its reasons. 1.2 Bills are paid within 28 days, or 2.5 per cent is added. Volunteers The Council agrees to "
        "the following: 2.1 Let staff volunteer for 2 days a year. 2.2 Thank those who give their time.\n"
    )
    assert list(clauses(file).items())[-4:] == [
        ("1.1", ("", "Grants are made for three years, and all who bid are told of the outcome and its reasons.")),
        ("1.2", ("", "Bills are paid within 28 days, or 2.5 per cent is added.")),
        ("2.1", ("Council", "Let staff volunteer for 2 days a year.")),
        ("2.2", ("Council", "Thank those who give their time.")),
    ]


def test_numbers_with_another_letter_are_not_out_of_order(tmp_path: Path) -> None:
    file = tmp_path / "letters.txt"
    file.write_text(
        "Fell Compact\n\nPrinciples\n\nP1 Trust is earned.\n\nP2 Money is public.\n\nCommitments of the Council\n\n"
        "C1 To pay in time.\n\nC2 To consult.\n"
    )
    write(tmp_path / "fell", files_of(adopt([file])))
    assert [part.number for part in adopt([file]).read.parts if part.text] == ["P1", "P2", "C1", "C2"]
    assert problems_in(tmp_path / "fell") == []


def test_a_column_that_says_by_whom_binds_each_row(tmp_path: Path) -> None:
    rows = [
        ("No.", "Commitment", "By whom"),
        ("1", "Pay in 30 days.", "Council"),
        ("2", "Keep accounts.", "Groups"),
        ("3", "Be fair.", "Both"),
    ]
    file = tmp_path / "table.md"
    file.write_text(
        "# Fell Accord\n\n## Money\n\n"
        + "\n".join("| " + " | ".join(r) + " |" for r in (rows[0], ("---",) * 3, *rows[1:]))
        + "\n"
    )
    document = Document()
    document.add_heading("Fell Accord", 0)
    document.add_heading("Money", 1)
    table = document.add_table(4, 3)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), (text for row in rows for text in row), strict=True
    ):
        cell.text = text
    document.save(str(tmp_path / "table.docx"))
    for made in (file, tmp_path / "table.docx"):
        assert list(clauses(made).values()) == [
            ("Council", "Pay in 30 days."),
            ("Groups", "Keep accounts."),
            ("", "Be fair."),
        ]


def test_a_table_inside_a_table_is_read_once(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Fell Accord")
    cell = document.add_table(1, 1).rows[0].cells[0]
    cell.text = "1. The Council will pay."
    cell.add_table(1, 1).rows[0].cells[0].text = "2. Groups will say thank you."
    document.save(str(tmp_path / "nested.docx"))
    (tmp_path / "nested.html").write_text(
        "<h1>Fell Accord</h1><table><tr><td>1. The Council will pay.<table><tr><td>2. Groups will say thank you.</td>"
        "</tr></table></td></tr></table>"
    )
    for file in (tmp_path / "nested.docx", tmp_path / "nested.html"):
        assert clauses(file) == {
            "1": ("Council", "The Council will pay."),
            "2": ("Groups", "Groups will say thank you."),
        }
