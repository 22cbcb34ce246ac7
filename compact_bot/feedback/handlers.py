"""Logging feedback by sentence, and looking at it. Each returns None to let the next route try."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from compact_bot import smalltalk
from compact_bot.answers import NEAR
from compact_bot.conversation import Audience, Button, Fact, Reply
from compact_bot.dates import spoken
from compact_bot.deadlines.at_hand import actor, settings
from compact_bot.feedback import replies
from compact_bot.feedback.anonymity import Wish, smells
from compact_bot.feedback.at_hand import (
    LONGEST_LINK,
    LONGEST_NAME,
    LONGEST_WHAT,
    found_feedback,
    is_reporter,
    today,
    unkept,
)
from compact_bot.feedback.forms import FEEDBACK_FORMS, feedback_form
from compact_bot.feedback.log import OPEN_STATES, save
from compact_bot.feedback.nobody import FIELD, FORM
from compact_bot.feedback.personal import personal_details
from compact_bot.feedback.roles import is_lead
from compact_bot.feedback.sentences import Said, about_of, any_words, read_said, when_of
from compact_bot.forms import submitted, with_values
from compact_bot.store.tables import Feedback, FeedbackClause
from compact_bot.turn import LONGEST_MESSAGE, Turn, beginning, tidied
from knowledge.agreement import Clause

PROPOSED = 3
EXAMPLE = "feedback 3.3.4 council paid us five weeks late"
_NOT_TO_LOG = re.compile(r"log[ -]?(?:in|on|out|off|me in|me out)\b", re.IGNORECASE)


def log(turn: Turn, _: re.Match[str]) -> Reply | None:
    """None when the words ask about feedback rather than log it ("feedback on a consultation")."""
    if _NOT_TO_LOG.match(turn.text):
        return None
    said = read_said(turn.text, turn.agreement)
    if turn.message.link and not (said and said.link):
        return _to_fill_in(turn, said or Said("not kept", re.sub(r"^\w+\s*", "", turn.text)))
    if said is None:
        return None
    if not said.what:
        return _to_fill_in(turn, said)
    if not said.anonymous and not said.with_name and smells(turn.text):
        return replies.anonymous_or_not(said)  # read as nobody's before it comes here; this holds after a change too
    return _logged(turn, said)


def for_nobody(turn: Turn, wish: Wish, among_others: bool) -> Reply:
    """The answer to a message whose sender was left out: it logs anonymously, asks whether to, or opens the form."""
    filled = turn.message.filled
    if filled is not None and filled.form == FORM:
        said_by_form = submitted(
            turn, FEEDBACK_FORMS[FORM], replace(filled, values={**filled.values, FIELD: "anonymous"})
        )
        if isinstance(said_by_form, Reply):
            return said_by_form
        turn = replace(turn, message=replace(turn.message, link=""))  # what it led to was looked at in the form
        return _nameless(turn, said_by_form, wish, among_others)
    text = "\n".join(filled.values.values()) if filled is not None else turn.text
    if len(text) > LONGEST_MESSAGE:
        return smalltalk.too_long(turn)
    return _nameless(turn, tidied(text), wish, among_others)


def _nameless(turn: Turn, text: str, wish: Wish, among_others: bool) -> Reply:
    turn = replace(turn, message=replace(turn.message, text=text, filled=None))
    said = read_said(text, turn.agreement)
    if wish is Wish.NONE:
        return _to_fill_in(turn, said or Said("not kept", re.sub(r"^\w+\s*", "", text)))
    if among_others:
        return replies.read_by_others(any_words(text, turn.agreement))
    if wish is Wish.STATED and said is not None and said.anonymous:
        return _to_fill_in(turn, said) if turn.message.link or not said.what else _logged(turn, said)
    said = replace(any_words(text, turn.agreement), anonymous=True)
    return _to_fill_in(turn, said) if turn.message.link or not said.what else replies.anonymous_or_not(said)


def _logged(turn: Turn, said: Said) -> Reply:
    return _refused(turn, said) or _asked_back(turn, said) or _saved(turn, said)


def _to_fill_in(turn: Turn, said: Said) -> Reply:
    """The form, with as much in it as its fields hold."""
    what, is_whole = beginning(said.what or tidied(turn.message.about), LONGEST_WHAT)
    link = turn.message.link if len(turn.message.link) <= LONGEST_LINK else ""
    values = {"what": what, "kind": said.kind, "clauses": ", ".join(said.named)}
    values |= {"anonymous": "anonymous"} if said.anonymous else {"link": link}
    left_out = [] if is_whole else [f"The first {LONGEST_WHAT:,} characters are in the form; the rest was left out."]
    left_out += [] if link == turn.message.link else ["The link is too long to keep, so it was left out."]
    return Reply(
        "What happened? Nothing is saved yet.",
        note=" ".join([*left_out, f"Before you send it: {replies.who_sees(said.anonymous)}"]),
        next_step=f"Fill in the form, or type it in a line, for example: {EXAMPLE}",
        form=with_values(feedback_form(turn, ""), values, {}),
    )


def _refused(turn: Turn, said: Said) -> Reply | None:
    if missing := [number for number in said.named if not turn.agreement.clause(number)]:
        nearest = turn.agreement.nearest(missing[0]).number
        return Reply(
            f"There is no clause {missing[0]} in the {turn.agreement.about.title}. Nothing was saved.",
            next_step=f"The nearest number is {nearest}. Say it again with that, or without a number.",
            buttons=(Button(f"Read {nearest}", nearest),),
        )
    for what, most in ((said.what, LONGEST_WHAT), (said.about, LONGEST_NAME), (said.behalf, LONGEST_NAME)):
        if len(what) > most:
            return Reply(
                f"That has {len(what)} characters; the most I keep is {most}. Nothing was saved.",
                next_step=f"Put it more briefly. For example: {EXAMPLE}",
            )
    if len(said.link) > LONGEST_LINK:
        return Reply("That link is too long. Nothing was saved.", next_step="Send it without the link.")
    if when_of(said, today(turn)) is None:
        return Reply(
            f'I cannot read "{said.when}" as a day that is past. Nothing was saved.',
            next_step="Write the day out, for example: (when: 3 November 2026)",
        )
    return None


def _asked_back(turn: Turn, said: Said) -> Reply | None:
    """What the person must decide before anything is saved: personal details, then the clause."""
    details = personal_details(" ".join((said.what, said.about, said.behalf)))
    if details and not said.as_written:
        return replies.personal_data(said, details)
    return None if said.named or said.settled else replies.which_clause(said, _proposed(turn, said))


def _proposed(turn: Turn, said: Said) -> list[Clause]:
    """The commitments that what was said may be about, the likeliest first."""
    ranked = turn.search.find(said.what).ranked
    near = [turn.agreement.clauses[number] for number, score in ranked[: 3 * PROPOSED] if score > NEAR]
    return [clause for clause in near if clause.party][:PROPOSED]


def _saved(turn: Turn, said: Said) -> Reply:
    clauses = [clause for number in said.named if (clause := turn.agreement.clause(number))]
    said = replace(said, about=about_of(said, turn.agreement, clauses[0].party if clauses else ""))
    day = today(turn)
    numbers = [clause.number for clause in clauses]
    feedback, new = save(turn.session, settings(turn), said, numbers, when_of(said, day) or day, day, actor(turn))
    return replies.logged(turn.agreement, feedback) if new else replies.folded(feedback)


def show(turn: Turn, found: re.Match[str]) -> Reply:
    feedback = found_feedback(turn, found)
    if isinstance(feedback, Reply):
        return feedback
    leads = is_lead(turn)
    names = turn.message.audience is not Audience.EVERYONE and (leads or is_reporter(turn, feedback))
    reply = replies.shown(turn.agreement, feedback, ZoneInfo(turn.timezone), names, leads)
    return replace(reply, private=names) if names else unkept(turn, reply)


def list_feedback(turn: Turn, found: re.Match[str]) -> Reply:
    which = re.sub(r"^by |^my$", "", (found["which"] or found["before"] or "open").strip().casefold()) or "mine"
    if which == "clause":
        return _by_clause(turn)
    ours = _ours(turn)
    if which == "mine":
        sender, address = turn.message.sender, turn.message.address
        mine = (Feedback.person_id == sender.id) & (Feedback.platform == address.platform) & (Feedback.person_id != "")
        return _listed(turn, ours.where(mine), "feedback of yours")
    if which == "all":
        return _listed(turn, ours, "feedback")
    states = OPEN_STATES if which == "open" else (which,)
    return _listed(turn, ours.where(Feedback.state.in_(states)), f"{which} feedback")


def about_clause(turn: Turn, found: re.Match[str]) -> Reply | None:
    """Feedback on one clause, or on all that stand under a section. None where there is no such clause."""
    clause = turn.agreement.clause(found["number"])
    if clause is None:
        return None
    numbers = [clause.number, *(under.number for under in turn.agreement.descendants(clause.number))]
    about = select(FeedbackClause.feedback_id).where(FeedbackClause.clause.in_(numbers))
    return _listed(turn, _ours(turn).where(Feedback.id.in_(about)), f"feedback on {clause.number}")


def _ours(turn: Turn) -> Select[Feedback]:
    return select(Feedback).where(Feedback.organisation_id == turn.organisation.id)


def _listed(turn: Turn, wanted: Select[Feedback], heading: str) -> Reply:
    count = turn.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    newest = wanted.order_by(Feedback.logged_on.desc(), Feedback.number.desc()).limit(replies.SHOWN)
    return unkept(turn, replies.listed(turn.session.scalars(newest).all(), count, heading))


def _by_clause(turn: Turn) -> Reply:
    """How much there is on each clause, in printed order."""
    counts = turn.session.execute(
        select(FeedbackClause.clause, Feedback.kind, func.count(), func.max(Feedback.logged_on))
        .join(Feedback, Feedback.id == FeedbackClause.feedback_id)
        .where(Feedback.organisation_id == turn.organisation.id)
        .group_by(FeedbackClause.clause, Feedback.kind)
    ).all()
    numbers = [number for number in turn.agreement.clauses if any(row[0] == number for row in counts)]
    if not numbers:
        return replies.listed((), 0, "feedback on any clause")
    last = max(row[3] for row in counts)
    reply = Reply(
        f"Feedback by clause: {len(numbers)} {'clause has' if len(numbers) == 1 else 'clauses have'} some. "
        f"The latest was logged on {spoken(last)}.",
        facts=tuple(
            Fact(number, ", ".join(f"{row[2]} {replies.KINDS_SAID[row[1]]}" for row in counts if row[0] == number))
            for number in numbers
        ),
        next_step=f"To read what there is on one, type for example: feedback {numbers[0]}",
        buttons=tuple(Button(f"On {number}", f"feedback {number}") for number in numbers[:4]),
    )
    return unkept(turn, reply)
