"""What an officer says of lines that were read wrongly. Kept in mended.toml beside the text, by the line's words.

The printed words and numbers stay as they are; only how they are read changes.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from knowledge.adopting.errors import AdoptError
from knowledge.adopting.lines import Line
from knowledge.laying import read_subjects

FILE = "mended.toml"
KINDS = {
    "heading": "a heading, under which numbers may start again",
    "clause": "a clause or paragraph of its own",
    "goes-on": "goes on from the line before",
    "furniture": "no part of the agreement",
}
_SAID = re.compile(
    r"(?:lines? )?(?P<first>\d+)(?:\s*(?:-|–|to)\s*(?P<last>\d+))?\s+(?:is |are )?(?:a |an )?"
    r"(?:(?P<kind>heading|clauses?|goes[- ]on|furniture)|binds? (?P<side>.+)|about (?P<about>.+))$",
    re.IGNORECASE,
)
MENDED = "said by an officer"


@dataclass(frozen=True)
class Mend:
    """One line, by its words and the how-manieth line with these words it is.

    It has a kind, a side ("nobody" for none), or the subjects of its clause.
    """

    words: str
    kind: str = ""
    binds: str = ""
    which: int = 1
    about: tuple[str, ...] = ()


def read_mends(folder: Path) -> list[Mend]:
    """The mends kept in a folder. Raises AdoptError with file and line for what is wrong in them."""
    file = folder / FILE
    if not file.exists():
        return []
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8")).get("line", [])
        mends = [
            Mend(
                str(r["words"]),
                str(r.get("is", "")),
                str(r.get("binds", "")),
                int(r.get("which", 1)),
                tuple(map(str, r.get("about", ()))),
            )
            for r in rows
        ]
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        raise AdoptError(
            f"{file}:1: not readable as what was mended ({type(error).__name__}); mend or remove it"
        ) from error
    for mend in mends:
        if mend.kind and mend.kind not in KINDS:
            raise AdoptError(f"{file}:1: {mend.kind!r} is none of {', '.join(KINDS)}")
        if unknown := set(mend.about) - read_subjects().keys():
            raise AdoptError(f"{file}:1: {unknown.pop()!r} is no subject; they stand in knowledge/subjects/")
    return mends


def written(mends: Sequence[Mend]) -> str:
    """mended.toml, the last word on each line counting."""
    lines = ["# What an officer said of lines that were read wrongly; compact-bot adopt reads it again with the file."]
    for mend in mends:
        lines += ["", "[[line]]", f"words = {json.dumps(mend.words, ensure_ascii=False)}"]
        lines += [f"which = {mend.which}"] if mend.which > 1 else []
        lines += [f'is = "{mend.kind}"'] if mend.kind else []
        lines += [f"binds = {json.dumps(mend.binds, ensure_ascii=False)}"] if mend.binds else []
        lines += [f"about = {json.dumps(mend.about, ensure_ascii=False)}"] if mend.about else []
    return "\n".join(lines) + "\n"


def mends_said(text: str, lines: Sequence[Line]) -> list[Mend]:
    """ "12-14 furniture", "line 30 binds Parish Councils", "30 about training". Raises ValueError saying how."""
    found = _SAID.match(text.strip())
    if not found:
        raise ValueError(
            'Say for example "12 heading", "12-14 furniture", "30 clause", "31 goes on", "30 binds Council" '
            'or "30 about training".'
        )
    first, last = int(found["first"]), int(found["last"] or found["first"])
    meant = [line for line in lines if first <= line.number <= last]
    if not meant:
        raise ValueError(f"There are no words on line {first}.")
    kind = re.sub(r"s$", "", (found["kind"] or "").casefold().replace(" ", "-")) if found["kind"] else ""
    kind = "goes-on" if kind.startswith("goes") else kind
    about = _subjects_in(found["about"]) if found["about"] else ()
    return [Mend(line.text, kind, (found["side"] or "").strip(), _which(line, lines), about) for line in meant]


def _subjects_in(said: str) -> tuple[str, ...]:
    """Subjects by name or title: "training, volunteers' expenses"."""
    called = {form.casefold(): s.name for s in read_subjects().values() for form in (s.name, s.title)}
    names = []
    for one in re.split(r"\s*,\s*", said.strip()):
        if one.casefold() not in called:
            close = get_close_matches(one.casefold(), called, n=3, cutoff=0.4)
            raise ValueError(f"“{one}” is no subject." + (f" Near it: {', '.join(close)}." if close else ""))
        names.append(called[one.casefold()])
    return tuple(names)


def subjects_said(lines: Sequence[Line], mends: Sequence[Mend]) -> dict[int, tuple[str, ...]]:
    """By line number the subjects that were said of it."""
    said = {(mend.words, mend.which): mend.about for mend in mends if mend.about}
    found = {line.number: said.get((line.text, _which(line, lines)), ()) for line in lines} if said else {}
    return {number: about for number, about in found.items() if about}


def _which(line: Line, lines: Sequence[Line]) -> int:
    return sum(other.text == line.text and other.number <= line.number for other in lines)


def mended(lines: Sequence[Line], mends: Sequence[Mend]) -> tuple[list[Line], dict[int, str], dict[int, str]]:
    """The lines with furniture as said, and by line number the kinds and the sides that were said."""
    said = {(mend.words, mend.which): mend for mend in mends if mend.kind}
    sides = {(mend.words, mend.which): mend.binds for mend in mends if mend.binds}
    seen: Counter[str] = Counter()
    done, kinds, bound = list[Line](), dict[int, str](), dict[int, str]()
    for line in lines:
        seen[line.text] += 1
        key = (line.text, seen[line.text])
        if key in sides:
            bound[line.number] = "" if sides[key].casefold() in ("nobody", "everybody") else sides[key]
        kind = said[key].kind if key in said else ""
        if kind and kind != "furniture":
            kinds[line.number] = kind
        done.append(replace(line, aside=MENDED if kind == "furniture" else "") if kind else line)
    return done, kinds, bound
