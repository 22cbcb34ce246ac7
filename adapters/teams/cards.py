"""A reply as an Adaptive Card 1.5: one column, text that stays text, every button its sentence. Pure.

Words are text runs, which know no markup: in a text block `[here](https://...)` that somebody typed would be a link.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from adapters.plain_text import LEFT_OUT, citation_title, parted, plain_text, quoted
from adapters.teams.codec import INPUT
from compact_bot.conversation import Button, Field, FieldKind, Form, Reply, Row

CARD = "application/vnd.microsoft.card.adaptive"
MOST_ACTIONS = 6
# Teams refuses messages over 100 KB, and a card holds a reply's words three times: body, summary, fallbackText.
MOST_WORDS = 12_000  # bytes of words in one message; a reply that holds more is sent in parts
MOST_ITEMS = 100  # each is an element of the card, which takes more room than a short one's words
MOST_PARTS = 5
GOES_ON = Reply("This goes on from the message above.")

_MENTION_TAG = re.compile(r"<(?=/?at\b)", re.IGNORECASE)

Element = dict[str, Any]


def message(reply: Reply, refresh: str = "") -> dict[str, Any]:
    """An activity that shows a reply. `summary` is the whole of it: notifications and screen readers read that."""
    whole = _untagged(plain_text(reply))
    if reply == Reply(reply.text):
        return {"type": "message", "text": whole, "textFormat": "plain", "summary": whole}
    return {"type": "message", "summary": whole, "attachments": [attachment(card(reply, refresh, is_own=True))]}


def attachment(content: dict[str, Any]) -> dict[str, Any]:
    return {"contentType": CARD, "content": content}


def card(reply: Reply, refresh: str = "", is_own: bool = False, in_dialog: bool = False) -> dict[str, Any]:
    """With `refresh`, Teams asks whether the card still holds when somebody opens it later.

    `is_own` is a card that is a message, not one that the presser of a button alone sees in the place of another. A
    dialog knows only Action.Submit.
    """
    room = MOST_ACTIONS - (1 if reply.form else 0)
    actions = [_submit(reply.form, is_own)] if reply.form else []
    actions += [_press(button) for button in reply.buttons[:room]]
    body = [*_body(reply), *_fields(reply.form), *_left_over(reply.buttons[room:])]
    made: dict[str, Any] = {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": _untagged(plain_text(reply)),
        "body": _untagged_within(body),
    }
    if actions:
        made["actions"] = [action.get("fallback", action) for action in actions] if in_dialog else actions
    if refresh:
        made["refresh"] = {"action": {"type": "Action.Execute", "verb": "refresh", "data": {"refresh": refresh}}}
    return made


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
    made = _paragraphs(reply.text, weight="Bolder")
    for before, citation in zip((None, *reply.citations), reply.citations, strict=False):
        made += [_run(citation_title(citation, before), weight="Bolder", separator=True)]
        made += _paragraphs(quoted(citation)) if citation.quote else []
    for group in reply.groups:
        made += [_run(group.heading, weight="Bolder", separator=True)] if group.heading else []
        for row in group.rows:
            made += [_labelled(row.label, row.value)]
            made += [_row_of(row)] if row.buttons else []
    made += [_labelled(fact.label, fact.value) for fact in reply.facts]
    made += _paragraphs(reply.note)
    for citation in reply.see_also:
        made += [_labelled(f"See also {citation.number}", quoted(citation))]
    made += _paragraphs(f"Source: {reply.source}." if reply.source else "", is_subtle=True)
    made += _paragraphs(reply.next_step)
    return made + _paragraphs(reply.introduction, is_subtle=True)


def _paragraphs(text: str, weight: str = "Default", is_subtle: bool = False) -> list[Element]:
    return [_run(line, weight, is_subtle) for line in text.split("\n") if line.strip()]


def _run(text: str, weight: str = "Default", is_subtle: bool = False, separator: bool = False) -> Element:
    run: Element = {"type": "TextRun", "text": text}
    if weight != "Default":
        run["weight"] = weight
    if is_subtle:
        run["isSubtle"] = True
    made: Element = {"type": "RichTextBlock", "inlines": [run]}
    return {**made, "separator": True, "spacing": "Medium"} if separator else made


def _labelled(label: str, value: str) -> Element:
    made = _run(f"{label}: ", weight="Bolder")
    made["inlines"].append({"type": "TextRun", "text": value})
    return made


def _row_of(row: Row) -> Element:
    """A row's own buttons; the tooltip says aloud which row they belong to."""
    actions = [{**_press(button), "tooltip": f"{button.label}, {row.label}"} for button in row.buttons[:MOST_ACTIONS]]
    return {"type": "ActionSet", "actions": actions}


def _press(button: Button) -> Element:
    if button.url:
        return {"type": "Action.OpenUrl", "title": button.label, "url": button.url}
    return _action(button.label, "say", {"press": button.value}, inputs="none")


def _submit(form: Form, is_own: bool) -> Element:
    lists = " ".join(field.name for field in form.fields if field.kind is FieldKind.CHOICES)
    data = {"form": form.name, "subject": form.subject, "lists": lists, "own": is_own}
    return _action(form.submit, "fill", data, inputs="auto")


def _action(title: str, verb: str, data: dict[str, Any], inputs: str) -> Element:
    """Clients that do not know Action.Execute submit the same data as a message."""
    same = {"title": title, "data": data, "associatedInputs": inputs}
    return {"type": "Action.Execute", "verb": verb, **same, "fallback": {"type": "Action.Submit", **same}}


def _left_over(buttons: Sequence[Button]) -> list[Element]:
    """Buttons beyond those that a card may have, as what can be typed instead."""
    return _paragraphs(f"You can also type: {', '.join(button.says for button in buttons)}." if buttons else "")


def _fields(form: Form | None) -> Iterable[Element]:
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
    several = field.kind is FieldKind.TEXT
    return {"type": "Input.Text", **made, "value": field.value, "maxLength": field.longest, "isMultiline": several}


def _label(field: Field) -> str:
    """With the hint in it: a screen reader reads the label with the input, and a placeholder not at all."""
    end = "" if field.label.endswith("?") or not field.hint else "."
    return f"{field.label}{end} {field.hint}".strip()


def in_parts(reply: Reply, most: int = MOST_WORDS) -> list[Reply]:
    """The same words over a few replies, what does not fit in them left out; what can be pressed or filled in is with
    the last."""
    if _fits(reply, most):
        return [reply]
    *whole, part = [Reply(text) for text in _cut(reply.text, most)]
    for name, value in _pieces(reply, most):
        grown = replace(part, **{name: getattr(part, name) + value})
        if _fits(grown, most):
            part = grown
        else:
            whole, part = [*whole, part], replace(GOES_ON, **{name: value})
    whole = [*whole, part]
    if len(whole) > MOST_PARTS:
        whole = [*whole[: MOST_PARTS - 1], replace(whole[MOST_PARTS - 1], introduction=LEFT_OUT)]
    return [*whole[:-1], replace(whole[-1], buttons=reply.buttons, form=reply.form)]


def in_one(reply: Reply) -> Reply:
    """As much as one card holds, for where there is room for no other."""
    first, *more = in_parts(replace(reply, buttons=(), form=None))
    return replace(first, buttons=reply.buttons, form=reply.form, introduction=LEFT_OUT if more else first.introduction)


def _fits(reply: Reply, most: int) -> bool:
    rows = [row for group in reply.groups for row in group.rows]
    pressed = sum(len(row.buttons) for row in rows)
    items = len(reply.citations) + len(rows) + pressed + len(reply.facts) + len(reply.see_also)
    return items <= MOST_ITEMS and len(plain_text(reply).encode()) <= most


def _pieces(reply: Reply, most: int) -> Iterator[tuple[str, Any]]:
    """What a reply holds beside its text, in the order in which it is read, each piece small enough for a message."""
    for citation in reply.citations:
        for quote in _cut(citation.quote, most):
            yield "citations", (replace(citation, quote=quote),)
    for group in reply.groups:
        yield from (("groups", (one,)) for one in parted(group))
    for fact in reply.facts:
        yield from (("facts", (replace(fact, value=value),)) for value in _cut(fact.value, most))
    yield from (("note", words) for words in _cut(reply.note, most))
    for citation in reply.see_also:
        yield from (("see_also", (replace(citation, quote=quote),)) for quote in _cut(citation.quote, most))
    for name in ("source", "next_step", "introduction"):
        yield from ((name, words) for words in _cut(getattr(reply, name), most))


def _cut(text: str, most: int) -> list[str]:
    """Pieces of at most half of what a message holds; a letter has up to 4 bytes."""
    return textwrap.wrap(text, most // 8, replace_whitespace=False, drop_whitespace=False) if text else [""]


def messages(reply: Reply) -> list[dict[str, Any]]:
    """The activities that show a reply."""
    return [message(one) for one in in_parts(reply)]
