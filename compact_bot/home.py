"""What one person sees first: what is due for them, what is due for their team, and where to go from there."""

import re
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from compact_bot.conversation import Button, Fact, Field, FieldKind, Filled, Form, Reply
from compact_bot.dates import counted, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.at_hand import tracker
from compact_bot.forms import FormKind
from compact_bot.store.tables import Deadline
from compact_bot.turn import LONGEST_MESSAGE, Turn

QUESTION = "question"
SOON = timedelta(days=30)
SHOWN = 10  # of each list; the rest is a word away


def home(turn: Turn, _: re.Match[str]) -> Reply:
    today = tracker(turn).today
    deadlines = turn.session.scalars(
        select(Deadline)
        .where(Deadline.organisation_id == turn.organisation.id, Deadline.state == "open")
        .options(selectinload(Deadline.milestones))
    ).all()
    dated = sorted(((m.due_on, d.number, d) for d in deadlines if (m := replies.next_open(d))), key=lambda one: one[:2])
    soon = [deadline for day, _number, deadline in dated if day <= today + SOON]
    mine = [deadline for deadline in soon if replies.is_owner(deadline, turn.message.sender.name)]
    return Reply(
        f"Due by {spoken(today + SOON)}: {counted(len(mine), 'deadline')} of yours, "
        f"{counted(len(soon), 'deadline')} of your team.",
        facts=(
            *(replies.one_line(deadline, today) for deadline in mine[:SHOWN]),
            *(_of_the_team(deadline, turn) for deadline in soon[:SHOWN] if deadline not in mine),
        ),
        next_step="Ask in your own words, or type deadlines to see everything that is tracked.",
        buttons=(
            Button("Track a deadline", "track"),
            Button("All deadlines", "deadlines"),
            Button("Log feedback", "log feedback"),
            Button("Help", "help"),
            Button("Who to contact", "contacts"),
        ),
        form=ask_form(turn, ""),
        private=True,
    )


def _of_the_team(deadline: Deadline, turn: Turn) -> Fact:
    line = replies.one_line(deadline, tracker(turn).today)
    return Fact(f"Team: {line.label}", line.value)


def ask_form(_: Turn, __: str) -> Form:
    question = Field(
        QUESTION,
        "Ask the Compact",
        FieldKind.TEXT,
        longest=LONGEST_MESSAGE,
        hint="In your own words. For example: how much notice before a grant ends?",
    )
    return Form("ask", "Ask the Compact", (question,), "Ask")


def _asked(_: Turn, filled: Filled) -> str:
    return filled.values[QUESTION]


HOME_FORMS = {"ask": FormKind(ask_form, _asked, only_asks=True)}
