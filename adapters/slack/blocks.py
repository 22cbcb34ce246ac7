"""A reply as Slack messages: a pure function. Each message holds all its words in `text`, which is what is read out.

What people wrote goes into plain_text and rich_text, where Slack looks for no markup.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from adapters.plain_text import LEFT_OUT, citation_title, quoted, within
from adapters.slack.wording import MENTION, written
from compact_bot.conversation import Button, Citation, Fact, Reply, Row, Table

Block = dict[str, Any]


class Unit(NamedTuple):
    """Words as they are read aloud, and the blocks that show them. Never changed once made: some are kept.

    `is_next_line` goes on in the next line, where others begin a paragraph.
    """

    words: str
    blocks: list[Block]
    is_next_line: bool = False


MOST_BLOCKS = 45  # Slack takes 50; some room for what a view adds
MOST_TEXT = 3_800  # Slack asks for at most 4,000 characters of text in a message
MOST_IN_VIEW = 30_000
MOST_MESSAGES = 5  # as often as a response_url may be used
MOST_IN_BLOCK = 2_900  # of 3,000
MOST_IN_VALUE = 2_000
MOST_IN_LABEL = 75
MOST_IN_OPTION_VALUE = 150
MOST_IN_HEADER = 150
MOST_IN_FIELD = 2_000
LONGEST_LEAD = 200  # characters of a first line that is shown in bold
BUTTONS_IN_ROW = 5
MOST_IN_MENU = 5
FACTS_IN_BLOCK = 10
ROWS_IN_BLOCK = 5  # of two fields each: a section holds ten
SAY = "say"
_WITHOUT_MARKUP = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,]{0,100}(?:\n[A-Za-z0-9 ,]{1,100})?")


@dataclass(frozen=True)
class Said:
    """One message."""

    text: str
    blocks: list[Block]


def messages(reply: Reply) -> list[Said]:
    """The reply in as few messages as Slack's limits allow, in the order in which it is read.

    What would need more than a few is cut, and says so.
    """
    said: list[Said] = []
    words, blocks = "", list[Block]()
    for unit in _units(reply):
        longer = _joined(words, unit)
        if blocks and (len(blocks) + len(unit.blocks) > MOST_BLOCKS or len(longer) > MOST_TEXT):
            if len(said) == MOST_MESSAGES - 1:
                words = f"{words}\n\n{LEFT_OUT}"
                blocks = [*blocks, paragraph(LEFT_OUT)]
                break
            said.append(Said(words, blocks))
            longer, blocks = unit.words, []
        words, blocks = longer, blocks + unit.blocks
    said.append(Said(words, [*blocks, *_offered(reply.buttons)]))
    return said


def _joined(words: str, unit: Unit) -> str:
    between = "\n" if unit.is_next_line else "\n\n"
    return f"{words}{between}{unit.words}" if words and unit.words else words or unit.words


def view_blocks(reply: Reply) -> list[Block]:
    """The same for a modal or App Home, which holds twice as much."""
    shown = [block for unit in _units(within(reply, MOST_IN_VIEW)) for block in unit.blocks]
    left_out = [paragraph(LEFT_OUT)] if len(shown) > 2 * MOST_BLOCKS else []
    return [*shown[: 2 * MOST_BLOCKS], *left_out, *buttons(reply.buttons)]


def _units(reply: Reply) -> Iterator[Unit]:
    """The reply cut where it may be parted: what is read aloud and what is shown, piece by piece."""
    lead, _, rest = reply.text.partition("\n")
    yield from _lead(lead)
    yield from (unit._replace(is_next_line=not number) for number, unit in enumerate(_paragraphs(rest)))
    for before, citation in zip((None, *reply.citations), reply.citations, strict=False):
        yield from _cited(citation, before)
    for table in reply.tables:
        yield from _rows(table)
    yield from _listed(reply.facts)
    yield from _paragraphs(reply.note)
    yield from _listed([Fact(f"See also {citation.number}", quoted(citation)) for citation in reply.see_also])
    if reply.source:
        source = f"Source: {reply.source}."
        yield Unit(written(source), [small(source)])
    yield from _paragraphs(reply.next_step)
    yield from (Unit(written(piece), []) for piece in pieces(reply.typed))
    yield from _paragraphs(reply.introduction)
    yield from _paragraphs(reply.form.says if reply.form else "")


@lru_cache(maxsize=1000)
def _lead(text: str) -> tuple[Unit, ...]:
    """The line that answers stands out."""
    if len(text) > LONGEST_LEAD or not text.strip():
        return _paragraphs(text)
    return (Unit(written(text), [_rich_line(_spans(text, bold=True))]),)


@lru_cache(maxsize=1000)
def _paragraphs(text: str) -> tuple[Unit, ...]:
    return tuple(Unit(written(piece), [paragraph(piece)]) for piece in pieces(text))


def paragraph(text: str) -> Block:
    return _rich_line(_spans(text)) if MENTION.search(text) else {"type": "section", "text": plain(text)}


def _rich_line(spans: list[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": spans}]}


@lru_cache(maxsize=1000)
def _cited(citation: Citation, before: Citation | None) -> tuple[Unit, ...]:
    """The heading small and quiet above the words themselves."""
    title = citation_title(citation, before)
    units: list[Unit] = []
    for number, piece in enumerate(pieces(quoted(citation)) if citation.quote else [""]):
        heading = title if not number else f"{title}, continued"
        quote = [{"type": "rich_text_quote", "elements": _spans(piece)}] if piece else []
        if citation.url and not number:
            link = {"type": "link", "url": citation.url, "text": heading}
            shown: list[Block] = [
                {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [link]}, *quote]}
            ]
        else:
            shown = [small(heading), *([{"type": "rich_text", "elements": quote}] if quote else [])]
        units.append(Unit(written(f"{heading}\n{piece}".strip()), shown))
    return tuple(units)


def small(text: str) -> Block:
    return {"type": "context", "elements": [plain(shortened(text, MOST_IN_FIELD))]}


# ---- tables ---------------------------------------------------------------------------------------------------------


def _rows(table: Table) -> Iterator[Unit]:
    """Fields of sections, which phones, modals and App Home show as well; Slack's own table is for messages alone.

    The heading goes with the first row, so that no message ends in it.
    """
    heading = [Unit(written(table.heading), [_header(table.heading)])] if table.heading else []
    for row in _rows_alone(table):
        words = "\n".join([*(unit.words for unit in heading), row.words])
        yield Unit(words, [*(block for unit in heading for block in unit.blocks), *row.blocks], row.is_next_line)
        heading = []
    yield from heading


def _header(text: str) -> Block:
    return {"type": "header", "text": plain(shortened(text, MOST_IN_HEADER))}


def _rows_alone(table: Table) -> Iterator[Unit]:
    together: list[Row] = []
    follows = False
    for row in (*table.rows, None):
        is_plain = row is not None and not row.offers and _fits_fields(table, row)
        if together and (not is_plain or len(together) == ROWS_IN_BLOCK):
            yield _in_fields(table, together)._replace(is_next_line=follows)
            together, follows = [], True
        if is_plain and row:
            together.append(row)
        elif row:
            for unit in _one_row(table, row):
                yield unit._replace(is_next_line=follows)
                follows = True


def _fits_fields(table: Table, row: Row) -> bool:
    said = table.said(row)
    return len(said) <= MOST_IN_FIELD // ROWS_IN_BLOCK and not MENTION.search(said)


def _in_fields(table: Table, rows: Sequence[Row]) -> Unit:
    """Rows of which nothing is offered, side by side: the first cell, and the others below each other."""
    fields = [
        field for row in rows for field in (_bold_cell(row.cells[0]), _cell("\n".join(filter(None, row.cells[1:]))))
    ]
    return Unit(written("\n".join(map(table.said, rows))), [{"type": "section", "fields": fields}])


def _one_row(table: Table, row: Row) -> Iterator[Unit]:
    """A row with its menu beside it, or its buttons below."""
    said = table.said(row)
    cells = [cell for cell in row.cells if cell.strip()]
    if not cells or len(said) > MOST_IN_BLOCK // 2 or any(_mixes_a_mention(cell) for cell in cells):
        yield from _paragraphs(said)
        if row.offers:
            yield Unit("", buttons(row.offers))
        return
    shown: Block = {"type": "section", "fields": [_bold_cell(cells[0]), *map(_cell, cells[1:])]}
    if not table.opened and (menu := _menu(row.offers)):
        yield Unit(written(said), [{**shown, "accessory": menu}])
    else:
        yield Unit(written(said), [shown, *buttons(row.offers)])


def _mixes_a_mention(cell: str) -> bool:
    return bool(MENTION.search(cell)) and not MENTION.fullmatch(cell)


def _cell(cell: str) -> Block:
    """Markup is read in a cell that is Slack's own mention and nothing else."""
    if MENTION.fullmatch(cell):
        return {"type": "mrkdwn", "text": written(cell)}
    return plain(shortened(cell, MOST_IN_FIELD) if cell.strip() else "-")


def _bold_cell(cell: str) -> Block:
    """The first of a row, which tells it from the others: bold where it is letters, figures and commas alone."""
    if not _WITHOUT_MARKUP.fullmatch(cell):
        return _cell(cell)
    first, *others = cell.split("\n")
    return {"type": "mrkdwn", "text": "\n".join([f"*{first}*", *others]), "verbatim": True}


def _menu(offers: Sequence[Button]) -> Block | None:
    """A button where one thing alone is offered; None where Slack's menu cannot hold what is."""
    if not offers or len(offers) > MOST_IN_MENU:
        return None
    if len(offers) == 1:
        return _button(offers[0], 0) if len(offers[0].value) <= MOST_IN_VALUE else None
    if any(not one.value or len(one.value) > MOST_IN_OPTION_VALUE for one in offers):
        return None
    options = [{"text": plain(shortened(one.label, MOST_IN_LABEL)), "value": one.value} for one in offers]
    return {"type": "overflow", "action_id": f"{SAY}:menu", "options": options}


def _listed(facts: Sequence[Fact]) -> Iterator[Unit]:
    """Facts as bullet lists, each short enough for one block."""
    rows = [replace(fact, value=part) for fact in facts for part in pieces(fact.value) or [""]]
    group: list[Fact] = []
    for row in rows:
        if group and (len(group) == FACTS_IN_BLOCK or len(_lines([*group, row])) > MOST_IN_BLOCK):
            yield Unit(written(_lines(group)), [_fact_list(group)])
            group = []
        group.append(row)
    if group:
        yield Unit(written(_lines(group)), [_fact_list(group)])


def _lines(facts: Sequence[Fact]) -> str:
    return "\n\n".join(f"{fact.label}: {fact.value}" for fact in facts)


def _fact_list(facts: Sequence[Fact]) -> Block:
    return _list([[*_spans(f"{fact.label}: ", bold=True), *_spans(fact.value)] for fact in facts])


def _list(items: Sequence[list[Block]]) -> Block:
    sections = [{"type": "rich_text_section", "elements": item} for item in items]
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": sections}]}


def _spans(text: str, bold: bool = False) -> list[Block]:
    """Text with the people it names as Slack's own mentions."""
    spans: list[Block] = []
    end = 0
    for found in MENTION.finditer(text):
        spans += [_bold(text[end : found.start()], bold)] if text[end : found.start()] else []
        spans.append({"type": "user", "user_id": found["user"]})
        end = found.end()
    return spans + ([_bold(text[end:], bold)] if text[end:] else [])


def _bold(text: str, bold: bool = True) -> Block:
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def pieces(text: str) -> list[str]:
    """A text in parts that each fit a block, cut at a line's, sentence's or word's end, and never within a mention."""
    parts = []
    while len(text) > MOST_IN_BLOCK:
        cut = max(text.rfind(end, 1, MOST_IN_BLOCK) + len(end) for end in ("\n", ". ", " "))
        if cut <= MOST_IN_BLOCK // 2:
            across = (m for m in MENTION.finditer(text, MOST_IN_BLOCK - 30) if m.start() < MOST_IN_BLOCK < m.end())
            cut = next((found.start() for found in across), MOST_IN_BLOCK)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text] if text else parts


def chosen(action: Mapping[str, Any]) -> str | None:
    """The value of the button, or of the entry of a menu, that somebody pressed; None where it has none."""
    value = (action.get("selected_option") or action).get("value")
    return value if isinstance(value, str) else None


def _offered(offered: Sequence[Button]) -> list[Block]:
    """The buttons of a message: whether an answer helped is Slack's own small pair, below the others."""
    aside = [button for button in offered if button.aside and len(button.value) <= MOST_IN_VALUE]
    if len(aside) != 2:  # Slack knows one that says yes and one that says no
        return buttons(offered)
    yes, no = ({"text": plain(shortened(one.label, MOST_IN_LABEL)), "value": one.value} for one in aside)
    pair = {"type": "feedback_buttons", "action_id": f"{SAY}:helped", "positive_button": yes, "negative_button": no}
    rest = buttons([button for button in offered if not button.aside])
    return [*rest, {"type": "context_actions", "elements": [pair]}]


def buttons(offered: Sequence[Button]) -> list[Block]:
    """Rows of buttons. One whose sentence is too long for Slack is left out: it can still be typed."""
    fitting = [button for button in offered if len(button.value) <= MOST_IN_VALUE]
    shown = [_button(button, number) for number, button in enumerate(fitting)]
    rows = [shown[first : first + BUTTONS_IN_ROW] for first in range(0, len(shown), BUTTONS_IN_ROW)]
    return [{"type": "actions", "elements": row} for row in rows]


def _button(button: Button, number: int) -> Block:
    element: Block = {
        "type": "button",
        "action_id": f"{SAY}:{number}",
        "text": plain(shortened(button.label, MOST_IN_LABEL)),
    }
    return {**element, "url": button.url} if button.url else {**element, "value": button.value}


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
