"""Which of many short texts shares the rarest words with a question: Okapi BM25 over word stems.

Serves an agreement that has no phrasebook yet, and finds the one phrasing or listed question closest to what was asked.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.words import content_stems, meanings

SATURATION = 1.2
LENGTH_WEIGHT = 0.6


class Index:
    def __init__(self, texts: Sequence[str], vocabulary: dict[str, str]) -> None:
        self._vocabulary = vocabulary
        counted = [Counter(self._terms(text)) for text in texts]
        self.size = len(counted)
        lengths = np.array([sum(counts.values()) for counts in counted], dtype=np.float32)
        held_back = SATURATION * (
            1 - LENGTH_WEIGHT + LENGTH_WEIGHT * lengths / max(float(lengths.sum()) / max(self.size, 1), 1.0)
        )
        listed: dict[str, list[tuple[int, int]]] = {}
        for number, counts in enumerate(counted):
            for term, count in counts.items():
                listed.setdefault(term, []).append((number, count))
        self._rarity: dict[str, float] = {}
        self._weights = np.full(self.size, 1e-9, dtype=np.float32)
        self._postings: dict[str, tuple[NDArray[np.int32], NDArray[np.float32]]] = {}
        for term, entries in listed.items():
            numbers = np.array([number for number, _ in entries], dtype=np.int32)
            counts_here = np.array([count for _, count in entries], dtype=np.float32)
            rarity = math.log(1 + (self.size - len(entries) + 0.5) / (len(entries) + 0.5))
            self._rarity[term] = rarity
            self._weights[numbers] += rarity
            weights = rarity * counts_here * (SATURATION + 1) / (counts_here + held_back[numbers])
            self._postings[term] = (numbers, weights.astype(np.float32))

    def _terms(self, text: str) -> list[str]:
        stems = content_stems(text)
        return stems + meanings(stems, self._vocabulary)

    def scores(self, question: str) -> NDArray[np.float32]:
        total = np.zeros(self.size, dtype=np.float32)
        for term in set(self._terms(question)):
            if term in self._postings:
                numbers, weights = self._postings[term]
                total[numbers] += weights
        return total

    def shared(self, question: str) -> NDArray[np.float32]:
        """For each text, from 0 to about 1, how much of the question's weight it shares."""
        rarest = math.log(1 + (self.size + 0.5) / 0.5)
        weighed = (self._rarity.get(term, rarest) for term in set(self._terms(question)))
        return self.scores(question) / np.float32(sum(weighed) or 1.0)

    def alike(self, question: str, enough: float) -> int | None:
        """The text that is about the same: each shares more than `enough` of its weight with the other."""
        asked = set(self._terms(question))
        rarest = math.log(1 + (self.size + 0.5) / 0.5)
        weight = sum(self._rarity.get(term, rarest) for term in asked)
        common = np.zeros(self.size, dtype=np.float32)
        for term in asked & self._postings.keys():
            common[self._postings[term][0]] += self._rarity[term]
        both = np.minimum(common / np.float32(weight or 1.0), common / self._weights)
        best = int(both.argmax()) if self.size else 0
        return best if self.size and both[best] > enough else None

    def covered(self, question: str) -> float:
        """The share of a question's content words that occur in any of the texts."""
        terms = content_stems(question)
        return sum(term in self._postings for term in terms) / len(terms) if terms else 0.0

    def closest(self, question: str) -> int | None:
        """The number of the text that shares most with the question, or None when none shares anything."""
        shared = self.shared(question)
        best = int(shared.argmax()) if self.size else 0
        return best if self.size and shared[best] > 0 else None
