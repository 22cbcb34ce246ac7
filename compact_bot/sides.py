"""Which side of the agreement somebody is on, so that "we" in a question has a meaning."""

import re

from compact_bot.conversation import Button, Reply
from compact_bot.questions import duties_of
from compact_bot.turn import Turn

SIDE = (
    r"(?P<told>(?:we|i)(?:'re|'m|’re|’m| are| am)?(?: work(?:ing)?)?(?: from| at| for| in| with)?"
    r"(?: part of)?(?: the| an?)?(?: small| tiny| local| large| big| national)? )?"
    r"(?P<who>[a-z][a-z '’-]{1,50}?)(?: side)?"
)


def set_side(turn: Turn, found: re.Match[str]) -> Reply | None:
    """None unless the person was just asked, or says no more than which side they are on."""
    waiting, turn.thread.waiting_for_side = turn.thread.waiting_for_side, ""
    who = found["who"].casefold().replace("’", "'")
    if waiting and re.fullmatch(r"both|both sides|either|neither|not sure|don'?t know|i don'?t know", who):
        return duties_of(turn, waiting, None)
    party = turn.agreement.party_called(who)
    if party is None or not (found["told"] or waiting):
        turn.thread.waiting_for_side = ""
        return None
    turn.person.side = party.name
    if waiting:
        return duties_of(turn, waiting, party)
    return Reply(
        f'Noted: you are on the side of the {party.name}. From now on "we" in your questions means the {party.name}.',
        next_step="To change it, tell me the other side. To undo it, type: forget my side",
        buttons=(Button("What have we undertaken?", "what have we undertaken"),),
    )


def forget_side(turn: Turn, _: re.Match[str]) -> Reply:
    turn.person.side = ""
    return Reply(
        "Done: I no longer hold a side for you.",
        next_step='When it matters, I will ask. You can also say "we are a charity" or "we are the council".',
    )
