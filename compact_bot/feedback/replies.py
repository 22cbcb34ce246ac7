"""What is said of feedback: what was logged, who can see it, which clause it is about."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from compact_bot.answers import cite, cite_opening
from compact_bot.conversation import Button, Citation, Fact, Reply
from compact_bot.dates import spoken
from compact_bot.deadlines.replies import last_shown
from compact_bot.feedback.log import code
from compact_bot.feedback.news import outcome_said
from compact_bot.feedback.personal import Detail, without_details
from compact_bot.feedback.sentences import Said
from compact_bot.store.tables import Feedback
from compact_bot.turn import LONGEST_MESSAGE
from knowledge.agreement import Agreement, Clause

SHOWN = 20  # in one list
_SHORT = 90  # characters of what happened, in a list

WHO_SEES = (
    "Everyone in your organisation who asks me can read what you log, and it counts in the yearly review. Your name "
    "is shown to Compact leads alone, and never in the review."
)
WHO_SEES_ANONYMOUS = (
    "Everyone in your organisation who asks me can read the words. I keep nothing of who sent them: no name, id, "
    "place or link, and no time but the day. Your own words can still identify you."
)
KINDS_SAID = {"kept": "kept", "not kept": "not kept", "suggestion": "a suggestion"}


def who_sees(anonymous: bool) -> str:
    return WHO_SEES_ANONYMOUS if anonymous else WHO_SEES


def clause_names(feedback: Feedback) -> str:
    return ", ".join(one.clause for one in feedback.clauses) or "no clause"


def cited(agreement: Agreement, numbers: Sequence[str]) -> tuple[Citation, ...]:
    """Each clause whole when it is alone, else by its opening words."""
    clauses = [clause for number in numbers if (clause := agreement.clause(number)) and clause.text]
    return tuple(map(cite if len(clauses) == 1 else cite_opening, clauses))


def parts(feedback: Feedback) -> tuple[Fact, ...]:
    given = {
        "What happened": feedback.what,
        "About": feedback.about,
        "On behalf of": feedback.behalf,
        "When": spoken(feedback.happened_on),
        "Link": feedback.link,
    }
    return tuple(Fact(label, value) for label, value in given.items() if value)


def logged(agreement: Agreement, feedback: Feedback) -> Reply:
    number = code(feedback)
    text = f"Logged as {number}: {KINDS_SAID[feedback.kind]}, {clause_names(feedback)}."
    numbers = [one.clause for one in feedback.clauses]
    if feedback.anonymous:
        return Reply(
            f"{text} It is anonymous.",
            citations=cited(agreement, numbers),
            facts=parts(feedback),
            note=WHO_SEES_ANONYMOUS,
            next_step="I can neither tell you what becomes of it nor take it back, since I do not know you. "
            f"To see it, type {number}.",
            buttons=(Button(f"Show {number}", number),),
        )
    return Reply(
        f"{text} I will tell you when its status changes.",
        citations=cited(agreement, numbers),
        facts=parts(feedback),
        note=WHO_SEES,
        next_step=f"To take it back within 10 minutes, type undo. To see what becomes of it, type {number}.",
        buttons=(
            Button(f"Show {number}", number),
            Button("Undo", "undo"),
            *(
                Button(f"It was {KINDS_SAID[kind]}", f"{number} is {kind}")
                for kind in ("kept", "not kept")
                if kind != feedback.kind
            ),
        ),
    )


def anonymous_or_not(said: Said) -> Reply:
    """Whoever may want to be left out decides before anything is kept."""
    nameless, named = replace(said, anonymous=True, with_name=False), replace(said, anonymous=False, with_name=True)
    return Reply(
        "Is nobody to know that this comes from you? Nothing is saved yet, and I have not kept your message.",
        facts=(Fact("What would be logged", said.what),),
        note=f"Anonymously: {WHO_SEES_ANONYMOUS} It cannot be taken back, since nobody knows whose it is. "
        f"With your name: {WHO_SEES}",
        next_step="Choose one. If you were only asking, say it as a question, with a question mark.",
        buttons=_that_fit(
            Button("Log it anonymously", nameless.sentence()), Button("Log it with my name", named.sentence())
        ),
        private=True,
    )


def read_by_others(said: Said) -> Reply:
    """Nothing is anonymous where others read along."""
    named = replace(said, anonymous=False, with_name=True)
    return Reply(
        "Others read this place, so they would know that it comes from you. Nothing was saved.",
        next_step="Send it to me in a direct message, or choose Anonymously on the form: type log feedback",
        buttons=_that_fit(Button("Log it with my name", named.sentence())) if said.what else (),
    )


def cannot_be_undone() -> Reply:
    """Private, so that it is neither kept for sharing nor read by those who are not to know."""
    return Reply(
        "What you logged anonymously cannot be taken back, since nobody knows that it is yours. Nothing was changed.",
        next_step="A Compact lead can close it: no action, with its number. Your own earlier changes stay as they are.",
        private=True,
    )


def folded(feedback: Feedback) -> Reply:
    number = code(feedback)
    when = "today" if feedback.anonymous else "by you a moment ago"
    return Reply(
        f"The same was logged {when} as {number}, so I have not counted it again.",
        next_step=f"To see it, type {number}. If this is another matter, say what is different.",
        buttons=(Button(f"Show {number}", number),),
    )


def which_clause(said: Said, proposed: Sequence[Clause]) -> Reply:
    """Up to three clauses to choose from, and none of these."""
    names = [clause.number for clause in proposed]
    words = f"It may be {' or '.join(names)}. " if names else ""
    return Reply(
        f"Which clause is this about? {words}Nothing is saved yet.",
        citations=tuple(map(cite_opening, proposed)),
        note=f"Before you send it: {who_sees(said.anonymous)}",
        next_step=f"Choose one, or type it whole: {_with(said, names[:1]).sentence() if names else _none(said)}",
        buttons=_that_fit(
            *(Button(clause.number, _with(said, [clause.number]).sentence()) for clause in proposed),
            Button("None of these" if names else "Log it without a clause", _none(said)),
        ),
    )


def _with(said: Said, numbers: Sequence[str]) -> Said:
    return replace(said, named=tuple(numbers), settled=not numbers)


def _none(said: Said) -> str:
    return _with(said, ()).sentence()


def _that_fit(*buttons: Button) -> tuple[Button, ...]:
    return tuple(button for button in buttons if len(button.says) <= LONGEST_MESSAGE)


def personal_data(said: Said, details: Sequence[Detail]) -> Reply:
    """What may identify a person is pointed out, and whoever logs it decides."""
    held = ", ".join(f"{detail.kind} ({detail.words})" for detail in details)
    bare = replace(said, what=without_details(said.what), as_written=False)
    return Reply(
        f"This holds what may identify a person: {held}. Nothing is saved yet.",
        note=f"Before you send it: {who_sees(said.anonymous)}",
        next_step="Leave it out, keep it as you wrote it, or say it again in other words.",
        buttons=_that_fit(
            Button("Leave it out", bare.sentence()),
            Button("Keep it as written", replace(said, as_written=True).sentence()),
        ),
    )


def one_line(feedback: Feedback) -> Fact:
    what = feedback.what if len(feedback.what) <= _SHORT else feedback.what[: _SHORT - 4].rstrip() + " ..."
    owner = f" Owner: {feedback.owner}." if feedback.owner else ""
    return Fact(
        f"{code(feedback)}, {clause_names(feedback)}, {KINDS_SAID[feedback.kind]}",
        f"{what.rstrip('.')}. {spoken(feedback.happened_on)}. Status: {feedback.state}.{owner}",
    )


LOG_BUTTON = Button("Log feedback", "log feedback")


def listed(found: Sequence[Feedback], count: int, heading: str) -> Reply:
    if not found:
        return Reply(
            f"There is no {heading}.",
            note=f"Who sees what you log: {WHO_SEES} With anonymous in front, I keep nothing of who sent it.",
            next_step="To log some, type for example: feedback 3.3.4 council paid us five weeks late",
            buttons=(LOG_BUTTON,),
        )
    more = f" The newest {len(found)} are shown." if count > len(found) else ""
    return Reply(
        f"{heading[0].upper()}{heading[1:]}: {count} {'entry' if count == 1 else 'entries'}.{more}",
        facts=tuple(map(one_line, found)),
        next_step=f"Type a number such as {code(found[0])} to see one. "
        "To log some, type for example: feedback 3.3.4 council paid us five weeks late",
        buttons=(
            LOG_BUTTON,
            *(Button(f"Show {code(one)}", code(one)) for one in found[:2]),
            Button("Mine", "feedback mine"),
            Button("By clause", "feedback by clause"),
        ),
    )


def shown(agreement: Agreement, feedback: Feedback, zone: ZoneInfo, names: bool, leads: bool) -> Reply:
    """One entry whole. `names` lets its reporter's name be seen; `leads` offers what only leads may do."""
    number = code(feedback)
    by = "logged anonymously" if feedback.anonymous else f"logged by {feedback.who if names else 'a colleague'}"
    history = tuple(
        Fact(
            f"{spoken(change.at.astimezone(zone).date())} {change.at.astimezone(zone):%H:%M}",
            change.what if change.what == "logged" else f"{change.what}, by {change.who}",
        )
        for change in feedback.changes[-SHOWN:]
    )
    owner = f"Owner: {feedback.owner}." if feedback.owner else "It has no owner yet."
    outcome = outcome_said(feedback.outcome)
    return Reply(
        f"{number} is {KINDS_SAID[feedback.kind]}, {clause_names(feedback)}, {by} on {spoken(feedback.logged_on)}. "
        f"Status: {feedback.state}. {owner}{outcome}",
        citations=cited(agreement, [one.clause for one in feedback.clauses]),
        facts=(*parts(feedback), *history),
        note=last_shown(len(feedback.changes)),
        next_step=f"To act on it, type: acknowledge {number}, resolve {number} because ..., "
        f"no action {number} because ..., or owner {number} NAME"
        if leads
        else "Compact leads change its status. To see who they are, type leads",
        buttons=lead_buttons(feedback) if leads else (),
    )


def lead_buttons(feedback: Feedback) -> tuple[Button, ...]:
    number = code(feedback)
    if feedback.state not in ("open", "acknowledged"):
        return (Button("Open again", f"reopen {number}"),)
    first = (Button("Acknowledge", f"acknowledge {number}"),) if feedback.state == "open" else ()
    return (*first, Button("Resolve", f"resolve {number}"), Button("No action", f"no action {number}"))


def unknown(number: str) -> Reply:
    return Reply(f"There is no F{number} here. Nothing was changed.", next_step="Type feedback to see what there is.")
