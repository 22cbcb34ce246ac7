"""Numbers as other agreements print them, in questions as people type them."""

import pytest

from knowledge.adopting.adoption import adopt, files_of, write
from knowledge.agreement import Agreement, number_key
from knowledge.numbers import clauses_asked, numbers_alone, numbers_asked
from knowledge.reader import read_agreement
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def agreements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Agreement]:
    made = {}
    for name in ("rct", "strathorn", "pentre", "lindrick", "aylesmere"):
        folder = tmp_path_factory.mktemp("adopted") / name
        write(folder, files_of(adopt([ROOT / "tests" / "agreements" / name / "agreement.txt"])))
        made[name] = read_agreement(folder)
    return made


ASKED = [
    ("rct", "6.1b", ["6.1(b)"]),
    ("rct", "what does 6.1 (b) say?", ["6.1(b)"]),
    ("rct", "6.1(B)", ["6.1(b)"]),
    ("strathorn", "b2.2", ["B2.2"]),
    ("strathorn", "please read me B2.2 and A1", ["B2.2", "A1"]),
    ("pentre", "commitment 2 (a)", ["Commitment 2(a)"]),
    ("pentre", "show Commitment 3", ["Commitment 3"]),
    ("lindrick", "money 1", ["Money 1"]),
    ("lindrick", "Volunteering (2)", ["Volunteering 2"]),
    ("aylesmere", "1.1 (ii)", ["1.1(ii)"]),
]


@pytest.mark.parametrize(("name", "said", "numbers"), ASKED)
def test_numbers_find_their_clause_however_they_are_typed(
    agreements: dict[str, Agreement], name: str, said: str, numbers: list[str]
) -> None:
    assert numbers_asked(said, agreements[name]) == numbers
    assert numbers_alone(said, agreements[name]) == numbers


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("strathorn", "an A4 poster"),
        ("lindrick", "how much money in 1 year"),
        ("lindrick", "money 12"),
        ("rct", "within 6 weeks"),
        ("pentre", "we made a commitment in 2022"),
    ],
)
def test_other_figures_are_no_numbers_of_clauses(agreements: dict[str, Agreement], name: str, said: str) -> None:
    assert numbers_asked(said, agreements[name]) == []


def test_a_number_that_heads_others_gives_what_stands_under_it(agreements: dict[str, Agreement]) -> None:
    assert clauses_asked("Commitment 3", agreements["pentre"]) == ["Commitment 3", "Commitment 3(a)"]
    assert clauses_asked("B1", agreements["strathorn"]) == ["B1.1", "B1.2", "B1.3"]


def test_numbers_compare_by_their_steps() -> None:
    assert number_key("4(a)") == (("", 4), ("a", 1))
    assert number_key("6.1b") == number_key("6.1 (b)")
    assert number_key("Money 2") < number_key("Money 10")
