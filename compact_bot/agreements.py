"""Which agreement an organisation has: its own choice, else the first that is served here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from compact_bot.answers import cite, label
from compact_bot.conversation import Button, Fact, Reply
from compact_bot.organisation import only_leads, settings
from compact_bot.partnership.linking import named, partners_of
from compact_bot.store.tables import OrganisationSettings
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Act, ChooseAgreement, LookUp, WhatChanged
from knowledge.agreement import Agreement, words_in_order
from knowledge.served import Served

_CHOSEN = select(OrganisationSettings.agreement).where(
    OrganisationSettings.organisation_id == bindparam("organisation")
)


def own_agreement(connection: Connection, organisation_id: int, agreement: Agreement) -> Agreement:
    """What an organisation uses of all that are served beside this one, which is for whoever has not chosen."""
    chosen = connection.execute(_CHOSEN, {"organisation": organisation_id}).scalar()
    return agreement.in_force(chosen) if chosen else agreement


class Agreements:
    """All that are served here; the first is for whoever has not chosen."""

    def __init__(self, served: Sequence[Served]) -> None:
        self.served = tuple(served)
        self._by_name = {one.name: one for one in served}

    @property
    def default(self) -> Served:
        return self.served[0]

    def of(self, connection: Connection, organisation_id: int) -> Served:
        """An organisation's own. Where only one is served nobody is asked."""
        if len(self.served) == 1:
            return self.default
        own = own_agreement(connection, organisation_id, self.default.search.agreement)
        return self._by_name.get(own.name, self.default)

    def called(self, said: str) -> Served | None:
        """By its name or title, in whatever capitals; None where that is none of them, or more than one."""
        bare = said.strip().casefold()
        titled = [
            one for one in self.served if bare in (one.name.casefold(), one.search.agreement.about.title.casefold())
        ]
        return titled[0] if len(titled) == 1 else None


def choose(turn: Turn, act: ChooseAgreement) -> Reply:
    """Show which agreements there are, or have the organisation use one of them."""
    here = turn.agreements.served if turn.agreements else ()
    facts = tuple(Fact(one.name, one.search.agreement.about.title) for one in here)
    if not act.name:
        return Reply(
            f"Your organisation uses the {turn.agreement.about.title}.",
            facts=facts if len(here) > 1 else (),
            next_step="To use another, a Compact lead types: settings agreement NAME"
            if len(here) > 1
            else "No other agreement is served here.",
            buttons=tuple(
                Button(f"Use {one.name}", ChooseAgreement(one.name)) for one in here if one.name != turn.agreement.name
            )[:4],
        )
    only_leads(turn, "choose the agreement")
    chosen = turn.agreements.called(act.name) if turn.agreements else None
    if chosen is None:
        raise Refused(
            Reply(
                f"No agreement called {act.name} is served here. Nothing was changed.",
                facts=facts,
                next_step="Type settings agreement and one of these names.",
            )
        )
    if chosen.name != turn.agreement.name and len(partners := partners_of(turn.session, turn.organisation.id)) > 1:
        raise Refused(
            Reply(
                f"Partners keep one agreement, and yours is the {turn.agreement.about.title}: you are linked with "
                f"{named(partners, turn.organisation.id)}. Nothing was changed.",
                next_step="To leave the partnership first, a Compact lead types: unlink",
            )
        )
    settings(turn).agreement = chosen.name
    title = chosen.search.agreement.about.title
    return Reply(
        f"From now on your organisation uses the {title}.",
        note="What was tracked and logged before keeps the agreement under which it was made.",
        next_step="Type contents to see its sections, or ask in your own words.",
    )


def what_changed(turn: Turn, act: WhatChanged) -> Reply:
    """A clause in the edition before and in this one, side by side."""
    now = turn.agreement
    before = now.before
    about = now.about
    if before is None:
        return Reply(
            f"No earlier edition of the {about.title} is kept here, so I cannot say what changed.",
            next_step=f"To read it as it is, type {act.number}." if act.number else "",
        )
    if not act.number:
        return _all_that_changed(now, before)
    new, old = now.clause(act.number), before.clause(act.number)
    editions = (_named(before), _named(now))
    if new is None and old is None:
        raise Refused(Reply(f"There is no clause {act.number} in {editions[0]} or in {editions[1]}."))
    if new is None or old is None:
        only = [(one, edition) for one, edition in ((new, now), (old, before)) if one]
        return Reply(
            f"{label(only[0][0])} stands in {_named(only[0][1])} alone; the other has no clause of that number.",
            citations=(cite(only[0][0]),),
            source=only[0][1].about.source,
        )
    same = words_in_order([old.text]) == words_in_order([new.text])
    return Reply(
        f"{label(new)} has the same words in both editions."
        if same
        else f"{label(new)} changed: first {editions[0]}, then {editions[1]}.",
        citations=(cite(new),) if same else (cite(old), cite(new)),
        source=about.source if same else f"{before.about.source}; {about.source}",
        next_step="Type a number to read that clause, or what changed for all that changed.",
    )


def _named(agreement: Agreement) -> str:
    return f"edition {agreement.about.edition}" if agreement.about.edition else f"the {agreement.about.title}"


MOST_NAMED = 12


def _all_that_changed(now: Agreement, before: Agreement) -> Reply:
    """Which clauses are new, gone, or have other words."""
    there = {clause.number: clause for clause in before.parts}
    here = {clause.number: clause for clause in now.parts}
    changed = [n for n in here if n in there and words_in_order([here[n].text]) != words_in_order([there[n].text])]
    new, gone = [n for n in here if n not in there], [n for n in there if n not in here]
    facts = [
        Fact(said, _listed(numbers))
        for said, numbers in (("Other words", changed), ("New", new), ("No longer there", gone))
        if numbers
    ]
    return Reply(
        f"From {_named(before)} to {_named(now)} of the {now.about.title}, "
        + (f"{len(changed) + len(new) + len(gone)} clauses changed." if facts else "no clause changed."),
        facts=tuple(facts),
        source=now.about.source,
        next_step=f"To see one side by side, type for example: what changed in {(changed or new or gone)[0]}"
        if facts
        else "",
        buttons=tuple(Button(f"Read {n}", LookUp((n,))) for n in changed[:3]),
    )


def _listed(numbers: Sequence[str]) -> str:
    more = f" and {len(numbers) - MOST_NAMED} more" if len(numbers) > MOST_NAMED else ""
    return ", ".join(numbers[:MOST_NAMED]) + more


HANDLERS: Mapping[type[Act], Callable[[Turn, Any], Reply]] = {ChooseAgreement: choose, WhatChanged: what_changed}
