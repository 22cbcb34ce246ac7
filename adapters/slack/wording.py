"""Slack's way of writing and the core's plain words, each turned into the other. Pure functions."""

import html
import re

# In the core a person is "@U0123ABCD": a mention without Slack's brackets, so that nobody's typing can forge one.
MENTION = re.compile(r"(?<![\w@])@(?P<user>[UW][A-Z0-9]{6,20})(?!\w)")
_WRITTEN = re.compile(r"<(?P<what>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


def heard(text: str, bot_user: str = "") -> str:
    """What somebody wrote, as plain words: without the bot's own mention, links by their label, nothing escaped."""

    def plain(found: re.Match[str]) -> str:
        what, label = found["what"], found["label"]
        if what.startswith("@"):
            return "" if what[1:] == bot_user else what
        if what.startswith(("#", "!")):
            return f"{what[0]}{label or what[1:]}"
        return label or what.removeprefix("mailto:")

    return html.unescape(_WRITTEN.sub(plain, text)).strip()


def mentioned(text: str, bot_user: str = "") -> list[str]:
    """The people whom a text names, but for the bot itself."""
    users = [found["what"][1:] for found in _WRITTEN.finditer(text) if found["what"].startswith(("@U", "@W"))]
    return [user for user in dict.fromkeys(users) if user != bot_user]


def written(text: str) -> str:
    """Plain words for a place where Slack reads markup: only the core's own mentions mean anything."""
    return MENTION.sub(r"<@\g<user>>", html.escape(text, quote=False))
