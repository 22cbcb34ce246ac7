"""Commands about lists that are imported and exported, calendars, and nudges by e-mail."""

import re

from compact_bot.understanding.acts import (
    Act,
    Calendar,
    CalendarFile,
    ConfirmEmail,
    EmailNudges,
    EmailStop,
    Export,
    Exported,
    ExportFormat,
    Import,
    KeepList,
    LeaveList,
    ReadList,
    RevokeCalendar,
    Whose,
)
from compact_bot.understanding.commands import Command, command
from compact_bot.understanding.commands.deadlines import CODES, numbers_in
from compact_bot.understanding.commands.quoting import QUOTED, unquoted
from compact_bot.understanding.context import Context

_SHEET = r"(?:spread ?sheet|excel|csv|list|file|register|sheet)"
_FORMATS = {"excel": "xlsx", "spreadsheet": "xlsx", "xlsx": "xlsx", "csv": "csv", "json": "json"}
_FORMAT = r"(?P<form>xlsx|excel|(?:an? )?(?:excel |csv )?(?:file|spreadsheet)|csv|json)"
_ALL = r"(?P<all>everyone|everybody|all|us|the team|our team|the organisation|the council)"
_ONE = r"[^\s@<>|,;\"]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}"
_ADDRESS = rf"(?:<)?(?:mailto:)?(?P<address>{_ONE}(?:(?:[,;]| and| &)? {_ONE}){{0,20}})(?:\|[^\s>]*)?>?"
_PART = re.compile(
    rf"sheet (?P<sheet>{QUOTED})|kind (?P<kind>[a-z-]+)|column (?P<column>{QUOTED}) is (?P<role>[a-z]+(?: used)?)",
    re.IGNORECASE,
)


def _read_list(found: re.Match[str], _: Context) -> Act | None:
    """`read list 3 sheet "Grants", kind payment, column "End" is ends`; None where anything else stands there."""
    rest, sheet, kind, columns = (found["rest"] or "").strip(), "", "", []
    while rest:
        part = _PART.match(rest)
        if part is None:
            return None
        sheet = unquoted(part["sheet"]) if part["sheet"] else sheet
        kind = part["kind"] or kind
        columns += [(unquoted(part["column"]), part["role"].casefold())] if part["column"] else []
        rest = rest[part.end() :].lstrip(", ")
    return ReadList(int(found["number"]), sheet, kind, tuple(columns))


def _export(found: re.Match[str], _: Context) -> Act:
    said = (found["form"] or "xlsx").casefold()
    form = next((kept for word, kept in _FORMATS.items() if word in said), "xlsx")
    what = Exported.FEEDBACK if (found["what"] or "").casefold() == "feedback" else Exported.DEADLINES
    return Export(what, ExportFormat(form))


def _whose(found: re.Match[str]) -> Whose:
    return Whose.EVERYONES if found["all"] or found["ours"] else Whose.MINE


def asks_to_import(words: str) -> bool:
    """Whether words ask to import a list: a door looks before it fetches a file that came with them."""
    return LISTS[0].matches.fullmatch(words) is not None


LISTS: tuple[Command, ...] = (
    command(
        rf"import(?: (?:this|these|the|our|my|an?|{_SHEET}|grants?|contracts?|deadlines?|from|of|in|attached))*|"
        rf"(?:upload|load|bring in) (?:(?:this|the|our|my|an?) )?{_SHEET}",
        Import(),
        "lists",
        "import",
        "reads a spreadsheet or CSV of grants, contracts, consultations or payments, and shows it before it is kept",
    ),
    command(r"read list (?P<number>\d{1,9})(?P<rest> .+)?", _read_list),
    command(
        r"keep list (?P<number>\d{1,9})(?P<without> without (?:the )?broken lines)?",
        lambda found, _: KeepList(int(found["number"]), bool(found["without"])),
    ),
    command(r"leave list (?P<number>\d{1,9})", lambda found, _: LeaveList(int(found["number"]))),
    command(
        rf"(?:export|download)(?: (?:all|the|our|my|of))*(?: (?P<what>deadlines?|feedback))?"
        rf"(?: (?:as|in|to) {_FORMAT})?",
        _export,
        "lists",
        "export",
        "your deadlines as a spreadsheet; also export feedback, and as csv or as json",
    ),
    command(
        rf"(?:(?:show|get|give|open)(?: me)? )?(?:(?P<mine>my|the|a)|(?P<ours>our|team|everyone's))?(?: ?private)?"
        rf" ?(?:calendar|ical|ics)(?: feed| address| link)?(?: for (?:me|{_ALL}))?",
        lambda found, _: Calendar(_whose(found)),
        "lists",
        "calendar",
        "a private address that shows your dates in Outlook, Google or Apple; calendar for everyone shows all",
    ),
    command(
        rf"(?:calendar|ical|ics)(?: file| entry)?(?: for| of)? {CODES}|add {CODES.replace('codes', 'added')}"
        r" to (?:my|the|our) calendar",
        lambda found, _: CalendarFile(numbers_in(found["codes"] or found["added"])),
        "lists",
        "calendar D12",
        "its dates as a file, to add by hand",
    ),
    command(
        rf"(?:revoke|renew|reset|end|stop)(?: (?:my|the|(?P<ours>our|team)))? calendar(?: address| link)?"
        rf"(?: for {_ALL})?|new calendar (?:address|link)(?: for {_ALL.replace('all>', 'all_too>')})?",
        lambda found, _: RevokeCalendar(Whose.EVERYONES if found["all_too"] else _whose(found)),
        "lists",
        "revoke calendar",
        "ends the addresses that you gave out, and gives a new one",
    ),
    command(
        rf"(?:e-?mail (?:me )?(?:my |(?P<team>(?:the |our )?team(?:'s)? ))?nudges?(?: to)?"
        r"|(?:(?:please )?(?:send|have|get|let me have)(?: me)? )?(?:(?:my|the) )?"
        r"nudges? (?:me )?(?:sent )?(?:by|via) e-?mail(?: to| at)?"
        rf"|e-?mail me at) {_ADDRESS}(?: please)?",
        lambda found, _: EmailNudges(found["address"], bool(found["team"])),
        "lists",
        "email nudges to amina@example.org",
        "sends you what you own by e-mail, too; email stop ends it; also email team nudges to ...",
    ),
    command(r"e-?mail code (?P<code>\d{8})", lambda found, _: ConfirmEmail(found["code"])),
    command(r"(?:e-?mail (?:stop|off)|(?:stop|no) e-?mails?(?: nudges?)?)", EmailStop()),
)
