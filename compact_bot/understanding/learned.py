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
from knowledge.phrasebook import Phrasebook, read_labelled

FOLDER = Path(__file__).parents[2] / "knowledge" / "acts"
ASK = "ask"
MOST_RANKED = 5
MOST_QUESTIONS = 5_000  # chosen on held-out points of view: with 8,000 a story is more often taken for a question
_A_FEW_WORDS = 3
_ASKS = re.compile(
    r"(?:so |and |but |ok |hi |if )?(?:what|which|who|whose|whom|when|where|why|how|can|could|do|does|did|is|are|am|was|were|will|"
    r"would|should|must|may|might|shall|has|have|had|any|anything|tell|explain|whats|hows|wheres|whos|if)\b",
    re.IGNORECASE,
)
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


def open_meanings(phrasebook: Phrasebook, kept_in: Path) -> Meanings:
    """The acts as learned from `knowledge/acts`, beside what is asked of an agreement; learned now where they are not kept."""
    return Meanings(learned(examples(questions_of(phrasebook)), kept_in / "acts"))


def questions_of(phrasebook: Phrasebook) -> list[str]:
    """Questions of a phrasebook, evenly taken: all of them would drown the acts.

    Stories ("they paid us five weeks late") are left out: in a phrasebook they ask, said to the assistant they tell.
    """
    said = [phrasing.words for phrasing in phrasebook.phrasings]
    said += [question for silence in phrasebook.silences for question in silence.questions]
    asking = [words for words in said if "?" in words or _ASKS.match(words) or len(words.split()) <= _A_FEW_WORDS]
    return asking[:: max(1, len(asking) // MOST_QUESTIONS)]


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
