"""What several readers need: the days of a sentence, what to say of them, and the items that are meant."""

import re
from collections.abc import Sequence

from compact_bot.dates import Written, find_dates, spoken
from compact_bot.understanding.context import Context, Item
from compact_bot.understanding.naming import named_otherwise
from compact_bot.understanding.slots import Said, codes_in, items_named, items_told, says
from knowledge.words import words_of


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
    """ "the youth club and the carers centre": several on purpose, each by a word that the others lack."""
    if not re.search(r"\band\b|,|&", words):
        return False
    own = [set(words_of(item.title)) & set(words_of(words)) for item in named]
    return all(one - set().union(*(other for k, other in enumerate(own) if k != n)) for n, one in enumerate(own))


def item_numbered(number: int, context: Context) -> Item | None:
    return next((item for item in context.items() if item.number == number), None)
