"""Agreements in the layouts that councils publish, each with what a careful reader takes from it."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.adopting.adoption import Adoption, adopt, agreement_text
from knowledge.adopting.parts import Part
from tests.adopting.made import as_page, as_pdf, as_word
from tests.conftest import ROOT

AGREEMENTS = ROOT / "tests" / "agreements"
FILES = sorted(AGREEMENTS.glob("*/agreement.*"))
TEXTS = [file for file in FILES if file.suffix == ".txt"]


def in_utf_16(text: str, file: Path) -> Path:
    file.write_bytes(text.encode("utf-16"))
    return file


def in_windows_1252(text: str, file: Path) -> Path:
    file.write_bytes(text.encode("cp1252"))
    return file


KINDS = [
    ("made.docx", as_word),
    ("made.pdf", as_pdf),
    ("made.html", as_page),
    ("utf-16.txt", in_utf_16),
    ("windows.txt", in_windows_1252),
]


def only_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def compared(adoption: Adoption, folder: Path) -> tuple[list[str], list[str], int]:
    """The clauses that a careful reader takes otherwise, those bound otherwise, and how many clauses there are."""
    read: dict[str, list[Part]] = {}
    for part in adoption.read.parts:
        read.setdefault(only_words(part.text), []).append(part)
    wrong, wrong_sides = [], []
    wanted = json.loads((folder / "clauses.json").read_text(encoding="utf-8"))
    for clause in wanted:
        found = read.get(only_words(clause["text"]), [])
        heading = only_words(clause["heading"])
        if not any(p.number == clause["number"] or only_words(p.title or p.heading) == heading for p in found):
            wrong.append(clause["text"])
        if not any(p.side.casefold() == clause["party"].casefold() for p in found):
            wrong_sides.append(clause["text"])
    return wrong, wrong_sides, len(wanted)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.parent.name)
def test_clauses_and_sides_are_those_that_a_careful_reader_takes(file: Path) -> None:
    wrong, wrong_sides, _ = compared(adopt([file]), file.parent)
    assert wrong == []
    assert wrong_sides == []


@pytest.mark.parametrize(("name", "make"), KINDS, ids=[name for name, _ in KINDS])
def test_word_pdf_web_pages_and_encodings_are_read_like_the_text(
    tmp_path: Path, name: str, make: Callable[[str, Path], Path]
) -> None:
    total, wrong, wrong_sides = 0, [], []
    for file in TEXTS:
        made = make(file.read_text(encoding="utf-8"), tmp_path / name)
        missed, unbound, size = compared(adopt([made]), file.parent)
        total, wrong, wrong_sides = total + size, wrong + missed, wrong_sides + unbound
    assert len(wrong) <= 0.05 * total, wrong
    assert len(wrong_sides) <= 0.05 * total, wrong_sides


def signs(text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", text))


def nothing_is_lost(adoption: Adoption) -> None:
    """Every sign of the source stands once: in the agreement's text or among the lines left out."""
    kept = re.sub(r"^<!--.*-->$", "", agreement_text(adoption.read), flags=re.MULTILINE)
    kept = re.sub(r"^(?:#{1,6} |\\)", "", kept, flags=re.MULTILINE)
    source = signs("\n".join(line.text for line in adoption.lines))
    assert signs(kept) + signs("\n".join(line.text for line in adoption.left_out)) == source


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.parent.name)
def test_no_word_is_lost_and_none_altered(file: Path) -> None:
    adoption = adopt([file])
    nothing_is_lost(adoption)
    printed = re.sub(r"[\s*]+", "", file.read_text(encoding="utf-8"))  # * marks bold words and bullets in Markdown
    for part in adoption.read.parts:
        for unit in part.units:
            lines = [re.sub(r"[\s*]+", "", line.text) for line in unit.lines]
            assert re.sub(r"[\s*]+", "", unit.text) in "".join(lines)
            assert all(line in printed for line in lines)


@pytest.mark.parametrize("make", [as_word, as_pdf, as_page])
def test_no_word_is_lost_on_the_way_from_word_pdf_and_web_pages(
    tmp_path: Path, make: Callable[[str, Path], Path]
) -> None:
    suffix = {as_word: "docx", as_pdf: "pdf", as_page: "html"}[make]
    for file in TEXTS:
        text = file.read_text(encoding="utf-8")
        adoption = adopt([make(text, tmp_path / f"made.{suffix}")])
        nothing_is_lost(adoption)
        read = Counter(only_words("\n".join(line.text for line in adoption.lines)).split())
        assert Counter(only_words(text).split()) - read == Counter()


def test_a_sentence_that_page_numbers_interrupt_again_and_again_is_no_running_head(tmp_path: Path) -> None:
    words = "The Council will answer within ten working days of receipt, or say why it cannot and when it will."
    broken = words.replace("of receipt", "of\nreceipt").replace("it will", "it\nPage {n} of 4\nwill")
    file = tmp_path / "pages.txt"
    file.write_text("Fell Compact\n\n" + "".join(f"{n}.1 {broken}\n\n".replace("{n}", str(n)) for n in range(1, 5)))
    assert [part.text for part in adopt([file]).read.parts if part.text] == [words] * 4
