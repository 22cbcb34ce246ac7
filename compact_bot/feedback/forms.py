"""The form for feedback. It says the sentence that somebody could have typed."""

from datetime import date

from compact_bot.conversation import Field, FieldKind, Filled, Form, Option
from compact_bot.dates import spoken
from compact_bot.feedback import replies
from compact_bot.feedback.at_hand import LONGEST_LINK, LONGEST_NAME, LONGEST_WHAT, today
from compact_bot.feedback.nobody import FIELD, FORM
from compact_bot.feedback.sentences import KEPT, NOT_KEPT, SUGGESTION, Said, read_said
from compact_bot.forms import FormKind, Problems
from compact_bot.turn import LONGEST_MESSAGE, Turn, tidied
from compact_bot.understanding.saying import written_out

_KIND_LABELS = {
    NOT_KEPT: "The Compact was not kept",
    KEPT: "The Compact was kept well",
    SUGGESTION: "A suggestion",
}


def feedback_form(_: Turn, __: str) -> Form:
    fields = (
        Field("what", "What happened?", FieldKind.TEXT, longest=LONGEST_WHAT, hint="In a sentence or two."),
        Field(
            "kind",
            "Was the Compact kept?",
            FieldKind.CHOICE,
            NOT_KEPT,
            tuple(Option(kind, _KIND_LABELS[kind]) for kind in (NOT_KEPT, KEPT, SUGGESTION)),
        ),
        Field(
            "clauses",
            "Which clause?",
            optional=True,
            hint="For example 3.3.4; several with commas between. Left empty, I propose some.",
        ),
        Field("about", "Which body or VCO is it about?", optional=True, longest=LONGEST_NAME),
        Field("behalf", "On behalf of", optional=True, longest=LONGEST_NAME, hint="If you log it for another group."),
        Field("when", "When did it happen?", FieldKind.DATE, optional=True, hint="Left empty, today."),
        Field("link", "Link", optional=True, longest=LONGEST_LINK, hint="Never kept with an anonymous one."),
        Field(
            FIELD,
            "With your name, or anonymously?",
            FieldKind.CHOICE,
            "named",
            (
                Option("named", "With my name, which only Compact leads see"),
                Option("anonymous", "Anonymously: nothing of me is kept"),
            ),
            hint=f"{replies.WHO_SEES} Anonymously: {replies.WHO_SEES_ANONYMOUS}",
        ),
    )
    return Form(FORM, "Log feedback", fields, "Log it")


def _sentence(turn: Turn, filled: Filled) -> str | Problems:
    values = filled.values
    anonymous = values[FIELD] == "anonymous"
    when = date.fromisoformat(values["when"]) if values["when"] else None
    numbers = tuple(number.strip().lower() for number in values["clauses"].split(",") if number.strip())
    problems = {
        name: "Please leave out brackets." for name in ("about", "behalf", "link") if set("()") & set(values[name])
    }
    if when and when > today(turn):
        problems["when"] = f"{spoken(when)} is still to come."
    if unknown := [number for number in numbers if not turn.agreement.clause(number)]:
        problems["clauses"] = f"There is no clause {unknown[0]}. Write numbers such as 3.3.4."
    if problems:
        return problems
    what, about, behalf = (tidied(values[name]).strip(" :,-") for name in ("what", "about", "behalf"))
    said = Said(
        values["kind"],
        what,
        tuple(clause.number for number in numbers if (clause := turn.agreement.clause(number))),
        about=about,
        behalf=behalf,
        when=written_out(when) if when else "",
        link="" if anonymous else values["link"],
        anonymous=anonymous,
    )
    return _if_understood(turn, said)


def _if_understood(turn: Turn, said: Said) -> str | Problems:
    """The sentence, when reading it gives back exactly what the form held."""
    sentence = said.sentence()
    if len(sentence) > LONGEST_MESSAGE:
        return {"what": "This is too long together with the rest. Please put it more briefly."}
    read = read_said(sentence, turn.agreement)
    if read is None or (read.kind, read.what, read.anonymous) != (said.kind, said.what, said.anonymous):
        return {"what": "I cannot keep this as it is written. Please put it in other words."}
    return sentence


FEEDBACK_FORMS = {FORM: FormKind(feedback_form, _sentence)}
