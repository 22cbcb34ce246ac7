"""The review as files, whoever they are for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from adapters.review.page import review_page
from adapters.review.sheets import csv_file, spreadsheet
from adapters.review.word import word_document
from compact_bot.conversation import File
from compact_bot.feedback.periods import Period
from compact_bot.feedback.review import Review

MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_RENDERERS: Mapping[str, Callable[[Review], bytes]] = {
    "html": lambda review: review_page(review).encode(),
    "docx": word_document,
    "xlsx": spreadsheet,
    "csv": csv_file,
}
LABELS = {"docx": "Word document", "xlsx": "Spreadsheet", "csv": "Numbers as CSV"}
Load = Callable[[str, Period], Review]


def rendered(review: Review, suffix: str) -> bytes:
    return _RENDERERS[suffix](review)


def file_name(review: Review, suffix: str) -> str:
    return f"compact-review-{review.period.first}-to-{review.period.last}.{suffix}"


@dataclass(frozen=True)
class ReviewPublisher:
    """`load` reads and counts an organisation's review."""

    load: Load

    def files(self, review: Review) -> tuple[File, ...]:
        return tuple(
            File(file_name(review, suffix), MEDIA_TYPES[suffix], rendered(review, suffix)) for suffix in LABELS
        )
