"""Chat's way to the pages: a private link for whoever asks, never posted where others read it."""

from compact_bot.conversation import Audience, Button, Reply
from compact_bot.invitations import Invitation
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Board, List


def way_in(turn: Turn, path: str) -> str:
    """The address that lets this person in to a page; "" where there are no pages, or others would read it."""
    if turn.pages is None or turn.message.audience is Audience.EVERYONE:
        return ""
    message = turn.message
    where = message.sender.direct or message.address
    invitation = Invitation(turn.organisation.id, turn.person.id, where.route, path, message.sent_at)
    return turn.pages.way_in(turn.organisation.name, invitation)


def board(turn: Turn, act: Board) -> Reply:
    link = way_in(turn, "/board")
    if link:
        return Reply(
            "The board shows every deadline of your organisation: what is overdue, what comes in the next 30 days, "
            "and what comes later.",
            note=signs_in(link),
            next_step="To see a list here instead, type: deadlines",
            buttons=(Button("Open the board", act, link), Button("What is due?", List())),
            private=True,
        )
    return Reply(
        _why_not(turn),
        next_step="To see what is due here, type: deadlines",
        buttons=(Button("What is due?", List()),),
    )


def signs_in(link: str) -> str:
    """What to know of a link; "" for one of the local page, which signs nobody in."""
    if not link.startswith("http"):
        return f"While compact-bot run runs, it is on this machine: {link} at the address that it prints."
    return "The link signs you in as yourself. It works once, within 10 minutes, so keep it to yourself."


def _why_not(turn: Turn) -> str:
    if turn.pages is not None and turn.message.audience is Audience.EVERYONE:
        return "A link to the pages signs in whoever opens it, so I do not post it where others read. Ask me directly."
    return "There are no pages here: whoever runs me has not set them up."
