"""Printed numbers and letters at the start of a line: "1.1", "B2.2", "(a)", "iv)", "Commitment 4:", "SECTION 1 -"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAMES = (
    "section|part|clause|article|paragraph|commitment|principle|undertaking|pledge|promise|aim|objective|outcome|standard"
    "|theme|statement|priority|appendix|annexe?|schedule|chapter|code|point|goal|value|action|step"
)
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORDED = re.compile(
    rf"(?P<word>{_NAMES})\s+(?P<n>\d{{1,2}}(?:\.\d{{1,2}})*|(?:{'|'.join(_COUNTED)}|[A-Z]|[IVX]{{1,5}})\b)"
    r"(?P<mark>\s*[.:)]|\s+[–—-](?=\s)|\s*$)?(?:\s*(?P<rest>.*))?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?P<n>\d{1,3}(?:\.\d{1,2}){0,4})(?P<mark>[.):](?=\s|$|[A-Z“‘])|\s+[–—-](?=\s))?(?P<gap>\s+|$|(?=[A-Z“‘(]))(?P<rest>.*)$"
)
_NESTED = re.compile(
    r"(?P<n>\d{1,2}(?:\.\d{1,2})*)\.?(?P<tail>(?:\([a-z]{1,4}\))+|[a-z](?=[\s.)]))[.):]?\s+(?P<rest>\S.*)$"
)
_ALPHA = re.compile(r"(?P<a>[A-Z])(?P<dot>\.?)(?P<n>\d{1,2}(?:\.\d{1,2})*)(?P<mark>[.):]?)(?:\s+(?P<rest>.*)|$)")
_LETTER = re.compile(
    r"(?:\((?P<inner>[a-zA-Z]|[ivxl]{1,6}|[IVXL]{1,6}|\d{1,2})\)|(?P<open>[a-zA-Z]|[ivxl]{1,6}|[IVXL]{1,6})(?P<mark>[.)]))"
    r"(?:\s+(?P<rest>.*)|$)"
)
_ALONE = re.compile(r"[a-z]$")
_BULLET_BEFORE = re.compile(r"[-*•]\s+(?=\(?[\divxa-zA-Z]{1,6}[.)]|\d)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
SECTIONS = ("section", "part", "clause", "article", "paragraph", "chapter", "appendix", "annex", "annexe", "schedule")


@dataclass(frozen=True)
class Label:
    """One reading of a printed number. `steps` counts within `style`; `printed` is what stands before the words."""

    style: str
    steps: tuple[int, ...]
    shown: str
    printed: str
    rest: str
    marked: bool

    @property
    def is_first(self) -> bool:
        return self.steps[-1] in (0, 1) and all(step == 1 for step in self.steps[:-1])

    @property
    def begins_group(self) -> bool:
        """Whether a number is the first under another: 2.1, A1."""
        return len(self.steps) > 1 and self.steps[-1] in (0, 1)


def labels_of(text: str) -> list[Label]:
    """Every reading of what a line begins with: "(i)" is a letter and a Roman one; none for a line without a label."""
    return list(_readings(text))


def _readings(text: str) -> Iterator[Label]:
    start = found.end() if (found := _BULLET_BEFORE.match(text)) else 0
    said = text[start:]
    if found := _WORDED.match(said):
        if label := _worded(text, found):
            yield label
        return
    if found := _NESTED.match(said):
        yield _nested(text, found)
        return
    if (found := _NUMBER.match(said)) and (found["gap"] or found["mark"] or not found["rest"]):
        steps = tuple(map(int, found["n"].split(".")))
        mark = (found["mark"] or "").strip()
        style = "number" if len(steps) > 1 else f"number{mark}"
        yield Label(style, steps, found["n"], _before(text, found["rest"]), found["rest"], bool(mark))
        return
    if found := _ALPHA.match(said):
        steps = (ord(found["a"]) - 64, *map(int, found["n"].split(".")))
        shown = f"{found['a']}{found['dot']}{found['n']}"
        yield Label("alpha", steps, shown, _before(text, found["rest"]), found["rest"] or "", bool(found["mark"]))
        return
    if found := _LETTER.match(said):
        yield from _lettered(text, found)
    elif _ALONE.match(said):
        yield Label("letter lower", (ord(said) - 96,), said, text, "", False)


def _before(text: str, rest: str | None) -> str:
    return (text[: len(text) - len(rest)] if rest else text).rstrip()


def _worded(text: str, found: re.Match[str]) -> Label | None:
    word, number, rest = found["word"], found["n"], (found["rest"] or "").strip()
    if not word[0].isupper() or (rest and not found["mark"] and not rest[0].isupper()):
        return None
    if number.isalpha() and number.islower():
        return None
    steps = tuple(map(int, number.split("."))) if number[0].isdigit() else (_letter_value(number),)
    marked = bool((found["mark"] or "").strip())
    shown = f"{word.capitalize()} {number}"
    return Label(f"word {word.casefold()}", steps, shown, _before(text, rest), rest, marked or not rest)


def _letter_value(text: str) -> int:
    if text.casefold() in _COUNTED:
        return _COUNTED.index(text.casefold()) + 1
    return ord(text) - 64 if len(text) == 1 and text not in "IVX" else roman_value(text) or ord(text[0]) - 64


def _nested(text: str, found: re.Match[str]) -> Label:
    tail = found["tail"] if found["tail"].startswith("(") else f"({found['tail']})"
    steps = (*map(int, found["n"].split(".")), *(ord(t[0]) - 96 for t in re.findall(r"[a-z]+", tail)))
    return Label("nested", steps, found["n"] + tail, _before(text, found["rest"]), found["rest"], True)


def _lettered(text: str, found: re.Match[str]) -> Iterator[Label]:
    inner = found["inner"] or found["open"]
    rest = found["rest"] or ""
    shape = "()" if found["inner"] else found["mark"]
    printed = _before(text, rest)
    if inner.isdigit():
        yield Label(f"number{shape}", (int(inner),), inner, printed, rest, True)
        return
    case = "upper" if inner.isupper() else "lower"
    if len(inner) == 1:
        yield Label(f"letter {case}{shape}", (ord(inner.lower()) - 96,), inner, printed, rest, True)
    if value := roman_value(inner):
        yield Label(f"roman {case}{shape}", (value,), inner, printed, rest, True)


def roman_value(text: str) -> int:
    """12 for "xii"; 0 for what is no Roman number as it is written."""
    values = [_ROMAN.get(letter, 0) for letter in text.lower()]
    if not values or 0 in values:
        return 0
    total = sum(-v if v < max(values[i:], default=0) else v for i, v in enumerate(values))
    return total if roman(total) == text.lower() else 0


def roman(number: int) -> str:
    written = ""
    for value, letters in ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        while number >= value:
            written, number = written + letters, number - value
    return written
