"""Which reader makes an act of which label."""

import re
from collections.abc import Callable

from compact_bot.understanding.acts import (
    About,
    Act,
    Ask,
    Contents,
    ForgetMe,
    Help,
    Helped,
    Import,
    MyData,
    NudgesHere,
    NudgesStop,
    NudgesToMe,
    ShowContacts,
    ShowLeads,
    Smalltalk,
    Undo,
)
from compact_bot.understanding.context import Context
from compact_bot.understanding.reading.changing import done, drop, edit, move, renew, snooze
from compact_bot.understanding.reading.choosing import closed_days, digest, my_side, name_lead, set_contact
from compact_bot.understanding.reading.feedback import feedback
from compact_bot.understanding.reading.forgetting import forget_person
from compact_bot.understanding.reading.listing import list_feedback, list_items, review
from compact_bot.understanding.reading.lists import calendar, export
from compact_bot.understanding.reading.sums import consultation_dates, notice_dates
from compact_bot.understanding.reading.tracking import kind_meant, track
from compact_bot.understanding.slots import Said
from compact_bot.understanding.understood import Understood

Read = Callable[[Said, Context], Understood]

FIXED: dict[str, Act] = {
    "undo": Undo(),
    "import": Import(),
    "nudges-here": NudgesHere(),
    "nudges-stop": NudgesStop(),
    "nudges-me": NudgesToMe(),
    "show-leads": ShowLeads(),
    "show-contacts": ShowContacts(),
    "contents": Contents(),
    "help": Help(),
    "greeting": Smalltalk("greeting"),
    "thanks": Smalltalk("thanks"),
    "farewell": Smalltalk("farewell"),
    "wrong": Smalltalk("wrong"),
    "helped": Helped(),
    "my-data": MyData(),
    "forget-me": ForgetMe(),
}

READERS: dict[str, Read] = {
    "notice-date": notice_dates,
    "consultation-date": consultation_dates,
    "list": list_items,
    "done": done,
    "move": move,
    "renew": renew,
    "snooze": snooze,
    "drop": drop,
    "edit": edit,
    "feedback": feedback,
    "list-feedback": list_feedback,
    "review": review,
    "export": export,
    "calendar": calendar,
    "digest": digest,
    "closed-days": closed_days,
    "name-lead": name_lead,
    "set-contact": set_contact,
    "my-side": my_side,
    "forget-person": forget_person,
}

_NAMED_KIND = re.compile(r"track (?:that )?(?:the |an? |our )?(?P<kind>[a-z][a-z-]+)\b", re.IGNORECASE)
CHANGES_AN_ITEM = ("done", "move", "renew", "snooze", "drop", "edit")
TRACKS = ("track-notice", "track-consultation", "track-other")


def read_as(label: str, message: Said, context: Context, sure: bool) -> Understood:
    """The act of a label. The dates, names and codes of the sentence fill it."""
    if label in FIXED:
        return Understood(FIXED[label])
    if label.startswith("about-"):
        return Understood(About(label.removeprefix("about-")))
    if label in TRACKS:
        summed = {"track-notice": "notice", "track-consultation": "consultation"}.get(label)
        named = _NAMED_KIND.match(message.words)
        kind = (context.rules.kind_called(named["kind"]) if named else None) or (
            (context.rules.summed(summed) if summed else None) or kind_meant(message.words, context)
        )
        return track(message, context, kind, sure)
    if label in READERS:
        return READERS[label](message, context)
    return Understood(Ask(message.words))
