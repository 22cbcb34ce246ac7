"""Looking at feedback: one entry, and lists of them."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from compact_bot.conversation import Audience, Reply
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
        return _about_clause(turn, act)
    ours = _ours(turn)
    match act.which:
        case Listed.BY_CLAUSE:
            return not_for_sharing(turn, _by_clause(turn, act))
        case Listed.MINE:
            sender, address = turn.message.sender, turn.message.address
            mine = (Feedback.organisation_id == turn.organisation.id) & (Feedback.platform == address.platform)
            mine &= (Feedback.person_id == sender.id) & (Feedback.person_id != "")
            return _listed(turn, act, ours.where(mine), "feedback of yours")
        case Listed.ALL:
            return _listed(turn, act, ours, "feedback")
        case Listed.OPEN:
            return _listed(turn, act, ours.where(Feedback.state.in_(OPEN_STATES)), "open feedback")
    return _listed(turn, act, ours.where(Feedback.state == FeedbackState(act.which)), f"{act.which} feedback")


def _about_clause(turn: Turn, act: ListFeedback) -> Reply:
    """Feedback on one clause, or on all that stand under a section."""
    clause = turn.agreement.clause(act.clause)
    if clause is None:
        raise Refused(Reply(f"There is no clause {act.clause}.", next_step="Type contents to see what there is."))
    numbers = [clause.number, *(under.number for under in turn.agreement.descendants(clause.number))]
    about = select(FeedbackClause.feedback_id).where(FeedbackClause.clause.in_(numbers))
    return _listed(turn, act, _ours(turn).where(Feedback.id.in_(about)), f"feedback on {clause.number}")


def _ours(turn: Turn) -> Select[Feedback]:
    return select(Feedback).where(shared(Feedback.organisation_id, turn.organisation.id))


def _listed(turn: Turn, act: ListFeedback, wanted: Select[Feedback], heading: str) -> Reply:
    count = turn.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    act = _on_a_page(act, count)
    newest = wanted.order_by(Feedback.logged_on.desc(), Feedback.number.desc())
    page = turn.session.scalars(newest.offset((act.page - 1) * replies.ON_A_PAGE).limit(replies.ON_A_PAGE))
    leads, names = is_lead(turn), turn.message.audience is not Audience.EVERYONE
    rows = [replies.row(one, leads, names and may_change(turn, one)) for one in page]
    return not_for_sharing(turn, replies.listed(rows, count, heading, act))


def _on_a_page(act: ListFeedback, count: int) -> ListFeedback:
    """The page that was asked for, or the last that there is."""
    return replace(act, page=min(max(act.page, 1), max(1, -(-count // replies.ON_A_PAGE))))


def _by_clause(turn: Turn, act: ListFeedback) -> Reply:
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
        return replies.listed((), 0, "feedback on any clause", act)
    act = _on_a_page(act, len(numbers))
    first = (act.page - 1) * replies.ON_A_PAGE
    rows = [
        replies.clause_row(
            number, ", ".join(f"{row[2]} {replies.KINDS_SAID[row[1]]}" for row in counts if row[0] == number)
        )
        for number in numbers[first : first + replies.ON_A_PAGE]
    ]
    return replies.by_clause(rows, len(numbers), max(row[3] for row in counts), act)
