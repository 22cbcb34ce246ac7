"""All commands in the order in which they are tried, and what help says of them."""

from compact_bot.understanding.commands import Command
from compact_bot.understanding.commands.asking import ASKING, ASSISTANT, CONVERSATION
from compact_bot.understanding.commands.dates import DATES
from compact_bot.understanding.commands.deadlines import CHOICES, DEADLINES
from compact_bot.understanding.commands.feedback import FEEDBACK
from compact_bot.understanding.commands.lists import LISTS
from compact_bot.understanding.commands.partnership import PARTNERSHIP
from compact_bot.understanding.commands.privacy import PRIVACY

COMMANDS: tuple[Command, ...] = (
    *CONVERSATION,
    *ASSISTANT,
    *PRIVACY,
    *PARTNERSHIP,
    *LISTS,
    *FEEDBACK,
    *DATES,
    *DEADLINES,
    *CHOICES,
    *ASKING,
)


def said_in_help(topic: str) -> list[tuple[str, str]]:
    """Examples of a topic with what each does."""
    return [(one.example, one.does) for one in COMMANDS if one.topic == topic]
