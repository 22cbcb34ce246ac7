"""Anonymous feedback: who sent it is taken off the message before anything else sees it.

What never reaches the rest of the program cannot be stored, logged or exported by it, today or after a change.
"""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from compact_bot.conversation import Address, Audience, Message, Person, Reply
from compact_bot.feedback.sentences import asks_to_be_anonymous
from compact_bot.turn import tidied

FORM = "feedback"
FIELD = "anonymous"
NOBODY = Person("", "somebody")
LINK_LEFT_OUT = "left out"  # still tells that the words are of a message, to be looked at in the form first

READ_BY_OTHERS = Reply(
    "Others read this place, so they would know that it comes from you. Nothing was saved.",
    next_step="Send it to me in a direct message, or choose Anonymously on the form: type log feedback",
)


def is_anonymous(message: Message) -> bool:
    """Whether a message logs feedback that nobody is to know the sender of. Doors ask this before they log anything."""
    if message.filled is not None:
        return message.filled.form == FORM and message.filled.values.get(FIELD) == "anonymous"
    return asks_to_be_anonymous(tidied(message.text))


def without_sender(message: Message, zone: str) -> Message:
    """The message as nobody's: no id, person, place or link, and no time but the local day's noon."""
    day = message.sent_at.astimezone(ZoneInfo(zone)).date()
    filled = message.filled
    if filled is not None:
        filled = replace(filled, values={**filled.values, "link": ""})
    return Message(
        id="",
        text=message.text,
        sender=NOBODY,
        address=Address("", ""),
        organisation=message.organisation,
        sent_at=datetime.combine(day, time(12), ZoneInfo(zone)),
        audience=Audience.ALONE,
        filled=filled,
        link=LINK_LEFT_OUT if message.link else "",
    )
