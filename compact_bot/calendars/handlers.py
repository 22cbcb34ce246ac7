"""`calendar` in chat: a private address for one's own calendar program, ended and given anew; a deadline as a file."""

from collections.abc import Callable, Mapping
from typing import Any

from compact_bot.asking_back import ask_back
from compact_bot.calendars import addresses
from compact_bot.calendars.feed import Source
from compact_bot.calendars.ics import MEDIA_TYPE
from compact_bot.conversation import Audience, Button, Fact, File, Reply
from compact_bot.deadlines.finding import opened
from compact_bot.organisation import leads_of, only_leads, today
from compact_bot.store.tables import KnownPerson
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Act, Calendar, CalendarFile, RevokeCalendar, Whose
from compact_bot.understanding.saying import codes
from compact_bot.understanding.understood import Understood
from compact_bot.way_in import signs_in, way_in

_HOW = (
    Fact("Outlook", "Calendar, Add calendar, Subscribe from web; paste the address."),
    Fact("Google", "Other calendars, the plus sign, From URL; paste the address."),
    Fact("Apple", "File, New Calendar Subscription; paste the address. On a phone: Settings, Calendar, Accounts."),
)
_WHO_READS = "Whoever has this address can read that calendar, so keep it to yourself."
_SLOW = "Outlook looks again every few hours, Google within a day, so trust nudges for what is urgent."


def calendar(turn: Turn, act: Calendar) -> Reply:
    address = _new_address(turn, act.whose)
    return Reply(
        f"Your address, which shows {_shown(act.whose)}: {address}",
        facts=_HOW,
        note=f"{_WHO_READS} {_SLOW}",
        next_step=f"To end it and get another, type: {_revoking(act.whose)}",
        buttons=(
            Button("New address", RevokeCalendar(act.whose)),
            *((Button("Everybody's deadlines", Calendar(Whose.EVERYONES)),) if act.whose is Whose.MINE else ()),
        ),
        private=True,
    )


def revoke(turn: Turn, act: RevokeCalendar) -> Reply:
    """Everybody's is ended by a lead, where there is one: colleagues may have given it to others."""
    _check_place(turn)
    if act.whose is Whose.EVERYONES and leads_of(turn.session, turn.organisation):
        only_leads(turn, "end the address of everybody's calendar")
    ended = addresses.end_all(turn.session, turn.organisation.id, _person(turn, act.whose))
    address = _new_address(turn, act.whose)
    gone = f"{ended} {'address' if ended == 1 else 'addresses'} ended: nobody sees anything there any more. "
    return Reply(
        f"{gone if ended else 'There was no address to end. '}The new one shows {_shown(act.whose)}: {address}",
        facts=_HOW,
        note=_WHO_READS,
        next_step="Take the old calendar out of your calendar program, and add this one.",
        private=True,
    )


def _new_address(turn: Turn, whose: Whose) -> str:
    _check_place(turn)
    person, message = _person(turn, whose), turn.message
    token = addresses.make(turn.session, turn.organisation.id, person, message.sender.name, message.sent_at)
    assert turn.pages is not None  # noqa: S101  # looked at before
    return turn.pages.calendar(turn.organisation.name, token)


def _check_place(turn: Turn) -> None:
    """Raises Refused where others would read the address, and where nothing serves calendars."""
    if turn.message.audience is Audience.EVERYONE:
        raise Refused(
            Reply(
                "A calendar's address lets whoever has it read the calendar, so I do not post it where others read.",
                next_step="Ask me in a direct message: calendar",
            )
        )
    if turn.pages is None or not turn.pages.calendar(turn.organisation.name, "x"):
        raise Refused(
            Reply(
                "There are no calendars here: whoever runs me has not set up a public address and a secret key.",
                next_step="One deadline's dates can be had as a file. Type for example: calendar D1",
            )
        )


def _person(turn: Turn, whose: Whose) -> KnownPerson | None:
    return turn.person if whose is Whose.MINE else None


def _shown(whose: Whose) -> str:
    return "what you own" if whose is Whose.MINE else "all of your organisation's deadlines"


def _revoking(whose: Whose) -> str:
    return "revoke calendar" if whose is Whose.MINE else "revoke calendar for everyone"


# ---- by hand --------------------------------------------------------------------------------------------------------


def calendar_file(turn: Turn, act: CalendarFile) -> Reply:
    """The dates of some deadlines to add by hand; later changes do not reach them."""
    deadlines = opened(turn, act.numbers)
    named = codes(act.numbers)
    if not turn.message.takes_files:
        return _at_the_page(turn, act, named)
    page_of = turn.pages.deadline if turn.pages else lambda _: ""
    source = Source(
        turn.session, turn.organisation, None, turn.agreement, turn.rules, page_of, turn.message.sent_at, today(turn)
    )
    name = f"compact-{'-'.join(deadline.code for deadline in deadlines)[:60]}.ics"
    return Reply(
        f"Here are the open dates of {named} as a file. Open it to add them to your calendar.",
        next_step="Later changes do not reach what was added so. For a calendar that follows them, type: calendar",
        files=(File(name, MEDIA_TYPE, source.file_of(deadlines)),),
    )


def _at_the_page(turn: Turn, act: CalendarFile, named: str) -> Reply:
    link = way_in(turn, f"/export/{'-'.join(f'D{number}' for number in act.numbers)}.ics")
    if not link:
        raise Refused(
            Reply("I cannot send files here, and there are no pages that I could link to.", next_step="Type: calendar")
        )
    return Reply(
        f"The open dates of {named} are behind this link, as a file for your calendar.",
        note=signs_in(link),
        next_step="Later changes do not reach what was added so. For a calendar that follows them, type: calendar",
        buttons=(Button("Download", act, link),),
        private=True,
    )


HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {
    Calendar: calendar,
    RevokeCalendar: revoke,
    CalendarFile: calendar_file,
}
ASKS_BACK: Mapping[type[Act], Callable[[Turn, Understood], Reply]] = {Calendar: ask_back, RevokeCalendar: ask_back}
