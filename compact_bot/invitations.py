"""Private links to the pages: what one holds, and whoever makes an address of it."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from compact_bot.conversation import Citation, Reply


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


def linked(reply: Reply, pages: "Pages | None") -> Reply:
    """Each quotation with the address of its clause, where there is a public one."""
    if pages is None or not pages.clause(""):
        return reply

    def at_home(citations: tuple[Citation, ...]) -> tuple[Citation, ...]:
        return tuple(replace(one, url=pages.clause(one.number)) for one in citations)

    return replace(reply, citations=at_home(reply.citations), see_also=at_home(reply.see_also))


class Pages(Protocol):
    """The pages as chat knows them."""

    def way_in(self, organisation: str, invitation: Invitation) -> str:
        """The address that lets the invited in; "" where nothing serves the pages to them."""
        ...

    def calendar(self, organisation: str, token: str) -> str:
        """The address of a calendar with this secret; "" where nothing serves it."""
        ...

    def deadline(self, number: int) -> str:
        """The public address of a deadline's page, which asks whoever opens it to sign in; "" where there is none."""
        ...

    def clause(self, number: str) -> str:
        """The public address of a clause in the full text; "" where others reach none."""
        ...
