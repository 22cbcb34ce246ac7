"""From a kind of deadline and the dates people gave to its milestones, each with its working. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from compact_bot.closed_days import PUBLISHED_UNTIL, ClosedDays
from compact_bot.dates import (
    WEEKDAYS,
    NoticeDate,
    add_months,
    add_working_days,
    bank_holidays,
    counted,
    easter,
    months_before,
    moved,
    spoken,
    working_day_before,
)
from compact_bot.understanding.saying import written_out
from knowledge.rules import Kind, Lead, MilestoneRule, Offset

MOST_DATES = 40  # of one kind in one deadline: ten years of quarterly reports
MOST_NAMED = 20  # holidays inside a consultation: more than lie in a year and a half

Anchors = Mapping[str, Sequence[date]]


class PlanError(Exception):
    """The dates cannot be planned; the message says why in plain words."""


@dataclass(frozen=True)
class Planned:
    """One milestone with its date. `working` shows how the date was counted; `advice` what to say about it, and
    `to_mind` of that what somebody might miss: the day is a day off.
    """

    rule: MilestoneRule
    name: str
    title: str
    day: date
    working: str
    advice: str = ""
    to_mind: str = ""
    leads: tuple[Lead, ...] = field(default=())

    @property
    def counted_from(self) -> str:
        """The first half of the working: "31 March 2027, less 3 months"; "" for the day that was given."""
        return self.working.partition(", =")[0] if self.rule.when.number else ""


def complete(kind: Kind, given: Anchors) -> dict[str, list[date]]:
    """The dates of a kind, with what may be left out filled in. Raises PlanError for what is missing or contradicts."""
    anchors = {name: list(days) for name, days in given.items() if days}
    for asked in kind.asks:
        if asked.name in anchors:
            if len(anchors[asked.name]) > 1 and not asked.many:
                raise PlanError(f"I read two dates for {asked.label}; give one.")
            if len(anchors[asked.name]) > MOST_DATES:
                raise PlanError(f"I keep at most {MOST_DATES} dates for {asked.label}.")
        elif asked.otherwise and asked.otherwise.anchor in anchors:
            base = anchors[asked.otherwise.anchor][0]
            anchors[asked.name] = [moved(base, asked.otherwise.number, asked.otherwise.unit)]
        elif not asked.optional:
            raise PlanError(f"I need a date for {asked.label}.")
    first, last = (anchors.get(kind.asks[i].name, []) for i in (0, -1))
    if len(kind.asks) > 1 and first and last and min(last) < first[0]:
        raise PlanError(f"{spoken(min(last))} is before {spoken(first[0])}.")
    return anchors


def plan(kind: Kind, given: Anchors, closed: ClosedDays) -> list[Planned]:
    """The milestones that follow, in order of date. Raises PlanError for what is missing or contradicts."""
    anchors = complete(kind, given)
    planned = []
    for rule in kind.milestones:
        bases = sorted(anchors.get(rule.when.anchor, []))
        for position, base in enumerate(bases, start=1):
            several = len(bases) > 1
            name = f"{rule.name}-{position}" if several else rule.name
            title = f"{rule.title} ({position} of {len(bases)})" if several else rule.title
            planned.append(_milestone(rule, name, title, base, closed))
    return sorted(planned, key=lambda one: one.day)


def _milestone(rule: MilestoneRule, name: str, title: str, base: date, closed: ClosedDays) -> Planned:
    day, arguable = counted_from(base, rule.when, closed)
    advice = []
    if arguable:
        advice.append(f"{spoken(arguable)} is arguable; the earlier day is safe on every reading.")
    why = closed.why(day)
    to_mind = f"That is {why}; be done by {spoken(working_day_before(day, closed))}." if why else ""
    advice += [to_mind]
    if rule.advised:
        advice.append(f"Clause {rule.clause} prints no date; this one is our advice." if rule.clause else "")
    if day.year > PUBLISHED_UNTIL:
        advice.append(f"Bank holidays after {PUBLISHED_UNTIL} are not published yet.")
    return Planned(
        rule, name, title, day, working(base, rule, day), " ".join(filter(None, advice)), to_mind, rule.leads
    )


def counted_from(base: date, offset: Offset, closed: ClosedDays) -> tuple[date, date | None]:
    """The day so far from a base, and a later day that is arguable. Months before an end are counted safely."""
    if offset.unit == "month" and offset.number < 0:
        notice = months_before(base, -offset.number)
        return notice.day, notice.arguable
    if offset.unit == "month":
        return add_months(base, offset.number), None
    if offset.unit == "working day":
        return add_working_days(base, offset.number, closed), None
    return base + timedelta(days=offset.number * (7 if offset.unit == "week" else 1)), None


def working(base: date, rule: MilestoneRule, day: date) -> str:
    """ "31 March 2027, less 3 months, = 31 December 2026, a Thursday; clause 3.4.4" """
    clause = f"; clause {rule.clause}" if rule.clause else ""
    if not rule.when.number:
        return f"{written_out(day)}, a {WEEKDAYS[day.weekday()].title()}, as given{clause}"
    size = counted(abs(rule.when.number), rule.when.unit)
    if rule.when.unit == "week":
        size += f" ({abs(rule.when.number) * 7} days)"
    way = "less" if rule.when.number < 0 else "plus"
    return f"{written_out(base)}, {way} {size}, = {written_out(day)}, a {WEEKDAYS[day.weekday()].title()}{clause}"


def already_over(kind: Kind, given: Mapping[str, Sequence[date]], today: date) -> dict[str, str]:
    """The first date with nothing left to plan for, by its name, and what to say of it; {} where there is none."""
    for asked in kind.asks:
        days = given.get(asked.name)
        if days and not asked.past and max(days) < today:
            return {asked.name: f"{spoken(max(days))} is past, so there is nothing to plan for."}
    return {}


def last_day(ends: date, before: Offset, closed: ClosedDays) -> NoticeDate:
    """The last day on which notice of such a length can safely be given for an end; `arguable` is a later one."""
    return NoticeDate(*counted_from(ends, before, closed))


def earliest_end(given: date, before: Offset, closed: ClosedDays) -> NoticeDate:
    """The first day on which notice given on a day safely ends; `arguable` is an earlier one."""
    length = replace(before, number=-before.number)
    counted_on, _ = counted_from(given, length, closed)
    safe = counted_on
    while counted_from(safe, before, closed)[0] < given:
        safe += timedelta(days=1)
    return NoticeDate(safe, counted_on if counted_on < safe else None)


def continued(days: Sequence[date], until: date) -> list[date]:
    """Days that recur at one distance in months, up to a day; where they do not, that day follows them."""
    if len(days) > 1:
        first, second, *_ = days = sorted(days)
        step = (second.year - first.year) * 12 + second.month - first.month
        if step > 0 and all(day == add_months(first, step * n) for n, day in enumerate(days)):
            later = (add_months(first, step * n) for n in range(len(days), MOST_DATES))
            return [*days, *(list(takewhile(lambda day: day <= until, later)) or [until])]
    return [*days, until]


def inside(start: date, end: date) -> list[str]:
    """The bank holidays, Christmas, Easter and August weeks that lie inside a consultation, in plain words.

    By name while there are few; only how many of each over years.
    """
    years = range(start.year, end.year + 1)
    holidays = [
        f"{name} ({written_out(day)})"
        for year in years
        for day, name in sorted(bank_holidays(year).items())
        if start <= day <= end
    ]
    christmas = [
        f"the Christmas and New Year weeks of {year}"
        for year in (years.start - 1, *years)
        if start <= date(year + 1, 1, 1) and end >= date(year, 12, 24)
    ]
    easters = [f"Easter {year}" for year in years if start <= easter(year) <= end]
    found = [*holidays, *christmas, *easters]
    if len(found) > MOST_NAMED:
        units = {"bank holiday": holidays, "Christmas break": christmas, "Easter weekend": easters}
        found = [counted(len(named), unit) for unit, named in units.items() if named]
    august = sum(_days_between(max(start, date(year, 8, 1)), min(end, date(year, 8, 31))) for year in years)
    return [*found, *([f"{counted(august, 'day')} of August"] if august else [])]


def _days_between(first: date, last: date) -> int:
    """Both included; 0 when the last is before the first."""
    return max(0, (last - first).days + 1)


def due_at(day: date, clock_time: str, zone: str) -> datetime:
    """A local date and time as UTC, so that a clock change moves nothing for the people who are nudged."""
    return datetime.combine(day, time.fromisoformat(clock_time), ZoneInfo(zone)).astimezone(UTC)
