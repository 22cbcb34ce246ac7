"""What is said of feedback: what was logged, who can see it, which clause it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from compact_bot.answers import cite, cite_opening
from compact_bot.conversation import Button, Citation, Fact, Pending, Reply, Row, Table
from compact_bot.dates import counted, spoken
from compact_bot.feedback.log import OPEN_STATES, code
from compact_bot.feedback.news import outcome_said
from compact_bot.feedback.personal import Detail, without_details
from compact_bot.partnership.names import change_holder_said, feedback_owner_said, holder_said, is_partners, what_said
from compact_bot.store.tables import Change, Feedback
from compact_bot.understanding.acts import (
    DeleteFeedback,
    EditFeedback,
    FeedbackKind,
    FeedbackState,
    Leave,
    Listed,
    ListFeedback,
    LogFeedback,
    OpenForm,
    SetFeedbackKind,
    SetStatus,
    ShowFeedback,
    Undo,
    to_json,
)
from compact_bot.understanding.saying import says
from knowledge.agreement import Agreement, Clause

SHOWN = 20  # changes of one entry
ON_A_PAGE = 5  # entries of a list
LIST_COLUMNS = ("When", "What", "Status", "Owner")
CLAUSE_COLUMNS = ("Clause", "Feedback")
LONGEST_VALUE = 1_900  # characters of an act that a button carries, so that every platform keeps it
_SHORT = 90  # characters of what happened, in a list

WHO_SEES = (
    "Everyone in your organisation, and in those linked with it, who asks me can read what you log, and it counts in "
    "the yearly review. Your name is shown to your Compact leads alone, and never in the review."
)
WHO_SEES_ANONYMOUS = (
    "Everyone in your organisation, and in those linked with it, who asks me can read the words. I keep nothing of who "
    "sent them: no name, id, place or link, and no time but the day. Your own words can still identify you."
)
KINDS_SAID = {
    FeedbackKind.KEPT: "kept",
    FeedbackKind.NOT_KEPT: "not kept",
    FeedbackKind.SUGGESTION: "a suggestion",
}
EXAMPLE = "feedback 3.3.4 council paid us five weeks late"


def who_sees(anonymous: bool) -> str:
    return WHO_SEES_ANONYMOUS if anonymous else WHO_SEES


def clause_names(feedback: Feedback) -> str:
    return ", ".join(one.clause for one in feedback.clauses) or "no clause"


def cited(agreement: Agreement, numbers: Sequence[str]) -> tuple[Citation, ...]:
    """Each clause whole when it is alone, else by its opening words."""
    clauses = [clause for number in numbers if (clause := agreement.clause(number)) and clause.text]
    return tuple(map(cite if len(clauses) == 1 else cite_opening, clauses))


def what_happened(what: str) -> Fact:
    return Fact("What happened", what)


def parts(feedback: Feedback) -> tuple[Fact, ...]:
    given = {
        "What happened": feedback.what,
        "About": feedback.about,
        "On behalf of": feedback.behalf,
        "When": spoken(feedback.happened_on),
        "Link": feedback.link,
    }
    return tuple(Fact(label, value) for label, value in given.items() if value)


def logged(agreement: Agreement, feedback: Feedback, change: Change | None) -> Reply:
    number = code(feedback)
    text = f"Logged as {number}: {KINDS_SAID[feedback.kind]}, {clause_names(feedback)}."
    numbers = [one.clause for one in feedback.clauses]
    if change is None:
        return Reply(
            f"{text} It is anonymous.",
            citations=cited(agreement, numbers),
            facts=parts(feedback),
            note=WHO_SEES_ANONYMOUS,
            next_step="I can neither tell you what becomes of it nor take it back, since I do not know you. "
            f"To see it, type {number}.",
            buttons=(_show(feedback),),
        )
    return Reply(
        f"{text} I will tell you when its status changes.",
        citations=cited(agreement, numbers),
        facts=parts(feedback),
        note=WHO_SEES,
        typed=f"To take it back within 10 minutes, type undo. To see what becomes of it, type {number}.",
        buttons=(
            *show_and_undo(feedback, change),
            *(
                Button(f"It was {KINDS_SAID[kind]}", SetFeedbackKind(feedback.number, kind))
                for kind in (FeedbackKind.KEPT, FeedbackKind.NOT_KEPT)
                if kind is not feedback.kind
            ),
        ),
    )


def _show(feedback: Feedback) -> Button:
    return Button(f"Show {code(feedback)}", ShowFeedback(feedback.number))


def show_and_undo(feedback: Feedback, change: Change) -> tuple[Button, Button]:
    return _show(feedback), Button("Undo", Undo(change.id))


def anonymous_or_not(act: LogFeedback) -> Reply:
    """Whoever may want to be left out decides before anything is kept: their words stay in the buttons alone."""
    return Reply(
        "Is nobody to know that this comes from you? Nothing is saved yet, and I have not kept your message.",
        facts=(Fact("What would be logged", act.what),),
        note=f"Anonymously: {WHO_SEES_ANONYMOUS} It cannot be taken back, since nobody knows whose it is. "
        f"With your name: {WHO_SEES}",
        next_step="Press one. If you were only asking, say it as a question, with a question mark.",
        buttons=_that_fit(
            Button("Log it anonymously", replace(act, anonymous=True, with_name=False, link="")),
            Button("Log it with my name", replace(act, anonymous=False, with_name=True)),
        ),
        private=True,
    )


def read_by_others(act: LogFeedback) -> Reply:
    """Nothing is anonymous where others read along."""
    named = replace(act, anonymous=False, with_name=True)
    return Reply(
        "Others read this place, so they would know that it comes from you. Nothing was saved.",
        next_step="Send it to me in a direct message, or choose Anonymously on the form: type log feedback",
        buttons=_that_fit(Button("Log it with my name", named)) if act.what else (),
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
        buttons=(_show(feedback),),
    )


def which_clause(act: LogFeedback, proposed: Sequence[Clause]) -> Reply:
    """Up to three clauses to choose from, and none of these."""
    names = [clause.number for clause in proposed]
    likely = f"It may be {' or '.join(names)}. " if names else ""
    first = replace(act, clauses=tuple(names[:1]), no_clause=not names)
    say = says(first) if act.anonymous else f"{', '.join(names)}{', ' if names else ''}another number, or none"
    return Reply(
        f"Which clause is this about? {likely}Nothing is saved yet.",
        citations=tuple(map(cite_opening, proposed)),
        note=f"Before you send it: {who_sees(act.anonymous)}",
        next_step=f"Press one, or type it whole: {say}" if act.anonymous else f"Press one, or type just that: {say}.",
        buttons=_that_fit(
            *(Button(clause.number, replace(act, clauses=(clause.number,))) for clause in proposed),
            Button("No clause", replace(act, no_clause=True)),
        ),
        pending=Pending(act, ("clauses",)),
    )


def _that_fit(*buttons: Button) -> tuple[Button, ...]:
    return tuple(button for button in buttons if button.act and len(to_json(button.act)) <= LONGEST_VALUE)


def personal_data(act: LogFeedback, details: Sequence[Detail]) -> Reply:
    """What may identify a person is pointed out, and whoever logs it decides."""
    bare = replace(act, what=without_details(act.what), about=without_details(act.about))
    bare = replace(bare, behalf=without_details(act.behalf))
    return Reply(
        f"{_held(details)} Nothing is saved yet.",
        note=f"Before you send it: {who_sees(act.anonymous)}",
        next_step="Leave it out, keep it as you wrote it, or say it again in other words.",
        buttons=_that_fit(Button("Leave it out", bare), Button("Keep it as written", replace(act, as_written=True))),
        pending=Pending(act),
    )


def personal_data_in_edit(act: EditFeedback, details: Sequence[Detail]) -> Reply:
    return Reply(
        f"{_held(details)} Nothing was changed.",
        next_step="Leave it out, keep it as you wrote it, or say it again in other words.",
        buttons=_that_fit(
            Button("Leave it out", replace(act, what=without_details(act.what))),
            Button("Keep it as written", replace(act, as_written=True)),
        ),
        pending=Pending(act),
    )


def _held(details: Sequence[Detail]) -> str:
    held = ", ".join(f"{detail.kind} ({detail.words})" for detail in details)
    return f"This holds what may identify a person: {held}."


def _short(what: str) -> str:
    return what if len(what) <= _SHORT else what[: _SHORT - 4].rstrip() + " ..."


LOG_BUTTON = Button("Log feedback", OpenForm("feedback"))


def row(feedback: Feedback, leads: bool, may_change: bool) -> Row:
    """One line of a list, with what this person may do with it behind its menu."""
    number = code(feedback)
    whose = f" Logged at {holder}." if (holder := holder_said(feedback)) else ""
    named = f"{number}, {clause_names(feedback)}, {KINDS_SAID[feedback.kind]}\n{_short(feedback.what)}{whose}"
    owner = feedback_owner_said(feedback) or "Nobody yet"
    give = () if is_partners(feedback) else (Button("Give an owner", OpenForm("give", number)),)
    return Row(
        (spoken(feedback.happened_on), named, str(feedback.state).capitalize(), owner),
        (
            *((*lead_buttons(feedback), *give) if leads else ()),
            *(_own_buttons(feedback) if may_change and not leads else ()),
            Button(f"Open {number}", ShowFeedback(feedback.number)),
        ),
    )


def listed(rows: Sequence[Row], count: int, heading: str, act: ListFeedback) -> Reply:
    """A page of a list, the newest first."""
    if not rows:
        return Reply(
            f"There is no {heading}.",
            note=f"Who sees what you log: {WHO_SEES} With anonymous in front, I keep nothing of who sent it.",
            next_step=f"To log some, type for example: {EXAMPLE}",
            buttons=(LOG_BUTTON,),
        )
    return _a_page(
        f"{heading[0].upper()}{heading[1:]}: {count} {'entry' if count == 1 else 'entries'}.",
        Table(LIST_COLUMNS, tuple(rows)),
        count,
        act,
        f"Type its number, such as F7, to see one. To log some, type for example: {EXAMPLE}",
        (LOG_BUTTON, *_other_lists(act)),
    )


def by_clause(rows: Sequence[Row], count: int, last: date, act: ListFeedback) -> Reply:
    return _a_page(
        f"Feedback by clause: {counted(count, 'clause')}. The latest was logged on {spoken(last)}.",
        Table(CLAUSE_COLUMNS, tuple(rows)),
        count,
        act,
        f"To read what there is on one, type for example: feedback {rows[0].cells[0]}",
        (),
    )


def clause_row(number: str, said: str) -> Row:
    return Row((number, said), (Button(f"On {number}", ListFeedback(clause=number)),))


def _a_page(text: str, table: Table, count: int, act: ListFeedback, typed: str, buttons: tuple[Button, ...]) -> Reply:
    first = (act.page - 1) * ON_A_PAGE
    last = first + len(table.rows)
    part = f" Here are {first + 1} to {last}." if len(table.rows) < count else ""
    coming = (Button("Next", replace(act, page=act.page + 1)),) if last < count else ()
    following = f" For the next ones, type: {coming[0].says}" if coming else ""
    return Reply(f"{text}{part}", tables=(table,), typed=f"{typed}{following}", buttons=(*coming, *buttons))


def _other_lists(act: ListFeedback) -> Iterator[Button]:
    for label, which in (("Mine", Listed.MINE), ("By clause", Listed.BY_CLAUSE)):
        if act.clause or act.which is not which:
            yield Button(label, ListFeedback(which))


def shown(
    agreement: Agreement, feedback: Feedback, zone: ZoneInfo, names: bool, leads: bool, may_change: bool
) -> Reply:
    """One entry whole. `names` lets its reporter's name be seen; `leads` offers what only leads may do."""
    number = code(feedback)
    by = "logged anonymously" if feedback.anonymous else f"logged by {_logged_by(feedback, names)}"
    history = tuple(
        Fact(
            f"{spoken(change.at.astimezone(zone).date())} {change.at.astimezone(zone):%H:%M}",
            change.what if change.what == "logged" else f"{what_said(change)}, by {_who(change, feedback, names)}",
        )
        for change in feedback.changes[-SHOWN:]
    )
    earlier = len(feedback.changes) - len(history)
    owner = f"Owner: {who}." if (who := feedback_owner_said(feedback)) else "It has no owner yet."
    outcome = outcome_said(feedback.outcome)
    return Reply(
        f"{number} is {KINDS_SAID[feedback.kind]}, {clause_names(feedback)}, {by} on {spoken(feedback.logged_on)}. "
        f"Status: {feedback.state}. {owner}{outcome}",
        citations=cited(agreement.under(feedback.edition), [one.clause for one in feedback.clauses]),
        facts=(*parts(feedback), *history),
        note=f"Of {earlier + SHOWN} changes the last {SHOWN} are shown." if earlier else "",
        next_step="" if leads else "Compact leads change its status. To see who they are, type leads",
        typed=f"To act on it, type: acknowledge {number}, resolve {number} because ..., "
        f"no action {number} because ..., or owner {number} NAME"
        if leads
        else "",
        buttons=(
            *(lead_buttons(feedback) if leads else ()),
            *((Button("Give an owner", OpenForm("give", number)),) if leads else ()),
            *(_own_buttons(feedback) if may_change else ()),
        ),
    )


def _logged_by(feedback: Feedback, names: bool) -> str:
    """Who logged it never crosses to a partner, whose people hear of their organisation alone."""
    holder = holder_said(feedback)
    at = f" at {holder}" if holder else ""
    return feedback.who + (f" ({holder})" if holder else "") if names else f"{'somebody' if at else 'a colleague'}{at}"


def _who(change: Change, feedback: Feedback, names: bool) -> str:
    """Who changed it, but whoever logged it only where their name may be seen, and partners' people never."""
    if is_partners(change) and not is_partners(feedback):
        return f"somebody at {change_holder_said(change)}"
    if is_partners(feedback):
        return "somebody" if feedback.anonymous else f"somebody at {change_holder_said(change)}"
    own = (change.person_id, change.platform) == (feedback.person_id, feedback.platform)
    return change.who if names or not own else "whoever logged it"


def lead_buttons(feedback: Feedback) -> tuple[Button, ...]:
    number = feedback.number
    if feedback.state not in OPEN_STATES:
        return (Button("Open again", SetStatus(number, FeedbackState.OPEN)),)
    is_new = feedback.state == FeedbackState.OPEN
    return (
        *((Button("Acknowledge", SetStatus(number, FeedbackState.ACKNOWLEDGED)),) if is_new else ()),
        Button("Resolve", SetStatus(number, FeedbackState.RESOLVED)),
        Button("No action", SetStatus(number, FeedbackState.NO_ACTION)),
    )


def _own_buttons(feedback: Feedback) -> tuple[Button, Button]:
    """What may be done with the words themselves."""
    return Button("Reword", OpenForm("reword", code(feedback))), Button("Delete", DeleteFeedback(feedback.number))


def delete_or_not(feedback: Feedback) -> Reply:
    sure = DeleteFeedback(feedback.number, sure=True)
    return Reply(
        f"Delete {code(feedback)} for good? It cannot be brought back. Nothing was changed.",
        facts=(what_happened(_short(feedback.what)),),
        note="I keep that there was such an entry, who deleted it and when, and nothing of what it said.",
        typed="Type yes to delete it, or no to leave it.",
        buttons=(Button("Delete it for good", sure), Button("Leave it", Leave())),
        pending=Pending(sure),
    )


def unknown(number: int) -> Reply:
    return Reply(f"There is no F{number} here. Nothing was changed.", next_step="Type feedback to see what there is.")


def of_a_partner(feedback: Feedback) -> Reply:
    holder = holder_said(feedback)
    return Reply(
        f"{code(feedback)} was not logged in your organisation{f', but at {holder}' if holder else ''}. "
        "Nothing was changed.",
        next_step="What it says and who sees to it is theirs to change. Compact leads of any partner set its status.",
    )


def deleted(number: int, day: date) -> Reply:
    return Reply(
        f"F{number} was deleted on {spoken(day)}. Nothing was changed.", next_step="Type feedback to see what there is."
    )
