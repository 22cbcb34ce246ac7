"""What was asked back, and how a message answers it: by number, by the words on a button, or with what was missing."""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from rapidfuzz import fuzz

from compact_bot.dates import find_dates
from compact_bot.understanding.acts import (
    Act,
    ConsultationDates,
    Done,
    Drop,
    DutiesOf,
    Given,
    Leave,
    LogFeedback,
    Move,
    NoticeDates,
    Renew,
    Snooze,
    Track,
    UnreadableActError,
    from_builtins,
    to_builtins,
)
from compact_bot.understanding.addressing import addressed
from compact_bot.understanding.context import Context
from compact_bot.understanding.slots import Said, items_named, said, step_named
from compact_bot.understanding.understood import Understood
from knowledge.numbers import numbers_asked

_YES = re.compile(
    r"(?:yes|yep|yeah|yup|y|ok|okay|sure|correct|that's right|right|save(?: it)?|confirm(?:ed)?|do it|go"
    r" on|go ahead|track it|please do|perfect|great)",
    re.IGNORECASE,
)
_NO = re.compile(r"(?:no|nope|n|cancel|leave it|don'?t|never ?mind|stop|forget it|neither)", re.IGNORECASE)
_ONLY_ASKING = re.compile(r"(?:i was |i'm |im |we were )?(?:only|just) (?:asking|wondering)", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:what|where|how|why|when|who|which|does|do|is|are|can|could|show|read|see|open|quote|tell|explain)\b",
    re.IGNORECASE,
)
_NONE = re.compile(r"none(?: of (?:these|them|those))?|no clause|neither", re.IGNORECASE)
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
_LONGEST_ANSWER = 20  # words; a longer message is a new one
_SAME_WORDS = 88  # of 100


@dataclass(frozen=True)
class Choice:
    label: str
    act: Act


@dataclass(frozen=True)
class Waiting:
    """The act as far as it is known, what it lacks, and the choices that were shown under the question.

    `token` is by what its buttons are used up; `sure`: whoever says yes was told whose it is.
    """

    act: Act
    missing: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    token: str = ""
    sure: bool = False

    def to_json(self) -> str:
        choices = [[choice.label, to_builtins(choice.act)] for choice in self.choices]
        kept = {"act": to_builtins(self.act), "missing": self.missing, "choices": choices}
        return json.dumps({**kept, "token": self.token, "sure": self.sure}, ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> "Waiting | None":
        """None where nothing waits, or what waits was written by another version."""
        try:
            kept: dict[str, Any] = json.loads(stored)
            choices = tuple(Choice(label, from_builtins(act)) for label, act in kept["choices"])
            bound = (str(kept.get("token", "")), kept.get("sure") is True)
            return cls(from_builtins(kept["act"]), tuple(kept["missing"]), choices, *bound)
        except (ValueError, KeyError, TypeError, UnreadableActError):
            return None


def answered(text: str, waiting: Waiting, context: Context) -> Understood | None:
    """What a message says to the question that waits; None where it says something else, and the question stays."""
    words = addressed(text).bare or text.strip(" .!?")
    if len(words.split()) > _LONGEST_ANSWER:
        return None
    chosen = _chosen(words, waiting)
    if chosen is not None:
        return Understood(chosen)
    if _NO.fullmatch(words):
        return Understood(Leave())
    if waiting.missing and not text.rstrip().endswith("?"):
        return _filled(words, waiting, context)
    corrected = re.match(
        r"(?:no|not that|wrong|i meant?|make (?:it|that)|actually)\b[\s,:-]*(?P<rest>.+)", words, re.IGNORECASE
    )
    if corrected:
        return _with_dates(said(corrected["rest"], context.today), waiting.act, waiting.missing, context)
    return None


def _chosen(words: str, waiting: Waiting) -> Act | None:
    choices = waiting.choices
    if words.isascii() and words.isdigit() and 1 <= int(words) <= len(choices):
        return choices[int(words) - 1].act
    ordinal = re.fullmatch(r"(?:the )?(?P<which>[a-z0-9]+)(?: one)?(?: please)?", words, re.IGNORECASE)
    if ordinal and ordinal["which"].casefold() in _ORDINALS and choices:
        position = _ORDINALS[ordinal["which"].casefold()]
        return choices[position].act if position < len(choices) else None
    if _YES.fullmatch(words):
        return choices[0].act if choices else None if waiting.missing else waiting.act
    if _ONLY_ASKING.fullmatch(words):
        return next((choice.act for choice in choices if "only asking" in choice.label.casefold()), Leave())
    if _NONE.fullmatch(words):
        return next((choice.act for choice in choices if re.match(r"no|none", choice.label, re.IGNORECASE)), None)
    alike = [(_likeness(words.casefold(), choice.label.casefold()), -n) for n, choice in enumerate(choices)]
    best, position = max(alike, default=(0, 0))
    return choices[-position].act if best >= _SAME_WORDS else None


def _likeness(words: str, label: str) -> float:
    """Out of 100; a number is never nearly another one ("3.3.10" is not 3.3.1)."""
    return fuzz.ratio(words, label) if re.findall(r"\d+", words) == re.findall(r"\d+", label) else 0


def _filled(words: str, waiting: Waiting, context: Context) -> Understood | None:
    """The act with the first thing that it lacked, read out of an answer."""
    act, lacks = waiting.act, waiting.missing[0]
    rest = waiting.missing[1:]
    if isinstance(act, LogFeedback | Track) and _ASKS.match(words):
        return None  # "show me 3.4.4" wants to read it first; "where can I get the PDF" is no title
    if isinstance(act, LogFeedback) and lacks == "clauses" and _NONE.fullmatch(words):
        return Understood(replace(act, no_clause=True), rest)
    if isinstance(act, LogFeedback) and lacks == "clauses":
        numbers = tuple(
            number for number in numbers_asked(words, context.agreement) if context.agreement.clause(number)
        )
        return Understood(replace(act, clauses=numbers), rest) if numbers else None
    if isinstance(act, LogFeedback) and lacks == "when":
        days = [one.day for one in find_dates(words, context.today, prefer_past=True)]
        return Understood(replace(act, when=days[0]), rest) if len(days) == 1 and days[0] else None
    if isinstance(act, DutiesOf):
        who = re.sub(
            r"^(?:we|i)(?:'re|'m| are| am)?(?: (?:from|at|for|in|with|on))?(?: the| an?)?\b",
            "",
            words,
            flags=re.IGNORECASE,
        )
        party = context.agreement.party_called(who.strip().removesuffix(" side"))
        return Understood(replace(act, side=party.name)) if party else None
    if lacks == "title" and isinstance(act, Track):
        return Understood(replace(act, title=words.strip("\"“”‘’'")), rest, ("this is how I read it",))
    if lacks == "reason" and isinstance(act, Drop):
        return Understood(
            replace(act, reason=re.sub(r"^(?:because|as|since)\s+", "", words, flags=re.IGNORECASE)), rest
        )
    if lacks == "item" and isinstance(act, Done | Move | Snooze | Drop | Renew):
        items = items_named(words, context)
        if not items:
            return None
        named = replace(act, number=items[0]) if isinstance(act, Renew) else replace(act, numbers=items)
        return Understood(named, rest)
    if lacks == "step" and isinstance(act, Done) and len(act.numbers) == 1:
        item = next((item for item in context.items() if item.number == act.numbers[0]), None)
        steps = step_named(words, item.steps, context.rules.kind(item.kind)) if item else ()
        return Understood(replace(act, step=steps[0]), rest) if len(steps) == 1 else None
    return _with_dates(said(words, context.today), act, waiting.missing, context)


def _with_dates(message: Said, act: Act, missing: tuple[str, ...], context: Context) -> Understood | None:
    """The act with the day that an answer names in the place of the one that was missing, or was read wrongly."""
    days = [one for one in message.dates if one.day]
    if not days or days[0].day is None:
        return None
    day = days[0].day
    doubts = () if days[0].exact else ("this is how I read the date",)
    if isinstance(act, Track):
        kind = context.rules.kind(act.kind)
        lacking = [name for name in missing if kind and any(asked.name == name for asked in kind.asks)]
        name = lacking[0] if lacking else act.given[0].anchor if act.given else kind.asks[0].name if kind else ""
        kept = tuple(one for one in act.given if one.anchor != name)
        filled = replace(act, given=(*kept, Given(name, (day,))))
        return Understood(filled, tuple(one for one in missing if one != name), doubts)
    if isinstance(act, Move):
        return Understood(replace(act, to=day), tuple(one for one in missing if one != "to"), doubts)
    if isinstance(act, Snooze | Renew):
        return Understood(replace(act, until=day), tuple(one for one in missing if one != "until"), doubts)
    if isinstance(act, Done):
        return Understood(replace(act, on=day), missing, doubts)
    if isinstance(act, NoticeDates | ConsultationDates):
        return None
    return None
