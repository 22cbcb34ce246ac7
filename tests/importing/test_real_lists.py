"""Lists as different officers keep them: each line is read right or asked about, and nothing is dropped unsaid."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook

from adapters.plain_text import plain_text
from compact_bot.closed_days import ClosedDays
from compact_bot.importing import replies
from compact_bot.importing.lines import Choices, Read, read_lines
from compact_bot.importing.rows import Known
from compact_bot.sheets.reading import read_sheets
from compact_bot.understanding.acts import ReadList
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.importing.made import saved, workbook

TODAY = date(2026, 11, 25)


@pytest.fixture
def known(sutton: Agreement, rules: Rules) -> Known:
    return Known(sutton, rules, ClosedDays([]), TODAY)


def read(known: Known, name: str, content: bytes | str) -> Read:
    content = content.encode() if isinstance(content, str) else content
    return read_lines(read_sheets(name, content), name, Choices(), known)


def told(found: Read) -> list[str]:
    """Each line in short: "6 Respite, Carers: funding ends 31/03/2027", "4 past: ...", or what is wrong with it."""
    said = []
    for line in found.lines:
        if line.act is None or line.found != "new":
            said.append(f"{line.number} {line.found}: {line.said}")
            continue
        assert line.kind is not None
        days = " ".join(f"{g.anchor} {' '.join(f'{day:%d/%m/%Y}' for day in g.days)}" for g in line.act.given)
        said.append(f"{line.number} {line.act.title}: {line.kind.words[0]} {days}")
    return said


def test_a_register_with_merged_headings_years_over_amounts_and_a_total(known: Known) -> None:
    content = workbook(
        ["Voluntary sector grants 2026/27"],
        ["Last updated 12/11/2026 by JS"],
        [],
        ["Organisation", "Purpose", "Award", None, "Grant period", None, "Lead officer", "Notes"],
        [None, None, "2025/26", 2026, "Start", "End", None, None],
        ["Carers", "Respite", "£12,000.00", "£12,500.00", datetime(2026, 4, 1), datetime(2027, 3, 31), "Amina", "q"],  # noqa: DTZ001
        [],
        ["Youth", "Scheme", "-", "£3,000.00", datetime(2026, 6, 1), datetime(2026, 8, 31), "Amina", "ended"],  # noqa: DTZ001
        ["Total", None, "£17,000.00", "£21,000.00"],
        merged=("A1:H1", "C4:D4", "E4:F4"),
    )
    assert told(read(known, "g.xlsx", content)) == [
        "6 Respite, Carers: funding ends 31/03/2027",
        "8 past: Monday 31 August 2026",
        "9 no entry: Total",
    ]


def test_each_date_of_a_contract_is_a_deadline_of_its_own(known: Known) -> None:
    found = read(
        known,
        "contracts.csv",
        "Ref,Provider,Service,Value,Contract start,Contract end,Review date,Payment due,Report due,Contract manager\n"
        'C1,Age UK,Meals,"£12,500.00",01/04/2025,31/03/2028,15/01/2027,31/12/2026,30/04/2027,Priya\n'
        "C2,Mind,Talking,9000,01/04/2025,31/03/2027,,31/12/2026,,Priya\n"
        "C3,Relate,Mediation,4000,01/04/2024,31/03/2026,,TBC,,Ben\n",
    )
    assert told(found) == [
        "2 Meals, Age UK: funding ends 31/03/2028",
        "2 Meals, Age UK: monitoring reports 30/04/2027",
        "2 Meals, Age UK: payment due 31/12/2026",
        "2 Meals, Age UK: Review date: other date 15/01/2027",
        "3 Talking, Mind: funding ends 31/03/2027",
        "3 Talking, Mind: payment due 31/12/2026",
        '4 broken: Payment due: "TBC" is no date.',
    ]
    assert {line.act.owner.name for line in found.lines if line.act and line.act.owner} == {"Priya"}
    assert replies.summary(found) == "3 lines with 6 deadlines: 6 new, 1 cannot be read."


def test_payments_stay_payments_whatever_the_file_is_called(known: Known) -> None:
    content = (
        "Payee;Invoice no;Amount due;Due date;Date paid\n"
        "Hall;123;500,00;15/01/2027;\nOld;5;3;01/02/2027;03/10/2026\n;;20;;\n"
    )
    found = read(known, "grants.csv", content)
    assert found.kind.name == "payment"
    assert told(found) == [
        "2 Hall: payment due 15/01/2027",
        "3 over: Date paid: 03/10/2026",
        "4 no entry: 20",
    ]


def test_instalments_in_columns_are_one_payment_beside_the_end_of_the_grant(known: Known) -> None:
    content = (
        "Organisation,Annual grant,Payment 1,Payment 2,Payment 3,Grant ends\n"
        'A,"12,000",01/10/2026,04/01/2027,01/04/2027,31/03/2027\nB,"8,000",01/10/2026,,,31/03/2027\n'
    )
    assert told(read(known, "schedule.csv", content)) == [
        "2 A: payment due 01/10/2026 04/01/2027 01/04/2027",
        "2 A: funding ends 31/03/2027",
        "3 past: Thursday 1 October 2026",
        "3 B: funding ends 31/03/2027",
    ]
    amounts = "Organisation,Instalment 1 date,Instalment 1 amount\nA,01/01/2027,500\n"
    assert told(read(known, "i.csv", amounts)) == ["2 A: payment due 01/01/2027"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Consultation plan.csv", "Title,Directorate,Opens,Closes,Decision date"),
        ("plan.csv", "Subject,Area,Launch date,Closing date,x"),
    ],
)  # fmt: skip
def test_a_forward_plan_of_consultations_is_known_by_its_name_or_its_columns(
    known: Known, name: str, header: str
) -> None:
    content = f"{header}\nLibraries,Place,07/12/2026,01/03/2027,April 2027\nParking,Place,w/c 11 Jan 2027,,\n"
    assert told(read(known, name, content)) == [
        "2 Libraries: consultation opens 07/12/2026 closes 01/03/2027",
        f'3 broken: {header.split(",")[2]}: "w/c 11 Jan 2027" is not one sure day; '
        "write day, month and year, as in 25/11/2026.",
    ]


def test_a_review_is_not_the_end_of_a_grant(known: Known) -> None:
    content = "Organisation,Grant end date,Review date\nA,31/03/2027,31/01/2027\nB,,31/01/2027\nC,n/a,\n"
    assert told(read(known, "review.csv", content)) == [
        "2 A: funding ends 31/03/2027",
        "2 A: Review date: other date 31/01/2027",
        "3 B: Review date: other date 31/01/2027",
        "4 broken: It has no date for when funding changes or ends.",
    ]
    assert told(read(known, "r.csv", "Grant,Review date\nA,31/01/2027\n")) == [
        "2 A: Review date: other date 31/01/2027"
    ]
    words = "Grant,End date,Report,Review\nA,31/03/2027,Received,Yes\n"  # which are no dates, and say nothing of one
    assert told(read(known, "r.csv", words)) == ["2 A: funding ends 31/03/2027"]


def test_headings_remarks_totals_and_what_is_over_are_told_from_entries(known: Known) -> None:
    content = """VCS funding tracker,,,,
,,,,
Ref,Organisation,Funding ends,RAG,Status
CHILDREN,,,,
1,Home-Start,31/03/2027,G,Live
2,Barnardo's,31/03/2027,G,Not yet completed
,Mencap,,,
3,Mencap,Ongoing,G,Live
4,Scope,31/03/2027,R,Closed
Youth Total,,,300,
TOTAL,4,,,
* figures exclude VAT,,,,
"""
    found = read(known, "tracker.csv", content)
    assert told(found) == [
        "4 no entry: CHILDREN",
        "5 Home-Start: funding ends 31/03/2027",
        "6 Barnardo's: funding ends 31/03/2027",
        "7 broken: It has no date for when funding changes or ends.",
        '8 broken: Funding ends: "Ongoing" is no date.',
        "9 over: Closed",
        "10 no entry: Youth Total",
        "11 no entry: TOTAL",
        "12 no entry: * figures exclude VAT",
    ]
    said = plain_text(replies.preview(found, "tracker.csv", 1))
    assert "No entries, left out: line 4 (CHILDREN), line 10 (Youth Total), line 11 (TOTAL)" in said
    assert "1 over, 2 cannot be read, 4 are no entries." in said


def test_a_day_of_which_excel_shows_the_month_alone_is_asked_about(known: Known) -> None:
    book = Workbook()
    sheet = book.active
    first, last = date(2027, 3, 1), date(2027, 3, 31)
    for row in (["Grant", "End date"], ["A", 46477], ["B", first], ["C", first], ["D", last]):
        sheet.append(row)
    sheet["B3"].number_format = "mmm-yy"
    sheet["B5"].number_format = "mmm-yy"  # whose day somebody has typed
    sheet["B4"].number_format = 'dd" of month "mmm yyyy'
    assert told(read(known, "s.xlsx", saved(book))) == [
        "2 A: funding ends 31/03/2027",
        '3 broken: End date: "March 2027" is not one sure day; write day, month and year, as in 25/11/2026.',
        "4 C: funding ends 01/03/2027",
        "5 D: funding ends 31/03/2027",
    ]


def test_another_sheet_with_a_list_and_dates_that_nobody_can_tell_are_pointed_out(known: Known) -> None:
    book = Workbook()
    for title, rows in {
        "Guidance": (["Put dates as dd/mm/yyyy"],),
        "Grants": (["Organisation", "Grant", "End date", "Zzz"], ["A", "x", MARCH, MARCH]),
        "Contracts": (["Supplier", "Contract", "Expiry"], ["B", "y", MARCH]),
        "Officers": (["Officer"], ["Jo"]),
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    found = read(known, "several.xlsx", saved(book))
    shown = replies.preview(found, "several.xlsx", 7)
    assert told(found) == ["2 x, A: funding ends 31/03/2027"]
    assert 'There are dates in "Zzz" that I make nothing of' in shown.note
    assert 'There is a list in "Contracts" as well' in shown.note
    assert [button.act for button in shown.buttons if button.label == 'Read "Contracts" instead'] == [
        ReadList(7, "Contracts")
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("u.csv", "Organisation\tGrant\tExpiry date\tOfficer\r\nCafé\tSocial\t30/06/2027\tSiân\r\n".encode("utf-16")),
        ("win.csv", "Organisation,Grant,End,Owner\nCafé,Social,30/06/2027,Siân\n".encode("cp1252")),
        ("semi.csv", "\ufeffsep=;\nOrganisation;Grant;End;Owner\nCafé;Social;30.06.2027;Siân\n".encode()),
    ],
)  # fmt: skip
def test_files_of_other_programs_and_machines_are_read_alike(known: Known, name: str, content: bytes) -> None:
    found = read(known, name, content)
    (line,) = found.lines
    assert line.act is not None
    assert line.act.owner is not None
    assert (line.act.title, line.act.owner.name) == ("Social, Café", "Siân")
    assert line.act.given[0].days == (date(2027, 6, 30),)


MARCH = datetime(2027, 3, 31)  # noqa: DTZ001


def test_of_two_columns_of_ends_the_revised_one_counts_and_others_are_asked_about(known: Known) -> None:
    content = (
        "Organisation,Original end date,Revised end date\n"
        "A,31/03/2027,30/09/2027\nB,31/03/2027,\nC,,31/12/2027\nD,31/03/2027,TBC\n"
    )
    assert told(read(known, "extended.csv", content)) == [
        "2 A: funding ends 30/09/2027",
        "3 B: funding ends 31/03/2027",
        "4 C: funding ends 31/12/2027",
        '5 broken: Revised end date: "TBC" is no date.',
    ]
    years = "Organisation,Year 1 end,Year 2 end\nA,31/03/2027,31/03/2028\nB,31/03/2027,31/03/2027\n"
    assert told(read(known, "years.csv", years)) == [
        "2 broken: Year 1 end and Year 2 end are different; keep the one that counts.",
        "3 B: funding ends 31/03/2027",
    ]


def test_a_deadline_for_applications_is_neither_a_payment_nor_the_end_of_funding(known: Known) -> None:
    content = "Fund,Application deadline\nSmall grants,15/01/2027\n"
    assert told(read(known, "funds.csv", content)) == [
        "2 Small grants: Application deadline: other date 15/01/2027",
    ]


def test_an_insurance_or_a_year_of_accounts_is_not_the_end_of_a_grant(known: Known) -> None:
    content = "Organisation,Grant end date,Insurance expiry date,Financial year end\nA,31/03/2027,30/06/2027,\n"
    assert told(read(known, "checks.csv", content)) == [
        "2 A: funding ends 31/03/2027",
        "2 A: Insurance expiry date: other date 30/06/2027",
    ]
