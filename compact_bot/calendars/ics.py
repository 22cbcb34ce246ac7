"""All-day events as iCalendar (RFC 5545), written so that Outlook, Google and Apple read them alike.

What each is known to get wrong decides details here:

- An event whose DTEND is its DTSTART is shown by Outlook at 00:00, one without DTEND not taken by iCloud: it is the
  next day.
- Google ignores a whole feed for one line folded wrongly, and a change without a later SEQUENCE and LAST-MODIFIED.
- Older versions of Outlook want METHOD:PUBLISH, and UID, SEQUENCE and DTSTAMP in each event.
- Not every program hides what is CANCELLED, so its title says so too.
- An all-day event blocks the day in Outlook unless it says FREE in Outlook's own words.

Written by hand, since the icalendar package takes 0.4 s for a thousand events (tests/bench/calendars.py); tests read
what is written here with that package.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LONGEST_LINE = 75  # octets, without the end of the line
_REFRESH = "PT6H"


@dataclass(frozen=True)
class Event:
    """`changed_at` in UTC; `sequence` grows with each change."""

    uid: str
    day: date
    title: str
    description: str
    url: str
    sequence: int
    changed_at: datetime
    cancelled: bool


def calendar_file(name: str, description: str, events: Iterable[Event]) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Compact Bot//Deadlines//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_escaped(name)}",
        f"X-WR-CALNAME:{_escaped(name)}",
        f"X-WR-CALDESC:{_escaped(description)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{_REFRESH}",
        f"X-PUBLISHED-TTL:{_REFRESH}",
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(map(_folded, lines)).encode()


def _lines(event: Event) -> Iterator[str]:
    changed = f"{event.changed_at:%Y%m%dT%H%M%SZ}"
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(event.title)}"
    yield f"DESCRIPTION:{_escaped(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "X-MICROSOFT-CDO-BUSYSTATUS:FREE"
    yield "END:VEVENT"


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def _escaped(text: str) -> str:
    text = _CONTROL.sub("", text) if _CONTROL.search(text) else text
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line cut into pieces of 75 octets at most, never inside a character nor what stands for one."""
    if len(line) <= _LONGEST_LINE and line.isascii():
        return line
    pieces: list[str] = []
    rest = line
    while rest:
        most = _LONGEST_LINE - bool(pieces)  # a piece that goes on begins with a blank
        end = min(len(rest), most)
        while len(rest[:end].encode()) > most:
            end -= 1
        if end < len(rest) and (end - len(rest[:end].rstrip("\\"))) % 2:  # "\\n" is one
            end -= 1
        pieces.append(rest[:end])
        rest = rest[end:]
    return "\r\n ".join(pieces)
