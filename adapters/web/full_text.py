"""The whole agreement, open to everyone: its contents, its sections to open, and a box that looks things up in it."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.web.house import House
from compact_bot.conversation import Reply
from compact_bot.lookups import looked_up
from compact_bot.turn import LONGEST_MESSAGE, tidied
from knowledge.agreement import Agreement, Block, Clause

DEEPEST = 3  # level of the headings that are in the contents; what is below stands within


@dataclass(frozen=True)
class Part:
    """Words that belong together: a paragraph, or the points of a list."""

    points: tuple[str, ...]
    is_list: bool


@dataclass(frozen=True)
class Piece:
    """A block as it is shown. `number` is its anchor, once in the page; `is_named` says that its number is shown."""

    text: str
    level: int
    number: str
    is_heading: bool
    is_named: bool = False
    party: str = ""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Section:
    anchor: str
    title: str
    level: int
    pieces: tuple[Piece, ...]


def routes(house: House) -> Sequence[BaseRoute]:
    sections = {one.name: tuple(sections_of(one.search.agreement)) for one in house.bot.agreements.served}

    async def full_text(request: Request) -> Response:
        visitor = await house.visitor(request)
        search = house.served_to(visitor).search
        words = tidied(request.query_params.get("q", "").replace("\0", ""))[:LONGEST_MESSAGE]
        reply = await asyncio.to_thread(looked_up, search, words) if words else None
        return house.page(
            "agreement.html",
            request,
            visitor,
            title=search.agreement.about.title,
            parties=search.agreement.about.parties,
            sections=sections[search.agreement.name],
            words=words,
            opens="all" in request.query_params,
            reply=_read_only(reply) if reply else None,
        )

    return (Route("/compact", full_text),)


def _read_only(reply: Reply) -> Reply:
    """Without what only a chat can do."""
    return replace(reply, buttons=(), next_step="", form=None)


def sections_of(agreement: Agreement) -> Iterator[Section]:
    """The document cut before each of its larger headings. What comes before the first is a section without a title."""
    begun = Section("", "", 1, ())
    anchors = {clause.number for clause in agreement.clauses.values() if clause.text}
    for place, block in enumerate(agreement.blocks):
        if block.number == agreement.about.contact and begun.level > 1:  # it closes the document, under no heading
            yield begun
            begun = Section("", "", 1, (_piece(block, agreement.clauses.get(block.number)),))
        elif block.kind == "heading" and block.level <= DEEPEST:
            if begun.title or begun.pieces:
                yield begun
            anchor = block.number if block.number and block.number not in anchors else f"part-{place}"
            begun = Section(anchor, block.text, block.level, ())
        else:
            begun = replace(begun, pieces=(*begun.pieces, _piece(block, agreement.clauses.get(block.number))))
    yield begun


def _piece(block: Block, clause: Clause | None) -> Piece:
    if block.kind == "heading":
        number = block.number if clause and not clause.text else ""
        return Piece(block.text, block.level, number, is_heading=True)
    named = clause is not None and clause.is_numbered and not clause.title
    party = clause.party if clause else ""
    return Piece(block.text, block.level, block.number, False, named, party, parts_of(block.text))


def parts_of(text: str) -> tuple[Part, ...]:
    """Lines as paragraphs, and lines that begin with a dash as the points of a list."""
    parts: list[Part] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        is_point = line.startswith(("- ", "* "))
        words = line[2:].strip() if is_point else line
        if is_point and parts and parts[-1].is_list:
            parts[-1] = Part((*parts[-1].points, words), True)
        else:
            parts.append(Part((words,), is_point))
    return tuple(parts)
