"""Names and texts inside a command, in quotation marks; a mark inside is doubled, so that any text survives."""

import re

QUOTED = r"(?:\"(?:[^\"]|\"\")*\"|“[^”]*”|‘[^’]*’(?!\w))"
_STRAIGHT = re.compile(r'"(?P<text>(?:[^"]|"")*)"')


def quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def unquoted(said: str) -> str:
    """What stands in quotation marks, or the words as they are where there are none."""
    straight = _STRAIGHT.fullmatch(said)
    if straight:
        return straight["text"].replace('""', '"').strip()
    return said[1:-1].strip() if re.fullmatch(QUOTED, said) else said.strip(" ,.;:")
