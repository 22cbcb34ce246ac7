"""What each room does with its acts, gathered: the handlers, what is asked back, and the forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from compact_bot import agreements, assistant, contacts, lookups, questions, sharing, sides
from compact_bot.asking_back import ask_back
from compact_bot.calendars import handlers as calendars
from compact_bot.conversation import Button, Pending, Reply
from compact_bot.deadlines import handlers as deadlines
from compact_bot.deadlines.opening import OPENERS
from compact_bot.exporting import handlers as exporting
from compact_bot.feedback import handlers as feedback
from compact_bot.forms import FormKind, with_values
from compact_bot.home import HOME_FORMS, home
from compact_bot.importing import handlers as importing
from compact_bot.mail import handlers as mail
from compact_bot.partnership import handlers as partnership
from compact_bot.privacy import handlers as privacy
from compact_bot.setting_forms import SETTING_FORMS
from compact_bot.signing_in import sign_out_everywhere
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import (
    Act,
    Ask,
    Board,
    Contents,
    DutiesOf,
    FollowUp,
    Home,
    Leave,
    LookUp,
    OpenForm,
    RemoveContact,
    SetContact,
    SetSide,
    Share,
    ShowContacts,
    SignOutEverywhere,
    Undo,
    Why,
    Yes,
)
from compact_bot.understanding.understood import Understood
from compact_bot.undoing import undo, what_stands
from compact_bot.way_in import board

# A handler takes the act of its key, which no type can say of a table.
Handler: TypeAlias = Callable[[Turn, Any], Reply]
AskBack: TypeAlias = Callable[[Turn, Understood], Reply]

NO_FORM = Reply("I do not know that form. Nothing was saved.", next_step="Type help to see what I can do.")


def open_form(turn: Turn, act: OpenForm) -> Reply:
    """A form by its name, of whichever room."""
    opener = OPENERS.get(act.form) or importing.OPENERS.get(act.form)
    if opener is not None:
        opened = opener(turn, act.subject)
        return replace(opened, form=with_values(opened.form, dict(act.values), {})) if opened.form else opened
    kind = FORMS.get(act.form)
    if kind is None:
        raise Refused(NO_FORM)
    form = with_values(kind.draw(turn, act.subject), dict(act.values), {})
    return Reply(f"{form.title}. Nothing was saved yet.", next_step="Fill in the form, or say it.", form=form)


def leave(turn: Turn, _: Leave) -> Reply:
    """What waits is left. Where nothing waits, what was saved before stands, and is named."""
    if turn.waiting is None and (kept := what_stands(turn)):
        return kept
    return Reply(
        "Left as it was. Nothing was saved.",
        next_step="Say it again in other words, or with other dates, whenever you like.",
    )


def nothing_waits(turn: Turn, _: Yes) -> Reply:
    """A yes where none is wanted: nothing waits, or what was asked needs more than a yes."""
    if (waiting := turn.waiting) is not None and waiting.missing:
        return Reply(
            "A yes alone does not tell me which. Nothing was changed.",
            next_step="Press one, type its number, or say it again in one sentence. To leave it, type no.",
            buttons=tuple(Button(choice.label, choice.act) for choice in waiting.choices),
            pending=Pending(waiting.act, waiting.missing),
        )
    return what_stands(turn) or Reply(
        "There is nothing here that waits for a yes. Nothing was saved.",
        next_step="Say what you would like in a sentence, or type help.",
    )


def contact_asked_back(turn: Turn, understood: Understood) -> Reply:
    """Whoever sets a contact sees first what everyone will see."""
    act = understood.act
    if understood.missing or not isinstance(act, SetContact):
        return contacts.set_contact(turn, SetContact(""))
    return Reply(
        f"Everyone in your organisation who asks for contacts would see: {act.details}. Nothing is saved yet.",
        typed="Type yes to save it, or no to leave it.",
        buttons=(Button("Save", act), Button("Leave it", Leave())),
        pending=Pending(act),
    )


ASKING: Mapping[type[Act], Handler] = {
    Ask: questions.ask,
    LookUp: lookups.look_up,
    Contents: lookups.contents,
    DutiesOf: questions.duties,
    FollowUp: questions.follow_up,
    Why: questions.why,
    SetSide: sides.set_side,
    ShowContacts: contacts.show_contacts,
    SetContact: contacts.set_contact,
    RemoveContact: contacts.remove_contact,
    Share: sharing.share,
    Leave: leave,
    Yes: nothing_waits,
}
HANDLERS: Mapping[type[Act], Handler] = {
    **agreements.HANDLERS,
    **assistant.HANDLERS,
    **ASKING,
    **deadlines.HANDLERS,
    **feedback.HANDLERS,
    **importing.HANDLERS,
    **exporting.HANDLERS,
    **calendars.HANDLERS,
    **partnership.HANDLERS,
    **privacy.HANDLERS,
    **mail.HANDLERS,
    Home: home,
    Board: board,
    SignOutEverywhere: sign_out_everywhere,
    OpenForm: open_form,
    Undo: undo,
}
ASKS_BACK: Mapping[type[Act], AskBack] = {
    **deadlines.ASKS_BACK,
    **feedback.ASKS_BACK,
    **importing.ASKS_BACK,
    **calendars.ASKS_BACK,
    **partnership.ASKS_BACK,
    **privacy.ASKS_BACK,
    **mail.ASKS_BACK,
    SetContact: contact_asked_back,
    SignOutEverywhere: ask_back,
}
FORMS: Mapping[str, FormKind] = {
    **deadlines.FORMS,
    **feedback.FORMS,
    **importing.FORMS,
    **partnership.FORMS,
    **HOME_FORMS,
    **SETTING_FORMS,
}
