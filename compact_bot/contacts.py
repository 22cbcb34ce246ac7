"""Whom to ask: the contacts printed in the agreement, and those that the organisation has set."""

from sqlalchemy import select

from compact_bot import answers
from compact_bot.conversation import Button, Fact, Reply
from compact_bot.store.tables import Contact
from compact_bot.turn import Turn
from compact_bot.understanding.acts import RemoveContact, SetContact, ShowContacts

LONGEST_CONTACT = 300


def show_contacts(turn: Turn, _: ShowContacts) -> Reply:
    return answers.contacts(turn.agreement, tuple(contact.details for contact in _contacts(turn)))


def _contacts(turn: Turn) -> list[Contact]:
    mine = select(Contact).where(Contact.organisation_id == turn.organisation.id).order_by(Contact.id)
    return list(turn.session.scalars(mine))


def set_contact(turn: Turn, act: SetContact) -> Reply:
    details = act.details
    if not details:
        return Reply(
            "I need the contact's details. Nothing was saved.",
            next_step="For example: set contact Amina Khan, Compact lead, amina@example.org",
        )
    if len(details) > LONGEST_CONTACT:
        return Reply(
            f"That contact has {len(details)} characters; the most I keep is {LONGEST_CONTACT}. Nothing was saved.",
            next_step="Give a name with an email address or a phone number.",
        )
    turn.session.add(
        Contact(
            organisation_id=turn.organisation.id,
            details=details,
            set_by=turn.message.sender.name,
            set_at=turn.message.sent_at,
        )
    )
    turn.session.flush()
    count = len(_contacts(turn))
    return Reply(
        f"Saved. Everyone in your organisation who asks for contacts now sees: {details}",
        next_step=f"To see all contacts, type contacts. To take this one away, type: remove contact {count}",
        buttons=(Button("Show contacts", ShowContacts()),),
    )


def remove_contact(turn: Turn, act: RemoveContact) -> Reply:
    contacts = _contacts(turn)
    if not contacts:
        return Reply(
            "Your organisation has set no contact of its own, so nothing was removed.",
            next_step="To see whom to ask, type contacts.",
        )
    if not 1 <= act.number <= len(contacts):
        return Reply(
            f"Which one? Your organisation has set {len(contacts)}. Nothing was removed.",
            facts=tuple(Fact(f"Contact {n}", c.details) for n, c in enumerate(contacts, start=1)),
            next_step="Type its number, for example: remove contact 1",
        )
    gone = contacts[act.number - 1]
    turn.session.delete(gone)
    return Reply(
        f"Removed: {gone.details}",
        next_step=f"To put it back, type: set contact {gone.details}",
        buttons=(Button("Show contacts", ShowContacts()),),
    )
