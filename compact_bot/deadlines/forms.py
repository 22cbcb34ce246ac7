"""The forms of deadlines: track, change date, not needed. Each says the sentence that somebody could have typed."""

import re
from datetime import date

from compact_bot.conversation import Field, FieldKind, Filled, Form, Option
from compact_bot.dates import spoken
from compact_bot.deadlines.at_hand import LONGEST_REASON, kind_of, tracker
from compact_bot.deadlines.checks import refused_as_past
from compact_bot.deadlines.planning import PlanError, plan, short
from compact_bot.deadlines.sentences import LONGEST_TITLE, Tracked, UnreadError, read_tracked, word_for
from compact_bot.deadlines.tracking import deadline_numbered
from compact_bot.forms import FormKind, Problems
from compact_bot.store.tables import Deadline
from compact_bot.turn import Turn
from knowledge.rules import Asked, Kind

_DATES_HINT = "Several dates, each as 2027-03-31, with commas between them."


def track_form(turn: Turn, kind_name: str) -> Form:
    """Which kind it is, then what that kind asks for."""
    kind = turn.rules.kind(kind_name)
    if kind is None:
        options = tuple(Option(kind.name, kind.title) for kind in turn.rules.kinds)
        what = Field("kind", "What would you like to track?", FieldKind.CHOICE, options=options)
        return Form("track", "Track a deadline", (what,), submit="Next")
    fields = (
        Field("title", "What is it called?", longest=LONGEST_TITLE, hint="For example: Youth club grant"),
        *(_date_field(asked) for asked in kind.asks),
        Field("owner", "Owner", FieldKind.PERSON, turn.message.sender.name, optional=True, longest=100),
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


def _date_field(asked: Asked) -> Field:
    label = f"{asked.label[0].upper()}{asked.label[1:]}"
    if asked.many:
        return Field(asked.name, label, hint=_DATES_HINT, optional=asked.optional)
    return Field(asked.name, label, FieldKind.DATE, optional=asked.optional)


def _tracked(turn: Turn, filled: Filled) -> str | Problems:
    kind = turn.rules.kind(filled.subject)
    if kind is None:
        return f"track {filled.values['kind']}"
    given: dict[str, list[date]] = {}
    for asked in kind.asks:
        try:
            days = [date.fromisoformat(day.strip()) for day in filled.values[asked.name].split(",") if day.strip()]
        except ValueError:
            return {asked.name: _DATES_HINT}
        if days:
            given[asked.name] = days
    if not given:
        return {kind.asks[-1].name: "Please give this date, or the other."}
    title = re.sub('["“”]', "'", filled.values["title"])
    tracked = Tracked(kind, title, given, filled.values["owner"], rationale=filled.values["rationale"])
    return _unplanned(turn, tracked) or _as_sentence(turn, tracked)


def _unplanned(turn: Turn, tracked: Tracked) -> Problems:
    """Dates that are past or contradict each other, beside the last date that was given."""
    keeper, last = tracker(turn), list(tracked.given)[-1]
    if past := refused_as_past(tracked, keeper.today):
        return {last: past.text.removesuffix(" Nothing was saved.")}
    try:
        plan(tracked.kind, tracked.given, keeper.closed)
    except PlanError as error:
        return {last: str(error)}
    return {}


def _as_sentence(turn: Turn, tracked: Tracked) -> str | Problems:
    """The sentence, when reading it gives back exactly what the form held."""
    sentence = tracked.sentence()
    try:
        read = read_tracked(sentence.removeprefix("track "), turn.rules, tracker(turn).today)
    except UnreadError as problem:
        return {"title": problem.says}
    if read.title != tracked.title:
        return {"title": "I cannot keep this name as it is written. Please put it more simply."}
    if read.owner != tracked.owner:
        return {"owner": "Please give one name, such as Amina Khan."}
    return sentence if read == tracked else {"rationale": "I cannot keep this as it is written. Please put it simply."}


def move_form(turn: Turn, code: str) -> Form:
    deadline = _deadline(turn, code)
    fields: tuple[Field, ...] = (Field("day", "New date", FieldKind.DATE),)
    if deadline is not None:
        kind = kind_of(turn, deadline)
        held = tuple(
            Option(asked.name, f"{asked.label}: {spoken(date.fromisoformat(deadline.anchors[asked.name][-1]))}")
            for asked in kind.asks
            if deadline.anchors.get(asked.name)
        )
        which = Field("which", "Which date moves?", FieldKind.CHOICE, held[0].value, options=held)
        fields = (which, *fields)
    return Form("move", "Change date", fields, "Move", code)


def _moved(turn: Turn, filled: Filled) -> str | Problems:
    deadline, day = _deadline(turn, filled.subject), date.fromisoformat(filled.values["day"])
    if deadline is None:
        return f"move {filled.subject}"
    if day < tracker(turn).today:
        return {"day": f"{spoken(day)} is past."}
    kind = kind_of(turn, deadline)
    given = {name: [date.fromisoformat(one) for one in days] for name, days in deadline.anchors.items()}
    given[filled.values["which"]] = [*given[filled.values["which"]][:-1], day]
    try:
        plan(kind, given, tracker(turn).closed)
    except PlanError as error:
        return {"day": str(error)}
    return f"move {filled.subject} {_word(kind, filled.values['which'])} {short(day)}"


def _word(kind: Kind, name: str) -> str:
    return word_for(kind.asked(name))


def drop_form(_: Turn, code: str) -> Form:
    why = Field("reason", f"Why is {code} not needed?", FieldKind.TEXT, longest=LONGEST_REASON)
    return Form("drop", "Not needed", (why,), "Drop it", code)


def _dropped(_: Turn, filled: Filled) -> str:
    return f"drop {filled.subject} because {filled.values['reason']}"


def _deadline(turn: Turn, code: str) -> Deadline | None:
    found = re.fullmatch(r"D(\d{1,6})", code)
    return deadline_numbered(turn.session, turn.organisation, int(found[1])) if found else None


DEADLINE_FORMS = {
    "track": FormKind(track_form, _tracked),
    "move": FormKind(move_form, _moved),
    "drop": FormKind(drop_form, _dropped),
}
