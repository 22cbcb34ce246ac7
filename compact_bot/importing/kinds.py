"""What a list, a line or a date in a column is about: the kind of deadline, by the rules of the agreement."""

import re
from collections.abc import Mapping

from compact_bot.importing.columns import DATES, Layout, Role
from compact_bot.sheets.reading import Sheet
from knowledge.rules import Asked, Kind, Rules

# What a column holds, as the kinds of the rules call such dates.
_CALLED: Mapping[Role, tuple[str, ...]] = {
    Role.STARTS: ("starts", "start", "opens", "from"),
    Role.ENDS: ("ends", "end", "closes", "until"),
    Role.DUE: ("due",),
    Role.REPORTS: ("reports", "report"),
}


def kind_of_all(name: str, sheet: Sheet, layout: Layout, rules: Rules) -> Kind:
    """What a list is about, by the words in its columns, over it and in its name; else what notice is given of."""
    usual = rules.summed("notice") or rules.kinds[-1]
    named = [column.name for column in layout.columns if column.role is not Role.UNUSED]
    dated = {role for role in DATES if layout.places(role)} - {Role.STARTS}
    alone = {Role.DUE: rules.summed("payment"), Role.REPORTS: kind_in("report", rules)}
    if len(dated) == 1 and (only := alone.get(dated.pop())):
        return only  # whatever the file is called: such dates are of nothing else
    if any(_OPENS.search(column.name) for column in layout.columns if column.role is Role.STARTS):
        return rules.summed("consultation") or usual
    for said in (sheet.name, layout.above, name, *named):
        if (kind := kind_in(said, rules, sure=True)) is not None:
            return kind
    return usual


_OPENS = re.compile(r"\b(?:open(?:s|ing|ed)?|launch(?:es|ed)?|go(?:es)? live)\b", re.IGNORECASE)  # funding only starts


def kind_in(said: str, rules: Rules, sure: bool = False) -> Kind | None:
    """The kind that some words name, by the longest of its own words. `sure` leaves out words of many things."""
    words = f" {re.sub(r'[^a-z0-9]+', ' ', said.casefold()).strip()} "
    best: tuple[int, Kind | None] = 0, None
    for kind in rules.kinds:
        for word in (kind.name, *kind.words):
            named = f" {word} " in words or f" {word}s " in words
            if named and len(word) > best[0] and not (sure and word in _VAGUE):
                best = len(word), kind
    return best[1]


_VAGUE = {
    "notice",
    "change",
    "plan",
    "date",
    "deadline",
    "meeting",
    "agreement",
    "support",
    "service",
    "money",
    "funding",
    "other",
}


def asked_of(kind: Kind, role: Role) -> Asked | None:
    """The date of a kind that a column of this role holds."""
    return next((a for word in _CALLED.get(role, ()) for a in kind.asks if word in (a.name, *a.words)), None)


def main_date(kind: Kind) -> Asked:
    """The date that a kind is about, where a list has one date only."""
    return next((asked for asked in reversed(kind.asks) if not asked.past), kind.asks[0])


def asking(role: Role, rules: Rules) -> tuple[Kind, Asked | None]:
    """The kind that is about dates of a column, and what it calls them; else the one that takes any date."""
    kinds = {
        Role.DUE: rules.summed("payment"),
        Role.ENDS: rules.summed("notice"),
        Role.REPORTS: kind_in("report", rules),
    }
    found = kinds.get(role)
    asked = asked_of(found, role) if found else None
    return (found, asked) if found and asked else (rules.kinds[-1], None)
