"""Whom a message asks to have forgotten."""

import re

from compact_bot.understanding.acts import About, ForgetPerson
from compact_bot.understanding.context import Context
from compact_bot.understanding.slots import Said
from compact_bot.understanding.understood import Understood

_NAME = re.compile(r"(?P<name>@[\w.'’-]+|\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})")
_SUBJECT = re.compile(
    r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?(?:['’]s)?"
    r" (?:has|left|is|was|asked|wants?|wishes|moved|retired|went|gone|works|no)\b"
)


def _lowered(found: re.Match[str]) -> str:
    return found[0].lower()


def forget_person(message: Said, context: Context) -> Understood:
    """Whoever is mentioned, else the last name written like one. The first word has a capital anyway: it is a name
    where something is said of it."""
    if context.mentioned:
        return Understood(ForgetPerson(context.mentioned[0]))
    words = message.words if _SUBJECT.match(message.words) else re.sub(r"^\W*\w+", _lowered, message.words)
    named = [
        found["name"] for found in _NAME.finditer(words) if found["name"].casefold() not in ("gdpr", "i", "hr", "it")
    ]
    if not named:
        return Understood(About("privacy"))
    return Understood(ForgetPerson(context.person(re.sub(r"['’]s$", "", named[-1]))))
