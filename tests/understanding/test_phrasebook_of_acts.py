"""What acts are learned from: every line under one label that is known, and none of the questions that measure it."""

import json
from collections import defaultdict

import pytest
from rapidfuzz import fuzz, process

from compact_bot.understanding.acts import About
from compact_bot.understanding.commands.asking import ABOUT
from compact_bot.understanding.reading.table import read_as
from compact_bot.understanding.slots import said
from knowledge.masks import masked
from knowledge.meanings import ASK, FOLDER
from knowledge.phrasebook import read_labelled
from knowledge.words import words_of
from tests.conftest import ROOT
from tests.understanding.conftest import TODAY, Listener

LINES = read_labelled(FOLDER)
LABELS = {label for label, _ in LINES}
WANTED = frozenset(
    """ask notice-date consultation-date track-notice track-consultation track-other list done move renew snooze drop
    edit undo feedback list-feedback review nudges-here nudges-stop nudges-me digest closed-days name-lead show-leads
    show-contacts set-contact my-side about-start about-asking about-tracking about-feedback about-privacy about-text
    about-nudges about-settings about-undo about-bot contents help greeting thanks farewell wrong helped
    my-data forget-me forget-person import export calendar""".split()
)


def test_there_are_6000_lines_from_many_points_of_view() -> None:
    assert len(LINES) >= 6_000
    assert len(list(FOLDER.glob("*.md"))) >= 15


def test_the_labels_are_those_that_are_read() -> None:
    assert LABELS == WANTED
    assert {label.removeprefix("about-") for label in LABELS if label.startswith("about-")} == set(ABOUT)


@pytest.mark.parametrize("label", sorted(WANTED - {ASK}))
def test_a_label_is_read_as_more_than_a_question(label: str, amina: Listener) -> None:
    heard = read_as(label, said("the council ends it on 31 March 2027", TODAY), amina.context, sure=True)
    assert type(heard.act).__name__ != "Ask" or label in ("my-side", "edit")  # nothing in it is a side, or changes
    assert not label.startswith("about-") or heard.act == About(label.removeprefix("about-"))


def test_every_label_has_lines_enough_to_be_learned() -> None:
    count = {label: sum(one == label for one, _ in LINES) for label in LABELS}
    assert min(count.values()) >= 60
    assert count[ASK] > 1_000


def test_no_line_stands_under_two_labels() -> None:
    labels = defaultdict(set)
    for label, line in LINES:
        labels[" ".join(words_of(line)) or line, "?" in line].add(label)
    assert [line for line, found in labels.items() if len(found) > 1] == []


def test_no_line_stands_under_two_labels_when_only_its_day_differs() -> None:
    """Where codes alone are said, what surrounds them tells ("D14 ✔" is done, "D7" is shown)."""
    labels = defaultdict(set)
    for label, line in LINES:
        labels[" ".join(words_of(masked(line))), "?" in line].add(label)
    assert [line for (line, _), found in labels.items() if len(found) > 1 and len(line.split()) > 1] == []


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("measuring", ["a.jsonl", "said.jsonl"])
def test_no_line_is_a_near_copy_of_what_measures_it(measuring: str) -> None:
    rows = (ROOT / "tests" / "questions" / measuring).read_text().splitlines()
    asked = [json.loads(row)["q"].casefold() for row in rows]
    lines = [line.casefold() for _, line in LINES]
    likeness = process.cdist(lines, asked, scorer=fuzz.ratio, score_cutoff=85)
    assert [lines[i] for i in likeness.max(axis=1).nonzero()[0]] == []
