"""Posting to Slack: nudges, and answers to what was said there."""

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack.blocks import Said, messages
from adapters.slack.installations import Installations, Installed, quiet
from adapters.slack.places import Place, Way
from compact_bot.conversation import Address, File, Reply, SentNudge
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.outbox.letters import Letter

PERMANENT = frozenset(
    "not_in_channel channel_not_found is_archived account_inactive token_revoked invalid_auth not_authed "
    "user_not_found user_disabled cannot_dm_bot messages_tab_disabled restricted_action no_permission missing_scope "
    "message_not_found cant_update_message ekm_access_denied team_access_not_granted user_not_in_channel "
    "invalid_blocks msg_too_long".split()
)
ELSEWHERE = "I could not answer where you asked ({reason}), so here is my answer."


class SlackCourier:
    def __init__(self, client: AsyncWebClient, installations: Installations) -> None:
        self._client = client
        self._installations = installations

    async def deliver(self, address: Address, reply: Reply, key: str) -> str:
        """Post a nudge in its channel; what does not fit goes on in its thread. Each part carries the nudge's key."""
        return await self.post(address, reply, key)

    # ---- answers -----------------------------------------------------------------------------------------------------

    async def answer(self, letter: Letter) -> None:
        """An answer by its way. Raises DeliveryFailed, with the number of its parts that are there."""
        way, reply = Way.of(letter.way), _with_form_button(letter.shown)
        parts = messages(reply)
        if way.apart or reply.shared or (reply.private and way.others and way.answer_at):
            await self._respond(way.answer_at, parts, reply.shared, letter.posted)
        elif reply.private and way.others:
            await self._whisper(letter.address, parts, way.asker, letter.posted)
        else:
            try:
                await self._post(letter.address, parts, already=letter.posted)
            except DeliveryFailed as failed:
                if not (failed.permanent and way.answer_at):
                    raise
                # The bot is no member there; a press can be answered all the same.
                await self._respond(way.answer_at, parts, True, letter.posted)

    def to_the_asker(self, letter: Letter, reason: str) -> Letter | None:
        """The same for the asker alone; None for what went to them already, and for what is only to be shared."""
        way, place = Way.of(letter.way), Place.of(letter.address.route)
        alone = Place(place.team, way.asker, place.enterprise)
        if not way.asker or letter.reply.shared or place.channel == way.asker:
            return None
        said = f"{ELSEWHERE.format(reason=reason)} {letter.reply.note}".strip()
        reply = replace(letter.reply, private=False, note=said)
        return replace(letter, address=alone.address(), way=Way(way.asker).to_json(), reply=reply, posted=0)

    async def _whisper(self, address: Address, parts: Sequence[Said], user: str, already: int) -> None:
        """Say something in a channel that only one person there sees."""
        place = Place.of(address.route)
        for number, said in enumerate(parts[already:], start=already):
            await _part(
                number,
                self._call(
                    "chat.postEphemeral",
                    place,
                    channel=place.channel,
                    user=user,
                    text=said.text,
                    blocks=said.blocks,
                    **({"thread_ts": address.thread} if address.thread else {}),
                ),
            )

    async def _respond(self, answer_at: str, parts: Sequence[Said], shared: bool, already: int) -> None:
        """Answer by Slack's response_url, which works where the bot is no member, five times in half an hour."""
        client = AsyncWebhookClient(answer_at, session=self._client.session, logger=quiet, retry_handlers=[])
        for number, said in enumerate(parts[already:], start=already):
            await _part(number, self._response(client, said, "in_channel" if shared else "ephemeral"))

    async def _response(self, client: AsyncWebhookClient, said: Said, kind: str) -> None:
        try:
            answer = await client.send(text=said.text, blocks=said.blocks, response_type=kind, replace_original=False)
        except (ClientError, TimeoutError, ValueError) as error:
            raise DeliveryFailed(f"no answer from Slack ({type(error).__name__})") from None
        if answer.status_code >= 300:
            wait = _seconds(answer.headers.get("Retry-After")) if answer.status_code == 429 else None
            passing = answer.status_code == 429 or answer.status_code >= 500
            raise DeliveryFailed(f"Slack says {answer.status_code}", permanent=not passing, retry_after=wait)

    # ---- posting -----------------------------------------------------------------------------------------------------

    async def post(self, address: Address, reply: Reply, key: str = "") -> str:
        """Post at an address, in its thread when it has one. Returns the first message's channel and time stamp."""
        return await self._post(address, messages(reply), key)

    async def _post(self, address: Address, parts: Sequence[Said], key: str = "", already: int = 0) -> str:
        place, thread, reference = Place.of(address.route), address.thread, ""
        for number, said in enumerate(parts[already:], start=already):
            sent = await _part(
                number,
                self._call(
                    "chat.postMessage",
                    place,
                    channel=place.channel,
                    text=said.text,
                    blocks=said.blocks,
                    unfurl_links=False,
                    unfurl_media=False,
                    **({"thread_ts": thread} if thread else {}),
                    **({"metadata": {"event_type": "nudge", "event_payload": {"key": key}}} if key else {}),
                ),
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

    async def redraw(self, sent: SentNudge, reply: Reply) -> None:
        """In one message; what did not fit in it when it was sent stands in its thread as it did."""
        first, *_ = messages(reply)
        channel, _, moment = sent.reference.partition(" ")
        await self._call(
            "chat.update",
            Place.of(sent.address.route),
            channel=channel,
            ts=moment,
            text=first.text,
            blocks=first.blocks,
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


async def _part(number: int, posting: Awaitable[Any]) -> Any:  # noqa: ANN401  # Slack's JSON
    """One part of a message; what failed says how many went before it."""
    try:
        return await posting
    except DeliveryFailed as failed:
        failed.posted = number
        raise


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.replace(".", "", 1).isdigit() else None


def _failed(error: SlackApiError) -> DeliveryFailed:
    """What Slack refused, in a word that may be shown: never the exception's text, which holds the whole answer."""
    answer = error.response
    reason = str(answer.get("error") or "") if isinstance(getattr(answer, "data", None), dict) else ""
    if answer.status_code == 429 or reason == "ratelimited":
        return DeliveryFailed("Slack asks to wait", retry_after=float(answer.headers.get("Retry-After", 30)))
    if reason in PERMANENT:
        return DeliveryFailed(f"Slack says {reason}", permanent=True)
    return DeliveryFailed(f"Slack says {reason or answer.status_code}")


def _with_form_button(reply: Reply) -> Reply:
    """Slack opens a form only when something is pressed: the button that the core offers for it comes first."""
    if not reply.form or reply.opens is None:
        return reply
    return replace(reply, buttons=(reply.opens, *reply.buttons))
