"""An activity becomes a message to the bot, and the bot's reply is shown where it belongs."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from adapters.answering import Answer, telling_when_long
from adapters.teams import cards
from adapters.teams.codec import Activity, Pressed
from adapters.teams.files import Files
from adapters.teams.sdk import Sdk
from compact_bot.conversation import Audience, Filled, Message, MessageKind, Reply
from compact_bot.logs import logger
from compact_bot.nudges.couriers import Courier, DeliveryFailed, shrink_settled

LONGEST_LINE = 2_000
Spoken: TypeAlias = str | Pressed | Filled
"""What somebody typed, pressed or filled in."""

log = logger(__name__)

ANSWERED_ALONE = Reply("I have answered you in our own chat.")
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
        couriers: Mapping[str, Courier],
        files: Files | None = None,
    ) -> None:
        self._files = files
        self._ask = ask
        self._clock = clock
        self._sdk = sdk
        self._couriers = couriers

    async def reply_to(
        self,
        activity: Activity,
        spoken: Spoken,
        kind: MessageKind,
        audience: Audience | None = None,
        about: str = "",
        link: str = "",
    ) -> Reply | None:
        """What the bot says to it; None when this very activity was answered before."""
        message = self.message(activity, spoken, kind, audience, about, link)
        return await self._ask(await self._files.with_list(activity, message) if self._files else message)

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
        )

    async def answer(self, activity: Activity, spoken: Spoken, kind: MessageKind) -> None:
        """Reply in the thread where it was said."""
        reply = await telling_when_long(self.reply_to(activity, spoken, kind), partial(self._post, activity))
        if reply is not None:
            await self.show(activity, reply)

    async def show(self, activity: Activity, reply: Reply) -> bool:
        """Post a reply where its activity came from, and settle what it made out of date. False when it did not leave.

        What the bot has saved stays saved: a repeat of the activity would be taken for answered.
        """
        try:
            await (self._post_alone if reply.private and not activity.is_personal else self._post)(activity, reply)
        except DeliveryFailed as failed:
            log.warning("an answer could not be posted: %s", failed.reason)  # nor by its id: it may be anonymous
            return False
        finally:
            await self.settle(activity, reply)
        return True

    async def settle(self, activity: Activity, reply: Reply) -> None:
        """One line for everyone in the place of each card that is over: a nudge, or a form, which may be anonymous."""
        await shrink_settled(self._couriers, reply, activity.sender.name)
        filled_in = activity.pressed_on if reply.changed and activity.data.get("own") else ""
        if filled_in:
            line = cards.message(Reply(reply.text[:LONGEST_LINE]))
            try:
                await self._sdk.update(self._reference(activity), filled_in, line)
            except DeliveryFailed as failed:
                log.warning("a card could not be changed: %s", failed.reason)

    def _reference(self, activity: Activity) -> dict[str, Any]:
        """The thread where it was said."""
        place = activity.reference()
        thread = {**place["conversation"], "id": activity.conversation}
        return {**place, "conversation": thread, "activityId": activity.id}

    async def _post(self, activity: Activity, reply: Reply) -> None:
        for one in cards.messages(reply):
            await self._sdk.send(self._reference(activity), one)

    async def _post_alone(self, activity: Activity, reply: Reply) -> None:
        """What only its asker may read goes to their personal chat, and the place where it was asked hears of that."""
        try:
            chat = await self._sdk.open_chat(activity.reference(), activity.tenant, activity.wire["from"])
            for one in cards.messages(reply):
                await self._sdk.send(chat, one)
        except DeliveryFailed as failed:
            if not failed.permanent:
                raise
            await self._post(activity, NOT_THERE)
        else:
            await self._post(activity, ANSWERED_ALONE)
