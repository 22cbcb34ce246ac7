"""What happens to something tracked: done, moved, renewed, snoozed, dropped or edited."""

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from compact_bot.dates import Written, moved, spoken
from compact_bot.understanding.acts import (
    Ask,
    Done,
    Drop,
    Move,
    OpenForm,
    Rename,
    Renew,
    SetClause,
    SetKind,
    SetLeads,
    SetOwner,
    Snooze,
)
from compact_bot.understanding.context import Context, Item
from compact_bot.understanding.people import handed_to, owner_in, owner_of
from compact_bot.understanding.reading.parts import days_of, doubts_about, item_numbered, items_meant, said_in_the_past
from compact_bot.understanding.slots import (
    Said,
    any_of,
    clause_in,
    codes_in,
    lead_times_in,
    reason_in,
    says,
    step_named,
    word_lists,
)
from compact_bot.understanding.understood import Understood
from knowledge.rules import Kind

_SOON = timedelta(days=30)  # as what is done without a step's name
_NOT = (
    r"(?:not|never|\w*n['’]t|(?:have|has|is|was|did|does|do|are|were|wo|ca)nt|nobody|no[- ]?one|no (?:notice|letter"
    r"|report|payment|reply|money)|nothing|yet to"
    r"|still to|(?:will|shall|'ll|’ll)"
    r"(?: be)?|(?:is|are|was|am|'s|’s|'re|’re)? ?(?:going|due|about|meant|supposed|planning|hoping"
    r"|waiting) to(?: be)?|to be"
    r"|(?:need|want|have|has|must|should|ought)s? (?:to )?be|still being|is being)"
)


@cache
def _happened_not() -> re.Pattern[str]:
    """ "not sent yet", "is going to be posted", "no notice was given", "almost done"."""
    happened = "|".join(map(re.escape, word_lists()["happened"]))
    partly = "|".join(map(re.escape, word_lists()["partly"]))
    return re.compile(
        rf"(?<![\w'’]){_NOT}(?: \w+){{0,3}}? (?:{happened}|\w{{3,}}ed)\b|\bnot yet\b|\byet to\b"
        rf"|\bno notice (?:was |has been |yet )?(?:given|sent|yet)\b|\b(?:{partly})\b(?: \w+){{0,3}}? (?:{happened})\b"
        rf"|\b(?:{happened}) (?:tomorrow|next (?:week|month))\b",
        re.IGNORECASE,
    )


def done(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = items_meant(message, context)
    not_yet = bool(_happened_not().search(message.words))
    past = days_of(message.dates) if not_yet else said_in_the_past(message, context)
    days = [one for one in past if one.day and one.day <= context.today] or [one for one in past if one.day]
    act_day = _day_of_the_act(message, days)
    step = ""
    if len(numbers) == 1 and (item := item_numbered(numbers[0], context)):
        steps = step_named(message.words, item.steps, context.rules.kind(item.kind))
        step = steps[0] if len(steps) == 1 else ""
        doubts += _too_early(step, item, message, context)
    if says("all", message.words) and not step and len(numbers) < 2:  # of several, "both" are the things, no steps
        step = "all"
    if not_yet:
        doubts += ("you say that it has not happened yet",)
    if act_day and act_day.day and act_day.day > context.today:
        doubts += (f"{spoken(act_day.day)} is still to come",)
    doubts += doubts_about([act_day] if act_day and act_day.doubt else [])
    how = _how(message.words)
    return Understood(Done(numbers, step, act_day.day if act_day else None, how), missing, doubts)


def _too_early(step: str, item: Item, message: Said, context: Context) -> tuple[str, ...]:
    """A doubt about the end that notice is for, where only an everyday word ("finished") tells of it, far ahead."""
    kind = context.rules.kind(item.kind)
    due = next((one for one in item.steps if one.name == step), None)
    rule = next((one for one in kind.milestones if one.name == step), None) if kind else None
    if not kind or not kind.notices or due is None or rule is None or rule.when.number:
        return ()
    named = any_of((due.title, step)).search(message.words)
    if named or due.due_on <= context.today + _SOON:
        return ()
    return (f"{due.title[0].lower()}{due.title[1:]} is only due on {spoken(due.due_on)}",)


def _day_of_the_act(message: Said, days: Sequence[Written]) -> Written | None:
    """Of several days the one at which something was done: not the day for which it was, nor when funding ends."""
    lists = word_lists()
    ending = any_of(("for", "ending", "ends", "end", "until", "to end", "finishing", "due"))
    own = [one for one in days if not ending.search(message.words[max(0, one.start - 28) : one.start][-28:])]
    given = [one for one in own if any_of(lists["given"]).search(message.words[max(0, one.start - 40) : one.start])]
    return next(iter(given or own), None)


def _how(words: str) -> str:
    """How it was done, as it was said, without the command before it."""
    bare = re.sub(
        r"^(?:mark(?:ed)?|done|tick(?: off)?|close|complete)?[\s:,-]*(?:d\d{1,6}(?:[\s,&]|and)*)*(?:as "
        r"|is )?(?:done|complete)?[\s:,-]*",
        "",
        words,
        flags=re.IGNORECASE,
    )
    return bare.strip()[:1000]


def move(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = items_meant(message, context)
    item = item_numbered(numbers[0], context) if numbers else None
    kind = context.rules.kind(item.kind) if item else None
    which = _which_date(message, kind)
    dates = days_of(message.dates)
    new, was = _new_and_old(message, dates)
    if new is None and message.durations and item and item.dates:
        step = message.durations[0]
        back = says("sooner", message.words) and not says("later", message.words)
        day = moved(item.dates[-1], -step.number if back else step.number, step.unit)
        return Understood(Move(numbers, day, which), missing, (*doubts, f"that makes it {spoken(day)}"))
    if new is None or new.day is None:
        return Understood(Move(numbers, context.today, which), (*missing, "to"), doubts)
    kept_was = was.day if was and item and was.day in item.dates else None
    return Understood(Move(numbers, new.day, which, kept_was), missing, doubts + doubts_about([new]))


def _which_date(message: Said, kind: Kind | None) -> str:
    if kind is None or len(kind.asks) < 2:
        return ""
    named = [asked.name for asked in kind.asks if any_of((asked.name, *asked.words)).search(message.words)]
    return named[0] if len(named) == 1 else ""


def _new_and_old(message: Said, dates: Sequence[Written]) -> tuple[Written | None, Written | None]:
    """The day it moves to, and the one it was: "not Tuesday, Thursday 14 Jan", "from 1 to 8 March"."""
    old_words = any_of(
        (
            "from",
            "not",
            "instead of",
            "rather than",
            "was",
            "than",
            "originally",
            "it said",
            "i said",
            "said",
            "isn't",
            "used to be",
        )
    )
    old = [
        one
        for one in dates
        if old_words.search(message.words[max(0, one.start - 22) : one.start]) or one.part == "from"
    ]
    new = [one for one in dates if one not in old]
    if not new and old:
        return old[-1], old[0] if len(old) > 1 else None
    return (new[-1] if new else None), (old[0] if old else None)


def renew(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = items_meant(message, context)
    dates = days_of(message.dates)
    if dates and dates[-1].day:
        return Understood(
            Renew(numbers[0] if numbers else 0, dates[-1].day), missing, doubts + doubts_about([dates[-1]])
        )
    item = item_numbered(numbers[0], context) if numbers else None
    length = message.durations[0] if message.durations else None
    if item and item.dates and length:
        until = moved(item.dates[-1], length.number, length.unit)
        return Understood(Renew(item.number, until), missing, (*doubts, f"that makes it {spoken(until)}"))
    return Understood(Renew(numbers[0] if numbers else 0, context.today), (*missing, "until"), doubts)


def snooze(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = items_meant(message, context)
    leads, _ = lead_times_in(message.words)
    if leads:  # "remind me a fortnight earlier" wants nudges before each date, no quiet
        return Understood(SetLeads(numbers, leads), missing, (*doubts, "nudges come so long before each date"))
    dates = days_of(message.dates)
    if dates and dates[0].day:
        unsure = [one for one in dates[:1] if one.doubt or one.other]
        return Understood(Snooze(numbers, dates[0].day), missing, doubts + doubts_about(unsure))
    if message.durations:
        length = message.durations[0]
        return Understood(Snooze(numbers, moved(context.today, length.number, length.unit)), missing, doubts)
    if re.search(r"\b(?:later|hour|lunch|mo|min(?:ute)?s?|bit|this afternoon|tonight)\b", message.words, re.IGNORECASE):
        return Understood(Snooze(numbers, context.today), missing, doubts)
    return Understood(Snooze(numbers, context.today + timedelta(days=7)), (*missing, "until"), doubts)


_BEFORE_A_REASON = re.compile(  # "kill D2, shelved"
    r"^(?:please )?(?:\w+ ){1,4}?(?:d\d{1,6}(?:\s*(?:,|&|and)\s*d\d{1,6})*|it|this|that)(?: off)?\s*[,;:.–-]+\s*",
    re.IGNORECASE,
)


def drop(message: Said, context: Context) -> Understood:
    numbers, missing, doubts = items_meant(message, context)
    reason = reason_in(message.words)
    if not reason and says("over", message.words):
        reason = _BEFORE_A_REASON.sub("", _how(message.words))
    doubts += ("ending it cannot be guessed at",) if numbers and not codes_in(message.words) else ()
    return Understood(Drop(numbers, reason), (*missing, *(() if reason else ("reason",))), doubts)


_CHANGES = re.compile(
    r"\b(?:owners?|name|rename|title|call(?:ed)?|kind|clause|nudges?|change|edit|updat|correct|amend|alter|mend|fix"
    r"|hand|give|assign"
    r"|wrong|responsible|takes? over|details?)",
    re.IGNORECASE,
)
_RENAMED = re.compile(
    r"\b(?i:re-?name|re-?title|title|name|call(?: (?:it|this|that|d\d+))|(?:be |is |now )?(?:called|named|titled)"
    r"|known as)\b"
    r"(?: (?i:it|this|that|d\d+|the [\w ]+?))?(?: (?i:to|as|should be|is|now))? (?P<title>[\"“].+?[\"”]|[A-Z][^,.;]+)"
)


def _becomes(kind: Kind) -> re.Pattern[str]:
    """ "it's a payment", "D4 should be a consultation"."""
    words = "|".join(map(re.escape, (kind.name, *kind.words)))
    return re.compile(rf"\b(?:it'?s|its|is|make it|should be|as) (?:an? )?(?:{words})\b", re.IGNORECASE)


def edit(message: Said, context: Context) -> Understood:
    """Owner, name, kind, clause or lead times of something tracked; a form where none of these is read."""
    numbers, missing, doubts = items_meant(message, context)
    first = numbers[0] if numbers else 0
    words = message.words
    leads, _ = lead_times_in(words)
    renamed = _RENAMED.search(words)
    clause, _ = clause_in(words)
    kind = next((kind for kind in context.rules.kinds if _becomes(kind).search(words)), None)
    owner = None if codes_in(words) else owner_of(words, context)
    owner = owner or owner_in(words, context) or (None if renamed else handed_to(words, context))
    if clause and not owner:
        return Understood(SetClause(first, clause), missing, doubts)
    if renamed and not owner:
        return Understood(Rename(first, renamed["title"].strip('"“” ')), missing, doubts)
    if leads:
        return Understood(SetLeads(numbers, leads), missing, doubts)
    if owner:
        sure = ("the owner changes",) if numbers and not codes_in(words) else ()
        return Understood(SetOwner(numbers, owner.named), missing, doubts + sure + owner.doubts)
    if kind:
        return Understood(SetKind(first, kind.name), missing, (*doubts, f"it becomes {kind.title.casefold()}"))
    if not first and not _CHANGES.search(words):
        return Understood(Ask(words))  # nothing to change, and nothing that it becomes: a question in odd words
    return Understood(OpenForm("edit", f"D{first}" if first else ""))
