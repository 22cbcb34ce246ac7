"""How alike texts are in meaning where they share no word: each word has a direction, each text the sum of its words'.

The directions in likeness.npz come from a sentence model (`python -m tests.bench.distilling` makes them); reading them
needs numpy alone.
"""

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.words import words_of

FILE = Path(__file__).parent / "likeness.npz"
Directions = NDArray[np.float32]


@dataclass(frozen=True)
class Likeness:
    """`names` are sorted hashes of words; row i of `rows`, times `scale[i]`, is the direction of names[i].

    How long a direction is says how much its word tells of a text: "the" is short, "cenotaph" long.
    """

    names: NDArray[np.uint32]
    rows: NDArray[np.int8]
    scale: NDArray[np.float32]

    def of_words(self, words: list[str]) -> Directions:
        """A row for each word, of zeros for one that is not known."""
        hashes = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint32)
        found = np.searchsorted(self.names, hashes)
        found[found == len(self.names)] = 0
        known = self.names[found] == hashes
        return np.asarray(self.rows[found] * (self.scale[found] * known)[:, None], dtype=np.float32)

    def knows(self, word: str) -> bool:
        return bool(self.of_words([word]).any())

    def of(self, text: str) -> Directions:
        """The direction of a text, of length one; zeros where none of its words is known."""
        total = self.of_words(words_of(text)).sum(axis=0)
        return np.asarray(total / (np.linalg.norm(total) or 1.0), dtype=np.float32)


def of_length_one(rows: Directions) -> Directions:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


@cache
def open_likeness(file: Path = FILE) -> Likeness:
    kept = np.load(file)
    return Likeness(kept["names"], kept["rows"], kept["scale"])
