"""Which numbers in a message are clauses of the agreement."""

import pytest

from knowledge.agreement import Agreement
from knowledge.numbers import clauses_asked, numbers_asked


@pytest.mark.parametrize(
    "text",
    [
        "section 106",
        "what about section 106 money",
        "can a section 256 agreement end early",
        "Schedule 2",
        "Part 3 of the Act",
        "Part 2 of the Care Act 2014",
        "article 8",
        "section 3 of the Human Rights Act",
        "the duty under section 149",
        "section 21 notice",
        "in 6 weeks",
        "£3.40",
        "31.3.2027",
        "31/3/27",
        "1/2 of the grant",
    ],
)
def test_a_number_of_something_else_is_no_clause(sutton: Agreement, text: str) -> None:
    assert numbers_asked(text, sutton) == []
    assert clauses_asked(text, sutton) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3.4.4/3.4.5", ["3.4.4", "3.4.5"]),
        ("3.4.4 / 3.4.5", ["3.4.4", "3.4.5"]),
        ("what do 3.4.4/5 say", ["3.4.4", "3.4.5"]),
        ("section 3", ["3"]),
        ("section 3.4", ["3.4"]),
        ("what does section 2 say about how we act", ["2"]),
        ("clause 99", ["99"]),
        ("what's the opening bit of 3.5 say", ["3.5"]),
    ],
)
def test_clauses_are_read_in_the_order_said(sutton: Agreement, text: str, numbers: list[str]) -> None:
    assert numbers_asked(text, sutton) == numbers
