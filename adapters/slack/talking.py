"""What happens in Slack, turned into a message for the core, and the reply shown where the person is looking."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient
from sqlalchemy import Engine

from adapters.answering import Answer
from adapters.slack.blocks import Said, chosen, messages
from adapters.slack.courier import SlackCourier
from adapters.slack.installations import Installations, quiet
from adapters.slack.places import PLATFORM, Place
from adapters.slack.views import ASK, Opened, errors, filled, form_view, home_view, reply_view
from adapters.slack.wording import heard, mentioned, typed
from compact_bot.conversation import Audience, Filled, Message, MessageKind, Person, Reply
from compact_bot.feedback.nobody import leaves_no_trace
from compact_bot.home import QUESTION
from compact_bot.logs import logger
from compact_bot.membership import home_opened, homes_open, removed
from compact_bot.nudges.couriers import Courier, DeliveryFailed, shrink_settled

ACK_WITHIN = 2.0  # seconds; Slack shows the person an error after three
SAID = (None, "file_share", "thread_broadcast")  # subtypes of what people say; the others are edits, joins and so on

Json = Mapping[str, Any]

log = logger(__name__)

STILL_AT_IT = Reply(
    "This takes longer than usual.",
    next_step="I will send you the answer in a direct message. Please do not send it again.",
)


class Talking:
    def __init__(
        self,
        answer: Answer,
        clock: Callable[[], datetime],
        engine: Engine,
        client: AsyncWebClient,
        installations: Installations,
        couriers: Mapping[str, Courier],
    ) -> None:
        self._answer = answer
        self._clock = clock
        self._engine = engine
        self._client = client
        self._installations = installations
        self._couriers = couriers
        self._posts = SlackCourier(client, installations)
        self._begun: set[asyncio.Task[None]] = set()

    # ---- what people do --------------------------------------------------------------------------------------------

    async def mentioned(self, body: Json) -> None:
        """@Compact Bot in a channel: answered in its thread."""
        event = body["event"]
        if _is_from_a_person(event):
            thread = event.get("thread_ts") or event["ts"]
            self._later(self._answer_there(await self._heard(body, event, thread, Audience.EVERYONE)))

    async def told(self, body: Json) -> None:
        """A direct message. Slack sends messages of channels to the same listener; those were not said to us."""
        event = body["event"]
        if event.get("channel_type") == "im" and _is_from_a_person(event):
            self._later(self._answer_there(await self._heard(body, event, event.get("thread_ts", ""), Audience.ALONE)))

    async def commanded(self, ack: AsyncAck, body: Json) -> None:
        """/compact: answered with the acknowledgement itself, for the person alone."""
        place = _place(body, body["channel_id"])
        text = body.get("text") or "help"
        message = self._said(body, place, heard(text), mentioned=tuple(map(place.person, mentioned(text))))
        asked = asyncio.ensure_future(self._ask(message))
        await asyncio.wait({asked}, timeout=ACK_WITHIN)
        if not asked.done():
            await ack()
            self._later(self._answer_late(asked, body["response_url"]))
        elif (reply := asked.result()) is None:
            await ack()
        elif reply.form:
            await ack()
            self._later(self._open(body, reply, Opened(place.address().route, answer_at=body["response_url"])))
        else:
            first, *rest = messages(reply)
            audience = "in_channel" if reply.shared else "ephemeral"
            await ack(text=first.text, blocks=first.blocks, response_type=audience)
            if rest:
                self._later(self._respond(body["response_url"], rest, reply.shared))

    async def pressed(self, ack: AsyncAck, body: Json, action: Json) -> None:
        """A button's act is done by the person who pressed it."""
        await ack()
        if chosen(action) is not None:
            self._later(self._answer_press(body, action))

    async def submitted(self, ack: AsyncAck, body: Json) -> None:
        """A form that was sent: what is wrong stands beside its field; else the answer, or the next form."""
        view, opened = body["view"], Opened.of(body["view"])
        sent = filled(opened, view["state"])
        message = self._said(body, Place.of(opened.route), "", MessageKind.FILLED, filled=sent)
        asked = asyncio.ensure_future(self._ask(message))
        await asyncio.wait({asked}, timeout=ACK_WITHIN)
        if not asked.done():
            await ack(response_action="update", view=reply_view(STILL_AT_IT))
            self._later(self._answer_directly(asked, _place(body, body["user"]["id"])))
        elif (reply := asked.result()) is None:
            await ack()
        elif reply.form and any(field.problem for field in reply.form.fields):
            await ack(response_action="errors", errors=errors(reply.form))
        elif reply.form:
            await ack(response_action="update", view=form_view(reply.form, opened))
        elif opened.answer_at:
            await ack()
            self._later(self._respond(opened.answer_at, messages(reply), reply.shared))
        else:
            await ack(response_action="update", view=reply_view(reply))

    async def chose_track(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self._later(self._answer_shortcut(body, "track", MessageKind.PRESSED))

    async def chose_ask(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        about = heard(body["message"].get("text") or "")
        self._later(self._answer_shortcut(body, about, MessageKind.ASKED_ABOUT))

    async def chose_feedback(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        about = heard(body["message"].get("text") or "")
        self._later(self._answer_shortcut(body, "log feedback", MessageKind.PRESSED, about, _link(body)))

    async def looked_home(self, body: Json) -> None:
        event = body["event"]
        if event.get("tab") == "home":
            place = _place(body, event["user"])
            self._later(self._show_home(place, _organisation(body), event["user"], opened=True))

    async def taken_out(self, body: Json) -> None:
        """Uninstalled or revoked: its tokens are forgotten and its nudges stop; what it tracked is kept."""
        event = body["event"]
        if event["type"] == "tokens_revoked" and not event.get("tokens", {}).get("bot"):
            return
        place = _place(body, "")
        await self._installations.forget(place.team, place.enterprise)
        await asyncio.to_thread(removed, self._engine, _organisation(body), PLATFORM)

    # ---- making messages -------------------------------------------------------------------------------------------

    async def _heard(self, body: Json, event: Json, thread: str, audience: Audience) -> Message:
        """An event as a message. A retry and a twin of it have the same channel and time stamp, so the same id."""
        place = _place(body, event["channel"])
        installed = await self._installations.installed(place.team, place.enterprise)
        bot_user = installed.bot_user if installed else ""
        text = event.get("text") or ""
        return Message(
            id=f"{event['channel']}:{event['ts']}",
            text=heard(text, bot_user),
            sender=place.person(event["user"]),
            address=place.address(thread),
            organisation=_organisation(body, event.get("user_team")),
            sent_at=self._clock(),
            audience=audience,
            mentioned=tuple(map(place.person, mentioned(text, bot_user))),
        )

    def _said(
        self,
        body: Json,
        place: Place,
        text: str,
        kind: MessageKind = MessageKind.SAID,
        *,
        thread: str = "",
        filled: Filled | None = None,
        about: str = "",
        link: str = "",
        mentioned: tuple[Person, ...] = (),
    ) -> Message:
        """A command, a press, a form or a shortcut as a message: each has a trigger of its own."""
        user = body.get("user") or {"id": body.get("user_id"), "username": body.get("user_name")}
        handle = typed(user.get("username") or user.get("name") or "")
        return Message(
            id=body["trigger_id"],
            text=text,
            sender=place.person(user["id"], handle),
            address=place.address(thread),
            organisation=_organisation(body, user.get("team_id")),
            sent_at=self._clock(),
            audience=Audience.ALONE if place.is_direct else Audience.APART,
            filled=filled,
            link=link,
            mentioned=mentioned,
            kind=kind,
            about=about,
        )

    # ---- answering -------------------------------------------------------------------------------------------------

    async def _ask(self, message: Message) -> Reply | None:
        place = Place.of(message.address.route)
        installed = await self._installations.installed(place.team, place.enterprise)
        if installed and installed.takes_files:
            message = replace(message, takes_files=True)
        reply = await self._answer(message)
        if reply and reply.files:
            apart = message.audience is Audience.APART
            where = Place(place.team, message.sender.id, place.enterprise).address() if apart else message.address
            self._later(self._posts.attach(where, reply.files))
        if reply and reply.changed and not leaves_no_trace(message):  # a home drawn again would tell the moment
            self._later(shrink_settled(self._couriers, reply, message.sender.name))
            self._later(self._show_homes_again(place, message.organisation))
        return reply

    async def _answer_there(self, message: Message) -> None:
        reply = await self._ask(message)
        if reply is None:
            return
        shown = _with_form_button(reply)
        if reply.private and message.audience is Audience.EVERYONE:
            await self._posts.whisper(message.address, shown, message.sender.id)
        else:
            await self._posts.post(message.address, shown)

    async def _answer_late(self, asked: asyncio.Future[Reply | None], answer_at: str) -> None:
        reply = await asked
        if reply:
            await self._respond(answer_at, messages(reply), reply.shared)

    async def _answer_directly(self, asked: asyncio.Future[Reply | None], place: Place) -> None:
        reply = await asked
        if reply:
            await self._posts.post(place.address(), reply)

    async def _answer_press(self, body: Json, action: Json) -> None:
        """The answer goes where the button was: its thread, its reader alone, or a modal."""
        container, view = body["container"], body.get("view")
        channel = container.get("channel_id") or body["user"]["id"]
        place, answer_at = _place(body, channel), body.get("response_url", "")
        apart = bool(container.get("is_ephemeral")) or view is not None
        thread = container.get("thread_ts") or ("" if apart or place.is_direct else container["message_ts"])
        message = self._said(body, place, "", MessageKind.PRESSED, thread=thread)
        message = replace(message, pressed=chosen(action) or "")
        if not apart and not place.is_direct:
            message = replace(message, audience=Audience.EVERYONE)
        if action["action_id"] == ASK:
            asked = Filled(ASK, values={QUESTION: typed(action["value"])})
            message = replace(message, kind=MessageKind.ASKED_ABOUT, pressed="", filled=asked)
        reply = await self._ask(message)
        if reply is None:
            return
        if reply.form or view:
            await self._open(body, reply, Opened(place.address().route, answer_at=answer_at), view)
        elif apart or reply.shared:
            await self._respond(answer_at, messages(reply), reply.shared)
        else:
            await self._post_or_respond(message, reply, answer_at)

    async def _answer_shortcut(self, body: Json, text: str, kind: MessageKind, about: str = "", link: str = "") -> None:
        """`text` is what the shortcut says, or the words of the message that it asks about."""
        place = _place(body, body["user"]["id"])
        reply = await self._ask(self._said(body, place, text, kind, about=about, link=link, thread="shortcut"))
        if reply:
            await self._open(body, reply, Opened(place.address().route))

    async def _open(self, body: Json, reply: Reply, opened: Opened, view: Json | None = None) -> None:
        """Show a form, or a reply where there is no channel to answer in; in words when Slack will not open it."""
        shown = form_view(reply.form, opened) if reply.form else reply_view(reply)
        place = _place(body, body.get("user_id") or body["user"]["id"])
        installed = await self._installations.installed(place.team, place.enterprise)
        if installed is None:
            return
        try:
            if view and view["type"] == "modal":
                await self._client.views_update(view_id=view["id"], view=shown, token=installed.token)
            else:
                await self._client.views_open(trigger_id=body["trigger_id"], view=shown, token=installed.token)
        except (SlackApiError, ClientError, TimeoutError, ValueError) as error:
            log.warning("a form could not be opened: %s", type(error).__name__)
            if opened.answer_at:
                await self._respond(opened.answer_at, messages(reply), False)
            else:
                await self._posts.post(place.address(), reply)

    async def _post_or_respond(self, message: Message, reply: Reply, answer_at: str) -> None:
        """In the thread; by the press's own address where the bot is no member of the channel."""
        try:
            await self._posts.post(message.address, reply)
        except DeliveryFailed as failed:
            if not (failed.permanent and answer_at):
                raise
            await self._respond(answer_at, messages(reply), True)

    async def _respond(self, answer_at: str, said: list[Said], shared: bool) -> None:
        """Answer by Slack's response_url, which works where the bot is no member, five times in half an hour."""
        client = AsyncWebhookClient(answer_at, session=self._client.session, logger=quiet)
        for one in said:
            await client.send(
                text=one.text,
                blocks=one.blocks,
                response_type="in_channel" if shared else "ephemeral",
                replace_original=False,
            )

    # ---- App Home --------------------------------------------------------------------------------------------------

    async def _show_home(self, place: Place, organisation: str, user: str, opened: bool = False) -> None:
        now = self._clock()
        if opened:
            await asyncio.to_thread(home_opened, self._engine, organisation, PLATFORM, user, now)
        asked = Message(
            id=f"home:{user}:{now.timestamp()}",
            text="home",
            sender=place.person(user),
            address=Place(place.team, user, place.enterprise).address("home"),
            organisation=organisation,
            sent_at=now,
            kind=MessageKind.PRESSED,
        )
        reply, installed = await self._answer(asked), await self._installations.installed(place.team, place.enterprise)
        if reply and installed:
            await self._client.views_publish(user_id=user, view=home_view(reply), token=installed.token)

    async def _show_homes_again(self, place: Place, organisation: str) -> None:
        for user in await asyncio.to_thread(homes_open, self._engine, organisation, PLATFORM, self._clock()):
            await self._show_home(place, organisation, user)

    # ---- work that goes on after Slack was answered ----------------------------------------------------------------

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._without_a_crash(work))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)

    async def _without_a_crash(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except DeliveryFailed as failed:
            log.warning("an answer could not be posted: %s", failed.reason)
        except Exception as error:  # whatever it is, its text may hold what people wrote
            log.error("after an answer: %s", type(error).__name__)

    async def finish(self, within: float) -> None:
        """Wait for the answers that are still on their way."""
        if self._begun:
            await asyncio.wait(self._begun, timeout=within)


def _is_from_a_person(event: Json) -> bool:
    """Not an edit or a deletion, not from a bot, ourselves among them."""
    return bool(event.get("user")) and not event.get("bot_id") and event.get("subtype") in SAID


def _place(body: Json, channel: str) -> Place:
    """A channel of the workspace where this happened. Slack names the workspace in several ways."""
    team = body.get("team_id") or (body.get("team") or {}).get("id") or body["user"]["team_id"]
    enterprise = body.get("enterprise_id") or (body.get("enterprise") or {}).get("id") or ""
    return Place(team, channel, enterprise)


def _organisation(body: Json, person_team: str | None = None) -> str:
    """Whose deadlines these are: the workspace's, or the person's own one's where a channel is shared with others."""
    team = _place(body, "").team
    shared = body.get("is_ext_shared_channel") or (body.get("user") and not body.get("enterprise"))
    return f"slack:{person_team if shared and person_team else team}"


def _link(body: Json) -> str:
    """The address of the message that a shortcut was used on."""
    domain, moment = (body.get("team") or {}).get("domain", ""), body["message"]["ts"].replace(".", "")
    return f"https://{domain}.slack.com/archives/{body['channel']['id']}/p{moment}" if domain else ""


def _with_form_button(reply: Reply) -> Reply:
    """Slack opens a form only when something is pressed: the button that the core offers for it comes first."""
    if not reply.form or reply.opens is None:
        return reply
    return replace(reply, buttons=(reply.opens, *reply.buttons))
