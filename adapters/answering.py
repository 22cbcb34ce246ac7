"""The one crossing from the doors, which are asynchronous, to the core, which is not.

It answers within a time: who waits longer is told so, and what was begun for them is undone.
"""

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from compact_bot.beforehand import Beforehand
from compact_bot.bot import APOLOGY, MOST_TRIES, Bot
from compact_bot.conversation import Message, Reply
from compact_bot.feedback.nobody import leaves_no_trace
from compact_bot.logs import events, logger, type_and_place
from compact_bot.nudges.couriers import DeliveryFailed
from compact_bot.patience import Patience

Answer = Callable[[Message], Awaitable[Reply | None]]
Told = Callable[[str, str, str, float], None]
"""Hears of each answer: its door, its act, its outcome, and how many seconds it took."""

MOST_AT_ONCE = 64
GIVEN_UP_AFTER = 20.0  # seconds; the database gives up by itself before, see compact_bot/store/database.py
WORKING_AFTER = 2.0  # seconds: what takes longer says so
STOPS_WITHIN = 10.0  # seconds for the answers being made when the process stops

log = logger(__name__)

WORKING = Reply("Working ...", next_step="The answer follows here. Please do not send it again.")
NOT_SAVED = Reply(
    "Sorry, this took too long, so I stopped. Nothing was saved.",
    next_step="Please send your message again in a minute. If it keeps happening, tell the person who runs this "
    "assistant.",
)
PERHAPS_SAVED = Reply(
    "Sorry, this took too long, and I cannot tell whether it was saved.",
    next_step="Before you send it again, look: type deadlines, or feedback mine.",
)


@dataclass
class _Asked:
    message: Message
    future: "asyncio.Future[Reply | None]"
    loop: asyncio.AbstractEventLoop
    patience: Patience = field(default_factory=Patience)
    tries: int = 0


class Answering:
    """Threads that answer. A thread answers all that wait before it hands the replies back together: the hand-over
    costs more than an answer when the two sides take turns for each message (measured at 32 at once: 870 answers a
    second, 1,700 together). Where several threads write to one database, they take one message each: a transaction of
    many would hold up the others for as long as the whole of it takes.
    """

    def __init__(
        self,
        bot: Bot,
        threads: int,
        together: int = MOST_AT_ONCE,
        within: float = GIVEN_UP_AFTER,
        told: Told = lambda *_: None,
    ) -> None:
        self._bot = bot
        self._told = told
        self._together = together
        self._within = within
        self._waiting: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._asked: dict[int, _Asked] = {}  # by the id of each: waiting or being answered
        self._busy_since: dict[str, float] = {}
        # Daemons: a thread that is stuck for good must not keep the process from ending.
        self._threads = [
            threading.Thread(target=self._work, name=f"answer-{number}", daemon=True) for number in range(threads)
        ]

    async def __call__(self, message: Message) -> Reply | None:
        """The reply; None when this message was answered before; an apology when it takes too long."""
        began = time.monotonic()
        reply = await self._answered(message)
        is_nobodys = reply is not None and reply.act == "feedback" and leaves_no_trace(message)
        if not is_nobodys:  # a count of those would tell when they came
            self._tell(message, reply, time.monotonic() - began)
        return reply

    def _tell(self, message: Message, reply: Reply | None, took: float) -> None:
        door, act = message.address.platform, (reply.act if reply else "") or "none"
        outcome = _outcome(reply)
        self._told(door, act, outcome, took)
        events.info("message", trace=message.trace, door=door, act=act, outcome=outcome, ms=round(1000 * took))

    async def _answered(self, message: Message) -> Reply | None:
        loop = asyncio.get_running_loop()
        asked = _Asked(message, loop.create_future(), loop)
        self._asked[id(asked)] = asked
        self._waiting.put(asked)
        try:
            async with asyncio.timeout(self._within):
                return await asked.future
        except TimeoutError:
            log.error("a message was given up after %s seconds", round(self._within))
            return NOT_SAVED if asked.patience.give_up() else PERHAPS_SAVED
        finally:
            self._asked.pop(id(asked), None)

    @property
    def is_stuck(self) -> bool:
        """Whether every thread has been at one piece of work for longer than anybody waits: a sign for /healthz."""
        busy, latest = list(self._busy_since.values()), time.monotonic() - self._within
        return len(busy) == len(self._threads) and max(busy) < latest

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, within: float = STOPS_WITHIN) -> None:
        """Finish what was asked, for so many seconds; what takes longer is undone, since nobody can be told of it."""
        ends = time.monotonic() + within
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(max(0.0, ends - time.monotonic()))
        for asked in list(self._asked.values()):
            asked.patience.give_up()

    def _work(self) -> None:
        name = threading.current_thread().name
        while (first := self._waiting.get()) is not None:
            waiting: list[_Asked] = [first]
            while len(waiting) < self._together and not self._waiting.empty():
                if (another := self._waiting.get()) is None:
                    self._waiting.put(None)
                    break
                waiting.append(another)
            self._busy_since[name] = time.monotonic()
            wanted = [asked for asked in waiting if not asked.patience.is_over]
            replies: list[Reply | Beforehand | None]
            try:
                replies = self._bot.reply_to_all([one.message for one in wanted], [one.patience for one in wanted])
            except Exception as error:  # whatever it is, the thread must live on for the others
                log.error("answers could not be made: %s", type_and_place(error))
                replies = [APOLOGY for _ in wanted]
            finally:
                del self._busy_since[name]
            answered: list[tuple[_Asked, Reply | None]] = []
            for asked, reply in zip(wanted, replies, strict=True):
                if isinstance(reply, Beforehand):
                    self._do_first(asked, reply)
                else:
                    answered.append((asked, reply))
            _hand_back(answered)

    def _do_first(self, asked: _Asked, beforehand: Beforehand) -> None:
        """Beside the threads that answer, so that only who asked waits for it; then the message is asked again."""
        asked.tries += 1

        def done() -> None:
            try:
                beforehand.work()
            except Exception as error:  # as above
                log.error("what comes before an answer failed: %s", type_and_place(error))
                _hand_back([(asked, APOLOGY)])
            else:
                self._waiting.put(asked)

        if asked.tries < MOST_TRIES:
            threading.Thread(target=done, name="before-an-answer", daemon=True).start()
        else:
            _hand_back([(asked, APOLOGY)])


def _outcome(reply: Reply | None) -> str:
    """ "answered", or in which way it was not only that."""
    if reply is None:
        return "repeated"
    if reply in (NOT_SAVED, PERHAPS_SAVED, APOLOGY):
        return "failed"
    return "changed" if reply.changed else "silent" if reply.silent else "answered"


def _hand_back(answered: Sequence[tuple[_Asked, Reply | None]]) -> None:
    for loop in {asked.loop for asked, _ in answered}:
        theirs = [(asked.future, reply) for asked, reply in answered if asked.loop is loop]
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits for these any more
            loop.call_soon_threadsafe(_set, theirs)


def _set(answered: "Sequence[tuple[asyncio.Future[Reply | None], Reply | None]]") -> None:
    for future, reply in answered:
        if not future.done():  # it may have been given up meanwhile
            future.set_result(reply)


@contextmanager
def answering(
    bot: Bot,
    threads: int,
    together: int = MOST_AT_ONCE,
    within: float = GIVEN_UP_AFTER,
    told: Told = lambda *_: None,
) -> Iterator[Answering]:
    """While the context is open, messages are answered by threads of their own."""
    answer = Answering(bot, threads, together, within, told)
    answer.start()
    try:
        yield answer
    finally:
        answer.stop()


async def telling_when_long(asked: Awaitable[Reply | None], tell: Callable[[Reply], Awaitable[object]]) -> Reply | None:
    """The answer. Whoever waits for it over two seconds is told that it is being worked on."""
    answer = asyncio.ensure_future(asked)
    await asyncio.wait({answer}, timeout=WORKING_AFTER)
    if not answer.done():
        with contextlib.suppress(DeliveryFailed):
            await tell(WORKING)
    return await answer
