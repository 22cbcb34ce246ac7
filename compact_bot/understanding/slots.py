"""The parts of a sentence: which date is for what, which tracked item, who, how and why. Pure functions."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from compact_bot.dates import Duration, Written, find_dates, find_durations
from compact_bot.understanding.context import Context, Item, Step
from knowledge.rules import Kind, rule_name
from knowledge.words import STOP_WORDS, stem, words_of

_REACH = 48  # characters before a date in which a word may say what it is for
_REACH_AFTER = 28
_AFTERWARDS = 24.0  # a word behind a date counts as if it stood so much farther away than one before it
_LIKE_ENOUGH = 74  # of 100: an everyday name against a title
_CODE = re.compile(r"(?<!\w)d(?P<number>\d{1,6})(?!\w)", re.IGNORECASE)
_CLAUSE = re.compile(r"\b(?:clause|under|cl\.?|section) (?P<clause>\d{1,2}(?:\.\d{1,2}){1,3})", re.IGNORECASE)
_GROUPS = frozenset(map(stem, ("group", "society", "project", "scheme", "club", "trust", "charity", "association")))
_SENTENCE = re.compile(r"[.;!?\n]\s")
_LEAD_TIME = re.compile(
    r"(?P<number>\d{1,3}|an?|one|two|three|four|five|six|a couple of|half a) (?P<unit>working day|day"
    r"|week|wk|month|mth|fortnight|year)s?"
    r"(?:'s?|’s?)? ?(?P<how>before(?:hand)?|ahead|in advance|prior|earlier|early|notice of it|warning|to go|left|out)\b"
    r"(?! (?P<anchor>that|it ends|the end))?",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(r"\bthe (?P<what>day|week) (?:before(?:hand)?|ahead)\b", re.IGNORECASE)
_BECAUSE = re.compile(
    r"(?:^|[\s,;(–-])(?:because|cos|cuz|coz|bc|due to|owing to|reason(?: is|:)|rationale(?: is|:)?) ?(?P<why>.+)$",
    re.IGNORECASE,
)
_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "a couple of": 2}


@cache
def word_lists() -> Mapping[str, tuple[str, ...]]:
    """The everyday words of words.toml, by what they tell."""
    with (Path(__file__).parent / "words.toml").open("rb") as file:
        return {name: tuple(words) for name, words in tomllib.load(file).items()}


@cache
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """One of some words or phrases, whole, the longest first."""
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"(?<![\w'’-])(?:{'|'.join(longest_first)})(?![\w'’])", re.IGNORECASE)


def says(name: str, words: str) -> bool:
    """Whether a sentence holds one of the words of a list in words.toml."""
    return bool(any_of(word_lists()[name]).search(words))


@dataclass(frozen=True)
class Said:
    """A message with its dates and periods, read once."""

    words: str
    dates: tuple[Written, ...]
    durations: tuple[Duration, ...] = ()
    past: tuple[Written, ...] = field(default=(), repr=False)

    @property
    def wrong(self) -> str:
        """What is wrong with the first date that cannot be one, or ""."""
        return next((one.wrong for one in self.dates if one.wrong), "")

    @property
    def doubts(self) -> tuple[str, ...]:
        found = [*(one.doubt for one in self.dates), *(one.doubt for one in self.durations)]
        return tuple(dict.fromkeys(filter(None, found)))


def said(words: str, today: date) -> Said:
    return Said(words, tuple(find_dates(words, today)), tuple(find_durations(words)))


# ---- what each date is for -----------------------------------------------------------------------------------------


def roles_of(words: str, dates: Sequence[Written], roles: Mapping[str, tuple[str, ...]]) -> list[str]:
    """For each date the role whose word stands nearest, before it rather than after; "" where none does."""
    found = []
    for number, written in enumerate(dates):
        begin = max(dates[number - 1].end if number else 0, written.start - _REACH)
        until = dates[number + 1].start if number + 1 < len(dates) else len(words)
        before = _SENTENCE.split(words[begin : written.start])[-1]
        after = _SENTENCE.split(words[written.end : min(until, written.end + _REACH_AFTER)])[0]
        found.append(_nearest_role(before, after, roles))
    return found


def _nearest_role(before: str, after: str, roles: Mapping[str, tuple[str, ...]]) -> str:
    best: tuple[float, str] | None = None
    for role, words in roles.items():
        pattern = any_of(words)
        found = [(len(before) - match.end() - len(match[0]) / 100, role) for match in pattern.finditer(before)]
        if match := pattern.search(after):
            found.append((match.start() + _AFTERWARDS, role))
        best = min(filter(None, (best, *found)), default=None)
    return best[1] if best else ""


def anchor_words(kind: Kind) -> dict[str, tuple[str, ...]]:
    """The words of each date that a kind asks for, as its rules write them."""
    return {asked.name: (asked.name, *asked.words) for asked in kind.asks}


# ---- which tracked item --------------------------------------------------------------------------------------------


def codes_in(words: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(found["number"]) for found in _CODE.finditer(words)))


def items_named(words: str, context: Context) -> tuple[int, ...]:
    """The tracked items that a message means: by code, by everyday name, or the one just spoken of.

    A word for a kind ("the instalment") means the only one of that kind rather than what was just spoken of.
    """
    if told := items_told(words, context):
        return told
    items = context.items()
    of_kind = [item.number for item in items if _is_of_kind(words, item, context)]
    if context.spoken_of and (context.spoken_of in of_kind or len(of_kind) != 1):
        return (context.spoken_of,)
    if len(of_kind) == 1:
        return tuple(of_kind)
    return (items[0].number,) if len(items) == 1 else ()


def items_told(words: str, context: Context) -> tuple[int, ...]:
    """Those that the words themselves name, by code or everyday name; of several alike, those whose kind is told of."""
    if codes := codes_in(words):
        return codes
    items = context.items()
    named = _named_by_title(words, items, context)
    of_kind = [item.number for item in items if item.number in named and _is_of_kind(words, item, context)]
    return tuple(of_kind) if len(named) > 1 and len(of_kind) == 1 else named


def _named_by_title(words: str, items: Sequence[Item], context: Context) -> tuple[int, ...]:
    """By the telling words of a title: a word that few titles share tells more, and words of any kind tell nothing."""
    everyday = _words_of_kinds(context.rules.kinds)
    heard = [word for word in words_of(words) if word not in STOP_WORDS and len(word) > 2]
    matched = {item.number: _matched(item, heard) - everyday for item in items}
    shared = Counter(word for own in matched.values() for word in own)
    weights = {number: sum(1 / shared[word] for word in own) for number, own in matched.items()}
    best = max(weights.values(), default=0.0)
    if alone := tuple(number for number, own in matched.items() if any(shared[word] == 1 for word in own)):
        return alone  # a word that no other title has names its own, also beside others: "youth club and woodcraft"
    if best:
        return tuple(number for number, weight in weights.items() if weight > best - 0.01)
    ranked = sorted(((_likeness(words, item), -item.number) for item in items), reverse=True)
    most = ranked[0][0] if ranked else 0
    return tuple(-number for likeness, number in ranked if likeness > most - 6 and likeness >= _LIKE_ENOUGH)


def _matched(item: Item, heard: Sequence[str]) -> frozenset[str]:
    """The telling words of a title that were heard, spelling forgiven."""
    title = {stem(word) for word in words_of(item.title) if word not in STOP_WORDS}
    return frozenset(
        word
        for word in title
        if any(fuzz.ratio(word, stem(other)) >= (78 if len(word) > 3 else 100) for other in heard)
    )


@cache
def _words_of_kinds(kinds: tuple[Kind, ...]) -> frozenset[str]:
    return frozenset(stem(word) for kind in kinds for phrase in (kind.name, *kind.words) for word in words_of(phrase))


def _is_of_kind(words: str, item: Item, context: Context) -> bool:
    """Whether a sentence has a word for an item's kind, or for one of its steps: "letter", "instalment"."""
    kind = context.rules.kind(item.kind)
    if kind is None:
        return False
    own = (*kind.words, *(word for rule in kind.milestones for word in rule.words))
    return bool(own) and bool(any_of(tuple(dict.fromkeys(own))).search(words))


def items_called(words: str, context: Context) -> tuple[int, ...]:
    """The tracked items whose whole name a question holds, where the name tells more than the agreement's own words."""
    heard = {stem(word) for word in words_of(words)}
    everyday = _words_of_kinds(context.rules.kinds) | _GROUPS
    found = []
    for item in context.items():
        name = {stem(word) for word in words_of(item.title) if word not in STOP_WORDS} - everyday
        if name and name <= heard and not name <= context.agreement.stems:
            found.append(item.number)
    return tuple(found)


def _likeness(words: str, item: Item) -> float:
    """How well some words name an item: the telling words of its title that they hold, spelling forgiven."""
    title = [word for word in words_of(item.title) if word not in STOP_WORDS]
    heard = [word for word in words_of(words) if word not in STOP_WORDS]
    if not title or not heard:
        return 0.0
    scores = []
    for word in title:
        best = max(fuzz.ratio(stem(word), stem(other)) for other in heard)
        scores.append((best if best >= 78 else 0.0) * (1.0 if len(word) > 3 else 0.6))
    strongest = max(scores)
    covered = sum(scores) / len(scores)
    return 0.55 * strongest + 0.45 * covered


def step_named(words: str, steps: Iterable[Step], kind: Kind | None) -> tuple[str, ...]:
    """The steps of an item that a sentence names: by name, by their rules' own words, by their titles; () for none.

    Of steps that share a word ("notice") the one that more of its words tell of is meant.
    """
    open_steps = list(steps)
    by_name = [
        step.name
        for step in open_steps
        if re.search(rf"(?<![\w-]){'[ -]'.join(map(re.escape, step.name.split('-')))}(?![\w-])", words, re.IGNORECASE)
    ]
    if by_name:
        return tuple(by_name)
    rules = {rule.name: rule.words for rule in kind.milestones} if kind else {}
    told = {
        step.name: len({match.casefold() for match in any_of(own).findall(words)}) if own else 0
        for step in open_steps
        for own in (rules.get(rule_name(step.name), ()),)
    }
    heard = {stem(word) for word in words_of(words) if word not in STOP_WORDS and len(word) > 3}
    shared = {
        step.name: len(heard & {stem(word) for word in words_of(step.title) if word not in STOP_WORDS})
        for step in open_steps
    }
    return _most(told) or _most(shared)


def _most(counts: Mapping[str, int]) -> tuple[str, ...]:
    best = max(counts.values(), default=0)
    return tuple(name for name, count in counts.items() if count == best) if best else ()


# ---- how long before, why -------------------------------------------------------------------------------------


def lead_times_in(words: str) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """How long before its dates somebody wants to hear of something, as the rules write it, with their spans."""
    leads: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in _LEAD_TIME.finditer(words):
        number = _SMALL.get(found["number"].casefold()) or (int(found["number"]) if found["number"].isdigit() else 0)
        unit = {"wk": "week", "mth": "month"}.get(found["unit"].casefold(), found["unit"].casefold())
        if found["number"].casefold() == "half a":
            number, unit = 6, "month"
        if unit == "fortnight":
            number, unit = number * 2, "week"
        if unit == "year":
            number, unit = number * 12, "month"
        if number:
            leads.append(f"{number} {unit}{'' if number == 1 else 's'}")
            spans.append(found.span())
    for found in _DAY_BEFORE.finditer(words):
        leads.append(f"1 {found['what'].casefold()}")
        spans.append(found.span())
    return tuple(dict.fromkeys(leads)), spans


def clause_in(words: str) -> tuple[str, tuple[int, int]]:
    found = _CLAUSE.search(words)
    return (found["clause"], found.span()) if found else ("", (0, 0))


def reason_in(words: str) -> str:
    """What stands behind "because", or "" where nobody gave a reason in that way."""
    found = _BECAUSE.search(words)
    return found["why"].strip() if found else ""
