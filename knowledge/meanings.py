"""What a message is for, learned from how people say it: `acts/*.md`, read and learned as the phrasebook is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.learning import Model, learned
from knowledge.masks import masked
from knowledge.phrasebook import Phrasebook, read_labelled

FOLDER = Path(__file__).parent / "acts"
ASK = "ask"
MOST_RANKED = 8
MOST_QUESTIONS = 5_000  # chosen on held-out points of view: with 8,000 a story is more often taken for a question
_A_FEW_WORDS = 3
_ASKS = re.compile(
    r"(?:so |and |but |ok |hi |if )?(?:what|which|who|whose|whom|when|where|why|how|can|could|do|does|did"
    r"|is|are|am|was|were|will|"
    r"would|should|must|may|might|shall|has|have|had|any|anything|tell|explain|whats|hows|wheres|whos|if)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Meant:
    """A label of the phrasebook of acts, and how much speaks for it, from about -1 to 1."""

    label: str
    score: float


class Meanings:
    def __init__(self, model: Model) -> None:
        self._model = model

    def of(self, text: str) -> tuple[Meant, ...]:
        """The likeliest labels, best first."""
        scores = self._model.scores(masked(text))
        order = (-scores).argsort(kind="stable")[:MOST_RANKED]
        return tuple(Meant(self._model.labels[i], float(scores[i])) for i in order)


def open_meanings(phrasebook: Phrasebook, kept_in: Path, folder: Path = FOLDER) -> Meanings:
    """The acts as learned from a folder, beside what is asked of an agreement; learned now where they are not kept."""
    return Meanings(learned(examples(phrasebook, folder), kept_in, masking=True, what="what people want done"))


def examples(phrasebook: Phrasebook, folder: Path = FOLDER) -> list[tuple[str, str]]:
    """What the model learns from, as (label, words)."""
    return [*read_labelled(folder), *((ASK, question) for question in questions_of(phrasebook))]


def questions_of(phrasebook: Phrasebook) -> Sequence[str]:
    """Questions of a phrasebook, evenly taken: all of them would drown the acts.

    Stories ("they paid us five weeks late") are left out: in a phrasebook they ask, said to the assistant they tell.
    """
    said = [phrasing.words for phrasing in phrasebook.phrasings]
    said += [question for silence in phrasebook.silences for question in silence.questions]
    asking = [words for words in said if "?" in words or _ASKS.match(words) or len(words.split()) <= _A_FEW_WORDS]
    return asking[:: max(1, len(asking) // MOST_QUESTIONS)]
