"""What a message is for, learned from how people say it: `knowledge/acts/*.md`, read and learned as the phrasebook is.

Dates, numbers and codes are masked first: what is done does not depend on which day or which D12 it is done to.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from compact_bot.dates import Written, find_dates
from knowledge.learning import Model, learned
from knowledge.phrasebook import read_labelled

FOLDER = Path(__file__).parents[2] / "knowledge" / "acts"
ASK = "ask"
MOST_RANKED = 5
_ANY_DAY = date(2026, 11, 25)  # dates are masked, so it does not matter from which day they are read
_MASKS = (
    (re.compile(r"\b[dD]\d{1,6}\b"), " xitem "),
    (re.compile(r"\b[fF]\d{1,7}\b"), " xfeedback "),
    (re.compile(r"\b\d{1,2}\.\d{1,2}(?:\.\d{1,2})?\b"), " xclause "),
    (re.compile(r"\d+"), " xnumber "),
    (re.compile(r"\?"), " xquestion "),
)


@dataclass(frozen=True)
class Meant:
    """A label of the phrasebook of acts, and how much speaks for it, from about -1 to 1."""

    label: str
    score: float


class Meanings:
    """The learned acts. `asks` are questions of the agreement's phrasebook, which must stay questions."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def of(self, text: str, dates: Sequence[Written]) -> tuple[Meant, ...]:
        """The likeliest labels, best first."""
        scores = self._model.scores(masked(text, dates))
        order = (-scores).argsort(kind="stable")[:MOST_RANKED]
        return tuple(Meant(self._model.labels[i], float(scores[i])) for i in order)


def masked(text: str, dates: Sequence[Written]) -> str:
    """The words with every date, number and code in them made alike."""
    words, end = "", 0
    for written in dates:
        words += f"{text[end : written.start]} xdate "
        end = written.end
    words += text[end:]
    for pattern, stands_for in _MASKS:
        words = pattern.sub(stands_for, words)
    return words


def examples(asks: Sequence[str], folder: Path = FOLDER) -> list[tuple[str, str]]:
    """What the model learns from, as (label, masked words)."""
    said = [*read_labelled(folder), *((ASK, question) for question in asks)]
    return [(label, masked(words, find_dates(words, _ANY_DAY))) for label, words in said]
