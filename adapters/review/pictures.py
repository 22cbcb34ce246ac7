"""The months as bars: an SVG for pages, a PNG for Word, and the words that stand in for both."""

import struct
import zlib
from collections.abc import Sequence

from compact_bot.feedback.review import Group

KEPT, NOT_KEPT, SUGGESTIONS = (0x15, 0x5E, 0x75), (0xB4, 0x53, 0x09), (0x6B, 0x72, 0x80)
PAPER = (0xFF, 0xFF, 0xFF)
BAR, GAP, HEIGHT, MARGIN = 28, 12, 160, 8


def described(months: Sequence[Group]) -> str:
    """What the picture shows, in words."""
    said = ", ".join(f"{month.title} {month.tally.total}" for month in months if month.tally.total)
    return f"Entries of feedback in each month: {said}." if said else "No feedback in any month."


def stacked(months: Sequence[Group]) -> list[list[tuple[int, int, tuple[int, int, int]]]]:
    """For each month its bar from the bottom up: where a piece begins, how high it is, its colour."""
    most = max((month.tally.total for month in months), default=0) or 1
    bars = []
    for month in months:
        pieces, base = [], 0
        tally = month.tally
        counts = ((tally.kept, KEPT), (tally.not_kept, NOT_KEPT), (tally.suggestions, SUGGESTIONS))
        for count, colour in counts:
            top = base + count
            start, end = (round(HEIGHT * part / most) for part in (base, top))
            if count:
                pieces.append((start, max(end - start, 1), colour))
            base = top
        bars.append(pieces)
    return bars


def width_of(months: Sequence[Group]) -> int:
    return 2 * MARGIN + len(months) * (BAR + GAP) - GAP


def png(months: Sequence[Group]) -> bytes:
    """The bars without any letters: Word shows the months in a table below."""
    width, height = width_of(months), HEIGHT + 2 * MARGIN
    rows = [bytearray(bytes(PAPER) * width) for _ in range(height)]
    for number, pieces in enumerate(stacked(months)):
        left = MARGIN + number * (BAR + GAP)
        for start, high, colour in pieces:
            for y in range(height - MARGIN - start - high, height - MARGIN - start):
                rows[y][3 * left : 3 * (left + BAR)] = bytes(colour) * BAR
    raw = b"".join(b"\0" + bytes(row) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(raw, 9)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
