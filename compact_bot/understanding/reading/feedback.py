"""What people tell of the Compact in their own words, as feedback to be shown back."""

import re

from compact_bot.understanding.acts import Ask, FeedbackKind, LogFeedback, OpenForm
from compact_bot.understanding.context import Context
from compact_bot.understanding.reading.parts import said_in_the_past
from compact_bot.understanding.slots import Said, says
from compact_bot.understanding.telling import is_no_log, without_frames
from compact_bot.understanding.understood import Understood
from knowledge.numbers import numbers_asked

_NOTHING_TOLD = re.compile(
    r"(?:please |can you |could you |and |also |yes,? )*(?:log|record|note|register|report) (?:it|this|that)(?: down"
    r"| please| too)*[.!]*",
    re.IGNORECASE,
)


def feedback(message: Said, context: Context) -> Understood:
    """What happened, as it was told. It is shown back with the clauses it may be about before anything is kept."""
    words = message.words
    if is_no_log(words):
        return Understood(Ask(words))
    if _NOTHING_TOLD.fullmatch(words):
        return Understood(OpenForm("feedback"))
    if says("suggests", words):
        kind = FeedbackKind.SUGGESTION
    elif says("praise", words) and not re.search(
        r"\b(?:not|n't|never|late|no|without|poor|bad|wasn't|didn't|isn't)\b", words, re.IGNORECASE
    ):
        kind = FeedbackKind.KEPT
    else:
        kind = FeedbackKind.NOT_KEPT
    numbers = tuple(number for number in numbers_asked(words, context.agreement) if context.agreement.clause(number))
    past = [one.day for one in said_in_the_past(message, context) if one.day and one.day <= context.today]
    behalf = re.search(r"\bon behalf of (?P<who>[A-Z][^,.;:()]{2,100}?)(?=[,.;:()]|$| that| about)", words)
    act = LogFeedback(
        kind,
        without_frames(words),
        numbers,
        behalf=behalf["who"].strip() if behalf else "",
        when=past[0] if len(set(past)) == 1 else None,
    )
    return Understood(act, ("clauses",) if not numbers else (), ("this is how I read it",))
