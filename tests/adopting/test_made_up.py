"""Agreements made up of the layouts that typists mix, read back as they were made, with no word lost."""

import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.adopting.adoption import adopt
from tests.adopting.test_layouts import nothing_is_lost, only_words

HEADINGS = ("Money", "Taking part", "Opting in", "Volunteers and staff", "PREMISES", "Working together", "Complaints")
ITEMS = (
    "publish criteria and closing dates in good time, so that small groups are not left out of what there is to win",
    "pay within 30 days of an invoice, or by 7.30 pm on the last day of the month where that is earlier",
    "give at least 3 months' notice, in writing, before a grant is cut by more than 2.5 per cent",
    "keep records for 7 years, as section 149 of the Act asks",
    "meet twice a year, in May and November, at a place that all can reach",
    "answer letters within 10 working days",
)
SIDES = (
    ("The Council will:", "Council"),
    ("Voluntary groups undertake to:", "Voluntary groups"),
    ("All partners agree to:", ""),
)
SENTENCES = (
    "Each partner names a person to turn to.",
    "Trust is earned by doing what was promised, year after year, and is lost in one day.",
    "The terms used here are explained in the glossary.",
)


Sections = list[list[str | tuple[tuple[str, str], list[str]]]]


@dataclass(frozen=True)
class Style:
    """How a typist numbers: sections, the clauses in them, the items of a list; and how wide the page is."""

    section: str
    clause: str
    item: str
    width: int
    spaced: bool
    foot: str  # what stands at the foot of each page, "" where there are no pages


STYLES = st.builds(
    Style,
    section=st.sampled_from(
        (
            "{n}. {title}",
            "{n}  {title}",
            "{n}: {title}",
            "{n}.0 {title}",
            "SECTION {n}: {title}",
            "Commitment {n}: {title}",
        )
    ),
    clause=st.sampled_from(("{n}.{m} ", "{n}.{m}. ", "{n}.{m}  ", "{n}.{m}\t")),
    item=st.sampled_from(("({a}) ", "{a}) ", "({i}) ", "{i}. ")),
    width=st.sampled_from((40, 48, 60, 72, 100, 400)),
    spaced=st.booleans(),
    foot=st.sampled_from(("", "Page {p} of 9", "Barth Vale Compact 2026      {p}", "- {p} -")),
)
SECTIONS = st.lists(
    st.lists(
        st.one_of(
            st.sampled_from(SENTENCES),
            st.tuples(st.sampled_from(SIDES), st.lists(st.sampled_from(ITEMS), min_size=2, max_size=5, unique=True)),
        ),
        min_size=2,
        max_size=4,
        unique_by=str,
    ),
    min_size=2,
    max_size=5,
)
ROMAN = ("i", "ii", "iii", "iv", "v")


def typed(
    style: Style, sections: list[list[str | tuple[tuple[str, str], list[str]]]]
) -> tuple[str, list[tuple[str, str, str]]]:
    """The text as typed, and the number, side and words of each clause in it."""
    lines = ["The Barth Vale Compact", ""]
    wanted: list[tuple[str, str, str]] = []

    def paragraph(label: str, text: str) -> None:
        lines.extend(textwrap.wrap(label.expandtabs(4) + text, style.width, break_on_hyphens=False))
        lines.extend([""] if style.spaced else [])

    for n, clauses in enumerate(sections, start=1):
        lines += ["", style.section.format(n=n, title=HEADINGS[n - 1]), ""]
        for m, clause in enumerate(clauses, start=1):
            label = style.clause.format(n=n, m=m)
            if isinstance(clause, str):
                paragraph(label, clause)
                wanted.append((f"{n}.{m}", "", clause))
                continue
            (lead_in, side), items = clause
            paragraph(label, lead_in)
            wanted.append((f"{n}.{m}", "", lead_in))
            for place, item in enumerate(items):
                shown = ("abcde"[place], ROMAN[place])["{i}" in style.item]
                words = item + (";" if place + 1 < len(items) else ".")
                paragraph(style.item.format(a=shown, i=shown), words)
                wanted.append((f"{n}.{m}({shown})", side, words))
    return "\n".join(paged(lines, style.foot)) + "\n", wanted


def paged(lines: list[str], foot: str) -> list[str]:
    """With the foot of a page after each dozen lines, in the middle of a sentence or not."""
    if not foot or len(lines) <= 24:  # what stands once is no foot of pages
        return lines
    pages = [lines[start : start + 12] for start in range(0, len(lines), 12)]
    return [line for p, page in enumerate(pages, start=1) for line in (*page, foot.format(p=p))]


@settings(max_examples=60, deadline=None)
@given(STYLES, SECTIONS)
def test_what_was_typed_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    style: Style,
    sections: Sections,
) -> None:
    text, wanted = typed(style, sections)
    file: Path = tmp_path_factory.getbasetemp() / "made-up.txt"
    file.write_text(text, encoding="utf-8")
    adoption = adopt([file])
    nothing_is_lost(adoption)
    read = {part.number: (part.side, only_words(part.text)) for part in adoption.read.parts if part.text}
    assert read == {number: (side, only_words(words)) for number, side, words in wanted}, text
