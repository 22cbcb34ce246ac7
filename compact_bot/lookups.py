"""Clauses asked for by number: "3.4.4", "clause 3.4", "3.3.5 to 3.3.7", "section 3.2"."""

from compact_bot.answers import (
    SURE,
    answered,
    by_number,
    cite_opening,
    introduced,
    mentioned,
    on_each,
    read_buttons,
    section_button,
    silent,
)
from compact_bot.answers import contacts as printed_contacts
from compact_bot.conversation import Button, Citation, Reply
from compact_bot.turn import Turn
from compact_bot.understanding.acts import Contents, LookUp
from knowledge.agreement import Agreement, Clause
from knowledge.numbers import numbers_asked, range_asked
from knowledge.search import Search, Verdict


def look_up(turn: Turn, act: LookUp) -> Reply:
    """Clauses by number; the nearest one where a number does not exist."""
    agreement = turn.agreement
    if act.last:
        return _range(turn, act.numbers[0], act.last)
    missing = [number for number in act.numbers if not agreement.clause(number)]
    if missing:
        return _no_such(turn, missing[0])
    found = (agreement.clause(number) for number in act.numbers)
    clauses = tuple(clause for clause in found if clause)
    turn.thread.number, turn.thread.question = clauses[0].number, ""
    if len(clauses) > 1:
        clauses = tuple(clause for clause in clauses if clause.text) or clauses
    return by_number(agreement, clauses)


def _range(turn: Turn, first: str, last: str) -> Reply:
    for number in (first, last):
        if not turn.agreement.clause(number):
            return _no_such(turn, number)
    turn.thread.number, turn.thread.question = first, ""
    return by_number(turn.agreement, turn.agreement.between(first, last))


def _no_such(turn: Turn, number: str) -> Reply:
    turn.thread.number, turn.thread.question = turn.agreement.nearest(number).number, ""
    return nearest_to(turn.agreement, number)


def nearest_to(agreement: Agreement, number: str) -> Reply:
    """That there is no such number, and the one that comes nearest."""
    nearest = agreement.nearest(number)
    return Reply(
        f"There is no clause {number} in the {agreement.about.title}. The nearest number is {nearest.number}.",
        citations=(cite_opening(nearest),) if nearest.text else (),
        source=agreement.about.source,
        next_step=f"Type {nearest.number} to read it, or type contents to see every section.",
        buttons=(*read_buttons((nearest,)), *section_button(nearest, agreement)),
    )


def contents(turn: Turn, _: Contents) -> Reply:
    """Every section by number and title."""
    agreement = turn.agreement
    sections = [clause for clause in agreement.clauses.values() if clause.title]
    return Reply(
        f"The {agreement.about.title} has {len(agreement.parts)} parts, under these headings.",
        citations=tuple(_heading(clause) for clause in sections),
        source=agreement.about.source,
        next_step="Type a number, for example section 3.4, to see what stands under it.",
        buttons=tuple(Button(f"Section {c.number}", LookUp((c.number,))) for c in sections if c.parent)[:5],
    )


def _heading(clause: Clause) -> Citation:
    return Citation(clause.number, clause.heading, clause.party, "")


def looked_up(search: Search, words: str) -> Reply:
    """What the agreement says to some words, for anybody: nothing is kept, counted or remembered."""
    agreement = search.agreement
    span, numbers = range_asked(words), numbers_asked(words, agreement)
    wanted = span or tuple(numbers)
    missing = next((number for number in wanted if not agreement.clause(number)), "")
    if missing:
        return nearest_to(agreement, missing)
    if span:
        return by_number(agreement, agreement.between(*span))
    if numbers:
        return by_number(agreement, tuple(agreement.clauses[number] for number in numbers))
    if subjects := search.subjects(words):
        return on_each(agreement, subjects)
    finding = search.find(words)
    if finding.silent:
        return silent(search, words, finding)
    if finding.itself:
        return introduced(agreement, finding.itself)
    if finding.verdict is Verdict.MENTIONS or (finding.mentions and finding.ranked[0][1] < SURE):
        return mentioned(agreement, finding)
    if finding.numbers[0] == agreement.about.contact:
        return printed_contacts(agreement, ())
    return answered(agreement, finding)
