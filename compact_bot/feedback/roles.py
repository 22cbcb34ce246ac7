"""Who leads on the Compact: they change the status of feedback, see what was asked in vain, and teach wordings."""

import re
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compact_bot.conversation import Button, Fact, Reply
from compact_bot.organisation import settings
from compact_bot.store.tables import KnownPerson, Organisation, OrganisationSettings
from compact_bot.turn import Turn

NAME = r"(?P<name><@\w+>|@?[\w.'’ -]{1,100})"
_NUDGED = "When nobody has acted 2 working days before a minimum date, the nudge names them too."


def leads_of(session: Session, organisation: Organisation) -> Sequence[KnownPerson]:
    return session.scalars(
        select(KnownPerson)
        .where(KnownPerson.organisation_id == organisation.id, KnownPerson.is_lead)
        .order_by(KnownPerson.id)
    ).all()


def is_lead(turn: Turn) -> bool:
    """Whether the person leads; one who was named as lead before they ever spoke is known by that name now."""
    if not turn.person.is_lead and _was_awaited(turn):
        turn.person.is_lead = True
    return turn.person.is_lead


def _was_awaited(turn: Turn) -> bool:
    settings = turn.session.get(OrganisationSettings, turn.organisation.id)
    if settings is None or not settings.lead or _bare(settings.lead) != _bare(turn.message.sender.name):
        return False
    return len(_called(turn, settings.lead)) == 1 and not any(
        _bare(lead.name) == _bare(settings.lead) for lead in leads_of(turn.session, turn.organisation)
    )


def _bare(name: str) -> str:
    return name.casefold().lstrip("@").strip()


def _called(turn: Turn, name: str) -> Sequence[KnownPerson]:
    """Those who spoke under a name: as the platform names them, which nobody chooses for themselves."""
    return turn.session.scalars(
        select(KnownPerson).where(
            KnownPerson.organisation_id == turn.organisation.id,
            func.lower(KnownPerson.name).in_((_bare(name), f"@{_bare(name)}", name.lower())),
        )
    ).all()


def only_leads(turn: Turn, what: str) -> Reply | None:
    """What to say to somebody who does not lead; None for those who do."""
    if is_lead(turn):
        return None
    leads = leads_of(turn.session, turn.organisation)
    if not leads:
        return Reply(
            f"Only a Compact lead can {what}, and nobody leads here yet. Nothing was changed.",
            next_step="To name the first one, type for example: lead Amina, or: lead me",
        )
    return Reply(
        f"Only a Compact lead can {what}. Here that is {_named(leads)}. Nothing was changed.",
        next_step="Ask one of them, or ask them to add you with: lead NAME",
    )


def _named(leads: Sequence[KnownPerson]) -> str:
    return ", ".join(lead.name for lead in leads)


def set_lead(turn: Turn, found: re.Match[str]) -> Reply | None:
    """Leads name others; where nobody leads yet, whoever names the first. None when what follows is no name."""
    name = found["name"].strip()[:100]
    myself = name.casefold() in ("me", "myself")
    if not myself and not re.match(r"<?@|[A-Z]", name):
        return None
    if leads_of(turn.session, turn.organisation) and (refused := only_leads(turn, "name another")):
        return refused
    kept = settings(turn)
    people = [turn.person] if myself else list(_called(turn, name))
    if len(people) > 1:
        return Reply(
            f"{len(people)} people here are called {name}. Nothing was changed.",
            next_step="Ask the one you mean to type: lead me, while nobody leads, or name them with @.",
        )
    kept.lead = turn.message.sender.name[:100] if myself else name
    for person in people:
        person.is_lead = True
    known = "" if people else " I have not met them yet; I will know them by that name when they first speak to me."
    return Reply(
        f"{kept.lead} is a Compact lead now.{known} {_NUDGED}",
        facts=(Fact("What leads do", "change the status of feedback, see gaps, teach wordings, and name other leads"),),
        next_step=f"To see who leads, type leads. To take it back, type: remove lead {kept.lead}",
        buttons=(Button("Who leads", "leads"),),
    )


def remove_lead(turn: Turn, found: re.Match[str]) -> Reply:
    if refused := only_leads(turn, "take another off"):
        return refused
    name = found["name"].strip()
    kept = settings(turn)
    leads = leads_of(turn.session, turn.organisation)
    mine = name.casefold() in ("me", "myself")
    gone = [lead for lead in leads if (lead is turn.person if mine else _bare(lead.name) == _bare(name))]
    awaited = _bare(kept.lead) == _bare(name)
    if not gone and not awaited:
        return Reply(f"{name} does not lead here. Nothing was changed.", next_step="Type leads to see who does.")
    if len(gone) == len(leads):
        return Reply(
            f"{_named(leads)} is the only Compact lead. Nothing was changed.",
            next_step="Name another first, for example: lead Amina",
        )
    for lead in gone:
        lead.is_lead = False
    if awaited or any(_bare(lead.name) == _bare(kept.lead) for lead in gone):
        kept.lead = next(lead.name for lead in leads if lead not in gone)
    return Reply(
        f"{name} is no Compact lead any more.",
        next_step="To see who leads, type leads.",
        buttons=(Button("Who leads", "leads"),),
    )


def show_leads(turn: Turn, _: re.Match[str]) -> Reply:
    is_lead(turn)
    leads = leads_of(turn.session, turn.organisation)
    if not leads:
        return Reply(
            "Nobody is named as Compact lead here yet.",
            next_step="To name the first one, type for example: lead Amina, or: lead me",
        )
    return Reply(
        f"Compact {'lead' if len(leads) == 1 else 'leads'} here: {_named(leads)}.",
        next_step="A lead can add another with: lead NAME",
    )
