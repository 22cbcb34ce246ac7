"""A PDF as lines with their size, weight and place, so that headings, columns and wrapped lines can be told.

Tried on these layouts: of a single column pypdf 7, pdfplumber 0.11 and markitdown 0.1 all give every word in order. Of
two columns pypdf's text and pdfplumber's run a row of both into one line; markitdown takes the columns' lines by turns,
and numbers of a list apart from their words. pdfplumber's words have place, size and font as these have: both stand on
pdfminer.six, and it brings Pillow and pypdfium2 (17 MB) beside that, markitdown onnxruntime (78 MB).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from knowledge.adopting.labels import labels_of
from knowledge.adopting.lines import BULLET, Line
from knowledge.adopting.tables import HEAD, names_a_side

MOST_PAGES = 400
PICTURE = "a page without text"
_GAP = 1.35  # line pitches; more white than this is an empty line


class NoTextError(Exception):
    """The PDF holds pictures of pages."""


class LockedError(Exception):
    """The PDF asks for a password."""


class TooLongError(Exception):
    """The PDF has more pages than any agreement."""


@dataclass(frozen=True)
class Piece:
    """Words that stand together on one line of a page."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    strong: bool


def pdf_lines(file: Path, progress: Callable[[int, int], None]) -> list[Line]:
    """The lines of a PDF. Raises NoTextError, LockedError, TooLongError, or what pdfminer raises for a broken file."""
    pages, pictures = _pages(file, progress)
    if not any(piece.text.strip() for page in pages for piece in page):
        raise NoTextError
    sizes = Counter[float]()
    for page in pages:
        for piece in page:
            sizes[piece.size] += len(piece.text)
    body = sizes.most_common(1)[0][0]
    bigger = sorted({size for size in sizes if size > body * 1.12}, reverse=True)
    rows = [_rows(page) for page in pages]
    pitch = _pitch(rows, body)
    return [
        line
        for number, page in enumerate(rows, start=1)
        for line in (_page_lines(page, number, pitch, bigger) if page else _without_text(number, number in pictures))
    ]


def _without_text(page: int, picture: bool) -> list[Line]:
    """What stands for a page of pictures among pages of text, so that nobody takes the text for the whole."""
    return [Line(0, f"[page {page}]", True, page=page, aside=PICTURE)] if picture else []


def _pages(file: Path, progress: Callable[[int, int], None]) -> tuple[list[list[Piece]], set[int]]:
    """The words of each page, and the numbers of the pages that hold pictures or drawings."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams, LTCurve, LTFigure, LTImage
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect, PDFTextExtractionNotAllowed
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    with file.open("rb") as opened:
        try:
            document = PDFDocument(PDFParser(opened))
        except (PDFPasswordIncorrect, PDFTextExtractionNotAllowed) as error:
            raise LockedError from error
        sheets = []
        for sheet in PDFPage.create_pages(document):
            sheets.append(sheet)
            if len(sheets) > MOST_PAGES:
                raise TooLongError
        manager = PDFResourceManager()
        device = PDFPageAggregator(manager, laparams=LAParams(char_margin=1.0, line_margin=0.01, boxes_flow=None))
        interpreter = PDFPageInterpreter(manager, device)
        pages: list[list[Piece]] = []
        pictures: set[int] = set()
        for number, sheet in enumerate(sheets, start=1):
            interpreter.process_page(sheet)
            layout = device.get_result()
            pages.append(list(_pieces(layout)))
            if any(isinstance(element, LTCurve | LTFigure | LTImage) for element in layout):
                pictures.add(number)
            progress(number, len(sheets))
    return pages, pictures


def _pieces(layout: Iterable[Any]) -> Iterator[Piece]:
    from pdfminer.layout import LTChar, LTTextLine

    for element in layout:
        if isinstance(element, LTTextLine):
            chars = [c for c in element if isinstance(c, LTChar)]
            text = re.sub(r"\s", " ", element.get_text()).rstrip()
            if chars and text.strip():
                size = round(median(c.size for c in chars), 1)
                strong = all(
                    re.search(r"bold|black|heavy|demi", c.fontname, re.IGNORECASE)
                    for c in chars
                    if c.get_text().strip()
                )
                yield Piece(text, element.x0, element.x1, element.y1, element.y0, size, strong)
        elif hasattr(element, "__iter__"):
            yield from _pieces(element)


def _page_lines(rows: list[list[Piece]], page: int, pitch: float, bigger: list[float]) -> list[Line]:
    lines: list[Line] = []
    for region, heads in _regions(rows, pitch):
        margin = max((piece.right for piece in region), default=0)
        before: Piece | None = None
        for piece in region:
            gap = before.top - piece.top if before else pitch * 9
            level = bigger.index(piece.size) + 1 if piece.size in bigger else 0
            aside = HEAD if piece in heads.values() else ""
            lines.append(
                Line(
                    0,
                    piece.text,
                    gap > pitch * _GAP or gap < -pitch,
                    min(level, 6) if len(piece.text) <= 100 else 0,
                    piece.strong,
                    int(piece.left // 12),
                    _is_full(piece, margin),
                    column=_head_over(piece, heads) if not aside else "",
                    aside=aside,
                    page=page,
                )
            )
            before = piece
    return lines


def _is_full(piece: Piece, margin: float) -> bool:
    """Whether a word of middling length would not have fitted at the end of this line."""
    width = (piece.right - piece.left) / max(len(piece.text), 1)
    return piece.right + 9 * width > margin


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that stand side by side, from the top of the page down; a lone label is put before its words."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (-p.top, p.left)):
        middle = (piece.top + piece.bottom) / 2
        if rows and rows[-1][0].bottom < middle < rows[-1][0].top:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    rows = [sorted(row, key=lambda p: p.left) for row in rows]
    starts = Counter(round(piece.left) for row in rows for before, piece in pairwise(row) if not _is_lone_label(before))
    columns = [left for left, times in starts.items() if times >= 3]
    return [_joined(row, columns) for row in rows]


def _is_lone_label(piece: Piece) -> bool:
    words = piece.text.strip()
    return (
        bool((found := labels_of(words)) and not found[0].rest)
        or bool(BULLET.fullmatch(words + " "))
        or len(words) == 1
    )


def _joined(row: list[Piece], columns: list[int]) -> list[Piece]:
    """The pieces of a row, put together where they are one line: a label and its words, words spread by justifying."""
    done = [row[0]]
    for piece in row[1:]:
        last = done[-1]
        begins_column = any(abs(piece.left - left) <= 3 for left in columns)
        if _is_lone_label(last) or (piece.left - last.right < 2.5 * last.size and not begins_column):
            text, strong = f"{last.text} {piece.text}", last.strong and piece.strong
            done[-1] = Piece(text, last.left, piece.right, last.top, last.bottom, piece.size, strong)
        else:
            done.append(piece)
    return done


def _pitch(pages: list[list[list[Piece]]], body: float) -> float:
    """The distance between two lines of a paragraph, the most frequent in the document."""
    steps = Counter(round(a[0].top - b[0].top) for rows in pages for a, b in pairwise(rows))
    close = {step: times for step, times in steps.items() if 0.8 * body < step < 2.2 * body}
    return float(max(close, key=lambda step: (close[step], -step))) if close else 1.3 * body


def _regions(rows: list[list[Piece]], pitch: float) -> Iterator[tuple[list[Piece], dict[float, Piece]]]:
    """Runs of rows in reading order: across where there is one column, else column by column below their heads."""
    i = 0
    while i < len(rows):
        gutter = _gutter(rows, i)
        if gutter is None:
            single = []
            while i < len(rows) and _gutter(rows, i) is None:
                row = rows[i]
                single.append(row[0] if len(row) == 1 else _across(row))
                i += 1
            yield single, {}
            continue
        held: list[list[Piece]] = []
        while i < len(rows) and all(p.right <= gutter + 1 or p.left >= gutter - 1 for p in rows[i]):
            if held and (held[-1][0].top - rows[i][0].top > 4 * pitch or _begins_anew(rows, i)):
                break
            held.append(rows[i])
            i += 1
        columns: list[list[Piece]] = [[], []]
        for row in held:
            for piece in row:
                columns[piece.left >= gutter - 1].append(piece)
        firsts = [column[0] for column in columns if column]
        heads = {column[0].left: column[0] for column in columns if column}
        heads = heads if all(names_a_side(piece.text) for piece in firsts) else {}
        for column in columns:
            yield column, heads


def _begins_anew(rows: list[list[Piece]], i: int) -> bool:
    """Whether the names of two sides stand side by side again, here or below a heading that stands here alone."""
    head = rows[i + 1] if len(rows[i]) == 1 and i + 1 < len(rows) else rows[i]
    return len(head) > 1 and all(names_a_side(piece.text) for piece in head)


def _across(row: list[Piece]) -> Piece:
    return Piece(
        " ".join(p.text for p in row),
        row[0].left,
        row[-1].right,
        row[0].top,
        row[0].bottom,
        row[0].size,
        all(p.strong for p in row),
    )


def _gutter(rows: list[list[Piece]], start: int) -> float | None:
    """Where the right column begins, when rows from here on stand in two columns."""
    if len(rows[start]) < 2:
        return None
    left = rows[start][1].left
    together = 0
    needed = 2 if all(names_a_side(piece.text) for piece in rows[start]) else 3
    for row in rows[start : start + 12]:
        if any(p.left < left - 3 and p.right > left for p in row):
            break
        together += any(abs(p.left - left) < 3 for p in row)
    return left if together >= needed else None


def _head_over(piece: Piece, heads: dict[float, Piece]) -> str:
    under = [left for left in heads if left <= piece.left + 6]
    return heads[max(under)].text if under else ""
