"""What a button carries: its act, whose organisation it is, and, where it makes something new, that it works once."""

import json
import re
import secrets
from dataclasses import replace
from datetime import date, datetime

from compact_bot.conversation import Button, Message, Reply
from compact_bot.store.records import REMEMBERED_FOR, forget_message, is_first_time
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Act, LogFeedback, Track, UnreadableActError, from_builtins, to_builtins

_MAKES_NEW = (Track, LogFeedback)
_ELSEWHERE = Reply(
    "This button belongs to another organisation, so nothing was done.",
    next_step="Say what you would like in your own words, or type help.",
)
UNREADABLE = Reply(
    "I can no longer read this button, so nothing was done.",
    next_step="Say what you would like in your own words, or type help.",
)
_OLD = Reply(
    "This button is more than a day old, so nothing was saved.", next_step="Say it again, and use the new button."
)
_USED = Reply(
    "That was saved already, so nothing was saved again.", next_step="Type deadlines or feedback to see what there is."
)


def sealed(button: Button, organisation: int, now: datetime) -> Button:
    """The button with the value that its door keeps. It is opened again by `opened`."""
    if button.act is None:
        return button
    carried = {**to_builtins(button.act), "of": organisation}
    if isinstance(button.act, _MAKES_NEW):
        carried["once"] = f"{now.date().isoformat()} {secrets.token_hex(6)}"
    return replace(button, value=json.dumps(carried, ensure_ascii=False, separators=(",", ":")))


def with_values(reply: Reply, organisation: int, now: datetime) -> Reply:
    """A reply ready to leave: every button holds what its door keeps."""
    if not (reply.buttons or reply.opens or reply.tables):
        return reply

    def seal(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
        return tuple(sealed(button, organisation, now) for button in buttons)

    tables = tuple(
        replace(table, rows=tuple(replace(row, offers=seal(row.offers)) for row in table.rows))
        for table in reply.tables
    )
    opens = sealed(reply.opens, organisation, now) if reply.opens else None
    return replace(reply, buttons=seal(reply.buttons), tables=tables, opens=opens)


def opened(turn: Turn) -> Act:
    """The act of a pressed button. Raises Refused for an unreadable, another organisation's or a used one."""
    act = carried(turn)
    if isinstance(act, _MAKES_NEW):
        _use_up(turn, _once(turn.message.pressed))
    return act


def carried(turn: Turn) -> Act:
    """The same without using it up, which is kept with the time: so for what is anonymous, whose same words fold."""
    try:
        held = json.loads(turn.message.pressed)
        act = from_builtins(held)
        if getattr(act, "numbers", None) == () or getattr(act, "sums", None) == ():
            raise UnreadableActError("about nothing")
    except (ValueError, AttributeError, RecursionError, UnreadableActError) as error:
        raise Refused(UNREADABLE) from error
    if held.get("of") != turn.organisation.id:
        raise Refused(_ELSEWHERE)
    if isinstance(act, _MAKES_NEW):
        _check_age(turn, _once(turn.message.pressed))
    return act


def give_back(turn: Turn) -> None:
    """A button whose act was refused made nothing, so it may be pressed again."""
    if once := _once(turn.message.pressed):
        forget_message(turn.connection, turn.organisation, _as_message(turn, once))


def _once(pressed: str) -> str:
    """What tells one button that makes something new from all others; "" for any other."""
    try:
        held = json.loads(pressed)
    except ValueError:
        return ""
    return str(held.get("once", "")) if isinstance(held, dict) else ""


def _made_on(once: str) -> date | None:
    day, _, number = once.partition(" ")
    try:
        return date.fromisoformat(day) if re.fullmatch(r"[0-9a-f]{12}", number) else None
    except ValueError:
        return None


def _as_message(turn: Turn, once: str) -> Message:
    return replace(turn.message, id=f"once {once}")


def _check_age(turn: Turn, once: str) -> None:
    """Raises Refused for a button that is older than what is remembered of those that were used."""
    made_on = _made_on(once)
    if made_on is None:
        raise Refused(UNREADABLE)
    if turn.message.sent_at.date() - made_on >= REMEMBERED_FOR:
        raise Refused(_OLD)


def _use_up(turn: Turn, once: str) -> None:
    """One use only: kept like a message's identity, for as long as those are kept."""
    if not is_first_time(turn.connection, turn.organisation, _as_message(turn, once)):
        raise Refused(_USED)
