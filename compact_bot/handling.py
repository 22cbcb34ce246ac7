"""From a message to its reply: understood once, then handled by the one function that its act has."""

from compact_bot.conversation import Button, MessageKind, Pending, Reply
from compact_bot.forms import submitted
from compact_bot.lookup import context_of
from compact_bot.pressing import opened
from compact_bot.rooms import ASKS_BACK, FORMS, HANDLERS
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import READING, Act, Ask, Leave
from compact_bot.understanding.saying import says
from compact_bot.understanding.understand import only_asked, understand
from compact_bot.understanding.understood import Understood

_NO_FORM = Reply("I do not know that form. Nothing was saved.", next_step="Type help to see what I can do.")


def answer(turn: Turn) -> Reply:
    """What is said to one message."""
    try:
        return respond(turn, _meant(turn))
    except Refused as refused:
        return refused.reply


def _meant(turn: Turn) -> Understood:
    message = turn.message
    if message.filled is not None:
        kind = FORMS.get(message.filled.form)
        if kind is None:
            raise Refused(_NO_FORM)
        return Understood(submitted(turn, kind, message.filled))
    if message.pressed:
        return Understood(opened(turn))
    if message.kind is MessageKind.ASKED_ABOUT:
        return only_asked(turn.text, context_of(turn))
    return understand(turn.text, context_of(turn), turn.thread.waiting, turn.meanings)


def respond(turn: Turn, understood: Understood) -> Reply:
    """Done at once where it only reads or nothing is in doubt; else asked back, with nothing changed yet."""
    act = understood.act
    if understood.instead:
        return _which(turn, understood)
    if understood.missing or (understood.doubts and not isinstance(act, READING)):
        return ASKS_BACK[type(act)](turn, understood)
    return HANDLERS[type(act)](turn, act)


def _which(turn: Turn, understood: Understood) -> Reply:
    """Between acts that may be meant alike, the person chooses."""
    choices = (understood.act, *understood.instead)
    return Reply(
        "I am not sure which you mean. Nothing was changed.",
        next_step="Press one, or type its number.",
        buttons=tuple(Button(says(choice)[:70], choice) for choice in choices),
        pending=Pending(choices[0]),
    )
