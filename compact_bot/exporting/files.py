"""The files of an export."""

import json
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from compact_bot.conversation import File
from compact_bot.exporting.tables import deadline_tables, deadlines_of, feedback_table
from compact_bot.partnership.names import read_for
from compact_bot.sheets.writing import Table, csv_file, records, spreadsheet
from compact_bot.store.tables import Organisation
from compact_bot.understanding.acts import Exported, ExportFormat
from knowledge.rules import Rules

MEDIA_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSON: "application/json",
}


def exported(
    session: Session,
    organisation_id: int,
    rules: Rules,
    today: date,
    what: Exported,
    form: ExportFormat,
    names: bool = False,
) -> tuple[File, int]:
    """The file, and how many deadlines or entries of feedback it holds; `names` tells leads who logged feedback."""
    read_for(session, organisation_id, plainly=True)
    if what is Exported.DEADLINES:
        tables = deadline_tables(deadlines_of(session, organisation_id), rules, today)
    else:
        tables = [feedback_table(session, organisation_id, names)]
    name = f"compact-{what}-{today}.{form}"
    return File(name, MEDIA_TYPES[form], _content(tables, form)), len(tables[0].rows)


def _content(tables: list[Table], form: ExportFormat) -> bytes:
    """In CSV the first table alone; in JSON each deadline with its steps."""
    if form is ExportFormat.XLSX:
        return spreadsheet("Compact Bot", tables)
    if form is ExportFormat.CSV:
        return csv_file(tables[0])
    found = records(tables[0])
    if len(tables) > 1:
        steps = records(tables[1])
        for one in found:
            one["Steps"] = [{k: v for k, v in s.items() if k != "Name"} for s in steps if s["Number"] == one["Number"]]
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def export_by_command(
    engine: Engine, rules: Rules, organisation: str, today: date, what: Exported, form: ExportFormat
) -> tuple[File, int] | None:
    """For whoever runs the program; None for an organisation that is unknown."""
    with Session(engine) as session, session.begin():
        found = session.scalar(select(Organisation.id).where(Organisation.name == organisation))
        return exported(session, found, rules, today, what, form) if found is not None else None
