"""`compact-bot doctor` for Slack: what is set up well, and what to do about the rest. It posts nothing that stays."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from aiohttp import ClientError, ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import Engine

from adapters.door import Check
from adapters.slack.installations import READS, Installations, Installed, header
from adapters.slack.installing import SCOPES
from adapters.slack.places import PLATFORM, Place
from compact_bot.lost_places import nudged_routes
from compact_bot.settings import Settings

MOST_SKEW = timedelta(minutes=2)  # Slack's signatures are refused after five
APP_SETTINGS = "https://api.slack.com/apps"
WHAT_TO_DO = {
    "not_in_channel": "the app is not in it. In that channel, type: /invite @Compact Bot",
    "channel_not_found": "it is gone, or private and the app is not in it. Say in another: settings nudges here",
    "is_archived": "it is archived. In another channel, say: settings nudges here",
}


async def checks(
    settings: Settings, engine: Engine, client: AsyncWebClient, installations: Installations
) -> list[Check]:
    found = [_signing_secret(settings)] if settings["SLACK_SIGNING_SECRET"] else []
    async with ClientSession() as session:
        client.session = session
        if settings["SLACK_BOT_TOKEN"]:
            found += await _token(client, settings["SLACK_BOT_TOKEN"])
        if settings["SLACK_APP_TOKEN"]:
            found.append(await _socket_mode(client, settings["SLACK_APP_TOKEN"]))
        for route in nudged_routes(engine, PLATFORM):
            found.append(await _channel(client, installations, Place.of(route)))
    client.session = None
    return found


def _signing_secret(settings: Settings) -> Check:
    good = bool(re.fullmatch(r"[0-9a-f]{32}", settings["SLACK_SIGNING_SECRET"]))
    says = (
        "has the right shape. Slack does not say whether it is the right one; if every request is refused with 401, "
        f"copy it again from {APP_SETTINGS}, Basic Information"
        if good
        else f"does not look like one (32 digits and letters a to f). Copy it from {APP_SETTINGS}, Basic Information"
    )
    return Check("SLACK_SIGNING_SECRET", good, says)


async def _token(client: AsyncWebClient, token: str) -> list[Check]:
    """The token, its scopes, and how far this machine's clock is from Slack's."""
    try:
        answer = await client.auth_test(token=token)
    except SlackApiError as error:
        do = "Install the app again and copy the token from OAuth & Permissions"
        return [Check("SLACK_BOT_TOKEN", False, f"Slack says {error.response.get('error')}. {do}")]
    except (ClientError, TimeoutError, ValueError):
        return [Check("SLACK_BOT_TOKEN", False, "Slack could not be reached. Check SLACK_API_URL and the network")]
    return [
        Check("SLACK_BOT_TOKEN", True, f"belongs to {answer['user']} in {answer['team']}"),
        *_scopes(answer),
        *_clock(answer),
    ]


def _scopes(answer: AsyncSlackResponse) -> list[Check]:
    given = header(answer, "x-oauth-scopes")
    if not given:
        return []
    have = {scope.strip() for scope in given.split(",")}
    missing = sorted(set(SCOPES) - have)
    if missing:
        wrong = f"missing: {', '.join(missing)}. Add them under OAuth & Permissions, then install the app again"
        return [Check("Scopes", False, wrong)]
    lists = "" if READS in have else f"; without {READS}, lists come at the page instead of with a message"
    return [Check("Scopes", True, f"all that are needed{lists}")]


def _clock(answer: AsyncSlackResponse) -> list[Check]:
    said = header(answer, "date")
    if not said:
        return []
    skew = abs(datetime.now(UTC) - parsedate_to_datetime(said))
    says = f"{skew.total_seconds():.0f} seconds from Slack's"
    return [Check("Clock", skew < MOST_SKEW, says if skew < MOST_SKEW else f"{says}. Set this machine's clock")]


async def _socket_mode(client: AsyncWebClient, token: str) -> Check:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        return Check(
            "SLACK_APP_TOKEN",
            False,
            f"Slack says {error.response.get('error')}. Turn Socket Mode on and make an app-level token with the scope "
            "connections:write",
        )
    except (ClientError, TimeoutError, ValueError):
        return Check("SLACK_APP_TOKEN", False, "Slack could not be reached. Check SLACK_API_URL and the network")
    return Check("SLACK_APP_TOKEN", True, "Socket Mode can be opened")


async def _channel(client: AsyncWebClient, installations: Installations, place: Place) -> Check:
    """Whether nudges can be posted."""
    name = f"Nudges for {place.team} in {place.channel}"
    installed = await installations.installed(place.team, place.enterprise)
    if installed is None:
        return Check(name, False, "the app is not installed there. Add it to Slack again")
    try:
        reason = await why_not_posted(client, installed, place)
    except (ClientError, TimeoutError, ValueError):
        return Check(name, False, "Slack could not be reached. Check SLACK_API_URL and the network")
    if reason:
        return Check(name, False, WHAT_TO_DO.get(reason, f"Slack says {reason}"))
    return Check(name, True, "can be posted")


async def why_not_posted(client: AsyncWebClient, installed: Installed, place: Place) -> str:
    """Slack's word for it, "" where it can be: tried by planning a message for later and taking it back, unseen."""
    later = datetime.now(UTC) + timedelta(days=100)
    try:
        planned = await client.chat_scheduleMessage(
            channel=place.channel, text="A check of the set-up.", post_at=int(later.timestamp()), token=installed.token
        )
        await client.chat_deleteScheduledMessage(
            channel=planned["channel"], scheduled_message_id=planned["scheduled_message_id"], token=installed.token
        )
    except SlackApiError as error:
        return str(error.response.get("error"))
    return ""
