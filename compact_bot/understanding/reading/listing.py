"""What somebody wants to see: items, feedback, the review."""

import contextlib
import re

from compact_bot.dates import moved
from compact_bot.understanding.acts import List, Listed, ListFeedback, Review, Show, ShowFeedback, Which
from compact_bot.understanding.context import Context
from compact_bot.understanding.slots import Said, codes_in, items_told, says
from compact_bot.understanding.understood import Understood
from knowledge.numbers import numbers_asked

# Who asks to see something does not ask for their own: "show me", "can I see", "I'd like to know".
_WANTS_TO_SEE = re.compile(
    r"\b(?:(?:show|tell|give|send|let|get|remind|read)(?: to)? me|for me (?:to|please)|(?:can|could|may|might|do"
    r"|should|shall|must) i"
    r" (?:please |just |also )?(?:see|have|get|look|know|read|view|check|find|ask)|(?:i|i'd|i’d|i'm|i’m|im)"
    r" (?:would |want |need |wish |like |love |just |trying |looking |am |have )*(?:to )?(?:see|know|look|have|get"
    r"|view|check|find|read|ask|wonder))\b",
    re.IGNORECASE,
)


def list_items(message: Said, context: Context) -> Understood:
    """Everything, one's own, what is overdue or comes next; or the one item that the words name."""
    if codes := codes_in(message.words):
        return Understood(Show(codes))
    if says("overdue", message.words):
        return Understood(List(Which.OVERDUE))
    horizon = next((one for one in message.durations), None)
    if horizon:
        days = (moved(context.today, horizon.number, horizon.unit) - context.today).days
        return Understood(List(Which.NEXT, min(max(days, 1), 999)))
    until = [one.until or one.day for one in message.dates if one.day]
    if until and until[-1] and until[-1] >= context.today:
        return Understood(List(Which.NEXT, max((until[-1] - context.today).days, 1)))
    numbers = items_told(message.words, context) if len(context.items()) > 1 else ()
    if numbers and len(numbers) < len(context.items()):
        return Understood(Show(numbers))
    if says("mine", _WANTS_TO_SEE.sub(" ", message.words)):
        return Understood(List(Which.MINE))
    return Understood(List())


def list_feedback(message: Said, context: Context) -> Understood:
    if found := re.search(r"\bf(\d{1,7})\b", message.words, re.IGNORECASE):
        return Understood(ShowFeedback(int(found[1])))
    numbers = [number for number in numbers_asked(message.words, context.agreement) if context.agreement.clause(number)]
    if numbers:
        return Understood(ListFeedback(clause=numbers[0]))
    return Understood(ListFeedback(Listed.MINE if says("mine", _WANTS_TO_SEE.sub(" ", message.words)) else Listed.OPEN))


def review(message: Said, context: Context) -> Understood:
    from compact_bot.feedback.periods import PeriodError, read_period

    for found in _PERIODS.finditer(message.words):
        period = found["named"] or found["behind"]
        with contextlib.suppress(PeriodError):
            read_period(period, context.today)
            return Understood(Review(period))
    return Understood(Review())


_PERIODS = re.compile(
    r"(?P<named>from .+ to .+|(?:19|20)\d\d(?: ?[-/–] ?\d\d(?:\d\d)?)?|last (?:12 months|year)|this year)"
    r"|\b(?:for|of|covering) (?P<behind>(?:[a-z]+ )?\d{4}(?: to (?:[a-z]+ )?\d{4})?)",
    re.IGNORECASE,
)
