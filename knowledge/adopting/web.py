"""A web page as lines: its blocks, with the numbers that a browser prints before list items."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html
from lxml.etree import ParserError
from lxml.etree import _Element as Element

from knowledge.adopting.labels import roman
from knowledge.adopting.lines import Line
from knowledge.adopting.tables import table_lines

_NOT_SHOWN = {
    "script",
    "style",
    "noscript",
    "template",
    "head",
    "svg",
    "iframe",
    "object",
    "select",
    "button",
    "input",
    "textarea",
}
_AROUND = {"nav", "header", "footer", "aside", "form"}
_BLOCKS = {
    *"p div section article main li ul ol dl dt dd blockquote pre address figure figcaption hr table tr td th".split(),
    *"h1 h2 h3 h4 h5 h6 body html details summary fieldset tbody thead tfoot caption center".split(),
}
_AROUND_THE_TEXT = "the website's own lines"


def web_lines(text: str) -> list[Line]:
    if not text.strip():
        return []
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)  # lxml refuses text that declares an encoding
    try:
        root = html.document_fromstring(text.replace("\x00", ""))
    except ParserError:  # comments and white space alone
        return []
    mains = [e for e in root.iter("main", "article") if len(e.text_content().split()) > 30]
    reading = _Page(mains[0] if mains else None)
    return list(reading.block(root, "", 0))


@dataclass
class _Page:
    main: Element | None

    def block(self, element: Element, label: str, depth: int) -> Iterator[Line]:
        """The lines of a block; `label` is what the browser prints before its first words."""
        pieces: list[str] = [element.text or ""]
        strong: list[bool] = [not (element.text or "").strip()]
        state = {"label": label}

        def flush() -> Iterator[Line]:
            words = "".join(pieces)
            bold = all(strong)
            pieces.clear()
            strong.clear()
            first = True
            for said in words.split("\n\n"):
                clean = re.sub(r"\s+", " ", said).strip()
                if clean:
                    yield self._line(element, f"{state['label']} {clean}".strip(), first, bold, depth)
                    state["label"], first = "", False

        for child in element:
            if not isinstance(child.tag, str) or child.tag in _NOT_SHOWN:
                pieces.append(child.tail or "")
                strong.append(not (child.tail or "").strip())
                continue
            if child.tag == "br":
                pieces.append("\n\n")
            elif child.tag in _BLOCKS or child.tag in _AROUND:
                yield from flush()
                yield from self._child(child, state, depth)
            else:
                said = _inline(child)
                pieces.append(said)
                strong.append(not said.strip() or child.tag in ("b", "strong"))
            pieces.append(child.tail or "")
            strong.append(not (child.tail or "").strip())
        yield from flush()

    def _child(self, child: Element, state: dict[str, str], depth: int) -> Iterator[Line]:
        if child.tag == "table":
            rows = [
                [list(self.block(cell, "", depth)) for cell in row if cell.tag in ("td", "th")]
                for row in child.iter("tr")
                if next(row.iterancestors("table")) is child
            ]
            yield from table_lines(rows)
        elif child.tag in ("ol", "ul"):
            yield from self._list(child, depth + 1)
        else:
            label, state["label"] = (state["label"], "") if child.text_content().strip() else ("", state["label"])
            yield from self.block(child, label, depth)

    def _list(self, listed: Element, depth: int) -> Iterator[Line]:
        number = _whole(listed.get("start"), 1)
        for item in listed:
            if item.tag != "li":
                if isinstance(item.tag, str):
                    yield from self.block(item, "", depth)
                continue
            number = _whole(item.get("value"), number)
            label = "•" if listed.tag == "ul" else f"{_counted(number, listed.get('type') or '1')}."
            yield from self.block(item, label, depth)
            number += 1

    def _line(self, element: Element, text: str, first: bool, bold: bool, depth: int) -> Line:
        heading = int(element.tag[1]) if re.fullmatch(r"h[1-6]", str(element.tag)) else 0
        around = any(a.tag in _AROUND for a in (element, *element.iterancestors()))
        outside = self.main is not None and self.main not in (element, *element.iterancestors())
        aside = _AROUND_THE_TEXT if outside or (around and self.main is None) or self._in_nav(element) else ""
        return Line(0, text, first, heading, bold and not heading, depth, aside=aside)

    def _in_nav(self, element: Element) -> bool:
        return any(a.tag == "nav" for a in (element, *element.iterancestors()))


def _inline(element: Element) -> str:
    if element.tag in _NOT_SHOWN:
        return ""
    said = element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            said += (
                "\n\n" if child.tag == "br" else f"\n\n{_inline(child)}\n\n" if child.tag in _BLOCKS else _inline(child)
            )
        said += child.tail or ""
    return said


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,4}", text.strip()) else otherwise


def _counted(number: int, form: str) -> str:
    if form in "aA":
        letter = chr(ord("a") + (number - 1) % 26)
        return letter if form == "a" else letter.upper()
    if form in "iI":
        return roman(number) if form == "i" else roman(number).upper()
    return str(number)
