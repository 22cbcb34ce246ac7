"""What an organisation chooses: the digest, closed days, leads, contacts, the side somebody is on."""

import re

from compact_bot.dates import WEEKDAYS
from compact_bot.understanding.acts import (
    Ask,
    CloseDays,
    Digest,
    NameLead,
    SetContact,
    SetSide,
    Settings,
    ShowClosedDays,
    ShowLeads,
)
from compact_bot.understanding.context import Context
from compact_bot.understanding.reading.changing import move
from compact_bot.understanding.reading.parts import doubts_about
from compact_bot.understanding.slots import Said, items_told
from compact_bot.understanding.understood import Understood


def digest(message: Said, _: Context) -> Understood:
    if re.search(r"\b(?:off|stop|no|end|cancel|without|don'?t|kill|quit)\b", message.words, re.IGNORECASE):
        return Understood(Digest(None))
    day = next(
        (
            n
            for n, name in enumerate(WEEKDAYS)
            if re.search(rf"\b{name[:3]}(?:{name[3:]})?s?\b", message.words, re.IGNORECASE)
        ),
        None,
    )
    at = re.search(r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<half>am|pm)?\b", message.words, re.IGNORECASE)
    if day is None:
        return Understood(Settings())
    hour = int(at["hour"]) if at else 9
    hour += 12 if at and (at["half"] or "").casefold() == "pm" and hour < 12 else 0
    minute = int(at["minute"] or 0) if at else 30
    if hour > 23 or minute > 59:
        return Understood(Settings())
    return Understood(Digest(day, f"{hour:02}:{minute:02}"))


_ABOUT_US = re.compile(r"\b(?:days?|dates?|we|we're|our|us|office|shut|shutdown|holidays?)\b", re.IGNORECASE)


def closed_days(message: Said, context: Context) -> Understood:
    """Days on which the organisation is closed; but what closes may be something tracked."""
    if items_told(message.words, context):
        return move(message, context)
    days = [one for one in message.dates if one.day]
    if not days and not _ABOUT_US.search(message.words):
        return Understood(Ask(message.words))
    if not days:
        return Understood(ShowClosedDays())
    first, last = days[0].day, days[-1].until or days[-1].day
    if first is None or last is None or last < first:
        return Understood(ShowClosedDays())
    return Understood(CloseDays(first, last), doubts=doubts_about([one for one in days if one.doubt or one.other]))


def name_lead(message: Said, context: Context) -> Understood:
    for person in context.mentioned:
        return Understood(NameLead(person), doubts=("a lead may change what others may not",))
    if re.search(r"\b(?:i am|i'm|im|i’m|make me|me|i)\b", message.words, re.IGNORECASE):
        return Understood(NameLead(context.sender), doubts=("a lead may change what others may not",))
    found = re.search(
        r"\b(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})\b",
        re.sub(r"^\W*\w+", lambda m: m[0].lower(), message.words).replace("Compact", "compact"),
    )
    if not found:
        return Understood(ShowLeads())
    return Understood(NameLead(context.person(found["name"])), doubts=("a lead may change what others may not",))


def set_contact(message: Said, _: Context) -> Understood:
    found = re.search(
        r"(?:contact|contacts)\b[^:]*?(?:is|to|:|=|now|as|for us)\s+(?P<details>.+)", message.words, re.IGNORECASE
    )
    details = found["details"].strip() if found else ""
    return Understood(
        SetContact(details or message.words), () if details else ("details",), ("everyone here will see it",)
    )


def my_side(message: Said, context: Context) -> Understood:
    words = re.findall(r"[a-z']+", message.words.casefold())
    for length in (4, 3, 2, 1):
        for start in range(len(words) - length + 1):
            who = " ".join(words[start : start + length])
            if context.agreement.party_called(who):
                return Understood(SetSide(who))
    return Understood(Ask(message.words))
