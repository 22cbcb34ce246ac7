"""Slack's way of writing and the core's plain words, each turned into the other. Pure functions."""

import html
import re

from compact_bot.turn import unmarked, visible

# In the core a person is "@U0123ABCD": Slack's own mention without its brackets. Typed by hand it is "@u0123ABCD".
MENTION = re.compile(r"(?<![\w@])@(?P<user>[UW][A-Z0-9]{6,20})(?!\w)")
_WRITTEN = re.compile(r"<(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
PERSON = re.compile(r"@[UW][A-Z0-9]{6,20}")
_ENDS_IN_PERSON = re.compile(f"{PERSON.pattern}$")


def heard(text: str, bot_user: str = "") -> str:
    """What somebody wrote, as plain words: without the bot's own mention, links by their label, nothing escaped.

    What was typed is joined before it is looked at: two harmless pieces may make a mention.
    """
    words, said, end = "", "", 0
    for found in _WRITTEN.finditer(text):
        said += html.unescape(text[end : found.start()])
        end = found.end()
        if not PERSON.fullmatch(found["what"]):
            said += _plain(found["what"], found["label"])
        else:
            mention = "" if found["what"][1:] == bot_user else found["what"]
            words, said = _apart(_apart(words, typed(said)), mention), ""
    return _apart(words, typed(said + html.unescape(text[end:]))).strip()


def _apart(before: str, after: str) -> str:
    """One after the other, with a space where a mention would run into what is beside it and be another's."""
    runs_on = _ENDS_IN_PERSON.search(before[-22:]) and re.match(r"\w", after)
    is_run_into = PERSON.match(after) and re.match(r"[\w@]", before[-1:])
    return f"{before} {after}" if runs_on or is_run_into else before + after


def typed(text: str) -> str:
    """Text without anything that would turn into a mention: only Slack itself may name a person.

    Characters that nobody sees go first, as the core takes them out too.
    """
    return unmarked(visible(text))


def _plain(what: str, label: str | None) -> str:
    """Something that Slack put in brackets: a channel, a group, or a link."""
    if what.startswith(("#", "!")):
        return f"{what[0]}{label or what[1:]}"
    return html.unescape(label or what.removeprefix("mailto:"))


def mentioned(text: str, bot_user: str = "") -> list[str]:
    """The people whom a text names, but for the bot itself."""
    users = [found["what"][1:] for found in _WRITTEN.finditer(text) if found["what"].startswith(("@U", "@W"))]
    return [user for user in dict.fromkeys(users) if user != bot_user]


def written(text: str) -> str:
    """Plain words for a place where Slack reads markup: only the core's own mentions mean anything."""
    return MENTION.sub(r"<@\g<user>>", html.escape(text, quote=False))
