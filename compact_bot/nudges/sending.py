"""Sending what is due: many channels at once, one message at a time in each, outside any transaction."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from compact_bot.conversation import Address
from compact_bot.invitations import Pages, linked
from compact_bot.its_words import in_its_words
from compact_bot.logs import events, logger, type_and_place
from compact_bot.nudges.couriers import Courier, DeliveryFailed
from compact_bot.nudges.outcomes import LONGEST_RETRY, Outcome, backoff, hand_back, record
from compact_bot.nudges.queue import LEASE, Claimed, claim, still_mine
from compact_bot.nudges.steady import SteadyClock
from compact_bot.nudges.waiting import plan_for_leads
from compact_bot.nudges.words import worded
from compact_bot.pressing import with_values
from knowledge.agreement import Agreement
from knowledge.rules import Rules

BATCH = 200
IN_FLIGHT = 400
SEND_TIMEOUT = 30.0
PER_CHANNEL = 1.0  # seconds between two messages in one channel, as Slack and Teams ask
LEADS_EVERY = timedelta(minutes=10)
STANDS_STILL = 60.0  # seconds without a round and without a message sent
MOST_ATTEMPTS = 30  # about 24 hours of tries
# Seconds for what is claimed when the process stops; in the last ones no send is begun that might be cut off.
FINISH_WITHIN, LAST_SENDS = 10.0, 3.0

log = logger(__name__)


@dataclass
class Counts:
    """Messages, whatever many nudges each holds."""

    sent: int = 0
    later: int = 0
    gave_up: int = 0


@dataclass
class Channel:
    """Messages in one channel leave one at a time and not faster than it allows."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0


class Sender:
    """Sends everything that is due, many channels at once, one message at a time in each."""

    def __init__(
        self,
        engine: Engine,
        agreement: Agreement,
        rules: Rules,
        couriers: Mapping[str, Courier],
        clock: Callable[[], datetime],
        worker: str,
        lease: timedelta = LEASE,
        pages: Pages | None = None,
    ) -> None:
        self._engine = engine
        self._agreement = agreement
        self._rules = rules
        self._couriers = couriers
        self._pages = pages
        self._clock = SteadyClock(clock)
        self._worker = worker
        self._lease = lease
        self._channels: defaultdict[Address, Channel] = defaultdict(Channel)
        self._minded_leads_at: datetime | None = None
        self._claims = True
        self._begins = True
        self._moved_at = time.monotonic()
        self._in_flight: set[asyncio.Task[None]] = set()
        self._passes: set[asyncio.Future[None]] = set()  # one at a time, but for nobody to rely on

    async def send_due(self) -> Counts:
        """One pass: until nothing more is due. What it could not send stays in the table for the next."""
        self._moved_at = time.monotonic()
        counts = Counts()
        outcomes: asyncio.Queue[Sequence[Outcome] | None] = asyncio.Queue()
        recorder = asyncio.create_task(self._record(outcomes, counts))
        in_flight = self._in_flight
        this_pass: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._passes.add(this_pass)
        try:
            await self._mind_leads()
            while self._claims:
                batch = await asyncio.to_thread(claim, self._engine, self._clock(), self._worker, BATCH, self._lease)
                for due in batch:
                    task = asyncio.create_task(self._send(due, outcomes))
                    in_flight.add(task)
                    task.add_done_callback(in_flight.discard)
                if not batch:
                    break
                while len(in_flight) > IN_FLIGHT - BATCH:
                    await asyncio.wait(in_flight, return_when=asyncio.FIRST_COMPLETED)
            if in_flight:
                await asyncio.wait(in_flight)
        finally:
            await outcomes.put(None)
            try:
                await recorder
            finally:
                self._channels.clear()
                self._passes.discard(this_pass)
                this_pass.set_result(None)
        return counts

    async def _mind_leads(self) -> None:
        """At most every few minutes, since it asks for all feedback that waits."""
        now = self._clock()
        if self._minded_leads_at is None or abs(now - self._minded_leads_at) >= LEADS_EVERY:
            self._minded_leads_at = now
            await asyncio.to_thread(plan_for_leads, self._engine, now)

    def stop_claiming(self) -> None:
        """Take up nothing more; what is claimed goes on."""
        self._claims = False

    async def finish(self, within: float = FINISH_WITHIN) -> None:
        """Stop: wait for the outcomes of what is claimed, record them, and hand back the rest for others to send."""
        self.stop_claiming()
        await self._passed(within - LAST_SENDS)
        self._begins = False
        await self._passed(LAST_SENDS)
        for send in self._in_flight:
            send.cancel()
        await self._passed(FINISH_WITHIN)
        try:
            await asyncio.to_thread(hand_back, self._engine, self._worker)
        except Exception as error:  # the database is away; the leases lapse by themselves
            log.error("nudges on their way could not be handed back: %s", type_and_place(error))

    async def _passed(self, within: float) -> None:
        if self._passes:
            await asyncio.wait(self._passes, timeout=within)

    async def _send(self, due: Claimed, outcomes: "asyncio.Queue[Sequence[Outcome] | None]") -> None:
        channel = self._channels[due.address]
        async with channel.lock:
            wait = channel.free_at - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
                mine = await asyncio.to_thread(still_mine, self._engine, due.ids, self._worker, self._clock())
                due = replace(due, mentions=tuple(mention for mention in due.mentions if mention.id in mine))
            if not due.mentions or not self._begins:
                return
            outcome = await self._deliver(due)
            channel.free_at = time.monotonic() + PER_CHANNEL
            self._tell(due, outcome)
        await outcomes.put([outcome, *(replace(outcome, id=mention.id) for mention in due.mentions[1:])])

    def _tell(self, due: Claimed, outcome: Outcome) -> None:
        self._moved_at = time.monotonic()
        door, tries = due.address.platform, due.attempts
        for one in due.mentions:
            events.info(
                "nudge", trace=one.trace, nudge=one.id, door=door, outcome=outcome.state, tries=tries, why=outcome.error
            )

    @property
    def worker(self) -> str:
        return self._worker

    @property
    def is_moving(self) -> bool:
        """Whether a round was begun or something was sent a moment ago: what a heartbeat may tell."""
        return time.monotonic() - self._moved_at < STANDS_STILL

    async def _deliver(self, due: Claimed) -> Outcome:
        """What became of the message, as the outcome of its first nudge."""
        courier, first = self._couriers.get(due.address.platform), due.mentions[0].id
        if courier is None:
            return Outcome(first, "waiting", error="no courier for this platform", retry_in=LONGEST_RETRY)
        try:
            agreement = self._agreement.in_force(due.team.agreement)
            reply = worded(agreement, self._rules.under(agreement.name), due)
            if reply is None:
                return Outcome(first, "cancelled")
            reply = linked(in_its_words(reply, agreement), self._pages)
            reply = with_values(reply, due.team.id, self._clock())
            async with asyncio.timeout(SEND_TIMEOUT):
                reference = await courier.deliver(due.address, reply, due.key)
        except DeliveryFailed as failed:
            if failed.permanent or due.attempts >= MOST_ATTEMPTS:
                return Outcome(first, "gave_up", error=failed.reason)
            return Outcome(first, "waiting", error=failed.reason, retry_in=backoff(due.attempts, failed.retry_after))
        except TimeoutError:
            return Outcome(first, "waiting", error="no answer in time", retry_in=backoff(due.attempts, None))
        except Exception as error:  # a courier's own mistake must not lose the nudge; its text may hold a secret
            return Outcome(first, "waiting", error=type(error).__name__, retry_in=backoff(due.attempts, None))
        return Outcome(first, "sent", message_ref=reference)

    async def _record(self, outcomes: "asyncio.Queue[Sequence[Outcome] | None]", counts: Counts) -> None:
        """Write outcomes as they come, as many at once as are there: soon, since what is unwritten may repeat."""
        open_for_more = True
        while open_for_more:
            waiting = [await outcomes.get()]
            while not outcomes.empty():
                waiting.append(outcomes.get_nowait())
            open_for_more = None not in waiting
            messages = [message for message in waiting if message]
            if messages:
                done = [outcome for message in messages for outcome in message]
                await asyncio.to_thread(record, self._engine, done, self._worker, self._clock())
            for outcome, *_ in messages:
                counts.sent += outcome.state == "sent"
                counts.later += outcome.state == "waiting"
                counts.gave_up += outcome.state == "gave_up"
