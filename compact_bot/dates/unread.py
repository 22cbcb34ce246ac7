"""What stands unread beside a date: a part of a phrase is never the whole date."""

from dataclasses import replace

from compact_bot.dates.surroundings import OTHER_WORDS, clock_end
from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import (
    AROUND,
    EDGES,
    MONTH,
    ONES,
    ORDINALS,
    PREPOSITIONS,
    RANGE,
    REPEATING,
    SUFFIXES,
    TENS,
    UNITS,
    WEEKDAY,
    WEEKDAYS_MANY,
)
from compact_bot.dates.written import Written

_JOINS_AFTER = frozenset(", - and to for or & / ( + x plus until till the of over lasting running".split())
_JOINS_BEFORE = frozenset(", - and to or & / ( + until till the of before after from following".split())


def with_doubt(t: Text, written: Written, start: int, end: int, taken: list[str]) -> Written:
    """A date with the words beside it that were left unread; `taken` tells what each token belongs to."""
    beside = _unread_after(t, end, taken) or _unread_before(t, start, taken)
    whole = written.exact and not beside and not written.doubt
    if beside == "" and whole == written.exact:
        return written
    return replace(written, exact=whole, doubt=beside or written.doubt)


def _unread_after(t: Text, j: int, taken: list[str]) -> str:
    for _ in range(3):
        if taken[j] == "date":
            return ""
        clock = clock_end(t, j)
        if clock > j:
            j = clock
        elif t.word[j] in _JOINS_AFTER:
            j += 1
        else:
            break
    return _unread(t, j, taken)


def _unread_before(t: Text, start: int, taken: list[str]) -> str:
    j = start - 1
    if j < 0:
        return ""
    if j and t.word[j] in RANGE and t.word[j - 1] in EDGES:
        return t.said(j - 1, j + 1)  # "mid to late March"
    if t.word[j] in AROUND or t.word[j] in REPEATING:
        return t.word[j]
    if t.word[j] in (".", ":") and j and t.word[j - 1] in AROUND:
        return t.word[j - 1]
    if j and t.word[j] in PREPOSITIONS and t.word[j - 1] in REPEATING:
        return t.word[j - 1]
    if j > 1 and t.word[j] in PREPOSITIONS and t.word[j - 1] in UNITS and t.word[j - 2] in REPEATING:
        return t.said(j - 2, j)  # "every year by 31 March"
    for _ in range(2):
        if j < 0 or taken[j] == "date":
            return ""
        if t.word[j] not in _JOINS_BEFORE:
            break
        j -= 1
    return _unread(t, j, taken) if j >= 0 else ""


def _unread(t: Text, j: int, taken: list[str]) -> str:
    """A number, unit, ordinal, weekday, month or repeating word at token j that no date took."""
    if taken[j]:
        return "" if taken[j] == "date" else taken[j]
    word = t.word[j]
    if t.number[j] >= 0:
        if t.word[j - 1] in (":", ".") and t.glued[j]:
            return ""  # "17:00 31 March"
        if not t.begins(j) or not (t.ends(j + 1) or t.word[j + 1] in SUFFIXES or t.word[j + 1] in ("/", "-")):
            return ""
        return t.said(j, j + 2) if t.word[j + 1].isalpha() else word
    if word in SUFFIXES and t.glued[j] and j and t.number[j - 1] >= 0:
        return t.said(j - 1, j + 1)
    if word in UNITS or word in ORDINALS or word in ONES or word in TENS or word in REPEATING:
        return word
    if word in ("may", "march") and t.words[t.start[j]].islower():
        return ""
    if (word in WEEKDAY or word in MONTH) and word not in OTHER_WORDS:
        return word
    return word if word in WEEKDAYS_MANY or word.isnumeric() else ""
