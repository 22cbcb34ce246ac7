"""Looking at feedback: one entry, and lists of them."""

from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from compact_bot.conversation import Audience, Button, Fact, Reply
from compact_bot.dates import counted, spoken
from compact_bot.feedback import replies
from compact_bot.feedback.finding import found, is_reporter, may_change, not_for_sharing
from compact_bot.feedback.log import OPEN_STATES
from compact_bot.organisation import is_lead
from compact_bot.partnership.names import is_partners
from compact_bot.store.scope import shared
from compact_bot.store.tables import Feedback, FeedbackClause
from compact_bot.turn import Refused, Turn
from compact_bot.understanding.acts import FeedbackState, Listed, ListFeedback, ShowFeedback


def show(turn: Turn, act: ShowFeedback) -> Reply:
    feedback = found(turn, act.number)
    leads = is_lead(turn)
    may_know = (leads and not is_partners(feedback)) or is_reporter(turn, feedback)
    names = turn.message.audience is not Audience.EVERYONE and may_know
    zone = ZoneInfo(turn.timezone)
    return not_for_sharing(
        turn, replies.shown(turn.agreement, feedback, zone, names, leads, names and may_change(turn, feedback))
    )


def list_feedback(turn: Turn, act: ListFeedback) -> Reply:
    if act.clause:
        return _about_clause(turn, act.clause)
    ours = _ours(turn)
    match act.which:
        case Listed.BY_CLAUSE:
            return _by_clause(turn)
        case Listed.MINE:
            sender, address = turn.message.sender, turn.message.address
            mine = select(Feedback).where(
                Feedback.organisation_id == turn.organisation.id,
                Feedback.platform == address.platform,
                Feedback.person_id == sender.id,
                Feedback.person_id != "",
            )
            return _listed(turn, mine, "feedback of yours")
        case Listed.ALL:
            return _listed(turn, ours, "feedback")
        case Listed.OPEN:
            return _listed(turn, ours.where(Feedback.state.in_(OPEN_STATES)), "open feedback")
    return _listed(turn, ours.where(Feedback.state == FeedbackState(act.which)), f"{act.which} feedback")


def _about_clause(turn: Turn, number: str) -> Reply:
    """Feedback on one clause, or on all that stand under a section."""
    clause = turn.agreement.clause(number)
    if clause is None:
        raise Refused(Reply(f"There is no clause {number}.", next_step="Type contents to see what there is."))
    numbers = [clause.number, *(under.number for under in turn.agreement.descendants(clause.number))]
    about = select(FeedbackClause.feedback_id).where(FeedbackClause.clause.in_(numbers))
    return _listed(turn, _ours(turn).where(Feedback.id.in_(about)), f"feedback on {clause.number}")


def _ours(turn: Turn) -> Select[Feedback]:
    return select(Feedback).where(shared(Feedback.organisation_id, turn.organisation.id))


def _listed(turn: Turn, wanted: Select[Feedback], heading: str) -> Reply:
    count = turn.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    newest = wanted.order_by(Feedback.logged_on.desc(), Feedback.number.desc()).limit(replies.SHOWN)
    return not_for_sharing(turn, replies.listed(turn.session.scalars(newest).all(), count, heading))


def _by_clause(turn: Turn) -> Reply:
    """How much there is on each clause, in printed order."""
    counts = turn.session.execute(
        select(FeedbackClause.clause, Feedback.kind, func.count(), func.max(Feedback.logged_on))
        .join(Feedback, Feedback.id == FeedbackClause.feedback_id)
        .where(shared(Feedback.organisation_id, turn.organisation.id))
        .group_by(FeedbackClause.clause, Feedback.kind)
        .order_by(FeedbackClause.clause, Feedback.kind)
    ).all()
    numbers = [number for number in turn.agreement.clauses if any(row[0] == number for row in counts)]
    if not numbers:
        return not_for_sharing(turn, replies.listed((), 0, "feedback on any clause"))
    last = max(row[3] for row in counts)
    return not_for_sharing(
        turn,
        Reply(
            f"Feedback by clause: {counted(len(numbers), 'clause')}. The latest was logged on {spoken(last)}.",
            facts=tuple(
                Fact(number, ", ".join(f"{row[2]} {replies.KINDS_SAID[row[1]]}" for row in counts if row[0] == number))
                for number in numbers
            ),
            next_step=f"To read what there is on one, type for example: feedback {numbers[0]}",
            buttons=tuple(Button(f"On {number}", ListFeedback(clause=number)) for number in numbers[:4]),
        ),
    )
