"""Whose act it is. Anyone asks, tracks and logs. What a whole organisation chooses is its leads', or anybody's while it
has none, and is then said where its nudges go. A deadline is changed by its owner, by whoever tracked it, and by leads;
anyone else is asked first, and its owner is told, on their own platform where that is a partner.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from compact_bot.asking_back import echo
from compact_bot.conversation import Address, Audience, Button, Pending, Reply
from compact_bot.organisation import bare, is_lead, leads_of, no_guest, only_leads, people_called, settings
from compact_bot.outbox.rows import tell
from compact_bot.partnership.names import holder_said, is_partners, named_elsewhere, owner_said
from compact_bot.pressing import numbers_of, with_values
from compact_bot.store.records import deadline_numbered
from compact_bot.store.tables import Change, Deadline, DeadlineState, KnownPerson, Organisation, OrganisationSettings
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import (
    CHANGING_A_DEADLINE,
    Act,
    CloseDays,
    Digest,
    Leave,
    NudgesHere,
    NudgesStop,
    OpenDays,
    RemoveContact,
    SetContact,
    SetOwner,
    Show,
)
from compact_bot.understanding.saying import codes

CHOICES: Mapping[type[Act], str] = {
    NudgesHere: "choose where nudges go",
    NudgesStop: "stop the nudges",
    Digest: "choose when the digest comes",
    CloseDays: "choose closed days",
    OpenDays: "choose closed days",
    SetContact: "set contacts",
    RemoveContact: "remove contacts",
}


# ---- what a whole organisation chooses -------------------------------------------------------------------------------


def check_choice(turn: Turn, act: Act) -> None:
    """Raises Refused, saying who leads, for somebody who does not; and for who sees to what is a partner's."""
    what = CHOICES.get(type(act))
    if isinstance(act, SetOwner):
        _check_owner_is_ours_to_choose(turn, act)
    if what is None:
        return
    no_guest(turn)
    if leads_of(turn.session, turn.organisation):
        only_leads(turn, what)


def _check_owner_is_ours_to_choose(turn: Turn, act: SetOwner) -> None:
    """No name of one organisation's people is looked up for another, nor made the owner of what is not theirs."""
    for number in act.numbers:
        deadline = deadline_numbered(turn.session, turn.organisation, number)
        if deadline is not None and is_partners(deadline):
            holder = holder_said(deadline)
            raise Refused(
                Reply(
                    f"Who sees to {deadline.code} is for {holder} to say, whose it is. Nothing was changed.",
                    next_step=f"To see it, type {deadline.code}.",
                )
            )


def place_of_nudges(turn: Turn, act: Act) -> Address | None:
    """Where the team's nudges go before something is chosen; None where nowhere, or nothing is chosen."""
    if type(act) not in CHOICES:
        return None
    kept = settings(turn)
    return Address(kept.platform, kept.route) if kept.platform else None


def announced(turn: Turn, act: Act, before: Address | None, reply: Reply) -> Reply:
    """While nobody leads, everybody in the places of nudges hears of what somebody chose for them."""
    if type(act) not in CHOICES or leads_of(turn.session, turn.organisation):
        return reply
    message, after = turn.message, place_of_nudges(turn, act)
    here = Address(message.address.platform, message.address.route)
    heard = {here} if message.audience is not Audience.APART else set()
    told = [place for place in dict.fromkeys((before, after)) if place is not None and place not in heard]
    for place in told:
        tell(turn.connection, turn.organisation, place, _announcement(turn, reply), message.sent_at)
    where = " It is said there, too." if told else ""
    return replace(reply, note=f"{reply.note} Nobody leads here yet, so anyone may choose this.{where}".strip())


def _announcement(turn: Turn, reply: Reply) -> Reply:
    return Reply(
        f"{turn.message.sender.name} chose this for everyone here: {reply.text}",
        next_step="While nobody leads on the Compact, anyone may choose this. To name who leads, type: lead NAME",
    )


# ---- another's deadline ----------------------------------------------------------------------------------------------


def of_others(turn: Turn, act: Act) -> Sequence[Deadline]:
    """The deadlines that an act changes and that are not for this person to change unasked."""
    if not isinstance(act, CHANGING_A_DEADLINE):
        return ()
    found = (deadline_numbered(turn.session, turn.organisation, number) for number in numbers_of(act))
    return [one for one in found if one and _is_guarded(one) and not _may_change(turn, one)]


def _is_guarded(deadline: Deadline) -> bool:
    """What has ended is renewed and explained by anybody of its own organisation."""
    return deadline.state is DeadlineState.OPEN or is_partners(deadline)


def _may_change(turn: Turn, deadline: Deadline) -> bool:
    if deadline.organisation_id != turn.organisation.id:
        return False
    return not deadline.owner or _is_owner(turn, deadline) or _tracked_it(turn, deadline) or is_lead(turn)


def _is_owner(turn: Turn, deadline: Deadline) -> bool:
    """By who they are; by name only where nobody else has it."""
    if deadline.owner_id is not None:
        return deadline.owner_id == turn.person.id
    same = bare(deadline.owner) == bare(turn.message.sender.name)
    return same and len(people_called(turn.session, turn.organisation, deadline.owner)) == 1


def _tracked_it(turn: Turn, deadline: Deadline) -> bool:
    first = select(Change).where(Change.deadline_id == deadline.id).order_by(Change.id).limit(1)
    tracked, message = turn.session.scalar(first), turn.message
    return tracked is not None and (tracked.person_id, tracked.platform) == (
        message.sender.id,
        message.address.platform,
    )


def whose_it_is(turn: Turn, act: Act, others: Sequence[Deadline]) -> Reply:
    """Asked before it is changed. Nothing is changed yet."""
    return Reply(
        f"{_said(turn, others)} {echo(act)}? Nothing is changed yet.",
        next_step="Type yes to do it, or no to leave it.",
        buttons=(Button("Do it", act), Button("Leave it", Leave())),
        pending=Pending(act, sure=True),
    )


def with_whose_it_is(turn: Turn, act: Act, asked: Reply) -> Reply:
    """What is asked back anyway says it too, so that nobody is asked twice."""
    others = of_others(turn, act)
    if not others or asked.pending is None or asked.pending.missing:
        return asked
    return replace(asked, note=f"{_said(turn, others)} {asked.note}".strip(), pending=replace(asked.pending, sure=True))


def _said(turn: Turn, others: Sequence[Deadline]) -> str:
    named = codes(tuple(one.number for one in others))
    if any(is_partners(one) for one in others):
        return _said_of_partners(turn, others)
    owners = list(dict.fromkeys(one.owner for one in others))
    reached = [_owner_of(turn, one) for one in others]
    told = "who will be told" if all(reached) else "whom I cannot tell, since I cannot write to them alone"
    if len(owners) > 1:
        told = "who will be told" if all(reached) else "who will be told as far as I know them"
    return f"{named} {'is' if len(others) == 1 else 'are'} {' and '.join(owners)}'s, {told}."


def _said_of_partners(turn: Turn, others: Sequence[Deadline]) -> str:
    """Somebody at their organisation is told at any rate: the owner, or its place of nudges, where it has one."""
    whose = "; ".join(f"{one.code} belongs to {owner_said(one) or holder_said(one)}" for one in others)
    told = "will be told" if all(_heard_of(turn, one) for one in others) else "whom I cannot tell"
    return f"{whose}, {'who ' if told == 'will be told' else ''}{told}."


def _owner_of(turn: Turn, deadline: Deadline) -> KnownPerson | None:
    """Its owner, where they can be reached alone; a person of its own organisation."""
    person = turn.session.get(KnownPerson, deadline.owner_id) if deadline.owner_id is not None else None
    if person is None:
        holder = turn.session.get_one(Organisation, deadline.organisation_id)
        called = people_called(turn.session, holder, deadline.owner)
        person = called[0] if len(called) == 1 else None
    return person if person is not None and person.direct_route else None


@dataclass(frozen=True)
class Heard:
    """Where somebody is told of what is theirs: an owner alone, or else a partner's place of nudges."""

    organisation_id: int
    address: Address


def _heard_of(turn: Turn, deadline: Deadline) -> Heard | None:
    owner = _owner_of(turn, deadline)
    if owner is not None:
        return Heard(owner.organisation_id, Address(owner.platform, owner.direct_route))
    kept = turn.session.get(OrganisationSettings, deadline.organisation_id)
    if not is_partners(deadline) or kept is None or not kept.platform or kept.stopped:
        return None
    return Heard(deadline.organisation_id, Address(kept.platform, kept.route))


def owners_of(turn: Turn, deadlines: Sequence[Deadline]) -> Mapping[Heard, tuple[int, ...]]:
    """Those who can be told, each with the numbers of what is theirs; asked before anything changes its owner."""
    owners: dict[Heard, tuple[int, ...]] = {}
    for one in deadlines:
        if (heard := _heard_of(turn, one)) is not None:
            owners[heard] = (*owners.get(heard, ()), one.number)
    return owners


def tell_owners(turn: Turn, owners: Mapping[Heard, tuple[int, ...]], reply: Reply) -> None:
    """Each owner hears, on their own platform, what somebody else did with what is theirs."""
    for owner, theirs in owners.items():
        told = Reply(
            f"{_named_to(turn, owner)} changed {codes(theirs)}, which {'is' if len(theirs) == 1 else 'are'} yours: "
            f"{reply.text}",
            next_step=f"To see {codes(theirs)}, type {codes(theirs[:1])}. If it is wrong, say what is right.",
            buttons=(Button(f"Show {codes(theirs[:1])}", Show(theirs)),),
        )
        now, organisation = turn.message.sent_at, turn.session.get_one(Organisation, owner.organisation_id)
        tell(turn.connection, organisation, owner.address, with_values(told, organisation.id, now), now)


def _named_to(turn: Turn, heard: Heard) -> str:
    """Whoever wrote, with their organisation and without their platform's mark where another organisation reads it."""
    if heard.organisation_id == turn.organisation.id:
        return turn.message.sender.name
    return named_elsewhere(turn.session, turn.message.sender)
