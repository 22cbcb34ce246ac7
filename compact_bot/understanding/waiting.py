"""What was asked back, and how a message answers it: by number, by the words on a button, or with what was missing."""

import json
import re
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from compact_bot.understanding.acts import (
    Act,
    Leave,
    UnreadableActError,
    from_builtins,
    to_builtins,
)
from compact_bot.understanding.addressing import addressed
from compact_bot.understanding.answers import answer_words
from compact_bot.understanding.context import Context
from compact_bot.understanding.filling import corrected, filled
from compact_bot.understanding.understood import Understood

_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
_LONGEST_ANSWER = 20  # words; a longer message is a new one
_LONGEST_REASON = 60
_SAME_WORDS = 88  # of 100
_ONE_OF_SEVERAL = ("item", "step", "was")  # where a yes tells nothing: each choice is as likely as the next


@dataclass(frozen=True)
class Choice:
    label: str
    act: Act


@dataclass(frozen=True)
class Waiting:
    """The act as far as it is known, what it lacks, and the choices that were shown under the question.

    `token` is by what its buttons are used up; `sure`: whoever says yes was told whose it is.
    """

    act: Act
    missing: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    token: str = ""
    sure: bool = False

    def to_json(self) -> str:
        choices = [[choice.label, to_builtins(choice.act)] for choice in self.choices]
        kept = {"act": to_builtins(self.act), "missing": self.missing, "choices": choices}
        return json.dumps({**kept, "token": self.token, "sure": self.sure}, ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> "Waiting | None":
        """None where nothing waits, or what waits was written by another version."""
        try:
            kept: dict[str, Any] = json.loads(stored)
            choices = tuple(Choice(label, from_builtins(act)) for label, act in kept["choices"])
            bound = (str(kept.get("token", "")), kept.get("sure") is True)
            return cls(from_builtins(kept["act"]), tuple(kept["missing"]), choices, *bound)
        except (ValueError, KeyError, TypeError, UnreadableActError):
            return None


def answered(text: str, waiting: Waiting, context: Context) -> Understood | None:
    """What a message says to the question that waits; None where it says something else, and the question stays."""
    words = addressed(text).bare or text.strip(" .!?")
    if len(words.split()) > (_LONGEST_REASON if "reason" in waiting.missing else _LONGEST_ANSWER):
        return None
    if (chosen := _chosen(words, waiting)) is not None:
        return Understood(chosen)
    if text.rstrip().endswith("?"):
        return None
    if (named := _told_apart(words, waiting)) is not None:
        return Understood(named)
    if waiting.missing:
        known = tuple(choice.act for choice in waiting.choices)
        return filled(words, waiting.act, waiting.missing, known, context)
    shown = any(choice.label in ("Save", "Do it") for choice in waiting.choices)
    return corrected(words, waiting.act, shown, context)


def _chosen(words: str, waiting: Waiting) -> Act | None:
    """The act of the choice that some words name; Leave for a no. None where they name no choice, or several."""
    choices, known = waiting.choices, answer_words()
    words = known.beside.sub("", words) or words
    if words.isascii() and words.isdigit() and 1 <= int(words) <= len(choices):
        return choices[int(words) - 1].act
    ordinal = re.fullmatch(r"(?:the )?(?P<which>[a-z0-9]+)(?: one)?(?: please)?", words, re.IGNORECASE)
    if ordinal and ordinal["which"].casefold() in _ORDINALS and choices:
        position = _ORDINALS[ordinal["which"].casefold()]
        return choices[position].act if position < len(choices) else None
    if (named := _labelled(words, waiting)) is not None:
        return named
    if known.yes.fullmatch(words):
        return _agreed_to(waiting)
    if known.only_asking.fullmatch(words):
        return next((choice.act for choice in choices if "only asking" in choice.label.casefold()), Leave())
    if known.none.fullmatch(words):
        none = next((choice.act for choice in choices if re.match(r"no|none", choice.label, re.IGNORECASE)), None)
        if none is not None:
            return none
    return Leave() if known.no.fullmatch(words) else None


def _agreed_to(waiting: Waiting) -> Act | None:
    """What a yes stands for: what was proposed first, where one thing was proposed."""
    if waiting.missing and (waiting.missing[0] in _ONE_OF_SEVERAL or not waiting.choices):
        return None
    return waiting.choices[0].act if waiting.choices else waiting.act


def _labelled(words: str, waiting: Waiting) -> Act | None:
    """The choice whose label, or another word for it, some words are, spelling forgiven."""
    said, buttons = words.casefold(), answer_words().buttons
    for choice in waiting.choices:
        if said in buttons.get(choice.label.casefold(), ()):
            return choice.act
    alike = [(_likeness(said, choice.label.casefold()), -n) for n, choice in enumerate(waiting.choices)]
    best, position = max(alike, default=(0, 0))
    return waiting.choices[-position].act if best >= _SAME_WORDS else None


def _likeness(words: str, label: str) -> float:
    """Out of 100; a number is never nearly another one ("3.3.10" is not 3.3.1)."""
    return fuzz.ratio(words, label) if re.findall(r"\d+", words) == re.findall(r"\d+", label) else 0


def _told_apart(words: str, waiting: Waiting) -> Act | None:
    """The one choice on whose label every telling word stands: "the youth club one", "leave that out"."""
    told = _telling(words)
    if not told or told <= set("0123456789"):
        return None
    fitting = [choice.act for choice in waiting.choices if told <= _telling(choice.label)]
    return fitting[0] if len(fitting) == 1 else None


def _telling(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w'’.]*\w", words.casefold())) - answer_words().small
