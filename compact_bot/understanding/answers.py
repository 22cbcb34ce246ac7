"""The words of answers.toml: how people say yes, no, none of these, and what they put around a name or a date."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class AnswerWords:
    """`yes` and `dating` take several of their words in a row; `buttons` are other words for a button's label."""

    yes: re.Pattern[str]
    no: re.Pattern[str]
    only_asking: re.Pattern[str]
    none: re.Pattern[str]
    naming: re.Pattern[str]
    dating: re.Pattern[str]
    small: frozenset[str]
    beside: re.Pattern[str]
    buttons: Mapping[str, frozenset[str]]


@cache
def answer_words() -> AnswerWords:
    with (Path(__file__).parent / "answers.toml").open("rb") as file:
        known = tomllib.load(file)
    said, beside = _any_of(known["yes"]), _any_of(known["beside"])
    return AnswerWords(
        re.compile(rf"{said}(?:[\s,.!-]*(?:{said}|{beside}))*", re.IGNORECASE),
        re.compile(rf"{_any_of(known['no'])}(?:[\s,.!-]*{beside})*", re.IGNORECASE),
        re.compile(_any_of(known["only_asking"]), re.IGNORECASE),
        re.compile(rf"{_any_of(known['none'])}(?:[\s,.!-]*{beside})*", re.IGNORECASE),
        re.compile(rf"{_any_of(known['naming'])}[\s:,=-]+", re.IGNORECASE),
        re.compile(rf"(?:{_any_of(known['dating'])}|[\s,.:;!()-])*", re.IGNORECASE),
        frozenset(known["small"]),
        re.compile(rf"(?:[\s,.!-]+{beside})+[\s,.!-]*$", re.IGNORECASE),
        {label: frozenset(words) for label, words in known["buttons"].items()},
    )


def _any_of(words: Iterable[str]) -> str:
    """One of some words, whole, the longest first; a mark such as a thumb needs no edge."""
    longest_first = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(_whole(word) for word in longest_first)})"


def _whole(word: str) -> str:
    begins, ends = word[0].isalnum(), word[-1].isalnum()
    return (r"(?<![\w'’])" if begins else "") + re.escape(word) + (r"(?![\w'’])" if ends else "")
