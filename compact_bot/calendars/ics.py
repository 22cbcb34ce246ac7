"""All-day events as iCalendar (RFC 5545), written so that Outlook, Google and Apple read them alike.

What each is known to get wrong decides details here:

- An event whose DTEND is its DTSTART is shown by Outlook at 00:00, one without DTEND not taken by iCloud: it is the
  next day.
- Google ignores a change without a later SEQUENCE and LAST-MODIFIED.
- Older versions of Outlook want METHOD:PUBLISH, and UID, SEQUENCE and DTSTAMP in each event.
- Not every program hides what is CANCELLED, so its title says so too.
- An all-day event blocks the day in Outlook unless it says FREE in Outlook's own words.

The icalendar package takes 0.2 s for a thousand events, so an event is written once: most stay as they are between two
looks at a calendar (tests/bench/lists.py).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

MEDIA_TYPE = "text/calendar; charset=utf-8"
MOST_REMEMBERED = 20_000  # events, of about 1 KB each
_REFRESH = timedelta(hours=6)
_END = b"END:VCALENDAR"


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
    from icalendar import Calendar, vText

    calendar = Calendar()
    calendar.add("prodid", "-//Compact Bot//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", vText(_visible(name)))
    calendar.add("x-wr-calname", vText(_visible(name)))
    calendar.add("x-wr-caldesc", vText(_visible(description)))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    around, end = calendar.to_ical().split(_END)
    return b"".join((around, *map(_written, events), _END, end))


@lru_cache(MOST_REMEMBERED)
def _written(event: Event) -> bytes:
    from icalendar import Event as Component

    written = Component()
    written.add("uid", event.uid)
    written.add("dtstamp", event.changed_at)
    written.add("last-modified", event.changed_at)
    written.add("sequence", event.sequence)
    written.add("dtstart", event.day)
    written.add("dtend", event.day + timedelta(days=1))
    written.add("summary", _visible(event.title))
    written.add("description", _visible(event.description))
    if event.url:
        written.add("url", event.url)
    written.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    written.add("transp", "TRANSPARENT")
    written.add("x-microsoft-cdo-busystatus", "FREE")
    return bytes(written.to_ical())


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


def _visible(text: str) -> str:
    """Without what no calendar may hold. A backslash is doubled in a calendar, and icalendar 7.3 may cut a line between
    the two, for which Google drops the event (its issue 1501 speaks of single ones)."""
    return _CONTROL.sub("", text).replace("\\", "/")
