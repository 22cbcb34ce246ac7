"""Addresses of the pages, for chat: private ones, signed so that nobody makes their own, and the public full text."""

from dataclasses import dataclass
from datetime import UTC, datetime

from adapters.signing import opened, signed
from compact_bot.invitations import Invitation

SALT = "compact-bot way in"
SIGN_IN = "/sign-in"


@dataclass(frozen=True)
class Links:
    """`local` is the organisation of this machine's own pages, which are open to whoever sits at it."""

    public_url: str = ""
    secret_key: str = ""
    local: str = ""
    here: str = "http://127.0.0.1:8000"  # where this machine's own pages are

    def way_in(self, organisation: str, invitation: Invitation) -> str:
        if organisation == self.local:
            return "" if self.public_url else invitation.to
        if not (self.public_url and self.secret_key):
            return ""
        one = invitation
        made = int(one.made_at.timestamp() * 1000)
        held = [one.organisation_id, one.person_id, one.route, one.to, made, one.number]
        return f"{self._base}{SIGN_IN}/{signed(self.secret_key, SALT, held)}"

    def calendar(self, organisation: str, token: str) -> str:
        if organisation == self.local:
            return "" if self.public_url else f"{self.here}/calendar/{token}.ics"
        return f"{self._base}/calendar/{token}.ics" if self.public_url and self.secret_key else ""

    def deadline(self, number: int) -> str:
        return f"{self._base}/deadlines/D{number}" if self.public_url and self.secret_key else ""

    def clause(self, number: str) -> str:
        return f"{self._base}/compact#{number}" if self.public_url else ""

    def opened(self, sealed: str) -> Invitation | None:
        """What a link holds; None for one that was not made here."""
        held = opened(self.secret_key, SALT, sealed) if self.secret_key else None
        if held is None:
            return None
        try:
            organisation_id, person_id, route, to, made, number = held
        except ValueError:
            return None
        return Invitation(organisation_id, person_id, route, to, datetime.fromtimestamp(made / 1000, UTC), number)

    @property
    def _base(self) -> str:
        return self.public_url.rstrip("/")
