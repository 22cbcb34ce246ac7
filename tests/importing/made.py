"""Files as people bring them, made here."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook

REGISTER = """\
Grants register 2026/27,,,,,
Printed 3 May 2026,,,,,
Organisation,Project,Grant amount,Start date,End date,Officer
Sutton Youth Trust,Youth club,"£12,000.00",01/04/2026,31/03/2027,Amina Khan
Lunch Club,Core costs,£500,1 Apr 2026,30 June 2027,Ben
Lunch Club,Core costs,£500,1 Apr 2026,30/6/27,Ben
Old Friends,Minibus,"£1,000",01/04/2019,31/03/2020,Ben
"""
BROKEN = """\
Bad Group,Hall,£1,01/04/2026,TBC,Ben
,,£2,01/04/2026,31/03/2027,
Third Group,Garden,£3,01/04/2026,31/02/2027,Ben
"""


def workbook(*rows: Sequence[object], title: str = "Grants", merged: Sequence[str] = ()) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for cells in merged:
        sheet.merge_cells(cells)
    return saved(book)


def saved(book: Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def many(lines: int) -> bytes:
    """A register of grants, contracts, consultations and payments, from next year on."""
    kinds = ("Grant", "Contract", "Consultation", "Payment")
    rows = [
        [
            f"Group {n}",
            kinds[n % 4],
            date(2026, 12, 1),
            date(2027, 3 + n % 9, 1 + n % 28),
            f"Officer {n % 30}",
            n,
        ]
        for n in range(lines)
    ]
    return workbook(["Organisation", "Type", "Start date", "End date", "Officer", "Amount"], *rows)


def packed(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return kept.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """The packed file with one part more, or another in its place."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as after:
        for one in before.infolist():
            if one.filename != name:
                after.writestr(one, before.read(one))
        after.writestr(name, part)
    return kept.getvalue()


MARCH = date(2027, 3, 31)
