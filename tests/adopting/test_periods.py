"""Periods in the words of an agreement, drafted as rules and reckoned with once an officer has accepted them."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from compact_bot.agreements import Agreements
from compact_bot.bot import Bot
from knowledge.adopting.adoption import adopt, files_of, write
from knowledge.meanings import Meanings
from knowledge.served import open_served
from tests.conftest import ROOT, Chat

LEARNED = ROOT / "var" / "learned"
PERIODS = [
    ("The Council will give at least 3 months' notice before a grant ends.", "funding-notice", "3 months before ends"),
    ("The Council will give not less than 28 days notice of a cut.", "funding-notice", "28 days before ends"),
    ("The Council will give a year's notice when a contract ends.", "funding-notice", "12 months before ends"),
    ("The Council will give notice of one quarter before funding ends.", "funding-notice", "1 quarter before ends"),
    ("Grants are decided no later than ten weeks before they end.", "funding-notice", "10 weeks before ends"),
    ("The Council will give forty-five days' notice of a change in rent.", "funding-notice", "45 days before ends"),
    ("The Council will consult for a minimum of twelve weeks.", "consultation", "12 weeks after opens"),
    ("Groups are given six weeks for consultation.", "consultation", "6 weeks after opens"),
    ("A parish has 21 days in which to comment.", "consultation", "21 days after opens"),
    ("The Council will pay within 10 working days of an invoice.", "payment", "10 working days after invoiced"),
    ("The Council will pay each bill in advance, or within 30 days of receipt.", "payment", "30 days after invoiced"),
    ("A complaint is answered in 20 working days.", "period-1-1", "20 working days after start"),
    ("Groups will send accounts within a fortnight of the year's end.", "period-1-1", "2 weeks after start"),
    ("The Council will publish a report of the consultation within two months.", "period-1-1", "2 months after start"),
]  # fmt: skip
NO_PERIODS = [
    "The Board meets every 3 months.",
    "Staff may have two days a year to volunteer.",
    "Reservists have 10 days' paid leave.",
    "Grants are made for three years.",
    "Groups hold reserves of no more than 6 months' spending.",
    "Notice starts on the first day of a month.",
]


def agreement(folder: Path, *sentences: str) -> Path:
    said = "\n\n".join(f"1.{n} {sentence}" for n, sentence in enumerate(sentences, start=1))
    file = folder / "source.txt"
    file.write_text(f"Barth Accord\n\n1. What we promise\n\n{said}\n")
    return file


@pytest.mark.parametrize(("sentence", "kind", "when"), PERIODS)
def test_a_period_is_drafted_for_what_it_is_about(tmp_path: Path, sentence: str, kind: str, when: str) -> None:
    (draft,) = adopt([agreement(tmp_path, sentence, "Both sides will be fair.")]).drafts
    assert (draft.subject.name, draft.when, draft.clause, draft.sentence) == (kind, when, "1.1", sentence)


def test_what_sets_no_date_is_not_drafted(tmp_path: Path) -> None:
    assert adopt([agreement(tmp_path, *NO_PERIODS)]).drafts == []


def test_a_period_in_a_list_is_about_what_its_lead_in_is_about(tmp_path: Path) -> None:
    file = tmp_path / "source.txt"
    file.write_text(
        "Barth Accord\n\n1. Money\n\n1.1 Before a grant is ended, the Council will:\n\n(a) give 3 months' notice;\n\n"
        "(b) explain why.\n"
    )
    assert [(d.clause, d.subject.name) for d in adopt([file]).drafts] == [("1.1(a)", "funding-notice")]


def barth(tmp_path: Path, engine: Engine, meanings: Meanings, *sentences: str) -> Chat:
    adoption = adopt([agreement(tmp_path, *sentences)])
    write(tmp_path / "barth", files_of(adoption, frozenset(range(len(adoption.drafts)))))
    served = open_served([tmp_path / "barth"], LEARNED)
    first = served[0]
    bot = Bot(engine, first.search, first.rules, meanings, "Europe/London", agreements=Agreements(served))
    return Chat(bot)


@pytest.mark.parametrize(
    ("length", "closes"),
    [
        ("30 days", "Wednesday 31 March 2027"),
        ("20 working days", "Wednesday 31 March 2027"),
        ("2 months", "Saturday 1 May 2027"),
    ],
)
def test_a_consultation_is_reckoned_in_whatever_its_length_is_given(
    tmp_path: Path, engine: Engine, meanings: Meanings, length: str, closes: str
) -> None:
    chat = barth(tmp_path, engine, meanings, f"The Council will consult for at least {length}.", "We will be fair.")
    assert f"it can close on {closes} at the earliest, after {length}" in chat.hear(
        "a consultation opens 1 March 2027, when does it close"
    )
    assert "Not long enough" in chat.hear("check consultation 1 March 2027 to 12 March 2027")
    assert "Long enough" in chat.hear("check consultation 1 March 2027 to 30 June 2027")
    assert closes in chat.hear("track consultation Parks opening 1 March 2027")


def test_a_deadline_of_every_unit_before_and_after_is_tracked_on_its_day(
    tmp_path: Path, engine: Engine, meanings: Meanings
) -> None:
    counted = [
        ("28 days", "Wednesday 2 June 2027", "Wednesday 28 July 2027"),
        ("1 week", "Wednesday 23 June 2027", "Wednesday 7 July 2027"),
        ("3 months", "Tuesday 30 March 2027", "Thursday 30 September 2027"),
        ("2 quarters", "Wednesday 30 December 2026", "Thursday 30 December 2027"),
        ("10 working days", "Wednesday 16 June 2027", "Wednesday 14 July 2027"),
    ]
    names = "alpha bravo charlie delta echo foxtrot golf hotel india juliet".split()
    anchors = "closing-date x meeting_day when date starts the opened after ends".split()
    rules = 'leads = ["1 month", "the day"]\n'
    expected = {}
    for (size, earlier, later), place in zip(counted, range(0, 10, 2), strict=True):
        for way, day, at in (("before", earlier, place), ("after", later, place + 1)):
            expected[names[at]] = day
            rules += (
                f'[[kind]]\nname = "k{at}"\ntitle = "Form {at}"\nwords = ["form{names[at]}"]\n\n'
                f"[kind.asks.{anchors[at]}]\n"
                f'label = "the day"\nwords = ["ending"]\n\n[[kind.milestone]]\nname = "m{at}"\ntitle = "Step"\n'
                f'clause = "1.1"\nwhen = "{size} {way} {anchors[at]}"\n\n'
            )
    adoption = adopt([agreement(tmp_path, "The Council will be fair.", "Groups will be fair.")])
    write(tmp_path / "barth", files_of(adoption) | {"rules.toml": rules})
    served = open_served([tmp_path / "barth"], LEARNED)
    bot = Bot(engine, served[0].search, served[0].rules, meanings, "Europe/London", agreements=Agreements(served))
    chat = Chat(bot)
    for name, day in expected.items():
        assert f"Next: Step, {day}" in chat.hear(f"track form{name} for Age UK ending 30 June 2027 owner Priya"), name
