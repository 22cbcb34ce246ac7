"""An answer that only its asker saw, shown to everyone on request; and what the bot says of itself at a new place."""

from dataclasses import replace

from compact_bot.conversation import Button, Reply
from compact_bot.store.records import answer_to, keep_answer
from compact_bot.store.tables import OrganisationSettings
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Share

NOT_KEPT = Reply(
    "I no longer have that answer, so nothing was shared.",
    next_step="Ask again, and share the new answer. I keep answers for a day.",
)


def offered(turn: Turn, reply: Reply) -> Reply:
    """The same reply with a way to share it with the place where it was asked."""
    if reply.form or reply.shared or reply.private:
        return reply
    keep_answer(turn.connection, turn.organisation, turn.message, reply)
    return replace(reply, buttons=(*reply.buttons, Button("Share with channel", Share(turn.message.id))))


def share(turn: Turn, act: Share) -> Reply:
    """The whole answer again, for everyone, naming who shared it."""
    message = turn.message
    kept = answer_to(turn.connection, turn.organisation, message.address.platform, act.message)
    if kept is None:
        return NOT_KEPT
    return replace(kept, text=f"Shared by {message.sender.name}. {kept.text}", shared=True)


def introduction(turn: Turn) -> str:
    """Said once at each place that others read too: what comes here, who asked for it, how to stop it."""
    address, chosen = turn.message.address, turn.session.get(OrganisationSettings, turn.organisation.id)
    if chosen and (chosen.platform, chosen.route) == (address.platform, address.route) and not chosen.stopped:
        nudges = f"Your team's nudges come here, as {chosen.set_up_by} chose; to stop them, say: settings nudges stop."
    else:
        nudges = "Nudges come here only when somebody says: settings nudges here."
    return (
        f"This is my first post here. I am Compact Bot, asked here by {turn.message.sender.name}. I answer when "
        f"somebody mentions me, and read nothing else. {nudges}"
    )
