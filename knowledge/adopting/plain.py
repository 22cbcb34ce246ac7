"""Text and Markdown as lines. Marks of Markdown are taken off; the words stay."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from knowledge.adopting.lines import Line
from knowledge.adopting.outline import follows
from knowledge.adopting.tables import HEAD, column_of_sides, names_a_side

_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>.+?)\s*#*$")
_UNDERLINE = re.compile(r"(?P<mark>=|-)(?P=mark){2,}\s*$")
_ROW = re.compile(r"\|.*\|\s*$")
_DIVIDER = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|?)+$")
_COMMENT = re.compile(r"<!--.*?-->")
_STRONG = re.compile(r"(\*\*|__)(?P<text>\S(?:.*?\S)?)\1")
_SLANTED = re.compile(r"(?<![\w*])(\*|_)(?P<text>[^\s*_](?:[^*_]*[^\s*_])?)\1(?![\w*])")
_LINK = re.compile(r"!?\[(?P<text>[^\]]*)\]\((?P<to>[^)\s]*)[^)]*\)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>-])")
_ALL_STRONG = re.compile(r"(?:(?:[-*•+]|\d{1,3}[.)])\s+)?(\*\*|__)[^*_]+\1\s*:?$")


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16, UTF-32 or else Windows-1252, which every byte can be.

    Guessing by statistics was tried (charset-normalizer 3): it took the two of four layouts in Windows-1252 that hold
    typographic signs for Windows-1250, and changed the words of one.
    """
    for mark, name in (
        (BOM_UTF8, "utf-8-sig"),
        (BOM_UTF32_LE, "utf-32"),
        (BOM_UTF32_BE, "utf-32"),
        (BOM_UTF16_LE, "utf-16"),
        (BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    sample = data[:4000]
    if sample.count(0) > len(sample) / 4:
        return data.decode(
            "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be", errors="replace"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        undefined = {0x81: 0x81, 0x8D: 0x8D, 0x8F: 0x8F, 0x90: 0x90, 0x9D: 0x9D}
        return "".join(chr(undefined[b]) if b in undefined else bytes([b]).decode("cp1252") for b in data)


_MARKED_UP = re.compile(r"^#{1,6} \S|^\|.*\|\s*$|\*\*\S[^*]*\*\*", re.MULTILINE)


def text_lines(text: str) -> list[Line]:
    """Plain text; text that carries marks of Markdown is read as Markdown."""
    if len(_MARKED_UP.findall(text)) >= 3:
        return markdown_lines(text)
    raws = [piece for raw in _split(text) for piece in apart(raw)]
    return _numbered(list(_with_columns(raws)))


def _with_columns(raws: list[str]) -> Iterator[tuple[str, int, bool, str]]:
    """The lines, and the cells of rows set with tabs or bars under the names of sides."""
    heads: list[str] = []
    for raw in raws:
        cells = [cell.strip() for cell in _BETWEEN.split(_BARS.sub("", raw))]
        if _DIVIDER.match(raw.strip()) and heads:
            continue
        if len(cells) > 1 and all(map(names_a_side, cells)):
            heads = cells
            yield from (("", 0, False, ""), *((head, 0, False, "head") for head in heads), ("", 0, False, ""))
        elif heads and len(cells) > 1:
            for n, cell in enumerate(cells):
                yield from (("", 0, False, ""), (cell, 0, False, heads[n] if n < len(heads) else ""))
        else:
            heads = [] if raw.strip() else heads
            yield raw, 0, False, ""


_BETWEEN = re.compile(r"\t+|(?:^|\s+)\|\s+")
_BARS = re.compile(r"^\s*\|\s?|\s*\|\s*$")  # the outer lines of a row


def apart(line: str) -> list[str]:
    """One line each for the numbered clauses or bullets of a page that was pasted without its breaks."""
    if len(line) < LONG_LINE:
        return [line]
    places = [found.start("n") for found in _INSIDE.finditer(line)]
    places = _in_sequence(line, places)
    if len(places) < FEWEST:
        places = [found.start("n") for found in _BULLETS_INSIDE.finditer(line)]
    if len(places) < FEWEST:
        return [line]
    pieces = [line[start:end].strip() for start, end in pairwise([0, *places, len(line)])]
    return [part for piece in pieces for part in _heading_apart(piece)]


LONG_LINE = 300
FEWEST = 3
_INSIDE = re.compile(r"(?:^|(?<=\s))(?P<n>\d{1,2}(?:\.\d{1,2}){1,2})\.?\s+(?=[A-Z“\"(])")
_BULLETS_INSIDE = re.compile(r"(?:^|(?<=\s))(?P<n>[•●▪■\uf0b7])\s+(?=\S)")
_LAST_SENTENCE = re.compile(r"(?P<clause>.*[.;])\s+(?P<heading>[A-Z][^.;]*)$")


def _in_sequence(line: str, places: list[int]) -> list[int]:
    """The places whose numbers go on from one another: 1.1, 1.2, 2.1."""
    kept: list[int] = []
    last: tuple[int, ...] = ()
    for place in places:
        steps = tuple(map(int, re.findall(r"\d+", line[place:].split(maxsplit=1)[0])))
        if not last or follows(last, steps):
            kept.append(place)
            last = steps
    return kept


def _heading_apart(piece: str) -> list[str]:
    """A clause, and the words before the next number that belong to no sentence of it."""
    found = _LAST_SENTENCE.match(piece)
    return [found["clause"], found["heading"]] if found else [piece]


def markdown_lines(text: str) -> list[Line]:
    front = _FRONT.match(text)
    lines = _markdown_lines(_FRONT.sub(lambda m: "\n" * m[0].count("\n"), text) if front else text)
    about = _numbered([(raw, 0, False, "") for raw in _split(front[0])[1:-2]]) if front else []
    return [*(replace(line, number=line.number + 1, aside=FRONT) for line in about), *lines]


FRONT = "what the file says of itself"
_FRONT = re.compile(r"\A---\n(?:[\w-]+:.*\n|[ \t].*\n)+---\n")


def _markdown_lines(text: str) -> list[Line]:
    rows: list[tuple[str, int, bool, str]] = []
    heads: list[str] = []
    who: int | None = None
    raws = _counted(_split(text))
    for i, raw in enumerate(raws):
        line = _COMMENT.sub("", raw)
        stripped = line.strip()
        if stripped.count("|") >= 2 and _ROW.match(stripped):
            cells = [cell.strip() for cell in stripped.strip("|").split("|")]
            if _DIVIDER.match(stripped):
                continue
            under = i + 1 < len(raws) and bool(_DIVIDER.match(raws[i + 1].strip()))
            if under or (len(cells) > 1 and all(map(names_a_side, cells))):
                heads = [unmarked(cell) for cell in cells]
                who = column_of_sides(heads, list(_cells_below(raws, i + 2)))
                rows += [("", 0, False, ""), *((head, 0, False, "head") for head in heads), ("", 0, False, "")]
                continue
            if heads and who is not None and who < len(cells):
                across = " ".join(unmarked(cell) for n, cell in enumerate(cells) if n != who and cell)
                rows += [
                    ("", 0, False, ""),
                    (across, 0, False, unmarked(cells[who])),
                    (unmarked(cells[who]), 0, False, "head"),
                ]
                continue
            for n, cell in enumerate(cells):
                for piece in re.split(r"<br\s*/?>", cell):
                    rows += [("", 0, False, ""), (unmarked(piece), 0, False, heads[n] if n < len(heads) else "")]
            continue
        heads = [] if stripped else heads
        if found := _HEADING.match(stripped):
            rows.append((unmarked(found["text"]), len(found["marks"]), False, ""))
        elif (
            stripped and _UNDERLINE.match(stripped) and rows and rows[-1][0] and not rows[-1][1] and raws[i - 1].strip()
        ):
            before = rows[-1]
            rows[-1] = (before[0], 1 if "=" in stripped else 2, before[2], before[3])
        else:
            indent = line[: len(line) - len(line.lstrip())]
            quoted = _BOX.sub(r"\1", re.sub(r"^(?:>\s?)+", "", stripped))
            rows.append((indent + unmarked(quoted), 0, bool(_ALL_STRONG.match(quoted)), ""))
    return _numbered(rows)


def _cells_below(raws: list[str], start: int) -> Iterator[list[str]]:
    """The cells of each row of a table, from a line on."""
    for raw in raws[start:]:
        if not _ROW.match(raw.strip()):
            return
        yield [unmarked(cell.strip()) for cell in raw.strip().strip("|").split("|")]


def _counted(raws: list[str]) -> list[str]:
    """Lists written "1. 1. 1." with the numbers that a reader sees, which Markdown counts by itself."""
    shown: dict[int, tuple[str, int]] = {}
    said: list[str] = []
    blank = True
    for raw in raws:
        found = _COUNTS.match(raw)
        if found:
            indent = len(found["indent"].expandtabs(4))
            written, last = shown.get(indent, ("", 0))
            number = last + 1 if written == found["n"] else int(found["n"])
            shown = {place: held for place, held in shown.items() if place < indent} | {indent: (found["n"], number)}
            said.append(f"{found['indent']}{number}{raw[found.end('n') :]}")
            blank = False
            continue
        if raw.strip() and (blank or raw.startswith("#")) and not raw[0].isspace():
            shown = {}
        blank = not raw.strip()
        said.append(raw)
    return said


_BOX = re.compile(r"^([-*+] )\[[ xX]\] ")  # a box to be ticked is a bullet
_COUNTS = re.compile(r"(?P<indent>\s*)(?P<n>\d{1,3})[.)]\s")


def unmarked(text: str) -> str:
    """Markdown without its marks: bold, slanted, links, escapes."""
    text = _LINK.sub(lambda m: m["text"] if _says_where(m["text"], m["to"]) else f"{m['text']} ({m['to']})", text)
    for pattern in (_STRONG, _SLANTED):
        text = pattern.sub(lambda m: m["text"], text)
    return _ESCAPED.sub(r"\1", text)


def _says_where(text: str, to: str) -> bool:
    """Whether the words of a link are its address: "compact@council.example" for "mailto:compact@council.example"."""
    return not to or text.casefold() == re.sub(r"^(?:mailto:|tel:|https?://)", "", to.casefold()).rstrip("/")


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\u2028", "\n").split("\n")


def _numbered(rows: list[tuple[str, int, bool, str]]) -> list[Line]:
    lines: list[Line] = []
    blank = True
    for number, (raw, heading, strong, column) in enumerate(rows, start=1):
        text = raw.replace("\f", "").replace("\ufeff", "").replace("\x00", "").expandtabs(4)
        if not text.strip():
            blank = True
            continue
        depth = len(text) - len(text.lstrip())
        aside = HEAD if column == "head" else ""
        lines.append(Line(number, text, blank, heading, strong, depth, column="" if aside else column, aside=aside))
        blank = False
    return lines
