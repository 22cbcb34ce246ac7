"""Forms for what an organisation chooses. Each makes the act that a sentence makes."""

from datetime import date

from compact_bot.contacts import LONGEST_CONTACT
from compact_bot.conversation import Field, FieldKind, Filled, Form, Option
from compact_bot.dates import WEEKDAYS
from compact_bot.forms import FormKind, Problems
from compact_bot.organisation import LONGEST_NAME, settings
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Act, CloseDays, Digest, Named, NameLead, SetContact

_OFF = "off"


def _digest_form(turn: Turn, _: str) -> Form:
    kept = settings(turn)
    days = (*(Option(str(day), f"{WEEKDAYS[day].title()}s") for day in range(5)), Option(_OFF, "No digest"))
    held = _OFF if kept.digest_weekday is None else str(kept.digest_weekday)
    fields = (
        Field("day", "On which day?", FieldKind.CHOICE, held, days),
        Field("at", "At what time?", value=kept.digest_at, hint="For example 09:30.", longest=5),
    )
    return Form("digest", "The weekly digest", fields)


def _digest(_: Turn, filled: Filled) -> Act:
    day = filled.values["day"]
    return Digest(None if day == _OFF else int(day), filled.values["at"].strip().zfill(5))


def _closed_form(_: Turn, __: str) -> Form:
    fields = (
        Field("first", "First day", FieldKind.DATE),
        Field("last", "Last day", FieldKind.DATE, optional=True, hint="Left empty, that one day."),
    )
    return Form("closed", "Days on which you are closed", fields)


def _closed(_: Turn, filled: Filled) -> Act | Problems:
    first = date.fromisoformat(filled.values["first"])
    last = date.fromisoformat(filled.values["last"] or filled.values["first"])
    return {"last": "This is before the first day."} if last < first else CloseDays(first, last)


def _contact_form(_: Turn, __: str) -> Form:
    hint = "A name with an e-mail address or a phone number. Everyone who asks for contacts sees it."
    return Form("contact", "A contact", (Field("details", "Whom to ask", longest=LONGEST_CONTACT, hint=hint),))


def _lead_form(_: Turn, __: str) -> Form:
    return Form("lead", "A Compact lead", (Field("who", "Their name", FieldKind.PERSON, longest=LONGEST_NAME),))


def _lead(turn: Turn, filled: Filled) -> Act:
    name, sender = filled.values["who"], turn.message.sender
    return NameLead(Named(name, sender.id if name in (sender.name, sender.called) else ""))


SETTING_FORMS = {
    "digest": FormKind(_digest_form, _digest),
    "closed": FormKind(_closed_form, _closed),
    "contact": FormKind(_contact_form, lambda _, filled: SetContact(filled.values["details"])),
    "lead": FormKind(_lead_form, _lead),
}
