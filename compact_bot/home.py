"""What one person sees first: what is due for them, what is due for their team, and where to go from there."""

from datetime import date, timedelta

from compact_bot.conversation import Button, Fact, Field, FieldKind, Filled, Form, Reply
from compact_bot.dates import counted, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.finding import tracker
from compact_bot.deadlines.steps import ended_on, headline, kind_of
from compact_bot.forms import FormKind
from compact_bot.nudges.planning import owns
from compact_bot.store.tables import Deadline, Milestone
from compact_bot.turn import LONGEST_MESSAGE, Turn
from compact_bot.understanding.acts import Act, Ask, Help, Home, List, OpenForm, ShowContacts

ASK, QUESTION = "ask", "question"
SOON = timedelta(days=30)
SHOWN = 10  # of each list; the rest is a word away


def home(turn: Turn, _: Home) -> Reply:
    keeper = tracker(turn)
    today, horizon = keeper.today, keeper.today + SOON
    dated = [(first.due_on, d.number, d) for d in keeper.all_open() if (first := _first(turn, d, today))]
    soon = [deadline for day, _number, deadline in sorted(dated, key=lambda one: one[:2]) if day <= horizon]
    mine = [deadline for deadline in soon if owns(deadline, turn.person)]
    others = [deadline for deadline in soon if deadline not in mine]
    return Reply(
        f"Due by {spoken(horizon)}: {counted(len(mine), 'deadline')} of yours, "
        f"{counted(len(soon), 'deadline')} of your team.",
        facts=(
            *(_line(turn, deadline, today) for deadline in mine[:SHOWN]),
            *(_of_the_team(turn, deadline, today) for deadline in others[:SHOWN]),
        ),
        next_step="Ask in your own words, or type deadlines to see everything that is tracked.",
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


def _first(turn: Turn, deadline: Deadline, today: date) -> Milestone | None:
    kind = kind_of(turn.rules, deadline)
    return None if ended_on(deadline, kind, today) else headline(deadline, kind, today)


def _line(turn: Turn, deadline: Deadline, today: date) -> Fact:
    return replies.one_line(deadline, kind_of(turn.rules, deadline), today)


def _of_the_team(turn: Turn, deadline: Deadline, today: date) -> Fact:
    line = _line(turn, deadline, today)
    return Fact(f"Team: {line.label}", line.value)


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
