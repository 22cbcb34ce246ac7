"""From a message to its reply: understood once, then handled by the one function that its act has."""

from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

from compact_bot import lost_places, roles
from compact_bot.assistant import too_long
from compact_bot.conversation import Button, MessageKind, Pending, Person, Reply
from compact_bot.deadlines.items import open_items
from compact_bot.forms import form_button, submitted
from compact_bot.home import QUESTION
from compact_bot.pressing import (
    UNREADABLE,
    give_back,
    is_sure,
    new_token,
    note_outcome,
    note_what_was_pressed,
    opened,
    token_of_its_question,
)
from compact_bot.rooms import ASKS_BACK, FORMS, HANDLERS, NO_FORM
from compact_bot.turn import LONGEST_MESSAGE, Refused, Turn, beginning, tidied
from compact_bot.understanding.acts import READING, Act, Leave, Named, OpenForm
from compact_bot.understanding.commands import read_command
from compact_bot.understanding.commands.table import COMMANDS
from compact_bot.understanding.context import Context
from compact_bot.understanding.families import family_of
from compact_bot.understanding.saying import says
from compact_bot.understanding.understand import is_order, only_asked, understand
from compact_bot.understanding.understood import Understood
from compact_bot.understanding.waiting import Choice, Waiting

MOST_LISTED = 60
ASK_FOR_LESS = "Ask for less at once: one section, one number or one name."
NOT_DONE_ANEW = Reply(
    "You edited a message that I have answered. An edit changes nothing that was saved, and nothing was done anew.",
    next_step="To have something changed, say it to me in a new message, or press Undo under my answer.",
)
ONLY_ASKED = "I only looked these words up: nothing was done or saved. To have it done, say it to me yourself."


def answer(turn: Turn) -> Reply:
    """What is said to one message: no list in it is longer than anybody reads."""
    reply = _answered(turn)
    notes = [reply.note]
    for name in ("citations", "facts"):
        listed = getattr(reply, name)
        if len(listed) > MOST_LISTED:
            reply = replace(reply, **{name: listed[:MOST_LISTED]})
            notes += [f"The first {MOST_LISTED} of {len(listed):,} are shown. {ASK_FOR_LESS}"]
    return replace(reply, note=" ".join(filter(None, notes))) if notes[1:] else reply


def _answered(turn: Turn) -> Reply:
    """What was asked back goes on waiting until it is settled, or something else is asked."""
    message = turn.message
    form = FORMS.get(message.filled.form) if message.filled else None
    if message.only_asks or (form and form.only_asks):
        return _looked_up(turn)
    if message.kind is MessageKind.INSTALLED and (again := lost_places.back(turn)):
        return again
    family = ""
    try:
        waiting = turn.waiting
        understood = _meant(turn)
        if message.kind is MessageKind.EDITED:
            _only_what_reads(understood)
        family = family_of(understood.act, turn.rules)
        reply = _carried_out(turn, understood, waiting)
    except Refused as refused:
        reply = refused.reply
    reply = replace(reply, act=family)
    if message.kind is MessageKind.EDITED and reply is not NOT_DONE_ANEW:
        reply = replace(reply, note=f"This answers your message as you edited it. {reply.note}".strip())
    if reply.pending is not None:
        asked, token = reply.pending, token_of_its_question(turn) or new_token(message.sent_at)
        choices = tuple(Choice(button.label, button.act) for button in reply.buttons if button.act)
        turn.thread.waiting = Waiting(asked.act, asked.missing, choices, token, asked.sure).to_json()
        reply = replace(reply, token=token)
    return replace(reply, opens=form_button(reply.form)) if reply.form else reply


def _only_what_reads(understood: Understood) -> None:
    """An edited question is answered anew; an edited order could be carried out twice. Raises Refused for one."""
    is_question = isinstance(understood.act, READING) and not isinstance(understood.act, OpenForm | Leave)
    if understood.answers or not is_question:
        raise Refused(NOT_DONE_ANEW)


def _carried_out(turn: Turn, understood: Understood, waiting: Waiting | None) -> Reply:
    """What waited is over once it was left or done, by a button, a form or in other words; its buttons with it."""
    sure = is_sure(turn) or bool(waiting and waiting.sure and understood.act == waiting.act)
    try:
        reply = respond(turn, understood, sure)
    except Refused as refused:
        give_back(turn)
        if sure and (asked := refused.reply.pending):  # something else is in doubt; whose it is was settled
            raise Refused(replace(refused.reply, pending=replace(asked, sure=True))) from None
        raise
    if (asked := reply.pending) is not None:  # nothing was done yet
        give_back(turn)
        return replace(reply, pending=replace(asked, sure=asked.sure or sure))
    note_what_was_pressed(turn, understood.act, reply)
    if waiting and (understood.answers or _is_over(waiting, understood.act)):
        turn.thread.waiting = ""
        note_outcome(turn, waiting.token, understood.act, reply)
    return reply


def _is_over(waiting: Waiting, act: Act) -> bool:
    """Left, done in other words, or settled by one of its choices; a form that was opened still has to be sent."""
    chosen = act in [choice.act for choice in waiting.choices] and not isinstance(act, OpenForm)
    return chosen or isinstance(act, Leave | type(waiting.act))


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


def _looked_up(turn: Turn) -> Reply:
    """What the agreement says to some words: nothing in them is carried out, kept or remembered."""
    message = turn.message
    text = tidied(message.filled.values.get(QUESTION, "")) if message.filled else turn.text
    words, is_whole = beginning(text, LONGEST_MESSAGE)
    turn = replace(turn, message=replace(message, text=words, filled=None, kind=MessageKind.ASKED_ABOUT))
    context = context_of(turn)
    understood = only_asked(words, context)
    reply = respond(turn, understood)
    turn.thread.noted.clear()
    notes = ["" if is_whole else f"I read the first {LONGEST_MESSAGE:,} characters; the rest was left out."]
    notes += [ONLY_ASKED] if is_order(words, context) else []
    noted = " ".join(filter(None, [reply.note, *notes]))
    return replace(reply, note=noted, act=family_of(understood.act, turn.rules))


def _meant(turn: Turn) -> Understood:
    message = turn.message
    if len(turn.text) > LONGEST_MESSAGE:
        raise Refused(too_long(turn))
    if message.filled is not None:
        kind = FORMS.get(message.filled.form)
        if kind is None:
            raise Refused(NO_FORM)
        return Understood(submitted(turn, kind, message.filled))
    if message.pressed:
        return Understood(opened(turn)) if message.pressed.startswith("{") else _older(turn)
    return understand(turn.text, context_of(turn), turn.waiting, turn.meanings)


def _older(turn: Turn) -> Understood:
    """What a button from before buttons carried acts stands for: it holds a command, or a question."""
    said = tidied(turn.message.pressed)
    read = read_command(said, COMMANDS, context_of(turn))
    if read is None and said.endswith("?"):
        return only_asked(said, context_of(turn))
    if read is None:
        raise Refused(UNREADABLE)
    return read


def respond(turn: Turn, understood: Understood, sure: bool = False) -> Reply:
    """Done at once where it only reads or nothing is in doubt; else asked back, with nothing changed yet.

    `sure`: whoever said it was told before whose it is.
    """
    act = understood.act
    if understood.instead:
        return _which(understood)
    roles.check_choice(turn, act)
    if understood.missing or (understood.doubts and not isinstance(act, READING)):
        return roles.with_whose_it_is(turn, act, ASKS_BACK[type(act)](turn, understood))
    others = roles.of_others(turn, act)
    if others and not sure:
        return roles.whose_it_is(turn, act, others)
    place, owners = roles.place_of_nudges(turn, act), roles.owners_of(turn, others)
    reply = lost_places.with_trouble(turn, act, HANDLERS[type(act)](turn, act))
    if reply.pending is not None:
        return reply
    roles.tell_owners(turn, owners, reply)
    return roles.announced(turn, act, place, reply)


def _which(understood: Understood) -> Reply:
    """Between acts that may be meant alike, the person chooses."""
    choices = (understood.act, *understood.instead)
    return Reply(
        "I am not sure which you mean. Nothing was changed.",
        typed="Type its number.",
        buttons=tuple(Button(says(choice)[:70], choice) for choice in choices),
        pending=Pending(choices[0]),
    )
