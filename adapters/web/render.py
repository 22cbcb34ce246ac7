"""Pages as HTML: pure functions over templates that escape everything."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.plain_text import within
from compact_bot.conversation import Fact, FieldKind, Reply
from compact_bot.dates import spoken

HERE = Path(__file__).parent


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([HERE / "templates", HERE.parent / "review" / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["spoken"] = spoken
    environment.filters["short"] = lambda day: f"{day.day} {day:%B %Y}"
    environment.filters["within"] = within
    environment.filters["with_names"] = in_words
    return environment


def rendered(template: str, **values: object) -> str:
    return _templates().get_template(template).render(**values)


def reply_html(reply: Reply, key: str = "form", token: str = "", to: str = "/say") -> str:
    """`key` keeps the names of a form's parts apart from those of other forms on the page; `to` is where forms go."""
    return rendered("reply.html", reply=within(reply), key=key, token=token, to=to)


def in_words(text: str, names: Mapping[str, str]) -> str:
    """Words in which people are called by their names."""
    if not any(mark in text for mark in names):
        return text
    marks = "|".join(rf"{re.escape(mark)}(?!\w)" for mark in sorted(names, key=len, reverse=True))
    return re.sub(marks, lambda found: names[found[0]], text)


def with_names(reply: Reply, names: Mapping[str, str]) -> Reply:
    """People by their names, where what is kept names them by a mark that only their platform can read."""
    if not names:
        return reply

    def named(text: str) -> str:
        return in_words(text, names)

    facts = tuple(Fact(named(fact.label), named(fact.value)) for fact in reply.facts)
    tables = tuple(
        replace(table, rows=tuple(replace(row, cells=tuple(map(named, row.cells))) for row in table.rows))
        for table in reply.tables
    )
    text, note, next_step = map(named, (reply.text, reply.note, reply.next_step))
    form = reply.form and replace(
        reply.form,
        fields=tuple(
            replace(field, value=named(field.value)) if field.kind is FieldKind.PERSON else field
            for field in reply.form.fields
        ),
    )
    return replace(reply, text=text, note=note, next_step=next_step, facts=facts, tables=tables, form=form)
