"""A form in the terminal: each field is asked in a line of its own."""

from collections.abc import Callable
from dataclasses import replace

from compact_bot.conversation import Field, FieldKind, Filled, Form
from compact_bot.forms import problems_in

STOP = "stop"
_DATE = "Write it as year, month, day: 2027-03-31."


def fill_in(form: Form, ask: Callable[[], str], say: Callable[[str], None]) -> Filled | None:
    """What somebody answered, or None when they left it with "stop". Of a form that comes back, what is wrong."""
    wrong = [field for field in form.fields if field.problem]
    say(f"{form.title}. An empty line keeps what stands in [brackets] or skips; {STOP} leaves the form.")
    values = {field.name: field.value for field in form.fields}
    for field in wrong or form.fields:
        value = _answered(form, field, ask, say)
        if value is None:
            return None
        values[field.name] = value
    return Filled(form.name, form.subject, values)


def _answered(form: Form, field: Field, ask: Callable[[], str], say: Callable[[str], None]) -> str | None:
    """The answer to one field, asked again until it will do."""
    problem = field.problem
    while True:
        say("\n".join(asked_lines(replace(field, problem=problem))))
        typed = ask().strip()
        if typed.casefold() == STOP:
            return None
        value = _chosen(field, typed) if typed else field.value
        problem = problems_in(replace(form, fields=(field,)), {field.name: value}).get(field.name, "")
        if not problem:
            return value


def asked_lines(field: Field) -> list[str]:
    """The problem, the label with what stands there already, the hint, and the options by number."""
    held = ", ".join(option.label for option in field.options if option.value in field.value.splitlines())
    held = held if field.options else field.value
    lines = [f"! {field.problem}"] if field.problem else []
    lines.append(field.label + (f" [{held}]" if held else " [skip]" if field.optional else ""))
    hints = [field.hint, _DATE if field.kind is FieldKind.DATE else ""]
    lines += [f"  {' '.join(filter(None, hints))}"] if any(hints) else []
    lines += [f"  {number}  {option.label}" for number, option in enumerate(field.options, start=1)]
    return lines


def _chosen(field: Field, typed: str) -> str:
    """What was typed, as values: an option by its number, its label or its value; several with commas between."""
    if not field.options:
        return typed
    pieces = typed.split(",") if field.kind is FieldKind.CHOICES else [typed]
    return "\n".join(_option(field, piece.strip()) for piece in pieces)


def _option(field: Field, typed: str) -> str:
    if typed.isdigit() and 1 <= int(typed) <= len(field.options):
        return field.options[int(typed) - 1].value
    named = (option.value for option in field.options if typed.casefold() == option.label.casefold())
    return next(named, typed)
