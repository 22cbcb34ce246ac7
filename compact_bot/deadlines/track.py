"""Tracking: what is kept, what follows from its dates, and what to mind about it."""

from dataclasses import replace
from datetime import date

from compact_bot.closed_days import ClosedDays
from compact_bot.conversation import Button, Fact, Pending, Reply
from compact_bot.dates import counted, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.finding import (
    LONGEST_REASON,
    check_clause,
    check_days,
    check_leads,
    check_title,
    owner_meant,
    refused,
    tracker,
)
from compact_bot.deadlines.forms import known_of, track_form
from compact_bot.deadlines.planning import PlanError, already_over, earliest_end, plan
from compact_bot.deadlines.tracking import Owner, Tracker
from compact_bot.forms import with_values
from compact_bot.organisation import people_called
from compact_bot.partnership.names import owner_said
from compact_bot.store.tables import OrganisationSettings
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Ask, NudgesHere, OpenForm, Show, Track
from compact_bot.understanding.saying import written_out
from compact_bot.understanding.understood import Understood
from knowledge.rules import Kind

_UNSAVED = "Nothing was saved."


def track(turn: Turn, act: Track) -> Reply:
    """Saved with its milestones and nudges; one that is open already is not kept twice."""
    keeper = tracker(turn)
    kind, given = _checked(turn, act, keeper.today)
    title = check_title(act.title, _UNSAVED)
    owner = owner_meant(turn, act.owner, _UNSAVED)
    leads = check_leads(act.leads, replies.example_of(kind), _UNSAVED) if act.leads else ()
    if (same := keeper.like(kind, title, given)) is not None:
        turn.thread.deadline = same.number
        return Reply(
            f'This is tracked already, as {same.code}: "{same.title}". {replies.owned(owner_said(same))} {_UNSAVED}',
            facts=(replies.one_line(same, kind, keeper.today),),
            next_step=f"To change it, say so: move {same.code} DATE, owner {same.code} NAME.",
            buttons=(Button(f"Show {same.code}", Show((same.number,))),),
        )
    try:
        deadline, planned = keeper.track(kind, title, given, owner, act.clause, act.rationale, leads)
    except PlanError as error:
        raise refused(str(error), f"For example: {replies.example_of(kind)}", _UNSAVED) from error
    turn.thread.deadline = deadline.number
    reply = replies.saved(deadline, planned, kind, keeper.today, keeper.change)
    notes = (reply.note, too_late(kind, given, keeper.today, keeper.closed), _which(turn, owner))
    return replace(
        reply,
        text=f"{reply.text} {nudged(keeper)}",
        note=" ".join(filter(None, notes)),
        buttons=(*reply.buttons, *((Button("Send nudges here", NudgesHere()),) if keeper.settings.stopped else ())),
    )


def _which(turn: Turn, owner: Owner) -> str:
    """What to do where an owner was named whose name several people have."""
    if owner.person is not None or len(people_called(turn.session, turn.organisation, owner.name)) < 2:
        return ""
    return (
        f"Several people here are called {owner.name}: name the one you mean with @, or let them say that it is theirs."
    )


def _checked(turn: Turn, act: Track, today: date) -> tuple[Kind, dict[str, list[date]]]:
    """The kind and its dates. Raises Refused for what cannot be tracked."""
    kind = turn.rules.kind(act.kind)
    if kind is None:
        kinds = ", ".join(one.words[0] for one in turn.rules.kinds)
        raise refused(f"I do not know the kind {act.kind!r}.", f"Kinds are: {kinds}", _UNSAVED)
    given: dict[str, list[date]] = {}
    for one in act.given:
        if not any(asked.name == one.anchor for asked in kind.asks):
            raise refused(f"{kind.title} asks for no date called {one.anchor}.", replies.example_of(kind), _UNSAVED)
        given[one.anchor] = sorted({*given.get(one.anchor, []), *one.days})
    check_days((day for days in given.values() for day in days), _UNSAVED)
    check_clause(turn, act.clause, _UNSAVED)
    if len(act.rationale) > LONGEST_REASON:
        raise refused(f"The most I keep of a rationale is {LONGEST_REASON:,} characters.", "", _UNSAVED)
    for problem in already_over(kind, given, today).values():
        raise refused(
            problem,
            "Give a date that is still to come, with its year. What went wrong can be logged: log feedback",
            _UNSAVED,
        )
    return kind, given


def too_late(kind: Kind, given: dict[str, list[date]], today: date, closed: ClosedDays) -> str:
    """Where the minimum notice date is past: when it could end if notice went today. "" where it is not."""
    least = next(iter(kind.notices), None)
    if least is None or not (ends := given.get(least.when.anchor)):
        return ""
    earliest = earliest_end(today, least.when, closed).day
    if earliest <= ends[0]:
        return ""
    return (
        f"If notice goes today, the earliest end is {spoken(earliest)}: {written_out(today)}, plus "
        f"{counted(-least.when.number, least.when.unit)}, "
        f"as {least.clause} asks for. {exception_said(kind)}"
    ).strip()


def exception_said(kind: Kind) -> str:
    """When the clause allows for less notice, and what it asks for then, in its own words; "" where it says neither."""
    least = next(iter(kind.notices), None)
    if least is None or not least.exception:
        return ""
    return f'Less is allowed only "{least.exception}", with "{least.reason}".'


def nudged(keeper: Tracker) -> str:
    """Whether nudges will come: never promised where somebody has turned them off."""
    kept = keeper.settings
    if not kept.platform and not kept.stopped:
        return "I will not nudge: your organisation has not added me, so there is no place of its own for nudges."
    if kept.lost_at is not None and not kept.stopped:
        return "I will nudge its owner and the Compact leads before each date until someone says it is done."
    if not kept.stopped:
        return "I will nudge before each date until someone says it is done."
    return f"I will not nudge: {turned_off(kept)}"


def turned_off(kept: OrganisationSettings) -> str:
    """Who turned nudges off, and when; "" where they are on."""
    if not kept.stopped:
        return ""
    when = f" on {spoken(kept.stopped_on)}" if kept.stopped_on else ""
    return f"{kept.stopped_by or 'somebody'} turned nudges off{when}. To have them, type: nudges here"


def ask_to_track(turn: Turn, understood: Understood) -> Reply:
    """What was read, in a line; what is missing is asked for, with the form filled in as far as it goes."""
    act = understood.act
    assert isinstance(act, Track)  # noqa: S101  # as the table of rooms says
    keeper = tracker(turn)
    kind, given = _checked(turn, act, keeper.today)
    form = with_values(track_form(turn, kind.name), known_of(act), {})
    dates = [f"{_word(kind, name)} {spoken(day)}" for name, days in given.items() for day in days]
    owner = f", owner {act.owner.name}" if act.owner else ""
    named = f'"{act.title}", ' if act.title else ""
    read = f"{named}{' '.join((kind.words[0], ', '.join(dates))).strip()}{owner}"
    said = understood.doubts_beside(read)
    doubts = f" {said}" if said else ""
    if understood.missing:
        wanted = " and ".join(_asked_for(kind, name) for name in understood.missing)
        so_far = f" So far: {read}." if dates or named or owner else ""
        return Reply(
            f"I still need {wanted}.{so_far}{doubts} Nothing is saved yet.",
            next_step=f"Answer, or say it all at once: {replies.example_of(kind)}",
            form=form,
            pending=Pending(act, understood.missing),
        )
    try:
        planned = plan(kind, given, keeper.closed)
    except PlanError as error:
        raise refused(str(error), f"For example: {replies.example_of(kind)}", _UNSAVED) from error
    late = too_late(kind, given, keeper.today, keeper.closed)
    return Reply(
        f"Track {read}?{doubts} Nothing is saved yet.",
        note=" ".join(
            filter(
                None,
                (
                    replies.already_past(planned, keeper.today),
                    late,
                    replies.advice_past(planned, keeper.today),
                ),
            )
        ),
        tables=replies.step_table(planned, keeper.today),
        typed="Type yes to save it, or no to leave it. To change it, say what is different.",
        buttons=(
            Button("Save", act),
            Button("Change", OpenForm("track", kind.name, tuple(known_of(act).items()))),
            Button("I was only asking", Ask(turn.text)),
        ),
        pending=Pending(act),
    )


def _word(kind: Kind, name: str) -> str:
    asked = kind.asked(name)
    return asked.words[0] if asked.words else name


def _asked_for(kind: Kind, missing: str) -> str:
    if missing == "title":
        return "what it is called"
    asked = next((asked for asked in kind.asks if asked.name == missing), None)
    return asked.label if asked else f"which {missing}"


def what_to_track(turn: Turn, kind_name: str) -> Reply:
    """ "track" and "track payment" alone: what to fill in, or what to type."""
    kind = turn.rules.kind(kind_name)
    if kind is None:
        return Reply(
            "What would you like to track?",
            facts=tuple(Fact(f"track {kind.words[0]}", kind.title) for kind in turn.rules.kinds),
            next_step=f"Type one of these, or all at once: {replies.example_of(turn.rules.kinds[0])}",
            form=track_form(turn, ""),
        )
    dates = ", and ".join(asked.label for asked in kind.asks)
    return Reply(
        f"{kind.title}. I need what it is called, and {dates}. {_UNSAVED}",
        next_step=f"For example: {replies.example_of(kind)}",
        form=track_form(turn, kind.name),
        pending=Pending(Track(kind.name, "", ()), ("title", kind.asks[0].name)),
    )
