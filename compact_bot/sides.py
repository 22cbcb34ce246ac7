"""Which side of the agreement somebody is on, so that "we" in a question has a meaning."""

from compact_bot.conversation import Button, Reply
from compact_bot.questions import ask
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Ask, DutiesOf, SetSide


def set_side(turn: Turn, act: SetSide) -> Reply:
    if not act.who:
        turn.person.side = ""
        return Reply(
            "Done: I no longer hold a side for you.",
            next_step='When it matters, I will ask. You can also say "we are a charity" or "we are the council".',
        )
    party = turn.agreement.party_called(act.who)
    if party is None:
        return ask(turn, Ask(act.who))
    turn.person.side = party.name
    undertaken = "what have we undertaken"
    return Reply(
        f'Noted: you are on the side of the {party.name}. From now on "we" in your questions means the {party.name}.',
        next_step="To change it, tell me the other side. To undo it, type: forget my side",
        buttons=(Button("What have we undertaken?", DutiesOf("we", "", undertaken)),),
    )
