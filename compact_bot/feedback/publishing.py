"""How the whole review leaves a chat where the place takes files."""

from typing import Protocol

from compact_bot.conversation import File
from compact_bot.feedback.review import Review


class Publisher(Protocol):
    def files(self, review: Review) -> tuple[File, ...]: ...
