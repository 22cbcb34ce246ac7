"""What one person sees first: what is due for them, what is due for their team, and where to go from there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from compact_bot.conversation import Button, Field, FieldKind, Filled, Form, Reply, Table
from compact_bot.dates import spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.finding import tracker
from compact_bot.deadlines.steps import ended_on, headline, kind_of
from compact_bot.forms import FormKind
from compact_bot.nudges.planning import owned_by
from compact_bot.partnership.names import is_partners
from compact_bot.store.tables import Deadline, Milestone
from compact_bot.turn import LONGEST_MESSAGE, Turn
from compact_bot.understanding.acts import Act, Ask, Help, Home, List, Named, OpenForm, SetOwner, ShowContacts

ASK, QUESTION = "ask", "question"
SOON = timedelta(days=30)
SHOWN = 5  # of each table; the rest is a word away
YOURS, TEAMS, BY_NAME = "Yours", "Your team's", "Owner known by name only: is one yours?"
PARTNERS = "Your partners'"


def home(turn: Turn, _: Home) -> Reply:
    """Each deadline once: yours, those whose owner nobody here is by that name, and the others of your team."""
    keeper = tracker(turn)
    today, horizon = keeper.today, keeper.today + SOON
    dated = [(first.due_on, d.number, d) for d in keeper.all_open() if (first := _first(turn, d, today))]
    soon = [deadline for day, _number, deadline in sorted(dated, key=lambda one: one[:2]) if day <= horizon]
    owns = owned_by(turn.person)
    found: dict[str, list[Deadline]] = {YOURS: [], BY_NAME: [], TEAMS: [], PARTNERS: []}
    for deadline in soon:
        found[YOURS if owns(deadline) else _whose(deadline)].append(deadline)
    return Reply(
        _due_said(len(found[YOURS]), len(soon) - len(found[PARTNERS]), len(found[PARTNERS]), horizon),
        tables=tuple(_table(turn, heading, some, today) for heading, some in found.items() if some),
        typed="Ask in your own words, or type deadlines to see everything that is tracked.",
        buttons=(
            Button("Track a deadline", OpenForm("track")),
            Button("All deadlines", List()),
            Button("Log feedback", OpenForm("feedback")),
            Button("Help", Help()),
            Button("Who to contact", ShowContacts()),
        ),
        form=ask_form(turn, ""),
        private=True,
    )


def _whose(deadline: Deadline) -> str:
    """Of what is not the reader's own."""
    if is_partners(deadline):
        return PARTNERS
    return BY_NAME if deadline.owner and deadline.owner_id is None else TEAMS


def _due_said(mine: int, all_due: int, partners: int, horizon: date) -> str:
    if not all_due + partners:
        return f"Nothing is due by {spoken(horizon)}."
    others = f", {all_due - mine} of your team" if all_due > mine else ""
    others += f", {partners} of your partners" if partners else ""
    return f"Due by {spoken(horizon)}: {mine or 'none'} of yours{others}."


def _first(turn: Turn, deadline: Deadline, today: date) -> Milestone | None:
    kind = kind_of(turn.rules, deadline)
    return None if ended_on(deadline, kind, today) else headline(deadline, kind, today)


def _table(turn: Turn, heading: str, deadlines: Sequence[Deadline], today: date) -> Table:
    rows = [replies.row(deadline, kind_of(turn.rules, deadline), today) for deadline in deadlines[:SHOWN]]
    if heading is BY_NAME:
        me = Named(turn.message.sender.name, turn.message.sender.id)
        claims = [Button("It is mine", SetOwner((deadline.number,), me)) for deadline in deadlines]
        rows = [replace(row, offers=(claim, *row.offers[-1:])) for row, claim in zip(rows, claims, strict=False)]
    some = f", {SHOWN} of {len(deadlines)}" if len(deadlines) > SHOWN else ""
    return Table(replies.LIST_COLUMNS, tuple(rows), f"{heading}{some}", opened=True)


def ask_form(_: Turn, __: str) -> Form:
    question = Field(
        QUESTION,
        "Ask the Compact",
        FieldKind.TEXT,
        longest=LONGEST_MESSAGE,
        hint="In your own words. For example: how much notice before a grant ends?",
    )
    return Form(ASK, "Ask the Compact", (question,), "Ask")


def _asked(_: Turn, filled: Filled) -> Act:
    """Whatever stands in the box is a question: nothing typed there is carried out."""
    return Ask(filled.values[QUESTION])


HOME_FORMS = {ASK: FormKind(ask_form, _asked, only_asks=True)}
