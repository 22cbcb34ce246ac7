"""A reply as an Adaptive Card 1.5: narrow enough for phones, text that stays text, every button its act. Pure.

Words are text runs, which know no markup: in a text block `[here](https://...)` that somebody typed would be a link.
"""

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from adapters.plain_text import LEFT_OUT, citation_title, plain_text, quoted
from adapters.teams.codec import INPUT
from compact_bot.conversation import Button, Field, FieldKind, Form, Person, Reply, Row, Table

CARD = "application/vnd.microsoft.card.adaptive"
MOST_ACTIONS = 6  # in one bar, as Teams allows
# Pixels that a bar has on a phone of 375, and of a button: a letter, and what is around its words. Not every client
# breaks a bar that is too long: some make its buttons so narrow that nobody can read them.
PHONE, LETTER, AROUND, DOTS = 280, 8, 34, 44
LARGEST_CARD = 28_000  # bytes; Teams takes no larger one everywhere. A reply that needs more is sent in parts
LONGEST_PIECE = 1_500  # characters that are not parted: a letter may take 6 bytes, and stands in body and fallbackText
SURELY_FITS = 3_000  # characters of plain English that need no measuring
MOST_PARTS = 8
MOST_IN_TABLE = 10  # rows that are not parted
GOES_ON = Reply("This goes on from the message above.")

_MARKUP = re.compile(r"[<>\[\]()*_`#~|\\]+")  # what a text block reads as more than a name
_MENTION_TAG = re.compile(r"<(?=/?at\b)", re.IGNORECASE)

Element = dict[str, Any]


def message(reply: Reply, refresh: str = "", notified: Sequence[Person] = ()) -> dict[str, Any]:
    """An activity that shows a reply. `summary` is the whole of it: notifications and screen readers read that.

    Those `notified` are mentioned, which alone makes Teams tell them.
    """
    whole = _untagged(plain_text(reply))
    if notified:
        shown = _mentioning(card(reply, refresh, is_own=True), notified)
        return {"type": "message", "summary": whole, "attachments": [attachment(shown)]}
    if reply == Reply(reply.text):
        return {"type": "message", "text": whole, "textFormat": "plain", "summary": whole}
    return {"type": "message", "summary": whole, "attachments": [attachment(card(reply, refresh, is_own=True))]}


def _mentioning(shown: dict[str, Any], people: Sequence[Person]) -> dict[str, Any]:
    """With a line that mentions people: only a text block can, and its text must be the entity's to the letter."""
    names = [_MARKUP.sub(" ", person.name).strip() or "owner" for person in people]
    tags = [f"<at>{name}</at>" for name in names]
    line = {"type": "TextBlock", "text": f"For {' and '.join(tags)}", "wrap": True, "isSubtle": True}
    entities = [
        {"type": "mention", "text": tag, "mentioned": {"id": person.id, "name": name}}
        for tag, name, person in zip(tags, names, people, strict=True)
    ]
    return {**shown, "body": [*shown["body"], line], "msteams": {"entities": entities}}


def attachment(content: dict[str, Any]) -> dict[str, Any]:
    return {"contentType": CARD, "content": content}


def card(reply: Reply, refresh: str = "", is_own: bool = False, in_dialog: bool = False) -> dict[str, Any]:
    """With `refresh`, Teams asks whether the card still holds when somebody opens it later.

    `is_own` is a card that is a message, not one that the presser of a button alone sees in the place of another. A
    dialog knows only Action.Submit.
    """
    actions = [_submit(reply.form, is_own)] if reply.form else []
    actions += [_press(button) for button in reply.buttons]
    *bars, last = _bars(actions)
    body = [*_body(reply), *_fields(reply.form), *map(_action_set, bars)]
    made: dict[str, Any] = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": _untagged(plain_text(reply)),
        "body": _untagged_within(body),
    }
    if last:
        made["actions"] = last
    if refresh:
        made["refresh"] = {"action": {"type": "Action.Execute", "verb": "refresh", "data": {"refresh": refresh}}}
    return _submitted(made) if in_dialog else made


def _submitted(shown: Any) -> Any:  # noqa: ANN401  # JSON
    """The same with every Action.Execute as the Action.Submit that it falls back to."""
    if isinstance(shown, dict):
        if shown.get("type") == "Action.Execute":
            return shown["fallback"]
        return {name: _submitted(value) for name, value in shown.items()}
    return [_submitted(value) for value in shown] if isinstance(shown, list) else shown


def _untagged(text: str) -> str:
    """Teams makes mentions of these tags; words are kept without them, so this is for what came by another way."""
    return _MENTION_TAG.sub("< ", text)


def _untagged_within(shown: Any) -> Any:  # noqa: ANN401  # JSON
    if isinstance(shown, dict):
        return {name: _untagged_within(value) for name, value in shown.items()}
    if isinstance(shown, list):
        return [_untagged_within(value) for value in shown]
    return _untagged(shown) if isinstance(shown, str) else shown


def _body(reply: Reply) -> list[Element]:
    lead, _, rest = reply.text.partition("\n")
    made = _paragraphs(lead, weight="Bolder") + _paragraphs(rest)
    for before, citation in zip((None, *reply.citations), reply.citations, strict=False):
        made += [_quiet(citation_title(citation, before), separator=True, url=citation.url)]
        made += _paragraphs(quoted(citation)) if citation.quote else []
    for table in reply.tables:
        made += _table(table)
    made += [_labelled(fact.label, fact.value) for fact in reply.facts]
    made += _paragraphs(reply.note)
    for citation in reply.see_also:
        made += [_labelled(f"See also {citation.number}", quoted(citation))]
    made += [_quiet(f"Source: {reply.source}.")] if reply.source else []
    made += _paragraphs(reply.next_step)
    return made + _paragraphs(reply.introduction, is_subtle=True)


def _paragraphs(text: str, weight: str = "Default", is_subtle: bool = False) -> list[Element]:
    return [_run(line, weight, is_subtle) for line in text.split("\n") if line.strip()]


def _run(text: str, weight: str = "Default", is_subtle: bool = False) -> Element:
    run: Element = {"type": "TextRun", "text": text}
    if weight != "Default":
        run["weight"] = weight
    if is_subtle:
        run["isSubtle"] = True
    return {"type": "RichTextBlock", "inlines": [run]}


def _quiet(text: str, separator: bool = False, url: str = "") -> Element:
    """Small and grey: what a quotation is headed by, and where it comes from; with `url` it opens that."""
    made = _run(text, is_subtle=True)
    made["inlines"][0]["size"] = "Small"
    if url:
        made["inlines"][0]["selectAction"] = {"type": "Action.OpenUrl", "url": url}
    return {**made, "separator": True, "spacing": "Medium"} if separator else made


def _labelled(label: str, value: str) -> Element:
    made = _run(f"{label}: ", weight="Bolder")
    made["inlines"].append({"type": "TextRun", "text": value})
    return made


# ---- tables ---------------------------------------------------------------------------------------------------------


def _table(table: Table) -> Iterator[Element]:
    if table.heading:
        yield {**_run(table.heading, weight="Bolder"), "spacing": "Large"}
    if table.opened:
        for row in table.rows:
            bars = map(_action_set, _bars([_press(button) for button in row.offers]))
            yield {"type": "Container", "separator": True, "items": [*_beside_menu(table, row), *bars]}
    elif any(row.offers for row in table.rows):
        yield _with_menus(table)
    elif table.rows:
        yield _in_columns(table)


def _in_columns(table: Table) -> Element:
    """A cell for each column, under their names."""
    widths = [{"width": 2 if number else 1} for number in range(len(table.header))]
    return _as_table(table, widths, [_cells(table.header, is_subtle=True), *(_cells(row.cells) for row in table.rows)])


def _with_menus(table: Table) -> Element:
    """What phones hold beside a menu, or beside a button where one thing alone is offered: the row as two lines."""
    is_menu = any(len(row.offers) > 1 for row in table.rows)
    offers = [_menu(row.offers) if is_menu else _action_set(list(map(_press, row.offers))) for row in table.rows]
    rows = [[_beside_menu(table, row), [offered]] for row, offered in zip(table.rows, offers, strict=True)]
    return _as_table(table, [{"width": 5}, {"width": "56px" if is_menu else "108px"}], rows, has_header=False)


def _as_table(
    table: Table, columns: list[Element], rows: list[list[list[Element]]], has_header: bool = True
) -> Element:
    """Clients that know no tables show the same as facts."""
    return {
        "type": "Table",
        "columns": columns,
        "firstRowAsHeader": has_header,  # as the schema names it
        "firstRowAsHeaders": has_header,  # as Microsoft's own renderer reads it, which else takes the first row for one
        "showGridLines": False,
        "rows": [
            {"type": "TableRow", "cells": [{"type": "TableCell", "items": items} for items in cells]} for cells in rows
        ],
        "fallback": {"type": "FactSet", "facts": [_fact(table, row) for row in table.rows]},
    }


def _cells(cells: Iterable[str], is_subtle: bool = False) -> list[list[Element]]:
    """Lines of a cell stand close; the first cell tells a row from the others."""
    shown = []
    for number, cell in enumerate(cells):
        weight = "Bolder" if not number and not is_subtle else "Default"
        first, *more = _paragraphs(cell, weight, is_subtle) or [_run(" ")]
        shown.append([first, *({**line, "spacing": "None"} for line in more)])
    return shown


def _beside_menu(table: Table, row: Row) -> list[Element]:
    """When and what in bold, and below it what else is said, with the names of its columns."""
    when, what, *others = row.cells
    name = table.said(replace(row, cells=(when, what.partition("\n")[0], *[""] * len(others)))).rstrip(".")
    rest = table.said(row).removeprefix(name).lstrip(". ")
    return [_run(name, weight="Bolder"), *([{**_run(rest), "spacing": "None"}] if rest else [])]


def _fact(table: Table, row: Row) -> Element:
    title = row.cells[0].replace("\n", ", ")
    return {"title": _unmarked(title), "value": _unmarked(table.said(row).removeprefix(title).lstrip(": ")) or " "}


def _unmarked(text: str) -> str:
    """Facts are read as Markdown, and what people wrote is none."""
    return re.sub(r"([\\\[\]()*_`#<>|~!])", r"\\\1", text)


def _menu(offers: Sequence[Button]) -> Element:
    """What a row offers, behind the three dots."""
    return _action_set([{**_press(button), "mode": "secondary"} for button in offers])


def _action_set(actions: Sequence[Element]) -> Element:
    return {"type": "ActionSet", "actions": list(actions)}


def _bars(actions: Sequence[Element]) -> list[list[Element]]:
    """Buttons beside each other as far as a phone holds them with their words whole, and below each other beyond that.

    All that is behind the three dots takes the room of these.
    """
    bars: list[list[Element]] = [[]]
    taken = 0
    for action in actions:
        room = _room(action, bars[-1])
        if bars[-1] and (taken + room > PHONE or len(bars[-1]) == MOST_ACTIONS):
            bars, taken = [*bars, []], 0
            room = _room(action, [])
        bars[-1].append(action)
        taken += room
    return bars


def _room(action: Element, beside: Sequence[Element]) -> int:
    if action.get("mode") != "secondary":
        return LETTER * len(action["title"]) + AROUND
    return 0 if any(one.get("mode") == "secondary" for one in beside) else DOTS


def _press(button: Button) -> Element:
    if button.url:
        return {"type": "Action.OpenUrl", "title": button.label, "url": button.url}
    pressed = _action(button.label, "say", {"press": button.value}, inputs="none")
    return {**pressed, "mode": "secondary"} if button.aside else pressed


def _submit(form: Form, is_own: bool) -> Element:
    lists = " ".join(field.name for field in form.fields if field.kind is FieldKind.CHOICES)
    people = " ".join(field.name for field in form.fields if field.kind is FieldKind.PERSON)
    data = {"form": form.name, "subject": form.subject, "lists": lists, "own": is_own}
    data |= {"people": people} if people else {}
    return _action(form.submit, "fill", data, inputs="auto")


def _action(title: str, verb: str, data: dict[str, Any], inputs: str) -> Element:
    """Clients that do not know Action.Execute submit the same data as a message."""
    same = {"title": title, "data": data, "associatedInputs": inputs}
    return {"type": "Action.Execute", "verb": verb, **same, "fallback": {"type": "Action.Submit", **same}}


def _fields(form: Form | None) -> Iterable[Element]:
    if form and form.says:
        yield _quiet(form.says)
    for field in form.fields if form else ():
        yield _input(field)
        if field.problem:
            problem = _run(f"Please mend this: {field.problem}")
            problem["inlines"][0]["color"] = "Attention"
            yield problem


def _input(field: Field) -> Element:
    made: Element = {"id": f"{INPUT}{field.name}", "label": _label(field), "isRequired": not field.optional}
    if not field.optional:
        made["errorMessage"] = f"Please fill in: {field.label[0].lower()}{field.label[1:]}"
    if field.kind is FieldKind.DATE:
        return {"type": "Input.Date", **made, "value": field.value}
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        many = field.kind is FieldKind.CHOICES
        choices = [{"title": option.label, "value": option.value} for option in field.options]
        chosen = ",".join(field.value.splitlines())
        return {"type": "Input.ChoiceSet", **made, "choices": choices, "value": chosen, "isMultiSelect": many}
    if field.kind is FieldKind.PERSON:
        # Whoever is picked comes as an id, so that two of one name stay two; a name that stood there stays as it is.
        held = [{"title": field.value, "value": field.value}] if field.value else []
        found = {"type": "Data.Query", "dataset": "graph.microsoft.com/users?scope=currentContext"}
        return {"type": "Input.ChoiceSet", **made, "choices": held, "choices.data": found, "value": field.value}
    several = field.kind is FieldKind.TEXT
    return {"type": "Input.Text", **made, "value": field.value, "maxLength": field.longest, "isMultiline": several}


def _label(field: Field) -> str:
    """With the hint in it: a screen reader reads the label with the input, and a placeholder not at all."""
    end = "" if field.label.endswith("?") or not field.hint else "."
    return f"{field.label}{end} {field.hint}".strip()


def in_parts(reply: Reply) -> list[Reply]:
    """The same words over a few replies, what does not fit in them left out; what can be pressed or filled in is with
    the last."""
    if _fits(reply):
        return [reply]
    *whole, part = [Reply(text) for text in _cut(reply.text)]
    for name, value in _pieces(reply):
        grown = replace(part, **{name: getattr(part, name) + value})
        if _fits(grown):
            part = grown
        else:
            whole, part = [*whole, part], replace(GOES_ON, **{name: value})
    last = replace(part, buttons=reply.buttons, form=reply.form)
    whole = [*whole, last] if _fits(last) else [*whole, part, replace(GOES_ON, buttons=reply.buttons, form=reply.form)]
    if len(whole) > MOST_PARTS:
        cut = replace(whole[MOST_PARTS - 1], introduction=LEFT_OUT, buttons=reply.buttons, form=reply.form)
        whole = [*whole[: MOST_PARTS - 1], cut]
    return whole


def in_one(reply: Reply) -> Reply:
    """As much as one card holds, for where there is room for no other."""
    first, *more = in_parts(replace(reply, buttons=(), form=None))
    return replace(first, buttons=reply.buttons, form=reply.form, introduction=LEFT_OUT if more else first.introduction)


def _fits(reply: Reply) -> bool:
    words = plain_text(reply)
    if len(words) <= SURELY_FITS and words.isascii() and not (reply.form or reply.buttons or reply.tables):
        return True
    return len(json.dumps(card(reply))) <= LARGEST_CARD


def _pieces(reply: Reply) -> Iterator[tuple[str, Any]]:
    """What a reply holds beside its text, in the order in which it is read, each piece small enough for a message."""
    for citation in reply.citations:
        for quote in _cut(citation.quote):
            yield "citations", (replace(citation, quote=quote),)
    for table in reply.tables:
        for first in range(0, len(table.rows), MOST_IN_TABLE):
            heading = table.heading if not first else ""
            yield "tables", (replace(table, rows=table.rows[first : first + MOST_IN_TABLE], heading=heading),)
    for fact in reply.facts:
        yield from (("facts", (replace(fact, value=value),)) for value in _cut(fact.value))
    yield from (("note", words) for words in _cut(reply.note))
    for citation in reply.see_also:
        yield from (("see_also", (replace(citation, quote=quote),)) for quote in _cut(citation.quote))
    for name in ("source", "next_step", "introduction"):
        yield from ((name, words) for words in _cut(getattr(reply, name)))


def _cut(text: str) -> list[str]:
    return textwrap.wrap(text, LONGEST_PIECE, replace_whitespace=False, drop_whitespace=False) if text else [""]


def messages(reply: Reply) -> list[dict[str, Any]]:
    """The activities that show a reply."""
    return [message(one) for one in in_parts(reply)]
