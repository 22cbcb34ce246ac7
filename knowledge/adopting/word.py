"""A Word document as lines, with the numbers that Word counts by itself.

mammoth 1.13 and markitdown 0.1 were tried on a document whose numbers Word counts: both keep how deep an item stands,
but number it 1, 2, 3 at each depth, so that "3.1.2" and "(b)" are lost; mammoth also takes the cells of a table apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element as Element

from knowledge.adopting.lines import Line
from knowledge.adopting.tables import table_lines

_SKIPPED = {qn(f"w:{name}") for name in ("pPr", "rPr", "del", "moveFrom", "instrText", "txbxContent", "sectPr")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_SPACE_BETWEEN_PARAGRAPHS = 80  # twentieths of a point; less is a list or a line of one paragraph


def word_lines(file: BinaryIO) -> list[Line]:
    """The lines of a .docx. Raises what python-docx raises for a file that is none."""
    document = Document(file)
    reading = _Word(document)
    lines = list(reading.blocks(document.element.body))
    lines += [Line(0, text, True, aside="head or foot of the page") for text in _edges(document)]
    lines += [Line(0, text, True, aside="footnote") for text in _notes(document)]
    return lines


@dataclass
class _Word:
    document: WordDocument
    counters: dict[tuple[str, int], int] = field(default_factory=dict)
    blank: bool = True

    def __post_init__(self) -> None:
        styles = self.document.styles.element
        self.styles = {style.get(qn("w:styleId")): style for style in styles.iter(qn("w:style"))}
        self.defaults = styles.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}")
        self.default_style = next(
            (s for s in self.styles.values() if s.get(qn("w:default")) and s.get(qn("w:type")) == "paragraph"), None
        )
        self.levels = _numbering(self.document)

    def blocks(self, parent: Element) -> Iterator[Line]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from table_lines(
                    [[list(self.blocks(cell)) for cell in _own(row, "w:tc")] for row in _own(child, "w:tr")]
                )
                self.blank = True
            elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")):
                yield from self.blocks(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Line]:
        chain = list(self._style_chain(paragraph))
        names = [name.get(qn("w:val")).casefold() for s in chain if (name := s.find(qn("w:name"))) is not None]
        text = "".join(_words(paragraph))
        label = self._label(paragraph, chain) if text.strip() else ""
        blank = self.blank or self._is_spaced(paragraph, chain)
        for index, piece in enumerate(re.split(r"[\n\f]", text)):
            clean = piece.rstrip()
            if not clean.strip():
                self.blank = True
                blank = True
                continue
            said = f"{label} {clean.strip()}" if label and index == 0 else clean
            yield Line(
                0,
                said,
                blank,
                self._heading_level(paragraph, chain, names),
                _is_strong(paragraph),
                self._depth(paragraph, chain) + len(said) - len(said.lstrip()),
                aside="contents list" if any(name.startswith("toc") for name in names) else "",
            )
            blank = self.blank = False
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(parent.tag.endswith("}Fallback") for parent in box.iterancestors()):
                self.blank = True
                yield from self.blocks(box)

    def _style_chain(self, paragraph: Element) -> Iterator[Element]:
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style = self.styles.get(own.get(qn("w:val"))) if own is not None else self.default_style
        seen: set[int] = set()
        while style is not None and id(style) not in seen:
            seen.add(id(style))
            yield style
            based = style.find(qn("w:basedOn"))
            style = self.styles.get(based.get(qn("w:val"))) if based is not None else None

    def _properties(self, paragraph: Element, chain: list[Element], path: str) -> Element | None:
        for owner in (paragraph, *chain):
            found = owner.find(f"{qn('w:pPr')}/{path}")
            if found is not None:
                return found
        return None

    def _is_spaced(self, paragraph: Element, chain: list[Element]) -> bool:
        spacing = self._properties(paragraph, chain, qn("w:spacing"))
        if spacing is None and self.defaults is not None:
            spacing = self.defaults.find(qn("w:spacing"))
        if spacing is None:
            return False
        return any(
            int(float(spacing.get(qn(f"w:{side}")) or 0)) >= _SPACE_BETWEEN_PARAGRAPHS for side in ("before", "after")
        )

    def _heading_level(self, paragraph: Element, chain: list[Element], names: list[str]) -> int:
        for name in names:
            if found := re.match(r"(?:heading|überschrift) (\d)", name):
                return int(found[1])
            if name in ("title", "subtitle"):
                return 1 if name == "title" else 2
        outline = self._properties(paragraph, chain, qn("w:outlineLvl"))
        level = int(outline.get(qn("w:val"))) + 1 if outline is not None else 0
        return level if level <= 6 else 0

    def _depth(self, paragraph: Element, chain: list[Element]) -> int:
        numbered = self._properties(paragraph, chain, f"{qn('w:numPr')}/{qn('w:ilvl')}")
        if numbered is not None:
            return int(numbered.get(qn("w:val")))
        indent = paragraph.find(f"{qn('w:pPr')}/{qn('w:ind')}")
        left = (indent.get(qn("w:left")) or indent.get(qn("w:start"))) if indent is not None else None
        return int(float(left)) // 360 if left else 0

    def _label(self, paragraph: Element, chain: list[Element]) -> str:
        """The number that Word prints before a paragraph, counted as Word counts it; "•" for any bullet."""
        number = self._properties(paragraph, chain, f"{qn('w:numPr')}/{qn('w:numId')}")
        if number is None:
            return ""
        num_id, level = number.get(qn("w:val")), self._depth_of_number(paragraph, chain)
        levels = self.levels.get(num_id, {})
        if level not in levels:
            return ""
        form, shape, start, family = levels[level]
        if form == "bullet":
            return "•"
        key = (family, level)
        self.counters[key] = self.counters.get(key, start - 1) + 1
        for deeper in [k for k in self.counters if k[0] == family and k[1] > level]:
            del self.counters[deeper]
        if form == "none":
            return ""
        return re.sub(r"%(\d)", lambda m: self._counted(levels, family, int(m[1]) - 1), shape)

    def _counted(self, levels: dict[int, tuple[str, str, int, str]], family: str, level: int) -> str:
        form, _, start, _ = levels.get(level, ("decimal", "", 1, ""))
        return _formatted(self.counters.get((family, level), start), form)

    def _depth_of_number(self, paragraph: Element, chain: list[Element]) -> int:
        level = self._properties(paragraph, chain, f"{qn('w:numPr')}/{qn('w:ilvl')}")
        return int(level.get(qn("w:val"))) if level is not None else 0


def _own(element: Element, name: str) -> list[Element]:
    """The rows of a table or the cells of a row, without those of tables inside it."""
    own = element.tag
    return [found for found in element.iter(qn(name)) if next(found.iterancestors(own)) is element]


def _words(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SKIPPED:
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in (qn("w:tab"), qn("w:ptab")):
            yield " "
        elif child.tag in (qn("w:br"), qn("w:cr")):
            yield "\f" if child.get(qn("w:type")) == "page" else "\n"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        else:
            yield from _words(child)


def _is_strong(paragraph: Element) -> bool:
    runs = [run for run in paragraph.iter(qn("w:r")) if any((t.text or "").strip() for t in run.iter(qn("w:t")))]
    bold = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
    return bool(runs) and all(b is not None and b.get(qn("w:val")) not in ("0", "false") for b in bold)


def _numbering(document: WordDocument) -> dict[str, dict[int, tuple[str, str, int, str]]]:
    """For each list of the document, by level: number format, shape such as "%1.%2", first number, counter's name."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract = {a.get(qn("w:abstractNumId")): a for a in root.iter(qn("w:abstractNum"))}
    found: dict[str, dict[int, tuple[str, str, int, str]]] = {}
    for num in root.iter(qn("w:num")):
        ref = num.find(qn("w:abstractNumId"))
        base = abstract.get(ref.get(qn("w:val"))) if ref is not None else None
        restarts = {int(o.get(qn("w:ilvl"))): o for o in num.iter(qn("w:lvlOverride"))}
        name = (
            f"own {num.get(qn('w:numId'))}" if restarts else f"shared {ref.get(qn('w:val')) if ref is not None else ''}"
        )
        levels = {}
        for level in base.iter(qn("w:lvl")) if base is not None else ():
            place = int(level.get(qn("w:ilvl")))
            form, shape, start = (level.find(qn(f"w:{tag}")) for tag in ("numFmt", "lvlText", "start"))
            first = int(start.get(qn("w:val"))) if start is not None else 1
            override = restarts[place].find(qn("w:startOverride")) if place in restarts else None
            levels[place] = (
                form.get(qn("w:val")) if form is not None else "decimal",
                (shape.get(qn("w:val")) or "") if shape is not None else "",
                int(override.get(qn("w:val"))) if override is not None else first,
                name,
            )
        found[num.get(qn("w:numId"))] = levels
    return found


def _formatted(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        from knowledge.adopting.labels import roman

        return roman(number) if form == "lowerRoman" else roman(number).upper()
    return f"{number:02}" if form == "decimalZero" else str(number)


def _edges(document: WordDocument) -> list[str]:
    """The words of headers and footers, each once."""
    found = [
        " ".join("".join(_words(paragraph)).split())
        for section in document.sections
        for edge in (section.header, section.footer, section.first_page_header, section.first_page_footer)
        if not edge.is_linked_to_previous
        for paragraph in edge._element.iter(qn("w:p"))
    ]
    return [text for text in dict.fromkeys(found) if text]


def _notes(document: WordDocument) -> list[str]:
    found = []
    for related in document.part.rels.values():
        if related.reltype.endswith(("/footnotes", "/endnotes")) and not related.is_external:
            root = etree.fromstring(related.target_part.blob)
            found += [" ".join("".join(_words(paragraph)).split()) for paragraph in root.iter(qn("w:p"))]
    return [text for text in found if text]
