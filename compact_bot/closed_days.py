"""Days on which nobody is at work: weekends, bank holidays in England and Wales, and the organisation's own."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from compact_bot.dates import bank_holidays

PUBLISHED_UNTIL = 2028  # the last year whose bank holidays are published on GOV.UK; later ones are the usual ones


class ClosedDays:
    def __init__(self, own: Collection[date] = ()) -> None:
        self.own = frozenset(own)

    def __call__(self, day: date) -> bool:
        return bool(self.why(day))

    def why(self, day: date) -> str:
        """ "a Sunday", "Good Friday", "a day your organisation is closed", or "" on a working day."""
        if name := bank_holidays(day.year).get(day):
            return f"a bank holiday ({name})"
        if day.weekday() >= 5:
            return f"a {('Saturday', 'Sunday')[day.weekday() - 5]}"
        return "a day your organisation is closed" if day in self.own else ""


def spans_of(days: Sequence[date]) -> list[tuple[date, date]]:
    """Days that follow each other, together: as first and last."""
    spans: list[tuple[date, date]] = []
    for day in days:
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return spans
