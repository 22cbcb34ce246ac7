"""Who may say who somebody is: Slack and Microsoft, where their settings are there."""

from dataclasses import dataclass

from compact_bot.settings import Settings

PATH = "/sign-in-with"
SLACK = "https://slack.com"


@dataclass(frozen=True)
class Issuer:
    """Where people of one platform sign in. `organisation` and `person` are the claims that tell who they are."""

    platform: str
    label: str
    metadata_url: str
    client_id: str
    client_secret: str
    organisation: str
    person: str

    @property
    def path(self) -> str:
        return f"{PATH}/{self.platform}"


def slack(client_id: str, client_secret: str, base: str = SLACK) -> Issuer:
    team, user = "https://slack.com/team_id", "https://slack.com/user_id"
    where = f"{base}/.well-known/openid-configuration"
    return Issuer("slack", "Slack", where, client_id, client_secret, team, user)


def microsoft(client_id: str, client_secret: str, tenant: str, base: str) -> Issuer:
    where = f"{base.rstrip('/')}/{tenant}/v2.0/.well-known/openid-configuration"
    return Issuer("teams", "Microsoft", where, client_id, client_secret, "tid", "oid")


def issuers_of(settings: Settings) -> tuple[Issuer, ...]:
    found = []
    if settings["SLACK_CLIENT_ID"] and settings["SLACK_CLIENT_SECRET"]:
        found.append(slack(settings["SLACK_CLIENT_ID"], settings["SLACK_CLIENT_SECRET"]))
    client, secret = settings["MICROSOFT_APP_ID"], settings["MICROSOFT_APP_PASSWORD"]
    tenant = settings["MICROSOFT_APP_TENANT_ID"]
    if client and secret and tenant:
        found.append(microsoft(client, secret, tenant, settings["TEAMS_LOGIN_URL"]))
    return tuple(found)
