"""What was said lately in each browser, in this process's memory alone: reloading a page loses nothing and does nothing
twice. What leaves no trace is not among it."""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from compact_bot.conversation import Message, Reply

MOST_VISITORS = 200
MOST_EXCHANGES = 30


@dataclass(frozen=True)
class Exchange:
    """What somebody said, and what they read; `number` is the message's, `page` where it was said."""

    number: str
    said: str
    reply: Reply
    page: str


@dataclass(frozen=True)
class Conversations:
    _kept: "OrderedDict[str, deque[Exchange]]" = field(default_factory=OrderedDict)

    def at(self, key: str, page: str) -> Sequence[Exchange]:
        return [one for one in self._kept.get(key, ()) if one.page == page]

    def keep(self, key: str, message: Message, reply: Reply, page: str) -> Exchange:
        """The exchange; what was answered before is what was said of it then."""
        exchanges = self._kept.setdefault(key, deque(maxlen=MOST_EXCHANGES))
        exchange = Exchange(message.id, said(message), reply, page)
        exchanges.append(exchange)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_VISITORS:
            self._kept.popitem(last=False)
        return exchange

    def again(self, key: str, number: str) -> Exchange | None:
        """What was answered to a message that a browser has sent again."""
        return next((one for one in self._kept.get(key, ()) if one.number == number), None)

    def forget(self, key: str) -> None:
        self._kept.pop(key, None)


def said(message: Message) -> str:
    return "(the form)" if message.filled else "(a button)" if message.pressed else message.text
