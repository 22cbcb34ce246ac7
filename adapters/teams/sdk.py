"""The only file that knows the Bot Framework SDK: a turn through its adapter, its check of tokens, its activities.

What it does badly stays outside it: keys are ours (it refuses a rotated key for a day), and so are the connection and
the token (it builds two clients a turn and asks for a token in each).
"""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from botbuilder.core import TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ResourceResponse
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authentication_constants import AuthenticationConstants
from botframework.connector.auth.connector_factory import ConnectorFactory
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor
from botframework.connector.auth.verify_options import VerifyOptions

from adapters.teams.codec import CHANNEL, Wire, part
from adapters.teams.connector import Connector, GoneError
from adapters.teams.keys import Keys
from compact_bot.nudges.couriers import DeliveryFailed

CLOCKS_DIFFER_BY = 300  # seconds, as the Bot Framework allows


class Refused(Exception):  # noqa: N818  # named for what happened
    """A request that does not prove to be from Teams."""


class Sdk:
    """What the rest of the door needs of the Bot Framework; activities and references are wire JSON on both sides."""

    def __init__(self, app_id: str, issuer: str, keys: Keys, connector: Connector) -> None:
        options = VerifyOptions([issuer], None, CLOCKS_DIFFER_BY, False)
        self._tokens = JwtTokenExtractor(options, "", AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS)
        self._tokens.open_id_metadata = keys
        self._connector = connector
        self._bot = ClaimsIdentity({AuthenticationConstants.AUDIENCE_CLAIM: app_id}, True)

    async def claims(self, header: str, channel: str) -> dict[str, Any]:
        """What a good token claims. Raises Refused, whatever is wrong with it."""
        try:
            identity = await self._tokens.get_identity_from_auth_header(header, channel)
        except Exception as error:  # the SDK raises whatever its parts raise: all of it means no
            raise Refused from error
        if identity is None:
            raise Refused
        return dict(identity.claims)

    async def send(self, reference: Wire, activity: Wire) -> str:
        """Post to a place, in reply to `reference["activityId"]` when it has one. Returns the message's id."""
        sent: list[ResourceResponse] = []

        async def post(context: TurnContext) -> None:
            sent.append(await context.send_activity(Activity(type=activity["type"])))

        await self._turn(reference, activity, post)
        return str(sent[0].id or "") if sent else ""

    async def update(self, reference: Wire, message_id: str, activity: Wire) -> None:
        """Put another activity in the place of a message."""

        async def put(context: TurnContext) -> None:
            await context.update_activity(Activity(type=activity["type"], id=message_id))

        await self._turn(reference, activity, put)

    async def _turn(self, reference: Wire, activity: Wire, logic: Callable[[TurnContext], Awaitable[None]]) -> None:
        """The SDK finds the way; what is said goes around it, which would copy a card four times (0.4 ms each)."""
        said = {
            **activity,
            "serviceUrl": reference["serviceUrl"],
            "channelId": CHANNEL,
            "from": reference["bot"],
            "conversation": reference["conversation"],
        }
        adapter = CloudAdapterBase(_Authentication(_Connectors(self._connector, said)))
        await adapter.process_proactive(self._bot, _event(reference), None, logic)

    async def name_of(self, reference: Wire, person: Wire) -> str:
        """How somebody in a conversation is called; "" when Teams does not tell."""
        return str((await self.member(reference, str(person.get("id")))).get("name") or "")

    async def member(self, reference: Wire, person: str) -> dict[str, Any]:
        """Somebody in a conversation, by either of their ids; {} when Teams does not tell."""
        path = f"{_at(reference['conversation']['id'])}/members/{quote(person, safe='')}"
        try:
            return await self._connector.call("GET", reference["serviceUrl"], path)
        except DeliveryFailed:
            return {}

    async def is_there(self, reference: Wire) -> bool:
        """Whether the bot is in a conversation, as only its members may be asked about. Raises DeliveryFailed."""
        path = f"{_at(reference['conversation']['id'])}/pagedmembers?pageSize=1"
        try:
            await self._connector.call("GET", reference["serviceUrl"], path)
        except GoneError:
            return False
        return True

    async def open_chat(self, reference: Wire, tenant: str, person: Wire) -> dict[str, Any]:
        """The reference of the personal chat with somebody; Teams makes it when there is none."""
        wanted = {
            "bot": reference["bot"],
            "members": [{"id": person.get("id")}],
            "isGroup": False,
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        made = await self._connector.call("POST", reference["serviceUrl"], "v3/conversations", wanted)
        return {**reference, "conversation": {"id": made.get("id"), "conversationType": "personal", "tenantId": tenant}}


def _event(reference: Wire) -> Activity:
    """The turn in which something is sent, as the SDK wants to have one."""
    return Activity(
        type="event",
        name="ContinueConversation",
        id=reference.get("activityId"),
        channel_id=CHANNEL,
        service_url=reference["serviceUrl"],
        conversation=ConversationAccount(id=reference["conversation"]["id"]),
        recipient=ChannelAccount(id=reference["bot"].get("id")),
    )


class _Conversations:
    """The three calls that the SDK's adapter makes, each with what one activity says."""

    def __init__(self, connector: Connector, service_url: str, said: Wire) -> None:
        self._connector = connector
        self._service_url = service_url
        self._said = said

    async def send_to_conversation(self, conversation: str, activity: Activity) -> ResourceResponse:
        return await self._call("POST", f"{_at(conversation)}/activities", activity)

    async def reply_to_activity(self, conversation: str, to: str, activity: Activity) -> ResourceResponse:
        return await self._call("POST", f"{_at(conversation)}/activities/{quote(to, safe='')}", activity)

    async def update_activity(self, conversation: str, message: str, activity: Activity) -> ResourceResponse:
        return await self._call("PUT", f"{_at(conversation)}/activities/{quote(message, safe='')}", activity)

    async def _call(self, method: str, path: str, activity: Activity) -> ResourceResponse:
        thread = {"replyToId": activity.reply_to_id} if activity.reply_to_id else {}  # Teams refuses a null
        if part(self._said, "recipient").get("isTargeted"):
            path += "?isTargetedActivity=true"
        answer = await self._connector.call(method, self._service_url, path, {**self._said, **thread})
        return ResourceResponse(id=answer.get("id"))


def _at(conversation: str) -> str:
    return f"v3/conversations/{quote(conversation, safe='')}"


class _Client:
    def __init__(self, conversations: _Conversations) -> None:
        self.conversations = conversations


class _Connectors(ConnectorFactory):  # type: ignore[misc]  # the SDK ships no types
    def __init__(self, connector: Connector, said: Wire) -> None:
        self._connector = connector
        self._said = said

    async def create(self, service_url: str, _audience: str) -> _Client:
        return _Client(_Conversations(self._connector, service_url, self._said))


class _Authentication(BotFrameworkAuthentication):  # type: ignore[misc]
    """Gives the adapter our connection. Requests are authenticated before a turn begins, and nobody signs in."""

    def __init__(self, connectors: _Connectors) -> None:
        self._connectors = connectors

    def create_connector_factory(self, _identity: ClaimsIdentity) -> ConnectorFactory:
        return self._connectors

    async def create_user_token_client(self, _identity: ClaimsIdentity) -> None:
        return None

    async def authenticate_request(self, _activity: Activity, _header: str) -> None:
        raise NotImplementedError

    async def authenticate_streaming_request(self, _header: str, _channel: str) -> None:
        raise NotImplementedError
