"""The linear model: which clause a question is about, learned from the phrasebook.

A question becomes word stems, pairs of stems and runs of 3 to 5 letters; each feature carries a weight for each
clause and one for silence. Learning needs scikit-learn and some seconds, so it runs in a process of its own and
what it learned is kept on disk under the hash of its data and code. Answering needs numpy alone.
"""

import contextlib
import hashlib
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from knowledge import masks, words
from knowledge.masks import masked
from knowledge.words import stem, words_of

SILENT = ""
LETTERS = 0.7  # weight of letter runs beside words: chosen by cross-validation (python -m knowledge.evaluate --views)
STRENGTH = 0.7  # the C of the linear support vector machines, chosen likewise
MASKED_STRENGTH = 1.2  # the same for what is learned with dates, numbers and codes masked

KEPT = 8  # models on disk
SAVED, WHOLE = ("weights.npy", "rest.npz", "labels.json"), "whole"  # the files of a model, and the sum over them

Counts: TypeAlias = tuple[Counter[int], Counter[int]]


def features(question: str) -> Counts:
    """The hashed features of a question: words and pairs, and letter runs."""
    said = words_of(question)
    stems = ["^", *map(stem, said), "$"]
    by_word = Counter(_hash("w " + one) for one in stems[1:-1])
    by_word.update(_hash(f"p {one} {two}") for one, two in pairwise(stems))
    line = f" {' '.join(said)} ".encode()  # words are a-z, 0-9 and apostrophes: a letter is a byte
    runs = [line[start : start + size] for size in (3, 4, 5) for start in range(len(line) - size + 1)]
    return by_word, Counter(map(zlib.crc32, runs))


def _hash(feature: str) -> int:
    return zlib.crc32(feature.encode())


@dataclass(frozen=True)
class Model:
    """`names` are sorted feature hashes; row i of `weights` belongs to names[i], a column to each label."""

    labels: tuple[str, ...]
    names: NDArray[np.uint32]
    rarity: NDArray[np.float32]
    weights: NDArray[np.float16]
    bias: NDArray[np.float32]

    def vector(self, question: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """The rows a question touches and how much it has of each; both blocks of length one."""
        rows, values = [], []
        for counts, weight in zip(features(question), (1.0, LETTERS), strict=True):
            hashes = np.fromiter(counts, dtype=np.uint32, count=len(counts))
            found = np.searchsorted(self.names, hashes)
            found[found == len(self.names)] = 0
            known = self.names[found] == hashes
            row = found[known]
            value = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts))[known])) * self.rarity[row]
            length = float(np.sqrt(value @ value)) or 1.0
            rows.append(row)
            values.append(value * np.float32(weight / length))
        return np.concatenate(rows), np.concatenate(values)

    def scores(self, question: str) -> NDArray[np.float32]:
        rows, values = self.vector(question)
        return values @ self.weights[rows].astype(np.float32) + self.bias

    def rarity_of(self, word: str) -> float:
        """How rare a stem is among what was learned from; a word that stands nowhere is the rarest."""
        name = np.uint32(_hash("w " + word))
        row = int(np.searchsorted(self.names, name))
        known = row < len(self.names) and self.names[row] == name
        return float(self.rarity[row]) if known else self.rarest

    @cached_property
    def rarest(self) -> float:
        return float(self.rarity.max())

    def evidence(self, question: str, label: str) -> dict[str, float]:
        """What each word of the question, with its pairs, adds for a label."""
        column = self.labels.index(label)
        rows, values = self.vector(question)
        gain = dict(zip(self.names[rows].tolist(), (values * self.weights[rows, column]).tolist(), strict=True))
        said = words_of(question)
        stems = ["^", *map(stem, said), "$"]
        total: dict[str, float] = {}
        for index, word in enumerate(said, start=1):
            pairs = (f"p {stems[i]} {stems[i + 1]}" for i in (index - 1, index))
            total[word] = gain.get(_hash("w " + stems[index]), 0.0) + sum(gain.get(_hash(p), 0.0) for p in pairs) / 2
        return total


def fit(examples: Sequence[tuple[str, str]], masking: bool = False) -> Model:
    """A model from (label, words) pairs; the label SILENT is for questions that no clause answers.

    `masking` makes dates, numbers and codes alike first; what is asked of such a model must be masked too.
    """
    from scipy.sparse import csr_matrix
    from sklearn.svm import LinearSVC

    if masking:
        examples = [(label, masked(text)) for label, text in examples]
    counted = [features(text) for _, text in examples]
    spread = Counter(name for by_word, _ in counted for name in by_word)
    runs = Counter(name for _, by_letter in counted for name in by_letter)
    spread.update({name: n for name, n in runs.items() if n > 1})
    names = np.array(sorted(spread), dtype=np.uint32)
    rarity = np.array([1 + math.log((1 + len(examples)) / (1 + spread[int(n)])) for n in names], dtype=np.float32)
    empty = Model((), names, rarity, np.zeros((0, 0), np.float16), np.zeros(0, np.float32))
    vectors = [empty.vector(text) for _, text in examples]
    starts = np.cumsum([0, *(len(rows) for rows, _ in vectors)])
    matrix: csr_matrix = csr_matrix(
        (np.concatenate([v for _, v in vectors]), np.concatenate([r for r, _ in vectors]), starts),
        shape=(len(examples), len(names)),
    )
    machine = LinearSVC(C=MASKED_STRENGTH if masking else STRENGTH, random_state=0).fit(
        matrix, [label for label, _ in examples]
    )
    coefficients = machine.coef_ if len(machine.classes_) > 2 else np.vstack([-machine.coef_, machine.coef_])
    bias = machine.intercept_ if len(machine.classes_) > 2 else np.array([-1, 1]) * machine.intercept_
    return Model(
        tuple(str(label) for label in machine.classes_),
        names,
        rarity,
        np.ascontiguousarray(coefficients.T, dtype=np.float16),
        bias.astype(np.float32),
    )


def fingerprint(examples: Iterable[tuple[str, str]]) -> str:
    """A hash of the data and of the code that learns from it, so neither can change unnoticed."""
    digest = hashlib.sha256(json.dumps(list(examples), ensure_ascii=False).encode())
    for file in (Path(__file__), Path(words.__file__), Path(masks.__file__)):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def learned(
    examples: Sequence[tuple[str, str]], kept_in: Path, masking: bool = False, what: str = "the phrasebook"
) -> Model:
    """The model for these examples: the one kept on disk, or a new one learned now (some seconds) and kept.

    What is damaged or not ours to read is learned anew; where nothing can be kept, the model is held in memory.
    """
    folder = kept_in / fingerprint(examples)
    if (kept := _load(folder)) is not None:
        with contextlib.suppress(OSError):  # what is used is not forgotten
            os.utime(folder)
        return kept
    try:
        shutil.rmtree(folder, ignore_errors=True)
        _learn_apart(examples, folder, masking, what)
        _forget_all_but_newest(kept_in)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"What was learned cannot be kept in {kept_in} ({type(error).__name__}).", file=sys.stderr, flush=True)
    return _load(folder) or fit(examples, masking)


def is_kept(examples: Sequence[tuple[str, str]], kept_in: Path) -> bool:
    """Whether what these examples teach is on disk, whole."""
    return _load(kept_in / fingerprint(examples)) is not None


def _learn_apart(examples: Sequence[tuple[str, str]], folder: Path, masking: bool, what: str) -> None:
    """Learn in another process, so that scikit-learn's memory goes when it has done."""
    print(f"Learning {what}. This takes a minute or two, once.", file=sys.stderr, flush=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    around = os.pathsep.join([str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "knowledge.learning", str(folder), *(["masking"] if masking else [])]
    began = time.monotonic()
    with tempfile.TemporaryFile() as lines:
        lines.write(json.dumps(list(examples)).encode())
        lines.seek(0)
        with subprocess.Popen(command, stdin=lines, env={**os.environ, "PYTHONPATH": around}) as learning:
            _say_how_long(learning, began)
    if learning.returncode:
        raise subprocess.CalledProcessError(learning.returncode, command)
    print(f"Learned in {time.monotonic() - began:.0f} seconds.", file=sys.stderr, flush=True)


def _say_how_long(learning: subprocess.Popen[bytes], began: float) -> None:
    """Wait for it; a terminal shows the seconds in one line, which is wiped afterwards."""
    while sys.stderr.isatty():
        try:
            learning.wait(timeout=1)
            break
        except subprocess.TimeoutExpired:
            print(f"\r{time.monotonic() - began:.0f} seconds so far ", end="", file=sys.stderr, flush=True)
    if learning.wait() == 0 and sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def _forget_all_but_newest(kept_in: Path) -> None:
    """An edited phrasebook leaves its last model behind; some are kept, for several agreements and going back."""
    kept = sorted((f for f in kept_in.iterdir() if f.is_dir()), key=lambda f: f.stat().st_mtime, reverse=True)
    for folder in kept[KEPT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _save(model: Model, folder: Path) -> None:
    """Whole or not at all: another process may be saving the same. Whoever runs the program may read it."""
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    np.save(draft / "weights.npy", model.weights)
    np.savez(draft / "rest.npz", names=model.names, rarity=model.rarity, bias=model.bias)
    (draft / "labels.json").write_text(json.dumps(model.labels))
    (draft / WHOLE).write_text(_checksum(draft))
    for file in draft.iterdir():
        file.chmod(0o644)
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)


def _checksum(folder: Path) -> str:
    sums = []
    for name in SAVED:
        with (folder / name).open("rb") as file:
            sums.append(hashlib.file_digest(file, "blake2b").hexdigest())
    return "\n".join(sums)


def _load(folder: Path) -> Model | None:
    """What was saved; None where there is nothing, or it is not what was saved."""
    try:
        if (folder / WHOLE).read_text() != _checksum(folder):
            return None
        rest = np.load(folder / "rest.npz")
        return Model(
            tuple(json.loads((folder / "labels.json").read_text())),
            rest["names"],
            rest["rarity"],
            np.load(folder / "weights.npy", mmap_mode="r"),
            rest["bias"],
        )
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    _save(fit([(label, text) for label, text in json.load(sys.stdin)], "masking" in sys.argv[2:]), Path(sys.argv[1]))
