"""Details of a person in some words: email addresses, telephone and National Insurance numbers, postcodes."""

import re
from collections.abc import Iterator
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
