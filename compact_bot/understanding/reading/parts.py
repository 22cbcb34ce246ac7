"""What several readers need: the days of a sentence, what to say of them, and the items that are meant."""

import re
from collections.abc import Sequence
from itertools import pairwise

from compact_bot.dates import Written, find_dates, spoken
from compact_bot.understanding.context import Context, Item
from compact_bot.understanding.naming import named_otherwise
from compact_bot.understanding.slots import Said, codes_in, items_named, items_told, says
from knowledge.words import stem, words_of

_MOST_BETWEEN = 5  # words between two names of a list, those of their kinds among them


def span_of(written: Written) -> tuple[int, int]:
    return written.start, written.end


def days_of(dates: Sequence[Written]) -> list[Written]:
    return [one for one in dates if one.day is not None]


def doubts_about(dates: Sequence[Written]) -> tuple[str, ...]:
    """What to say of days that were worked out rather than written, and of what stands unread beside them."""
    doubts = [f"I read {spoken(one.day)}" for one in dates if one.day and not one.exact and not one.doubt]
    doubts += [
        f'I am not sure what "{one.doubt}" means beside {spoken(one.day)}' for one in dates if one.day and one.doubt
    ]
    doubts += [f"it may also mean {spoken(one.other)}" for one in dates if one.other]
    return tuple(dict.fromkeys(doubts))


def things_kept(context: Context) -> tuple[str, ...]:
    return tuple(word for kind in context.rules.kinds for word in kind.words)


def said_in_the_past(message: Said, context: Context) -> list[Written]:
    return list(find_dates(message.words, context.today, prefer_past=True))


def items_meant(message: Said, context: Context) -> tuple[tuple[int, ...], tuple[str, ...], tuple[str, ...]]:
    """The items meant, what is missing, and what is in doubt about them."""
    told = items_told(message.words, context)
    numbers = told or items_named(message.words, context)
    if not told and (name := named_otherwise(message.words, numbers, context)):
        return (), ("item",), (f'nothing open here is called "{name}"',)
    if not numbers:
        return (), ("item",), ()
    if codes_in(message.words):
        return numbers, (), ()
    by_number = {item.number: item for item in context.items()}
    named = [by_number[number] for number in numbers if number in by_number]
    if len(named) > 1 and not says("all", message.words) and not _are_listed(message.words, named):
        codes = " or ".join(f"D{item.number}" for item in named)
        return (), ("item",), (f"{codes} may be meant",)
    return numbers, (), ()


def _are_listed(words: str, named: Sequence[Item]) -> bool:
    """ "the youth club and the carers centre": several on purpose, with hardly more than "and" between their names."""
    heard = [(found.start(), found.end(), stem(found[0].casefold())) for found in re.finditer(r"[\w'’]+", words)]
    titles = [{stem(word) for word in words_of(item.title)} for item in named]
    spans = []
    for n, title in enumerate(titles):
        own = title - set().union(*(other for k, other in enumerate(titles) if k != n))
        places = [(start, end) for start, end, word in heard if word in own]
        if not places:
            return False
        spans.append((places[0][0], places[-1][1]))
    spans.sort()
    between = [words[one[1] : other[0]] for one, other in pairwise(spans)]
    return all(re.search(r"\band\b|,|&|\+", gap) and len(gap.split()) <= _MOST_BETWEEN for gap in between)


def item_numbered(number: int, context: Context) -> Item | None:
    return next((item for item in context.items() if item.number == number), None)
