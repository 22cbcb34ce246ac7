"""Before something is changed that was not read for certain: what would be done, in a line."""

from functools import singledispatch

from compact_bot.conversation import Button, Pending, Reply
from compact_bot.turn import Turn
from compact_bot.understanding import acts
from compact_bot.understanding.acts import Act, Ask, Leave
from compact_bot.understanding.saying import says
from compact_bot.understanding.understood import Understood


def ask_back(turn: Turn, understood: Understood) -> Reply:
    """What would be done, to do or to leave. Nothing is changed yet."""
    act = understood.act
    doubts = "".join(f" {doubt[0].upper()}{doubt[1:].rstrip('.')}." for doubt in understood.doubts)
    question: Act = Ask(turn.text) if turn.text.strip() else Leave()
    return Reply(
        f"{echo(act)}?{doubts} Nothing is changed yet.",
        next_step="Type yes to do it, or no to leave it.",
        buttons=(Button("Do it", act), Button("I was only asking", question)),
        pending=Pending(act),
    )


@singledispatch
def echo(act: Act) -> str:
    """What would be done, in words that end before a question mark."""
    return f"Do this: {says(act)}"


@echo.register
def _(act: acts.NameLead) -> str:
    return f"Make {act.who.name} a Compact lead"


@echo.register
def _(act: acts.RemoveLead) -> str:
    return f"Take {act.who.name} off the Compact leads"
