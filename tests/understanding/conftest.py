"""A message where five things are tracked. It is Wednesday 25 November 2026, and Amina is speaking."""

from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from compact_bot.turn import tidied
from compact_bot.understanding.acts import Act, Named
from compact_bot.understanding.commands import read_command
from compact_bot.understanding.commands.table import COMMANDS
from compact_bot.understanding.context import Context, Item, Step
from compact_bot.understanding.understand import understand
from compact_bot.understanding.understood import Understood
from compact_bot.understanding.waiting import Waiting
from knowledge.agreement import Agreement
from knowledge.meanings import Meanings
from knowledge.rules import Rules

TODAY = date(2026, 11, 25)
AMINA = Named("Amina", "U1")
BEN = Named("Ben Okoro", "U2")


def _grant(number: int, title: str, owner: str, ends: date, minimum: date) -> Item:
    steps = (
        Step("best-practice-notice", "Best-practice notice, in writing, with a rationale", date(2026, 12, 1)),
        Step("minimum-notice", "Minimum notice, in writing, with a rationale", minimum),
        Step("ends", "Funding changes or ends", ends),
    )
    return Item(number, "funding-notice", title, owner, steps, (ends,))


TRACKED = (
    _grant(1, "Youth club grant", "Amina", date(2027, 3, 31), date(2026, 12, 31)),
    Item(
        2,
        "consultation",
        "Library opening hours",
        "Ben Okoro",
        (
            Step("opens", "Consultation opens", date(2026, 12, 7)),
            Step("earliest-close", "12 weeks completed", date(2027, 3, 1)),
            Step("closes", "Consultation closes", date(2027, 3, 8)),
        ),
        (date(2026, 12, 7), date(2027, 3, 8)),
    ),
    Item(
        3,
        "payment",
        "Carers centre instalment",
        "Amina",
        (Step("paid", "Payment made", date(2026, 12, 18)),),
        (date(2026, 12, 18),),
    ),
    Item(
        4,
        "monitoring",
        "Allotment society",
        "Ben Okoro",
        (Step("report", "Report due", date(2027, 1, 15)), Step("report-2", "Report due", date(2027, 4, 15))),
        (date(2026, 9, 1), date(2027, 1, 15), date(2027, 4, 15)),
    ),
    _grant(5, "Woodcraft Folk", "Amina", date(2027, 6, 30), date(2027, 3, 30)),
)


@dataclass
class Listener:
    """What is made of a message, as it is at the doors: tidied, then understood."""

    context: Context
    meanings: Meanings
    waiting: Waiting | None = field(default=None)

    def hear(self, text: str) -> Understood:
        return understand(tidied(text), self.context, self.waiting, self.meanings)

    def act(self, text: str) -> Act:
        return self.hear(text).act

    def command(self, text: str) -> Act | None:
        read = read_command(text, COMMANDS, self.context)
        return read.act if read else None

    def asked(self, act: Act, *missing: str, **more: object) -> "Listener":
        """The same conversation, in which this was just asked back."""
        return replace(self, waiting=Waiting(act, missing, **more))  # type: ignore[arg-type]

    def knowing(self, **more: object) -> "Listener":
        return replace(self, context=replace(self.context, **more))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def amina(sutton: Agreement, rules: Rules, meanings: Meanings) -> Listener:
    """Nothing is waiting, and no item was spoken of."""
    return Listener(Context(TODAY, sutton, rules, AMINA, items=lambda: TRACKED), meanings)
