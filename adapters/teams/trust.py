"""Whom to believe, and where a token may go. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from adapters.teams.codec import Activity

LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Teams itself, the Bot Framework, and their government clouds; a name stands for its subdomains, too.
SERVICE_HOSTS = (
    "smba.trafficmanager.net",
    "botframework.com",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
    "smba.infra.dod.teams.microsoft.us",
    "botframework.azure.us",
)


@dataclass(frozen=True)
class Trust:
    """`app_id` is "" only on this machine, without authentication; then only this machine is written to."""

    app_id: str
    issuer: str
    tenants: frozenset[str]
    more_hosts: tuple[str, ...] = ()

    def is_service(self, url: str) -> bool:
        """Whether messages, with our token, may be posted there."""
        try:
            where = urlsplit(url)
            host = where.hostname or ""
        except ValueError:
            return False
        if not self.app_id:
            return host in LOOPBACK
        allowed = (*SERVICE_HOSTS, *self.more_hosts)
        is_allowed = any(host == name or host.endswith(f".{name}") for name in allowed)
        return is_allowed and (where.scheme == "https" or host in LOOPBACK)

    def accepts(self, claims: Mapping[str, Any]) -> bool:
        """Whether a token, whose signature is good, is one of the Bot Framework's for this bot, and runs out."""
        if not self.app_id:
            return True
        return claims.get("iss") == self.issuer and claims.get("aud") == self.app_id and "exp" in claims

    def comes_from(self, claims: Mapping[str, Any], activity: Activity) -> bool:
        """Whether the token was made for the place to which the activity wants its answers."""
        claimed = not self.app_id or claims.get("serviceurl") == activity.service_url
        return claimed and self.is_service(activity.service_url)

    def serves(self, tenant: str) -> bool:
        return not self.app_id or tenant.casefold() in self.tenants
