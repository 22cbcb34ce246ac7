"""What stands around a phrase: whether it is complete, part of a name, or a time of day."""

from compact_bot.dates.text import Text
from compact_bot.dates.vocabulary import ASKING, FUNCTION_WORDS, MONTH, NAMING, PREPOSITIONS, REPEATING

_AFTER_CLOCK = frozenset("am pm noon midnight oclock hrs hours h a.m p.m".split())


def clock_end(t: Text, i: int) -> int:
    """Where a time of day that begins at token i ends ("5pm", "17:00", "5.30 pm", "9 o'clock"), or i."""
    if t.word[i] in ("noon", "midnight", "midday"):
        return i + 1
    if t.number[i] < 0 or t.digits(i) > 4:
        return i
    j = i + 1
    if t.word[j] in (":", ".") and t.glued[j] and t.number[j + 1] >= 0 and t.glued[j + 1] and t.digits(j + 1) == 2:
        if t.word[j] == ":":
            j += 2
            j += 2 * (t.word[j] == ":" and t.glued[j] and t.glued[j + 1] and t.number[j + 1] >= 0)
            return j + (t.word[j] in _AFTER_CLOCK)
        j += 2
    return j + 1 if t.word[j] in _AFTER_CLOCK else i


def completes(t: Text, i: int) -> bool:
    """Whether the words before token i may be complete there: nothing, a mark or a small word follows."""
    word = t.word[i]
    return not word or word in FUNCTION_WORDS or (not word[0].isalnum() and t.ends(i) and word != "&")


_NEW_CLAUSE = frozenset("please pls then and but so or if thanks ta cheers ok okay".split())


def ends_clause(t: Text, i: int) -> bool:
    """Whether what stands before token i has nothing that belongs to it after: "a week before please" is complete."""
    word = t.word[i]
    return not word or word in _NEW_CLAUSE or (not word[0].isalnum() and word not in ("-", "'", '"', "&"))


OTHER_WORDS = frozenset(("sat", "sun", "mon", "wed"))  # verbs, the sun, "mon ami"


def is_a_name(t: Text, i: int, j: int) -> bool:
    """Whether the words from i to j are part of a name that goes on: "Sunday Lunch Club", "the Friday group"."""
    if t.word[j] in NAMING:
        return True
    if i and t.word[i - 1] in REPEATING:
        return True
    if i and (t.word[i - 1] in PREPOSITIONS or t.word[i - 1] in ASKING):
        return False
    return _capital(t, i) and _capital(t, j) and t.word[j] not in FUNCTION_WORDS and t.word[j] not in MONTH


def _capital(t: Text, i: int) -> bool:
    return t.word[i].isalpha() and t.words[t.start[i] : t.end[i]].istitle() and len(t.word[i]) > 1
