"""Details of a person in some words: email addresses, telephone and National Insurance numbers, postcodes; and names.

Details are pointed out to whoever logs them. Names are found only by how they are written, so they are left out of
what is kept for others, where one word too many is better left out than one too few.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# The prefixes that are never given out are left in: a mistyped number is a person's all the same.
_NATIONAL_INSURANCE = re.compile(r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d(?:\D?\d){6,}")  # fewer digits than this are no telephone number
_COUNTRY = "GB"
_LIKE_OURS = re.compile(r"(?:0|\+44|0044)[1-9]\d{8,9}$")


@dataclass(frozen=True)
class Detail:
    kind: str
    words: str
    start: int
    end: int


def personal_details(text: str) -> list[Detail]:
    """What may identify a person, in the order of the text."""
    found: list[Detail] = []
    for detail in _all_details(text):
        if not any(detail.start < other.end and other.start < detail.end for other in found):
            found.append(detail)
    return sorted(found, key=lambda detail: detail.start)


def _all_details(text: str) -> Iterator[Detail]:
    for kind, pattern in (
        ("an email address", _EMAIL),
        ("a National Insurance number", _NATIONAL_INSURANCE),
        ("a postcode", _POSTCODE),
    ):
        for match in pattern.finditer(text):
            yield Detail(kind, match[0], *match.span())
    if _DIGITS.search(text):
        import phonenumbers

        possible = phonenumbers.Leniency.POSSIBLE  # a number that is not given out yet may be somebody's tomorrow
        for found in phonenumbers.PhoneNumberMatcher(text, _COUNTRY, possible):
            if phonenumbers.is_valid_number(found.number) or _LIKE_OURS.match(re.sub(r"[^+\d]", "", found.raw_string)):
                end = found.start + len(found.raw_string)
                yield Detail("a telephone number", found.raw_string, found.start, end)


def without_details(text: str) -> str:
    """The words with each personal detail left out, and that said in its place."""
    for detail in reversed(personal_details(text)):
        kind = detail.kind.split(" ", 1)[1]
        text = f"{text[: detail.start]}[{kind} left out]{text[detail.end :]}"
    return text


# ---- names, and whatever else leads to a person ----------------------------------------------------------------------

_TITLE = (
    r"(?:mr|mrs|ms|miss|mx|dr|prof(?:essor)?|cllrs?|councillors?|sir|dame|lord|lady|rev(?:erend)?|father|sister|sgt|sergeant|pc|dc"
    r"|inspector|constable|officer|mayor|chair(?:man|woman|person)?|director|manager)"
)
_ALWAYS_A_TITLE = r"(?:mr|mrs|ms|mx|dr|cllrs?)"
_WORD = r"[A-Z][\w'’-]*"
_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|close|way|drive|dr|court|ct|crescent|gardens|gdns|place|terrace|square|grove|hill|park"
    r"|row|walk|house|mews|green)"
)
_IDS = (
    ("link left out", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("name left out", re.compile(r"<@[^>]*>|(?<!\w)@[\w.'’-]+")),
    ("id left out", re.compile(r"\b[UWCDGTB][A-Z0-9]{7,20}\b|\b\d{1,2}:[\w:@.-]{8,}")),
    ("id left out", re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)),
)
_WRITTEN_LIKE_A_PERSON = (
    (
        "address left out",
        re.compile(rf"\b(?:flat |unit )?\d{{1,4}}[a-z]?,? (?:[\w'’]+ ){{1,3}}?{_STREET}\b\.?", re.IGNORECASE),
    ),
    ("birthday left out", re.compile(r"\b(?:born|d\.?o\.?b\.?|date of birth)\b[^,;.?!]{0,30}", re.IGNORECASE)),
    ("number left out", re.compile(r"(?<![\w./-])(?!\d{4}-\d{4}\b)\d(?:[ -]?\d){7,}(?![\w./-])")),
    ("name left out", re.compile(rf"\b(?i:{_ALWAYS_A_TITLE})\.? (?:[\w'’-]+)(?: {_WORD}){{0,2}}")),
    ("name left out", re.compile(rf"\b(?i:{_TITLE})\.? {_WORD}(?: {_WORD}){{0,2}}")),
    (
        "name left out",
        re.compile(
            r"\b(?:my name is|my name's|i am called|called|named|signed|surname|this is) [\w'’-]+(?: [A-Z][\w'’-]*)*",
            re.IGNORECASE,
        ),
    ),
)
_IN_CAPITALS = re.compile(rf"\[[^\]]*\]|(?<![\w'’]){_WORD}(?:[ ]+(?:(?:de|van|von|al|bin|o)[ ]+)?{_WORD})*")
_NO_NAMES = frozenset(
    """a act action advice age agency aid alliance am an and any april are arts as association at august authority
    autumn bank bid board body borough bot but by can cancer carers cathedral centre chairman charities charity
    children church citizens city club college commission committee community compact company concern consultation
    cooperative corporation could council county cross day december department did director disability do does dr
    easter england english eu europe executive family february fire forum foundation fri friday friends from fund
    gambling grant greater group groups guides has have health help home hospice hospital house how i i'd i'll i'm
    i've if in initiative institute is it january july june kingdom league library limited local london lottery ltd
    march may mental mind ministry mon monday must my national network nhs north november october of office on online
    open or our panel parish park partnership people police probation project red relief rescue review rights royal
    saturday school scheme scotland scouts section sector senior service services shall shelter should so social
    society south spring state step strategy summer sunday support sure tax team tell the their they third this
    thursday to town trade trust tuesday uk union united university vco vcos voluntary volunteer volunteering wales
    was we wednesday welfare were what when where which who why will winter with women women's work would yes you
    young youth please thanks hello hi""".split()
)


def without_names(text: str, is_known: Callable[[str], bool]) -> str:
    """The words without personal details, names, ids, addresses and links. `is_known` tells a word of the agreement."""
    for left_out, pattern in _IDS:
        text = pattern.sub(f"[{left_out}]", text)
    text = without_details(text)
    for left_out, pattern in _WRITTEN_LIKE_A_PERSON:
        text = pattern.sub(f"[{left_out}]", text)
    return _IN_CAPITALS.sub(lambda found: _without_a_name(found, is_known), text)


def _without_a_name(found: re.Match[str], is_known: Callable[[str], bool]) -> str:
    """Words in capitals, but for those that are no name or an abbreviation."""
    words, shouted = found[0].split(), found.string.isupper()
    strange = [
        word
        for word in words
        if not (word.casefold() in _NO_NAMES or is_known(word.casefold()))
        and (shouted or not _is_short_for_something(word))
    ]
    if not strange or found[0].startswith("["):
        return found[0]
    first, last = words.index(strange[0]), len(words) - words[::-1].index(strange[-1])
    return " ".join([*words[:first], "[name left out]", *words[last:]])


def _is_short_for_something(word: str) -> bool:
    return word.isupper() and 2 <= len(word) <= 5
