"""What somebody means, as a value. One frozen dataclass an act; buttons, forms and what waits for a yes carry these.

Numbers are the 12 of D12 and the 7 of F7. Each act can be written as JSON and read again (`to_json`, `from_json`).
"""

import json
import re
from dataclasses import MISSING, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

import msgspec

VERSION = 1


@dataclass(frozen=True)
class Named:
    """A person as somebody named them; `id` is the platform's, "" where only a name was given."""

    name: str
    id: str = ""


@dataclass(frozen=True)
class Given:
    """Dates for one thing that a kind of deadline asks for: when funding ends, when a consultation opens."""

    anchor: str
    days: tuple[date, ...]


# ---- asking the agreement ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ask:
    """A question in any words: where nothing else is meant, this is."""

    question: str


@dataclass(frozen=True)
class LookUp:
    """Clauses by number; with `last`, all from the first of `numbers` to it."""

    numbers: tuple[str, ...]
    last: str = ""


@dataclass(frozen=True)
class Contents:
    pass


@dataclass(frozen=True)
class DutiesOf:
    """What one side has undertaken: `who` as it was said ("we", "charities"), `subject` "" for everything.

    `side` is the party that the asker is of, where they were asked.
    """

    who: str
    subject: str
    question: str
    side: str = ""


@dataclass(frozen=True)
class FollowUp:
    """Goes on from the last answer: "and for VCOs?" """

    rest: str


@dataclass(frozen=True)
class Why:
    pass


@dataclass(frozen=True)
class SetSide:
    """The side that the person is on, as they called it; "" forgets it."""

    who: str


# ---- sums with dates: nothing is saved -----------------------------------------------------------------------------


@dataclass(frozen=True)
class NoticeSum:
    """With both dates: is it enough. With `ends` alone: by when. With `given` alone: the earliest end."""

    title: str = ""
    given: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class NoticeDates:
    sums: tuple[NoticeSum, ...]


@dataclass(frozen=True)
class ConsultationSum:
    """With both dates: is it long enough. With one: the other. `weeks` where somebody names a length of their own."""

    title: str = ""
    opens: date | None = None
    closes: date | None = None
    weeks: int = 0


@dataclass(frozen=True)
class ConsultationDates:
    sums: tuple[ConsultationSum, ...]


# ---- deadlines -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Track:
    """`kind` is a kind's name in the rules; `leads` are lead times such as "1 week", () for those of the rules."""

    kind: str
    title: str
    given: tuple[Given, ...]
    owner: Named | None = None
    clause: str = ""
    rationale: str = ""
    leads: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """`step` is a milestone's name, "all" for every one, "" when it is still to be found out.

    `sure` says that a day before it was tracked was shown and confirmed.
    """

    numbers: tuple[int, ...]
    step: str = ""
    on: date | None = None
    how: str = ""
    sure: bool = False


@dataclass(frozen=True)
class Move:
    """`which` is the name of the date that moves (ends, opens, reports), "" for the one that is usually meant.

    `was` tells which of several such dates it is: of three reports, the one of that day.
    """

    numbers: tuple[int, ...]
    to: date
    which: str = ""
    was: date | None = None


@dataclass(frozen=True)
class Renew:
    """It goes on: a grant until a later end, a report or payment that recurs to its next dates."""

    number: int
    until: date


@dataclass(frozen=True)
class Snooze:
    numbers: tuple[int, ...]
    until: date


@dataclass(frozen=True)
class Drop:
    numbers: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class SetOwner:
    numbers: tuple[int, ...]
    owner: Named


@dataclass(frozen=True)
class Rename:
    number: int
    title: str


@dataclass(frozen=True)
class SetKind:
    number: int
    kind: str


@dataclass(frozen=True)
class SetClause:
    number: int
    clause: str


@dataclass(frozen=True)
class SetLeads:
    """How long before each date nudges come: "3 months", "1 week", "the day"."""

    numbers: tuple[int, ...]
    leads: tuple[str, ...]


@dataclass(frozen=True)
class GiveRationale:
    number: int
    rationale: str


@dataclass(frozen=True)
class Undo:
    """Takes back the change with this id; 0 is the person's own last one."""

    change: int = 0


class Which(StrEnum):
    ALL = "all"
    MINE = "mine"
    OVERDUE = "overdue"
    NEXT = "next"


@dataclass(frozen=True)
class List:
    """`within` days count for NEXT alone; a list comes page by page."""

    which: Which = Which.ALL
    within: int = 30
    page: int = 1


class Part(StrEnum):
    """What of a deadline is shown: what matters now, how its dates were counted, or what is past."""

    NOW = ""
    WORKING = "working"
    HISTORY = "history"


@dataclass(frozen=True)
class Show:
    numbers: tuple[int, ...]
    part: Part = Part.NOW


@dataclass(frozen=True)
class Home:
    pass


# ---- feedback ------------------------------------------------------------------------------------------------------


class FeedbackKind(StrEnum):
    KEPT = "kept"
    NOT_KEPT = "not kept"
    SUGGESTION = "suggestion"


class FeedbackState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    NO_ACTION = "no action"


@dataclass(frozen=True)
class LogFeedback:
    """`no_clause` says that none is meant; `as_written` that its personal details may stay; `with_name` that its sender
    was asked and wants to be named.
    """

    kind: FeedbackKind
    what: str
    clauses: tuple[str, ...] = ()
    no_clause: bool = False
    about: str = ""
    behalf: str = ""
    when: date | None = None
    link: str = ""
    anonymous: bool = False
    as_written: bool = False
    with_name: bool = False


class Listed(StrEnum):
    OPEN = "open"
    MINE = "mine"
    ALL = "all"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    NO_ACTION = "no action"
    BY_CLAUSE = "by clause"


@dataclass(frozen=True)
class ListFeedback:
    """With `clause`, what there is on that clause and all under it. It comes page by page."""

    which: Listed = Listed.OPEN
    clause: str = ""
    page: int = 1


@dataclass(frozen=True)
class ShowFeedback:
    number: int


@dataclass(frozen=True)
class SetStatus:
    number: int
    state: FeedbackState
    outcome: str = ""


@dataclass(frozen=True)
class SetFeedbackOwner:
    number: int
    owner: Named


@dataclass(frozen=True)
class SetFeedbackKind:
    number: int
    kind: FeedbackKind


@dataclass(frozen=True)
class EditFeedback:
    """`as_written` says that personal details may stay in it."""

    number: int
    what: str
    as_written: bool = False


@dataclass(frozen=True)
class DeleteFeedback:
    """`sure` says that it was shown and confirmed: what is deleted cannot be brought back."""

    number: int
    sure: bool = False


@dataclass(frozen=True)
class Review:
    """`period` as it was said: "2026", "April 2026 to March 2027", "" for the usual one."""

    period: str = ""


@dataclass(frozen=True)
class Gaps:
    pass


@dataclass(frozen=True)
class Teach:
    words: str
    clause: str


@dataclass(frozen=True)
class ShowTaught:
    as_lines: bool = False


@dataclass(frozen=True)
class Untaught:
    number: int


@dataclass(frozen=True)
class Helped:
    pass


@dataclass(frozen=True)
class Unhelpful:
    """The question that got no helpful answer; "" for the last one."""

    question: str = ""


@dataclass(frozen=True)
class PassOn:
    """Let Compact leads read a question that got no helpful answer."""

    question: str


# ---- what an organisation chooses ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NudgesHere:
    pass


@dataclass(frozen=True)
class NudgesStop:
    pass


@dataclass(frozen=True)
class NudgesToMe:
    wanted: bool = True


@dataclass(frozen=True)
class Digest:
    """`weekday` counts from Monday, 0; `at` is a local time such as 09:30. Off where `weekday` is None."""

    weekday: int | None
    at: str = "09:30"


@dataclass(frozen=True)
class CloseDays:
    first: date
    last: date


@dataclass(frozen=True)
class OpenDays:
    """Days that were kept as closed and are not."""

    first: date
    last: date


@dataclass(frozen=True)
class ShowClosedDays:
    pass


@dataclass(frozen=True)
class NameLead:
    who: Named


@dataclass(frozen=True)
class RemoveLead:
    who: Named


@dataclass(frozen=True)
class ShowLeads:
    pass


@dataclass(frozen=True)
class ShowContacts:
    pass


@dataclass(frozen=True)
class SetContact:
    details: str


@dataclass(frozen=True)
class RemoveContact:
    """0 asks which."""

    number: int = 0


# ---- lists, calendars and e-mail -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Import:
    """Reads the list that is attached, or says how to bring one."""


@dataclass(frozen=True)
class ReadList:
    """A list that was brought, read again as somebody says: its sheet, its kind, what columns hold; "" as it is."""

    number: int
    sheet: str = ""
    kind: str = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class KeepList:
    """`leave_out` says that the lines which cannot be read may stay out."""

    number: int
    leave_out: bool = False


@dataclass(frozen=True)
class LeaveList:
    """The file that was brought is forgotten at once."""

    number: int


class Exported(StrEnum):
    DEADLINES = "deadlines"
    FEEDBACK = "feedback"


class ExportFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True)
class Export:
    what: Exported = Exported.DEADLINES
    form: ExportFormat = ExportFormat.XLSX


class Whose(StrEnum):
    MINE = "mine"
    EVERYONES = "everyone's"


@dataclass(frozen=True)
class Calendar:
    """The private address of a calendar: of what one owns, or of all the organisation's deadlines."""

    whose: Whose = Whose.MINE


@dataclass(frozen=True)
class RevokeCalendar:
    """Ends every address of that calendar, and gives a new one."""

    whose: Whose = Whose.MINE


@dataclass(frozen=True)
class CalendarFile:
    """The dates of deadlines as a file, to add to a calendar by hand."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class EmailNudges:
    """Nudges for what one owns come to this address too, once the code that is sent there came back.

    With `for_team` all of the team's, and the digest, come there instead of to where they come now.
    """

    address: str
    for_team: bool = False


@dataclass(frozen=True)
class ConfirmEmail:
    code: str


@dataclass(frozen=True)
class EmailStop:
    pass


# ---- what is kept of people ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MyData:
    """Everything that is kept of whoever asks."""


@dataclass(frozen=True)
class ForgetMe:
    """`sure` once it was shown what goes: nothing brings it back."""

    sure: bool = False


@dataclass(frozen=True)
class ForgetPerson:
    """A colleague, by a Compact lead."""

    who: Named
    sure: bool = False


# ---- organisations that share ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """A code with which another organisation comes to share deadlines, feedback and the review."""


@dataclass(frozen=True)
class LinkWith:
    """The code of another organisation, as it is read out: "BKTM-WXZR"."""

    code: str


@dataclass(frozen=True)
class JoinPartnership:
    """With the organisation whose code was typed here last. It carries no code, which nothing may keep."""


@dataclass(frozen=True)
class Unlink:
    """`sure` once it was shown what stays and what is out of sight then."""

    sure: bool = False


@dataclass(frozen=True)
class ShowPartnership:
    pass


@dataclass(frozen=True)
class NameOrganisation:
    """How partners know this organisation."""

    called: str


# ---- the assistant itself ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Help:
    """`topic` is one of those that help offers, "" for its first screen."""

    topic: str = ""


@dataclass(frozen=True)
class About:
    """A question about the assistant; `topic` is a label of the phrasebook of acts, without its "about-"."""

    topic: str


@dataclass(frozen=True)
class Smalltalk:
    """`what` is greeting, thanks, farewell, wrong, or nothing (no words were found)."""

    what: str


@dataclass(frozen=True)
class Settings:
    """What can be set, and how it is set now."""


@dataclass(frozen=True)
class ChooseAgreement:
    """Which agreement the organisation uses: shown, or chosen by its name."""

    name: str = ""


@dataclass(frozen=True)
class WhatChanged:
    """What a clause said in the edition before; without a number, which clauses changed."""

    number: str = ""


@dataclass(frozen=True)
class Board:
    """The page of all deadlines."""


@dataclass(frozen=True)
class SignOutEverywhere:
    """End every sign-in of this person to the pages, and every link that was not used yet."""


@dataclass(frozen=True)
class Share:
    """Show everybody the answer that only its asker saw; by the id of the message that it answered."""

    message: str


@dataclass(frozen=True)
class OpenForm:
    """A form by name; `subject` is what it is about, as its room writes it, `values` what its fields hold already."""

    form: str
    subject: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Leave:
    """Nothing of what was just proposed."""


@dataclass(frozen=True)
class Yes:
    """Assent where nothing in particular was pressed: what waits is carried out."""


Act: TypeAlias = (
    Ask | LookUp | Contents | DutiesOf | FollowUp | Why | SetSide
    | NoticeDates | ConsultationDates
    | Track | Done | Move | Renew | Snooze | Drop | SetOwner | Rename | SetKind | SetClause | SetLeads | GiveRationale
    | Undo | List | Show | Home
    | LogFeedback | ListFeedback | ShowFeedback | SetStatus | SetFeedbackOwner | SetFeedbackKind | EditFeedback
    | DeleteFeedback | Review | Gaps | Teach | ShowTaught | Untaught | Helped | Unhelpful | PassOn
    | NudgesHere | NudgesStop | NudgesToMe | Digest | CloseDays | OpenDays | ShowClosedDays | NameLead | RemoveLead
    | ShowLeads | ShowContacts | SetContact | RemoveContact
    | Import | ReadList | KeepList | LeaveList | Export | Calendar | RevokeCalendar | CalendarFile
    | EmailNudges | ConfirmEmail | EmailStop
    | MyData | ForgetMe | ForgetPerson
    | Link | LinkWith | JoinPartnership | Unlink | ShowPartnership | NameOrganisation
    | Help | About | Smalltalk | Settings | ChooseAgreement | WhatChanged | Board | SignOutEverywhere | Share | OpenForm
    | Leave | Yes
)  # fmt: skip

ACTS: dict[str, type[Act]] = {act.__name__: act for act in Act.__args__}

# Acts that only ever read: whoever may ask may do these, and words of others may lead to no more than the first two.
ASKING = (Ask, LookUp)
READING = (
    *ASKING, Contents, DutiesOf, FollowUp, Why, NoticeDates, ConsultationDates, List, Show, Home, ListFeedback,
    ShowFeedback, Review, Gaps, ShowTaught, ShowClosedDays, ShowLeads, ShowContacts, MyData, Help, About, Smalltalk,
    Settings, ShowPartnership, WhatChanged, Board, OpenForm, Leave, Export, CalendarFile,
)  # fmt: skip


CHANGING_A_DEADLINE = (
    Done, Move, Renew, Snooze, Drop, SetOwner, Rename, SetKind, SetClause, SetLeads, GiveRationale,
)  # fmt: skip


class UnreadableActError(ValueError):
    """What was stored or pressed is no act of this program: made up, damaged, or of another version."""


def to_builtins(act: Act) -> dict[str, Any]:
    return {"v": VERSION, "act": type(act).__name__, **msgspec.to_builtins(act)}


def in_brief(act: Act) -> dict[str, Any]:
    """The same without what is as it is by default: an entry of a menu in Slack holds 150 characters and no more."""
    default = {field.name: msgspec.to_builtins(field.default) for field in fields(act) if field.default is not MISSING}
    return {name: value for name, value in to_builtins(act).items() if name not in default or value != default[name]}


def from_builtins(stored: object) -> Act:
    """The act again. Raises UnreadableActError."""
    if not isinstance(stored, dict):
        raise UnreadableActError("not an act")
    kind = ACTS.get(str(stored.get("act")))
    if kind is None or stored.get("v") != VERSION:
        raise UnreadableActError("not an act of this version")
    held = {name: value for name, value in stored.items() if name not in ("v", "act")}
    if not _can_be_kept(held):
        raise UnreadableActError("what no database holds")
    try:
        return msgspec.convert(held, kind)
    except msgspec.ValidationError as error:
        raise UnreadableActError("not the fields of this act") from error


def _can_be_kept(value: object) -> bool:
    """A forged button may hold numbers and characters that a database refuses: NUL, and half a surrogate pair."""
    match value:
        case str():
            return "\0" not in value and not re.search(r"[\ud800-\udfff]", value)
        case int():
            return abs(value) < 2**31
        case list():
            return all(map(_can_be_kept, value))
        case dict():
            return all(map(_can_be_kept, (*value, *value.values())))
    return True


def to_json(act: Act) -> str:
    return json.dumps(to_builtins(act), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Act:
    """The act again. Raises UnreadableActError."""
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableActError("not JSON") from error
    return from_builtins(stored)
