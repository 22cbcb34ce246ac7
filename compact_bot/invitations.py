"""Private links to the pages: what one holds, and whoever makes an address of it."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


def _number() -> str:
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Invitation:
    """For one person of one organisation, by the ids of their rows; `to` is the path of a page.

    `route` is where they asked for it. `number` tells it from all others, so that it opens nothing twice.
    """

    organisation_id: int
    person_id: int
    route: str
    to: str
    made_at: datetime
    number: str = field(default_factory=_number)


class Pages(Protocol):
    """The pages as chat knows them."""

    def way_in(self, organisation: str, invitation: Invitation) -> str:
        """The address that lets the invited in; "" where nothing serves the pages to them."""
        ...

    def clause(self, number: str) -> str:
        """The public address of a clause in the full text; "" where others reach none."""
        ...
