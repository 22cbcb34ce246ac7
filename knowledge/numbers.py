"""Clauses asked for by number: "3.4.4", "clause 3.4", "3.3.5 to 3.3.7", "3.4.4/3.4.5"; not "in 6 weeks", "£3.40",
"31.3.2027", nor a statute's: "section 106", "Part 3 of the Act", "article 8".
"""

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
_STEPS = r"\d{1,3}(?:\.\d{1,3}){1,3}"
_SLASH = re.compile(rf"(?<![\d.£$€/:-])(?P<first>{_STEPS})\s*/\s*(?P<second>{_STEPS}|\d{{1,3}}(?![\d/.]))")
# What stands behind the number of a statute: its name, or what is called after such a section.
_LAW = r"(?:acts?|regulations?|bill|convention|echr|hra|gdpr|directive|statute)\b"
_IN_A_LAW = re.compile(
    rf"(?:\([a-z0-9]+\))*,?\s*(?:(?:of|to|in|under)\s+(?:the\s+|that\s+)?(?:[\w'’&-]+\s+){{0,6}}?{_LAW}"
    rf"|(?:[\w'’&-]+\s+){{0,6}}?act\s+(?:19|20)\d\d\b|(?:echr|hra)\b)",
    re.IGNORECASE,
)
_AFTER_A_LAW = re.compile(
    r"\s*(?:agreements?|money|monies|notices?|orders?|duty|duties|transfers?|contributions?|obligations?|enquir(?:y|ies))\b",
    re.IGNORECASE,
)
_SHARED_WITH_STATUTES = re.compile(r"\b(?:sections?|articles?|parts?|§)\s*$", re.IGNORECASE)
_ABOUT_NUMBERS = frozenset(
    """clause clauses section sections paragraph paragraphs para paras undertaking undertakings commitment commitments
    part parts point points article articles number numbers no read show see give look find quote text full whole word
    words exactly wording explain mean means meaning content contents under list cite open through until thru plus both
    between opening bit bits intro introduction beginning again summary summarise quick""".split()
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
    text = _SLASH.sub(_apart, text)
    mentions = list(_MENTION.finditer(text))
    alone = bool(mentions) and not _others(text)
    meant = (m["number"].lower() for m in mentions if _is_meant(m, text, agreement, alone))
    return list(dict.fromkeys(meant))


def numbers_alone(text: str, agreement: Agreement) -> list[str]:
    """The same where a message holds hardly more than numbers: "what's 3.5.3 again" """
    asked = numbers_asked(text, agreement)
    return asked if asked and not _others(agreement.without_numbers(text)) else []


def _others(text: str) -> list[str]:
    """The words beside the numbers of a message that are about something else."""
    return [w for w in words_of(_MENTION.sub(" ", text)) if w not in STOP_WORDS and w not in _ABOUT_NUMBERS]


def _apart(both: re.Match[str]) -> str:
    """ "3.4.4/3.4.5" or "3.4.4/5" as two numbers; anything else as it was, for it is a date or a fraction."""
    first, second = both["first"], both["second"]
    if "." not in second:
        second = f"{first.rpartition('.')[0]}.{second}"
    return f"{first} and {second}" if first.count(".") == second.count(".") else both[0]


def _is_meant(mention: re.Match[str], text: str, agreement: Agreement, alone: bool) -> bool:
    """A number is a clause's when it is called one, has three steps, or stands `alone`, with few words beside it."""
    number = mention["number"]
    if _of_a_statute(mention, text, agreement):
        return False
    if mention["named"] or number.count(".") == 2 or "(" in number:
        return number.count(".") < 3
    return alone and (bool(agreement.clause(number)) or "." in number or text.strip() == number)


def _of_a_statute(mention: re.Match[str], text: str, agreement: Agreement) -> bool:
    """Whether "section 106" or "Part 3" is a law's: it says so, or no such section could stand here."""
    if not mention["named"] or "." in mention["number"]:
        return False
    if _IN_A_LAW.match(text, mention.end()):
        return True
    if not _SHARED_WITH_STATUTES.search(mention["named"]):
        return False
    if _AFTER_A_LAW.match(text, mention.end()):
        return True
    whole = re.sub(r"\D.*", "", mention["number"])
    ours = [int(number) for number in agreement.clauses if number.isdigit()]
    far = int(whole) > 2 * max(ours, default=0) + 10
    foreign = mention["named"].lower().startswith("art") or far
    return foreign and not agreement.clause(mention["number"])


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
