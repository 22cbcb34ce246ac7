"""On which mornings a place hears of a step: once a week together with all others, but for its last working day.

Pure functions. Whatever is said by itself every time is soon not read, and then the one date that matters is missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from compact_bot.closed_days import ClosedDays
from compact_bot.dates import add_working_days, moved, working_day_after, working_day_before
from compact_bot.deadlines.planning import due_at
from compact_bot.organisation import local_today
from compact_bot.store.tables import OrganisationSettings
from knowledge.rules import Lead

WEEK = timedelta(weeks=1)
MONDAY = 0
WEEKS_ON_END = 26  # of weekly nudges before a date and after it


@dataclass(frozen=True)
class Mornings:
    """An organisation's working days, and the weekday on which it hears of everything that is not urgent."""

    settings: OrganisationSettings
    closed: ClosedDays

    def at(self, day: date) -> datetime:
        """When the nudges of a day leave: with the digest, where that comes on the same day and no later."""
        chosen = self.settings
        hour = chosen.nudge_at
        if chosen.digest_weekday is not None and self.is_gathering(day):
            hour = min(hour, chosen.digest_at)
        return due_at(day, hour, chosen.timezone)

    def coming(self, now: datetime) -> date:
        """The first working morning that is still to come."""
        day = local_today(self.settings, now)
        return day if not self.closed(day) and self.at(day) > now else working_day_after(day, self.closed)

    def is_gathering(self, day: date) -> bool:
        """Whether it is the first working day from the chosen weekday on, in the week that begins with that weekday."""
        return self._first_working_day(self._week_of(day)) == day

    def gathering(self, day: date) -> date:
        """The first such day from a day on; the last working day up to it where a closure takes the whole week."""
        week = self._week_of(day)
        found = (self._first_working_day(first) for first in (week, week + WEEK))
        return next((one for one in found if one and day <= one < day + WEEK), None) or self.last_working_day(day)

    def _first_working_day(self, first: date) -> date | None:
        """Of the week that begins on a day; None where all of it is closed."""
        day = working_day_after(first, self.closed) if self.closed(first) else first
        return day if day < first + WEEK else None

    def last_working_day(self, day: date) -> date:
        return working_day_before(day, self.closed) if self.closed(day) else day

    def before(self, due_on: date, leads: Sequence[Lead]) -> set[date]:
        """The days on which to speak of a step by the rules: weeks and months ahead are gathered, each on a day."""
        days = {self._exactly(due_on, lead) for lead in leads if not _is_gathered(lead)}
        gathered = (moved(due_on, -lead.number, lead.unit) for lead in leads if _is_gathered(lead))
        for wanted in sorted(gathered, reverse=True):
            weeks = (self.gathering(wanted - n * WEEK) for n in count())  # an earlier one where a closure took its own
            days.add(next(day for day in weeks if day not in days))
        return days

    def as_asked(self, due_on: date, leads: Sequence[Lead]) -> set[date]:
        """The very days that somebody asked for, or the working day before each; weekly ones on the day of the digest,
        for half a year before and after."""
        exactly = {self._exactly(due_on, lead) for lead in leads if not lead.again}
        weeks = range(-WEEKS_ON_END, WEEKS_ON_END + 1) if any(lead.again for lead in leads) else ()
        return exactly | {day for n in weeks if self.is_gathering(day := self.gathering(due_on + n * WEEK))}

    def overdue(self, due_on: date) -> date:
        """The day on which a step that was not met is spoken of once."""
        after = working_day_after(due_on, self.closed)
        return max(self.gathering(after), after)

    def _exactly(self, due_on: date, lead: Lead) -> date:
        if lead.unit == "working day":
            return add_working_days(due_on, -lead.number, self.closed)
        return self.last_working_day(moved(due_on, -lead.number, lead.unit))

    def _week_of(self, day: date) -> date:
        weekday = self.settings.digest_weekday
        return day - timedelta(days=(day.weekday() - (MONDAY if weekday is None else weekday)) % 7)


def _is_gathered(lead: Lead) -> bool:
    return lead.number > 0 and lead.unit in ("week", "month")
