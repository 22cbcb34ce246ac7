"""Names and texts inside a command, in quotation marks; a mark inside is doubled, so that any text survives."""

import re

QUOTED = r"(?:\"(?:[^\"]|\"\")*\"|“[^”]*”|‘[^’]*’(?!\w))"
BRACKETED = re.compile(
    r"\s*\((?:(?P<label>about|on behalf of|when|link): (?P<value>[^()]*)|(?P<flag>as written|with my name))\)\s*$",
    re.IGNORECASE,
)
"""A part of feedback in brackets behind its words: "(about: the police)"."""
_STRAIGHT = re.compile(r'"(?P<text>(?:[^"]|"")*)"')


_OPENS, _ENDS_A_WORD = re.compile(r'"\S'), re.compile(r"[\w.!?)'’]$")
_MARK = re.compile(r"[\"“”]")


def outer_quotation(text: str) -> tuple[int, int] | None:
    """Where the first quotation begins and ends, with those inside it: "The "big" grant" is one.

    A mark opens where a word begins behind it and none ends before it. None where none is opened, or it never closes.
    """
    begun, depth, skip = -1, 0, -1
    for mark in _MARK.finditer(text):
        at = mark.start()
        if at == skip:
            continue
        if mark[0] == '"' and text[at + 1 : at + 2] == '"' and depth:
            skip = at + 1  # doubled inside a command, it stands for one
            continue
        if mark[0] == "“" or (mark[0] == '"' and _OPENS.match(text, at) and not _ENDS_A_WORD.search(text[:at])):
            begun, depth = (begun if depth else at), depth + 1
        elif depth:
            depth -= 1
            if not depth:
                return begun, at + 1
    return None


def quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def quote_if_unclear(text: str) -> str:
    """A text at the end of a command, in quotation marks only where it would not be read as it is."""
    return quote(text) if re.fullmatch(QUOTED, text) or BRACKETED.search(text) else text


def unquoted_whole(said: str) -> str:
    """What stands between the outer marks of a quotation, with those inside as they are."""
    return said[1:-1].replace('""', '"').strip()


def unquoted(said: str) -> str:
    """What stands in quotation marks, or the words as they are where there are none."""
    straight = _STRAIGHT.fullmatch(said)
    if straight:
        return straight["text"].replace('""', '"').strip()
    return said[1:-1].strip() if re.fullmatch(QUOTED, said) else said.strip(" ,.;:")
