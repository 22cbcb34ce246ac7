"""The forms of deadlines. Each makes an act, done by whoever filled it in."""

import re
from datetime import date

from compact_bot.conversation import Field, FieldKind, Filled, Form, Option
from compact_bot.dates import spoken
from compact_bot.deadlines.finding import LONGEST_REASON, LONGEST_TITLE, owner_meant, tracker
from compact_bot.deadlines.planning import PlanError, already_over, plan
from compact_bot.deadlines.steps import kind_of, open_steps
from compact_bot.deadlines.tracking import anchors_of
from compact_bot.forms import FormKind, Problems
from compact_bot.organisation import LONGEST_NAME, picked
from compact_bot.store.records import deadline_numbered
from compact_bot.store.tables import Deadline
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import (
    Act,
    Done,
    Drop,
    Given,
    GiveRationale,
    Move,
    Named,
    OpenForm,
    Rename,
    SetClause,
    SetKind,
    SetLeads,
    SetOwner,
    Track,
)
from knowledge.rules import Asked, Kind

_DATES_HINT = "Several dates, each as 2027-03-31, with commas between them."


# ---- track ----------------------------------------------------------------------------------------------------------


def track_form(turn: Turn, kind_name: str) -> Form:
    """Which kind it is, then what that kind asks for."""
    kind = turn.rules.kind(kind_name)
    if kind is None:
        options = tuple(Option(kind.name, kind.title) for kind in turn.rules.kinds)
        what = Field("kind", "What kind?", FieldKind.CHOICE, options=options)
        return Form("track", "Track a deadline", (what,), submit="Next")
    fields = (
        Field("title", "Name", longest=LONGEST_TITLE, hint="For example: Youth club grant"),
        *(_date_field(asked) for asked in kind.asks),
        Field("owner", "Owner", FieldKind.PERSON, turn.message.sender.name, optional=True, longest=LONGEST_NAME),
        Field(
            "rationale",
            "Rationale",
            FieldKind.TEXT,
            optional=True,
            longest=LONGEST_REASON,
            hint="If notice or time is shorter than the Compact asks for: why.",
        ),
    )
    return Form("track", "Track a deadline", fields, subject=kind.name)


def known_of(act: Track) -> dict[str, str]:
    """What the form can hold of an act."""
    known = {given.anchor: ", ".join(day.isoformat() for day in given.days) for given in act.given}
    known |= {"title": act.title, "rationale": act.rationale}
    return known | ({"owner": act.owner.name} if act.owner else {})


def _date_field(asked: Asked) -> Field:
    label = f"{asked.label[0].upper()}{asked.label[1:]}"
    if asked.many:
        return Field(asked.name, label, hint=_DATES_HINT, optional=asked.optional)
    return Field(asked.name, label, FieldKind.DATE, optional=asked.optional)


def _tracked(turn: Turn, filled: Filled) -> Act | Problems:
    kind = turn.rules.kind(filled.subject)
    if kind is None:
        return OpenForm("track", filled.values["kind"])
    given: dict[str, tuple[date, ...]] = {}
    for asked in kind.asks:
        try:
            days = tuple(date.fromisoformat(day.strip()) for day in filled.values[asked.name].split(",") if day.strip())
        except ValueError:
            return {asked.name: _DATES_HINT if asked.many else "This is not a date."}
        if days:
            given[asked.name] = days
    if not given:
        return {kind.asks[-1].name: "Please give this date, or the other."}
    return _unplanned(turn, kind, given) or Track(
        kind.name,
        filled.values["title"],
        tuple(Given(name, days) for name, days in given.items()),
        _owner_in(turn, filled),
        rationale=filled.values["rationale"],
    )


def _owner_in(turn: Turn, filled: Filled) -> Named | None:
    """Nobody where no name stands there."""
    name = filled.values["owner"]
    return picked(turn, name) if name else None


def _unplanned(turn: Turn, kind: Kind, given: dict[str, tuple[date, ...]]) -> Problems:
    """Dates that are past or contradict each other, beside the date it is about."""
    keeper = tracker(turn)
    if over := already_over(kind, given, keeper.today):
        return over
    try:
        plan(kind, given, keeper.closed)
    except PlanError as error:
        return {list(given)[-1]: str(error)}
    return {}


# ---- one deadline ---------------------------------------------------------------------------------------------------


def move_form(turn: Turn, subject: str) -> Form:
    deadline = _deadline(turn, subject)
    fields: tuple[Field, ...] = (Field("day", "New date", FieldKind.DATE),)
    held = _dates_held(turn, deadline) if deadline else ()
    if held:
        fields = (Field("which", "Which date?", FieldKind.CHOICE, held[0].value, options=held), *fields)
    return Form("move", "Change date", fields, "Move", subject)


def _dates_held(turn: Turn, deadline: Deadline) -> tuple[Option, ...]:
    """Every date that was given, several of one name each by itself."""
    given = anchors_of(deadline)
    return tuple(
        Option(f"{asked.name} {day.isoformat()}", f"{asked.label}: {spoken(day)}")
        for asked in kind_of(turn.rules, deadline).asks
        for day in given.get(asked.name, ())
    )


def _moved(turn: Turn, filled: Filled) -> Act | Problems:
    deadline, to = _deadline(turn, filled.subject), date.fromisoformat(filled.values["day"])
    if deadline is None:
        return Move((number_of(filled.subject),), to)
    which, _, was = filled.values["which"].partition(" ")
    if to < tracker(turn).today:
        return {"day": f"{spoken(to)} is past."}
    given = anchors_of(deadline)
    old = date.fromisoformat(was)
    given[which] = [to if day == old else day for day in given[which]]
    try:
        plan(kind_of(turn.rules, deadline), given, tracker(turn, [deadline]).closed)
    except PlanError as error:
        return {"day": str(error)}
    return Move((deadline.number,), to, which, old)


def done_form(turn: Turn, subject: str) -> Form:
    """How and when: "D12 minimum-notice". Notice in writing is kept with the way it went."""
    deadline = _deadline(turn, subject)
    step = subject.partition(" ")[2]
    waiting = open_steps(deadline) if deadline else []
    # One whose step was done meanwhile is told so when it is sent: the form that is open has no field to name another.
    is_chosen = deadline is not None and any(m.name == step for m in deadline.milestones)
    fields: tuple[Field, ...] = (
        Field("on", "When?", FieldKind.DATE, tracker(turn).today.isoformat()),
        Field("how", "How?", longest=LONGEST_REASON, optional=True, hint="For example: by letter"),
    )
    if not is_chosen and waiting:
        options = tuple(Option(m.name, f"{m.title}, {spoken(m.due_on)}") for m in waiting)
        fields = (Field("step", "Step", FieldKind.CHOICE, options=options), *fields)
    return Form("done", "Mark done", fields, "Mark done", subject)


def _done(turn: Turn, filled: Filled) -> Act | Problems:
    on = date.fromisoformat(filled.values["on"])
    if on > tracker(turn).today:
        return {"on": f"{spoken(on)} is still to come, so it cannot be done yet."}
    step = filled.values.get("step") or filled.subject.partition(" ")[2]
    # Whoever picked the day in a form has seen it: it needs no echo.
    return Done((number_of(filled.subject),), step, on, filled.values["how"], sure=True)


def drop_form(_: Turn, subject: str) -> Form:
    why = Field("reason", "Why?", FieldKind.TEXT, longest=LONGEST_REASON)
    return Form("drop", f"{subject}: not needed", (why,), "Drop it", subject)


def _dropped(_: Turn, filled: Filled) -> Act:
    return Drop((number_of(filled.subject),), filled.values["reason"])


def owner_form(turn: Turn, subject: str) -> Form:
    deadline = _deadline(turn, subject)
    held = deadline.owner if deadline else ""
    return Form(
        "owner",
        "Owner",
        (Field("owner", "Owner", FieldKind.PERSON, held, longest=LONGEST_NAME),),
        "Save",
        subject,
    )


def _owned(turn: Turn, filled: Filled) -> Act | Problems:
    owner = _owner_in(turn, filled)
    if owner is None:
        return {"owner": "Please give a name."}
    try:
        owner_meant(turn, owner)
    except Refused as problem:
        return {"owner": problem.reply.text}
    return SetOwner((number_of(filled.subject),), owner)


def number_of(subject: str) -> int:
    """The 12 of a subject that begins "D12"; 0, which no deadline has, where it does not."""
    found = re.match(r"D(\d{1,6})(?: |$)", subject)
    return int(found[1]) if found else 0


def _deadline(turn: Turn, subject: str) -> Deadline | None:
    return deadline_numbered(turn.session, turn.organisation, number_of(subject))


def edit_form(_: Turn, subject: str) -> Form:
    """Whatever else of a deadline may have to be mended: one thing at a time, so that each is in the history."""
    options = tuple(Option(name, label) for name, label in _EDITABLE.items())
    what = Field("what", "What changes?", FieldKind.CHOICE, "title", options=options)
    return Form("edit", "Change", (what, Field("to", "To what?", longest=LONGEST_REASON)), "Save", subject)


_EDITABLE = {
    "title": "What it is called",
    "owner": "Its owner",
    "kind": "What kind it is",
    "clause": "The clause it is about",
    "leads": "How long before each date nudges come",
    "rationale": "The rationale kept with it",
}


def _edited(turn: Turn, filled: Filled) -> Act | Problems:
    number, to = number_of(filled.subject), filled.values["to"]
    match filled.values["what"]:
        case "owner":
            return SetOwner((number,), Named(to))
        case "kind":
            kind = turn.rules.kind_called(to)
            known = ", ".join(kind.words[0] for kind in turn.rules.kinds)
            return SetKind(number, kind.name) if kind else {"to": f"Kinds are: {known}"}
        case "clause":
            return SetClause(number, to)
        case "leads":
            return SetLeads((number,), tuple(lead.strip() for lead in re.split(r",| and ", to) if lead.strip()))
        case "rationale":
            return GiveRationale(number, to)
        case _:
            return Rename(number, to)


DEADLINE_FORMS = {
    "edit": FormKind(edit_form, _edited),
    "track": FormKind(track_form, _tracked),
    "move": FormKind(move_form, _moved),
    "done": FormKind(done_form, _done),
    "drop": FormKind(drop_form, _dropped),
    "owner": FormKind(owner_form, _owned),
}
