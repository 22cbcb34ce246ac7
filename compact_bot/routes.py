"""What people can say, and who answers. The first route that matches wins; the last is "a question"."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from compact_bot import contacts, lookups, questions, sides, smalltalk
from compact_bot.conversation import Reply
from compact_bot.turn import Turn


@dataclass(frozen=True)
class Route:
    """`example` and `does` are what `help` reads aloud; a handler returns None to let the next route try."""

    matches: str
    handler: Callable[[Turn, re.Match[str]], Reply | None]
    example: str = ""
    does: str = ""


def _help(turn: Turn, _: re.Match[str]) -> Reply:
    return smalltalk.help_reply(turn, [(route.example, route.does) for route in ROUTES if route.example])


_POLITE = r"(?:please |can you |could you |hi,? |ok |so )*"

ROUTES = (
    Route(r"", smalltalk.nothing_said),
    Route(r".{2001,}", smalltalk.too_long),
    Route(rf"{_POLITE}(?:help(?: me)?|menu|commands?|start|\?+|what can (?:you|i) (?:do|say|ask)(?: here)?)", _help),
    Route(r"[^a-z0-9]+", smalltalk.no_words),
    Route(smalltalk.GREETING, smalltalk.greeting),
    Route(smalltalk.THANKS, smalltalk.thanks),
    Route(smalltalk.FAREWELL, smalltalk.farewell),
    Route(smalltalk.WHO_ARE_YOU, smalltalk.who_are_you),
    Route(smalltalk.WRONG, smalltalk.not_helpful),
    Route(
        r"(?P<text>.*\d.*)",
        lookups.numbers,
        "3.4.4",
        "reads that clause; so do 3.3.5 to 3.3.7 and section 3.2",
    ),
    Route(lookups.WHOLE, lookups.contents, "contents", "lists the sections"),
    Route(
        r"(?:(?:show|list|see|view) )?(?:the |our |current )*contacts?(?: (?:details|list|us))?",
        contacts.show_contacts,
        "contacts",
        "whom to ask about the Compact",
    ),
    Route(
        r"(?:set|add|new)(?: the| our| a)*(?: current)? contact(?: is| to|:)?\s*(?P<details>.*)",
        contacts.set_contact,
        "set contact Amina Khan, amina@example.org",
        "keeps your own current contact",
    ),
    Route(r"(?:remove|delete|drop) contact\s*(?P<number>\S*).*", contacts.remove_contact),
    Route(
        sides.SIDE,
        sides.set_side,
        "we are a charity",
        'tells me your side, so that "what do we owe them" has an answer; or: we are the council',
    ),
    Route(r"forget (?:my|our) side|(?:we|i) (?:are|am) neither", sides.forget_side),
    Route(questions.DUTIES, questions.duties, "what must charities do about reporting", "answers for one side"),
    Route(questions.WHY, questions.why, "why", "shows which words led to the last answer"),
    Route(questions.FOLLOW_UP, questions.follow_up, "and for VCOs", "goes on from the last answer"),
    Route(
        r".*",
        questions.question,
        "how much notice before a grant ends",
        "finds the clause, or says that the Compact does not say",
    ),
)

_COMPILED = [(re.compile(route.matches, re.IGNORECASE | re.DOTALL), route) for route in ROUTES]


def answer(turn: Turn) -> Reply:
    said = turn.text.rstrip(" .!?,;") or turn.text
    for pattern, route in _COMPILED:
        found = pattern.fullmatch(said)
        if found and (reply := route.handler(turn, found)):
            return reply
    raise LookupError("the last route answers everything")
