"""The months as bars: an SVG for pages, a PNG for Word, and the words that stand in for both."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from compact_bot.feedback.review import Group

BAR, GAP, HEIGHT = 28, 12, 160
LEFT, TOP, BELOW, KEY = 40, 12, 36, 22  # room for the figures, the months and years, and what the colours mean
MOST_STEPS = 4
SHARPNESS = 3  # a picture in Word is printed
INK, QUIET, PAPER = "#1d1d1b", "#d8d4ca", "#ffffff"
COLOURS = {"kept": "#155e75", "not kept": "#b45309", "suggestions": "#6b7280"}


@dataclass(frozen=True)
class Piece:
    """A part of a bar, from the top of the picture down."""

    what: str
    left: int
    top: int
    height: int

    @property
    def css(self) -> str:
        return {"kept": "kept", "not kept": "not-kept", "suggestions": "suggestion"}[self.what]


@dataclass(frozen=True)
class Label:
    text: str
    left: int
    top: int


@dataclass(frozen=True)
class Chart:
    """`lines` are the figures at the side, each with its height; `months` stand under their bars, years where one
    begins."""

    width: int
    height: int
    pieces: tuple[Piece, ...]
    lines: tuple[Label, ...]
    months: tuple[Label, ...]
    years: tuple[Label, ...]
    key: tuple[Label, ...]
    title: str = "Entries of feedback in each month"


def described(months: Sequence[Group]) -> str:
    """What the picture shows, in words."""
    said = ", ".join(f"{month.title} {month.tally.total}" for month in months if month.tally.total)
    return f"Entries of feedback in each month: {said}." if said else "No feedback in any month."


def chart_of(months: Sequence[Group]) -> Chart:
    ticks = _ticks(max((month.tally.total for month in months), default=0))
    floor = TOP + HEIGHT

    def high(count: int) -> int:
        return round(HEIGHT * count / ticks[-1])

    pieces = []
    for place, month in enumerate(months):
        tally, base = month.tally, 0
        for what, count in zip(COLOURS, (tally.kept, tally.not_kept, tally.suggestions), strict=True):
            if count:
                bottom, top = high(base), high(base + count)
                tall = max(top - bottom, 1)
                pieces.append(Piece(what, _left(place), floor - bottom - tall, tall))
            base += count
    named = [month.title.partition(" ") for month in months]
    firsts = [place for place, (_, _, year) in enumerate(named) if place == 0 or named[place - 1][2] != year]
    return Chart(
        width=max(LEFT + len(months) * (BAR + GAP), 320),
        height=floor + BELOW + KEY,
        pieces=tuple(pieces),
        lines=tuple(Label(f"{tick:,}", LEFT - 6, floor - high(tick)) for tick in ticks),
        months=tuple(Label(name[:3], _left(place), floor + 14) for place, (name, _, _) in enumerate(named)),
        years=tuple(Label(named[place][2], _left(place), floor + 29) for place in firsts),
        key=tuple(Label(what, LEFT + 100 * place, floor + BELOW + 14) for place, what in enumerate(COLOURS)),
    )


def _left(place: int) -> int:
    return LEFT + 6 + place * (BAR + GAP)


def _ticks(most: int) -> list[int]:
    """Round figures from nought to just over the highest."""
    step, factors = 1, (2, 2.5, 2)  # 1, 2, 5, 10, 20, 50 ...
    turn = 0
    while step * MOST_STEPS < most:
        step = round(step * factors[turn % 3])
        turn += 1
    return list(range(0, max(most, 1) + step, step))


def png(months: Sequence[Group]) -> bytes:
    """The same picture as points, with its figures, months and colours named."""
    from PIL import Image, ImageDraw, ImageFont

    chart, sharp = chart_of(months), SHARPNESS
    image = Image.new("RGB", (chart.width * sharp, chart.height * sharp), PAPER)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(11 * sharp)

    def words(label: Label, anchor: str) -> None:
        draw.text((label.left * sharp, label.top * sharp), label.text, INK, font, anchor=anchor)

    def box(left: int, top: int, width: int, height: int, colour: str) -> None:
        corners = (left * sharp, top * sharp, (left + width) * sharp - 1, (top + height) * sharp - 1)
        draw.rectangle(corners, fill=colour)

    for line in chart.lines:
        box(LEFT, line.top, chart.width - LEFT, 1, QUIET)
        words(line, "rm")
    for piece in chart.pieces:
        box(piece.left, piece.top, BAR, piece.height, COLOURS[piece.what])
    for label in (*chart.months, *chart.years):
        words(label, "ls")
    for label in chart.key:
        box(label.left, label.top - 9, 10, 10, COLOURS[label.text])
        words(Label(label.text, label.left + 16, label.top), "ls")
    kept = io.BytesIO()
    image.save(kept, "PNG")
    return kept.getvalue()
