"""A question -> ranked clauses, or an honest silence; and, on request, why."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.agreement import Agreement, AgreementError
from knowledge.index import Index
from knowledge.learning import SILENT, Model, learned
from knowledge.numbers import clauses_asked
from knowledge.phrasebook import Phrasebook, Silence, read_phrasebook
from knowledge.reader import read_agreement
from knowledge.words import STOP_WORDS, Spelling, read_vocabulary, stem, words_of

# Without a phrasebook: silence where fewer of the question's content words than this occur in the agreement.
COVERED_ENOUGH = 0.5
# A listed silence is about the same subject when it shares this much of the question's weight.
SAME_SUBJECT = 0.45
# How much of the last question's scores a follow-up takes over.
CARRIED_OVER = 0.4


@dataclass(frozen=True)
class Finding:
    """Clause numbers, best first, each with a score of about -1 (no) to 1 (yes); `silent` when none answers."""

    ranked: tuple[tuple[str, float], ...]
    silent: bool

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(number for number, _ in self.ranked)


@dataclass(frozen=True)
class Explanation:
    """The words that spoke most for a clause, and the phrasing on record that is closest."""

    words: tuple[str, ...]
    phrasing: str


class Search:
    """Everything needed to find clauses of one agreement. Built once, then only read."""

    def __init__(self, agreement: Agreement, phrasebook: Phrasebook, kept_in: Path) -> None:
        self.agreement = agreement
        self.phrasebook = phrasebook
        self._model: Model | None = None
        if phrasebook.phrasings:
            self._model = learned(examples(agreement, phrasebook), kept_in)
            self._labels = self._model.labels
        else:
            self._labels = tuple(clause.number for clause in agreement.parts)

    @cached_property
    def _vocabulary(self) -> dict[str, str]:
        return read_vocabulary()

    @cached_property
    def _index(self) -> Index:
        """The clauses by their own words, for an agreement without a phrasebook."""
        return Index([f"{c.heading} {c.text}" for c in self.agreement.parts], self._vocabulary)

    @cached_property
    def _spelling(self) -> Spelling:
        said = (text for _, text in examples(self.agreement, self.phrasebook))
        return Spelling(word for text in said for word in words_of(text))

    def find(self, question: str, party: str = "", after: str = "") -> Finding:
        """The clauses that answer, best first; with a party, only clauses that bind it.

        `after` is what was asked before in the same conversation: it tips the scales.
        """
        scores, silent = self._judge(question)
        if asked := clauses_asked(question, self.agreement):
            scores, silent = self._put_first(asked, scores), False
        if after:
            before, silent_before = self._judge(after)
            scores = scores + CARRIED_OVER * before
            silent = silent and silent_before
        order = np.argsort(-scores, kind="stable")
        ranked = [(self._labels[i], float(scores[i])) for i in order if self._labels[i] != SILENT]
        if party:
            bound = {clause.number for clause in self.agreement.bound(party)}
            ranked = [(number, score) for number, score in ranked if number in bound]
        return Finding(tuple(ranked), silent)

    def _judge(self, question: str) -> tuple[NDArray[np.float32], bool]:
        if self._model is None:
            shared = self._index.shared(question)
            return shared * 2 - 1, not shared.any() or self._index.covered(question) < COVERED_ENOUGH
        scores = self._model.scores(self.mend(question))
        if SILENT not in self._labels:
            return scores, False
        quiet = self._labels.index(SILENT)
        return scores, bool(scores[quiet] - np.delete(scores, quiet).max() > 0)

    def _put_first(self, asked: list[str], scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """Clauses named by number come before all others, in the order named."""
        scores = scores.copy()
        for place, number in enumerate(asked):
            scores[self._labels.index(number)] = 10 - place / len(asked)
        return scores

    def mend(self, question: str) -> str:
        return " ".join(map(self._spelling.mend, words_of(question)))

    def explain(self, question: str, number: str) -> Explanation:
        """Which words of the question led to a clause, and the closest phrasing in its list, if any."""
        mine = [p.words for p in self.phrasebook.phrasings if p.number == number]
        closest = Index(mine, self._vocabulary).closest(question) if mine else None
        phrasing = mine[closest] if closest is not None else ""
        if self._model is None or number not in self._labels:
            clause = self.agreement.clauses[number]
            stems = {stem(word) for word in words_of(f"{clause.heading} {clause.text}")}
            said = dict.fromkeys(words_of(question))
            return Explanation(tuple(w for w in said if w not in STOP_WORDS and stem(w) in stems), phrasing)
        gains = self._model.evidence(self.mend(question), number)
        best = sorted((word for word, gain in gains.items() if gain > 0.02), key=lambda word: -gains[word])
        telling = [word for word in best if word not in STOP_WORDS] or best
        return Explanation(tuple(telling[:4]), phrasing)

    @cached_property
    def _silence_index(self) -> tuple[Index, list[Silence]]:
        listed = [(question, silence) for silence in self.phrasebook.silences for question in silence.questions]
        return Index([question for question, _ in listed], self._vocabulary), [silence for _, silence in listed]

    def missing_from(self, number: str) -> str:
        """What people ask near a clause that its words do not give, or "" where nobody wrote that down."""
        found = (s.missing for s in self.phrasebook.silences if s.subject == number and s.missing)
        return next(found, "")

    def silence(self, question: str) -> Silence | None:
        """The listed subject closest to a question that got no answer."""
        index, silences = self._silence_index
        closest = index.closest(question, enough=SAME_SUBJECT)
        return None if closest is None else silences[closest]


def examples(agreement: Agreement, phrasebook: Phrasebook) -> list[tuple[str, str]]:
    """What the model learns from: each clause's own words, its phrasings, and the silent questions."""
    own = [(clause.number, clause.text) for clause in agreement.parts]
    said = [(phrasing.number, phrasing.words) for phrasing in phrasebook.phrasings]
    silent = [(SILENT, question) for silence in phrasebook.silences for question in silence.questions]
    return own + said + silent


def open_search(folder: Path, kept_in: Path) -> Search:
    """The search over an agreement's folder. Raises AgreementError with file and line for what is wrong in it."""
    agreement = read_agreement(folder)
    phrasebook, problems = read_phrasebook(folder, agreement)
    if problems:
        raise AgreementError("\n".join(problems))
    return Search(agreement, phrasebook, kept_in)
