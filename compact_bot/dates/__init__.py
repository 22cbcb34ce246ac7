"""Dates: counted as people in the UK count them, and read as they write them.

`counting` and `bank_holidays` do the sums. `reading` finds dates and periods in words: `text` cuts them into tokens, a
reader for each kind of phrase (`calendar_days`, `figures`, `spans`, `edges`, `periods`, `weekdays`, `names`) reads what
begins at a token, `choosing` keeps what is meant as a date and says what stands unread beside it. Words are data in
`vocabulary` and `named_days`.
"""

from compact_bot.dates.bank_holidays import bank_holidays, easter
from compact_bot.dates.counting import (
    MONTHS,
    WEEKDAYS,
    IsClosed,
    NoticeDate,
    add_months,
    add_working_days,
    counted,
    last_of_month,
    months_and_days,
    months_before,
    moved,
    period_in_words,
    spoken,
    weeks_in_words,
    working_day_after,
    working_day_before,
)
from compact_bot.dates.reading import find_dates, find_durations, read
from compact_bot.dates.vocabulary import NUMBERS
from compact_bot.dates.written import FIRST_YEAR, LAST_YEAR, Duration, Reading, Written, in_order

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "MONTHS",
    "NUMBERS",
    "WEEKDAYS",
    "Duration",
    "IsClosed",
    "NoticeDate",
    "Reading",
    "Written",
    "add_months",
    "add_working_days",
    "bank_holidays",
    "counted",
    "easter",
    "find_dates",
    "find_durations",
    "in_order",
    "last_of_month",
    "months_and_days",
    "months_before",
    "moved",
    "period_in_words",
    "read",
    "spoken",
    "weeks_in_words",
    "working_day_after",
    "working_day_before",
]
