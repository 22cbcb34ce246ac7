"""Logging feedback: what must be decided first is asked back, then it is saved once."""

from collections.abc import Iterable
from dataclasses import replace

from compact_bot.answers import NEAR
from compact_bot.conversation import Button, Fact, Form, Pending, Reply
from compact_bot.dates import spoken
from compact_bot.feedback import replies
from compact_bot.feedback.anonymity import smells
from compact_bot.feedback.finding import LONGEST_LINK, LONGEST_WHAT
from compact_bot.feedback.forms import feedback_form, held_by_form
from compact_bot.feedback.log import save
from compact_bot.feedback.nobody import is_nobodys
from compact_bot.feedback.personal import personal_details
from compact_bot.forms import with_values
from compact_bot.organisation import LONGEST_NAME, actor, settings, today
from compact_bot.turn import Refused, Turn, beginning, tidied
from compact_bot.understanding.acts import Ask, LogFeedback, OpenForm, to_json
from compact_bot.understanding.understood import Understood
from knowledge.agreement import Agreement, Clause

PROPOSED = 3


def log(turn: Turn, act: LogFeedback) -> Reply:
    """Saved, unless something must be decided first: by name or not, its personal details, its clause."""
    if not act.what:
        return to_fill_in(turn, act)
    return _undecided(turn, act) or _saved(turn, act)


def ask_back(turn: Turn, understood: Understood) -> Reply:
    """What was read, shown before anything is saved; what is missing is asked for."""
    act = understood.act
    assert isinstance(act, LogFeedback)  # noqa: S101  # as the table of rooms says
    doubts = f"{understood.doubts_said} " if understood.doubts_said else ""
    if "when" in understood.missing:
        return Reply(
            f"{doubts}When did it happen? Nothing was saved.",
            next_step="Answer with the day, written out, for example: 3 November 2026",
            pending=Pending(act, ("when",)),
        )
    undecided = _undecided(turn, act)
    if undecided is not None:
        return _echoed(turn, act, undecided) if undecided.pending and understood.doubts else undecided
    if not understood.doubts:
        return _saved(turn, act)
    clauses = f", {', '.join(act.clauses)}" if act.clauses else ""
    return _echoed(
        turn,
        act,
        Reply(
            f"Log this as feedback: {replies.KINDS_SAID[act.kind]}{clauses}? Nothing is saved yet.",
            note=f"Before you save it: {replies.WHO_SEES}",
            typed="Type yes to save it, or no to leave it.",
            buttons=(Button("Save", act),),
            pending=Pending(act),
        ),
    )


def _echoed(turn: Turn, act: LogFeedback, reply: Reply) -> Reply:
    """With the words that would be kept, which were not said as an order, and a way to change or to leave it."""
    subject = to_json(act)
    change = (Button("Change", OpenForm("feedback", subject)),) if len(subject) <= replies.LONGEST_VALUE - 100 else ()
    return replace(
        reply,
        facts=(replies.what_happened(act.what), Fact("Meant as", replies.KINDS_SAID[act.kind]), *reply.facts),
        buttons=(*reply.buttons, *change, Button("I was only asking", Ask(turn.text))),
    )


# ---- what must be decided first -------------------------------------------------------------------------------------


def _undecided(turn: Turn, act: LogFeedback) -> Reply | None:
    """A question to ask back. Raises Refused for what cannot be kept."""
    words = ". ".join((act.what, act.about, act.behalf))
    if act.anonymous != is_nobodys(turn.message) or (not act.anonymous and not act.with_name and smells(words)):
        return replies.anonymous_or_not(act)  # read as nobody's before it comes here; this holds after a change too
    _check(turn, act)
    details = personal_details(words)
    if details and not act.as_written:
        return replies.personal_data(act, details)
    return None if act.clauses or act.no_clause else replies.which_clause(act, _proposed(turn, act))


def _check(turn: Turn, act: LogFeedback) -> None:
    """Raises Refused for a clause that is not there, a day to come, and what is too long to keep."""
    if missing := [number for number in act.clauses if not turn.agreement.clause(number)]:
        nearest = turn.agreement.nearest(missing[0]).number
        known = [nearest if number == missing[0] else number for number in act.clauses]
        raise Refused(
            Reply(
                f"There is no clause {missing[0]} in the {turn.agreement.about.title}. Nothing was saved.",
                next_step=f"The nearest number is {nearest}. Press one, or type the number that you mean.",
                buttons=(
                    Button(nearest, replace(act, clauses=tuple(dict.fromkeys(known)))),
                    Button("No clause", replace(act, clauses=(), no_clause=True)),
                ),
                pending=Pending(replace(act, clauses=()), ("clauses",)),
            )
        )
    for words, most in (
        (act.what, LONGEST_WHAT),
        (act.about, LONGEST_NAME),
        (act.behalf, LONGEST_NAME),
        (act.link, LONGEST_LINK),
    ):
        if len(words) > most:
            raise Refused(
                Reply(
                    f"That has {len(words):,} characters; the most I keep is {most:,}. Nothing was saved.",
                    next_step=f"Put it more briefly. For example: {replies.EXAMPLE}",
                )
            )
    if act.when and act.when > today(turn):
        raise Refused(
            Reply(
                f"{spoken(act.when)} is still to come. Nothing was saved.",
                next_step="Say it again with the day on which it happened.",
            )
        )


def _proposed(turn: Turn, act: LogFeedback) -> list[Clause]:
    """The commitments that what was said may be about, the likeliest first."""
    ranked = turn.search.find(act.what).ranked
    near = [turn.agreement.clauses[number] for number, score in ranked[: 3 * PROPOSED] if score > NEAR]
    return [clause for clause in near if clause.party][:PROPOSED]


# ---- saved, or in the form ------------------------------------------------------------------------------------------


def _saved(turn: Turn, act: LogFeedback) -> Reply:
    clauses = [clause for number in act.clauses if (clause := turn.agreement.clause(number))]
    act = replace(
        act,
        clauses=tuple(dict.fromkeys(clause.number for clause in clauses)),
        about=_about(act, turn.agreement, clauses[0].party if clauses else ""),
    )
    feedback, change, new = save(turn.session, settings(turn), act, today(turn), actor(turn), turn.agreement.name)
    return replies.logged(turn.agreement, feedback, change) if new else replies.folded(feedback)


def _about(act: LogFeedback, agreement: Agreement, party: str) -> str:
    """Whom it is about: as given, or the first words where they name the side that the clause binds."""
    words = act.what.split()
    for length in (4, 3, 2, 1) if not act.about else ():
        name = " ".join(words[:length]).strip(" ,:;")
        called = agreement.party_called(name)
        if called and called.name == party and len(words) > length:
            return name
    return act.about


def to_fill_in(turn: Turn, act: LogFeedback) -> Reply:
    """The form, with as much in it as its fields hold."""
    what, is_whole = beginning(act.what or tidied(turn.message.about), LONGEST_WHAT)
    given = act.link or turn.message.link
    link = given if len(given) <= LONGEST_LINK else ""
    values = held_by_form(replace(act, what=what, link="" if act.anonymous else link))
    left_out = [] if is_whole else [f"The first {LONGEST_WHAT:,} characters are in the form; the rest was left out."]
    left_out += [] if link == given else ["The link is too long to keep, so it was left out."]
    return Reply(
        "What happened? Nothing is saved yet.",
        note=" ".join(left_out),
        next_step=f"Fill in the form, or type it in a line, for example: {replies.EXAMPLE}",
        form=with_values(feedback_form(turn, ""), values, {}),
    )


def filled(form: Form, values: Iterable[tuple[str, str]]) -> Form:
    """The form with what its button carries in it, which wins over what it holds already."""
    return with_values(form, dict(values), {})
