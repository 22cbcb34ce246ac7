"""What happens in Slack, turned into a message for the core, and the reply shown where the person is looking."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import ClientError
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine

from adapters.answering import Answer, telling_when_long
from adapters.slack.blocks import chosen, messages
from adapters.slack.courier import PERMANENT, SlackCourier
from adapters.slack.doctor import why_not_posted
from adapters.slack.files import Files
from adapters.slack.grid import Grid
from adapters.slack.installations import Installations, Installed
from adapters.slack.places import PLATFORM, Place, Way
from adapters.slack.views import ASK, Opened, errors, filled, form_view, home_view, reply_view
from adapters.slack.wording import PERSON, heard, mentioned, typed
from compact_bot.conversation import Audience, Filled, Message, MessageKind, Person, Reply
from compact_bot.feedback.nobody import leaves_no_trace
from compact_bot.home import QUESTION
from compact_bot.logs import logger
from compact_bot.lost_places import note_lost
from compact_bot.membership import home_opened, homes_open, removed
from compact_bot.membership import installed as installed_by
from compact_bot.nudges.couriers import Courier, DeliveryFailed, redraw_settled
from compact_bot.outbox.letters import Letter
from compact_bot.outbox.sending import Outbox, Sent

NOT_A_MEMBER = (
    "I am not in this channel yet, so nudges cannot come here. To let them, type here: /invite @Compact Bot. "
    "Until then they go to the owner and the leads."
)
STATUS_AFTER = 1.0  # seconds; nearly every answer is there by then
ACK_WITHIN = 2.0  # seconds; Slack shows the person an error after three
# Subtypes of what people say; the others are joins and so on, and edits, which are read apart.
SAID = (None, "file_share", "thread_broadcast", "me_message")

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
        outbox: Outbox,
    ) -> None:
        self._answer = answer
        self._clock = clock
        self._engine = engine
        self._client = client
        self._installations = installations
        self._couriers = couriers
        self._outbox = outbox
        self._grid = Grid(engine, installations, answer, clock)
        self._files = SlackCourier(client, installations)
        self._lists = Files(client, lambda: client.session)
        self._led: set[str] = set()
        self._begun: set[asyncio.Task[None]] = set()

    # ---- what people do --------------------------------------------------------------------------------------------

    async def mentioned(self, body: Json) -> None:
        """@Compact Bot in a channel: answered in its thread."""
        event = body["event"]
        if _is_from_a_person(event):
            thread, edited_at = event.get("thread_ts") or event["ts"], (event.get("edited") or {}).get("ts")
            message = await self._heard(body, event, thread, Audience.EVERYONE)
            answered = (
                self._answer_edited(message, edited_at)
                if edited_at
                else self._answer_there(message, event.get("files"))
            )
            self._later(answered)

    async def told(self, body: Json) -> None:
        """A direct message. Slack sends messages of channels to the same listener; those were not said to us."""
        event = body["event"]
        if event.get("channel_type") != "im":
            return
        if (edited := _edited(event)) is not None:
            event = edited
        if _is_from_a_person(event):
            message = await self._heard(body, event, event.get("thread_ts", ""), Audience.ALONE)
            self._later(self._answer_there(message, event.get("files")))

    async def commanded(self, ack: AsyncAck, body: Json) -> None:
        """/compact: answered with the acknowledgement itself, for the person alone."""
        place = _place(body, body["channel_id"])
        text = body.get("text") or "help"
        message = self._said(body, place, heard(text), mentioned=tuple(map(place.person, mentioned(text))))
        asked = asyncio.ensure_future(self._ask(message))
        await asyncio.wait({asked}, timeout=ACK_WITHIN)
        if not asked.done():
            await ack()
            self._later(self._answer_late(asked, message, Way(message.sender.id, body["response_url"], apart=True)))
        elif (reply := asked.result()) is None:
            await ack()
        elif reply.form:
            await ack()
            self._later(self._open(body, message, reply, Opened(place.address().route, answer_at=body["response_url"])))
        else:
            first, *rest = messages(reply)
            audience = "in_channel" if reply.shared else "ephemeral"
            await ack(text=first.text, blocks=first.blocks, response_type=audience)
            if rest:
                way = Way(message.sender.id, body["response_url"], apart=True)
                self._later(self._send(message, reply, way, posted=1))

    async def pressed(self, ack: AsyncAck, body: Json, action: Json) -> None:
        """A button's act is done by the person who pressed it."""
        await ack()
        if chosen(action) is not None:
            self._later(self._answer_press(body, action))

    async def submitted(self, ack: AsyncAck, body: Json) -> None:
        """A form that was sent: what is wrong stands beside its field; else the answer, or the next form."""
        view, opened = body["view"], Opened.of(body["view"])
        sent = filled(opened, view["state"])
        message = self._said(body, Place.of(opened.route), "", MessageKind.FILLED, filled=sent, thread=opened.thread)
        way = Way(message.sender.id, opened.answer_at, apart=True)
        people = (value[1:] for value in sent.values.values() if PERSON.fullmatch(value))
        message = replace(message, mentioned=tuple(map(Place.of(opened.route).person, people)))
        if opened.answer_at:
            message = replace(message, way=way.to_json())
        asked = asyncio.ensure_future(self._ask(message))
        await asyncio.wait({asked}, timeout=ACK_WITHIN)
        if not asked.done():
            await ack(response_action="update", view=reply_view(STILL_AT_IT))
            self._later(self._answer_directly(asked, message, _place(body, body["user"]["id"])))
        elif (reply := asked.result()) is None:
            await ack()
        elif reply.form and any(field.problem for field in reply.form.fields):
            await ack(response_action="errors", errors=errors(reply.form))
        elif reply.form:
            await ack(response_action="update", view=form_view(reply.form, opened))
        elif opened.answer_at:
            await ack()
            self._later(self._send(message, reply, way))
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
        """Uninstalled or revoked: its tokens are forgotten and its nudges stop; what it tracked is erased later."""
        event = body["event"]
        if event["type"] == "tokens_revoked" and not event.get("tokens", {}).get("bot"):
            return
        heard_by = _heard_by(body)
        if heard_by.get("is_enterprise_install"):
            enterprise = _enterprise(body)
            await self._installations.forget("", enterprise)
            await self._grid.shut_out(enterprise)
            return
        place = _place(body, "")
        await self._installations.forget(place.team, place.enterprise)
        await asyncio.to_thread(removed, self._engine, _organisation(body), PLATFORM, self._clock())

    async def access_changed(self, body: Json) -> None:
        """An app of a whole Enterprise Grid may speak to some of its workspaces from now on, or no longer."""
        event, enterprise = body["event"], _enterprise(body)
        teams = [str(team) for team in event.get("team_ids") or ()]
        if event["type"] == "team_access_granted":
            await self._grid.let_in(enterprise, teams)
        else:
            await self._grid.shut_out(enterprise, teams)

    # ---- making messages -------------------------------------------------------------------------------------------

    async def _heard(self, body: Json, event: Json, thread: str, audience: Audience) -> Message:
        """An event as a message. A retry and a twin of it have the same channel and time stamp, so the same id."""
        place = _place(body, event["channel"])
        installed = await self._installations.installed(place.team, place.enterprise)
        bot_user = installed.bot_user if installed else ""
        edited_at, about = event.get("edited_at"), _passed_on(event)
        text = about or event.get("text") or ""
        kind = MessageKind.EDITED if edited_at else MessageKind.ASKED_ABOUT if about else MessageKind.SAID
        organisation = _organisation(body, event.get("user_team") or event.get("source_team"))
        return Message(
            id=":".join(filter(None, (event["channel"], event["ts"], edited_at))),
            text=heard(text, bot_user),
            kind=kind,
            with_files=bool(event.get("files")),
            sender=place.person(event["user"]),
            address=place.address(thread),
            organisation=organisation,
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
        home = message.organisation.removeprefix("slack:")
        if home != place.team:
            message = replace(message, is_guest=await self._installations.installed(home, place.enterprise) is None)
        elif installed and installed.installer and not leaves_no_trace(message):
            await self._led_by_its_installer(place, message.organisation, installed.installer)
        reply = await self._answer(message)
        if reply and reply.chose_place and installed and message.audience is Audience.APART:
            reply = await self._checked_place(message, place, installed, reply)
        if reply and reply.files:
            apart = message.audience is Audience.APART
            where = Place(place.team, message.sender.id, place.enterprise).address() if apart else message.address
            self._later(self._files.attach(where, reply.files))
        if reply and reply.changed and not leaves_no_trace(message):  # a home drawn again would tell the moment
            self._later(redraw_settled(self._couriers, reply, message.sender.name))
            self._later(self._show_homes_again(place, message.organisation))
        return reply

    async def _checked_place(self, message: Message, place: Place, installed: Installed, reply: Reply) -> Reply:
        """A command works in channels that the bot has not joined; nudges do not."""
        try:
            reason = await why_not_posted(self._client, installed, place)
        except (ClientError, TimeoutError, ValueError):
            return reply  # it is found out when a nudge comes
        if reason not in PERMANENT:
            return reply
        because, now = f"Slack says {reason}", self._clock()
        await asyncio.to_thread(note_lost, self._engine, message.organisation, message.address, because, now)
        return replace(reply, note=" ".join(filter(None, (reply.note, NOT_A_MEMBER))))

    async def _led_by_its_installer(self, place: Place, organisation: str, installer: str) -> None:
        """Of an app that was added for a whole Enterprise Grid each workspace is an organisation of its own."""
        if place.team not in self._led:
            person = place.person(installer)
            await asyncio.to_thread(installed_by, self._engine, organisation, PLATFORM, person)
            self._led.add(place.team)

    async def _ask_with_list(self, message: Message, files: Sequence[Any]) -> Reply | None:
        if files:
            place = Place.of(message.address.route)
            installed = await self._installations.installed(place.team, place.enterprise)
            message = await self._lists.with_list(files, message, installed)
        return await self._ask(message)

    async def _ask_in_sight(self, message: Message, files: Sequence[Any]) -> Reply | None:
        """Slack shows that it is being looked up where the answer takes more than a moment.

        In threads alone, since only an answer in the same one takes it away again.
        """
        asked = asyncio.ensure_future(self._ask_with_list(message, files))
        await asyncio.wait({asked}, timeout=STATUS_AFTER)
        if not asked.done() and message.address.thread:
            with contextlib.suppress(DeliveryFailed):
                await self._files.say_status(message.address, "is looking it up ...")
        return await asked

    async def _answer_edited(self, message: Message, edited_at: str) -> None:
        """Slack says a mention again when it is edited, and for the first time when the bot is named only then."""
        if not await self._answer_there(message, None):
            anew = replace(message, id=f"{message.id}:{edited_at}", kind=MessageKind.EDITED)
            await self._answer_there(anew, None)

    async def _answer_there(self, message: Message, files: object) -> bool:
        """False where this very message was answered before."""
        way = Way(message.sender.id, others=message.audience is Audience.EVERYONE)
        asked = self._ask_in_sight(replace(message, way=way.to_json()), files if isinstance(files, list) else ())
        reply = await telling_when_long(asked, partial(self._files.post, message.address))
        if reply is not None:
            await self._send(message, reply, way)
        return reply is not None

    async def _answer_late(self, asked: asyncio.Future[Reply | None], message: Message, way: Way) -> None:
        reply = await asked
        if reply:
            await self._send(message, reply, way)

    async def _answer_directly(self, asked: asyncio.Future[Reply | None], message: Message, place: Place) -> None:
        reply = await asked
        if reply:
            await self._send(replace(message, address=place.address()), reply, Way(message.sender.id))

    async def _send(self, message: Message, reply: Reply, way: Way, posted: int = 0) -> Sent:
        """Post the answer to a message, now or when Slack takes it."""
        letter = Letter(
            message.organisation,
            message.address,
            way.to_json(),
            reply,
            reply.letter,
            posted=posted,
            leaves_no_trace=reply.untraced,
        )
        return await self._outbox.send(letter)

    async def _answer_press(self, body: Json, action: Json) -> None:
        """The answer goes where the button was: its thread, its reader alone, or a modal."""
        container, view = body["container"], body.get("view")
        channel = container.get("channel_id") or body["user"]["id"]
        place, answer_at = _place(body, channel), body.get("response_url", "")
        apart = bool(container.get("is_ephemeral")) or view is not None
        thread = container.get("thread_ts") or ("" if apart or place.is_direct else container["message_ts"])
        others = not apart and not place.is_direct
        way = Way(body["user"]["id"], answer_at, apart and bool(answer_at), others)
        message = self._said(body, place, "", MessageKind.PRESSED, thread=thread)
        message = replace(message, pressed=chosen(action) or "", way=way.to_json())
        if others:
            message = replace(message, audience=Audience.EVERYONE)
        if action["action_id"] == ASK:
            asked = Filled(ASK, values={QUESTION: typed(action["value"])})
            message = replace(message, kind=MessageKind.ASKED_ABOUT, pressed="", filled=asked)
        reply = await self._ask(message)
        if reply is None:
            return
        if reply.form or view:
            opened = Opened(place.address().route, answer_at=answer_at, thread=thread)
            await self._open(body, message, reply, opened, view)
        else:
            await self._send(message, reply, way)

    async def _answer_shortcut(self, body: Json, text: str, kind: MessageKind, about: str = "", link: str = "") -> None:
        """`text` is what the shortcut says, or the words of the message that it asks about."""
        place = _place(body, body["user"]["id"])
        message = self._said(body, place, text, kind, about=about, link=link, thread="shortcut")
        reply = await self._ask(message)
        if reply:
            await self._open(body, message, reply, Opened(place.address().route))

    async def _open(self, body: Json, message: Message, reply: Reply, opened: Opened, view: Json | None = None) -> None:
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
            if not opened.answer_at:
                message = replace(message, address=place.address())
            await self._send(message, reply, Way(message.sender.id, opened.answer_at, bool(opened.answer_at)))
        else:
            await self._outbox.shown(reply.letter)

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

    def _later(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(self._without_a_crash(work))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)

    async def _without_a_crash(self, work: Coroutine[Any, Any, object]) -> None:
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


def _edited(event: Json) -> Json | None:
    """What an edited message says now, with the moment of the edit; None for what is no edit of its words."""
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("subtype") != "message_changed" or now.get("text") == before.get("text"):
        return None
    return {**now, "channel": event["channel"], "edited_at": (now.get("edited") or {}).get("ts") or event["ts"]}


def _passed_on(event: Json) -> str:
    """The words of a message that somebody passed on without a word of their own; "" for any other."""
    if event.get("text"):
        return ""
    shared = (one for one in event.get("attachments") or () if isinstance(one, dict))
    return "\n".join(str(one.get("text") or "") for one in shared).strip()


def _place(body: Json, channel: str) -> Place:
    """A channel of the workspace whose installation heard this. Slack names the workspace in several ways.

    An event's outer `team_id` is the one that made the channel, which in a shared one may never have heard of us.
    """
    team = _heard_by(body).get("team_id") or body.get("team_id") or (body.get("team") or {}).get("id")
    return Place(team or body["user"]["team_id"], channel, _enterprise(body))


def _heard_by(body: Json) -> Json:
    """Whose installation heard an event; {} for anything else."""
    return next(iter(body.get("authorizations") or ()), {})


def _enterprise(body: Json) -> str:
    named = (_heard_by(body).get("enterprise_id"), body.get("enterprise_id"), (body.get("enterprise") or {}).get("id"))
    return next(filter(None, named), "")


def _organisation(body: Json, person_team: str | None = None) -> str:
    """Whose deadlines these are: the workspace's, or the person's own one's where a channel is shared with others."""
    place = _place(body, "")
    team = place.team
    if person_team == place.enterprise:  # somebody of the whole Grid
        person_team = None
    shared = body.get("is_ext_shared_channel") or (body.get("user") and not body.get("enterprise"))
    return f"slack:{person_team if shared and person_team else team}"


def _link(body: Json) -> str:
    """The address of the message that a shortcut was used on."""
    domain, moment = (body.get("team") or {}).get("domain", ""), body["message"]["ts"].replace(".", "")
    return f"https://{domain}.slack.com/archives/{body['channel']['id']}/p{moment}" if domain else ""
