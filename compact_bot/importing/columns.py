"""Which column of a list holds what: by its name, by what stands in it, or as somebody said."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from compact_bot.dates import find_dates
from compact_bot.importing.cells import SERIALS
from compact_bot.sheets.reading import Cell, Row, Sheet, Unread

HEADER_WITHIN = 40  # rows: above the header stand titles, dates of print, and notes
SAMPLE = 200  # cells of a column
MOSTLY = 0.5
_MERE_DATES = ("date", "when", "day")


class Role(StrEnum):
    """What a column holds. UNUSED: nothing that is kept."""

    TITLE = "title"
    ORGANISATION = "organisation"
    KIND = "kind"
    OWNER = "owner"
    CLAUSE = "clause"
    STATE = "state"
    STARTS = "starts"
    ENDS = "ends"
    DUE = "due"
    REPORTS = "reports"
    ANOTHER = "another"
    DATE = "date"
    UNUSED = "not used"


DATES = (Role.STARTS, Role.ENDS, Role.REPORTS, Role.DUE, Role.ANOTHER, Role.DATE)
SEVERAL = (
    Role.STARTS,
    Role.ENDS,
    Role.DUE,
    Role.REPORTS,
    Role.ANOTHER,
    Role.DATE,
    Role.STATE,
)  # several columns may hold such dates


@dataclass(frozen=True)
class Column:
    """`place` counts from 0; `chosen` says that somebody said what it holds."""

    place: int
    name: str
    role: Role = Role.UNUSED
    chosen: bool = False

    @property
    def letter(self) -> str:
        """As a spreadsheet program shows it."""
        first, second = divmod(self.place, 26)
        return (chr(64 + first) if first else "") + chr(65 + second)


@dataclass(frozen=True)
class Layout:
    """`above` are the words that stand over the header; `body` the rows of the list itself.

    `unused_dates` are columns of dates of which nobody can tell what they are.
    """

    columns: tuple[Column, ...]
    body: tuple[Row, ...]
    above: str = ""
    unused_dates: tuple[Column, ...] = ()

    def places(self, role: Role) -> list[int]:
        return [column.place for column in self.columns if column.role is role]


def columns_of(sheet: Sheet, chosen: Mapping[str, Role]) -> Layout:
    """The columns of a sheet; `chosen` says for some, by name or letter, what they hold."""
    first, last = _header(sheet.rows)
    body = tuple(sheet.rows[last + 1 :])
    header = _names(sheet.rows[first : last + 1])
    width = max((len(row.cells) for row in body), default=len(header))
    columns = [Column(place, header[place] if place < len(header) else "") for place in range(max(width, len(header)))]
    columns = [column for column in columns if column.name or _filled(body, column.place)]
    columns = _roles(columns, body, {name.casefold(): role for name, role in chosen.items()})
    above = " ".join(cell for row in sheet.rows[:first] for cell in row.cells if isinstance(cell, str))
    unused = [c for c in columns if c.role is Role.UNUSED and not c.chosen and not _named(c.name)[0]]
    dates = tuple(column for column in unused if (_share_of_dates(body, column.place) or 0) >= MOSTLY)
    return Layout(tuple(columns), body, above, dates)


# ---- the header -----------------------------------------------------------------------------------------------------


def _header(rows: Sequence[Row]) -> tuple[int, int]:
    """The first and last row of the names of columns; (0, -1) where there are none."""
    scores = [_likeness(row) for row in rows[:HEADER_WITHIN]]
    best = max(scores, default=0)
    if best < 1:
        worded = 0
        while worded < len(scores) and _is_worded(rows[worded]):
            worded += 1
        return (worded - 1, worded - 1) if 0 < worded < len(rows) else (0, -1)
    first = scores.index(best)
    if first and scores[first - 1] and _fits_over(rows[first - 1], rows[first]):
        return first - 1, first
    if first + 1 < len(rows) and _is_second_line(rows[first], rows[first + 1]):
        return first, first + 1
    return first, first


def _likeness(row: Row) -> int:
    """How many names of columns stand in a row; 0 for one with a date or an amount in it, or with one word alone."""
    if not _is_worded(row):
        return 0
    return sum(bool(_named(cell)[1]) for cell in row.cells if isinstance(cell, str) and len(cell) <= 60)


def _is_worded(row: Row) -> bool:
    """Whether a row holds words alone, in two cells or more; a year may be among them, as of what was paid in it."""
    cells = [cell for cell in row.cells if cell is not None]
    texts = [cell for cell in cells if isinstance(cell, str) and not _YEAR.fullmatch(cell)]
    years = sum(bool(_YEAR.fullmatch(str(cell))) for cell in cells)
    return bool(texts) and 1 < len(texts) + years == len(cells) and not any(map(_is_value, texts))


_YEAR = re.compile(r"20\d\d(?:\s?[/-]\s?(?:20)?\d\d)?")


def _is_value(text: str) -> bool:
    return bool(re.fullmatch(r"[£$€]?\s?-?[\d.,]*\d[\d.,]*%?", text)) or day_in(text) is not None


def _fits_over(upper: Row, lower: Row) -> bool:
    """Whether cells of the row above are names over empty ones: "Organisation" beside "Dates" over "Start", "End"."""
    return any(name and not _at(lower, place) for place, name in enumerate(upper.cells))


def _is_second_line(upper: Row, lower: Row) -> bool:
    """Whether the next row names what the header groups: words alone, under cells that are empty or span several."""
    if not _likeness(Row(lower.number, (*lower.cells, "name"))) or lower.number != upper.number + 1:
        return False
    under = [place for place, cell in enumerate(lower.cells) if cell is not None]
    return all(not _at(upper, place) or not _at(upper, place + 1) for place in under)


def _names(header: Sequence[Row]) -> list[str]:
    """The names of columns; what spans several stands before each of theirs."""
    if not header:
        return []
    width = max((len(row.cells) for row in header), default=0)
    names: list[str] = []
    over = ""
    for place in range(width):
        upper, lower = _at(header[0], place), _at(header[-1], place) if len(header) > 1 else None
        over = str(upper) if upper else over if lower else ""
        names.append(_tidy(f"{over} {lower}" if lower else str(upper or "")))
    return names


def _tidy(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip()


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else None


def _filled(body: Sequence[Row], place: int) -> bool:
    return any(_at(row, place) is not None for row in body)


# ---- what a column holds --------------------------------------------------------------------------------------------


@cache
def _words() -> dict[str, list[tuple[str, ...]]]:
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        return {role: [tuple(phrase.split()) for phrase in phrases] for role, phrases in tomllib.load(file).items()}


def _named(name: str) -> tuple[int, str]:
    """How many words of a column's name say what it holds, and what; (0, "") where none do."""
    said = tuple(re.findall(r"[a-z]+|£", name.casefold()))
    best = 0, ""
    for role, phrases in _words().items():
        for phrase in phrases:
            size = len(phrase)
            if size > best[0] and any(said[n : n + size] == phrase for n in range(len(said) - size + 1)):
                best = size, role
    return best


def _roles(columns: list[Column], body: Sequence[Row], chosen: Mapping[str, Role]) -> list[Column]:
    """What was chosen first; then what names say and contents allow; then what contents alone say."""
    told = {
        c.place: role for c in columns if (role := chosen.get(c.name.casefold()) or chosen.get(c.letter.casefold()))
    }
    taken = {role for role in told.values() if role not in SEVERAL}
    dates = {column.place: _share_of_dates(body, column.place) for column in columns}
    amounts = {column.place for column in columns if _holds_amounts(body, column.place)}
    found: dict[int, Role] = {}
    named = {column.place: _named(column.name) for column in columns}
    dateless = {column.place for column in columns if column.name.casefold() in _MERE_DATES}
    for column in sorted(columns, key=lambda one: (-named[one.place][0], one.place)):
        words = _holds_words(body, column.place)
        role = _allowed(named[column.place][1], dates[column.place], column.place in amounts, words)
        if column.place not in told and role and (role not in taken or role in SEVERAL):
            found[column.place] = role
            taken.add(role)
    free = [c for c in columns if c.place not in told and c.place not in found and not named[c.place][0]]
    found |= _by_content(free, body, dates, taken)
    if taken & {Role.ENDS, Role.DUE, Role.REPORTS}:  # beside these a mere "Date" may be that of anything
        found = {place: role for place, role in found.items() if not (role is Role.DATE and place in dateless)}
    return [
        Column(c.place, c.name, told.get(c.place) or found.get(c.place, Role.UNUSED), c.place in told) for c in columns
    ]


_AS_WORDS = (Role.REPORTS, Role.ANOTHER, Role.DUE)  # "Report", "Review" and the like may also head a column of words


def _allowed(role: str, dates: float | None, amounts: bool, words: bool) -> Role | None:
    """What a name says, where it is kept and the contents do not deny it; `dates` None for an empty column.

    `words` says that no figure stands in any of its cells.
    """
    if role == "due or title":
        role = Role.DUE if dates and dates >= MOSTLY else Role.TITLE
    if role not in Role.__members__.values():
        return None
    read = Role(role)
    if read in DATES:
        return None if amounts or (read in _AS_WORDS and words) else read
    if amounts and read in (Role.TITLE, Role.ORGANISATION, Role.OWNER):
        return None
    if read is Role.STATE:
        return read
    if read is not Role.CLAUSE and dates is not None and dates >= MOSTLY:
        return Role.DATE  # "Grant", "Review" and the like over a column of dates
    return read


def _share_of_dates(body: Sequence[Row], place: int) -> float | None:
    cells = [cell for row in body if (cell := _at(row, place)) is not None][:SAMPLE]
    if not cells:
        return None
    return sum(isinstance(cell, date) or (isinstance(cell, str) and day_in(cell) is not None) for cell in cells) / len(
        cells
    )


def _holds_words(body: Sequence[Row], place: int) -> bool:
    cells = [cell for row in body if (cell := _at(row, place)) is not None][:SAMPLE]
    return bool(cells) and not any(
        isinstance(cell, date | int | float) or re.search(r"\d", str(cell)) for cell in cells
    )


def _holds_amounts(body: Sequence[Row], place: int) -> bool:
    """Whether a column holds money or counts: numbers that are no day, of Excel's either."""
    cells = [cell for row in body if (cell := _at(row, place)) is not None][:SAMPLE]
    amounts = [cell for cell in cells if isinstance(cell, int | float | str) and _is_amount(cell)]
    return len(amounts) > MOSTLY * len(cells)


def _is_amount(cell: str | int | float) -> bool:
    if isinstance(cell, str):
        return day_in(cell) is None and _is_value(cell) and not re.fullmatch(r"[34567]\d{4}", cell)
    return int(cell) not in SERIALS


def _by_content(
    free: Sequence[Column], body: Sequence[Row], dates: Mapping[int, float | None], taken: set[Role]
) -> dict[int, Role]:
    """Without a name that tells: of two columns of dates the earlier starts; the most different words are the title."""
    found: dict[int, Role] = {}
    dated = [column.place for column in free if (dates[column.place] or 0) >= MOSTLY]
    if dated and not taken & set(DATES):
        found |= dict(zip(dated[:2], _in_order(body, dated[:2]), strict=True))
    if not taken & {Role.TITLE, Role.ORGANISATION}:
        worded = {c.place: _different_words(body, c.place) for c in free if c.place not in found}
        if worded and max(worded.values()):
            found[max(worded, key=lambda place: (worded[place], -place))] = Role.TITLE
    return found


def _in_order(body: Sequence[Row], places: Sequence[int]) -> list[Role]:
    if len(places) < 2:
        return [Role.DATE]
    pairs = [(as_day(_at(row, places[0])), as_day(_at(row, places[1]))) for row in body[:SAMPLE]]
    ordered = [first <= second for first, second in pairs if first and second]
    return [Role.STARTS, Role.ENDS] if sum(ordered) * 2 >= len(ordered) else [Role.ENDS, Role.STARTS]


def _different_words(body: Sequence[Row], place: int) -> int:
    cells = (_at(row, place) for row in body[:SAMPLE])
    return len({cell for cell in cells if isinstance(cell, str) and re.search(r"[^\W\d]{3}", cell)})


def as_day(cell: Cell | Unread) -> date | None:
    return cell if isinstance(cell, date) else day_in(cell) if isinstance(cell, str) else None


_ANY_DAY = date(2020, 1, 1)  # a column is judged by days with a year, whatever today is
_NUMBERED = re.compile(r"\d{1,2}([/.-])\d{1,2}\1(?:\d{2}|\d{4})")


@lru_cache(20_000)
def day_in(text: str) -> date | None:
    """The day that a cell's words are, whether or not they leave something to ask; None for any other words."""
    if len(text) > 40 or not re.search(r"\d", text):
        return None
    if numbered := _NUMBERED.fullmatch(text):
        text = text.replace(numbered[1], "/")  # with dots and two digits it is read as a day near to today alone
    found = find_dates(text, _ANY_DAY)
    if not found or found[0].start > 5 or (found[0].day is None and not found[0].wrong):
        return None
    rest = text[: found[0].start] + text[found[-1].end :]
    return (found[0].day or _ANY_DAY) if len(rest) <= len(text) / 2 else None
