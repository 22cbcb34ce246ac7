""" "When funding ends ...", and whether notice or a consultation is long enough: nothing is saved."""

import re
from dataclasses import replace
from datetime import date

from compact_bot.conversation import Reply
from compact_bot.dates import find_dates, in_order, spoken
from compact_bot.deadlines import replies
from compact_bot.deadlines.at_hand import tracker, unread
from compact_bot.deadlines.planning import plan
from compact_bot.deadlines.sentences import Tracked, UnreadError, check_dates, read_tracked
from compact_bot.turn import Turn
from knowledge.rules import Kind

_FUNDING = "funding-notice"
_CONSULTATION = "consultation"


def what_if(turn: Turn, found: re.Match[str]) -> Reply | None:
    """ "when funding ends 31 March 2027", and the same in a sentence; None when it holds no such date."""
    kind, words = turn.rules.kind(_FUNDING), found["said"]
    if kind is None or not _speaks_of(kind, words, len(words)):
        return None
    keeper = tracker(turn)
    dates = find_dates(words, keeper.today)
    if len(dates) != 1 or not _speaks_of(kind, words, dates[0].start):
        return None
    try:
        check_dates(dates, keeper.today)
        tracked = read_tracked(
            f"{kind.words[0]} {_titled(words, kind)} ends {words[dates[0].start :]}", turn.rules, keeper.today
        )
        tracked = replace(tracked, kind=kind, given={kind.asks[0].name: [dates[0].day or keeper.today]})
        if past := refused_as_past(tracked, keeper.today):
            return past
        planned = plan(tracked.kind, tracked.given, keeper.closed)
    except UnreadError as problem:
        return unread(problem)
    return replies.what_if(turn.agreement, tracked, planned, keeper.today)


def _speaks_of(kind: Kind, words: str, before: int) -> bool:
    """Whether a sentence names the kind's subject and, not far before its date, that it ends."""
    subject = re.search(rf"\b(?:{'|'.join(kind.words)}|funded)\b", words, re.IGNORECASE)
    verbs = [word for word in kind.asks[0].words if word != "for"]
    verbs += ["cut", "cutting", "withdraw", "terminate", "expires", "expire"]
    verb = re.search(rf"\b(?:{'|'.join(verbs)})\b", words[:before], re.IGNORECASE)
    return bool(subject and verb)


def _titled(words: str, kind: Kind) -> str:
    """A quoted name for a what-if: the quoted words, what the sentence calls it, or what the kind is called."""
    quoted = re.search('["“”]([^"“”]+)["“”]', words)
    if quoted:
        return f'"{quoted[1]}"'
    named = re.match(
        r"(?:the |our )?(?P<what>(?:grant|funding|contract|money)[a-z ]*? (?:to|for|of|with) [a-z' ]+?)"
        r"\s+(?:ends?|stops?|changes?|finishes|is ending|will end)\b",
        words,
        re.IGNORECASE,
    )
    return f'"{named["what"][0].upper()}{named["what"][1:]}"' if named else f'"{kind.title}"'


def refused_as_past(tracked: Tracked, today: date) -> Reply | None:
    """A date that is past cannot be planned for, except where it is the past that matters."""
    for name, days in tracked.given.items():
        for day in days:
            if day < today and name not in ("found", "known", "opens", "starts"):
                return Reply(
                    f"{spoken(day)} is past, so there is nothing to plan for. Nothing was saved.",
                    next_step="Give a date that is still to come, with its year.",
                )
    return None


def check_notice(turn: Turn, found: re.Match[str]) -> Reply:
    example = "check notice given 20 January 2027 for 31 March 2027"
    wanted = "I need two dates: when notice is given, and when funding ends."
    kind, dates = turn.rules.kind(_FUNDING), _two_dates(turn, found["rest"], wanted, example)
    if isinstance(dates, Reply) or kind is None:
        return dates if isinstance(dates, Reply) else Reply(wanted, next_step=f"For example: {example}")
    given, end = dates
    if given > end:
        return Reply(
            f"{spoken(given)} is after {spoken(end)}; notice comes first.", next_step=f"For example: {example}"
        )
    return replies.notice_checked(turn.agreement, kind, given, end)


def check_consultation(turn: Turn, found: re.Match[str]) -> Reply:
    example = "check consultation 7 December 2026 to 1 March 2027"
    wanted = "I need two dates: when it opens and when it closes."
    kind, dates = turn.rules.kind(_CONSULTATION), _two_dates(turn, found["rest"], wanted, example)
    if isinstance(dates, Reply) or kind is None:
        return dates if isinstance(dates, Reply) else Reply(wanted, next_step=f"For example: {example}")
    opens, closes = dates
    if closes <= opens:
        return Reply(f"{spoken(closes)} is not after {spoken(opens)}.", next_step=f"For example: {example}")
    return replies.consultation_checked(turn.agreement, kind, opens, closes)


def _two_dates(turn: Turn, words: str, wanted: str, example: str) -> tuple[date, date] | Reply:
    """The two dates in some words, or what to say when they are not there or cannot be dates."""
    today = tracker(turn).today
    dates = find_dates(words, today)
    try:
        check_dates(dates, today)
    except UnreadError as problem:
        return unread(UnreadError(problem.says.replace(" Nothing was saved.", ""), example))
    if len(dates) != 2:
        return Reply(wanted, next_step=f"For example: {example}")
    first, last = in_order(dates[0], dates[1], today)
    return first.day or today, last.day or today
