"""Before something is changed that was not read for certain: what would be done, in a line, and what is missing."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from compact_bot.asking_back import echo, is_it_meant
from compact_bot.conversation import Button, Form, Pending, Reply
from compact_bot.dates import WEEKDAYS, spoken
from compact_bot.deadlines.done import ask_which
from compact_bot.deadlines.finding import found, opened, tracker
from compact_bot.deadlines.forms import done_form, drop_form, move_form, owner_form
from compact_bot.store.tables import Deadline, DeadlineState
from compact_bot.turn import Turn
from compact_bot.understanding import acts
from compact_bot.understanding.acts import Act, OpenForm
from compact_bot.understanding.saying import codes
from compact_bot.understanding.understood import Understood

MOST_CHOICES = 5
_FORMS: dict[type[Act], tuple[str, Callable[[Turn, str], Form]]] = {
    acts.Done: ("done", done_form),
    acts.Move: ("move", move_form),
    acts.Drop: ("drop", drop_form),
    acts.SetOwner: ("owner", owner_form),
}
_QUESTIONS = {
    "to": "To which date",
    "until": "Until when",
    "reason": "Why is it not needed",
    "rationale": "What is the rationale",
    "owner": "Who sees to it",
    "title": "What is it to be called",
    "kind": "Which kind is it",
    "clause": "Which clause is it about",
    "leads": "How long before each date",
    "step": "Which step is done",
    "which": "Which of its dates",
    "was": "Which of its dates",
    "on": "When was it done",
    "how": "How was it done",
    "weekday": "On which day of the week",
    "first": "Which days",
    "last": "Until which day",
}


def ask_back(turn: Turn, understood: Understood) -> Reply:
    """What would be done, to save or leave; what is missing is asked for. Nothing is changed yet."""
    act = understood.act
    numbers = _numbers(act)
    if "item" in understood.missing or (not numbers and _takes_numbers(act)):
        return _which_one(turn, understood)
    if numbers:
        # What has ended can be renewed and explained; all else needs it open.
        (found if isinstance(act, acts.Renew | acts.GiveRationale) else opened)(turn, numbers)
    if isinstance(act, acts.Done) and "step" in understood.missing:
        return ask_which(turn, act)
    doubts = f" {understood.doubts_said}" if understood.doubts_said else ""
    form = _form_of(turn, act, numbers)
    if understood.missing:
        wanted = " and ".join(_QUESTIONS.get(name, f"Which {name}") for name in understood.missing)
        about = f" {codes(numbers)} is meant." if len(numbers) == 1 else ""
        return Reply(
            f"{wanted}?{about}{doubts} Nothing is changed yet.",
            next_step="Answer with just that, or say it again in one sentence.",
            form=form[1] if form else None,
            pending=Pending(act, understood.missing),
        )
    change = (Button("Change", OpenForm(form[0], codes(numbers))),) if form else ()
    return is_it_meant(turn, understood, "Save", change)


def _numbers(act: Act) -> tuple[int, ...]:
    many: tuple[int, ...] = getattr(act, "numbers", ())
    number: int = getattr(act, "number", 0)
    return many or ((number,) if number else ())


def _takes_numbers(act: Act) -> bool:
    return hasattr(act, "numbers") or hasattr(act, "number")


def _with_number(act: Act, number: int) -> Act:
    changed: dict[str, Any] = {"numbers": (number,)} if hasattr(act, "numbers") else {"number": number}
    return replace(act, **changed)


def _which_one(turn: Turn, understood: Understood) -> Reply:
    """The open deadlines to choose from."""
    keeper = tracker(turn)
    choices: list[Deadline] = [d for d in keeper.all_open() if d.state is DeadlineState.OPEN][:MOST_CHOICES]
    if not choices:
        return Reply(
            "No deadline is open here. Nothing was changed.",
            next_step='To track one, type for example: track funding "Youth club grant" ends 31 March 2027',
        )
    rest = tuple(name for name in understood.missing if name != "item")
    return Reply(
        " ".join(filter(None, [understood.doubts_said, "Which deadline do you mean? Nothing is changed yet."])),
        next_step="Press one, or type its number such as D1. To see all, type deadlines.",
        buttons=tuple(
            Button(f"{one.code}, {one.title}"[:70], _with_number(understood.act, one.number)) for one in choices
        ),
        pending=Pending(understood.act, ("item", *rest)),
    )


def _form_of(turn: Turn, act: Act, numbers: tuple[int, ...]) -> tuple[str, Form] | None:
    """The form for one deadline, where the act has one."""
    known = _FORMS.get(type(act))
    return (known[0], known[1](turn, codes(numbers))) if known and len(numbers) == 1 else None


# ---- an act in a line -----------------------------------------------------------------------------------------------


@echo.register
def _(act: acts.Done) -> str:
    step = f", {act.step.replace('-', ' ')}," if act.step else ""
    on = f" on {spoken(act.on)}" if act.on else " today"
    how = f" ({act.how})" if act.how else ""
    return f"Mark {codes(act.numbers)}{step} as done{on}{how}"


@echo.register
def _(act: acts.Move) -> str:
    which = f" {act.which}" if act.which else ""
    was = f" of {spoken(act.was)}" if act.was else ""
    return f"Move {codes(act.numbers)}{which}{was} to {spoken(act.to)}"


@echo.register
def _(act: acts.Renew) -> str:
    return f"Renew D{act.number} until {spoken(act.until)}"


@echo.register
def _(act: acts.Snooze) -> str:
    return f"Keep {codes(act.numbers)} quiet until {spoken(act.until)}"


@echo.register
def _(act: acts.Drop) -> str:
    return f"Drop {codes(act.numbers)}, because {act.reason}"


@echo.register
def _(act: acts.SetOwner) -> str:
    return f"Give {codes(act.numbers)} to {act.owner.name}"


@echo.register
def _(act: acts.Rename) -> str:
    return f'Call D{act.number} "{act.title}"'


@echo.register
def _(act: acts.GiveRationale) -> str:
    return f"Keep this rationale with D{act.number}: {act.rationale}"


@echo.register
def _(act: acts.SetLeads) -> str:
    return f"Nudge for {codes(act.numbers)} {', '.join(act.leads)} before each date"


@echo.register
def _(act: acts.CloseDays) -> str:
    return f"Keep {spoken(act.first)}{f' to {spoken(act.last)}' if act.last > act.first else ''} as closed"


@echo.register
def _(act: acts.OpenDays) -> str:
    return f"No longer closed: {spoken(act.first)}{f' to {spoken(act.last)}' if act.last > act.first else ''}"


@echo.register
def _(act: acts.Digest) -> str:
    return "End the weekly digest" if act.weekday is None else f"Digest on {WEEKDAYS[act.weekday].title()}s at {act.at}"


@echo.register
def _(_: acts.NudgesStop) -> str:
    return "Stop all nudges and the digest for your whole organisation"


@echo.register
def _(_: acts.NudgesHere) -> str:
    return "Send your organisation's nudges and digest to this place from now on"


@echo.register
def _(act: acts.NudgesToMe) -> str:
    return "Nudge you directly, too" if act.wanted else "Stop nudging you directly"


@echo.register
def _(_: acts.Undo) -> str:
    return "Take back your last change"
