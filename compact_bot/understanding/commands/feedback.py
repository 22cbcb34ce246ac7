"""Commands about feedback and the review, and those of Compact leads."""

import re

from compact_bot.feedback.anonymity import Wish, wish_in
from compact_bot.feedback.periods import BEGINS, PeriodError, read_period
from compact_bot.understanding.acts import (
    Act,
    DeleteFeedback,
    EditFeedback,
    FeedbackKind,
    FeedbackState,
    Gaps,
    Listed,
    ListFeedback,
    LogFeedback,
    OpenForm,
    PassOn,
    Review,
    SetFeedbackKind,
    SetFeedbackOwner,
    SetStatus,
    ShowFeedback,
    ShowTaught,
    Teach,
    Untaught,
)
from compact_bot.understanding.commands import Command, command
from compact_bot.understanding.commands.deadlines import day_alone
from compact_bot.understanding.commands.quoting import BRACKETED, QUOTED, unquoted
from compact_bot.understanding.context import Context
from compact_bot.understanding.telling import TELLS, told

CODE = r"f(?P<number>\d{1,7})"
_SHOW = r"(?:(?:show|list|see|view|get)(?: me)? )?"
_NUMBER = r"[\w.()]*\d[\w.()]*"
_PAGE = r"(?:,? page (?P<page>\d{1,3}))?"
_VERBS = {
    "feedback": FeedbackKind.NOT_KEPT,
    "praise": FeedbackKind.KEPT,
    "suggest": FeedbackKind.SUGGESTION,
}
_STATES = {
    "open": FeedbackState.OPEN,
    "reopen": FeedbackState.OPEN,
    "acknowledge": FeedbackState.ACKNOWLEDGED,
    "resolve": FeedbackState.RESOLVED,
    "no action": FeedbackState.NO_ACTION,
}
_STATE = r"(?P<state>reopen(?:ed)?|open|acknowledged?|resolved?|no action(?: on)?)"


def _log(found: re.Match[str], context: Context) -> Act | None:
    """`feedback 3.3.4 about "..." on 3 November 2026: what happened`, in this order, each part once.

    None for what is said less strictly: with parts in brackets, or with the wish not to be named among the words.
    """
    what = found["what"].strip()
    if BRACKETED.search(what) or not (found["anonymous"] or found["named"] or wish_in(found[0]) is Wish.NONE):
        return None
    when = day_alone(found["when"], context, past=True) if found["when"] else None
    if found["when"] and when is None:
        return None
    clauses = tuple(number.lower() for number in re.findall(_NUMBER, found["clauses"] or ""))
    return LogFeedback(
        _VERBS[found["verb"].casefold()],
        unquoted(what) if re.fullmatch(QUOTED, what) else what,
        clauses,
        bool(found["none"]),
        unquoted(found["about"] or ""),
        unquoted(found["behalf"] or ""),
        when,
        unquoted(found["link"] or ""),
        bool(found["anonymous"]),
        bool(found["written"]),
        bool(found["named"]),
    )


def _listed(found: re.Match[str], _: Context) -> Act:
    said = re.sub(r"^(?:by )?clause$", "by clause", (found["which"] or found["before"] or "open").strip().casefold())
    return ListFeedback(Listed.MINE if said == "my" else Listed(said), page=_page(found))


def _on_clause(found: re.Match[str], context: Context) -> Act | None:
    """A number alone is a clause's only where there is such a clause."""
    number = found["clause"]
    is_clause = "." in number or context.agreement.clause(number)
    return ListFeedback(clause=number, page=_page(found)) if is_clause else None


def _page(found: re.Match[str]) -> int:
    return int(found["page"] or 1)


def _state(found: re.Match[str], _: Context) -> Act:
    said = found["state"].casefold().removesuffix(" on")
    state = next(state for word, state in _STATES.items() if said in (word, f"{word}d", f"{word}ed", f"{word}n"))
    said_why = found["rest"].strip() if re.search(r"\w", found["rest"]) else ""
    return SetStatus(int(found["number"]), state, re.sub(r"^(?:because|as|with|that)\b:?\s*", "", said_why))


def _owner(found: re.Match[str], context: Context) -> Act | None:
    name = unquoted(found["name"])
    return SetFeedbackOwner(int(found["number"]), context.person(name)) if name else None


def _review(found: re.Match[str], context: Context) -> Act | None:
    """None for what only begins like it ("review of the small grants scheme")."""
    period = (found["period"] or "").strip()
    try:
        read_period(period, context.today)
    except PeriodError:
        if not BEGINS.match(period):
            return None
    return Review(period)


def _teach(found: re.Match[str], _: Context) -> Act:
    words = found["words"]
    return Teach(words[1:-1].strip() if words.startswith("'") else unquoted(words), found["clause"])


LOGGING: tuple[Command, ...] = (
    command(
        rf"(?P<anonymous>anonymous )?(?P<verb>feedback|praise|suggest)"
        rf"(?: (?P<clauses>{_NUMBER}(?:, {_NUMBER})*)| (?P<none>no clause))?"
        rf"(?: about (?P<about>{QUOTED}))?(?: on behalf of (?P<behalf>{QUOTED}))?"
        rf"(?: on (?P<when>\d{{1,2}} [a-z]+ \d{{4}}))?(?: link (?P<link>{QUOTED}))?(?: (?P<written>as"
        rf" written))?: ?(?P<what>.+?)"
        r"(?P<named> \(with my name\))?",
        _log,
        "feedback",
        "feedback 3.3.4 council paid us five weeks late",
        "logs it; your organisation can read it, only Compact leads see your name; also praise and suggest",
    ),
    command(TELLS, lambda found, context: told(found[0], context)),
)

FEEDBACK: tuple[Command, ...] = (
    LOGGING[0],
    command(
        r"(?:log|give|add|leave|anonymous) (?:some |my )?feedback|log(?: an?| some)?(?: breach| praise| suggestion)?",
        OpenForm("feedback"),
        "feedback",
        "log feedback",
        "opens a form; anonymously too",
    ),
    command(
        rf"{_SHOW}(?:the |our )*(?:(?P<before>my|open|all) )?(?:the |our )*feedback"
        rf"(?: (?P<which>mine|open|all|acknowledged|resolved|no action|(?:by )?clause))?{_PAGE}",
        _listed,
        "feedback",
        "feedback",
        "lists what is open; also feedback mine, feedback by clause, feedback 3.3.4, feedback resolved",
    ),
    command(
        rf"{_SHOW}feedback (?:on |about |for |by )?(?:clause |section )?(?P<clause>\d+(?:\.\d+)*(?:\([a-z]+\))*)"
        rf"{_PAGE}[.!?]*",
        _on_clause,
    ),
    *LOGGING[1:],
    command(
        rf"{_SHOW}{CODE}",
        lambda found, _: ShowFeedback(int(found["number"])),
        "feedback",
        "F7",
        "shows one, its status and its history",
    ),
    command(
        rf"(?:mark |status )?{_STATE} {CODE}\b[ :,]*(?P<rest>.*)",
        _state,
        "leads",
        "resolve F7 because the invoice was paid",
        "also acknowledge, no action, reopen; its reporter is told",
    ),
    command(rf"(?:mark |status )?{CODE}(?: is| as)* {_STATE}\b[ :,]*(?P<rest>.*)", _state),
    command(
        rf"{CODE}(?: is| was)? (?P<kind>kept|not kept|a suggestion|suggestion)",
        lambda found, _: SetFeedbackKind(
            int(found["number"]), FeedbackKind(found["kind"].casefold().removeprefix("a "))
        ),
    ),
    command(
        rf"(?:owner|assign) {CODE}(?: is| to)? (?P<name>.+)",
        _owner,
        "leads",
        "owner F7 Amina",
        "says who sees to it",
    ),
    command(rf"(?:owner|assign) {CODE}", lambda found, _: OpenForm("give", f"F{int(found['number'])}")),
    command(
        rf"edit {CODE}(?P<written> as written)?(?: to)?: ?(?P<what>.+)",
        lambda found, _: EditFeedback(int(found["number"]), found["what"].strip(), bool(found["written"])),
        "feedback",
        "edit F7: what really happened",
        "its author may for a day, a lead always; delete F7 takes it away",
    ),
    command(rf"edit {CODE}", lambda found, _: OpenForm("reword", f"F{int(found['number'])}")),
    command(
        rf"(?:delete|withdraw) {CODE}(?P<sure> for good)?",
        lambda found, _: DeleteFeedback(int(found["number"]), bool(found["sure"])),
    ),
    command(
        r"(?:(?:show|make|the|our|annual|yearly|get|give me) )*review(?:(?: of| for)? (?P<period>.+))?",
        _review,
        "feedback",
        "review April 2026 to March 2027",
        "the yearly review; also review for the last 12 months, and review 2026",
    ),
    command(rf"{_SHOW}(?:the )?gaps", Gaps(), "leads", "gaps", "what was asked in vain"),
    command(r"pass on: *(?P<question>.+)", lambda found, _: PassOn(found["question"].strip())),
    command(
        rf"teach (?P<words>{QUOTED}|'[^']+')\s*(?:is|means|as|to|:|=)?\s*(?:clause )?(?P<clause>{_NUMBER})",
        _teach,
        "leads",
        'teach "lunch club money" 3.4.4',
        "ties your own words to a clause",
    ),
    command(r"teach", Teach("", "")),
    command(
        r"taught(?P<lines> (?:export|lines))?",
        lambda found, _: ShowTaught(bool(found["lines"])),
        "leads",
        "taught",
        "lists them; taught export as lines",
    ),
    command(
        r"(?:untaught|unteach) ?(?P<number>\d{0,4})",
        lambda found, _: Untaught(int(found["number"] or 0)),
        "leads",
        "untaught 1",
        "takes one away",
    ),
)
