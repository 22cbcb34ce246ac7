"""Who leads on the Compact: they change the status of feedback, see what was not answered, and teach wordings."""

from collections.abc import Sequence

from compact_bot.asking_back import echo
from compact_bot.conversation import Button, Fact, Reply
from compact_bot.organisation import (
    LONGEST_NAME,
    bare,
    is_lead,
    leads_of,
    no_guest,
    only_leads,
    people_called,
    person_meant,
    settings,
)
from compact_bot.store.tables import KnownPerson
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Named, NameLead, RemoveLead, ShowLeads

_NUDGED = "When nobody has acted 2 working days before a minimum date, the nudge names them too."
_WHO = Button("Who leads", ShowLeads())


def name_lead(turn: Turn, act: NameLead) -> Reply:
    """Leads name others; where nobody leads yet, whoever names the first."""
    no_guest(turn)
    if leads_of(turn.session, turn.organisation):
        only_leads(turn, "name another")
    person = _person(turn, act.who)
    kept = settings(turn)
    kept.lead = person.name if person else act.who.name.strip()
    kept.lead_id = person.id if person else None
    if person is not None:
        person.is_lead = True
    known = "" if person else " I have not met them yet; I will know them by that name when they first speak to me."
    return Reply(
        f"{kept.lead} is a Compact lead now.{known} {_NUDGED}",
        facts=(
            Fact(
                "What leads do",
                "change the status of feedback, see what was not answered, teach wordings, and name other leads",
            ),
        ),
        next_step=f"To see who leads, type leads. To take it back, type: remove lead {kept.lead}",
        buttons=(_WHO,),
    )


def _person(turn: Turn, who: Named) -> KnownPerson | None:
    """The person meant; None for one who never spoke. Raises Refused for a name that two share, or that is none."""
    if who.id == turn.message.sender.id:
        return turn.person
    name = who.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refused(
            Reply(
                f"Please give a name of at most {LONGEST_NAME} characters. Nothing was changed.",
                next_step="For example: lead Amina",
            )
        )
    person = person_meant(turn, who)
    called = people_called(turn.session, turn.organisation, name) if person is None else ()
    if len(called) > 1:
        raise Refused(
            Reply(
                f"{len(called)} people here are called {name}. Nothing was changed.",
                next_step="Ask the one you mean to type: lead me, while nobody leads, or name them with @.",
            )
        )
    return person


def remove_lead(turn: Turn, act: RemoveLead) -> Reply:
    only_leads(turn, "take another off")
    name, kept = act.who.name.strip(), settings(turn)
    leads = leads_of(turn.session, turn.organisation)
    gone = [lead for lead in leads if _is_meant(lead, act.who)]
    awaited = kept.lead_id is None and bare(kept.lead) == bare(name)
    if not gone and not awaited:
        raise Refused(
            Reply(f"{name} does not lead here. Nothing was changed.", next_step="Type leads to see who does.")
        )
    if len(gone) == len(leads):
        raise Refused(
            Reply(
                f"{_names(leads)} is the only Compact lead. Nothing was changed.",
                next_step="Name another first, for example: lead Amina",
            )
        )
    for lead in gone:
        lead.is_lead = False
    if awaited or kept.lead_id in [lead.id for lead in gone]:
        last = next(lead for lead in leads if lead not in gone)
        kept.lead, kept.lead_id = last.name, last.id
    return Reply(f"{name} is no Compact lead any more.", next_step="To see who leads, type leads.", buttons=(_WHO,))


def _is_meant(lead: KnownPerson, who: Named) -> bool:
    return lead.person_id == who.id if who.id else bare(lead.name) == bare(who.name)


@echo.register
def _(act: NameLead) -> str:
    return f"Make {act.who.name} a Compact lead"


@echo.register
def _(act: RemoveLead) -> str:
    return f"Take {act.who.name} off the Compact leads"


def show_leads(turn: Turn, _: ShowLeads) -> Reply:
    is_lead(turn)
    leads = leads_of(turn.session, turn.organisation)
    if not leads:
        return Reply(
            "Nobody is named as Compact lead here yet.",
            next_step="To name the first one, type for example: lead Amina, or: lead me",
        )
    return Reply(
        f"Compact {'lead' if len(leads) == 1 else 'leads'} here: {_names(leads)}.",
        next_step="A lead can add another with: lead NAME",
    )


def _names(leads: Sequence[KnownPerson]) -> str:
    return ", ".join(lead.name for lead in leads)
