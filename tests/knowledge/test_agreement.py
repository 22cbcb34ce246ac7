"""The Sutton Compact: nothing printed is lost, and each undertaking knows whom it binds."""

import re
from collections.abc import Iterator

from knowledge.agreement import Agreement, words_in_order
from tests.conftest import SUTTON


def printed_words() -> list[str]:
    """The source outside its contents list, which is damaged in the source itself; <u> is a mark, not a word."""
    source = (SUTTON / "source.txt").read_text(encoding="utf-8")
    cover, body = source.split("CONTENTS", 1)[0], source[source.index("DEFINITIONS\n") :]
    return words_in_order([cover, re.sub("</?u>", "", body)])


def kept_words(agreement: Agreement) -> Iterator[str]:
    for block in agreement.blocks:
        clause = agreement.clauses.get(block.number)
        if block.kind == "text" and clause and clause.is_numbered and not clause.title:
            yield clause.number
        yield block.text


def test_every_word_of_the_source_stands_in_the_agreement_in_order(sutton: Agreement) -> None:
    assert words_in_order(kept_words(sutton)) == printed_words()


def test_every_part_is_a_slice_of_the_source(sutton: Agreement) -> None:
    source = " ".join(re.sub("</?u>", "", (SUTTON / "source.txt").read_text(encoding="utf-8")).split())
    for part in sutton.parts:
        assert " ".join(part.text.split()) in source, part.number


def test_there_are_57_parts_of_which_42_are_undertakings(sutton: Agreement) -> None:
    numbers = [part.number for part in sutton.parts]
    assert len(numbers) == 57
    assert numbers[:3] == ["def-vco", "def-public-sector", "1.1"]
    assert numbers[-1] == "contact"
    assert len([n for n in numbers if n.count(".") == 2]) == 42
    assert {"2", "3.1", "3.2", "3.3", "3.4", "3.5", "1.6"} <= set(numbers)


def test_each_undertaking_binds_one_side_and_nothing_else_does(sutton: Agreement) -> None:
    sides = {part.number: part.party for part in sutton.parts}
    assert sides["3.1.4"] == "public sector"
    assert sides["3.1.5"] == "VCOs"
    assert sides["3.2.8"] == "VCOs"
    assert sides["3.3.7"] == "public sector"
    assert sides["3.4.4"] == "public sector"
    assert sides["3.5.6"] == "VCOs"
    assert {number for number, side in sides.items() if side} == {n for n in sides if n.count(".") == 2}
    assert len(sutton.bound("public sector")) == 22
    assert len(sutton.bound("VCOs")) == 20


def test_the_clause_that_a_page_broke_in_two_is_whole(sutton: Agreement) -> None:
    assert "give organisations the opportunity to respond, and consider" in sutton.clauses["3.4.3"].text


def test_a_section_knows_what_stands_under_it(sutton: Agreement) -> None:
    assert [c.number for c in sutton.children("3")] == ["3.1", "3.2", "3.3", "3.4", "3.5"]
    assert [c.number for c in sutton.children("3.4")] == [f"3.4.{n}" for n in range(1, 8)]
    assert sutton.clauses["3.4.4"].heading == "Clear arrangements for managing changes to programmes and services"


def test_a_range_runs_from_one_number_to_the_other_whichever_comes_first(sutton: Agreement) -> None:
    assert [c.number for c in sutton.between("3.3.5", "3.3.7")] == ["3.3.5", "3.3.6", "3.3.7"]
    assert sutton.between("3.3.7", "3.3.5") == sutton.between("3.3.5", "3.3.7")


def test_the_nearest_number_is_near(sutton: Agreement) -> None:
    assert sutton.nearest("3.9.9").number == "3.5.6"
    assert sutton.nearest("3.4.12").number == "3.4.7"
    assert sutton.nearest("7").number == "3"
    assert sutton.nearest("2.3").number == "2"


def test_people_call_the_sides_by_many_names(sutton: Agreement) -> None:
    for words, name in [("the council", "public sector"), ("NHS", "public sector"), ("charities", "VCOs")]:
        party = sutton.party_called(words)
        assert party is not None
        assert party.name == name
    assert sutton.party_called("the moon") is None
