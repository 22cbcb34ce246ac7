"""One route for all that Teams posts: is it small enough, is it from Teams, is it an activity, was it answered."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from adapters.bodies import received
from adapters.teams.codec import CHANNEL, PLATFORM, Activity, NotAnActivity, parsed, part, read, said, words
from adapters.teams.invokes import Invokes
from adapters.teams.sdk import Refused, Sdk
from adapters.teams.talk import Talk
from adapters.teams.trust import Trust
from compact_bot.conversation import Address, MessageKind, Person
from compact_bot.feedback.nobody import leaves_no_trace
from compact_bot.store.references import References


class Host:
    def __init__(
        self,
        trust: Trust,
        sdk: Sdk,
        references: References,
        talk: Talk,
        invokes: Invokes,
        installed: Callable[[str, str, Person], object],
        place_without_us: Callable[[str, str], str],
    ) -> None:
        self._trust = trust
        self._sdk = sdk
        self._references = references
        self._talk = talk
        self._invokes = invokes
        self._installed = installed
        self._place_without_us = place_without_us

    async def messages(self, request: Request) -> Response:
        """The token is looked at before anything that the body says is believed; any failure of it is 401."""
        body = await received(request)
        if isinstance(body, Response):
            return body
        wire = parsed(body)
        channel = words(wire.get("channelId")) if isinstance(wire, dict) else CHANNEL
        try:
            claims = await self._claims(request.headers.get("authorization", ""), channel)
        except Refused:
            return Response(status_code=401)
        if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != "application/json":
            return Response(status_code=415)
        try:
            activity = read(wire, claims.get("tid"))
        except NotAnActivity:
            return Response(status_code=400)
        if not self._trust.comes_from(claims, activity):
            return Response(status_code=401)
        if not self._trust.serves(activity.tenant):
            return Response(status_code=403)
        return await self._handle(activity)

    async def _claims(self, header: str, channel: str) -> dict[str, object]:
        if not self._trust.app_id:
            return {}
        claims = await self._sdk.claims(header, channel)
        if not self._trust.accepts(claims):
            raise Refused
        return claims

    async def _handle(self, activity: Activity) -> Response:
        """What is of no interest (reactions, deletions, typing, kinds yet to come) is taken and left alone."""
        if activity.kind == "invoke":  # a message extension works where the bot is not installed: no reference to keep
            return await self._invokes.answer(activity)
        if _is_removal(activity):
            left = (activity.organisation, activity.place, _team_left(activity))
            await asyncio.to_thread(self._references.shown_out, *left)
            return Response(status_code=200)
        is_new = not self._leaves_no_trace(activity) and await self._keep_reference(activity)
        if _is_installation(activity):
            name = words(part(activity.wire, "from").get("name"))
            activity = activity.named(name or await self._sdk.name_of(activity.reference(), activity.wire["from"]))
            await asyncio.to_thread(self._installed, activity.organisation, PLATFORM, activity.sender)
            goes_on = await self._reach_again(activity)
            if is_new:  # Teams tells of one installation in two activities
                kind = MessageKind.INSTALLED if goes_on else MessageKind.PRESSED
                await self._talk.answer(activity, "hello", kind)
        elif activity.kind == "message" and activity.passed_on:
            await self._talk.answer(activity, activity.passed_on, MessageKind.ASKED_ABOUT)
        elif activity.kind == "message":
            kind = MessageKind.SAID if activity.text else MessageKind.PRESSED
            await self._talk.answer(activity, activity.text or said(activity.value) or "", kind)
        elif activity.is_edit and activity.text:
            await self._talk.answer(activity, activity.text, MessageKind.EDITED)
        return Response(status_code=200)

    async def _reach_again(self, activity: Activity) -> bool:
        """The channel of nudges, unknown since the bot was removed or never added, is reached as this place is.

        True when nudges go on with this installation.
        """
        route = await asyncio.to_thread(self._place_without_us, activity.organisation, PLATFORM)
        _, _, conversation = route.partition("/")
        if conversation and activity.team and route != activity.place.route:
            reference = activity.reference()
            reference["conversation"] = {**reference["conversation"], "id": conversation}
            place = Address(PLATFORM, route)
            await asyncio.to_thread(self._references.keep, activity.organisation, place, activity.team, reference)
        return bool(activity.team) or route == activity.place.route

    def _leaves_no_trace(self, activity: Activity) -> bool:
        """A reference to a chat in which only anonymous feedback was sent would name its sender; and so would one that
        somebody's typing left before."""
        if activity.kind not in ("message", "messageUpdate"):
            return not (_is_installation(activity) or activity.kind == "conversationUpdate")
        return leaves_no_trace(
            self._talk.message(activity, activity.text or said(activity.value) or "", MessageKind.SAID)
        )

    async def _keep_reference(self, activity: Activity) -> bool:
        """Addresses change, so each activity's own is kept; True when the place was not known."""
        place, reference = activity.place, activity.reference()
        if self._references.is_kept(place, reference) and not _is_installation(activity):
            return False
        return await asyncio.to_thread(self._references.keep, activity.organisation, place, activity.team, reference)


# A newer version of the app comes as "remove-upgrade" and "add-upgrade": it was there all the time, and goes on.
def _is_installation(activity: Activity) -> bool:
    if activity.kind == "installationUpdate":
        return words(activity.wire.get("action")) == "add"
    return activity.kind == "conversationUpdate" and activity.is_about_the_bot("membersAdded")


def _is_removal(activity: Activity) -> bool:
    if activity.kind == "installationUpdate":
        return words(activity.wire.get("action")) == "remove"
    return activity.kind == "conversationUpdate" and (
        activity.is_about_the_bot("membersRemoved") or activity.event in ("channelDeleted", "teamDeleted")
    )


def _team_left(activity: Activity) -> str:
    """The team that the bot has left as a whole; "" when it is one channel or chat."""
    return "" if activity.event == "channelDeleted" else activity.team
