"""A message -> the act that it means. Exact commands at once; else the learned act with the parts of its sentence."""

import re
from dataclasses import replace

from rapidfuzz.distance import DamerauLevenshtein

from compact_bot.understanding.acts import (
    READING,
    Act,
    Ask,
    FollowUp,
    Leave,
    LookUp,
    SetSide,
    Show,
    ShowFeedback,
    Smalltalk,
    Yes,
)
from compact_bot.understanding.addressing import Addressed, addressed
from compact_bot.understanding.commands import read_command
from compact_bot.understanding.commands.table import COMMANDS
from compact_bot.understanding.context import Context
from compact_bot.understanding.deciding import label_of
from compact_bot.understanding.reading.table import TRACKS, read_as
from compact_bot.understanding.slots import codes_in, items_called, said
from compact_bot.understanding.understood import Understood
from compact_bot.understanding.waiting import Waiting, answered
from knowledge.meanings import ASK, Meanings
from knowledge.numbers import numbers_alone, numbers_asked, range_asked
from knowledge.words import STOP_WORDS, stem, words_of

SURE = 0.35  # a label that leads by this is right in 97 of 100, on held-out points of view
SURELY_MEANT = 0.6  # a score that hardly a name of something reaches for a label that is none
_MOST_MENDED = 3  # words of a command whose spelling is mended
_TICK = re.compile(r"[✅✔☑]|:(?:white_check_mark|heavy_check_mark|ballot_box_with_check):")
_FEEDBACK_CODE = re.compile(r"(?<!\w)f(?P<number>\d{1,7})(?!\w)", re.IGNORECASE)
_MAY_ANSWER = (Yes, Leave, LookUp, SetSide, Smalltalk)  # what may as well settle a question that waits
_MAY_NAME_AN_ITEM = (Show, FollowUp)  # "D4", or "and D4", where it was asked which one is meant
_WHEN_IS_IT = re.compile(  # what may be asked of something tracked, by its name
    r"^(?:so |and |but )?(?:has|have|did|who(?:'s|’s| is| has))\b"
    r"|\b(?:when(?:'s|s)?|due|deadline|how long|status|how far|where are we|what's happening|any news|next (?:step"
    r"|date)|what date)\b",
    re.IGNORECASE,
)
_COMMAND_WORDS = tuple(
    dict.fromkeys(
        """deadlines deadline overdue mine help home contents contacts contact feedback review undo settings leads gaps
        taught next nudges digest closed hello thanks snooze drop done track yes board calendar""".split()
    )
)


def understand(text: str, context: Context, waiting: Waiting | None, meanings: Meanings) -> Understood:
    """The act of a message that somebody said themselves."""
    context = replace(context, asks=text.rstrip().endswith("?"))
    words = addressed(text)
    exact = _exact(text, words, context)
    if exact is not None and not (waiting and _may_answer(exact.act, waiting)):
        return exact
    if waiting is not None and not (_is_free(waiting) and _says_something_else(words, meanings)):
        answer = answered(text, waiting, context)
        if answer is not None:
            return replace(answer, answers=True)
    if exact is not None:
        return exact
    if not words.bare:
        return _only_manners(text)
    if not re.search(r"[a-z0-9]", words.said, re.IGNORECASE):
        return Understood(Smalltalk("nothing"))
    if numbers := numbers_alone(words.bare, context.agreement):
        return Understood(LookUp(tuple(numbers)))
    if (mended := _mended(words.bare, context)) and (exact := read_command(mended, COMMANDS, context)):
        return exact
    return _learned(words.said, context, meanings, ticked=bool(_TICK.search(text)))


def _is_free(waiting: Waiting) -> bool:
    """Whether any words at all would do as an answer: a name."""
    return waiting.missing[:1] == ("title",)


def _says_something_else(words: Addressed, meanings: Meanings) -> bool:
    """Thanks, or what is surely meant as something of its own, is no name."""
    if not words.bare:
        return True
    best = meanings.of(words.said)[0]
    return best.score > SURELY_MEANT and best.label not in (ASK, *TRACKS)


def _may_answer(act: Act, waiting: Waiting) -> bool:
    return isinstance(act, _MAY_ANSWER + (_MAY_NAME_AN_ITEM if "item" in waiting.missing else ()))


def _exact(text: str, words: Addressed, context: Context) -> Understood | None:
    """The command that a message is to the letter, with or without what surrounds it."""
    for candidate in dict.fromkeys((text.strip(), words.said.rstrip("?"), words.bare)):
        if candidate and (exact := read_command(candidate, COMMANDS, context)):
            return exact
    return None


def only_asked(text: str, context: Context) -> Understood:
    """Words that their sender did not write, or did not mean as an order: a clause by its number, or a question."""
    if span := range_asked(text):
        return Understood(LookUp((span[0],), span[1]))
    numbers = numbers_asked(text, context.agreement)
    return Understood(LookUp(tuple(numbers)) if numbers else Ask(text))


def is_order(text: str, context: Context) -> bool:
    """Whether some words, said by oneself, would have been carried out."""
    exact = read_command(addressed(text).bare, COMMANDS, context)
    return exact is not None and not isinstance(exact.act, READING)


def _only_manners(text: str) -> Understood:
    """A greeting, thanks, or nothing to read."""
    if re.search(r"\b(?:thank|thanks|thx|ta|cheers|ty)\b", text, re.IGNORECASE):
        return Understood(Smalltalk("thanks"))
    return Understood(Smalltalk("greeting" if re.search(r"[a-z]", text, re.IGNORECASE) else "nothing"))


def _mended(words: str, context: Context) -> str:
    """A short command with its spelling mended; "" where nothing had to be, or a word is one of the agreement's own."""
    said_words = words_of(words)
    if not 1 <= len(said_words) <= _MOST_MENDED:
        return ""
    own = context.agreement.stems
    mended = [
        _closest_command(word) if stem(word) not in own and word not in STOP_WORDS else word for word in said_words
    ]
    return " ".join(mended) if mended != said_words else ""


def _closest_command(word: str) -> str:
    allowed = 1 if len(word) < 8 else 2
    near = [(DamerauLevenshtein.distance(word, one, score_cutoff=allowed), one) for one in _COMMAND_WORDS]
    best = min(near)
    return best[1] if best[0] <= allowed and len(word) > 3 else word


def _learned(words: str, context: Context, meanings: Meanings, ticked: bool) -> Understood:
    message = said(words, context.today)
    ranked = meanings.of(words)
    label = "done" if ticked and "done" in (one.label for one in ranked) else label_of(message, ranked, context.today)
    if label == ASK:
        return _asked(words, context)
    sure = ranked[0].label == label and ranked[0].score - ranked[1].score >= SURE
    return read_as(label, message, context, sure)


def _asked(words: str, context: Context) -> Understood:
    """A question; but whatever names something tracked or logged is shown that, and a clause's number its clause."""
    if codes := codes_in(words) or (_WHEN_IS_IT.search(words) and items_called(words, context)):
        return Understood(Show(codes))
    if found := _FEEDBACK_CODE.search(words):
        return Understood(ShowFeedback(int(found["number"])))
    return only_asked(words, context)
