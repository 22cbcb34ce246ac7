"""Commands about deadlines and nudges: track, done, move, snooze, drop, and what an organisation chooses."""

import re
from datetime import date, timedelta

from compact_bot.dates import NUMBERS, WEEKDAYS, find_dates, moved
from compact_bot.understanding.acts import (
    Act,
    CloseDays,
    Digest,
    Done,
    Drop,
    Given,
    GiveRationale,
    List,
    Move,
    NameLead,
    NudgesHere,
    NudgesStop,
    NudgesToMe,
    OpenDays,
    OpenForm,
    Part,
    RemoveLead,
    Rename,
    Renew,
    SetClause,
    SetKind,
    SetLeads,
    SetOwner,
    Show,
    ShowClosedDays,
    ShowLeads,
    Snooze,
    Track,
    Undo,
    Which,
)
from compact_bot.understanding.commands import Command, command
from compact_bot.understanding.commands.quoting import QUOTED, unquoted
from compact_bot.understanding.context import Context
from knowledge.rules import Kind, read_lead

CODE = r"d\d{1,6}"
CODES = rf"(?P<codes>{CODE}(?:\s*(?:,|&|\+|,? and)?\s*{CODE})*)"
_ONE = rf"(?P<codes>{CODE})"
_SAID_DATE = r"\d{1,2} [a-z]+ \d{4}"
_JOINING = re.compile(r"\b(?:on|by|the|to|until|till|from|and)\b|[\s,:]", re.IGNORECASE)
_SHOW = r"(?:(?:show|list|see|view|get)(?: me)? )?"


def numbers_in(codes: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", codes)))


def day_alone(words: str, context: Context, past: bool = False) -> date | None:
    """The one day that some words are, written out in full; None where anything is left to doubt."""
    found = find_dates(words, context.today, prefer_past=past)
    if len(found) != 1 or not found[0].exact or found[0].day is None:
        return None
    rest = words[: found[0].start] + words[found[0].end :]
    return found[0].day if not _JOINING.sub("", rest) else None


def _days_alone(words: str, context: Context) -> tuple[date, ...]:
    """The days that a list of whole dates gives, with commas between; () where one of them is in doubt."""
    days = [day_alone(part, context) for part in re.split(r",| and ", words)]
    return tuple(day for day in days if day is not None) if None not in days else ()


# ---- track ---------------------------------------------------------------------------------------------------------


def _track(found: re.Match[str], context: Context) -> Act | None:
    """`track KIND "NAME" ends 31 March 2027 owner "Amina Khan"`: None where anything stands there that is not this."""
    kind = _kind_named(found["kind"], context)
    if kind is None:
        return None
    parts = _parts(found["rest"], kind)
    if parts is None:
        return None
    given: dict[str, tuple[date, ...]] = {}
    rest: dict[str, str] = {}
    for word, said in parts:
        asked = next((asked for asked in kind.asks if word in (asked.name, *asked.words)), None)
        if asked is None:
            rest[word] = said
            continue
        days = _days_alone(said, context)
        if not days:
            return None
        given[asked.name] = given.get(asked.name, ()) + days
    if not given or len(rest) < sum(word in _OTHER_PARTS for word, _ in parts):
        return None
    clause = rest.get("clause", "")
    leads = _leads_of(rest.get("nudged", ""))
    if (clause and not re.fullmatch(r"[\w.()]+", clause)) or ("nudged" in rest and not leads):
        return None
    owner = rest.get("owner", "")
    return Track(
        kind.name,
        unquoted(found["title"]),
        tuple(Given(name, days) for name, days in given.items()),
        context.person(unquoted(owner)) if owner else None,
        clause,
        rest.get("because", ""),
        leads,
    )


_OTHER_PARTS = ("owner", "clause", "nudged", "because")


def _parts(rest: str, kind: Kind) -> list[tuple[str, str]] | None:
    """The words behind the name, cut before each word that says what follows; None where they begin otherwise."""
    words = sorted({w for asked in kind.asks for w in (asked.name, *asked.words)} | set(_OTHER_PARTS), key=len)[::-1]
    cut = re.compile(rf"(?P<quoted>{QUOTED})|(?<!\S)(?P<word>{'|'.join(map(re.escape, words))})(?!\S)", re.IGNORECASE)
    marks: list[tuple[int, int, str]] = []
    for found in cut.finditer(rest):
        if found["word"]:
            marks.append((found.start(), found.end(), found["word"].casefold()))
            if marks[-1][2] == "because":
                break
    if not marks or rest[: marks[0][0]].strip(" ,"):
        return None
    ends = [*(start for start, _, _ in marks[1:]), len(rest)]
    return [
        (word, rest[start:end].strip(" " if word == "because" else " ,"))
        for (_, start, word), end in zip(marks, ends, strict=True)
    ]


def _kind_named(said: str, context: Context) -> Kind | None:
    """The kind by its name; the last, for any date, where none is named: track "AGM" on 3 May 2027."""
    if not said.strip():
        return context.rules.kinds[-1]
    return context.rules.kind_called(re.sub(r"^(?:the|a|an|our|this|that)\s+", "", said.strip().casefold()))


def _track_form(found: re.Match[str], context: Context) -> Act | None:
    """ "track" and "track payment" alone ask for the rest in a form."""
    kind = _kind_named(found["kind"] or "", context) if found["kind"] else None
    return OpenForm("track", kind.name if kind else "") if kind or not found["kind"] else None


# ---- one deadline, or several --------------------------------------------------------------------------------------


def _done(found: re.Match[str], context: Context) -> Act | None:
    on = day_alone(found["on"], context, past=True) if found["on"] else None
    if found["on"] and on is None:
        return None
    how, sure = (found["how"] or "").strip(), bool(found["sure"])
    return Done(numbers_in(found["codes"]), (found["step"] or "").casefold(), on, how, sure)


def _move(found: re.Match[str], context: Context) -> Act | None:
    day = day_alone(found["day"], context)
    was = day_alone(found["was"], context, past=True) if found["was"] else None
    if day is None or (found["was"] and was is None):
        return None
    return Move(numbers_in(found["codes"]), day, (found["which"] or "").casefold(), was)


def _renew(found: re.Match[str], context: Context) -> Act | None:
    day = day_alone(found["day"], context)
    return Renew(numbers_in(found["codes"])[0], day) if day else None


def _snooze(found: re.Match[str], context: Context) -> Act | None:
    numbers = numbers_in(found["codes"])
    if found["day"]:
        day = day_alone(found["day"], context)
        return Snooze(numbers, day) if day else None
    count = int(found["count"]) if found["count"].isdigit() else NUMBERS.get(found["count"].casefold(), 0)
    return Snooze(numbers, moved(context.today, count, found["unit"].casefold())) if count else None


def _drop(found: re.Match[str], _: Context) -> Act:
    return Drop(numbers_in(found["codes"]), found["reason"].strip())


def _owner(found: re.Match[str], context: Context) -> Act | None:
    name = unquoted(found["name"])
    return SetOwner(numbers_in(found["codes"]), context.person(name)) if name else None


def _handed_to(found: re.Match[str], context: Context) -> Act | None:
    """ "D2 -> Chidi": None for what is no name, as it begins small."""
    return _owner(found, context) if found["name"].removeprefix("@")[:1].isupper() else None


def _set_kind(found: re.Match[str], context: Context) -> Act | None:
    kind = _kind_named(found["kind"], context)
    return SetKind(numbers_in(found["codes"])[0], kind.name) if kind else None


def _leads_of(said: str) -> tuple[str, ...]:
    """Lead times as the rules write them; () where one of them is none."""
    try:
        leads = [str(read_lead(re.sub(r"\bbefore\b", "", lead))) for lead in re.split(r",| and ", said) if lead.strip()]
    except ValueError:
        return ()
    return tuple(leads)


def _set_leads(found: re.Match[str], _: Context) -> Act | None:
    leads = _leads_of(found["leads"])
    return SetLeads(numbers_in(found["codes"]), leads) if leads else None


def _listed(found: re.Match[str], _: Context) -> Act:
    said = (found["which"] or found["before"] or "").strip().casefold()
    page = int(found["page"] or 1)
    if said.startswith(("in the next", "for the next", "next")):
        return List(Which.NEXT, int(found["days"] or 30), page)
    return List({"mine": Which.MINE, "my": Which.MINE, "overdue": Which.OVERDUE}.get(said, Which.ALL), page=page)


# ---- what an organisation chooses ----------------------------------------------------------------------------------


def _digest(found: re.Match[str], _: Context) -> Act | None:
    day = next((n for n, name in enumerate(WEEKDAYS) if name.startswith(found["day"].casefold()[:3])), None)
    hour, minute = int(found["hour"] or 9), int(found["minute"] or (30 if not found["hour"] else 0))
    return Digest(day, f"{hour:02}:{minute:02}") if day is not None else None


def _closed(found: re.Match[str], context: Context) -> Act | None:
    days = _closed_span(found["days"], context)
    return CloseDays(*days) if days else None


def _open_again(found: re.Match[str], context: Context) -> Act | None:
    days = _closed_span(found["days"], context)
    return OpenDays(*days) if days else None


def _closed_span(words: str, context: Context) -> tuple[date, date] | None:
    dates = find_dates(words, context.today)
    if not 1 <= len(dates) <= 2 or any(one.day is None or not one.exact for one in dates):
        return None
    rest = words[: dates[0].start] + words[dates[0].end : dates[-1].start] + words[dates[-1].end :]
    if _JOINING.sub("", rest).strip("-–— "):
        return None
    first, last = dates[0].day, dates[-1].day
    return (first, last) if first and last and first <= last <= first + timedelta(days=366) else None


_NAME = rf"(?P<name>{QUOTED}|<@\w+>|@?[\w.'’ -]{{1,100}})"


def _name_lead(found: re.Match[str], context: Context) -> Act | None:
    """None for what is no name: a name begins with a capital or an @, or is "me"."""
    name = unquoted(found["name"])
    if (
        name.casefold() not in ("me", "myself")
        and not re.match(r"<?@|[A-Z]", name)
        and not found["name"].startswith('"')
    ):
        return None
    return NameLead(context.person(name))


DEADLINES: tuple[Command, ...] = (
    command(
        rf"track(?: that)?\s+(?P<kind>[^\"“”‘]{{0,60}}?)\s*(?P<title>{QUOTED})\s+(?P<rest>.+)",
        _track,
        "deadlines",
        'track funding "Youth club grant" ends 31 March 2027 owner Amina',
        "keeps it with nudges; also consultation, payment, monitoring and other dates, in your own words",
    ),
    command(r"track(?: (?:a |the |an )?(?:deadline|(?P<kind>[a-z -]{2,40})))?", _track_form),
    command(
        rf"{_SHOW}(?:the |all )*(?:our |(?P<before>my |overdue ))?deadlines?"
        r"\s*(?P<which>mine|ours|all|overdue|(?:in the |for the )?next(?: (?P<days>\d{1,3}) days)?)?"
        r"(?:,? page (?P<page>\d{1,3}))?",
        _listed,
        "deadlines",
        "deadlines",
        "lists them; also deadlines mine, overdue deadlines, deadlines next 30 days",
    ),
    command(
        rf"{_SHOW}{CODES}(?: (?P<part>working|history))?",
        lambda found, _: Show(numbers_in(found["codes"]), Part((found["part"] or "").casefold())),
        "deadlines",
        "D12",
        "shows one; also D12 history, and D12 working for how its dates were counted",
    ),
    command(
        rf"{_SHOW}(?:the )?(?P<part>working|history) (?:of|for) {CODES}",
        lambda found, _: Show(numbers_in(found["codes"]), Part(found["part"].casefold())),
    ),
    command(
        rf"(?:mark )?done {CODES}(?: (?P<step>all|[a-z]+(?:-[a-z0-9]+)*-?\d*))?(?: on"
        rf" (?P<on>{_SAID_DATE}))?(?P<sure> for certain)?"
        r"(?:: ?(?P<how>.+))?",
        _done,
        "deadlines",
        "done D12 notice given by letter 12 Dec",
        "marks a step as done",
    ),
    command(
        rf"(?:mark )?{CODES} (?:as |is |are |all )*(?:done|finished|completed?)(?P<step>)(?P<on>)(?P<sure>)(?P<how>)",
        _done,
    ),
    command(
        rf"(?:move|change) {CODES}(?: (?P<which>(?!to\b)[a-z]+)(?: (?P<was>{_SAID_DATE}) to)?)?(?: to)?"
        rf" (?P<day>{_SAID_DATE})",
        _move,
        "deadlines",
        "move D12 30 April 2027",
        "moves its dates",
    ),
    command(rf"(?:move|change)(?: date of)? {_ONE}", lambda found, _: OpenForm("move", found["codes"].upper())),
    command(
        rf"(?:renew|extend) {_ONE} (?:until|to|till) (?P<day>.+)",
        _renew,
        "deadlines",
        "renew D12 until 31 March 2029",
        "goes on with it until a later end",
    ),
    command(
        rf"snooze {CODES} (?:until (?P<day>.+)|(?:for )?(?P<count>\d{{1,3}}|[a-z]+) (?P<unit>working day"
        rf"|day|week|month)s?)",
        _snooze,
        "deadlines",
        "snooze D12 1 week",
        "keeps it quiet for a while",
    ),
    command(
        rf"drop {CODES} because (?P<reason>.+)",
        _drop,
        "deadlines",
        "drop D12 because the project ended early",
        "ends tracking",
    ),
    command(rf"drop {_ONE}", lambda found, _: OpenForm("drop", found["codes"].upper())),
    command(
        rf"(?:owner|assign|reassign) (?:of )?{CODES}(?: is| to)? (?P<name>.+)",
        _owner,
        "deadlines",
        "owner D12 Ben Okoro",
        "says who sees to it; also rename D12, kind D12, clause D12",
    ),
    command(
        rf"{CODES}\s*(?:->|=>|→|>)\s*(?P<name>@?[^\W\d_][^\d,;:?]{{0,80}})",
        _handed_to,
    ),
    command(
        rf"rename {_ONE}(?: to)? (?P<title>.+)",
        lambda found, _: Rename(numbers_in(found["codes"])[0], unquoted(found["title"])),
    ),
    command(rf"kind {_ONE}(?: is| to)? (?P<kind>.+)", _set_kind),
    command(
        rf"clause {_ONE}(?: is| to)? (?P<clause>[\w.()]+)",
        lambda found, _: SetClause(numbers_in(found["codes"])[0], found["clause"]),
    ),
    command(
        rf"(?:nudge|nudges|leads) (?:for )?{CODES}(?: at)? (?P<leads>.+?)(?: before)?",
        _set_leads,
        "deadlines",
        "nudge D12 3 months, 1 month, 1 week before",
        "sets when nudges come",
    ),
    command(
        rf"rationale {_ONE}(?: because| is|:)? (?P<why>.+)",
        lambda found, _: GiveRationale(numbers_in(found["codes"])[0], found["why"].strip()),
        "deadlines",
        "rationale D12 because ...",
        "keeps a reason",
    ),
    command(
        r"undo(?: (?:that|it|this|last))*",
        Undo(),
        "deadlines",
        "undo",
        "takes back your last change, within 10 minutes",
    ),
    command(r"undo change (?P<id>\d{1,12})", lambda found, _: Undo(int(found["id"]))),
)

CHOICES: tuple[Command, ...] = (
    command(
        r"(?:the |send )?(?:weekly )?digest (?:on |every |is )*(?P<day>mon|tues?|wed|thu|fri|sat|sun)[a-z]*"
        r"(?: at)?(?: (?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?)?",
        _digest,
        "settings",
        "digest on Mondays 09:30",
        "sets when the digest comes; digest off ends it",
    ),
    command(
        r"(?:no (?:weekly )?digest|(?:settings )?(?:stop (?:the )?)?(?:weekly )?digest(?: off| stop)|stop"
        r" (?:the )?(?:weekly )?digest)",
        Digest(None),
    ),
    command(
        r"(?:settings )?(?:send )?(?:the )?nudges here",
        NudgesHere(),
        "settings",
        "nudges here",
        "sends your team's nudges to this place",
    ),
    command(
        r"(?:settings )?(?:nudges (?:stop|off)|stop (?:the |all )?nudges)",
        NudgesStop(),
        "settings",
        "nudges stop",
        "ends them for the whole team",
    ),
    command(
        r"(?:settings )?(?:nudges (?:to )?me(?: too)?|nudge me(?: too| directly)?)(?P<stop> stop| off)?",
        lambda found, _: NudgesToMe(not found["stop"]),
        "settings",
        "nudges me",
        "sends you alone what you own, too; nudges me stop ends it",
    ),
    command(
        r"(?:we are |we're )?closed(?: days?)?(?: on| from)? (?P<days>.+)",
        _closed,
        "settings",
        "closed 24 December 2026 to 1 January 2027",
        "keeps your own closed days; closed lists them, open takes them away",
    ),
    command(r"(?:show |list )?closed(?: days?)?", ShowClosedDays()),
    command(r"(?:we are |we're )?(?:open|not closed)(?: on| from| again)* (?P<days>.+)", _open_again),
    command(
        rf"(?:settings )?(?:the )?(?:compact )?lead(?: is|:)? {_NAME}",
        _name_lead,
        "leads",
        "lead Amina",
        "names a Compact lead; only a lead can, once there is one",
    ),
    command(
        rf"(?:remove|drop) lead {_NAME}", lambda found, context: RemoveLead(context.person(unquoted(found["name"])))
    ),
    command(
        rf"{_SHOW}(?:the |our |compact )*leads|who leads",
        ShowLeads(),
        "leads",
        "leads",
        "who leads on the Compact here",
    ),
)
