"""Adaptive Cards as Teams shows them, near enough to see what is too long, too loud or out of order."""

from html import escape
from pathlib import Path
from typing import Any

Element = dict[str, Any]

STYLE = (Path(__file__).parent / "teams.css").read_text(encoding="utf-8")


def page(cards: list[Element], is_dark: bool) -> str:
    shown = "".join(f'<div class="card">{_items(card["body"])}{_bar(card.get("actions", []))}</div>' for card in cards)
    scheme = "dark" if is_dark else "light"
    return f'<!doctype html><style>{STYLE}</style><body class="{scheme}"><div class="shown">{shown}</div></body>'


def _items(items: list[Element]) -> str:
    return "".join(map(drawn, items))


def drawn(element: Element) -> str:
    spacing = f"{element.get('spacing', '')} {'separator' if element.get('separator') else ''}"
    match element["type"]:
        case "RichTextBlock":
            return f'<div class="{spacing}">{"".join(map(_run, element["inlines"]))}</div>'
        case "Container":
            return f'<div class="box {spacing}">{_items(element["items"])}</div>'
        case "ActionSet":
            return _bar(element["actions"])
        case "Table":
            return f'<div class="{spacing}">{"".join(_row(element, row) for row in element["rows"])}</div>'
        case "Input.Text" | "Input.Date" | "Input.ChoiceSet":
            return _input(element)
    raise ValueError(element["type"])


def _run(run: Element) -> str:
    classes = f"{run.get('weight', '')} {'subtle' if run.get('isSubtle') else ''} {run.get('size', '')}"
    return f'<span class="{classes}">{escape(run["text"])}</span>'


def _row(table: Element, row: Element) -> str:
    widths = [column["width"] for column in table["columns"]]
    styles = [f"flex: {width}" if isinstance(width, int) else f"width: {width}; flex: none" for width in widths]
    cells = (
        f'<div class="cell" style="{style}">{_items(cell["items"])}</div>'
        for style, cell in zip(styles, row["cells"], strict=True)
    )
    return f'<div class="row">{"".join(cells)}</div>'


def _bar(actions: list[Element]) -> str:
    if not actions:
        return ""
    shown = [f'<div class="button">{escape(a["title"])}</div>' for a in actions if a.get("mode") != "secondary"]
    more = ['<div class="more">⋯</div>'] if len(shown) < len(actions) else []
    return f'<div class="bar">{"".join([*shown, *more])}</div>'


def _input(element: Element) -> str:
    held = element.get("value", "")
    chosen = [choice["title"] for choice in element.get("choices", ()) if choice["value"] in held.split(",")]
    tall = ' style="min-height: 64px"' if element.get("isMultiline") else ""
    needed = " *" if element.get("isRequired") else ""
    return (
        f'<div class="label">{escape(element["label"])}{needed}</div>'
        f'<div class="input"{tall}>{escape(", ".join(chosen) or held)}</div>'
    )
