"""What each room does with its acts, gathered: the handlers, what is asked back, and the forms."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from compact_bot.conversation import Reply
from compact_bot.deadlines import handlers as deadlines
from compact_bot.deadlines.opening import OPENERS
from compact_bot.forms import FormKind
from compact_bot.home import HOME_FORMS, home
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import Act, Home, OpenForm, Undo
from compact_bot.understanding.understood import Understood
from compact_bot.undoing import undo

# A handler takes the act of its key, which no type can say of a table.
Handler: TypeAlias = Callable[[Turn, Any], Reply]
AskBack: TypeAlias = Callable[[Turn, Understood], Reply]

NO_FORM = Reply("I do not know that form. Nothing was saved.", next_step="Type help to see what I can do.")


def open_form(turn: Turn, act: OpenForm) -> Reply:
    """A form by its name, of whichever room."""
    if act.form in OPENERS:
        return OPENERS[act.form](turn, act.subject)
    kind = FORMS.get(act.form)
    if kind is None:
        raise Refused(NO_FORM)
    form = kind.draw(turn, act.subject)
    return Reply(f"{form.title}. Nothing was saved yet.", next_step="Fill in the form, or say it.", form=form)


HANDLERS: Mapping[type[Act], Handler] = {**deadlines.HANDLERS, Home: home, OpenForm: open_form, Undo: undo}
ASKS_BACK: Mapping[type[Act], AskBack] = {**deadlines.ASKS_BACK}
FORMS: Mapping[str, FormKind] = {**deadlines.FORMS, **HOME_FORMS}
