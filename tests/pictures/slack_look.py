"""Blocks as Slack shows them, near enough to see what is too long, too loud or out of order."""

import re
from html import escape
from pathlib import Path
from typing import Any

Block = dict[str, Any]

STYLE = (Path(__file__).parent / "slack.css").read_text(encoding="utf-8")


def page(blocks: list[Block], is_dark: bool, is_phone: bool, title: str = "") -> str:
    classes = f"{'dark' if is_dark else 'light'} {'phone' if is_phone else 'desk'}"
    who = f'<div class="who">{escape(title)}</div>' if title else '<div class="who">Compact Bot<span>09:00</span></div>'
    shown = "".join(map(drawn, blocks))
    return f'<!doctype html><style>{STYLE}</style><body class="{classes}"><div class="shown">{who}{shown}</div></body>'


def drawn(block: Block) -> str:
    match block["type"]:
        case "header":
            return _block("header", text(block["text"]))
        case "section":
            fields = "".join(f"<div>{text(field)}</div>" for field in block.get("fields", ()))
            inner = f'<div class="fields">{fields}</div>' if fields else f"<div>{text(block['text'])}</div>"
            return _block("section", inner + _beside(block.get("accessory")))
        case "context":
            return _block("context", "".join(map(text, block["elements"])))
        case "rich_text":
            return _block("rich", "".join(map(_rich, block["elements"])))
        case "actions":
            return _block(
                "actions", "".join(f'<div class="button">{text(one["text"])}</div>' for one in block["elements"])
            )
        case "context_actions":
            (pair,) = block["elements"]
            both = (pair["positive_button"], pair["negative_button"])
            return _block("actions small", "".join(f'<div class="button">{text(one["text"])}</div>' for one in both))
        case "input":
            return _block("", _input(block))
    raise ValueError(block["type"])


def _block(name: str, inner: str) -> str:
    return f'<div class="block {name}">{inner}</div>'


def text(held: Block) -> str:
    if held["type"] == "mrkdwn" and held["text"].startswith("<@"):
        return f'<span class="user">{escape(held["text"].strip("<>"))}</span>'
    if held["type"] == "mrkdwn":
        return re.sub(r"\*(.+?)\*", r"<b>\1</b>", escape(held["text"]))
    return escape(held["text"])


def _rich(element: Block) -> str:
    match element["type"]:
        case "rich_text_section":
            return f"<div>{_spans(element)}</div>"
        case "rich_text_quote":
            return f"<blockquote>{_spans(element)}</blockquote>"
        case "rich_text_list":
            return f"<ul>{''.join(f'<li>{_spans(one)}</li>' for one in element['elements'])}</ul>"
    raise ValueError(element["type"])


def _spans(element: Block) -> str:
    made = ""
    for span in element["elements"]:
        if span["type"] == "user":
            made += f'<span class="user">@{escape(span["user_id"])}</span>'
        else:
            words = escape(span["text"])
            made += f"<b>{words}</b>" if span.get("style", {}).get("bold") else words
    return made


def _input(block: Block) -> str:
    element = block["element"]
    held = element.get("initial_value") or element.get("initial_date") or ""
    held = held or element.get("initial_option", {}).get("text", {}).get("text", "")
    optional = ' <span class="hint">(optional)</span>' if block.get("optional") else ""
    hint = f'<div class="hint">{text(block["hint"])}</div>' if "hint" in block else ""
    tall = ' style="min-height:64px"' if element.get("multiline") else ""
    return (
        f'<div class="label">{text(block["label"])}{optional}</div><div class="input"{tall}>{escape(held)}</div>{hint}'
    )


def _beside(accessory: Block | None) -> str:
    if accessory is None:
        return ""
    if accessory["type"] == "button":
        return f'<div class="button" style="flex: none; align-self: start">{text(accessory["text"])}</div>'
    return '<div class="more">⋯</div>'
