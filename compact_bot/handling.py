"""From a message to its reply: understood once, then handled by the one function that its act has."""

from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

from compact_bot.assistant import too_long
from compact_bot.conversation import Button, MessageKind, Pending, Person, Reply
from compact_bot.deadlines.items import open_items
from compact_bot.forms import submitted
from compact_bot.pressing import opened
from compact_bot.rooms import ASKS_BACK, FORMS, HANDLERS
from compact_bot.turn import LONGEST_MESSAGE, Refused, Turn
from compact_bot.understanding.acts import READING, Named
from compact_bot.understanding.context import Context
from compact_bot.understanding.families import family_of
from compact_bot.understanding.saying import says
from compact_bot.understanding.understand import only_asked, understand
from compact_bot.understanding.understood import Understood
from compact_bot.understanding.waiting import Choice, Waiting

_NO_FORM = Reply("I do not know that form. Nothing was saved.", next_step="Type help to see what I can do.")


def answer(turn: Turn) -> Reply:
    """What is said to one message. What was asked back goes on waiting until it is settled or something else is asked back."""
    try:
        understood = _meant(turn)
        reply = replace(respond(turn, understood), act=family_of(understood.act, turn.rules))
    except Refused as refused:
        reply = refused.reply
    if reply.pending is not None:
        choices = tuple(Choice(button.label, button.act) for button in reply.buttons if button.act)
        turn.thread.waiting = Waiting(reply.pending.act, reply.pending.missing, choices)
    return reply


def context_of(turn: Turn) -> Context:
    """What a message may refer to, asked of the database only when it is needed."""
    message = turn.message
    return Context(
        message.sent_at.astimezone(ZoneInfo(turn.timezone)).date(),
        turn.agreement,
        turn.rules,
        _named(message.sender),
        tuple(map(_named, message.mentioned)),
        cache(lambda: open_items(turn)),
        turn.thread.deadline,
    )


def _named(person: Person) -> Named:
    return Named(person.name, person.id)


def _meant(turn: Turn) -> Understood:
    message = turn.message
    if len(turn.text) > LONGEST_MESSAGE and not message.only_asks:
        raise Refused(too_long(turn))
    if message.filled is not None:
        kind = FORMS.get(message.filled.form)
        if kind is None:
            raise Refused(_NO_FORM)
        return Understood(submitted(turn, kind, message.filled))
    if message.pressed:
        return Understood(opened(turn))
    if message.kind is MessageKind.ASKED_ABOUT:
        return only_asked(turn.text, context_of(turn))
    understood = understand(turn.text, context_of(turn), turn.thread.waiting, turn.meanings)
    if understood.answers:
        turn.thread.waiting = None
    return understood


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
