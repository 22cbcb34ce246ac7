"""Posting to Slack: nudges, and answers to what was said in a channel."""

from collections.abc import Sequence
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import messages, paragraph
from adapters.slack.installations import Installations, Installed
from adapters.slack.places import Place
from adapters.slack.wording import written
from compact_bot.conversation import Address, File, Reply, SentNudge
from compact_bot.nudges.couriers import DeliveryFailed

PERMANENT = frozenset(
    "not_in_channel channel_not_found is_archived account_inactive token_revoked invalid_auth not_authed "
    "user_not_found user_disabled cannot_dm_bot messages_tab_disabled restricted_action no_permission missing_scope "
    "message_not_found cant_update_message ekm_access_denied team_access_not_granted".split()
)


class SlackCourier:
    def __init__(self, client: AsyncWebClient, installations: Installations) -> None:
        self._client = client
        self._installations = installations

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        """Post a nudge in its channel; what does not fit goes on in its thread. Each part carries the nudge's key."""
        return await self.post(address, reply, key)

    async def whisper(self, address: Address, reply: Reply, user: str) -> None:
        """Say something in a channel that only one person there sees."""
        place = Place.of(address.route)
        for said in messages(reply):
            await self._call(
                "chat.postEphemeral",
                place,
                channel=place.channel,
                user=user,
                text=said.text,
                blocks=said.blocks,
                **({"thread_ts": address.thread} if address.thread else {}),
            )

    async def post(self, address: Address, reply: Reply, key: str = "") -> str:
        """Post at an address, in its thread when it has one. Returns the first message's channel and time stamp."""
        place, thread, reference = Place.of(address.route), address.thread, ""
        for said in messages(reply):
            sent = await self._call(
                "chat.postMessage",
                place,
                channel=place.channel,
                text=said.text,
                blocks=said.blocks,
                unfurl_links=False,
                unfurl_media=False,
                **({"thread_ts": thread} if thread else {}),
                **({"metadata": {"event_type": "nudge", "event_payload": {"key": key}}} if key else {}),
            )
            thread = thread or sent["ts"]
            reference = reference or f"{sent['channel']} {sent['ts']}"
        return reference

    async def attach(self, address: Address, files: Sequence[File]) -> None:
        """Put files beside what was posted, in the same thread. Raises DeliveryFailed."""
        if not files:
            return
        place = Place.of(address.route)
        channel = place.channel
        if channel.startswith(("U", "W")):  # files are only taken by conversations, not by people
            channel = (await self._call("conversations.open", place, users=channel))["channel"]["id"]
        installed = await self._installed(place)
        try:
            await self._client.files_upload_v2(
                channel=channel,
                thread_ts=address.thread or None,
                file_uploads=[{"filename": f.name, "title": f.name, "content": f.content} for f in files],
                token=installed.token,
            )
        except SlackApiError as error:
            raise _failed(error) from None
        except (SlackRequestError, ClientError, TimeoutError, ValueError) as error:
            raise DeliveryFailed(f"a file was not taken ({type(error).__name__})") from None

    async def say_status(self, address: Address, words: str) -> None:
        """What the bot is doing, below its name in a thread, until it has answered there. Raises DeliveryFailed."""
        place = Place.of(address.route)
        said = {"channel_id": place.channel, "thread_ts": address.thread, "status": words}
        await self._call("assistant.threads.setStatus", place, **said)

    async def shrink(self, sent: SentNudge, line: str) -> None:
        channel, _, moment = sent.reference.partition(" ")
        await self._call(
            "chat.update",
            Place.of(sent.address.route),
            channel=channel,
            ts=moment,
            text=written(line),
            blocks=[paragraph(line)],
        )

    async def _call(self, method: str, place: Place, **arguments: Any) -> Any:  # noqa: ANN401  # Slack's JSON
        installed = await self._installed(place)
        try:
            return await self._client.api_call(
                method, json=arguments, headers={"Authorization": f"Bearer {installed.token}"}
            )
        except SlackApiError as error:
            raise _failed(error) from None
        except (ClientError, TimeoutError, ValueError) as error:
            raise DeliveryFailed(f"no answer from Slack ({type(error).__name__})") from None

    async def _installed(self, place: Place) -> Installed:
        installed = await self._installations.installed(place.team, place.enterprise)
        if installed is None:
            raise DeliveryFailed("not installed in this workspace", permanent=True)
        return installed


def _failed(error: SlackApiError) -> DeliveryFailed:
    """What Slack refused, in a word that may be shown: never the exception's text, which holds the whole answer."""
    answer = error.response
    reason = str(answer.get("error") or "") if isinstance(getattr(answer, "data", None), dict) else ""
    if answer.status_code == 429 or reason == "ratelimited":
        return DeliveryFailed("Slack asks to wait", retry_after=float(answer.headers.get("Retry-After", 30)))
    if reason in PERMANENT:
        return DeliveryFailed(f"Slack says {reason}", permanent=True)
    return DeliveryFailed(f"Slack says {reason or answer.status_code}")
