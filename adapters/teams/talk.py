"""An activity becomes a message to the bot, and the bot's reply is shown where it belongs."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from adapters.answering import Answer, telling_when_long
from adapters.teams import cards
from adapters.teams.codec import LONGEST_NAME, Activity, Pressed, picked, words
from adapters.teams.files import Files
from adapters.teams.sdk import Sdk
from compact_bot.conversation import Address, Audience, Filled, Message, MessageKind, Person, Reply
from compact_bot.logs import logger
from compact_bot.nudges.couriers import Courier, DeliveryFailed, redraw_settled
from compact_bot.nudges.planning import NEVER_ADDED
from compact_bot.outbox.letters import Letter
from compact_bot.outbox.sending import Outbox, Pace, Sent
from compact_bot.store.references import References
from compact_bot.turn import tidied

LONGEST_LINE = 2_000
MOST_NAMED = 5  # people in one message who are looked up
MOST_KNOWN = 10_000
PACE = Pace(seconds=0.5, burst=7)  # of answers in one conversation, as Teams allows: 7 in a second, 60 in 30
Spoken: TypeAlias = str | Pressed | Filled
"""What somebody typed, pressed or filled in."""

log = logger(__name__)

ANSWERED_ALONE = Reply("I have answered you in our own chat.")
ELSEWHERE = "I could not answer where you asked ({reason}), so here is my answer."
NOT_ADDED = (
    "I am not in this place yet, so nudges cannot come here. To let them, add the Compact Bot app to it: in a channel, "
    "under Manage team, Apps; in a chat, by the plus sign above it. Until then they go to the owner and the Compact "
    "leads."
)
NOT_THERE = Reply(
    "That is for you alone, and I cannot write to you alone yet.",
    next_step="Open a chat with me, and say it again there.",
)


class Talk:
    def __init__(
        self,
        ask: Answer,
        clock: Callable[[], datetime],
        sdk: Sdk,
        references: References,
        couriers: Mapping[str, Courier],
        outbox: Callable[["Talk"], Outbox],
        files: Files,
        note_lost: Callable[[str, Address, str, datetime], None],
        targets: bool = False,
    ) -> None:
        """`targets` says that Teams may be asked to show a message to one person alone."""
        self._files = files
        self._note_lost = note_lost
        self._targets = targets
        self._ask = ask
        self._clock = clock
        self._sdk = sdk
        self._references = references
        self._couriers = couriers
        self._known: dict[tuple[str, str], Person] = {}
        self.outbox = outbox(self)

    async def reply_to(
        self,
        activity: Activity,
        spoken: Spoken,
        kind: MessageKind,
        audience: Audience | None = None,
        about: str = "",
        link: str = "",
        is_posted: bool = False,
    ) -> Reply | None:
        """What the bot says to it; None when this very activity was answered before. `is_posted`: it is to be shown."""
        spoken, people = await self._people(activity, spoken)
        message = replace(self.message(activity, spoken, kind, audience, about, link), mentioned=people)
        message = await self._files.with_list(activity, message)
        reply = await self._ask(replace(message, way=self._way(activity)) if is_posted else message)
        return await self._with_place_checked(activity, reply) if reply and reply.chose_place else reply

    async def _with_place_checked(self, activity: Activity, reply: Reply) -> Reply:
        """What is said to the bot is said where it is; a message extension or an old card works elsewhere, too, and
        nudges do not."""
        if activity.kind != "invoke":
            return reply
        place, reference = activity.place, activity.reference()
        known = await asyncio.to_thread(self._references.find, place.route)
        if known and activity.is_personal:
            return reply
        try:
            is_there = await self._sdk.is_there(reference)
        except DeliveryFailed:
            return reply  # it is found out when a nudge comes
        if is_there:
            await asyncio.to_thread(self._references.keep, activity.organisation, place, activity.team, reference)
            return reply
        await asyncio.to_thread(self._references.forget, place.route)
        await asyncio.to_thread(self._note_lost, activity.organisation, place, NEVER_ADDED, self._clock())
        return replace(reply, note=" ".join(filter(None, (reply.note, NOT_ADDED))))

    def message(
        self,
        activity: Activity,
        spoken: Spoken,
        kind: MessageKind,
        audience: Audience | None = None,
        about: str = "",
        link: str = "",
    ) -> Message:
        return Message(
            id=activity.identity,
            text=spoken if isinstance(spoken, str) else "",
            pressed=spoken.value if isinstance(spoken, Pressed) else "",
            sender=activity.sender,
            address=activity.address,
            organisation=activity.organisation,
            sent_at=self._clock(),
            audience=audience or activity.audience,
            filled=spoken if isinstance(spoken, Filled) else None,
            link=link,
            kind=MessageKind.FILLED if isinstance(spoken, Filled) else kind,
            about=about,
            with_files=activity.has_files,
        )

    async def _people(self, activity: Activity, spoken: Spoken) -> tuple[Spoken, tuple[Person, ...]]:
        """Whom a message names, or a form picks, by their ids; and the form with their names."""
        if isinstance(spoken, Filled):
            people, values = [], dict(spoken.values)
            for name, identity in picked(activity.data, spoken).items():
                person = await self._person(activity, identity)
                people += [person] if person else []
                values[name] = person.name if person else ""
            return replace(spoken, values=values), tuple(people)
        found = [await self._person(activity, words(one.get("id"))) for one in activity.mentioned[:MOST_NAMED]]
        return spoken, tuple(person for person in found if person)

    async def _person(self, activity: Activity, identity: str) -> Person | None:
        """Somebody by either of their ids; the one of the directory is the same in every chat."""
        key = (activity.tenant, identity)
        if key not in self._known:
            member = await self._sdk.member(activity.reference(), identity)
            name = tidied(words(member.get("name"), LONGEST_NAME))
            found = words(member.get("aadObjectId"), 200) or (identity if member else "")
            if not name or not found:
                return None
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = Person(found, name)
        return self._known[key]

    async def answer(self, activity: Activity, spoken: Spoken, kind: MessageKind) -> None:
        """Reply in the thread where it was said."""
        asked = self.reply_to(activity, spoken, kind, is_posted=True)
        reply = await telling_when_long(asked, partial(self._say, activity))
        if reply is not None:
            await self.show(activity, reply)

    async def show(self, activity: Activity, reply: Reply) -> Sent:
        """Post a reply where its activity came from, now or when Teams takes it, and settle what it made out of date.

        What the bot has saved stays saved: a repeat of the activity would be taken for answered.
        """
        way = self._way(activity)
        letter = Letter(
            activity.organisation, activity.address, way, reply, reply.letter, leaves_no_trace=reply.untraced
        )
        try:
            return await self.outbox.send(letter)
        finally:
            await self.settle(activity, reply)

    async def settle(self, activity: Activity, reply: Reply) -> None:
        """One line for everyone in the place of each card that is over: a nudge, or a form, which may be anonymous."""
        await redraw_settled(self._couriers, reply, activity.sender.name)
        filled_in = activity.pressed_on if reply.changed and activity.data.get("own") else ""
        if filled_in:
            line = cards.message(Reply(reply.text[:LONGEST_LINE]))
            try:
                await self._sdk.update(_reference(activity), filled_in, line)
            except DeliveryFailed as failed:
                log.warning("a card could not be changed: %s", failed.reason)

    async def _say(self, activity: Activity, reply: Reply) -> None:
        """What is lost where it cannot be said at once."""
        await self._parts(_reference(activity), cards.messages(reply), 0)

    # ---- letters -----------------------------------------------------------------------------------------------------

    def _way(self, activity: Activity) -> dict[str, Any]:
        """How an answer to it gets there: its thread, or the personal chat of whoever asked."""
        asker = {name: activity.wire["from"].get(name) for name in ("id", "aadObjectId", "name")}
        return {
            "reference": _reference(activity),
            "tenant": activity.tenant,
            "asker": asker,
            "others": not activity.is_personal,
            "targeted": activity.is_targeted,
        }

    async def post(self, letter: Letter) -> None:
        """Raises DeliveryFailed, with the number of its parts that are there."""
        way, reply = letter.way, letter.shown
        if not way:
            reference = await asyncio.to_thread(self._references.find, letter.address.route)
            if reference is None:
                raise DeliveryFailed("the bot is not installed there any more", permanent=True)
            await self._parts(reference, cards.messages(reply), letter.posted)
        elif way.get("alone"):
            chat = await self._sdk.open_chat(way["reference"], way["tenant"], way["asker"])
            await self._parts(chat, cards.messages(reply), letter.posted)
        elif (reply.private or (way.get("targeted") and not reply.shared)) and way["others"]:
            await self._post_alone(way, cards.messages(reply), letter.posted)
        else:
            await self._parts(way["reference"], cards.messages(reply), letter.posted)

    def to_the_asker(self, letter: Letter, reason: str) -> Letter | None:
        """The same in the asker's own chat; None for what went there already, and for what is only to be shared."""
        way = letter.way
        if not way.get("others") or way.get("alone") or letter.reply.shared:
            return None
        said = f"{ELSEWHERE.format(reason=reason)} {letter.reply.note}".strip()
        reply = replace(letter.reply, private=False, note=said)
        return replace(letter, way={**way, "alone": True}, reply=reply, posted=0)

    async def _parts(self, reference: Mapping[str, Any], parts: Sequence[dict[str, Any]], already: int) -> None:
        for number, one in enumerate(parts[already:], start=already):
            try:
                await self._sdk.send(reference, one)
            except DeliveryFailed as failed:
                failed.posted = number
                raise

    async def _shown_to_one(self, way: Mapping[str, Any], parts: Sequence[dict[str, Any]], already: int) -> bool:
        """Whether Teams took it. Raises DeliveryFailed where it may take it later."""
        person = {name: way["asker"].get(name) for name in ("id", "name")}
        try:
            shown = [{**one, "recipient": {**person, "isTargeted": True}} for one in parts]
            await self._parts(way["reference"], shown, already)
        except DeliveryFailed as failed:
            if not failed.permanent:
                raise
            return False
        return True

    async def _post_alone(self, way: Mapping[str, Any], parts: Sequence[dict[str, Any]], already: int) -> None:
        """What only its asker may read is shown to them alone where they asked, if Teams can.

        Else it goes to their personal chat, and the place where it was asked hears of that.
        """
        if self._targets and await self._shown_to_one(way, parts, already):
            return
        try:
            chat = await self._sdk.open_chat(way["reference"], way["tenant"], way["asker"])
            await self._parts(chat, parts, already)
        except DeliveryFailed as failed:
            if not failed.permanent:
                raise
            await self._parts(way["reference"], cards.messages(NOT_THERE), 0)
            return
        try:
            await self._parts(way["reference"], cards.messages(ANSWERED_ALONE), 0)
        except DeliveryFailed as failed:
            log.warning("where it was asked nothing could be said: %s", failed.reason)


def _reference(activity: Activity) -> dict[str, Any]:
    """The thread where it was said."""
    place = activity.reference()
    thread = {**place["conversation"], "id": activity.conversation}
    return {**place, "conversation": thread, "activityId": activity.id}
