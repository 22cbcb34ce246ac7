"""Something to keep, with its dates, name and owner."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from compact_bot.dates import Written, moved, spoken
from compact_bot.understanding.acts import Given, Track
from compact_bot.understanding.context import Context
from compact_bot.understanding.people import owner_in
from compact_bot.understanding.reading.parts import days_of, doubts_about, span_of, things_kept
from compact_bot.understanding.slots import (
    Said,
    anchor_words,
    any_of,
    clause_in,
    lead_times_in,
    reason_in,
    roles_of,
    says,
    word_lists,
)
from compact_bot.understanding.titles import title_in
from compact_bot.understanding.understood import Understood
from knowledge.rules import Kind

_REMINDS = re.compile(
    r"(?:remind|nudge|prompt|ping|poke|tell|warn|alert|wake|ask|chase|nag|buzz|prod)\w*(?: \w+){0,3}(?:"
    r" (?:on|at|by|in|from|the))*(?: the)? ?$",
    re.IGNORECASE,
)


def track(message: Said, context: Context, kind: Kind, label_sure: bool) -> Understood:
    """Something to keep, with its dates, name and owner. Whatever was not read for certain is a doubt."""
    words = message.words
    owner = owner_in(words, context)
    leads, lead_spans = lead_times_in(words)
    dates, prompts = _without_prompts(message, days_of(_without_leads(message, lead_spans, kind)))
    clause, clause_span = clause_in(words)
    taken = [*map(span_of, message.dates), *lead_spans, *((one.start, one.end) for one in message.durations)]
    taken += [(owner.start, owner.end)] if owner else []
    taken += [clause_span] if clause else []
    title = title_in(words, taken, things_kept(context))
    given, doubts = _given(message, dates, kind, context)
    due = next((days[0] for days in given.values() if days), None)
    for prompt in prompts:
        if prompt.day and due and prompt.day < due:
            leads += (f"{(due - prompt.day).days} days",)
    doubts += doubts_about([*dates, *prompts]) + ((message.wrong,) if message.wrong else ())
    doubts += () if title.sure else ("the name is my guess",)
    doubts += () if label_sure and says("keeps", words) else ("I am not sure that you want this tracked",)
    doubts += owner.doubts if owner else ()
    missing: tuple[str, ...] = () if title.words else ("title",)
    missing += () if given else (kind.asks[0].name,)
    act = Track(
        kind.name,
        title.words or kind.title,
        tuple(Given(name, tuple(days)) for name, days in given.items()),
        owner.named if owner else None,
        clause,
        reason_in(words),
        tuple(dict.fromkeys(leads)),
    )
    return Understood(act, missing, tuple(dict.fromkeys(doubts)))


def _without_leads(message: Said, spans: Sequence[tuple[int, int]], kind: Kind) -> list[Written]:
    """The dates without those that were only counted from a lead time: "nudge me a week before" is no day of its own.

    Where the day that it was counted from stands nowhere else ("a week before 30 April"), that day is meant.
    """
    own = any_of(tuple(word for words in anchor_words(kind).values() for word in words))
    days = {one.day for one in message.dates}
    kept = []
    for one in message.dates:
        lead = next((span for span in spans if span[0] < one.end and one.start < span[1]), None)
        clause = re.split(r"[,.;:!?]", message.words[: lead[0]])[-1] if lead else ""
        if lead is None or one.base is None or one.day is None or one.day >= one.base or own.search(clause):
            kept.append(one)
        elif one.base not in days and _REMINDS.search(clause):
            kept.append(replace(one, day=one.base, base=None, exact=not one.yearless and not one.doubt))
    return kept


def _without_prompts(message: Said, dates: list[Written]) -> tuple[list[Written], list[Written]]:
    """The dates of the thing itself, and the days on which somebody wants to hear of it ("prompt me on the 14th")."""
    days = {one.day for one in dates}
    prompts = [
        one
        for one in dates
        if _REMINDS.search(message.words[max(0, one.start - 40) : one.start])
        or (one.base in days and one.base and one.day and one.day < one.base)  # "flag it to me a month ahead"
    ]
    return ([one for one in dates if one not in prompts], prompts) if len(prompts) < len(dates) else (dates, [])


def _given(
    message: Said, dates: Sequence[Written], kind: Kind, context: Context
) -> tuple[dict[str, list[date]], tuple[str, ...]]:
    """Each date to what it is for: by the words around it, else to the first that the kind still lacks."""
    lists, doubts = word_lists(), tuple[str, ...]()
    words = anchor_words(kind)
    if kind is context.rules.summed("notice"):
        words = {name: own + lists["ends"] for name, own in words.items()}
        words |= {"": lists["given"], "began": lists["began"]}
    roles = roles_of(message.words, dates, {name or "told": own for name, own in words.items()})
    many = next((asked.name for asked in kind.asks if asked.many), "")
    if many:
        words = {many: words[many], **words}
    given: dict[str, list[date]] = {}
    for one, role in zip(dates, roles, strict=True):
        day = one.day
        if day is None:
            continue
        if role in ("told", "began") and len(dates) > 1:
            doubts += (f"I do not keep {spoken(day)}",)
            continue
        ends_of_range = {"from": kind.asks[0].name, "to": kind.asks[-1].name}
        name = ends_of_range.get(one.part, role if role in words else "") if len(kind.asks) > 1 else ""
        lacking = [asked.name for asked in kind.asks if asked.name not in given]
        name = name if name and (name in lacking or name == many) else (many or (lacking[0] if lacking else ""))
        if not name:
            doubts += (f"I do not keep {spoken(day)}",)
            continue
        given.setdefault(name, []).append(day)
    for duration in message.durations:
        first, last = kind.asks[0].name, kind.asks[-1].name
        if kind is context.rules.summed("consultation") and first in given and last not in given:
            given[last] = [moved(given[first][0], duration.number, duration.unit)]
            doubts += (f"it closes {duration.number} {duration.unit}s after it opens",)
    return given, doubts


def kind_meant(words: str, context: Context) -> Kind:
    """The kind that a sentence about some other date names by its words; else the last, for any date."""
    summed = (context.rules.summed("notice"), context.rules.summed("consultation"))
    found: list[tuple[int, int, Kind]] = []
    for kind in context.rules.kinds[:-1]:
        if kind in summed:
            continue
        matches = list(any_of((kind.name, *kind.words)).finditer(words))
        if matches:
            found.append((-max(len(match[0]) for match in matches), matches[0].start(), kind))
    return min(found, key=lambda one: one[:2])[2] if found else context.rules.kinds[-1]
