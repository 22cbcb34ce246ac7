"""What each room does with its acts, gathered: the handlers, what is asked back, and the forms."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from compact_bot.conversation import Reply
from compact_bot.forms import FormKind
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Act
from compact_bot.understanding.understood import Understood

# A handler takes the act of its key, which no type can say of a table.
Handler: TypeAlias = Callable[[Turn, Any], Reply]
AskBack: TypeAlias = Callable[[Turn, Understood], Reply]

HANDLERS: Mapping[type[Act], Handler] = {}
ASKS_BACK: Mapping[type[Act], AskBack] = {}
FORMS: Mapping[str, FormKind] = {}
