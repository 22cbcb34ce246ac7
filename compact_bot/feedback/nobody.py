"""Messages that leave nothing of who sent them: anonymous feedback, whatever may be meant so, and asking for its form.

What is taken off a message before anything else sees it cannot be stored, logged or exported, today or after a change.
"""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from compact_bot.conversation import Address, Audience, Message, Person
from compact_bot.feedback.anonymity import Wish, is_settled, wish_in
from compact_bot.history import UNDO_WITHIN
from compact_bot.home import ASK, QUESTION
from compact_bot.turn import tidied
from compact_bot.understanding.acts import Act, LogFeedback, OpenForm, UnreadableActError, from_json
from compact_bot.understanding.saying import says
from compact_bot.understanding.telling import asks_to_be_anonymous, logs_something, may_tell, opens_the_form

FORM = "feedback"
FIELD = "anonymous"
ANONYMOUS = "anonymous"
NOBODY = Person("", "somebody")
LINK_LEFT_OUT = "left out"  # still tells that the words are of a message, to be looked at in the form first
REMEMBERED_FOR = UNDO_WITHIN
MOST_REMEMBERED = 10_000


def leaves_no_trace(message: Message) -> bool:
    """Whether nothing of who sends a message may stay anywhere. Doors ask this before they keep or log anything.

    Opening the form is among them: a row for it would stand beside the entry that is sent with it.
    """
    return wish_of(message) is not Wish.NONE or asks_for_the_form(message)


def asks_for_the_form(message: Message) -> bool:
    if message.filled is not None:
        return False
    act = pressed_act(message)
    if act is not None:
        return isinstance(act, OpenForm) and act.form == FORM
    text = _words(message)
    return opens_the_form(text) or bool(message.link and logs_something(text))


def pressed_act(message: Message) -> Act | None:
    """What a pressed button carries; None where none was pressed, and for what cannot be read, which does nothing."""
    try:
        return from_json(message.pressed) if message.pressed else None
    except UnreadableActError:
        return None


def _words(message: Message) -> str:
    """What was typed, or what a button says that is older than acts."""
    return tidied(message.text or message.pressed)


def wish_of(message: Message) -> Wish:
    """What a message asks about not being named: by its words, by its button, or by the form that it fills in."""
    filled = message.filled
    if filled is None:
        act = pressed_act(message)
        if act is not None:
            return _wish_of_act(act)
        text = _words(message)
        return Wish.STATED if asks_to_be_anonymous(text) else wish_in(text)
    if filled.form == FORM:
        if filled.values.get(FIELD) == ANONYMOUS:
            return Wish.STATED
        return _wish_in_parts(*(tidied(filled.values.get(name, "")) for name in ("what", "about", "behalf")))
    # In the box of a home somebody may as well tell something.
    return wish_in(tidied(filled.values.get(QUESTION, ""))) if filled.form == ASK else Wish.NONE


def _wish_of_act(act: Act) -> Wish:
    if isinstance(act, OpenForm):
        return Wish.NONE  # nothing is told yet
    if not isinstance(act, LogFeedback):
        return wish_in(tidied(says(act)))
    if act.anonymous:
        return Wish.STATED
    return Wish.NONE if act.with_name else _wish_in_parts(act.what, act.about, act.behalf)


def _wish_in_parts(*parts: str) -> Wish:
    """Feedback with a name whose words smell of the wish is asked about."""
    return Wish.NONE if wish_in(f"feedback: {'. '.join(parts)}") is Wish.NONE else Wish.HINTED


def is_nobodys(message: Message) -> bool:
    return message.sender == NOBODY


def without_sender(message: Message, zone: str) -> Message:
    """The message as nobody's: no id, person or place, and no time but the local day's noon; no link where one is
    anonymous, since it leads to where it was seen."""
    day = message.sent_at.astimezone(ZoneInfo(zone)).date()
    filled, link = message.filled, message.link
    if wish_of(message) is not Wish.NONE:
        link = LINK_LEFT_OUT if link else ""
        filled = filled and replace(filled, values={**filled.values, "link": ""})
    return Message(
        id="",
        text=message.text,
        sender=NOBODY,
        address=Address("", ""),
        organisation=message.organisation,
        sent_at=datetime.combine(day, time(12), ZoneInfo(zone)),
        audience=Audience.ALONE,
        filled=filled,
        link=link,
        kind=message.kind,
        about=message.about,
        pressed=message.pressed,
    )


def _wants_to_be_named(message: Message) -> bool:
    act = pressed_act(message)
    return act.with_name if isinstance(act, LogFeedback) else is_settled(_words(message))


def _may_log(message: Message) -> bool:
    act = pressed_act(message)
    return isinstance(act, LogFeedback) if act else may_tell(_words(message))


class Lately:
    """What one process remembers for some minutes of those whom it must not know, and no file or table ever holds.

    People and messages are hashes under a key that is made at start and told to nobody.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes()
        self._answered: set[bytes] = set()
        self._wished: dict[bytes, datetime] = {}
        self._logged: dict[bytes, datetime] = {}

    def _hash(self, *parts: str) -> bytes:
        return hashlib.blake2b("\n".join(parts).encode(), key=self._key).digest()

    def _message(self, message: Message) -> bytes:
        return self._hash("message", message.organisation, message.address.platform, message.id)

    def _sender(self, message: Message) -> bytes:
        return self._hash("person", message.organisation, message.address.platform, message.sender.id)

    def was_answered(self, message: Message) -> bool:
        return self._message(message) in self._answered

    def note(self, message: Message, wish: Wish, logged: bool) -> None:
        """A message was answered: their entry was logged, or they were asked whether they want to be named."""
        for kept in (self._answered, self._wished, self._logged):
            if len(kept) >= MOST_REMEMBERED:
                kept.clear()
        self._answered.add(self._message(message))
        sender = self._sender(message)
        if logged:
            self._logged[sender] = message.sent_at
            self._wished.pop(sender, None)
        elif wish is not Wish.NONE:
            self._wished[sender] = message.sent_at

    def wish_of(self, message: Message) -> Wish:
        """What a message asks; to log something after a wish that nobody has acted on yet is asked about too."""
        if self._wished and _wants_to_be_named(message):
            self._wished.pop(self._sender(message), None)
        return Wish.HINTED if self.is_awaited(message) else wish_of(message)

    def is_awaited(self, message: Message) -> bool:
        """Whether somebody who asked not to be named, and was asked back, now logs something as if they had not."""
        if not self._wished or message.filled is not None or not _may_log(message):
            return False
        wished = self._wished.get(self._sender(message))
        asked_lately = wished is not None and message.sent_at - wished <= REMEMBERED_FOR
        return asked_lately and wish_of(message) is Wish.NONE and not _wants_to_be_named(message)

    def logged_at(self, message: Message) -> datetime | None:
        """When the sender of a message last logged something anonymously, if that is some minutes ago."""
        logged = self._logged.get(self._sender(message)) if self._logged else None
        return logged if logged is not None and message.sent_at - logged <= REMEMBERED_FOR else None
