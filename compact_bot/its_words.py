"""A reply in the words of the agreement that it is about: what it is called, and numbers of clauses that it has.

Sentences here are written for a Compact, with numbers such as 3.4.4 as examples; an agreement that is a charter or a
covenant is called so in each of them. What people wrote or what is quoted stays as it is.
"""

import re
from dataclasses import replace

from compact_bot.conversation import Button, Fact, Field, Form, Reply
from knowledge.agreement import Agreement

WRITTEN_FOR = "Compact"
_QUOTED = re.compile(r"(\"[^\"]*\"|“[^”]*”)")
_CALLED = re.compile(rf"\b{WRITTEN_FOR}\b(?! Bot\b)")
_NUMBER = re.compile(r"(?<![\d.£])\d{1,2}(?:\.\d{1,2})+(?![\d.]*\d)")


def in_its_words(reply: Reply, agreement: Agreement) -> Reply:
    reply = replace(
        reply,
        next_step=with_its_numbers(reply.next_step, agreement),
        typed=with_its_numbers(reply.typed, agreement),
    )
    if reply.form:
        reply = replace(reply, form=_form(reply.form, agreement))
    if agreement.about.short == WRITTEN_FOR:
        return reply
    return replace(
        reply,
        text=called(reply.text, agreement),
        note=called(reply.note, agreement),
        next_step=called(reply.next_step, agreement),
        typed=called(reply.typed, agreement),
        introduction=called(reply.introduction, agreement),
        facts=tuple(Fact(called(fact.label, agreement), fact.value) for fact in reply.facts),
        buttons=tuple(_button(button, agreement) for button in reply.buttons),
        opens=_button(reply.opens, agreement) if reply.opens else None,
        tables=tuple(replace(table, heading=called(table.heading, agreement)) for table in reply.tables),
    )


def called(text: str, agreement: Agreement) -> str:
    """The same with the agreement called what it is; quoted words and its title are left as they are."""
    short, title = agreement.about.short, agreement.about.title
    if short == WRITTEN_FOR or WRITTEN_FOR not in text:
        return text
    pieces = [piece for part in _QUOTED.split(text) for piece in re.split(f"({re.escape(title)})", part)]
    return "".join(p if p == title or _QUOTED.fullmatch(p) else _CALLED.sub(short, p) for p in pieces)


def with_its_numbers(text: str, agreement: Agreement) -> str:
    """The same with examples of clauses that exist: the first is the first clause that binds somebody, and so on."""
    if not (found := list(dict.fromkeys(_NUMBER.findall(text)))):
        return text
    unknown = [number for number in found if not agreement.clause(number)]
    known = [clause.number for clause in agreement.parts if clause.party] or [c.number for c in agreement.parts]
    meant = dict(zip(unknown, [*known, *known[-1:] * len(unknown)], strict=False))
    return _NUMBER.sub(lambda number: meant.get(number[0], number[0]), text)


def _button(button: Button, agreement: Agreement) -> Button:
    return replace(button, label=called(button.label, agreement))


def _form(form: Form, agreement: Agreement) -> Form:
    fields = tuple(_field(field, agreement) for field in form.fields)
    return replace(form, title=called(form.title, agreement), says=called(form.says, agreement), fields=fields)


def _field(field: Field, agreement: Agreement) -> Field:
    return replace(
        field,
        label=called(field.label, agreement),
        hint=called(with_its_numbers(field.hint, agreement), agreement),
        problem=called(field.problem, agreement),
        options=tuple(replace(option, label=called(option.label, agreement)) for option in field.options),
    )
