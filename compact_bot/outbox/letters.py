"""An answer on its way, as a value and as what is stored of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from compact_bot.conversation import Address, Button, Citation, Fact, Form, Reply, Row, Table
from compact_bot.understanding.acts import UnreadableActError, from_json

LATE = "This answer comes late: it could not be posted before."


@dataclass(frozen=True)
class Letter:
    """`way` is written and read by its door alone: for whom it is, and how it gets there; {} for the place itself.

    `id` is that of its row, 0 while it has none; `posted` counts its parts that are there already. One that `leaves no
    trace` is never stored.
    """

    organisation: str
    address: Address
    way: Mapping[str, Any]
    reply: Reply
    id: int = 0
    attempts: int = 0
    posted: int = 0
    leaves_no_trace: bool = False
    is_late: bool = False

    @property
    def shown(self) -> Reply:
        """The reply as it is to be posted now."""
        return replace(self.reply, note=f"{LATE} {self.reply.note}".strip()) if self.is_late else self.reply


@dataclass(frozen=True)
class _Pressable:
    label: str
    url: str = ""
    value: str = ""
    aside: bool = False


@dataclass(frozen=True)
class _Row:
    cells: tuple[str, ...]
    offers: tuple[_Pressable, ...] = ()


@dataclass(frozen=True)
class _Table:
    header: tuple[str, ...]
    rows: tuple[_Row, ...]
    heading: str = ""
    opened: bool = False


@dataclass(frozen=True)
class _Stored:
    """The parts of a reply that are shown. What was pending is stored with its conversation, acts with the buttons."""

    text: str
    citations: tuple[Citation, ...] = ()
    facts: tuple[Fact, ...] = ()
    note: str = ""
    see_also: tuple[Citation, ...] = ()
    source: str = ""
    next_step: str = ""
    typed: str = ""
    silent: bool = False
    introduction: str = ""
    form: Form | None = None
    shared: bool = False
    private: bool = False
    buttons: tuple[_Pressable, ...] = ()
    opens: _Pressable | None = None
    tables: tuple[_Table, ...] = ()
    changed: bool = False


_SAME = tuple(name for name in _Stored.__dataclass_fields__ if name not in ("buttons", "opens", "tables"))


def to_json(reply: Reply) -> str:
    stored = _Stored(
        **{name: getattr(reply, name) for name in _SAME},
        buttons=_pressables(reply.buttons),
        opens=_pressables((reply.opens,))[0] if reply.opens else None,
        tables=tuple(
            _Table(
                table.header,
                tuple(_Row(row.cells, _pressables(row.offers)) for row in table.rows),
                table.heading,
                table.opened,
            )
            for table in reply.tables
        ),
    )
    return msgspec.json.encode(stored).decode()


def from_stored(text: str) -> Reply:
    stored = msgspec.json.decode(text, type=_Stored)
    return Reply(
        **{name: getattr(stored, name) for name in _SAME},
        buttons=tuple(map(_button, stored.buttons)),
        opens=_button(stored.opens) if stored.opens else None,
        tables=tuple(
            Table(
                table.header,
                tuple(Row(row.cells, tuple(map(_button, row.offers))) for row in table.rows),
                table.heading,
                table.opened,
            )
            for table in stored.tables
        ),
    )


def _pressables(buttons: Sequence[Button]) -> tuple[_Pressable, ...]:
    return tuple(_Pressable(one.label, one.url, one.value, one.aside) for one in buttons)


def _button(stored: _Pressable) -> Button:
    try:
        act = from_json(stored.value) if stored.value else None
    except UnreadableActError:
        act = None
    return Button(stored.label, act, stored.url, stored.value, stored.aside)
