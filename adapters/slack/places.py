"""Where something is said in Slack, and by whom, in the core's terms."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from compact_bot.conversation import Address, Person

PLATFORM = "slack"


@dataclass(frozen=True)
class Place:
    """A channel, or a person (posting to a person's id opens their direct messages), in one workspace.

    `enterprise` is needed to find the token where the app is installed for a whole Enterprise Grid.
    """

    team: str
    channel: str
    enterprise: str = ""

    @classmethod
    def of(cls, route: str) -> "Place":
        return cls(*route.split("/"))

    def address(self, thread: str = "") -> Address:
        parts = (self.team, self.channel, self.enterprise) if self.enterprise else (self.team, self.channel)
        return Address(PLATFORM, "/".join(parts), thread)

    @property
    def is_direct(self) -> bool:
        return self.channel.startswith(("D", "U", "W"))

    def person(self, user: str, handle: str = "") -> Person:
        """Somebody in this workspace, named by a mention, which only Slack can read."""
        alone = Place(self.team, user, self.enterprise)
        return Person(user, f"@{user}", handle, alone.address())


@dataclass(frozen=True)
class Way:
    """How an answer gets to its asker: by `answer_at`, Slack's response_url, when it is `apart` or nothing else works.

    `others` says that others read along, so that what is private is whispered.
    """

    asker: str = ""
    answer_at: str = ""
    apart: bool = False
    others: bool = False

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Way":
        return cls(**stored)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)
