"""Words cut into tokens once, for the readers of dates. Only ASCII digits are digits."""

import re
from datetime import date

from compact_bot.dates.vocabulary import MONTH, SUFFIXES, UNITS, WEEKDAY

# Read alike, character for character, so that places in the text stay.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ´`′‛", "'"),
        **dict.fromkeys("–—‒−‐‑―", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f\u2007\u2008\u2002\u2003", " "),
        **dict.fromkeys("·∙‧", "."),
        **dict.fromkeys("⁄∕", "/"),
    }
)
# A number with a character of another script in it ("2²") is no number: it is taken whole, as a word.
_TOKEN = re.compile(r"[0-9]+(?:[^\W\x00-\x7f]\w*)?|[^\W\d_]+(?:'[^\W\d_]+)*|\n|\S")
_LONGEST_NUMBER = 8
_PADDING = 12  # readers look so far ahead without asking where the text ends


class Text:
    """The tokens of some words as parallel lists, each ending in empty tokens.

    `word` is in lower case, a possessive as in the vocabulary, `number` the value of digits or -1, `glued` whether a
    token touches the one before it.
    """

    __slots__ = ("back", "end", "glued", "number", "size", "start", "today", "word", "words")

    def __init__(self, words: str, today: date, back: bool = False) -> None:
        self.words = words
        self.today = today
        self.back = back  # what is left open lies in the past
        self.word: list[str] = []
        self.number: list[int] = []
        self.start: list[int] = []
        self.end: list[int] = []
        self.glued: list[bool] = []
        previous = -1
        for found in _TOKEN.finditer(words if words.isascii() and "`" not in words else words.translate(_ALIKE)):
            start, end = found.span()
            piece = found[0]
            digits = piece.isascii() and piece.isdigit() and len(piece) <= _LONGEST_NUMBER
            self.number.append(int(piece) if digits else -1)
            self.word.append(_plain(piece.lower()) if "'" in piece else piece.lower())
            self.start.append(start)
            self.end.append(end)
            self.glued.append(start == previous)
            previous = end
        self.size = len(self.word)
        self.word += [""] * _PADDING
        self.number += [-1] * _PADDING
        self.start += [len(words)] * _PADDING
        self.end += [len(words)] * _PADDING
        self.glued += [False] * _PADDING

    def digits(self, i: int) -> int:
        """How many figures a number has."""
        return self.end[i] - self.start[i]

    def begins(self, i: int) -> bool:
        """Whether a number at i stands free: not in "B12", "COVID-19", "£7", "3.4.4" or a path."""
        if i == 0 or not self.glued[i]:
            return True
        before = self.word[i - 1]
        if before == "-":
            word = self.word[i - 2] if i > 1 and self.glued[i - 1] else ""
            return not word.isalpha() or word in MONTH or word in SUFFIXES
        if before == ".":
            return not (i > 1 and self.glued[i - 1] and self.number[i - 2] >= 0)
        return before in _BEFORE_NUMBERS or (before == "/" and i > 1 and self.word[i - 2] in MONTH)

    def ends(self, i: int) -> bool:
        """Whether what ends before token i is whole: not followed by "x", "/7" or ".4" without a space."""
        if not self.glued[i]:
            return True
        after = self.word[i]
        if after == ",":
            return not (self.glued[i + 1] and self.number[i + 1] >= 0 and self.digits(i + 1) == 3)
        if after in (".", ":"):
            return not (self.glued[i + 1] and self.number[i + 1] >= 0)
        return after not in _NEVER_AFTER and not after.isalnum()

    def said(self, i: int, j: int) -> str:
        """The words from token i up to token j."""
        return self.words[self.start[i] : self.end[j - 1]]


def _plain(word: str) -> str:
    """A word with an apostrophe as the tables have it: "year" of "year's", "davids"; "we'd" is no Wednesday."""
    base = word.removesuffix("'s")
    if base in UNITS or base in WEEKDAY:
        return base
    return word.replace("'", "") if base != word or word == "o'clock" else word


_BEFORE_NUMBERS = frozenset([*"( [ \" ' , : ; * _ ~ > < | = { ! ? … “ ” «".split(), "\n"])
_NEVER_AFTER = frozenset("/ % + £ $ € # _ @ \\ =".split())
