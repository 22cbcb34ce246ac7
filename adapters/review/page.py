"""The review as one page that needs nothing else: no scripts, no fonts, no pictures from elsewhere."""

from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.review.pictures import BAR, LEFT, chart_of, described
from adapters.review.tables import Cell, References, tables_of
from compact_bot.dates import spoken
from compact_bot.feedback.review import Review
from compact_bot.feedback.summary import summed_up

HERE = Path(__file__).parent
LISTED = 5_000  # rows of a table; a browser grows slow beyond, and the spreadsheet has them all
REFERRED = 200  # records named behind a figure


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["text"] = _text
    environment.tests["references"] = lambda cell: isinstance(cell, References)
    environment.tests["figure"] = lambda cell: isinstance(cell, int)
    return environment


@cache
def _style() -> str:
    return (HERE / "review.css").read_text(encoding="utf-8")


def review_page(review: Review) -> str:
    """The page as a file."""
    tables = tables_of(review)
    marked = {str(row[0]) for table in tables if table.marks for row in table.rows[:LISTED]}
    return (
        _templates()
        .get_template("review.html")
        .render(
            review=review,
            tables=tables,
            marked=marked,
            summary=summed_up(review),
            made_on=spoken(review.made_on),
            style=_style(),
            listed=LISTED,
            referred=REFERRED,
            **drawing(review),
        )
    )


def drawing(review: Review) -> dict[str, object]:
    """What the template of the chart needs."""
    months = review.months
    return {"chart": chart_of(months), "described": described(months), "left": LEFT, "bar": BAR}


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell)
