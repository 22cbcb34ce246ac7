"""A reply as Slack messages: a pure function. Each message holds all its words in `text`, which is what is read out.

What people wrote goes into plain_text and rich_text, where Slack looks for no markup.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from adapters.plain_text import LEFT_OUT, citation_title, quoted, within
from adapters.slack.wording import MENTION, written
from compact_bot.conversation import Button, Citation, Fact, Group, Reply

Block = dict[str, Any]
Unit = tuple[str, list[Block]]
"""Words as they are read aloud, and the blocks that show them. Never changed once made: some are kept for next time."""

MOST_BLOCKS = 45  # Slack takes 50; some room for what a view adds
MOST_TEXT = 3_800  # Slack asks for at most 4,000 characters of text in a message
MOST_IN_VIEW = 30_000
MOST_MESSAGES = 5  # as often as a response_url may be used
MOST_IN_BLOCK = 2_900  # of 3,000
MOST_IN_VALUE = 2_000
MOST_IN_LABEL = 75
BUTTONS_IN_ROW = 5
FACTS_IN_BLOCK = 10
SAY = "say"


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
    words: list[str] = []
    blocks: list[Block] = []
    for text, shown in _units(reply):
        if words and (len(blocks) + len(shown) > MOST_BLOCKS or len("\n\n".join([*words, text])) > MOST_TEXT):
            if len(said) == MOST_MESSAGES - 1:
                words.append(LEFT_OUT)
                blocks = [*blocks, paragraph(LEFT_OUT)]
                break
            said.append(Said("\n\n".join(words), blocks))
            words, blocks = [], []
        words.append(text)
        blocks = blocks + shown
    said.append(Said("\n\n".join(words), [*blocks, *buttons(reply.buttons)]))
    return said


def view_blocks(reply: Reply) -> list[Block]:
    """The same for a modal or App Home, which holds twice as much."""
    shown = [block for _, blocks in _units(within(reply, MOST_IN_VIEW)) for block in blocks]
    left_out = [paragraph(LEFT_OUT)] if len(shown) > 2 * MOST_BLOCKS else []
    return [*shown[: 2 * MOST_BLOCKS], *left_out, *buttons(reply.buttons)]


def _units(reply: Reply) -> Iterator[Unit]:
    """The reply cut where it may be parted: what is read aloud and what is shown, piece by piece."""
    yield from _paragraphs(reply.text)
    for before, citation in zip((None, *reply.citations), reply.citations, strict=False):
        yield from _cited(citation, before)
    yield from (unit for group in reply.groups for unit in _grouped(group))
    yield from _listed(reply.facts)
    yield from _paragraphs(reply.note)
    yield from _listed([Fact(f"See also {citation.number}", quoted(citation)) for citation in reply.see_also])
    if reply.source:
        source = f"Source: {reply.source}."
        yield written(source), [{"type": "context", "elements": [plain(source[:MOST_IN_VALUE])]}]
    yield from _paragraphs(reply.next_step)
    yield from _paragraphs(reply.introduction)


@lru_cache(maxsize=1000)
def _paragraphs(text: str) -> tuple[Unit, ...]:
    return tuple((written(piece), [paragraph(piece)]) for piece in pieces(text))


def paragraph(text: str) -> Block:
    if MENTION.search(text):
        return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": _spans(text)}]}
    return {"type": "section", "text": plain(text)}


@lru_cache(maxsize=1000)
def _cited(citation: Citation, before: Citation | None) -> tuple[Unit, ...]:
    title, units = citation_title(citation, before), []
    for number, piece in enumerate(pieces(quoted(citation)) if citation.quote else [""]):
        heading = title if not number else f"{title}, continued"
        shown: list[Block] = [{"type": "rich_text_section", "elements": [_bold(heading)]}]
        if piece:
            shown.append({"type": "rich_text_quote", "elements": _spans(piece)})
        units.append((written(f"{heading}\n{piece}".strip()), [{"type": "rich_text", "elements": shown}]))
    return tuple(units)


def _grouped(group: Group) -> Iterator[Unit]:
    """A heading, then each row with its own buttons under it."""
    for number, row in enumerate(group.rows):
        heading = f"{group.heading}:" if group.heading and not number else ""
        words = [*_spans(f"{row.label}: ", bold=True), *_spans(row.value[:MOST_IN_BLOCK])]
        shown: list[Block] = [{"type": "rich_text_section", "elements": words}]
        if heading:
            shown.insert(0, {"type": "rich_text_section", "elements": _spans(heading, bold=True)})
        read = f"{heading}\n\n{row.label}: {row.value}".strip()
        yield written(read), [{"type": "rich_text", "elements": shown}, *buttons(row.buttons, row.label)]


def _listed(facts: Sequence[Fact]) -> Iterator[Unit]:
    """Facts as bullet lists, each short enough for one block."""
    rows = [replace(fact, value=part) for fact in facts for part in pieces(fact.value) or [""]]
    group: list[Fact] = []
    for row in rows:
        if group and (len(group) == FACTS_IN_BLOCK or len(_lines([*group, row])) > MOST_IN_BLOCK):
            yield written(_lines(group)), [_fact_list(group)]
            group = []
        group.append(row)
    if group:
        yield written(_lines(group)), [_fact_list(group)]


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


def buttons(offered: Sequence[Button], named: str = "") -> list[Block]:
    """Rows of buttons. One whose sentence is too long for Slack is left out: it can still be typed.

    `named` tells them apart from those of other rows, aloud too.
    """
    fitting = [button for button in offered if len(button.value) <= MOST_IN_VALUE]
    shown = [_button(button, number, named) for number, button in enumerate(fitting)]
    rows = [shown[first : first + BUTTONS_IN_ROW] for first in range(0, len(shown), BUTTONS_IN_ROW)]
    return [{"type": "actions", "elements": row} for row in rows]


def _button(button: Button, number: int, named: str = "") -> Block:
    element: Block = {
        "type": "button",
        "action_id": f"{SAY}:{number}",
        "text": plain(shortened(button.label, MOST_IN_LABEL)),
    }
    if named:
        element["accessibility_label"] = shortened(f"{button.label}, {named}", MOST_IN_LABEL)
    return {**element, "url": button.url} if button.url else {**element, "value": button.value}


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
