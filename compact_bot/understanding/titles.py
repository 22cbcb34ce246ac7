"""What a thing is called in a sentence that asks to keep it: the words left when dates and frames are taken out.

"Would you watch the Somali Mums grant? Finishes 11 June 2027" -> "Somali Mums grant".
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from compact_bot.understanding.commands.quoting import QUOTED, outer_quotation, unquoted, unquoted_whole
from knowledge.words import STOP_WORDS

LONGEST_TITLE = 200
_CUT = "\x00"  # stands where a frame or a date was: no title runs across it

_TIME = (
    r"\b(?:at |by |before )?\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|noon)\b|\b(?:at )?(?:noon|midnight|midday"
    r"|morning|afternoon|evening|lunchtime)\b"
)
_SPLIT = re.compile(rf"[{_CUT},.;:!?()\[\]\n=]+|\s[-–—+&]+\s|\s[-–—]|\s/\s")
_TO_THE_COMMA = r"[^,.;]*?(?=$|[,.;])"
_BEFORE_A_DATE = rf"(?= ?(?:the )?{_CUT})"


@dataclass(frozen=True)
class Surroundings:
    """What titles.toml knows of the words around a name."""

    frames: re.Pattern[str]
    endings: re.Pattern[str]
    edge: frozenset[str]
    no_name_alone: frozenset[str]


@cache
def surroundings() -> Surroundings:
    with (Path(__file__).parent / "titles.toml").open("rb") as file:
        known = tomllib.load(file)
    return Surroundings(
        _any_of_rows(known["frame"]),
        _any_of_rows(known["ending"]),
        frozenset(known["edge"]),
        frozenset(known["no_name_alone"]),
    )


def _any_of_rows(rows: Iterable[Mapping[str, Any]]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'’-])(?:{'|'.join(map(_row, rows))})(?![\w'’-])", re.IGNORECASE)


_NOTATION = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|", "*": r"\w+"}


def _pattern(words: str) -> str:
    """ "(in|on)[ the| our] list": one of both, then one or none."""
    return "".join(_NOTATION.get(letter, re.escape(letter)) for letter in words)


def _row(row: Mapping[str, Any]) -> str:
    """The pattern of a row: steps before the first that must be there end in a space, those after it begin with one."""
    pattern, begun = "", False
    for step in row["steps"]:
        ((count, words),) = step.items()
        one = "|".join(map(_pattern, words))
        often = {"one": "", "maybe": "?", "any": "*"}[count]
        if begun:
            pattern += f"(?: (?:{one})){often}"
        else:
            begun = count == "one"
            pattern += f"(?:{one})" if begun else f"(?:(?:{one}) ){often}"
    return pattern + (_TO_THE_COMMA if row.get("to_the_comma") else _BEFORE_A_DATE if row.get("before_a_date") else "")


@dataclass(frozen=True)
class Title:
    """A name as read; `sure` where it stood in quotation marks, or nothing else could be the name."""

    words: str
    sure: bool


def title_in(words: str, taken: Iterable[tuple[int, int]], things: Sequence[str]) -> Title:
    """The likeliest name, "" where none is left. `taken` are the spans of dates and other slots; `things` are words
    for what can be kept (grant, consultation, report), which speak for the piece they stand in."""
    if outer := outer_quotation(words):
        return Title(unquoted_whole(words[slice(*outer)])[:LONGEST_TITLE], sure=True)
    if quoted := re.search(QUOTED, words):
        return Title(unquoted(quoted[0])[:LONGEST_TITLE], sure=True)
    kept = list(words)
    for start, end in taken:
        kept[start:end] = _CUT * (end - start)
    said = re.sub(_TIME, _blank, "".join(kept), flags=re.IGNORECASE)
    said = surroundings().endings.sub(_blank, surroundings().frames.sub(_blank, said))
    pieces = [trimmed for piece in _SPLIT.split(said) if (trimmed := _trimmed(piece))]
    weighed = sorted(((_weight(piece, things), piece) for piece in pieces), key=lambda one: -one[0])
    if not weighed or not weighed[0][0]:
        return Title("", sure=False)
    best = weighed[0][1]
    alone = len([weight for weight, _ in weighed if weight >= 1.0]) == 1  # "funding" alone names a kind, no thing
    return Title(best[0].upper() + best[1:LONGEST_TITLE], sure=alone)


def _blank(found: re.Match[str]) -> str:
    return _CUT * len(found[0])


def _trimmed(piece: str) -> str:
    """A piece without the small words at its edges."""
    words, edge = piece.replace(_CUT, " ").split(), surroundings().edge
    while words and words[0].casefold().strip("'’\"*_") in edge:
        words.pop(0)
    while words and words[-1].casefold().strip("'’\"*_") in edge:
        words.pop()
    return " ".join(words).strip(" '’\"*_-–—/&")


def _weight(piece: str, things: Sequence[str]) -> float:
    """How much a piece looks like a name: telling words, capitals, and a word for what can be kept."""
    words = piece.split()
    telling = [word for word in words if word.casefold() not in STOP_WORDS and re.search(r"[A-Za-z]{2}", word)]
    if not telling or all(word.casefold() in surroundings().no_name_alone for word in telling):
        return 0.0
    capitals = sum(word[:1].isupper() for word in words[1:]) + 0.5 * words[0][:1].isupper()
    thing = bool(re.search(rf"\b(?:{'|'.join(map(re.escape, things))})s?\b", piece, re.IGNORECASE)) if things else False
    if thing and len(telling) == 1:
        return 0.5
    return min(len(telling), 5) + 0.7 * min(capitals, 3) + 1.5 * thing - 0.4 * max(0, len(words) - 9)
