"""Slack's way of writing and the core's plain words, each turned into the other. Pure functions."""

import html
import re

# In the core a person is "@U0123ABCD": Slack's own mention without its brackets. Typed by hand it loses its "@".
MENTION = re.compile(r"(?<![\w@])@(?P<user>[UW][A-Z0-9]{6,20})(?!\w)")
_WRITTEN = re.compile(r"<(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


def heard(text: str, bot_user: str = "") -> str:
    """What somebody wrote, as plain words: without the bot's own mention, links by their label, nothing escaped."""
    words, end = "", 0
    for found in _WRITTEN.finditer(text):
        words += typed(html.unescape(text[end : found.start()])) + _plain(found["what"], found["label"], bot_user)
        end = found.end()
    return (words + typed(html.unescape(text[end:]))).strip()


def typed(text: str) -> str:
    """Text without anything that would turn into a mention: only Slack itself may name a person."""
    return MENTION.sub(r"\g<user>", text)


def _plain(what: str, label: str | None, bot_user: str) -> str:
    """Something that Slack put in brackets: a person, a channel, or a link."""
    if what.startswith("@"):
        return "" if what[1:] == bot_user else what
    if what.startswith(("#", "!")):
        return f"{what[0]}{typed(label or what[1:])}"
    return typed(html.unescape(label or what.removeprefix("mailto:")))


def mentioned(text: str, bot_user: str = "") -> list[str]:
    """The people whom a text names, but for the bot itself."""
    users = [found["what"][1:] for found in _WRITTEN.finditer(text) if found["what"].startswith(("@U", "@W"))]
    return [user for user in dict.fromkeys(users) if user != bot_user]


def written(text: str) -> str:
    """Plain words for a place where Slack reads markup: only the core's own mentions mean anything."""
    return MENTION.sub(r"<@\g<user>>", html.escape(text, quote=False))
