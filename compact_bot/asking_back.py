"""Before something is changed that was not read for certain: what would be done, in a line, to do or to leave."""

from functools import singledispatch

from compact_bot.conversation import Button, Pending, Reply
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Act, Ask, Leave
from compact_bot.understanding.saying import says
from compact_bot.understanding.understood import Understood


@singledispatch
def echo(act: Act) -> str:
    """What would be done, in words that end before a question mark. Rooms register better words for their acts."""
    return f"Do this: {says(act)}"


def is_it_meant(turn: Turn, understood: Understood, does_it: str, change: tuple[Button, ...] = ()) -> Reply:
    """The act shown before it is done, with a button that says `does_it`. Nothing is changed yet."""
    act = understood.act
    shown = echo(act)
    question: Act = Ask(turn.text) if turn.text.strip() else Leave()
    return Reply(
        " ".join(filter(None, [f"{shown}?", understood.doubts_beside(shown), "Nothing is changed yet."])),
        typed="Type yes to do it, or no to leave it.",
        buttons=(Button(does_it, act), *change, Button("I was only asking", question)),
        pending=Pending(act),
    )


def ask_back(turn: Turn, understood: Understood) -> Reply:
    return is_it_meant(turn, understood, "Do it")
