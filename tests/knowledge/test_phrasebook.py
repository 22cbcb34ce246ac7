"""The phrasebook is wide enough, says things in other words, and holds nothing of the questions that measure it."""

import json
from collections import Counter

import pytest
from rapidfuzz import fuzz, process

from knowledge.search import Search
from knowledge.words import content_stems
from tests.conftest import ROOT


def test_every_part_has_at_least_60_phrasings(search: Search) -> None:
    count = Counter(phrasing.number for phrasing in search.phrasebook.phrasings)
    assert set(count) == {part.number for part in search.agreement.parts}
    assert min(count.values()) >= 60
    assert count["3.2.2"] > 100
    assert count["3.4.4"] > 100


def test_half_of_the_phrasings_share_no_content_word_with_their_clause(search: Search) -> None:
    own = {part.number: set(content_stems(part.text)) for part in search.agreement.parts}
    phrasings = search.phrasebook.phrasings
    apart = [p for p in phrasings if not own[p.number] & set(content_stems(p.words))]
    assert len(apart) >= len(phrasings) / 2


def test_no_line_stands_twice_nor_both_as_phrasing_and_as_silence(search: Search) -> None:
    lines = [p.words.casefold() for p in search.phrasebook.phrasings]
    lines += [q.casefold() for s in search.phrasebook.silences for q in s.questions]
    assert [line for line, count in Counter(lines).items() if count > 1] == []


def test_the_silence_list_is_long_and_says_what_is_missing(search: Search) -> None:
    silences = search.phrasebook.silences
    assert sum(len(s.questions) for s in silences) >= 800
    subjects = [s for s in silences if s.view == "subjects"]
    assert len(subjects) > 90
    assert all(s.missing and s.ask for s in subjects)


@pytest.mark.filterwarnings("default")
def test_no_line_is_a_near_copy_of_a_dev_question(search: Search) -> None:
    rows = (ROOT / "tests" / "questions" / "a.jsonl").read_text().splitlines()
    asked = [json.loads(row)["q"].casefold() for row in rows]
    lines = [p.words.casefold() for p in search.phrasebook.phrasings]
    lines += [q.casefold() for s in search.phrasebook.silences for q in s.questions]
    likeness = process.cdist(lines, asked, scorer=fuzz.ratio, score_cutoff=85)
    assert [lines[i] for i in likeness.max(axis=1).nonzero()[0]] == []
