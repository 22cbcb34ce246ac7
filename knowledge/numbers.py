"""Clauses asked for by number: "3.4.4", "clause 3.4", "3.3.5 to 3.3.7"; not "in 6 weeks", "£3.40" or "31.3.2027"."""

import re

from knowledge.agreement import Agreement
from knowledge.words import STOP_WORDS, words_of

_NUMBER = r"\d{1,3}(?:\.\d{1,3}){0,3}(?:\([a-z]{1,5}\))*"
_NAMED = (
    r"(?:clauses?|sections?|paragraphs?|paras?|undertakings?|commitments?|parts?|points?|articles?|numbers?|no\.?|§)"
)
_RANGE = re.compile(rf"(?P<first>{_NUMBER})\s*(?:to|-|–|—|until|through|thru)\s*(?P<last>{_NUMBER})", re.IGNORECASE)
_MENTION = re.compile(
    rf"(?P<named>\b{_NAMED}\s*)?(?<![\d.£$€/:-])(?P<number>{_NUMBER})(?![\d/:]|\.\d|%|\s*(?:%|percent|per cent|k\b|m\b|"
    r"million|hours?|days?|weeks?|months?|years?|pm\b|am\b|st\b|nd\b|rd\b|th\b))",
    re.IGNORECASE,
)
_ABOUT_NUMBERS = frozenset(
    """clause clauses section sections paragraph paragraphs para paras undertaking undertakings commitment commitments
    part parts point points article articles number numbers no read show see give look find quote text full whole word
    words exactly wording explain mean means meaning content contents under list cite open through until thru plus both
    between""".split()
)


def range_asked(text: str) -> tuple[str, str] | None:
    """The two ends of "3.3.5 to 3.3.7", or of "3.3.5-7" written out; None when there is no range of clauses."""
    found = _RANGE.search(text)
    if not found or "." not in found["first"]:
        return None
    first, last = found["first"], found["last"]
    return first, last if "." in last else f"{first.rpartition('.')[0]}.{last}"


def numbers_asked(text: str, agreement: Agreement) -> list[str]:
    """The clause numbers that a message asks for, existing or not, each once, in the order said."""
    if named := agreement.numbers_named(text):
        return named
    meant = (m["number"].lower() for m in _MENTION.finditer(text) if _is_meant(m, text, agreement))
    return list(dict.fromkeys(meant))


def _is_meant(mention: re.Match[str], text: str, agreement: Agreement) -> bool:
    """A number is a clause's when it is called one, has three steps, or stands with hardly a word beside it."""
    number = mention["number"]
    if mention["named"] or number.count(".") == 2 or "(" in number:
        return number.count(".") < 3
    others = [w for w in words_of(_MENTION.sub(" ", text)) if w not in STOP_WORDS and w not in _ABOUT_NUMBERS]
    return not others and (bool(agreement.clause(number)) or "." in number or text.strip() == number)


def clauses_asked(text: str, agreement: Agreement) -> list[str]:
    """The existing clauses with words of their own that a message asks for by number, ranges and sections included."""
    if span := range_asked(text):
        if all(agreement.clause(number) for number in span):
            return [clause.number for clause in agreement.between(*span)]
        return []
    found = []
    for number in numbers_asked(text, agreement):
        if clause := agreement.clause(number):
            found += [c.number for c in (clause, *agreement.descendants(clause.number)) if c.text]
    return found
