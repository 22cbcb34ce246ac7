"""An app that was added for a whole Enterprise Grid: its workspaces come and go, each an organisation of its own."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Engine

from adapters.answering import Answer
from adapters.slack.installations import Installations
from adapters.slack.places import PLATFORM, Place
from compact_bot.conversation import Message, MessageKind
from compact_bot.lost_places import place_without_us
from compact_bot.membership import installed, organisations_met, removed


class Grid:
    def __init__(
        self, engine: Engine, installations: Installations, answer: Answer, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._installations = installations
        self._answer = answer
        self._clock = clock

    async def shut_out(self, enterprise: str, teams: Iterable[str] | None = None) -> None:
        """Some workspaces, or all, may not be spoken to any more. What they keep stays, as after a removal."""
        self._installations.changed()
        for team in await self._met(enterprise, teams):
            found = await self._installations.installed(team, enterprise)
            if found and not found.installer:
                continue  # it has added the app for itself, too
            await asyncio.to_thread(removed, self._engine, f"slack:{team}", PLATFORM, self._clock())

    async def let_in(self, enterprise: str, teams: Iterable[str] | None = None) -> None:
        """Nudges go on where they stopped, and what was missed is said once in their place. One that never heard of us
        is greeted when it first speaks."""
        self._installations.changed()
        for team in await self._met(enterprise, teams):
            found = await self._installations.installed(team, enterprise)
            if found is None or not found.installer:
                continue
            organisation, now = f"slack:{team}", self._clock()
            person = Place(team, "", enterprise).person(found.installer)
            await asyncio.to_thread(installed, self._engine, organisation, PLATFORM, person)
            if await asyncio.to_thread(place_without_us, self._engine, organisation, PLATFORM):
                back = Message(
                    id=f"let in:{team}:{now.timestamp()}",
                    text="hello",
                    sender=person,
                    address=Place(team, "", enterprise).address(),
                    organisation=organisation,
                    sent_at=now,
                    kind=MessageKind.INSTALLED,
                )
                await self._answer(back)

    async def _met(self, enterprise: str, teams: Iterable[str] | None) -> list[str]:
        """The workspaces of a Grid that we know, or those of some that we do."""
        met = await asyncio.to_thread(organisations_met, self._engine, PLATFORM)
        places = {Place.of(route).team: Place.of(route).enterprise for route in met.values()}
        wanted = places if teams is None else teams
        return [team for team in wanted if enterprise and places.get(team) == enterprise]
