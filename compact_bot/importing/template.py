"""A spreadsheet to fill in, for those who have no list yet: its columns are read without any correction."""

from compact_bot.importing.columns import Role
from compact_bot.sheets.writing import Table, spreadsheet
from knowledge.rules import Rules

TEMPLATE = "compact-deadlines-template.xlsx"
EXPLAINED = "How to fill it in"  # its sheet that is no list
_COLUMNS: tuple[tuple[Role, str, str], ...] = (
    (Role.TITLE, "Name", "What it is called, such as Youth club grant. This, or Organisation, must be there."),
    (Role.ORGANISATION, "Organisation", "Whom it is for. May be empty."),
    (Role.KIND, "Kind", "One of the words below. Empty lines are read as a grant."),
    (Role.OWNER, "Owner", "Who sees to it. Empty lines are yours."),
    (Role.STARTS, "Start date", "When it starts or opens, such as 07/12/2026."),
    (Role.ENDS, "End date", "When it ends or closes, such as 31/03/2027."),
    (Role.DUE, "Due date", "When a payment or something else is due."),
)


def template(rules: Rules) -> bytes:
    """A sheet with the names of the columns alone, and one that explains them."""
    kinds = [
        (", ".join(kind.words[:3]), kind.title, "; ".join(asked.label for asked in kind.asks)) for kind in rules.kinds
    ]
    explained = [(name, words, "") for _, name, words in _COLUMNS]
    return spreadsheet(
        "Deadlines to import",
        [
            Table("Deadlines", tuple(name for _, name, _ in _COLUMNS), []),
            Table(EXPLAINED, ("Column or kind", "What it means", "Dates that it asks for"), [*explained, *kinds]),
        ],
    )
