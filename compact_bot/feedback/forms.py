"""The forms of feedback. Each makes an act, done by whoever filled it in."""

import re
from datetime import date

from compact_bot.conversation import Field, FieldKind, Filled, Form, Option
from compact_bot.dates import spoken
from compact_bot.feedback import replies
from compact_bot.feedback.finding import LONGEST_LINK, LONGEST_WHAT, found
from compact_bot.feedback.log import feedback_numbered
from compact_bot.feedback.nobody import ANONYMOUS, FIELD, FORM
from compact_bot.forms import FormKind, Problems, with_values
from compact_bot.organisation import LONGEST_NAME, only_leads, picked, today
from compact_bot.turn import Turn
from compact_bot.understanding.acts import (
    Act,
    EditFeedback,
    FeedbackKind,
    FeedbackState,
    LogFeedback,
    SetFeedbackOwner,
    SetStatus,
    UnreadableActError,
    from_json,
)

_KIND_LABELS = {
    FeedbackKind.NOT_KEPT: "The Compact was not kept",
    FeedbackKind.KEPT: "The Compact was kept well",
    FeedbackKind.SUGGESTION: "A suggestion",
}
_NAMED = "named"


# ---- logging --------------------------------------------------------------------------------------------------------


def feedback_form(_: Turn, subject: str) -> Form:
    """The subject is "", or an act to fill the form with."""
    fields = (
        Field("what", "What happened?", FieldKind.TEXT, longest=LONGEST_WHAT, hint="In a sentence or two."),
        Field(
            "kind",
            "Kept?",
            FieldKind.CHOICE,
            FeedbackKind.NOT_KEPT,
            tuple(Option(kind, label) for kind, label in _KIND_LABELS.items()),
        ),
        Field(
            "clauses",
            "Clause",
            optional=True,
            hint="For example 3.3.4; several with commas between. Left empty, I propose some.",
        ),
        Field("about", "Body or VCO", optional=True, longest=LONGEST_NAME),
        Field("behalf", "On behalf of", optional=True, longest=LONGEST_NAME, hint="If you log it for another group."),
        Field("when", "When?", FieldKind.DATE, optional=True, hint="Left empty, today."),
        Field("link", "Link", optional=True, longest=LONGEST_LINK, hint="Never kept with an anonymous one."),
        Field(
            FIELD,
            "Your name",
            FieldKind.CHOICE,
            _NAMED,
            (
                Option(_NAMED, "With my name, which only Compact leads see"),
                Option(ANONYMOUS, "Anonymously: nothing of me is kept"),
            ),
        ),
    )
    says = f"Before you send it: {replies.WHO_SEES} Anonymously: {replies.WHO_SEES_ANONYMOUS}"
    form = Form(FORM, "Log feedback", fields, "Log it", says=says)
    act = draft_in(subject)
    return with_values(form, held_by_form(act), {}) if act else form


def draft_in(subject: str) -> LogFeedback | None:
    try:
        act = from_json(subject) if subject else None
    except UnreadableActError:
        return None
    return act if isinstance(act, LogFeedback) else None


def held_by_form(act: LogFeedback) -> dict[str, str]:
    """The values of the form's fields that say an act."""
    return {
        "what": act.what,
        "kind": act.kind,
        "clauses": ", ".join(act.clauses),
        "about": act.about,
        "behalf": act.behalf,
        "when": act.when.isoformat() if act.when else "",
        "link": act.link,
        FIELD: ANONYMOUS if act.anonymous else _NAMED,
    }


def _logged(turn: Turn, filled: Filled) -> Act | Problems:
    values = filled.values
    anonymous = values[FIELD] == ANONYMOUS
    when = date.fromisoformat(values["when"]) if values["when"] else None
    numbers = [number.strip().lower() for number in values["clauses"].split(",") if number.strip()]
    problems = {"when": f"{spoken(when)} is still to come."} if when and when > today(turn) else {}
    if unknown := [number for number in numbers if not turn.agreement.clause(number)]:
        problems["clauses"] = f"There is no clause {unknown[0]}. Write numbers as they are printed."
    return problems or LogFeedback(
        FeedbackKind(values["kind"]),
        values["what"],
        tuple(clause.number for number in numbers if (clause := turn.agreement.clause(number))),
        about=values["about"],
        behalf=values["behalf"],
        when=when,
        link="" if anonymous else values["link"],
        anonymous=anonymous,
    )


# ---- one entry ------------------------------------------------------------------------------------------------------


def outcome_form(_: Turn, subject: str) -> Form:
    """The subject is "F7 resolved": which entry, and what it becomes."""
    number = subject.partition(" ")[0]
    what = Field("outcome", f"What came of {number}?", FieldKind.TEXT, longest=LONGEST_WHAT)
    return Form("outcome", "Outcome", (what,), subject=subject)


def _outcome(_: Turn, filled: Filled) -> Act | Problems:
    state = filled.subject.partition(" ")[2]
    if state not in list(FeedbackState):
        return {"outcome": "I do not know what it should become. Please type it, for example: resolve F7 because ..."}
    return SetStatus(_number(filled.subject), FeedbackState(state), filled.values["outcome"])


def reword_form(turn: Turn, subject: str) -> Form:
    """The subject is "F7"."""
    feedback = feedback_numbered(turn.session, turn.organisation, _number(subject))
    what = Field("what", "What happened?", FieldKind.TEXT, feedback.what if feedback else "", longest=LONGEST_WHAT)
    return Form("reword", "Reword", (what,), subject=subject)


def _reworded(_: Turn, filled: Filled) -> Act:
    return EditFeedback(_number(filled.subject), filled.values["what"])


def give_form(turn: Turn, subject: str) -> Form:
    """Who sees to it; the subject is "F7"."""
    held = found(turn, _number(subject)).owner
    only_leads(turn, "give feedback an owner")
    who = Field("owner", "Owner", FieldKind.PERSON, held, longest=LONGEST_NAME)
    return Form("give", "Owner", (who,), subject=subject)


def _given(turn: Turn, filled: Filled) -> Act:
    return SetFeedbackOwner(_number(filled.subject), picked(turn, filled.values["owner"]))


def _number(subject: str) -> int:
    """The 7 of a subject that begins "F7"; 0, which no entry has, where it does not."""
    found = re.match(r"F(\d{1,7})(?: |$)", subject)
    return int(found[1]) if found else 0


FEEDBACK_FORMS = {
    FORM: FormKind(feedback_form, _logged),
    "outcome": FormKind(outcome_form, _outcome),
    "reword": FormKind(reword_form, _reworded),
    "give": FormKind(give_form, _given),
}
