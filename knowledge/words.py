"""A sentence as the words that matter: folded, corrected, stemmed, and widened by everyday vocabulary."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import Stemmer
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

HERE = Path(__file__).parent
VOCABULARY = HERE / "vocabulary.md"

_stemmer = Stemmer.Stemmer("english")
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_COMPOUND = re.compile(rf"{_TOKEN.pattern}(?:[-\u2010\u2011]{_TOKEN.pattern})*")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'"})


def _named_here() -> frozenset[str]:
    """What the agreements in this folder are called, "sutton compact": a name tells nothing of what is asked."""
    titles = (
        re.search(r'^title = "(.*)"', file.read_text("utf-8"), re.MULTILINE) for file in HERE.glob("*/about.toml")
    )
    return frozenset(word for title in titles if title for word in title[1].casefold().split())


NAMED_HERE = _named_here()
# Words that say nothing about the subject. Kept as features (their order helps to tell who asks), left out of matching.
STOP_WORDS = (
    frozenset(
        """
    a about all am an and any anybody anyone anything are as at be been being bit but by can clause compact
    could did do does doing don't else ever everyone for from get gets getting go going got had has have having
    he her here him his how i i'm if in into is it it's its just let's like may me might mine must my need no
    not now of off ok on one only or our ours out over own please pls put really say says she should so some
    someone something tell that that's the their theirs them then there there's these they they're thing
    things think this those to up us want wanted wants was we we're were what what's when where which who whose
    why will with would yes you your yours charter covenant concordat
    """.split()
    )
    | NAMED_HERE
)


def fold(text: str) -> str:
    """Lower case, without accents, control characters, direction marks and typographic quotes."""
    if text.isascii() and text.isprintable():  # nearly every message: there is nothing to take off
        return text.replace("`", "'").lower()
    plain = unicodedata.normalize("NFKD", text).translate(_APOSTROPHES)
    return "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Cf", "Cc") or c in "\n\t").lower()


def words_of(text: str) -> list[str]:
    return _TOKEN.findall(fold(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    return str(_stemmer.stemWord(word.removesuffix("'s")))


def compounds(text: str) -> list[list[str]]:
    """The words of a text, those tied by a hyphen together: "co-produce plans" -> [["co", "produce"], ["plans"]]."""
    return [_TOKEN.findall(found) for found in _COMPOUND.findall(fold(text))]


_ENDING = re.compile(r"(?<=[a-z]{5})(?:ations?|ativ|ion|at|iv|ment|[ae]nc|al|t)$")


@lru_cache(maxsize=50_000)
def root(form: str) -> str:
    """What a stem has in common with its kin: "product" and "produc" -> "produc"."""
    return _ENDING.sub("", form)


def content_stems(text: str) -> list[str]:
    return [stem(word) for word in words_of(text) if word not in STOP_WORDS]


class Spelling:
    """Mends a word that nobody ever wrote here to the closest one that somebody did.

    `is_word` knows further words, which are left as they are though nothing is mended to them.
    """

    def __init__(self, known: Iterable[str], is_word: Callable[[str], bool] = lambda _: False) -> None:
        self._known: set[str] = set(known)
        self._is_word = is_word
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(self._known):
            self._by_letter.setdefault(word[0], []).append(word)
        self._mended: dict[str, str] = {}

    def mend(self, word: str) -> str:
        if len(word) < 4 or word in self._known or not word.isalpha() or self._is_word(word):
            return word
        if word not in self._mended:
            if len(self._mended) > 10_000:
                self._mended.clear()
            self._mended[word] = self._closest(word)
        return self._mended[word]

    def _closest(self, word: str) -> str:
        """Of the closest words one with the same letters, for most slips swap two."""
        allowed = 1 if len(word) < 8 else 2
        candidates = self._by_letter.get(word[0], ())
        found = process.extract(word, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=allowed)
        nearest = min(found, key=lambda one: (one[1], sorted(one[0]) != sorted(word)), default=None)
        return nearest[0] if nearest else word


def read_vocabulary(file: Path = VOCABULARY) -> dict[str, str]:
    """Everyday word or phrase (stemmed) -> the agreement's word, from lines `- end: axe, pull the plug, scrap`."""
    said_for: dict[str, str] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("- ") and ":" in line:
            meant, everyday = line[2:].split(":", 1)
            for phrase in [meant, *everyday.split(",")]:
                said_for[" ".join(stem(word) for word in words_of(phrase))] = stem(words_of(meant)[0])
    return said_for


def units_of(stems: list[str], vocabulary: dict[str, str]) -> list[tuple[str, str]]:
    """Each stem, or phrase of up to three that the vocabulary knows, with the agreement's word for it, "" for none."""
    units = []
    index = 0
    while index < len(stems):
        for length in (3, 2, 1):
            phrase = " ".join(stems[index : index + length])
            if phrase in vocabulary or length == 1:
                units.append((phrase, vocabulary.get(phrase, "")))
                index += length
                break
    return units


def meanings(stems: list[str], vocabulary: dict[str, str]) -> list[str]:
    """What the vocabulary makes of some stems."""
    return [meant for _, meant in units_of(stems, vocabulary) if meant]
