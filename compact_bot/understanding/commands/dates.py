"""Commands for sums with dates. Nothing is saved."""

import re
from datetime import date

from compact_bot.understanding.acts import Act, ConsultationDates, ConsultationSum, NoticeDates, NoticeSum
from compact_bot.understanding.commands import Command, command
from compact_bot.understanding.commands.deadlines import day_alone
from compact_bot.understanding.commands.quoting import QUOTED, unquoted
from compact_bot.understanding.context import Context

_DAY = r"\d{1,2} [a-z]+ \d{4}"
_NOTICE = re.compile(
    rf"check (?:the )?notice(?: (?P<title>{QUOTED}))?(?: given (?:on )?(?P<given>{_DAY}))?(?: for (?P<ends>{_DAY}))?",
    re.IGNORECASE,
)
_CONSULTATION = re.compile(
    rf"check (?:the )?consultation(?: (?P<title>{QUOTED}))?(?:(?: opens)? (?P<opens>{_DAY}))?"
    rf"(?: (?:closes|to) (?P<closes>{_DAY}))?(?: for (?P<weeks>\d{{1,3}}) weeks)?",
    re.IGNORECASE,
)


def _sums(
    found: re.Match[str], context: Context, each: re.Pattern[str]
) -> list[tuple[re.Match[str], list[date | None]]]:
    """Every sum of a message with the days of its two dates; [] where one of them is not read in full."""
    sums = []
    for said in _split(found[0]):
        one = each.fullmatch(said.strip())
        if one is None:
            return []
        names = [name for name in ("given", "ends", "opens", "closes") if name in one.re.groupindex]
        days = [day_alone(one[name], context, past=name in ("given", "opens")) if one[name] else None for name in names]
        if any(one[name] and day is None for name, day in zip(names, days, strict=True)) or not any(days):
            return []
        sums.append((one, days))
    return sums


def _split(said: str) -> list[str]:
    """The parts of a message between semicolons that stand in no quotation."""
    parts = [""]
    for piece in re.split(rf"({QUOTED}|;)", said):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _notice(found: re.Match[str], context: Context) -> Act | None:
    sums = _sums(found, context, _NOTICE)
    made = tuple(NoticeSum(unquoted(one["title"] or ""), days[0], days[1]) for one, days in sums)
    return NoticeDates(made) if made else None


def _consultation(found: re.Match[str], context: Context) -> Act | None:
    sums = _sums(found, context, _CONSULTATION)
    made = tuple(
        ConsultationSum(unquoted(one["title"] or ""), days[0], days[1], int(one["weeks"] or 0)) for one, days in sums
    )
    return ConsultationDates(made) if made else None


DATES: tuple[Command, ...] = (
    command(
        r"check (?:the )?notice\b.+",
        _notice,
        "deadlines",
        "check notice given 20 January 2027 for 31 March 2027",
        "says whether it is enough; in your own words too",
    ),
    command(
        r"check (?:the )?consultation\b.+",
        _consultation,
        "deadlines",
        "check consultation 7 December 2026 to 1 February 2027",
        "says whether it is long enough, and what lies inside",
    ),
)
