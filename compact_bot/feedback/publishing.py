"""How the whole review leaves a chat: as files where the place takes them, else by a link."""

from datetime import datetime
from typing import Protocol

from compact_bot.conversation import File
from compact_bot.feedback.periods import Period
from compact_bot.feedback.review import Review


class Publisher(Protocol):
    def files(self, review: Review) -> tuple[File, ...]: ...

    def link(self, organisation: str, period: Period, now: datetime) -> str:
        """Where the review of a period can be read for a while; "" where nothing serves it."""
        ...
