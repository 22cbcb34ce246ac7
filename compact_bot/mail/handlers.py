"""Nudges by e-mail in chat: asked for, proved with the code that was sent there, ended."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from compact_bot.asking_back import ask_back
from compact_bot.conversation import Address, Button, Reply
from compact_bot.deadlines.finding import tracker
from compact_bot.mail.mailboxes import ASKED_AGAIN_AFTER, PLATFORM, is_right
from compact_bot.roles import check_choice
from compact_bot.store.records import is_first_post
from compact_bot.store.tables import Mailbox
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Act, ConfirmEmail, EmailNudges, EmailStop, NudgesHere
from compact_bot.understanding.understood import Understood


def email_nudges(turn: Turn, act: EmailNudges) -> Reply:
    """A code goes to the address first, so that nobody is sent what they did not ask for."""
    if not turn.mails:
        raise _refused(
            "I cannot send e-mail here: whoever runs me has not set it up.", "To have nudges here: nudges here"
        )
    if act.for_team:
        check_choice(turn, NudgesHere())
    address, now = act.address.strip(), turn.message.sent_at
    if address.count("@") != 1:
        raise _refused(
            "Nudges go to one address of yours, and I read several.",
            "Type for example: email nudges to amina@example.org",
        )
    mailbox = _mailbox(turn, act.for_team)
    if mailbox and mailbox.confirmed_at and mailbox.address == address and not act.for_team:
        raise _refused(f"Your nudges go to {address} already.", "To end it, type: email stop")
    if mailbox and not mailbox.confirmed_at and now - mailbox.asked_at < ASKED_AGAIN_AFTER:
        raise _refused(f"A code is on its way to {mailbox.address}.", "Wait five minutes before you ask for another.")
    if mailbox is None:
        mailbox = Mailbox(organisation_id=turn.organisation.id, person_id=turn.person.id, for_team=act.for_team)
        turn.session.add(mailbox)
    mailbox.address, mailbox.asked_at, mailbox.confirmed_at, mailbox.code, mailbox.tries = address, now, None, "", 0
    turn.session.flush()
    whose = "your team's nudges and digest" if act.for_team else "nudges for what you own"
    return Reply(
        f"I am sending a code to {address}. Once you type it here, {whose} go there.",
        next_step="Type for example: email code 12345678",
        private=True,
    )


def confirm(turn: Turn, act: ConfirmEmail) -> Reply:
    waiting = [box for box in (_mailbox(turn, team) for team in (False, True)) if box and not box.confirmed_at]
    if not waiting:
        raise _refused("No address of yours waits for a code.", "Type for example: email nudges to amina@example.org")
    now = turn.message.sent_at
    mailbox = next((box for box in waiting if is_right(box, act.code, now)), None)
    if mailbox is None:
        for box in waiting:
            box.tries += 1
        return Reply(
            "That is not the code that I sent, or it is more than a day old. Nothing goes there yet.",
            next_step="Look at the e-mail again, or ask for a new code: email nudges to ADDRESS",
        )
    if mailbox.for_team:
        check_choice(turn, NudgesHere())  # who leads may have changed since
    mailbox.confirmed_at, mailbox.code = now, ""
    keeper = tracker(turn)
    if mailbox.for_team:
        keeper.send_nudges_to(Address(PLATFORM, mailbox.address))
        return Reply(
            f"From now on your organisation's nudges and its weekly digest go to {mailbox.address}.",
            next_step="To have them in a chat again, type there: nudges here",
        )
    is_first_post(turn.connection, turn.organisation, Address(PLATFORM, mailbox.address))  # who asked needs none
    keeper.plan_again()
    return Reply(
        f"From now on nudges for what you own go to {mailbox.address}, too.",
        next_step="To end it, type: email stop. Each e-mail has a link that ends it as well.",
        private=True,
    )


def stop(turn: Turn, _: EmailStop) -> Reply:
    mailbox = _mailbox(turn, for_team=False)
    if mailbox is None:
        raise _refused("I send you no e-mail.", "For nudges by e-mail, type: email nudges to ADDRESS")
    address = mailbox.address
    turn.session.delete(mailbox)
    keeper = tracker(turn)
    keeper.plan_again()
    return Reply(
        f"Stopped: nothing of yours goes to {address} any more, and I have forgotten it.",
        next_step="To have it again, type: email nudges to ADDRESS",
        buttons=(Button("Send them there again", EmailNudges(address)),),
        private=True,
    )


def _mailbox(turn: Turn, for_team: bool) -> Mailbox | None:
    mine = (Mailbox.organisation_id == turn.organisation.id, Mailbox.person_id == turn.person.id)
    return turn.session.scalar(select(Mailbox).where(*mine, Mailbox.for_team == for_team))


def _refused(problem: str, next_step: str) -> Refused:
    return Refused(Reply(f"{problem} Nothing was changed.", next_step=next_step))


HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {
    EmailNudges: email_nudges,
    ConfirmEmail: confirm,
    EmailStop: stop,
}
ASKS_BACK: Mapping[type[Act], Callable[[Turn, Understood], Reply]] = dict.fromkeys(HANDLERS, ask_back)
