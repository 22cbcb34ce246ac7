"""Lists as councils keep them: which column is what, and which act each line is."""

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from compact_bot.closed_days import ClosedDays
from compact_bot.importing.columns import Role
from compact_bot.importing.lines import MOST_LINES, Choices, NoListError, Read, against, read_lines
from compact_bot.importing.rows import Found, Known, Line, same
from compact_bot.importing.template import template
from compact_bot.sheets.reading import read_sheets
from compact_bot.understanding.acts import Given, Named, Track
from knowledge.agreement import Agreement
from knowledge.rules import Rules
from tests.importing.made import BROKEN, MARCH, REGISTER, workbook

TODAY = date(2026, 11, 23)


@pytest.fixture
def known(sutton: Agreement, rules: Rules) -> Known:
    return Known(sutton, rules, ClosedDays([]), TODAY)


def read(known: Known, content: bytes | str, choices: Choices | None = None, name: str = "list.csv") -> Read:
    content = content.encode() if isinstance(content, str) else content
    return read_lines(read_sheets(name, content), name, choices or Choices(), known)


def only(known: Known, *rows: str, choices: Choices | None = None, name: str = "list.csv") -> Line:
    (line,) = read(known, "\n".join(rows), choices, name).lines
    return line


def roles(found: Read) -> dict[str, Role]:
    return {column.name: column.role for column in found.layout.columns}


def test_a_register_with_titles_over_its_header_is_read_line_by_line(known: Known) -> None:
    lines = read(known, REGISTER + BROKEN).lines
    assert lines[0].act == Track(
        "funding-notice", "Youth club, Sutton Youth Trust", (Given("ends", (MARCH,)),), Named("Amina Khan")
    )
    assert [(line.number, line.found) for line in lines] == [
        (4, Found.NEW), (5, Found.NEW), (6, Found.TWICE), (7, Found.PAST),
        (8, Found.BROKEN), (9, Found.BROKEN), (10, Found.BROKEN),
    ]  # fmt: skip
    assert lines[2].said == "the same as line 5"
    assert lines[4].said == 'End date: "TBC" is no date.'
    assert "no name" in lines[5].said
    assert "there is no 31 February 2027" in lines[6].said


def test_a_header_of_two_rows_with_merged_cells_is_one(known: Known) -> None:
    content = workbook(
        ["Sutton grants and contracts"],
        [],
        ["Organisation", "Type", "Grant period", None, "Officer"],
        [None, None, "Start", "End", None],
        ["Hall Trust", "Contract", datetime(2026, 4, 1), datetime(2027, 3, 31), "Ben"],  # noqa: DTZ001
        merged=("A1:E1", "A3:A4", "C3:D3"),
    )
    found = read(known, content, name="g.xlsx")
    assert roles(found) == {
        "Organisation": Role.ORGANISATION, "Type": Role.KIND, "Grant period Start": Role.STARTS,
        "Grant period End": Role.ENDS, "Officer": Role.OWNER,
    }  # fmt: skip
    (line,) = found.lines
    assert line.act == Track("funding-notice", "Hall Trust", (Given("ends", (MARCH,)),), Named("Ben"))


@pytest.mark.parametrize(
    ("header", "row", "kind", "anchors"),
    [
        ("Contract name,Supplier,Expiry date,Contract manager", "Meals,Age UK,31.3.27,Ben", "funding-notice", {"ends"}),
        ("Consultation title,Opens,Closes,Lead officer", "Parks,7 Dec 2026,1 March 2027,Ben", "consultation",
         {"opens", "closes"}),
        ("Payee,Payment date,Amount,Owner", "Hall Trust,15/01/2027,£500.00,Ben", "payment", {"due"}),
        ("Group,Kind,Start date,End date,Officer", "Parks,Survey,07/12/2026,01/03/2027,Ben", "consultation",
         {"opens", "closes"}),
        ("Recipient,Grant type,Valid from,Valid to,Handled by", "Hall,Core grant,1/4/26,31/3/27,Ben", "funding-notice",
         {"ends"}),
        ("Provider,Report due,Responsible officer", "Hall Trust,2027-04-30,Ben", "monitoring", {"reports"}),
        ("name of organisation;date of payment", "Hall;31 March 2027", "payment", {"due"}),
    ],
)  # fmt: skip
def test_columns_are_known_by_many_names(known: Known, header: str, row: str, kind: str, anchors: set[str]) -> None:
    name = "monitoring reports.csv" if kind == "monitoring" else "list.csv"
    line = only(known, header, row, name=name)
    assert line.found is Found.NEW, line.said
    assert line.act is not None
    assert line.act.kind == kind
    assert {given.anchor for given in line.act.given} == anchors


def test_columns_without_a_name_that_tells_are_known_by_what_stands_in_them(known: Known) -> None:
    found = read(known, "Zzz,Aaa,Bbb\nYouth club,01/04/2026,31/03/2027\nLunch club,01/05/2026,30/04/2027\n")
    assert roles(found) == {"Zzz": Role.TITLE, "Aaa": Role.STARTS, "Bbb": Role.ENDS}
    found = read(known, "Youth club,31/03/2027\nLunch club,30/04/2027\n")
    assert [line.label for line in found.lines] == ["Youth club", "Lunch club"]


def test_an_amount_is_never_taken_for_a_date(known: Known) -> None:
    found = read(known, "Grant,Amount due,End date\nHall,46112,31/03/2027\n")
    assert roles(found)["Amount due"] is Role.UNUSED


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/03/2027", MARCH), ("31.3.27", MARCH), ("31-Mar-27", MARCH), ("2027-03-31", MARCH),
        ("31st March 2027", MARCH),
        ("Wed 31 Mar 2027", MARCH), ("31/03/2027 00:00", MARCH), ("2027-03-31T00:00:00", MARCH), ("46477", MARCH),
    ],
)  # fmt: skip
def test_dates_are_read_as_they_are_written_in_the_uk_and_by_excel(known: Known, cell: str, day: date) -> None:
    line = only(known, "Grant,End date", f"Hall,{cell}")
    assert line.act is not None, line.said
    assert line.act.given == (Given("ends", (day,)),)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("March 2027", "is not one sure day"), ("31 March", "is not one sure day"), ("TBC", "is no date"),
        ("ongoing", "is no date"), ("12", "no date for"), ("31/02/2027", "there is no 31 February"),
        ("1 April 2026 - 31 March 2027", "holds two dates"), ("31 March 2027 or later", "says more than a date"),
        ("01/01/1900", "1990 to 2100"), ("31/03/2127", "1990 to 2100"),
        ("", "no date for when funding changes or ends"),
        ("n/a", "no date for when funding changes or ends"),
    ],
)  # fmt: skip
def test_what_is_no_sure_date_is_never_guessed(known: Known, cell: str, words: str) -> None:
    line = only(known, "Grant,Officer,End date", f"Hall,Ben,{cell}")
    assert (line.found, line.act) == (Found.BROKEN, None)
    assert words in line.said


def test_the_day_that_excel_makes_of_an_empty_date_is_refused(known: Known) -> None:
    (line,) = read(known, workbook(["Grant", "End date"], ["Hall", datetime(1900, 1, 1)]), name="g.xlsx").lines  # noqa: DTZ001
    assert "how Excel shows an empty or wrong date" in line.said


def test_a_column_with_one_american_date_makes_all_its_doubtful_ones_doubtful(known: Known) -> None:
    lines = read(known, "Grant,End date\nA,03/04/2027\nB,03/31/2027\nC,04/04/2027\nD,4 April 2027\n").lines
    assert [line.found for line in lines] == [Found.BROKEN, Found.BROKEN, Found.NEW, Found.NEW]
    assert "can be two days: the same column has 03/31/2027" in lines[0].said


def test_what_is_open_already_is_left_out_whatever_the_case(known: Known) -> None:
    there = {same("funding-notice", "YOUTH CLUB, sutton youth trust", {"ends": [MARCH]}): 7}
    lines = against(read(known, REGISTER), there).lines
    assert (lines[0].found, lines[0].said) == (Found.THERE, "as D7")


def test_columns_kind_and_sheet_can_be_corrected(known: Known) -> None:
    rows = ["Grant,Ours,Theirs", "Hall,31/03/2027,30/04/2027"]
    line = only(known, *rows, choices=Choices(kind="payment", columns={"theirs": Role.DUE, "B": Role.UNUSED}))
    assert line.act is not None
    assert (line.act.kind, line.act.given) == ("payment", (Given("due", (date(2027, 4, 30),)),))
    with pytest.raises(NoListError, match='no sheet "Payments"'):
        read(known, REGISTER, Choices(sheet="Payments"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"{'x' * 201},31/03/2027,Ben,Grant,", "has 201 characters"),
        (f"Hall,31/03/2027,{'x' * 101},Grant,", "owner's name has 101"),
        ("Hall,31/03/2027,Ben,Spaceship,", 'do not know the kind "Spaceship"'),
        ("Hall,31/03/2027,Ben,Grant,9.9.9", "no clause 9.9.9"),
        ("=HYPERLINK(1),31/03/2027,Ben,Grant,", "as a formula does"),
    ],
)
def test_each_part_of_a_line_is_looked_at(known: Known, row: str, words: str) -> None:
    line = only(known, "Name,End date,Owner,Kind,Clause", row)
    assert line.found is Found.BROKEN
    assert words in line.said


def test_markup_in_a_name_is_words_alone(known: Known) -> None:
    line = only(known, "Grant,End date", "<b>Hall</b> <!channel>,31/03/2027")
    assert line.act is not None
    assert line.act.title == "Hall"


def test_a_payment_may_have_several_dates(known: Known) -> None:
    line = only(known, "Payee,Payment due 1,Payment due 2", "Hall,15/01/2027,15/04/2027")
    assert line.act is not None
    assert line.act.given == (Given("due", (date(2027, 1, 15), date(2027, 4, 15))),)


@pytest.mark.parametrize("rows", [["Grant,End date"], ["Grant,End date", *["Hall,1/4/27"] * (MOST_LINES + 1)]])
def test_an_empty_list_and_one_of_more_lines_than_are_kept_are_refused(known: Known, rows: Sequence[str]) -> None:
    with pytest.raises(NoListError):
        read(known, "\n".join(rows))


def test_the_template_is_read_without_any_correction(known: Known, rules: Rules) -> None:
    sheet = read_sheets("t.xlsx", template(rules))[0]
    line = only(known, ",".join(map(str, sheet.rows[0].cells)), "Hall,Hall Trust,payment,Ben,,,15/01/2027")
    assert line.act == Track("payment", "Hall, Hall Trust", (Given("due", (date(2027, 1, 15),)),), Named("Ben"))


def test_a_template_that_nobody_has_filled_in_holds_nothing(known: Known) -> None:
    with pytest.raises(NoListError, match="nothing stands below the names of the columns"):
        read(known, template(known.rules), name="t.xlsx")
