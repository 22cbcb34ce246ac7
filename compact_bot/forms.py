"""Forms: drawn as a list of fields; what is sent becomes one act, done by the person who filled it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from compact_bot.conversation import Button, Field, FieldKind, Filled, Form, Reply
from compact_bot.turn import Refused, Turn, tidied
from compact_bot.understanding.acts import Act, OpenForm

LONGEST_CARRIED = 400  # characters of a field that a button carries on; what a platform lets one hold is 2,000 in all

Problems = dict[str, str]
"""What is wrong, by the name of the field it stands beside."""


@dataclass(frozen=True)
class FormKind:
    """`draw` makes the form for a subject; `act` makes good values an act, or says what is wrong with them.

    What a form that `only_asks` holds is a question, whatever it says.
    """

    draw: Callable[[Turn, str], Form]
    act: Callable[[Turn, Filled], Act | Problems]
    only_asks: bool = False


def problems_in(form: Form, values: Mapping[str, str]) -> Problems:
    """What is missing, too long, no date, or no choice of the form's."""
    found = {field.name: _problem(field, values.get(field.name, "").strip()) for field in form.fields}
    return {name: problem for name, problem in found.items() if problem}


def _problem(field: Field, value: str) -> str:
    if not value:
        return "" if field.optional else f"Please fill in: {field.label[0].lower()}{field.label[1:].rstrip('?')}."
    if len(value) > field.longest:
        return f"This has {len(value)} characters; the most I keep is {field.longest}."
    if field.kind is FieldKind.DATE:
        try:
            date.fromisoformat(value)
        except ValueError:
            return "This is not a date. Write it as year, month, day: 2027-03-31."
    known = {option.value for option in field.options}
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES) and not known.issuperset(value.splitlines()):
        return "Please choose one of the list."
    return ""


def _tidied(field: Field, value: str) -> str:
    """As typed words are: without markup and characters that nobody can see. Several choices stay one a line."""
    lines = value.splitlines() if field.kind is FieldKind.CHOICES else [value]
    return "\n".join(tidied(line) for line in lines)


def with_values(form: Form, values: Mapping[str, str], problems: Problems) -> Form:
    """The form again, holding what was sent, each problem beside its field."""
    return replace(
        form,
        fields=tuple(
            replace(field, value=values.get(field.name, field.value), problem=problems.get(field.name, ""))
            for field in form.fields
        ),
    )


def form_button(form: Form) -> Button:
    """Opens the form with what it holds, where a platform opens one only when something is pressed."""
    values = tuple((field.name, field.value) for field in form.fields if 0 < len(field.value) <= LONGEST_CARRIED)
    return Button(f"Open the form: {form.title}", OpenForm(form.name, form.subject, values))


def submitted(turn: Turn, kind: FormKind, filled: Filled) -> Act:
    """The act that a filled form makes. Raises Refused with the form again, what is wrong beside each field."""
    form = kind.draw(turn, filled.subject)
    values = {field.name: _tidied(field, filled.values.get(field.name, "")) for field in form.fields}
    made = problems_in(form, values) or kind.act(turn, replace(filled, values=values))
    if not isinstance(made, dict):
        return made
    labels = {field.name: field.label for field in form.fields}
    raise Refused(
        Reply(
            "Nothing was saved yet. "
            + " ".join(f"{labels[name].rstrip('?')}: {problem}" for name, problem in made.items()),
            next_step="Please mend this and send the form again.",
            form=with_values(form, values, made),
        )
    )
