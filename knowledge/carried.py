"""The two voices of an agreement without a phrasebook of its own: shared subjects, and its own words.

A question and each clause are about subjects that agreements of this family share (`laying.py`); the overlap ranks the
clauses together with the words that they have in common and with how alike they are in meaning (`likeness.py`). All of
these decide what is silent.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.agreement import Agreement
from knowledge.index import Index
from knowledge.laying import SHARPNESS_ASKED, examples, lead_in, lending, likelihoods
from knowledge.learning import SILENT, Model
from knowledge.likeness import of_length_one, open_likeness
from knowledge.phrasebook import Phrasebook
from knowledge.words import STOP_WORDS, VOCABULARY, content_stems, meanings, read_vocabulary, units_of, words_of

KIN = Path(__file__).parent / "kin.md"
ITS_OWN = 0.4  # how much words as printed count beside words of the same meaning
ONLY_LEADS_IN = 0.3  # what a clause loses that only opens a list: "The Council will:", "What businesses will do"
A_TITLE = 8  # words at most
ALIKE = 0.8  # how much likeness in meaning counts beside the words and subjects in common
SAYS_WHEN = 0.1  # what a clause gains that names a time, when a time is asked for
EVEN_SCORE = 1.4  # of words, subjects and likeness together: about where an answer begins
SAME_QUESTION = 0.7  # a question that shares so much with a listed silence is one
REMEMBERED = 64
NOTHING_SAID = Phrasebook((), ())

# What each sign says for an answer: the weights that `python -m tests.bench.carrying` prints.
SIGNS = {"score": 1.66, "ahead": 1.67, "common": 6.95, "silence": -0.8, "missing": -1.19, "strange": -5.5}
EVEN = -1.43

_TIME = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|half|quarter(?:ly)?|each|every)\b"
    r"[^.;]{0,14}\b(?:days?|weeks?|months?|quarters?|years?|hours?|minutes?|times)\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|fortnight|quarterly"
    r"|annually|yearly|at once|in advance|on time)\b",
    re.IGNORECASE,
)
_ASKS_WHEN = re.compile(
    r"\bhow (?:long|soon|early|quick\w*|fast|often|far|much (?:notice|warning|time)|many (?:days|weeks|months|years"
    r"|times|hours))\b|\bwhen\b|\bwhich (?:month|day|date)|\bwhat (?:notice|warning|date|day)\b"
    r"|\b(?:deadline|notice|warning|due)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Heard:
    """A score of about -1 to 1 for each clause, and the signs by which an answer is told from a silence."""

    scores: NDArray[np.float32]
    signs: dict[str, float]


class Carried:
    """What is known of one agreement's clauses; `labels` are their numbers. Built once, then only read."""

    def __init__(
        self,
        agreement: Agreement,
        laid: Mapping[str, Mapping[str, float]],
        model: Model,
        book: Phrasebook = NOTHING_SAID,
    ) -> None:
        parts = agreement.parts
        self.labels = tuple(clause.number for clause in parts)
        self._model = model
        self._vocabulary = vocabulary()
        self._subjects = _matrix([laid.get(number, {}) for number in self.labels], model.labels)
        self._covers = self._subjects.max(axis=0, initial=0.0)  # how far each subject stands here at all
        texts = [f"{clause.heading} {lead_in(clause, agreement)} {clause.text}" for clause in parts]
        row = {number: place for place, number in enumerate(self.labels)}
        said = [(row[p.number], p.words) for p in book.phrasings if p.number in row]
        self._rows = np.array([*range(len(texts)), *(place for place, _ in said)])
        held = [*texts, *(words for _, words in said)]
        self._printed, self._meant = Index(held, {}), Index(held, self._vocabulary)
        asked_in_vain = [question for silence in book.silences for question in silence.questions]
        self._silences = Index(asked_in_vain, {}) if asked_in_vain else None
        self._stems = {stem for text in texts for stem in content_stems(text)}
        self._meanings = set(meanings(list(self._stems), self._vocabulary))
        self._likeness = open_likeness()
        self._directions = np.array(
            [
                [self._likeness.of(text), self._likeness.of(clause.text)]
                for text, clause in zip(texts, parts, strict=True)
            ]
        )
        said_here = sorted({word for text in texts for word in words_of(text) if word not in STOP_WORDS})
        self._words_here = of_length_one(self._likeness.of_words(said_here))
        only_opens = np.array([_only_opens(c.text) and bool(agreement.children(c.number)) for c in parts])
        self._held_back = (ONLY_LEADS_IN * only_opens).astype(np.float32)
        self._names_time = np.array([bool(_TIME.search(clause.text)) for clause in parts], dtype=np.float32)
        self._silent = np.array(model.labels) == SILENT
        self.heard = lru_cache(REMEMBERED)(self._hear)

    def scores(self, said: str) -> NDArray[np.float32]:
        return self.heard(said).scores

    def quiet(self, said: str, _: NDArray[np.float32]) -> float:
        """How much silence is likelier than an answer; over 0 is silent."""
        if self._silences and self._silences.alike(said, SAME_QUESTION) is not None:
            return 1.0
        signs = self.heard(said).signs
        return EVEN - sum(weight * signs[name] for name, weight in SIGNS.items())

    def _hear(self, said: str) -> Heard:
        by_label = self._model.scores(said)
        likely = likelihoods(by_label, SHARPNESS_ASKED)
        shared_subjects = np.sqrt(self._subjects @ likely)
        words = (1 - ITS_OWN) * self._meant.shared(said) + ITS_OWN * self._printed.shared(said)
        own = np.zeros(len(self.labels), dtype=np.float32)
        np.maximum.at(own, self._rows, words)
        when = SAYS_WHEN * self._names_time if _ASKS_WHEN.search(said) else np.float32(0)
        alike = (self._directions @ self._likeness.of(said)).max(axis=1)
        scores = own + shared_subjects + ALIKE * alike - self._held_back + when
        silence = float(by_label[self._silent].max()) if self._silent.any() else -1.0
        best = np.sort(scores)[::-1]
        signs = {
            "score": float(best[0]),
            "ahead": float(best[0] - best[1]) if len(best) > 1 else 0.0,
            "common": float(likely @ self._covers),
            "silence": silence - float(by_label[~self._silent].max()),
            "missing": self._missing(said),
            "strange": self._strangest(said),
        }
        return Heard((scores - EVEN_SCORE).astype(np.float32), signs)

    def _strangest(self, said: str) -> float:
        """How much its strangest word tells and is unlike every word of the agreement."""
        words = [word for word in dict.fromkeys(words_of(said)) if word not in STOP_WORDS]
        directions = self._likeness.of_words(words)
        if not words or not len(self._words_here):
            return 0.0
        lengths = np.linalg.norm(directions, axis=1)
        closest = (of_length_one(directions) @ self._words_here.T).max(axis=1)
        return float(((1 - closest) * lengths).max())

    def _missing(self, said: str) -> float:
        """How rare the rarest word is that does not stand here, in whatever words.

        Rare by what people say everywhere: "which bank should groups use?" is about the bank.
        """
        missing = 0.0
        for unit, meaning in units_of(content_stems(said), self._vocabulary):
            stems = unit.split()
            if not (self._stems.issuperset(stems) or meaning in self._meanings):
                missing = max(missing, sum(map(self._model.rarity_of, stems)) / len(stems))
        return missing / self._model.rarest


def _only_opens(text: str) -> bool:
    return text.endswith(":") or (not text.endswith((".", ";", "!", "?")) and len(text.split()) <= A_TITLE)


def _matrix(laid: Iterable[Mapping[str, float]], labels: tuple[str, ...]) -> NDArray[np.float32]:
    place = {label: column for column, label in enumerate(labels)}
    rows = list(laid)
    matrix = np.zeros((len(rows), len(labels)), dtype=np.float32)
    for row, shares in enumerate(rows):
        for name, share in shares.items():
            if name in place:
                matrix[row, place[name]] = share
    return matrix


@cache
def vocabulary() -> dict[str, str]:
    """Words that mean much the same, here and in vocabulary.md."""
    return read_vocabulary() | read_vocabulary(KIN)


@cache
def known_words() -> frozenset[str]:
    """Every word that was learned from or has a meaning here: none of them is a slip of the keys."""
    said = (line for _, line in examples(agreements=lending()))
    kin = (line for file in (KIN, VOCABULARY) for line in file.read_text(encoding="utf-8").splitlines())
    return frozenset(word for lines in (said, kin) for line in lines for word in words_of(line))
