"""The lines of a source as converted, and what can be told from one line and its neighbour alone."""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

UNITS = r"(?:working |calendar |clear )?(?:hours?|days?|weeks?|months?|quarters?|years?|minutes?|miles?|metres?)"
_MEASURED = re.compile(rf"(?:{UNITS}|per ?cent|%|pm|am|st|nd|rd|th|million|thousand|pence|p)\b|%", re.IGNORECASE)
_MONTHS = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DATED = re.compile(rf"{_MONTHS}\b", re.IGNORECASE)
_DANGLING = re.compile(
    r"\b(?:a|an|the|of|to|at|in|on|by|for|from|with|within|than|least|most|about|over|under|per|and|or|but|nor|as"
    r"|is|are|was|were|be|been|not|no|plus|minus|between|before|after|until|every|each|its|their|our|this|that|these"
    r"|those|which"
    r"|up|into|if|when|where|who|whose|has|have|had)$|[,–—-]$"
    r"|(?:^|\b(?:in|of|on|at|see|under|by|to|with|from|for|per|and|or|the|this|that|each)\s+|,\s*)"
    r"(?:section|clause|paragraph|part|article|schedule|page|item)$",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.;:!?…](?:[\"'”’)\]]|\*)*$|[.;]\s+(?:and|or)$")
BULLET = re.compile(r"(?P<mark>[-*•●▪■◦○‣⁃·–—➢✓\uf0b7\uf0a7]|o(?=\s+[A-Z])|\+)\s+(?=\S|$)")


@dataclass(frozen=True)
class Line:
    """One line of a source, with what its file told of it.

    `heading` is the level that the file gives it (0: none), `full` tells that the next word would not have fitted on
    it (None: unknown), `column` is the head of the table column it stands in, `aside` why it is no part of the text.
    """

    number: int
    text: str
    blank_before: bool = False
    heading: int = 0
    strong: bool = False
    depth: int = 0
    full: bool | None = None
    column: str = ""
    aside: str = ""
    page: int = 0

    def left_out(self, reason: str) -> "Line":
        return replace(self, aside=reason)


def has_ended(text: str) -> bool:
    """Whether a sentence or an item ends here."""
    return bool(_ENDED.search(text.rstrip()))


def dangles(text: str) -> bool:
    """Whether more words must follow: "at least", "section", "the"."""
    if _ASKS.match(text) or _PHRASAL.match(text) or _WHETHER.search(text):
        return False
    return bool(_DANGLING.search(text.rstrip()))


_ASKS = re.compile(
    r"(?:what|who|how|why|where|when)\b.*\b(?:is|are|has|have|in|for|to|about|from|with|up|on|by)$", re.IGNORECASE
)
_WHETHER = re.compile(r"\b(?:why|if|or|whether) not$", re.IGNORECASE)
_PHRASAL = re.compile(  # "Keeping it up", "Opting in", "Being listened to"
    r"[A-Z]\w+ing (?:(?:\w+ ){0,3}(?:up|in|out|on|off|over)|\w+ed to)$"
)
_JOINS_ITEMS = re.compile(r"(?:,|\band|\bor|[;,] (?:and|or))$", re.IGNORECASE)


def joins_items(text: str) -> bool:
    """Whether a list's item ends as items do before the next: "of an invoice, or"."""
    return bool(_JOINS_ITEMS.search(text.rstrip()))


def starts_low(text: str) -> bool:
    bare = text.lstrip("\"'“‘([*_")
    return bool(bare) and bare[0].islower()


def is_measured(text: str) -> bool:
    """Whether what follows a number makes it a quantity or a date: "weeks", "per cent", "April 2027"."""
    measured = _MEASURED.match(text)
    titled = measured is not None and measured[0].istitle()  # "3.1 Minutes will be sent"
    return bool(_DATED.match(text) or (measured and not titled))


def bare(text: str) -> str:
    """Casefolded words only, for telling whether two lines say the same."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_wrapped(lines: list[Line]) -> bool:
    """Whether paragraphs run over several lines, as in text taken from a PDF."""
    followed = [b for a, b in pairwise(lines) if not b.blank_before and not has_ended(a.text)]
    return len(followed) > 2 and sum(_goes_on(line.text) for line in followed) >= 0.25 * len(followed)


def _goes_on(text: str) -> bool:
    """Whether a line begins in the middle of a sentence: with a small letter, or "11 November"."""
    number = re.match(r"\d+\s+", text)
    return starts_low(text) or bool(number and is_measured(text[number.end() :]))


def joined(first: str, second: str) -> str:
    """A wrapped line and what follows it. A hyphen at the line's end stays, since it may be the word's own."""
    if re.search(r"\w-$", first) and starts_low(second):
        return first + second
    return f"{first} {second}" if first and second else first or second
