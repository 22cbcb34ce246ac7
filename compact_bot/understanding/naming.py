"""The name by which a sentence means something that is not among what is tracked: "done the zebra project"."""

import re
from collections.abc import Iterable
from functools import cache

from rapidfuzz import fuzz

from compact_bot.understanding.context import Context, Item
from compact_bot.understanding.slots import word_lists
from compact_bot.understanding.titles import surroundings
from knowledge.rules import Kind
from knowledge.words import STOP_WORDS, stem, words_of

_LIKE_ENOUGH = 78  # of 100: a word against one of a title
_POINTS = r"(?:the|our|my|that|this|their|its|for|of|with|about|from|on|to)"
_NAMED = rf"\b{_POINTS} (?P<name>(?:[\w'’&-]+ ){{1,4}}?)(?P<thing>THINGS)\b"
_ORDERED = re.compile(
    r"(?:please )?(?:done|drop|move|snooze|renew|close|finish|complete|tick off|mark|owner|rename|postpone|cancel)"
    rf"(?: with| off| of| for)? {_POINTS}? ?(?P<name>[\w'’&-]+(?: [\w'’&-]+){{0,3}})",
    re.IGNORECASE,
)
_ABOUT_ANY = (
    "happened",
    "undone",
    "partly",
    "this",
    "all",
    "given",
    "ends",
    "spoken",
    "written",
    "over",
    "later",
    "sooner",
)
_EVERYDAY = ("one", "lot", "project", "scheme", "group", "club", "thing", "item", "people", "folk", "society", "centre")


def named_otherwise(words: str, numbers: Iterable[int], context: Context) -> str:
    """A name in a sentence that none of these items has; "" where the words fit them, or name nothing."""
    items = [item for item in context.items() if item.number in set(numbers)]
    for name, thing in _names_in(words, context):
        telling = [word for word in words_of(name) if _tells(word, context)]
        if telling and not any(_fits(word, item) for word in telling for item in items):
            return " ".join(f"{name} {thing}".split())
    return ""


def _names_in(words: str, context: Context) -> list[tuple[str, str]]:
    things = tuple(dict.fromkeys((*_EVERYDAY, *(word for kind in context.rules.kinds for word in kind.words))))
    found = [(one["name"].strip(), one["thing"]) for one in _named(things).finditer(words)]
    if ordered := _ORDERED.match(words):
        found.append((_cut(ordered["name"]), ""))
    return found


@cache
def _named(things: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, things), key=len, reverse=True)
    return re.compile(_NAMED.replace("THINGS", "|".join(longest_first)), re.IGNORECASE)


def _cut(name: str) -> str:
    """The words of an order up to what tells when, why or to whom."""
    stops = {"to", "until", "till", "for", "because", "as", "on", "by", "since", "from", "is", "now"}
    kept: list[str] = []
    for word in name.split():
        who = bool(kept) and word[:1].isupper() and kept[-1][:1].islower()  # "owner zebra project Ben"
        if who or word.casefold() in stops or any(map(str.isdigit, word)):
            break
        kept.append(word)
    return " ".join(kept)


def _tells(word: str, context: Context) -> bool:
    """Whether a word names something, and is none that stands beside every item: small words, kinds, steps, days."""
    return (
        len(word) > 2
        and word not in STOP_WORDS
        and word not in surroundings().edge
        and word not in surroundings().no_name_alone
        and not any(map(str.isdigit, word))
        and word not in _everyday(context.rules.kinds)
    )


@cache
def _everyday(kinds: tuple[Kind, ...]) -> frozenset[str]:
    """Words that stand beside any item: those of kinds and steps, and of what is done with it."""
    phrases = [phrase for kind in kinds for phrase in (kind.name, *kind.words)]
    phrases += [p for kind in kinds for rule in kind.milestones for p in (rule.name, rule.title, *rule.words)]
    phrases += [p for name in _ABOUT_ANY for p in word_lists()[name]]
    return frozenset((*_EVERYDAY, *_WHEN, *(word for phrase in phrases for word in words_of(phrase))))


_WHEN = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december today tomorrow yesterday morning afternoon first second third next last
    proper right correct wrong real actual true final end start closing opening early late usual
    whole minimum best practice new old same other reminder reminders nudge nudges deadline deadlines date dates list
    tracker step steps part thing things everything team council charity people minutes hour while bit later again
    work job post phone letterbox system computer record records""".split()
)


def _fits(word: str, item: Item) -> bool:
    title = words_of(f"{item.title} {item.owner}")
    return any(fuzz.ratio(stem(word), stem(other)) >= _LIKE_ENOUGH for other in title)
