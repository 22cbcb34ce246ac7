"""Forms as modals, replies in a modal, and App Home. Pure functions, both ways."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from adapters.slack.blocks import Block, pieces, plain, shortened, small, view_blocks
from adapters.slack.wording import typed
from compact_bot.conversation import Field, FieldKind, Filled, Form, Option, Reply

MOST_IN_TITLE = 24
MOST_IN_OPTION = 75
MOST_OPTIONS = 100
MOST_IN_INPUT = 3_000
MOST_IN_HINT = 2_000
MOST_IN_ERROR = 150
FORM, SHOWN = "form", "shown"
VALUE, ASK = "value", "ask"
NOTHING_CHOSEN = Option("-", "None")


@dataclass(frozen=True)
class Opened:
    """What a modal must remember: where it was opened, where its answer goes, and its form."""

    route: str
    answer_at: str = ""  # Slack's response_url, good for half an hour
    form: str = ""
    subject: str = ""
    thread: str = ""  # where it was opened: what waits there is settled by it

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> "Opened":
        return cls(**json.loads(view["private_metadata"]))


def form_view(form: Form, opened: Opened) -> Block:
    kept = replace(opened, form=form.name, subject=form.subject)
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": json.dumps(asdict(kept)),
        "title": plain(shortened(form.title, MOST_IN_TITLE)),
        "submit": plain(shortened(form.submit, MOST_IN_TITLE)),
        "close": plain("Cancel"),
        "blocks": [*map(small, pieces(form.says)), *(_input(field) for field in form.fields)],
    }


def reply_view(reply: Reply, title: str = "Compact Bot") -> Block:
    return {
        "type": "modal",
        "callback_id": SHOWN,
        "title": plain(shortened(title, MOST_IN_TITLE)),
        "close": plain("Close"),
        "blocks": view_blocks(reply),
    }


def home_view(reply: Reply) -> Block:
    """App Home: the question first, then what is due and where to go."""
    asking = [_asking(field) for field in reply.form.fields] if reply.form else []
    return {"type": "home", "blocks": [*asking, *view_blocks(reply)]}


def _asking(field: Field) -> Block:
    """One line that asks when Enter is pressed, since App Home has no button to submit with."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": ASK,
        "max_length": min(field.longest, MOST_IN_INPUT),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    return {**_labelled(field, element), "dispatch_action": True}


def _input(field: Field) -> Block:
    return {**_labelled(field, _element(field)), "optional": field.optional}


def _labelled(field: Field, element: Block) -> Block:
    block: Block = {"type": "input", "block_id": field.name, "label": plain(field.label), "element": element}
    return {**block, "hint": plain(shortened(field.hint, MOST_IN_HINT))} if field.hint else block


def _element(field: Field) -> Block:
    kind: Block = {"action_id": VALUE}
    if field.kind is FieldKind.DATE:
        return {"type": "datepicker", **kind, **({"initial_date": field.value} if field.value else {})}
    if field.kind is FieldKind.PERSON:
        person: Block = {"initial_user": field.value.removeprefix("@")} if field.value else {}
        return {"type": "users_select", **kind, **person}
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        options = [_option(option) for option in field.options[:MOST_OPTIONS]] or [_option(NOTHING_CHOSEN)]
        chosen = [option for option in options if option["value"] in field.value.splitlines()]
        if field.kind is FieldKind.CHOICES:
            initial: Block = {"initial_options": chosen} if chosen else {}
            return {"type": "multi_static_select", **kind, "options": options, **initial}
        return {
            "type": "static_select",
            **kind,
            "options": options,
            **({"initial_option": chosen[0]} if chosen else {}),
        }
    text: Block = {
        "type": "plain_text_input",
        **kind,
        "multiline": field.kind is FieldKind.TEXT,
        "max_length": min(field.longest, MOST_IN_INPUT),
    }
    return {**text, "initial_value": field.value[: text["max_length"]]} if field.value else text


def _option(option: Option) -> Block:
    return {"text": plain(shortened(option.label, MOST_IN_OPTION)), "value": option.value}


def filled(opened: Opened, state: Mapping[str, Any]) -> Filled:
    """What a submitted modal holds, by the names of its fields."""
    values = {name: _value(sent) for name, inputs in state.get("values", {}).items() for sent in inputs.values()}
    return Filled(opened.form, opened.subject, values)


def _value(sent: Mapping[str, Any]) -> str:
    """One input's value, whatever its type is."""
    if sent.get("selected_user"):
        return f"@{sent['selected_user']}"
    if sent.get("selected_option"):
        return str(sent["selected_option"]["value"])
    if sent.get("selected_options"):
        return "\n".join(str(option["value"]) for option in sent["selected_options"])
    return str(sent.get("selected_date") or typed(sent.get("value") or ""))


def errors(form: Form) -> dict[str, str]:
    """What is wrong, beside each field."""
    return {field.name: pieces(field.problem)[0][:MOST_IN_ERROR] for field in form.fields if field.problem}
