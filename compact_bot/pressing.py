"""What a button carries: its act, whose organisation it is, when it was made, and that it works once."""

import json
import re
import secrets
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import blake2b

from compact_bot.conversation import Button, Message, Reply
from compact_bot.deadlines.overtaken import overtaken
from compact_bot.store.records import REMEMBERED_FOR, answer_to, forget_message, is_first_time, keep_answer
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import (
    CHANGING_A_DEADLINE,
    READING,
    Act,
    Ask,
    ForgetMe,
    ForgetPerson,
    Helped,
    Leave,
    LogFeedback,
    OpenForm,
    PassOn,
    Show,
    Track,
    Unhelpful,
    UnreadableActError,
    from_builtins,
    in_brief,
)

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_MAKES_NEW = (Track, LogFeedback)
_ONCE_EACH = (Helped, Unhelpful, PassOn)  # several readers of one answer may say so
_LEAVE_NOTHING = (ForgetMe, ForgetPerson)  # what came of these names whom nothing may name any more
_LEAVES = (Leave, Ask)  # of one question that was asked back: "I was only asking" leaves it, too
LEFT = "Left as it was."
LONGEST_OUTCOME = 300
_ELSEWHERE = Reply(
    "This button belongs to another organisation, so nothing was done.",
    next_step="Say what you would like in your own words, or type help.",
    private=True,
)
UNREADABLE = Reply(
    "I can no longer read this button, so nothing was done.",
    next_step="Say what you would like in your own words, or type help.",
    private=True,
)
_OLD = Reply(
    "This button is more than a day old, so nothing was saved.",
    next_step="Say it again, and use the new button.",
    private=True,
)


def new_token(now: datetime) -> str:
    """What tells a question that was asked back, or a button, from all others; and the day until which it is known."""
    return f"{now.date().isoformat()} {secrets.token_hex(6)}"


def sealed(button: Button, organisation: int, now: datetime, token: str, is_sure: bool = False) -> Button:
    """The button with the value that its door keeps. It is opened again by `opened`."""
    act = button.act
    if act is None:
        return button
    carried = {**in_brief(act), "of": organisation}
    if not isinstance(act, READING) or (token and isinstance(act, (*_LEAVES, OpenForm))):
        carried["once"] = token or new_token(now)
    if numbers_of(act):
        carried["at"] = int(now.timestamp())
    if is_sure:
        carried["sure"] = True
    return Button(button.label, act, button.url, _as_json(carried), button.aside)


def numbers_of(act: Act) -> tuple[int, ...]:
    """The deadlines that an act changes."""
    if not isinstance(act, CHANGING_A_DEADLINE):
        return ()
    numbers = getattr(act, "numbers", None) or (getattr(act, "number", 0),)
    return tuple(number for number in numbers if isinstance(number, int) and number)


def with_values(reply: Reply, organisation: int, now: datetime) -> Reply:
    """A reply ready to leave: every button holds what its door keeps. Those of one question are used up together."""
    if not (reply.buttons or reply.opens or reply.tables):
        return reply
    asked = reply.pending
    token = (reply.token or new_token(now)) if asked else ""

    def seal(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
        return tuple(
            sealed(button, organisation, now, token, bool(asked and asked.sure and button.act == asked.act))
            for button in buttons
        )

    tables = tuple(
        replace(table, rows=tuple(replace(row, offers=seal(row.offers)) for row in table.rows))
        for table in reply.tables
    )
    opens = sealed(reply.opens, organisation, now, token) if reply.opens else None
    return replace(reply, buttons=seal(reply.buttons), tables=tables, opens=opens)


def opened(turn: Turn) -> Act:
    """The act of a pressed button. Raises Refused for one that is unreadable, of others, overtaken or used."""
    act = carried(turn)
    held = json.loads(turn.message.pressed)
    if numbers := numbers_of(act):
        _check_overtaken(turn, numbers, held.get("at"))
    once = str(held.get("once", ""))
    if isinstance(act, OpenForm):
        _check_unused(turn, once, act)
    elif once:
        _use_up(turn, once, act)
    return act


def is_sure(turn: Turn) -> bool:
    """Whether whoever pressed was asked before whose it is."""
    try:
        held = json.loads(turn.message.pressed)
    except ValueError:
        return False
    return isinstance(held, dict) and held.get("sure") is True


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


def token_of_its_question(turn: Turn) -> str:
    """Of a button that opens a form in answer to a question: whoever sends the form settles that question."""
    return _once(turn.message.pressed) if isinstance(pressed_act(turn), OpenForm) else ""


def give_back(turn: Turn) -> None:
    """A button whose act was refused made nothing, so it may be pressed again."""
    if once := _once(turn.message.pressed):
        forget_message(turn.connection, turn.organisation, _as_message(turn, once, pressed_act(turn)))


def note_outcome(turn: Turn, once: str, act: Act, reply: Reply) -> None:
    """Use up what was asked back, however it was answered, and keep in a line what came of it for whoever presses."""
    if not once:
        return
    message = _as_message(turn, once, None)
    is_first_time(turn.connection, turn.organisation, message)
    if not isinstance(act, _LEAVE_NOTHING):
        said = LEFT if isinstance(act, _LEAVES) else f"{reply.text.split('. ')[0].rstrip('.')}."
        keep_answer(turn.connection, turn.organisation, message, Reply(said[:LONGEST_OUTCOME]))


def note_what_was_pressed(turn: Turn, act: Act, reply: Reply) -> None:
    if isinstance(act, _LEAVES) or not isinstance(act, (*READING, *_ONCE_EACH)):
        note_outcome(turn, _once(turn.message.pressed), act, reply)


def pressed_act(turn: Turn) -> Act | None:
    try:
        return from_builtins(json.loads(turn.message.pressed))
    except (ValueError, UnreadableActError):
        return None


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


def _as_message(turn: Turn, once: str, act: Act | None) -> Message:
    who = ""
    if isinstance(act, _ONCE_EACH):
        who = f" {blake2b(turn.message.sender.id.encode(), digest_size=8).hexdigest()}"
    return replace(turn.message, id=f"once {once}{who}")


def _check_age(turn: Turn, once: str) -> None:
    """Raises Refused for a button that is older than what is remembered of those that were used."""
    made_on = _made_on(once)
    if made_on is None:
        raise Refused(UNREADABLE)
    if turn.message.sent_at.date() - made_on >= REMEMBERED_FOR:
        raise Refused(_OLD)


def _check_overtaken(turn: Turn, numbers: tuple[int, ...], at: object) -> None:
    """Raises Refused where somebody moved the dates for which the button was made."""
    if not isinstance(at, int) or not 0 <= at < 2**33:
        return
    since = datetime.fromtimestamp(at, UTC)
    for number in numbers:
        if said := overtaken(turn.session, turn.organisation, number, since):
            raise Refused(
                Reply(
                    f"D{number} was changed since this button was made ({said}), so nothing was done.",
                    next_step="Look at it again, and use the new buttons.",
                    buttons=(Button(f"Show D{number}", Show((number,))),),
                )
            )


def _use_up(turn: Turn, once: str, act: Act) -> None:
    """One use only: kept like a message's identity, for as long as those are kept."""
    if not is_first_time(turn.connection, turn.organisation, _as_message(turn, once, act)):
        raise Refused(_used(turn, once, act))


def _check_unused(turn: Turn, once: str, act: Act) -> None:
    if not once:
        return
    message = _as_message(turn, once, act)
    if not is_first_time(turn.connection, turn.organisation, message):
        raise Refused(_used(turn, once, act))
    forget_message(turn.connection, turn.organisation, message)


def _used(turn: Turn, once: str, act: Act) -> Reply:
    """What came of it, for whoever presses again, or another button of the same question."""
    message = _as_message(turn, once, act)
    outcome = answer_to(turn.connection, turn.organisation, message.address.platform, message.id)
    said = outcome.text if outcome else ""
    if said == LEFT:
        again = "Say it again to have it done."
        return Reply("That was left before, so nothing was saved.", next_step=again, private=True)
    if isinstance(act, _LEAVES):
        undo = "To take it back, type undo within 10 minutes, or change it."
        return Reply(f"That is done already: {said or 'it was saved.'}", next_step=undo, private=True)
    done = "saved" if isinstance(act, (*_MAKES_NEW, OpenForm)) else "done"
    return Reply(
        f"That was {done} already, so nothing was {done} again.",
        note=said,
        next_step="Type deadlines or feedback to see what there is.",
        private=True,
    )
