"""Names and texts inside a command, in quotation marks; a mark inside is doubled, so that any text survives."""

import re

QUOTED = r"(?:\"(?:[^\"]|\"\")*\"|“[^”]*”|‘[^’]*’(?!\w))"
BRACKETED = re.compile(
    r"\s*\((?:(?P<label>about|on behalf of|when|link): (?P<value>[^()]*)|(?P<flag>as written|with my name))\)\s*$",
    re.IGNORECASE,
)
"""A part of feedback in brackets behind its words: "(about: the police)"."""
_STRAIGHT = re.compile(r'"(?P<text>(?:[^"]|"")*)"')


def quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def quote_if_unclear(text: str) -> str:
    """A text at the end of a command, in quotation marks only where it would not be read as it is."""
    return quote(text) if re.fullmatch(QUOTED, text) or BRACKETED.search(text) else text


def unquoted(said: str) -> str:
    """What stands in quotation marks, or the words as they are where there are none."""
    straight = _STRAIGHT.fullmatch(said)
    if straight:
        return straight["text"].replace('""', '"').strip()
    return said[1:-1].strip() if re.fullmatch(QUOTED, said) else said.strip(" ,.;:")
